//! The kernel's card as a [`Device`]: each question is one or two ioctls of the crate `drm`.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use drm::buffer::{Buffer as _, DrmFourcc, DrmModifier, Handle, PlanarBuffer};
use drm::control::atomic::AtomicModeReq;
use drm::control::dumbbuffer::{DumbBuffer, DumbMapping};
use drm::control::property::ValueType;
use drm::control::{
    AtomicCommitFlags, Device as _, Event, FbCmd2Flags, Mode, RawResourceHandle, ResourceHandle,
    crtc, from_u32, property,
};

use super::card::Card;
use super::device::{Device, How, Kind, Layout, Memory, Properties, Property, Request};

/// Memory of a card's, mapped.
pub(super) struct Dumb {
    made: DumbBuffer,
    map: DumbMapping<'static>,
}

impl Memory for Dumb {
    fn handle(&self) -> u32 {
        self.made.handle().into()
    }

    fn pitch(&self) -> u32 {
        self.made.pitch()
    }

    fn edit(&mut self, edit: &mut dyn FnMut(&mut [u8])) {
        edit(&mut self.map);
    }
}

impl PlanarBuffer for Layout {
    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn format(&self) -> DrmFourcc {
        self.format
    }

    fn modifier(&self) -> Option<DrmModifier> {
        self.modifier.map(DrmModifier::from)
    }

    fn pitches(&self) -> [u32; 4] {
        self.pitches
    }

    fn handles(&self) -> [Option<Handle>; 4] {
        self.handles
            .map(|handle| RawResourceHandle::new(handle).map(Handle::from))
    }

    fn offsets(&self) -> [u32; 4] {
        self.offsets
    }
}

/// An object of any type: the kernel finds it by its number.
#[derive(Clone, Copy)]
struct Any(RawResourceHandle);

impl From<RawResourceHandle> for Any {
    fn from(number: RawResourceHandle) -> Any {
        Any(number)
    }
}

impl From<Any> for RawResourceHandle {
    fn from(any: Any) -> RawResourceHandle {
        any.0
    }
}

impl From<Any> for u32 {
    fn from(any: Any) -> u32 {
        any.0.get()
    }
}

impl ResourceHandle for Any {
    // `DRM_MODE_OBJECT_ANY`.
    const FFI_TYPE: u32 = 0;
}

fn object<T: From<RawResourceHandle>>(number: u32) -> io::Result<T> {
    from_u32(number).ok_or_else(|| io::Error::other("0 is no object"))
}

impl Card {
    fn property(&self, id: property::Handle, value: u64) -> io::Result<(String, Property)> {
        let info = self.get_property(id)?;
        let kind = match info.value_type() {
            ValueType::Boolean => Kind::Range(0, 1),
            ValueType::UnsignedRange(least, most) => Kind::Range(*least, *most),
            ValueType::Enum(values) => {
                let named = values.values().1.iter().map(|one| {
                    let name = one.name().to_string_lossy().into_owned();
                    (name, one.value())
                });
                Kind::Enum(named.collect())
            }
            _ => Kind::Number,
        };
        let name = info.name().to_string_lossy().into_owned();
        Ok((
            name,
            Property {
                id: id.into(),
                value,
                kind,
                immutable: !info.mutable(),
            },
        ))
    }
}

impl Device for Card {
    type Memory = Dumb;

    fn properties(&self, object: u32) -> io::Result<Properties> {
        let set = self.get_properties(self::object::<Any>(object)?)?;
        let known = set.iter().map(|(id, value)| self.property(*id, *value));
        Ok(Properties(known.collect::<io::Result<_>>()?))
    }

    fn read_blob(&self, blob: u64) -> io::Result<Vec<u8>> {
        self.get_property_blob(blob)
    }

    fn planes(&self, crtc: u32) -> io::Result<Vec<(u32, Vec<u32>)>> {
        let resources = self.resource_handles()?;
        let crtc = object::<crtc::Handle>(crtc)?;
        let mut planes = Vec::new();
        for handle in self.plane_handles()? {
            let info = self.get_plane(handle)?;
            let reached = resources.filter_crtcs(info.possible_crtcs());
            if reached.contains(&crtc) {
                planes.push((handle.into(), info.formats().to_vec()));
            }
        }
        Ok(planes)
    }

    fn memory(&self, size: (u32, u32), bits: u32) -> io::Result<Dumb> {
        // What it is for is said when it is made a picture.
        let made = self.create_dumb_buffer(size, DrmFourcc::Xrgb8888, bits)?;
        // A mapping borrows its buffer's description: few bytes, once for a size of the screen or
        // a film.
        let map = self.map_dumb_buffer(Box::leak(Box::new(made)))?;
        Ok(Dumb { made, map })
    }

    fn free(&self, memory: Dumb) -> io::Result<()> {
        drop(memory.map);
        self.destroy_dumb_buffer(memory.made)
    }

    fn import(&self, file: BorrowedFd<'_>) -> io::Result<u32> {
        Ok(self.prime_fd_to_buffer(file)?.into())
    }

    fn end_import(&self, handle: u32) {
        if let Some(handle) = RawResourceHandle::new(handle) {
            let _ = self.close_buffer(handle.into());
        }
    }

    fn picture(&self, layout: &Layout) -> io::Result<u32> {
        let flags = match layout.modifier {
            Some(_) => FbCmd2Flags::MODIFIERS,
            None => FbCmd2Flags::empty(),
        };
        Ok(self.add_planar_framebuffer(layout, flags)?.into())
    }

    fn forget_picture(&self, picture: u32) -> io::Result<()> {
        self.destroy_framebuffer(object(picture)?)
    }

    fn mode_blob(&self, mode: &Mode) -> io::Result<u64> {
        Ok(self.create_property_blob(mode)?.into())
    }

    fn clips_blob(&self, clips: &[[i32; 4]]) -> io::Result<u64> {
        Ok(self.create_property_blob(clips)?.into())
    }

    fn free_blob(&self, blob: u64) {
        let _ = self.destroy_property_blob(blob);
    }

    fn commit(&self, request: &Request, how: How) -> io::Result<()> {
        let mut all = AtomicModeReq::new();
        for (object, property, value) in &request.0 {
            let object = self::object(*object)?;
            all.add_raw_property(object, self::object(*property)?, *value);
        }
        let flags = match how {
            How::TrySetting => AtomicCommitFlags::TEST_ONLY | AtomicCommitFlags::ALLOW_MODESET,
            How::Try => AtomicCommitFlags::TEST_ONLY,
            How::Set => AtomicCommitFlags::PAGE_FLIP_EVENT | AtomicCommitFlags::ALLOW_MODESET,
            How::Flip => AtomicCommitFlags::PAGE_FLIP_EVENT | AtomicCommitFlags::NONBLOCK,
            How::SetQuietly => AtomicCommitFlags::ALLOW_MODESET,
        };
        self.atomic_commit(flags, all)
    }

    fn flips(&self) -> io::Result<Vec<Duration>> {
        let flip = |event| match event {
            Event::PageFlip(flip) => Some(flip.duration),
            _ => None,
        };
        Ok(self.receive_events()?.filter_map(flip).collect())
    }
}
