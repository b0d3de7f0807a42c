//! A moment's place by the sample tables of an MP4 file (ISO/IEC 14496-12): moov -> the tracks'
//! stbl -> the sample of the last key frame before -> its chunk -> its byte.
//!
//! Edit lists and the order of display are left out: they move a place by frames, not by pieces. A
//! fragmented film has no such tables, and no answer.

use std::time::Duration;

use super::{Found, header, number};

/// Most tracks looked at: pictures, sound and subtitles in many languages.
const TRACKS_MAX: usize = 64;
/// A box's header with a length of eight bytes (section 4.2).
const HEADER_BYTES: u64 = 16;

#[derive(Debug)]
pub(super) struct Search;

impl Search {
    /// The bytes that were wanted are here; they begin at `at` of the file.
    #[allow(
        clippy::unused_self,
        reason = "the other container's search has a state"
    )]
    pub(super) fn take(&mut self, at: u64, bytes: &[u8], moment: Duration) -> Found {
        let mut offset = 0;
        while let Some(found) = Header::of(&bytes[offset..]) {
            let start = at + offset as u64;
            let Some(end) = found.length.and_then(|length| start.checked_add(length)) else {
                return Found::Nothing;
            };
            let whole = usize::try_from(end - at)
                .ok()
                .filter(|end| *end <= bytes.len());
            match (&found.kind, whole) {
                (b"moov", Some(end)) => return of_moov(&bytes[offset + found.header..end], moment),
                (b"moov", None) => return Found::Want(start..end),
                (_, Some(end)) => offset = end,
                (_, None) => return header(end, HEADER_BYTES),
            }
        }
        Found::Nothing
    }
}

fn of_moov(moov: &[u8], moment: Duration) -> Found {
    let tracks: Vec<Track<'_>> = Boxes(moov)
        .filter(|(kind, _)| kind == b"trak")
        .take(TRACKS_MAX)
        .filter_map(|(_, body)| Track::of(body))
        .collect();
    let of_kind = |kind: &[u8; 4]| tracks.iter().find(|track| track.kind == *kind);
    let Some((begins, at)) = of_kind(b"vide").and_then(|video| video.before(moment)) else {
        return Found::Nothing;
    };
    let sound = of_kind(b"soun").and_then(|sound| sound.before(begins));
    Found::At([at].into_iter().chain(sound.map(|(_, at)| at)).collect())
}

/// The tables of one track. All are of the file: indices are checked wherever they are used.
struct Track<'a> {
    /// "vide", "soun" ...
    kind: [u8; 4],
    /// Ticks a second.
    scale: u64,
    /// How many samples last how long.
    durations: Table<'a>,
    /// Numbers of the key frames, from 1; none: each is one.
    keys: Option<Table<'a>>,
    /// From which chunk on there are how many samples in each.
    runs: Table<'a>,
    /// Bytes of all samples if they are alike, else zero.
    size: u64,
    sizes: Table<'a>,
    /// Where the chunks begin.
    chunks: Table<'a>,
}

