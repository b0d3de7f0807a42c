//! What a torrent holds, read from its metainfo and checked (BEP 3).
//!
//! A value: it touches no disk. Everything is bounded before it is believed, and names are for
//! showing only: no path on our disk is ever made from one. Refused rather than repaired: a
//! torrent that contradicts itself would be a film that stops in the middle.

use std::borrow::Cow;
use std::fmt;

use app::{SupplyFailure, TorrentRef};
use bytes::Bytes;
use librqbit_bencode::WithRawBytes;
use librqbit_buffers::ByteBuf;
use librqbit_core::torrent_metainfo::{
    TorrentMetaV1Info, ValidatedTorrentMetaV1Info, torrent_from_bytes,
};
use librqbit_sha1_wrapper::{ISha1, Sha1};
use serde::Deserialize;
use swarm::Layout;

use super::bencode::is_sound;
use super::hosts;
use super::url_list::UrlList;

/// Largest metainfo: a 200,000-piece torrent has 4 MB of hashes, and names beside them.
pub(super) const METAINFO_MAX_BYTES: usize = 10 * 1024 * 1024;
/// Most files: the largest collections seen have about 10,000.
const FILES_MAX: usize = 20_000;
/// Most trackers and web seeds of a metainfo that are kept; real ones have under 40.
pub(super) const ADVICE_MAX: usize = 100;

/// File names that end so are films; in the order of nothing.
const VIDEO: [&str; 12] = [
    "mp4", "m4v", "mkv", "webm", "avi", "mov", "ts", "mpg", "mpeg", "ogv", "wmv", "flv",
];

/// A checked torrent.
#[derive(Debug, Clone)]
pub(super) struct Metainfo {
    pub(super) info_hash: [u8; 20],
    /// For showing; never a path.
    pub(super) name: String,
    /// The bencoded info dictionary as it was hashed: what BEP 9 sends.
    pub(super) info: Bytes,
    pub(super) layout: Layout,
    hashes: Bytes,
    pub(super) files: Vec<File>,
    /// The folder its files are in, as it is spelled; none: it is one file.
    pub(super) folder: Option<String>,
    pub(super) trackers: Vec<String>,
    pub(super) web_seeds: Vec<String>,
    /// BEP 27: peers come from its trackers only.
    pub(super) private: bool,
}

/// A file of a torrent: a range of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Folders and name, joined by `/`; for showing.
    pub(super) path: String,
    /// The same as they are spelled, for the addresses of web seeds.
    pub(super) parts: Vec<String>,
    /// First byte in the torrent.
    pub(super) offset: u64,
    /// In bytes.
    pub(super) length: u64,
    /// Only fills up a piece with zeros (BEP 47); no web seed has it.
    pub(super) padding: bool,
}

impl File {
    /// The last part of its path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether it only fills up a piece (BEP 47).
    pub(super) fn is_padding(&self) -> bool {
        self.padding
    }

    pub(super) fn is_video(&self) -> bool {
        let name = self.name();
        let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
        !self.padding && self.length > 0 && ending.is_some_and(|e| VIDEO.contains(&e.as_str()))
    }
}

impl Metainfo {
    /// Reads a `.torrent` file.
    ///
    /// # Errors
    /// `Broken` for what is no metainfo, `Unsupported` beyond a limit and for v2-only torrents.
    pub(super) fn from_torrent(bytes: &[u8]) -> Result<Metainfo, SupplyFailure> {
        check(bytes)?;
        let outer: Outer<'_> = librqbit_bencode::from_bytes(bytes)
            .map_err(|e| broken(format!("no torrent file: {}", e.into_kind())))?;
        outer.info.data.check()?;
        let raw = Bytes::copy_from_slice(outer.info.raw_bytes.as_ref());
        let torrent = torrent_from_bytes(bytes).map_err(broken)?;
        let trackers = torrent.iter_announce().filter_map(|url| {
            let url = std::str::from_utf8(url.as_ref()).ok()?;
            Some(url.to_owned())
        });
        let trackers = trackers.take(ADVICE_MAX).collect();
        let mut metainfo = Metainfo::checked(torrent.info.data, raw)?;
        metainfo.trackers = trackers;
        metainfo.web_seeds = outer.url_list.0;
        Ok(metainfo)
    }

