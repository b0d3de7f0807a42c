//! Subtitles of a container that are pictures: those of Blu-ray and of DVD.
//!
//! They come some seconds ahead of the picture, of all streams, and again after a seek back.
//! Packets are kept of each as they come, and decoded of those that are chosen alone: a page takes
//! a megabyte, a packet some kilobytes.

use std::collections::VecDeque;
use std::time::Duration;

use app::TextPicture;
use bytes::Bytes;
use subtitles::{Page, Pgs, vobsub};

/// Pages kept of one stream: those of a minute or two.
const PAGES_MAX: usize = 24;

/// Packets kept of one stream, and their bytes.
const PACKETS_MAX: usize = 32;
const PACKET_BYTES_MAX: usize = 2 << 20;

/// A page that does not say when it ends, and that nothing follows.
const SHOWN_MAX: Duration = Duration::from_secs(20);

/// What the container calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::player) enum Kind {
    BluRay,
    Dvd,
}

impl Kind {
    pub(in crate::player) fn of(caps: &str) -> Option<Kind> {
        match caps {
            "subpicture/x-pgs" => Some(Kind::BluRay),
            "subpicture/x-dvd" => Some(Kind::Dvd),
            _ => None,
        }
    }
}

/// What a stream has around the picture.
#[derive(Debug)]
pub(super) struct Pages {
    kind: Kind,
    /// Of a DVD's.
    index: vobsub::Index,
    /// The latest, with their times.
    packets: VecDeque<(Duration, Bytes)>,
    packet_bytes: usize,
    /// None: it is not chosen.
    decoded: Option<Decoded>,
}

#[derive(Debug, Default)]
struct Decoded {
    blu_ray: Pgs,
    /// By their starts.
    pages: Vec<Page>,
}

impl Pages {
    /// Of a stream with this index of the disc, if it has one.
    pub(super) fn new(kind: Kind, index: Option<&[u8]>) -> Pages {
        Pages {
            kind,
            index: index.map_or_else(vobsub::Index::default, vobsub::Index::read),
            packets: VecDeque::new(),
            packet_bytes: 0,
            decoded: None,
        }
    }

    /// Takes a packet in; `position` is where the picture is.
    pub(super) fn take(&mut self, packet: Bytes, start: Duration, position: Duration) {
        if let Some(decoded) = &mut self.decoded {
            decoded.read((self.kind, &self.index), &packet, start, position);
        }
        self.packet_bytes += packet.len();
        self.packets.push_back((start, packet));
        while self.packets.len() > PACKETS_MAX || self.packet_bytes > PACKET_BYTES_MAX {
            if let Some((_, oldest)) = self.packets.pop_front() {
                self.packet_bytes -= oldest.len();
            }
        }
    }

    /// It is to be shown, or no more.
    pub(super) fn choose(&mut self, chosen: bool, position: Duration) {
        if !chosen {
            self.decoded = None;
        } else if self.decoded.is_none() {
            let mut decoded = Decoded::default();
            for (start, packet) in &self.packets {
                decoded.read((self.kind, &self.index), packet, *start, position);
            }
            self.decoded = Some(decoded);
        }
    }

    /// What is up at that time of the stream.
    pub(super) fn at(&self, time: Duration) -> Vec<TextPicture> {
        let decoded = self.decoded.as_ref();
        decoded.map_or_else(Vec::new, |decoded| decoded.at(time))
    }
}

impl Decoded {
    fn read(
        &mut self,
        (kind, index): (Kind, &vobsub::Index),
        packet: &[u8],
        start: Duration,
        position: Duration,
    ) {
        let read = match kind {
            Kind::BluRay => self.blu_ray.read(packet, start),
            Kind::Dvd => vobsub::read(packet, start, index).into_iter().collect(),
        };
        for page in read {
            let at = self.pages.partition_point(|known| known.start < page.start);
            match self.pages.get_mut(at) {
                Some(known) if known.start == page.start => *known = page,
                _ => self.pages.insert(at, page),
            }
        }
        while self.pages.len() > PAGES_MAX {
            let far = |page: &Page| page.start.abs_diff(position);
            let first = self.pages.first().map(far) > self.pages.last().map(far);
            let gone = if first { 0 } else { self.pages.len() - 1 };
            self.pages.remove(gone);
        }
    }

    fn at(&self, time: Duration) -> Vec<TextPicture> {
        let next = self.pages.partition_point(|page| page.start <= time);
        let Some(page) = next.checked_sub(1).map(|at| &self.pages[at]) else {
            return Vec::new();
        };
        let end = page.end.unwrap_or(page.start + SHOWN_MAX);
        if time >= end {
            return Vec::new();
        }
        let pictures = page.bitmaps.iter().map(|bitmap| TextPicture {
            screen: page.screen,
            x: bitmap.x,
            y: bitmap.y,
            width: bitmap.width,
            height: bitmap.height,
            rgba: bitmap.rgba.clone(),
        });
        pictures.collect()
    }
}
