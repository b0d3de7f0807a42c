//! The player shell: shows one film at a time, read from wherever `media::Source` reads it.
//!
//! Orders go in through [`Player`] and never wait; news and pictures come out through
//! [`Outputs`]. Inside, one thread (`projector`) decides, one thread per open film (`pipeline`)
//! makes the calls into GStreamer that may wait, and GStreamer's own threads read, decode and
//! show. Buffering is not the player's business: where bytes are missing it waits, and the core
//! pauses and resumes by what the torrent has.
//!
//! Invariants: at most one film is open; what a closed film still had to say is never heard;
//! every wait inside ends within moments of a seek or a close.
//!
//! Why playbin3 with our own sinks and source: it plugs decoders and switches streams without a
//! restart, and the picture goes where the presenter wants it. Why not its subtitles: see
//! `subtitles`.

mod aside;
mod blocks;
mod choice;
mod counting;
mod curtain;
mod ending;
mod failure;
mod film;
mod fitting;
mod hearing;
mod inbox;
mod matroska;
mod opening;
mod picture;
mod pipeline;
mod projector;
mod seeks;
mod shared;
mod sound;
mod source;
mod start;
mod stills;
mod subtitles;
mod tracks;
mod transport;

use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use app::{PlayerNews, SeekMode, Session, SoundSettings, TextTiming, TrackId};

use inbox::{Inbox, Order};
use media;
pub use seeks::BEGINS_WITHIN;
use sound::{Desk, Dials, Outlet, Watch};
pub use sound::{Outlets, Ticket, Voice};

/// What to play.
#[derive(Debug, Clone)]
pub struct Media {
    pub film: Arc<dyn media::Source>,
    /// Text files beside the film, read when first chosen.
    pub subtitles: Vec<TextFile>,
}

/// Subtitles that are not in the container.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// BCP 47.
    pub language: Option<String>,
    /// Who has it, where that is not the film's own place.
    pub from: Option<Arc<str>>,
    pub text: Arc<dyn media::Text>,
}

type News = dyn Fn(Session, PlayerNews) + Send + Sync;
type Frame = dyn Fn(Option<media::VideoFrame>) + Send + Sync;

/// Where news and pictures go. Called on the player's threads; must return at once.
#[derive(Clone)]
pub struct Outputs {
    pub news: Arc<News>,
    /// The picture to show from now on; none when a film is closed.
    pub frame: Arc<Frame>,
}

impl fmt::Debug for Outputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outputs")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PlayerError {
    #[error("the player's thread did not start: {0}")]
    Thread(std::io::Error),
}

/// The handle to the player. Dropping it closes the film and waits for its end, some
/// milliseconds and at most a few seconds.
#[derive(Debug)]
pub struct Player {
    inbox: Arc<Inbox>,
    thread: Option<JoinHandle<()>>,
    dials: Arc<Dials>,
    desk: Arc<Desk>,
    /// Of sound outputs; none: the desktop's business, or nobody can.
    _watch: Option<Watch>,
}

