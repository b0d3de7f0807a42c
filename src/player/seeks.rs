//! Which seek to carry out next, and when one is done.
//!
//! While the viewer scrubs, seeks are wanted faster than they can be done: only the newest is
//! kept, and it waits until the picture of the one under way is there, or nothing would ever be
//! seen. One that hangs on missing bytes is not waited for.

use std::time::{Duration, Instant};

use app::SeekMode;

/// A read that waits longer is taken to wait for bytes nobody has; blocks come in some 30 ms.
const STALLED_AFTER: Duration = Duration::from_millis(80);

/// A seek that neither settles nor reads counts as done: its word has been lost. Decoding from
/// one key frame to just before the next takes some seconds on a slow board.
const SETTLES_WITHIN: Duration = Duration::from_secs(10);

/// How often a seek that hangs is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// No seek goes nearer to the end, so that it ends in a picture: sound often outlasts them.
const BEFORE_END: Duration = Duration::from_millis(500);

/// A film that goes on may begin so much later than it was left, if a key frame is there. Places
/// are kept in whole milliseconds, and rounded down: left at a key frame it would otherwise begin
/// one earlier each time. And qtdemux takes the earliest key frame of all streams, which for sound
/// is the packet before, of up to 93 ms: the picture of before that is another key frame earlier.
pub const BEGINS_WITHIN: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(super) struct Seeks {
    wanted: Option<(Duration, SeekMode)>,
    under_way: Option<UnderWay>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct UnderWay {
    pub(super) seqnum: gst::Seqnum,
    pub(super) to: Duration,
    begun: Instant,
    /// The call has come back; what is shown is another matter.
    returned: bool,
}

/// What is to be done about the wanted seek.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    Begin(Duration, SeekMode),
    /// The call under way hangs in a read and must be broken off for this one.
    BreakOff(Duration),
}

impl Seeks {
    pub(super) fn want(&mut self, to: Duration, mode: SeekMode) {
        self.wanted = Some((to, mode));
    }

    pub(super) fn is_idle(&self) -> bool {
        self.wanted.is_none() && self.under_way.is_none()
    }

    /// What to do now; `waiting` is how long the source has waited for bytes, `busy` whether
    /// the pipeline has something to do.
    pub(super) fn next(&mut self, waiting: Option<Duration>, busy: bool) -> Next {
        let Some((to, mode)) = self.wanted else {
            return Next::Nothing;
        };
        if let Some(under_way) = &self.under_way {
            if waiting.is_none_or(|waiting| waiting <= STALLED_AFTER) {
                return Next::Nothing;
            }
            if !under_way.returned {
                return Next::BreakOff(to);
            }
        }
        if busy {
            return Next::Nothing;
        }
        self.wanted = None;
        Next::Begin(to, mode)
    }

    /// Where to go instead of where the film is being opened, once that hangs on missing bytes.
    pub(super) fn overtakes(&self, waiting: Option<Duration>) -> Option<Duration> {
        let stalled = waiting.is_some_and(|waiting| waiting > STALLED_AFTER);
        self.wanted.filter(|_| stalled).map(|(to, _)| to)
    }

    pub(super) fn begun(&mut self, seqnum: gst::Seqnum, to: Duration) {
        self.under_way = Some(UnderWay {
            seqnum,
            to,
            begun: Instant::now(),
            returned: false,
        });
    }

    /// The call has come back, having worked or not; gives the seek that came to nothing.
    pub(super) fn returned(&mut self, seqnum: gst::Seqnum, worked: bool) -> Option<UnderWay> {
        let under_way = self
            .under_way
            .as_mut()
            .filter(|seek| seek.seqnum == seqnum)?;
        under_way.returned = true;
        if worked { None } else { self.under_way.take() }
    }

    /// The pipeline has settled, or a picture came. `shown` is what the picture on the screen
    /// belongs to, itself none when there is no picture at all. Gives the seek that is now done.
    ///
    /// Where there are pictures only the picture tells: the pipeline also settles for a pause
    /// ordered just before, and says so when the seek's call has long come back.
    pub(super) fn settled(&mut self, shown: Option<ShownSeek>) -> Option<UnderWay> {
        self.under_way.take_if(|seek| match shown {
            Some(ShownSeek(of)) => of == Some(seek.seqnum),
            None => seek.returned,
        })
    }

    /// Whether the end that was met lies after the newest seek; a seek under way is then done.
    pub(super) fn ends(&mut self, seqnum: gst::Seqnum) -> bool {
        match self.under_way {
            Some(seek) if seek.seqnum != seqnum => false,
            _ => self.wanted.is_none(),
        }
    }

    /// Gives the seek whose settling was never told.
    pub(super) fn overdue(&mut self, waiting: bool) -> Option<UnderWay> {
        let late = |seek: &mut UnderWay| {
            seek.returned && !waiting && seek.begun.elapsed() > SETTLES_WITHIN
        };
        self.under_way.take_if(late)
    }

