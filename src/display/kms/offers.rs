//! The kernel's modes as offers that are chosen from, with their exact rates.
//!
//! What the kernel calls a mode's rate is rounded to whole Hz: 59.94 and 60 are one to it. What a
//! mode takes is its clock and all its pixels, and that is exact to a kHz.

use drm::control::{Mode, ModeFlags, ModeTypeFlags};
use sink::Rate;

/// A mode as an offer; none: no screen shows it.
pub(super) fn offer(mode: &Mode) -> Option<sink::Mode> {
    let (width, height) = mode.size();
    let flags = mode.flags();
    let interlaced = flags.contains(ModeFlags::INTERLACE);
    let (across, down) = (u64::from(mode.hsync().2), u64::from(mode.vsync().2));
    // Lines may be sent more than once.
    let twice = 1 + u64::from(flags.contains(ModeFlags::DBLSCAN));
    let pixels = across * down * twice * u64::from(mode.vscan().max(1));
    // An interlaced picture is two fields.
    let clock_khz = mode.clock().saturating_mul(1 + u32::from(interlaced));
    Some(sink::Mode {
        interlaced,
        preferred: mode.mode_type().contains(ModeTypeFlags::PREFERRED),
        ..sink::Mode::new(
            u32::from(width),
            u32::from(height),
            Rate::of_clock(clock_khz, pixels)?,
        )
    })
}

/// The modes that are offers, side by side with them.
pub(super) fn offers(modes: &[Mode]) -> (Vec<Mode>, Vec<sink::Mode>) {
    let possible = |mode: &Mode| Some((*mode, offer(mode)?));
    modes.iter().filter_map(possible).unzip()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use drm_ffi::drm_mode_modeinfo;

    /// As the kernel tells it, of which these count.
    fn mode(clock: u32, size: (u16, u16), total: (u16, u16), flags: u32, vscan: u16) -> Mode {
        Mode::from(drm_mode_modeinfo {
            clock,
            hdisplay: size.0,
            hsync_start: size.0 + 8,
            hsync_end: size.0 + 16,
            htotal: total.0,
            hskew: 0,
            vdisplay: size.1,
            vsync_start: size.1 + 2,
            vsync_end: size.1 + 4,
            vtotal: total.1,
            vscan,
            // What the kernel rounds it to is never looked at.
            vrefresh: 1,
            flags,
            type_: 0,
            name: [0; 32],
        })
    }

    #[test]
    fn modes_have_the_rates_of_their_clocks() {
        let (interlaced, doubled) = (1 << 4, 1 << 5);
        let (full, hd) = ((1920, 1080), (1280, 720));
        for (mode, told) in [
            (mode(148_500, full, (2200, 1125), 0, 0), "60"),
            (mode(148_352, full, (2200, 1125), 0, 0), "59.94"),
            (mode(74_176, full, (2750, 1125), 0, 0), "23.976"),
            (mode(74_250, hd, (1980, 750), 0, 0), "50"),
            // Two fields make a picture, and lines may come twice.
            (mode(74_250, full, (2200, 1125), interlaced, 0), "60"),
            (mode(13_500, (720, 240), (858, 262), doubled, 0), "30.027"),
            (mode(148_500, hd, (1650, 750), 0, 2), "60"),
        ] {
            let offer = offer(&mode).unwrap();
            assert_eq!(offer.rate.to_string(), told, "{mode:?}");
            assert_eq!(offer.interlaced, mode.flags().bits() & interlaced != 0);
        }
        assert_eq!(offer(&mode(148_500, full, (0, 0), 0, 0)), None);
        let of_nothing = mode(0, full, (2200, 1125), 0, 0);
        let (modes, offers) = offers(&[of_nothing, mode(74_250, hd, (1650, 750), 0, 0)]);
        assert_eq!((modes.len(), offers.len()), (1, 1));
        assert_eq!((offers[0].width, offers[0].height), (1280, 720));
    }
}
