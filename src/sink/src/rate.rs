//! Pictures a second, as exact fractions.
//!
//! A screen's clock is known to a step only (10 kHz in an EDID, 1 kHz in the kernel), and films are
//! labelled by rounded numbers. What lies within such a step of a rate of the field, that is whole
//! or 1000/1001 of it, is that rate: else no film would ever fit a screen.

use std::cmp::Ordering;
use std::fmt;

/// The step of an EDID's pixel clock is 10 kHz: what is meant is at most half of it away.
const CLOCK_STEP_HALF_HZ: u64 = 5_000;

/// What any screen or film of ours runs at, at most; beyond are mistakes.
const HZ_MAX: u64 = 1_000;

/// Rates of films that labels mean; each is also made 1000/1001 slower.
const FILMS: [u32; 8] = [24, 25, 30, 48, 50, 60, 100, 120];

/// A label is wrong by less than this part: half of what is between 23.976 and 24, halved again.
const LABEL_PARTS: u64 = 4_000;

/// Pictures a second; more than none and at most 1,000.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    // In lowest terms.
    over: u32,
    under: u32,
}

impl Rate {
    /// Whole ones; `hz` is taken into the bounds.
    pub const fn hz(hz: u32) -> Rate {
        let over = if hz == 0 {
            1
        } else if hz as u64 > HZ_MAX {
            HZ_MAX as u32
        } else {
            hz
        };
        Rate { over, under: 1 }
    }

    /// `over / under`, or none where that is no rate or takes more than 32 bits.
    pub fn new(over: u64, under: u64) -> Option<Rate> {
        let common = divisor(over, under);
        let (over, under) = (over.checked_div(common)?, under.checked_div(common)?);
        if over == 0 || under == 0 || over > under.saturating_mul(HZ_MAX) {
            return None;
        }
        Some(Rate {
            over: u32::try_from(over).ok()?,
            under: u32::try_from(under).ok()?,
        })
    }

    /// Of a pixel clock in kHz and the pixels of a whole picture, blanking included: of a field
    /// where it is interlaced.
    pub fn of_clock(clock_khz: u32, pixels: u64) -> Option<Rate> {
        let clock_hz = u64::from(clock_khz) * 1_000;
        let pixels = Some(pixels).filter(|pixels| (1..=u64::from(u32::MAX)).contains(pixels))?;
        let nearest = (clock_hz + pixels / 2) / pixels;
        let whole = clock_hz.abs_diff(nearest * pixels);
        if (1..=HZ_MAX).contains(&nearest) {
            // Both in 1/1001 of a Hz.
            let slower = (clock_hz * 1_001).abs_diff(nearest * 1_000 * pixels);
            let has_twin = nearest.is_multiple_of(6);
            if has_twin && slower < CLOCK_STEP_HALF_HZ * 1_001 && slower < whole * 1_001 {
                return Rate::new(nearest * 1_000, 1_001);
            }
            if whole < CLOCK_STEP_HALF_HZ {
                return Rate::new(nearest, 1);
            }
        }
        Rate::new(clock_hz, pixels)
    }

    /// Of the label of a film: 23.98, 23976/1000 and 24000/1001 are one.
    pub fn of_film(over: u64, under: u64) -> Option<Rate> {
        let said = Rate::new(over, under)?;
        let meant = |hz: &u32| [Rate::hz(*hz), Rate::hz(*hz).slower()];
        let near = |rate: &Rate| said.is_within(*rate, LABEL_PARTS);
        FILMS.iter().flat_map(meant).find(near).or(Some(said))
    }

    /// The same by 1000/1001, as of old colour TV.
    #[must_use]
    pub fn slower(self) -> Rate {
        let slower = Rate::new(u64::from(self.over) * 1_000, u64::from(self.under) * 1_001);
        slower.unwrap_or(self)
    }

    /// Whether CTA-861 has a slower twin of it for every sink: whole multiples of 6 Hz.
    pub fn has_twin(self) -> bool {
        self.under == 1 && self.over.is_multiple_of(6)
    }

