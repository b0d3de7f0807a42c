//! How alike the film's speech and the cues are at every offset at once.
//!
//! Pearson's coefficient over the steps that are known, by Fourier transforms: two sums of
//! products slide along the film, one with the speech and one with the mask of what is known, and
//! all else follows from them. Steps are coarse here; the fine place is found by edges.

use std::sync::Arc;
use std::time::Duration;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::speech::{STEP, Speech};

/// Steps of the speech in one coarse step: 64 ms, a fourth of a short word.
pub(crate) const COARSE: usize = 4;

/// Seconds in a coarse step.
pub(crate) const COARSE_SECS: f64 = COARSE as f64 * STEP.as_millis() as f64 / 1000.0;

pub(crate) struct Correlation {
    /// Coarse steps of the speech.
    length: usize,
    /// Offsets tried to each side, in coarse steps.
    reach: usize,
    forward: Arc<dyn RealToComplex<f32>>,
    backward: Arc<dyn ComplexToReal<f32>>,
    speech: Vec<Complex32>,
    mask: Vec<Complex32>,
    known: f32,
    /// Sum of the squares of the speech about its mean.
    energy: f32,
}

impl Correlation {
    /// None where nothing is known, or all of it is alike.
    pub(crate) fn new(speech: &Speech, reach: Duration) -> Option<Correlation> {
        let reach = (reach.as_secs_f64() / COARSE_SECS).ceil() as usize;
        let (values, mask) = coarse(speech);
        let known: f32 = mask.iter().sum();
        let mean = values.iter().sum::<f32>() / known.max(1.0);
        let centred = values
            .iter()
            .zip(&mask)
            .map(|(value, known)| (value - mean) * known);
        let centred: Vec<f32> = centred.collect();
        let energy: f32 = centred.iter().map(|value| value * value).sum();
        if energy < 1e-3 {
            return None;
        }
        // Room for the offsets: what slides out must not come in again at the other end.
        let size = (values.len() + 2 * reach).next_power_of_two();
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(size);
        let backward = planner.plan_fft_inverse(size);
        let spectrum = |values: &[f32]| transformed(&*forward, values);
        Some(Correlation {
            length: values.len(),
            reach,
            speech: spectrum(&centred),
            mask: spectrum(&mask),
            forward: forward.clone(),
            backward,
            known,
            energy,
        })
    }

    /// The likeness of `spans`, where the texts are spoken in seconds, at each offset from
    /// `-reach` to `reach`.
    pub(crate) fn likeness(&self, spans: &[(f64, f64)]) -> Vec<f32> {
        // Index 0 is `reach` before the film: a text may begin there before it is moved.
        let mut spoken = vec![0.0; self.length + 2 * self.reach];
        let index = |secs: f64| (secs / COARSE_SECS).round() + self.reach as f64;
        for (from, to) in spans {
            let from = index(*from).clamp(0.0, spoken.len() as f64) as usize;
            let to = index(*to).clamp(0.0, spoken.len() as f64) as usize;
            spoken[from..to.max(from)].fill(1.0);
        }
        let spoken = transformed(&*self.forward, &spoken);
        let with_speech = self.slide(&self.speech, &spoken);
        let with_mask = self.slide(&self.mask, &spoken);
        let lags = 0..=2 * self.reach;
        let pearson = lags.map(|lag| {
            // What slides by `lag` stands at `lag - 2 * reach` and wraps around.
            let at = (lag + with_speech.len() - 2 * self.reach) % with_speech.len();
            let texts = with_mask[at];
            let spread = self.energy * (texts - texts * texts / self.known);
            // Two seconds of text at least, and as much without.
            let few = texts.min(self.known - texts) < 2.0 / COARSE_SECS as f32;
            if few {
                0.0
            } else {
                with_speech[at] / spread.sqrt()
            }
        });
        pearson.collect()
    }

