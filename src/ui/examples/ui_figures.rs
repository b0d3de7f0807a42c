//! What drawing costs, at 1080 lines: `cargo run --release -p matinee-ui --example ui_figures`.
//!
//! CPU time of the drawing thread, so that other work of the machine does not count.

#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;
mod costs;

use std::time::{Duration, Instant};

use app::Screen;
use common::Bench;
use costs::{Costs, resident, work_ms};

fn main() {
    let before = work_ms();
    let start = Instant::now();
    let mut bench = Bench::new(1920, 1080);
    let made = (work_ms() - before, start.elapsed());
    let rows = common::rows();
    let home = |row: usize, column: usize| {
        let mut columns = [0; 3];
        columns[row] = column;
        Screen::Home(common::home(&rows, row, &columns))
    };

    let mut first = Costs::default();
    bench.show(home(1, 0));
    first.frame(&mut bench);
    println!(
        "made in {:.1} ms CPU, {:.1} ms",
        made.0,
        made.1.as_secs_f64() * 1e3
    );
    first.print("first frame");
    bench.settle();
    println!(
        "all pictures after {:.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );

    let mut focus = Costs::default();
    for step in 0..20 {
        // To and fro among posters in sight, in the time a held key takes.
        bench.show(home(1, if step % 8 < 4 { step % 8 } else { 8 - step % 8 }));
        for _ in 0..8 {
            focus.frame(&mut bench);
        }
    }
    focus.print("focus move");
    let mut rest = Costs::default();
    while bench.ui.wants() != ui::Wants::Idle {
        if !rest.frame(&mut bench) && bench.ui.settled() {
            bench.now += Duration::from_millis(16);
        }
    }
    rest.print("title and light follow");

    let mut sideways = Costs::default();
    for column in 5..14 {
        bench.show(home(1, column));
        for _ in 0..13 {
            sideways.frame(&mut bench);
        }
    }
    sideways.print("row scrolls");
    bench.settle();
    let mut down = Costs::default();
    for step in 0..8 {
        bench.show(home(1 + step % 2, 5));
        for _ in 0..13 {
            down.frame(&mut bench);
        }
    }
    down.print("wall scrolls");
    bench.settle();

    bench.show(Screen::Film(common::film_page()));
    let mut page = Costs::default();
    page.frame(&mut bench);
    page.print("film page, first");
    bench.settle();

    let mut playing = common::playing_controls();
    playing.lines.first = None;
    let mut appear = Costs::default();
    bench.show(Screen::Playing(common::playing()));
    bench.frame();
    bench.show(Screen::Playing(playing.clone()));
    appear.frame(&mut bench);
    appear.print("controls appear");
    let mut update = Costs::default();
    for second in 0..60 {
        let controls = playing.controls.as_mut().expect("shown above");
        controls.handle += Duration::from_secs(1);
        controls.elapsed = format!("12:{second:02}");
        controls.left = format!("-39:{:02}", 59 - second);
        bench.show(Screen::Playing(playing.clone()));
        update.frame(&mut bench);
    }
    update.print("controls, each second");
    let mut words = Costs::default();
    for line in 0..30 {
        let mut playing = common::playing_subtitle();
        playing.lines.first = Some(format!("The journey has changed you, {line}.\nAll of it."));
        bench.show(Screen::Playing(playing));
        words.frame(&mut bench);
    }
    words.print("subtitle");
    waiting(&mut bench, home(1, 0));
}

/// A film that opens, and then nothing at all.
fn waiting(bench: &mut Bench, home: Screen) {
    bench.show(Screen::Opening(common::opening(None)));
    bench.settle();
    let mut opening = Costs::default();
    for _ in 0..200 {
        opening.frame(bench);
    }
    opening.print("opening, a light wanders");

    bench.show(home);
    bench.settle();
    let idle = (0..600).filter(|_| bench.frame().is_some()).count();
    println!(
        "idle: {idle} redraws in 600 frames; {} MiB resident",
        resident() >> 20
    );
}
