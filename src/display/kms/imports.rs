//! Pictures shown from where a decoder has put them: memory that devices share (dma-buf), without a
//! copy.
//!
//! A decoder has a few pieces of memory and uses them by turns. Each is made known to the card once
//! and then found again by its inode, which no other piece of memory has while a picture of it is
//! known. What is in it is the decoder's until whoever shows it lets it go ([`super::kms_planes`]).

use std::io;

use media::VideoFrame;
use rustix::fs::fstat;

use super::device::{Device, Layout};
use super::film::formats;

/// More pieces of memory than a decoder has: a codec looks back at 16 pictures at most.
const PICTURES_MAX: usize = 32;

/// Where a plane lies: inode, offset, bytes from row to row.
type Place = (u64, u32, u32);

/// Pictures that the card knows, those that were shown last at the end.
#[derive(Default)]
pub(super) struct Imports {
    known: Vec<(Vec<Place>, u32)>,
}

impl Imports {
    /// The frame as a picture of the card's.
    ///
    /// # Errors
    /// Its memory is not shared, or not in a way that the card takes.
    pub(super) fn picture<D: Device>(&mut self, device: &D, frame: &VideoFrame) -> io::Result<u32> {
        let shared = frame.planes.shared().unwrap_or_default();
        if shared.is_empty() || shared.len() > 4 {
            return Err(io::Error::other(
                "the picture is not in memory that is shared",
            ));
        }
        let place = |plane: &media::SharedPlane<'_>| {
            let inode = fstat(plane.file)?.st_ino;
            Ok((inode, plane.offset, plane.stride))
        };
        let places = shared
            .iter()
            .map(place)
            .collect::<io::Result<Vec<Place>>>()?;
        if let Some(at) = self.known.iter().position(|(known, _)| *known == places) {
            let last = self.known.remove(at);
            let picture = last.1;
            self.known.push(last);
            return Ok(picture);
        }
        let mut layout = Layout {
            size: (frame.width, frame.height),
            format: formats(frame.format)[0],
            modifier: None,
            handles: [0; 4],
            pitches: [0; 4],
            offsets: [0; 4],
        };
        let mut made = Ok(0);
        for (at, plane) in shared.iter().enumerate() {
            match device.import(plane.file) {
                Ok(handle) => layout.handles[at] = handle,
                Err(why) => made = Err(why),
            }
            (layout.pitches[at], layout.offsets[at]) = (plane.stride, plane.offset);
        }
        if made.is_ok() {
            made = device.picture(&layout);
        }
        // The same memory has the same number, however often it was asked for.
        let mut handles = layout.handles.to_vec();
        handles.sort_unstable();
        handles.dedup();
        for handle in handles.into_iter().filter(|handle| *handle != 0) {
            device.end_import(handle);
        }
        let picture = made?;
        if self.known.len() == PICTURES_MAX {
            // Shown longest ago: two are on the screen or on their way there.
            forget(device, self.known.remove(0).1);
        }
        self.known.push((places, picture));
        Ok(picture)
    }

    /// None may be on a screen.
    pub(super) fn free<D: Device>(self, device: &D) {
        for (_, picture) in self.known {
            forget(device, picture);
        }
    }
}

fn forget<D: Device>(device: &D, picture: u32) {
    if let Err(why) = device.forget_picture(picture) {
        tracing::warn!("memory of a film is not given back: {why}");
    }
}
