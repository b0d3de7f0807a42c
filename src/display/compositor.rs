//! Puts the UI over the video, for every presenter that has no planes to do it.
//!
//! It holds three things: a copy of the UI, the newest video frame, and that frame converted to
//! RGB at its size on the screen. From these any part of the screen can be composed at any time,
//! which is what damage, exposed windows and snapshots need: a focus ring that moves over a paused
//! film costs the ring, and a film costs its conversion and one blend inside `visible`.
//!
//! Invariant: composing the damage of each commit, in order, gives the same screen as composing
//! all of it once (tests/display.rs tries to break it). It never touches the target outside the
//! rectangles it is given.

use super::blend;
use super::picture::{BadFrame, Converter};
use super::rect::Damage;
use super::{Rect, Snapshot, letterbox};
use media::VideoFrame;

/// The state of one screen of `size()` pixels.
#[derive(Debug)]
pub struct Compositor {
    width: u32,
    height: u32,
    /// Premultiplied 0xAARRGGBB, whole screen.
    ui: Vec<u32>,
    /// The UI counts as clear outside.
    visible: Option<Rect>,
    frame: Option<VideoFrame>,
    /// The frame has not been converted yet.
    stale: bool,
    /// The frame has not been taken by a plane yet.
    fresh: bool,
    picture: Option<Picture>,
    converter: Converter,
    damage: Damage,
}

/// A frame in RGB at its place on the screen; the top byte of a pixel means nothing.
#[derive(Debug)]
struct Picture {
    place: Rect,
    pixels: Vec<u32>,
}

impl Compositor {
    pub fn new(width: u32, height: u32) -> Compositor {
        let mut compositor = Compositor {
            width: 0,
            height: 0,
            ui: Vec::new(),
            visible: None,
            frame: None,
            stale: false,
            fresh: false,
            picture: None,
            converter: Converter::default(),
            damage: Damage::default(),
        };
        compositor.resize(width, height);
        compositor
    }

    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    fn screen(&self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// A screen of another size: the UI starts clear, the video stays.
    pub fn resize(&mut self, width: u32, height: u32) {
        (self.width, self.height) = (width, height);
        self.ui.clear();
        self.ui.resize(width as usize * height as usize, 0);
        self.visible = None;
        self.picture = None;
        self.stale = self.frame.is_some();
        // What is known of the other size is beside this one.
        self.damage = Damage::default();
        self.damage_all();
    }

    /// Everything must be composed again.
    pub fn damage_all(&mut self) {
        self.damage.add(self.screen());
    }

    /// The newest frame, or none when the film is over; converted when damage is next taken, so
    /// a frame that is replaced before that costs nothing.
    pub fn video(&mut self, frame: Option<VideoFrame>) {
        self.stale = frame.is_some();
        self.fresh = self.stale;
        if frame.is_none() && self.picture.take().is_some() {
            self.damage_all();
        }
        self.frame = frame;
    }

    /// Takes over the changed parts of the UI. `pixels` are rows of `width`; a part of the damage
    /// beyond them or the screen is ignored. See [`super::Presenter::ui`].
    pub fn ui(&mut self, pixels: &[u32], width: u32, damage: &[Rect], visible: Option<Rect>) {
        let visible = visible.and_then(|rect| rect.intersect(&self.screen()));
        let rows = (pixels.len() as u32).checked_div(width).unwrap_or(0);
        let given = Rect::new(0, 0, width, rows);
        let seen = [self.visible, visible];
        for part in damage {
            let Some(part) = part
                .intersect(&given)
                .and_then(|rect| rect.intersect(&self.screen()))
            else {
                continue;
            };
            self.copy_ui(pixels, width, part);
            for seen in seen.iter().flatten() {
                self.damage.add(part.intersect(seen).unwrap_or_default());
            }
        }
        if self.visible != visible {
            for seen in seen.into_iter().flatten() {
                self.damage.add(seen);
            }
            self.visible = visible;
        }
    }

    fn copy_ui(&mut self, pixels: &[u32], width: u32, part: Rect) {
        for y in part.y..part.bottom() {
            let from = (y * width + part.x) as usize;
            let to = (y * self.width + part.x) as usize;
            let length = part.width as usize;
            self.ui[to..to + length].copy_from_slice(&pixels[from..from + length]);
        }
    }

    /// What changed since it was last asked; empty if nothing did.
    pub fn take_damage(&mut self) -> Damage {
        if self.stale {
            self.stale = false;
            self.convert();
        }
        std::mem::take(&mut self.damage)
    }

    fn convert(&mut self) {
        let Some(frame) = &self.frame else { return };
        let Some(place) = self.place(frame) else {
            return;
        };
        let moved = self.picture.as_ref().is_none_or(|old| old.place != place);
        let pixels = self.picture.take().map_or_else(Vec::new, |old| old.pixels);
        match Picture::of(frame, place, pixels, &mut self.converter) {
            Ok(picture) => {
                let screen = self.screen();
                self.damage.add(if moved { screen } else { place });
                self.picture = Some(picture);
            }
            Err(why) => {
                tracing::warn!("a picture cannot be shown: {why}");
                self.damage_all();
            }
        }
    }

    /// Where on the screen a frame is; none: nowhere.
    fn place(&self, frame: &VideoFrame) -> Option<Rect> {
        let shape = (frame.width, frame.height);
        let place = letterbox(shape, frame.pixel_aspect, (self.width, self.height));
        (!place.is_empty()).then_some(place)
    }

    /// The newest frame, and its place on the screen.
    pub(super) fn frame(&self) -> Option<(&VideoFrame, Rect)> {
        let frame = self.frame.as_ref()?;
        Some((frame, self.place(frame)?))
    }

    /// For a plane that shows the frame itself: whether that is another since this was last asked,
    /// and what of the UI changed.
    pub(super) fn take_news(&mut self) -> (bool, Damage) {
        let fresh = std::mem::take(&mut self.fresh);
        (fresh, std::mem::take(&mut self.damage))
    }

    /// Something of the UI is to be seen.
    pub(super) fn is_ui_visible(&self) -> bool {
        self.visible.is_some()
    }

    /// As [`Compositor::compose`], of the UI alone, premultiplied 0xAARRGGBB.
    pub(super) fn compose_ui(&self, target: &mut [u32], rects: &[Rect]) {
        for rect in rects {
            let Some(rect) = rect.intersect(&self.screen()) else {
                continue;
            };
            let seen = self.visible.and_then(|seen| seen.intersect(&rect));
            for y in rect.y..rect.bottom() {
                let line = y as usize * self.width as usize;
                target[line + rect.x as usize..line + rect.right() as usize].fill(0);
                if let Some(seen) = seen.filter(|seen| (seen.y..seen.bottom()).contains(&y)) {
                    let columns = line + seen.x as usize..line + seen.right() as usize;
                    target[columns.clone()].copy_from_slice(&self.ui[columns]);
                }
            }
        }
    }

    /// Writes `rects` of the screen into `target`, rows of the screen's width in 0x00RRGGBB.
    ///
    /// # Panics
    /// When `target` is smaller than the screen.
    pub fn compose(&self, target: &mut [u32], rects: &[Rect]) {
        for rect in rects {
            let Some(rect) = rect.intersect(&self.screen()) else {
                continue;
            };
            for y in rect.y..rect.bottom() {
                let start = y as usize * self.width as usize;
                let row = &mut target[start..start + self.width as usize];
                self.compose_row(row, self.picture.as_ref(), y, (rect.x, rect.right()));
            }
        }
    }

    /// Row `y` from column `from` up to `to`.
    fn compose_row(
        &self,
        row: &mut [u32],
        picture: Option<&Picture>,
        y: u32,
        (from, to): (u32, u32),
    ) {
        let part = Rect::new(from, y, to - from, 1);
        let ui = self.visible.and_then(|seen| seen.intersect(&part));
        let start = y as usize * self.width as usize;
        let Some(picture) = picture else {
            let Some(ui) = ui else {
                row[from as usize..to as usize].fill(0);
                return;
            };
            row[from as usize..ui.x as usize].fill(0);
            row[ui.right() as usize..to as usize].fill(0);
            let columns = ui.x as usize..ui.right() as usize;
            let above = &self.ui[start + columns.start..start + columns.end];
            opaque(&mut row[columns], above);
            return;
        };
        picture.copy_row(row, &part);
        if let Some(ui) = ui {
            let columns = ui.x as usize..ui.right() as usize;
            let above = &self.ui[start + columns.start..start + columns.end];
            blend::over(&mut row[columns], above);
        }
    }

    /// The whole screen as it was last composed.
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot_with(self.picture.as_ref())
    }

