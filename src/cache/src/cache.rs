//! The bound, and the films under it.
//!
//! Holds numbers only; the shell holds the files. Every change that needs room is computed whole
//! before anything is let go, so a refused piece costs no other piece.

use std::collections::BTreeMap;

use crate::film::{Film, Victim, Window, Worth};

/// A film, by the info hash of its torrent (BEP 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilmKey(pub [u8; 20]);

/// A piece of a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// The film.
    pub film: FilmKey,
    /// Number of the piece in its torrent.
    pub piece: u32,
}

/// Whether a piece may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the evicted files must be deleted before the piece is written"]
pub enum Admission {
    /// Delete these first, then write it. It counts as held from now on; if the write fails,
    /// [`Cache::forget`] it.
    Keep {
        /// No longer held.
        evict: Vec<Entry>,
    },
    /// Do not write it: all that is held is worth more.
    Refuse,
}

/// What is held, and the bound.
#[derive(Debug)]
pub struct Cache {
    films: BTreeMap<FilmKey, Film>,
    /// Pieces that are being written bit by bit: they take room, but are not held yet.
    making: BTreeMap<Entry, u64>,
    bound: u64,
    used: u64,
    /// Grows with every use; what restored entries are ordered by too.
    clock: u64,
}

/// Comparable worth over all films; the least goes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    /// Nobody plays its film: the longest unused first.
    Idle(u64, Worth),
    /// Its film is played, but no window asks for it.
    Loose(u64, Worth),
    /// In a window. Of several films what is farther from its playhead goes first, so that two
    /// that are played at a time share the room evenly.
    Wanted(Worth, u64),
}

impl Cache {
    /// An empty cache of at most `bound_bytes`.
    pub fn new(bound_bytes: u64) -> Self {
        Self {
            films: BTreeMap::new(),
            making: BTreeMap::new(),
            bound: bound_bytes,
            used: 0,
            clock: 0,
        }
    }

    /// Bytes held at most.
    pub fn bound(&self) -> u64 {
        self.bound
    }

    /// Bytes held, and being written.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Bytes that the player of `film` can count on: the bound without what is kept of other
    /// films, and without what the players of others ask for; an even share at least.
    pub fn room(&self, film: FilmKey) -> u64 {
        let others = || self.films.iter().filter(|(key, _)| **key != film);
        let kept = others().filter(|(_, other)| other.kept);
        let kept: u64 = kept.map(|(_, other)| other.bytes()).sum();
        let free = self.bound.saturating_sub(kept);
        let playing = || others().filter(|(_, other)| other.playing && !other.kept);
        let share = free / (playing().count() as u64 + 1);
        let asked = playing().map(|(_, other)| other.span().min(share));
        free.saturating_sub(asked.sum())
    }

    /// Whether the piece is held.
    pub fn holds(&self, entry: Entry) -> bool {
        self.films
            .get(&entry.film)
            .is_some_and(|film| film.pieces.contains_key(&entry.piece))
    }

    /// The held pieces of a film, rising.
    pub fn pieces(&self, film: FilmKey) -> impl Iterator<Item = u32> {
        self.films
            .get(&film)
            .into_iter()
            .flat_map(|film| film.pieces.keys().copied())
    }

    /// The films of which something is held or kept, with the bytes held.
    pub fn films(&self) -> impl Iterator<Item = (FilmKey, u64)> {
        let films = self.films.iter();
        films.map(|(key, film)| (*key, film.bytes()))
    }

    /// Whether the owner keeps the film.
    pub fn is_kept(&self, film: FilmKey) -> bool {
        self.films.get(&film).is_some_and(|film| film.kept)
    }

    /// Nothing of a kept film goes for another one, nor for a smaller bound: only for its own
    /// player, or when it is kept no more.
    pub fn keep(&mut self, film: FilmKey, kept: bool) {
        self.films.entry(film).or_default().kept = kept;
        self.tidy(film);
    }

