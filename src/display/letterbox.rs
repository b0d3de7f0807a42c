//! Where a picture lies on the screen: as large as it fits, its shape kept, in the middle.

use super::Rect;

/// The part of a `screen` (width, height in pixels) that a picture of `size` pixels covers when
/// each of its pixels is `aspect` (width, height) in shape. Never empty unless the screen is.
///
/// An aspect with a zero in it is unknown and taken as square; a picture of no pixels covers
/// nothing.
pub fn letterbox(size: (u32, u32), aspect: (u32, u32), screen: (u32, u32)) -> Rect {
    if size.0 == 0 || size.1 == 0 || screen.0 == 0 || screen.1 == 0 {
        return Rect::default();
    }
    let aspect = if aspect.0 == 0 || aspect.1 == 0 {
        (1, 1)
    } else {
        aspect
    };
    // u128: two u32 multiplied and multiplied again by a u32.
    let shape = (
        u128::from(size.0) * u128::from(aspect.0),
        u128::from(size.1) * u128::from(aspect.1),
    );
    let (wide, high) = (u128::from(screen.0), u128::from(screen.1));
    // Rounded to the nearest pixel; at most the screen, at least one.
    let part = |length: u128, over: u128, under: u128| (length * over + under / 2) / under;
    let (width, height) = if shape.0 * high >= shape.1 * wide {
        (screen.0, part(wide, shape.1, shape.0).clamp(1, high) as u32)
    } else {
        (part(high, shape.0, shape.1).clamp(1, wide) as u32, screen.1)
    };
    Rect::new(
        (screen.0 - width) / 2,
        (screen.1 - height) / 2,
        width,
        height,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TV: (u32, u32) = (1920, 1080);

    #[test]
    fn a_picture_of_the_screens_shape_covers_it() {
        let whole = Rect::new(0, 0, 1920, 1080);
        assert_eq!(letterbox((1280, 720), (1, 1), TV), whole);
        assert_eq!(letterbox((1920, 1080), (1, 1), TV), whole);
        assert_eq!(letterbox((16, 9), (0, 1), TV), whole);
    }

    #[test]
    fn a_wide_picture_has_bars_above_and_below() {
        let scope = letterbox((1920, 800), (1, 1), TV);
        assert_eq!(scope, Rect::new(0, 140, 1920, 800));
    }

    #[test]
    fn an_old_picture_has_bars_left_and_right() {
        let old = letterbox((640, 480), (1, 1), TV);
        assert_eq!(old, Rect::new(240, 0, 1440, 1080));
    }

    #[test]
    fn pixels_that_are_not_square_widen_the_picture() {
        // A PAL DVD in 16:9.
        let dvd = letterbox((720, 576), (64, 45), TV);
        assert_eq!(dvd, Rect::new(0, 0, 1920, 1080));
        // An NTSC DVD in 4:3.
        let ntsc = letterbox((720, 480), (8, 9), TV);
        assert_eq!(ntsc, Rect::new(240, 0, 1440, 1080));
    }

    #[test]
    fn extreme_shapes_keep_at_least_one_pixel() {
        assert_eq!(
            letterbox((10000, 1), (1, 1), (100, 100)),
            Rect::new(0, 49, 100, 1)
        );
        let tall = letterbox((1, u32::MAX), (1, u32::MAX), (99, 99));
        assert_eq!((tall.width, tall.height), (1, 99));
        assert!(letterbox((0, 5), (1, 1), TV).is_empty());
    }
}
