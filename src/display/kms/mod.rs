//! A screen without a desktop, driven by this process alone through the kernel (KMS).
//!
//! The loop sleeps in `poll` for a waker, a flip and a deadline. A turn waits for the flip of the
//! one before, so the screen is never asked for more than it shows, and a scene whose screen hangs
//! gets no turns: whoever counts them (`pulse`) sees it.
//!
//! What is plugged in may change at any time, and nothing may be: the loop hears of it from the
//! kernel (`uevents`), looks which sockets have a screen (`card`), and lights one in the mode for
//! the wall, or in that for the film (`sink`). A TV that is off when the box starts gets its
//! picture when it is switched on, and a scene that has no screen has its turns all the same.
//!
//! Keys do not come this way: remotes and keyboards are `input`'s.

mod buffer;
mod card;
mod device;
#[cfg(test)]
mod fake;
mod film;
mod imports;
mod kept;
mod kernel;
mod kms_planes;
mod lit;
mod offers;
mod planes;
mod screen;

use std::fmt;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};

use self::card::Card;
use self::kept::Kept;
use self::screen::KmsScreen;
use super::choice::ScreenWish;
use super::pace::{Due, Pace};
use super::wake::Waker;
use super::{DisplayError, Next, Presenter as _, Scene};
use crate::bell::{self, Bell};
use crate::uevents;

/// A flip takes one refresh; the kernel itself waits ten seconds before it gives one up.
const FLIP_MAX: Duration = Duration::from_secs(1);

/// Until a screen that took no picture is asked again.
const AGAIN: Duration = Duration::from_millis(100);

/// Until sockets are looked at again while none has a screen: some tell of nothing themselves.
const LOOK: Duration = Duration::from_secs(5);

/// The names of the kernel's sockets for TVs, as far as a board's file does not name one.
const USUAL_SOCKET: &str = "HDMI-A-1";

/// An opened screen.
pub(super) struct KmsLoop {
    screen: KmsScreen<Card>,
    bell: Bell,
    plugs: Option<OwnedFd>,
    wish: ScreenWish,
    kept: Kept,
    path: PathBuf,
    story: String,
}

impl fmt::Debug for KmsLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KmsLoop({})", self.story)
    }
}

/// What ended a sleep.
struct Woken {
    rung: bool,
    told: bool,
    plugged: bool,
}

impl KmsLoop {
    pub(super) fn open(wish: ScreenWish) -> Result<KmsLoop, DisplayError> {
        let kept = Kept::new(wish.memory.clone());
        // Heard before it is looked at: nothing is missed between the two.
        let plugs = uevents::listen();
        if let Err(why) = &plugs {
            tracing::warn!("what is plugged in is not told: {why}");
        }
        let (card, way, path) = card::find(&wish, &kept).map_err(DisplayError::NoKms)?;
        let at = path.display().to_string();
        let refused = |why: std::io::Error| DisplayError::NoKms(format!("{at}: {why}"));
        let bell = Bell::new().map_err(refused)?;
        let usual = usual_size(&wish, &kept);
        let screen = KmsScreen::new(card, way, &wish, usual).map_err(refused)?;
        Ok(KmsLoop {
            story: format!("{at}, {}", screen.story()),
            screen,
            bell,
            plugs: plugs.ok(),
            wish,
            kept,
            path,
        })
    }

    pub(super) fn waker(&self) -> Waker {
        Waker::polled(self.bell.clone())
    }

    pub(super) fn story(&self) -> &str {
        &self.story
    }

