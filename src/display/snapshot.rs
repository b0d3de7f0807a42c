//! A still of the screen, for the control API and for tests.

/// What a screen showed: rows of `width` pixels, 0x00RRGGBB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u32>,
}

impl Snapshot {
    /// Bytes R, G, B of each pixel.
    pub fn rgb(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for pixel in &self.pixels {
            bytes.extend_from_slice(&pixel.to_be_bytes()[1..]);
        }
        bytes
    }

    /// As a PNG (RFC 2083), 8 bits of red, green and blue; compressed for speed, because someone
    /// is waiting for it.
    ///
    /// # Panics
    /// When `pixels` are not `width` by `height`.
    pub fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&self.rgb()))
            .expect("writing to memory cannot fail, and a screen has pixels");
        file
    }
}