    /// A new bound; what must go for it, deleted by the shell at once. Even the window and the pins
    /// go if they must: the bound is hard. What stays above it is kept by the owner, or being
    /// written.
    pub fn set_bound(&mut self, bytes: u64) -> Vec<Entry> {
        self.bound = bytes;
        let excess = self.used.saturating_sub(bytes);
        let (evict, _) = self.to_free(excess, None);
        self.let_go(&evict);
        evict
    }

    /// A piece that was found on disk at the start. `last_used`: any count that grows with time
    /// (say seconds). Call [`Cache::set_bound`] after the last one: only then the bound holds.
    pub fn restore(&mut self, entry: Entry, bytes: u64, last_used: u64) {
        self.clock = self.clock.max(last_used);
        let film = self.films.entry(entry.film).or_default();
        film.used = film.used.max(last_used);
        let old = film.pieces.insert(entry.piece, bytes);
        self.used = self.used - old.unwrap_or(0) + bytes;
    }

    /// The film is played, and this is what its players need.
    pub fn windows(&mut self, film: FilmKey, windows: Vec<Window>) {
        self.clock += 1;
        let film = self.films.entry(film).or_default();
        film.windows = windows;
        film.playing = true;
        film.used = self.clock;
    }

    /// Nobody plays the film any more: it ages with the others. Its last windows still say which
    /// of its pieces go first.
    pub fn close(&mut self, film: FilmKey) {
        if let Some(held) = self.films.get_mut(&film) {
            held.playing = false;
        }
        self.tidy(film);
    }

    /// Asks to write a verified piece.
    pub fn admit(&mut self, entry: Entry, bytes: u64) -> Admission {
        let admission = self.make_room(entry, bytes);
        if let Admission::Keep { .. } = admission {
            self.making.insert(entry, bytes);
            self.used += bytes;
            self.finish(entry);
        }
        admission
    }

    /// Asks to write a piece bit by bit, before it is verified. It takes its room at once, but is
    /// held only after [`Cache::finish`]; [`Cache::forget`] gives the room back. It cannot be
    /// evicted meanwhile. One that is held already goes for it.
    pub fn begin(&mut self, entry: Entry, bytes: u64) -> Admission {
        let mut admission = self.make_room(entry, bytes);
        if let Admission::Keep { evict } = &mut admission {
            if self.holds(entry) {
                self.let_go(&[entry]);
                evict.push(entry);
            }
            self.making.insert(entry, bytes);
            self.used += bytes;
        }
        admission
    }

    /// The piece that was begun is whole, and held.
    pub fn finish(&mut self, entry: Entry) {
        let Some(bytes) = self.making.remove(&entry) else {
            return;
        };
        self.clock += 1;
        let film = self.films.entry(entry.film).or_default();
        film.used = self.clock;
        let old = film.pieces.insert(entry.piece, bytes);
        self.used -= old.unwrap_or(0);
    }

    /// The piece was used: its film is younger than the others now.
    pub fn touch(&mut self, entry: Entry) {
        self.clock += 1;
        if let Some(film) = self.films.get_mut(&entry.film) {
            film.used = self.clock;
        }
    }

    /// The piece is gone from disk: it was broken, or could not be written.
    pub fn forget(&mut self, entry: Entry) {
        self.let_go(&[entry]);
        if let Some(bytes) = self.making.remove(&entry) {
            self.used -= bytes;
        }
    }

    /// Evicts so that `bytes` of `entry` fit, if that is right. What is there of it already counts
    /// as gone.
    fn make_room(&mut self, entry: Entry, bytes: u64) -> Admission {
        if bytes > self.bound {
            return Admission::Refuse;
        }
        let film = self.films.get(&entry.film);
        let held = film.and_then(|film| film.pieces.get(&entry.piece));
        let begun = self.making.get(&entry).copied().unwrap_or(0);
        let grown = self.used - held.copied().unwrap_or(0) - begun + bytes;
        let (evict, enough) = self.to_free(grown.saturating_sub(self.bound), Some(entry));
        if !enough {
            return Admission::Refuse;
        }
        self.let_go(&evict);
        if let Some(begun) = self.making.remove(&entry) {
            self.used -= begun;
        }
        Admission::Keep { evict }
    }

