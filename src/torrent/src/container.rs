//! Where in a film's file a moment of it begins, by the container's own index.
//!
//! Matroska has its Cues, MP4 its sample tables; each is somewhere in the file, mostly at its end.
//! Sans I/O: [`Search`] says which bytes it must see next, in the order in which a demuxer reads
//! them too. It decides nothing of what is fetched, and decodes nothing.
//!
//! The bytes are foreign: every length is checked against what is there, and a search ends after
//! [`STEPS_MAX`] reads whatever they say. An answer may be wrong; it is used to fetch early what
//! the demuxer will ask for anyhow, never to read a film.

pub(crate) mod matroska;
mod mp4;

use std::ops::Range;
use std::time::Duration;

/// The first look: the head of a Matroska file, or the first boxes of an MP4 file. With a poster in
/// it a head is longer, and what follows the poster is asked for by itself.
const LOOK_BYTES: u64 = 64 << 10;
/// Reads until there is an answer. Four do for most files; each element or box beyond the first
/// look takes one.
const STEPS_MAX: u32 = 16;
/// The longest index that is looked at. A film of four hours has 1 MB of Cues or 12 MB of tables.
const INDEX_MAX_BYTES: u64 = 16 << 20;
/// From where the moment begins: a key frame of 1080p, what a decoder of two threads holds back,
/// and the sound beside them.
const BEGIN_BYTES: u64 = 384 << 10;

/// A look for one moment in one file.
#[derive(Debug)]
pub(super) struct Search {
    size: u64,
    moment: Duration,
    steps: u32,
    asked: Range<u64>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The first bytes will tell.
    Unknown,
    Matroska(matroska::Search),
    Mp4(mp4::Search),
}

/// What a search needs or has found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// These bytes of the file, whole.
    Read(Range<u64>),
    /// What a demuxer reads for the moment, picture first.
    Found(Vec<Range<u64>>),
    /// No such container, no index, or one that makes no sense.
    Nowhere,
}

/// What a container's own search says.
#[derive(Debug)]
enum Found {
    /// It must see this.
    Want(Range<u64>),
    /// The moment begins at these bytes, picture first.
    At(Vec<u64>),
    Nothing,
}

impl Search {
    /// In a file of that size; what to read first.
    pub(super) fn new(size: u64, moment: Duration) -> (Search, Range<u64>) {
        let asked = 0..LOOK_BYTES.min(size);
        let search = Search {
            size,
            moment,
            steps: 0,
            asked: asked.clone(),
            kind: Kind::Unknown,
        };
        (search, asked)
    }

    /// What was asked for last is here.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Next {
        self.steps += 1;
        let whole = bytes.len() as u64 == self.asked.end - self.asked.start;
        if !whole || self.steps > STEPS_MAX {
            return Next::Nowhere;
        }
        if let Kind::Unknown = self.kind {
            self.kind = if bytes.starts_with(&matroska::MAGIC) {
                Kind::Matroska(matroska::Search::default())
            } else if bytes.get(4..8) == Some(b"ftyp") {
                Kind::Mp4(mp4::Search)
            } else {
                return Next::Nowhere;
            };
        }
        let at = self.asked.start;
        let found = match &mut self.kind {
            Kind::Unknown => Found::Nothing,
            Kind::Matroska(search) => search.take(at, bytes, self.moment),
            Kind::Mp4(search) => search.take(at, bytes, self.moment),
        };
        match found {
            Found::Want(range) if self.asks(&range) => {
                self.asked = range.clone();
                Next::Read(range)
            }
            Found::At(places) if places.iter().any(|at| *at < self.size) => {
                Next::Found(self.ranges(places))
            }
            _ => Next::Nowhere,
        }
    }

    /// A range that a file of this size has, and no longer than an index is.
    fn asks(&self, range: &Range<u64>) -> bool {
        range.start < range.end
            && range.end <= self.size
            && range.end - range.start <= INDEX_MAX_BYTES
    }

    /// What lies at these places, those near one another as one.
    fn ranges(&self, places: Vec<u64>) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for at in places.into_iter().filter(|at| *at < self.size) {
            let end = at.saturating_add(BEGIN_BYTES).min(self.size);
            match ranges.first_mut() {
                Some(first) if at <= first.end && end >= first.start => {
                    first.start = first.start.min(at);
                }
                _ => ranges.push(at..end),
            }
        }
        ranges
    }
}

/// From `at` on, as much as a file of any size has of so much: a header may be the file's last.
fn header(at: u64, bytes: u64) -> Found {
    match at.checked_add(bytes) {
        Some(end) => Found::Want(at..end),
        None => Found::Nothing,
    }
}

/// An unsigned number of up to eight bytes, the highest first.
fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| {
        let shift = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        bytes.iter().fold(0, shift)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Runs a search over a whole file; what was read and what was found.
    pub(super) fn search(file: &[u8], moment: Duration) -> (Vec<Range<u64>>, Next) {
        let (mut search, mut asked) = Search::new(file.len() as u64, moment);
        let mut reads = Vec::new();
        loop {
            let bytes = &file[asked.start as usize..asked.end as usize];
            reads.push(asked.clone());
            match search.take(bytes) {
                Next::Read(range) => asked = range,
                found => return (reads, found),
            }
        }
    }

    #[test]
    fn what_is_no_container_is_nowhere() {
        for file in [&b""[..], b"x", b"RIFF....AVI ", &vec![0; 100_000]] {
            assert_eq!(search(file, Duration::ZERO).1, Next::Nowhere);
        }
    }

    #[test]
    fn picture_and_sound_near_one_another_are_one_range() {
        let (search, _) = Search::new(100 << 20, Duration::ZERO);
        let mib = 1 << 20;
        let apart = [
            20 * mib..20 * mib + BEGIN_BYTES,
            30 * mib..30 * mib + BEGIN_BYTES,
        ];
        assert_eq!(search.ranges(vec![20 * mib, 30 * mib]), apart);
        let near = 20 * mib - 5..20 * mib + BEGIN_BYTES;
        assert_eq!(search.ranges(vec![20 * mib, 20 * mib - 5]), [near]);
        assert_eq!(search.ranges(vec![20 * mib, 200 * mib]).len(), 1);
    }
}
