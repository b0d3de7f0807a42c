//! Draws an [`app::View`]: Slint's software renderer on our own platform, into a buffer with
//! damage rectangles. Decides nothing and reads no clock; keys never come here, for the focus is
//! part of the view.
//!
//! What changes is set, and nothing else: Slint draws anew whatever is bound to a property that
//! was set. Time passes only in [`Ui::draw`]. A still screen wants nothing ([`Wants::Idle`]) and
//! draws nothing. Everything stays on the thread that made it, save the making of pictures.
//! `README.md` beside this crate says how it looks and why.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::float_cmp))]

mod add_ons;
mod clock;
mod code;
mod drift;
mod frame;
mod hero;
mod learn;
mod lists;
mod menu;
mod motion;
mod network;
mod over;
mod page;
mod phone;
mod pictures;
mod rows;
mod search;
mod series;
mod setting;
mod updates;
mod wall;
mod who;

use std::fmt;
use std::time::Duration;

use app::{Resting, Screen, TroubleView, View, VolumeView};
use screens::{Showing, Side, Stage, Tone, Trouble, Type};
use slint::ComponentHandle;

use crate::add_ons::{AddOnsPage, AddressPage};
use crate::code::CodePage;
use crate::drift::DriftScreen;
use crate::frame::Frame;
use crate::learn::LearnPage;
use crate::lists::Buttons;
use crate::menu::MenuPage;
use crate::motion::{Glide, SCROLL};
use crate::network::NetworkPage;
use crate::over::Over;
use crate::page::FilmPage;
use crate::phone::PhonePage;
use crate::pictures::{Pictures, Subject, Wish};
use crate::search::SearchPage;
use crate::series::SeriesPage;
use crate::updates::UpdatesPage;
use crate::wall::Wall;
use crate::who::WhoPage;

pub use crate::pictures::{PosterLoader, Wake};

/// A part of the picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// The picture: lines from top to bottom without gaps.
#[derive(Clone, Copy)]
pub struct Pixels<'a> {
    /// 0xAARRGGBB, colours premultiplied by alpha.
    pub argb: &'a [u32],
    pub width: u32,
    pub height: u32,
}

impl fmt::Debug for Pixels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixels({}x{})", self.width, self.height)
    }
}

/// What a call of [`Ui::draw`] has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Parts that differ from before, at least one; they do not overlap.
    pub damage: Vec<Rect>,
    /// Bounds of all that is not fully transparent. None: nothing shows.
    pub visible: Option<Rect>,
}

/// When the picture wants to be drawn next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// At the next frame.
    Animating,
    /// At this time, on the clock of [`Ui::draw`].
    At(Duration),
    /// When something is shown, or the maker of pictures wakes.
    Idle,
}

