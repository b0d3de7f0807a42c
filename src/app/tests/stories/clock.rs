//! What time it is and when a film ends, and where it is said which time that is.

use std::time::Duration;

use app::{
    Event, Key, Language, Library, OwnerSettings, Preferences, Press, RestSettings, Screen, Zone,
};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

fn with_clock(language: Option<Language>) -> Preferences {
    Preferences {
        prefetch: false,
        languages: true,
        language,
        network: true,
        ends: true,
        clock: true,
        rest: RestSettings {
            screensaver_min: 5,
            screen_off_min: 10,
        },
        ..Preferences::default()
    }
}

fn check(script: &[&str], expect: &Expect) {
    check_in(None, script, expect);
}

fn check_in(language: Option<Language>, script: &[&str], expect: &Expect) {
    let mut story = Story::with(Library::default(), with_clock(language));
    for part in script {
        story.tell(part);
    }
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_clock_is_where_it_is_looked_for_and_only_there() {
    check(
        &["clock 21:05:30 Europe/Vienna+120
           ok
           menu
           +30000ms
           back
           clock 21:06:00 Europe/Vienna+120
           up
           power
           ok"],
        &expect![[r#"
            > clock 21:05:30 Europe/Vienna+120
                home: New: [ANT] BEE CAT @ 21:05
            > ok
                film ANT: [Play] Source Add to my list @ 21:05
            > menu
                film ANT: [Play] Source Add to my list | [source 0] @ 21:05
            > +30000ms
                film ANT: [Play] Source Add to my list | [source 0] @ 21:05
            > back
                film ANT: [Play] Source Add to my list @ 21:06
            > clock 21:06:00 Europe/Vienna+120
                film ANT: [Play] Source Add to my list @ 21:06
            > up
                film ANT: [Play] Source Add to my list @ 21:06
            > power
              tell the time no more
                dark (film ANT: [Play] Source Add to my list)
            > ok
              tell the time
                film ANT: [Play] Source Add to my list @ 21:06
        "#]],
    );
}

#[test]
fn a_time_that_nobody_knows_is_not_shown() {
    check(
        &["clock unknown
           clock 19:05:00 nowhere
           clock 21:05:00 Europe/Vienna+120
           clock unknown"],
        &expect![[r#"
            > clock unknown
                home: New: [ANT] BEE CAT
            > clock 19:05:00 nowhere
                home: New: [ANT] BEE CAT
            > clock 21:05:00 Europe/Vienna+120
                home: New: [ANT] BEE CAT @ 21:05
            > clock unknown
                home: New: [ANT] BEE CAT
        "#]],
    );
    // Nobody tells it: nobody is asked.
    let mut story = Story::with(Library::default(), with_clock(None));
    story.tell("ok\n back");
    assert!(!story.transcript.contains("time"), "{}", story.transcript);
}

#[test]
fn it_drifts_with_the_posters_and_rests_with_the_screen() {
    check(
        &["clock 23:58:00 Europe/Vienna+120
           to Settings
           +300000ms
           +60000ms
           clock 00:04:00 Europe/Vienna+120
           +240000ms
           ok"],
        &expect![[r#"
            > clock 23:58:00 Europe/Vienna+120
                home: New: [ANT] BEE CAT @ 23:58
            > to Settings
              tell the time no more
                settings [Language=English] Time zone=Austria Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
            > +300000ms
                dim (settings [Language=English] Time zone=Austria Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.)
            > +60000ms
              tell the time
                drifting ANT DOG BEE EEL CAT (settings [Language=English] Time zone=Austria Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.) @ 00:04
            > clock 00:04:00 Europe/Vienna+120
                drifting ANT DOG BEE EEL CAT (settings [Language=English] Time zone=Austria Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.) @ 00:04
            > +240000ms
              tell the time no more
                dark (settings [Language=English] Time zone=Austria Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.)
            > ok
                settings [Language=English] Time zone=Austria Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
        "#]],
    );
}

#[test]
fn a_film_says_when_it_ends_while_its_controls_are_up() {
    check(
        &[
            "clock 21:05:30 Europe/Vienna+120",
            PLAY,
            "---",
            "+2000ms
             +3000ms
             at 3
             ok
             +60000ms
             clock 21:06:40 Europe/Vienna+120
             ok
             +5000ms
             at 30
             right
             right up
             seeked 40
             9
             seeked 108",
        ],
        &expect![[r#"
            > +2000ms
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust | Ends at 21:07 @ 21:05
            > +3000ms
              tell the time no more
                playing ANT at 0ns runs
            > at 3
              save ant 3s
                playing ANT at 3s runs
            > ok
              save ant 3s
              hold
              tell the time
                playing ANT at 3s paused | 0:03 Play Audio: English Subtitles: Off Adjust | Ends at 21:07 @ 21:05
            > +60000ms
                playing ANT at 3s paused | 0:03 Play Audio: English Subtitles: Off Adjust | Ends at 21:07 @ 21:05
            > clock 21:06:40 Europe/Vienna+120
                playing ANT at 3s paused | 0:03 Play Audio: English Subtitles: Off Adjust | Ends at 21:08 @ 21:06
            > ok
              save ant 3s
              run
                playing ANT at 3s runs | 0:03 Pause Audio: English Subtitles: Off Adjust | Ends at 21:08 @ 21:06
            > +5000ms
              tell the time no more
                playing ANT at 3s runs
            > at 30
              save ant 30s
                playing ANT at 30s runs
            > right
              stills [40s, 38s, 42s, 36s, 44s, 34s, 46s]
              tell the time
              seek 40s Accurate
              save ant 40s
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off Adjust | Ends at 21:08 | strip 0:34 0:36 0:38 [0:40] 0:42 0:44 0:46 @ 21:06
            > right up
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off Adjust | Ends at 21:08 | strip 0:34 0:36 0:38 [0:40] 0:42 0:44 0:46 @ 21:06
            > seeked 40
              save ant 40s
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off Adjust | Ends at 21:08 | strip 0:34 0:36 0:38 [0:40] 0:42 0:44 0:46 @ 21:06
            > 9
              seek 108s Accurate
              save ant 108s
              stills []
                playing ANT at 108s runs | 1:48 Pause Audio: English Subtitles: Off Adjust | Ends at 21:06 @ 21:06
            > seeked 108
              save ant 108s
                playing ANT at 108s runs | 1:48 Pause Audio: English Subtitles: Off Adjust | Ends at 21:06 @ 21:06
        "#]],
    );
}

#[test]
fn the_end_comes_sooner_when_the_film_runs_faster() {
    check(
        &[
            "clock 23:58:10 Europe/Vienna+120",
            PLAY,
            "---",
            "ok
             down
             right
             right
             right
             ok
             down
             down
             down
             right
             seeked 0
             right
             right
             right
             seeked 0",
        ],
        &expect![[r#"
            > ok
              save ant 0ns
              hold
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust | Ends at 00:00 @ 23:58
            > down
                playing ANT at 0ns paused | 0:00 [Play] Audio: English Subtitles: Off Adjust | Ends at 00:00 @ 23:58
            > right
                playing ANT at 0ns paused | 0:00 Play [Audio: English] Subtitles: Off Adjust | Ends at 00:00 @ 23:58
            > right
                playing ANT at 0ns paused | 0:00 Play Audio: English [Subtitles: Off] Adjust | Ends at 00:00 @ 23:58
            > right
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 00:00 @ 23:58
            > ok
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 00:00 | [Sound  ·  ‹ with the picture ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › @ 23:58
            > down
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 00:00 | Sound  ·  ‹ with the picture › [Night: loud and quiet closer  ·  ‹ off ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › @ 23:58
            > down
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 00:00 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › [Picture  ·  ‹ whole ›] Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › @ 23:58
            > down
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 00:00 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 1× ›] Sleep timer  ·  ‹ off › @ 23:58
            > right
              speed 1250
              seek 0ns Accurate
              save ant 0ns
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 23:59 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 1.25× ›] Sleep timer  ·  ‹ off › @ 23:58
            > seeked 0
              save ant 0ns
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 23:59 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 1.25× ›] Sleep timer  ·  ‹ off › @ 23:58
            > right
              speed 1500
              seek 0ns Accurate
              save ant 0ns
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 23:59 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 1.5× ›] Sleep timer  ·  ‹ off › @ 23:58
            > right
              speed 1750
              seek 0ns Accurate
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 23:59 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 1.75× ›] Sleep timer  ·  ‹ off › @ 23:58
            > right
              speed 2000
              seek 0ns Accurate
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 23:59 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 2× ›] Sleep timer  ·  ‹ off › @ 23:58
            > seeked 0
              save ant 0ns
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off [Adjust] | Ends at 23:59 | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 2× ›] Sleep timer  ·  ‹ off › @ 23:58
        "#]],
    );
}

#[test]
fn where_the_film_is_does_not_make_the_end_flicker() {
    let mut story = Story::with(Library::default(), with_clock(None));
    story.tell("clock 21:05:59 Europe/Vienna+120").tell(PLAY);
    let mut seen = Vec::new();
    for quarter in 0..14_u64 {
        story.now = story.now + Duration::from_millis(250);
        // Told a little early, and a little late.
        let off = if quarter % 2 == 0 { 0 } else { 200 };
        let at = Duration::from_millis(quarter * 250 + off);
        story.tell(&format!("at {}", at.as_secs_f64()));
        if let Screen::Playing(playing) = story.app.view().screen {
            seen.extend(playing.controls.and_then(|it| it.ends));
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[test]
fn hours_are_written_as_viewers_expect() {
    let script = &[
        "clock 21:05:00 America/New_York-240",
        "clock 00:10:00 Europe/London+60",
    ];
    check(
        script,
        &expect![[r#"
        > clock 21:05:00 America/New_York-240
            home: New: [ANT] BEE CAT @ 9:05 PM
        > clock 00:10:00 Europe/London+60
            home: New: [ANT] BEE CAT @ 00:10
    "#]],
    );
    check_in(
        Some(Language::German),
        script,
        &expect![[r#"
        > clock 21:05:00 America/New_York-240
            home: New: [ANT] BEE CAT @ 21:05
        > clock 00:10:00 Europe/London+60
            home: New: [ANT] BEE CAT @ 00:10
    "#]],
    );
}

/// "Austria=21:05": the line under focus.
fn focused(story: &Story) -> String {
    match story.app.view().screen {
        Screen::Menu(menu) => format!("{}={}", menu.labels[menu.focus], menu.notes[menu.focus]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_country_is_chosen_and_in_one_of_several_times_a_city() {
    let mut story = Story::with(Library::default(), with_clock(None));
    story.tell("clock 19:05:00 nowhere\n network country=AT");
    page(&mut story);
    story.tell("zones nowhere");
    assert_eq!(focused(&story), "Austria=14:05");
    story.tell("clock 19:06:00 nowhere");
    assert_eq!(focused(&story), "Austria=14:06");
    story.tell("---\n ok\n clock 21:06:00 Europe/Vienna+120\n back");
    let expect = expect![[r#"
        > ok
          be in Europe/Vienna
          save 
          tell the time no more
            settings Language=English [Time zone=Austria] Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Time zone | Which time it is where you live: for the clock, and for when a film ends.
        > clock 21:06:00 Europe/Vienna+120
            settings Language=English [Time zone=Austria] Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Time zone | Which time it is where you live: for the clock, and for when a film ends.
        > back
          tell the time
            home: Search Add-ons [Settings] Power @ 21:06
    "#]];
    expect.assert_eq(&story.transcript);

    let menu = page(&mut story);
    let chosen = menu.chosen.map(|at| menu.labels[at].as_str());
    assert_eq!(chosen, Some("Austria"));
    story.tell("up");
    assert_eq!(focused(&story), "Australia=9:06 AM – 1:06 PM");
    story.tell("ok\n down");
    assert_eq!(focused(&story), "Brisbane=10:06 AM");
    story.tell("back");
    assert_eq!(focused(&story), "Australia=9:06 AM – 1:06 PM");
    story.tell("ok");
    assert_eq!(focused(&story), "Sydney=9:06 AM");
    story.tell("ok");
    assert_eq!(story.library.owner.zone, Zone::named("Australia/Sydney"));
    // The wall has that time before anybody has told it.
    assert_eq!(story.app.view().clock, None);
    story.tell("back");
    assert_eq!(story.app.view().clock.as_deref(), Some("9:06 AM"));
    page(&mut story);
    // Whoever comes back finds it.
    assert_eq!(focused(&story), "Australia=9:06 AM – 1:06 PM");
}

/// Leads to the page, and gives what it shows.
fn page(story: &mut Story) -> app::MenuView {
    story.tell("to Time zone");
    match story.app.view().screen {
        Screen::Menu(menu) => menu,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_focus_begins_where_the_box_most_probably_is() {
    let begins = |owner: OwnerSettings, language, news: &str| {
        let library = Library {
            owner,
            ..Library::default()
        };
        let mut story = Story::with(library, with_clock(language));
        story.tell(news);
        let menu = page(&mut story);
        menu.labels[menu.focus].clone()
    };
    let nobody = OwnerSettings::default();
    assert_eq!(begins(nobody, None, ""), "United States");
    let radio = "network country=FR";
    assert_eq!(begins(nobody, None, radio), "France");
    let system = "network country=FR\n clock 21:05:00 Asia/Tokyo+540";
    assert_eq!(begins(nobody, None, system), "Japan");
    let chosen = OwnerSettings {
        zone: Zone::named("Europe/Vienna"),
        ..nobody
    };
    assert_eq!(begins(chosen, None, system), "Austria");
    // In a language each has a country of its own, which is one that can be chosen.
    for language in Language::offered().filter(|it| *it != Language::English) {
        let mut story = Story::with(Library::default(), with_clock(Some(language)));
        open_by_place(&mut story);
        let Screen::Menu(menu) = story.app.view().screen else {
            panic!("{language:?}");
        };
        assert_eq!(menu.labels.len(), 67, "{language:?}");
        if language == Language::German {
            assert_eq!(menu.labels[menu.focus], "Deutschland");
        }
    }
}

/// The second line of the settings, whatever it is called.
fn open_by_place(story: &mut Story) {
    let onwards = if story.app.view().language.is_rtl() {
        Key::Left
    } else {
        Key::Right
    };
    for key in [Key::Up, onwards, onwards, Key::Ok, Key::Down, Key::Ok] {
        story.take(Event::Key(key, Press::Down));
        story.take(Event::Key(key, Press::Up));
    }
}

#[test]
fn what_was_chosen_can_be_left_to_the_system_again() {
    let library = Library {
        owner: OwnerSettings {
            zone: Zone::named("Asia/Kathmandu"),
            ..OwnerSettings::default()
        },
        ..Library::default()
    };
    let mut story = Story::with(library, with_clock(None));
    story.tell("clock unknown");
    page(&mut story);
    story.tell("zones Europe/Berlin");
    let menu = |story: &Story| match story.app.view().screen {
        Screen::Menu(menu) => menu,
        other => panic!("{other:?}"),
    };
    let told = menu(&story);
    assert_eq!(told.labels[0], "As the system: Germany");
    assert_eq!(told.labels[told.focus], "Another country");
    assert_eq!(told.chosen, Some(told.focus));
    // Nobody knows the time: how far it is from UTC.
    assert!(told.notes[1].starts_with("UTC"), "{:?}", told.notes);
    story.tell("ok");
    let cities = menu(&story);
    assert_eq!(cities.labels[cities.focus], "Kathmandu");
    story.tell("back");
    let ups = menu(&story).focus;
    story.tell(&"up\n".repeat(ups)).tell("---").tell("ok");
    let expect = expect![[r#"
        > ok
          be where the system says
          save 
          tell the time no more
            settings Language=English [Time zone] Network=Not connected Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Time zone | Which time it is where you live: for the clock, and for when a film ends.
    "#]];
    expect.assert_eq(&story.transcript);
    assert_eq!(story.library.owner.zone, None);
}

#[test]
fn a_new_box_asks_for_it_after_the_language_and_no_clock_is_read_aloud() {
    let preferences = Preferences {
        first_start: true,
        speech: true,
        spoken: true,
        ..with_clock(None)
    };
    let mut story = Story::with(Library::default(), preferences);
    story.tell(
        "shown
         clock 19:05:00 nowhere
         down
         ok
         zones nowhere
         clock 19:06:00 nowhere
         back
         back
         clock 21:06:00 Europe/Vienna+120
         clock 21:07:00 Europe/Vienna+120",
    );
    let expect = expect![[r#"
        > shown
          read aloud
          say News: First steps. Welcome. Language. English. 1 of 6. All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
            first steps [Language=English] Time zone Reading aloud Network=Not connected Screen To the films | Welcome | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
        > clock 19:05:00 nowhere
          tell the time no more
            first steps [Language=English] Time zone Reading aloud Network=Not connected Screen To the films | Welcome | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
        > down
          say Answer: Time zone. 2 of 6. Which time it is where you live: for the clock, and for when a film ends.
            first steps Language=English [Time zone] Reading aloud Network=Not connected Screen To the films | Welcome | Which time it is where you live: for the clock, and for when a film ends.
        > ok
          tell of the zones
          tell the time
          say Answer: Time zone. Which time is it where you live? United States. 65 of 67. The clock goes by it, and so does the time at which a film ends. Choose your country; where it has several times, you choose a city next.
            time zone Argentina Australia Austria Belgium Brazil Bulgaria Canada Chile China Colombia Croatia Cyprus Czechia Denmark Egypt Estonia Finland France Germany Greece Hong Kong Hungary Iceland India Indonesia Ireland Israel Italy Japan Kenya Latvia Lithuania Luxembourg Malaysia Malta Mexico Morocco Netherlands New Zealand Nigeria Norway Pakistan Peru Philippines Poland Portugal Romania Russia Saudi Arabia Serbia Singapore Slovakia Slovenia South Africa South Korea Spain Sweden Switzerland Taiwan Thailand Türkiye Ukraine United Arab Emirates United Kingdom [United States] Vietnam Another country | Which time is it where you live? | The clock goes by it, and so does the time at which a film ends. Choose your country; where it has several times, you choose a city next.
        > zones nowhere
          say News: 10:05 AM – 4:05 PM
            time zone Argentina=08:05 Australia=9:05 AM – 1:05 PM Austria=14:05 Belgium=15:05 Brazil=16:05 – 19:05 Bulgaria=20:05 Canada=9:05 PM – 4:05 AM Chile=05:05 – 07:05 China=08:05 Colombia=09:05 Croatia=10:05 Cyprus=11:05 Czechia=12:05 Denmark=13:05 Egypt=14:05 Estonia=15:05 Finland=16:05 France=17:05 Germany=18:05 Greece=19:05 Hong Kong=20:05 Hungary=21:05 Iceland=22:05 India=11:05 PM Indonesia=00:05 – 02:05 Ireland=03:05 Israel=04:05 Italy=05:05 Japan=06:05 Kenya=07:05 Latvia=08:05 Lithuania=09:05 Luxembourg=10:05 Malaysia=11:05 Malta=12:05 Mexico=13:05 – 16:05 Morocco=17:05 Netherlands=18:05 New Zealand=7:05 PM – 8:05 PM Nigeria=21:05 Norway=22:05 Pakistan=23:05 Peru=00:05 Philippines=1:05 AM Poland=02:05 Portugal=03:05 – 04:05 Romania=05:05 Russia=08:05 – 07:05 Saudi Arabia=17:05 Serbia=18:05 Singapore=19:05 Slovakia=20:05 Slovenia=21:05 South Africa=22:05 South Korea=23:05 Spain=00:05 – 01:05 Sweden=02:05 Switzerland=03:05 Taiwan=04:05 Thailand=05:05 Türkiye=06:05 Ukraine=07:05 United Arab Emirates=08:05 United Kingdom=09:05 [United States=10:05 AM – 4:05 PM] Vietnam=17:05 Another country | Which time is it where you live? | The clock goes by it, and so does the time at which a film ends. Choose your country; where it has several times, you choose a city next.
        > clock 19:06:00 nowhere
            time zone Argentina=08:06 Australia=9:06 AM – 1:06 PM Austria=14:06 Belgium=15:06 Brazil=16:06 – 19:06 Bulgaria=20:06 Canada=9:06 PM – 4:06 AM Chile=05:06 – 07:06 China=08:06 Colombia=09:06 Croatia=10:06 Cyprus=11:06 Czechia=12:06 Denmark=13:06 Egypt=14:06 Estonia=15:06 Finland=16:06 France=17:06 Germany=18:06 Greece=19:06 Hong Kong=20:06 Hungary=21:06 Iceland=22:06 India=11:06 PM Indonesia=00:06 – 02:06 Ireland=03:06 Israel=04:06 Italy=05:06 Japan=06:06 Kenya=07:06 Latvia=08:06 Lithuania=09:06 Luxembourg=10:06 Malaysia=11:06 Malta=12:06 Mexico=13:06 – 16:06 Morocco=17:06 Netherlands=18:06 New Zealand=7:06 PM – 8:06 PM Nigeria=21:06 Norway=22:06 Pakistan=23:06 Peru=00:06 Philippines=1:06 AM Poland=02:06 Portugal=03:06 – 04:06 Romania=05:06 Russia=08:06 – 07:06 Saudi Arabia=17:06 Serbia=18:06 Singapore=19:06 Slovakia=20:06 Slovenia=21:06 South Africa=22:06 South Korea=23:06 Spain=00:06 – 01:06 Sweden=02:06 Switzerland=03:06 Taiwan=04:06 Thailand=05:06 Türkiye=06:06 Ukraine=07:06 United Arab Emirates=08:06 United Kingdom=09:06 [United States=10:06 AM – 4:06 PM] Vietnam=17:06 Another country | Which time is it where you live? | The clock goes by it, and so does the time at which a film ends. Choose your country; where it has several times, you choose a city next.
        > back
          tell the time no more
          say Answer: First steps. Welcome. Reading aloud. 3 of 6. The box says what it shows, for those who do not see the screen.
            first steps Language=English Time zone [Reading aloud] Network=Not connected Screen To the films | Welcome | The box says what it shows, for those who do not see the screen.
        > back
          save 
          tell the time
          say Answer: New. ANT. 1 of 3. 2010, 2 min, Story. About ant.
            home: New: [ANT] BEE CAT
        > clock 21:06:00 Europe/Vienna+120
            home: New: [ANT] BEE CAT @ 21:06
        > clock 21:07:00 Europe/Vienna+120
            home: New: [ANT] BEE CAT @ 21:07
    "#]];
    expect.assert_eq(&story.transcript);
}
