//! The screen: presenters that put the UI over the video, and the loop that drives a [`Scene`].
//!
//! A presenter is one way to a screen: the screen itself through the kernel (KMS), as in a box; a
//! window on a desktop; a buffer in memory without any screen. Presenters without planes share one
//! [`Compositor`], so tests of it test them all.
//!
//! [`open`] picks and opens a screen, [`Display::run`] then owns the calling thread (a window must
//! be run from the main thread) and calls the scene when something is due: a wake-up from another
//! thread, a key, a deadline or the next refresh. Nothing due means asleep, at no cost.
//!
//! It draws nothing itself, decodes nothing, and knows neither films nor the player.

mod blend;
mod choice;
mod compositor;
mod headless;
mod keyboard;
mod kms;
mod letterbox;
mod overscan;
mod pace;
mod picture;
mod rect;
mod snapshot;
mod wake;
mod window;
mod zoom;

use std::time::Instant;

pub use choice::{Choice, Display, ScreenWish, Settings, open};
pub use compositor::Compositor;
pub use headless::Headless;
pub use letterbox::letterbox;
pub use overscan::OVERSCAN_MAX;
pub use picture::{BadFrame, Converter};
pub use rect::{Damage, Rect};
pub use snapshot::Snapshot;
pub use wake::Waker;
pub use zoom::zoomed;

use media::{PixelFormat, VideoFrame};

/// One way to put UI and video on a screen. Not `Send`: it lives on the thread of the loop.
pub trait Presenter {
    /// What it takes as video.
    fn caps(&self) -> VideoCaps;

    /// The screen in pixels, which is the size of the UI too.
    fn size(&self) -> (u32, u32);

    /// Shows this frame from the next commit on; none: there is no film.
    fn video(&mut self, frame: Option<VideoFrame>);

    /// This film is shown from the next commit on, or none; a screen whose rate can be chosen takes
    /// the one that suits.
    fn film(&mut self, film: Option<sink::Film>);

    /// Takes over the parts of the UI that changed.
    ///
    /// `pixels` are rows of `width` premultiplied 0xAARRGGBB. `visible` is a rectangle outside
    /// which the UI is clear; none if it is clear all over, so that a plane can be switched off
    /// and the video needs no blending.
    fn ui(&mut self, pixels: &[u32], width: u32, damage: &[Rect], visible: Option<Rect>);

    /// Brings video and UI to the screen, together.
    fn commit(&mut self) -> Presented;

    /// The screen itself goes dark, or comes back with the next commit; who has no power over it
    /// goes on showing what there is.
    fn lights(&mut self, on: bool);

    /// Leaves so much of the screen black at its edges, of each hundred pixels; true where it has
    /// another size, and a clear UI, from now on. To be said in a turn, before anything is drawn.
    fn overscan(&mut self, percent: u8) -> bool;

    /// What the screen shows now, video included.
    fn snapshot(&self) -> Snapshot;
}

/// A presenter without planes: all but the way to its screen is the compositor's.
trait Composed {
    fn compositor(&self) -> &Compositor;

    fn compositor_mut(&mut self) -> &mut Compositor;

    /// Brings what changed to the screen.
    fn present(&mut self) -> Presented;

    /// Follows the rate of a film, where the screen has more than one.
    fn follow(&mut self, _film: Option<sink::Film>) {}

    /// As of [`Presenter::lights`].
    fn light(&mut self, _on: bool) {}

    /// As of [`Presenter::overscan`]; a window and a screen that nobody sees hide nothing.
    fn inset(&mut self, _percent: u8) -> bool {
        false
    }

    /// What the screen shows now.
    fn shown(&self) -> Snapshot {
        self.compositor().snapshot()
    }
}

impl<T: Composed> Presenter for T {
    fn caps(&self) -> VideoCaps {
        VideoCaps::COMPOSED
    }

    fn size(&self) -> (u32, u32) {
        self.compositor().size()
    }

    fn video(&mut self, frame: Option<VideoFrame>) {
        self.compositor_mut().video(frame);
    }

    fn film(&mut self, film: Option<sink::Film>) {
        self.follow(film);
    }

    fn ui(&mut self, pixels: &[u32], width: u32, damage: &[Rect], visible: Option<Rect>) {
        self.compositor_mut().ui(pixels, width, damage, visible);
    }

    fn commit(&mut self) -> Presented {
        self.present()
    }

    fn lights(&mut self, on: bool) {
        self.light(on);
    }

    fn overscan(&mut self, percent: u8) -> bool {
        self.inset(percent)
    }

    fn snapshot(&self) -> Snapshot {
        self.shown()
    }
}

/// What a presenter can show without a copy made by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoCaps {
    /// Formats it takes in memory, best first.
    pub memory: &'static [PixelFormat],
}

impl VideoCaps {
    /// What the compositor takes.
    pub const COMPOSED: VideoCaps = VideoCaps {
        memory: &[PixelFormat::I420, PixelFormat::Nv12],
    };
}

/// What a commit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// It was, or will be, on the screen at this time.
    At(Instant),
    /// It is on its way, and [`Scene::flipped`] tells when it was on the screen.
    Sent,
    /// The screen showed it all already.
    Nothing,
    /// The screen took nothing; it will be asked again, and the next commit brings it all.
    Refused,
}

/// What is shown: draws the UI and hands it with the video to the presenter. It is called on the
/// thread of the loop and must not block.
pub trait Scene {
    /// Something is due: take the newest, draw, commit, and say when to be called next. A waker,
    /// a key and a resize lead to a turn at once, whatever was said.
    fn turn(&mut self, presenter: &mut dyn Presenter, now: Instant) -> Next;

    /// What was [`Presented::Sent`] last was on the screen at that time, by the kernel's clock.
    fn flipped(&mut self, _at: Instant) {}

    /// The screen has another size from now on, and a clear UI; a turn follows.
    fn resized(&mut self, width: u32, height: u32);

    /// A key of the keyboard; a turn follows.
    fn key(&mut self, key: app::Key, press: app::Press);

    /// The viewer closed the window; a turn follows.
    fn closed(&mut self);
}

/// When a scene wants its next turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// At that time, if nothing comes before.
    At(Instant),
    /// At the next refresh of the screen: something moves.
    Frame,
    /// When something comes.
    Idle,
    /// Never: the loop ends.
    Quit,
}

/// No screen, or it went away.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    #[error("there is no display `{0}`: choose auto, window, headless or kms")]
    Unknown(String),
    #[error("no screen can be driven: {0}")]
    NoKms(String),
    #[error("no window can be opened: {0}")]
    NoWindow(String),
    #[error("a screen of {0}x{1} pixels is not possible: 16 to 16384 each way are")]
    Size(u32, u32),
    #[error("the screen was lost: {0}")]
    Lost(String),
}
