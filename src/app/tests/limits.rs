//! Whatever is pressed and whatever comes: who has a limit never gets a film known to be above it.

#![allow(clippy::unwrap_used)]

mod story;

use std::time::Duration;

use app::{
    App, Effect, Event, Film, Key, Pin, Preferences, Press, ProfileId, Quest, Reach, RestSettings,
    Session, SupplyNews, Time, Title, Typed, UpdateSettings,
};
use proptest::prelude::*;
use story::profiles::{aged, people, viewer};
use story::{PLAY, answer, film, ready, rows, source, titled};

/// Of "Ann#1234 Ben<12": titles and sources of what is above from the start.
const ABOVE: [&str; 4] = ["LUX18", "KIT16", "lux18-", "kit16-"];

/// The same of what is told to be above on the way.
const FOX: [&str; 2] = ["FOX", "fox-"];

fn key() -> impl Strategy<Value = Key> {
    let any = (0..Key::NAMES.len()).prop_map(|index| Key::NAMES[index].1);
    let usual = proptest::sample::select(vec![
        Key::Ok,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::Back,
        Key::Play,
        Key::Context,
    ]);
    prop_oneof![3 => usual, 1 => any]
}

fn told(id: &str, age: Option<u8>) -> Event {
    let film = Film {
        age,
        ..titled("movie", id)
    };
    Event::Described(Title::new("movie", id), Some(Box::new(film)))
}

fn news() -> impl Strategy<Value = SupplyNews> {
    let ready = SupplyNews::Ready {
        size: story::SIZE,
        subtitles: Vec::new(),
    };
    let whole = SupplyNews::Progress(app::Progress {
        peers: 3,
        rate: 900_000,
        capacity: 900_000,
        size: story::SIZE,
        have: std::iter::once(0..story::SIZE).collect(),
        ..app::Progress::default()
    });
    prop_oneof![Just(ready), Just(whole)]
}

/// What happens, and the milliseconds before it.
fn event() -> impl Strategy<Value = (u64, Event)> {
    let session = 0..4u64;
    let id = proptest::sample::select(vec!["lux18", "imp6", "moa", "gnu"]);
    let age = proptest::option::of(proptest::sample::select(vec![6, 18]));
    let event = prop_oneof![
        20 => key().prop_map(|key| Event::Key(key, Press::Down)),
        6 => key().prop_map(|key| Event::Key(key, Press::Up)),
        1 => Just(Event::Tick),
        2 => Just(Event::Rows(aged())),
        1 => Just(Event::Rows(rows())),
        2 => Just(Event::Row(story::added_row())),
        2 => id.clone().prop_map(|id| Event::Open(film(id, 1))),
        1 => id.prop_map(|id| Event::Film(film(id, 2))),
        1 => Just(Event::Open(titled("movie", "fox"))),
        2 => Just(Event::SearchFor("lux".into())),
        1 => Just(Event::Typed(Typed("9999".into()))),
        1 => Just(Event::Watches(ProfileId(1), Some(Pin("9999".into())))),
        1 => Just(Event::Watches(ProfileId(1), None)),
        1 => Just(Event::Watches(ProfileId(2), None)),
        1 => Just(Event::PinTyped(Pin("9999".into()))),
        2 => age.prop_map(|age| told("fox", age)),
        2 => (0..8u64).prop_map(|quest| {
            let found = answer("1 of 1: lux18 kit16 imp6 fox moa", |id| titled("movie", id));
            Event::Found(Quest(quest), found)
        }),
        2 => (0..8u64).prop_map(|quest| {
            Event::Offers(Quest(quest), answer("1 of 1: fox-0", source))
        }),
        4 => (session.clone(), news()).prop_map(|(s, news)| Event::Supply(Session(s), news)),
        4 => session.prop_map(|s| Event::Player(Session(s), ready())),
    ];
    (prop_oneof![20 => 0..2000u64, 1 => Just(86_400_000)], event)
}

/// What is asked about a PIN is answered: it was a wrong one.
fn update(app: &mut App, event: Event, now: Time) -> Vec<Effect> {
    let mut effects = app.update(event, now);
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Pin(act) => Some(story::profiles::answer_of(act)),
        _ => None,
    });
    if let Some(news) = asked {
        effects.extend(app.update(Event::Pin(news), now));
    }
    effects
}

/// What of an effect would be seen or be got.
fn got(effect: &Effect) -> Option<String> {
    match effect {
        Effect::Open {
            reach: Reach::Torrent(torrent),
            ..
        }
        | Effect::Prefetch { torrent, .. } => Some(torrent.name.clone()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_above_a_limit_is_seen_or_got(
        chosen in any::<bool>(),
        events in prop::collection::vec(event(), 0..150),
    ) {
        let preferences = Preferences {
            updates: Some(UpdateSettings {
                version: "1.3.0".into(),
                channels: Vec::new(),
                channel: None,
                turn_permille: 0,
            }),
            rest: RestSettings { screensaver_min: 1, screen_off_min: 20 },
            autoplay: true,
            ..Preferences::default()
        };
        let mut people = people("Ann#1234 Ben<12");
        people.profiles[1].unknown = Some(true);
        // He has begun one before he got his limit.
        let ben = viewer(2, story::after(&format!("open lux18\n{PLAY}\nat 30\nback\nback")));
        let mut app = App::of(people, vec![ben], preferences);
        let mut now = Time::default();
        let mut above = ABOVE.to_vec();
        let start = chosen.then_some((0, Event::Key(Key::Digit(2), Press::Down)));
        for (wait, event) in start.into_iter().chain(events) {
            now = now + Duration::from_millis(wait);
            let told = match &event {
                Event::Described(_, Some(film)) => film.age,
                _ => None,
            };
            match told {
                Some(18) => above.extend(FOX),
                Some(_) => above.retain(|it| !FOX.contains(it)),
                None => {}
            }
            let effects = update(&mut app, event, now);
            let view = app.view();
            prop_assert!(view.profile.as_ref().is_none_or(|it| it.id == ProfileId(2)));
            let mut seen = format!("{:?} {:?}", view.screen, view.resting);
            seen.extend(effects.iter().filter_map(got));
            for title in &above {
                prop_assert!(!seen.contains(title), "{title} in {seen}");
            }
        }
    }
}
