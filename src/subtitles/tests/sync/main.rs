//! How well texts are fitted to a film by its sound, on made films and on spoken sound.
//!
//! `cargo test -p matinee-subtitles --test sync -- --nocapture` prints the tables of the README.
#![allow(clippy::unwrap_used)]

mod film;
mod spoken;

use std::time::Duration;

use film::{Dice, Film, Trouble};
use subtitles::{Cues, Fit, Limits, Speech, align};

/// The aim: a text is where it should be to within this, wherever in the film.
const ERROR_MAX_SECS: f64 = 0.1;

/// What came of many fits of one kind.
#[derive(Default)]
struct Tally {
    tried: usize,
    right: usize,
    wrong: usize,
    errors: Vec<f64>,
}

impl Tally {
    /// `truth` is offset and stretch; `span` is the part of the film that counts, in seconds.
    fn add(&mut self, fit: Option<Fit>, truth: (f64, f64), span: (f64, f64)) {
        self.tried += 1;
        let Some(fit) = fit else {
            return;
        };
        let found = |at: f64| {
            let time = (at - truth.0) / truth.1;
            (time * fit.scale + fit.offset_ms as f64 / 1000.0 - at).abs()
        };
        let error = found(span.0).max(found(span.1));
        self.errors.push(error);
        if error <= ERROR_MAX_SECS {
            self.right += 1;
        } else {
            self.wrong += 1;
        }
    }

    fn print(&mut self, what: &str) {
        self.errors.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let nth = (self.errors.len() as f64 * part) as usize;
            self.errors
                .get(nth.min(self.errors.len().saturating_sub(1)))
                .map_or(0.0, |it| it * 1000.0)
        };
        println!(
            "| {what} | {} | {} | {} | {} | {:.0} | {:.0} |",
            self.tried,
            self.right,
            self.wrong,
            self.tried - self.right - self.wrong,
            at(0.5),
            at(0.95)
        );
    }
}

fn heading() {
    println!("| film | fits | within 100 ms | beyond | none claimed | median ms | p95 ms |");
    println!("|---|---|---|---|---|---|---|");
}

fn fitted(cues: &Cues, speech: &Speech) -> Option<Fit> {
    align(cues, speech, &Limits::default())
}

const PAL: f64 = 25.0 * 1001.0 / 24_000.0;
const OFFSETS: [f64; 9] = [-60.0, -37.3, -12.0, -2.5, 0.0, 0.8, 9.1, 31.7, 60.0];
const MINUTES: f64 = 60.0;

const MILD: Trouble = Trouble {
    music: 0.2,
    unheard: 0.05,
    untold: 0.02,
};
const HARD: Trouble = Trouble {
    music: 0.3,
    unheard: 0.15,
    untold: 0.1,
};
const WORST: Trouble = Trouble {
    music: 0.4,
    unheard: 0.25,
    untold: 0.15,
};

#[test]
fn made_films_are_fitted() {
    heading();
    let (mut all, mut seed) = (Tally::default(), 0);
    for (name, trouble) in [
        ("20 % music", MILD),
        ("30 % music", HARD),
        ("40 % music", WORST),
    ] {
        for (stretch, scale) in [
            ("", 1.0),
            (", 23.976 for 25", PAL),
            (", 25 for 23.976", 1.0 / PAL),
        ] {
            let mut tally = Tally::default();
            for offset in OFFSETS.repeat(2) {
                // Each fit has a film of its own.
                seed += 1;
                let mut dice = Dice::new(seed);
                let film = Film::new(dice.between(80.0, 130.0) * MINUTES, &mut dice);
                let speech = film.speech(trouble, &mut dice);
                let cues = film.cues(trouble, &mut dice);
                let fit = fitted(&film::file(&cues, offset, scale), &speech);
                tally.add(fit, (offset, scale), (0.0, film.secs));
                all.add(fit, (offset, scale), (0.0, film.secs));
            }
            tally.print(&format!("{name}{stretch}"));
        }
    }
    assert!(
        all.right * 100 >= all.tried * 95,
        "{} of {}",
        all.right,
        all.tried
    );
    assert!(
        all.wrong * 100 <= all.tried,
        "{} of {} wrong",
        all.wrong,
        all.tried
    );
}

#[test]
fn a_part_of_the_sound_is_enough() {
    heading();
    let mut wrong = (0, 0);
    for (minutes, right_min) in [(3.0, 0), (5.0, 20), (10.0, 60), (20.0, 80)] {
        let mut tally = Tally::default();
        for seed in 0..12 {
            let mut dice = Dice::new(100 + seed);
            let film = Film::new(100.0 * MINUTES, &mut dice);
            let speech = film.speech(HARD, &mut dice);
            let cues = film.cues(HARD, &mut dice);
            let from = dice.between(0.0, film.secs - minutes * MINUTES * 1.3);
            // In two parts, as a cache has them.
            let half = minutes * MINUTES / 2.0;
            let later = from + half * 1.6;
            let spans = [(from, from + half), (later, later + half)];
            for scale in [1.0, PAL] {
                let offset = dice.between(-60.0, 60.0);
                let known = film::parts(&speech, &spans);
                let fit = fitted(&film::file(&cues, offset, scale), &known);
                tally.add(fit, (offset, scale), (from, later + half));
            }
        }
        tally.print(&format!("{minutes} of 100 minutes known"));
        assert!(
            tally.right * 100 >= tally.tried * right_min,
            "{minutes}: {}",
            tally.right
        );
        wrong = (wrong.0 + tally.wrong, wrong.1 + tally.tried);
    }
    assert!(wrong.0 * 100 <= wrong.1, "{wrong:?}");
}

#[test]
fn texts_of_another_film_fit_nowhere() {
    heading();
    let mut tally = Tally::default();
    for seed in 0..50 {
        let mut dice = Dice::new(seed);
        let secs = dice.between(10.0, 130.0) * MINUTES;
        let film = Film::new(secs, &mut dice);
        let other = Film::new(secs, &mut dice);
        let speech = film.speech(HARD, &mut dice);
        for known in [secs, secs * 0.3] {
            let cues = other.cues(HARD, &mut dice);
            let known = film::parts(&speech, &[(0.0, known)]);
            // No place is right.
            let fit = fitted(&film::file(&cues, 0.0, 1.0), &known);
            tally.add(fit, (f64::INFINITY, 1.0), (0.0, secs));
        }
    }
    tally.print("another film's texts");
    assert!(
        tally.wrong * 100 <= tally.tried,
        "{} of {}",
        tally.wrong,
        tally.tried
    );
}

#[test]
fn three_hours_are_fitted() {
    let mut dice = Dice::new(7);
    let film = Film::new(180.0 * MINUTES, &mut dice);
    let speech = film.speech(HARD, &mut dice);
    let cues = film::file(&film.cues(HARD, &mut dice), 12.0, PAL);
    let began = std::time::Instant::now();
    let fit = fitted(&cues, &speech).unwrap();
    println!("three hours in {:?}: {fit:?}", began.elapsed());
    assert!(
        Duration::from_millis(fit.offset_ms as u64).abs_diff(Duration::from_secs(12))
            < Duration::from_millis(100)
    );
}
