//! All screens on one page, from the goldens of the tests: `make screens`.
//!
//! In the order of their names, from left to right and then down. A file that cannot be read is an
//! error with its name.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, overlay, resize};
use image::{Rgb, RgbImage};

/// A screen on the page, in pixels, and what is between two.
const SMALL: (u32, u32) = (320, 180);
const GAP: u32 = 8;
const ABREAST: u32 = 5;

/// Between screens, which are darker.
const PAPER: Rgb<u8> = Rgb([60, 62, 74]);

/// Of a hundred: letters stay sharp.
const QUALITY: u8 = 80;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(here.join("tests/goldens"))?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|it| it == "png"));
    paths.sort();
    let rows = (paths.len() as u32).div_ceil(ABREAST);
    let (width, height) = (SMALL.0 + GAP, SMALL.1 + GAP);
    let mut sheet = RgbImage::from_pixel(ABREAST * width + GAP, rows * height + GAP, PAPER);
    for (at, path) in (0u32..).zip(&paths) {
        let screen = image::open(path).map_err(|why| format!("{}: {why}", path.display()))?;
        let small = resize(&screen.to_rgb8(), SMALL.0, SMALL.1, FilterType::Triangle);
        let (x, y) = (at % ABREAST * width + GAP, at / ABREAST * height + GAP);
        overlay(&mut sheet, &small, x.into(), y.into());
    }
    let out = here.join("contact-sheet.jpg");
    JpegEncoder::new_with_quality(fs::File::create(&out)?, QUALITY).encode_image(&sheet)?;
    println!("{} screens: {}", paths.len(), out.display());
    Ok(())
}
