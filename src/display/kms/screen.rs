//! `KmsSingle`: UI and film composed by the processor into one plane, for screens whose card has
//! no second one, as virtio-gpu.
//!
//! Two buffers that the card scans out by turns. What a commit changes is composed in ordinary
//! memory and then copied, for a buffer is slow to read. Invariant: the buffer on the screen, or on
//! its way there, is never written; that is why a turn waits until the flip before it has happened
//! ([`KmsSingle::flipping`]).
//!
//! While nothing is plugged in it composes all the same and sends nothing: the box is as alive with
//! the TV off. What is plugged in then, is lit with the next commit ([`KmsSingle::plug`]).

use std::io;
use std::time::{Duration, Instant};

use drm::control::atomic::AtomicModeReq;
use drm::control::{AtomicCommitFlags, Device as _, Event, Mode, property};
use rustix::time::{ClockId, clock_gettime};

use super::super::choice::ScreenWish;
use super::super::overscan::inset;
use super::super::{Composed, Compositor, Damage, Presented, Rect};
use super::buffer::Buffer;
use super::card::{Card, Way};

/// One to show and one to draw.
const BUFFERS: usize = 2;

/// The wall's size before any screen was seen.
const USUAL: (u32, u32) = (1280, 720);

/// A flip that was longer ago was not told of by its time.
const FLIP_AGE_MAX: Duration = Duration::from_secs(1);

/// The screen of one connector.
pub(super) struct KmsSingle {
    card: Card,
    /// None: nothing is plugged in.
    lit: Option<Lit>,
    compositor: Compositor,
    /// The screen as it was last composed.
    composed: Vec<u32>,
    /// Of each hundred pixels, those at the edges that the screen hides.
    overscan: u8,
    film: Option<sink::Film>,
    /// The mode follows the film.
    film_rate: bool,
    /// When the commit was sent whose flip has not happened yet.
    flipping: Option<Instant>,
    /// The card refused the last commit.
    refused: bool,
    /// The box stands by: the screen is off, whatever is composed.
    dark: bool,
}

/// What is plugged in.
struct Lit {
    way: Way,
    /// The place of the mode in those of the way.
    mode: usize,
    /// The film for which the card has refused a mode.
    refused_for: Option<sink::Film>,
    buffers: [Buffer; BUFFERS],
    /// The one to draw next.
    next: usize,
    /// The card scans out in that mode.
    set: bool,
}

impl Lit {
    fn new(card: &Card, way: Way, place: Rect) -> io::Result<Lit> {
        let size = size(&way.modes[way.wall]);
        Ok(Lit {
            buffers: [
                Buffer::new(card, size, place)?,
                Buffer::new(card, size, place)?,
            ],
            mode: way.wall,
            refused_for: None,
            next: 0,
            set: false,
            way,
        })
    }

    fn mode(&self) -> &Mode {
        &self.way.modes[self.mode]
    }
}

fn size(mode: &Mode) -> (u32, u32) {
    let (width, height) = mode.size();
    (u32::from(width), u32::from(height))
}

impl KmsSingle {
    /// `usual` is the size of the wall while nothing is plugged in.
    pub(super) fn new(
        card: Card,
        way: Option<Way>,
        wish: &ScreenWish,
        usual: Option<(u32, u32)>,
    ) -> io::Result<KmsSingle> {
        let all = match &way {
            Some(way) => size(&way.modes[way.wall]),
            None => usual.unwrap_or(USUAL),
        };
        let place = inset(all, wish.overscan);
        let lit = way.map(|way| Lit::new(&card, way, place)).transpose()?;
        Ok(KmsSingle {
            card,
            lit,
            compositor: Compositor::new(place.width, place.height),
            composed: vec![0; place.width as usize * place.height as usize],
            overscan: wish.overscan,
            film: None,
            film_rate: wish.film_rate,
            flipping: None,
            refused: false,
            dark: false,
        })
    }

    pub(super) fn card(&self) -> &Card {
        &self.card
    }

    /// The socket that is lit.
    pub(super) fn socket(&self) -> Option<&str> {
        self.lit.as_ref().map(|lit| lit.way.name.as_str())
    }

    /// That is what is lit already, or nothing again.
    pub(super) fn is_as(&self, way: Option<&Way>) -> bool {
        match (&self.lit, way) {
            (None, None) => true,
            (Some(lit), Some(way)) => {
                let same = lit.way.connector == way.connector && lit.way.title == way.title;
                // While it was away its picture was switched off by nobody, but lost.
                same && lit.way.modes == way.modes
            }
            _ => false,
        }
    }

    /// What is lit, and how, for the log.
    pub(super) fn story(&self) -> String {
        let Some(lit) = &self.lit else {
            return "nothing is plugged in, or it is off".to_owned();
        };
        let (width, height) = size(lit.mode());
        let rate = lit.way.offers[lit.mode].rate;
        let way = &lit.way;
        format!(
            "{} at {}, {width}x{height} at {rate} Hz",
            way.title, way.name
        )
    }

