//! A film's pictures in memory that a plane can show: their samples as they are, for the plane
//! makes colours of them.
//!
//! All samples of a picture lie in one piece of memory, luma first, as drivers want it. What the
//! decoder makes of two kinds (I420, NV12) is put as the plane takes it while it is copied.

use std::io;

use drm::buffer::DrmFourcc;
use media::{PixelFormat, VideoFrame};

use super::super::picture::{Converter, View};
use super::buffer;
use super::device::{Device, Layout, Memory};

/// Formats in which pictures of that kind can be handed to a plane, the one that needs no sorting
/// first.
pub(super) fn formats(of: PixelFormat) -> [DrmFourcc; 2] {
    match of {
        PixelFormat::I420 => [DrmFourcc::Yuv420, DrmFourcc::Nv12],
        PixelFormat::Nv12 => [DrmFourcc::Nv12, DrmFourcc::Yuv420],
    }
}

/// Memory for one picture.
pub(super) struct FilmBuffer<D: Device> {
    /// Its number as a picture.
    pub(super) picture: u32,
    memory: D::Memory,
    layout: Layout,
}

impl<D: Device> FilmBuffer<D> {
    /// `format`: one of [`formats`].
    pub(super) fn new(
        device: &D,
        format: DrmFourcc,
        size: (u32, u32),
    ) -> io::Result<FilmBuffer<D>> {
        let (width, height) = size;
        let low = height.div_ceil(2);
        // An even row of luma has two rows of chroma in it.
        let memory = device.memory((width.next_multiple_of(2), height + low), 8)?;
        let pitch = memory.pitch();
        let (handle, luma) = (memory.handle(), pitch * height);
        let layout = match format {
            DrmFourcc::Nv12 => Layout {
                size,
                format,
                modifier: None,
                handles: [handle, handle, 0, 0],
                pitches: [pitch, pitch, 0, 0],
                offsets: [0, luma, 0, 0],
            },
            _ => Layout {
                size,
                format,
                modifier: None,
                handles: [handle, handle, handle, 0],
                pitches: [pitch, pitch / 2, pitch / 2, 0],
                offsets: [0, luma, luma + pitch / 2 * low, 0],
            },
        };
        match device.picture(&layout) {
            Ok(picture) => Ok(FilmBuffer {
                picture,
                memory,
                layout,
            }),
            Err(why) => {
                device.free(memory)?;
                Err(why)
            }
        }
    }

    /// Takes over a picture, scaled to this memory's size if it has another.
    ///
    /// # Errors
    /// Its planes do not hold what it says.
    pub(super) fn fill(
        &mut self,
        frame: &VideoFrame,
        converter: &mut Converter,
    ) -> Result<(), super::super::BadFrame> {
        let [luma, blue, red] = converter.planes(frame, self.layout.size)?;
        let (width, height) = self.layout.size;
        let (wide, high) = (width as usize, height as usize);
        let (half, low) = (wide.div_ceil(2), high.div_ceil(2));
        let at = self.layout.offsets.map(|it| it as usize);
        let pitch = self.layout.pitches.map(|it| it as usize);
        let paired = self.layout.format == DrmFourcc::Nv12;
        self.memory.edit(&mut |memory| {
            let mut rows = |plane: usize, from: View<'_>, bytes: usize, count: usize| {
                for row in 0..count {
                    let to = at[plane] + row * pitch[plane];
                    memory[to..to + bytes].copy_from_slice(from.row(row, bytes));
                }
            };
            rows(0, luma, wide, high);
            match (frame.format, paired) {
                (PixelFormat::Nv12, true) => rows(1, blue, half * 2, low),
                (PixelFormat::I420, false) => {
                    rows(1, blue, half, low);
                    rows(2, red, half, low);
                }
                (PixelFormat::I420, true) => {
                    for row in 0..low {
                        let to = at[1] + row * pitch[1];
                        let both = blue.row(row, half).iter().zip(red.row(row, half));
                        let pairs = memory[to..to + half * 2].chunks_exact_mut(2);
                        for (pair, (blue, red)) in pairs.zip(both) {
                            pair.copy_from_slice(&[*blue, *red]);
                        }
                    }
                }
                (PixelFormat::Nv12, false) => {
                    for row in 0..low {
                        let pairs = blue.row(row, half * 2).chunks_exact(2);
                        for (column, pair) in pairs.enumerate() {
                            memory[at[1] + row * pitch[1] + column] = pair[0];
                            memory[at[2] + row * pitch[2] + column] = pair[1];
                        }
                    }
                }
            }
        });
        Ok(())
    }

    /// Gives its memory back; it must not be on a screen.
    pub(super) fn free(self, device: &D) {
        buffer::free(device, self.picture, self.memory);
    }
}
