//! Subtitles that are pictures, decoded: what lies on the film from a moment on.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The widest and the highest screen that a disc's subtitles are made for; UHD discs keep 1920.
pub(crate) const SIDE_MAX: u16 = 4096;

/// Pixels of one page at most: a whole screen of 1920 by 1080.
pub const PIXELS_MAX: usize = 1920 * 1080;

/// What is up from `start` on. Shapes are in pixels of `screen`, which lies over the whole picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    pub start: Duration,
    /// Where it says so itself; else until the next one.
    pub end: Option<Duration>,
    pub screen: (u16, u16),
    /// None: nothing is up.
    pub bitmaps: Vec<Bitmap>,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.bitmaps.iter();
        let places = places.map(|it| (it.x, it.y, it.width, it.height));
        f.debug_struct("Page")
            .field("start", &self.start)
            .field("end", &self.end)
            .field("screen", &self.screen)
            .field("bitmaps", &places.collect::<Vec<_>>())
            .finish()
    }
}

/// A rectangle of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
    /// Red, green, blue and alpha of each pixel, row by row; colours are not multiplied by alpha.
    pub rgba: Arc<[u8]>,
}

impl fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} at {},{}", self.width, self.height, self.x, self.y)
    }
}

/// One entry of a palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Colour {
    pub(crate) y: u8,
    pub(crate) cb: u8,
    pub(crate) cr: u8,
    pub(crate) alpha: u8,
}

/// How luma and chroma are made into colours (ITU-R BT.601 and BT.709, limited range).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matrix {
    Bt601,
    Bt709,
}

impl Colour {
    pub(crate) fn rgba(self, matrix: Matrix) -> [u8; 4] {
        let (kr, kb) = match matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
        };
        let luma = (f32::from(self.y) - 16.0) / 219.0;
        let chroma = |it: u8| (f32::from(it) - 128.0) / 224.0;
        let red = luma + 2.0 * (1.0 - kr) * chroma(self.cr);
        let blue = luma + 2.0 * (1.0 - kb) * chroma(self.cb);
        let green = (luma - kr * red - kb * blue) / (1.0 - kr - kb);
        let byte = |it: f32| (it * 255.0).round().clamp(0.0, 255.0) as u8;
        [byte(red), byte(green), byte(blue), self.alpha]
    }
}
