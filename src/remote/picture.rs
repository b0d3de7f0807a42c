//! The screen as a PNG.
//!
//! Encoding 1080p takes tens of milliseconds of one core: it runs on the runtime's blocking
//! threads, one picture at a time, so that polling clients cannot take the box's cores.

use tokio::sync::Semaphore;

use super::Picture;

/// One at a time; the others wait their turn.
pub(super) struct Encoder(Semaphore);

impl Encoder {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(1))
    }

    /// The PNG's bytes, or what is wrong with the picture.
    pub(super) async fn png(&self, picture: Picture) -> Result<Vec<u8>, String> {
        let _turn = self.0.acquire().await.map_err(|error| error.to_string())?;
        tokio::task::spawn_blocking(move || encode(&picture))
            .await
            .map_err(|error| error.to_string())?
    }
}

fn encode(picture: &Picture) -> Result<Vec<u8>, String> {
    let (width, height) = (picture.width, picture.height);
    let wanted = u64::from(width) * u64::from(height) * 3;
    if wanted == 0 || picture.rgb.len() as u64 != wanted {
        let bytes = picture.rgb.len();
        return Err(format!(
            "a picture of {width}x{height} came with {bytes} bytes"
        ));
    }
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Five times as fast as the default for a third more bytes, on a wall of posters.
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(|error| error.to_string())?;
    writer
        .write_image_data(&picture.rgb)
        .map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_survives() {
        let rgb: Vec<u8> = (0..3 * 5 * 4).collect();
        let png = encode(&Picture {
            width: 5,
            height: 4,
            rgb: rgb.clone(),
        })
        .unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (5, 4));
        assert_eq!(pixels, rgb);
    }

    #[test]
    fn a_wrong_picture_is_told() {
        let short = Picture {
            width: 5,
            height: 4,
            rgb: vec![0; 59],
        };
        assert!(encode(&short).unwrap_err().contains("5x4"));
        let empty = Picture {
            width: 0,
            height: 4,
            rgb: Vec::new(),
        };
        assert!(encode(&empty).is_err());
    }
}
