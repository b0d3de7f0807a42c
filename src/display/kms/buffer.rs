//! Memory that the card can show, and what it lacks of what was composed.

use std::io;

use drm::buffer::{Buffer as _, DrmFourcc};
use drm::control::dumbbuffer::{DumbBuffer, DumbMapping};
use drm::control::{Device as _, framebuffer};

use super::super::{Damage, Rect};
use super::card::Card;

/// A buffer of a mode's pixels; black where nothing is composed.
pub(super) struct Buffer {
    pub(super) shown_as: framebuffer::Handle,
    made: DumbBuffer,
    memory: DumbMapping<'static>,
    /// From row to row.
    pitch_bytes: usize,
    /// Where in it the composed screen is.
    place: Rect,
    /// What it lacks of what was composed.
    missing: Damage,
}

impl Buffer {
    pub(super) fn new(card: &Card, size: (u32, u32), place: Rect) -> io::Result<Buffer> {
        let made = card.create_dumb_buffer(size, DrmFourcc::Xrgb8888, 32)?;
        let shown_as = card.add_framebuffer(&made, 24, 32)?;
        let pitch_bytes = made.pitch() as usize;
        // A mapping borrows its buffer's description: few bytes, once for a size of the screen.
        let memory = card.map_dumb_buffer(Box::leak(Box::new(made)))?;
        let mut buffer = Buffer {
            shown_as,
            made,
            memory,
            pitch_bytes,
            place,
            missing: Damage::default(),
        };
        buffer.lacks_all();
        Ok(buffer)
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
        let place = self.place;
        for rect in missing.rects() {
            for y in rect.y..rect.bottom() {
                let from = (y * place.width + rect.x) as usize;
                let row = bytemuck::cast_slice(&composed[from..from + rect.width as usize]);
                let to =
                    (place.y + y) as usize * self.pitch_bytes + (place.x + rect.x) as usize * 4;
                self.memory[to..to + row.len()].copy_from_slice(row);
            }
        }
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
    pub(super) fn free(self, card: &Card) {
        let freed = card.destroy_framebuffer(self.shown_as);
        drop(self.memory);
        if let Err(why) = freed.and_then(|()| card.destroy_dumb_buffer(self.made)) {
            tracing::warn!("memory of the screen is not given back: {why}");
        }
    }
}
