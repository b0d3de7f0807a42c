//! The UI thread's work: takes the newest view and the newest picture, draws, presents.
//!
//! It decides nothing. Views and pictures come through slots of one, so a slow screen skips what
//! is old and is never behind. A picture shows only while the core says that a film plays; the
//! first picture, decoded while the film opens, waits here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::{Key, Press, Resting, Screen, View};
use tokio::sync::{oneshot, watch};
use ui::{Ui, Wants};

use crate::display::{Next, Presented, Presenter, Rect, Scene, Snapshot, zoomed};
use crate::event_loop::Inbox;
use crate::figures::Figures;
use crate::pulse::Pulse;
use media::VideoFrame;
use sink::{Film, Rate};

/// Pictures of the screen asked for at once, at most.
const SNAPSHOTS: usize = 8;

/// The newest picture; none clears it.
#[derive(Debug)]
struct Newest(Option<VideoFrame>);

/// What other threads leave for the UI thread; they wake it afterwards.
#[derive(Debug, Default)]
pub struct Slots {
    frame: Mutex<Option<Newest>>,
    snapshots: Mutex<Vec<oneshot::Sender<Snapshot>>>,
    quit: AtomicBool,
}

impl Slots {
    pub fn put_frame(&self, frame: Option<VideoFrame>) {
        *self.frame.lock().unwrap_or_else(PoisonError::into_inner) = Some(Newest(frame));
    }

    /// Asks for a picture of the screen; none when too many are asked for already.
    pub fn ask_snapshot(&self) -> Option<oneshot::Receiver<Snapshot>> {
        let mut waiting = self
            .snapshots
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (sender, receiver) = oneshot::channel();
        (waiting.len() < SNAPSHOTS).then(|| {
            waiting.push(sender);
            receiver
        })
    }

    /// Ends the display's loop at its next turn.
    pub fn quit(&self) {
        self.quit.store(true, Ordering::Release);
    }
}

/// The scene of the display: the UI over the film.
#[allow(
    missing_debug_implementations,
    reason = "made of callbacks and handles"
)]
pub struct Stage {
    ui: Ui,
    views: watch::Receiver<Arc<View>>,
    slots: Arc<Slots>,
    inbox: Inbox,
    figures: Arc<Figures>,
    pulse: Pulse,
    /// Zero of the UI's clock.
    start: Instant,
    /// Update of the view that is drawn.
    seq: u64,
    playing: bool,
    /// How the film's picture fills the screen.
    zoom: app::Zoom,
    /// How long the film is, as far as that is known.
    length: Option<Duration>,
    /// What the presenter was told of the film.
    film: Option<Film>,
    /// What the presenter was told of the edges, and what the view says of them.
    hides: (Option<u8>, u8),
    /// The box stands by: the screen is to be off once it is black.
    dark: bool,
    /// The picture of the film, shown or waiting to be.
    picture: Option<VideoFrame>,
    started: bool,
    /// What is on its way to the screen.
    sent: Option<Sent>,
}

/// What a commit brings.
#[derive(Debug, Clone, Copy)]
struct Sent {
    seq: u64,
    /// What drawing the UI took; none: it was not drawn.
    draw: Option<Duration>,
    commit: Duration,
    /// A new picture of the film is in it.
    picture: bool,
}

impl Stage {
    pub fn new(
        ui: Ui,
        views: watch::Receiver<Arc<View>>,
        slots: Arc<Slots>,
        inbox: Inbox,
        (figures, pulse): (Arc<Figures>, Pulse),
        start: Instant,
    ) -> Stage {
        Stage {
            ui,
            views,
            slots,
            inbox,
            figures,
            pulse,
            start,
            seq: 0,
            playing: false,
            zoom: app::Zoom::default(),
            length: None,
            film: None,
            hides: (None, 0),
            dark: false,
            picture: None,
            started: false,
            sent: None,
        }
    }

    /// Shows the newest view; true when the film begins or ends to show, or shows otherwise.
    fn take_view(&mut self) -> bool {
        let changed = self.views.has_changed().unwrap_or(false);
        if !changed && self.started {
            return false;
        }
        self.started = true;
        let view = Arc::clone(&self.views.borrow_and_update());
        self.ui.show(&view);
        self.seq = view.seq;
        self.dark = view.dark;
        self.hides.1 = view.overscan;
        let playing = matches!(view.screen, Screen::Playing(_))
            && !view.dark
            && !matches!(view.resting, Resting::Drift(_));
        let mut zoom = self.zoom;
        match &view.screen {
            Screen::Playing(film) => {
                self.length = film.duration;
                zoom = film.zoom;
            }
            // Between two episodes the screen stays as it is.
            Screen::Opening(_) => {}
            _ => self.length = None,
        }
        let otherwise = std::mem::replace(&mut self.zoom, zoom) != zoom;
        std::mem::replace(&mut self.playing, playing) != playing || otherwise
    }