impl<'a> Track<'a> {
    fn of(trak: &'a [u8]) -> Option<Track<'a>> {
        let media = child(trak, *b"mdia")?;
        let tables = child(child(media, *b"minf")?, *b"stbl")?;
        let head = child(media, *b"mdhd")?;
        // Version 1 has times of eight bytes.
        let scale = if head.first()? == &1 { 20 } else { 12 };
        let scale = number(head.get(scale..scale + 4)?)?;
        let kind = child(media, *b"hdlr")?.get(8..12)?.try_into().ok()?;
        let sizes = child(tables, *b"stsz")?;
        let chunks = match child(tables, *b"stco") {
            Some(chunks) => Table::of(chunks, 4, 4)?,
            None => Table::of(child(tables, *b"co64")?, 4, 8)?,
        };
        Some(Track {
            kind,
            scale: Some(scale).filter(|scale| *scale > 0)?,
            durations: Table::of(child(tables, *b"stts")?, 4, 8)?,
            keys: match child(tables, *b"stss") {
                Some(keys) => Some(Table::of(keys, 4, 4)?),
                None => None,
            },
            runs: Table::of(child(tables, *b"stsc")?, 4, 12)?,
            size: number(sizes.get(4..8)?)?,
            sizes: Table::of(sizes, 8, 4)?,
            chunks,
        })
    }

    /// The last key frame at or before `moment`: when, and its byte.
    fn before(&self, moment: Duration) -> Option<(Duration, u64)> {
        let ticks = moment.as_nanos() * u128::from(self.scale) / 1_000_000_000;
        let sample = self.key_before(self.sample_at(u64::try_from(ticks).ok()?));
        let ticks = self.time_of(sample);
        let time = Duration::try_from_secs_f64(ticks as f64 / self.scale as f64).ok()?;
        Some((time, self.byte_of(sample)?))
    }

    /// The sample that is due at that tick, counted from 0.
    fn sample_at(&self, tick: u64) -> u64 {
        let (mut sample, mut time) = (0_u64, 0_u64);
        for run in self.durations.rows() {
            let (count, each) = (field(run, 0), field(run, 1));
            let lasts = count.saturating_mul(each);
            if tick - time < lasts {
                return sample + (tick - time) / each;
            }
            sample = sample.saturating_add(count);
            time += lasts;
        }
        sample.saturating_sub(1)
    }

    fn time_of(&self, sample: u64) -> u64 {
        let (mut left, mut time) = (sample, 0_u64);
        for run in self.durations.rows() {
            let count = field(run, 0).min(left);
            time = time.saturating_add(count.saturating_mul(field(run, 1)));
            left -= count;
        }
        time
    }

    fn key_before(&self, sample: u64) -> u64 {
        let Some(keys) = &self.keys else {
            return sample;
        };
        let numbers = keys.rows().map(|key| field(key, 0));
        let before = numbers.filter(|number| *number <= sample + 1).max();
        before.unwrap_or(1).saturating_sub(1)
    }

    fn byte_of(&self, sample: u64) -> Option<u64> {
        // Samples before the run, and the chunk that the run begins with.
        let mut passed = 0_u64;
        let mut runs = self.runs.rows().peekable();
        while let Some(run) = runs.next() {
            let (first, each) = (field(run, 0).checked_sub(1)?, field(run, 1));
            let end = runs.peek().map(|next| field(next, 0).saturating_sub(1));
            let chunks = end.map_or(u64::MAX, |end| end.saturating_sub(first));
            let samples = chunks.saturating_mul(each);
            if each > 0 && sample - passed < samples {
                let chunk = first + (sample - passed) / each;
                let before = (sample - passed) % each;
                let at = number(self.chunks.row(chunk)?)?;
                return at.checked_add(self.bytes_of(sample - before, before)?);
            }
            passed = passed.saturating_add(samples);
        }
        None
    }

    /// Bytes of `count` samples from `first` on.
    fn bytes_of(&self, first: u64, count: u64) -> Option<u64> {
        if self.size > 0 {
            return self.size.checked_mul(count);
        }
        // All in one chunk; a table has no more rows than bytes.
        let last = first.checked_add(count)?;
        if last > self.sizes.length() {
            return None;
        }
        let sizes =
            (first..last).map(|sample| self.sizes.row(sample).map_or(0, |row| field(row, 0)));
        Some(sizes.sum())
    }
}

/// Rows of a table, as many as are there.
#[derive(Clone, Copy)]
struct Table<'a> {
    rows: &'a [u8],
    bytes: usize,
}

impl<'a> Table<'a> {
    /// Of a full box whose count of rows is at `count_at`, each row so many bytes.
    fn of(body: &'a [u8], count_at: usize, bytes: usize) -> Option<Table<'a>> {
        let count = number(body.get(count_at..count_at + 4)?)? as usize;
        let rows = &body[count_at + 4..];
        let length = count.min(rows.len() / bytes) * bytes;
        Some(Table {
            rows: &rows[..length],
            bytes,
        })
    }

    fn rows(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.rows.chunks_exact(self.bytes)
    }

    fn length(&self) -> u64 {
        (self.rows.len() / self.bytes) as u64
    }

    fn row(&self, index: u64) -> Option<&'a [u8]> {
        let start = usize::try_from(index).ok()?.checked_mul(self.bytes)?;
        self.rows.get(start..start.checked_add(self.bytes)?)
    }
}

/// A number of four bytes in a row.
fn field(row: &[u8], index: usize) -> u64 {
    let bytes = row.get(index * 4..index * 4 + 4);
    bytes.and_then(number).unwrap_or_default()
}

/// Begin of a box.
struct Header {
    kind: [u8; 4],
    /// Bytes of the header.
    header: usize,
    /// Of the box with its header; none: to the end of the file.
    length: Option<u64>,
}

