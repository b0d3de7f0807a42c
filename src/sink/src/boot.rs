//! The mode for the wall: with what a screen is lit.
//!
//! The wall is drawn by the processor, and the more pixels the slower it moves: where a TV would
//! have 4K, it gets 1080 lines unless the owner wishes otherwise, and scales them itself. It is
//! never interlaced where anything else is offered, and not at a film's 24 pictures a second, at
//! which a wall stutters.

use std::cmp::Reverse;
use std::str::FromStr;

use crate::rate::Rate;
use crate::timings::Mode;

/// What the wall is drawn for, at most, if nobody wishes more.
const LINES_USUAL: u32 = 1_080;

/// Below, the wall's words are not read from a sofa.
const LINES_MIN: u32 = 480;

/// Where a wall moves well and no power is wasted: from 50 Hz, less a twin's part, to a PC's 75.
const SMOOTH_HZ: std::ops::RangeInclusive<u32> = 47..=76;

/// Lines that a wish may name; of the smallest screen and of 8K.
const WISHED: std::ops::RangeInclusive<u32> = LINES_MIN..=4_320;

/// What the owner wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// None: as is usual.
    pub lines: Option<u32>,
    pub rate: Option<Rate>,
}

/// `auto`, `1080p`, `2160p30`, `720p59.94`.
impl FromStr for Wish {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Wish, Self::Err> {
        const FORM: &str =
            "auto, or lines and pictures a second as in 1080p, 720p50 or 2160p23.976";
        if text == "auto" {
            return Ok(Wish::default());
        }
        let (lines, rate) = text.split_once('p').ok_or(FORM)?;
        let lines = lines
            .parse()
            .ok()
            .filter(|lines| WISHED.contains(lines))
            .ok_or(FORM)?;
        let rate = match rate {
            "" => None,
            rate => Some(label(rate).ok_or(FORM)?),
        };
        Ok(Wish {
            lines: Some(lines),
            rate,
        })
    }
}

/// A rate as people write it, with at most three places.
fn label(text: &str) -> Option<Rate> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse::<u64>().ok()?;
    let whole = u64::from(whole.parse::<u16>().ok()?);
    Rate::of_film(whole * 1_000 + thousandths, 1_000)
}

/// Whether a mode has no more pixels than a screen of 16:9 with so many lines; of the same width,
/// one of 16:10 has a ninth more of them and is as well.
fn fits(mode: &Mode, lines: u32) -> bool {
    // A width is whole pixels: 1,366 of 768 lines.
    mode.height * 9 <= lines * 10 && mode.width * 9 <= (lines + 1) * 16
}

/// Which of the offers a screen is lit with; none: there is none.
///
/// `board_lines` is the most that the board puts out, of a screen of 16:9.
pub fn at_boot(offers: &[Mode], board_lines: u32, wish: &Wish) -> Option<usize> {
    let best = offers.iter().find(|it| it.preferred).or(offers.first())?;
    let lines_max = wish.lines.unwrap_or(LINES_USUAL).min(board_lines);
    let worth = |(_, mode): &(usize, &Mode)| {
        let fits = fits(mode, lines_max);
        let smooth = SMOOTH_HZ.contains(&mode.rate.whole_hz());
        let off_hz = Rate::hz(60).millihertz().abs_diff(mode.rate.millihertz());
        let same_shape = mode.width * best.height == mode.height * best.width;
        let is_best = (mode.width, mode.height) == (best.width, best.height);
        (
            (mode.interlaced, !fits, mode.height < LINES_MIN),
            (
                wish.lines.is_some_and(|lines| lines != mode.height),
                wish.rate.is_some_and(|rate| rate != mode.rate),
            ),
            // All too large: the least of them.
            if fits { 0 } else { mode.height },
            // The screen's own pixels; else its shape, and as many as may be.
            (
                !is_best,
                !same_shape,
                Reverse(mode.height),
                Reverse(mode.width),
            ),
            // Its own rate, if that is one for a wall.
            (!smooth, !(mode.rate == best.rate && smooth), off_hz),
        )
    };
    let chosen = offers.iter().enumerate().min_by_key(worth);
    chosen.map(|(place, _)| place)
}