    /// When to look again.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let Some(seek) = self.under_way else {
            // While the film opens, one may be wanted that nothing is under way for.
            return self.wanted.map(|_| Instant::now() + LOOK_AGAIN);
        };
        let next = if self.wanted.is_some() {
            LOOK_AGAIN
        } else {
            SETTLES_WITHIN
        };
        Some((seek.begun + next).max(Instant::now() + LOOK_AGAIN))
    }
}

/// The seek that the picture on the screen came after, if any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ShownSeek(pub(super) Option<gst::Seqnum>);

/// Where a seek to `to` goes in a film of this length.
pub(super) fn clamp(to: Duration, duration: Option<Duration>) -> Duration {
    duration.map_or(to, |duration| to.min(duration.saturating_sub(BEFORE_END)))
}

/// Thousandths of a film's own speed.
pub(super) const OWN_SPEED: u16 = 1000;

/// Sound is understood so fast and so slowly.
pub(super) const SLOWEST: u16 = 500;
pub(super) const FASTEST: u16 = 2000;

/// The seek as GStreamer takes it, from which on the film runs at that speed. Trick-mode flags
/// would stay in force until the next seek and make play drop frames, so scrubbing does without.
pub(super) fn event(to: Duration, mode: SeekMode, speed: u16) -> gst::Event {
    let how = match mode {
        SeekMode::KeyUnit => gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_NEAREST,
        SeekMode::Accurate => gst::SeekFlags::ACCURATE,
    };
    seek(gst::Seqnum::next(), to, gst::SeekFlags::FLUSH | how, speed)
}

/// How a film begins in its middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// At the key frame before. The viewer sees once more what was last seen, and neither bytes
    /// nor decoding are spent on pictures that are not shown: up to 10 s of the film.
    KeyFrame,
    /// At the picture itself.
    Picture,
}

/// The seek with which a film begins, before anything of it has passed.
pub(super) fn beginning(seqnum: gst::Seqnum, to: Duration, how: Begin) -> gst::Event {
    match how {
        Begin::KeyFrame => {
            let how = gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_BEFORE;
            seek(seqnum, to + BEGINS_WITHIN, how, OWN_SPEED)
        }
        Begin::Picture => seek(seqnum, to, gst::SeekFlags::ACCURATE, OWN_SPEED),
    }
}

fn seek(seqnum: gst::Seqnum, to: Duration, how: gst::SeekFlags, speed: u16) -> gst::Event {
    let to = gst::ClockTime::try_from(to).unwrap_or(gst::ClockTime::MAX);
    gst::event::Seek::builder(
        f64::from(speed) / f64::from(OWN_SPEED),
        how,
        gst::SeekType::Set,
        to,
        gst::SeekType::None,
        gst::ClockTime::NONE,
    )
    .seqnum(seqnum)
    .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEC: Duration = Duration::from_secs(1);
    const KEY: SeekMode = SeekMode::KeyUnit;

    #[test]
    fn the_newest_wanted_seek_waits_for_the_one_under_way() {
        let mut seeks = Seeks::default();
        seeks.want(SEC, KEY);
        assert_eq!(seeks.next(None, false), Next::Begin(SEC, KEY));
        let first = gst::Seqnum::next();
        seeks.begun(first, SEC);
        for secs in 2..9 {
            seeks.want(SEC * secs, KEY);
            assert_eq!(seeks.next(None, false), Next::Nothing);
        }
        assert!(seeks.returned(first, true).is_none());
        assert_eq!(seeks.next(Some(STALLED_AFTER), false), Next::Nothing);
        assert_eq!(seeks.settled(None).unwrap().to, SEC);
        assert_eq!(seeks.next(None, false), Next::Begin(SEC * 8, KEY));
        assert!(seeks.is_idle());
    }

    #[test]
    fn a_seek_that_hangs_on_missing_bytes_is_overtaken() {
        let mut seeks = Seeks::default();
        let first = gst::Seqnum::next();
        seeks.begun(first, SEC);
        seeks.want(SEC * 2, KEY);
        let stalled = Some(STALLED_AFTER * 2);
        assert_eq!(seeks.next(stalled, true), Next::BreakOff(SEC * 2));
        assert!(seeks.returned(first, true).is_none());
        assert_eq!(seeks.next(stalled, true), Next::Nothing);
        assert_eq!(seeks.next(stalled, false), Next::Begin(SEC * 2, KEY));
    }

    #[test]
    fn an_old_word_does_not_settle_a_seek_that_is_not_back() {
        let mut seeks = Seeks::default();
        let (old, new) = (gst::Seqnum::next(), gst::Seqnum::next());
        seeks.begun(new, SEC);
        assert!(seeks.settled(Some(ShownSeek(Some(old)))).is_none());
        assert!(!seeks.ends(old));
        assert!(seeks.settled(Some(ShownSeek(Some(new)))).is_some());
        assert!(seeks.ends(old));
    }

    #[test]
    fn no_seek_goes_beyond_the_last_pictures() {
        assert_eq!(clamp(SEC * 99, Some(SEC * 10)), SEC * 10 - BEFORE_END);
        assert_eq!(clamp(SEC, Some(BEFORE_END / 2)), Duration::ZERO);
        assert_eq!(clamp(SEC * 99, None), SEC * 99);
    }
}