    /// Above and below the line of the fraction.
    pub fn parts(self) -> (u32, u32) {
        (self.over, self.under)
    }

    /// Thousandths of a picture a second, rounded.
    pub fn millihertz(self) -> u32 {
        let (over, under) = (u64::from(self.over), u64::from(self.under));
        ((over * 1_000 + under / 2) / under) as u32
    }

    /// Without what is behind the point.
    pub(crate) fn whole_hz(self) -> u32 {
        self.over / self.under
    }

    /// Less than one part of `parts` of the other away.
    fn is_within(self, other: Rate, parts: u64) -> bool {
        let ours = u128::from(self.over) * u128::from(other.under);
        let theirs = u128::from(other.over) * u128::from(self.under);
        ours.abs_diff(theirs) * u128::from(parts) < theirs
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Rate) -> Ordering {
        let ours = u64::from(self.over) * u64::from(other.under);
        ours.cmp(&(u64::from(other.over) * u64::from(self.under)))
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Rate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = self.millihertz();
        let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clocks_are_the_rates_they_mean() {
        let full = 2_200 * 1_125;
        for (clock_khz, pixels, rate) in [
            (148_500, full, "60"),
            // As the kernel rounds it, and as an EDID does.
            (148_352, full, "59.94"),
            (148_350, full, "59.94"),
            (74_176, 2_750 * 1_125, "23.976"),
            (74_250, 2_750 * 1_125, "24"),
            (148_500, 2_640 * 1_125, "50"),
            (27_000, 858 * 525, "59.94"),
            (25_175, 800 * 525, "59.94"),
            // Of no rate of the field: as it is.
            (83_500, 1_680 * 831, "59.81"),
        ] {
            let found = Rate::of_clock(clock_khz, pixels).unwrap();
            assert_eq!(found.to_string(), rate, "{clock_khz} kHz");
        }
        assert_eq!(Rate::of_clock(148_352, full), Some(Rate::hz(60).slower()));
        assert_eq!(Rate::of_clock(0, full), None);
        assert_eq!(Rate::of_clock(1, 0), None);
        assert_eq!(Rate::of_clock(u32::MAX, 1), None);
    }

    #[test]
    fn labels_of_films_are_the_rates_they_mean() {
        let cinema = Rate::hz(24).slower();
        for (over, under) in [(24_000, 1_001), (23_976, 1_000), (2_398, 100)] {
            let found = Rate::of_film(over, under);
            assert_eq!(found, Some(cinema), "{over}/{under}");
        }
        assert_eq!(Rate::of_film(24, 1), Some(Rate::hz(24)));
        assert_eq!(Rate::of_film(2_997, 100), Some(Rate::hz(30).slower()));
        assert_eq!(Rate::of_film(15, 1), Some(Rate::hz(15)));
        // A stream that says nothing.
        assert_eq!(Rate::of_film(0, 1), None);
        assert_eq!(Rate::of_film(1, 0), None);
        assert_eq!(Rate::of_film(90_000, 1), None);
    }

    proptest! {
        #[test]
        fn any_numbers_are_a_rate_in_bounds_or_none(over: u64, under: u64, khz: u32, pixels: u64) {
            for rate in [
                Rate::new(over, under),
                Rate::of_film(over, under),
                Rate::of_clock(khz, pixels),
                Rate::of_clock(khz, pixels % 10_000_000),
            ].into_iter().flatten() {
                prop_assert!(rate <= Rate::hz(1_000));
                prop_assert!(rate.slower() <= rate);
            }
        }

        #[test]
        fn a_clock_of_the_kernel_is_the_rate_it_came_of(
            hz in 20_u32..=240,
            slower: bool,
            width in 1_500_u64..6_000,
            height in 700_u64..3_000,
        ) {
            let meant = if slower && Rate::hz(hz).has_twin() {
                Rate::hz(hz).slower()
            } else {
                Rate::hz(hz)
            };
            let (over, under) = meant.parts();
            let khz = width * height * u64::from(over) / u64::from(under) / 1_000;
            prop_assert_eq!(Rate::of_clock(khz as u32, width * height), Some(meant));
        }
    }
}
