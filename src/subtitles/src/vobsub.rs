//! DVD's subtitles: sub-picture units, as VobSub files and Matroska carry them.
//!
//! A unit is a picture of four colours, packed in two fields, and a list of orders: where it lies,
//! which of the disc's sixteen colours it uses, when it comes and goes. Read from what is published
//! of the format (DVD-Video part 3, as decoders describe it). A unit that makes no sense gives
//! nothing.

use std::sync::Arc;
use std::time::Duration;

use crate::bitmap::{Bitmap, PIXELS_MAX, Page, SIDE_MAX};

/// The sixteen colours of a disc: red, green, blue.
pub type Palette = [[u8; 3]; 16];

/// Width of every DVD's picture, and its heights: of 25 pictures a second, and of others.
const WIDTH: u16 = 720;
const HEIGHT_25: u16 = 576;
const HEIGHT_30: u16 = 480;

/// A tick of an order's delay: 1024 of 90,000 in a second.
const TICK: Duration = Duration::from_nanos(11_377_778);

/// Lists of orders in one unit; two are usual.
const LISTS_MAX: usize = 16;

/// Text of an index that is read; the first lines say it.
const INDEX_BYTES_MAX: usize = 4096;

/// What the index of a VobSub file says of its disc, which containers take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// Width and height of the picture; none: as of every DVD.
    pub screen: Option<(u16, u16)>,
    pub palette: Palette,
}

impl Default for Index {
    /// Of a disc of which nothing is known: greys.
    fn default() -> Index {
        Index {
            screen: None,
            palette: std::array::from_fn(|at| [17 * at as u8; 3]),
        }
    }
}

impl Index {
    /// Reads its text: lines of "size: 720x576" and "palette: 000000, ..."; the others are passed
    /// over, and what makes no sense is as if it were not there.
    pub fn read(text: &[u8]) -> Index {
        let text = String::from_utf8_lossy(&text[..text.len().min(INDEX_BYTES_MAX)]);
        let mut index = Index::default();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            match name.trim() {
                "size" => {
                    let sides = value.trim().split_once('x');
                    let sides = sides.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
                    let fits = |side: u16| (1..=SIDE_MAX).contains(&side);
                    index.screen = sides.filter(|(w, h)| fits(*w) && fits(*h));
                }
                "palette" => {
                    for (to, colour) in index.palette.iter_mut().zip(value.split(',')) {
                        if let Ok(colour) = u32::from_str_radix(colour.trim(), 16) {
                            let [_, red, green, blue] = colour.to_be_bytes();
                            *to = [red, green, blue];
                        }
                    }
                }
                _ => {}
            }
        }
        index
    }
}

#[derive(Debug, Default)]
struct Orders {
    colours: [u8; 4],
    alphas: [u8; 4],
    /// x1, x2, y1, y2, all inside.
    area: Option<[u16; 4]>,
    /// Where the fields begin: even lines, odd lines.
    fields: Option<[usize; 2]>,
    comes: Option<Duration>,
    goes: Option<Duration>,
}

/// Reads a unit whose time is `start`; none if it says nothing.
pub fn read(unit: &[u8], start: Duration, index: &Index) -> Option<Page> {
    let orders = orders(unit)?;
    let [x1, x2, y1, y2] = orders.area?;
    let (width, height) = (x2.checked_sub(x1)? + 1, y2.checked_sub(y1)? + 1);
    if usize::from(width) * usize::from(height) > PIXELS_MAX {
        return None;
    }
    let indices = unpack(unit, orders.fields?, width.into(), height.into());
    let colours: [[u8; 4]; 4] = std::array::from_fn(|at| {
        let [red, green, blue] = index.palette[usize::from(orders.colours[at])];
        [red, green, blue, 17 * orders.alphas[at]]
    });
    let rgba: Vec<u8> = indices
        .iter()
        .flat_map(|index| colours[usize::from(*index)])
        .collect();
    let shown = orders.comes.unwrap_or_default();
    Some(Page {
        start: start + shown,
        end: orders.goes.map(|goes| start + goes),
        screen: index
            .screen
            .unwrap_or((WIDTH, if y2 < HEIGHT_30 { HEIGHT_30 } else { HEIGHT_25 })),
        bitmaps: vec![Bitmap {
            x: x1,
            y: y1,
            width,
            height,
            rgba: Arc::from(rgba),
        }],
    })
}

