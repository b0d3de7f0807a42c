//! `KmsPlanes`: the film on a plane of its own and the UI on another above it, so that the
//! processor neither scales the film, nor makes colours of it, nor lays the UI over it.
//!
//! It begins with a film and ends with it: a wall alone is on one plane ([`super::lit`]). Each way
//! in which the card's planes could do it is asked of the card before (TEST_ONLY), with the UI and
//! without. A film whose place the plane cannot scale to is scaled by the processor, and only then
//! it is not blended by it. What no way is for, or what the card refuses in the middle of a film,
//! is composed on one plane, in the same commit that would have shown it here.
//!
//! A UI that does not change is not sent again, and one of which nothing is to be seen has no plane
//! at all, where the card can do without.
//!
//! Invariant, as on one plane: memory that is on the screen, or on its way there, is never written.

use std::io;

use drm::buffer::DrmFourcc;
use media::{ColourMatrix, PixelFormat, VideoFrame};

use super::super::picture::Converter;
use super::super::{Damage, Rect};
use super::buffer::Buffer;
use super::device::{Device, How, LINEAR};
use super::film::{self, FilmBuffer};
use super::lit::{Lit, Show, size};
use super::planes::{Choice, choose};

/// All that counts of pictures for what planes they can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    format: PixelFormat,
    size: (u32, u32),
    matrix: ColourMatrix,
    full_range: bool,
    /// On the screen.
    place: Rect,
}

impl Shape {
    pub(super) fn of(frame: &VideoFrame, place: Rect) -> Shape {
        Shape {
            format: frame.format,
            size: (frame.width, frame.height),
            matrix: frame.matrix,
            full_range: frame.full_range,
            place,
        }
    }
}

pub(super) struct KmsPlanes<D: Device> {
    pub(super) shape: Shape,
    choice: Choice,
    /// Of the pictures as the plane gets them, and where it puts them.
    size: (u32, u32),
    place: Rect,
    converter: Converter,
    film: [FilmBuffer<D>; 2],
    /// The picture of the film that was filled last.
    filled: Option<usize>,
    film_with: Vec<(u32, u64)>,
    ui: [Buffer<D>; 2],
    /// The one to draw next.
    next: usize,
    ui_with: Vec<(u32, u64)>,
    /// The card can do without the UI's plane.
    rests: bool,
}

/// What there is to show on planes.
pub(super) struct News<'a> {
    pub(super) frame: &'a VideoFrame,
    /// It is another one.
    pub(super) fresh: bool,
    /// The UI as it is composed, and what of it changed.
    pub(super) ui: &'a [u32],
    pub(super) damage: &'a Damage,
    /// Something of the UI is to be seen.
    pub(super) visible: bool,
}

impl<D: Device> KmsPlanes<D> {
    /// A way that the card takes; `ui` is where on the screen that is, which is not all of it where
    /// a TV hides the edges.
    ///
    /// # Errors
    /// There is none, and why, as far as the last one goes.
    pub(super) fn new(
        device: &D,
        lit: &mut Lit<D>,
        shape: Shape,
        ui: Rect,
    ) -> Result<KmsPlanes<D>, String> {
        let formats = film::formats(shape.format);
        let choices = choose(&lit.way.planes, &formats, LINEAR).map_err(|why| why.to_string())?;
        let place = Rect {
            x: ui.x + shape.place.x,
            y: ui.y + shape.place.y,
            ..shape.place
        };
        // Pairs of samples share their colour, and some drivers take whole ones alone.
        let even = Rect {
            width: place.width & !1,
            height: place.height & !1,
            ..place
        };
        let by_us = [place, even].map(|place| ((place.width, place.height), place));
        let mut ways = vec![(shape.size, place)];
        ways.extend(by_us.into_iter().filter(|way| !way.1.is_empty()));
        ways.dedup();
        let mut why = String::new();
        // A film that is not scaled by the processor is worth more than a better plane.
        for (size, place) in ways {
            for choice in &choices {
                let made = Self::make(device, lit, shape, (*choice, size, place), ui);
                let tried = made.map_err(|error| error.to_string());
                match tried.and_then(|planes| planes.tried(device, lit)) {
                    Ok(planes) => return Ok(planes),
                    Err(error) => why = error,
                }
            }
        }
        Err(why)
    }

