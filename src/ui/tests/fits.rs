//! Every sentence of the box has room where it stands, in every language.
//!
//! The core is led through its screens by the scripts of its stories, in each language that is
//! offered and in the one that shows what longer words would do. After each line every text on the
//! screen is asked what room it has and what it wants, by Slint's own items and the measure they
//! are drawn by. Names that the world gives are short here, so whatever is cut was not meant to be.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "../../app/tests/story/mod.rs"]
mod story;

use std::pin::Pin;

use app::{DriveWish, Language, Library, Preferences, Screen, TvSettings, UpdateSettings, View};
use common::Bench;
use i_slint_core::SharedString;
use i_slint_core::graphics::FontRequest;
use i_slint_core::item_rendering::{HasFont, PlainOrStyledText, RenderString};
use i_slint_core::item_tree::ItemRc;
use i_slint_core::items::{ComplexText, SimpleText, TextWrap};
use i_slint_core::lengths::{LogicalLength, LogicalRect, LogicalSize};
use i_slint_core::window::WindowInner;
use story::{PLAY, Story};

/// What a line may be short of, in lengths of the screens: two measures of the same are not the
/// same to the last bit.
const SLACK: f32 = 1.0;

/// Of the picture, in lengths of the screens.
const BREADTH: f32 = 1920.0;

/// A line that wraps has its space too, beyond what is seen.
const SPACE: f32 = 14.0;

/// Where on the wall its own words end and posters begin, which scroll out of sight.
const WALL: f32 = 450.0;

fn preferences(language: Language) -> Preferences {
    Preferences {
        prefetch: false,
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            channels: vec!["stable".into(), "beta".into()],
            channel: Some("stable".into()),
            turn_permille: 500,
        }),
        tv: Some(TvSettings::default()),
        ends: true,
        overscan: Some(0),
        speech: true,
        drives: Some(DriveWish::Auto),
        remotes: true,
        phones: true,
        network: true,
        clock: true,
        languages: true,
        language: Some(language),
        ..Preferences::default()
    }
}

/// The places above the wall, from the first: Search, Add-ons, Settings, Power.
fn door(number: usize) -> String {
    format!("up\n{}ok\n", "right\n".repeat(number))
}

/// Each of four settings, turned through its values.
const CHOICES: &str = "ok\nok\nok\ndown\nok\nok\nok\ndown\nok\nok\nok\ndown\nok\nok\nok\n";

/// Arrows go as one reads: the scripts are written from left to right.
fn as_read(line: &str, language: Language) -> &str {
    match line.trim() {
        "left" if language.is_rtl() => "right",
        "right" if language.is_rtl() => "left",
        _ => line,
    }
}

/// A PIN that is chosen, first with a slip.
const PIN_TWICE: &str = "1\n2\n3\n4\n1\n2\n3\n5\n1\n2\n3\n4\n1\n2\n3\n4\nanswer\n";

/// The lines of the settings, from the first: languages, the time zone, network, phones, the
/// remote, drives, rows, profiles, films, sharing, sound, the screen, reading aloud, the TV,
/// updates, backups, checks, privacy, about the box, the first steps.
fn setting(number: usize) -> String {
    format!("{}{}ok\n", door(2), "down\n".repeat(number))
}

/// By a phone, one after another.
fn typed(texts: &[&str]) -> String {
    let line = |text: &&str| format!("typed {text}\n play\n ");
    texts.iter().map(line).collect()
}

