//! What is drawn and when: nothing while nothing changes, little when the focus moves, all when
//! the size changes.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use app::{HomeView, RowView, Screen};
use common::Bench;
use ui::{Drawn, Pixels, Ui, UiError, Wants};

/// Slint's platform is one per thread: each story has a thread of its own.
fn on_its_own(story: impl FnOnce() + Send + 'static) {
    thread::spawn(story).join().unwrap();
}

fn share(drawn: &Drawn, of: u32) -> f64 {
    let area = |rect: &ui::Rect| u64::from(rect.width) * u64::from(rect.height);
    drawn.damage.iter().map(area).sum::<u64>() as f64 / f64::from(of)
}

fn assert_same(pixels: Pixels<'_>, before: &[u32]) {
    let differ = |at: &usize| pixels.argb[*at] != before[*at];
    let all: Vec<usize> = (0..before.len()).filter(differ).collect();
    let place = |at: &usize| (*at as u32 % pixels.width, *at as u32 / pixels.width);
    // The rounded edge of the ring is blended where two damaged parts meet: a pixel or two may
    // come out a shade different.
    assert!(
        all.len() <= 8,
        "{} pixels differ, from {:?} to {:?}",
        all.len(),
        all.first().map(place),
        all.last().map(place),
    );
}

#[test]
fn a_still_screen_draws_nothing() {
    on_its_own(|| {
        let mut bench = Bench::new(1280, 720);
        let rows = common::rows();
        for screen in [
            Screen::Home(common::home(&rows, 1, &[0, 3, 0])),
            Screen::Film(common::film_page()),
            Screen::Opening(common::opening(Some(430))),
            Screen::Playing(common::playing()),
            Screen::Playing(common::playing_controls()),
            Screen::Playing(common::playing_stills()),
            Screen::Playing(common::playing_panel()),
            Screen::Playing(common::playing_buffering(Some(350))),
            Screen::Trouble(common::trouble()),
        ] {
            bench.show(screen.clone());
            bench.settle();
            assert_eq!(bench.ui.wants(), Wants::Idle, "{screen:?}");
            let redraws = (0..200).filter(|_| bench.frame().is_some()).count();
            assert_eq!(redraws, 0, "{screen:?}");
            // The same again is no change.
            bench.show(screen);
            assert_eq!(bench.frame(), None);
        }
    });
}

#[test]
fn moving_the_focus_touches_little_and_ends() {
    on_its_own(|| {
        let mut bench = Bench::new(1920, 1080);
        let rows = common::rows();
        let home = |column| Screen::Home(common::home(&rows, 1, &[0, column, 0]));
        bench.show(home(0));
        bench.settle();
        for column in 1..5 {
            bench.show(home(column));
            // Until the focus rests and the title follows.
            // The first picture after the key shows it moving already.
            let first = bench.frame().unwrap();
            let more: Vec<Drawn> = (0..7).filter_map(|_| bench.frame()).collect();
            assert!(more.len() >= 4);
            for drawn in std::iter::once(first).chain(more) {
                let share = share(&drawn, 1920 * 1080);
                assert!(share < 0.15, "{share} of the screen");
            }
        }
        bench.settle();
        assert_eq!(bench.ui.wants(), Wants::Idle);
    });
}

#[test]
fn the_title_follows_when_the_focus_rests() {
    on_its_own(|| {
        let mut bench = Bench::new(1280, 720);
        let rows = common::rows();
        bench.show(Screen::Home(common::home(&rows, 1, &[0, 0, 0])));
        bench.settle();
        bench.show(Screen::Home(common::home(&rows, 1, &[0, 1, 0])));
        while bench.ui.wants() == Wants::Animating {
            bench.frame();
        }
        let Wants::At(due) = bench.ui.wants() else {
            panic!("the title is not due: {:?}", bench.ui.wants());
        };
        // The focus rests for 220 ms before the title follows; the move took a part of that.
        let (soonest, latest) = (bench.now, bench.now + Duration::from_millis(220));
        assert!(due > soonest && due < latest, "{due:?} at {soonest:?}");
        assert_eq!(bench.ui.draw(due - Duration::from_millis(1)), None);
        let drawn = bench.ui.draw(due).unwrap();
        bench.now = due;
        assert!(drawn.damage.iter().any(|rect| rect.y < 200), "{drawn:?}");
    });
}

