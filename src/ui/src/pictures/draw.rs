//! What we draw ourselves: posters of films that have none, and the light behind the titles.
//!
//! A drawn poster is a gradient of the film's two colours with one ornament, chosen by the film's
//! name, so that the same film always looks the same. Its words are set by the screen. Dark
//! gradients in 8 bits show bands; dither takes them away.

use std::f32::consts::TAU;

use slint::{Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer};

use super::{Subject, Wish};
use crate::frame::BASE;

/// Corner of a poster: 12 of its 222 units of width.
const CORNER: f32 = 12.0 / 222.0;
/// How bright a glow's brightest channel gets: titles over it keep a contrast above 7.
const GLOW_LEVELS: [f32; 2] = [0.42, 0.32];
/// How bright the colours of a drawn poster may be, top and bottom.
const POSTER_LEVELS: [f32; 2] = [0.80, 0.42];

type Rgb = [f32; 3];

fn rgb(colour: u32) -> Rgb {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue].map(|channel| f32::from(channel) / 255.0)
}

fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    std::array::from_fn(|at| from[at] + (to[at] - from[at]) * part)
}

/// Dims a colour until its brightest channel is no more than `level`.
fn dimmed(colour: Rgb, level: f32) -> Rgb {
    let brightest = colour.into_iter().fold(0.0_f32, f32::max);
    let factor = if brightest > level {
        level / brightest
    } else {
        1.0
    };
    colour.map(|channel| channel * factor)
}

