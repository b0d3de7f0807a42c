//! Blu-ray's subtitles: the Presentation Graphic Stream, as Matroska and MPEG-TS carry it.
//!
//! A stream of segments (kind, length, payload); a display set ends with an END segment and says
//! what is up from then on. Objects and palettes stay from set to set until an epoch begins. Read
//! from what is published of the format (BD-ROM part 3, as decoders describe it). Sizes, counts and
//! lengths are held against bounds before anything is made of them; a segment that makes no sense
//! is skipped, and the sets after it are read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::bitmap::{Bitmap, Colour, Matrix, PIXELS_MAX, Page, SIDE_MAX};

const PALETTE: u8 = 0x14;
const OBJECT: u8 = 0x15;
const COMPOSITION: u8 = 0x16;
const END: u8 = 0x80;

/// Objects of one epoch (the decoder model has room for 64), and palettes.
const OBJECTS_MAX: usize = 64;
const PALETTES_MAX: usize = 8;

/// Objects on one screen; the format allows two.
const SHOWN_MAX: usize = 8;

/// Packed bytes of one object: the decoder model's buffer has 4 MiB.
const OBJECT_BYTES_MAX: usize = 4 << 20;

/// Standard definition ends here, and its colours with it.
const SD_HEIGHT_MAX: u16 = 576;

/// A reader of one stream.
#[derive(Debug, Default)]
pub struct Pgs {
    composition: Option<Composition>,
    objects: BTreeMap<u16, Object>,
    palettes: BTreeMap<u8, BTreeMap<u8, Colour>>,
}

#[derive(Debug)]
struct Composition {
    start: Duration,
    screen: (u16, u16),
    palette: u8,
    shown: Vec<Shown>,
}

#[derive(Debug, Clone, Copy)]
struct Shown {
    object: u16,
    x: u16,
    y: u16,
    /// The part that is shown: x, y, width, height.
    crop: Option<[u16; 4]>,
}

#[derive(Debug)]
struct Object {
    width: u16,
    height: u16,
    packed: Vec<u8>,
}

impl Pgs {
    /// Reads the segments of one packet, whose time is `start`; gives the pages that end in it, one
    /// as a rule.
    pub fn read(&mut self, packet: &[u8], start: Duration) -> Vec<Page> {
        let mut pages = Vec::new();
        let mut rest = packet;
        while let [kind, high, low, after @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let Some((payload, next)) = after.split_at_checked(length) else {
                break;
            };
            match *kind {
                COMPOSITION => self.compose(payload, start),
                PALETTE => self.colour(payload),
                OBJECT => self.define(payload),
                END => pages.extend(self.composition.take().map(|it| self.page(&it))),
                _ => {}
            }
            rest = next;
        }
        pages
    }

    /// Forgets what was defined: after a seek the next epoch begins anew.
    pub fn reset(&mut self) {
        *self = Pgs::default();
    }

    fn compose(&mut self, payload: &[u8], start: Duration) {
        let Some(([w0, w1, h0, h1, _, _, _, state, _, palette, count], mut rest)) =
            payload.split_first_chunk::<11>()
        else {
            return;
        };
        if *state != 0 {
            // Where one can begin to read, all is defined again; what was before is of no use.
            self.objects.clear();
            self.palettes.clear();
        }
        let mut shown = Vec::new();
        for _ in 0..usize::from(*count).min(SHOWN_MAX) {
            let Some(([o0, o1, _, flags, x0, x1, y0, y1], after)) = rest.split_first_chunk::<8>()
            else {
                break;
            };
            rest = after;
            let mut crop = None;
            if flags & 0x80 != 0 {
                let Some((bytes, after)) = rest.split_first_chunk::<8>() else {
                    break;
                };
                rest = after;
                let word = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
                crop = Some([word(0), word(2), word(4), word(6)]);
            }
            shown.push(Shown {
                object: u16::from_be_bytes([*o0, *o1]),
                x: u16::from_be_bytes([*x0, *x1]),
                y: u16::from_be_bytes([*y0, *y1]),
                crop,
            });
        }
        let screen = (
            u16::from_be_bytes([*w0, *w1]),
            u16::from_be_bytes([*h0, *h1]),
        );
        let sound = |side: u16| (1..=SIDE_MAX).contains(&side);
        self.composition = (sound(screen.0) && sound(screen.1)).then_some(Composition {
            start,
            screen,
            palette: *palette,
            shown,
        });
    }