#[allow(clippy::too_many_lines, reason = "a list of scripts")]
fn scripts() -> Vec<(&'static str, String)> {
    let refused = [
        "unreachable",
        "not signed",
        "broken",
        "too new",
        "other channel",
        "older",
        "other board",
        "needs first",
        "wrong size",
        "swapped",
        "for other",
        "refused",
        "no installer",
        "no restart",
    ];
    let refused: String = refused
        .map(|why| format!("refused-update {why}\n"))
        .concat();
    let failed = ["failed", "off", "no interface", "no proxy", "unplugged"];
    let failed = failed
        .map(|why| format!("ok\n torrent {why}\n right\n right\n back\n"))
        .concat();
    vec![
        (
            "wall",
            "up\n drives stick=8:30 disk\n right\n refused\n not-ended\n not added".into(),
        ),
        (
            "search",
            format!(
                "{}look-for a\n look-for an\n found 1 of 2: ant fox\n found 2 of 2: bee\n yellow\n \
                 ok\n right\n ok\n right\n ok\n right\n ok\n right\n ok\n ok\n ok\n look-for zzz\n \
                 found 2 of 2:",
                door(0)
            ),
        ),
        (
            "add-ons",
            format!(
                "add-ons one -two three* four!\n {}ok\n back\n down\n ok\n back\n down\n ok\n \
                 down\n down\n down\n down\n down\n ok\n back\n ok\n ok\n listed 1 of 1: four\n \
                 ok\n ok\n not set-up\n back\n back\n down\n down\n ok\n not added",
                door(1)
            ),
        ),
        (
            "remote",
            format!(
                "{}heard 1\n heard 2\n heard 2\n heard 7 up\n {}",
                setting(4),
                "+10000ms\n".repeat(14)
            ),
        ),
        (
            "phone",
            format!(
                "{}ok\n phones on\n phones code 123456\n phones on ANN BOB\n ok\n down\n down\n \
                 ok\n phones paired ANN\n phones failed no network",
                setting(3)
            ),
        ),
        (
            "own network",
            format!(
                "network radio=down opens attic:3\n {}ok\n own-opened\n down\n +600000ms\n ok\n \
                 +40000ms\n ok\n own-ended it is busy\n ok\n own-opened\n own-chosen attic horse\n \
                 not-let-in wrong\n down\n ok",
                setting(2)
            ),
        ),
        (
            "addresses",
            format!(
                "network cable=up radio=down gives\n {}down\n down\n ok\n {}{} typed 1\n play\n \
                 back\n down\n typed 0\n play\n back\n up\n {} down\n down\n {} down\n down\n \
                 down\n ok\n network at=192.168.1.20 radio=down fixed=192.168.1.20\n knocked no\n \
                 down\n ok\n {} ok\n delete\n 1\n play\n {} ok\n \
                 network cable=wait radio=down fixed=192.168.1.21\n home\n +30000ms",
                setting(1),
                "down\n".repeat(6),
                "up\n".repeat(5),
                typed(&[
                    "192.168.1.255",
                    "192.168.1.0",
                    "127.0.0.1",
                    "224.0.0.1",
                    "169.254.0.1",
                    "0.0.0.1",
                    "192.168.1.20"
                ]),
                typed(&["192.168.2.1", "192.168.1.20", "", "192.168.1.1"]),
                "up\n".repeat(5),
                "down\n".repeat(5)
            ),
        ),
        (
            "updates",
            format!(
                "{}down\n offered 1.4.0 expired\n fetching 420 61\n installed\n stands updated\n \
                 nothing-new\n down\n down\n ok\n stands never up\n stands not stable\n \
                 stands sent back\n {refused}",
                setting(14)
            ),
        ),
        (
            "power",
            format!(
                "{}down\n right\n right\n down\n down\n ok\n down\n ok\n down\n ok",
                door(3)
            ),
        ),
        (
            "drives",
            format!(
                "drives stick=8:30 disk\n {}down\n ok\n down\n ok\n adopting 2\n adopted gone\n \
                 drives stick=1:1\n drives",
                setting(5)
            ),
        ),
        (
            "profiles",
            format!(
                "{}down\n ok\n ok\n back\n down\n{}down\n ok\n{PIN_TWICE}down\n down\n{}down\n \
                 ok\n down\n ok\n back\n back\n back\n right\n right\n ok\n right\n ok\n{}",
                setting(7),
                "ok\n".repeat(7),
                "ok\n".repeat(4),
                "9\n 9\n 9\n 9\n answer\n".repeat(5)
            ),
        ),
        (
            "time zone",
            format!(
                "{}zones Europe/Vienna\n{}ok\n back\n{}ok\n{}",
                setting(1),
                "up\n".repeat(70),
                "down\n".repeat(64),
                "down\n".repeat(32)
            ),
        ),
        ("language", format!("{}{}", setting(0), "down\n".repeat(18))),
        (
            "settings",
            format!(
                "phones on ANN BOB\n drives stick=8:30\n {}{}",
                door(2),
                "down\n".repeat(19)
            ),
        ),
        (
            "first start",
            format!("{}{}", setting(19), "down\n".repeat(8)),
        ),
        ("films", format!("{}{CHOICES}", setting(8))),
        ("rows", format!("rows\n {}ok\n down\n right", setting(6))),
        (
            "sharing",
            format!("{}{}", setting(9), "ok\n right\n left\n down\n".repeat(10)),
        ),
        ("voice", format!("{}{CHOICES}", setting(12))),
        (
            "backup",
            format!(
                "{}phones on\n back\n brings 128\n down\n down\n ok\n ok",
                setting(15)
            ),
        ),
        ("sound", format!("{}{CHOICES}", setting(10))),
        ("screen", format!("{}{CHOICES}", setting(11))),
        ("tv", format!("{}{CHOICES}", setting(13))),
        (
            "checks",
            format!(
                "network radio=up in=attic attic*:3\n {}{}",
                setting(16),
                "down\n".repeat(4)
            ),
        ),
        (
            "privacy",
            format!(
                "add-ons one two three four\n {}{}",
                setting(17),
                "down\n".repeat(4)
            ),
        ),
        ("about", format!("{}{}", setting(18), "down\n".repeat(4))),
        (
            "film",
            "right\n ok\n right\n ok\n down\n back\n film ant 42%".into(),
        ),
        (
            "trouble",
            format!("ok\n{failed}ok\n torrent ready\n no decoder"),
        ),
        (
            "opening",
            "ok\n ok\n +60000ms\n torrent ready\n progress peers=1 metadata\n \
             progress peers=3 rate=60k capacity=60k have=0-1\n +5000ms\n \
             progress peers=3 rate=900k have=0-1"
                .into(),
        ),
        (
            "playing",
            format!(
                "{PLAY}\n ok\n down\n right\n ok\n back\n right\n ok\n down\n ok\n ok\n down\n \
                 right\n back\n right\n ok\n{}back\n back\n at 20\n \
                 progress peers=2 rate=90k capacity=90k have=0-10\n at 40\n mute\n mute\n \
                 progress have=0-10",
                " right\n down\n".repeat(8)
            ),
        ),
        (
            "fitting",
            format!("{PLAY}\n fitted 2300\n fitted 2300+42708\n fitted too little"),
        ),
        (
            "series",
            "row\n down\n right\n ok\n unknown owl\n described owl\n up\n right\n down\n ok".into(),
        ),
        (
            "described",
            "row\n down\n ok\n described fox\n offers 1 of 2: fox-0\n offers 2 of 2:".into(),
        ),
    ]
}

