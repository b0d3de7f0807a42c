//! Listens to a film's sound and notes where people speak.
//!
//! The ear is `earshot`, a small network made for this: it runs some thousand times faster than
//! the film, and music alone it mostly lets pass. Sound comes in pieces of any length, in play
//! order or not: where a piece does not follow the one before, it begins anew there. It holds a
//! few KiB beside what it notes.

use std::fmt;
use std::time::Duration;

use earshot::Detector;

use crate::speech::{STEP, Speech};

/// The sound it takes: mono, 16 bits, of this rate.
pub const SAMPLES_PER_SEC: u32 = 16_000;

/// Samples in one step.
const STEP_SAMPLES: usize = SAMPLES_PER_SEC as usize * STEP.as_millis() as usize / 1000;

/// A piece that begins this near the end of the last goes on from it: positions are rounded, and
/// containers count in milliseconds.
const JOINT_SAMPLES: u64 = SAMPLES_PER_SEC as u64 / 50;

/// Steps after a beginning that say nothing yet: the detector looks back on half a second.
const DEAF_STEPS: usize = 30;

pub struct Listener {
    detector: Box<Detector>,
    speech: Speech,
    /// Samples of the step that is not whole yet.
    rest: Vec<i16>,
    /// Position in samples of what follows the rest.
    next: u64,
    deaf: usize,
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Default for Listener {
    fn default() -> Listener {
        Listener {
            detector: Box::default(),
            speech: Speech::default(),
            rest: Vec::with_capacity(STEP_SAMPLES),
            next: 0,
            deaf: 0,
        }
    }
}

impl Listener {
    /// Hears a piece of the film's sound that begins at `position`.
    pub fn hear(&mut self, position: Duration, samples: &[i16]) {
        let at = (position.as_secs_f64() * f64::from(SAMPLES_PER_SEC)).round() as u64;
        let mut samples = samples;
        if at.abs_diff(self.next) > JOINT_SAMPLES {
            self.detector.reset();
            self.rest.clear();
            self.deaf = DEAF_STEPS;
            // From the next border of steps on.
            let skipped = (STEP_SAMPLES - at as usize % STEP_SAMPLES) % STEP_SAMPLES;
            samples = samples.get(skipped..).unwrap_or_default();
            self.next = at + skipped as u64;
        }
        for part in Parts(samples, STEP_SAMPLES - self.rest.len()) {
            self.rest.extend_from_slice(part);
            self.next += part.len() as u64;
            if self.rest.len() == STEP_SAMPLES {
                self.step();
            }
        }
    }

    /// What was noted so far.
    pub fn speech(&self) -> &Speech {
        &self.speech
    }

    fn step(&mut self) {
        let probability = self.detector.predict_i16(&self.rest);
        self.rest.clear();
        if self.deaf > 0 {
            self.deaf -= 1;
        } else {
            let step = (self.next / STEP_SAMPLES as u64) as usize - 1;
            self.speech.set(step, probability);
        }
    }
}

/// Cuts samples at the borders of steps; the first part is what the step that is open lacks.
struct Parts<'s>(&'s [i16], usize);

impl<'s> Iterator for Parts<'s> {
    type Item = &'s [i16];

    fn next(&mut self) -> Option<&'s [i16]> {
        let (part, left) = self.0.split_at(self.1.min(self.0.len()));
        (self.0, self.1) = (left, STEP_SAMPLES);
        (!part.is_empty()).then_some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone that wavers, so that no two steps are the same.
    fn sound(samples: usize) -> Vec<i16> {
        let wave = |i: usize| {
            let t = i as f64 / f64::from(SAMPLES_PER_SEC);
            (8000.0 * (t * 1400.0).sin() * (t * 23.0).sin()) as i16
        };
        (0..samples).map(wave).collect()
    }

    fn heard(pieces: &[(usize, &[i16])]) -> Speech {
        let mut listener = Listener::default();
        for (at, samples) in pieces {
            let rate = f64::from(SAMPLES_PER_SEC);
            listener.hear(Duration::from_secs_f64(*at as f64 / rate), samples);
        }
        listener.speech().clone()
    }

    #[test]
    fn pieces_of_any_length_are_heard_as_one() {
        let sound = sound(40_000);
        let whole = heard(&[(0, &sound)]);
        assert_eq!(whole.steps(), 40_000 / STEP_SAMPLES);
        for length in [1, 255, 256, 257, 10_000] {
            let pieces: Vec<_> = sound.chunks(length).enumerate().collect();
            let pieces: Vec<_> = pieces
                .iter()
                .map(|(nth, piece)| (nth * length, *piece))
                .collect();
            assert_eq!(heard(&pieces), whole, "{length}");
        }
        // Positions a few milliseconds beside the truth.
        assert_eq!(heard(&[(0, &sound[..9000]), (9100, &sound[9000..])]), whole);
    }

    #[test]
    fn after_a_jump_it_notes_only_what_it_can_know() {
        let sound = sound(STEP_SAMPLES * 50);
        let speech = heard(&[(0, &sound), (STEP_SAMPLES * 100 - 7, &sound)]);
        let known: Vec<usize> = (0..200)
            .filter(|step| speech.get(*step).is_some())
            .collect();
        let expected: Vec<usize> = (0..50).chain(100 + DEAF_STEPS..149).collect();
        assert_eq!(known, expected);
        assert_eq!(heard(&[(0, &[])]).steps(), 0);
    }
}
