//! Makes one picture: decodes and scales a poster, or draws one.
//!
//! Runs on the makers' threads. What comes from the world is decoded within limits: a small file
//! can claim to be a picture of a gigapixel.

use std::io::Cursor;

use app::Poster;
use fast_image_resize::{PixelType, ResizeOptions, Resizer, images};
use image::{ImageReader, Limits};
use slint::{Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer};

use super::draw;
use super::{PosterLoader, Subject, Wish};

/// Largest file taken for a poster; the largest that film databases give out are about 6 MB.
const FILE_BYTES_MAX: usize = 16 << 20;
/// Largest side of a poster's picture; databases give out up to 2000 x 3000.
const SIDE_MAX: u32 = 6000;
/// Memory one decoding may take: 2000 x 3000 in RGBA twice over.
const DECODE_BYTES_MAX: u64 = 64 << 20;

pub(crate) struct Finished {
    pub(crate) wish: Wish,
    pub(crate) drawn: bool,
    /// A poster was wanted and could not be had.
    pub(crate) missed: bool,
    raster: Raster,
}

/// Alpha only where it is needed: opaque pictures are copied, others are blended.
pub(crate) enum Raster {
    Opaque(SharedPixelBuffer<Rgb8Pixel>),
    /// Premultiplied.
    Alpha(SharedPixelBuffer<Rgba8Pixel>),
}

impl Finished {
    pub(crate) fn bytes(&self) -> usize {
        match &self.raster {
            Raster::Opaque(pixels) => pixels.as_bytes().len(),
            Raster::Alpha(pixels) => pixels.as_bytes().len(),
        }
    }

    pub(crate) fn image(&self) -> slint::Image {
        match &self.raster {
            Raster::Opaque(pixels) => slint::Image::from_rgb8(pixels.clone()),
            Raster::Alpha(pixels) => slint::Image::from_rgba8_premultiplied(pixels.clone()),
        }
    }
}

pub(crate) fn make(wish: &Wish, load: &PosterLoader) -> Finished {
    let (poster, large) = match &wish.subject {
        Subject::HomeGlow => return glow(wish, &draw::HOME),
        Subject::PageGlow => return glow(wish, &draw::PAGE),
        Subject::Card(_, poster) => (poster, false),
        Subject::Large(_, poster) => (poster, true),
    };
    let (width, height) = (wish.width.max(1), wish.height.max(1));
    let picture = poster
        .as_ref()
        .and_then(|poster| fetched(poster, load, width, height));
    let drawn = picture.is_none();
    let rgb = picture.unwrap_or_else(|| draw::poster(wish));
    Finished {
        wish: wish.clone(),
        drawn,
        missed: drawn && poster.is_some(),
        raster: if large {
            Raster::Alpha(draw::rounded_alpha(&rgb, width, height))
        } else {
            Raster::Opaque(draw::rounded_opaque(&rgb, width, height))
        },
    }
}

fn glow(wish: &Wish, shape: &draw::Glow) -> Finished {
    Finished {
        wish: wish.clone(),
        drawn: false,
        missed: false,
        raster: Raster::Opaque(draw::glow(wish, shape)),
    }
}

/// Red, green, blue of each pixel, cropped to the shape that was asked for.
fn fetched(poster: &Poster, load: &PosterLoader, width: u32, height: u32) -> Option<Vec<u8>> {
    let bytes = load(poster)?;
    match decoded(&bytes, width, height) {
        Ok(rgb) => Some(rgb),
        Err(error) => {
            tracing::warn!(poster = %poster.0, %error, "poster cannot be shown");
            None
        }
    }
}

/// Why a poster's bytes became no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("file of {0} bytes is too large")]
    File(usize),
    #[error(transparent)]
    Picture(#[from] image::ImageError),
    #[error("cannot be scaled: {0}")]
    Scale(String),
}

pub(crate) fn decoded(bytes: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Unusable> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unusable::File(bytes.len()));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(image::ImageError::from)?;
    reader.limits(limits);
    let picture = reader.decode()?.into_rgb8();
    let said = |error: &dyn std::fmt::Display| Unusable::Scale(error.to_string());
    let (from_width, from_height) = picture.dimensions();
    let source =
        images::Image::from_vec_u8(from_width, from_height, picture.into_raw(), PixelType::U8x3)
            .map_err(|error| said(&error))?;
    let mut scaled = images::Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().fit_into_destination(Some((0.5, 0.5)));
    Resizer::new()
        .resize(&source, &mut scaled, &options)
        .map_err(|error| said(&error))?;
    Ok(scaled.into_vec())
}
