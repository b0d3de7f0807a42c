//! Posters and glows: asked for by what is on the screen, made by two threads, held within a
//! bound.
//!
//! The screen says all it wishes for, nearest to the focus first, as often as it changes; the
//! newest list wins and what is no longer on it is never begun. So nothing queues up behind a
//! viewer who runs along the wall. A picture that cannot be had becomes a drawn one, which is
//! tried again later: the network may come back.

pub(crate) mod draw;
mod make;

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::{FilmId, Poster};

pub(crate) use make::Finished;

/// Reads the bytes of a poster; called on a thread that may wait. None: it cannot be had now.
pub type PosterLoader = Arc<dyn Fn(&Poster) -> Option<Vec<u8>> + Send + Sync>;

/// Called on any thread when the screen has reason to be drawn.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// All pictures held: at 1080 lines two hundred posters, ten times what a screen shows.
const HELD_BYTES_MAX: usize = 48 << 20;
/// One screen's posters with the rows and columns next to it.
const WISHES_MAX: usize = 64;
/// Makers: one may wait for the network while the other draws.
const THREADS: usize = 2;
/// When a poster that could not be had is tried again.
const RETRY: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A poster among others, on the base colour.
    Card(FilmId, Option<Poster>),
    /// A poster alone, over anything.
    Large(FilmId, Option<Poster>),
    /// The light behind the wall's title.
    HomeGlow,
    /// The light behind a film's page.
    PageGlow,
}

/// A picture as it is wanted; the same wish is the same picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub(crate) subject: Subject,
    /// 0xRRGGBB, top and bottom.
    pub(crate) colours: [u32; 2],
    /// Pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) image: slint::Image,
    /// Drawn by us: wants its title.
    pub(crate) drawn: bool,
}

struct Held {
    picture: Picture,
    bytes: usize,
    /// Higher was looked at later.
    used: u64,
    /// A real poster was wanted; from then on it is worth another try.
    retry: Option<Duration>,
}

pub(crate) struct Pictures {
    shared: Arc<Shared>,
    held: HashMap<Wish, Held>,
    bytes: usize,
    uses: u64,
    now: Duration,
}

struct Shared {
    desk: Mutex<Desk>,
    wished: Condvar,
    load: PosterLoader,
    wake: Wake,
}

#[derive(Default)]
struct Desk {
    /// Nearest first, not begun.
    wishes: Vec<Wish>,
    /// In the makers' hands.
    begun: Vec<Wish>,
    /// Not collected yet. Bounded: a wish that is here is not begun again.
    finished: Vec<Finished>,
    closed: bool,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A maker that panicked left a consistent desk: each change is one statement.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        loop {
            let mut desk = self.desk();
            while desk.wishes.is_empty() && !desk.closed {
                desk = self
                    .wished
                    .wait(desk)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if desk.closed {
                return;
            }
            let wish = desk.wishes.remove(0);
            desk.begun.push(wish.clone());
            drop(desk);

            let finished = make::make(&wish, &self.load);

            let mut desk = self.desk();
            desk.begun.retain(|begun| *begun != wish);
            desk.finished.push(finished);
            drop(desk);
            (self.wake)();
        }
    }
}

impl Pictures {
    pub(crate) fn new(load: PosterLoader, wake: Wake) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            desk: Mutex::default(),
            wished: Condvar::new(),
            load,
            wake,
        });
        for number in 0..THREADS {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name(format!("poster-{number}"))
                .spawn(move || shared.work())?;
        }
        Ok(Self {
            shared,
            held: HashMap::new(),
            bytes: 0,
            uses: 0,
            now: Duration::ZERO,
        })
    }

    pub(crate) fn get(&mut self, wish: &Wish) -> Option<Picture> {
        self.uses += 1;
        let held = self.held.get_mut(wish)?;
        held.used = self.uses;
        Some(held.picture.clone())
    }

    /// Says all that is wished for, nearest to the focus first.
    pub(crate) fn wish(&mut self, wishes: impl IntoIterator<Item = Wish>) {
        let mut desk = self.shared.desk();
        let mut wanted: Vec<Wish> = Vec::new();
        for wish in wishes {
            let have = self
                .held
                .get(&wish)
                .is_some_and(|held| held.retry.is_none_or(|at| self.now < at));
            let coming = desk.begun.contains(&wish)
                || desk.finished.iter().any(|done| done.wish == wish)
                || wanted.contains(&wish);
            if !have && !coming && wanted.len() < WISHES_MAX {
                wanted.push(wish);
            }
        }
        desk.wishes = wanted;
        drop(desk);
        self.shared.wished.notify_all();
    }

    /// Takes what has been made since. True: something has.
    pub(crate) fn collect(&mut self, now: Duration) -> bool {
        self.now = now;
        let finished = std::mem::take(&mut self.shared.desk().finished);
        let any = !finished.is_empty();
        for done in finished {
            self.hold(done);
        }
        any
    }

    /// Something has been made that is not collected.
    pub(crate) fn waiting(&self) -> bool {
        !self.shared.desk().finished.is_empty()
    }

    /// Everything wished for has been made and collected.
    pub(crate) fn settled(&self) -> bool {
        let desk = self.shared.desk();
        desk.wishes.is_empty() && desk.begun.is_empty() && desk.finished.is_empty()
    }

    pub(crate) fn forget(&mut self) {
        self.held.clear();
        self.bytes = 0;
    }

    fn hold(&mut self, done: Finished) {
        let bytes = done.bytes();
        while self.bytes + bytes > HELD_BYTES_MAX {
            let oldest = self.held.iter().min_by_key(|(_, held)| held.used);
            let Some(oldest) = oldest.map(|(wish, _)| wish.clone()) else {
                break;
            };
            self.release(&oldest);
        }
        self.release(&done.wish);
        self.uses += 1;
        self.bytes += bytes;
        let held = Held {
            bytes,
            used: self.uses,
            retry: done.missed.then(|| self.now + RETRY),
            picture: Picture {
                drawn: done.drawn,
                image: done.image(),
            },
        };
        self.held.insert(done.wish, held);
    }

    fn release(&mut self, wish: &Wish) {
        if let Some(held) = self.held.remove(wish) {
            self.bytes -= held.bytes;
        }
    }
}

impl Drop for Pictures {
    /// Lets the makers end; one that waits for the network ends when that does.
    fn drop(&mut self) {
        let mut desk = self.shared.desk();
        desk.closed = true;
        drop(desk);
        self.shared.wished.notify_all();
    }
}

#[cfg(test)]
mod tests;
