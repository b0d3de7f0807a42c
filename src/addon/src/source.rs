//! Where a stream's bytes come from: a torrent, a magnet link, an address, or somewhere this box
//! can only point at.
//!
//! Where an add-on names several, the torrent is taken first, because its bytes are verified; the
//! next one when that is broken.

use serde::ser::{Serialize, SerializeMap, Serializer};
use url::{Url, form_urlencoded};

use crate::bounds::{NAME_MAX_CHARS, TRACKERS_MAX, URL_MAX_BYTES};
use crate::fields::{Fields, words};
use crate::losses::{Losses, Skip};
use crate::text;

/// One source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Torrent(Torrent),
    /// A magnet link as it came, and what it names.
    Magnet {
        link: String,
        info_hash: InfoHash,
    },
    /// http or https: it plays.
    Url(String),
    /// A video of YouTube, by its id.
    YouTube(String),
    /// A page, or another program: http, https, or a `stremio:` link (see [`crate::Link`]).
    External(String),
}

/// A v1 info hash (BEP 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InfoHash(pub [u8; 20]);

/// A file of a torrent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Torrent {
    pub info_hash: InfoHash,
    /// Index in the torrent's list of files, pad files counted; none: its largest video.
    pub file: Option<u32>,
    /// udp, http and https.
    pub trackers: Vec<String>,
    /// Words, or expressions between slashes, that the file's name has, where `file` is none.
    pub file_must_include: Vec<String>,
}

impl Source {
    /// Of a torrent or a magnet link.
    pub fn info_hash(&self) -> Option<InfoHash> {
        match self {
            Source::Torrent(torrent) => Some(torrent.info_hash),
            Source::Magnet { info_hash, .. } => Some(*info_hash),
            _ => None,
        }
    }

    /// # Errors
    /// Why the stream cannot be used.
    pub(crate) fn read(fields: Fields<'_>, losses: &mut Losses) -> Result<Source, Skip> {
        let mut reason = Skip::NoSource;
        let mut told = |skip: Skip| reason = skip;
        if let Some(hash) = fields.line("infoHash").or_else(|| fields.line("infohash")) {
            match InfoHash::parse(&hash) {
                Some(hash) => return Ok(Source::Torrent(Torrent::read(hash, fields, losses))),
                None => told(Skip::BadHash),
            }
        }
        if let Some(url) = fields.get("url").and_then(words) {
            match address(&url) {
                Ok(source) => return Ok(source),
                Err(skip) => told(skip),
            }
        }
        if let Some(id) = fields.id("ytId") {
            return Ok(Source::YouTube(id));
        }
        let outside = ["externalUrl", "androidTvUrl", "tizenUrl", "webosUrl"];
        for url in outside.iter().filter_map(|key| words(fields.get(key)?)) {
            match external(&url) {
                Ok(source) => return Ok(source),
                Err(skip) => told(skip),
            }
        }
        let others = [
            "playerFrameUrl",
            "nzbUrl",
            "rarUrls",
            "zipUrls",
            "7zipUrls",
            "tgzUrls",
            "tarUrls",
        ];
        if reason == Skip::NoSource && others.iter().any(|key| fields.get(key).is_some()) {
            reason = Skip::Unsupported;
        }
        Err(reason)
    }
}

fn address(url: &str) -> Result<Source, Skip> {
    let url = url.trim();
    if url
        .get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:"))
    {
        return magnet(url);
    }
    match text::web(url) {
        Some(url) => Ok(Source::Url(url)),
        None => Err(unusable(url)),
    }
}

fn external(url: &str) -> Result<Source, Skip> {
    let url = url.trim();
    if let Ok(Source::Magnet { link, info_hash }) = address(url) {
        return Ok(Source::Magnet { link, info_hash });
    }
    if url.starts_with("stremio://") && url.len() <= URL_MAX_BYTES {
        return text::id(url).map(Source::External).ok_or(Skip::BadUrl);
    }
    match text::web(url) {
        Some(url) => Ok(Source::External(url)),
        None => Err(unusable(url)),
    }
}

/// Why `url` is not of the web.
fn unusable(url: &str) -> Skip {
    match Url::parse(url) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => Skip::Scheme,
        _ => Skip::BadUrl,
    }
}

