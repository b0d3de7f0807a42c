//! What planes show, put together slowly and obviously: every pixel in floating point.

use drm::buffer::DrmFourcc;

use super::super::super::Snapshot;
use super::super::device::Layout;
use super::super::planes::Type;
use super::{Blob, CRTC, Fake, PLANES, State};

/// A picture as a plane shows it.
struct Seen<'a> {
    layout: &'a Layout,
    /// Of each plane.
    memory: [Vec<u8>; 4],
    /// Weights of red and blue (ITU-R BT.601, BT.709, BT.2020), and whether samples go over
    /// 0..=255.
    colours: ((f32, f32), bool),
}

impl Seen<'_> {
    fn byte(&self, plane: usize, x: usize, y: usize) -> f32 {
        let (offset, pitch) = (self.layout.offsets[plane], self.layout.pitches[plane]);
        f32::from(self.memory[plane][offset as usize + y * pitch as usize + x])
    }

    /// Red, green, blue, alpha of one pixel, premultiplied, over 0..=255.
    fn pixel(&self, x: usize, y: usize) -> [f32; 4] {
        let (blue, red) = match self.layout.format {
            DrmFourcc::Nv12 => (
                self.byte(1, x / 2 * 2, y / 2),
                self.byte(1, x / 2 * 2 + 1, y / 2),
            ),
            DrmFourcc::Yuv420 => (self.byte(1, x / 2, y / 2), self.byte(2, x / 2, y / 2)),
            format => {
                let [blue, green, red, alpha] =
                    [0, 1, 2, 3].map(|part| self.byte(0, x * 4 + part, y));
                let opaque = format == DrmFourcc::Xrgb8888;
                return [red, green, blue, if opaque { 255.0 } else { alpha }];
            }
        };
        let luma = self.byte(0, x, y);
        let ((red_weight, blue_weight), full) = self.colours;
        let (luma, blue, red) = if full {
            (luma, blue - 128.0, red - 128.0)
        } else {
            let chroma = 255.0 / 224.0;
            (
                (luma - 16.0) * 255.0 / 219.0,
                (blue - 128.0) * chroma,
                (red - 128.0) * chroma,
            )
        };
        let red = luma + 2.0 * (1.0 - red_weight) * red;
        let blue = luma + 2.0 * (1.0 - blue_weight) * blue;
        let green =
            (luma - red_weight * red - blue_weight * blue) / (1.0 - red_weight - blue_weight);
        [
            red.clamp(0.0, 255.0),
            green.clamp(0.0, 255.0),
            blue.clamp(0.0, 255.0),
            255.0,
        ]
    }

    /// Between pixels, the four around it by their distance.
    fn between(&self, x: f32, y: f32) -> [f32; 4] {
        let (width, height) = (self.layout.size.0 as usize, self.layout.size.1 as usize);
        let split = |at: f32, most: usize| {
            let at = (at - 0.5).clamp(0.0, (most - 1) as f32);
            let first = at.floor() as usize;
            (first, (first + 1).min(most - 1), at.fract())
        };
        let (left, right, across) = split(x, width);
        let (top, bottom, down) = split(y, height);
        let row = |y: usize| {
            let (one, other) = (self.pixel(left, y), self.pixel(right, y));
            [0, 1, 2, 3].map(|part| one[part] * (1.0 - across) + other[part] * across)
        };
        let (one, other) = (row(top), row(bottom));
        [0, 1, 2, 3].map(|part| one[part] * (1.0 - down) + other[part] * down)
    }
}

