//! How fast a server gives: what came over the last seconds, and what it could give.

use std::collections::VecDeque;

/// Samples that the rate is the mean of: three seconds, as the forecast takes rates to mean.
const SAMPLES: usize = 12;
/// Of a second.
pub(crate) const PER_SECOND: u64 = 4;

#[derive(Debug, Default)]
pub(crate) struct Meter {
    came: u64,
    samples: VecDeque<u64>,
    /// Of samples in which somebody was asked all the time.
    busy: VecDeque<u64>,
}

impl Meter {
    pub(crate) fn came(&mut self, bytes: u64) {
        self.came += bytes;
    }

    /// Another quarter of a second is over; `busy`: somebody was asked.
    pub(crate) fn sample(&mut self, busy: bool) {
        let came = std::mem::take(&mut self.came);
        let push = |samples: &mut VecDeque<u64>| {
            if samples.len() == SAMPLES {
                samples.pop_front();
            }
            samples.push_back(came);
        };
        push(&mut self.samples);
        if busy {
            push(&mut self.busy);
        }
    }

    /// Bytes a second.
    pub(crate) fn rate(&self) -> u64 {
        mean(&self.samples)
    }

    /// Bytes a second, when it is asked for all that it has.
    pub(crate) fn capacity(&self) -> u64 {
        mean(&self.busy).max(self.rate())
    }
}

fn mean(samples: &VecDeque<u64>) -> u64 {
    let sum: u64 = samples.iter().sum();
    sum * PER_SECOND / (samples.len() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_ring_does_not_make_a_server_slow() {
        let mut meter = Meter::default();
        for _ in 0..8 {
            meter.came(250_000);
            meter.sample(true);
        }
        assert_eq!((meter.rate(), meter.capacity()), (1_000_000, 1_000_000));
        for _ in 0..20 {
            meter.sample(false);
        }
        assert_eq!((meter.rate(), meter.capacity()), (0, 1_000_000));
    }
}
