//! Real voices, as far as a machine has them: espeak-ng speaks the lines of a made film over made
//! music, the detector listens, and the texts are fitted to what it heard.
//!
//! espeak-ng comes with `image/host-packages test`; without it this fails.

use std::process::Command;
use std::time::Duration;

use subtitles::{Listener, SAMPLES_PER_SEC, Speech};

use crate::film::{self, Dice, Film, Line, Trouble};
use crate::{MINUTES, PAL, Tally, fitted, heading};

const RATE: f64 = SAMPLES_PER_SEC as f64;

const SENTENCES: [&str; 12] = [
    "Where have you been all night?",
    "I waited for you until the morning.",
    "No.",
    "We cannot go back to the village, not after what has happened.",
    "Do you remember the old house by the river?",
    "Listen to me.",
    "They said that the ship would leave at noon, and nobody came.",
    "What?",
    "I have never seen anything like it in my whole life.",
    "Close the door, please, it is cold outside.",
    "You are right. Forgive me.",
    "There is something that I should have told you a long time ago.",
];

/// The voices of a film: languages and speakers, slow and fast.
const VOICES: [&[&str]; 4] = [
    &["-v", "en-us", "-s", "150"],
    &["-v", "en-gb+f3", "-s", "170", "-p", "60"],
    &["-v", "en-us+m3", "-s", "185", "-p", "35"],
    &["-v", "en-gb+f4", "-s", "160"],
];

/// What espeak-ng says, at the listener's rate, without the silence around it.
fn said(sentence: &str, voice: &[&str]) -> Vec<f64> {
    let output = Command::new("espeak-ng")
        .args(voice)
        .args(["--stdout", sentence])
        .output();
    let wave = output
        .expect("espeak-ng is there: image/host-packages test")
        .stdout;
    let rate = f64::from(u32::from_le_bytes(wave[24..28].try_into().unwrap()));
    let data = wave.windows(4).position(|mark| mark == b"data").unwrap() + 8;
    let (pairs, _) = wave[data..].as_chunks::<2>();
    let samples: Vec<f64> = pairs
        .iter()
        .map(|pair| f64::from(i16::from_le_bytes(*pair)))
        .collect();
    let count = (samples.len() as f64 * RATE / rate) as usize;
    let resampled = (0..count).map(|at| {
        let from = at as f64 * rate / RATE;
        let (whole, part) = (from as usize, from.fract());
        samples[whole] * (1.0 - part) + samples.get(whole + 1).copied().unwrap_or(0.0) * part
    });
    let resampled: Vec<f64> = resampled.collect();
    let loud = |sample: &f64| sample.abs() > 300.0;
    let first = resampled.iter().position(loud).unwrap();
    let last = resampled.iter().rposition(loud).unwrap();
    resampled[first..=last].to_vec()
}

/// Chords with overtones, a beat, and hiss, with pauses of their own.
fn music(secs: f64, dice: &mut Dice) -> Vec<f64> {
    let mut samples = vec![0.0; (secs * RATE) as usize];
    let mut at = 0;
    while at < samples.len() {
        let length = (dice.between(0.4, 2.0) * RATE) as usize;
        let root = 110.0 * 2.0_f64.powf((dice.between(0.0, 24.0)).floor() / 12.0);
        let plays = dice.chance(0.8);
        let end = (at + length).min(samples.len());
        for (nth, sample) in samples[at..end].iter_mut().enumerate() {
            let t = nth as f64 / RATE;
            let tone = |ratio: f64| {
                let turn = t * root * ratio * std::f64::consts::TAU;
                turn.sin()
                    + 0.5 * (2.0 * turn).sin()
                    + 0.3 * (3.0 * turn).sin()
                    + 0.2 * (5.0 * turn).sin()
            };
            let chord = tone(1.0) + tone(1.26) + tone(1.498);
            let beat = (-t * 18.0).exp() * dice.between(-3.0, 3.0);
            let hiss = dice.between(-0.2, 0.2);
            let held = (-t * 0.8).exp();
            *sample = if plays {
                chord * held + beat + hiss
            } else {
                hiss
            };
        }
        at = end;
    }
    samples
}

/// Every sentence, of every voice.
type Spoken = Vec<Vec<(&'static str, Vec<f64>)>>;

fn spoken() -> Spoken {
    let sentences = |voice: &&[&str]| SENTENCES.iter().map(|it| (*it, said(it, voice))).collect();
    VOICES.iter().map(sentences).collect()
}

/// A film whose lines are spoken: their ends are where the voice ends.
fn film(spoken: &Spoken, mut sound: Vec<f64>, dice: &mut Dice) -> (Film, Speech) {
    let secs = sound.len() as f64 / RATE;
    let mut lines = Vec::new();
    for line in Film::new(secs, dice).lines {
        let pick = |dice: &mut Dice, of: usize| dice.between(0.0, of as f64) as usize;
        let (text, voice) = &spoken[pick(dice, VOICES.len())][pick(dice, SENTENCES.len())];
        // The one before may speak longer than its line was made.
        let start = lines
            .last()
            .map_or(line.start, |last: &Line| line.start.max(last.end + 0.1));
        let end = start + voice.len() as f64 / RATE;
        if end > secs {
            break;
        }
        let volume = dice.between(0.3, 0.8);
        let at = (start * RATE) as usize;
        for (sample, voice) in sound[at..].iter_mut().zip(voice) {
            *sample += voice * volume;
        }
        lines.push(Line {
            start,
            end,
            text: (*text).to_owned(),
        });
    }
    let mut listener = Listener::default();
    let samples: Vec<i16> = sound
        .iter()
        .map(|it| it.clamp(-32_768.0, 32_767.0) as i16)
        .collect();
    // Buffers of a fifth of a second.
    for (nth, piece) in samples.chunks(SAMPLES_PER_SEC as usize / 5).enumerate() {
        listener.hear(Duration::from_millis(200) * nth as u32, piece);
    }
    (Film { secs, lines }, listener.speech().clone())
}

#[test]
fn spoken_films_are_fitted() {
    heading();
    let none = Trouble {
        music: 0.0,
        unheard: 0.0,
        untold: 0.05,
    };
    let mut all = Tally::default();
    let (spoken, mut dice) = (spoken(), Dice::new(42));
    let music = music(8.0 * MINUTES, &mut dice);
    for (name, loudness) in [
        ("no music", 0.0),
        ("quiet music", 300.0),
        ("loud music", 1500.0),
    ] {
        let mut tally = Tally::default();
        for (offset, scale) in [
            (-60.0, 1.0),
            (-7.7, PAL),
            (0.0, 1.0),
            (3.2, 1.0),
            (21.0, 1.0 / PAL),
            (55.0, 1.0),
        ] {
            // Other words, voices and texts each time.
            let sound = music.iter().map(|sample| sample * loudness).collect();
            let (film, speech) = film(&spoken, sound, &mut dice);
            let cues = film.cues(none, &mut dice);
            let fit = fitted(&film::file(&cues, offset, scale), &speech);
            tally.add(fit, (offset, scale), (0.0, film.secs));
            all.add(fit, (offset, scale), (0.0, film.secs));
        }
        tally.print(&format!("espeak-ng, {name}"));
    }
    assert!(
        all.right * 100 >= all.tried * 95,
        "{} of {}",
        all.right,
        all.tried
    );
    assert_eq!(all.wrong, 0);
}