fn orders(unit: &[u8]) -> Option<Orders> {
    let word = |at: usize| {
        let bytes = unit.get(at..at + 2)?;
        Some(u16::from_be_bytes([bytes[0], bytes[1]]))
    };
    let mut orders = Orders::default();
    let mut list = usize::from(word(2)?);
    for _ in 0..LISTS_MAX {
        let ticks = word(list)?;
        let delay = TICK * u32::from(ticks);
        let next = usize::from(word(list + 2)?);
        let mut at = list + 4;
        loop {
            let byte = |ahead: usize| unit.get(at + ahead).copied();
            let nibbles = || {
                let (high, low) = (byte(1)?, byte(2)?);
                Some([low & 15, low >> 4, high & 15, high >> 4])
            };
            let Some(order) = byte(0) else { break };
            at += match order {
                0x00 | 0x01 => {
                    orders.comes = Some(delay);
                    1
                }
                0x02 => {
                    // As late as can be said: whoever made it did not know.
                    orders.goes = (ticks != u16::MAX).then_some(delay);
                    1
                }
                0x03 => {
                    orders.colours = nibbles()?;
                    3
                }
                0x04 => {
                    orders.alphas = nibbles()?;
                    3
                }
                0x05 => {
                    let twelve = |from: usize| {
                        let bytes = [byte(from)?, byte(from + 1)?, byte(from + 2)?];
                        let [a, b, c] = bytes.map(u16::from);
                        Some([a << 4 | b >> 4, (b & 15) << 8 | c])
                    };
                    let ([x1, x2], [y1, y2]) = (twelve(1)?, twelve(4)?);
                    orders.area = Some([x1, x2, y1, y2]);
                    7
                }
                0x06 => {
                    orders.fields = Some([word(at + 1)?.into(), word(at + 3)?.into()]);
                    5
                }
                // Colours that change within the picture: as if they did not.
                0x07 => 1 + usize::from(word(at + 1)?).max(2),
                _ => break,
            };
        }
        if next <= list {
            break;
        }
        list = next;
    }
    Some(orders)
}

/// Indices of the four colours, row by row.
fn unpack(unit: &[u8], fields: [usize; 2], width: usize, height: usize) -> Vec<u8> {
    let mut indices = vec![0; width * height];
    for (field, start) in fields.into_iter().enumerate() {
        let mut halves = Halves {
            unit,
            at: 2 * start,
        };
        for row in (field..height).step_by(2) {
            let Some(()) = row_of(&mut halves, &mut indices[row * width..(row + 1) * width]) else {
                break;
            };
        }
    }
    indices
}

/// Fills a row; none where the bytes end.
fn row_of(halves: &mut Halves<'_>, row: &mut [u8]) -> Option<()> {
    let mut column = 0;
    while column < row.len() {
        // A code has one to four halves: the longer the run, the longer.
        let mut code = 0;
        for least in [0x4, 0x10, 0x40, 0x100] {
            code = code << 4 | halves.next()?;
            if code >= least {
                break;
            }
        }
        let left = row.len() - column;
        let run = match code >> 2 {
            0 => left,
            run => run.min(left),
        };
        row[column..column + run].fill((code & 3) as u8);
        column += run;
    }
    halves.align();
    Some(())
}

/// Bytes by halves, the higher one first.
struct Halves<'u> {
    unit: &'u [u8],
    at: usize,
}

impl Halves<'_> {
    fn next(&mut self) -> Option<usize> {
        let byte = *self.unit.get(self.at / 2)?;
        let half = if self.at.is_multiple_of(2) {
            byte >> 4
        } else {
            byte & 15
        };
        self.at += 1;
        Some(half.into())
    }

    /// To the next whole byte.
    fn align(&mut self) {
        self.at += self.at % 2;
    }
}
