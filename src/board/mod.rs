//! What the board is, from the file that describes it (`board/NAME/board.toml`), and its front
//! panel.
//!
//! Facts for the core to choose by and for who drives pins (`panel`). A machine without such a file
//! is one of which nothing is known, and that is no mistake.

pub mod panel;
mod pins;

use std::path::Path;

use app::choosing::{Board as Facts, CODECS, Codec, Decoder, HDRS, Hdr};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::small_file::{self, SmallFileError};

/// Where an image has the file of its board.
pub const USUAL_FILE: &str = "/usr/share/matinee/board.toml";

/// A board.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// That of its folder, and of its updates.
    pub name: String,
    /// As people call it.
    pub title: String,
    #[serde(default)]
    decoder: Vec<DecoderFact>,
    #[serde(default)]
    screen: Screen,
    #[serde(default)]
    pub pins: Pins,
    #[serde(default)]
    pub cec: Cec,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DecoderFact {
    #[serde(deserialize_with = "codec")]
    codec: Codec,
    /// Of the chip, not of the processor.
    hardware: bool,
    /// The tallest picture that it keeps up with, at 30 a second.
    lines: u16,
    #[serde(default)]
    ten_bit: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Screen {
    /// The most that it puts out.
    lines: u16,
    /// What it hands to the screen unchanged.
    #[serde(default, deserialize_with = "hdr")]
    hdr: Vec<Hdr>,
    /// Films may have planes of their own: `auto`, or `off` where that is known to go wrong.
    #[serde(default)]
    planes: PlanesFact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PlanesFact {
    #[default]
    Auto,
    Off,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            lines: Facts::default().screen_lines,
            hdr: Vec::new(),
            planes: PlanesFact::default(),
        }
    }
}

/// GPIO lines; none: not wired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// The receiver of the remote.
    pub infrared: Option<u8>,
    /// The button of the front panel.
    pub button: Option<u8>,
    pub led: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cec {
    /// The DRM connector whose TV is talked to.
    pub connector: Option<String>,
}

impl Board {
    /// Reads the file; none when there is none.
    ///
    /// # Errors
    /// It cannot be read, or has a mistake: which line, and what.
    pub fn read(path: &Path) -> Result<Option<Board>, SmallFileError> {
        small_file::parsed(path, "board", |text| {
            toml::from_str(text).map_err(|error| error.to_string())
        })
    }

    /// A film may have a plane of its own, if the card says that it can.
    pub fn has_planes(&self) -> bool {
        self.screen.planes == PlanesFact::Auto
    }

    /// What sources are chosen by.
    pub fn facts(&self) -> Facts {
        let decoder = |fact: &DecoderFact| Decoder {
            codec: fact.codec,
            hardware: fact.hardware,
            lines_max: fact.lines,
            ten_bit: fact.ten_bit,
        };
        Facts {
            decoders: self.decoder.iter().map(decoder).collect(),
            screen_lines: self.screen.lines,
            hdr: self.screen.hdr.clone(),
        }
    }
}

/// One that a decoder can be of: not that of everything else.
fn codec<'de, D: Deserializer<'de>>(from: D) -> Result<Codec, D::Error> {
    let codec = named(&CODECS, &String::deserialize(from)?)?;
    match codec {
        Codec::Other => Err(D::Error::custom("other is no codec of a decoder")),
        codec => Ok(codec),
    }
}

fn hdr<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Hdr>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    names.iter().map(|name| named(&HDRS, name)).collect()
}

fn named<T: Copy, E: Error>(names: &[(&str, T)], word: &str) -> Result<T, E> {
    let found = names.iter().find(|(name, _)| *name == word);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        E::custom(format!("{word:?} is none of {}", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// The folders of `board/`.
    fn boards() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("board");
        let entries = std::fs::read_dir(root).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.is_dir()).collect()
    }

    #[test]
    fn every_board_is_read_and_named_like_its_folder() {
        for folder in boards() {
            let board = Board::read(&folder.join("board.toml")).unwrap().unwrap();
            assert_eq!(board.name, folder.file_name().unwrap().to_str().unwrap());
            // Every film of the bundled catalogue plays on every board.
            let facts = board.facts();
            assert!(facts.decoders.iter().any(|it| it.codec == Codec::H264));
        }
        assert!(boards().len() >= 6);
    }

    #[test]
    fn boards_have_the_same_files() {
        let names = |folder: &PathBuf| {
            let entries = std::fs::read_dir(folder).unwrap();
            let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let all: Vec<_> = boards().iter().map(names).collect();
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:?}");
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board.toml");
        assert_eq!(Board::read(&path).unwrap(), None);
        std::fs::write(&path, "name = \"x\"\ntitle = \"X\"\n[pins]\nled = 300\n").unwrap();
        let told = Board::read(&path).unwrap_err().to_string();
        assert!(told.contains("line 4") && told.contains("300"), "{told}");
        for (planes, has) in [("auto", true), ("off", false)] {
            let head = "name = \"x\"\ntitle = \"X\"\n[screen]\nlines = 720\n";
            std::fs::write(&path, format!("{head}planes = \"{planes}\"\n")).unwrap();
            assert_eq!(Board::read(&path).unwrap().unwrap().has_planes(), has);
        }
        std::fs::write(&path, "name = \"x\"\ntitle = \"X\"\nlde = 3\n").unwrap();
        let told = Board::read(&path).unwrap_err().to_string();
        assert!(told.contains("lde"), "{told}");
        for codec in ["h266", "other"] {
            let decoder = "hardware = false\nlines = 480\n";
            let head = "name = \"x\"\ntitle = \"X\"\n[[decoder]]\n";
            let text = format!("{head}codec = \"{codec}\"\n{decoder}");
            std::fs::write(&path, text).unwrap();
            let told = Board::read(&path).unwrap_err().to_string();
            assert!(told.contains("line 4") && told.contains(codec), "{told}");
        }
    }
}
