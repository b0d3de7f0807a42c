//! Where in a film people speak: one probability for each step, and where nothing is known.
//!
//! Only parts of a film may be here, so what was not heard is told apart from silence; a fit is
//! made from what is known. Bounded: a byte for each step of the longest film.

use std::time::Duration;

/// Length of a step: what the detector of voices takes at once, 256 samples of 16 kHz.
pub const STEP: Duration = Duration::from_millis(16);

/// Steps kept, in bytes too: six hours. What is later in a film adds nothing to a fit.
const STEPS_MAX: usize = 6 * 3600 * 1000 / 16;

const UNKNOWN: u8 = u8::MAX;

/// The loudest a known step is.
const CERTAIN: u8 = UNKNOWN - 1;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speech {
    /// 0 silence, 254 speech, 255 not known.
    steps: Vec<u8>,
}

impl Speech {
    /// Which step a position is in.
    pub fn step_at(position: Duration) -> usize {
        (position.as_millis() / STEP.as_millis()) as usize
    }

    /// Notes the probability of speech, 0 to 1, in a step; beyond six hours it is let go.
    pub fn set(&mut self, step: usize, probability: f32) {
        if step < STEPS_MAX {
            if self.steps.len() <= step {
                self.steps.resize(step + 1, UNKNOWN);
            }
            self.steps[step] = (probability.clamp(0.0, 1.0) * f32::from(CERTAIN)).round() as u8;
        }
    }

    /// None where nothing was heard yet.
    pub fn get(&self, step: usize) -> Option<f32> {
        let step = self.steps.get(step).filter(|step| **step != UNKNOWN)?;
        Some(f32::from(*step) / f32::from(CERTAIN))
    }

    /// Steps up to the last known one.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// How much is known in all.
    pub fn known(&self) -> Duration {
        let known = self.steps.iter().filter(|step| **step != UNKNOWN).count();
        STEP * known as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_heard_is_no_silence() {
        let mut speech = Speech::default();
        speech.set(3, 1.0);
        speech.set(1, 0.0);
        speech.set(STEPS_MAX, 1.0);
        assert_eq!(speech.steps(), 4);
        let steps: Vec<_> = (0..5).map(|step| speech.get(step)).collect();
        assert_eq!(steps, [None, Some(0.0), None, Some(1.0), None]);
        assert_eq!(speech.known(), 2 * STEP);
        assert_eq!(Speech::step_at(Duration::from_millis(33)), 2);
    }
}
