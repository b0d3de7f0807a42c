//! A film that runs, and what is over it.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::ActionView;
use crate::{
    Chapter, Episode, FilmId, Lines, Poster, Session, Still, TextLook, Track, TrackId, Zoom,
};

#[derive(Debug, Clone, PartialEq)]
pub struct PlayingView {
    pub session: Session,
    pub film: FilmId,
    pub title: String,
    /// As the viewer wants it; buffering does not count as paused.
    pub paused: bool,
    pub buffering: Option<Box<BufferingView>>,
    pub position: Duration,
    /// A seek is under way; `position` is where it will end.
    pub seeking: bool,
    pub duration: Option<Duration>,
    /// Parts of the film that are held, as thousandths of its length.
    pub buffered: Vec<Range<u16>>,
    pub peers: u32,
    /// Bytes a second.
    pub rate: u64,
    /// Controls are on the screen.
    pub controls: Option<ControlsView>,
    /// What comes after it, towards its end.
    pub next: Option<Box<NextView>>,
    /// What can be skipped of it now: "Skip the opening".
    pub skip: Option<String>,
    /// What is measured of it, while somebody looks.
    pub stats: Vec<FactView>,
    pub lines: Lines,
    pub look: TextLook,
    /// How its picture fills the screen.
    pub zoom: Zoom,
    pub deck: Box<DeckView>,
    pub chapters: Arc<Vec<Chapter>>,
    pub audio: Vec<Track>,
    pub audio_now: Option<TrackId>,
    pub subtitles: Vec<Track>,
    pub subtitle_now: Option<TrackId>,
    pub second_now: Option<TrackId>,
}

/// Of the film, what is on no screen of ours, for those who show it elsewhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeckView {
    /// It is one.
    pub episode: Option<Arc<Episode>>,
    pub poster: Option<Poster>,
    /// It can be moved in, and run faster.
    pub seekable: bool,
    /// In thousandths of its own speed.
    pub speed: u16,
    /// An episode comes after it.
    pub has_next: bool,
    /// Another number than before: it is where time alone has not brought it.
    pub jumps: u32,
}

/// "Sound": "English"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactView {
    pub name: String,
    pub value: String,
}

/// The card of the next episode.
#[derive(Debug, Clone, PartialEq)]
pub struct NextView {
    /// "Next episode", "Still watching?"
    pub heading: String,
    /// "S1 E3  ·  The Box"
    pub title: String,
    /// Whether it is ready, or when it plays by itself; empty: nobody knows.
    pub status: String,
    pub actions: Vec<ActionView>,
    pub focus: usize,
    /// The film is over: this is all that is left of it.
    pub over: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BufferingView {
    /// "Waiting for the film · 120 kB/s · 2 peers"
    pub text: String,
    pub permille: Option<u16>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ControlsView {
    /// Where the seek handle is: the scrub target while scrubbing, else the position.
    pub handle: Duration,
    pub scrubbing: bool,
    /// "12:04"
    pub elapsed: String,
    /// "-1:02:11"
    pub left: String,
    /// "Ends at 22:41"; none: nobody knows.
    pub ends: Option<String>,
    /// Name of the chapter at the handle.
    pub chapter: Option<String>,
    /// Below the bar: pause, audio, subtitles.
    pub buttons: Vec<ActionView>,
    /// None: the focus is on the seek bar.
    pub button: Option<usize>,
    pub panel: Option<PanelView>,
    /// Around the handle while a place is sought, in the film's order; empty: none is.
    pub stills: Vec<StillView>,
    /// The one of the handle.
    pub still: usize,
}

/// A place of the strip over the seek bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StillView {
    /// "12:04"
    pub clock: String,
    /// None: it is not made, or that part of the film is not here.
    pub picture: Option<Still>,
}

/// A list to choose from, over the film.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelView {
    pub title: String,
    pub labels: Vec<String>,
    pub chosen: Option<usize>,
    pub focus: usize,
}
