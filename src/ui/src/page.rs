//! A film's page, and the same page while the film is being opened.

use std::f32::consts::TAU;
use std::time::Duration;

use app::{Card, FilmView, OpeningView, SourceView};
use slint::ComponentHandle;

use crate::Geometry;
use crate::lists::{Buttons, List, abreast};
use crate::pictures::{Pictures, Subject, Wish};
use crate::rows::dressed;
use crate::setting::{self, Measure};
use screens::{Page, Stage};

/// Sizes of the title and how many lines of each there is room for, in normal and in large letters.
const SIZES: &[(f32, usize)] = &[(99.0, 1), (87.0, 2), (69.0, 2), (57.0, 3)];
const LARGE_SIZES: &[(f32, usize)] = &[(108.0, 1), (90.0, 2), (75.0, 2), (63.0, 3)];
/// Margins, and the poster or the list of sources in normal and in large letters: what the text has
/// not (ui/film.slint).
const MARGINS: f32 = 3.0 * 96.0;
const POSTER_ASIDE: f32 = 492.0;
const LIST_ASIDE: f32 = 642.0;
const LARGE_LIST_ASIDE: f32 = 762.0;
/// The light that wanders while nobody knows how long it takes: there and back, and how often it
/// is drawn: half the frames, for it says little.
const WANDER: Duration = Duration::from_millis(2400);
const WANDER_STEP: Duration = Duration::from_millis(33);

pub(crate) struct FilmPage {
    actions: Buttons,
    /// Those that have no room beside the first.
    further: Buttons,
    sources: List,
    card: Option<Card>,
    poster: Option<Wish>,
    glow: Option<Wish>,
    /// What of the poster is on the screen: ready, drawn.
    ready: (bool, bool),
    glowing: bool,
    wandering: Wander,
}

