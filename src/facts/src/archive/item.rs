//! One item: what it is, and which of its files are the film, its subtitles and its torrent.

use serde_json::Value;

use super::licence::Licence;
use super::search::subjects;
use super::{Archive, is_identifier};
use crate::lenient;
use crate::{Answer, Fault, Imdb};

/// Items of whole seasons have lists of files of this size.
const ITEM_MAX_BYTES: usize = 8 << 20;

/// Files that are looked at; items with more are no films.
const FILES_MAX: usize = 10_000;

/// Videos, and subtitles, that are told of one item: a long series has a few hundred.
const TOLD_MAX: usize = 500;

/// Collections of what may be looked at only there, or lent.
const CLOSED: &[&str] = &["stream_only", "inlibrary"];

/// The Archive's words for films' formats, the best first; each is what is made of an upload, or
/// the upload itself.
const FORMATS: &[&str] = &[
    "h.264 HD",
    "h.264",
    "Matroska",
    "MPEG4",
    "WebM",
    "h.264 IA",
    "QuickTime",
    "Ogg Video",
    "MPEG2",
    "MPEG1",
    "Cinepack",
    "DivX",
    "512Kb MPEG4",
    "HiRes MPEG4",
    "256Kb MPEG4",
    "64Kb MPEG4",
];

/// Endings of films whose format has another word.
const ENDINGS: &[&str] = &[
    "mp4", "m4v", "mkv", "webm", "ogv", "avi", "mpg", "mpeg", "mov", "ts", "vob", "wmv", "divx",
];

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    pub id: String,
    pub title: String,
    pub year: Option<u16>,
    pub description: String,
    pub creators: Vec<String>,
    pub subjects: Vec<String>,
    pub languages: Vec<String>,
    pub collections: Vec<String>,
    pub licence: Option<Licence>,
    /// What its uploader says the film is.
    pub imdb: Option<Imdb>,
    pub runtime_s: Option<u32>,
    /// The best first.
    pub videos: Vec<Video>,
    pub subtitles: Vec<Subtitle>,
    pub torrent: Option<Torrent>,
}