/// What is seen; none: the screen is off.
pub(super) fn seen(fake: &Fake, state: &State) -> Option<Snapshot> {
    let of = |object: u32, name: &str| {
        let value = state.values.get(&(object, name.to_owned()));
        value.copied().unwrap_or(0)
    };
    let Some(Blob::Mode(mode)) = state.blobs.get(&of(CRTC, "MODE_ID")) else {
        return None;
    };
    if of(CRTC, "ACTIVE") == 0 {
        return None;
    }
    let (width, height) = (usize::from(mode.size().0), usize::from(mode.size().1));
    let mut all = vec![[0.0_f32; 3]; width * height];
    // From below: by zpos, else primary planes first; the same ones as they are numbered.
    let mut order: Vec<u32> = (0..fake.card.planes.len() as u32).collect();
    order.sort_by_key(|at| {
        let known = &fake.card.planes[*at as usize];
        let usual = u64::from(known.kind != Type::Primary);
        known.zpos.map_or(usual, |_| of(PLANES + at, "zpos"))
    });
    for at in order {
        let (id, known) = (PLANES + at, &fake.card.planes[at as usize]);
        let Some(layout) = state.pictures.get(&(of(id, "FB_ID") as u32)) else {
            continue;
        };
        let name = |name: &str, names: &[&'static str], usual| {
            names.get(of(id, name) as usize).copied().unwrap_or(usual)
        };
        let weights = match name("COLOR_ENCODING", known.encodings, super::cards::BT709) {
            super::cards::BT601 => (0.299, 0.114),
            super::cards::BT2020 => (0.2627, 0.0593),
            _ => (0.2126, 0.0722),
        };
        let range = name("COLOR_RANGE", known.ranges, super::cards::LIMITED);
        let copied = state.copies.get(&id);
        let memory = layout.handles.map(|handle| match copied {
            Some(copy) => copy.1.clone(),
            None => state.bytes(handle).unwrap_or_default(),
        });
        let shown = Seen {
            layout,
            memory,
            colours: (weights, range == super::cards::FULL),
        };
        let [left, top, wide, high] =
            ["CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H"].map(|name| of(id, name) as usize);
        let [from_x, from_y, from_wide, from_high] =
            ["SRC_X", "SRC_Y", "SRC_W", "SRC_H"].map(|name| of(id, name) as f32 / 65_536.0);
        for y in 0..high {
            for x in 0..wide {
                let middle = |at: usize, from: f32, size: f32, of: usize| {
                    from + (at as f32 + 0.5) * size / of as f32
                };
                let above = shown.between(
                    middle(x, from_x, from_wide, wide),
                    middle(y, from_y, from_high, high),
                );
                let pixel = &mut all[(top + y) * width + left + x];
                let clear = 1.0 - above[3] / 255.0;
                *pixel = [0, 1, 2].map(|part| (above[part] + pixel[part] * clear).min(255.0));
            }
        }
    }
    let rgb = |[red, green, blue]: [f32; 3]| {
        let part = |it: f32| it.round() as u32;
        part(red) << 16 | part(green) << 8 | part(blue)
    };
    Some(Snapshot {
        width: width as u32,
        height: height as u32,
        pixels: all.into_iter().map(rgb).collect(),
    })
}

/// Copies what was said to be new, for planes that show a copy.
pub(super) fn copy(fake: &Fake, state: &mut State) {
    for (at, known) in fake.card.planes.iter().enumerate() {
        let id = PLANES + at as u32;
        let of = |name: &str| state.values.get(&(id, name.to_owned())).copied();
        let picture = of("FB_ID").unwrap_or(0) as u32;
        let Some(layout) = state.pictures.get(&picture).filter(|_| known.copies) else {
            state.copies.remove(&id);
            continue;
        };
        let memory = &state.memory[&layout.handles[0]];
        let clips = state.blobs.get(&of("FB_DAMAGE_CLIPS").unwrap_or(0));
        match (state.copies.get_mut(&id), clips) {
            (Some((last, copy)), Some(Blob::Clips(clips))) if last.size == layout.size => {
                for [left, top, right, bottom] in clips {
                    for y in *top as usize..*bottom as usize {
                        let row = y * layout.pitches[0] as usize;
                        let part = row + *left as usize * 4..row + *right as usize * 4;
                        copy[part.clone()].copy_from_slice(&memory[part]);
                    }
                }
            }
            _ => {
                let whole = (layout.clone(), memory.clone());
                state.copies.insert(id, whole);
            }
        }
    }
}
