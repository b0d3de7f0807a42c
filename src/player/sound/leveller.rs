//! How loud samples leave: the viewer's volume, and the night's compressor.
//!
//! The volume is cubic, as ears are: half of it is an eighth of the amplitude. It glides, because a
//! step in a wave is heard as a click. At night what is quiet is raised and what is loud lowered,
//! all channels alike, by how loud the last moments were; what is nearly silent is left alone, for
//! it is noise. Nothing leaves louder than full scale.

/// Frames for which one gain is reckoned: a millisecond and a bit.
const BLOCK: usize = 64;

/// How fast the gain glides to a new volume, in seconds.
const GLIDE_S: f32 = 0.02;

/// How fast loudness is believed: a bang at once, the end of it after a while.
const ATTACK_S: f32 = 0.01;
const RELEASE_S: f32 = 0.6;

/// At night everything is brought nearer to this, in decibels below full scale: about what speech
/// in films has.
const SPEECH_DB: f32 = -27.0;

/// A third of the distance stays.
const KEPT: f32 = 1.0 / 3.0;

const RAISED_MAX_DB: f32 = 15.0;
const LOWERED_MAX_DB: f32 = -24.0;

/// Noise: below the first nothing is raised, above the second all of it.
const NOISE_DB: (f32, f32) = (-70.0, -55.0);

/// What is this loud is cut rather than let through.
const FULL: f32 = 0.98;

/// Below this a gain is silence.
const NOTHING: f32 = 1e-4;

/// What is wanted of the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wanted {
    /// Of the amplitude; 1 leaves it.
    pub(super) gain: f32,
    pub(super) night: bool,
}

/// The gain of that volume, of a hundred.
pub(super) fn gain(volume: u8) -> f32 {
    let share = f32::from(volume.min(100)) / 100.0;
    share * share * share
}

/// Of one stream of samples.
#[derive(Debug, Clone)]
pub(super) struct Leveller {
    channels: usize,
    rate: f32,
    /// The volume's, as far as it has glided; none: nothing has been heard yet.
    volume: Option<f32>,
    /// The mean square of the last moments.
    loudness: f32,
    /// What the last block ended with.
    last: Option<f32>,
}

impl Leveller {
    pub(super) fn new(channels: u32, rate: u32) -> Leveller {
        Leveller {
            channels: channels.max(1) as usize,
            rate: rate.max(1) as f32,
            volume: None,
            loudness: 0.0,
            last: None,
        }
    }

    /// Changes interleaved samples in place.
    pub(super) fn level(&mut self, samples: &mut [f32], wanted: Wanted) {
        for block in samples.chunks_mut(BLOCK * self.channels) {
            let frames = (block.len() / self.channels).max(1);
            let to = self.gain_of(block, frames, wanted);
            let from = self.last.unwrap_or(to);
            self.last = Some(to);
            if is_plain(from) && is_plain(to) {
                continue;
            }
            for (at, frame) in block.chunks_mut(self.channels).enumerate() {
                let share = (at + 1) as f32 / frames as f32;
                let gain = from + (to - from) * share;
                for sample in frame {
                    *sample = (*sample * gain).clamp(-1.0, 1.0);
                }
            }
        }
    }

    /// The gain that this block ends with.
    fn gain_of(&mut self, block: &[f32], frames: usize, wanted: Wanted) -> f32 {
        let passed = frames as f32 / self.rate;
        let volume = self.volume.map_or(wanted.gain, |now| {
            let next = now + (wanted.gain - now) * share(passed, GLIDE_S);
            // It never quite arrives by itself.
            if (next - wanted.gain).abs() < NOTHING {
                wanted.gain
            } else {
                next
            }
        });
        self.volume = Some(volume);
        let square: f32 = block.iter().map(|sample| sample * sample).sum();
        let mean = square / block.len().max(1) as f32;
        let time = if mean > self.loudness {
            ATTACK_S
        } else {
            RELEASE_S
        };
        self.loudness += (mean - self.loudness) * share(passed, time);
        if !wanted.night {
            return volume;
        }
        let gain = 10_f32.powf(night_db(decibels(self.loudness)) / 20.0);
        let peak = block.iter().fold(0.0, |most: f32, it| most.max(it.abs()));
        // A bang is there before it is believed.
        gain.min(FULL / peak.max(FULL / 16.0)) * volume
    }
}

/// It leaves samples as they are.
pub(super) fn is_plain(gain: f32) -> bool {
    (gain - 1.0).abs() < f32::EPSILON
}

/// How much of the way to a value is gone in that time.
fn share(passed: f32, time: f32) -> f32 {
    1.0 - (-passed / time).exp()
}

fn decibels(mean_square: f32) -> f32 {
    10.0 * mean_square.max(1e-12).log10()
}

