//! A screen that is plugged in, and what the card is told of it.
//!
//! All that a commit says of planes is made here: those that are shown, whole each time, and those
//! that were on before and are not to be any more. What is kept is what the card took last.

use std::io;

use drm::buffer::DrmFourcc;
use drm::control::Mode;

use super::super::{Damage, Rect};
use super::buffer::Buffer;
use super::card::Way;
use super::device::{Device, How, Request};
use super::kms_planes::{KmsPlanes, Shape};
use super::planes::Plane;

/// What is plugged in.
pub(super) struct Lit<D: Device> {
    pub(super) way: Way,
    /// The place of the mode in those of the way.
    pub(super) mode: usize,
    /// The film for which the card has refused a mode.
    pub(super) refused_for: Option<sink::Film>,
    /// One to show and one to draw, where all is on one plane.
    pub(super) buffers: [Buffer<D>; 2],
    /// The one to draw next.
    pub(super) next: usize,
    /// The card scans out in that mode.
    pub(super) set: bool,
    /// The film and the UI have planes of their own.
    pub(super) planes: Option<KmsPlanes<D>>,
    /// Pictures for which they cannot have them.
    pub(super) no_planes_for: Option<Shape>,
    /// Pictures can be shown from where their decoder has them, as far as is known.
    pub(super) takes_shared: bool,
    /// The places of planes that show something.
    on: Vec<usize>,
    /// What may still be on the screen until the next flip.
    retired: Vec<KmsPlanes<D>>,
}

/// What a plane is to show.
pub(super) struct Show<'a> {
    /// The plane's place.
    pub(super) plane: usize,
    pub(super) picture: u32,
    /// All of a picture of that size.
    pub(super) size: (u32, u32),
    /// Where on the screen.
    pub(super) place: Rect,
    /// Other properties of the plane.
    pub(super) with: &'a [(u32, u64)],
    /// What of the picture is new, where that is less than all.
    pub(super) clips: Option<&'a [[i32; 4]]>,
}

pub(super) fn size(mode: &Mode) -> (u32, u32) {
    let (width, height) = mode.size();
    (u32::from(width), u32::from(height))
}

impl<D: Device> Lit<D> {
    pub(super) fn new(device: &D, way: Way, place: Rect) -> io::Result<Lit<D>> {
        let size = size(&way.modes[way.wall]);
        Ok(Lit {
            buffers: Buffer::pair(device, DrmFourcc::Xrgb8888, size, place)?,
            mode: way.wall,
            refused_for: None,
            next: 0,
            set: false,
            planes: None,
            no_planes_for: None,
            takes_shared: true,
            on: Vec::new(),
            retired: Vec::new(),
            way,
        })
    }

    pub(super) fn mode(&self) -> &Mode {
        &self.way.modes[self.mode]
    }

    /// All pixels of the screen.
    pub(super) fn whole(&self) -> Rect {
        let (width, height) = size(self.mode());
        Rect::new(0, 0, width, height)
    }

    pub(super) fn is_on(&self, plane: usize) -> bool {
        self.on.contains(&plane)
    }

    /// Gives back what has not been on the screen since a flip.
    pub(super) fn flipped(&mut self, device: &D) {
        for planes in self.retired.drain(..) {
            planes.free(device);
        }
        if let Some(planes) = &mut self.planes {
            planes.flipped();
        }
    }

    /// All on one plane again, with the next commit.
    pub(super) fn leave_planes(&mut self) {
        self.retired.extend(self.planes.take());
        for buffer in &mut self.buffers {
            buffer.lacks_all();
        }
    }

    /// What is composed is there on the screen from now on.
    pub(super) fn move_to(&mut self, place: Rect) {
        self.retired.extend(self.planes.take());
        self.no_planes_for = None;
        for buffer in &mut self.buffers {
            buffer.move_to(place);
        }
    }

    /// Gives all its memory back; it must be dark.
    pub(super) fn free(mut self, device: &D) {
        self.leave_planes();
        self.flipped(device);
        for buffer in self.buffers {
            buffer.free(device);
        }
    }

    /// Shows what is composed, on one plane.
    pub(super) fn show(&mut self, device: &D, composed: &[u32], damage: &Damage) -> io::Result<()> {
        for buffer in &mut self.buffers {
            buffer.lacks(damage);
        }
        let buffer = &mut self.buffers[self.next];
        let soiled = buffer.is_soiled();
        let changed = buffer.fill(composed);
        let clips = buffer.clips(&changed);
        // Where another plane was on, or the picture elsewhere, all of this one is new.
        let clips = (self.on == [self.way.primary] && !soiled).then_some(&*clips);
        let picture = buffer.picture;
        let sent = self.commit_one(device, picture, clips, self.usual());
        if sent.is_err() {
            // Nobody knows what of it was seen.
            self.buffers[self.next].lacks(&changed);
        } else {
            self.next = 1 - self.next;
        }
        sent
    }

