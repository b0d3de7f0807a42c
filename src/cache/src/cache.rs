//! The bound, and the films under it.
//!
//! Holds numbers only; the shell holds the files. Every change that needs room is computed whole
//! before anything is let go, so a refused piece costs no other piece.

use std::collections::BTreeMap;

use crate::film::{Film, Window, Worth};

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
    bound: u64,
    used: u64,
    /// Grows with every use; what restored entries are ordered by too.
    clock: u64,
}

impl Cache {
    /// An empty cache of at most `bound_bytes`.
    pub fn new(bound_bytes: u64) -> Self {
        Self {
            films: BTreeMap::new(),
            bound: bound_bytes,
            used: 0,
            clock: 0,
        }
    }

    /// Bytes held at most.
    pub fn bound(&self) -> u64 {
        self.bound
    }

    /// Bytes held.
    pub fn used(&self) -> u64 {
        self.used
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

    /// A new bound; what must go for it, deleted by the shell at once. Even the window and the pins
    /// go if they must: the bound is hard.
    pub fn set_bound(&mut self, bytes: u64) -> Vec<Entry> {
        self.bound = bytes;
        let evict = self
            .to_free(self.used.saturating_sub(bytes), None)
            .unwrap_or_default();
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

    /// The film is played, and this is what its player needs.
    pub fn window(&mut self, film: FilmKey, window: Window) {
        self.clock += 1;
        let film = self.films.entry(film).or_default();
        *film = Film {
            pieces: std::mem::take(&mut film.pieces),
            window,
            playing: true,
            used: self.clock,
        };
    }

    /// Nobody plays the film any more: it ages with the others. Its last window still says which of
    /// its pieces go first.
    pub fn close(&mut self, film: FilmKey) {
        if let Some(held) = self.films.get_mut(&film) {
            held.playing = false;
            if held.pieces.is_empty() {
                self.films.remove(&film);
            }
        }
    }

    /// Asks to write a verified piece.
    pub fn admit(&mut self, entry: Entry, bytes: u64) -> Admission {
        let held = self
            .films
            .get(&entry.film)
            .and_then(|film| film.pieces.get(&entry.piece));
        let grown = self.used - held.copied().unwrap_or(0) + bytes;
        if bytes > self.bound {
            return Admission::Refuse;
        }
        let Some(evict) = self.to_free(grown.saturating_sub(self.bound), Some(entry)) else {
            return Admission::Refuse;
        };
        self.let_go(&evict);
        self.clock += 1;
        let film = self.films.entry(entry.film).or_default();
        film.used = self.clock;
        let old = film.pieces.insert(entry.piece, bytes);
        self.used = self.used - old.unwrap_or(0) + bytes;
        Admission::Keep { evict }
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
    }

    /// The least worthy entries of together `excess` bytes; `None` if that would take what is worth
    /// as much as `newcomer`.
    fn to_free(&self, excess: u64, newcomer: Option<Entry>) -> Option<Vec<Entry>> {
        let limit = newcomer.map(|entry| self.value(entry));
        let mut freed = 0;
        let mut evict = Vec::new();
        let mut line = self.line();
        while freed < excess {
            let (entry, bytes) = line.next()?;
            if Some(entry) == newcomer {
                continue;
            }
            if limit.is_some_and(|limit| self.value(entry) >= limit) {
                return None;
            }
            freed += bytes;
            evict.push(entry);
        }
        Some(evict)
    }

    /// Everything held, the least worthy first.
    fn line(&self) -> impl Iterator<Item = (Entry, u64)> {
        let mut films: Vec<_> = self.films.iter().collect();
        films.sort_by_key(|(_, film)| (film.playing, film.used));
        films.into_iter().flat_map(|(key, film)| {
            let entry = |piece| Entry { film: *key, piece };
            film.victims()
                .map(move |(piece, bytes)| (entry(piece), bytes))
        })
    }

    /// Comparable worth of an entry, held or not; agrees with the order of [`Cache::line`]. A film
    /// that is new here counts as used just now.
    fn value(&self, entry: Entry) -> (bool, u64, Worth) {
        match self.films.get(&entry.film) {
            Some(film) => (film.playing, film.used, film.worth(entry.piece)),
            None => (false, u64::MAX, Film::default().worth(entry.piece)),
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
            if film.pieces.is_empty() && !film.playing {
                self.films.remove(&entry.film);
            }
        }
    }
}
