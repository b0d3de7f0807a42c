//! What the box says aloud.

use app::{
    Effect, Event, Key, Library, Manner, OwnerSettings, Preferences, Press, Screen, Utterance, View,
};
use expect_test::expect;
use proptest::prelude::*;

use crate::story::Story;

fn preferences() -> Preferences {
    Preferences {
        speech: true,
        spoken: true,
        ..super::settings::whole()
    }
}

/// On the wall, and nothing was said yet but that.
fn speaking() -> Story {
    let mut story = Story::with(Library::default(), preferences());
    story.take(Event::Shown);
    story
}

/// What was done, and what was said of it.
fn heard(story: &Story) -> String {
    let told = |line: &&str| {
        let said = ["> ", "  say ", "  read "];
        said.iter().any(|it| line.starts_with(it))
    };
    let lines = story.transcript.lines().filter(told);
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_wall_says_row_film_and_place() {
    let mut story = speaking();
    story.tell("right\n down\n left\n up\n up\n right\n down\n right repeat");
    expect![[r#"
          read aloud
          say News: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > right
          say Answer: BEE. 2 of 3. 2010, 2 min, Story. About bee.
        > down
          say Answer: Old. DOG. 1 of 2. 2010, 2 min, Story. About dog.
        > left
        > up
          say Answer: New. BEE. 2 of 3. 2010, 2 min, Story. About bee.
        > up
          say Answer: Search. 1 of 4
        > right
          say Answer: Add-ons. 2 of 4
        > down
          say Answer: New. BEE. 2 of 3. 2010, 2 min, Story. About bee.
        > right repeat
          say Answer: CAT. 3 of 3. 2010, 2 min, Story. About cat.
    "#]]
    .assert_eq(&heard(&story));
}

#[test]
fn a_film_is_told_from_its_page_to_its_end() {
    let mut story = speaking();
    story.tell(
        "ok
         ok
         torrent ready
         progress peers=1 rate=900k capacity=900k have=0-10
         progress peers=2 rate=900k capacity=900k have=0-20
         +6000ms
         player ready
         progress peers=3 rate=900k capacity=1200k have=0-100
         at 3
         at 4
         +5000ms
         ok
         +1000ms
         down
         right
         right
         ok
         down
         ok
         up
         right
         right
         +1000ms
         seeked 24
         ok
         audio
         volume-down
         +5000ms
         torrent unplugged
         down
         back",
    );
    expect![[r#"
          read aloud
          say News: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > ok
          say Answer: ANT. 2010, 2 min, Story. Play. 1 of 3. About ant.
        > ok
          say Answer: ANT. Finding peers
        > torrent ready
        > progress peers=1 rate=900k capacity=900k have=0-10
        > progress peers=2 rate=900k capacity=900k have=0-20
        > +6000ms
          say Progress: Getting the film from 2 peers. 900 kB/s, starts any moment
        > player ready
          say News: ANT. 0:00. -2:00. From 0. Audio: English. Subtitles: Off
        > progress peers=3 rate=900k capacity=1200k have=0-100
        > at 3
        > at 4
        > +5000ms
        > ok
          say Answer: Paused. 0:04. -1:56. From 0
        > +1000ms
        > down
          say Answer: Play. 1 of 4
        > right
          say Answer: Audio: English. 2 of 4
        > right
          say Answer: Subtitles: Off. 3 of 4
        > ok
          say Answer: Subtitles. Off. chosen. 1 of 2
        > down
          say Answer: English. 2 of 2
        > ok
          say Answer: Subtitles: English. 3 of 4
        > up
          say Answer: 0:04. -1:56. From 0
        > right
          say Answer: 0:14. From 0
        > right
          say Answer: 0:24
        > +1000ms
        > seeked 24
        > ok
        > audio
          say Answer: Audio: Français
        > volume-down
          say Answer: Volume 95
        > +5000ms
        > torrent unplugged
          say Urgent: The storage is gone. /media/films can't be found any more. Plug the drive in again, then try again. Try again. 1 of 2
        > down
          say Answer: Back. 2 of 2
        > back
          say Answer: ANT. 2010, 2 min, Story. Continue from 0:24. 1 of 4. About ant.
    "#]]
    .assert_eq(&heard(&story));
}

#[test]
fn the_first_steps_and_settings_say_names_and_values() {
    let new = Preferences {
        first_start: true,
        ..preferences()
    };
    let mut story = Story::with(Library::default(), new);
    story.take(Event::Shown);
    story.tell("down\n ok\n down\n right\n up\n ok\n ok\n back\n down\n back");
    story.tell("to Screen\n right\n down\n right\n back\n up");
    expect![[r#"
          read aloud
          say News: First steps. Welcome. Language. English. 1 of 8. All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
        > down
          say Answer: Reading aloud. 2 of 8. The box says what it shows, for those who do not see the screen.
        > ok
          say Answer: Reading aloud. Read aloud. On. 1 of 2. What has the focus and what the box tells is said. To switch it on or off without seeing, hold Subtitles or Home on the remote for two seconds.
        > down
          say Answer: Speed. normal. 2 of 2. How fast it is said.
        > right
          say Answer: fast
        > up
          say Answer: Read aloud. On. 1 of 2. What has the focus and what the box tells is said. To switch it on or off without seeing, hold Subtitles or Home on the remote for two seconds.
        > ok
          say Answer: Reading aloud: Off
          read no more
        > ok
          read aloud
          say Answer: Reading aloud. Read aloud. On. 1 of 2. What has the focus and what the box tells is said. To switch it on or off without seeing, hold Subtitles or Home on the remote for two seconds.
        > back
          say Answer: First steps. Welcome. Network. Not connected. 3 of 8. How the box is connected, and which Wi-Fi networks are in reach.
        > down
          say Answer: Remote. 4 of 8. Teach the box the buttons of any remote, keyboard or gamepad, one by one.
        > back
          say Answer: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > to Screen
          say Answer: Search. 1 of 4
          say Answer: Add-ons. 2 of 4
          say Answer: Settings. 3 of 4
          say Answer: Settings. Language. English. 1 of 19. All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
          say Answer: Network. Not connected. 2 of 19. How the box is connected, and which Wi-Fi networks are in reach.
          say Answer: Phone. Kept out. 3 of 19. Type, search, seek and choose films from a phone. Then the box listens in your home network, to phones alone that were let in here. Nothing goes through the Internet.
          say Answer: Remote. 4 of 19. Teach the box the buttons of any remote, keyboard or gamepad, one by one.
          say Answer: Drives. Films are kept in the box. 5 of 19. Films on a drive at USB are shown on the wall.
          say Answer: Rows on the wall. 6 of 19. Which rows of films there are, and in what order. What an add-on brings later comes below the others.
          say Answer: Profiles. 7 of 19. Each who watches here can have a list, places in films and choices of their own, and children a limit.
          say Answer: Films and episodes. 8 of 19. Which films begin with subtitles, and what the box does of its own accord.
          say Answer: Downloads and sharing. 9 of 19. How fast films come, and what the box gives to others who share them.
          say Answer: Sound. 10 of 19. How films sound, and what the volume keys turn up.
          say Answer: Screen. 11 of 19. The size of picture and letters, contrast, and when the screen is spared.
          say Answer: Screen. High contrast. Off. 1 of 4. White letters on black, and strong lines: easier to read from afar.
        > right
          say Answer: On
        > down
          say Answer: Large text. Off. 2 of 4. All words on the screen are larger, and lists show fewer lines at a time. Subtitles have a size of their own, which is set over a film.
        > right
          say Answer: On
        > back
          say Answer: Settings. Screen. 11 of 19. The size of picture and letters, contrast, and when the screen is spared.
        > up
          say Answer: Sound. 10 of 19. How films sound, and what the volume keys turn up.
    "#]].assert_eq(&heard(&story));
}

#[test]
fn searching_says_letters_text_and_films() {
    let mut story = speaking();
    story.tell(
        "to Search
         ok
         right
         ok
         down
         +1000ms
         found 1 of 2: fox owl
         down
         down
         down
         down
         down
         down
         right
         ok
         back
         back",
    );
    expect![[r#"
          read aloud
          say News: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > to Search
          say Answer: Search. 1 of 4
          say Answer: SEARCH. a
        > ok
          say Answer: a
        > right
          say Answer: b
        > ok
          say Answer: ab. Looking
        > down
          say Answer: h
        > +1000ms
        > found 1 of 2: fox owl
        > down
          say Answer: n
        > down
          say Answer: t
        > down
          say Answer: z
        > down
          say Answer: 6
        > down
          say Answer: space
        > down
          say Answer: FOX. 1 of 2. 2010, 2 min, Story
        > right
          say Answer: OWL. 2 of 2. 2010, 2 min, Story
        > ok
          say Answer: OWL. 2010, 2 min, Story. Looking for sources. Play. 1 of 2. About owl.
        > back
          say Answer: SEARCH. OWL. 2 of 2. 2010, 2 min, Story. ab. 2 found
        > back
          say Answer: space
    "#]]
    .assert_eq(&heard(&story));
}

/// Held until it is long.
fn hold(story: &mut Story, key: &str) {
    let script = format!("{key} down\n +500ms\n {key} repeat\n +1600ms\n {key} repeat\n {key} up");
    story.tell(&script);
}

#[test]
fn it_is_switched_without_seeing() {
    let quiet = Preferences {
        spoken: false,
        ..preferences()
    };
    let mut story = Story::with(Library::default(), quiet.clone());
    story.take(Event::Shown);
    story.tell("right");
    hold(&mut story, "subtitles");
    story.tell("left");
    hold(&mut story, "home");
    story.tell("right");
    expect![[r#"
        > right
        > subtitles down
        > +500ms
        > subtitles repeat
        > +1600ms
        > subtitles repeat
          read aloud
          say Urgent: Reading aloud: On. New. BEE. 2 of 3. 2010, 2 min, Story. About bee.
        > subtitles up
        > left
          say Answer: ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > home down
        > +500ms
        > home repeat
        > +1600ms
        > home repeat
          say Answer: Reading aloud: Off
          read no more
        > home up
        > right
    "#]]
    .assert_eq(&heard(&story));

    // Where there is no voice nothing is switched, and nothing offered.
    let mute = Preferences {
        speech: false,
        ..quiet
    };
    let mut story = Story::with(Library::default(), mute);
    story.take(Event::Shown);
    hold(&mut story, "subtitles");
    story.tell("to Settings");
    assert!(
        !story.transcript.contains("eading aloud"),
        "{}",
        story.transcript
    );
}

#[test]
fn who_stands_by_is_left_alone_and_who_wakes_hears_where_he_is() {
    let mut story = speaking();
    story.tell("sleep\n wake\n right");
    expect![[r#"
          read aloud
          say News: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > sleep
          read no more
        > wake
          read aloud
          say Answer: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
        > right
          say Answer: BEE. 2 of 3. 2010, 2 min, Story. About bee.
    "#]]
    .assert_eq(&heard(&story));
}

#[test]
fn letters_of_a_secret_are_in_no_log() {
    let utterance = Utterance {
        text: "hunter2".into(),
        language: app::Language::English,
        pace: app::Pace::Normal,
        manner: Manner::Answer,
        secret: true,
    };
    assert_eq!(format!("{utterance:?}"), "Answer \"(secret)\" in en");
}

#[test]
fn what_the_owner_chose_is_over_the_file() {
    let library = Library {
        owner: OwnerSettings {
            spoken: Some(false),
            ..OwnerSettings::default()
        },
        ..Library::default()
    };
    let mut story = Story::with(library, preferences());
    story.take(Event::Shown);
    assert_eq!(heard(&story), "");
}

/// What has the focus, as a viewer who sees would name it; none: nothing has.
fn focused(view: &View) -> Option<String> {
    if view.dark {
        return None;
    }
    let keyboard = |keys: &[Vec<String>], (row, column): (usize, usize)| {
        Some(keys.get(row)?.get(column)?.clone())
    };
    match &view.screen {
        Screen::Home(home) => match home.menu_focus {
            Some(at) => home.menu.get(at).cloned(),
            None => Some(home.title.clone()),
        },
        Screen::Film(film) => match &film.sources {
            Some(sources) => sources.labels.get(sources.focus).cloned(),
            None => Some(film.actions.get(film.focus)?.label.clone()),
        },
        Screen::Series(series) if series.choosing_season => {
            series.seasons.get(series.season).cloned()
        }
        Screen::Series(series) => Some(series.episodes.get(series.episode)?.title.clone()),
        Screen::Search(search) => match search.key {
            Some(key) => keyboard(&search.keys, key),
            None => match search.filters.iter().find(|filter| filter.focused) {
                Some(filter) => Some(filter.label.clone()),
                None => Some(search.title.clone()),
            },
        },
        Screen::AddOns(page) => match &page.panel {
            Some(panel) => panel.labels.get(panel.focus).cloned(),
            None => Some(page.focused()?.name.clone()),
        },
        Screen::Address(page) => keyboard(&page.keys, page.key),
        Screen::Code(page) => Some(page.title.clone()),
        Screen::Updates(page) => page.labels.get(page.focus).cloned(),
        Screen::Menu(page) => page.labels.get(page.focus).cloned(),
        Screen::Learn(page) => Some(page.headline.clone()),
        Screen::Phone(page) => page.labels.get(page.focus).cloned(),
        Screen::Network(page) => page.labels.get(page.focus).cloned(),
        Screen::Opening(opening) => Some(opening.card.title.clone()),
        Screen::Playing(playing) => {
            let controls = playing
                .controls
                .as_ref()
                .filter(|_| playing.next.is_none())?;
            match (&controls.panel, controls.button) {
                (Some(panel), _) => panel.labels.get(panel.focus).cloned(),
                // The first has two faces, by which it is told that the film pauses.
                (None, Some(0) | None) => None,
                (None, Some(at)) => Some(controls.buttons.get(at)?.label.clone()),
            }
        }
        Screen::Trouble(trouble) => Some(trouble.actions.get(trouble.focus)?.label.clone()),
        Screen::Who(page) => Some(page.people.get(page.focus)?.name.clone()),
        Screen::Pin(page) => page.keys.get(page.focus).cloned(),
    }
}

/// Without what only eyes read.
fn spoken(label: &str) -> String {
    let words: Vec<&str> = label
        .split_whitespace()
        .filter(|word| !["·", "‹", "›"].contains(word))
        .collect();
    words.join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_key_moves_the_focus_unsaid(
        keys in proptest::collection::vec(0..Key::NAMES.len(), 1..120),
    ) {
        let mut story = speaking();
        let mut before = focused(&story.app.view());
        for key in keys {
            let (name, key) = Key::NAMES[key];
            story.now = story.now + std::time::Duration::from_millis(300);
            let mut said = String::new();
            for press in [Press::Down, Press::Up] {
                for effect in story.app.update(Event::Key(key, press), story.now) {
                    if let Effect::Say(utterance) = effect {
                        prop_assert!(utterance.manner >= Manner::Urgent, "{utterance:?}");
                        said += &utterance.text;
                        said.push(' ');
                    }
                }
            }
            let now = focused(&story.app.view());
            if now != before && let Some(label) = &now {
                let heard = said.replace(',', "");
                let label = spoken(label).replace(',', "");
                prop_assert!(heard.contains(&label), "{name}: {label:?} in {said:?}");
            }
            before = now;
        }
    }
}
