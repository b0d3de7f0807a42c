//! The wall, a film's page, a film that plays, lists and a keyboard, in three scripts: Latin with
//! long words, Arabic, which is mirrored, and Chinese; and pages of the settings. Against
//! `goldens/`, as `screens` is; the views are the core's own.
//!
//! Letters that are not in the box's font come from the system. So that these pictures are the
//! same on every machine, the fonts are named (`fonts.conf`), those of the image, whose releases
//! have been the same for years; a machine that lacks them says so (`image/host-packages test`).

#![allow(clippy::unwrap_used)]

mod common;
#[path = "../../app/tests/story/mod.rs"]
mod story;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use app::{Event, Film, Language, Licence, Preferences, Row, TvSettings, View, Viewer, own};
use common::{Bench, golden};
use story::Story;

/// Set for the run that draws.
const FONTS: &str = "FONTCONFIG_FILE";

const LETTERS: [&str; 3] = [
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/droid/DroidSansFallbackFull.ttf",
    "truetype/lohit-devanagari/Lohit-Devanagari.ttf",
];

/// The page where the address of a cable is fixed.
const FORM: &str = "network cable=up no-radio gives\n to Network\n ok\n";

fn rows() -> Vec<Row> {
    let film = |(id, title, year): (&str, &str, u16)| Film {
        title: title.into(),
        year: Some(year),
        runtime_min: Some(78),
        genres: vec!["Animation".into(), "Fantasy".into()],
        synopsis: "A general of the southern railway goes after his engine, and after her.".into(),
        licence: Some(Licence {
            name: "CC BY 3.0".into(),
            url: "https://creativecommons.org/licenses/by/3.0/".into(),
        }),
        ..story::film(id, 2)
    };
    let first = [
        ("general", "The General", 1926),
        ("havoc", "大闹天宫", 1961),
        ("station", "باب الحديد", 1958),
        ("sintel", "Sintel", 2010),
        ("golem", "Der Golem, wie er in die Welt kam", 1920),
    ];
    let second = [
        ("bunny", "Big Buck Bunny", 2008),
        ("dream", "Elephants Dream", 2006),
    ];
    vec![
        Row::new(own::FEATURE_FILMS, first.map(film).to_vec()),
        Row::new(own::CARTOONS, second.map(film).to_vec()),
    ]
}

fn told(language: Language, script: &str) -> View {
    told_by(usual(language), script)
}

/// By a box that knows the time.
fn timed(language: Language, zone: &str, script: &str) -> View {
    let preferences = Preferences {
        clock: true,
        ..usual(language)
    };
    told_by(preferences, &format!("clock 21:05:30 {zone}\n{script}"))
}

fn usual(language: Language) -> Preferences {
    Preferences {
        prefetch: false,
        overscan: Some(5),
        tv: Some(TvSettings::default()),
        network: true,
        drives: Some(app::DriveWish::Auto),
        updates: Some(app::UpdateSettings {
            version: "1.3.0".into(),
            ..app::UpdateSettings::default()
        }),
        ends: true,
        remotes: true,
        phones: true,
        languages: true,
        speech: true,
        language: Some(language),
        ..Preferences::default()
    }
}

fn told_by(preferences: Preferences, script: &str) -> View {
    let viewer = Viewer {
        searches: ["metropolis", "the general", "caligari"]
            .map(String::from)
            .into(),
        ..Viewer::default()
    };
    let mut story = Story::of("", vec![viewer], preferences);
    story.take(Event::Rows(rows()));
    story.tell(script);
    story.app.view()
}

const PLAY: &str = "ok\n ok\n torrent ready\n player ready\n \
    progress peers=3 rate=900k have=0-60\n at 47\n";

fn screens(language: Language) -> Vec<(&'static str, View)> {
    let onwards = if language.is_rtl() {
        "left\n"
    } else {
        "right\n"
    };
    let settings = format!("up\n {} ok", onwards.repeat(2));
    let languages = format!("{settings}\n ok");
    vec![
        ("home", told(language, "down\n up\n up")),
        ("film", told(language, "ok\n down")),
        (
            "playing",
            told(
                language,
                &format!("{PLAY} ok\n down\n right\n right\n ok\n"),
            ),
        ),
        (
            "power",
            told(language, "power down\n +3000ms\n power up\n down"),
        ),
        ("settings", told(language, &settings)),
        ("languages", told(language, &languages)),
        ("search", told(language, "up\n ok\n ok\n ok")),
    ]
}

