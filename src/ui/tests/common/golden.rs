//! A screen as a picture, against the one in `goldens/`. `UPDATE_GOLDENS=1` makes it anew; review
//! is looking at it.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage};
use ui::Ui;

pub const WIDTH: u32 = 1280;
pub const HEIGHT: u32 = 720;
/// How far a channel may be off: another libm rounds another way.
const CHANNEL_OFF_MAX: u8 = 10;
/// How many pixels may be off further, in a million.
const PIXELS_OFF_MAX: u64 = 100;

/// What is wrong with what is drawn, which is put into that folder then; nothing, where the golden
/// one is made anew.
pub fn check(name: &str, ui: &Ui, folder: &str) -> Option<String> {
    let picture = seen(ui);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        save(&picture, &goldens().join(format!("{name}.png")));
        return None;
    }
    let fault = differs(name, &picture)?;
    let at = Path::new(folder).join(format!("{name}.png"));
    save(&picture, &at);
    Some(format!("{fault}; now: {}", at.display()))
}

/// The picture over a film that is light above and dark below.
fn seen(ui: &Ui) -> RgbImage {
    let pixels = ui.pixels();
    RgbImage::from_fn(pixels.width, pixels.height, |x, y| {
        let [a, r, g, b] = pixels.argb[(y * pixels.width + x) as usize].to_be_bytes();
        let light = 210 - 150 * y / pixels.height + (x / 160 + y / 160) % 2 * 20;
        let film = [light * 9 / 10, light, light * 11 / 12];
        let below = |at: usize| (film[at] * (255 - u32::from(a)) / 255) as u8;
        Rgb([
            r.saturating_add(below(0)),
            g.saturating_add(below(1)),
            b.saturating_add(below(2)),
        ])
    })
}

fn goldens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens")
}

/// Why the picture is not the golden one.
fn differs(name: &str, picture: &RgbImage) -> Option<String> {
    let path = goldens().join(format!("{name}.png"));
    let Ok(golden) = image::open(&path) else {
        return Some(format!("{name}: no golden"));
    };
    let golden = golden.into_rgb8();
    if golden.dimensions() != picture.dimensions() {
        return Some(format!("{name}: another size"));
    }
    let off = golden
        .pixels()
        .zip(picture.pixels())
        .filter(|(old, new)| {
            let mut channels = old.0.iter().zip(&new.0);
            channels.any(|(old, new)| old.abs_diff(*new) > CHANNEL_OFF_MAX)
        })
        .count() as u64;
    let all = u64::from(WIDTH) * u64::from(HEIGHT);
    (off * 1_000_000 > PIXELS_OFF_MAX * all).then(|| format!("{name}: {off} pixels differ"))
}

/// Unfiltered compresses a third of the size: dither repeats every 8 pixels of a line.
fn save(picture: &RgbImage, path: &Path) {
    let file = BufWriter::new(File::create(path).unwrap());
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::NoFilter);
    picture.write_with_encoder(encoder).unwrap();
}
