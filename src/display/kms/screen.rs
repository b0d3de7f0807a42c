//! The presenter of a screen that this process drives: what is plugged in, in which mode, dark or
//! not; and on how many planes its picture is.
//!
//! `KmsSingle` is UI and film composed by the processor into one plane: the wall, and films on
//! cards that have no second plane for them, as virtio-gpu. Two buffers that the card scans out by
//! turns; what a commit changes is composed in ordinary memory and then copied, for a buffer is
//! slow to read. With a film the picture goes over to [`super::kms_planes`] where the card can, and
//! comes back in the same commit when that ends or is refused. Invariant: memory on the screen, or
//! on its way there, is never written; that is why a turn waits until the flip before it has
//! happened ([`KmsScreen::flipping`]).
//!
//! While nothing is plugged in it composes all the same and sends nothing: the box is as alive with
//! the TV off. What is plugged in then, is lit with the next commit ([`KmsScreen::plug`]).

use std::io;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use super::super::choice::ScreenWish;
use super::super::overscan::inset;
use super::super::{Composed, Compositor, Presented, Rect, Snapshot};
use super::card::Way;
use super::device::Device;
use super::kms_planes::{KmsPlanes, News, Shape};
use super::lit::{Lit, size};

/// The wall's size before any screen was seen.
const USUAL: (u32, u32) = (1280, 720);

/// A flip that was longer ago was not told of by its time.
const FLIP_AGE_MAX: Duration = Duration::from_secs(1);

/// The screen of one connector.
#[allow(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub(super) struct KmsScreen<D: Device> {
    card: D,
    /// None: nothing is plugged in.
    lit: Option<Lit<D>>,
    compositor: Compositor,
    /// The screen as it was last composed.
    composed: Vec<u32>,
    /// Of each hundred pixels, those at the edges that the screen hides.
    overscan: u8,
    /// A film may have a plane of its own.
    planes: bool,
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

impl<D: Device> KmsScreen<D> {
    /// `usual` is the size of the wall while nothing is plugged in.
    pub(super) fn new(
        card: D,
        way: Option<Way>,
        wish: &ScreenWish,
        usual: Option<(u32, u32)>,
    ) -> io::Result<KmsScreen<D>> {
        let all = match &way {
            Some(way) => size(&way.modes[way.wall]),
            None => usual.unwrap_or(USUAL),
        };
        let place = inset(all, wish.overscan);
        let lit = way.map(|way| Lit::new(&card, way, place)).transpose()?;
        Ok(KmsScreen {
            card,
            lit,
            compositor: Compositor::new(place.width, place.height),
            composed: vec![0; place.width as usize * place.height as usize],
            overscan: wish.overscan,
            planes: wish.planes,
            film: None,
            film_rate: wish.film_rate,
            flipping: None,
            refused: false,
            dark: false,
        })
    }