#[derive(Debug, thiserror::Error)]
pub enum UiError {
    #[error("this thread has a user interface already")]
    Platform(#[from] slint::platform::SetPlatformError),
    #[error("the screens cannot be made: {0}")]
    Screens(#[from] slint::PlatformError),
    #[error("no thread for posters: {0}")]
    Thread(#[from] std::io::Error),
}

/// A poster on the wall, in lengths of the screens (`Face` in ui/parts.slint).
pub(crate) const POSTER: (f32, f32) = (222.0, 333.0);
/// How many times larger it is on its own page.
const LARGE: f32 = 2.0;
/// Height of the light behind the wall's title (ui/home.slint).
const HOME_GLOW: f32 = 600.0;
/// Lines from which on a glow is made at half the size: it has no detail, and is large.
const GLOW_LINES_MAX: u32 = 1440;

/// How large things are, in pixels and in lengths of the screens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    /// Pixels a length of 1 covers.
    scale: f32,
    /// Width of the picture in lengths.
    breadth: f32,
    /// Width and height of the picture in pixels.
    size: (u32, u32),
    /// Words are larger.
    large: bool,
}

impl Geometry {
    fn of(frame: &Frame, large: bool) -> Self {
        Self {
            scale: frame.scale(),
            breadth: frame.breadth(),
            size: frame.size(),
            large,
        }
    }

    /// The nearest whole number of pixels, at least one.
    pub(crate) fn pixels(self, length: f32) -> u32 {
        ((length * self.scale).round() as u32).max(1)
    }

    /// A picture in the size it is shown in.
    pub(crate) fn wish(self, subject: Subject, colours: [u32; 2]) -> Wish {
        let pixels = |length: f32| self.pixels(length);
        let (width, height) = self.size;
        let part = if height > GLOW_LINES_MAX { 2 } else { 1 };
        let (width, height) = match &subject {
            Subject::Card(..) => (pixels(POSTER.0), pixels(POSTER.1)),
            Subject::Large(..) => (pixels(POSTER.0 * LARGE), pixels(POSTER.1 * LARGE)),
            Subject::HomeGlow => (width / part, pixels(HOME_GLOW) / part),
            Subject::PageGlow => (width / part, height / part),
        };
        Wish {
            subject,
            colours,
            width: width.max(1),
            height: height.max(1),
        }
    }
}

/// The nearest length that is a whole number of pixels.
pub(crate) fn rounded(length: f32, scale: f32) -> f32 {
    (length * scale).round() / scale
}

/// The user interface: see the crate's documentation. Not to be sent to another thread.
pub struct Ui {
    // Before the frame, which it draws into until it is gone.
    stage: Stage,
    frame: Frame,
    pictures: Pictures,
    wall: Wall,
    page: FilmPage,
    series: SeriesPage,
    search: SearchPage,
    add_ons: AddOnsPage,
    address: AddressPage,
    code: CodePage,
    updates: UpdatesPage,
    menu: MenuPage,
    learn: LearnPage,
    drift: DriftScreen,
    phone: PhonePage,
    network: NetworkPage,
    who: WhoPage,
    over: Over,
    trouble: Buttons,
    notice: Glide,
    showing: Showing,
    view: Option<View>,
    /// Something was set that no picture shows yet.
    stale: bool,
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ui")
            .field("showing", &self.showing)
            .field("size", &self.frame.size())
            .finish_non_exhaustive()
    }
}

impl Ui {
    /// A picture of this size, empty so far. `posters` is called on threads of the ui and may
    /// wait; `wake` is called there when a picture has been made and [`Ui::draw`] has work.
    ///
    /// # Errors
    /// A second one on the same thread; no memory or no threads.
    pub fn new(
        width: u32,
        height: u32,
        posters: PosterLoader,
        wake: Wake,
    ) -> Result<Self, UiError> {
        let frame = Frame::new(width, height)?;
        let stage = Stage::new()?;
        stage.show()?;
        let trouble = Buttons::new();
        stage.global::<Trouble>().set_actions(trouble.model());
        let mut ui = Self {
            wall: Wall::new(&stage),
            page: FilmPage::new(&stage),
            series: SeriesPage::new(&stage),
            search: SearchPage::new(&stage),
            add_ons: AddOnsPage::new(&stage),
            address: AddressPage::new(&stage),
            code: CodePage::default(),
            updates: UpdatesPage::new(&stage),
            menu: MenuPage::new(&stage),
            learn: LearnPage::new(&stage),
            drift: DriftScreen::new(&stage),
            phone: PhonePage::new(&stage),
            network: NetworkPage::new(&stage),
            who: WhoPage::new(&stage),
            over: Over::new(&stage),
            pictures: Pictures::new(posters, wake)?,
            trouble,
            notice: Glide::at(0.0),
            showing: Showing::Nothing,
            view: None,
            stale: true,
            stage,
            frame,
        };
        ui.resize(width, height);
        Ok(ui)
    }

    /// The window that all is drawn in, for who looks at what lies there.
    pub fn window(&self) -> &slint::Window {
        self.stage.window()
    }

    /// Changes the size of the picture, in pixels; all of it is drawn anew. Sides are kept within
    /// 1 and 8192.
    pub fn resize(&mut self, width: u32, height: u32) {
        self.frame.resize(width, height);
        self.pictures.forget();
        self.showing = Showing::Nothing;
        self.stale = true;
        if let Some(view) = self.view.take() {
            self.show(&view);
        }
    }

