//! A picture being drawn: I420 planes in one piece of memory, as encoders take them.
//!
//! Colours are BT.709 with luma 16 to 235, what players assume of pictures this size. Nothing here
//! allocates per frame but the picture itself.

/// A colour as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Yuv {
    pub(super) y: u8,
    pub(super) u: u8,
    pub(super) v: u8,
}

/// Red, green and blue, 0 to 1 each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rgb(pub(super) f32, pub(super) f32, pub(super) f32);

impl Rgb {
    /// From 0xRRGGBB.
    pub(super) const fn hex(rgb: u32) -> Rgb {
        Rgb(
            (rgb >> 16 & 0xff) as f32 / 255.0,
            (rgb >> 8 & 0xff) as f32 / 255.0,
            (rgb & 0xff) as f32 / 255.0,
        )
    }

    /// `share` of the way to the other colour.
    pub(super) fn mix(self, other: Rgb, share: f32) -> Rgb {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Rgb(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }

    /// ITU-R BT.709-6, items 3.3 to 3.5.
    pub(super) fn yuv(self) -> Yuv {
        let luma = 0.2126 * self.0 + 0.7152 * self.1 + 0.0722 * self.2;
        let blue = (self.2 - luma) / 1.8556;
        let red = (self.0 - luma) / 1.5748;
        let byte = |value: f32| value.round().clamp(0.0, 255.0) as u8;
        Yuv {
            y: byte(16.0 + 219.0 * luma),
            u: byte(128.0 + 224.0 * blue),
            v: byte(128.0 + 224.0 * red),
        }
    }
}

/// The planes of one picture; both sizes even.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    bytes: Vec<u8>,
}

/// The planes apart, for drawing into all of them.
pub(super) struct Planes<'a> {
    pub(super) y: &'a mut [u8],
    pub(super) u: &'a mut [u8],
    pub(super) v: &'a mut [u8],
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Canvas {
        Canvas {
            width,
            height,
            bytes: vec![0; width * height * 3 / 2],
        }
    }

    pub(super) fn planes(&mut self) -> Planes<'_> {
        let area = self.width * self.height;
        let (y, rest) = self.bytes.split_at_mut(area);
        let (u, v) = rest.split_at_mut(area / 4);
        Planes { y, u, v }
    }

    /// Y, U and V, one after another.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Fills a rectangle whose edges are even.
    pub(super) fn fill(&mut self, (x, y): (usize, usize), (w, h): (usize, usize), colour: Yuv) {
        let width = self.width;
        let planes = self.planes();
        for row in y..y + h {
            planes.y[row * width + x..row * width + x + w].fill(colour.y);
        }
        let (left, top, across, down) = (x / 2, y / 2, w / 2, h / 2);
        for row in top..top + down {
            let start = row * width / 2 + left;
            let columns = start..start + across;
            planes.u[columns.clone()].fill(colour.u);
            planes.v[columns].fill(colour.v);
        }
    }

    /// Lays `colour` over the picture where `mask` (rows of `w`) says how much, 0 to 255; what
    /// falls outside the picture is cut off. Chroma follows every second mask pixel.
    pub(super) fn stamp(&mut self, at: (i32, i32), mask: &[u8], w: usize, colour: Yuv) {
        let (width, height) = (self.width as i32, self.height as i32);
        let stride = self.width;
        let planes = self.planes();
        for (line, row) in mask.chunks_exact(w).zip(at.1..) {
            if row < 0 || row >= height {
                continue;
            }
            let skip = (-at.0).clamp(0, w as i32) as usize;
            let end = (width - at.0).clamp(0, w as i32) as usize;
            if skip >= end {
                continue;
            }
            let first = (at.0 + skip as i32) as usize;
            let luma = &mut planes.y[row as usize * stride + first..];
            for (below, share) in luma.iter_mut().zip(&line[skip..end]) {
                *below = lay(*below, colour.y, *share);
            }
            if row % 2 != 0 {
                continue;
            }
            let odd = first % 2;
            let start = row as usize / 2 * (stride / 2) + first.div_ceil(2);
            let shares = line[skip..end].iter().skip(odd).step_by(2);
            let chroma = planes.u[start..].iter_mut().zip(&mut planes.v[start..]);
            for ((u, v), share) in chroma.zip(shares) {
                *u = lay(*u, colour.u, *share);
                *v = lay(*v, colour.v, *share);
            }
        }
    }
}

fn lay(below: u8, above: u8, share: u8) -> u8 {
    let (below, above, share) = (i32::from(below), i32::from(above), i32::from(share));
    (below + ((above - below) * share + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_grey_and_black_have_no_colour() {
        let neutral = |rgb: u32| Rgb::hex(rgb).yuv();
        assert_eq!(
            neutral(0x00ff_ffff),
            Yuv {
                y: 235,
                u: 128,
                v: 128
            }
        );
        assert_eq!(
            neutral(0),
            Yuv {
                y: 16,
                u: 128,
                v: 128
            }
        );
        assert_eq!(
            neutral(0x0080_8080),
            Yuv {
                y: 126,
                u: 128,
                v: 128
            }
        );
    }

    #[test]
    fn a_stamp_is_cut_at_every_edge() {
        let white = Rgb(1.0, 1.0, 1.0).yuv();
        for at in [
            (-3, -3),
            (14, 14),
            (-3, 14),
            (15, 0),
            (16, 16),
            (-9, 4),
            (7, -9),
        ] {
            let mut canvas = Canvas::new(16, 16);
            canvas.stamp(at, &[255; 64], 8, white);
            let lit: i32 = canvas
                .planes()
                .y
                .iter()
                .map(|luma| i32::from(*luma) / 235)
                .sum();
            let seen = |at: i32| (at + 8).clamp(0, 16) - at.clamp(0, 16);
            assert_eq!(lit, seen(at.0) * seen(at.1), "{at:?}");
        }
    }
}
