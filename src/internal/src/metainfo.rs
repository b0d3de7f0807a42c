//! What of a .torrent is needed to name a film in it: its hash, its files in their order, and where
//! else its bytes are.
//!
//! A reader of its own, because the engine's belongs to its sockets and reads far more. Bounded: a
//! stranger's file costs no more than its size and a count of values.

use std::collections::BTreeMap;
use std::ops::Range;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// The engine takes no larger one.
pub(crate) const BYTES_MAX: usize = 10 * 1024 * 1024;
/// As of the engine.
const FILES_MAX: usize = 20_000;
/// Numbers, texts, lists and tables; 20,000 files with a hash and a date each have 300,000.
const VALUES_MAX: usize = 400_000;
/// Tables within tables; a list of files is 4 deep.
const DEPTH_MAX: usize = 16;
/// Trackers, and web seeds.
const ADDRESSES_MAX: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Metainfo {
    /// v1 (BEP 3)
    pub(crate) info_hash: [u8; 20],
    pub(crate) name: String,
    /// As they count for an index: pad files too.
    pub(crate) files: Vec<File>,
    pub(crate) trackers: Vec<String>,
    pub(crate) web_seeds: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// With `/` between folders, without the torrent's name; that name of a torrent of one file.
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

impl Metainfo {
    /// None for what is no metainfo, or none of version 1.
    pub(crate) fn read(bytes: &[u8]) -> Option<Metainfo> {
        if bytes.len() > BYTES_MAX {
            return None;
        }
        let mut cursor = Cursor {
            bytes,
            at: 0,
            values: 0,
            depth: 0,
        };
        let root = cursor.value()?;
        let (info, span) = root.entry(b"info")?;
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes.get(span.clone())?);
        info.get(b"pieces")?.text()?;
        let name = info.get(b"name")?.lossy()?;
        let files = match info.get(b"files") {
            Some(list) => {
                let files = list.list()?.iter().take(FILES_MAX);
                files.map(File::read).collect::<Option<Vec<_>>>()?
            }
            None => vec![File {
                path: name.clone(),
                bytes: info.get(b"length")?.number()?,
            }],
        };
        let tiers = root
            .get(b"announce-list")
            .and_then(Value::list)
            .unwrap_or_default();
        let tiers = tiers.iter().filter_map(Value::list).flatten();
        let trackers = root.get(b"announce").into_iter().chain(tiers);
        let seeds = root.get(b"url-list");
        let seeds = seeds.into_iter().flat_map(|seeds| match seeds {
            Value::List(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        });
        Some(Metainfo {
            info_hash: hash.as_ref().try_into().ok()?,
            name,
            files,
            trackers: addresses(trackers),
            web_seeds: addresses(seeds),
        })
    }

    /// The index of a file by its path.
    pub(crate) fn index(&self, path: &str) -> Option<u32> {
        let at = self.files.iter().position(|file| file.path == path)?;
        u32::try_from(at).ok()
    }
}

impl File {
    fn read(value: &Value<'_>) -> Option<File> {
        let parts = value.get(b"path")?.list()?.iter();
        let parts: Vec<String> = parts.map(Value::lossy).collect::<Option<_>>()?;
        Some(File {
            path: parts.join("/"),
            bytes: value.get(b"length")?.number()?,
        })
    }
}

fn addresses<'v>(values: impl Iterator<Item = &'v Value<'v>>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in values.filter_map(Value::lossy) {
        if all.len() < ADDRESSES_MAX && !text.is_empty() && !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// A magnet link of what is known of a torrent: `xs` is the address of its metainfo.
pub(crate) fn magnet(
    info_hash: [u8; 20],
    name: &str,
    file: Option<u32>,
    places: &[(&str, &str)],
) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let hex = info_hash.map(|byte| format!("{byte:02x}")).concat();
    let mut link = format!("magnet:?xt=urn:btih:{hex}&dn={}", escaped(name));
    let file = file.map(|file| file.to_string());
    let file = file.iter().map(|file| ("so", file.as_str()));
    for (key, value) in places.iter().copied().chain(file) {
        link.extend(["&", key, "=", &escaped(value)]);
    }
    link
}

#[derive(Debug)]
enum Value<'b> {
    Number(i64),
    Text(&'b [u8]),
    List(Vec<Value<'b>>),
    Table(BTreeMap<&'b [u8], (Value<'b>, Range<usize>)>),
}

