//! Memory that the card can show, and what it lacks of what was composed.

use std::io;

use drm::buffer::DrmFourcc;

use super::super::{Damage, Rect};
use super::device::{Device, Layout, Memory as _};

/// A buffer of a mode's pixels; zeros where nothing is composed.
pub(super) struct Buffer<D: Device> {
    /// Its number as a picture.
    pub(super) picture: u32,
    memory: D::Memory,
    /// Where in it the composed screen is.
    place: Rect,
    /// What it lacks of what was composed.
    missing: Damage,
    /// Around the place is what was composed for another.
    soiled: bool,
}

impl<D: Device> Buffer<D> {
    /// `format`: with four bytes a pixel.
    pub(super) fn new(
        device: &D,
        format: DrmFourcc,
        size: (u32, u32),
        place: Rect,
    ) -> io::Result<Buffer<D>> {
        let memory = device.memory(size, 32)?;
        let layout = Layout {
            size,
            format,
            modifier: None,
            handles: [memory.handle(), 0, 0, 0],
            pitches: [memory.pitch(), 0, 0, 0],
            offsets: [0; 4],
        };
        let picture = match device.picture(&layout) {
            Ok(picture) => picture,
            Err(why) => {
                device.free(memory)?;
                return Err(why);
            }
        };
        let mut buffer = Buffer {
            picture,
            memory,
            place,
            missing: Damage::default(),
            soiled: false,
        };
        buffer.lacks_all();
        Ok(buffer)
    }

    /// One to show and one to draw.
    pub(super) fn pair(
        device: &D,
        format: DrmFourcc,
        size: (u32, u32),
        place: Rect,
    ) -> io::Result<[Buffer<D>; 2]> {
        let one = Buffer::new(device, format, size, place)?;
        match Buffer::new(device, format, size, place) {
            Ok(other) => Ok([one, other]),
            Err(why) => {
                one.free(device);
                Err(why)
            }
        }
    }

    /// From now on the composed screen is there in it.
    pub(super) fn move_to(&mut self, place: Rect) {
        self.place = place;
        self.missing = Damage::default();
        self.soiled = true;
        self.lacks_all();
    }

    /// More than what is missing changes with the next [`Buffer::fill`].
    pub(super) fn is_soiled(&self) -> bool {
        self.soiled
    }

    /// Nobody knows what is in it.
    pub(super) fn lacks_all(&mut self) {
        self.missing
            .add(Rect::new(0, 0, self.place.width, self.place.height));
    }

    pub(super) fn lacks(&mut self, damage: &Damage) {
        self.missing.add_all(damage);
    }

    /// Copies what is missing from rows of the composed screen; says what that was.
    pub(super) fn fill(&mut self, composed: &[u32]) -> Damage {
        let missing = std::mem::take(&mut self.missing);
        let (place, pitch) = (self.place, self.memory.pitch() as usize);
        let soiled = std::mem::take(&mut self.soiled);
        self.memory.edit(&mut |memory| {
            if soiled {
                memory.fill(0);
            }
            for rect in missing.rects() {
                for y in rect.y..rect.bottom() {
                    let from = (y * place.width + rect.x) as usize;
                    let row = bytemuck::cast_slice(&composed[from..from + rect.width as usize]);
                    let to = (place.y + y) as usize * pitch + (place.x + rect.x) as usize * 4;
                    memory[to..to + row.len()].copy_from_slice(row);
                }
            }
        });
        missing
    }

    /// Rectangles as `drm_mode_rect`: left, top, right, bottom, without the last two.
    pub(super) fn clips(&self, damage: &Damage) -> Vec<[i32; 4]> {
        let edge = |edge: u32| i32::try_from(edge).unwrap_or(0);
        let clip = |rect: &Rect| {
            let (left, top) = (self.place.x + rect.x, self.place.y + rect.y);
            [left, top, left + rect.width, top + rect.height].map(edge)
        };
        damage.rects().iter().map(clip).collect()
    }

    /// Gives its memory back; it must not be on a screen.
    pub(super) fn free(self, device: &D) {
        free(device, self.picture, self.memory);
    }
}

/// Gives memory back that was a picture.
pub(super) fn free<D: Device>(device: &D, picture: u32, memory: D::Memory) {
    let forgotten = device.forget_picture(picture);
    if let Err(why) = forgotten.and(device.free(memory)) {
        tracing::warn!("memory of the screen is not given back: {why}");
    }
}
