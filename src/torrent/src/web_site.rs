//! Where the bytes of a torrent are at a web seed (BEP 19, `GetRight` style).
//!
//! A value without sockets. A torrent is one line of bytes; at the server it is files, so a run of
//! it is one part of each file it touches. Names become parts of an address only, percent-encoded
//! one by one: a slash, a dot or a query in one cannot lead elsewhere.

use std::ops::Range;

use reqwest::Url;

use super::metainfo::{File, Metainfo};

/// What a web seed has of a torrent.
#[derive(Debug)]
pub(super) struct Site<'a> {
    metainfo: &'a Metainfo,
}

/// A run of a torrent's bytes inside one of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Index of the file.
    pub(super) file: u32,
    /// Bytes of the torrent.
    pub(super) bytes: Range<u64>,
}

impl<'a> Site<'a> {
    pub(super) fn new(metainfo: &'a Metainfo) -> Site<'a> {
        Site { metainfo }
    }

    /// The first part of a run: as far as one file goes.
    pub(super) fn part(&self, bytes: Range<u64>) -> Option<Part> {
        let files = &self.metainfo.files;
        // Empty files have no bytes to be found at.
        let after = files.partition_point(|file| file.offset + file.length <= bytes.start);
        let file = files.get(after)?;
        let end = bytes.end.min(file.offset + file.length);
        Some(Part {
            file: after as u32,
            bytes: bytes.start..end,
        })
    }

    pub(super) fn file(&self, index: u32) -> Option<&'a File> {
        self.metainfo.files.get(index as usize)
    }

    /// The address of a file under `base`, one of the torrent's web seeds: of a torrent of one file
    /// it is the file itself unless it ends with a slash; of others always the folder above.
    pub(super) fn address(&self, base: &Url, index: u32) -> Option<Url> {
        let file = self.file(index)?;
        let mut address = base.clone();
        let folder = self.metainfo.folder.as_ref();
        if folder.is_none() && !base.path().ends_with('/') {
            return Some(address);
        }
        {
            let mut parts = address.path_segments_mut().ok()?;
            parts.pop_if_empty();
            for part in folder.into_iter().chain(&file.parts) {
                // An address takes them for steps.
                if matches!(part.as_str(), "" | "." | "..") {
                    return None;
                }
                parts.push(part);
            }
        }
        Some(address)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn metainfo(files: &[(&str, u64)]) -> Metainfo {
        let total: u64 = files.iter().map(|file| file.1).sum();
        let text = |text: &str| format!("{}:{text}", text.len());
        let entry = |(path, length): &(&str, u64)| {
            let path: Vec<String> = path.split('|').map(text).collect();
            format!("d6:lengthi{length}e4:pathl{}ee", path.concat())
        };
        let list: String = files.iter().map(entry).collect();
        let content = match files {
            [(name, length)] => format!("6:lengthi{length}e4:name{}", text(name)),
            _ => format!("5:filesl{list}e4:name{}", text("a film")),
        };
        let hashes = text(&"0".repeat(20 * total.div_ceil(16384) as usize));
        let info = format!("d{content}12:piece lengthi16384e6:pieces{hashes}e");
        Metainfo::from_info(&info.into()).unwrap()
    }

    fn at(metainfo: &Metainfo, base: &str, file: u32) -> Option<String> {
        let base = base.parse().unwrap();
        let address = Site::new(metainfo).address(&base, file);
        address.map(|address| address.to_string())
    }

    #[test]
    fn one_file_is_the_address_or_beneath_it() {
        let one = metainfo(&[("a b?.mp4", 20_000)]);
        let file = at(&one, "http://h/x/film.mp4?key=1", 0);
        assert_eq!(file.as_deref(), Some("http://h/x/film.mp4?key=1"));
        let beneath = at(&one, "http://h/x/", 0);
        assert_eq!(beneath.as_deref(), Some("http://h/x/a%20b%3F.mp4"));
    }

    #[test]
    fn files_of_a_folder_are_beneath_its_name() {
        let many = metainfo(&[("x|1.mp4", 20_000), ("\u{e4}/#%.mkv", 5)]);
        for base in ["https://h/download/", "https://h/download"] {
            let first = at(&many, base, 0);
            let second = at(&many, base, 1);
            assert_eq!(
                first.as_deref(),
                Some("https://h/download/a%20film/x/1.mp4")
            );
            let expected = "https://h/download/a%20film/%C3%A4%2F%23%25.mkv";
            assert_eq!(second.as_deref(), Some(expected));
            assert_eq!(at(&many, base, 2), None);
        }
    }

    #[test]
    fn a_run_is_cut_where_files_end() {
        let many = metainfo(&[("a", 100), ("empty", 0), ("b", 50), ("c", 20_000)]);
        let site = Site::new(&many);
        let mut at = 90;
        let mut parts = Vec::new();
        while at < 200 {
            let part = site.part(at..200).unwrap();
            at = part.bytes.end;
            parts.push((part.file, part.bytes));
        }
        assert_eq!(parts, [(0, 90..100), (2, 100..150), (3, 150..200)]);
        assert_eq!(site.part(20_150..20_151), None);
    }
}
