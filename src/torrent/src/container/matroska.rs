//! A moment's place by the Cues of a Matroska file (RFC 9559): Segment -> SeekHead -> Cues -> the
//! cluster of the last key frame before.
//!
//! Without Cues, or a SeekHead that names them, there is no answer: a demuxer searches by halves
//! then, and what it will read nobody can foresee.

use std::time::Duration;

use super::{Found, LOOK_BYTES, header, number};

/// The identifier of the EBML header, with which every Matroska file begins.
pub(super) const MAGIC: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];

/// Identifiers (RFC 9559, section 5.1).
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const SEEK: u32 = 0x4dbb;
const SEEK_ID: u32 = 0x53ab;
const SEEK_POSITION: u32 = 0x53ac;
const INFO: u32 = 0x1549_a966;
const TIMESTAMP_SCALE: u32 = 0x002a_d7b1;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK_ENTRY: u32 = 0xae;
const TRACK_NUMBER: u32 = 0xd7;
const TRACK_TYPE: u32 = 0x83;
const CLUSTER: u32 = 0x1f43_b675;
const CUES: u32 = 0x1c53_bb6b;
const CUE_POINT: u32 = 0xbb;
const CUE_TIME: u32 = 0xb3;
const CUE_TRACK_POSITIONS: u32 = 0xb7;
const CUE_TRACK: u32 = 0xf7;
const CUE_CLUSTER_POSITION: u32 = 0xf1;

/// Track type of pictures (RFC 9559, table 2).
const VIDEO: u64 = 1;
/// Nanoseconds of a tick where the file does not say.
const SCALE: u64 = 1_000_000;
/// The longest header of an element: an identifier of four bytes and a length of eight.
const HEADER_BYTES: u64 = 12;

#[derive(Debug)]
pub(super) struct Search {
    /// First byte in the Segment: positions count from there.
    segment: Option<u64>,
    cues: Option<u64>,
    /// Nanoseconds of a tick.
    scale: u64,
    /// Number of the first track of pictures.
    video: Option<u64>,
    step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Head,
    /// How long the Cues are.
    Length,
    Cues,
}

impl Default for Search {
    fn default() -> Search {
        Search {
            segment: None,
            cues: None,
            scale: SCALE,
            video: None,
            step: Step::Head,
        }
    }
}

impl Search {
    /// The bytes that were wanted are here; they begin at `at` of the file.
    pub(super) fn take(&mut self, at: u64, bytes: &[u8], moment: Duration) -> Found {
        match self.step {
            Step::Head => self.head(at, bytes),
            Step::Length => {
                let Some(cues) = element(bytes).filter(|cues| cues.id == CUES) else {
                    return Found::Nothing;
                };
                self.step = Step::Cues;
                let end = cues.length.and_then(|length| {
                    let before = cues.header as u64;
                    at.checked_add(before)?.checked_add(length)
                });
                end.map_or(Found::Nothing, |end| Found::Want(at..end))
            }
            Step::Cues => self.place(bytes, moment),
        }
    }

    /// Elements one after another, until the pictures begin.
    fn head(&mut self, at: u64, bytes: &[u8]) -> Found {
        let mut offset = 0;
        while let Some(element) = element(&bytes[offset..]) {
            let body = offset + element.header;
            if element.id == SEGMENT && self.segment.is_none() {
                self.segment = Some(at + body as u64);
                offset = body;
                continue;
            }
            let whole = element.body(&bytes[offset..]);
            match (element.id, whole) {
                (CLUSTER, _) => return self.go_to_cues(),
                // They come before the pictures.
                (CUES, _) => {
                    self.cues = Some(at + offset as u64);
                    return self.go_to_cues();
                }
                (SEEK_HEAD, Some(body)) => self.seek_head(body),
                (INFO, Some(body)) => self.info(body),
                (TRACKS, Some(body)) => self.tracks(body),
                _ => {}
            }
            let Some(end) = element.length.and_then(|length| {
                let end = (at + body as u64).checked_add(length)?;
                (end > at + offset as u64).then_some(end)
            }) else {
                return Found::Nothing;
            };
            match usize::try_from(end - at)
                .ok()
                .filter(|end| *end <= bytes.len())
            {
                Some(end) => offset = end,
                // A poster, or fonts: all that matters may be known already.
                None if self.cues.is_some() && self.video.is_some() => return self.go_to_cues(),
                None if whole.is_none() && matches!(element.id, SEEK_HEAD | INFO | TRACKS) => {
                    return Found::Want(at + offset as u64..end);
                }
                None => return header(end, LOOK_BYTES),
            }
        }
        self.go_to_cues()
    }

