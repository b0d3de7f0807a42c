//! Rectangles of the screen, and the damage a commit has to put right: a short list of them.
//! Pure geometry in whole pixels; nothing here can overflow for screens a `u32` can name.

/// A part of the screen in pixels, from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Rect {
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// First column right of it.
    pub const fn right(&self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// First row below it.
    pub const fn bottom(&self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// What both cover; none if that is nothing.
    pub fn intersect(&self, other: &Rect) -> Option<Rect> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = self.right().min(other.right());
        let bottom = self.bottom().min(other.bottom());
        (right > x && bottom > y).then(|| Rect::new(x, y, right - x, bottom - y))
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Rect) -> Rect {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = self.right().max(other.right());
        let bottom = self.bottom().max(other.bottom());
        Rect::new(x, y, right - x, bottom - y)
    }

    pub fn contains(&self, other: &Rect) -> bool {
        self.intersect(other) == Some(*other)
    }
}

/// The parts of the screen that changed. They may overlap: composing a pixel twice is harmless.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage {
    rects: Vec<Rect>,
}

impl Damage {
    /// More than the UI's renderer reports for several redraws (3 each) with the video on top;
    /// beyond that one rectangle around all of them is as good.
    pub const RECTS_MAX: usize = 16;

    /// Adds a part; what is inside another one already costs nothing.
    pub fn add(&mut self, rect: Rect) {
        if rect.is_empty() || self.rects.iter().any(|known| known.contains(&rect)) {
            return;
        }
        self.rects.retain(|known| !rect.contains(known));
        self.rects.push(rect);
        if self.rects.len() > Self::RECTS_MAX {
            let around = self.rects.iter().fold(rect, |all, one| all.union(one));
            self.rects.clear();
            self.rects.push(around);
        }
    }

    /// Adds all parts of another damage.
    pub fn add_all(&mut self, other: &Damage) {
        for rect in &other.rects {
            self.add(*rect);
        }
    }

    pub fn rects(&self) -> &[Rect] {
        &self.rects
    }

    pub fn is_empty(&self) -> bool {
        self.rects.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_that_only_touch_share_nothing() {
        let left = Rect::new(0, 0, 10, 10);
        assert_eq!(left.intersect(&Rect::new(10, 0, 5, 5)), None);
        assert_eq!(
            left.intersect(&Rect::new(9, 9, 5, 5)),
            Some(Rect::new(9, 9, 1, 1))
        );
    }

    #[test]
    fn a_rectangle_past_the_last_pixel_does_not_wrap() {
        let edge = Rect::new(u32::MAX - 1, 0, 10, 1);
        assert_eq!(edge.right(), u32::MAX);
        assert_eq!(edge.intersect(&Rect::new(0, 0, 100, 100)), None);
    }

    #[test]
    fn damage_stays_short_and_covers_all_it_was_given() {
        let mut damage = Damage::default();
        for step in 0..100 {
            damage.add(Rect::new(step * 7, step * 3, 5, 2));
            assert!(damage.rects().len() <= Damage::RECTS_MAX);
        }
        for step in 0..100 {
            let given = Rect::new(step * 7, step * 3, 5, 2);
            assert!(damage.rects().iter().any(|rect| rect.contains(&given)));
        }
    }

    #[test]
    fn a_part_inside_another_is_not_kept() {
        let mut damage = Damage::default();
        damage.add(Rect::new(2, 2, 3, 3));
        damage.add(Rect::new(0, 0, 10, 10));
        damage.add(Rect::new(4, 4, 1, 1));
        damage.add(Rect::new(4, 4, 0, 1));
        assert_eq!(damage.rects(), [Rect::new(0, 0, 10, 10)]);
    }
}
