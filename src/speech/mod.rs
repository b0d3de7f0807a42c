//! The voice of the box: makes sound of what the core says, by espeak-ng.
//!
//! Each utterance is a process of its own, which gets the text on its standard input and answers
//! with a WAVE file: so it is cut off at once by ending it, a crash costs one sentence, and text
//! is never an argument or a command. Where the sound goes is the [`Mouth`]'s business.
//!
//! One utterance is said and one waits at most; which is cut or dropped for another its manner
//! says ([`app::Manner`]). An engine that fails is tried once more, and given up after some
//! failures in a row, until reading aloud is switched on anew.
//!
//! Why not its library: a fault in it would end the box, and it cannot be cut off while it thinks.
//! Why not speech-dispatcher: a service more, for a box that has one voice and one speaker.

mod engine;
mod wave;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::{env, fmt, io};

use app::{Manner, Utterance};

use crate::bell::Bell;
use engine::{Engine, Said};

/// What makes the sound.
pub const PROGRAM: &str = "espeak-ng";

/// Failures in a row after which the engine is given up.
const FAILURES_MAX: u32 = 6;

/// Where sound goes. Called on the voice's thread; [`Mouth::cut`] on any, where it must not wait.
pub trait Mouth: Send + Sync {
    /// Something may be said from now on; false: nothing more.
    fn open(&self, on: bool);
    /// An utterance begins; gives its number.
    fn begin(&self) -> u64;
    /// Says that, one channel of `rate` samples a second; may wait until it can be taken. False: it
    /// was cut, or nobody can hear it.
    fn say(&self, utterance: u64, rate: u32, samples: &[i16]) -> bool;
    /// All was given: waits until it was said. False as before.
    fn end(&self, utterance: u64) -> bool;
    /// What is said now is not said any more.
    fn cut(&self);
}

/// The way to the voice; when it is dropped, nothing more is said.
pub struct Speech {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Speech")
    }
}

struct Shared {
    orders: Mutex<Orders>,
    arrived: Condvar,
    /// Rings when what is said is to be cut.
    bell: Bell,
    mouth: Arc<dyn Mouth>,
}

#[derive(Debug, Default)]
struct Orders {
    on: bool,
    next: Option<Utterance>,
    ends: bool,
}

/// Where the engine is; none: it is not installed.
pub fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut places = env::split_paths(&path).map(|folder| folder.join(PROGRAM));
    places.find(|program| program.is_file())
}

impl Speech {
    /// The voice of that engine.
    ///
    /// # Errors
    /// The system gives no thread, or the process may open nothing more.
    pub fn start(program: &Path, mouth: Arc<dyn Mouth>) -> io::Result<Speech> {
        let shared = Arc::new(Shared {
            orders: Mutex::default(),
            arrived: Condvar::new(),
            bell: Bell::new()?,
            mouth,
        });
        let engine = Engine::new(program, shared.bell.clone());
        let of_thread = shared.clone();
        let thread = std::thread::Builder::new()
            .name("speech".to_owned())
            .spawn(move || of_thread.run(&engine))?;
        Ok(Speech {
            shared,
            thread: Some(thread),
        })
    }

    /// The box reads aloud from now on; false: no more, once what waits is said.
    pub fn read_aloud(&self, on: bool) {
        self.shared.lock().on = on;
        self.shared.arrived.notify_one();
    }

    /// Says that as its manner wants. Never waits.
    pub fn say(&self, utterance: Utterance) {
        let mut orders = self.shared.lock();
        let waits = orders.next.as_ref().map(|it| it.manner);
        if waits.is_some_and(|waits| waits > utterance.manner) {
            tracing::debug!(?utterance, "not said: something else waits");
            return;
        }
        if utterance.manner >= Manner::Urgent {
            self.shared.cut();
        }
        orders.next = Some(utterance);
        self.shared.arrived.notify_one();
    }
}

impl Drop for Speech {
    fn drop(&mut self) {
        self.shared.lock().ends = true;
        self.shared.cut();
        self.shared.arrived.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the voice's thread panicked");
        }
    }
}

/// What the thread is to do.
enum Work {
    Open(bool),
    /// It has begun, under that number.
    Say(Utterance, u64),
    End,
}

impl Shared {
    fn cut(&self) {
        self.bell.ring();
        self.mouth.cut();
    }

    fn run(&self, engine: &Engine) {
        let (mut open, mut failures) = (false, 0);
        loop {
            match self.next(open) {
                Work::End => {
                    if open {
                        self.mouth.open(false);
                    }
                    return;
                }
                Work::Open(on) => {
                    (open, failures) = (on, 0);
                    self.mouth.open(on);
                }
                Work::Say(..) if failures >= FAILURES_MAX => {}
                Work::Say(utterance, number) => {
                    if self.say(engine, &utterance, number) {
                        failures = 0;
                    } else {
                        failures += 1;
                    }
                    if failures == FAILURES_MAX {
                        tracing::error!("{PROGRAM} failed {failures} times: nothing is said more");
                    }
                }
            }
        }
    }

    /// Waits for it.
    fn next(&self, open: bool) -> Work {
        let mut orders = self.lock();
        loop {
            if orders.ends {
                return Work::End;
            }
            if orders.on && !open {
                return Work::Open(true);
            }
            // What ended before is no reason to cut this.
            if let Some(utterance) = orders.next.take().filter(|_| open) {
                self.bell.silence();
                return Work::Say(utterance, self.mouth.begin());
            }
            if !orders.on && open {
                return Work::Open(false);
            }
            let waited = self.arrived.wait(orders);
            orders = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// False: the engine failed.
    fn say(&self, engine: &Engine, utterance: &Utterance, number: u64) -> bool {
        let mut said = |rate, samples: &[i16]| self.mouth.say(number, rate, samples);
        for attempt in 0..2 {
            match engine.say(utterance, &mut said) {
                Said::All => {
                    self.mouth.end(number);
                    return true;
                }
                Said::Cut => return true,
                Said::Failed { why, begun } => {
                    tracing::warn!(attempt, "{PROGRAM}: {why}");
                    if begun {
                        return false;
                    }
                }
            }
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
