//! What drawing costs, at 1080 lines: `cargo run --release -p matinee-ui --example ui_figures`.
//!
//! CPU time of the drawing thread, so that other work of the machine does not count.

#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use app::Screen;
use common::Bench;

/// Milliseconds this thread has worked.
fn work_ms() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    spent.tv_sec as f64 * 1e3 + spent.tv_nsec as f64 / 1e6
}

#[derive(Default)]
struct Costs {
    ms: Vec<f64>,
    share: f64,
}

impl Costs {
    /// Draws one frame; true if there was anything to draw.
    fn frame(&mut self, bench: &mut Bench) -> bool {
        let before = work_ms();
        let Some(drawn) = bench.frame() else {
            return false;
        };
        self.ms.push(work_ms() - before);
        let area: u32 = drawn
            .damage
            .iter()
            .map(|rect| rect.width * rect.height)
            .sum();
        self.share += f64::from(area) / f64::from(1920 * 1080);
        true
    }

    fn print(mut self, name: &str) {
        self.ms.sort_by(f64::total_cmp);
        let at = |part: usize| self.ms[(self.ms.len() * part / 100).min(self.ms.len() - 1)];
        println!(
            "{name:28} median {:6.2}  p95 {:6.2}  max {:6.2} ms  {:5.1} % of the screen, {} frames",
            at(50),
            at(95),
            at(100),
            self.share / self.ms.len() as f64 * 100.0,
            self.ms.len(),
        );
    }
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.unwrap_or("VmRSS: ?").replace('\t', " ")
}

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
    bench.show(Screen::Opening(common::opening(None)));
    bench.settle();
    let mut opening = Costs::default();
    for _ in 0..200 {
        opening.frame(&mut bench);
    }
    opening.print("opening, a light wanders");

    bench.show(home(1, 0));
    bench.settle();
    let idle = (0..600).filter(|_| bench.frame().is_some()).count();
    println!("idle: {idle} redraws in 600 frames; {}", resident());
}
