//! The number of a frame as a strip of black and white blocks at the left edge of the picture, as
//! film stock carries an edge code. Whatever shows the film can be asked which frame it shows.
//!
//! 28 blocks from the top down: white, black, 16 bits of the number, 8 bits of check, black,
//! white; bits with the highest first, one is white. The four marks around the bits tell what
//! black and white look like after coding, scaling and a scrim; the check refuses the rest. The
//! strip is at mid-height, where controls and subtitles do not reach.

use super::canvas::{Canvas, Yuv};

const BLOCKS: usize = 28;

/// Place and size as shares of the picture: 1/80 of its width in from the left and as wide, from
/// 4/15 of its height down, each block 1/60 high. At 1280x720 that is 16 by 12 pixels for a block,
/// which survives coding; at 640x360 still 8 by 6.
const LEFT: f32 = 1.0 / 80.0;
const WIDE: f32 = 1.0 / 80.0;
const TOP: f32 = 4.0 / 15.0;
const HIGH: f32 = 1.0 / 60.0;

/// White and black must differ by this much (of 255) to be told apart for certain.
const CONTRAST_MIN: f32 = 48.0;

const WHITE: Yuv = Yuv {
    y: 235,
    u: 128,
    v: 128,
};
const BLACK: Yuv = Yuv {
    y: 16,
    u: 128,
    v: 128,
};

/// The blocks of a number, true for white; numbers count modulo 65536.
fn blocks(number: u32) -> [bool; BLOCKS] {
    let number = number as u16;
    let bits = u32::from(number) << 8 | u32::from(check(number));
    let mut blocks = [false; BLOCKS];
    (blocks[0], blocks[BLOCKS - 1]) = (true, true);
    for (index, block) in blocks[2..26].iter_mut().enumerate() {
        *block = bits >> (23 - index) & 1 == 1;
    }
    blocks
}

/// CRC-8 with the polynomial 0x07 (ITU-T I.432.1); its start value makes an all-black strip wrong.
fn check(number: u16) -> u8 {
    number.to_be_bytes().iter().fold(0x55, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc: u8, _| {
            if crc & 0x80 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x07
            }
        })
    })
}

/// Draws the strip of frame `number` onto a picture in I420, BT.709, whose sizes are multiples
/// of 16.
pub(super) fn draw_on(canvas: &mut Canvas, number: u32) {
    let even = |share: f32, of: usize| (share * of as f32 / 2.0).round() as usize * 2;
    let left = even(LEFT, canvas.width);
    let wide = even(WIDE, canvas.width);
    for (index, white) in blocks(number).into_iter().enumerate() {
        let top = even(TOP + HIGH * index as f32, canvas.height);
        let bottom = even(TOP + HIGH * (index + 1) as f32, canvas.height);
        let colour = if white { WHITE } else { BLACK };
        canvas.fill((left, top), (wide, bottom - top), colour);
    }
}

/// Draws the strip of frame `number` onto packed 8-bit RGB.
///
/// # Panics
/// When `rgb` is shorter than `width` by `height` pixels.
pub fn draw(rgb: &mut [u8], width: u32, height: u32, number: u32) {
    let (wide, high) = (width as f32, height as f32);
    let columns = (LEFT * wide).round() as usize..((LEFT + WIDE) * wide).round() as usize;
    for (index, white) in blocks(number).into_iter().enumerate() {
        let top = ((TOP + HIGH * index as f32) * high).round() as usize;
        let bottom = ((TOP + HIGH * (index + 1) as f32) * high).round() as usize;
        for row in top..bottom {
            let start = row * width as usize;
            let bytes = (start + columns.start) * 3..(start + columns.end) * 3;
            rgb[bytes].fill(if white { 255 } else { 0 });
        }
    }
}

/// The number of the frame that a screenshot shows: packed 8-bit RGB, the film over all of it.
/// None if there is no strip, or it cannot be read for certain.
pub fn read(rgb: &[u8], width: u32, height: u32) -> Option<u32> {
    if rgb.len() < width as usize * height as usize * 3 {
        return None;
    }
    read_with(width, height, |x, y| {
        let at = (y as usize * width as usize + x as usize) * 3;
        // Green is most of luma, and the strip has no colour.
        rgb[at + 1]
    })
}

/// The same for any picture of which the luma of a pixel can be asked.
pub fn read_with(width: u32, height: u32, luma: impl Fn(u32, u32) -> u8) -> Option<u32> {
    // Below this a block is less than 2 pixels.
    if width < 160 || height < 120 {
        return None;
    }
    let (wide, high) = (width as f32, height as f32);
    let mean = |index: usize| {
        // The middle half each way: the edges are blurred.
        let columns = middle(LEFT * wide, WIDE * wide);
        let rows = middle((TOP + HIGH * index as f32) * high, HIGH * high);
        let (mut sum, mut count) = (0u32, 0u32);
        for y in rows {
            for x in columns.clone() {
                sum += u32::from(luma(x, y));
                count += 1;
            }
        }
        sum as f32 / count as f32
    };
    let means: [f32; BLOCKS] = std::array::from_fn(mean);
    // From top to bottom what is over the strip may change, so each end has its own threshold.
    let (above, below) = (means[0] - means[1], means[27] - means[26]);
    if above < CONTRAST_MIN || below < CONTRAST_MIN {
        return None;
    }
    let between = f32::midpoint;
    let (first, last) = (between(means[0], means[1]), between(means[26], means[27]));
    let bits = means[2..26].iter().zip(2..).fold(0u32, |bits, (mean, at)| {
        let threshold = first + (last - first) * at as f32 / 27.0;
        bits << 1 | u32::from(*mean > threshold)
    });
    let number = (bits >> 8) as u16;
    (check(number) == bits as u8).then_some(u32::from(number))
}

/// The whole pixels in the middle half of a stretch; at least one.
fn middle(start: f32, length: f32) -> std::ops::Range<u32> {
    let first = (start + length * 0.25).round() as u32;
    let last = (start + length * 0.75).round() as u32;
    first..last.max(first + 1)
}