/// A file that is a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// With folders, as it is in the torrent.
    pub name: String,
    /// The Archive's word.
    pub format: String,
    pub url: String,
    pub size_bytes: Option<u64>,
    pub length_s: Option<u32>,
    pub width: Option<u16>,
    pub height: Option<u16>,
    /// As it was uploaded.
    pub original: bool,
    /// The file it was made of, or its own name: the same for all versions of one film.
    pub of: String,
    pub sha1: Option<String>,
    /// What its uploader calls it.
    pub title: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtitle {
    pub name: String,
    pub url: String,
    /// The part of its name before the ending, when that may be a language: "en", "fre".
    pub language: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torrent {
    /// v1 info hash, 40 hex digits in small letters.
    pub info_hash: String,
    /// Of the .torrent; it may be older than the item.
    pub url: String,
}

impl Item {
    /// # Errors
    /// `NotFound` also for what must not be shown or lent, which the Archive says with the
    /// status 200.
    pub fn of(archive: &Archive, answer: &Answer<'_>) -> Result<Item, Fault> {
        let json = lenient::json(&answer.checked()?, ITEM_MAX_BYTES)?;
        if let Some(error) = lenient::text(&json["error"]) {
            return Err(lenient::said(&error));
        }
        let about = &json["metadata"];
        let gone = json.as_array().is_some_and(Vec::is_empty)
            || json.as_object().is_some_and(serde_json::Map::is_empty);
        if gone || lenient::truth(&json["is_dark"]) || is_closed(about) {
            return Err(Fault::NotFound);
        }
        let id = lenient::text(&about["identifier"]).filter(|id| is_identifier(id));
        let id = id.ok_or(Fault::Shape("metadata.identifier"))?;
        let description = lenient::texts(&about["description"]).join("\n");
        let mut item = Item {
            title: lenient::text(&about["title"]).unwrap_or_else(|| id.clone()),
            year: lenient::year(&about["year"]).or_else(|| lenient::year(&about["date"])),
            description: lenient::plain(&description),
            creators: lenient::texts(&about["creator"]),
            subjects: subjects(&about["subject"]),
            languages: lenient::texts(&about["language"]),
            collections: lenient::texts(&about["collection"]),
            licence: lenient::text(&about["licenseurl"]).and_then(|url| Licence::of(&url)),
            imdb: imdb(&about["external-identifier"]),
            runtime_s: lenient::text(&about["runtime"]).and_then(|text| seconds(&text)),
            id,
            ..Item::default()
        };
        let files = json["files"].as_array().map_or(&[][..], Vec::as_slice);
        for file in files.iter().take(FILES_MAX) {
            item.take(archive, file);
        }
        item.videos.sort_by_key(Video::rank);
        item.videos.truncate(TOLD_MAX);
        Ok(item)
    }

    fn take(&mut self, archive: &Archive, file: &Value) {
        let text = |field: &str| lenient::text(&file[field]);
        let Some(name) = text("name").filter(|_| !lenient::truth(&file["private"])) else {
            return;
        };
        let Some(url) = archive.download(&self.id, &name) else {
            return;
        };
        let format = text("format").unwrap_or_default();
        let end = name
            .rsplit_once('.')
            .map(|(_, end)| end.to_ascii_lowercase());
        let end = end.unwrap_or_default();
        if format == "Archive BitTorrent" {
            let hash = text("btih").map(|hash| hash.to_ascii_lowercase());
            let hash = hash.filter(|hash| is_hex(hash, 40));
            self.torrent = hash.map(|info_hash| Torrent { info_hash, url });
        } else if matches!(end.as_str(), "srt" | "vtt" | "ass" | "ssa") {
            if self.subtitles.len() < TOLD_MAX {
                let language = language(&name).map(str::to_owned);
                self.subtitles.push(Subtitle {
                    name,
                    url,
                    language,
                });
            }
        } else if FORMATS.contains(&format.as_str()) || ENDINGS.contains(&end.as_str()) {
            // All are kept until they are sorted; `FILES_MAX` bounds them.
            self.videos.push(Video {
                of: text("original").unwrap_or_else(|| name.clone()),
                name,
                format,
                url,
                size_bytes: lenient::whole(&file["size"]),
                length_s: text("length").and_then(|text| seconds(&text)),
                width: lenient::whole(&file["width"]),
                height: lenient::whole(&file["height"]),
                original: text("source").as_deref() == Some("original"),
                sha1: text("sha1").filter(|hash| is_hex(hash, 40)),
                title: text("title"),
            });
        }
    }
}

impl Video {
    /// The smaller the better: sharp before coarse, then by format, the upload before what was
    /// made of it, and by name so that the order is one.
    fn rank(&self) -> impl Ord + use<> {
        let small = ["512Kb MPEG4", "256Kb MPEG4", "64Kb MPEG4"].contains(&self.format.as_str());
        let format = FORMATS.iter().position(|format| *format == self.format);
        (
            small,
            std::cmp::Reverse(self.height.unwrap_or(0)),
            format.unwrap_or(FORMATS.len()),
            !self.original,
            std::cmp::Reverse(self.size_bytes),
            self.name.clone(),
        )
    }
}

fn is_closed(about: &Value) -> bool {
    let closed = |name: &String| CLOSED.contains(&name.as_str());
    lenient::truth(&about["access-restricted-item"])
        || lenient::texts(&about["collection"]).iter().any(closed)
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Of `urn:imdb:tt1727587`.
fn imdb(value: &Value) -> Option<Imdb> {
    let texts = lenient::texts(value);
    texts
        .iter()
        .find_map(|text| text.strip_prefix("urn:imdb:")?.parse().ok())
}

/// "en" of `film.en.srt` and `film_en.srt`.
fn language(name: &str) -> Option<&str> {
    let (stem, _) = name.rsplit_once('.')?;
    let (_, last) = stem.rsplit_once(['.', '_', '-', ' '])?;
    let letters = last.bytes().all(|byte| byte.is_ascii_alphabetic());
    (letters && (2..=3).contains(&last.len())).then_some(last)
}

/// Of "654.33", "10:54", "1:10:54", "95 min".
pub(super) fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    // Two days: longer is a mistake.
    let sound = |seconds: f64| {
        (1.0..=172_800.0)
            .contains(&seconds)
            .then_some(seconds as u32)
    };
    if let Ok(seconds) = text.parse() {
        return sound(seconds);
    }
    if text.contains(':') {
        let parts: Vec<f64> = text
            .split(':')
            .map(|part| part.trim().parse().ok())
            .collect::<Option<_>>()?;
        let fits = parts.len() <= 3 && parts.iter().all(|part| *part >= 0.0);
        return sound(parts.iter().fold(0.0, |all, part| all * 60.0 + part)).filter(|_| fits);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let unit = unit.trim_start().to_ascii_lowercase();
    let number: f64 = number.parse().ok()?;
    match unit {
        _ if unit.starts_with("min") => sound(number * 60.0),
        _ if unit.starts_with("hour") => sound(number * 3600.0),
        _ if unit.starts_with("sec") => sound(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_many_ways() {
        for (text, expected) in [
            ("654.33", Some(654)),
            ("10:54", Some(654)),
            ("1:10:54", Some(4254)),
            ("95 min", Some(5700)),
            ("95 minutes", Some(5700)),
            ("1.5 hours", Some(5400)),
            ("0", None),
            ("-10", None),
            ("1e300", None),
            ("NaN", None),
            ("1:2:3:4", None),
            ("a:b", None),
            ("long", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn names_of_subtitles_may_tell_the_language() {
        for (name, expected) in [
            ("Sintel.en.srt", Some("en")),
            ("dir/Sintel_fre.srt", Some("fre")),
            ("Sintel.srt", None),
            ("Sintel.2010.srt", None),
            ("srt", None),
        ] {
            assert_eq!(language(name), expected, "{name}");
        }
    }
}