    /// Whether the card could show one plane in the mode that is not set yet.
    pub(super) fn try_mode(&mut self, device: &D) -> io::Result<()> {
        let picture = self.buffers[self.next].picture;
        self.commit_one(device, picture, None, How::TrySetting)
    }

    /// How what changes is shown.
    pub(super) fn usual(&self) -> How {
        if self.set { How::Flip } else { How::Set }
    }

    fn commit_one(
        &mut self,
        device: &D,
        picture: u32,
        clips: Option<&[[i32; 4]]>,
        how: How,
    ) -> io::Result<()> {
        let place = self.whole();
        let show = Show {
            plane: self.way.primary,
            picture,
            size: (place.width, place.height),
            place,
            with: &[],
            clips,
        };
        self.commit(device, &[show], &[self.way.primary], how)
    }

    /// Sends what these planes show; all but those of `on` are off from then on.
    pub(super) fn commit(
        &mut self,
        device: &D,
        shows: &[Show<'_>],
        on: &[usize],
        how: How,
    ) -> io::Result<()> {
        let (mut request, mut blobs) = (Request::default(), Vec::new());
        if matches!(how, How::Set | How::TrySetting) {
            blobs.push(self.set_mode(device, &mut request)?);
        }
        for show in shows {
            blobs.extend(self.put(device, show, &mut request));
        }
        for off in self.on.iter().filter(|plane| !on.contains(*plane)) {
            switch_off(&self.way.planes[*off], &mut request);
        }
        let sent = device.commit(&request, how);
        for blob in blobs {
            device.free_blob(blob);
        }
        if sent.is_ok() && matches!(how, How::Set | How::Flip) {
            self.on = on.to_vec();
            self.set = true;
        }
        sent
    }

    /// What a plane shows; the blob that was made for it.
    fn put(&self, device: &D, show: &Show<'_>, request: &mut Request) -> Option<u64> {
        let plane = &self.way.planes[show.plane];
        request.add(plane.id, plane.picture, show.picture.into());
        request.add(plane.id, plane.crtc, self.way.crtc.into());
        let (width, height) = (u64::from(show.size.0), u64::from(show.size.1));
        let place = [
            show.place.x,
            show.place.y,
            show.place.width,
            show.place.height,
        ];
        let source = [0, 0, width << 16, height << 16].into_iter();
        for (id, value) in plane.place.iter().zip(source.chain(place.map(u64::from))) {
            request.add(plane.id, *id, value);
        }
        for (id, value) in show.with {
            request.add(plane.id, *id, *value);
        }
        // A virtual screen sends only these parts to where it is seen.
        let blob = device.clips_blob(show.clips.filter(|_| self.set)?).ok();
        let (id, blob) = (plane.damage?, blob?);
        request.add(plane.id, id, blob);
        Some(blob)
    }

    /// Lights the screen: done with the first picture, so nothing is seen before it.
    fn set_mode(&self, device: &D, request: &mut Request) -> io::Result<u64> {
        let (way, ids) = (&self.way, self.way.ids);
        request.add(way.connector, ids.connector_crtc, way.crtc.into());
        request.add(way.crtc, ids.crtc_active, 1);
        let mode = device.mode_blob(self.mode())?;
        request.add(way.crtc, ids.crtc_mode, mode);
        Ok(mode)
    }

    /// Sends no picture any more, if it does.
    pub(super) fn switch_off(&mut self, device: &D) -> io::Result<()> {
        if !std::mem::take(&mut self.set) {
            return Ok(());
        }
        let (way, ids) = (&self.way, self.way.ids);
        let mut request = Request::default();
        request.add(way.connector, ids.connector_crtc, 0);
        for plane in std::mem::take(&mut self.on) {
            switch_off(&way.planes[plane], &mut request);
        }
        request.add(way.crtc, ids.crtc_active, 0);
        request.add(way.crtc, ids.crtc_mode, 0);
        device.commit(&request, How::SetQuietly)
    }
}

fn switch_off(plane: &Plane, request: &mut Request) {
    request.add(plane.id, plane.picture, 0);
    request.add(plane.id, plane.crtc, 0);
}