    /// Hands the presenter the picture that should show; true when it changes.
    fn take_picture(&mut self, presenter: &mut dyn Presenter, switched: bool) -> bool {
        let newest = self
            .slots
            .frame
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let fresh = newest.is_some();
        if let Some(Newest(frame)) = newest {
            self.picture = frame;
        }
        if self.playing && (fresh || switched) {
            let picture = self.picture.as_ref();
            let size = presenter.size();
            presenter.video(picture.map(|frame| zoomed(frame, self.zoom, size)));
            return self.picture.is_some();
        }
        if switched {
            presenter.video(None);
        }
        false
    }

    /// Makes the picture as large as the view says; true where that is another size.
    fn fit(&mut self, presenter: &mut dyn Presenter) -> bool {
        let (told, hides) = self.hides;
        self.hides.0 = Some(hides);
        let resized = told != Some(hides) && presenter.overscan(hides);
        if resized {
            let (width, height) = presenter.size();
            self.ui.resize(width, height);
        }
        resized
    }

    /// Tells the presenter what film it is, when that changes.
    fn tell_film(&mut self, presenter: &mut dyn Presenter) {
        let rate = self.picture.as_ref().and_then(|picture| picture.rate);
        let film = self.length.map(|length| Film {
            rate: rate.and_then(|(over, under)| Rate::of_film(over.into(), under.into())),
            length: Some(length),
            fills_screen: true,
        });
        // Where the next one is being opened there is no picture yet.
        let is_known = film.is_none_or(|film| film.rate.is_some());
        if is_known && film != self.film {
            self.film = film;
            presenter.film(film);
        }
    }

    /// What was sent is on the screen.
    fn is_shown(&self, sent: Sent, at: Instant) {
        match sent.draw {
            Some(draw) => self.figures.shown(sent.seq, draw, sent.commit, at),
            None => self.figures.unchanged(sent.seq),
        }
        if sent.picture {
            self.figures.picture(sent.commit, at);
        }
    }

    fn answer_snapshots(&self, presenter: &dyn Presenter) {
        let waiting = std::mem::take(
            &mut *self
                .slots
                .snapshots
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for asked in waiting {
            // Whoever asked may have gone.
            let _ = asked.send(presenter.snapshot());
        }
    }
}

impl Scene for Stage {
    fn turn(&mut self, presenter: &mut dyn Presenter, now: Instant) -> Next {
        if self.slots.quit.load(Ordering::Acquire) {
            return Next::Quit;
        }
        let switched = self.take_view();
        let switched = self.fit(presenter) || switched;
        if !self.dark {
            presenter.lights(true);
        }
        let picture = self.take_picture(presenter, switched);
        self.tell_film(presenter);
        let drawing = Instant::now();
        let drawn = self.ui.draw(now.saturating_duration_since(self.start));
        let draw = drawing.elapsed();
        if let Some(drawn) = &drawn {
            let pixels = self.ui.pixels();
            let damage: Vec<Rect> = drawn.damage.iter().copied().map(rect).collect();
            presenter.ui(pixels.argb, pixels.width, &damage, drawn.visible.map(rect));
        }
        let committing = Instant::now();
        let outcome = presenter.commit();
        let commit = committing.elapsed();
        let sent = Sent {
            seq: self.seq,
            draw: drawn.map(|_| draw),
            commit,
            picture,
        };
        match outcome {
            Presented::At(at) => self.is_shown(sent, at),
            Presented::Sent => self.sent = Some(sent),
            Presented::Nothing | Presented::Refused => self.figures.unchanged(self.seq),
        }
        if outcome != Presented::Refused {
            let shown = matches!(outcome, Presented::At(_) | Presented::Sent);
            self.pulse.turned(shown);
        }
        self.answer_snapshots(presenter);
        if self.dark {
            if outcome == Presented::Nothing {
                presenter.lights(false);
            } else {
                // Off once what is black is to be seen.
                return Next::Frame;
            }
        }
        match self.ui.wants() {
            Wants::Animating => Next::Frame,
            Wants::At(time) => Next::At(self.start + time),
            Wants::Idle => Next::Idle,
        }
    }

    fn flipped(&mut self, at: Instant) {
        if let Some(sent) = self.sent.take() {
            self.is_shown(sent, at);
        }
    }

    fn resized(&mut self, width: u32, height: u32) {
        self.ui.resize(width, height);
    }

    fn key(&mut self, key: Key, press: Press) {
        self.inbox.key(key, press);
    }

    fn closed(&mut self) {
        self.slots.quit();
    }
}

fn rect(rect: ui::Rect) -> Rect {
    Rect {
        x: rect.x,
        y: rect.y,
        width: rect.width,
        height: rect.height,
    }
}
