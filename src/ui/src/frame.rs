//! Slint's ground: the platform it runs on, the pixels it draws into, the clock it may see.
//!
//! The clock is set by [`Frame::draw`] alone and never goes back, which Slint would answer with a
//! panic. Slint has no timers and no animations here: all motion is ours (`motion.rs`), so a
//! screen that rests provably draws nothing. The buffer is kept between frames and only dirty
//! parts are drawn anew (`ReusedBuffer`): keeping two alternating buffers made the damage of an
//! animation about a half larger.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use slint::platform::software_renderer::{
    MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType, TargetPixel,
};
use slint::platform::{Platform, PlatformError, WindowAdapter, WindowEvent};

use crate::{Drawn, Pixels, Rect};

/// The colour behind every screen but the film's, 0xRRGGBB: `Tone.base` in ui/tokens.slint.
pub(crate) const BASE: u32 = 0x000c_0d12;

/// Lines of the picture all lengths are drawn for.
const LINES: f32 = 1080.0;
/// Narrowest picture the screens are laid out for, at 1080 lines (4:3 is 1440).
const COLUMNS_MIN: f32 = 1280.0;
/// Largest side of a picture in pixels: an 8K television, and far from where the renderer's
/// 16-bit coordinates end.
pub(crate) const SIDE_MAX: u32 = 8192;

/// One pixel as 0xAARRGGBB, colour premultiplied by alpha: DRM's ARGB8888.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
pub(crate) struct Bgra(u32);

impl TargetPixel for Bgra {
    /// Two channels at a time: red with blue, alpha with green.
    #[inline]
    fn blend(&mut self, over: PremultipliedRgbaColor) {
        const PAIR: u32 = 0x00ff_00ff;
        const HALF: u32 = 0x0080_0080;
        let source = u32::from_be_bytes([over.alpha, over.red, over.green, over.blue]);
        let keep = 255 - u32::from(over.alpha);
        let red_blue = (self.0 & PAIR) * keep + HALF;
        let red_blue = ((red_blue + ((red_blue >> 8) & PAIR)) >> 8) & PAIR;
        let alpha_green = ((self.0 >> 8) & PAIR) * keep + HALF;
        let alpha_green = (alpha_green + ((alpha_green >> 8) & PAIR)) & !PAIR;
        self.0 = (red_blue | alpha_green).wrapping_add(source);
    }

    #[inline]
    fn from_rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(u32::from_be_bytes([0xff, red, green, blue]))
    }

    #[inline]
    fn background() -> Self {
        Self(0)
    }
}

thread_local! {
    static CLOCK: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

struct Ground {
    window: Rc<MinimalSoftwareWindow>,
}

impl Platform for Ground {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.window.clone())
    }

    fn duration_since_start(&self) -> Duration {
        CLOCK.get()
    }
}

/// The picture and the window that is drawn into it.
pub(crate) struct Frame {
    window: Rc<MinimalSoftwareWindow>,
    pixels: Vec<Bgra>,
    /// First and one-past-last pixel of each line that is not fully transparent.
    spans: Vec<(u32, u32)>,
    width: u32,
    height: u32,
}