/// A text, without the bound of its lines.
struct Whole<'a, T>(Pin<&'a T>);

impl<T: RenderString> HasFont for Whole<'_, T> {
    fn font_request(self: Pin<&Self>, item: &ItemRc) -> FontRequest {
        self.0.font_request(item)
    }
}

impl<T: RenderString> RenderString for Whole<'_, T> {
    fn text(self: Pin<&Self>) -> PlainOrStyledText {
        self.0.text()
    }
}

struct Seen {
    text: SharedString,
    /// In the window.
    place: LogicalRect,
    wants: LogicalSize,
    wraps: bool,
    visible: bool,
}

/// All texts that show, in the order in which they are drawn.
fn texts(bench: &Bench) -> Vec<Seen> {
    let window = WindowInner::from_pub(bench.ui.window());
    let mut seen = Vec::new();
    look(&ItemRc::new_root(window.component()), window, &mut seen);
    seen
}

fn look(item: &ItemRc, window: &WindowInner, seen: &mut Vec<Seen>) {
    if let Some(text) = item.downcast::<ComplexText>() {
        let text = text.as_pin_ref();
        let wrap = ComplexText::FIELD_OFFSETS.wrap().apply_pin(text).get();
        seen.push(measured(text, wrap, item, window));
    } else if let Some(text) = item.downcast::<SimpleText>() {
        seen.push(measured(text.as_pin_ref(), TextWrap::NoWrap, item, window));
    }
    let mut next = item.first_child();
    while let Some(child) = next {
        look(&child, window, seen);
        next = child.next_sibling();
    }
}

fn measured<T: RenderString>(
    text: Pin<&T>,
    wrap: TextWrap,
    item: &ItemRc,
    window: &WindowInner,
) -> Seen {
    let geometry = item.geometry();
    let wraps = wrap != TextWrap::NoWrap;
    let width = wraps.then(|| LogicalLength::new(geometry.size.width));
    let whole = Whole(text);
    let whole = std::pin::pin!(whole);
    let adapter = window.window_adapter();
    let wants = adapter
        .renderer()
        .text_size(whole.as_ref(), item, width, wrap);
    let PlainOrStyledText::Plain(text) = text.text() else {
        panic!("no text here has styles");
    };
    Seen {
        text,
        place: LogicalRect::new(item.map_to_window(geometry.origin), geometry.size),
        wants,
        wraps,
        visible: item.is_visible(),
    }
}

