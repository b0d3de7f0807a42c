//! The Internet Archive: search, items, files; without a key.
//!
//! Anybody may upload there, so what is shown passes the lawfulness filter of [`Standing`]: the
//! licence that the uploader declares is needed and is not enough. Items come as files over HTTPS;
//! their torrents have few sharers but the Archive's own servers (BEP 19), so both are told.

mod item;
mod licence;
mod search;

use std::time::Duration;

pub use item::{Item, Subtitle, Torrent, Video};
pub use licence::{Licence, LicenceKind, Standing, standing};
pub use search::{Hit, PAGES_MAX, Page, ROWS, Search, Sort, is_suspicious};

use crate::Request;
use crate::exchange::{escaped, with_query};

/// Between two requests: faster ones are refused for a while.
pub const PACE: Duration = Duration::from_millis(350);

/// The server and its copies in tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    base: String,
}

impl Default for Archive {
    fn default() -> Archive {
        Archive::at("https://archive.org")
    }
}

impl Archive {
    /// A server that answers as archive.org does.
    pub fn at(base: &str) -> Archive {
        Archive {
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// None beyond the pages that are ever given ([`PAGES_MAX`]).
    pub fn search(&self, search: &Search) -> Option<Request> {
        let page = search.page;
        (1..=PAGES_MAX).contains(&page).then(|| {
            let base = format!("{}/advancedsearch.php", self.base);
            Request::get(with_query(&base, &search.pairs()))
        })
    }

    /// All of an item; none when that cannot be one's name.
    pub fn item(&self, id: &str) -> Option<Request> {
        let url = format!("{}/metadata/{id}", self.base);
        is_identifier(id).then(|| Request::get(url))
    }

    /// Where a file of an item is; none when its name leads elsewhere.
    pub fn download(&self, id: &str, name: &str) -> Option<String> {
        let mut parts = name.split('/');
        let sound = is_identifier(id) && parts.all(|part| !matches!(part, "" | "." | ".."));
        sound.then(|| {
            let parts: Vec<String> = name.split('/').map(escaped).collect();
            format!("{}/download/{id}/{}", self.base, parts.join("/"))
        })
    }

    /// A small picture of an item, of any shape.
    pub fn picture(&self, id: &str) -> Option<String> {
        is_identifier(id).then(|| format!("{}/services/img/{id}", self.base))
    }

    /// The page of an item for people.
    pub fn page(&self, id: &str) -> Option<String> {
        is_identifier(id).then(|| format!("{}/details/{id}", self.base))
    }

    /// What its torrents' web seeds begin with (BEP 19: the name of the torrent and the path
    /// follow). The addresses in the torrents name data nodes that may be gone.
    pub fn web_seed(&self) -> String {
        format!("{}/download/", self.base)
    }
}

/// The Archive's rule for identifiers: letters, digits, `-`, `_` and `.`; at most 100.
fn is_identifier(id: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let begins = id
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    begins && id.len() <= 100 && id.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_inside_the_item() {
        let archive = Archive::default();
        assert_eq!(
            archive
                .download("Sintel", "sub dir/Sintel #1 100%.mp4")
                .unwrap(),
            "https://archive.org/download/Sintel/sub%20dir/Sintel%20%231%20100%25.mp4"
        );
        for (id, name) in [
            ("Sintel", "../other/file"),
            ("Sintel", "/etc/passwd"),
            ("Sintel", ""),
            ("..", "a"),
            ("a/b", "a"),
            ("", "a"),
            ("ü", "a"),
        ] {
            assert_eq!(archive.download(id, name), None, "{id} {name}");
        }
        let item = archive.item("Sintel").unwrap();
        assert_eq!(item.url, "https://archive.org/metadata/Sintel");
        assert_eq!(archive.item("../x"), None);
        let local = Archive::at("http://127.0.0.1:7120/");
        assert_eq!(local.web_seed(), "http://127.0.0.1:7120/download/");
        assert_eq!(
            local.picture("Sintel").unwrap(),
            "http://127.0.0.1:7120/services/img/Sintel"
        );
    }
}
