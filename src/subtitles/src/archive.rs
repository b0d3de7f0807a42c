//! Packed subtitles: gzip, and zip with one entry chosen, opened in memory.
//!
//! Strangers' archives are where bombs and paths come from. So nothing is written, an entry's
//! name is a hint and never a path, one entry is unpacked, counted while it is, and what is
//! inside is not opened again. Other archives are told apart only to say so.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use zip::CompressionMethod;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::encoding;
use crate::names;
use crate::read::{FILE_BYTES_MAX, Hint};

/// Unpacked bytes for each packed one (threat list of the house); texts have three to five.
const RATIO_MAX: usize = 100;

/// Entries of a zip that are looked at; the subtitles of a long series have 500.
const ENTRIES_MAX: usize = 1_000;

/// Before each entry in the list at a zip's end.
const ENTRY_MARK: &[u8] = b"PK\x01\x02";

/// Endings of subtitles, the wanted ones first. Only what is listed is ever unpacked.
const ENDINGS: [&str; 6] = ["srt", "vtt", "ass", "ssa", "sub", "txt"];

/// Endings of archives inside archives.
const PACKED: [&str; 6] = ["zip", "gz", "rar", "7z", "tar", "xz"];

/// Why an archive gives no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the archive is locked with a password")]
    Encrypted,
    #[error("an archive inside an archive")]
    Nested,
    #[error("the archive unpacks to more than subtitles have")]
    TooLarge,
    #[error("more than {ENTRIES_MAX} files in the archive")]
    TooMany,
    #[error("the archive has no subtitles that fit")]
    NoneFits,
    #[error("archives of this kind are not opened: {0}")]
    Unknown(&'static str),
    #[error("the archive is broken: {0}")]
    Broken(String),
}

/// What was in the archive, or the file itself if it is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'b> {
    pub(crate) bytes: Cow<'b, [u8]>,
    pub(crate) name: String,
}

/// Opens what is packed; what is not is given back.
pub(crate) fn open<'b>(bytes: &'b [u8], hint: &Hint) -> Result<Entry<'b>, Fault> {
    let (bytes, name) = match kind(bytes) {
        None => (Cow::Borrowed(bytes), hint.name.to_owned()),
        Some("gzip") => {
            let name = hint.name.strip_suffix(".gz").unwrap_or(hint.name);
            (
                unpacked(GzDecoder::new(bytes), bytes.len())?.into(),
                name.to_owned(),
            )
        }
        Some("zip") => {
            let (bytes, name) = zip_entry(bytes, hint)?;
            (bytes.into(), name)
        }
        Some(other) => return Err(Fault::Unknown(other)),
    };
    if matches!(bytes, Cow::Owned(_)) && kind(&bytes).is_some() {
        return Err(Fault::Nested);
    }
    Ok(Entry { bytes, name })
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 8] = [
        (b"\x1f\x8b", "gzip"),
        (b"PK\x03\x04", "zip"),
        // A zip with nothing in it.
        (b"PK\x05\x06", "zip"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"BZh", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
    ];
    let found = known.iter().find(|(mark, _)| bytes.starts_with(mark));
    found.map(|(_, kind)| *kind)
}

/// Unpacks, and stops as soon as it is more than `packed` bytes can honestly hold.
fn unpacked(packed: impl Read, packed_bytes: usize) -> Result<Vec<u8>, Fault> {
    let most = FILE_BYTES_MAX.min(packed_bytes.saturating_mul(RATIO_MAX));
    let mut bytes = Vec::new();
    let mut packed = packed.take(most as u64 + 1);
    let read = packed.read_to_end(&mut bytes);
    read.map_err(|why| Fault::Broken(why.to_string()))?;
    if bytes.len() > most {
        return Err(Fault::TooLarge);
    }
    Ok(bytes)
}

/// The entry that fits best, and the last part of its name.
fn zip_entry(bytes: &[u8], hint: &Hint) -> Result<(Vec<u8>, String), Fault> {
    // Counted before the list is read into memory. The mark may stand in packed bytes by chance,
    // once in 4 GiB.
    let marks = bytes
        .windows(ENTRY_MARK.len())
        .filter(|window| *window == ENTRY_MARK);
    if marks.count() > ENTRIES_MAX {
        return Err(Fault::TooMany);
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(fault)?;
    let mut found: Option<(Fitness, usize, String)> = None;
    let mut nested = false;
    for at in 0..zip.len().min(ENTRIES_MAX) {
        let entry = zip.by_index_raw(at).map_err(fault)?;
        let name = last_part(entry.name_raw());
        let ending = ending(&name);
        nested |= PACKED.contains(&ending.as_str());
        let Some(rank) = ENDINGS.iter().position(|known| *known == ending) else {
            continue;
        };
        if entry.is_dir() || name.starts_with('.') {
            continue;
        }
        let fitness = fitness(&name, rank, entry.size(), hint);
        let fitness = fitness.filter(|it| found.as_ref().is_none_or(|(best, ..)| it > best));
        if let Some(fitness) = fitness {
            found = Some((fitness, at, name));
        }
    }
    let Some((_, at, name)) = found else {
        return Err(if nested {
            Fault::Nested
        } else {
            Fault::NoneFits
        });
    };
    let raw = zip.by_index_raw(at).map_err(fault)?;
    if raw.encrypted() {
        return Err(Fault::Encrypted);
    }
    if !matches!(
        raw.compression(),
        CompressionMethod::Stored | CompressionMethod::Deflated
    ) {
        return Err(Fault::Unknown("zip with a rare method"));
    }
    // What it says of itself is checked first, and then counted all the same.
    let packed_bytes = usize::try_from(raw.compressed_size()).unwrap_or(usize::MAX);
    if raw.size() > FILE_BYTES_MAX as u64 || packed_bytes > bytes.len() {
        return Err(Fault::TooLarge);
    }
    drop(raw);
    let entry = zip.by_index(at).map_err(fault)?;
    Ok((unpacked(entry, packed_bytes)?, name))
}

fn fault(why: ZipError) -> Fault {
    match why {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Fault::Encrypted,
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Fault::Unknown("zip with a rare method")
        }
        other => Fault::Broken(other.to_string()),
    }
}

/// How well an entry is what is wanted; what counts more comes first.
type Fitness = (bool, u8, bool, bool, bool, u64);

/// None for another episode: that is worse than no subtitles.
fn fitness(name: &str, rank: usize, size: u64, hint: &Hint) -> Option<Fitness> {
    let facts = names::facts(name, None);
    let right_episode = match (hint.episode, facts.episode) {
        (Some(wanted), Some(found)) if wanted != found => return None,
        (wanted, found) => wanted.is_some() && found.is_some(),
    };
    let close = match (hint.language, &facts.language) {
        // 1: it says no language, and may be right.
        (Some(_), None) => 1,
        (Some(wanted), Some(found)) => match found.closeness(wanted) {
            0 => 0,
            close => close + 1,
        },
        (None, _) => 0,
    };
    let whole = !facts.forced && !facts.commentary;
    let plain = !facts.hearing_impaired;
    // Of formats that are read alike the first is taken; a readme is the last to be tried.
    let last = rank + 1 == ENDINGS.len();
    Some((right_episode, close, whole, !last, plain, size))
}

fn last_part(raw: &[u8]) -> String {
    let (name, _) = encoding::decode(raw, None);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).collect()
}

fn ending(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.unwrap_or_default().to_ascii_lowercase()
}
