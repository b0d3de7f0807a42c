//! `KmsSingle`: UI and film composed by the processor into one plane, for screens whose card has
//! no second one, as virtio-gpu.
//!
//! Two buffers that the card scans out by turns. What a commit changes is composed in ordinary
//! memory and then copied, for a buffer is slow to read. Invariant: the buffer on the screen, or on
//! its way there, is never written; that is why a turn waits until the flip before it has happened
//! ([`KmsSingle::flipping`]).

use std::io;
use std::time::Instant;

use drm::buffer::{Buffer as _, DrmFourcc};
use drm::control::atomic::AtomicModeReq;
use drm::control::dumbbuffer::DumbMapping;
use drm::control::{AtomicCommitFlags, Device as _, Event, framebuffer, property};

use super::super::{Composed, Compositor, Damage, Presented, Rect};
use super::card::{Card, Way};

/// One to show and one to draw.
const BUFFERS: usize = 2;

/// The screen of one connector.
pub(super) struct KmsSingle {
    card: Card,
    way: Way,
    compositor: Compositor,
    /// The screen as it was last composed.
    composed: Vec<u32>,
    buffers: [Buffer; BUFFERS],
    /// The one to draw next.
    next: usize,
    /// The card scans out: the mode is set.
    lit: bool,
    /// When the commit was sent whose flip has not happened yet.
    flipping: Option<Instant>,
    /// The card refused the last commit.
    refused: bool,
}

/// Memory that the card can show.
struct Buffer {
    shown_as: framebuffer::Handle,
    memory: DumbMapping<'static>,
    /// From row to row.
    pitch_bytes: usize,
    /// What it lacks of what was composed.
    missing: Damage,
}

impl Buffer {
    fn new(card: &Card, width: u32, height: u32) -> io::Result<Buffer> {
        let made = card.create_dumb_buffer((width, height), DrmFourcc::Xrgb8888, 32)?;
        let shown_as = card.add_framebuffer(&made, 24, 32)?;
        let pitch_bytes = made.pitch() as usize;
        // A mapping borrows its buffer; both last as long as the process, like the screen.
        let memory = card.map_dumb_buffer(Box::leak(Box::new(made)))?;
        let mut missing = Damage::default();
        missing.add(Rect::new(0, 0, width, height));
        Ok(Buffer {
            shown_as,
            memory,
            pitch_bytes,
            missing,
        })
    }

    /// Copies what is missing from rows of `width` pixels; says what that was.
    fn fill(&mut self, composed: &[u32], width: u32) -> Damage {
        let missing = std::mem::take(&mut self.missing);
        for rect in missing.rects() {
            for y in rect.y..rect.bottom() {
                let from = (y * width + rect.x) as usize;
                let row = bytemuck::cast_slice(&composed[from..from + rect.width as usize]);
                let to = y as usize * self.pitch_bytes + rect.x as usize * 4;
                self.memory[to..to + row.len()].copy_from_slice(row);
            }
        }
        missing
    }
}

impl KmsSingle {
    pub(super) fn new(card: Card, way: Way) -> io::Result<KmsSingle> {
        let (width, height) = way.mode.size();
        let (width, height) = (u32::from(width), u32::from(height));
        let buffers = [
            Buffer::new(&card, width, height)?,
            Buffer::new(&card, width, height)?,
        ];
        Ok(KmsSingle {
            compositor: Compositor::new(width, height),
            composed: vec![0; width as usize * height as usize],
            buffers,
            next: 0,
            lit: false,
            flipping: None,
            refused: false,
            card,
            way,
        })
    }

    pub(super) fn card(&self) -> &Card {
        &self.card
    }

    /// Thousandths of a refresh a second.
    pub(super) fn refresh_mhz(&self) -> Option<u32> {
        self.way.mode.vrefresh().checked_mul(1000)
    }

    /// When the commit was sent that is not on the screen yet.
    pub(super) fn flipping(&self) -> Option<Instant> {
        self.flipping
    }

    /// The card took nothing at the last commit: there is something to show still.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Reads what the card has to tell.
    pub(super) fn read_events(&mut self) -> io::Result<()> {
        match self.card.receive_events() {
            Ok(mut events) => {
                if events.any(|event| matches!(event, Event::PageFlip(_))) {
                    self.flipping = None;
                }
                Ok(())
            }
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(why) => Err(why),
        }
    }

