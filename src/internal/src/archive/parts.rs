//! The films of one item: most have one, in a few versions; a serial has a dozen, and a collection
//! of shorts more.
//!
//! Which files are versions of one film is told by what the Archive made of which upload, and by
//! names that differ in their quality alone. What is much shorter than the longest is a trailer or
//! a test, and is left out.

use facts::archive::{Item, Video};

/// Of the longest film: what is shorter is none of its parts.
const SHORT: u32 = 4;

/// How far the lengths of two versions differ, in seconds: codecs round.
const ROUNDING_S: u32 = 3;

/// Words of a name that say how good a version is, and not what it is.
const QUALITY: &[&str] = &[
    "4k", "hd", "sd", "512kb", "256kb", "64kb", "edit", "archive", "ia", "h264", "x264", "hevc",
    "mpeg4", "dvd", "vhs",
];

/// A film of an item.
#[derive(Debug, PartialEq)]
pub(super) struct Part<'i> {
    /// The best first.
    pub(super) videos: Vec<&'i Video>,
}

impl Part<'_> {
    /// Names it among the item's.
    pub(super) fn id(&self) -> &str {
        self.videos.first().map_or("", |video| &video.of)
    }

    /// As people would say it.
    pub(super) fn title(&self) -> String {
        let said = self.videos.iter().find_map(|video| video.title.clone());
        said.unwrap_or_else(|| stem(self.id()).replace('_', " ").trim().to_owned())
    }

    pub(super) fn length_s(&self) -> Option<u32> {
        self.videos.iter().filter_map(|video| video.length_s).max()
    }

    fn has(&self, video: &Video) -> bool {
        let near = |known: &Video| match (known.length_s, video.length_s) {
            (Some(one), Some(other)) => one.abs_diff(other) <= ROUNDING_S,
            _ => false,
        };
        let alike = |known: &Video| near(known) && words(&known.of) == words(&video.of);
        let mut known = self.videos.iter();
        known.any(|known| known.of == video.of || alike(known))
    }
}

/// All films of the item, in the order of their names.
pub(super) fn parts(item: &Item) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for video in &item.videos {
        match parts.iter_mut().find(|part| part.has(video)) {
            Some(part) => part.videos.push(video),
            None => parts.push(Part {
                videos: vec![video],
            }),
        }
    }
    let longest = parts.iter().filter_map(Part::length_s).max();
    if let Some(longest) = longest {
        parts.retain(|part| part.length_s().is_some_and(|it| it >= longest / SHORT));
    }
    parts.sort_by_cached_key(|part| in_order(part.id()));
    parts
}

/// The place of the longest; of several as long the first.
pub(super) fn longest(parts: &[Part<'_>]) -> Option<usize> {
    let places = (0..parts.len()).rev();
    places.max_by_key(|at| parts[*at].length_s())
}

/// Without folders and the ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

/// Of a name, with its folders and without its ending, what says which film it is.
fn words(name: &str) -> Vec<String> {
    let folders = &name[..name.len() - name.rsplit('/').next().unwrap_or_default().len()];
    let whole = format!("{folders}{}", stem(name)).to_lowercase();
    let words = whole.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && !is_quality(word));
    words.map(str::to_owned).collect()
}

fn is_quality(word: &str) -> bool {
    let lines = word.strip_suffix('p').unwrap_or_default();
    let lines = (3..=4).contains(&lines.len()) && lines.bytes().all(|byte| byte.is_ascii_digit());
    lines || QUALITY.contains(&word)
}

/// So that 2 comes before 10.
fn in_order(name: &str) -> String {
    const DIGITS: usize = 12;
    let mut out = String::new();
    let mut number = String::new();
    for letter in name.to_lowercase().chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        if !number.is_empty() {
            let zeros = DIGITS.saturating_sub(number.len());
            out.extend(std::iter::repeat_n('0', zeros));
            out.push_str(&number);
            number.clear();
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(name: &str, of: &str, length_s: Option<u32>) -> Video {
        Video {
            name: name.into(),
            format: "h.264".into(),
            url: String::new(),
            size_bytes: None,
            length_s,
            width: None,
            height: None,
            original: name == of,
            of: of.into(),
            sha1: None,
            title: None,
        }
    }

    fn told(videos: &[(&str, &str, u32)]) -> Vec<Vec<String>> {
        let videos = videos
            .iter()
            .map(|(name, of, length)| video(name, of, Some(*length)));
        let item = Item {
            videos: videos.collect(),
            ..Item::default()
        };
        let names = |part: &Part<'_>| part.videos.iter().map(|it| it.name.clone()).collect();
        parts(&item).iter().map(names).collect()
    }

    #[test]
    fn a_serial_is_in_its_order_without_its_trailer() {
        let parts = told(&[
            ("Serial_10.mp4", "Serial_10.avi", 1200),
            ("trailer.mp4", "trailer.mp4", 60),
            ("Serial_2.mp4", "Serial_2.avi", 1200),
            ("Serial_2.ogv", "Serial_2.avi", 1201),
            ("Serial_1.mp4", "Serial_1.avi", 1200),
        ]);
        assert_eq!(
            parts,
            [
                vec!["Serial_1.mp4"],
                vec!["Serial_2.mp4", "Serial_2.ogv"],
                vec!["Serial_10.mp4"]
            ]
        );
    }

    #[test]
    fn versions_that_were_uploaded_apart_are_one_film() {
        let film = told(&[
            ("Film.1080p.mkv", "Film.1080p.mkv", 3600),
            ("film_512kb.mp4", "film.avi", 3601),
            ("Film (480p).mp4", "Film (480p).mp4", 3598),
        ]);
        assert_eq!(film.len(), 1, "{film:?}");
        // Of another length it is another cut; in another folder another film.
        let cuts = told(&[
            ("Film.mkv", "Film.mkv", 3600),
            ("Film.720p.mkv", "Film.720p.mkv", 3000),
            ("b/Film.mkv", "b/Film.mkv", 3600),
        ]);
        assert_eq!(cuts.len(), 3, "{cuts:?}");
    }

    #[test]
    fn the_longest_is_the_film_and_names_are_read_by_people() {
        let item = Item {
            videos: vec![
                video("a/Part_One.avi", "a/Part_One.avi", Some(100)),
                Video {
                    title: Some("The End".into()),
                    ..video("a/Part_Two.avi", "a/Part_Two.avi", Some(100))
                },
            ],
            ..Item::default()
        };
        let parts = parts(&item);
        let titles: Vec<_> = parts.iter().map(Part::title).collect();
        assert_eq!(titles, ["Part One", "The End"]);
        assert_eq!(longest(&parts), Some(0));
        // Where no length is known, nothing is left out.
        let unknown = Item {
            videos: vec![video("a.mp4", "a.mp4", None), video("b.mp4", "b.mp4", None)],
            ..Item::default()
        };
        assert_eq!(super::parts(&unknown).len(), 2);
        assert_eq!(longest(&super::parts(&unknown)), Some(0));
        assert_eq!(longest(&super::parts(&Item::default())), None);
    }
}
