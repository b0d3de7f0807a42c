//! Every sentence of the box has room where it stands, in every language.
//!
//! The core is led through its screens by the scripts of its stories, in each language that is
//! offered and in the one that shows what longer words would do, in normal and in large letters.
//! After each line every text on the screen is asked what room it has and what it wants, by Slint's
//! own items and the measure they are drawn by. Names that the world gives are short here, so
//! whatever is cut was not meant to be.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../../app/tests/story/mod.rs"]
mod story;
mod ways;

use std::pin::Pin;

use app::{Language, Library, Screen, View};
use common::Bench;
use i_slint_core::SharedString;
use i_slint_core::graphics::FontRequest;
use i_slint_core::item_rendering::{HasFont, PlainOrStyledText, RenderString};
use i_slint_core::item_tree::ItemRc;
use i_slint_core::items::{ComplexText, SimpleText, TextWrap};
use i_slint_core::lengths::{LogicalLength, LogicalRect, LogicalSize};
use i_slint_core::window::WindowInner;
use story::Story;
use ways::{as_read, preferences, scripts};

/// What a line may be short of, in lengths of the screens: two measures of the same are not the
/// same to the last bit.
const SLACK: f32 = 1.0;

/// Of the picture, in lengths of the screens.
const BREADTH: f32 = 1920.0;

/// A line that wraps has its space too, beyond what is seen.
const SPACE: f32 = 14.0;

/// Of the picture, in lengths of the screens.
const HEIGHT: f32 = 1080.0;

/// Where on the wall its own words end and posters begin, which scroll out of sight.
fn wall(view: &View) -> f32 {
    if view.large_text { 486.0 } else { 450.0 }
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
        .filter(|it| !home || it.place.max_y() < wall(view))
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
        // Of films that are found the last row is cut off.
        let found = matches!(view.screen, Screen::Search(_));
        if it.visible && !found && ink.max_y() > HEIGHT + SLACK {
            faults.push(format!("below the screen: {}", it.text));
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
    let languages = || Language::offered().chain([Language::Pseudo]);
    let normal = languages().map(|language| (language, false));
    for (language, large) in normal.chain(languages().map(|language| (language, true))) {
        for (name, script) in scripts() {
            let mut story = Story::with(Library::default(), preferences(language, large));
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
                let letters = if view.large_text { " large" } else { "" };
                let of = format!("{}{letters} {name}", language.code());
                all.extend(found.map(|it| format!("{of}: {it}")));
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
