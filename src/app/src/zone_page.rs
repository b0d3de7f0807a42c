//! The page where it is said which time it is where the box stands: a country, and in one that has
//! several times a city, each with what time it is there.
//!
//! Nobody knows the names of time zones, and everybody knows the time: so that is beside each line.
//! The focus begins where the box most probably is. What is chosen holds at once, and leads back.

use crate::app::{App, Place};
use crate::clock::{self, Clock, ClockAct};
use crate::view::MenuView;
use crate::{Country, Effect, Key, Language, OwnerSettings, Zone, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ZonePage {
    /// Whose cities are listed, if any are.
    cities: Option<Land>,
    focus: Line,
}

/// A country; none: elsewhere than in those that are named.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Land(Option<Country>);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    /// What holds where nothing is chosen.
    Usual,
    /// Of the countries; none: another than these.
    Country(Option<Country>),
    City(Zone),
}

impl ZonePage {
    /// What is listed. `usual`: there is a zone where none is chosen.
    fn lines(&self, usual: bool) -> Vec<Line> {
        if let Some(Land(country)) = self.cities {
            return Zone::of(country).map(Line::City).collect();
        }
        let countries = words::countries().into_iter();
        let countries = countries.map(|it| Line::Country(Some(it.0)));
        let usual = usual.then_some(Line::Usual).into_iter();
        let elsewhere = [Line::Country(None)];
        usual.chain(countries).chain(elsewhere).collect()
    }

    /// Where the focus is in them.
    fn place(&self, lines: &[Line]) -> usize {
        let place = lines.iter().position(|line| *line == self.focus);
        place.unwrap_or(0)
    }
}

/// Where one who speaks that most probably is.
fn home_of(language: Language) -> Country {
    Country(match language {
        Language::English | Language::Pseudo => *b"US",
        Language::French => *b"FR",
        Language::Spanish => *b"ES",
        Language::Portuguese => *b"BR",
        Language::German => *b"DE",
        Language::Italian => *b"IT",
        Language::Dutch => *b"NL",
        Language::Polish => *b"PL",
        Language::Russian => *b"RU",
        Language::Ukrainian => *b"UA",
        Language::Turkish => *b"TR",
        Language::Arabic => *b"EG",
        Language::Hebrew => *b"IL",
        Language::Hindi => *b"IN",
        Language::Chinese => *b"CN",
        Language::Japanese => *b"JP",
        Language::Korean => *b"KR",
    })
}

/// What time it is there, of each time that is kept: "21:05", "14:05 – 18:05". While nobody knows,
/// how far it is from UTC; empty: that was not told either.
fn times(clock: &Clock, zones: impl Iterator<Item = Zone>, utc_ms: Option<u32>) -> String {
    let told = zones.filter_map(|zone| Some((clock.ahead_min(zone)?, zone)));
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|it| it.0);
    told.dedup_by_key(|it| it.0);
    let written = |(ahead, zone): &(i16, Zone)| match utc_ms {
        Some(ms) => words::time_of_day(clock::minute(ms, *ahead), zone.name()),
        None => words::ahead_of_utc(*ahead),
    };
    match told.as_slice() {
        [] => String::new(),
        [one] => written(one),
        [first, .., last] => words::from_to(&written(first), &written(last)),
    }
}

impl App {
    /// Where the box most probably is: as was chosen, as the system says, by the rules of its
    /// radio, by its language.
    fn zone_line(&self) -> Line {
        let radio = self.network.as_ref().and_then(|it| it.stand.country);
        let radio = radio.filter(|it| Zone::of(Some(*it)).next().is_some());
        let by_zone = self.zone_now().map(Zone::country);
        let by_country = || Some(radio.unwrap_or_else(|| home_of(self.language)));
        Line::Country(by_zone.unwrap_or_else(by_country))
    }

    pub(crate) fn zone_page(&self, effects: &mut Vec<Effect>) -> Place {
        effects.push(Effect::Clock(ClockAct::Zones));
        Place::Zone(ZonePage {
            cities: None,
            focus: self.zone_line(),
        })
    }

