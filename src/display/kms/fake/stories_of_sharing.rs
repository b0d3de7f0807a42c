//! Films whose decoder has its pictures in memory that devices share: shown from there, and not
//! taken from under the screen.

use std::fs::File;
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use media::{PixelFormat, Planes, SharedPlane, VideoFrame};
use rustix::fs::{MemfdFlags, memfd_create};

use super::super::super::{Presenter as _, Rect};
use super::super::planes::Type;
use super::cards::{self, with_one, with_planes};
use super::stories::{SIZE, Tv, film, sent};
use super::{Recorded, Trouble};

/// A decoder with a few pieces of memory, of which it writes those that nobody looks at.
struct Decoder {
    pieces: Vec<Arc<Piece>>,
    format: PixelFormat,
    number: u32,
}

/// Memory for one picture, its rows longer than they need be.
struct Piece {
    file: File,
    places: Vec<(u32, u32)>,
}

/// A picture in it, with what the processor reads of it.
struct Lent {
    piece: Arc<Piece>,
    planes: Vec<(Vec<u8>, usize)>,
}

impl Planes for Lent {
    fn plane(&self, index: usize) -> &[u8] {
        &self.planes[index].0
    }

    fn stride(&self, index: usize) -> usize {
        self.planes[index].1
    }

    fn shared(&self) -> Option<Vec<SharedPlane<'_>>> {
        let plane = |(offset, stride): &(u32, u32)| SharedPlane {
            file: self.piece.file.as_fd(),
            offset: *offset,
            stride: *stride,
        };
        Some(self.piece.places.iter().map(plane).collect())
    }
}

impl Decoder {
    fn new(format: PixelFormat, pieces: usize) -> Decoder {
        let (wide, high) = (SIZE.0 + 32, SIZE.1 + 6);
        let low = high / 2;
        let places = match format {
            PixelFormat::Nv12 => vec![(0, wide), (wide * high, wide)],
            PixelFormat::I420 => vec![
                (0, wide),
                (wide * high, wide / 2),
                (wide * high + wide / 2 * low, wide / 2),
            ],
        };
        let piece = |_| {
            let memory = memfd_create("picture", MemfdFlags::CLOEXEC).unwrap();
            let file = File::from(memory);
            file.set_len(u64::from(wide * high * 2)).unwrap();
            Arc::new(Piece {
                file,
                places: places.clone(),
            })
        };
        Decoder {
            pieces: (0..pieces).map(piece).collect(),
            format,
            number: 0,
        }
    }

    /// Decodes the next picture into memory that is free; fails where the screen still reads it.
    fn next(&mut self, tv: &Tv) -> VideoFrame {
        self.number += 1;
        let free = self
            .pieces
            .iter()
            .find(|piece| Arc::strong_count(piece) == 1);
        let piece = Arc::clone(free.expect("all memory is held: the decoder would stand still"));
        assert!(
            !tv.screen.card().reads(&piece.file),
            "memory is its decoder's while the screen reads it"
        );
        // Brighter, and samples would go over.
        let drawn = film(self.format, SIZE, self.number % 16);
        let mut planes = Vec::new();
        for (index, (offset, stride)) in piece.places.iter().enumerate() {
            let (rows, tight) = (drawn.planes.plane(index), drawn.planes.stride(index));
            let mut plane = Vec::new();
            for (at, row) in rows.chunks(tight).enumerate() {
                let to = u64::from(*offset) + at as u64 * u64::from(*stride);
                piece.file.write_all_at(row, to).unwrap();
                plane.extend_from_slice(row);
            }
            planes.push((plane, tight));
        }
        VideoFrame {
            planes: Arc::new(Lent { piece, planes }),
            ..drawn
        }
    }
}

/// Formats that some plane of the card takes as the decoder makes them.
fn takes(card: &Recorded, format: PixelFormat) -> bool {
    let fourcc = super::super::film::formats(format)[0];
    let linear = |plane: &super::Known| plane.modifiers.as_ref().is_none_or(|it| it.contains(&0));
    let mut planes = card.planes.iter();
    planes
        .any(|plane| plane.kind != Type::Cursor && linear(plane) && plane.formats.contains(&fourcc))
}

#[test]
fn a_film_is_shown_from_where_its_decoder_has_it() {
    for card in [with_planes(), with_one()].concat() {
        for format in [PixelFormat::Nv12, PixelFormat::I420] {
            let shared = takes(&card, format) && card.name != "film on top";
            let mut tv = Tv::new(card.clone());
            // One to decode into, one on the screen, one on its way, one that waits before.
            let mut decoder = Decoder::new(format, 4);
            let mut writes = 0;
            for number in 0..12 {
                // Of two pictures the second comes too late to be seen, and the next too early.
                let seen = decoder.next(&tv);
                tv.video(Some(decoder.next(&tv)));
                tv.video(Some(seen));
                tv.screen.commit();
                drop(decoder.next(&tv));
                tv.screen.card().refresh();
                tv.screen.read_events().unwrap();
                let asked = tv.commit("the film");
                assert_eq!(sent(&asked).len(), 1, "{asked:?}");
                if number == 1 {
                    writes = tv.screen.card().writes();
                }
                if number == 5 {
                    tv.ui(Some(Rect::new(10, 60, 40, 20)), 0x8010_2030);
                    tv.commit("controls");
                    tv.ui(None, 0);
                    tv.commit("no controls");
                    writes = tv.screen.card().writes();
                }
            }
            let name = card.name;
            let after = tv.screen.card().writes();
            assert_eq!(shared, after == writes, "{name}, {format:?}: it is copied");
            // Each piece of memory is made known once.
            let known = tv.screen.card().imported();
            assert!(
                if shared {
                    (2..=4).contains(&known)
                } else {
                    known == 0
                },
                "{known}"
            );
            tv.video(None);
            tv.commit("its end");
            tv.screen.plug(None).unwrap();
            assert_eq!(tv.screen.card().left(), (0, 0), "{name}");
        }
    }
}

#[test]
fn memory_that_a_card_does_not_take_is_copied_or_composed() {
    for card in with_planes() {
        for from in [0, 3] {
            let mut tv = Tv::new(card.clone());
            let mut decoder = Decoder::new(PixelFormat::Nv12, 6);
            for number in 0..8 {
                if number == from {
                    tv.screen.card().trouble(Some(Trouble::Imports));
                }
                let frame = decoder.next(&tv);
                tv.video(Some(frame));
                tv.commit("the film");
                assert!(tv.film_has_a_plane() || number == from, "{}", card.name);
            }
        }
    }
}

#[test]
fn a_film_that_is_refused_in_the_middle_gives_its_memory_back() {
    for trouble in [Trouble::Films, Trouble::FilmsInEarnest] {
        let mut tv = Tv::new(cards::vc4());
        let mut decoder = Decoder::new(PixelFormat::I420, 5);
        for number in 0..9 {
            if number == 4 {
                tv.screen.card().trouble(Some(trouble));
            }
            let frame = decoder.next(&tv);
            tv.video(Some(frame));
            tv.commit("the film");
            assert_eq!(tv.film_has_a_plane(), number < 4);
        }
        assert_eq!(tv.screen.card().imported(), 0);
    }
}
