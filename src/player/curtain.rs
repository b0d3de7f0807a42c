//! The way out of one film: its news and pictures, until the curtain falls.
//!
//! Pictures and news come from GStreamer's threads and may be under way when a film is closed.
//! Invariant: after [`Curtain::fall`] nothing of this film comes out any more, and the last
//! thing that did was "no picture". One lock held while handing over makes that so; what is
//! called under it must therefore be short and must not wait for the player.

use std::sync::{Arc, Mutex, PoisonError};

use app::{PlayerNews, Session};

use super::Outputs;
use media::VideoFrame;

pub(super) struct Curtain {
    session: Session,
    outputs: Arc<Outputs>,
    fallen: Mutex<bool>,
}

impl Curtain {
    pub(super) fn new(session: Session, outputs: Arc<Outputs>) -> Arc<Self> {
        Arc::new(Curtain {
            session,
            outputs,
            fallen: Mutex::new(false),
        })
    }

    pub(super) fn session(&self) -> Session {
        self.session
    }

    pub(super) fn news(&self, news: PlayerNews) {
        let fallen = self.fallen.lock().unwrap_or_else(PoisonError::into_inner);
        if !*fallen {
            (self.outputs.news)(self.session, news);
        }
    }

    pub(super) fn picture(&self, frame: VideoFrame) {
        let fallen = self.fallen.lock().unwrap_or_else(PoisonError::into_inner);
        if !*fallen {
            (self.outputs.frame)(Some(frame));
        }
    }

    /// Ends it: takes the picture away, and nothing follows.
    pub(super) fn fall(&self) {
        let mut fallen = self.fallen.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut *fallen, true) {
            (self.outputs.frame)(None);
        }
    }
}