    /// Reads an info dictionary, as peers send it (BEP 9). Its hash is for the caller to compare.
    ///
    /// # Errors
    /// As [`Metainfo::from_torrent`].
    pub(super) fn from_info(info: &Bytes) -> Result<Metainfo, SupplyFailure> {
        check(info)?;
        let kind: InfoKind<'_> = librqbit_bencode::from_bytes(info)
            .map_err(|e| broken(format!("no info dictionary: {}", e.into_kind())))?;
        kind.check()?;
        let parsed: TorrentMetaV1Info<ByteBuf<'_>> =
            librqbit_bencode::from_bytes(info).map_err(|e| broken(e.into_kind()))?;
        Metainfo::checked(parsed, info.clone())
    }

    fn checked(
        info: TorrentMetaV1Info<ByteBuf<'_>>,
        raw: Bytes,
    ) -> Result<Metainfo, SupplyFailure> {
        // Checked before librqbit's own checks, whose sums would overflow.
        let lengths = info.files.iter().flatten().map(|file| file.length);
        let total = info
            .length
            .into_iter()
            .chain(lengths)
            .try_fold(0u64, u64::checked_add)
            .filter(|total| i64::try_from(*total).is_ok())
            .ok_or_else(|| broken("its files are longer than any disk"))?;
        if total == 0 {
            return Err(broken("it is empty"));
        }
        if info.files.as_ref().is_some_and(|f| f.len() > FILES_MAX) {
            return Err(unsupported("it has more than 20,000 files"));
        }
        let layout =
            Layout::new(total, info.piece_length).map_err(|e| unsupported(&e.to_string()))?;
        let pieces = u64::from(layout.pieces());
        let hashes = info.pieces.as_ref();
        // librqbit makes one too many (of nothing) when the last piece is a full one.
        let count = hashes.len() as u64;
        if count != pieces * 20 && count != pieces * 20 + 20 {
            return Err(broken("its piece hashes do not fit its length"));
        }
        let hashes = Bytes::copy_from_slice(hashes);
        let private = info.private;
        let folder = info.files.is_some();
        let valid = info.validate().map_err(broken)?;
        let files = files_of(&valid);
        let name = match valid.name() {
            Some(name) => shown(&name),
            None => files[0].name().to_owned(),
        };
        let mut sha1 = Sha1::new();
        sha1.update(&raw);
        Ok(Metainfo {
            info_hash: sha1.finish(),
            name,
            info: raw,
            layout,
            hashes,
            files,
            folder: valid.name().filter(|_| folder).map(Cow::into_owned),
            trackers: Vec::new(),
            web_seeds: Vec::new(),
            private,
        })
    }

    /// What the bytes of `piece` must hash to (SHA-1).
    pub(super) fn hash(&self, piece: u32) -> [u8; 20] {
        let at = piece as usize * 20;
        let hash = &self.hashes[at..at + 20];
        hash.try_into().expect("a slice of 20 is an array of 20")
    }

    /// Fewest bytes of cache that it can be played from: `pieces` pieces, or all of it.
    pub(super) fn least_room(&self, pieces: u64) -> u64 {
        let least = pieces * u64::from(self.layout.piece_length());
        least.min(self.layout.total())
    }

    /// How others may name it. Without web seeds at addresses on this side of the router: those
    /// would be called because the reference names them.
    pub(super) fn reference(&self) -> TorrentRef {
        let seeds = self.web_seeds.iter();
        TorrentRef {
            info_hash: self.info_hash,
            name: self.name.clone(),
            trackers: self.trackers.clone(),
            web_seeds: seeds
                .filter(|url| !hosts::names_local(url))
                .cloned()
                .collect(),
            ..TorrentRef::default()
        }
    }

    /// A metainfo file that holds just the info dictionary, for one that came from peers.
    pub(super) fn to_torrent(&self) -> Vec<u8> {
        [b"d4:info", self.info.as_ref(), b"e"].concat()
    }
}

fn files_of(info: &ValidatedTorrentMetaV1Info<ByteBuf<'_>>) -> Vec<File> {
    let mut offset = 0;
    let files = info.iter_file_details().map(|details| {
        let parts: Vec<String> = details
            .filename
            .iter_components()
            .map(Cow::into_owned)
            .collect();
        let visible: Vec<String> = parts.iter().map(|part| shown(part)).collect();
        let file = File {
            path: visible.join("/"),
            parts,
            offset,
            length: details.len,
            padding: details.attrs().padding,
        };
        offset += file.length;
        file
    });
    files.collect()
}

