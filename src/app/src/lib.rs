//! What the box is: the screens, what each key does on them, and what must be done in the world.
//!
//! The whole of it is three functions of [`App`]: [`App::update`] (the only mutation; it cannot
//! fail), [`App::view`] (what to show) and [`App::deadline`] (when it wants the next
//! [`Event::Tick`]). Events, effects and views are plain data. Nothing here touches a file, a
//! socket, a clock or a thread, so every behaviour of the box is a story a test can tell.

mod app;
pub mod choosing;
mod controls;
mod effect;
mod event;
mod film;
mod film_page;
mod forecast;
mod key;
mod library;
mod opening;
mod outlook;
mod playing;
mod prefetch;
mod supply;
mod time;
mod trail;
mod trouble;
mod view;
mod wall;
mod words;

pub use app::App;
pub use effect::{Effect, SeekMode};
pub use event::{
    Chapter, Event, PlayerFailure, PlayerNews, Progress, Session, SubtitleFile, TorrentFailure,
    TorrentNews, Track, TrackId, Tracks,
};
pub use film::{Film, FilmId, Licence, Poster, Readiness, Row, Source, TorrentRef};
pub use forecast::{Forecast, forecast};
pub use key::{Key, Press};
pub use library::{Library, Mark, ReadPlace};
pub use prefetch::Preferences;
pub use time::Time;
pub use view::{
    ActionView, BufferingView, Card, ControlsView, FilmView, HomeView, OpeningView, PanelView,
    PlayingView, RowView, Screen, SourceView, TroubleView, View,
};
