//! What must hold after any sequence of events, however the world misbehaves.

#![allow(clippy::unwrap_used)]

mod news;
#[path = "../story/mod.rs"]
mod story;

use std::collections::BTreeSet;
use std::time::Duration;

use app::{
    App, ClockAct, DriveAct, DriveWish, Effect, Event, Key, Library, PowerAct, Preferences, Press,
    Quest, RestSettings, Resting, Screen, Session, SoundSettings, Time, TrackId, TvAct, TvSettings,
    UpdateAct, UpdateSettings,
};
use news::event;
use proptest::prelude::*;
use story::rows;

/// What is open in the world, as the effects made it.
#[derive(Debug, Default)]
struct World {
    torrent: Option<Session>,
    player: Option<Session>,
    prefetch: Option<[u8; 20]>,
    tracks: Vec<TrackId>,
    /// Asked and not stopped.
    quests: Vec<Quest>,
    /// An update is being fetched at a trickle.
    held: bool,
    /// The TV was told so last.
    asleep: bool,
    learns: bool,
    /// The time was told, and is asked for.
    clock: (bool, bool),
    sound: SoundSettings,
}

impl World {
    /// Refuses an effect that could not be carried out.
    #[allow(clippy::too_many_lines, reason = "an arm for each effect")]
    fn perform(&mut self, effect: &Effect) {
        let player = self.player;
        let open = |session: &Session| assert_eq!(player, Some(*session), "{effect:?}");
        match effect {
            Effect::Open { session, reach, at } => {
                let taken_over = self.prefetch.take();
                let hash = reach.torrent().map(|torrent| torrent.info_hash);
                assert!(taken_over.is_none() || taken_over == hash);
                assert!(at.is_none_or(|at| at < story::SIZE), "{effect:?}");
                assert_eq!(self.torrent, None, "two torrents are open");
                assert_eq!(self.player, None, "a player outlived its torrent");
                self.torrent = Some(*session);
            }
            Effect::Prefetch { torrent, at } => {
                // But the next episode, while one plays.
                assert_eq!(
                    self.torrent, self.player,
                    "got ahead while a film is opened"
                );
                assert!(at.is_none_or(|at| at < story::SIZE), "{effect:?}");
                self.prefetch = Some(torrent.info_hash);
            }
            Effect::StopPrefetch => assert!(self.prefetch.take().is_some(), "nothing to stop"),
            Effect::Close(session) => assert_eq!(self.torrent.take(), Some(*session)),
            Effect::OpenPlayer { session, .. } => {
                assert_eq!(self.player.replace(*session), None, "two films are open");
                assert_eq!(self.torrent, Some(*session), "a film without its torrent");
            }
            Effect::ClosePlayer(session) => assert_eq!(self.player.take(), Some(*session)),
            Effect::SetPaused(session, _)
            | Effect::Seek { session, .. }
            | Effect::SetSpeed { session, .. }
            | Effect::Measure(session, _)
            | Effect::MakeStills { session, .. }
            | Effect::FindTexts { session, .. }
            | Effect::AddTexts(session, _)
            | Effect::SelectSecond(session, _)
            | Effect::TimeSubtitles(session, _)
            | Effect::FitSubtitles(session)
            | Effect::StopFitting(session)
            | Effect::SelectSubtitle(session, _) => open(session),
            Effect::SelectAudio(session, track) => {
                open(session);
                self.tracks.push(*track);
            }
            Effect::FindSources { quest, .. }
            | Effect::Search { quest, .. }
            | Effect::ListAddOns { quest, .. } => {
                assert!(self.quests.iter().all(|earlier| earlier < quest));
                self.quests.push(*quest);
            }
            Effect::StopQuest(quest) => {
                let known = self.quests.iter().position(|it| it == quest);
                self.quests
                    .remove(known.expect("stopped twice, or never asked"));
            }
            Effect::MoreOf { have, .. } => assert!(*have > 0),
            Effect::Update(UpdateAct::Install) => {
                assert_eq!(self.torrent, None, "begun while a film is open");
            }
            Effect::Update(UpdateAct::Hold(hold)) => {
                assert_ne!(self.held, *hold, "held twice");
                self.held = *hold;
            }
            Effect::Drive(DriveAct::KeepOn(_)) => {
                assert_eq!(self.torrent, None, "the cache is moved under a film");
            }
            Effect::Tv(TvAct::Wake) => self.asleep = false,
            Effect::Tv(TvAct::Sleep { .. }) => self.asleep = true,
            Effect::Tv(TvAct::Show) => assert!(!self.asleep, "shown by who stands by"),
            Effect::Sound(sound) => {
                assert!(self.torrent.is_some(), "told while no film is open");
                assert_eq!(*sound, sound.bounded());
                assert_ne!(self.sound, *sound, "told twice");
                self.sound = *sound;
            }
            Effect::LearnButtons(on) => {
                assert_ne!(self.learns, *on, "told twice");
                self.learns = *on;
            }
            Effect::Clock(ClockAct::Tell(on)) => {
                assert!(self.clock.0, "asked of nobody");
                assert_ne!(self.clock.1, *on, "told twice");
                self.clock.1 = *on;
            }
            Effect::KeepButtons(buttons) => {
                let mut known = BTreeSet::new();
                assert!(buttons.iter().all(|(button, _)| known.insert(button)));
                assert!(!buttons.is_empty());
            }
            Effect::Tv(_)
            | Effect::Power(_)
            | Effect::Status(_)
            | Effect::Drive(DriveAct::Adopt(_))
            | Effect::Phones(_)
            | Effect::Network(_)
            | Effect::Clock(_)
            | Effect::Share(_)
            | Effect::Backup(_)
            | Effect::Diagnosed(_)
            | Effect::ReadAloud(_)
            | Effect::Say(_)
            | Effect::Searched(..)
            | Effect::SaveHousehold(_)
            | Effect::Pin(_)
            | Effect::Describe(_)
            | Effect::ChangeAddOn(_)
            | Effect::InstallAddOn(_)
            | Effect::Update(_) => {}
            Effect::SaveLibrary(library) => {
                let mut places = library.marks.values().map(|mark| mark.position);
                assert!(places.all(|place| place <= Duration::from_secs(150)));
            }
        }
    }
}

