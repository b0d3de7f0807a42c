//! From a name to a [`Release`]: bounds, hunch, and its words as values.

use hunch::{MediaType, Property};

use crate::release::{Audio, Codec, Hdr, Kind, Medium, Release, channels, resolution};
use crate::{archive, languages};

/// Bytes of one part of a path that are read: no file system has longer names (NAME_MAX).
const PART_MAX_BYTES: usize = 255;
/// Parts of a path that are read: the file, its season, its show.
const PARTS_MAX: usize = 3;
/// A film of more episodes or languages is a mistake of reading: the longest season of our world
/// that comes as one file has under 30.
const LIST_MAX: usize = 100;

/// Of files of films, their subtitles and their torrents.
const ENDINGS: &[&str] = &[
    "3gp", "ass", "avi", "divx", "flv", "idx", "iso", "m2ts", "m4v", "mk3d", "mkv", "mov", "mp4",
    "mpeg", "mpg", "mts", "ogm", "ogv", "rm", "rmvb", "srt", "ssa", "sub", "ts", "vob", "vtt",
    "webm", "wmv",
];

/// Words that make a name one of an extra, which hunch does not all say.
const EXTRAS: &[&str] = &[
    "sample",
    "trailer",
    "teaser",
    "featurette",
    "extras",
    "bonus",
];

impl Release {
    /// Of a file or a torrent, with as much of its path as is known.
    pub fn of(path: &str) -> Release {
        let name = bounded(path);
        // hunch does not know this ending.
        let inner = name.strip_suffix(".torrent");
        let mut release = read(
            inner.unwrap_or(&name),
            &hunch::hunch(inner.unwrap_or(&name)),
        );
        if inner.is_some() {
            release.container.get_or_insert("torrent".into());
        }
        release
    }

    /// The same of a file of the Internet Archive, or of an item's identifier.
    pub fn of_archive(name: &str) -> Release {
        Release::of(&archive::cleaned(&bounded(name)))
    }

    /// What this one does not say and `other` does is taken from there; the title only whole.
    #[must_use]
    pub fn or(mut self, other: Release) -> Release {
        if self.title.is_empty() {
            self.title = other.title;
            self.episode_title = self.episode_title.or(other.episode_title);
            if self.kind == Kind::Film {
                self.kind = other.kind;
            }
        }
        if self.episodes.is_empty() && (self.seasons.is_empty() || self.seasons == other.seasons) {
            self.seasons = other.seasons;
            self.episodes = other.episodes;
        }
        self.date = self.date.or(other.date);
        self.year = self.year.or(other.year);
        self.part = self.part.or(other.part);
        self.resolution = self.resolution.or(other.resolution);
        self.codec = self.codec.or(other.codec);
        self.ten_bit |= other.ten_bit;
        self.source = self.source.or(other.source);
        self.channels = self.channels.or(other.channels);
        self.group = self.group.or(other.group);
        self.edition = self.edition.or(other.edition);
        self.container = self.container.or(other.container);
        self.several_languages |= other.several_languages;
        self.three_d |= other.three_d;
        self.remux |= other.remux;
        join(&mut self.hdr, other.hdr);
        join(&mut self.audio, other.audio);
        join(&mut self.languages, other.languages);
        join(&mut self.subtitles, other.subtitles);
        self
    }
}

/// Appends what is new of `more`.
pub(crate) fn join<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if list.len() < LIST_MAX && !list.contains(&one) {
            list.push(one);
        }
    }
}

/// The end of the path, short enough to be read in no time, and of one line.
fn bounded(path: &str) -> String {
    let parts = path.rsplit(['/', '\\']).filter(|part| !part.is_empty());
    let mut parts: Vec<String> = parts.take(PARTS_MAX).map(part).collect();
    parts.reverse();
    parts.join("/")
}

fn part(part: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let end = part.floor_char_boundary(PART_MAX_BYTES);
    part[..end].chars().map(visible).collect()
}