    fn make(
        device: &D,
        lit: &Lit<D>,
        shape: Shape,
        (choice, pixels, place): (Choice, (u32, u32), Rect),
        ui: Rect,
    ) -> io::Result<KmsPlanes<D>> {
        let (low, high) = (&lit.way.planes[choice.film], &lit.way.planes[choice.ui]);
        let colours = low.colours(shape.matrix, shape.full_range);
        let mut film_with = colours
            .ok_or_else(|| io::Error::other("its plane does not know the film's colours"))?;
        film_with.extend(low.zpos.map(|it| it.id).zip(choice.zpos.0));
        let mut ui_with: Vec<_> = high.blend().into_iter().collect();
        ui_with.extend(high.zpos.map(|it| it.id).zip(choice.zpos.1));
        let one = FilmBuffer::new(device, choice.format, pixels)?;
        let other = match FilmBuffer::new(device, choice.format, pixels) {
            Ok(other) => other,
            Err(why) => {
                one.free(device);
                return Err(why);
            }
        };
        let all = size(lit.mode());
        match Buffer::pair(device, DrmFourcc::Argb8888, all, ui) {
            Ok(ui) => Ok(KmsPlanes {
                shape,
                choice,
                size: pixels,
                place,
                converter: Converter::default(),
                film: [one, other],
                filled: None,
                film_with,
                ui,
                next: 0,
                ui_with,
                rests: true,
            }),
            Err(why) => {
                one.free(device);
                other.free(device);
                Err(why)
            }
        }
    }

    /// Asks the card.
    fn tried(mut self, device: &D, lit: &mut Lit<D>) -> Result<KmsPlanes<D>, String> {
        let how = if lit.set { How::Try } else { How::TrySetting };
        let shows = |planes: &KmsPlanes<D>, lit: &mut Lit<D>, ui: bool| {
            let film = planes.show_film(0);
            let above = planes.show_ui(lit, 0, None);
            let (shows, on) = if ui {
                (vec![film, above], planes.both())
            } else {
                (vec![film], vec![planes.choice.film])
            };
            lit.commit(device, &shows, &on, how)
        };
        let both = shows(&self, lit, true);
        if let Err(why) = both {
            self.free(device);
            return Err(format!("the card refuses: {why}"));
        }
        self.rests = shows(&self, lit, false).is_ok();
        Ok(self)
    }

    fn both(&self) -> Vec<usize> {
        vec![self.choice.film, self.choice.ui]
    }

    fn show_film(&self, which: usize) -> Show<'_> {
        Show {
            plane: self.choice.film,
            picture: self.film[which].picture,
            size: self.size,
            place: self.place,
            with: &self.film_with,
            clips: None,
        }
    }

    fn show_ui<'a>(
        &'a self,
        lit: &Lit<D>,
        which: usize,
        clips: Option<&'a [[i32; 4]]>,
    ) -> Show<'a> {
        let place = lit.whole();
        Show {
            plane: self.choice.ui,
            picture: self.ui[which].picture,
            size: (place.width, place.height),
            place,
            with: &self.ui_with,
            clips,
        }
    }

    /// Sends what is new; false: nothing is. `all`: the card may have nothing of it.
    ///
    /// # Errors
    /// The picture is not what it says, or the card takes it no longer.
    pub(super) fn present(
        &mut self,
        device: &D,
        lit: &mut Lit<D>,
        news: &News<'_>,
        all: bool,
    ) -> io::Result<bool> {
        for buffer in &mut self.ui {
            buffer.lacks(news.damage);
        }
        let all = all || !lit.set || !lit.is_on(self.choice.film);
        let seen = news.visible || !self.rests;
        let was_seen = lit.is_on(self.choice.ui);
        let redrawn = seen && (all || !was_seen || !news.damage.is_empty());
        let fresh = news.fresh || self.filled.is_none();
        if !(all || fresh || redrawn || seen != was_seen) {
            return Ok(false);
        }
        if fresh {
            let next = self.filled.map_or(0, |last| 1 - last);
            let filled = self.film[next].fill(news.frame, &mut self.converter);
            filled.map_err(io::Error::other)?;
            self.filled = Some(next);
        }
        let mut clips = Vec::new();
        if redrawn {
            let changed = self.ui[self.next].fill(news.ui);
            clips = self.ui[self.next].clips(&changed);
        }
        let mut shows = Vec::new();
        if let Some(last) = self.filled.filter(|_| fresh || all) {
            shows.push(self.show_film(last));
        }
        if redrawn {
            let clips = (was_seen && !all).then_some(&*clips);
            shows.push(self.show_ui(lit, self.next, clips));
        }
        let on = if seen {
            self.both()
        } else {
            vec![self.choice.film]
        };
        lit.commit(device, &shows, &on, lit.usual())?;
        if redrawn {
            self.next = 1 - self.next;
        }
        Ok(true)
    }

    /// Which planes, and who scales, for the log.
    pub(super) fn story(&self, lit: &Lit<D>) -> String {
        let id = |place: usize| lit.way.planes[place].id;
        let scaled = match (self.size == self.shape.size, self.place) {
            (true, place) if (place.width, place.height) == self.size => "as it is",
            (true, _) => "scaled by it",
            (false, _) => "scaled by the processor",
        };
        format!(
            "the film on plane {} ({}, {scaled}), the UI on plane {}",
            id(self.choice.film),
            self.choice.format,
            id(self.choice.ui)
        )
    }

    pub(super) fn free(self, device: &D) {
        for buffer in self.film {
            buffer.free(device);
        }
        for buffer in self.ui {
            buffer.free(device);
        }
    }
}
