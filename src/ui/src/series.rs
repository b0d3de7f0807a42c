//! A series: what it is, its seasons, and the episodes of one of them near the focus.

use std::rc::Rc;

use app::{ActionView, EpisodeView, SeriesView};
use slint::{ComponentHandle, VecModel};

use crate::Geometry;
use crate::lists::{Buttons, abreast, refill, window};
use crate::pictures::{Pictures, Subject, Wish};
use crate::rows::dressed;
use crate::setting::{self, Measure};
use screens::{EpisodeItem, Series, Stage};

/// Sizes of the title in normal and in large letters; two lines of the smaller ones stand above the
/// facts (ui/browse.slint).
const SIZES: &[(f32, usize)] = &[(87.0, 1), (69.0, 2), (57.0, 2)];
const LARGE_SIZES: &[(f32, usize)] = &[(96.0, 1), (72.0, 2), (63.0, 2)];
/// Poster and margins: what the title has not.
const ASIDE: f32 = 492.0 + 3.0 * 96.0;
/// Episodes in sight: what fits below the seasons at 1080 lines.
const LINES: usize = 6;
const LARGE_LINES: usize = 5;
/// Seasons in sight: six short names are as wide as the text.
const SEASONS: usize = 6;

pub(crate) struct SeriesPage {
    seasons: Buttons,
    episodes: Rc<VecModel<EpisodeItem>>,
    view: Option<SeriesView>,
    /// Poster and glow, and whether each is on the screen.
    poster: Option<(Wish, bool)>,
    glow: Option<(Wish, bool)>,
}

impl SeriesPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self {
            seasons: Buttons::new(),
            episodes: Rc::default(),
            view: None,
            poster: None,
            glow: None,
        };
        let global = stage.global::<Series>();
        global.set_seasons(page.seasons.model());
        global.set_episodes(Rc::clone(&page.episodes).into());
        page
    }

    pub(crate) fn show(
        &mut self,
        stage: &Stage,
        view: &SeriesView,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let page = stage.global::<Series>();
        let measure = Measure {
            sizes: if geometry.large { LARGE_SIZES } else { SIZES },
            width: (geometry.breadth - ASIDE).clamp(400.0, 1110.0),
            ragged_max: if geometry.large { 63.0 } else { 57.0 },
        };
        let title = setting::set(&view.card.title, &measure);
        page.set_title(title.text.into());
        page.set_title_size(title.size);
        page.set_facts(view.facts.as_str().into());
        page.set_synopsis(synopsis(view).into());
        page.set_status(view.status.as_deref().unwrap_or_default().into());
        page.set_attribution(view.attribution.join("  ·  ").into());
        self.show_seasons(view, measure.width, geometry);
        let lines = if geometry.large { LARGE_LINES } else { LINES };
        let (first, shown) = window(view.episode, view.episodes.len(), lines);
        let focus = (!view.choosing_season).then_some(view.episode);
        let episodes = view.episodes.iter().enumerate().skip(first).take(shown);
        let items = episodes.map(|(at, episode)| item(episode, focus == Some(at)));
        refill(&self.episodes, items.collect());
        page.set_above(first > 0);
        page.set_below(first + shown < view.episodes.len());

        let subject = Subject::Large(view.card.film.clone(), view.card.poster.clone());
        let poster = geometry.wish(subject, view.card.colours);
        let glow = geometry.wish(Subject::PageGlow, view.card.colours);
        pictures.wish([poster.clone(), glow.clone()]);
        let same = self.view.as_ref().is_some_and(|old| old.card == view.card);
        if !same || self.poster.as_ref().is_none_or(|(old, _)| *old != poster) {
            self.poster = Some((poster, false));
            page.set_card(dressed(&view.card, 0, None));
        }
        if self.glow.as_ref().is_none_or(|(old, _)| *old != glow) {
            self.glow = Some((glow, false));
            page.set_glow(slint::Image::default());
        }
        self.view = Some(view.clone());
        self.step(stage, pictures);
    }

    fn show_seasons(&self, view: &SeriesView, width: f32, geometry: Geometry) {
        // As many as fit, were all as long as the longest.
        let longest = view
            .seasons
            .iter()
            .max_by_key(|label| label.chars().count());
        let longest = longest.map(String::as_str).unwrap_or_default();
        let most = abreast([longest; SEASONS], width, geometry);
        let (first, shown) = window(view.season, view.seasons.len(), most);
        let action = |label: &String| ActionView {
            label: label.clone(),
            // The season that is shown stands out also while the episodes have the focus.
            enabled: true,
        };
        let seasons = view.seasons.iter().skip(first).take(shown).map(action);
        let focus = view.choosing_season.then(|| view.season - first);
        let mut seasons: Vec<_> = seasons.collect();
        for (at, season) in seasons.iter_mut().enumerate() {
            season.enabled = view.choosing_season || first + at == view.season;
        }
        self.seasons.show(&seasons, focus);
    }

    /// Puts the pictures on the screen that have been made since.
    pub(crate) fn step(&mut self, stage: &Stage, pictures: &mut Pictures) {
        let page = stage.global::<Series>();
        if let (Some((wish, placed @ false)), Some(view)) = (&mut self.poster, &self.view)
            && let Some(picture) = pictures.get(wish)
        {
            // A drawn one may still be replaced by the picture itself.
            *placed = !picture.drawn;
            page.set_card(dressed(&view.card, 0, Some(picture)));
        }
        if let Some((wish, placed @ false)) = &mut self.glow
            && let Some(picture) = pictures.get(wish)
        {
            *placed = true;
            page.set_glow(picture.image);
        }
    }
}

/// The focused episode's own words, else those of the series.
fn synopsis(view: &SeriesView) -> &str {
    let episode = view.episodes.get(view.episode);
    let own = episode
        .filter(|_| !view.choosing_season)
        .map(|it| it.synopsis.as_str());
    own.filter(|words| !words.is_empty())
        .unwrap_or(&view.synopsis)
}

fn item(episode: &EpisodeView, focused: bool) -> EpisodeItem {
    EpisodeItem {
        title: episode.title.as_str().into(),
        facts: episode.facts.as_str().into(),
        focused,
        seen: episode
            .seen_permille
            .map_or(-1.0, |seen| f32::from(seen) / 1000.0),
        watched: episode.watched,
    }
}