    /// Sums of products of `film` and the texts moved by each number of steps.
    fn slide(&self, film: &[Complex32], texts: &[Complex32]) -> Vec<f32> {
        let product = film
            .iter()
            .zip(texts)
            .map(|(film, text)| film * text.conj());
        let mut product: Vec<Complex32> = product.collect();
        let mut sums = self.backward.make_output_vec();
        // Ends of a real signal's spectrum are real; rounding may have left a trace.
        if let Some(last) = product.last_mut() {
            last.im = 0.0;
        }
        product[0].im = 0.0;
        let done = self.backward.process(&mut product, &mut sums);
        done.expect("the lengths are the plan's own");
        let size = sums.len() as f32;
        for sum in &mut sums {
            *sum /= size;
        }
        sums
    }
}

fn transformed(plan: &dyn RealToComplex<f32>, values: &[f32]) -> Vec<Complex32> {
    let mut input = plan.make_input_vec();
    input[..values.len()].copy_from_slice(values);
    let mut spectrum = plan.make_output_vec();
    let done = plan.process(&mut input, &mut spectrum);
    done.expect("the lengths are the plan's own");
    spectrum
}

/// Means over coarse steps, and 1 where all of it is known.
fn coarse(speech: &Speech) -> (Vec<f32>, Vec<f32>) {
    let steps = 0..speech.steps() / COARSE;
    let means = steps.map(|at| {
        let parts = (at * COARSE..(at + 1) * COARSE).map(|step| speech.get(step));
        let sum: Option<f32> = parts.sum();
        sum.map(|sum| sum / COARSE as f32)
    });
    let means = means.map(|mean| (mean.unwrap_or(0.0), if mean.is_some() { 1.0 } else { 0.0 }));
    means.unzip()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The same by its definition.
    fn pearson(speech: &Speech, spans: &[(f64, f64)], lag: i64) -> f64 {
        let (values, mask) = coarse(speech);
        let spoken = |at: usize| {
            let at = at as i64 - lag;
            let on = |(from, to): &(f64, f64)| {
                (from / COARSE_SECS).round() as i64 <= at && at < (to / COARSE_SECS).round() as i64
            };
            f64::from(u8::from(spans.iter().any(on)))
        };
        let pairs = (0..values.len()).filter(|at| mask[*at] > 0.0);
        let pairs: Vec<(f64, f64)> = pairs.map(|at| (values[at].into(), spoken(at))).collect();
        let n = pairs.len() as f64;
        let mean = |pick: fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / n;
        let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let with = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>();
        let both = with(&|pair| (pair.0 - a) * (pair.1 - b));
        let own = with(&|pair| (pair.0 - a).powi(2)) * with(&|pair| (pair.1 - b).powi(2));
        both / own.sqrt()
    }

    #[test]
    fn it_is_pearsons_coefficient_at_every_offset() {
        let mut speech = Speech::default();
        for step in (0..4000).filter(|step| !(1000..1500).contains(step)) {
            speech.set(step, (step * 7919 % 263) as f32 / 262.0);
        }
        let spans = [(0.0, 9.0), (20.0, 26.0), (40.0, 44.0)];
        let correlation = Correlation::new(&speech, Duration::from_secs(10)).unwrap();
        let likeness = correlation.likeness(&spans);
        let reach = (likeness.len() / 2) as i64;
        for (at, found) in likeness.iter().enumerate() {
            let expected = pearson(&speech, &spans, at as i64 - reach);
            assert!(
                (f64::from(*found) - expected).abs() < 1e-4,
                "{at}: {found} {expected}"
            );
        }
    }

    #[test]
    fn there_is_nothing_in_silence() {
        let mut speech = Speech::default();
        assert!(Correlation::new(&speech, Duration::from_secs(1)).is_none());
        (0..1000).for_each(|step| speech.set(step, 0.0));
        assert!(Correlation::new(&speech, Duration::from_secs(1)).is_none());
    }
}
