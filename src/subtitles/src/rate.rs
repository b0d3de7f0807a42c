//! Frame rates of films, and what a text timed for another rate needs to fit.
//!
//! A cinema film shown on European television runs four percent faster, and its subtitles with
//! it: beside the cinema's copy they drift by two minutes an hour. Only the ratios of real rates
//! can be the cause, so only those are tried; a free stretch would follow noise.

use std::time::Duration;

use crate::cues::Cues;

/// Pictures a second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Rate(f64);

impl Rate {
    /// NTSC's copy of the cinema's 24.
    pub const CINEMA: Rate = Rate(24_000.0 / 1001.0);

    /// The rates that films and their texts are made for.
    const KNOWN: [Rate; 4] = [
        Rate::CINEMA,
        Rate(24.0),
        Rate(25.0),
        Rate(30_000.0 / 1001.0),
    ];

    /// A rate that a file, a site or a container says: "23.98" is the known one near it. None
    /// for what no film has.
    pub fn of(per_sec: f64) -> Option<Rate> {
        // 23.976 and 24 are 0.024 apart.
        let near = |known: &&Rate| (known.0 - per_sec).abs() < 0.011;
        let known = Self::KNOWN.iter().find(near).copied();
        known.or((5.0..=240.0).contains(&per_sec).then_some(Rate(per_sec)))
    }

    pub fn per_sec(self) -> f64 {
        self.0
    }

    /// How much longer the times of a text made for this rate are in a film of rate `film`.
    pub fn scale_to(self, film: Rate) -> f64 {
        self.0 / film.0
    }
}

/// Every stretch that two rates can ask for, the likely ones first: none (1.0), then between the
/// cinema's copy and European television, then by how little it stretches.
pub fn scales() -> Vec<f64> {
    let rates = Rate::KNOWN;
    let ratios = rates
        .iter()
        .flat_map(|from| rates.iter().map(|to| from.scale_to(*to)));
    let television = Rate(25.0);
    let common = [
        1.0,
        television.scale_to(Rate::CINEMA),
        Rate::CINEMA.scale_to(television),
    ];
    let mut ratios: Vec<f64> = ratios.collect();
    ratios.sort_by(|a, b| a.ln().abs().total_cmp(&b.ln().abs()));
    let mut scales: Vec<f64> = Vec::new();
    for scale in common.into_iter().chain(ratios) {
        // 24/23.976 is 30/29.97 in other words.
        if scales.iter().all(|known| (known - scale).abs() > 1e-6) {
            scales.push(scale);
        }
    }
    scales
}

/// The last text of a film is said this far into it, at least: credits take a tenth.
const LAST_SAID_MIN: f64 = 0.9;

/// The stretch that a film's length asks for, where it leaves no doubt: texts that go on after
/// the film has ended. Texts that end early say nothing; a film may end in silence.
pub fn scale_by_length(cues: &Cues, film: Duration) -> Option<f64> {
    let (said, film) = (cues.end().as_secs_f64(), film.as_secs_f64());
    // Two seconds for a text that outlasts the picture; less of a drift is none in such a film.
    if said <= film + 2.0 || film < 60.0 {
        return None;
    }
    let fits = |scale: &f64| (LAST_SAID_MIN..=1.001).contains(&(said * scale / film));
    let fitting: Vec<f64> = scales().into_iter().filter(fits).collect();
    // To a length 23.976 and 24 are one; copies with 23.976 are far more, and stretch more.
    let most = fitting.iter().copied().min_by(f64::total_cmp)?;
    let one = fitting
        .iter()
        .all(|scale| (scale / most - 1.0).abs() < 0.002);
    one.then_some(most)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::cues::Cue;

    #[test]
    fn rates_are_known_by_what_is_near() {
        for (said, rate) in [(23.976, 24_000.0 / 1001.0), (23.98, 24_000.0 / 1001.0)] {
            assert_eq!(
                Rate::of(said).unwrap().per_sec().to_bits(),
                f64::to_bits(rate)
            );
        }
        assert_eq!(Rate::of(24.0), Some(Rate(24.0)));
        assert_eq!(Rate::of(15.0), Some(Rate(15.0)));
        for none in [0.0, -25.0, 1e9, f64::NAN] {
            assert_eq!(Rate::of(none), None);
        }
        let scale = Rate::of(25.0).unwrap().scale_to(Rate::CINEMA);
        assert!((scale - 1.042_708).abs() < 1e-5);
    }

    #[test]
    fn stretches_are_the_ratios_of_rates_and_none_comes_first() {
        let scales = scales();
        assert!((scales[0] - 1.0).abs() < 1e-12);
        assert_eq!(scales.len(), 13);
        assert!(scales.iter().all(|scale| (0.79..1.26).contains(scale)));
    }

    #[test]
    fn texts_that_outlast_the_film_are_too_slow() {
        let hours = Duration::from_secs(2 * 3600);
        let ending = |at: f64| {
            let at = hours.mul_f64(at);
            Cues::new(vec![Cue::plain(at - Duration::from_secs(2), at, "The end")])
        };
        for fine in [0.8, 0.99, 1.0] {
            assert_eq!(scale_by_length(&ending(fine), hours), None, "{fine}");
        }
        assert_eq!(scale_by_length(&ending(1.5), hours), None);
        for (at, from, to) in [
            (1.03, 23.976, 25.0),
            (1.005, 23.976, 25.0),
            (1.12, 25.0, 29.97),
        ] {
            let scale = Rate::of(from).unwrap().scale_to(Rate::of(to).unwrap());
            assert_eq!(scale_by_length(&ending(at), hours), Some(scale), "{at}");
        }
    }
}
