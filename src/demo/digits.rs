//! The time code that is burnt into the picture: HH:MM:SS:FF in strokes of light.
//!
//! Digits are drawn from seven strokes with round ends, once, as masks; a font would be more than
//! the demo needs and would look different on every machine.

use std::time::Duration;

use super::canvas::{Canvas, Rgb};

/// Which of the strokes top, upper left, upper right, middle, lower left, lower right, bottom
/// belong to each digit.
const STROKES: [[bool; 7]; 10] = {
    const fn of(bits: u8) -> [bool; 7] {
        let mut strokes = [false; 7];
        let mut index = 0;
        while index < 7 {
            strokes[index] = bits >> (6 - index) & 1 == 1;
            index += 1;
        }
        strokes
    }
    [
        of(0b111_0111),
        of(0b001_0010),
        of(0b101_1101),
        of(0b101_1011),
        of(0b011_1010),
        of(0b110_1011),
        of(0b110_1111),
        of(0b101_0010),
        of(0b111_1111),
        of(0b111_1011),
    ]
};

/// Masks of the ten digits and the colon, and of their shadows.
#[derive(Debug)]
pub(super) struct Digits {
    /// Of one mask, in pixels.
    width: usize,
    light: Vec<Vec<u8>>,
    shadow: Vec<Vec<u8>>,
}

impl Digits {
    /// For a picture of that height; digits are a fifteenth of it.
    pub(super) fn new(picture: usize) -> Digits {
        let height = picture / 12;
        let width = height * 7 / 10;
        let draw = |thick: f32, soft: f32| -> Vec<Vec<u8>> {
            (0..11)
                .map(|glyph| mask(glyph, width, height, thick, soft))
                .collect()
        };
        let unit = height as f32;
        Digits {
            width,
            light: draw(unit * 0.03, 1.5),
            shadow: draw(0.0, unit * 0.15),
        }
    }

    /// Writes the time of frame `number` at the top right.
    pub(super) fn draw(&self, canvas: &mut Canvas, number: u32, per_second: u32) {
        let seconds = number / per_second;
        let pair = |value: u32| [(value / 10 % 10) as usize, (value % 10) as usize];
        let parts = [
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            number % per_second,
        ];
        let margin = canvas.height / 18;
        let narrow = self.width / 2;
        let length = 8 * self.width + 3 * narrow;
        let mut x = canvas.width as i32 - margin as i32 - length as i32;
        let mut places = Vec::with_capacity(11);
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                // The colon sits in the middle of its mask.
                places.push((10, x - (self.width as i32 - narrow as i32) / 2));
                x += narrow as i32;
            }
            for digit in pair(part) {
                places.push((digit, x));
                x += self.width as i32;
            }
        }
        let y = margin as i32;
        let (light, dark) = (Rgb(1.0, 1.0, 0.98).yuv(), Rgb(0.0, 0.0, 0.04).yuv());
        for (glyph, x) in &places {
            canvas.stamp((*x, y), &self.shadow[*glyph], self.width, dark);
        }
        for (glyph, x) in &places {
            canvas.stamp((*x, y), &self.light[*glyph], self.width, light);
        }
    }
}

/// How much of each pixel a glyph covers: 0 to 255 by the distance to its strokes.
fn mask(glyph: usize, width: usize, height: usize, thick: f32, soft: f32) -> Vec<u8> {
    let unit = height as f32;
    let (left, right) = (0.16 * unit, 0.54 * unit);
    let rows = [0.14 * unit, 0.5 * unit, 0.86 * unit];
    let ends = [
        ((left, rows[0]), (right, rows[0])),
        ((left, rows[0]), (left, rows[1])),
        ((right, rows[0]), (right, rows[1])),
        ((left, rows[1]), (right, rows[1])),
        ((left, rows[1]), (left, rows[2])),
        ((right, rows[1]), (right, rows[2])),
        ((left, rows[2]), (right, rows[2])),
    ];
    let dot = |row: f32| ((0.35 * unit, row), (0.35 * unit, row));
    let strokes: Vec<_> = match STROKES.get(glyph) {
        Some(used) => (0..7).filter(|at| used[*at]).map(|at| ends[at]).collect(),
        None => vec![dot(0.36 * unit), dot(0.64 * unit)],
    };
    let mut mask = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let at = (x as f32 + 0.5, y as f32 + 0.5);
            let near = strokes.iter().map(|stroke| distance(at, *stroke));
            let near = near.fold(f32::MAX, f32::min);
            let share = ((thick + soft - near) / soft).clamp(0.0, 1.0);
            mask.push((share * share * 235.0) as u8);
        }
    }
    mask
}

/// From a point to the nearest point of a stroke, in pixels.
fn distance(at: (f32, f32), (from, to): ((f32, f32), (f32, f32))) -> f32 {
    let along = (to.0 - from.0, to.1 - from.1);
    let off = (at.0 - from.0, at.1 - from.1);
    let length = along.0 * along.0 + along.1 * along.1;
    let share = if length > 0.0 {
        ((off.0 * along.0 + off.1 * along.1) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (off.0 - along.0 * share).hypot(off.1 - along.1 * share)
}

/// When frame `number` is shown.
pub(super) fn time_of(number: u32, per_second: u32) -> Duration {
    Duration::from_nanos(u64::from(number) * 1_000_000_000 / u64::from(per_second))
}