    /// The whole screen as planes show it that are given UI and frame.
    pub(super) fn snapshot_of_planes(&self) -> Snapshot {
        let mut converter = Converter::default();
        let picture = self
            .frame()
            .and_then(|(frame, place)| Picture::of(frame, place, Vec::new(), &mut converter).ok());
        self.snapshot_with(picture.as_ref())
    }

    fn snapshot_with(&self, picture: Option<&Picture>) -> Snapshot {
        let mut pixels = vec![0; self.width as usize * self.height as usize];
        for (y, row) in pixels.chunks_mut(self.width.max(1) as usize).enumerate() {
            self.compose_row(row, picture, y as u32, (0, self.width));
        }
        Snapshot {
            width: self.width,
            height: self.height,
            pixels,
        }
    }
}

impl Picture {
    /// `pixels` are used again.
    fn of(
        frame: &VideoFrame,
        place: Rect,
        mut pixels: Vec<u32>,
        converter: &mut Converter,
    ) -> Result<Picture, BadFrame> {
        pixels.resize(place.width as usize * place.height as usize, 0);
        converter.convert(frame, (place.width, place.height), &mut pixels)?;
        Ok(Picture { place, pixels })
    }

    /// Fills the columns of `part` (one row) with the picture, black beside it.
    fn copy_row(&self, row: &mut [u32], part: &Rect) {
        let (from, to) = (part.x as usize, part.right() as usize);
        let Some(inside) = self.place.intersect(part) else {
            row[from..to].fill(0);
            return;
        };
        let (left, right) = (inside.x as usize, inside.right() as usize);
        row[from..left].fill(0);
        row[right..to].fill(0);
        let line = (part.y - self.place.y) as usize * self.place.width as usize;
        let first = line + left - self.place.x as usize;
        opaque(
            &mut row[left..right],
            &self.pixels[first..first + right - left],
        );
    }
}

/// Copies colours and drops the top byte: over black, a premultiplied pixel is its colour.
fn opaque(row: &mut [u32], from: &[u32]) {
    for (to, from) in row.iter_mut().zip(from) {
        *to = from & 0x00ff_ffff;
    }
}