/// What is added to so loud a sound at night.
fn night_db(loudness: f32) -> f32 {
    let wanted = (SPEECH_DB - loudness) * (1.0 - KEPT);
    let wanted = wanted.clamp(LOWERED_MAX_DB, RAISED_MAX_DB);
    let (none, all) = NOISE_DB;
    let heard = ((loudness - none) / (all - none)).clamp(0.0, 1.0);
    if wanted > 0.0 { wanted * heard } else { wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: u32 = 48_000;
    const PLAIN: Wanted = Wanted {
        gain: 1.0,
        night: false,
    };
    const NIGHT: Wanted = Wanted {
        gain: 1.0,
        night: true,
    };

    /// A tone of that amplitude, in stereo.
    fn tone(seconds: f32, amplitude: f32) -> Vec<f32> {
        let frames = (seconds * RATE as f32) as usize;
        let wave = (0..frames).map(|at| (at as f32 * 0.13).sin() * amplitude);
        wave.flat_map(|sample| [sample, sample]).collect()
    }

    fn loudness(samples: &[f32]) -> f32 {
        let square: f32 = samples.iter().map(|sample| sample * sample).sum();
        decibels(square / samples.len() as f32)
    }

    /// By how much the second half of it is louder after than before.
    fn change(amplitude: f32, wanted: Wanted) -> f32 {
        let before = tone(4.0, amplitude);
        let mut after = before.clone();
        Leveller::new(2, RATE).level(&mut after, wanted);
        let half = before.len() / 2;
        loudness(&after[half..]) - loudness(&before[half..])
    }

    #[test]
    fn the_full_volume_leaves_a_film_as_it_is() {
        let before = tone(0.5, 0.7);
        let mut after = before.clone();
        Leveller::new(2, RATE).level(&mut after, PLAIN);
        assert_eq!(before, after);
    }

    #[test]
    fn the_volume_is_as_ears_hear_it() {
        let half = Wanted {
            gain: gain(50),
            ..PLAIN
        };
        assert!(
            (change(0.5, half) + 18.06).abs() < 0.1,
            "{}",
            change(0.5, half)
        );
        assert_eq!((gain(0), gain(100), gain(255)), (0.0, 1.0, 1.0));
        let mut silent = tone(0.1, 0.5);
        let wanted = Wanted { gain: 0.0, ..PLAIN };
        Leveller::new(2, RATE).level(&mut silent, wanted);
        assert!(silent.iter().all(|sample| *sample == 0.0));
    }

    #[test]
    fn a_new_volume_glides() {
        let mut level = Leveller::new(1, RATE);
        let mut samples = vec![0.5; 4800];
        level.level(&mut samples, PLAIN);
        let mut samples = vec![0.5; 9600];
        level.level(&mut samples, Wanted { gain: 0.0, ..PLAIN });
        let step = samples.windows(2).map(|two| (two[0] - two[1]).abs());
        let most = step.fold(0.0, f32::max);
        assert!(most < 0.01, "a step of {most}");
        assert!(samples[9599] == 0.0, "{}", samples[9599]);
    }

    #[test]
    fn at_night_quiet_and_loud_come_closer() {
        let (loud, speech, quiet) = (
            change(0.9, NIGHT),
            change(0.06, NIGHT),
            change(0.005, NIGHT),
        );
        println!("loud {loud:.1} dB, speech {speech:.1} dB, quiet {quiet:.1} dB");
        assert!(loud < -12.0, "loud: {loud}");
        assert!(speech.abs() < 2.0, "speech: {speech}");
        assert!(quiet > 9.0, "quiet: {quiet}");
        // What nobody should hear is not raised.
        let noise = change(0.0002, NIGHT);
        assert!(noise.abs() < 3.0, "noise: {noise}");
    }

    #[test]
    fn a_bang_in_the_silence_is_no_louder_than_full_scale() {
        let mut samples = tone(2.0, 0.005);
        samples.extend(tone(0.5, 1.0));
        Leveller::new(2, RATE).level(&mut samples, NIGHT);
        let most = samples.iter().fold(0.0, |most: f32, it| most.max(it.abs()));
        assert!(most <= 1.0, "{most}");
    }

    proptest! {
        #[test]
        fn nothing_leaves_louder_than_full_scale(
            samples in proptest::collection::vec(-1.0_f32..=1.0, 0..2000),
            channels in 1..9_u32,
            volume: u8,
            night: bool,
        ) {
            let mut samples = samples;
            let wanted = Wanted { gain: gain(volume), night };
            let mut leveller = Leveller::new(channels, RATE);
            for part in samples.chunks_mut(700) {
                leveller.level(part, wanted);
            }
            prop_assert!(samples.iter().all(|it| it.is_finite() && it.abs() <= 1.0));
        }
    }
}
