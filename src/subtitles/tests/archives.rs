//! Packed subtitles: what is chosen, and what is refused without harm.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use subtitles::{ArchiveFault, Episode, FILE_BYTES_MAX, Fault, Hint, Language, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A file whose text says what it is.
fn srt(text: &str) -> Vec<u8> {
    format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n").into_bytes()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// The text of the file that is chosen, and its name.
fn chosen(names: &[&str], language: Option<&str>, episode: Option<(u16, u16)>) -> String {
    let files: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (*name, srt(name))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, it)| (*name, &it[..])).collect();
    let language = language.map(|tag| Language::read(tag).unwrap());
    let hint = Hint {
        name: "subtitles.zip",
        language: language.as_ref(),
        episode: episode.map(|(season, number)| Episode { season, number }),
        rate: None,
    };
    match read(&zipped(&files), &hint) {
        Ok(read) => {
            let text = &read.cues.as_slice()[0].text;
            assert!(text.ends_with(&read.name), "{text} is not {}", read.name);
            text.clone()
        }
        Err(why) => why.to_string(),
    }
}

#[test]
fn the_entry_that_is_wanted_is_chosen() {
    let season = [
        "show.s01e01.en.srt",
        "show.s01e02.de.srt",
        "show.s01e02.en.srt",
    ];
    assert_eq!(chosen(&season, Some("en"), Some((1, 2))), season[2]);
    assert_eq!(chosen(&season, Some("de"), Some((1, 2))), season[1]);
    assert_eq!(chosen(&season, Some("fr"), Some((1, 1))), season[0]);
    let none = "the archive has no subtitles that fit";
    assert_eq!(chosen(&season, Some("en"), Some((2, 2))), none);
    let film = [
        "film.en.forced.srt",
        "film.pt.srt",
        "film.en.sdh.srt",
        "film.en.srt",
        "readme.txt",
    ];
    assert_eq!(chosen(&film, Some("en"), None), "film.en.srt");
    assert_eq!(chosen(&film, Some("pt-BR"), None), "film.pt.srt");
    assert_eq!(chosen(&film[..1], Some("en"), None), "film.en.forced.srt");
    // It says no language, and another says a wrong one.
    assert_eq!(chosen(&["a.de.srt", "b.srt"], Some("en"), None), "b.srt");
    assert_eq!(chosen(&["film.nfo", "film.jpg"], None, None), none);
}

#[test]
fn names_are_no_paths() {
    for name in [
        "../../etc/passwd.srt",
        "C:\\windows\\a.srt",
        "/a/b/../c.srt",
        "a\u{7}b\n.srt",
    ] {
        let read = read(&zipped(&[(name, &srt("x"))]), &Hint::default()).unwrap();
        let bad = |c: char| c == '/' || c == '\\' || c.is_control();
        assert!(!read.name.contains(bad), "{}", read.name);
    }
}

#[test]
fn gzip_is_opened_and_loses_its_ending() {
    let hint = Hint {
        name: "film.en.srt.gz",
        ..Hint::default()
    };
    let read = read(&gzipped(&srt("x")), &hint).unwrap();
    assert_eq!(read.name, "film.en.srt");
    assert_eq!(read.cues.as_slice()[0].text, "x");
}

fn refused(bytes: &[u8]) -> ArchiveFault {
    match read(bytes, &Hint::default()) {
        Err(Fault::Archive(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn bombs_are_counted_and_not_believed() {
    let bomb = vec![b'x'; FILE_BYTES_MAX * 4];
    assert_eq!(refused(&gzipped(&bomb)), ArchiveFault::TooLarge);
    assert_eq!(
        refused(&zipped(&[("a.srt", &bomb)])),
        ArchiveFault::TooLarge
    );
    // Small, but a thousand for one.
    let dense = vec![b'x'; 1_000_000];
    assert_eq!(refused(&gzipped(&dense)), ArchiveFault::TooLarge);
    assert_eq!(
        refused(&zipped(&[("a.srt", &dense)])),
        ArchiveFault::TooLarge
    );
    // One that says it is small: size 100 in both of its heads.
    let mut lying = zipped(&[("a.srt", &bomb)]);
    let size = (bomb.len() as u32).to_le_bytes();
    let at = |bytes: &[u8]| bytes.windows(4).position(|window| window == size);
    while let Some(at) = at(&lying) {
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(
        refused(&lying),
        ArchiveFault::TooLarge | ArchiveFault::Broken(_)
    ));
}

#[test]
fn what_cannot_be_opened_says_why() {
    let inner = zipped(&[("a.srt", &srt("x"))]);
    assert_eq!(
        refused(&zipped(&[("inner.zip", &inner)])),
        ArchiveFault::Nested
    );
    assert_eq!(
        refused(&zipped(&[("fake.srt", &inner)])),
        ArchiveFault::Nested
    );
    assert_eq!(refused(&gzipped(&inner)), ArchiveFault::Nested);
    assert_eq!(refused(&gzipped(&gzipped(&srt("x")))), ArchiveFault::Nested);
    assert_eq!(refused(&zipped(&[])), ArchiveFault::NoneFits);
    assert_eq!(
        refused(b"Rar!\x1a\x07\0 and more"),
        ArchiveFault::Unknown("RAR")
    );
    // The flag of encryption, in the entry and in the list.
    let mut locked = inner.clone();
    locked[6] |= 1;
    let list = locked
        .windows(4)
        .position(|mark| mark == b"PK\x01\x02")
        .unwrap();
    locked[list + 8] |= 1;
    assert_eq!(refused(&locked), ArchiveFault::Encrypted);
    // Method 12, bzip2.
    let mut rare = inner.clone();
    (rare[8], rare[list + 10]) = (12, 12);
    assert!(matches!(refused(&rare), ArchiveFault::Unknown(_)));
    assert!(matches!(
        refused(&inner[..inner.len() - 9]),
        ArchiveFault::Broken(_)
    ));
    let mut wrong = inner;
    let data = 30 + "a.srt".len();
    wrong[data + 5] ^= 0x55;
    assert!(matches!(refused(&wrong), ArchiveFault::Broken(_)));
}

#[test]
fn absurdly_many_entries_are_not_listed() {
    let names: Vec<String> = (0..1001).map(|nth| format!("{nth}.srt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refused(&zipped(&files)), ArchiveFault::TooMany);
}

proptest::proptest! {
    #[test]
    fn no_broken_archive_breaks_it(
        at in 0_usize..400,
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..8),
        cut in 0_usize..400,
        gzip in proptest::bool::ANY,
    ) {
        let file = srt("some text that is packed");
        let mut archive = if gzip {
            gzipped(&file)
        } else {
            zipped(&[("a.srt", &file), ("b.srt", &file)])
        };
        let at = at.min(archive.len());
        let end = (at + bytes.len()).min(archive.len());
        archive.splice(at..end, bytes);
        archive.truncate(archive.len() - cut.min(archive.len()) / 8);
        let _ = read(&archive, &Hint::default());
    }
}
