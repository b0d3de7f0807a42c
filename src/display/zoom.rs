//! How a film's picture fills a screen of another shape: whole, without its bars, or stretched.
//!
//! What is to be shown is a frame again: a part of the same memory, or the same with pixels of
//! another shape. So every presenter places it as it places any frame (`letterbox`), and a plane of
//! the screen takes it without a copy.

use std::sync::Arc;

use app::Zoom;
use media::{Planes, SharedPlane, VideoFrame};

use super::Rect;

/// Chroma is halved both ways: a part begins and ends with whole pixels of it.
const STEP: u32 = 2;

/// The frame as it fills a screen (width, height in pixels) so.
pub fn zoomed(frame: &VideoFrame, zoom: Zoom, screen: (u32, u32)) -> VideoFrame {
    match zoom {
        Zoom::Whole => frame.clone(),
        Zoom::Filled => {
            let part = filling((frame.width, frame.height), frame.pixel_aspect, screen);
            cut(frame, part)
        }
        Zoom::Stretched => VideoFrame {
            // As wide as the screen makes each of its columns, over as high as each of its rows.
            pixel_aspect: reduced(
                u64::from(screen.0) * u64::from(frame.height),
                u64::from(screen.1) * u64::from(frame.width),
            ),
            ..frame.clone()
        },
    }
}

/// The part of a picture of `size` pixels, each `aspect` in shape, that has the screen's shape: as
/// large as can be, in the middle. All of it where something has no size.
fn filling(size: (u32, u32), aspect: (u32, u32), screen: (u32, u32)) -> Rect {
    let whole = Rect::new(0, 0, size.0, size.1);
    let none = size.0 == 0 || size.1 == 0 || screen.0 == 0 || screen.1 == 0;
    if none || aspect.0 == 0 || aspect.1 == 0 {
        return whole;
    }
    // Of three u32 each.
    let across = u128::from(size.0) * u128::from(aspect.0) * u128::from(screen.1);
    let down = u128::from(size.1) * u128::from(aspect.1) * u128::from(screen.0);
    let share = |length: u32, part: u128, of: u128| {
        let kept = (u128::from(length) * part / of) as u32;
        (kept / STEP * STEP).max(STEP).min(length)
    };
    let (width, height) = if across > down {
        (share(size.0, down, across), size.1)
    } else {
        (size.0, share(size.1, across, down))
    };
    let from = |whole: u32, part: u32| (whole - part) / 2 / STEP * STEP;
    Rect::new(from(size.0, width), from(size.1, height), width, height)
}

/// A fraction in terms that fit.
fn reduced(over: u64, under: u64) -> (u32, u32) {
    let (mut a, mut b) = (over, under);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let (mut over, mut under) = (over / a.max(1), under / a.max(1));
    while over > u64::from(u32::MAX) || under > u64::from(u32::MAX) {
        (over, under) = (over / 2, under / 2);
    }
    (over as u32, under as u32)
}

fn cut(frame: &VideoFrame, part: Rect) -> VideoFrame {
    if (part.width, part.height) == (frame.width, frame.height) {
        return frame.clone();
    }
    VideoFrame {
        width: part.width,
        height: part.height,
        planes: Arc::new(Cut {
            of: Arc::clone(&frame.planes),
            from: (part.x as usize, part.y as usize),
            interleaved: frame.format == media::PixelFormat::Nv12,
        }),
        ..frame.clone()
    }
}

/// A part of a picture's memory, from a column and a row of its luma on.
struct Cut {
    of: Arc<dyn Planes>,
    from: (usize, usize),
    /// U and V lie in one plane, two bytes a pixel.
    interleaved: bool,
}

impl Cut {
    /// Bytes of a plane before the part.
    fn before(&self, index: usize, stride: usize) -> usize {
        let (x, y) = self.from;
        match (index, self.interleaved) {
            (0, _) => y * stride + x,
            (_, true) => y / 2 * stride + x,
            (_, false) => y / 2 * stride + x / 2,
        }
    }
}

impl Planes for Cut {
    fn plane(&self, index: usize) -> &[u8] {
        let all = self.of.plane(index);
        let before = self.before(index, self.of.stride(index));
        all.get(before..).unwrap_or_default()
    }

