//! Any news, as the world may send it.

use std::time::Duration;

use app::{
    AddOnFailure, Answer, Button, Carrier, ClockNews, DriveNews, Event, FitFailure, Here, Key,
    Level, PlayerFailure, PlayerNews, Press, Progress, Quest, Session, Steer, SupplyFailure,
    SupplyNews, TextTiming, TimeOfDay, Title, TvNews, Typed, UpdateNews, UpdatesStand, VolumeBy,
};
use proptest::prelude::*;

use crate::story::{self, film, ready, rows};

fn key() -> impl Strategy<Value = Key> {
    (0..Key::NAMES.len()).prop_map(|index| Key::NAMES[index].1)
}

fn progress() -> impl Strategy<Value = SupplyNews> {
    let run = (0..story::SIZE, 0..story::SIZE).prop_map(|(a, b)| a.min(b)..a.max(b));
    let parts = (
        0..5u32,
        0..2_000_000u64,
        proptest::option::of(run),
        any::<bool>(),
        0..=story::SIZE,
    );
    parts.prop_map(|(peers, rate, run, waiting, read_at)| {
        SupplyNews::Progress(Progress {
            carrier: Carrier::Swarm,
            peers,
            rate,
            capacity: rate,
            size: story::SIZE,
            have: run.into_iter().collect(),
            waiting_at: waiting.then_some(read_at),
            read_at,
            metadata: false,
            in_ram: waiting,
        })
    })
}

fn clock() -> impl Strategy<Value = ClockNews> {
    let time = |(second, ahead, known): (u32, i16, bool)| {
        let here = known.then(|| Here {
            zone: "Europe/Vienna".into(),
            ahead_min: ahead,
        });
        TimeOfDay {
            utc_ms: second * 1000,
            here,
        }
    };
    let time = (0..86_400u32, -900..900i16, any::<bool>()).prop_map(time);
    proptest::option::of(time).prop_map(ClockNews::Time)
}

fn torrent() -> impl Strategy<Value = SupplyNews> {
    prop_oneof![
        2 => Just(SupplyNews::Ready { size: story::SIZE, subtitles: Vec::new() }),
        4 => progress(),
        1 => Just(SupplyNews::Failed(SupplyFailure::DiskFull)),
    ]
}

fn fitted(offset_ms: i64) -> PlayerNews {
    let timing = TextTiming {
        offset_ms,
        stretch_ppm: 0,
    };
    PlayerNews::Fitted(Ok([Some(timing), None]))
}

fn player() -> impl Strategy<Value = PlayerNews> {
    let at = (0..150_000u64).prop_map(Duration::from_millis);
    prop_oneof![
        3 => Just(ready()),
        1 => Just(story::ready_with_parts()),
        4 => at.clone().prop_map(PlayerNews::Position),
        2 => at.prop_map(PlayerNews::Seeked),
        1 => Just(PlayerNews::Subtitle(story::lines("text / second"))),
        1 => (0..=1000u16).prop_map(PlayerNews::Fitting),
        1 => (-60_000..60_000i64).prop_map(fitted),
        1 => Just(PlayerNews::Fitted(Err(FitFailure::NotSure))),
        1 => (0..9u64).prop_map(story::measured),
        1 => Just(PlayerNews::Ended),
        1 => Just(PlayerNews::Failed(PlayerFailure::Broken("x".into()))),
    ]
}

fn update() -> impl Strategy<Value = UpdateNews> {
    prop_oneof![
        2 => Just(UpdateNews::Checked(Ok(Some(story::updates::offer("1.4.0"))))),
        1 => Just(UpdateNews::Checked(Ok(None))),
        1 => Just(UpdateNews::Checked(Err(story::updates::failure("unreachable")))),
        1 => Just(UpdateNews::Fetching { permille: 500, bytes: 7 }),
        1 => Just(UpdateNews::Ready),
        1 => Just(UpdateNews::Failed(story::updates::failure("swapped"))),
        1 => Just(UpdateNews::Stands(UpdatesStand {
            before: Some("1.2.0".into()),
            ..UpdatesStand::default()
        })),
    ]
}

fn drive() -> impl Strategy<Value = DriveNews> {
    prop_oneof![
        Just(story::power::drives("stick")),
        Just(story::power::drives("stick=8:30 disk=9:20")),
        Just(story::power::drives("")),
        (0..9u8).prop_map(|step| DriveNews::Adopting { step, of: 4 }),
        Just(DriveNews::Adopted(Ok(()))),
        Just(DriveNews::NotMoved),
    ]
}