    /// The least worthy entries of together `excess` bytes, and whether there are as many without
    /// taking what is worth as much as `newcomer`.
    fn to_free(&self, excess: u64, newcomer: Option<Entry>) -> (Vec<Entry>, bool) {
        let limit = newcomer.map(|entry| self.value(entry));
        let own = newcomer.map(|entry| entry.film);
        let mut freed = 0;
        let mut evict = Vec::new();
        let mut line = self.line(own);
        while freed < excess {
            let Some((entry, bytes)) = line.next() else {
                return (evict, false);
            };
            if Some(entry) == newcomer {
                continue;
            }
            if limit.as_ref().is_some_and(|l| self.value(entry) >= *l) {
                return (evict, false);
            }
            freed += bytes;
            evict.push(entry);
        }
        (evict, true)
    }

    /// Everything that may go, the least worthy first; of kept films only those of `own`.
    fn line(&self, own: Option<FilmKey>) -> impl Iterator<Item = (Entry, u64)> {
        let able = |(key, film): &(&FilmKey, &Film)| !film.kept || Some(**key) == own;
        let mut films: Vec<_> = self.films.iter().filter(able).collect();
        films.sort_by_key(|(_, film)| (film.playing, film.used));
        let idle = films.iter().take_while(|(_, film)| !film.playing).count();
        let playing = films.split_off(idle);
        let idle = films.into_iter().flat_map(|(key, film)| {
            let victims = film.victims();
            victims.map(move |victim| entry_of(*key, victim))
        });
        let loose = playing.clone().into_iter().flat_map(|(key, film)| {
            let loose = film.victims().take_while(|victim| !victim.0.in_window());
            loose.map(move |victim| entry_of(*key, victim))
        });
        let mut wanted: Vec<_> = playing
            .into_iter()
            .map(|(key, film)| {
                let wanted = film.victims().skip_while(|victim| !victim.0.in_window());
                (*key, film.used, wanted.peekable())
            })
            .collect();
        let wanted = std::iter::from_fn(move || {
            let heads = wanted.iter_mut().filter_map(|(key, used, victims)| {
                let worth = victims.peek()?.0;
                Some(((worth, *used), (key, victims)))
            });
            let (_, (key, victims)) = heads.min_by_key(|(value, _)| *value)?;
            Some(entry_of(*key, victims.next()?))
        });
        idle.chain(loose).chain(wanted)
    }

    /// Worth of an entry, held or not; agrees with the order of [`Cache::line`]. A film that is
    /// new here counts as used just now.
    fn value(&self, entry: Entry) -> Value {
        let Some(film) = self.films.get(&entry.film) else {
            return Value::Idle(u64::MAX, Film::default().worth(entry.piece));
        };
        let worth = film.worth(entry.piece);
        match (film.playing, worth.in_window()) {
            (false, _) => Value::Idle(film.used, worth),
            (true, false) => Value::Loose(film.used, worth),
            (true, true) => Value::Wanted(worth, film.used),
        }
    }

    fn let_go(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(film) = self.films.get_mut(&entry.film) else {
                continue;
            };
            if let Some(bytes) = film.pieces.remove(&entry.piece) {
                self.used -= bytes;
            }
            self.tidy(entry.film);
        }
    }

    fn tidy(&mut self, film: FilmKey) {
        if self.films.get(&film).is_some_and(Film::is_empty) {
            self.films.remove(&film);
        }
    }
}

fn entry_of(film: FilmKey, (_, piece, bytes): Victim) -> (Entry, u64) {
    (Entry { film, piece }, bytes)
}
