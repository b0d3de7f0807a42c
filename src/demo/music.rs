//! The demo's sound: slow chords under a few bells, made of sines.
//!
//! Two voicings of the same piece stand for the two languages, so that a change of the sound track
//! is heard at once: the first is light and has bells, the second lies two octaves lower and hums.
//! A sample depends on its number alone, so the sound can be made in any pieces.

use std::f32::consts::PI;
use std::f64::consts::TAU;

/// Samples a second: what Opus works with inside (RFC 6716, section 2).
pub(super) const RATE: u32 = 48_000;

/// Left and right.
pub(super) const CHANNELS: usize = 2;

/// A chord stands this long, four of them to a chapter of a two-minute film.
const CHORD_S: f32 = 7.5;

/// A bell's beat: eight to a chord.
const BEAT_S: f32 = CHORD_S / 8.0;

/// Semitones above D: D major 9, B minor 7, G major 7, A suspended.
const CHORDS: [[i32; 4]; 4] = [
    [0, 7, 14, 16],
    [-3, 4, 9, 16],
    [-7, 5, 9, 12],
    [-5, 2, 9, 14],
];

/// Which note of the chord each beat rings, an octave up; 9 is a rest.
const BELLS: [[usize; 8]; 4] = [
    [2, 9, 3, 1, 9, 2, 9, 3],
    [3, 9, 9, 2, 1, 9, 3, 9],
    [1, 2, 9, 3, 9, 9, 2, 1],
    [2, 9, 1, 9, 3, 9, 2, 9],
];

/// Whose voicing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voicing {
    /// From the D below the middle C, with bells.
    Light,
    /// Two octaves lower, without.
    Deep,
}

/// Makes any stretch of the piece.
#[derive(Debug)]
pub(super) struct Music {
    voicing: Voicing,
    /// Seconds.
    length: f32,
    sine: Vec<f32>,
}

/// Points of one turn of the sine: steps between them are below the 16th bit.
const POINTS: usize = 16_384;

impl Music {
    pub(super) fn new(voicing: Voicing, length: f32) -> Music {
        let sine = (0..POINTS)
            .map(|at| (at as f64 / POINTS as f64 * TAU).sin() as f32)
            .collect();
        Music {
            voicing,
            length,
            sine,
        }
    }

    /// Appends `count` samples from number `first` on: 16 bits, left and right in turn.
    pub(super) fn render(&self, first: u64, count: usize, out: &mut Vec<i16>) {
        for number in first..first + count as u64 {
            let time = number as f64 / f64::from(RATE);
            let [left, right] = self.sample(time);
            for part in [left, right] {
                // Peaks stay below a quarter of full scale: background, not alarm.
                out.push((part * 8_000.0).clamp(-32_767.0, 32_767.0) as i16);
            }
        }
    }

    fn sample(&self, time: f64) -> [f32; 2] {
        let now = time as f32;
        let place = now / CHORD_S;
        let chord = place as usize;
        let inside = place.fract() * CHORD_S;
        // Chords flow into each other over a second and a half.
        let arrived = smooth((inside / 1.5).min(1.0));
        let mut sum = [0.0; 2];
        self.pad(time, chord, arrived, &mut sum);
        if arrived < 1.0 && chord > 0 {
            self.pad(time, chord - 1, 1.0 - arrived, &mut sum);
        }
        if self.voicing == Voicing::Light {
            self.bells(time, &mut sum);
        }
        // In with the dawn, out with the last three seconds.
        let fade =
            smooth((now / 2.0).min(1.0)) * smooth(((self.length - now) / 3.0).clamp(0.0, 1.0));
        sum.map(|part| part * fade)
    }

    fn turn(&self, time: f64, pitch: f64) -> f32 {
        let phase = (time * pitch).fract();
        self.sine[(phase * POINTS as f64) as usize % POINTS]
    }