    fn go_to_cues(&mut self) -> Found {
        self.step = Step::Length;
        self.cues
            .map_or(Found::Nothing, |cues| header(cues, HEADER_BYTES))
    }

    fn seek_head(&mut self, body: &[u8]) {
        let Some(segment) = self.segment else { return };
        for (_, entry) in Elements(body).filter(|(id, _)| *id == SEEK) {
            let (mut of, mut position) = (None, None);
            for (id, value) in Elements(entry) {
                match id {
                    SEEK_ID => of = number(value),
                    SEEK_POSITION => position = number(value),
                    _ => {}
                }
            }
            if of == Some(u64::from(CUES)) {
                self.cues = position.and_then(|position| segment.checked_add(position));
            }
        }
    }

    fn info(&mut self, body: &[u8]) {
        let scale = Elements(body).find(|(id, _)| *id == TIMESTAMP_SCALE);
        let scale = scale.and_then(|(_, value)| number(value));
        self.scale = scale.filter(|scale| *scale > 0).unwrap_or(SCALE);
    }

    fn tracks(&mut self, body: &[u8]) {
        let mut entries = Elements(body).filter(|(id, _)| *id == TRACK_ENTRY);
        self.video = entries.find_map(|(_, entry)| {
            let is_video = number_in(entry, TRACK_TYPE)? == VIDEO;
            number_in(entry, TRACK_NUMBER).filter(|_| is_video)
        });
    }

    /// The Cues are here, whole.
    fn place(&self, bytes: &[u8], moment: Duration) -> Found {
        let cues = element(bytes).and_then(|cues| cues.body(bytes));
        let (Some(cues), Some(segment)) = (cues, self.segment) else {
            return Found::Nothing;
        };
        let mut before: Option<(u64, u64)> = None;
        for (_, point) in Elements(cues).filter(|(id, _)| *id == CUE_POINT) {
            let Some((time, cluster)) = self.point(point) else {
                continue;
            };
            let early = u128::from(time) * u128::from(self.scale) <= moment.as_nanos();
            // In order as a rule, but nobody promised it.
            if early && before.is_none_or(|(latest, _)| latest <= time) {
                before = Some((time, cluster));
            }
        }
        let at = before.and_then(|(_, cluster)| segment.checked_add(cluster));
        at.map_or(Found::Nothing, |at| Found::At(vec![at]))
    }

    /// Time of a point of the pictures, and where its cluster is in the Segment.
    fn point(&self, point: &[u8]) -> Option<(u64, u64)> {
        let time = Elements(point).find(|(id, _)| *id == CUE_TIME)?;
        let mut positions = Elements(point).filter(|(id, _)| *id == CUE_TRACK_POSITIONS);
        let cluster = positions.find_map(|(_, position)| {
            let ours = self.video.is_none() || number_in(position, CUE_TRACK) == self.video;
            number_in(position, CUE_CLUSTER_POSITION).filter(|_| ours)
        })?;
        Some((number(time.1)?, cluster))
    }
}

/// The number of the first element `wanted` in a body.
fn number_in(body: &[u8], wanted: u32) -> Option<u64> {
    let value = Elements(body).find(|(id, _)| *id == wanted);
    value.and_then(|(_, value)| number(value))
}

/// Begin of an element.
struct Element {
    id: u32,
    /// Bytes of identifier and length.
    header: usize,
    /// Of its body; none while it is not known (a live stream's).
    length: Option<u64>,
}

impl Element {
    /// Its body, if all of it is in `bytes`, which begin with its header.
    fn body<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let length = usize::try_from(self.length?).ok()?;
        bytes.get(self.header..self.header.checked_add(length)?)
    }
}

/// The element that `bytes` begin with; none if its header is not whole, or none (RFC 8794).
fn element(bytes: &[u8]) -> Option<Element> {
    let of_id = 1 + bytes.first()?.leading_zeros() as usize;
    if of_id > 4 {
        return None;
    }
    let id = number(bytes.get(..of_id)?)? as u32;
    let first = *bytes.get(of_id)?;
    let of_length = 1 + first.leading_zeros() as usize;
    if of_length > 8 {
        return None;
    }
    let marked = number(bytes.get(of_id..of_id + of_length)?)?;
    let unknown = (1 << (7 * of_length)) - 1;
    let length = marked & unknown;
    Some(Element {
        id,
        header: of_id + of_length,
        length: (length != unknown).then_some(length),
    })
}