fn read(name: &str, said: &hunch::HunchResult) -> Release {
    let first = |property| said.first(property).map(str::to_owned);
    let number = |property| said.first(property).and_then(|word| word.parse().ok());
    let list = |property| said.all(property).into_iter().take(LIST_MAX);
    let numbers = |property| {
        let mut numbers: Vec<u16> = list(property)
            .filter_map(|word| word.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let date = first(Property::Date);
    let seasons = numbers(Property::Season);
    let mut episodes = numbers(Property::Episode);
    let mut year = number(Property::Year);
    if let Some(date) = &date {
        // Parts of the date are taken for more than they are.
        year = year.filter(|year: &u16| !date.starts_with(&year.to_string()));
        episodes.retain(|_| !seasons.is_empty());
    }
    let other: Vec<&str> = list(Property::Other).collect();
    let title = first(Property::Title).unwrap_or_default();
    Release {
        kind: match said.media_type() {
            _ if is_extra(name, &title) => Kind::Extra,
            Some(MediaType::Extra) => Kind::Extra,
            _ if !seasons.is_empty() || !episodes.is_empty() || date.is_some() => Kind::Episode,
            _ => Kind::Film,
        },
        year,
        seasons,
        episodes,
        date,
        episode_title: first(Property::EpisodeTitle),
        part: number(Property::Part),
        resolution: said.first(Property::ScreenSize).and_then(resolution),
        codec: list(Property::VideoCodec).find_map(Codec::named),
        ten_bit: said.first(Property::ColorDepth) == Some("10-bit"),
        source: medium(&list(Property::Source).collect::<Vec<_>>(), &other),
        hdr: other.iter().filter_map(|word| Hdr::named(word)).collect(),
        audio: list(Property::AudioCodec)
            .filter_map(Audio::named)
            .collect(),
        channels: said.first(Property::AudioChannels).and_then(channels),
        languages: tags(list(Property::Language)),
        several_languages: list(Property::Language).any(|word| word == "mul")
            || other
                .iter()
                .any(|word| ["Dual Audio", "Multi Audio"].contains(word)),
        subtitles: tags(list(Property::SubtitleLanguage)),
        group: first(Property::ReleaseGroup),
        edition: first(Property::Edition),
        container: ending(name).or(first(Property::Container)),
        three_d: other.contains(&"3D"),
        remux: other.contains(&"Remux"),
        title,
    }
}

/// The file's ending, when it is one of a film, its subtitles or its torrent: hunch takes the
/// first word of the name that could be one.
fn ending(name: &str) -> Option<String> {
    let (_, end) = name.rsplit_once('.')?;
    let end = end.to_ascii_lowercase();
    ENDINGS.contains(&end.as_str()).then_some(end)
}

/// A screener of a disc is a screener.
fn medium(sources: &[&str], other: &[&str]) -> Option<Medium> {
    if other.contains(&"Screener") {
        return Some(Medium::Screener);
    }
    sources.iter().find_map(|word| Medium::named(word))
}

fn tags<'w>(words: impl Iterator<Item = &'w str>) -> Vec<String> {
    let mut tags = Vec::new();
    let known = words.filter_map(languages::language).map(str::to_owned);
    join(&mut tags, known.collect());
    tags
}

/// Whether a word of the file's name that is no word of its title makes it an extra: a film may be
/// called "Trailer Park". After a hyphen it counts also there: "Sintel-Trailer".
fn is_extra(name: &str, title: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let title = title.to_lowercase();
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.map(str::to_owned).collect()
    };
    if EXTRAS.iter().any(|word| file.contains(&format!("-{word}"))) {
        return true;
    }
    let (file, title) = (words(&file), words(&title));
    let times = |words: &[String], word: &str| words.iter().filter(|it| *it == word).count();
    EXTRAS
        .iter()
        .any(|word| times(&file, word) > times(&title, word))
}