fn run(events: Vec<(u64, Event)>) -> (App, World, Time) {
    let preferences = Preferences {
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            channels: vec!["stable".into(), "beta".into()],
            channel: Some("stable".into()),
            turn_permille: 0,
        }),
        tv: Some(TvSettings::default()),
        ends: true,
        remotes: true,
        drives: Some(DriveWish::Auto),
        rest: RestSettings {
            screensaver_min: 1,
            screen_off_min: 20,
        },
        phones: true,
        network: true,
        clock: true,
        autoplay: true,
        ..Preferences::default()
    };
    let mut app = App::new(Library::default(), preferences);
    let mut world = World {
        clock: (false, true),
        ..World::default()
    };
    let mut now = Time::default();
    let start = std::iter::once((0, Event::Rows(rows())));
    for (wait, event) in start.chain(events) {
        now = now + Duration::from_millis(wait);
        world.clock.0 |= matches!(event, Event::Clock(_));
        for effect in app.update(event, now) {
            world.perform(&effect);
        }
        let view = app.view();
        let open = match &view.screen {
            Screen::Playing(_) => true,
            // Not while a source is being sought.
            Screen::Opening(opening) => opening.session != Session(0),
            _ => false,
        };
        assert_eq!(open, world.torrent.is_some());
        let moves = match &view.screen {
            Screen::Playing(playing) => !playing.paused,
            Screen::Opening(_) => true,
            _ => false,
        };
        assert!(!view.dark || !moves && (!world.asleep || !open));
        assert!(view.resting == Resting::Awake || !moves);
        // A clock that nobody hears of would stand.
        let ends = match &view.screen {
            Screen::Playing(playing) => playing.controls.as_ref().and_then(|it| it.ends.as_ref()),
            _ => None,
        };
        assert!(view.clock.is_some() || ends.is_none());
        assert!(view.clock.is_none() || world.clock == (true, true) && !view.dark);
        // Else keys are heard by nobody.
        assert_eq!(matches!(view.screen, Screen::Learn(_)), world.learns);
    }
    // Whoever comes back wakes it first, and says who he is.
    press(&mut app, &mut world, Key::Wake, now);
    if matches!(app.view().screen, Screen::Who(_)) {
        press(&mut app, &mut world, Key::Ok, now);
    }
    assert!(!app.view().dark);
    (app, world, now)
}

/// So much time passes, and nobody presses a key.
fn pass(app: &mut App, world: &mut World, mut now: Time, time: Duration) {
    let end = now + time;
    while let Some(due) = app.deadline().filter(|due| *due <= end) {
        now = now.max(due);
        for effect in app.update(Event::Tick, now) {
            world.perform(&effect);
        }
    }
}

