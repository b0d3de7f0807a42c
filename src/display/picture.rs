//! A decoded picture made ready for the screen: scaled to its place there and turned to RGB.
//!
//! Scaling goes first and works on the planes, because they are half the bytes of RGB, and only
//! when the size differs. Colour is left to the `yuv` crate, with the matrix and range the frame
//! names. It does not know where on the screen the picture goes.

use fast_image_resize::images::{TypedCroppedImage, TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U8, U8x2};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use yuv::{
    YuvBiPlanarImage, YuvConversionMode, YuvPlanarImage, YuvRange, YuvStandardMatrix,
    yuv_nv12_to_bgra, yuv420_to_bgra,
};

use media::{ColourMatrix, PixelFormat, VideoFrame};

/// The frame's planes do not hold what its size and format say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadFrame(String);

/// Scales and converts; keeps its buffers between frames.
#[derive(Debug, Default)]
pub struct Converter {
    resizer: Resizer,
    planes: [Plane; 3],
}

/// One plane in memory of ours, its rows without gaps.
#[derive(Debug, Default)]
struct Plane {
    bytes: Vec<u8>,
    stride: usize,
}

/// One plane as it is read: of the frame itself, or of ours after scaling.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    bytes: &'a [u8],
    stride: usize,
}

impl<'a> View<'a> {
    /// The first bytes of a row.
    pub(super) fn row(&self, number: usize, bytes: usize) -> &'a [u8] {
        let from = number * self.stride;
        &self.bytes[from..from + bytes]
    }
}

impl Converter {
    /// Fills `out` (rows of `width` pixels, 0xFFRRGGBB) with `frame`, scaled to `width` by
    /// `height`.
    ///
    /// # Errors
    /// When a plane is shorter than the frame's size asks for.
    pub fn convert(
        &mut self,
        frame: &VideoFrame,
        (width, height): (u32, u32),
        out: &mut [u32],
    ) -> Result<(), BadFrame> {
        let views = self.planes(frame, (width, height))?;
        to_rgb(frame, views, (width, height), bytemuck::cast_slice_mut(out))
    }

    /// The planes of `frame` in its own format, scaled to `width` by `height`; those that it does
    /// not have are empty.
    ///
    /// # Errors
    /// When a plane is shorter than the frame's size asks for.
    pub(super) fn planes<'a>(
        &'a mut self,
        frame: &'a VideoFrame,
        (width, height): (u32, u32),
    ) -> Result<[View<'a>; 3], BadFrame> {
        let count = match frame.format {
            PixelFormat::I420 => 3,
            PixelFormat::Nv12 => 2,
        };
        for index in 0..count {
            check(frame, index)?;
        }
        let mut views = [View {
            bytes: &[],
            stride: 0,
        }; 3];
        if (frame.width, frame.height) == (width, height) {
            for (index, view) in views.iter_mut().enumerate().take(count) {
                *view = plane(frame, index);
            }
        } else {
            for index in 0..count {
                self.scale(frame, index, (width, height))?;
            }
            for (view, plane) in views.iter_mut().zip(&self.planes).take(count) {
                *view = View {
                    bytes: &plane.bytes,
                    stride: plane.stride,
                };
            }
        }
        Ok(views)
    }

    fn scale(
        &mut self,
        frame: &VideoFrame,
        index: usize,
        screen: (u32, u32),
    ) -> Result<(), BadFrame> {
        let from = shape(frame.format, index, (frame.width, frame.height));
        let to = shape(frame.format, index, screen);
        let source = plane(frame, index);
        let target = &mut self.planes[index];
        if from.bytes == 2 {
            scale_plane::<U8x2>(&mut self.resizer, source, &from, &to, target)
        } else {
            scale_plane::<U8>(&mut self.resizer, source, &from, &to, target)
        }
    }
}

/// Samples of a plane: how many across and down, and bytes each.
struct Shape {
    width: u32,
    height: u32,
    bytes: usize,
}

/// Chroma is halved both ways and rounded up, so odd sizes keep their last row and column.
fn shape(format: PixelFormat, index: usize, (width, height): (u32, u32)) -> Shape {
    match (format, index) {
        (_, 0) => Shape {
            width,
            height,
            bytes: 1,
        },
        (PixelFormat::I420, _) => Shape {
            width: width.div_ceil(2),
            height: height.div_ceil(2),
            bytes: 1,
        },
        (PixelFormat::Nv12, _) => Shape {
            width: width.div_ceil(2),
            height: height.div_ceil(2),
            bytes: 2,
        },
    }
}