    /// The flip will not be heard of any more.
    pub(super) fn forget_flip(&mut self) {
        self.flipping = None;
    }

    fn show(&mut self, damage: &Damage) -> io::Result<()> {
        let (width, _) = self.compositor.size();
        self.compositor.compose(&mut self.composed, damage.rects());
        for buffer in &mut self.buffers {
            buffer.missing.add_all(damage);
        }
        let buffer = &mut self.buffers[self.next];
        let changed = buffer.fill(&self.composed, width);
        let shown_as = buffer.shown_as;
        let sent = self.send(shown_as, &changed);
        if sent.is_err() {
            // Nobody knows what of it was seen.
            self.buffers[self.next].missing.add_all(&changed);
        }
        sent
    }

    fn send(&mut self, shown_as: framebuffer::Handle, changed: &Damage) -> io::Result<()> {
        let (way, ids) = (&self.way, &self.way.ids);
        let mut request = AtomicModeReq::new();
        let shown = property::Value::Framebuffer(Some(shown_as));
        request.add_property(way.plane, ids.plane_fb, shown);
        let mut flags = AtomicCommitFlags::PAGE_FLIP_EVENT;
        let mut blobs = Vec::new();
        if self.lit {
            flags |= AtomicCommitFlags::NONBLOCK;
            // A virtual screen sends only these parts to where it is seen.
            if let Some(id) = ids.plane_damage
                && let Ok(blob) = self.card.create_property_blob(&clips(changed)[..])
            {
                request.add_property(way.plane, id, blob);
                blobs.push(blob);
            }
        } else {
            flags |= AtomicCommitFlags::ALLOW_MODESET;
            blobs.push(self.set_mode(&mut request)?);
        }
        let sent = self.card.atomic_commit(flags, request);
        for blob in blobs {
            // The commit holds what it needs of them.
            if let property::Value::Blob(blob) = blob {
                let _ = self.card.destroy_property_blob(blob);
            }
        }
        sent
    }

    /// Lights the screen: done with the first picture, so nothing is seen before it.
    fn set_mode(&self, request: &mut AtomicModeReq) -> io::Result<property::Value<'static>> {
        let (way, ids) = (&self.way, &self.way.ids);
        let crtc = property::Value::CRTC(Some(way.crtc));
        request.add_property(way.connector, ids.connector_crtc, crtc);
        request.add_property(way.plane, ids.plane_crtc, crtc);
        let on = property::Value::Boolean(true);
        request.add_property(way.crtc, ids.crtc_active, on);
        let (width, height) = way.mode.size();
        let (width, height) = (u64::from(width), u64::from(height));
        let place = [0, 0, width << 16, height << 16, 0, 0, width, height];
        for (id, value) in ids.plane_place.iter().zip(place) {
            request.add_raw_property(way.plane.into(), *id, value);
        }
        let mode = self.card.create_property_blob(&way.mode)?;
        request.add_property(way.crtc, ids.crtc_mode, mode);
        Ok(mode)
    }
}

/// Rectangles as `drm_mode_rect`: left, top, right, bottom, without the last two.
fn clips(damage: &Damage) -> Vec<[i32; 4]> {
    let clip = |rect: &Rect| {
        [rect.x, rect.y, rect.right(), rect.bottom()].map(|edge| i32::try_from(edge).unwrap_or(0))
    };
    damage.rects().iter().map(clip).collect()
}

impl Composed for KmsSingle {
    fn compositor(&self) -> &Compositor {
        &self.compositor
    }

    fn compositor_mut(&mut self) -> &mut Compositor {
        &mut self.compositor
    }

    fn present(&mut self) -> Presented {
        let damage = self.compositor.take_damage();
        if damage.is_empty() && !self.refused {
            return Presented::Nothing;
        }
        match self.show(&damage) {
            Ok(()) => {
                self.refused = false;
                self.lit = true;
                self.next = (self.next + 1) % BUFFERS;
                let now = Instant::now();
                self.flipping = Some(now);
                Presented::At(now)
            }
            Err(why) => {
                if !std::mem::replace(&mut self.refused, true) {
                    tracing::warn!("the screen takes no picture: {why}");
                }
                Presented::Refused
            }
        }
    }
}
