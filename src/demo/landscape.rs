//! The demo's picture: a day over wooded hills, from dawn to night, drifting slowly by.
//!
//! Cheap on purpose, because the film is made while someone waits for it: the sky is one colour a
//! row, hills are runs of one colour from column to column, and only sun, clouds, stars and the
//! hills' edges touch single pixels. Everything follows from the frame's share of the film, so any
//! frame can be drawn alone and a shorter film has the same day.

use super::canvas::{Canvas, Rgb, Yuv};

/// Colours of one hour.
#[derive(Clone, Copy)]
struct Hour {
    /// Share of the film at which it is this hour.
    at: f32,
    zenith: Rgb,
    horizon: Rgb,
    far: Rgb,
    near: Rgb,
    cloud: Rgb,
    /// How much the stars show.
    stars: f32,
}

const fn hour(at: f32, colours: [u32; 5], stars: f32) -> Hour {
    Hour {
        at,
        zenith: Rgb::hex(colours[0]),
        horizon: Rgb::hex(colours[1]),
        far: Rgb::hex(colours[2]),
        near: Rgb::hex(colours[3]),
        cloud: Rgb::hex(colours[4]),
        stars,
    }
}

/// Zenith, horizon, farthest hills, nearest hills, clouds. The quarters are the chapters.
#[expect(
    clippy::unreadable_literal,
    reason = "colours are known by their six digits"
)]
const DAY: [Hour; 8] = [
    hour(
        0.00,
        [0x2b3a67, 0xf2a98c, 0x9c8fb5, 0x1d2338, 0xf4c2b0],
        0.25,
    ),
    hour(
        0.12,
        [0x4f7fb8, 0xfbd9a8, 0xa9b4cf, 0x24364a, 0xffeedd],
        0.0,
    ),
    hour(
        0.25,
        [0x3c82c8, 0xcfe6f2, 0x9dbcd2, 0x1f4a4a, 0xffffff],
        0.0,
    ),
    hour(
        0.45,
        [0x3a7cc0, 0xdcebe6, 0xa5c0c6, 0x2a5240, 0xfffdf6],
        0.0,
    ),
    hour(
        0.58,
        [0x4a5c9c, 0xf8c27a, 0xb493a0, 0x3a2f3f, 0xffcf9e],
        0.0,
    ),
    hour(
        0.68,
        [0x2a2f5f, 0xe8705a, 0x7d5a78, 0x1c1a2c, 0xd98a7c],
        0.3,
    ),
    hour(
        0.78,
        [0x0d1633, 0x344a78, 0x25335a, 0x0a0f20, 0x33415f],
        0.9,
    ),
    hour(
        1.00,
        [0x070d22, 0x22386a, 0x1b284c, 0x060a18, 0x26324f],
        1.0,
    ),
];

/// Hills, from far to near.
const RIDGES: usize = 5;

/// The same every time: xorshift by Marsaglia (2003).
struct Chance(u32);

impl Chance {
    /// 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / (1u32 << 24) as f32
    }
}

#[derive(Debug)]
pub(super) struct Landscape {
    width: usize,
    height: usize,
    ridges: Vec<Ridge>,
    stars: Vec<Star>,
    clouds: Vec<Cloud>,
    glow: Sprite,
    sun: Sprite,
}

#[derive(Debug)]
struct Ridge {
    /// Row of the skyline for each column of the whole way, in pixels.
    skyline: Vec<f32>,
    /// Columns it moves during the film.
    way: f32,
    /// 0 is the farthest, 1 the nearest.
    depth: f32,
}

#[derive(Debug)]
struct Star {
    x: usize,
    y: usize,
    light: f32,
    phase: f32,
}

#[derive(Debug)]
struct Cloud {
    sprite: Sprite,
    x: f32,
    y: f32,
    way: f32,
}

/// A soft shape: how much it covers, pixel by pixel.
#[derive(Debug)]
struct Sprite {
    width: usize,
    mask: Vec<u8>,
}

