//! Every screen as a picture, against `goldens/`. `UPDATE_GOLDENS=1` makes them anew; review is
//! looking at them.
//!
//! One test draws them all: Slint's platform is made once per thread. What lies over the film is
//! drawn over a made-up picture, so that a golden shows what the viewer would see.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use app::{Resting, Screen, View};
use common::golden::{HEIGHT, WIDTH};
use common::{Bench, browsing, golden, own};

/// For pictures that are not golden.
const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

fn of_volume() -> [(&'static str, View); 3] {
    let volume = |text: &str, volume, muted| View {
        volume: Some(app::VolumeView {
            text: text.into(),
            volume,
            muted,
        }),
        ..common::view(Screen::Playing(common::playing_subtitle()))
    };
    [
        ("volume", volume("Volume 65", Some(65), false)),
        ("volume-muted", volume("Muted", Some(65), true)),
        ("volume-unknown", volume("Muted", None, true)),
    ]
}

fn of_films_that_run() -> Vec<(&'static str, Screen)> {
    vec![
        (
            "playing-controls",
            Screen::Playing(common::playing_controls()),
        ),
        ("playing-stills", Screen::Playing(common::playing_stills())),
        (
            "playing-buttons",
            Screen::Playing(common::playing_buttons()),
        ),
        ("playing-panel", Screen::Playing(common::playing_panel())),
        (
            "playing-subtitle",
            Screen::Playing(common::playing_subtitle()),
        ),
        (
            "playing-two-texts",
            Screen::Playing(common::playing_two_texts()),
        ),
        (
            "playing-texts-on-top",
            Screen::Playing(common::playing_texts_on_top()),
        ),
        (
            "playing-pictures",
            Screen::Playing(common::playing_pictures()),
        ),
        ("playing-adjust", Screen::Playing(common::playing_adjust())),
        ("playing-next", Screen::Playing(common::playing_next(false))),
        ("playing-skip", Screen::Playing(common::playing_skip())),
        ("playing-stats", Screen::Playing(common::playing_stats())),
        ("playing-over", Screen::Playing(common::playing_next(true))),
        (
            "playing-buffering",
            Screen::Playing(common::playing_buffering(Some(350))),
        ),
    ]
}

fn screens() -> Vec<(&'static str, View)> {
    let rows = common::rows();
    let home = |row, columns: &[usize]| Screen::Home(common::home(&rows, row, columns));
    let long = RowsOf(&rows).only(1);
    let mut notice = common::view(home(0, &[1, 0, 0]));
    notice.notice = Some("Sintel is ready · 720p from 4 peers".into());
    let screens = vec![
        ("home", home(0, &[0, 0, 0])),
        ("home-second-row", home(1, &[0, 7, 0])),
        ("home-end-of-row", home(1, &[0, 15, 0])),
        ("home-last-row", home(2, &[0, 0, 4])),
        ("home-one-row", Screen::Home(common::home(&long, 0, &[10]))),
        ("home-letter", Screen::Home(common::home_letter(&rows))),
        ("home-empty", Screen::Home(common::empty_home())),
        ("film", Screen::Film(common::film_page())),
        ("film-sources", Screen::Film(common::film_sources())),
        ("film-preparing", Screen::Film(common::film_preparing())),
        ("opening-peers", Screen::Opening(common::opening(None))),
        (
            "opening-progress",
            Screen::Opening(common::opening(Some(430))),
        ),
        ("film-too-slow", Screen::Film(common::film_too_slow())),
        (
            "opening-too-slow",
            Screen::Opening(common::opening_too_slow()),
        ),
        (
            "playing-too-slow",
            Screen::Playing(common::playing_too_slow()),
        ),
        ("trouble", Screen::Trouble(common::trouble())),
        ("film-trailer", Screen::Film(browsing::film_trailer())),
        ("film-looking", Screen::Film(browsing::film_looking())),
        ("series", Screen::Series(browsing::series(0, 2, false))),
        (
            "series-seasons",
            Screen::Series(browsing::series(1, 0, true)),
        ),
        ("series-last", Screen::Series(browsing::series(0, 8, false))),
        ("series-asking", Screen::Series(browsing::series_asking())),
        (
            "search-keys",
            Screen::Search(browsing::search(Some((6, 1)), 0)),
        ),
        ("search-films", Screen::Search(browsing::search(None, 7))),
        ("search-filters", Screen::Search(browsing::search_filters())),
        ("search-nothing", Screen::Search(browsing::search_nothing())),
    ];
    let views = screens
        .into_iter()
        .chain(of_films_that_run())
        .chain(of_add_ons())
        .chain(of_updates())
        .chain(of_power())
        .chain(of_phones())
        .chain(of_network())
        .chain(of_profiles())
        .chain(of_learning());
    let views = views.map(|(name, screen)| (name, common::view(screen)));
    let mut all: Vec<(&str, View)> = views.collect();
    let dark = View {
        dark: true,
        ..notice.clone()
    };
    all.push(("dark", dark));
    all.extend(resting(&rows, &notice));
    all.extend(of_the_clock(&rows));
    all.extend(of_volume());
    all.push(("notice", notice));
    let mut menu = common::home(&rows, 0, &[0, 0, 0]);
    menu.menu_focus = Some(1);
    menu.menu.extend(["Updates", "Power"].map(String::from));
    all.push(("home-menu", common::view(Screen::Home(menu))));
    all.extend(in_large_letters(&rows));
    all
}

fn in_large_letters(rows: &Arc<Vec<app::RowView>>) -> Vec<(&'static str, View)> {
    let home = || common::home(rows, 0, &[0, 0, 0]);
    let screens = vec![
        ("large-home", Screen::Home(home())),
        ("large-film", Screen::Film(common::film_page())),
        ("large-film-sources", Screen::Film(common::film_sources())),
        ("large-opening", Screen::Opening(common::opening(Some(430)))),
        (
            "large-series",
            Screen::Series(browsing::series(0, 2, false)),
        ),
        ("large-search", Screen::Search(browsing::search(None, 7))),
        (
            "large-playing-buttons",
            Screen::Playing(common::playing_buttons()),
        ),
        (
            "large-playing-stills",
            Screen::Playing(common::playing_stills()),
        ),
        (
            "large-playing-panel",
            Screen::Playing(common::playing_panel()),
        ),
        (
            "large-playing-next",
            Screen::Playing(common::playing_next(false)),
        ),
        (
            "large-playing-stats",
            Screen::Playing(common::playing_stats()),
        ),
        (
            "large-playing-buffering",
            Screen::Playing(common::playing_buffering(Some(350))),
        ),
        ("large-add-ons", Screen::AddOns(browsing::add_ons(false))),
        ("large-network", Screen::Network(own::network(true))),
        ("large-password", Screen::Address(own::password(true))),
        ("large-phone", Screen::Phone(own::phone(true, false))),
        ("large-updates", Screen::Updates(own::updates_back())),
        ("large-learn", Screen::Learn(own::learn())),
        ("large-who", Screen::Who(own::who(8))),
        ("large-pin", Screen::Pin(own::pin(true))),
    ];
    let views = screens.into_iter();
    let mut all: Vec<_> = views.map(|(name, it)| (name, common::view(it))).collect();
    let notice = View {
        notice: Some("Sintel is ready · 720p from 4 peers".into()),
        ..common::view(Screen::Home(home()))
    };
    all.push(("large-notice", notice));
    for (_, view) in &mut all {
        view.large_text = true;
    }
    all
}

/// What knows the time.
fn of_the_clock(rows: &Arc<Vec<app::RowView>>) -> Vec<(&'static str, View)> {
    let at = |clock: &str, screen| View {
        clock: Some(clock.into()),
        ..common::view(screen)
    };
    let home = || Screen::Home(common::home(rows, 0, &[0, 0, 0]));
    let mut letter = common::home_letter(rows);
    letter
        .menu
        .extend(["Updates", "Settings", "Power"].map(String::from));
    let mut playing = common::playing_controls();
    if let Some(controls) = &mut playing.controls {
        controls.ends = Some("Ends at 22:41".into());
    }
    let mut panel = common::playing_panel();
    if let (Some(controls), Some(with)) = (&mut panel.controls, &playing.controls) {
        controls.ends.clone_from(&with.ends);
    }
    let mut notice = at("21:05", home());
    notice.notice = Some("Sintel is ready · 720p from 4 peers".into());
    let cards = rows.iter().flat_map(|row| row.cards.clone()).collect();
    let drift = |cards| View {
        resting: Resting::Drift(Arc::new(cards)),
        ..at("21:05", home())
    };
    vec![
        ("clock-home", at("21:05", home())),
        ("clock-home-letter", at("9:05 PM", Screen::Home(letter))),
        ("clock-notice", notice),
        ("clock-film", at("21:05", Screen::Film(common::film_page()))),
        (
            "clock-series",
            at("21:05", Screen::Series(browsing::series(0, 2, false))),
        ),
        ("clock-playing", at("21:05", Screen::Playing(playing))),
        ("clock-panel", at("21:05", Screen::Playing(panel))),
        ("clock-drift", drift(cards)),
        ("clock-drift-alone", drift(Vec::new())),
    ]
}

fn resting(rows: &Arc<Vec<app::RowView>>, awake: &View) -> [(&'static str, View); 3] {
    let cards = rows.iter().flat_map(|row| row.cards.clone()).collect();
    let dim = |view: View| View {
        resting: Resting::Dim,
        notice: None,
        ..view
    };
    let drift = View {
        resting: Resting::Drift(Arc::new(cards)),
        notice: None,
        ..awake.clone()
    };
    let paused = common::view(Screen::Playing(common::playing_controls()));
    [
        ("rest-dim", dim(awake.clone())),
        ("rest-dim-film", dim(paused)),
        ("rest-drift", drift),
    ]
}

fn of_network() -> [(&'static str, Screen); 8] {
    [
        ("network", Screen::Network(own::network(true))),
        ("network-refused", Screen::Network(own::network(false))),
        ("network-joining", Screen::Network(own::network_alone(true))),
        (
            "network-no-radio",
            Screen::Network(own::network_alone(false)),
        ),
        ("password", Screen::Address(own::password(false))),
        ("password-again", Screen::Address(own::password(true))),
        ("network-own", Screen::Phone(own::own_network(true))),
        ("network-own-page", Screen::Phone(own::own_network(false))),
    ]
}

fn of_phones() -> [(&'static str, Screen); 3] {
    [
        ("phone", Screen::Phone(own::phone(false, false))),
        ("phone-code", Screen::Phone(own::phone(true, false))),
        ("phone-forget", Screen::Phone(own::phone(true, true))),
    ]
}

fn of_profiles() -> [(&'static str, Screen); 4] {
    [
        ("who", Screen::Who(own::who(3))),
        ("who-eight", Screen::Who(own::who(8))),
        ("pin", Screen::Pin(own::pin(false))),
        ("pin-waits", Screen::Pin(own::pin(true))),
    ]
}

fn of_add_ons() -> [(&'static str, Screen); 8] {
    [
        ("add-ons", Screen::AddOns(browsing::add_ons(false))),
        ("add-ons-panel", Screen::AddOns(browsing::add_ons(true))),
        ("add-ons-adding", Screen::AddOns(browsing::add_ons_adding())),
        ("add-ons-listed", Screen::AddOns(browsing::listed())),
        ("add-ons-asking", Screen::AddOns(browsing::listed_asking())),
        (
            "code",
            Screen::Code(browsing::code("https://films.example.org/configure")),
        ),
        (
            "address",
            Screen::Address(browsing::address("https://films.exam", None)),
        ),
        (
            "address-failed",
            Screen::Address(browsing::address(
                "https://a-long-name-of-a-host.example.org/with/a/path/that/is/longer/than/the/\
                 field/is/wide/and/goes/on/to/manifest.json",
                Some("The add-on can't be reached (a-long-name-of-a-host.example.org: no answer)."),
            )),
        ),
    ]
}

fn of_power() -> [(&'static str, Screen); 5] {
    [
        ("power", Screen::Menu(own::power())),
        ("power-off", Screen::Menu(own::power_off())),
        ("power-ends", Screen::Menu(own::power_ends())),
        ("factory-reset", Screen::Menu(own::reset())),
        ("drive", Screen::Menu(own::drive())),
    ]
}

fn of_updates() -> [(&'static str, Screen); 4] {
    [
        ("updates", Screen::Updates(own::updates())),
        ("updates-fetching", Screen::Updates(own::updates_fetching())),
        ("updates-back", Screen::Updates(own::updates_back())),
        ("updates-none", Screen::Updates(own::updates_none())),
    ]
}

fn of_learning() -> [(&'static str, Screen); 3] {
    [
        ("learn", Screen::Learn(own::learn())),
        ("learn-strange", Screen::Learn(own::learn_strange())),
        ("learn-keep", Screen::Learn(own::learn_keep())),
    ]
}

struct RowsOf<'a>(&'a Arc<Vec<app::RowView>>);

impl RowsOf<'_> {
    fn only(&self, row: usize) -> Arc<Vec<app::RowView>> {
        Arc::new(vec![self.0[row].clone()])
    }
}

#[test]
fn every_screen_is_as_it_was() {
    let mut bench = Bench::new(WIDTH, HEIGHT);
    let mut faults = Vec::new();
    for (number, (name, view)) in screens().into_iter().enumerate() {
        // A time of its own, so that what wanders is always at the same place.
        bench.now = Duration::from_secs(240 * number as u64);
        bench.ui.show(&view);
        bench.settle();
        bench.now = Duration::from_millis(240_000 * number as u64 + 120_600);
        bench.ui.draw(bench.now);
        faults.extend(golden::check(name, &bench.ui, FOLDER));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    read_by_a_phone(&mut bench);
}

/// The code on the screen, read as a phone's camera would: at each height a screen has, and of an
/// address as long as any.
fn read_by_a_phone(bench: &mut Bench) {
    let long = format!(
        "https://films.example.org/{}/configure",
        "a7%7B".repeat(160)
    );
    for (width, height) in [(1280, 720), (1920, 1080), (3840, 2160), (720, 576)] {
        for address in ["https://youtu.be/eRsGyueVLvQ", &long] {
            bench.ui.resize(width, height);
            bench.show(Screen::Code(browsing::code(address)));
            bench.settle();
            let pixels = bench.ui.pixels();
            let grey = |x: usize, y: usize| (pixels.argb[y * pixels.width as usize + x] >> 8) as u8;
            let (width, height) = (pixels.width as usize, pixels.height as usize);
            let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
            let codes = seen.detect_grids();
            assert_eq!(codes.len(), 1, "{width}x{height}: {address}");
            assert_eq!(codes[0].decode().unwrap().1, address);
        }
    }
}