fn magnet(link: &str) -> Result<Source, Skip> {
    if link.len() > URL_MAX_BYTES || link.contains(char::is_control) {
        return Err(Skip::BadUrl);
    }
    let query = link
        .split_once('?')
        .map(|(_, query)| query)
        .unwrap_or_default();
    let mut reason = Skip::BadHash;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let topic = name.eq_ignore_ascii_case("xt") || name.starts_with("xt.");
        if let Some(info_hash) = topic.then(|| InfoHash::parse(&value)).flatten() {
            let link = link.to_owned();
            return Ok(Source::Magnet { link, info_hash });
        }
        if topic && value.starts_with("urn:btmh:") {
            reason = Skip::V2Only;
        }
    }
    Err(reason)
}

impl InfoHash {
    /// 40 hex digits or 32 of base32 in any case, with `urn:btih:` before them or without.
    pub fn parse(text: &str) -> Option<InfoHash> {
        let text = text.trim().to_ascii_lowercase();
        let digits = text.strip_prefix("urn:btih:").unwrap_or(&text).as_bytes();
        match digits.len() {
            40 => hex(digits),
            32 => base32(digits),
            _ => None,
        }
        .map(InfoHash)
    }

    /// 40 digits.
    pub fn hex(self) -> String {
        self.0.map(|byte| format!("{byte:02x}")).concat()
    }
}

fn hex(digits: &[u8]) -> Option<[u8; 20]> {
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(hash)
}

/// RFC 4648, lower case.
fn base32(digits: &[u8]) -> Option<[u8; 20]> {
    let mut hash = [0; 20];
    for (bytes, eight) in hash.chunks_mut(5).zip(digits.chunks(8)) {
        let mut value = 0u64;
        for digit in eight {
            let five = match digit {
                b'a'..=b'z' => digit - b'a',
                b'2'..=b'7' => digit - b'2' + 26,
                _ => return None,
            };
            value = value << 5 | u64::from(five);
        }
        bytes.copy_from_slice(&value.to_be_bytes()[3..]);
    }
    Some(hash)
}

impl Torrent {
    fn read(info_hash: InfoHash, fields: Fields<'_>, losses: &mut Losses) -> Torrent {
        let mut trackers = Vec::new();
        for key in ["sources", "announce"] {
            for source in fields.items(key, TRACKERS_MAX, losses) {
                let Some(source) = words(source) else {
                    losses.bad();
                    continue;
                };
                // The hash by itself says nothing new: every torrent is looked for there.
                if source.starts_with("dht:") {
                    continue;
                }
                match tracker(source.strip_prefix("tracker:").unwrap_or(&source)) {
                    Some(url) if trackers.len() == TRACKERS_MAX || trackers.contains(&url) => {}
                    Some(url) => trackers.push(url),
                    None => losses.bad(),
                }
            }
        }
        let file_must_include = fields.list("fileMustInclude", TRACKERS_MAX, losses, |item, _| {
            text::line(item.as_str()?, NAME_MAX_CHARS)
        });
        Torrent {
            info_hash,
            file: fields.small("fileIdx"),
            trackers,
            file_must_include,
        }
    }

    /// As a link for an engine.
    pub fn magnet(&self) -> String {
        let mut link = format!("magnet:?xt=urn:btih:{}", self.info_hash.hex());
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(self.trackers.iter().map(|tracker| ("tr", tracker)));
        if let Some(file) = self.file {
            pairs.append_pair("so", &file.to_string());
        }
        let pairs = pairs.finish();
        if !pairs.is_empty() {
            link.push('&');
            link.push_str(&pairs);
        }
        link
    }
}