/// The elements of a body, as long as they are whole.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let element = element(self.0)?;
        let body = element.body(self.0)?;
        self.0 = &self.0[element.header + body.len()..];
        Some((element.id, body))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    // A list of one range is meant.
    #![allow(clippy::single_range_in_vec_init)]

    use super::super::tests::search;
    use super::super::{BEGIN_BYTES, Next};
    use super::*;

    fn of(id: u32, body: &[u8]) -> Vec<u8> {
        let id = id.to_be_bytes();
        let begin = id.iter().position(|byte| *byte != 0).unwrap_or(3);
        let mut bytes = id[begin..].to_vec();
        // A length of eight bytes is always right.
        bytes.extend_from_slice(&(body.len() as u64 | 1 << 56).to_be_bytes());
        bytes.extend_from_slice(body);
        bytes
    }

    fn uint(id: u32, value: u64) -> Vec<u8> {
        of(id, &value.to_be_bytes())
    }

    fn point(seconds: u64, track: u64, cluster: u64) -> Vec<u8> {
        let position = [uint(CUE_TRACK, track), uint(CUE_CLUSTER_POSITION, cluster)].concat();
        let time = uint(CUE_TIME, seconds * 1000);
        of(
            CUE_POINT,
            &[time, of(CUE_TRACK_POSITIONS, &position)].concat(),
        )
    }

    /// Film of 60 s with a key frame every 10 s, subtitles in between, `poster` bytes in its head.
    pub(crate) fn film(poster: usize) -> Vec<u8> {
        let track = |number, kind| {
            let entry = [uint(TRACK_NUMBER, number), uint(TRACK_TYPE, kind)].concat();
            of(TRACK_ENTRY, &entry)
        };
        let tracks = of(TRACKS, &[track(1, 17), track(2, VIDEO)].concat());
        let info = of(INFO, &uint(TIMESTAMP_SCALE, SCALE));
        let seek = |cues: u64| {
            let seek = [uint(SEEK_ID, CUES.into()), uint(SEEK_POSITION, cues)].concat();
            of(SEEK_HEAD, &of(SEEK, &seek))
        };
        let poster = of(0x1941_a469, &vec![0; poster]);
        let head = |cues| [seek(cues), info.clone(), poster.clone(), tracks.clone()].concat();
        let first = head(0).len() as u64;
        let cluster = of(CLUSTER, &vec![7; 1 << 20]);
        let length = cluster.len() as u64;
        let clusters: Vec<u8> = std::iter::repeat_n(cluster, 6).flatten().collect();
        let video = (0..6).map(|at| point(at * 10, 2, first + at * length));
        let texts = (0..6).map(|at| point(at * 10 + 5, 1, 1));
        let cues = of(CUES, &video.chain(texts).flatten().collect::<Vec<u8>>());
        let segment = [head(first + clusters.len() as u64), clusters, cues].concat();
        [
            of(u32::from_be_bytes(MAGIC), b"head"),
            of(SEGMENT, &segment),
        ]
        .concat()
    }

    #[test]
    fn the_cluster_of_the_key_frame_before_is_found_in_three_reads() {
        for (poster, reads) in [(0, 3), (100_000, 4)] {
            let film = film(poster);
            let (read, found) = search(&film, Duration::from_secs(38));
            let Next::Found(places) = found else {
                panic!("{found:?}");
            };
            let at = places[0].start as usize;
            assert_eq!(element(&film[at..]).map(|it| it.id), Some(CLUSTER));
            let before = film[..at].windows(4);
            let before = before.filter(|four| *four == CLUSTER.to_be_bytes());
            assert_eq!(before.count(), 3);
            assert_eq!(places, [at as u64..at as u64 + BEGIN_BYTES]);
            assert_eq!(read.len(), reads, "{read:?}");
            assert_eq!(read.last().map(|last| last.end), Some(film.len() as u64));
        }
    }

    #[test]
    fn a_film_without_cues_or_cut_short_is_nowhere() {
        let film = film(0);
        for length in (0..film.len()).step_by(99_991).chain([film.len() - 1]) {
            assert_eq!(
                search(&film[..length], Duration::from_secs(1)).1,
                Next::Nowhere
            );
        }
    }
}