    /// Thousandths of a refresh a second.
    pub(super) fn refresh_mhz(&self) -> Option<u32> {
        let lit = self.lit.as_ref()?;
        Some(lit.way.offers[lit.mode].rate.millihertz())
    }

    /// When the commit was sent that is not on the screen yet.
    pub(super) fn flipping(&self) -> Option<Instant> {
        self.flipping
    }

    /// The card took nothing at the last commit: there is something to show still.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Reads what the card has to tell: when the last commit reached the screen, if it did.
    pub(super) fn read_events(&mut self) -> io::Result<Option<Instant>> {
        let events = match self.card.receive_events() {
            Ok(events) => events,
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(why) => return Err(why),
        };
        let mut flipped = None;
        for event in events {
            if let Event::PageFlip(flip) = event {
                flipped = self.flipping.take().map(|sent| told(flip.duration, sent));
            }
        }
        Ok(flipped)
    }

    /// The flip will not be heard of any more.
    pub(super) fn forget_flip(&mut self) {
        self.flipping = None;
    }

    /// From now on that is plugged in; true when the screen has another size. No flip may be on its
    /// way.
    ///
    /// What was lit is switched off first, also where it is the same again: a TV that comes back
    /// gets its picture by the whole of a mode's setting, and by nothing less.
    pub(super) fn plug(&mut self, way: Option<Way>) -> io::Result<bool> {
        if let Some(lit) = self.lit.take() {
            if lit.set
                && let Err(why) = self.switch_off(&lit)
            {
                tracing::debug!("{} is not switched off: {why}", lit.way.name);
            }
            for buffer in lit.buffers {
                buffer.free(&self.card);
            }
        }
        self.refused = false;
        let Some(way) = way else { return Ok(false) };
        let place = inset(size(&way.modes[way.wall]), self.overscan);
        let before = self.compositor.size();
        let resized = before != (place.width, place.height);
        if resized {
            self.compositor.resize(place.width, place.height);
            self.composed = vec![0; place.width as usize * place.height as usize];
        }
        self.compositor.damage_all();
        self.lit = Some(Lit::new(&self.card, way, place)?);
        Ok(resized)
    }

    fn switch_off(&self, lit: &Lit) -> io::Result<()> {
        let (way, ids) = (&lit.way, &lit.way.ids);
        let mut request = AtomicModeReq::new();
        let none = property::Value::CRTC(None);
        request.add_property(way.connector, ids.connector_crtc, none);
        request.add_property(way.plane, ids.plane_crtc, none);
        let none = property::Value::Framebuffer(None);
        request.add_property(way.plane, ids.plane_fb, none);
        let off = property::Value::Boolean(false);
        request.add_property(way.crtc, ids.crtc_active, off);
        request.add_property(way.crtc, ids.crtc_mode, property::Value::Blob(0));
        self.card
            .atomic_commit(AtomicCommitFlags::ALLOW_MODESET, request)
    }

    /// Takes the mode that suits what is shown, if the card can.
    fn suit(&mut self) {
        let (film, Some(lit)) = (self.film, &mut self.lit) else {
            return;
        };
        let wall = lit.way.wall;
        let suits = film.map_or(wall, |film| sink::for_film(&lit.way.offers, wall, &film));
        if suits == lit.mode || (film.is_some() && film == lit.refused_for) {
            return;
        }
        let before = std::mem::replace(&mut lit.mode, suits);
        let shown_as = lit.buffers[lit.next].shown_as;
        match commit(&self.card, lit, Commit::Try(shown_as)) {
            Ok(()) => {
                lit.set = false;
                self.compositor.damage_all();
                tracing::info!("display: {}", self.story());
            }
            Err(why) => {
                tracing::warn!("the card refuses a mode of the screen's: {why}");
                lit.mode = before;
                lit.refused_for = film;
            }
        }
    }

    fn show(&mut self, damage: &Damage) -> io::Result<()> {
        self.compositor.compose(&mut self.composed, damage.rects());
        let Some(lit) = &mut self.lit else {
            return Ok(());
        };
        for buffer in &mut lit.buffers {
            buffer.lacks(damage);
        }
        let buffer = &mut lit.buffers[lit.next];
        let changed = buffer.fill(&self.composed);
        let shown_as = buffer.shown_as;
        let clips = buffer.clips(&changed);
        let sent = commit(&self.card, lit, Commit::Show(shown_as, &clips));
        if sent.is_err() {
            // Nobody knows what of it was seen.
            lit.buffers[lit.next].lacks(&changed);
        }
        sent
    }
}

/// What the card is told.
#[derive(Clone, Copy)]
enum Commit<'a> {
    /// To show a buffer of which these parts are new.
    Show(drm::control::framebuffer::Handle, &'a [[i32; 4]]),
    /// To say whether it could show one in the mode that is not set yet.
    Try(drm::control::framebuffer::Handle),
}

