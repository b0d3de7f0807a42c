//! Wakes the loop from any thread. Wake-ups between two turns are one: whoever wakes has put its
//! news where the scene looks, so one look is enough, and no queue can grow.

use std::fmt;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use rustix::event::{EventfdFlags, eventfd};
use winit::event_loop::EventLoopProxy;

/// Wakes a display's loop; cheap to clone and to call.
#[derive(Clone)]
pub struct Waker {
    bell: Bell,
}

#[derive(Clone)]
enum Bell {
    Window {
        rung: Arc<AtomicBool>,
        proxy: EventLoopProxy<()>,
    },
    Thread(Arc<Sleep>),
    /// An eventfd, for a loop that sleeps in `poll`.
    Polled(Arc<OwnedFd>),
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.bell {
            Bell::Window { .. } => "Waker(window)",
            Bell::Thread(_) => "Waker(thread)",
            Bell::Polled(_) => "Waker(polled)",
        })
    }
}

impl Waker {
    pub(super) fn window(proxy: EventLoopProxy<()>) -> Waker {
        let rung = Arc::new(AtomicBool::new(false));
        Waker {
            bell: Bell::Window { rung, proxy },
        }
    }

    pub(super) fn thread(sleep: Arc<Sleep>) -> Waker {
        Waker {
            bell: Bell::Thread(sleep),
        }
    }

    /// What a loop polls to hear of wake-ups.
    pub(super) fn bell() -> std::io::Result<OwnedFd> {
        Ok(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?)
    }

    pub(super) fn polled(bell: Arc<OwnedFd>) -> Waker {
        Waker {
            bell: Bell::Polled(bell),
        }
    }

    /// The wake-ups that were heard are answered by the turn to come.
    pub(super) fn silence(bell: &OwnedFd) {
        // Of eight bytes, or nothing where it was silent already.
        let _ = rustix::io::read(bell, &mut [0; 8]);
    }

    /// Asks for a turn as soon as possible. After the loop has ended it does nothing.
    pub fn wake(&self) {
        match &self.bell {
            Bell::Window { rung, proxy } => {
                if !rung.swap(true, Ordering::AcqRel) {
                    // It fails when the loop has ended: then there is nobody to wake.
                    let _ = proxy.send_event(());
                }
            }
            Bell::Thread(sleep) => sleep.ring(),
            Bell::Polled(bell) => {
                // It fails only where it was rung 2^64 - 2 times and nobody listened.
                let _ = rustix::io::write(bell, &1_u64.to_ne_bytes());
            }
        }
    }

    /// The turn that was asked for begins: a wake-up from now on asks for another one.
    pub(super) fn answer(&self) {
        if let Bell::Window { rung, .. } = &self.bell {
            rung.store(false, Ordering::Release);
        }
    }
}

/// Where a loop without a window sleeps.
#[derive(Debug, Default)]
pub(super) struct Sleep {
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Sleep {
    fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }

    /// Sleeps until it is rung, or `until`; for ever without one.
    pub(super) fn wait(&self, until: Option<Instant>) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        while !*rung {
            let Some(until) = until else {
                rung = self.bell.wait(rung).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let woken = self.bell.wait_timeout(rung, left);
            rung = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        *rung = false;
    }
}
