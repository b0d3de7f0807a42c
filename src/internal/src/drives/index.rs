//! What was found in folders as titles: films with their versions, series with their episodes.
//!
//! Files of one title and year are versions of one film. Names are all that is known; who has more
//! facts is asked by them elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use names::{Kind, Release};

use super::walk::{File, Found};
use super::{PREFIX, TakesTorrent};
use crate::metainfo::{BYTES_MAX, Metainfo};

/// A text file with links; a link with thirty trackers has 3 KiB.
const LINKS_BYTES_MAX: u64 = 64 * 1024;
/// Links that are taken of one file.
const LINKS_MAX: usize = 100;
/// Smaller ones are no films but pieces of a disc's menu.
const FILM_BYTES_MIN: u64 = 1;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// In the order of their names.
    titles: Vec<Title>,
    by_id: HashMap<String, usize>,
    roots: Vec<PathBuf>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) year: Option<u16>,
    pub(super) shown: Shown,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Film(Vec<Version>),
    /// By season and number.
    Series(BTreeMap<(u16, u16), Episode>),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Episode {
    pub(super) name: String,
    pub(super) versions: Vec<Version>,
}

/// One file of a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) place: Place,
    pub(super) file_name: String,
    pub(super) bytes: Option<u64>,
    /// The same for all episodes that were made in one way.
    pub(super) group: Option<String>,
    pub(super) texts: Vec<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    Torrent {
        info_hash: [u8; 20],
        name: String,
        file: Option<u32>,
        trackers: Vec<String>,
        web_seeds: Vec<String>,
    },
    Magnet {
        link: String,
        info_hash: [u8; 20],
    },
}

impl Title {
    pub(super) fn kind(&self) -> &'static str {
        match self.shown {
            Shown::Film(_) => "movie",
            Shown::Series(_) => "series",
        }
    }
}

impl Index {
    pub(super) fn titles(&self) -> impl Iterator<Item = &Title> {
        self.titles.iter()
    }

    pub(super) fn title(&self, id: &str) -> Option<&Title> {
        self.titles.get(*self.by_id.get(id)?)
    }

    pub(super) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Of a film, or of an episode (`id:season:number`).
    pub(super) fn versions(&self, id: &str) -> &[Version] {
        if let Some(title) = self.title(id) {
            return match &title.shown {
                Shown::Film(versions) => versions,
                Shown::Series(_) => &[],
            };
        }
        let episode = || {
            let (rest, number) = id.rsplit_once(':')?;
            let (series, season) = rest.rsplit_once(':')?;
            let Shown::Series(episodes) = &self.title(series)?.shown else {
                return None;
            };
            let key = (season.parse().ok()?, number.parse().ok()?);
            Some(episodes.get(&key)?.versions.as_slice())
        };
        episode().unwrap_or_default()
    }
}

/// Reads names, and remembers what they said: each takes some milliseconds.
pub(super) struct Reader {
    known: HashMap<String, Release>,
    torrents: TakesTorrent,
    /// Those that were handed on.
    handed: HashMap<PathBuf, Option<Metainfo>>,
}

impl Reader {
    pub(super) fn new(torrents: TakesTorrent) -> Reader {
        Reader {
            known: HashMap::new(),
            torrents,
            handed: HashMap::new(),
        }
    }

    /// Blocks on the disk.
    pub(super) fn read(&mut self, found: Found) -> Index {
        let before = std::mem::take(&mut self.known);
        let mut release = |path: &str| {
            let read = before.get(path).cloned();
            let read = read.unwrap_or_else(|| Release::of(path));
            self.known.insert(path.to_owned(), read.clone());
            read
        };
        let mut shelf = Shelf::default();
        for film in &found.films {
            let read = release(&film.below.to_string_lossy());
            shelf.add(read, file(film, &found.texts));
        }
        let mut handed = std::mem::take(&mut self.handed);
        for path in &found.torrents {
            let known = handed.remove(path);
            let read = known.unwrap_or_else(|| metainfo(path, &self.torrents));
            if let Some((named, version)) = read.as_ref().and_then(torrent) {
                shelf.add(release(&named), version);
            }
            self.handed.insert(path.clone(), read);
        }
        for path in &found.links {
            for (name, version) in links(path) {
                shelf.add(release(&name), version);
            }
        }
        shelf.index(found.roots)
    }
}

#[derive(Default)]
struct Shelf(BTreeMap<(String, Option<u16>, bool), Title>);

impl Shelf {
    fn add(&mut self, release: Release, mut version: Version) {
        if release.kind == Kind::Extra {
            return;
        }
        version.group = release.key().map(|key| format!("drive {key}"));
        let stem = version.file_name.rsplit_once('.').map(|(stem, _)| stem);
        let name = match release.title.trim() {
            "" => stem.unwrap_or(&version.file_name).to_owned(),
            title => title.to_owned(),
        };
        let numbers = match (release.kind, release.episodes.as_slice()) {
            (Kind::Episode, [number, ..]) => Some((release.season().unwrap_or(1), *number)),
            _ => None,
        };
        // Only some episodes of a series say its year.
        let year = release.year.filter(|_| numbers.is_none());
        let key = (name.to_lowercase(), year, numbers.is_some());
        let title = self.0.entry(key.clone()).or_insert_with(|| Title {
            id: id(&key),
            name,
            year,
            shown: match numbers {
                Some(_) => Shown::Series(BTreeMap::new()),
                None => Shown::Film(Vec::new()),
            },
        });
        let versions = match (&mut title.shown, numbers) {
            (Shown::Series(episodes), Some(numbers)) => {
                let episode = episodes.entry(numbers).or_default();
                if episode.name.is_empty() {
                    episode.name = release.episode_title.unwrap_or_default();
                }
                &mut episode.versions
            }
            (Shown::Film(versions), _) => versions,
            (Shown::Series(_), None) => return,
        };
        versions.push(version);
        // The largest is the best guess at the best.
        versions.sort_by_key(|version| std::cmp::Reverse(version.bytes));
    }