/// From 0 to 1 between two edges, without corners.
fn smooth(from: f32, to: f32, at: f32) -> f32 {
    let part = ((at - from) / (to - from)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

/// A number that only looks random (Murmur3's finisher).
fn scramble(mut bits: u32) -> u32 {
    bits ^= bits >> 16;
    bits = bits.wrapping_mul(0x85eb_ca6b);
    bits ^= bits >> 13;
    bits = bits.wrapping_mul(0xc2b2_ae35);
    bits ^ (bits >> 16)
}

/// FNV-1a: the same on every machine and in every release.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// To 8 bits with ordered dither (Bayer, 8 x 8): unlike noise it does not look like film grain
/// that stands still, and it compresses.
fn bytes(colour: Rgb, x: u32, y: u32) -> [u8; 3] {
    // Bits of x ^ y and of y, interleaved from the lowest up: the rank of a place in its square.
    let (even, odd) = (x ^ y, y);
    let rank = (0..3).fold(0, |rank, bit| {
        (rank << 2) | (((even >> bit) & 1) << 1) | ((odd >> bit) & 1)
    });
    let step = (rank as f32 + 0.5) / 64.0;
    colour.map(|channel| (channel * 255.0 + step).clamp(0.0, 255.0) as u8)
}

/// What stands for a poster until it is there: its colours, quietly.
pub(crate) fn tint(colours: [u32; 2]) -> [u8; 3] {
    let colour = dimmed(mix(rgb(colours[0]), rgb(colours[1]), 0.5), 0.5);
    mix(rgb(BASE), colour, 0.45).map(|channel| (channel * 255.0) as u8)
}

/// A light of two colours, each a soft ellipse: centre and reach in parts of the picture.
pub(crate) struct Glow {
    lights: [[f32; 4]; 2],
    /// Where it has faded into the base colour, from and to, in parts of the height.
    fade: [f32; 2],
}

pub(crate) const HOME: Glow = Glow {
    lights: [[0.93, 0.04, 0.38, 0.66], [0.64, 0.0, 0.30, 0.60]],
    fade: [0.15, 0.84],
};

pub(crate) const PAGE: Glow = Glow {
    lights: [[0.88, 0.24, 0.34, 0.52], [0.70, 0.92, 0.34, 0.50]],
    fade: [2.0, 3.0],
};

pub(crate) fn glow(wish: &Wish, shape: &Glow) -> SharedPixelBuffer<Rgb8Pixel> {
    let (width, height) = (wish.width.max(1), wish.height.max(1));
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    let base = rgb(BASE);
    let bell = |at: u32, of: u32, centre: f32, reach: f32| {
        let away = (at as f32 / of as f32 - centre) / reach;
        (-away * away).exp()
    };
    let lights: [(Rgb, Vec<f32>); 2] = std::array::from_fn(|light| {
        let [centre, _, reach, _] = shape.lights[light];
        let colour = dimmed(rgb(wish.colours[light]), GLOW_LEVELS[light]);
        let columns = (0..width).map(|x| bell(x, width, centre, reach));
        (colour, columns.collect())
    });
    let lines = pixels.make_mut_slice().chunks_exact_mut(width as usize);
    for (y, line) in (0..height).zip(lines) {
        let fade = 1.0 - smooth(shape.fade[0], shape.fade[1], y as f32 / height as f32);
        let rows = shape
            .lights
            .map(|[_, centre, _, reach]| bell(y, height, centre, reach) * fade);
        for (x, pixel) in (0..width).zip(line) {
            let mut colour = base;
            for (light, (tint, columns)) in lights.iter().enumerate() {
                let part = columns[x as usize] * rows[light];
                colour =
                    std::array::from_fn(|at| colour[at] + (tint[at] - base[at]).max(0.0) * part);
            }
            let lit = rows[0].max(rows[1]) > 0.004;
            *pixel = if lit {
                bytes(colour, x, y).into()
            } else {
                base.map(|channel| (channel * 255.0).round() as u8).into()
            };
        }
    }
    pixels
}

/// Red, green, blue of each pixel of a drawn poster, corners and all.
pub(crate) fn poster(wish: &Wish) -> Vec<u8> {
    let name = match &wish.subject {
        Subject::Card(film, _) | Subject::Large(film, _) => film.0.as_str(),
        Subject::HomeGlow | Subject::PageGlow => "",
    };
    let seed = hash(name);
    let (width, height) = (wish.width.max(1), wish.height.max(1));
    let top = dimmed(rgb(wish.colours[0]), POSTER_LEVELS[0]);
    let bottom = dimmed(rgb(wish.colours[1]), POSTER_LEVELS[1]);
    let light = mix(top, [1.0, 0.97, 0.90], 0.45);
    let unit = 1.0 / width as f32;
    let mut out = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = ((x as f32 + 0.5) * unit, (y as f32 + 0.5) * unit);
            let ground = mix(top, bottom, smooth(0.0, 1.35, v));
            let mark = ornament(seed, u, v, unit);
            let lit = if mark >= 0.0 {
                mix(ground, light, mark)
            } else {
                mix(ground, [0.0; 3], -mark)
            };
            // Words stand below; whatever the colours are, they stand on dark.
            let shade = 1.0 - 0.58 * smooth(0.45, 1.5, v);
            out.extend(bytes(lit.map(|channel| channel * shade), x, y));
        }
    }
    out
}