/// Where its letters are, in a place that may be larger.
fn ink(seen: &Seen, view: &View) -> LogicalRect {
    let mut ink = seen.place;
    let width = ink.width().min(seen.wants.width);
    if view.language.is_rtl() {
        ink.origin.x += ink.width() - width;
    }
    ink.size = LogicalSize::new(width, ink.height().min(seen.wants.height));
    ink
}

/// A notice, which leaves a little after the view has none, or the name of a row that moves.
fn over_all(view: &View, seen: &Seen, notices: &[String]) -> bool {
    let text = seen.text.as_str();
    let row = match &view.screen {
        Screen::Home(home) => home.rows.iter().any(|row| row.title == text),
        _ => false,
    };
    row || notices.iter().any(|it| it == text)
}

/// What has no room, or lies where something else does.
fn faults(view: &View, seen: &[Seen], notices: &[String]) -> Vec<String> {
    let home = matches!(view.screen, Screen::Home(_));
    // The film's own words: they are set in nine layers.
    let film = matches!(view.screen, Screen::Playing(_));
    let shown = seen.iter().filter(|it| !it.text.is_empty());
    let shown: Vec<&Seen> = shown
        .filter(|it| !home || it.place.max_y() < WALL)
        .collect();
    let mut faults = Vec::new();
    for (at, it) in shown.iter().enumerate() {
        let (has, wants) = (it.place.size, it.wants);
        let slack = if it.wraps { SPACE } else { SLACK };
        if wants.width > has.width + slack {
            faults.push(format!(
                "{:.0} wide, has {:.0}: {}",
                wants.width, has.width, it.text
            ));
        } else if it.wraps && wants.height > has.height + SLACK {
            faults.push(format!(
                "{:.0} high, has {:.0}: {}",
                wants.height, has.height, it.text
            ));
        }
        let ink = ink(it, view);
        if it.visible && (ink.min_x() < -SLACK || ink.max_x() > BREADTH + SLACK) {
            faults.push(format!("beyond the screen: {}", it.text));
        }
        let over = shown[at + 1..].iter().find(|other| {
            let both = ink.intersection(&self::ink(other, view));
            both.is_some_and(|both| both.width() > 2.0 && both.height() > 6.0)
        });
        // What lies over the screen on purpose, what rows scroll away, and a measure of the same.
        let meant = |other: &Seen| {
            over_all(view, it, notices) || over_all(view, other, notices) || it.text == other.text
        };
        // What only wishes a size is not drawn.
        let drawn = |other: &Seen| it.visible && other.visible;
        if let Some(other) = over.filter(|other| !film && drawn(other) && !meant(other)) {
            let at = |seen: &Seen| {
                let ink = self::ink(seen, view);
                let (x, y) = (ink.min_x(), ink.min_y());
                format!(
                    "{} ({x:.0}, {y:.0}, {:.0} x {:.0})",
                    seen.text,
                    ink.width(),
                    ink.height()
                )
            };
            faults.push(format!("over each other: {} / {}", at(it), at(other)));
        }
    }
    faults
}

#[test]
fn every_sentence_has_room_in_every_language() {
    let mut bench = Bench::new(1280, 720);
    let mut all = Vec::new();
    let mut texts_seen = 0;
    // The last of one script is still leaving when the next begins.
    let mut notices = Vec::new();
    for language in Language::offered().chain([Language::Pseudo]) {
        for (name, script) in scripts() {
            let mut story = Story::with(Library::default(), preferences(language));
            // The widest time, and the longest words for it.
            let script = format!("clock 20:00:30 America/New_York-240\n{script}");
            for line in script.lines() {
                story.tell(as_read(line, language));
                let view = story.app.view();
                assert_eq!(view.language, language);
                bench.ui.show(&view);
                bench.frame();
                let seen = texts(&bench);
                texts_seen += seen.len();
                notices.extend(view.notice.clone());
                let found = faults(&view, &seen, &notices).into_iter();
                all.extend(found.map(|it| format!("{} {name}: {it}", language.code())));
            }
        }
    }
    all.sort();
    all.dedup();
    assert!(texts_seen > 1000, "{texts_seen}");
    assert!(
        all.is_empty(),
        "{} have no room:\n{}",
        all.len(),
        all.join("\n")
    );
}
