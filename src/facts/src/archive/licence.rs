//! Which licence an item names, and whether that is enough to show it.

use url::Url;

/// Works published so many years ago are free in the United States, where the Archive is (95 whole
/// years after the year of publication, 17 U.S.C. 304).
const FREE_AFTER_YEARS: u16 = 96;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    pub kind: LicenceKind,
    /// As people know it: "CC BY-SA 4.0".
    pub name: String,
    /// To be shown with it; https.
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceKind {
    /// Marked as free of any right, or given up (CC0).
    PublicDomain,
    /// One of Creative Commons' licences; all allow watching and passing on unchanged.
    CreativeCommons,
}

/// Whether an item may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Licensed, and on a list of known free films.
    Listed,
    /// Licensed, and older than any right.
    Old,
    /// Licensed by whoever uploaded it, which is no proof.
    Unproven,
    /// No licence that lets everybody watch.
    Unlicensed,
}

impl Standing {
    pub fn is_lawful(self) -> bool {
        matches!(self, Standing::Listed | Standing::Old)
    }
}

/// The standing of an item: `listed` says whether a curated list or Wikidata knows it as free,
/// `this_year` is the year of the clock.
pub fn standing(
    licence: Option<&Licence>,
    year: Option<u16>,
    this_year: u16,
    listed: bool,
) -> Standing {
    let old = year.is_some_and(|year| year.saturating_add(FREE_AFTER_YEARS) <= this_year);
    match licence {
        None => Standing::Unlicensed,
        Some(_) if listed => Standing::Listed,
        Some(_) if old => Standing::Old,
        Some(_) => Standing::Unproven,
    }
}

impl Licence {
    /// By its address; the host and the path count, not what the address has in it somewhere.
    pub fn of(address: &str) -> Option<Licence> {
        let url = Url::parse(address.trim()).ok()?;
        let host = url.host_str()?;
        let ours = matches!(host, "creativecommons.org" | "www.creativecommons.org");
        if !ours || !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let path: Vec<&str> = url
            .path_segments()?
            .filter(|part| !part.is_empty())
            .collect();
        let (kind, name) = match path.as_slice() {
            ["publicdomain", "mark", ..] | ["licenses", "publicdomain", ..] => {
                (LicenceKind::PublicDomain, "Public domain".to_owned())
            }
            ["publicdomain", "zero", ..] => (LicenceKind::PublicDomain, "CC0 1.0".to_owned()),
            ["licenses", terms, rest @ ..] => (LicenceKind::CreativeCommons, named(terms, rest)?),
            _ => return None,
        };
        // Made anew from what was read: no user, port, query or fragment of the uploader's.
        let url = format!("https://creativecommons.org/{}/", path.join("/"));
        Some(Licence { kind, name, url })
    }
}

/// `by-sa/3.0/us` as "CC BY-SA 3.0 US".
fn named(terms: &str, rest: &[&str]) -> Option<String> {
    let known = ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"];
    if !known.contains(&terms) {
        return None;
    }
    let mut name = format!("CC {}", terms.to_uppercase());
    let number = |part: &str| part.len() <= 5 && part.parse::<f32>().is_ok();
    let country = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let version = rest.first().filter(|part| number(part));
    let place = rest
        .get(1)
        .filter(|part| version.is_some() && country(part));
    for part in [version, place].into_iter().flatten() {
        name.push(' ');
        name.push_str(&part.to_uppercase());
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_go_by_host_and_path() {
        for (address, expected) in [
            (
                "https://creativecommons.org/publicdomain/mark/1.0/",
                Some("Public domain"),
            ),
            (
                "https://creativecommons.org/publicdomain/zero/1.0/",
                Some("CC0 1.0"),
            ),
            (
                "http://creativecommons.org/licenses/publicdomain/",
                Some("Public domain"),
            ),
            (
                "http://creativecommons.org/licenses/by/4.0/",
                Some("CC BY 4.0"),
            ),
            (
                "https://www.creativecommons.org/licenses/by-sa/3.0",
                Some("CC BY-SA 3.0"),
            ),
            (
                "http://creativecommons.org/licenses/by-nc-nd/3.0/us/",
                Some("CC BY-NC-ND 3.0 US"),
            ),
            ("http://creativecommons.org/licenses/by/", Some("CC BY")),
            (
                "https://creativecommons.org/licenses/all-rights-reserved/",
                None,
            ),
            ("https://creativecommons.org/about/publicdomain/mark", None),
            (
                "https://evil.example/creativecommons.org/licenses/by/4.0/",
                None,
            ),
            (
                "https://creativecommons.org.evil.example/licenses/by/4.0/",
                None,
            ),
            (
                "https://creativecommons.org@evil.example/licenses/by/4.0/",
                None,
            ),
            ("javascript://creativecommons.org/licenses/by/4.0/", None),
            ("publicdomain", None),
            ("", None),
        ] {
            let licence = Licence::of(address);
            let name = licence.as_ref().map(|licence| licence.name.as_str());
            assert_eq!(name, expected, "{address}");
        }
        let licence =
            Licence::of("http://u:p@creativecommons.org:80/licenses/by/4.0/?x#y").unwrap();
        assert_eq!(licence.url, "https://creativecommons.org/licenses/by/4.0/");
    }

    #[test]
    fn a_licence_is_needed_and_not_enough() {
        let licence = Licence::of("https://creativecommons.org/publicdomain/mark/1.0/");
        let licence = licence.as_ref();
        for (licence, year, listed, expected) in [
            (None, Some(1900), true, Standing::Unlicensed),
            (licence, Some(1930), false, Standing::Old),
            (licence, Some(1931), false, Standing::Unproven),
            (licence, Some(1968), true, Standing::Listed),
            (licence, None, false, Standing::Unproven),
        ] {
            assert_eq!(standing(licence, year, 2026, listed), expected, "{year:?}");
        }
        assert!(Standing::Old.is_lawful() && Standing::Listed.is_lawful());
        assert!(!Standing::Unproven.is_lawful() && !Standing::Unlicensed.is_lawful());
    }
}