/// How much lighter (above 0) or darker the ornament makes a place; x from 0 to 1, y to 1.5.
fn ornament(seed: u32, x: f32, y: f32, unit: f32) -> f32 {
    let chance = |salt: u32| (scramble(seed ^ salt) & 0xffff) as f32 / 65536.0;
    let side = if chance(1) < 0.5 { x } else { 1.0 - x };
    let away = |cx: f32, cy: f32| (side - cx).hypot(y - cy);
    // 1 inside a distance, 0 outside, one pixel between.
    let within = |distance: f32, reach: f32| ((reach - distance) / unit + 0.5).clamp(0.0, 1.0);
    match seed % 6 {
        // A sun and its rings.
        0 => {
            let far = away(0.66, 0.46);
            let rings = (0..4_u8).map(|ring| {
                let reach = 0.30 + 0.13 * f32::from(ring);
                within((far - reach).abs(), 0.006) * (0.42 - 0.09 * f32::from(ring))
            });
            within(far, 0.21) * (0.75 - 0.5 * smooth(0.25, 0.67, y)) + rings.sum::<f32>()
        }
        // Beams of a projector.
        1 => {
            let angle = (y + 0.12).atan2(side + 0.10);
            let wave = ((angle * (8.5 + 3.0 * chance(2)) + TAU * chance(3)).sin() * 1.6).tanh();
            let fade = 1.0 - smooth(0.35, 1.45, away(-0.10, -0.12));
            wave * 0.30 * fade
        }
        // Dots that grow towards one corner.
        2 => {
            let cell = 0.1;
            let (column, row) = ((side / cell).floor(), (y / cell).floor());
            let (cx, cy) = ((column + 0.5) * cell, (row + 0.5) * cell);
            let near = 1.0 - (cx - 0.9).hypot(cy - 0.1) / 1.05;
            let reach = cell * 0.46 * near.clamp(0.0, 1.0);
            if reach > unit {
                within(away(cx, cy), reach) * 0.42
            } else {
                0.0
            }
        }
        // Hills, the nearest the darkest.
        3 => {
            let moon = within(away(0.72, 0.30), 0.11) * 0.7;
            let mut mark = moon;
            for hill in 0..3_u8 {
                let number = f32::from(hill);
                let wave = (side * (3.4 - 0.5 * number) + TAU * chance(4 + u32::from(hill))).sin();
                let line = 0.56 + 0.17 * number + 0.075 * wave;
                let cover = within(line - y, 0.0);
                mark = mark * (1.0 - cover) + (0.16 - 0.24 * number) * cover;
            }
            mark
        }
        // Two discs, brightest where they meet.
        4 => {
            let one = within(away(0.38, 0.40), 0.29);
            let two = within(away(0.66, 0.60), 0.29);
            0.26 * one + 0.16 * two + 0.20 * one * two
        }
        // Arches within arches.
        _ => {
            let far = if y < 0.72 {
                away(0.5, 0.72)
            } else {
                (side - 0.5).abs()
            };
            let bands = (0..4_u8).map(|band| {
                let reach = 0.12 + 0.105 * f32::from(band);
                within((far - reach).abs(), 0.030) * (0.46 - 0.10 * f32::from(band))
            });
            bands.sum::<f32>() * (1.0 - 0.6 * smooth(0.7, 1.2, y))
        }
    }
}

/// How much of a pixel lies within the rounded shape.
fn coverage(x: u32, y: u32, width: u32, height: u32) -> f32 {
    let corner = CORNER * width as f32;
    let inward = |at: u32, of: u32| {
        let at = at as f32 + 0.5;
        (corner - at.min(of as f32 - at)).max(0.0)
    };
    let away = inward(x, width).hypot(inward(y, height));
    (corner - away + 0.5).clamp(0.0, 1.0)
}

pub(crate) fn rounded_opaque(
    rgb_bytes: &[u8],
    width: u32,
    height: u32,
) -> SharedPixelBuffer<Rgb8Pixel> {
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    let base = rgb(BASE).map(|channel| channel * 255.0);
    let out = pixels.make_mut_slice();
    for_each(rgb_bytes, width, height, |at, colour, cover| {
        out[at] = if cover >= 1.0 {
            colour.into()
        } else {
            mix(base, colour.map(f32::from), cover)
                .map(|channel| channel.round() as u8)
                .into()
        };
    });
    pixels
}

pub(crate) fn rounded_alpha(
    rgb_bytes: &[u8],
    width: u32,
    height: u32,
) -> SharedPixelBuffer<Rgba8Pixel> {
    let mut pixels = SharedPixelBuffer::<Rgba8Pixel>::new(width, height);
    let out = pixels.make_mut_slice();
    for_each(rgb_bytes, width, height, |at, colour, cover| {
        let [r, g, b] = colour.map(|channel| (f32::from(channel) * cover).round() as u8);
        let a = (cover * 255.0).round() as u8;
        out[at] = Rgba8Pixel { r, g, b, a };
    });
    pixels
}

fn for_each(rgb: &[u8], width: u32, height: u32, mut put: impl FnMut(usize, [u8; 3], f32)) {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    for (at, (pixel, (x, y))) in rgb.chunks_exact(3).zip(places).enumerate() {
        put(
            at,
            [pixel[0], pixel[1], pixel[2]],
            coverage(x, y, width, height),
        );
    }
}
