//! Whether the film shall run, whether it does, and when to tell where it is.

use std::time::{Duration, Instant};

use super::pipeline::Job;

/// Four a second: what the core is promised.
const POSITION_EVERY: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(super) struct Transport {
    /// What the core wants.
    paused: bool,
    /// What the pipeline was last asked for.
    playing: bool,
    clock_lost: bool,
    said: Option<Duration>,
    next: Instant,
}

impl Transport {
    /// A film opens without playing, whatever is wanted.
    pub(super) fn new(paused: bool) -> Transport {
        Transport {
            paused,
            playing: false,
            clock_lost: false,
            said: None,
            next: Instant::now(),
        }
    }

    pub(super) fn want(&mut self, paused: bool) {
        self.paused = paused;
    }

    pub(super) fn wants_pause(&self) -> bool {
        self.paused
    }

    /// The sound's clock is gone.
    pub(super) fn lose_clock(&mut self) {
        self.clock_lost = true;
    }

    /// What the pipeline must do now for the film to run as wanted.
    pub(super) fn job(&mut self) -> Option<Job> {
        let clock_lost = std::mem::take(&mut self.clock_lost);
        if self.playing == self.paused {
            self.playing = !self.paused;
            self.next = Instant::now() + POSITION_EVERY;
            let state = if self.paused {
                gst::State::Paused
            } else {
                gst::State::Playing
            };
            return Some(Job::SetState(state));
        }
        (clock_lost && self.playing).then_some(Job::FindClock)
    }

    /// When to tell the position next, while it changes by itself.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.playing.then_some(self.next)
    }

    /// The position is told once the time has come, and at once after a seek.
    pub(super) fn due(&self) -> bool {
        self.playing && Instant::now() >= self.next
    }

    /// It stands still, as far as the pipeline was asked to.
    pub(super) fn stands(&self) -> bool {
        !self.playing
    }

    /// The position to tell, unless it was told already.
    pub(super) fn tell(&mut self, shown: Option<Duration>) -> Option<Duration> {
        self.next = Instant::now() + POSITION_EVERY;
        let news = shown.filter(|_| shown != self.said);
        self.said = shown;
        news
    }

    /// The next position is news even if it is the last one told.
    pub(super) fn forget_told(&mut self) {
        self.said = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pipeline_is_asked_once_for_what_is_wanted() {
        let mut transport = Transport::new(true);
        assert!(transport.job().is_none());
        transport.want(false);
        assert!(matches!(
            transport.job(),
            Some(Job::SetState(gst::State::Playing))
        ));
        assert!(transport.job().is_none());
        transport.lose_clock();
        assert!(matches!(transport.job(), Some(Job::FindClock)));
        assert!(transport.job().is_none());
        transport.want(true);
        transport.want(false);
        assert!(transport.job().is_none());
    }

    #[test]
    fn a_position_is_told_once() {
        let mut transport = Transport::new(false);
        let at = Some(Duration::from_secs(5));
        assert_eq!(transport.tell(at), at);
        assert_eq!(transport.tell(at), None);
        transport.forget_told();
        assert_eq!(transport.tell(at), at);
    }
}
