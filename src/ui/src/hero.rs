//! What the focused film is: title, facts, synopsis, and its light behind them.

use std::time::Duration;

use app::HomeView;
use slint::ComponentHandle;

use crate::Geometry;
use crate::motion::{FADE, Glide};
use crate::pictures::{Pictures, Wish};
use crate::setting::{self, Measure};
use screens::{Home, Stage};

/// The focus rests when it has not moved for this long: longer than a held key repeats (110 ms and
/// less) and than rows scroll (200 ms), so that a run along the wall never pays for both.
const REST: Duration = Duration::from_millis(220);
/// Sizes of the title in normal and in large letters; `Home` in ui/home.slint has room for two
/// lines of the smaller ones.
const SIZES: &[(f32, usize)] = &[(87.0, 1), (75.0, 1), (63.0, 2), (54.0, 2)];
const LARGE_SIZES: &[(f32, usize)] = &[(96.0, 1), (84.0, 1), (66.0, 2), (57.0, 2)];

#[derive(Debug, Clone, PartialEq)]
struct Said {
    title: String,
    facts: String,
    synopsis: String,
    glow: Wish,
    /// In large letters.
    large: bool,
}

pub(crate) struct Hero {
    said: Option<Said>,
    /// What to say when the focus rests, and when that is.
    next: Option<(Said, Option<Duration>)>,
    /// The glow that is wanted, shown, and fading in.
    glow: Option<Wish>,
    shown: Option<Wish>,
    blend: Glide,
}

impl Hero {
    pub(crate) fn new() -> Self {
        Self {
            said: None,
            next: None,
            glow: None,
            shown: None,
            blend: Glide::at(0.0),
        }
    }

    pub(crate) fn show(&mut self, view: &HomeView, glow: Wish, at_once: bool, geometry: Geometry) {
        let said = Said {
            title: view.title.clone(),
            facts: view.facts.clone(),
            synopsis: view.synopsis.clone(),
            glow,
            large: geometry.large,
        };
        let due = at_once.then_some(Duration::ZERO);
        let same = self.next.as_ref().is_some_and(|(next, _)| *next == said);
        if self.said.as_ref() == Some(&said) {
            self.next = None;
        } else if !same || at_once {
            self.next = Some((said, due));
        }
        if at_once {
            // A glow that is there already is not faded.
            self.shown = None;
            self.blend.jump(0.0);
        }
    }

    pub(crate) fn step(
        &mut self,
        stage: &Stage,
        now: Duration,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let home = stage.global::<Home>();
        if let Some((said, due)) = self.next.take() {
            let due = due.unwrap_or(now + REST);
            if now >= due {
                self.say(&home, said, geometry);
            } else {
                self.next = Some((said, Some(due)));
            }
        }
        self.fade(&home, now, pictures);
    }

    fn say(&mut self, home: &Home<'_>, said: Said, geometry: Geometry) {
        let title = setting::set(
            &said.title,
            &Measure {
                sizes: if geometry.large { LARGE_SIZES } else { SIZES },
                width: geometry.breadth * 0.66,
                ragged_max: if geometry.large { 57.0 } else { 54.0 },
            },
        );
        home.set_title(title.text.into());
        home.set_title_size(title.size);
        home.set_facts(said.facts.as_str().into());
        home.set_synopsis(said.synopsis.as_str().into());
        self.glow = Some(said.glow.clone());
        self.said = Some(said);
    }

    fn fade(&mut self, home: &Home<'_>, now: Duration, pictures: &mut Pictures) {
        if self.blend.moving() {
            self.blend.step(now);
            if !self.blend.moving() {
                home.set_glow(home.get_next_glow());
                self.blend.jump(0.0);
            }
        }
        let wanted = self
            .glow
            .as_ref()
            .filter(|glow| self.shown.as_ref() != Some(glow));
        if let (false, Some(wish)) = (self.blend.moving(), wanted)
            && let Some(picture) = pictures.get(wish)
        {
            if self.shown.is_none() {
                home.set_glow(picture.image);
            } else {
                home.set_next_glow(picture.image);
                self.blend.aim(1.0, FADE);
                self.blend.step(now);
            }
            self.shown.clone_from(&self.glow);
        }
        home.set_blend(self.blend.value());
    }

    pub(crate) fn moving(&self) -> bool {
        self.blend.moving() || self.next.as_ref().is_some_and(|(_, due)| due.is_none())
    }

    pub(crate) fn due(&self) -> Option<Duration> {
        self.next.as_ref().and_then(|(_, due)| *due)
    }
}