    /// Takes over what is to be shown; it is drawn by the next [`Ui::draw`].
    pub fn show(&mut self, view: &View) {
        let showing = match &view.screen {
            _ if view.dark => Showing::Dark,
            _ if matches!(view.resting, Resting::Drift(_)) => Showing::Drift,
            Screen::Home(_) => Showing::Home,
            Screen::Film(_) => Showing::Film,
            Screen::Series(_) => Showing::Series,
            Screen::Search(_) => Showing::Search,
            Screen::AddOns(_) => Showing::AddOns,
            Screen::Address(_) => Showing::Address,
            Screen::Code(_) => Showing::Code,
            Screen::Updates(_) => Showing::Updates,
            Screen::Menu(_) => Showing::Menu,
            Screen::Learn(_) => Showing::Learn,
            Screen::Phone(_) => Showing::Phone,
            Screen::Network(_) => Showing::Network,
            Screen::Who(_) => Showing::Who,
            Screen::Pin(_) => Showing::Pin,
            Screen::Opening(_) => Showing::Opening,
            Screen::Playing(_) => Showing::Playing,
            Screen::Trouble(_) => Showing::Trouble,
        };
        let fresh = showing != self.showing;
        self.showing = showing;
        self.stale = true;
        let geometry = Geometry::of(&self.frame, view.large_text);
        self.tune(view);
        let (stage, pictures) = (&self.stage, &mut self.pictures);
        match (&view.screen, &view.resting) {
            _ if view.dark => pictures.wish([]),
            (_, Resting::Drift(cards)) => {
                let drift = (cards, view.clock.is_some());
                self.drift.show(drift, fresh, geometry, pictures);
            }
            (Screen::Home(home), _) => self.wall.show(stage, home, fresh, geometry, pictures),
            (Screen::Film(film), _) => self.page.show_film(stage, film, geometry, pictures),
            (Screen::Series(series), _) => self.series.show(stage, series, geometry, pictures),
            (Screen::Search(search), _) => {
                self.search.show(stage, search, fresh, geometry, pictures);
            }
            (Screen::AddOns(add_ons), _) => {
                pictures.wish([]);
                self.add_ons.show(stage, add_ons, geometry);
            }
            (Screen::Address(address), _) => {
                pictures.wish([]);
                self.address.show(stage, address);
            }
            (Screen::Code(code), _) => {
                pictures.wish([]);
                self.code.show(stage, code, geometry);
            }
            (Screen::Updates(updates), _) => {
                pictures.wish([]);
                self.updates.show(stage, updates, geometry);
            }
            (Screen::Phone(phone), _) => {
                pictures.wish([]);
                self.phone.show(stage, phone, geometry);
            }
            (Screen::Network(network), _) => {
                pictures.wish([]);
                self.network.show(stage, network, geometry);
            }
            (Screen::Who(who), _) => {
                pictures.wish([]);
                self.who.show(stage, who);
            }
            (Screen::Pin(pin), _) => {
                pictures.wish([]);
                self.who.show_pin(stage, pin);
            }
            (Screen::Menu(menu), _) => {
                pictures.wish([]);
                self.menu.show(stage, menu, geometry);
            }
            (Screen::Learn(learn), _) => {
                pictures.wish([]);
                self.learn.show(stage, learn, geometry);
            }
            (Screen::Opening(opening), _) => {
                self.page.show_opening(stage, opening, geometry, pictures);
            }
            (Screen::Playing(playing), _) => {
                pictures.wish([]);
                self.over.show(stage, playing, geometry);
            }
            (Screen::Trouble(trouble), _) => {
                pictures.wish([]);
                self.show_trouble(trouble);
            }
        }
        if view.dark {
            // It has no time to leave.
            self.notice = Glide::at(0.0);
        } else {
            self.show_notice(view.notice.as_deref());
        }
        self.show_volume(view.volume.as_ref().filter(|_| !view.dark));
        clock::show(&self.stage, view.clock.as_deref().unwrap_or_default());
        self.stage.set_showing(showing);
        self.view = Some(view.clone());
    }

