//! Finds how texts lie on a film by its sound: the offset, and the stretch between frame rates.
//!
//! First for each stretch the likeness of what is spoken in the film and in the texts at every
//! offset (`correlate`); the highest peak of all is the candidate. It is believed only when it
//! stands out from the next best place by more than chance would make it: texts of another film
//! have a highest peak too, but never far above the second. Then the place is made fine by edges:
//! a text stays on the screen after its words are over, so its middle is late, but its beginning
//! is where someone begins to speak.
//!
//! Rejected: dynamic time warping and splits for cut films. They follow noise where they have too
//! much freedom, and a wrong fit is worse than none: the viewer still has the offset by hand.

use std::time::Duration;

use crate::correlate::{COARSE_SECS, Correlation};
use crate::cues::{Cue, Cues};
use crate::rate;
use crate::speech::{STEP, Speech};
use crate::titles::Timing;

/// Where to look, and when to believe it.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Offsets tried to each side.
    pub offset: Duration,
    /// Stretches tried, the likely ones first: of those that fit alike the first is taken.
    pub scales: Vec<f64>,
    /// Sound that must be known before anything is said.
    pub known_min: Duration,
    /// Confidence below which a fit is none.
    pub confidence_min: f64,
}

impl Default for Limits {
    /// A minute to each side, every ratio of frame rates, from two minutes of sound, and once in
    /// 500 wrong.
    fn default() -> Limits {
        Limits {
            offset: Duration::from_secs(60),
            scales: rate::scales(),
            known_min: Duration::from_secs(120),
            confidence_min: 0.998,
        }
    }
}

/// How texts lie on a film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub offset_ms: i64,
    /// Times of the film over times of the file.
    pub scale: f64,
    /// One less the chance that a peak of noise stands out as far.
    pub confidence: f64,
    /// Pearson's coefficient of speech and texts at the place; good films have 0.3 to 0.7.
    pub likeness: f64,
}

impl Fit {
    pub fn timing(&self) -> Timing {
        Timing {
            offset_ms: self.offset_ms,
            scale: self.scale,
        }
    }
}

/// Fewer texts than these make a pattern that noise makes too.
const CUES_MIN: usize = 12;

/// Peaks of noise stand out above the next one by `m` of their deviations with a chance of about
/// exp(-3.5 m): the spacing of the two largest of some thousand independent normal values.
const SPACING: f64 = 3.5;

/// Below this likeness nothing is believed: the sound may be full of voices that no text has.
const LIKENESS_MIN: f64 = 0.12;

/// A peak is as wide as a text is long; the next best place is beside it.
const PEAK_SECS: f64 = 4.0;

/// How far the fine place may be from the coarse one: a text stays up to two seconds too long.
const FINE_SECS: f64 = 1.2;

/// A likelier stretch is kept unless another is more alike by this many deviations of the noise.
const KEPT_DEVIATIONS: f64 = 2.0;

/// Fits `cues` to `speech`; none where it cannot be told.
pub fn align(cues: &Cues, speech: &Speech, limits: &Limits) -> Option<Fit> {
    let talk: Vec<(f64, f64)> = cues.as_slice().iter().filter_map(spoken).collect();
    if talk.len() < CUES_MIN || speech.known() < limits.known_min {
        return None;
    }
    let correlation = Correlation::new(speech, limits.offset)?;
    let peaks: Vec<Peak> = limits
        .scales
        .iter()
        .map(|scale| Peak::of(&correlation, &stretched(&talk, *scale), *scale))
        .collect();
    let best = best(&peaks)?;
    let margin = best.margin(&peaks, speech);
    let confidence = 1.0 - (-SPACING * margin).exp();
    if confidence < limits.confidence_min || best.likeness < LIKENESS_MIN {
        return None;
    }
    let offset = fine(&stretched(&talk, best.scale), speech, best.offset);
    Some(Fit {
        offset_ms: (offset * 1000.0).round() as i64,
        scale: best.scale,
        confidence,
        likeness: best.likeness,
    })
}

/// The best place for one stretch.
struct Peak {
    scale: f64,
    /// In seconds.
    offset: f64,
    likeness: f64,
    /// The likeness at every offset.
    all: Vec<f32>,
}