fn press(app: &mut App, world: &mut World, key: Key, now: Time) {
    for press in [Press::Down, Press::Up] {
        for effect in app.update(Event::Key(key, press), now) {
            world.perform(&effect);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Never two films open, never a command to a film that is not, and the screen agrees.
    #[test]
    fn effects_can_always_be_carried_out(events in prop::collection::vec(event(), 0..200)) {
        run(events);
    }

    #[test]
    fn back_leads_home_and_closes_everything(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, now) = run(events);
        for _ in 0..30 {
            press(&mut app, &mut world, Key::Back, now);
        }
        prop_assert!(matches!(app.view().screen, Screen::Home(_)));
        prop_assert_eq!(world.torrent, None);
        prop_assert_eq!(world.player, None);
    }

    #[test]
    fn home_leads_home_at_once(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, now) = run(events);
        press(&mut app, &mut world, Key::Home, now);
        prop_assert!(matches!(app.view().screen, Screen::Home(_)));
        prop_assert_eq!(world.torrent, None);
    }

    /// However the focus wandered: a box that is left alone gets nothing ahead.
    #[test]
    fn a_box_left_alone_leaves_the_swarm(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, now) = run(events);
        press(&mut app, &mut world, Key::Home, now);
        pass(&mut app, &mut world, now, Duration::from_secs(3600));
        prop_assert_eq!(world.prefetch, None);
    }

    /// No key is ignored for ever: from anywhere, a viewer who goes home can play a film.
    #[test]
    fn a_film_can_be_played_after_anything(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, now) = run(events);
        press(&mut app, &mut world, Key::Home, now);
        let mut rows = rows();
        rows.truncate(1);
        app.update(Event::Rows(rows), now);
        app.update(Event::RowGone("added".into()), now);
        // From above the wall to the wall, and to its first film.
        press(&mut app, &mut world, Key::Back, now);
        press(&mut app, &mut world, Key::Back, now);
        press(&mut app, &mut world, Key::Ok, now);
        press(&mut app, &mut world, Key::Ok, now);
        // A series on the viewer's own list may be the first; its episodes must be asked for.
        let opening = matches!(app.view().screen, Screen::Opening(_) | Screen::Series(_));
        let nobody = matches!(&app.view().screen, Screen::Film(film) if film.status.is_some());
        prop_assert!(opening || nobody, "{:?}", app.view().screen);
    }

    /// Whatever was learnt: whoever does nothing gets out of it, and keys are keys again.
    #[test]
    fn learning_ends_by_itself(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, now) = run(events);
        pass(&mut app, &mut world, now, Duration::from_mins(1));
        prop_assert!(!world.learns);
    }

    /// Whatever the world says or does not say: joining a network ends, and the page says so.
    #[test]
    fn joining_a_network_ends_by_itself(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, now) = run(events);
        pass(&mut app, &mut world, now, Duration::from_mins(2));
        let busy = matches!(app.view().screen, Screen::Network(network) if network.busy);
        prop_assert!(!busy);
    }

    /// A tick at the deadline moves it on: the loop never spins.
    #[test]
    fn deadlines_move_on(events in prop::collection::vec(event(), 0..100)) {
        let (mut app, mut world, _) = run(events);
        for _ in 0..20 {
            let Some(due) = app.deadline() else { return Ok(()) };
            for effect in app.update(Event::Tick, due) {
                world.perform(&effect);
            }
            prop_assert!(app.deadline().is_none_or(|next| next > due));
        }
    }
}

proptest! {
    /// The machine ends by the box's button alone only where its reader said after ten seconds that
    /// it was still down, and had not been let go in between.
    #[test]
    fn only_a_button_held_for_long_ends_the_machine(
        script in proptest::collection::vec((0..6000u64, 0..3usize, any::<bool>()), 1..60),
    ) {
        let preferences = Preferences { ends: true, ..Preferences::default() };
        let mut app = App::new(Library::default(), preferences);
        app.update(Event::Shown, Time::default());
        let mut now = Time::default();
        let (mut down, mut ended) = (None, false);
        for (wait, press, other) in script {
            now = now + Duration::from_millis(wait);
            let press = [Press::Down, Press::Repeat, Press::Up][press];
            let key = if other { Key::Power } else { Key::PowerButton };
            let due = press == Press::Repeat
                && !other
                && !ended
                && down.is_some_and(|since| now.since(since) >= Duration::from_secs(10));
            match press {
                Press::Down if !other => down = Some(now),
                Press::Up if !other => down = None,
                _ => {}
            }
            let effects = app.update(Event::Key(key, press), now);
            let off = effects.contains(&Effect::Power(PowerAct::Off));
            prop_assert_eq!(off, due);
            ended |= off;
        }
    }
}
