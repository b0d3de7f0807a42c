//! Where a picture lies in memory that other devices can have too (dma-buf), as decoders of the
//! chip make it: who shows it needs no copy.
//!
//! Only memory with rows one after the other comes here: the sink asks for no other.

use std::os::fd::BorrowedFd;

use gst_allocators::DmaBufMemory;
use gst_video::VideoFrameExt;
use gst_video::video_frame::Readable;
use media::SharedPlane;

/// Its planes there; none: some of it is not.
pub(super) fn planes(frame: &gst_video::VideoFrame<Readable>) -> Option<Vec<SharedPlane<'_>>> {
    let buffer = frame.buffer();
    let plane = |(offset, stride): (&usize, &i32)| {
        let (memories, skipped) = buffer.find_memory(*offset..=*offset)?;
        let memory = buffer.peek_memory(memories.start);
        let shared = memory.downcast_memory_ref::<DmaBufMemory>()?;
        // SAFETY: the file is open as long as the memory is there, and the frame holds that.
        let file = unsafe { BorrowedFd::borrow_raw(shared.fd()) };
        Some(SharedPlane {
            file,
            offset: u32::try_from(memory.offset() + skipped).ok()?,
            stride: u32::try_from(*stride).ok()?,
        })
    };
    let places = frame.plane_offset().iter().zip(frame.plane_stride());
    places.map(plane).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::{FileExt as _, MetadataExt as _};

    use gst_allocators::DmaBufAllocator;
    use gst_allocators::prelude::*;
    use gst_video::{VideoFormat, VideoFrameFlags, VideoInfo, VideoMeta};
    use rustix::fs::{MemfdFlags, memfd_create};

    use super::*;

    const SIZE: (u32, u32) = (64, 36);

    /// Rows longer than they need be, and something before the first.
    const OFFSETS: [usize; 2] = [256, 256 + 96 * 40];
    const STRIDES: [i32; 2] = [96, 96];

    fn frame(memory: gst::Memory) -> gst_video::VideoFrame<Readable> {
        let mut buffer = gst::Buffer::new();
        let whole = buffer.get_mut().unwrap();
        whole.append_memory(memory);
        let flags = VideoFrameFlags::empty();
        VideoMeta::add_full(
            whole,
            flags,
            VideoFormat::Nv12,
            SIZE.0,
            SIZE.1,
            &OFFSETS,
            &STRIDES,
        )
        .unwrap();
        let info = VideoInfo::builder(VideoFormat::Nv12, SIZE.0, SIZE.1);
        let info = info.build().unwrap();
        gst_video::VideoFrame::from_buffer_readable(buffer, &info).unwrap()
    }

    #[test]
    fn memory_of_a_device_is_found_where_it_is() {
        gst::init().unwrap();
        let file = File::from(memfd_create("picture", MemfdFlags::CLOEXEC).unwrap());
        let bytes: Vec<u8> = (0..8192_u32).map(|at| (at * 7 % 251) as u8).collect();
        file.write_all_at(&bytes, 0).unwrap();
        let inode = file.metadata().unwrap().ino();
        // SAFETY: the file is a piece of memory of that length, which is ours to give.
        let memory = unsafe { DmaBufAllocator::new().alloc_dmabuf(file, bytes.len()) };
        let frame = frame(memory.unwrap());
        let planes = planes(&frame).unwrap();
        assert_eq!(planes.len(), 2);
        for (at, plane) in planes.iter().enumerate() {
            let file = File::from(plane.file.as_fd().try_clone_to_owned().unwrap());
            assert_eq!(file.metadata().unwrap().ino(), inode);
            assert_eq!(plane.offset as usize, OFFSETS[at]);
            assert_eq!(plane.stride as i32, STRIDES[at]);
            // What the processor reads is what lies there.
            let seen = frame.plane_data(at as u32).unwrap();
            assert_eq!(seen[..64], bytes[OFFSETS[at]..OFFSETS[at] + 64]);
        }
    }

    #[test]
    fn memory_of_the_processor_is_nobody_elses() {
        gst::init().unwrap();
        let frame = frame(gst::Memory::with_size(8192));
        assert!(planes(&frame).is_none());
    }
}
