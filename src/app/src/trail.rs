//! Which byte of the film belongs to which moment of it, as the player was seen to read.
//!
//! A player reads ahead of its picture: by a piece of its own, and by what lies decoded and
//! demuxed between. So where it reads *now* belongs to a moment a few seconds later, and what
//! shows a moment begins at the key frame before it, a few seconds earlier. The byte for a moment
//! is therefore where the player read when it showed the moment [`BACK`] before. That is measured,
//! not reckoned from the bitrate, which swings by half within one film.

use std::collections::VecDeque;
use std::time::Duration;

/// Read-ahead (a second, measured) and half the usual distance of key frames (2 s), so that the key
/// frame before the picture is in the byte's piece more often than not. Where it is not, the
/// container's index tells in time.
const BACK: Duration = Duration::from_secs(2);

/// Between notes; a second of film is less than a piece.
const SPACING: Duration = Duration::from_secs(1);

/// Notes kept: those of [`BACK`], and one before it.
const NOTES_MAX: usize = 4;

/// Where the player read at moments of the film, since it was last moved in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trail {
    notes: VecDeque<(Duration, u64)>,
}

impl Trail {
    /// At this moment of the film the player read there.
    pub(crate) fn note(&mut self, moment: Duration, read_at: u64) {
        match self.notes.back() {
            Some((last, byte)) if moment < *last || read_at < *byte => self.notes.clear(),
            Some((last, _)) if moment < *last + SPACING => return,
            _ => {}
        }
        if self.notes.len() == NOTES_MAX {
            self.notes.pop_front();
        }
        self.notes.push_back((moment, read_at));
    }

    /// It goes on at `moment`, of which an earlier trail has told the byte.
    pub(crate) fn goes_on(&mut self, moment: Duration, byte: u64) {
        self.notes.clear();
        self.notes.push_back((moment.saturating_sub(BACK), byte));
    }

    /// The film goes on from elsewhere.
    pub(crate) fn restart(&mut self) {
        self.notes.clear();
    }

    /// The byte from which on `moment` can be shown, as near before it as is known; none too soon
    /// after the player was moved.
    pub(crate) fn byte_of(&self, moment: Duration) -> Option<u64> {
        let mut notes = self.notes.iter().rev();
        let note = notes.find(|(noted, _)| *noted + BACK <= moment);
        note.map(|(_, byte)| *byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// Plays from `from` for `seconds`, four notes a second, reading 2 s ahead.
    fn play(trail: &mut Trail, from: u32, seconds: u32, byte: impl Fn(f64) -> u64) {
        for quarter in 0..seconds * 4 {
            let at = f64::from(from) + f64::from(quarter) / 4.0;
            trail.note(s(at), byte(at + 2.0));
        }
    }

    #[test]
    fn the_byte_lies_before_the_picture_and_not_far() {
        // A film whose bitrate trebles in the middle: reckoning by its length would be far off.
        let byte = |at: f64| {
            (if at < 60.0 {
                at * 1e5
            } else {
                at.mul_add(3e5, -120e5)
            }) as u64
        };
        let mut trail = Trail::default();
        play(&mut trail, 0, 90, byte);
        let found = trail.byte_of(s(89.75)).expect("played long enough");
        assert!(byte(87.0) <= found && found <= byte(89.0), "{found}");
    }

    #[test]
    fn what_an_earlier_trail_told_holds_until_more_is_known() {
        let mut trail = Trail::default();
        trail.goes_on(s(100.0), 9_000_000);
        assert_eq!(trail.byte_of(s(100.0)), Some(9_000_000));
        play(&mut trail, 100, 2, |at| (at * 1e5) as u64);
        assert_eq!(trail.byte_of(s(101.75)), Some(9_000_000));
        play(&mut trail, 102, 4, |at| (at * 1e5) as u64);
        assert_eq!(trail.byte_of(s(105.75)), Some(10_500_000));
    }

    #[test]
    fn soon_after_a_seek_nothing_is_known() {
        let byte = |at: f64| (at * 1e5) as u64;
        let mut trail = Trail::default();
        play(&mut trail, 0, 30, byte);
        trail.restart();
        play(&mut trail, 100, 2, byte);
        assert_eq!(trail.byte_of(s(101.75)), None);
        // A jump back that nobody announced is one too.
        play(&mut trail, 50, 8, byte);
        assert_eq!(trail.byte_of(s(57.75)), Some(byte(57.0)));
    }
}
