//! Motion of one value, from where it is to where it is wanted.
//!
//! Time is passed in. A glide that has been aimed starts at the next step, one frame along, so
//! that the first picture after a key already shows it moving.

use std::time::Duration;

/// The focus on its way to the next poster.
pub(crate) const FOCUS: Duration = Duration::from_millis(120);
/// Rows and walls that scroll; a notice that comes.
pub(crate) const SCROLL: Duration = Duration::from_millis(200);
/// One glow becoming another.
pub(crate) const FADE: Duration = Duration::from_millis(240);
/// A frame at 60 Hz.
const FRAME: Duration = Duration::from_millis(16);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Glide {
    from: f32,
    to: f32,
    value: f32,
    length: Duration,
    start: Start,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Resting,
    /// Aimed, and not stepped since.
    Next,
    At(Duration),
}

impl Glide {
    pub(crate) const fn at(value: f32) -> Self {
        Self {
            from: value,
            to: value,
            value,
            length: Duration::ZERO,
            start: Start::Resting,
        }
    }

    /// Sets out from where it is; nothing changes if that is where it goes already.
    pub(crate) fn aim(&mut self, to: f32, length: Duration) {
        if self.to.to_bits() != to.to_bits() {
            self.from = self.value;
            self.to = to;
            self.length = length;
            self.start = Start::Next;
        }
    }

    pub(crate) fn jump(&mut self, to: f32) {
        *self = Self::at(to);
    }

    pub(crate) fn step(&mut self, now: Duration) {
        let start = match self.start {
            Start::Resting => return,
            Start::Next => now.saturating_sub(FRAME),
            Start::At(start) => start,
        };
        let gone = now.saturating_sub(start);
        if gone >= self.length {
            self.jump(self.to);
        } else {
            let rest = 1.0 - gone.as_secs_f32() / self.length.as_secs_f32();
            self.value = self.from + (self.to - self.from) * (1.0 - rest * rest * rest);
            self.start = Start::At(start);
        }
    }

    pub(crate) fn value(&self) -> f32 {
        self.value
    }

    pub(crate) fn aim_value(&self) -> f32 {
        self.to
    }

    pub(crate) fn moving(&self) -> bool {
        self.start != Start::Resting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glides_and_rests_at_the_end() {
        let mut glide = Glide::at(10.0);
        glide.aim(110.0, FOCUS);
        let mut before = glide.value();
        for ms in (1000..1110).step_by(16) {
            glide.step(Duration::from_millis(ms));
            assert!(glide.value() > before && glide.moving());
            before = glide.value();
        }
        glide.step(Duration::from_millis(1120));
        assert_eq!((glide.value(), glide.moving()), (110.0, false));
    }

    #[test]
    fn a_new_aim_sets_out_from_where_it_is() {
        let mut glide = Glide::at(0.0);
        glide.aim(100.0, FOCUS);
        glide.step(Duration::from_millis(50));
        let on_the_way = glide.value();
        glide.aim(0.0, FOCUS);
        assert!((glide.value() - on_the_way).abs() < f32::EPSILON);
        glide.step(Duration::from_millis(51));
        assert!(glide.value() < on_the_way);
    }

    #[test]
    fn a_clock_that_stands_still_does_no_harm() {
        let mut glide = Glide::at(0.0);
        glide.aim(1.0, FADE);
        glide.step(Duration::ZERO);
        glide.step(Duration::ZERO);
        assert!(glide.moving());
        glide.step(Duration::from_secs(9));
        assert!(!glide.moving());
    }
}
