//! Made films: who speaks when, what a detector makes of it, and the texts of a careful maker.
//!
//! Nothing is kind to the fit: texts begin a little before the words and stay after them, sounds
//! and songs have texts and no speech, lines are lost on both sides, edges are late, and music
//! sounds like speech for a fifth to two fifths of the film.

use std::time::Duration;

use subtitles::{Cue, Cues, STEP, Speech};

/// Numbers that look random and are the same each time (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0x5851_f42d_4c95_7f2d));
        // Seeds that are alike part after some rolls.
        (0..20).for_each(|_| {
            dice.roll();
        });
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Evenly between `from` and `to`.
    pub(crate) fn between(&mut self, from: f64, to: f64) -> f64 {
        let unit = (self.roll() >> 11) as f64 / (1_u64 << 53) as f64;
        from + (to - from) * unit
    }

    pub(crate) fn chance(&mut self, of: f64) -> bool {
        self.between(0.0, 1.0) < of
    }
}

/// What somebody says, in seconds of the film.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) text: String,
}

pub(crate) struct Film {
    pub(crate) secs: f64,
    pub(crate) lines: Vec<Line>,
}

/// What the sound and the texts have of errors, each as a part of all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trouble {
    /// Of the film without speech that sounds like it.
    pub(crate) music: f64,
    /// Lines the detector misses.
    pub(crate) unheard: f64,
    /// Lines that have no text.
    pub(crate) untold: f64,
}

impl Film {
    /// Scenes with talk, and scenes without.
    pub(crate) fn new(secs: f64, dice: &mut Dice) -> Film {
        let mut lines = Vec::new();
        let mut at = dice.between(5.0, 60.0);
        while at < secs * 0.96 {
            for _ in 0..dice.between(4.0, 25.0) as usize {
                let letters = dice.between(6.0, 70.0);
                let end = at + letters / dice.between(11.0, 18.0);
                let text = "word ".repeat((letters / 4.0).ceil() as usize);
                lines.push(Line {
                    start: at,
                    end,
                    text,
                });
                // Answers come at once, or after a thought.
                at = end
                    + if dice.chance(0.5) {
                        dice.between(0.1, 0.8)
                    } else {
                        dice.between(0.8, 7.0)
                    };
            }
            at += dice.between(4.0, 70.0);
        }
        lines.retain(|line| line.end < secs);
        Film { secs, lines }
    }

    /// Its texts as they should lie.
    pub(crate) fn cues(&self, trouble: Trouble, dice: &mut Dice) -> Vec<(f64, f64, String)> {
        let mut cues = Vec::new();
        for (nth, line) in self.lines.iter().enumerate() {
            if dice.chance(trouble.untold) {
                continue;
            }
            let next = self.lines.get(nth + 1).map_or(self.secs, |next| next.start);
            let start = line.start - dice.between(0.0, 0.12);
            let end = (line.end + dice.between(0.0, 1.5))
                .max(start + 1.0)
                .min(next.max(line.end));
            cues.push((start, end, line.text.clone()));
            if dice.chance(0.05) && next - end > 4.0 {
                let song = if dice.chance(0.5) {
                    "[door slams]"
                } else {
                    "♪ la la ♪"
                };
                cues.push((end + 1.0, end + 3.0, song.to_owned()));
            }
        }
        cues
    }

    /// What a detector of voices says of its sound.
    pub(crate) fn speech(&self, trouble: Trouble, dice: &mut Dice) -> Speech {
        let step = STEP.as_secs_f64();
        let mut steps = vec![0.0_f64; (self.secs / step) as usize];
        let index = |secs: f64| ((secs / step).max(0.0) as usize).min((self.secs / step) as usize);
        // Music: blocks that flicker between yes and no.
        let mut at = 0.0;
        while at < self.secs {
            let block = dice.between(2.0, 40.0);
            let sounds_like_speech = dice.chance(trouble.music / 0.6);
            let mut inside = at;
            while sounds_like_speech && inside < at + block {
                let flicker = dice.between(0.1, 1.5);
                let value = if dice.chance(0.6) {
                    dice.between(0.5, 1.0)
                } else {
                    0.1
                };
                steps[index(inside)..index(inside + flicker)].fill(value);
                inside += flicker;
            }
            at += block;
        }
        for line in &self.lines {
            if dice.chance(trouble.unheard) {
                continue;
            }
            let (from, to) = (
                line.start + dice.between(0.0, 0.15),
                line.end + dice.between(-0.2, 0.3),
            );
            let mut word = from;
            while word < to {
                let end = (word + dice.between(0.2, 0.7)).min(to);
                steps[index(word)..index(end)].fill(dice.between(0.7, 1.0));
                word = end + dice.between(0.0, 0.1);
            }
        }
        let mut speech = Speech::default();
        for (at, value) in steps.into_iter().enumerate() {
            speech.set(at, (value + dice.between(-0.1, 0.1)) as f32);
        }
        speech
    }
}

/// A file that needs this offset and stretch to lie as `cues` do.
pub(crate) fn file(cues: &[(f64, f64, String)], offset: f64, scale: f64) -> Cues {
    let time = |secs: f64| Duration::try_from_secs_f64((secs - offset) / scale).ok();
    let cue = |(start, end, text): &(f64, f64, String)| {
        Some(Cue::plain(time(*start)?, time(*end)?, text.as_str()))
    };
    Cues::new(cues.iter().filter_map(cue).collect())
}

/// Only what is within `spans`, in seconds, is known.
pub(crate) fn parts(speech: &Speech, spans: &[(f64, f64)]) -> Speech {
    let mut known = Speech::default();
    for step in 0..speech.steps() {
        let at = step as f64 * STEP.as_secs_f64();
        let within = spans.iter().any(|(from, to)| (*from..*to).contains(&at));
        if let (true, Some(value)) = (within, speech.get(step)) {
            known.set(step, value);
        }
    }
    known
}