impl FilmPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self {
            actions: Buttons::new(),
            further: Buttons::new(),
            sources: List::new(),
            card: None,
            poster: None,
            glow: None,
            ready: (false, false),
            glowing: false,
            wandering: Wander::default(),
        };
        let global = stage.global::<Page>();
        global.set_actions(page.actions.model());
        global.set_further_actions(page.further.model());
        global.set_lines(page.sources.model());
        page
    }

    pub(crate) fn show_film(
        &mut self,
        stage: &Stage,
        view: &FilmView,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let page = stage.global::<Page>();
        let aside = match (&view.sources, geometry.large) {
            (None, _) => POSTER_ASIDE,
            (Some(_), false) => LIST_ASIDE,
            (Some(_), true) => LARGE_LIST_ASIDE,
        };
        let measure = Measure {
            sizes: if geometry.large { LARGE_SIZES } else { SIZES },
            width: (geometry.breadth - MARGINS - aside).clamp(400.0, 1110.0),
            ragged_max: if geometry.large { 63.0 } else { 57.0 },
        };
        let title = setting::set(&view.card.title, &measure);
        page.set_title(title.text.into());
        page.set_title_size(title.size);
        page.set_facts(view.facts.as_str().into());
        page.set_by(view.by.as_str().into());
        page.set_synopsis(view.synopsis.as_str().into());
        page.set_cast(view.cast.as_str().into());
        page.set_choice(view.choice.as_deref().unwrap_or_default().into());
        page.set_attribution(view.attribution.join("  ·  ").into());
        page.set_licence(view.licence.as_deref().unwrap_or_default().into());
        page.set_status(view.status.as_deref().unwrap_or_default().into());
        let focus = view.sources.is_none().then_some(view.focus);
        let labels = view.actions.iter().map(|action| action.label.as_str());
        let (first, further) = view
            .actions
            .split_at(abreast(labels, measure.width, geometry));
        self.actions.show(first, focus);
        let focus = focus.and_then(|at| at.checked_sub(first.len()));
        self.further.show(further, focus);
        page.set_further(!further.is_empty());
        self.show_sources(&page, view.sources.as_ref(), geometry);
        self.wandering = Wander::default();
        self.dress(stage, &view.card, geometry, pictures);
    }

    fn show_sources(&self, page: &Page<'_>, sources: Option<&SourceView>, geometry: Geometry) {
        page.set_list(sources.is_some());
        if let Some(sources) = sources {
            let chosen = Some(sources.chosen);
            let (labels, reasons) = (&sources.labels, &sources.reasons);
            let more = self
                .sources
                .show_noted(labels, reasons, chosen, sources.focus, geometry);
            page.set_list_title(sources.title.as_str().into());
            page.set_above(more.above);
            page.set_below(more.below);
        }
    }

    pub(crate) fn show_opening(
        &mut self,
        stage: &Stage,
        view: &OpeningView,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let page = stage.global::<Page>();
        page.set_title(view.card.title.as_str().into());
        page.set_back(view.back.as_str().into());
        page.set_headline(view.headline.as_str().into());
        page.set_detail(view.detail.as_str().into());
        page.set_hint(view.hint.as_deref().unwrap_or_default().into());
        page.set_known(view.permille.is_some());
        page.set_part(f32::from(view.permille.unwrap_or(0).min(1000)) / 1000.0);
        self.wandering.set(view.permille.is_none());
        self.dress(stage, &view.card, geometry, pictures);
    }

    fn dress(&mut self, stage: &Stage, card: &Card, geometry: Geometry, pictures: &mut Pictures) {
        let subject = Subject::Large(card.film.clone(), card.poster.clone());
        let poster = geometry.wish(subject, card.colours);
        let glow = geometry.wish(Subject::PageGlow, card.colours);
        pictures.wish([poster.clone(), glow.clone()]);
        let same = self.card.as_ref() == Some(card)
            && self.poster.as_ref() == Some(&poster)
            && self.glow.as_ref() == Some(&glow);
        if !same {
            self.glowing &= self.glow.as_ref() == Some(&glow);
            self.card = Some(card.clone());
            self.poster = Some(poster);
            self.glow = Some(glow);
            if !self.glowing {
                stage.global::<Page>().set_glow(slint::Image::default());
            }
            self.put_card(stage, pictures);
        }
        self.put_glow(stage, pictures);
    }

    fn put_card(&mut self, stage: &Stage, pictures: &mut Pictures) {
        let (Some(card), Some(wish)) = (&self.card, &self.poster) else {
            return;
        };
        let picture = pictures.get(wish);
        let drawn = picture.as_ref().is_some_and(|picture| picture.drawn);
        self.ready = (picture.is_some(), drawn);
        stage.global::<Page>().set_card(dressed(card, 0, picture));
    }

    fn put_glow(&mut self, stage: &Stage, pictures: &mut Pictures) {
        if let (false, Some(wish)) = (self.glowing, &self.glow)
            && let Some(picture) = pictures.get(wish)
        {
            stage.global::<Page>().set_glow(picture.image);
            self.glowing = true;
        }
    }

    pub(crate) fn step(&mut self, stage: &Stage, now: Duration, pictures: &mut Pictures) {
        if self.ready != (true, false) {
            let picture = self.poster.as_ref().and_then(|wish| pictures.get(wish));
            let ready = (
                picture.is_some(),
                picture.is_some_and(|picture| picture.drawn),
            );
            if ready != self.ready {
                self.put_card(stage, pictures);
            }
        }
        self.put_glow(stage, pictures);
        if let Some(at) = self.wandering.step(now) {
            stage.global::<Page>().set_wander(at);
        }
    }

    pub(crate) fn due(&self) -> Option<Duration> {
        self.wandering.due()
    }
}

/// A light that goes to and fro.
#[derive(Debug, Default)]
pub(crate) struct Wander {
    on: bool,
    due: Duration,
}

impl Wander {
    pub(crate) fn set(&mut self, on: bool) {
        self.on = on;
    }

    /// Where it is now, if it is time to move it.
    pub(crate) fn step(&mut self, now: Duration) -> Option<f32> {
        if !self.on || now < self.due {
            return None;
        }
        self.due = now + WANDER_STEP;
        let part = (now.as_millis() % WANDER.as_millis()) as f32 / WANDER.as_millis() as f32;
        Some(0.5 - 0.5 * (part * TAU).cos())
    }

    pub(crate) fn due(&self) -> Option<Duration> {
        self.on.then_some(self.due)
    }
}