    pub(super) fn run(
        mut self,
        scene: impl FnOnce(u32, u32) -> Box<dyn Scene>,
    ) -> Result<(), DisplayError> {
        let lost = |why: std::io::Error| DisplayError::Lost(why.to_string());
        let (width, height) = self.screen.size();
        let mut scene = scene(width, height);
        let mut pace = Pace::new(Instant::now());
        let (mut due, mut rung) = (Due::At(Instant::now()), false);
        let dark = |screen: &KmsScreen<Card>, now| screen.socket().is_none().then_some(now + LOOK);
        let mut look = dark(&self.screen, Instant::now());
        loop {
            let until = match (self.screen.flipping(), due) {
                (Some(sent), _) => Some(sent + FLIP_MAX),
                (None, Due::Never) => return Ok(()),
                (None, Due::Whenever) => look,
                (None, Due::At(at)) => Some(look.map_or(at, |look| at.min(look))),
            };
            let woken = self.sleep(until).map_err(lost)?;
            rung |= woken.rung;
            if woken.plugged {
                look = Some(Instant::now());
            }
            if woken.told
                && let Some(at) = self.screen.read_events().map_err(lost)?
            {
                scene.flipped(at);
            }
            let now = Instant::now();
            if let Some(sent) = self.screen.flipping() {
                if now.saturating_duration_since(sent) < FLIP_MAX {
                    continue;
                }
                tracing::warn!("the screen did not show a picture within {FLIP_MAX:?}");
                self.screen.forget_flip();
            }
            if look.is_some_and(|at| at <= now) {
                rung |= self.look(&mut *scene);
                look = dark(&self.screen, now);
            }
            let reached = matches!(due, Due::At(at) if at <= now);
            if std::mem::take(&mut rung) || reached {
                let next: Next = scene.turn(&mut self.screen, now);
                pace.set_rate(self.screen.refresh_mhz());
                due = pace.due(next, now);
                if self.screen.is_refused() {
                    due = soon(due, now + AGAIN);
                }
            }
        }
    }

    /// Looks at what is plugged in; true when a turn must show it.
    fn look(&mut self, scene: &mut dyn Scene) -> bool {
        let on = self.screen.socket().map(str::to_owned);
        let way = match self
            .screen
            .card()
            .way(&self.wish, &self.kept, on.as_deref())
        {
            Ok(way) => way,
            Err(why) => {
                tracing::warn!("{}: {why}", self.path.display());
                return false;
            }
        };
        if self.screen.is_as(way.as_ref()) {
            return false;
        }
        match self.screen.plug(way) {
            Ok(resized) => {
                tracing::info!("display: {}", self.screen.story());
                if resized {
                    let (width, height) = self.screen.size();
                    scene.resized(width, height);
                }
                true
            }
            Err(why) => {
                tracing::warn!("{}: {why}", self.path.display());
                true
            }
        }
    }

    /// Until something happens, or `until`.
    fn sleep(&self, until: Option<Instant>) -> std::io::Result<Woken> {
        let plugs = self.plugs.as_ref().map(AsFd::as_fd);
        let plugs = plugs.unwrap_or(self.bell.as_fd());
        let mut all = [
            PollFd::new(&self.bell, PollFlags::IN),
            PollFd::new(self.screen.card(), PollFlags::IN),
            PollFd::from_borrowed_fd(plugs, PollFlags::IN),
        ];
        bell::sleep(&mut all, until)?;
        let [rung, told, plugged] = all.map(|one| one.revents().contains(PollFlags::IN));
        if rung {
            // The turn to come answers.
            self.bell.silence();
        }
        Ok(Woken {
            rung,
            told,
            plugged: plugged && self.plugs.as_ref().is_some_and(heard),
        })
    }
}

/// The wall's size on the screen that was there last; none: none was.
fn usual_size(wish: &ScreenWish, kept: &Kept) -> Option<(u32, u32)> {
    let socket = wish.socket.as_deref().unwrap_or(USUAL_SOCKET);
    let facts = kept.counting(socket, None).facts;
    let lines_max = u32::from(wish.lines_max);
    let wall = sink::at_boot(&facts.modes, lines_max, &wish.mode)?;
    let mode = facts.modes[wall];
    Some((mode.width, mode.height))
}

/// What the kernel said of sockets.
fn heard(plugs: &OwnedFd) -> bool {
    uevents::heard(plugs, uevents::is_of_a_screen)
}

/// Not later than `at`, unless it is over.
fn soon(due: Due, at: Instant) -> Due {
    match due {
        Due::Never => Due::Never,
        Due::Whenever => Due::At(at),
        Due::At(earlier) => Due::At(earlier.min(at)),
    }
}