impl Peak {
    fn of(correlation: &Correlation, talk: &[(f64, f64)], scale: f64) -> Peak {
        let all = correlation.likeness(talk);
        let best = all.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let (at, likeness) = best.map_or((0, 0.0), |(at, likeness)| (at, *likeness));
        Peak {
            scale,
            offset: (at as f64 - (all.len() / 2) as f64) * COARSE_SECS,
            likeness: likeness.into(),
            all,
        }
    }

    /// How far this peak is above the next best place of all stretches, in deviations of the
    /// likeness where it is noise.
    fn margin(&self, peaks: &[Peak], speech: &Speech) -> f64 {
        let (middle, half) = heard(speech);
        let (mut next, mut sum, mut count) = (0.0_f64, 0.0, 0.0_f64);
        for peak in peaks {
            // The same place seen through another stretch lies elsewhere, and is blurred.
            let turn = (self.scale - peak.scale) / self.scale;
            let same = self.offset + turn * (middle - self.offset);
            let blurred = PEAK_SECS + turn.abs() * half;
            for (at, likeness) in peak.all.iter().enumerate() {
                let offset = (at as f64 - (peak.all.len() / 2) as f64) * COARSE_SECS;
                let likeness = f64::from(*likeness);
                if (offset - same).abs() > blurred {
                    next = next.max(likeness);
                    sum += likeness * likeness;
                    count += 1.0;
                }
            }
        }
        let deviation = (sum / count.max(1.0)).sqrt().max(1e-6);
        (self.likeness - next) / deviation
    }
}

/// The first stretch that is as alike as the best is, but for noise.
fn best(peaks: &[Peak]) -> Option<&Peak> {
    let most = peaks
        .iter()
        .map(|peak| peak.likeness)
        .max_by(f64::total_cmp)?;
    let all = &peaks.first()?.all;
    let squares: f64 = all.iter().map(|it| f64::from(*it).powi(2)).sum();
    let noise = (squares / all.len().max(1) as f64).sqrt();
    peaks
        .iter()
        .find(|peak| most - peak.likeness <= KEPT_DEVIATIONS * noise)
}

/// The middle of what is known of the sound, and half its extent, in seconds.
fn heard(speech: &Speech) -> (f64, f64) {
    let mut known = (0..speech.steps()).filter(|step| speech.get(*step).is_some());
    let first = known.next().unwrap_or(0) as f64;
    let last = known.next_back().unwrap_or(0) as f64;
    let secs = STEP.as_secs_f64();
    let half = (last - first) / 2.0 * secs;
    (first * secs + half, half)
}

fn stretched(talk: &[(f64, f64)], scale: f64) -> Vec<(f64, f64)> {
    talk.iter()
        .map(|(from, to)| (from * scale, to * scale))
        .collect()
}

/// Letters spoken in a second, and signs of Chinese, Japanese and Korean.
const LETTERS_PER_SEC: f64 = 14.0;
const SIGNS_PER_SEC: f64 = 5.0;

/// When the words of a cue are spoken, in seconds: from its beginning for as long as they take,
/// not for as long as they can be read. None for what nobody speaks: sounds in brackets, songs.
fn spoken(cue: &Cue) -> Option<(f64, f64)> {
    let mut inside = 0;
    let mut secs = 0.0;
    for c in cue.text.chars() {
        match c {
            '[' | '(' => inside += 1,
            ']' | ')' => inside -= 1,
            '♪' | '♫' | '#' => return None,
            _ if inside > 0 || !c.is_alphanumeric() => {}
            '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => secs += 1.0 / SIGNS_PER_SEC,
            _ => secs += 1.0 / LETTERS_PER_SEC,
        }
    }
    let start = cue.start.as_secs_f64();
    let end = cue.end.as_secs_f64().min(start + secs + 0.3);
    (secs > 0.0).then_some((start, end))
}

/// Sound looked at on each side of where a text begins.
const EDGE_STEPS: usize = 25;

/// Texts come up some 60 ms before the first word, which is what their makers find easy to read,
/// and the detector hears a word 40 ms after it began.
const LEAD_SECS: f64 = 0.1;

