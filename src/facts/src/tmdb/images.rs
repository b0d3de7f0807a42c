//! Pictures: where they are, and the size that a place on the screen needs.

use serde_json::Value;

use super::sound;
use crate::lenient;
use crate::{Answer, Fault};

/// Sizes that are taken of one list; there are under ten.
const SIZES_MAX: usize = 32;

/// What a picture is for; each kind has sizes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Picture {
    Poster,
    Backdrop,
    Still,
    Profile,
    Logo,
}

/// Where pictures are, as the configuration tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// `https://image.tmdb.org/t/p/`
    base: String,
    /// Widths in pixels, rising, of each kind.
    widths: [Vec<u16>; 5],
}

impl Default for Images {
    /// As it has been for years; used until the configuration is known.
    fn default() -> Images {
        Images {
            base: "https://image.tmdb.org/t/p/".into(),
            widths: [
                vec![92, 154, 185, 342, 500, 780],
                vec![300, 780, 1280],
                vec![92, 185, 300],
                vec![45, 185],
                vec![45, 92, 154, 185, 300, 500],
            ],
        }
    }
}

impl Images {
    /// # Errors
    /// A [`Fault`] when there is no address of pictures in it.
    pub fn of(answer: &Answer<'_>) -> Result<Images, Fault> {
        let json = sound(answer)?;
        let images = &json["images"];
        let base = lenient::text(&images["secure_base_url"]);
        let base = base.filter(|base| base.starts_with("https://") && base.ends_with('/'));
        let fields = [
            "poster_sizes",
            "backdrop_sizes",
            "still_sizes",
            "profile_sizes",
            "logo_sizes",
        ];
        Ok(Images {
            base: base.ok_or(Fault::Shape("images.secure_base_url"))?,
            widths: fields.map(|field| widths(&images[field])),
        })
    }

    /// The address of a picture at least `width` pixels wide, when there is one so large. `path` is
    /// what facts hold; none when it is no path of a picture.
    pub fn url(&self, path: &str, picture: Picture, width: u16) -> Option<String> {
        let name = path.strip_prefix('/')?;
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if name.is_empty() || name.contains("..") || !name.bytes().all(letter) {
            return None;
        }
        let widths = &self.widths[picture as usize];
        let size = widths.iter().find(|known| **known >= width);
        let size = size.map_or("original".to_owned(), |width| format!("w{width}"));
        Some(format!("{}{size}{path}", self.base))
    }
}

/// Of "w342"; heights ("h632") and "original" are left out.
fn widths(sizes: &Value) -> Vec<u16> {
    let texts = lenient::items(sizes)
        .take(SIZES_MAX)
        .filter_map(Value::as_str);
    let widths = texts.filter_map(|size| size.strip_prefix('w')?.parse().ok());
    let mut widths: Vec<u16> = widths.collect();
    widths.sort_unstable();
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_large_enough() {
        let images = Images::default();
        let url = |path, picture, width| images.url(path, picture, width);
        let base = "https://image.tmdb.org/t/p";
        for (picture, width, size) in [
            (Picture::Poster, 300, "w342"),
            (Picture::Poster, 342, "w342"),
            (Picture::Poster, 1000, "original"),
            (Picture::Backdrop, 1, "w300"),
            (Picture::Still, 301, "original"),
        ] {
            assert_eq!(
                url("/a1.jpg", picture, width).unwrap(),
                format!("{base}/{size}/a1.jpg")
            );
        }
        for path in [
            "",
            "/",
            "a.jpg",
            "/../a.jpg",
            "/a/b.jpg",
            "/a.jpg?x",
            "//evil.example/a",
        ] {
            assert_eq!(url(path, Picture::Poster, 100), None, "{path}");
        }
    }
}
