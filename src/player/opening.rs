//! What a film is opened with: plain values, so that a film whose pipeline cannot go on is opened
//! again with most of them.

use std::sync::Arc;
use std::time::Duration;

use super::Media;
use super::blocks::Blocks;
use super::choice::Chosen;
use super::curtain::Curtain;
use super::inbox::Inbox;
use super::seeks::Begin;
use super::sound::{Coded, Outlet, Tried};
use super::start::Start;
use super::stills::Stills;

/// What a film is opened with, again if its pipeline must change.
#[derive(Clone)]
pub(super) struct Opening {
    pub(super) curtain: Arc<Curtain>,
    pub(super) media: Media,
    pub(super) at: Duration,
    /// How fast it runs, in thousandths of its own speed.
    pub(super) speed: u16,
    /// It was tried to begin there, in vain: only a seek leads there.
    pub(super) by_seek: bool,
    pub(super) inbox: Arc<Inbox>,
    pub(super) runtime: tokio::runtime::Handle,
    pub(super) outlet: Outlet,
    /// What was learnt of sound outputs.
    pub(super) tried: Tried,
    /// How the sound goes out that is not decoded here; none: it is.
    pub(super) coded: Option<Coded>,
    /// The film's bytes; what was read serves a successor too.
    pub(super) blocks: Arc<Blocks>,
    /// Somebody looks how it is shown.
    pub(super) counts: bool,
    /// None: none were wanted yet.
    pub(super) stills: Option<Arc<Stills>>,
    /// What was told and chosen before; none the first time.
    pub(super) resumed: Option<Resumed>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Resumed {
    pub(super) paused: bool,
    pub(super) chosen: Chosen,
    /// Where it is opened is where a seek shall go.
    pub(super) seeking: bool,
}

impl Opening {
    /// The way to where it shall begin; none if that is its start.
    pub(super) fn start(&self) -> Option<Arc<Start>> {
        // One that is opened again was there already, or is to be where a seek went.
        let how = match self.resumed {
            Some(_) => Begin::Picture,
            None => Begin::KeyFrame,
        };
        let begins = !self.at.is_zero() && !self.by_seek;
        begins.then(|| Start::new(self.at, how))
    }
}