impl Header {
    fn of(bytes: &[u8]) -> Option<Header> {
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let (header, length) = match number(&bytes[..4])? {
            0 => (8, None),
            1 => (16, Some(number(bytes.get(8..16)?)?)),
            length => (8, Some(length)),
        };
        if length.is_some_and(|length| length < header as u64) {
            return None;
        }
        Some(Header {
            kind,
            header,
            length,
        })
    }
}

/// The boxes of a body, as long as they are whole.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let found = Header::of(self.0)?;
        let length = usize::try_from(found.length?).ok()?;
        let body = self.0.get(found.header..length)?;
        self.0 = &self.0[length..];
        Some((found.kind, body))
    }
}

fn child(body: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    Boxes(body)
        .find(|(of, _)| *of == kind)
        .map(|(_, body)| body)
}

#[cfg(test)]
mod tests {
    // A list of one range is meant; four letters are as cheap either way.
    #![allow(clippy::single_range_in_vec_init, clippy::trivially_copy_pass_by_ref)]

    use super::super::tests::search;
    use super::super::{BEGIN_BYTES, Next};
    use super::*;

    fn of(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u32 + 8).to_be_bytes();
        [&length[..], kind, body].concat()
    }

    fn table(kind: &[u8; 4], before: &[u32], rows: &[u32], each: usize) -> Vec<u8> {
        let count = (rows.len() / each) as u32;
        let numbers = [&[0], before, &[count], rows].concat();
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect();
        of(kind, &bytes)
    }

    /// Ten samples a second in chunks of ten, of a thousand bytes each, beginning at `first`.
    fn track(kind: &[u8; 4], first: u32, keys: Option<&[u32]>) -> Vec<u8> {
        let head = of(
            b"mdhd",
            &[[0; 12], [0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0]].concat(),
        );
        let handler = of(b"hdlr", &[&[0; 8], &kind[..], &[0; 12]].concat());
        let chunks: Vec<u32> = (0..60).map(|chunk| first + chunk * 20_000).collect();
        let tables = [
            table(b"stts", &[], &[300, 1, 300, 1], 2),
            keys.map_or(Vec::new(), |keys| table(b"stss", &[], keys, 1)),
            table(b"stsc", &[], &[1, 10, 1, 31, 10, 1], 3),
            table(b"stsz", &[0], &[1000; 600], 1),
            table(b"stco", &[], &chunks, 1),
        ];
        let info = of(b"minf", &of(b"stbl", &tables.concat()));
        of(b"trak", &of(b"mdia", &[head, handler, info].concat()))
    }

    fn film() -> Vec<u8> {
        let keys: Vec<u32> = (0..12).map(|key| key * 50 + 1).collect();
        let moov = [
            track(b"soun", 10_024, None),
            track(b"vide", 24, Some(&keys)),
        ]
        .concat();
        let parts = [
            of(b"ftyp", &[0; 8]),
            of(b"mdat", &vec![0; 1_200_000]),
            of(b"moov", &moov),
        ];
        parts.concat()
    }

    #[test]
    fn the_key_frame_before_is_found_behind_the_pictures() {
        let film = film();
        // The key frame at 35 s is sample 350, the first of chunk 35.
        let (reads, found) = search(&film, Duration::from_millis(38_500));
        let at = 24 + 35 * 20_000;
        assert_eq!(found, Next::Found(vec![at..at + BEGIN_BYTES]));
        assert_eq!(reads.len(), 3, "{reads:?}");
        // In the middle of a chunk; and beyond the end the last one counts.
        let video = track(b"vide", 24, Some(&[1, 206]));
        let body = Boxes(&video).next().map(|(_, body)| body);
        let track = body.and_then(Track::of).expect("as it was made");
        let of = |s| track.before(Duration::from_secs(s));
        assert_eq!(of(20), Some((Duration::ZERO, 24)));
        let key = Some((Duration::from_millis(20_500), 24 + 20 * 20_000 + 5_000));
        assert_eq!((of(21), of(999)), (key, key));
    }

    #[test]
    fn a_film_cut_short_is_nowhere() {
        let film = film();
        for length in (0..film.len()).step_by(9_973) {
            assert_eq!(
                search(&film[..length], Duration::from_secs(1)).1,
                Next::Nowhere
            );
        }
    }
}
