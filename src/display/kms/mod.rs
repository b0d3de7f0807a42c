//! A screen without a desktop, driven by this process alone through the kernel (KMS).
//!
//! The loop sleeps in `poll` for a waker, a flip and a deadline. A turn waits for the flip of the
//! one before, so the screen is never asked for more than it shows, and a scene whose screen hangs
//! gets no turns: whoever counts them (`pulse`) sees it.
//!
//! Keys do not come this way: remotes and keyboards are `input`'s.

mod card;
mod screen;

use std::fmt;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use self::screen::KmsSingle;
use super::pace::{Due, Pace};
use super::wake::Waker;
use super::{DisplayError, Next, Scene};

/// A flip takes one refresh; the kernel itself waits ten seconds before it gives one up.
const FLIP_MAX: Duration = Duration::from_secs(1);

/// Until a screen that took no picture is asked again.
const AGAIN: Duration = Duration::from_millis(100);

/// An opened screen.
pub(super) struct KmsLoop {
    screen: KmsSingle,
    bell: Arc<OwnedFd>,
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
}

impl KmsLoop {
    pub(super) fn open() -> Result<KmsLoop, DisplayError> {
        let (card, way, path) = card::find().map_err(DisplayError::NoKms)?;
        let (width, height) = way.mode.size();
        let story = format!("{} of {}, {width}x{height}", way.name, path.display());
        let refused = |why: std::io::Error| DisplayError::NoKms(format!("{story}: {why}"));
        let bell = Waker::bell().map_err(refused)?;
        Ok(KmsLoop {
            screen: KmsSingle::new(card, way).map_err(refused)?,
            bell: Arc::new(bell),
            story,
        })
    }

    pub(super) fn waker(&self) -> Waker {
        Waker::polled(Arc::clone(&self.bell))
    }

    pub(super) fn story(&self) -> &str {
        &self.story
    }

    pub(super) fn run(
        mut self,
        scene: impl FnOnce(u32, u32) -> Box<dyn Scene>,
    ) -> Result<(), DisplayError> {
        let lost = |why: std::io::Error| DisplayError::Lost(why.to_string());
        let (width, height) = super::Presenter::size(&self.screen);
        let mut scene = scene(width, height);
        let mut pace = Pace::new(Instant::now());
        pace.set_rate(self.screen.refresh_mhz());
        let (mut due, mut rung) = (Due::At(Instant::now()), false);
        loop {
            let until = match (self.screen.flipping(), due) {
                (Some(sent), _) => Some(sent + FLIP_MAX),
                (None, Due::Never) => return Ok(()),
                (None, Due::Whenever) => None,
                (None, Due::At(at)) => Some(at),
            };
            let woken = self.sleep(until).map_err(lost)?;
            rung |= woken.rung;
            if woken.told {
                self.screen.read_events().map_err(lost)?;
            }
            let now = Instant::now();
            if let Some(sent) = self.screen.flipping() {
                if now.saturating_duration_since(sent) < FLIP_MAX {
                    continue;
                }
                tracing::warn!("the screen did not show a picture within {FLIP_MAX:?}");
                self.screen.forget_flip();
            }
            let reached = matches!(due, Due::At(at) if at <= now);
            if std::mem::take(&mut rung) || reached {
                let next: Next = scene.turn(&mut self.screen, now);
                due = pace.due(next, now);
                if self.screen.is_refused() {
                    due = soon(due, now + AGAIN);
                }
            }
        }
    }

    /// Until something happens, or `until`.
    fn sleep(&self, until: Option<Instant>) -> std::io::Result<Woken> {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = left.map(|left| Timespec {
            tv_sec: left.as_secs() as i64,
            tv_nsec: i64::from(left.subsec_nanos()),
        });
        let mut both = [
            PollFd::new(&*self.bell, PollFlags::IN),
            PollFd::new(self.screen.card(), PollFlags::IN),
        ];
        match poll(&mut both, left.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(why) => return Err(why.into()),
        }
        let [rung, told] = both.map(|one| one.revents().contains(PollFlags::IN));
        if rung {
            Waker::silence(&self.bell);
        }
        Ok(Woken { rung, told })
    }
}

/// Not later than `at`, unless it is over.
fn soon(due: Due, at: Instant) -> Due {
    match due {
        Due::Never => Due::Never,
        Due::Whenever => Due::At(at),
        Due::At(earlier) => Due::At(earlier.min(at)),
    }
}