impl Value<'_> {
    fn entry(&self, key: &[u8]) -> Option<(&Value<'_>, &Range<usize>)> {
        let Value::Table(table) = self else {
            return None;
        };
        table.get(key).map(|(value, span)| (value, span))
    }

    fn get(&self, key: &[u8]) -> Option<&Value<'_>> {
        self.entry(key).map(|(value, _)| value)
    }

    fn text(&self) -> Option<&[u8]> {
        let Value::Text(text) = self else { return None };
        Some(text)
    }

    fn lossy(&self) -> Option<String> {
        let text = String::from_utf8_lossy(self.text()?);
        Some(text.replace(char::is_control, ""))
    }

    fn list(&self) -> Option<&[Value<'_>]> {
        let Value::List(list) = self else { return None };
        Some(list)
    }

    fn number(&self) -> Option<u64> {
        let Value::Number(number) = self else {
            return None;
        };
        u64::try_from(*number).ok()
    }
}

/// Bencode (BEP 3).
struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
    values: usize,
    depth: usize,
}

impl<'b> Cursor<'b> {
    fn value(&mut self) -> Option<Value<'b>> {
        self.values += 1;
        if self.values > VALUES_MAX || self.depth > DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let value = match self.bytes.get(self.at)? {
            b'i' => {
                self.at += 1;
                Value::Number(self.digits(b'e')?)
            }
            b'l' => {
                self.at += 1;
                let mut list = Vec::new();
                while !self.ends()? {
                    list.push(self.value()?);
                }
                Value::List(list)
            }
            b'd' => {
                self.at += 1;
                let mut table = BTreeMap::new();
                while !self.ends()? {
                    let key = self.text()?;
                    let begin = self.at;
                    let value = self.value()?;
                    table.insert(key, (value, begin..self.at));
                }
                Value::Table(table)
            }
            _ => Value::Text(self.text()?),
        };
        self.depth -= 1;
        Some(value)
    }

    /// Whether a list or table ends here; steps over its end.
    fn ends(&mut self) -> Option<bool> {
        let ends = *self.bytes.get(self.at)? == b'e';
        self.at += usize::from(ends);
        Some(ends)
    }

    fn text(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.digits(b':')?).ok()?;
        let end = self.at.checked_add(length)?;
        let text = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(text)
    }

    fn digits(&mut self, end: u8) -> Option<i64> {
        // The longest number has 20.
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().take(21).position(|byte| *byte == end)?;
        self.at += length + 1;
        std::str::from_utf8(&rest[..length]).ok()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torrent_of_a_folder_tells_its_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("Film");
        std::fs::create_dir_all(film.join("subs")).unwrap();
        std::fs::write(film.join("film.mp4"), [1; 40]).unwrap();
        std::fs::write(film.join("subs/en.srt"), [2; 7]).unwrap();
        let trackers = ["http://127.0.0.1:1/announce".to_owned()];
        let bytes = fixtures::torrent_of(&film, 16, &trackers);
        let read = Metainfo::read(&bytes).unwrap();
        assert_eq!(read.info_hash, fixtures::info_hash(&bytes));
        assert_eq!((read.name.as_str(), read.files.len()), ("Film", 2));
        assert_eq!(read.index("subs/en.srt"), Some(1));
        assert_eq!(read.index("film.mkv"), None);
        assert_eq!(read.files[0].bytes, 40);
        assert_eq!(read.trackers, trackers);
        for cut in 0..bytes.len() {
            assert_eq!(Metainfo::read(&bytes[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn web_seeds_are_one_or_many() {
        let torrent = |seeds: &str| {
            let info = "4:infod6:lengthi3e4:name1:a12:piece lengthi4e6:pieces0:e";
            let bytes = format!("d{info}8:url-list{seeds}e");
            Metainfo::read(bytes.as_bytes()).map(|read| read.web_seeds)
        };
        assert_eq!(torrent("3:a:b"), Some(vec!["a:b".into()]));
        assert_eq!(torrent("l3:a:b3:a:b3:c:de").unwrap().len(), 2);
        assert_eq!(torrent("i7e"), Some(vec![]));
        assert_eq!(torrent("99999999999999999999:a"), None);
    }

    #[test]
    fn depth_and_broken_numbers_end_the_reading() {
        let deep = [vec![b'l'; 100_000], vec![b'e'; 100_000]].concat();
        for bad in [&deep[..], b"i-e", b"-1:", b"d", b"", b"d1:ae"] {
            assert_eq!(Metainfo::read(bad), None);
        }
    }

    #[test]
    fn links_name_everything() {
        let link = magnet([0xab; 20], "A Film", Some(3), &[("ws", "https://a/b/")]);
        let hash = "ab".repeat(20);
        let expected =
            format!("magnet:?xt=urn:btih:{hash}&dn=A%20Film&ws=https%3A%2F%2Fa%2Fb%2F&so=3");
        assert_eq!(link, expected);
    }
}