impl Sprite {
    fn draw(width: usize, height: usize, cover: impl Fn(f32, f32) -> f32) -> Sprite {
        let mut mask = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let share = cover(x as f32 + 0.5, y as f32 + 0.5).clamp(0.0, 1.0);
                mask.push((share * 255.0) as u8);
            }
        }
        Sprite { width, mask }
    }

    /// A disc that fades from its edge over `soft` pixels.
    fn disc(radius: f32, soft: f32) -> Sprite {
        let size = (radius * 2.0).ceil() as usize;
        Sprite::draw(size, size, |x, y| {
            let far = (x - radius).hypot(y - radius);
            let share = ((radius - far) / soft).clamp(0.0, 1.0);
            share * share * (3.0 - 2.0 * share)
        })
    }

    fn height(&self) -> usize {
        self.mask.len() / self.width
    }
}

impl Landscape {
    /// For pictures of that size; both even.
    pub(super) fn new(width: usize, height: usize) -> Landscape {
        let unit = height as f32;
        let mut chance = Chance(0x2545_f491);
        let ridges = (0..RIDGES)
            .map(|index| Ridge::new(index, width, height, &mut chance))
            .collect();
        let stars = (0..260)
            .map(|_| Star {
                x: (chance.next() * width as f32) as usize,
                y: (chance.next() * unit * 0.6) as usize,
                light: 0.25 + 0.75 * chance.next().powi(3),
                phase: chance.next() * std::f32::consts::TAU,
            })
            .collect();
        let clouds = (0..7)
            .map(|index| Cloud {
                sprite: cloud(unit * (0.14 + 0.1 * chance.next()), &mut chance),
                x: (index as f32 + chance.next()) / 7.0 * 1.3 * width as f32 - 0.15 * width as f32,
                y: unit * (0.08 + 0.3 * chance.next()),
                way: unit * (0.1 + 0.12 * chance.next()),
            })
            .collect();
        Landscape {
            width,
            height,
            ridges,
            stars,
            clouds,
            glow: Sprite::disc(unit * 0.42, unit * 0.42),
            sun: Sprite::disc(unit * 0.045, 2.5),
        }
    }

    /// The picture at `share` (0 to 1) of the film.
    pub(super) fn draw(&self, share: f32) -> Canvas {
        let mut canvas = Canvas::new(self.width, self.height);
        let now = at(share);
        self.sky(&mut canvas, &now);
        if now.stars > 0.01 {
            self.stars(&mut canvas, now.stars, share);
        }
        self.lights(&mut canvas, &now, share);
        for cloud in &self.clouds {
            let x = cloud.x + cloud.way * share;
            let at = (x.round() as i32, cloud.y as i32);
            canvas.stamp(at, &cloud.sprite.mask, cloud.sprite.width, now.cloud.yuv());
        }
        for ridge in &self.ridges {
            ridge.draw(&mut canvas, &now, share);
        }
        canvas
    }

    fn sky(&self, canvas: &mut Canvas, now: &Hour) {
        let (width, height) = (self.width, self.height);
        let colour = |row: usize, rows: usize| {
            let down = (row as f32 / rows as f32 / 0.78).min(1.0);
            now.zenith.mix(now.horizon, down * down.sqrt()).yuv()
        };
        let planes = canvas.planes();
        for (row, line) in planes.y.chunks_exact_mut(width).enumerate() {
            line.fill(colour(row, height).y);
        }
        let lines = planes.u.chunks_exact_mut(width / 2);
        for (row, (u, v)) in lines.zip(planes.v.chunks_exact_mut(width / 2)).enumerate() {
            let colour = colour(row, height / 2);
            u.fill(colour.u);
            v.fill(colour.v);
        }
    }

    fn stars(&self, canvas: &mut Canvas, show: f32, share: f32) {
        let width = canvas.width;
        let planes = canvas.planes();
        for star in &self.stars {
            // A slow twinkle: about once in three seconds of a two-minute film.
            let twinkle = 0.75 + 0.25 * (share * 250.0 + star.phase).sin();
            let light = star.light * twinkle * show * 190.0;
            let at = star.y * width + star.x;
            let big = star.light > 0.8 && star.x + 1 < width;
            for (place, part) in [(at, 1.0), (at + 1, 0.6), (at + width, 0.6)] {
                if place == at || big {
                    planes.y[place] = planes.y[place]
                        .saturating_add((light * part) as u8)
                        .min(235);
                }
            }
        }
    }