    fn colour(&mut self, payload: &[u8]) {
        let [id, _, entries @ ..] = payload else {
            return;
        };
        if self.palettes.len() >= PALETTES_MAX && !self.palettes.contains_key(id) {
            return;
        }
        let palette = self.palettes.entry(*id).or_default();
        let (entries, _) = entries.as_chunks::<5>();
        for [index, y, cr, cb, alpha] in entries {
            let (y, cb, cr, alpha) = (*y, *cb, *cr, *alpha);
            palette.insert(*index, Colour { y, cb, cr, alpha });
        }
    }

    fn define(&mut self, payload: &[u8]) {
        let [id0, id1, _, sequence, rest @ ..] = payload else {
            return;
        };
        let id = u16::from_be_bytes([*id0, *id1]);
        if sequence & 0x80 == 0 {
            // What goes on with an object that is split over segments.
            if let Some(object) = self.objects.get_mut(&id)
                && object.packed.len() + rest.len() <= OBJECT_BYTES_MAX
            {
                object.packed.extend_from_slice(rest);
            }
            return;
        }
        let [_, _, _, w0, w1, h0, h1, packed @ ..] = rest else {
            return;
        };
        let (width, height) = (
            u16::from_be_bytes([*w0, *w1]),
            u16::from_be_bytes([*h0, *h1]),
        );
        let fits = usize::from(width) * usize::from(height) <= PIXELS_MAX;
        if !fits || self.objects.len() >= OBJECTS_MAX && !self.objects.contains_key(&id) {
            return;
        }
        self.objects.insert(
            id,
            Object {
                width,
                height,
                packed: packed.to_vec(),
            },
        );
    }

    fn page(&self, composition: &Composition) -> Page {
        let matrix = if composition.screen.1 > SD_HEIGHT_MAX {
            Matrix::Bt709
        } else {
            Matrix::Bt601
        };
        let palette = self.palettes.get(&composition.palette);
        let mut colours = [[0; 4]; 256];
        for (index, colour) in palette.into_iter().flatten() {
            colours[usize::from(*index)] = colour.rgba(matrix);
        }
        let mut room = PIXELS_MAX;
        let drawn = composition.shown.iter().filter_map(|shown| {
            let object = self.objects.get(&shown.object)?;
            let bitmap = draw(object, shown, &colours, room)?;
            room -= bitmap.rgba.len() / 4;
            Some(bitmap)
        });
        Page {
            start: composition.start,
            end: None,
            screen: composition.screen,
            bitmaps: drawn.collect(),
        }
    }
}

/// The part of an object that is shown; none of it where nothing is, or where there is no room.
fn draw(object: &Object, shown: &Shown, colours: &[[u8; 4]; 256], room: usize) -> Option<Bitmap> {
    let [left, top, width, height] = shown.crop.unwrap_or([0, 0, object.width, object.height]);
    let width = width.min(object.width.saturating_sub(left));
    let height = height.min(object.height.saturating_sub(top));
    let pixels = usize::from(width) * usize::from(height);
    if pixels == 0 || pixels > room {
        return None;
    }
    let whole = unpack(object);
    let mut rgba = Vec::with_capacity(4 * pixels);
    let stride = usize::from(object.width);
    for row in 0..usize::from(height) {
        let from = (usize::from(top) + row) * stride + usize::from(left);
        for index in &whole[from..from + usize::from(width)] {
            rgba.extend_from_slice(&colours[usize::from(*index)]);
        }
    }
    Some(Bitmap {
        x: shown.x,
        y: shown.y,
        width,
        height,
        rgba: Arc::from(rgba),
    })
}

/// Indices into the palette, row by row. What is missing at the end is of colour 0.
fn unpack(object: &Object) -> Vec<u8> {
    let (width, height) = (usize::from(object.width), usize::from(object.height));
    let mut whole = vec![0; width * height];
    let mut bytes = object.packed.iter().copied();
    let (mut row, mut column) = (0, 0);
    while row < height
        && let Some(first) = bytes.next()
    {
        let (run, colour) = if first != 0 {
            (1, first)
        } else {
            let flags = bytes.next().unwrap_or(0);
            let mut run = usize::from(flags & 0x3f);
            if flags & 0x40 != 0 {
                run = run << 8 | usize::from(bytes.next().unwrap_or(0));
            }
            let colour = if flags & 0x80 != 0 {
                bytes.next().unwrap_or(0)
            } else {
                0
            };
            (run, colour)
        };
        if run == 0 {
            (row, column) = (row + 1, 0);
            continue;
        }
        // A run that is longer than its row is cut.
        let end = (column + run).min(width);
        whole[row * width + column..row * width + end].fill(colour);
        column = end;
    }
    whole
}