/// Pages of the settings and of the first start, and screens of high contrast, whose words are the
/// core's own.
fn pages() -> Vec<(&'static str, View)> {
    let english = |script: &str| told(Language::English, script);
    let contrast = |script: &str| View {
        contrast: true,
        ..english(script)
    };
    let zones = |then: &str| {
        let script = format!("to Time zone\n zones nowhere\n {then}");
        timed(Language::English, "America/New_York-240", &script)
    };
    vec![
        (
            "settings",
            english("phones on ANN BOB\n to Settings\n down\n down"),
        ),
        ("settings-sound", english("to Sound\n ok\n down")),
        ("settings-spoken", english("to Reading aloud\n right")),
        (
            "settings-sharing",
            english("to Downloads and sharing\n down"),
        ),
        ("settings-rows", english("to Rows on the wall\n down\n ok")),
        ("backup", english("brings 128\n down\n down\n ok")),
        ("settings-size", english("to Screen\n left")),
        (
            "settings-privacy",
            english("add-ons one two\n to Privacy\n down\n down"),
        ),
        (
            "settings-about",
            english("to About this box\n down\n down\n down"),
        ),
        (
            "first-start",
            english("to First steps\n down\n down\n down"),
        ),
        ("address-form", english(&format!("{FORM} down\n down"))),
        (
            "address-digits",
            english(&format!("{FORM} down\n ok\n 0\n 0\n play")),
        ),
        (
            "address-fails",
            english(&format!(
                "{FORM} down\n typed 192.168.1.20\n play\n{} ok\n \
                 network at=192.168.1.20 radio=down fixed=192.168.1.20\n knocked no",
                " down\n".repeat(5)
            )),
        ),
        ("search-recent", english("up\n ok\n yellow\n right")),
        ("context", english("right\n menu\n down")),
        ("time-zone", zones("")),
        ("time-zone-cities", zones("ok\n down")),
        (
            "ar-clock-home",
            timed(Language::Arabic, "Africa/Cairo+180", ""),
        ),
        (
            "ar-clock-playing",
            timed(
                Language::Arabic,
                "Africa/Cairo+180",
                &format!("{PLAY} ok\n down"),
            ),
        ),
        ("contrast-home", contrast("right")),
        ("contrast-film", contrast("ok\n down")),
        ("contrast-playing", contrast(&format!("{PLAY} ok\n down"))),
        ("contrast-settings", contrast("to Screen\n down")),
    ]
}

/// In large letters; the first is switched to them by its own script.
fn large() -> Vec<(&'static str, View)> {
    let large = |view: View| View {
        large_text: true,
        ..view
    };
    let of = |language, at: usize| large(screens(language).swap_remove(at).1);
    vec![
        (
            "large-settings",
            told(Language::English, "to Screen\n down\n down\n right"),
        ),
        (
            "large-settings-list",
            large(told(
                Language::English,
                "phones on ANN BOB\n to Settings\n down\n down",
            )),
        ),
        ("large-ar-home", of(Language::Arabic, 0)),
        ("large-ar-film", of(Language::Arabic, 1)),
        ("large-ar-settings", of(Language::Arabic, 4)),
        ("large-zh-playing", of(Language::Chinese, 2)),
        ("large-zh-search", of(Language::Chinese, 6)),
        ("large-de-playing", of(Language::German, 2)),
        ("large-de-search", of(Language::German, 6)),
    ]
}

#[test]
fn three_scripts_are_as_they_were() {
    if std::env::var_os(FONTS).is_none() {
        drawn_with_named_fonts();
        return;
    }
    let mut bench = Bench::new(golden::WIDTH, golden::HEIGHT);
    let mut faults = Vec::new();
    let mut number = 0;
    let languages = [Language::German, Language::Arabic, Language::Chinese];
    let scripts = languages.into_iter().flat_map(|language| {
        let named = move |(name, view)| (format!("{}-{name}", language.code()), view);
        screens(language).into_iter().map(named)
    });
    let pages = pages()
        .into_iter()
        .chain(large())
        .map(|(name, view)| (name.to_owned(), view));
    for (name, view) in scripts.chain(pages) {
        number += 1;
        bench.now = Duration::from_secs(240 * number);
        bench.ui.show(&view);
        bench.settle();
        faults.extend(golden::check(&name, &bench.ui, env!("CARGO_TARGET_TMPDIR")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Runs this test again, where no other fonts are found.
fn drawn_with_named_fonts() {
    for letters in LETTERS {
        let path = Path::new("/usr/share/fonts").join(letters);
        assert!(
            path.exists(),
            "{} is not there: image/host-packages test",
            path.display()
        );
    }
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fonts.conf");
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "three_scripts_are_as_they_were", "--nocapture"])
        .env(FONTS, fonts)
        .status();
    assert!(run.unwrap().success());
}