fn commit(card: &Card, lit: &Lit, what: Commit<'_>) -> io::Result<()> {
    let (way, ids) = (&lit.way, &lit.way.ids);
    let mut request = AtomicModeReq::new();
    let (shown_as, clips, tried) = match what {
        Commit::Show(shown_as, clips) => (shown_as, clips, false),
        Commit::Try(shown_as) => (shown_as, &[][..], true),
    };
    let shown = property::Value::Framebuffer(Some(shown_as));
    request.add_property(way.plane, ids.plane_fb, shown);
    let mut blobs = Vec::new();
    let flags = if lit.set && !tried {
        // A virtual screen sends only these parts to where it is seen.
        if let Some(id) = ids.plane_damage
            && let Ok(blob) = card.create_property_blob(clips)
        {
            request.add_property(way.plane, id, blob);
            blobs.push(blob);
        }
        AtomicCommitFlags::PAGE_FLIP_EVENT | AtomicCommitFlags::NONBLOCK
    } else {
        blobs.push(set_mode(card, lit, &mut request)?);
        let end = if tried {
            AtomicCommitFlags::TEST_ONLY
        } else {
            AtomicCommitFlags::PAGE_FLIP_EVENT
        };
        AtomicCommitFlags::ALLOW_MODESET | end
    };
    let sent = card.atomic_commit(flags, request);
    for blob in blobs {
        // The commit holds what it needs of them.
        if let property::Value::Blob(blob) = blob {
            let _ = card.destroy_property_blob(blob);
        }
    }
    sent
}

/// Lights the screen: done with the first picture, so nothing is seen before it.
fn set_mode(
    card: &Card,
    lit: &Lit,
    request: &mut AtomicModeReq,
) -> io::Result<property::Value<'static>> {
    let (way, ids) = (&lit.way, &lit.way.ids);
    let crtc = property::Value::CRTC(Some(way.crtc));
    request.add_property(way.connector, ids.connector_crtc, crtc);
    request.add_property(way.plane, ids.plane_crtc, crtc);
    let on = property::Value::Boolean(true);
    request.add_property(way.crtc, ids.crtc_active, on);
    let (width, height) = size(lit.mode());
    let (width, height) = (u64::from(width), u64::from(height));
    let place = [0, 0, width << 16, height << 16, 0, 0, width, height];
    for (id, value) in ids.plane_place.iter().zip(place) {
        request.add_raw_property(way.plane.into(), *id, value);
    }
    let mode = card.create_property_blob(lit.mode())?;
    request.add_property(way.crtc, ids.crtc_mode, mode);
    Ok(mode)
}

/// When a flip was, by the kernel's clock; now, where its card has no clock of its own or it tells
/// of a time before the commit was sent.
fn told(stamp: Duration, sent: Instant) -> Instant {
    let clock = clock_gettime(ClockId::Monotonic);
    let now = Instant::now();
    let clock = Duration::new(
        u64::try_from(clock.tv_sec).unwrap_or(0),
        u32::try_from(clock.tv_nsec).unwrap_or(0),
    );
    let age = clock.checked_sub(stamp).filter(|age| *age <= FLIP_AGE_MAX);
    let at = age.and_then(|age| now.checked_sub(age));
    at.filter(|at| *at >= sent).unwrap_or(now)
}

impl Composed for KmsSingle {
    fn compositor(&self) -> &Compositor {
        &self.compositor
    }

    fn compositor_mut(&mut self) -> &mut Compositor {
        &mut self.compositor
    }

    fn follow(&mut self, film: Option<sink::Film>) {
        self.film = film.filter(|_| self.film_rate);
    }

    fn light(&mut self, on: bool) {
        if self.dark != on {
            return;
        }
        self.dark = !on;
        if on {
            // All of it is to be seen again, whether it has changed or not.
            self.compositor.damage_all();
        } else if let Some(lit) = &self.lit
            && lit.set
            && let Err(why) = self.switch_off(lit)
        {
            tracing::warn!("the screen stays on, and black: {why}");
        }
        if let Some(lit) = &mut self.lit {
            lit.set = false;
        }
    }

    fn present(&mut self) -> Presented {
        if self.dark {
            return Presented::Nothing;
        }
        self.suit();
        let damage = self.compositor.take_damage();
        if damage.is_empty() && !self.refused {
            return Presented::Nothing;
        }
        match (self.show(&damage), &mut self.lit) {
            (Ok(()), None) => Presented::At(Instant::now()),
            (Ok(()), Some(lit)) => {
                self.refused = false;
                lit.set = true;
                lit.next = (lit.next + 1) % BUFFERS;
                self.flipping = Some(Instant::now());
                Presented::Sent
            }
            (Err(why), lit) => {
                // Tried, and refused all the same: the wall's mode was taken before.
                if let Some(lit) = lit
                    && lit.mode != lit.way.wall
                {
                    lit.mode = lit.way.wall;
                    lit.refused_for = self.film;
                    lit.set = false;
                }
                if !std::mem::replace(&mut self.refused, true) {
                    tracing::warn!("the screen takes no picture: {why}");
                }
                Presented::Refused
            }
        }
    }
}
