//! Room at the edges for TVs that hide them.
//!
//! A TV that enlarges what it gets (overscan) cuts off the outermost words, and not each can be
//! told to stop. So the whole picture is made smaller by what the owner says that is hidden, film
//! and UI alike, and nothing of either is lost.

use super::Rect;

/// What a TV hides at most; of those that are set so, most hide five.
pub const OVERSCAN_MAX: u8 = 15;

/// Where on a screen of that many pixels the picture is; `percent` of each side is left black, half
/// of it at each edge.
pub(super) fn inset((width, height): (u32, u32), percent: u8) -> Rect {
    let percent = u32::from(percent.min(OVERSCAN_MAX));
    // Whole pixels, the same at both edges.
    let edge = |side: u32| side * percent / 200;
    let (left, top) = (edge(width), edge(height));
    Rect::new(left, top, width - 2 * left, height - 2 * top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_left_black_alike() {
        assert_eq!(inset((1920, 1080), 0), Rect::new(0, 0, 1920, 1080));
        assert_eq!(inset((1920, 1080), 5), Rect::new(48, 27, 1824, 1026));
        assert_eq!(inset((1366, 768), 3), Rect::new(20, 11, 1326, 746));
        assert_eq!(inset((1920, 1080), 99), inset((1920, 1080), OVERSCAN_MAX));
        assert_eq!(inset((16, 16), 15), Rect::new(1, 1, 14, 14));
    }
}