    pub(crate) fn zone_page_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if let Place::Zone(page) = &self.place {
            let page = page.clone();
            self.zone_key(page, key, effects);
        }
    }

    fn zone_key(&mut self, mut page: ZonePage, key: Key, effects: &mut Vec<Effect>) {
        let lines = page.lines(self.has_usual_zone());
        let at = page.place(&lines);
        let to = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(lines.len().saturating_sub(1)),
            Key::Back | Key::Left | Key::Stop => match page.cities.take() {
                Some(Land(country)) => {
                    page.focus = Line::Country(country);
                    self.place = Place::Zone(page);
                    return;
                }
                None => return self.back(effects),
            },
            Key::Ok => return self.choose_zone(page, lines[at], effects),
            _ => at,
        };
        page.focus = lines[to];
        self.place = Place::Zone(page);
    }

    fn choose_zone(&mut self, mut page: ZonePage, line: Line, effects: &mut Vec<Effect>) {
        let zone = match line {
            Line::Usual => None,
            Line::City(zone) => Some(zone),
            Line::Country(country) => {
                let zones: Vec<Zone> = Zone::of(country).collect();
                if let ([zone], Some(_)) = (zones.as_slice(), country) {
                    Some(*zone)
                } else {
                    let now = zones.iter().find(|it| Some(**it) == self.zone_now());
                    page.cities = Some(Land(country));
                    page.focus = Line::City(*now.unwrap_or(&zones[0]));
                    self.place = Place::Zone(page);
                    return;
                }
            }
        };
        let owner = OwnerSettings {
            zone,
            ..self.library.owner
        };
        self.choose(owner, effects);
        self.back(effects);
    }

    fn has_usual_zone(&self) -> bool {
        self.clock.as_ref().is_some_and(|it| it.usual.is_some())
    }

    /// The zone that the box is in, if it is one that can be chosen.
    fn zone_now(&self) -> Option<Zone> {
        let clock = self.clock.as_ref();
        let told = || Zone::named(clock?.zone()?);
        self.library.owner.zone.or_else(told)
    }

    /// Where the box is, in words; empty: nobody has said.
    pub(crate) fn zone_name(&self) -> String {
        let told = self.clock.as_ref().and_then(Clock::zone);
        let name = self.library.owner.zone.map(Zone::name).or(told);
        name.map(words::place_of_zone).unwrap_or_default()
    }

    pub(crate) fn zone_view(&self, page: &ZonePage, clock: &Clock) -> MenuView {
        let utc_ms = clock.utc_ms(self.now);
        let lines = page.lines(clock.usual.is_some());
        let focus = page.place(&lines);
        let label = |line: &Line| match line {
            Line::Usual => {
                let usual = clock.usual.as_deref().unwrap_or_default();
                words::as_the_system(&words::place_of_zone(usual))
            }
            Line::Country(None) => words::ANOTHER_COUNTRY.into(),
            Line::Country(Some(country)) => words::country_name(*country),
            Line::City(zone) => words::place_of_zone(zone.name()),
        };
        let note = |line: &Line| match line {
            Line::Usual | Line::Country(None) => String::new(),
            Line::Country(country) => times(clock, Zone::of(*country), utc_ms),
            Line::City(zone) => times(clock, std::iter::once(*zone), utc_ms),
        };
        let chosen = match (self.library.owner.zone, page.cities) {
            (None, _) => Line::Usual,
            (Some(zone), None) => Line::Country(zone.country()),
            (Some(zone), Some(_)) => Line::City(zone),
        };
        let (title, message) = match page.cities {
            None => (words::TIME_ZONE.into(), words::TIME_ZONE_HELP),
            Some(Land(None)) => (words::ANOTHER_COUNTRY.into(), words::CITY_ELSEWHERE_HELP),
            Some(Land(Some(country))) => (words::country_name(country), words::CITY_HELP),
        };
        MenuView {
            title,
            labels: lines.iter().map(label).collect(),
            notes: lines.iter().map(note).collect(),
            chosen: lines.iter().position(|line| *line == chosen),
            focus,
            headline: words::WHICH_TIME.into(),
            message: message.into(),
            ask: None,
            hint: words::CODE_HINT.into(),
        }
    }
}