#[test]
fn only_what_shows_is_visible() {
    on_its_own(|| {
        let mut bench = Bench::new(1280, 720);
        bench.show(Screen::Trouble(common::trouble()));
        let all = bench.frame().unwrap();
        assert_eq!(
            all.visible.map(|rect| (rect.width, rect.height)),
            Some((1280, 720))
        );
        bench.show(Screen::Playing(common::playing()));
        assert_eq!(bench.frame().unwrap().visible, None);
        assert!(bench.ui.pixels().argb.iter().all(|pixel| *pixel == 0));
        bench.show(Screen::Playing(common::playing_subtitle()));
        let words = bench.frame().unwrap().visible.unwrap();
        assert!(
            words.y > 500 && words.height < 200 && words.width < 900,
            "{words:?}"
        );
        bench.show(Screen::Playing(common::playing()));
        assert_eq!(bench.frame().unwrap().visible, None);
    });
}

#[test]
fn a_position_without_controls_draws_nothing() {
    on_its_own(|| {
        let mut bench = Bench::new(1280, 720);
        let mut playing = common::playing();
        bench.show(Screen::Playing(playing.clone()));
        bench.settle();
        for second in 0..30 {
            playing.position = Duration::from_secs(800 + second);
            bench.show(Screen::Playing(playing.clone()));
            assert_eq!(bench.frame(), None);
        }
    });
}

#[test]
fn a_new_size_is_drawn_whole_and_the_same() {
    on_its_own(|| {
        let mut bench = Bench::new(1280, 720);
        let rows = common::rows();
        bench.show(Screen::Home(common::home(&rows, 0, &[1, 0, 0])));
        bench.settle();
        let before = bench.ui.pixels().argb.to_vec();
        for (width, height) in [
            (1920, 1080),
            (640, 360),
            (1024, 768),
            (600, 900),
            (1, 1),
            (1280, 720),
        ] {
            bench.ui.resize(width, height);
            assert_eq!(bench.ui.wants(), Wants::Animating);
            let drawn = bench.frame().unwrap();
            assert!(
                (share(&drawn, width * height) - 1.0).abs() < 1e-9,
                "{drawn:?}"
            );
            bench.settle();
            assert_eq!(bench.ui.pixels().argb.len(), (width * height) as usize);
            assert!(
                bench
                    .ui
                    .pixels()
                    .argb
                    .iter()
                    .all(|pixel| pixel >> 24 == 255)
            );
        }
        assert_same(bench.ui.pixels(), &before);
    });
}

#[test]
fn a_wall_of_thousands_is_a_wall() {
    on_its_own(|| {
        let row = |number: usize| RowView {
            title: format!("Row {number}"),
            cards: (0..200).map(|at| common::film(number * 200 + at)).collect(),
        };
        let rows: Arc<Vec<RowView>> = Arc::new((0..50).map(row).collect());
        let home = |row, column| {
            let mut columns = vec![0; 50];
            columns[row] = column;
            Screen::Home(HomeView {
                ..common::home(&rows, row, &columns)
            })
        };
        let mut bench = Bench::new(640, 360);
        // Far jumps in both directions, and steps in the midst of a movement.
        for (row, column) in [
            (0, 0),
            (49, 199),
            (20, 100),
            (21, 99),
            (0, 0),
            (1, 7),
            (2, 7),
        ] {
            bench.show(home(row, column));
            for _ in 0..5 {
                bench.frame();
            }
        }
        bench.settle();
        let walked = bench.ui.pixels().argb.to_vec();
        // Going there at once gives the same picture.
        bench.show(Screen::Trouble(common::trouble()));
        bench.settle();
        bench.show(home(2, 7));
        bench.settle();
        assert_same(bench.ui.pixels(), &walked);
    });
}

#[test]
fn rows_may_shrink_and_vanish() {
    on_its_own(|| {
        let mut bench = Bench::new(640, 360);
        let rows = common::rows();
        bench.show(Screen::Home(common::home(&rows, 2, &[0, 12, 4])));
        bench.settle();
        let one = Arc::new(vec![rows[0].clone()]);
        bench.show(Screen::Home(common::home(&one, 0, &[1])));
        bench.settle();
        let shrunk = bench.ui.pixels().argb.to_vec();
        bench.show(Screen::Trouble(common::trouble()));
        bench.settle();
        bench.show(Screen::Home(common::home(&one, 0, &[1])));
        bench.settle();
        assert_same(bench.ui.pixels(), &shrunk);
        bench.show(Screen::Home(common::empty_home()));
        bench.settle();
        assert_eq!(bench.ui.wants(), Wants::Idle);
    });
}

#[test]
fn a_thread_has_one_user_interface() {
    on_its_own(|| {
        let make = || Ui::new(64, 64, Arc::new(|_| None), Arc::new(|| {}));
        let first = make();
        assert!(first.is_ok());
        assert!(matches!(make(), Err(UiError::Platform(_))));
    });
}