fn tv() -> impl Strategy<Value = TvNews> {
    prop_oneof![
        Just(TvNews::Left),
        Just(TvNews::Chosen),
        Just(TvNews::Standby),
        key().prop_map(TvNews::Key),
        Just(TvNews::Volume(VolumeBy::Nobody)),
        Just(TvNews::Volume(VolumeBy::Tv)),
        Just(TvNews::Volume(VolumeBy::Amplifier)),
        (0..=100u8, any::<bool>()).prop_map(|(volume, muted)| {
            let volume = Some(volume);
            TvNews::Level(Level { volume, muted })
        }),
    ]
}

fn steer() -> impl Strategy<Value = Steer> {
    prop_oneof![
        Just(Steer::Play),
        Just(Steer::Pause),
        Just(Steer::PlayPause),
        Just(Steer::Stop),
        Just(Steer::Next),
        any::<i64>().prop_map(|micros| Steer::By { micros }),
        any::<u16>().prop_map(Steer::Speed),
        any::<u8>().prop_map(Steer::Volume),
    ]
}

/// An event with the milliseconds that pass before it.
pub(crate) fn event() -> impl Strategy<Value = (u64, Event)> {
    let press = prop_oneof![5 => Just(Press::Down), 2 => Just(Press::Repeat), 3 => Just(Press::Up)];
    let session = 0..6u64;
    let event = prop_oneof![
        12 => (key(), press).prop_map(|(key, press)| Event::Key(key, press)),
        2 => Just(Event::Tick),
        1 => Just(Event::Shutdown),
        1 => Just(Event::Rows(rows())),
        1 => Just(Event::Rows(Vec::new())),
        1 => Just(Event::Film(film("bee", 0))),
        1 => Just(Event::Open(film("gnu", 1))),
        2 => Just(Event::Row(story::added_row())),
        1 => Just(Event::RowGone("added".into())),
        4 => (0..8u64, 0..3u16, 0..2usize).prop_map(|(quest, answered, sources)| {
            let items = ["fox-0", "fox-1"].map(story::source);
            let items = items.into_iter().take(sources).collect();
            let answer = Answer { from: None, asked: 2, answered, items };
            Event::Offers(Quest(quest), answer)
        }),
        2 => Just(Event::Described(
            Title::new("series", "owl"),
            Some(Box::new(story::owl()))
        )),
        3 => (0..30u32, proptest::option::of(key())).prop_map(|(scan, key)| {
            Event::Heard(Button::Infrared(scan), key)
        }),
        1 => Just(Event::SearchFor("fox".into())),
        2 => (0..8u64).prop_map(|quest| {
            let found = story::answer("1 of 2: fox hen", |id| story::titled("movie", id));
            Event::Found(Quest(quest), found)
        }),
        2 => Just(Event::AddOns(vec![story::listed("fox*").add_on, app::AddOn::default()])),
        2 => (0..8u64).prop_map(|quest| {
            let listed = story::answer("1 of 2: hen owl", story::listed);
            Event::AddOnsListed(Quest(quest), listed)
        }),
        1 => Just(Event::AddOnAdded(Ok("hen".into()))),
        1 => Just(Event::AddOnAdded(Err(AddOnFailure::TooMany(1)))),
        4 => update().prop_map(Event::Update),
        2 => tv().prop_map(Event::Tv),
        3 => drive().prop_map(Event::Drive),
        4 => proptest::sample::select(story::network::any()).prop_map(Event::Network),
        3 => clock().prop_map(Event::Clock),
        1 => Just(Event::Typed(Typed("correct horse".into()))),
        2 => steer().prop_map(Event::Steer),
        1 => Just(Event::Watches(app::ProfileId::FIRST, None)),
        1 => Just(Event::PinTyped(app::Pin("1234".into()))),
        1 => Just(Event::NotEnded { why: "x".into() }),
        1 => Just(Event::OpenRefused(SupplyFailure::Broken("x".into()))),
        1 => Just(Event::Incident(app::Incident::Safe)),
        1 => session.clone().prop_map(|s| {
            Event::Texts(Session(s), vec![story::text("en")])
        }),
        6 => (session.clone(), torrent()).prop_map(|(s, news)| Event::Supply(Session(s), news)),
        8 => (session, player()).prop_map(|(s, news)| Event::Player(Session(s), news)),
    ];
    // Now and then a day passes.
    (prop_oneof![30 => 0..3000u64, 1 => Just(86_400_000)], event)
}