    /// Four notes; each ear hears them a hair apart, which makes the chord wide.
    fn pad(&self, time: f64, chord: usize, loud: f32, sum: &mut [f32; 2]) {
        let octaves = match self.voicing {
            Voicing::Light => 0,
            Voicing::Deep => -24,
        };
        for (index, note) in CHORDS[chord % CHORDS.len()].iter().enumerate() {
            let pitch = hertz(note + octaves);
            // Each note swells in its own slow time.
            let swell = 0.75 + 0.25 * (time as f32 * (0.31 + 0.07 * index as f32)).sin();
            let volume = 0.16 * loud * swell;
            sum[0] += self.turn(time, pitch * 0.9985) * volume;
            sum[1] += self.turn(time, pitch * 1.0015) * volume;
            if self.voicing == Voicing::Deep {
                // So low a sine is lost on small speakers; its octave carries it.
                sum[0] += self.turn(time, pitch * 2.0) * volume * 0.5;
                sum[1] += self.turn(time, pitch * 2.003) * volume * 0.5;
            }
        }
    }

    /// The bell of this beat and the end of the one before.
    fn bells(&self, time: f64, sum: &mut [f32; 2]) {
        let beat = (time as f32 / BEAT_S) as usize;
        for beat in [Some(beat), beat.checked_sub(1)].into_iter().flatten() {
            let chord = beat / 8 % CHORDS.len();
            let Some(note) = CHORDS[chord].get(BELLS[chord][beat % 8]) else {
                continue;
            };
            let since = time as f32 - beat as f32 * BEAT_S;
            let strike = (since / 0.006).min(1.0) * (-since * 2.6).exp();
            let rest = smooth(((2.0 * BEAT_S - since) / 0.2).clamp(0.0, 1.0));
            let pitch = hertz(note + 12);
            let tone = self.turn(time, pitch) + 0.3 * self.turn(time, pitch * 2.76);
            let side = if beat.is_multiple_of(2) {
                [0.6, 0.3]
            } else {
                [0.3, 0.6]
            };
            for (part, side) in sum.iter_mut().zip(side) {
                *part += tone * strike * rest * side * 0.5;
            }
        }
    }
}

/// Semitones above the D below the middle C, equal temperament, A at 440 Hz.
fn hertz(semitones: i32) -> f64 {
    146.832_384 * 2f64.powf(f64::from(semitones) / 12.0)
}

fn smooth(share: f32) -> f32 {
    0.5 - 0.5 * (share * PI).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(voicing: Voicing, at: u64) -> Vec<i16> {
        let mut samples = Vec::new();
        Music::new(voicing, 120.0).render(at * u64::from(RATE), RATE as usize, &mut samples);
        samples
    }

    /// How often the left channel goes up through zero: a measure of its pitch.
    fn crossings(samples: &[i16]) -> usize {
        let left: Vec<i16> = samples.iter().copied().step_by(CHANNELS).collect();
        left.windows(2)
            .filter(|pair| pair[0] < 0 && pair[1] >= 0)
            .count()
    }

    #[test]
    fn the_voicings_are_told_apart_by_ear() {
        for at in [5, 40, 100] {
            let (light, deep) = (second(Voicing::Light, at), second(Voicing::Deep, at));
            assert!(crossings(&light) > crossings(&deep) * 3 / 2, "second {at}");
        }
    }

    #[test]
    fn it_is_heard_but_never_loud() {
        for voicing in [Voicing::Light, Voicing::Deep] {
            for at in [3, 33, 77, 110] {
                let peak = second(voicing, at).iter().map(|it| it.unsigned_abs()).max();
                let peak = peak.unwrap_or(0);
                assert!((800..20_000).contains(&peak), "{voicing:?} at {at}: {peak}");
            }
        }
    }

    #[test]
    fn pieces_fit_together() {
        let music = Music::new(Voicing::Light, 10.0);
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        music.render(7, 1000, &mut whole);
        music.render(7, 400, &mut parts);
        music.render(407, 600, &mut parts);
        assert_eq!(whole, parts);
    }
}