/// What of trackers the engine can ask; those of browsers (wss) are none.
fn tracker(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let known = matches!(url.scheme(), "udp" | "http" | "https") && url.has_host();
    let text = String::from(url);
    (known && text.len() <= URL_MAX_BYTES).then_some(text)
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        match self {
            Source::Torrent(torrent) => {
                let hash = torrent.info_hash.hex();
                map.serialize_entry("infoHash", &hash)?;
                if let Some(file) = torrent.file {
                    map.serialize_entry("fileIdx", &file)?;
                }
                let trackers = torrent.trackers.iter().map(|url| format!("tracker:{url}"));
                let sources: Vec<String> = trackers.chain([format!("dht:{hash}")]).collect();
                map.serialize_entry("sources", &sources)?;
                if !torrent.file_must_include.is_empty() {
                    map.serialize_entry("fileMustInclude", &torrent.file_must_include)?;
                }
            }
            Source::Magnet { link, .. } => map.serialize_entry("url", link)?,
            Source::Url(url) => map.serialize_entry("url", url)?,
            Source::YouTube(id) => map.serialize_entry("ytId", id)?,
            Source::External(url) => map.serialize_entry("externalUrl", url)?,
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HASH: &str = "08ada5a7a6183aae1e09d831df6748d566095a10";

    fn read(value: &serde_json::Value) -> Result<Source, Skip> {
        Source::read(Fields::of(value).unwrap(), &mut Losses::default())
    }

    #[test]
    fn hashes_come_in_every_form() {
        let hash = InfoHash::parse(HASH).unwrap();
        assert_eq!(hash.hex(), HASH);
        for text in [
            HASH.to_uppercase().as_str(),
            "BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ",
            "bcw2lj5gda5k4hqj3ay56z2i2vtaswqq ",
            "urn:btih:08ADA5A7A6183AAE1E09D831DF6748D566095A10",
        ] {
            assert_eq!(InfoHash::parse(text), Some(hash), "{text}");
        }
        for text in [
            "",
            "08ada5",
            &HASH.replace('0', "g"),
            "1cw2lj5gda5k4hqj3ay56z2i2vtaswqq",
        ] {
            assert_eq!(InfoHash::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_torrent_is_read_whole() {
        let mut losses = Losses::default();
        let value = json!({
            "infoHash": HASH, "fileIdx": "5", "url": "http://a.example/x",
            "sources": ["tracker:udp://127.0.0.1:8000", format!("dht:{HASH}"), 7,
                "tracker:wss://a.example", "tracker:http://b.example/announce?k=1"],
            "announce": "udp://127.0.0.1:8000",
            "fileMustInclude": ["/720p/i", null]
        });
        let source = Source::read(Fields::of(&value).unwrap(), &mut losses);
        let torrent = Torrent {
            info_hash: InfoHash::parse(HASH).unwrap(),
            file: Some(5),
            trackers: vec![
                "udp://127.0.0.1:8000".into(),
                "http://b.example/announce?k=1".into(),
            ],
            file_must_include: vec!["/720p/i".into()],
        };
        assert_eq!(source, Ok(Source::Torrent(torrent.clone())));
        assert_eq!(losses.bad, 3);
        assert_eq!(
            torrent.magnet(),
            format!(
                "magnet:?xt=urn:btih:{HASH}&tr=udp%3A%2F%2F127.0.0.1%3A8000\
                 &tr=http%3A%2F%2Fb.example%2Fannounce%3Fk%3D1&so=5"
            )
        );
    }

    #[test]
    fn the_next_source_stands_in_for_a_broken_one() {
        let url = Source::Url("https://a.example/f.mp4".into());
        let broken = json!({"infoHash": "08ada5", "url": "https://a.example/f.mp4"});
        assert_eq!(read(&broken), Ok(url));
        let page = Source::External("https://a.example/".into());
        let broken = json!({"url": "rtmp://a.example/x", "externalUrl": "https://a.example"});
        assert_eq!(read(&broken), Ok(page));
        let deep = "stremio:///detail/movie/tt1";
        let external = Ok(Source::External(deep.into()));
        assert_eq!(read(&json!({ "externalUrl": deep })), external);
        let video = Ok(Source::YouTube("eRsGyueVLvQ".into()));
        assert_eq!(read(&json!({"ytId": "eRsGyueVLvQ"})), video);
    }

    #[test]
    fn magnets_are_torrents_under_other_keys() {
        let link = format!("magnet:?dn=a&xt=urn:btih:{}", HASH.to_uppercase());
        for key in ["url", "externalUrl"] {
            let source = read(&json!({ key: link })).unwrap();
            assert_eq!(source.info_hash(), InfoHash::parse(HASH), "{key}");
        }
        let v2 = format!("magnet:?xt=urn:btmh:1220{}", "ab".repeat(32));
        assert_eq!(read(&json!({ "url": v2 })), Err(Skip::V2Only));
        assert_eq!(read(&json!({"url": "magnet:?dn=a"})), Err(Skip::BadHash));
    }

    #[test]
    fn what_cannot_be_played_says_why() {
        for (value, reason) in [
            (json!({}), Skip::NoSource),
            (json!({"infoHash": null, "url": ""}), Skip::BadUrl),
            (json!({"infoHash": "x"}), Skip::BadHash),
            (json!({"url": "ftp://a.example/f.mp4"}), Skip::Scheme),
            (json!({"url": "f.mp4"}), Skip::BadUrl),
            (json!({"externalUrl": "market://details"}), Skip::Scheme),
            (
                json!({"nzbUrl": "https://a.example/f.nzb"}),
                Skip::Unsupported,
            ),
        ] {
            assert_eq!(read(&value), Err(reason), "{value}");
        }
    }
}