/// A name fit to be shown and logged: no control characters, at most 255 characters (what file
/// systems allow).
fn shown(name: &str) -> String {
    let visible = name.chars().filter(|c| !c.is_control());
    visible.take(255).collect()
}

fn check(bytes: &[u8]) -> Result<(), SupplyFailure> {
    if bytes.len() > METAINFO_MAX_BYTES {
        return Err(unsupported("its description is larger than 10 MiB"));
    }
    if !is_sound(bytes) {
        return Err(broken("damaged or endless"));
    }
    Ok(())
}

pub(super) fn broken(why: impl fmt::Display) -> SupplyFailure {
    SupplyFailure::Broken(format!("torrent: {why}"))
}

fn unsupported(why: &str) -> SupplyFailure {
    SupplyFailure::Unsupported(format!("this torrent cannot be played: {why}"))
}

/// What librqbit's metainfo has no fields for.
#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    info: WithRawBytes<InfoKind<'a>, ByteBuf<'a>>,
    #[serde(rename = "url-list", default)]
    url_list: UrlList,
}

/// What is looked at before librqbit reads it: it lets numbers wrap around in their types.
#[derive(Deserialize)]
struct InfoKind<'a> {
    #[serde(rename = "meta version", default)]
    meta_version: Option<i64>,
    #[serde(borrow, default)]
    pieces: Option<ByteBuf<'a>>,
    #[serde(rename = "piece length", default)]
    piece_length: i64,
    #[serde(default)]
    private: i64,
}

