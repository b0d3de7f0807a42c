//! Wakes the loop from any thread. Wake-ups between two turns are one: whoever wakes has put its
//! news where the scene looks, so one look is enough, and no queue can grow.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use winit::event_loop::EventLoopProxy;

use crate::bell::Bell;

/// Wakes a display's loop; cheap to clone and to call.
#[derive(Clone)]
pub struct Waker {
    way: Way,
}

#[derive(Clone)]
enum Way {
    Window {
        rung: Arc<AtomicBool>,
        proxy: EventLoopProxy<()>,
    },
    Thread(Arc<Sleep>),
    /// For a loop that sleeps in `poll`.
    Polled(Bell),
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.way {
            Way::Window { .. } => "Waker(window)",
            Way::Thread(_) => "Waker(thread)",
            Way::Polled(_) => "Waker(polled)",
        })
    }
}

impl Waker {
    pub(super) fn window(proxy: EventLoopProxy<()>) -> Waker {
        let rung = Arc::new(AtomicBool::new(false));
        Waker {
            way: Way::Window { rung, proxy },
        }
    }

    pub(super) fn thread(sleep: Arc<Sleep>) -> Waker {
        Waker {
            way: Way::Thread(sleep),
        }
    }

    pub(super) fn polled(bell: Bell) -> Waker {
        Waker {
            way: Way::Polled(bell),
        }
    }

    /// Asks for a turn as soon as possible. After the loop has ended it does nothing.
    pub fn wake(&self) {
        match &self.way {
            Way::Window { rung, proxy } => {
                if !rung.swap(true, Ordering::AcqRel) {
                    // It fails when the loop has ended: then there is nobody to wake.
                    let _ = proxy.send_event(());
                }
            }
            Way::Thread(sleep) => sleep.ring(),
            Way::Polled(bell) => bell.ring(),
        }
    }

    /// The turn that was asked for begins: a wake-up from now on asks for another one.
    pub(super) fn answer(&self) {
        if let Way::Window { rung, .. } = &self.way {
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