    /// The sun by day, the moon by night: they rise on the left and set on the right.
    fn lights(&self, canvas: &mut Canvas, now: &Hour, share: f32) {
        let mut light = |path: f32, disc: Rgb, halo: Rgb| {
            if !(-0.05..=1.05).contains(&path) {
                return;
            }
            let x = self.width as f32 * (0.08 + 0.84 * path);
            let up = (path * std::f32::consts::PI).sin();
            let y = self.height as f32 * (0.74 - 0.56 * up);
            for (sprite, colour) in [(&self.glow, halo), (&self.sun, disc)] {
                let half = (sprite.width as f32 / 2.0, sprite.height() as f32 / 2.0);
                let at = ((x - half.0).round() as i32, (y - half.1).round() as i32);
                canvas.stamp(at, &sprite.mask, sprite.width, colour.yuv());
            }
        };
        let warm = Rgb::hex(0x00ff_f3d0);
        light(share / 0.72, warm, now.horizon.mix(warm, 0.35));
        let pale = Rgb::hex(0x00f2_f4ff);
        light((share - 0.7) / 0.5, pale, now.zenith.mix(pale, 0.16));
    }
}

/// The colours at `share` of the film.
fn at(share: f32) -> Hour {
    let next = DAY.iter().position(|hour| hour.at >= share);
    let next = next.unwrap_or(DAY.len() - 1).max(1);
    let (from, to) = (&DAY[next - 1], &DAY[next]);
    let part = ((share - from.at) / (to.at - from.at)).clamp(0.0, 1.0);
    Hour {
        at: share,
        zenith: from.zenith.mix(to.zenith, part),
        horizon: from.horizon.mix(to.horizon, part),
        far: from.far.mix(to.far, part),
        near: from.near.mix(to.near, part),
        cloud: from.cloud.mix(to.cloud, part),
        stars: from.stars + (to.stars - from.stars) * part,
    }
}

/// A flat-bottomed heap of soft balls.
fn cloud(size: f32, chance: &mut Chance) -> Sprite {
    let (width, height) = (size * 3.2, size);
    let balls: Vec<[f32; 3]> = (0..9)
        .map(|index| {
            let along = (index as f32 + 0.5) / 9.0;
            let radius = size * (0.18 + 0.26 * chance.next()) * (1.2 - (along - 0.5).abs());
            [
                width * (0.12 + 0.76 * along),
                height * 0.66 - radius * 0.4,
                radius,
            ]
        })
        .collect();
    Sprite::draw(width as usize & !1, height as usize & !1, |x, y| {
        let clear = balls.iter().fold(1.0, |clear: f32, [cx, cy, radius]| {
            let far = (x - cx).hypot((y - cy) * 1.5) / radius;
            let cover = (1.0 - far * far * 0.8).max(0.0);
            clear * (1.0 - cover * cover * 0.55)
        });
        let floor = ((height * 0.92 - y) / (height * 0.3)).clamp(0.0, 1.0);
        (1.0 - clear) * 0.72 * floor
    })
}

impl Ridge {
    fn new(index: usize, width: usize, height: usize, chance: &mut Chance) -> Ridge {
        let depth = index as f32 / (RIDGES - 1) as f32;
        let unit = height as f32;
        // The nearest hills pass at about a fifth of the screen's height in ten seconds.
        let way = unit * (0.25 + 2.6 * depth * depth);
        let columns = width + way as usize + 2;
        let waves: Vec<[f32; 3]> = (0..5)
            .map(|wave| {
                let length = unit * (1.5 - 0.5 * depth) / (1.0 + wave as f32 * 1.3);
                let swing = unit * (0.05 + 0.025 * depth) / (1.0 + wave as f32 * 1.4);
                [
                    std::f32::consts::TAU / length,
                    chance.next() * std::f32::consts::TAU,
                    swing,
                ]
            })
            .collect();
        let level = unit * (0.6 + 0.3 * depth);
        let mut skyline: Vec<f32> = (0..columns)
            .map(|x| {
                let swing =
                    |[pace, phase, swing]: &[f32; 3]| (x as f32 * pace + phase).sin() * swing;
                level - waves.iter().map(swing).sum::<f32>()
            })
            .collect();
        if index >= 2 {
            plant(&mut skyline, unit * (0.02 + 0.09 * depth * depth), chance);
        }
        Ridge {
            skyline,
            way,
            depth,
        }
    }