impl Frame {
    /// Makes the platform of this thread; there can be one only.
    pub(crate) fn new(width: u32, height: u32) -> Result<Self, slint::platform::SetPlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        slint::platform::set_platform(Box::new(Ground {
            window: window.clone(),
        }))?;
        let mut frame = Self {
            window,
            pixels: Vec::new(),
            spans: Vec::new(),
            width: 0,
            height: 0,
        };
        frame.resize(width, height);
        Ok(frame)
    }

    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        self.width = width.clamp(1, SIDE_MAX);
        self.height = height.clamp(1, SIDE_MAX);
        self.pixels = vec![Bgra::default(); self.width as usize * self.height as usize];
        self.spans = vec![(0, 0); self.height as usize];
        self.window.dispatch_event(WindowEvent::ScaleFactorChanged {
            scale_factor: self.scale(),
        });
        self.window
            .set_size(slint::PhysicalSize::new(self.width, self.height));
        // A change of kind and back makes the renderer forget what the old buffer held.
        self.window.draw_if_needed(|renderer| {
            renderer.set_repaint_buffer_type(RepaintBufferType::NewBuffer);
            renderer.set_repaint_buffer_type(RepaintBufferType::ReusedBuffer);
        });
        self.window.request_redraw();
    }

    /// Pixels a length of 1 covers.
    pub(crate) fn scale(&self) -> f32 {
        (self.height as f32 / LINES).min(self.width as f32 / COLUMNS_MIN)
    }

    /// Width of the picture in lengths of the screens.
    pub(crate) fn breadth(&self) -> f32 {
        self.width as f32 / self.scale()
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    pub(crate) fn draw(&mut self, now: Duration) -> Option<Drawn> {
        CLOCK.set(CLOCK.get().max(now));
        slint::platform::update_timers_and_animations();
        let mut damage = Vec::new();
        let (pixels, width, height) = (&mut self.pixels, self.width, self.height);
        self.window.draw_if_needed(|renderer| {
            let region = renderer.render(pixels, width as usize);
            damage.extend(region.iter().filter_map(|(at, size)| {
                let x = u32::try_from(at.x).ok()?.min(width);
                let y = u32::try_from(at.y).ok()?.min(height);
                let rect = Rect {
                    x,
                    y,
                    width: size.width.min(width - x),
                    height: size.height.min(height - y),
                };
                (rect.width > 0 && rect.height > 0).then_some(rect)
            }));
        });
        if damage.is_empty() {
            return None;
        }
        for rect in &damage {
            self.look_at(rect.y, rect.y + rect.height);
        }
        Some(Drawn {
            damage,
            visible: self.visible(),
        })
    }

    /// Finds anew what shows on these lines.
    fn look_at(&mut self, from: u32, to: u32) {
        for line in from..to {
            let start = line as usize * self.width as usize;
            let pixels = &self.pixels[start..start + self.width as usize];
            let first = pixels.iter().position(|pixel| pixel.0 != 0);
            let last = pixels.iter().rposition(|pixel| pixel.0 != 0);
            self.spans[line as usize] = match (first, last) {
                (Some(first), Some(last)) => (first as u32, last as u32 + 1),
                _ => (0, 0),
            };
        }
    }

    fn visible(&self) -> Option<Rect> {
        let shows = |span: &(u32, u32)| span.1 > span.0;
        let top = self.spans.iter().position(shows)?;
        let bottom = self.spans.iter().rposition(shows)?;
        let lines = || self.spans[top..=bottom].iter().filter(|span| shows(span));
        let left = lines().map(|span| span.0).min()?;
        let right = lines().map(|span| span.1).max()?;
        Some(Rect {
            x: left,
            y: top as u32,
            width: right - left,
            height: (bottom - top) as u32 + 1,
        })
    }

    pub(crate) fn pixels(&self) -> Pixels<'_> {
        Pixels {
            argb: bytemuck::cast_slice(&self.pixels),
            width: self.width,
            height: self.height,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(pixel: u32, alpha: u8, red: u8, green: u8, blue: u8) -> u32 {
        let mut pixel = Bgra(pixel);
        pixel.blend(PremultipliedRgbaColor {
            alpha,
            red,
            green,
            blue,
        });
        pixel.0
    }

    #[test]
    fn blending_keeps_the_ends_exact() {
        assert_eq!(over(0xff12_3456, 0, 0, 0, 0), 0xff12_3456);
        assert_eq!(over(0xff12_3456, 255, 1, 2, 3), 0xff01_0203);
        assert_eq!(over(0, 128, 64, 32, 16), 0x8040_2010);
    }

    #[test]
    fn blending_is_right_to_one_step() {
        for alpha in 0..=255_u32 {
            for below in [0_u32, 1, 77, 128, 254, 255] {
                let got = over(0xff00_0000 | (below << 16) | below, alpha as u8, 0, 0, 0);
                let want = (below * (255 - alpha)) as f32 / 255.0;
                assert!((((got >> 16) & 0xff) as f32 - want).abs() <= 0.51);
                assert_eq!((got >> 16) & 0xff, got & 0xff);
                assert_eq!(got >> 24, 255);
            }
        }
    }
}
