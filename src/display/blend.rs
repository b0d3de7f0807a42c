//! One row of UI over one row of video. Sums stay inside a pixel: a colour above its alpha (which
//! no renderer should make) saturates instead of spilling into its neighbour.

/// Pixels looked at together: a run this long that is clear all over costs one test.
const RUN: usize = 8;

/// Puts `ui` (premultiplied 0xAARRGGBB) over `row` (0x00RRGGBB), pixel by pixel, to the length
/// of the shorter one.
pub(super) fn over(row: &mut [u32], ui: &[u32]) {
    for (row, ui) in row.chunks_mut(RUN).zip(ui.chunks(RUN)) {
        if ui.iter().fold(0, |all, pixel| all | pixel) == 0 {
            continue;
        }
        for (below, above) in row.iter_mut().zip(ui) {
            *below = pixel(*below, *above);
        }
    }
}

/// Red and blue go through one multiplication, green through another: 16 bits each are enough
/// for 8 bits times 8 bits.
#[inline]
fn pixel(below: u32, above: u32) -> u32 {
    const TWO: u32 = 0x00ff_00ff;
    let clear = 255 - (above >> 24);
    let red_blue = (below & TWO) * clear + 0x0080_0080;
    let red_blue = ((red_blue + ((red_blue >> 8) & TWO)) >> 8) & TWO;
    let green = ((below >> 8) & 0xff) * clear + 0x80;
    let green = (green + (green >> 8)) >> 8;
    let red_blue = saturate(red_blue + (above & TWO));
    let green = (green + ((above >> 8) & 0xff)).min(255);
    red_blue | green << 8
}

/// Both 16-bit halves, each at most 0x1fe, cut to 0xff.
#[inline]
fn saturate(red_blue: u32) -> u32 {
    let over = (red_blue >> 8) & 0x0001_0001;
    (red_blue | (over * 0xff)) & 0x00ff_00ff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(below: u32, above: u32) -> [f32; 3] {
        let alpha = (above >> 24) as f32 / 255.0;
        [16, 8, 0].map(|shift| {
            let part = |pixel: u32| ((pixel >> shift) & 0xff) as f32;
            (part(above) + part(below) * (1.0 - alpha)).min(255.0)
        })
    }

    #[test]
    fn every_alpha_over_every_grey_is_right_to_half_a_step() {
        for alpha in 0..=255u32 {
            for grey in 0..=255u32 {
                let below = (grey << 16) | ((255 - grey) << 8) | (grey / 2);
                let above = (alpha << 24) | (alpha << 16) | ((alpha / 2) << 8) | (alpha / 3);
                let got = pixel(below, above);
                let want = exact(below, above);
                for (shift, want) in [16, 8, 0].into_iter().zip(want) {
                    let got = ((got >> shift) & 0xff) as f32;
                    assert!((got - want).abs() <= 0.51, "{alpha} over {grey}");
                }
                assert_eq!(got >> 24, 0);
            }
        }
    }

    #[test]
    fn a_colour_above_its_alpha_stays_in_its_pixel() {
        assert_eq!(pixel(0x00ff_ffff, 0x00ff_ffff), 0x00ff_ffff);
        assert_eq!(pixel(0x0000_00ff, 0x0000_00ff), 0x0000_00ff);
        assert_eq!(pixel(0x00ff_0000, 0x01ff_0000), 0x00ff_0000);
    }

    #[test]
    fn rows_end_with_the_shorter_one() {
        let mut row = vec![0x0010_2030; 19];
        over(&mut row, &[0xffff_ffff; 11]);
        assert_eq!(row[..11], [0x00ff_ffff; 11]);
        assert_eq!(row[11..], [0x0010_2030; 8]);
    }
}
