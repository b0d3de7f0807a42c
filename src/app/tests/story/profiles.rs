//! Profiles in stories: `people("Ann#1234 Ben<12")` has two, of whom Ann has a PIN and Ben a limit.
//! "answer": the shell says what comes of the PIN that it was asked about last; "ages": a wall of
//! films that say their ages; "watches 2 1234": a phone says who watches; "pin 1234": it types
//! that; "told fox 18": that is the age of a title.

use app::{
    App, Effect, Event, Household, Library, Pin, PinAct, PinHash, PinNews, PinView, Preferences,
    Profile, ProfileId, Row, Title, Viewer, WhoView,
};

use super::telling::list;
use super::{Story, film, rows, titled};

/// Names, each with its PIN and its limit; the first watches.
pub(crate) fn people(names: &str) -> Household {
    let profile = |(at, name): (usize, &str)| {
        let (name, limit) = name.split_once('<').unwrap_or((name, ""));
        let (name, pin) = name.split_once('#').unwrap_or((name, ""));
        Profile {
            id: ProfileId(at as u32 + 1),
            name: name.into(),
            colour: at as u8,
            pin: (!pin.is_empty()).then(|| hash(pin)),
            limit: limit.parse().ok(),
            ..Profile::default()
        }
    };
    Household {
        profiles: names.split_whitespace().enumerate().map(profile).collect(),
        ..Household::default()
    }
}

impl Story {
    /// On the wall with two rows of a box that these share.
    pub(crate) fn of(names: &str, viewers: Vec<Viewer>, preferences: Preferences) -> Story {
        let mut story = Story::before_rows(Library::default(), preferences.clone());
        story.app = App::of(people(names), viewers, preferences);
        story.app.update(Event::Rows(rows()), story.now);
        story
    }
}

/// Of an earlier story, for the one of that number.
pub(crate) fn viewer(id: u32, library: Library) -> Viewer {
    Viewer {
        library: Library {
            profile: ProfileId(id),
            ..library
        },
        searches: Vec::new(),
    }
}

/// What the shell of these stories makes of a PIN.
fn hash(pin: &str) -> PinHash {
    PinHash(format!("#{pin}"))
}

pub(crate) fn answer_of(act: &PinAct) -> PinNews {
    match act {
        PinAct::Check {
            quest,
            pin,
            against,
        } => {
            let made = hash(&pin.0);
            let whose = against.iter().find(|(_, known)| *known == made);
            PinNews::Checked(*quest, whose.map(|(id, _)| *id))
        }
        PinAct::Make { quest, pin } => PinNews::Made(*quest, Some(hash(&pin.0))),
    }
}

/// A wall of films, of which the ends of their names are their ages.
pub(crate) fn aged() -> Vec<Row> {
    let films = ["imp6", "jay12", "kit16", "lux18", "moa"];
    vec![Row::new("Aged", films.map(|id| film(id, 1)).into())]
}

pub(crate) fn profile_news(line: &str) -> Option<Vec<Event>> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let event = match word {
        "ages" => Event::Rows(aged()),
        "watches" => {
            let (id, pin) = rest.split_once(' ').unwrap_or((rest, ""));
            let pin = (!pin.is_empty()).then(|| Pin(pin.into()));
            Event::Watches(ProfileId(id.parse().unwrap()), pin)
        }
        "pin" => Event::PinTyped(Pin(rest.into())),
        "told" => {
            let (id, age) = rest.split_once(' ').unwrap();
            let told = app::Film {
                age: age.parse().ok(),
                ..titled("movie", id)
            };
            Event::Described(Title::new("movie", id), Some(Box::new(told)))
        }
        _ => return None,
    };
    Some(vec![event])
}

pub(crate) fn tell_household(effect: &Effect) -> String {
    match effect {
        Effect::SaveHousehold(household) => {
            let one = |profile: &Profile| {
                let now = if profile.id == household.current {
                    "*"
                } else {
                    ""
                };
                let pin = profile.pin.as_ref().map_or("", |pin| &pin.0);
                let limit = profile.limit.map_or(String::new(), |it| format!("<{it}"));
                let unknown = match profile.unknown {
                    None => "",
                    Some(true) => "+unknown",
                    Some(false) => "-unknown",
                };
                let wrong = match profile.wrong {
                    0 => String::new(),
                    wrong => format!(" ({wrong} wrong)"),
                };
                let (id, name) = (profile.id.0, &profile.name);
                format!("{now}{id}:{name}{pin}{limit}{unknown}{wrong}")
            };
            let all: Vec<_> = household.profiles.iter().map(one).collect();
            let ages = match household.ages.0.len() {
                0 => String::new(),
                count => format!("; {count} ages"),
            };
            format!("people {}{ages}", all.join(", "))
        }
        Effect::Pin(PinAct::Check { against, .. }) => {
            let ids: Vec<_> = against.iter().map(|(id, _)| id.0.to_string()).collect();
            format!("check PIN of {}", ids.join(", "))
        }
        Effect::Pin(PinAct::Make { .. }) => "make PIN".into(),
        _ => String::new(),
    }
}

pub(crate) fn tell_who(page: &WhoView) -> String {
    let told = page.people.iter().map(|it| match it.note.as_str() {
        "" => it.name.clone(),
        note => format!("{}={note}", it.name),
    });
    let told: Vec<_> = told.collect();
    let names = told.iter().map(String::as_str).collect();
    format!("who: {}", list(names, Some(page.focus)))
}

pub(crate) fn tell_pin(page: &PinView) -> String {
    let dots = "*".repeat(page.typed) + &"_".repeat(page.digits - page.typed);
    let waits = if page.waits { " waits" } else { "" };
    let key = &page.keys[page.focus];
    format!("{}: {dots} at {key}{waits} | {}", page.title, page.status)
}