fn plane(frame: &VideoFrame, index: usize) -> View<'_> {
    View {
        bytes: frame.planes.plane(index),
        stride: frame.planes.stride(index),
    }
}

fn check(frame: &VideoFrame, index: usize) -> Result<(), BadFrame> {
    let shape = shape(frame.format, index, (frame.width, frame.height));
    let View { bytes, stride } = plane(frame, index);
    let row = shape.width as usize * shape.bytes;
    // The last row may end with its last sample.
    let least = stride
        .saturating_mul((shape.height as usize).saturating_sub(1))
        .saturating_add(row);
    if row == 0 || stride < row || bytes.len() < least {
        return Err(BadFrame(format!(
            "plane {index} of {frame:?} has {} bytes in rows of {stride}",
            bytes.len()
        )));
    }
    Ok(())
}

fn scale_plane<P: InnerPixel + PixelTrait>(
    resizer: &mut Resizer,
    source: View<'_>,
    from: &Shape,
    to: &Shape,
    target: &mut Plane,
) -> Result<(), BadFrame> {
    let refused = |why: &dyn std::fmt::Display| BadFrame(format!("scaling a plane: {why}"));
    target.stride = to.width as usize * to.bytes;
    target.bytes.resize(target.stride * to.height as usize, 0);
    let mut out = TypedImage::<P>::from_buffer(to.width, to.height, &mut target.bytes)
        .map_err(|why| refused(&why))?;
    // Pairs of samples are two colours here, not a grey and its alpha.
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
        .use_alpha(false);

    let whole = source.stride * from.height as usize;
    let tight;
    let (bytes, across) = if source.stride.is_multiple_of(from.bytes) && source.bytes.len() >= whole
    {
        (source.bytes, (source.stride / from.bytes) as u32)
    } else {
        // The scaler wants whole rows of whole samples.
        tight = pack(source, from);
        (&*tight, from.width)
    };
    let padded =
        TypedImageRef::<P>::from_buffer(across, from.height, bytes).map_err(|why| refused(&why))?;
    let view = TypedCroppedImage::new(padded, 0, 0, from.width, from.height)
        .map_err(|why| refused(&why))?;
    resizer
        .resize_typed(&view, &mut out, &options)
        .map_err(|why| refused(&why))
}

fn pack(source: View<'_>, shape: &Shape) -> Vec<u8> {
    let row = shape.width as usize * shape.bytes;
    let mut tight = Vec::with_capacity(row * shape.height as usize);
    for line in source
        .bytes
        .chunks(source.stride)
        .take(shape.height as usize)
    {
        tight.extend_from_slice(&line[..row]);
    }
    tight
}

/// `out` is bytes B, G, R, A: a little-endian 0xAARRGGBB, as every board of ours has it.
fn to_rgb(
    frame: &VideoFrame,
    [y, u, v]: [View<'_>; 3],
    (width, height): (u32, u32),
    out: &mut [u8],
) -> Result<(), BadFrame> {
    let matrix = match frame.matrix {
        ColourMatrix::Bt601 => YuvStandardMatrix::Bt601,
        ColourMatrix::Bt709 => YuvStandardMatrix::Bt709,
        ColourMatrix::Bt2020 => YuvStandardMatrix::Bt2020,
    };
    let range = if frame.full_range {
        YuvRange::Full
    } else {
        YuvRange::Limited
    };
    match frame.format {
        PixelFormat::I420 => {
            let image = YuvPlanarImage {
                y_plane: y.bytes,
                y_stride: y.stride as u32,
                u_plane: u.bytes,
                u_stride: u.stride as u32,
                v_plane: v.bytes,
                v_stride: v.stride as u32,
                width,
                height,
            };
            yuv420_to_bgra(&image, out, width * 4, range, matrix)
        }
        PixelFormat::Nv12 => {
            let image = YuvBiPlanarImage {
                y_plane: y.bytes,
                y_stride: y.stride as u32,
                uv_plane: u.bytes,
                uv_stride: u.stride as u32,
                width,
                height,
            };
            let mode = YuvConversionMode::Balanced;
            yuv_nv12_to_bgra(&image, out, width * 4, range, matrix, mode)
        }
    }
    .map_err(|why| BadFrame(format!("{frame:?}: {why}")))
}