    pub(super) fn card(&self) -> &D {
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
        let flips = match self.card.flips() {
            Ok(flips) => flips,
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(why) => return Err(why),
        };
        let mut flipped = None;
        for stamp in flips {
            flipped = self.flipping.take().map(|sent| told(stamp, sent));
            if let Some(lit) = &mut self.lit {
                lit.flipped(&self.card);
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
        if let Some(mut lit) = self.lit.take() {
            if let Err(why) = lit.switch_off(&self.card) {
                tracing::debug!("{} is not switched off: {why}", lit.way.name);
            }
            lit.free(&self.card);
        }
        self.refused = false;
        let Some(way) = way else { return Ok(false) };
        let place = inset(size(&way.modes[way.wall]), self.overscan);
        let before = self.compositor.size();
        let resized = before != (place.width, place.height);
        if resized {
            self.resize(place);
        }
        self.compositor.damage_all();
        self.lit = Some(Lit::new(&self.card, way, place)?);
        Ok(resized)
    }

    fn resize(&mut self, place: Rect) {
        self.compositor.resize(place.width, place.height);
        self.composed = vec![0; place.width as usize * place.height as usize];
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
        match lit.try_mode(&self.card) {
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

    /// Takes planes for the film where there is one, and gives them up where there is none.
    fn arrange(&mut self) {
        let Some(lit) = &mut self.lit else { return };
        let frame = self.compositor.frame();
        let frame = frame.map(|(frame, place)| (frame.clone(), Shape::of(frame, place)));
        let shape = frame.as_ref().map(|(_, shape)| *shape);
        let is_so = lit.planes.as_ref().map(|planes| planes.shape) == shape;
        if !is_so && lit.planes.is_some() {
            lit.leave_planes();
            self.compositor.damage_all();
        }
        let wanted = |(_, shape): &(_, Shape)| self.planes && lit.no_planes_for != Some(*shape);
        let Some((frame, shape)) = frame.filter(wanted) else {
            return;
        };
        if lit.planes.is_some() {
            return;
        }
        let ui = inset(size(lit.mode()), self.overscan);
        match KmsPlanes::new(&self.card, lit, &frame, shape, ui) {
            Ok(planes) => {
                tracing::info!("display: {}", planes.story(lit));
                lit.planes = Some(planes);
                self.compositor.damage_all();
            }
            Err(why) => {
                tracing::info!("display: film and UI on one plane: {why}");
                lit.no_planes_for = Some(shape);
            }
        }
    }

    /// Shows film and UI on planes of their own; none: they have none, or not any more.
    fn present_on_planes(&mut self) -> Option<Presented> {
        let frame = self.compositor.frame()?.0.clone();
        let lit = self.lit.as_mut()?;
        let mut planes = lit.planes.take()?;
        let (fresh, damage) = self.compositor.take_news();
        self.compositor
            .compose_ui(&mut self.composed, damage.rects());
        let news = News {
            frame: &frame,
            fresh,
            ui: &self.composed,
            damage: &damage,
            visible: self.compositor.is_ui_visible(),
        };
        let sent = planes.present(&self.card, lit, &news, self.refused);
        let (shape, shared) = (planes.shape, planes.is_shared());
        lit.planes = Some(planes);
        match sent {
            Ok(false) => Some(Presented::Nothing),
            Ok(true) => {
                self.refused = false;
                self.flipping = Some(Instant::now());
                Some(Presented::Sent)
            }
            Err(why) => {
                tracing::warn!("film and UI go on on one plane: {why}");
                if shared {
                    // The next picture may have a plane if it is copied.
                    lit.takes_shared = false;
                } else {
                    lit.no_planes_for = Some(shape);
                }
                lit.leave_planes();
                self.compositor.damage_all();
                None
            }
        }
    }
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

impl<D: Device> Composed for KmsScreen<D> {
    fn compositor(&self) -> &Compositor {
        &self.compositor
    }

    fn compositor_mut(&mut self) -> &mut Compositor {
        &mut self.compositor
    }

    fn follow(&mut self, film: Option<sink::Film>) {
        self.film = film.filter(|_| self.film_rate);
    }

    /// No flip is on its way in a turn, so what is drawn next is not on the screen.
    fn inset(&mut self, percent: u8) -> bool {
        if percent == std::mem::replace(&mut self.overscan, percent) {
            return false;
        }
        // What is plugged in later is shown so.
        let Some(lit) = &mut self.lit else {
            return false;
        };
        let place = inset(size(&lit.way.modes[lit.way.wall]), percent);
        if (place.width, place.height) == self.compositor.size() {
            return false;
        }
        lit.move_to(place);
        self.resize(place);
        true
    }

    fn light(&mut self, on: bool) {
        if self.dark != on {
            return;
        }
        self.dark = !on;
        if on {
            // All of it is to be seen again, whether it has changed or not.
            self.compositor.damage_all();
        } else if let Some(lit) = &mut self.lit
            && let Err(why) = lit.switch_off(&self.card)
        {
            tracing::warn!("the screen stays on, and black: {why}");
        }
    }

    fn shown(&self) -> Snapshot {
        match &self.lit {
            Some(lit) if lit.planes.is_some() => self.compositor.snapshot_of_planes(),
            _ => self.compositor.snapshot(),
        }
    }

    fn present(&mut self) -> Presented {
        if self.dark {
            return Presented::Nothing;
        }
        self.suit();
        self.arrange();
        if let Some(presented) = self.present_on_planes() {
            return presented;
        }
        let damage = self.compositor.take_damage();
        if damage.is_empty() && !self.refused {
            return Presented::Nothing;
        }
        self.compositor.compose(&mut self.composed, damage.rects());
        let Some(lit) = &mut self.lit else {
            return Presented::At(Instant::now());
        };
        match lit.show(&self.card, &self.composed, &damage) {
            Ok(()) => {
                self.refused = false;
                self.flipping = Some(Instant::now());
                Presented::Sent
            }
            Err(why) => {
                // Tried, and refused all the same: the wall's mode was taken before.
                if lit.mode != lit.way.wall {
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