    fn index(self, roots: Vec<PathBuf>) -> Index {
        let titles: Vec<Title> = self.0.into_values().collect();
        let by_id = titles.iter().enumerate();
        Index {
            by_id: by_id.map(|(at, title)| (title.id.clone(), at)).collect(),
            titles,
            roots,
        }
    }
}

/// The same for the same title, wherever its files lie: 64 bits of a hash.
fn id((name, year, series): &(String, Option<u16>, bool)) -> String {
    let text = format!("{name}\n{}\n{series}", year.unwrap_or(0));
    let hash = digest(&SHA256, text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_ref()[..8]);
    format!("{PREFIX}{:016x}", u64::from_be_bytes(first))
}

fn file(film: &File, texts: &[PathBuf]) -> Version {
    let name = film.path.file_name().unwrap_or_default().to_string_lossy();
    let beside = texts.iter().filter(|text| is_beside(text, &film.path));
    Version {
        place: Place::File(film.path.clone()),
        file_name: name.into_owned(),
        bytes: Some(film.bytes).filter(|bytes| *bytes >= FILM_BYTES_MIN),
        group: None,
        texts: beside.cloned().collect(),
    }
}

/// `film.srt` and `film.en.srt` beside `film.mkv`; not `film 2.srt`.
fn is_beside(text: &Path, film: &Path) -> bool {
    let stem = |path: &Path| Some(path.file_stem()?.to_str()?.to_lowercase());
    let (Some(text_stem), Some(film_stem)) = (stem(text), stem(film)) else {
        return false;
    };
    let rest = text_stem.strip_prefix(&film_stem);
    let fits = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_', '-']));
    fits && text.parent() == film.parent()
}

fn bytes_of(path: &Path, max: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(max + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= max).then_some(bytes)
}

/// Hands its bytes on.
fn metainfo(path: &Path, torrents: &TakesTorrent) -> Option<Metainfo> {
    let bytes = bytes_of(path, BYTES_MAX as u64)?;
    let read = Metainfo::read(&bytes);
    if read.is_some() {
        torrents(&bytes);
    } else {
        tracing::debug!("{}: no torrent", path.display());
    }
    read
}

/// Its largest film, and what that is called with its folders.
fn torrent(metainfo: &Metainfo) -> Option<(String, Version)> {
    let films = metainfo.files.iter().enumerate();
    let films = films.filter(|(_, file)| super::walk::is_film(&file.path));
    let (at, film) = films.max_by_key(|(_, file)| file.bytes)?;
    let single = metainfo.files.len() == 1;
    let named = if single {
        film.path.clone()
    } else {
        format!("{}/{}", metainfo.name, film.path)
    };
    let file_name = film.path.rsplit('/').next().unwrap_or(&film.path);
    let version = Version {
        place: Place::Torrent {
            info_hash: metainfo.info_hash,
            name: metainfo.name.clone(),
            file: u32::try_from(at).ok(),
            trackers: metainfo.trackers.clone(),
            web_seeds: metainfo.web_seeds.clone(),
        },
        file_name: file_name.to_owned(),
        bytes: Some(film.bytes),
        group: None,
        texts: Vec::new(),
    };
    Some((named, version))
}

/// The magnet links in a text file, one a line.
fn links(path: &Path) -> Vec<(String, Version)> {
    let text = bytes_of(path, LINKS_BYTES_MAX).and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| {
        let scheme = line.get(..8);
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:?"))
    });
    let read = lines.take(LINKS_MAX).filter_map(|link| {
        let query = link.get(8..)?.as_bytes();
        let pairs = || url::form_urlencoded::parse(query);
        let mut topics = pairs().filter(|(key, _)| key == "xt" || key.starts_with("xt."));
        let hash = topics.find_map(|(_, value)| addon::InfoHash::parse(&value))?;
        let named = pairs().find(|(key, _)| key == "dn");
        let name = named.map_or_else(|| hash.hex(), |(_, value)| value.into_owned());
        let version = Version {
            place: Place::Magnet {
                link: link.to_owned(),
                info_hash: hash.0,
            },
            file_name: name.clone(),
            bytes: None,
            group: None,
            texts: Vec::new(),
        };
        Some((name, version))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_belong_to_the_film_of_their_name() {
        let film = Path::new("/f/Film.2010.mkv");
        for (text, beside) in [
            ("/f/Film.2010.srt", true),
            ("/f/film.2010.en.srt", true),
            ("/f/Film.2010_fr.vtt", true),
            ("/f/Film.2010 II.srt", false),
            ("/f/Film.20101.srt", false),
            ("/g/Film.2010.srt", false),
            ("/f/Other.srt", false),
        ] {
            assert_eq!(is_beside(Path::new(text), film), beside, "{text}");
        }
    }
}