impl Player {
    /// Starts the player's thread. GStreamer is made ready on it (some 50 ms, seconds when its
    /// plugins have changed); a film opened meanwhile waits for that. Sources are read on
    /// `runtime`, which must have threads of its own; sound goes out by the best of `outlets`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        runtime: tokio::runtime::Handle,
        outputs: Outputs,
        outlets: Outlets,
    ) -> Result<Player, PlayerError> {
        let inbox = Arc::new(Inbox::default());
        let of_thread = inbox.clone();
        let dials = Arc::new(Dials::default());
        let desk = Arc::new(Desk::default());
        let watch = if let Outlets::Alsa { .. } = outlets {
            let of_watch = inbox.clone();
            let watch = Watch::start(move || of_watch.outputs());
            // A film is heard all the same, but does not move to what is plugged in.
            watch
                .inspect_err(|why| tracing::error!("sound: {why}"))
                .ok()
        } else {
            None
        };
        let outlet = Outlet {
            outlets: Arc::new(outlets),
            dials: dials.clone(),
            desk: desk.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("player".to_owned())
            .spawn(move || projector::run(&of_thread, &runtime, outputs, outlet))
            .map_err(PlayerError::Thread)?;
        Ok(Player {
            inbox,
            thread: Some(thread),
            dials,
            desk,
            _watch: watch,
        })
    }

    /// Closes what is open and opens `media`, up to the picture at `at`, paused. Ends in
    /// `PlayerNews::Ready` or `Failed`.
    pub fn open(&self, session: Session, media: Media, at: Duration) {
        self.inbox.order(Order::Open { session, media, at });
    }

    pub fn close(&self, session: Session) {
        self.inbox.order(Order::Close(session));
    }

    pub fn set_paused(&self, session: Session, paused: bool) {
        self.inbox.order(Order::SetPaused(session, paused));
    }

    /// Goes to `to`, at most the film's end; `PlayerNews::Seeked` tells where it got to. Of
    /// several seeks ordered before the first one is done only the last is carried out.
    pub fn seek(&self, session: Session, to: Duration, mode: SeekMode) {
        self.inbox.order(Order::Seek { session, to, mode });
    }

    /// How fast the film runs from the next seek on, in thousandths of its own speed. Its sound
    /// keeps its pitch.
    pub fn set_speed(&self, session: Session, permille: u16) {
        self.inbox.order(Order::Speed(session, permille));
    }

    /// Measures how the film is shown: `PlayerNews::Measured` tells it once a second, until it is
    /// told not to.
    pub fn measure(&self, session: Session, on: bool) {
        self.inbox.order(Order::Count(session, on));
    }

    /// Switches the sound; `PlayerNews::Tracks` follows when it is done.
    pub fn select_audio(&self, session: Session, track: TrackId) {
        self.inbox.order(Order::SelectAudio(session, track));
    }

    /// Shows a second text with the first, or no more; `PlayerNews::Tracks` follows.
    pub fn select_second(&self, session: Session, track: Option<TrackId>) {
        self.inbox.order(Order::SelectSecond(session, track));
    }

    /// How the first text and the second lie on the film.
    pub fn time_subtitles(&self, session: Session, timings: [TextTiming; 2]) {
        self.inbox.order(Order::TimeSubtitles(session, timings));
    }

    /// Listens to what is here of the film for how the texts lie on it: `PlayerNews::Fitting` tells
    /// how far it is, `PlayerNews::Fitted` ends it.
    pub fn fit_subtitles(&self, session: Session) {
        self.inbox.order(Order::Fit(session, true));
    }

    /// Makes small pictures of these places from what is here of the film, in that order and
    /// instead of those ordered before; `PlayerNews::Still` tells each that can be made.
    pub fn make_stills(&self, session: Session, places: Vec<Duration>) {
        self.inbox.order(Order::Stills(session, places));
    }

    /// Listens no more; nothing is said of what was heard.
    pub fn stop_fitting(&self, session: Session) {
        self.inbox.order(Order::Fit(session, false));
    }

    /// Every film sounds so from now on.
    pub fn set_sound(&self, sound: SoundSettings) {
        self.dials.set(sound);
        self.desk.set_volume(sound.bounded().volume);
        self.inbox.order(Order::Sound);
    }

    /// By which the box reads aloud.
    pub fn voice(&self) -> Voice {
        Voice {
            desk: self.desk.clone(),
            inbox: self.inbox.clone(),
        }
    }

    /// More subtitles to choose from; `PlayerNews::Tracks` follows. Once a session.
    pub fn add_texts(&self, session: Session, texts: Vec<TextFile>) {
        self.inbox.order(Order::AddTexts(session, texts));
    }

    /// Switches subtitles, or turns them off; `PlayerNews::Tracks` follows.
    pub fn select_subtitle(&self, session: Session, track: Option<TrackId>) {
        self.inbox.order(Order::SelectSubtitle(session, track));
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.inbox.order(Order::Quit);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the player's thread panicked");
        }
    }
}