/// The offset near `coarse`, in seconds, at which the beginnings of the texts are where speech
/// begins.
fn fine(talk: &[(f64, f64)], speech: &Speech, coarse: f64) -> f64 {
    let sums = Sums::of(speech);
    let step = STEP.as_secs_f64();
    // Only those that begin after a pause have an edge.
    let pause = EDGE_STEPS as f64 * step;
    let paused = |pair: &&[(f64, f64)]| pair[1].0 - pair[0].1 >= pause;
    let starts: Vec<f64> = talk
        .windows(2)
        .filter(paused)
        .map(|pair| pair[1].0)
        .collect();
    let reach = (FINE_SECS / step) as i64;
    let rise = |moved: i64| -> f64 {
        let at = |start: f64| ((start + coarse) / step).round() as i64 + moved;
        starts
            .iter()
            .filter_map(|start| sums.rise(at(*start)))
            .sum()
    };
    let rises: Vec<f64> = (-reach..=reach).map(rise).collect();
    let Some(top) = (0..rises.len()).max_by(|a, b| rises[*a].total_cmp(&rises[*b])) else {
        return coarse;
    };
    // The top is flat and ragged: its middle is where it is above nine tenths.
    let (mut weight, mut moment) = (0.0, 0.0);
    let near = top.saturating_sub(EDGE_STEPS)..(top + EDGE_STEPS + 1).min(rises.len());
    for at in near {
        let above = (rises[at] - 0.8 * rises[top]).max(0.0);
        weight += above;
        moment += above * (at as i64 - reach) as f64;
    }
    if weight <= 0.0 {
        return coarse;
    }
    coarse + moment / weight * step - LEAD_SECS
}

/// Running sums, so that any stretch of speech is summed in two looks.
struct Sums {
    speech: Vec<f64>,
    known: Vec<u32>,
}

impl Sums {
    fn of(speech: &Speech) -> Sums {
        let (mut sums, mut sum, mut count) = ((vec![0.0], vec![0]), 0.0, 0);
        for step in 0..speech.steps() {
            if let Some(probability) = speech.get(step) {
                sum += f64::from(probability);
                count += 1;
            }
            sums.0.push(sum);
            sums.1.push(count);
        }
        Sums {
            speech: sums.0,
            known: sums.1,
        }
    }

    /// Speech after the step less speech before it; none where not all of it is known.
    fn rise(&self, at: i64) -> Option<f64> {
        let at = usize::try_from(at).ok()?;
        let (from, to) = (at.checked_sub(EDGE_STEPS)?, at + EDGE_STEPS);
        let known = self.known.get(to)? - self.known[from];
        let sum = |from: usize, to: usize| self.speech[to] - self.speech[from];
        (known as usize == 2 * EDGE_STEPS).then(|| sum(at, to) - sum(from, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(text: &str) -> Option<(f64, f64)> {
        let (start, end) = (Duration::from_secs(10), Duration::from_secs(14));
        spoken(&Cue::plain(start, end, text))
    }

    #[test]
    fn a_text_is_spoken_for_as_long_as_its_words_take() {
        assert_eq!(cue("[door slams]"), None);
        assert_eq!(cue("♪ la la ♪"), None);
        assert_eq!(cue("- ..."), None);
        let secs = |text| cue(text).map_or(0.0, |(start, end)| end - start);
        assert!((secs("Yes! (sighs)") - 0.514).abs() < 0.01);
        assert!((secs("我们走吧") - 1.1).abs() < 0.01);
        assert!((secs(&"very long ".repeat(20)) - 4.0).abs() < 0.01);
    }

    #[test]
    fn too_little_is_told_nothing_about() {
        let cues = |count: u64| {
            let cue = |nth: u64| {
                let start = Duration::from_secs(nth * 7 + nth * nth % 5);
                Cue::plain(start, start + Duration::from_secs(2), "What did you say?")
            };
            Cues::new((0..count).map(cue).collect())
        };
        let speech = |secs: usize| {
            let mut speech = Speech::default();
            (0..secs * 125 / 2).for_each(|step| speech.set(step, (step / 60 % 2) as f32));
            speech
        };
        let limits = Limits::default();
        assert_eq!(align(&cues(5), &speech(600), &limits), None);
        assert_eq!(align(&cues(60), &speech(100), &limits), None);
        assert_eq!(align(&cues(60), &Speech::default(), &limits), None);
        // A metronome is alike everywhere.
        assert_eq!(align(&cues(60), &speech(600), &limits), None);
    }
}
