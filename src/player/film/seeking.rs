//! How a seek of the film begins and ends, and how the film does.

use std::time::Duration;

use app::{PlayerFailure, PlayerNews};

use super::{Film, Phase};
use crate::player::pipeline::Job;
use crate::player::seeks::{self, ShownSeek, UnderWay};

impl Film {
    pub(super) fn seek(&mut self, to: Duration, mode: app::SeekMode) {
        let event = seeks::event(to, mode, self.opening.speed);
        if self.phase == Phase::Starting {
            self.picture.admit_after(event.seqnum());
        }
        self.seeks.begun(event.seqnum(), to);
        self.give(Job::Seek(event));
    }

    /// A seek may be done: the sinks have settled.
    pub(super) fn settle(&mut self) {
        let shown = self.picture.shown().map(|shown| ShownSeek(shown.seek));
        if let Some(seek) = self.seeks.settled(shown) {
            self.sought(seek);
        }
    }

    pub(super) fn sought(&mut self, seek: UnderWay) {
        if self.phase == Phase::Starting {
            self.picture.admit_all();
            self.ready();
            return;
        }
        let shown = self
            .picture
            .shown()
            .filter(|shown| shown.seek == Some(seek.seqnum));
        let position = shown.map_or(seek.to, |shown| shown.position);
        self.say_sought(position);
    }

    pub(super) fn say_sought(&mut self, position: Duration) {
        self.news(PlayerNews::Seeked(position));
        self.transport.forget_told();
        self.say_position();
    }

    pub(super) fn seek_failed(&mut self, seek: UnderWay) {
        if self.phase == Phase::Starting {
            tracing::warn!(to = ?seek.to, "the film starts at its beginning: no seek");
            self.picture.admit_all();
            self.ready();
        } else if self.seeks.is_idle() {
            tracing::warn!(to = ?seek.to, "no seek");
            let shown = self.picture.shown().map(|shown| shown.position);
            self.say_sought(shown.unwrap_or_default());
        }
    }

    pub(super) fn ended(&mut self, seqnum: gst::Seqnum) {
        if self.phase != Phase::Ready {
            if !self.picture.has_come() {
                self.fail(PlayerFailure::Broken(
                    "it ends before its first picture".to_owned(),
                ));
            }
        } else if self.seeks.ends(seqnum) {
            self.settle();
            self.say_position();
            self.news(PlayerNews::Ended);
        }
    }
}
