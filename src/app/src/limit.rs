//! The limit of a profile: which films are not for it, and that nothing leads to them.
//!
//! What is known to be for older viewers is neither listed nor played, by whatever way it comes:
//! rows and searches are sifted, [`App::visit`] and [`App::open`] refuse, and what turns out to be
//! above while somebody looks at it is left. Ages that were told once are remembered.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::{App, Place};
use crate::household::{Ages, Profile};
use crate::{Effect, Film, Time, Title, words};

/// Between two titles of the wall that are asked about: nobody waits for them, and the catalogue
/// has time for what somebody looks at.
const PACE: Duration = Duration::from_secs(2);

/// Before the wall is looked at once more when all of it was asked about.
const ALL_ASKED: Duration = Duration::from_mins(1);

/// Titles asked about at most, while the box runs.
const ASKED_MAX: usize = 300;

/// After so many of which none said its age nobody is there who knows ages.
const IN_VAIN: usize = 20;

/// What lets films through that are for who watches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sieve {
    /// In years; none: everything is.
    limit: Option<u8>,
    /// Films are, too, whose age nobody knows.
    unknown: bool,
    ages: Ages,
}

/// Why a film is not for who watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Barred {
    Above(u8),
    Unknown,
}

impl Sieve {
    pub(crate) fn new(profile: &Profile, ages: Ages) -> Sieve {
        Sieve {
            limit: profile.limit,
            unknown: profile.shows_unknown(),
            ages,
        }
    }

    /// The highest age that anybody told.
    fn age(&self, film: &Film) -> Option<u8> {
        let told = |title: &Title| self.ages.0.get(title).copied();
        let own = film.origin.as_ref().and_then(told);
        let series = film.episode.as_ref().and_then(|it| told(&it.series));
        film.age.max(own).max(series)
    }

    pub(crate) fn bars(&self, film: &Film) -> Option<Barred> {
        let limit = self.limit?;
        match self.age(film) {
            Some(age) if age > limit => Some(Barred::Above(limit)),
            Some(_) => None,
            None => (!self.unknown).then_some(Barred::Unknown),
        }
    }

    pub(crate) fn lets(&self, film: &Film) -> bool {
        self.bars(film).is_none()
    }

    /// Those films alone that are for who watches.
    pub(crate) fn sift(&self, films: &mut Vec<Film>) {
        if self.limit.is_some() {
            films.retain(|film| self.lets(film));
        }
    }
}

/// Titles of the wall whose ages are asked for, so that it fills with what is for who watches.
#[derive(Debug)]
pub(crate) struct AgeQuest {
    asked: BTreeSet<Title>,
    next: Time,
    /// Somebody told an age.
    told: bool,
}

impl Default for AgeQuest {
    fn default() -> AgeQuest {
        AgeQuest {
            asked: BTreeSet::new(),
            next: Time::default() + PACE,
            told: false,
        }
    }
}

impl AgeQuest {
    fn is_over(&self) -> bool {
        let asked = self.asked.len();
        asked >= ASKED_MAX || asked >= IN_VAIN && !self.told
    }
}

impl Place {
    /// The film that is looked at, or is open.
    fn film(&self) -> Option<&Film> {
        match self {
            Place::Film(page) => Some(&page.film),
            Place::Context(page) => Some(&page.film),
            Place::Series(page) => Some(&page.film),
            Place::Seeking(seeking) => Some(&seeking.page.film),
            Place::Opening(opening) => Some(&opening.attempt.film),
            Place::Playing(playing) => Some(&playing.attempt.film),
            Place::Trouble(trouble) => Some(&trouble.attempt.film),
            _ => None,
        }
    }
}

impl App {
    /// The viewer has a limit.
    pub(crate) fn is_limited(&self) -> bool {
        self.profiles.current().limit.is_some()
    }

    /// Whether the film is not for who watches, which is said then.
    pub(crate) fn refuses(&mut self, film: &Film) -> bool {
        let barred = self.profiles.sieve.bars(film);
        if let Some(barred) = barred {
            self.notify(words::barred(barred));
        }
        barred.is_some()
    }

    /// From which age on a title is for viewers was told.
    pub(crate) fn learn_age(
        &mut self,
        title: &Title,
        told: Option<&Film>,
        effects: &mut Vec<Effect>,
    ) {
        let age = told.and_then(|film| film.age);
        self.profiles.quest.told |= age.is_some();
        if let Some(age) = age
            && self.profiles.household.ages.learn(title, age)
        {
            effects.push(self.profiles.save());
            self.sift();
        }
    }

    /// What is listed is sifted anew.
    pub(crate) fn sift(&mut self) {
        self.profiles.sieve_anew();
        self.wall
            .set_sieve(self.profiles.sieve.clone(), &self.library);
        let places = std::iter::once(&mut self.place).chain(&mut self.behind);
        for place in places {
            if let Place::Search(page) = place {
                page.sift(&self.profiles.sieve, &self.library);
            }
        }
    }

    /// Nobody stays with a film that turned out not to be for him.
    pub(crate) fn turn_limit(&mut self, effects: &mut Vec<Effect>) {
        if !self.is_limited() {
            return;
        }
        let sieve = &self.profiles.sieve;
        self.behind
            .retain(|place| place.film().is_none_or(|film| sieve.lets(film)));
        let next = self.coming.as_ref().map(crate::coming::Coming::film);
        if next.is_some_and(|film| !sieve.lets(film)) {
            self.stop_coming(effects);
        }
        let here = self.place.film();
        if let Some(barred) = here.and_then(|film| self.profiles.sieve.bars(film)) {
            self.notify(words::barred(barred));
            self.close(effects);
            self.back(effects);
        }
    }

    /// Ages are asked for: somebody with a limit looks at the wall, and bytes cost nothing.
    fn asks_ages(&self) -> bool {
        let looks = matches!(self.place, Place::Home) && !self.power.asleep;
        let allowed = self.prefetch.is_allowed() && !self.profiles.quest.is_over();
        looks && allowed && self.is_limited()
    }

    pub(crate) fn ages_deadline(&self) -> Option<Time> {
        self.asks_ages().then_some(self.profiles.quest.next)
    }

    /// Asks about the next title of the wall whose age nobody has told.
    pub(crate) fn ask_age(&mut self, effects: &mut Vec<Effect>) {
        if !self.asks_ages() || self.now < self.profiles.quest.next {
            return;
        }
        let (sieve, quest) = (&self.profiles.sieve, &self.profiles.quest);
        let open = |film: &&Film| sieve.age(film).is_none();
        let titles = self.wall.all_films().filter(open);
        let mut titles = titles.filter_map(|film| film.origin.as_ref());
        let next = titles.find(|title| !quest.asked.contains(title)).cloned();
        let pause = if next.is_some() { PACE } else { ALL_ASKED };
        self.profiles.quest.next = self.now + pause;
        if let Some(title) = next {
            self.profiles.quest.asked.insert(title.clone());
            effects.push(Effect::Describe(title));
        }
    }
}