    /// Row of the skyline at a column of the picture, between two columns of the way.
    fn row(&self, x: usize, offset: f32) -> f32 {
        let place = offset + x as f32;
        let (index, part) = (place as usize, place.fract());
        let at = |index: usize| self.skyline[index.min(self.skyline.len() - 1)];
        at(index) + (at(index + 1) - at(index)) * part
    }

    fn draw(&self, canvas: &mut Canvas, now: &Hour, share: f32) {
        let (width, height) = (canvas.width, canvas.height);
        let offset = self.way * share;
        let rows: Vec<f32> = (0..width).map(|x| self.row(x, offset)).collect();
        let top = rows.iter().fold(f32::MAX, |top, row| top.min(*row));
        let body = now.far.mix(now.near, self.depth);
        let mist = body.mix(now.horizon, 0.42 * (1.0 - self.depth));
        // Mist gathers at the foot of the hills.
        let colour = |row: f32| -> Yuv {
            let down = ((row - top) / (height as f32 * 0.3)).clamp(0.0, 1.0);
            body.mix(mist, down).yuv()
        };
        let planes = canvas.planes();
        let luma: Vec<u8> = (0..height).map(|row| colour(row as f32).y).collect();
        let whole = |row: f32| row.ceil().clamp(0.0, height as f32) as usize;
        fill_below(planes.y, width, |x| whole(rows[x]), &luma);
        for (x, row) in rows.iter().enumerate() {
            // The skyline's own pixel is hill in part, so that a slow drift does not crawl.
            let first = whole(*row);
            if (1..height).contains(&first) {
                let pixel = &mut planes.y[(first - 1) * width + x];
                let share = first as f32 - row;
                let over = f32::from(luma[first]) - f32::from(*pixel);
                *pixel = (f32::from(*pixel) + over * share) as u8;
            }
        }
        let half = |x: usize| whole(rows[x * 2] / 2.0).min(height / 2);
        let chroma = |part: fn(Yuv) -> u8| -> Vec<u8> {
            (0..height / 2)
                .map(|row| part(colour(row as f32 * 2.0)))
                .collect()
        };
        fill_below(planes.u, width / 2, half, &chroma(|colour| colour.u));
        fill_below(planes.v, width / 2, half, &chroma(|colour| colour.v));
    }
}

/// Pines along a skyline, now thick, now thin.
fn plant(skyline: &mut [f32], tall: f32, chance: &mut Chance) {
    let ground = skyline.to_vec();
    let mut x = 0.0;
    while (x as usize) < ground.len() {
        let height = tall * (0.45 + 0.55 * chance.next());
        let wide = height * 0.24;
        let foot = ground[x as usize];
        let first = (x - wide).max(0.0) as usize;
        let last = ((x + wide) as usize + 1).min(ground.len());
        for (column, row) in skyline.iter_mut().enumerate().take(last).skip(first) {
            let aside = ((column as f32 - x) / wide).abs().min(1.0);
            // Branches in tiers: the outline steps in as it goes up.
            let tiers = 1.0 - aside;
            let step = (tiers * 4.0).fract() * 0.12;
            let top = foot - height * (tiers - step).max(0.0);
            *row = row.min(top);
        }
        let gap = if chance.next() < 0.15 { 9.0 } else { 1.6 };
        x += wide * (0.7 + gap * chance.next());
    }
}

/// Colours everything from the row `top(x)` down in each column, in runs along the rows.
fn fill_below(plane: &mut [u8], width: usize, top: impl Fn(usize) -> usize, colours: &[u8]) {
    let height = colours.len();
    // Where the run that is open in each row began.
    let mut begin = vec![0usize; height];
    let mut level = top(0).min(height);
    for x in 1..width {
        let next = top(x).min(height);
        if next < level {
            begin[next..level].fill(x);
        }
        for row in level..next {
            plane[row * width + begin[row]..row * width + x].fill(colours[row]);
        }
        level = next;
    }
    for row in level..height {
        plane[row * width + begin[row]..(row + 1) * width].fill(colours[row]);
    }
}