impl InfoKind<'_> {
    fn check(&self) -> Result<(), SupplyFailure> {
        if self.meta_version == Some(2) && self.pieces.is_none() {
            return Err(unsupported("it is for BitTorrent v2 only"));
        }
        if u32::try_from(self.piece_length).is_err() {
            return Err(unsupported("its piece length is out of range"));
        }
        if !(0..=1).contains(&self.private) {
            return Err(broken("private is neither 0 nor 1"));
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        format!("{}:{text}", text.len())
    }

    /// An info dictionary of these files, 16 KiB pieces, hashes of zeros.
    fn info(files: &[(&str, u64)]) -> String {
        let total: u64 = files.iter().map(|f| f.1).sum();
        let pieces = "0".repeat(20 * total.div_ceil(16384) as usize);
        let entry = |(path, length): &(&str, u64)| {
            let path: Vec<String> = path.split('/').map(text).collect();
            format!("d6:lengthi{length}e4:pathl{}ee", path.concat())
        };
        let list: Vec<String> = files.iter().map(entry).collect();
        let list = list.concat();
        format!(
            "d5:filesl{list}e4:name4:film12:piece lengthi16384e6:pieces{}e",
            text(&pieces)
        )
    }

    fn torrent(info: &str) -> Result<Metainfo, SupplyFailure> {
        Metainfo::from_torrent(format!("d4:info{info}e").as_bytes())
    }

    #[test]
    fn the_largest_video_is_the_film() {
        let files = [
            ("a.srt", 9_000_000),
            ("x/small.MKV", 5),
            ("b.mp4", 20_000),
            ("c.mp4", 20_000),
        ];
        let metainfo = torrent(&info(&files)).unwrap();
        assert_eq!(metainfo.film(None, false), Ok(2));
        assert_eq!(metainfo.film(Some(1), false), Ok(1));
        assert_eq!(metainfo.files[1].path, "x/small.MKV");
        assert_eq!(metainfo.files[1].name(), "small.MKV");
        assert_eq!(metainfo.files[2].offset, 9_000_005);
        assert!(matches!(
            metainfo.film(Some(4), false),
            Err(SupplyFailure::Broken(_))
        ));
    }

    #[test]
    fn no_video_says_how_many_files() {
        let metainfo = torrent(&info(&[("a.txt", 10), ("b.mp4", 0)])).unwrap();
        assert_eq!(
            metainfo.film(None, false),
            Err(SupplyFailure::NoVideo { files: 2 })
        );
    }

    #[test]
    fn trackers_and_web_seeds_are_read() {
        let bytes = format!(
            "d8:announce8:http://a13:announce-listll8:http://bel7:udp://cee4:info{}8:url-list{}e",
            info(&[("a.mp4", 10)]),
            text("https://w/")
        );
        let metainfo = Metainfo::from_torrent(bytes.as_bytes()).unwrap();
        assert_eq!(metainfo.trackers, ["http://b", "udp://c"]);
        assert_eq!(metainfo.web_seeds, ["https://w/"]);
    }

    #[test]
    fn its_own_metainfo_says_the_same() {
        let metainfo = torrent(&info(&[("a.mp4", 40_000)])).unwrap();
        let again = Metainfo::from_torrent(&metainfo.to_torrent()).unwrap();
        assert_eq!(again.info_hash, metainfo.info_hash);
        assert_eq!(
            Metainfo::from_info(&metainfo.info).unwrap().files,
            metainfo.files
        );
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        for open in ["l", "d1:a"] {
            let close = "e";
            let deep = open.repeat(100_000) + &close.repeat(100_000);
            assert!(matches!(
                Metainfo::from_torrent(deep.as_bytes()),
                Err(SupplyFailure::Broken(_))
            ));
            let inside = format!("d4:info{deep}e");
            assert!(Metainfo::from_torrent(inside.as_bytes()).is_err());
            assert!(Metainfo::from_info(&Bytes::from(deep)).is_err());
        }
    }

    #[test]
    fn hostile_metainfo_is_refused() {
        let good = info(&[("a.mp4", 40_000)]);
        let many: Vec<(String, u64)> = (0..20_001).map(|i| (format!("{i}.mp4"), 1)).collect();
        let many: Vec<(&str, u64)> = many.iter().map(|(n, l)| (n.as_str(), *l)).collect();
        let huge = i64::MAX as u64;
        let lie = |from: &str, to: &str| {
            assert!(good.contains(from));
            good.replace(from, to)
        };
        for (what, info) in [
            ("no hash for a piece", lie("i40000e", "i60000e")),
            ("two hashes too many", lie("i40000e", "i16384e")),
            ("empty", lie("i40000e", "i0e")),
            ("negative length", lie("i40000e", "i-1e")),
            ("huge string", lie("4:film", "99999999999:film")),
            (
                "overlong number",
                lie("i40000e", &format!("i{}e", "9".repeat(40))),
            ),
            ("longer than any disk", lie("i40000e", &format!("i{huge}e"))),
            ("piece of nothing", lie("i16384e", "i0e")),
            ("piece too small", lie("i16384e", "i1024e")),
            ("piece too large", lie("i16384e", "i134217728e")),
            ("piece length wraps around", lie("i16384e", "i4294983680e")),
            ("odd privacy", lie("6:pieces", "7:privatei256e6:pieces")),
            ("path traversal", info_of_path("2:..5:a.mp4")),
            ("separator in a name", info_of_path("12:../etc/a.mp4")),
            ("no name", info_of_path("")),
            ("many files", info_of(&many)),
            (
                "sum overflows",
                lie(
                    "i40000e4:pathl5:a.mp4ee",
                    &format!(
                        "i{huge}e4:pathl5:a.mp4eed6:lengthi{huge}e4:pathl5:b.mp4eed6:length\
                         i{huge}e4:pathl5:c.mp4ee"
                    ),
                ),
            ),
        ] {
            assert!(torrent(&info).is_err(), "{what}");
        }
        for bytes in ["", "d", "i1e", "4:info", "de", "d4:infodee"] {
            assert!(Metainfo::from_torrent(bytes.as_bytes()).is_err(), "{bytes}");
        }
        assert!(Metainfo::from_torrent(&vec![b'l'; METAINFO_MAX_BYTES + 1]).is_err());
    }

    fn info_of(files: &[(&str, u64)]) -> String {
        info(files)
    }

    fn info_of_path(path: &str) -> String {
        info(&[("a.mp4", 40_000)]).replace("5:a.mp4", path)
    }

    #[test]
    fn v2_only_is_refused_in_words() {
        let info = "d9:file treed5:a.mp4d0:d6:lengthi1eeee12:meta versioni2e4:name1:a\
                    12:piece lengthi16384ee";
        for refused in [torrent(info), Metainfo::from_info(&Bytes::from(info))] {
            let Err(SupplyFailure::Unsupported(why)) = refused else {
                panic!("{refused:?}");
            };
            assert!(why.contains("v2 only"), "{why}");
        }
    }
}
