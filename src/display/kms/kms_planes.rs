//! `KmsPlanes`: the film on a plane of its own and the UI on another above it, so that the
//! processor neither scales the film, nor makes colours of it, nor lays the UI over it.
//!
//! It begins with a film and ends with it: a wall alone is on one plane ([`super::lit`]). Each way
//! in which the card's planes could do it is asked of the card before (TEST_ONLY), with the UI and
//! without. A film whose place the plane cannot scale to is scaled by the processor, and only then
//! it is not blended by it. What no way is for, or what the card refuses in the middle of a film,
//! is composed on one plane, in the same commit that would have shown it here.
//!
//! Pictures in memory that devices share are shown from there; others are copied. Memory of a
//! decoder's is kept from it until the flip after the one that showed it.
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
use super::imports::Imports;
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
    film: Film<D>,
    /// The picture that is shown, or on its way.
    shown: Option<u32>,
    /// Those whose memory the card reads.
    held: Vec<VideoFrame>,
    film_with: Vec<(u32, u64)>,
    ui: [Buffer<D>; 2],
    /// The one to draw next.
    next: usize,
    ui_with: Vec<(u32, u64)>,
    /// The card can do without the UI's plane.
    rests: bool,
}

/// Where the film's pictures are.
enum Film<D: Device> {
    /// Copied by turns.
    Ours {
        buffers: [FilmBuffer<D>; 2],
        next: usize,
        converter: Box<Converter>,
    },
    /// Where its decoder puts them.
    Theirs(Imports),
}

impl<D: Device> Film<D> {
    /// A picture to try; none of it is seen.
    fn any(&mut self, device: &D, frame: &VideoFrame) -> io::Result<u32> {
        match self {
            Film::Ours { buffers, .. } => Ok(buffers[0].picture),
            Film::Theirs(imports) => imports.picture(device, frame),
        }
    }

    /// The frame as a picture to show.
    fn take(&mut self, device: &D, frame: &VideoFrame) -> io::Result<u32> {
        match self {
            Film::Ours {
                buffers,
                next,
                converter,
            } => {
                let buffer = &mut buffers[*next];
                buffer.fill(frame, converter).map_err(io::Error::other)?;
                *next = 1 - *next;
                Ok(buffer.picture)
            }
            Film::Theirs(imports) => imports.picture(device, frame),
        }
    }

    fn free(self, device: &D) {
        match self {
            Film::Ours { buffers, .. } => {
                for buffer in buffers {
                    buffer.free(device);
                }
            }
            Film::Theirs(imports) => imports.free(device),
        }
    }
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
    /// A way that the card takes for such frames; `ui` is where on the screen that is, which is not
    /// all of it where a TV hides the edges.
    ///
    /// # Errors
    /// There is none, and why, as far as the last one goes.
    pub(super) fn new(
        device: &D,
        lit: &mut Lit<D>,
        frame: &VideoFrame,
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
        let by_us = [place, even].map(|place| (false, (place.width, place.height), place));
        let mut ways = vec![(true, shape.size, place), (false, shape.size, place)];
        ways.extend(by_us.into_iter().filter(|way| !way.2.is_empty()));
        ways.dedup();
        let mut why = String::new();
        // A film that is neither copied nor scaled by the processor is worth more than a better
        // plane.
        for (theirs, size, place) in ways {
            if theirs && (!lit.takes_shared || frame.planes.shared().is_none()) {
                continue;
            }
            for choice in &choices {
                if theirs && choice.format != formats[0] {
                    continue;
                }
                let film = match Self::film(device, theirs, choice.format, size) {
                    Ok(film) => film,
                    Err(error) => {
                        why = error.to_string();
                        continue;
                    }
                };
                let made = Self::make(device, lit, shape, (film, *choice, size, place), ui);
                let tried = made.map_err(|error| error.to_string());
                match tried.and_then(|planes| planes.tried(device, lit, frame)) {
                    Ok(planes) => return Ok(planes),
                    Err(error) => why = error,
                }
            }
        }
        Err(why)
    }