    fn stride(&self, index: usize) -> usize {
        self.of.stride(index)
    }

    fn shared(&self) -> Option<Vec<SharedPlane<'_>>> {
        let planes = self.of.shared()?.into_iter().enumerate();
        let moved = planes.map(|(index, plane)| {
            let before = self.before(index, plane.stride as usize);
            let offset = plane.offset.checked_add(u32::try_from(before).ok()?)?;
            Some(SharedPlane { offset, ..plane })
        });
        moved.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use media::{ColourMatrix, PixelFormat};

    use super::*;
    use crate::display::letterbox;

    const TV: (u32, u32) = (1920, 1080);

    #[test]
    fn the_part_without_bars_is_in_the_middle() {
        let part = |size, aspect| filling(size, aspect, TV);
        // Wider than the screen, older films, a disc's, and one that fits.
        assert_eq!(part((1920, 800), (1, 1)), Rect::new(248, 0, 1422, 800));
        assert_eq!(part((640, 480), (1, 1)), Rect::new(0, 60, 640, 360));
        assert_eq!(part((720, 576), (64, 45)), Rect::new(0, 0, 720, 576));
        assert_eq!(part((1280, 720), (1, 1)), Rect::new(0, 0, 1280, 720));
        assert_eq!(part((0, 5), (1, 1)), Rect::new(0, 0, 0, 5));
        assert_eq!(part((640, 480), (0, 1)), Rect::new(0, 0, 640, 480));
        let thin = part((10_000, 2), (1, 1));
        assert_eq!((thin.width, thin.height), (2, 2));
    }

    /// Luma counts from the left, chroma says its row.
    struct Counting(usize);

    impl Planes for Counting {
        fn plane(&self, index: usize) -> &[u8] {
            const ROWS: [[u8; 64]; 64] = {
                let mut rows = [[0; 64]; 64];
                let mut at = 0;
                while at < 64 * 64 {
                    rows[at / 64][at % 64] = (at % 64) as u8;
                    at += 1;
                }
                rows
            };
            static ALL: [[u8; 64]; 64] = ROWS;
            let all = ALL.as_flattened();
            &all[..if index == 0 {
                64 * self.0
            } else {
                64 * self.0 / 2
            }]
        }

        fn stride(&self, _: usize) -> usize {
            64
        }
    }

    fn frame(format: PixelFormat) -> VideoFrame {
        VideoFrame {
            format,
            width: 64,
            height: 16,
            pixel_aspect: (1, 1),
            matrix: ColourMatrix::Bt709,
            full_range: true,
            position: Duration::ZERO,
            rate: None,
            planes: Arc::new(Counting(16)),
        }
    }

    #[test]
    fn a_part_is_the_same_memory_from_there_on() {
        let screen = (32, 16);
        let filled = zoomed(&frame(PixelFormat::Nv12), Zoom::Filled, screen);
        assert_eq!((filled.width, filled.height), (32, 16));
        assert_eq!(filled.planes.plane(0)[0], 16);
        assert_eq!(filled.planes.plane(1)[0], 16);
        let filled = zoomed(&frame(PixelFormat::I420), Zoom::Filled, screen);
        assert_eq!(filled.planes.plane(2)[0], 8);
        // The last row of the part lies within the memory.
        assert!(filled.planes.plane(0).len() >= 15 * 64 + 32);
    }

    #[test]
    fn each_way_fills_the_screen_but_the_whole_picture() {
        let scope = VideoFrame {
            width: 48,
            ..frame(PixelFormat::I420)
        };
        for screen in [TV, (1280, 720), (720, 576)] {
            let place = |zoom| {
                let shown = zoomed(&scope, zoom, screen);
                letterbox((shown.width, shown.height), shown.pixel_aspect, screen)
            };
            let whole = Rect::new(0, 0, screen.0, screen.1);
            assert_eq!(place(Zoom::Stretched), whole);
            assert!(place(Zoom::Whole).height < screen.1);
            // To the next even pixel of the picture.
            let filled = place(Zoom::Filled);
            let near = |is: u32, of: u32| is * 100 >= of * 90;
            assert!(
                near(filled.width, screen.0) && near(filled.height, screen.1),
                "{filled:?}"
            );
        }
    }
}