    /// What holds for every screen.
    fn tune(&self, view: &View) {
        let stage = &self.stage;
        stage.global::<Side>().set_mirrored(view.language.is_rtl());
        stage.global::<Tone>().set_contrast(view.contrast);
        stage.global::<Type>().set_large(view.large_text);
        stage.set_corners(view.corners && !view.dark);
        stage.set_dim(view.resting == Resting::Dim && !view.dark);
    }

    fn show_trouble(&self, view: &TroubleView) {
        let trouble = self.stage.global::<Trouble>();
        trouble.set_title(view.title.as_str().into());
        trouble.set_message(view.message.as_str().into());
        self.trouble.show(&view.actions, Some(view.focus));
    }

    fn show_notice(&mut self, notice: Option<&str>) {
        if let Some(notice) = notice {
            self.stage.set_notice(notice.into());
        }
        let to = if notice.is_some() { 1.0 } else { 0.0 };
        self.notice.aim(to, SCROLL);
    }

    fn show_volume(&self, volume: Option<&VolumeView>) {
        self.stage.set_volume_shown(volume.is_some());
        if let Some(volume) = volume {
            let share = volume
                .volume
                .map_or(-1.0, |it| f32::from(it.min(100)) / 100.0);
            self.stage.set_volume(share);
            self.stage.set_volume_text(volume.text.as_str().into());
            self.stage.set_muted(volume.muted);
        }
    }

    /// Moves everything on to `now`, the time since some start, which never goes back; draws what
    /// is dirty. None: the picture has not changed.
    pub fn draw(&mut self, now: Duration) -> Option<Drawn> {
        let large = self.view.as_ref().is_some_and(|view| view.large_text);
        let geometry = Geometry::of(&self.frame, large);
        self.pictures.collect(now);
        self.stale = false;
        let (stage, pictures) = (&self.stage, &mut self.pictures);
        match self.showing {
            Showing::Home => self.wall.step(stage, now, geometry, pictures),
            Showing::Film | Showing::Opening => self.page.step(stage, now, pictures),
            Showing::Playing => self.over.step(stage, now),
            Showing::Series => self.series.step(stage, pictures),
            Showing::Search => self.search.step(geometry, pictures),
            Showing::Drift => self.drift.step(stage, now, geometry, pictures),
            Showing::AddOns
            | Showing::Address
            | Showing::Code
            | Showing::Updates
            | Showing::Menu
            | Showing::Dark
            | Showing::Learn
            | Showing::Phone
            | Showing::Network
            | Showing::Who
            | Showing::Pin
            | Showing::Trouble
            | Showing::Nothing => {}
        }
        self.notice.step(now);
        self.stage.set_notice_in(self.notice.value());
        clock::cover(&self.stage, self.notice.value() > 0.0);
        self.frame.draw(now)
    }

    /// The picture as last drawn.
    pub fn pixels(&self) -> Pixels<'_> {
        self.frame.pixels()
    }

    /// When to call [`Ui::draw`] again.
    pub fn wants(&self) -> Wants {
        let moving = self.stale
            || self.notice.moving()
            || self.pictures.waiting()
            || (self.showing == Showing::Home && self.wall.moving());
        if moving {
            return Wants::Animating;
        }
        let due = match self.showing {
            Showing::Home => self.wall.due(),
            Showing::Opening => self.page.due(),
            Showing::Playing => self.over.due(),
            Showing::Drift => self.drift.due(),
            Showing::Film
            | Showing::Series
            | Showing::Search
            | Showing::AddOns
            | Showing::Address
            | Showing::Code
            | Showing::Updates
            | Showing::Menu
            | Showing::Dark
            | Showing::Learn
            | Showing::Phone
            | Showing::Network
            | Showing::Who
            | Showing::Pin
            | Showing::Trouble
            | Showing::Nothing => None,
        };
        due.map_or(Wants::Idle, Wants::At)
    }

    /// Every picture the screen wished for has been made and taken: what is drawn next is whole.
    pub fn settled(&self) -> bool {
        self.pictures.settled()
    }
}