    fn film(device: &D, theirs: bool, format: DrmFourcc, size: (u32, u32)) -> io::Result<Film<D>> {
        if theirs {
            return Ok(Film::Theirs(Imports::default()));
        }
        let one = FilmBuffer::new(device, format, size)?;
        match FilmBuffer::new(device, format, size) {
            Ok(other) => Ok(Film::Ours {
                buffers: [one, other],
                next: 0,
                converter: Box::default(),
            }),
            Err(why) => {
                one.free(device);
                Err(why)
            }
        }
    }

    fn make(
        device: &D,
        lit: &Lit<D>,
        shape: Shape,
        (film, choice, pixels, place): (Film<D>, Choice, (u32, u32), Rect),
        ui: Rect,
    ) -> io::Result<KmsPlanes<D>> {
        let (low, high) = (&lit.way.planes[choice.film], &lit.way.planes[choice.ui]);
        let all = size(lit.mode());
        let colours = low.colours(shape.matrix, shape.full_range);
        let colours =
            colours.ok_or_else(|| io::Error::other("its plane does not know the film's colours"));
        let ui = colours.and_then(|set| {
            let buffers = Buffer::pair(device, DrmFourcc::Argb8888, all, ui)?;
            Ok((set, buffers))
        });
        let (mut film_with, ui) = match ui {
            Ok(made) => made,
            Err(why) => {
                film.free(device);
                return Err(why);
            }
        };
        film_with.extend(low.zpos.map(|it| it.id).zip(choice.zpos.0));
        let mut ui_with: Vec<_> = high.blend().into_iter().collect();
        ui_with.extend(high.zpos.map(|it| it.id).zip(choice.zpos.1));
        Ok(KmsPlanes {
            shape,
            choice,
            size: pixels,
            place,
            film,
            shown: None,
            held: Vec::new(),
            film_with,
            ui,
            next: 0,
            ui_with,
            rests: true,
        })
    }

    /// Asks the card.
    fn tried(
        mut self,
        device: &D,
        lit: &mut Lit<D>,
        frame: &VideoFrame,
    ) -> Result<KmsPlanes<D>, String> {
        let how = if lit.set { How::Try } else { How::TrySetting };
        let asked = self.film.any(device, frame).and_then(|picture| {
            let film = || self.show_film(picture);
            let above = self.show_ui(lit, 0, None);
            lit.commit(device, &[film(), above], &self.both(), how)?;
            Ok(lit
                .commit(device, &[film()], &[self.choice.film], how)
                .is_ok())
        });
        match asked {
            Ok(rests) => {
                self.rests = rests;
                Ok(self)
            }
            Err(why) => {
                self.free(device);
                Err(format!("the card refuses: {why}"))
            }
        }
    }

    fn both(&self) -> Vec<usize> {
        vec![self.choice.film, self.choice.ui]
    }

    fn show_film(&self, picture: u32) -> Show<'_> {
        Show {
            plane: self.choice.film,
            picture,
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
        let fresh = news.fresh || self.shown.is_none();
        if !(all || fresh || redrawn || seen != was_seen) {
            return Ok(false);
        }
        let mut shown = self.shown;
        if fresh {
            shown = Some(self.film.take(device, news.frame)?);
            if self.is_shared() {
                self.held.push(news.frame.clone());
            }
        }
        let mut clips = Vec::new();
        if redrawn {
            let changed = self.ui[self.next].fill(news.ui);
            clips = self.ui[self.next].clips(&changed);
        }
        let mut shows = Vec::new();
        if let Some(picture) = shown.filter(|_| fresh || all) {
            shows.push(self.show_film(picture));
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
        self.shown = shown;
        if redrawn {
            self.next = 1 - self.next;
        }
        Ok(true)
    }

    /// Pictures are shown from where their decoder has them.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.film, Film::Theirs(_))
    }

    /// What was sent last is on the screen: memory of what was there before is its decoder's again.
    pub(super) fn flipped(&mut self) {
        let before = self.held.len().saturating_sub(1);
        self.held.drain(..before);
    }

    /// Which planes, and who scales, for the log.
    pub(super) fn story(&self, lit: &Lit<D>) -> String {
        let id = |place: usize| lit.way.planes[place].id;
        let scaled = match (self.size == self.shape.size, self.place) {
            _ if self.is_shared() => "from where it is",
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
        self.film.free(device);
        for buffer in self.ui {
            buffer.free(device);
        }
    }
}
