//! How often the crate `names` says the same of a name as guessit, field by field.
//!
//!     cargo run -p matinee-names --example names_agreement NAMES ANSWERS
//!
//! `NAMES` has a name a line, `ANSWERS` what guessit says of each in the same order, as
//! `guessit --json` prints it: a JSON object a line. A field counts for the names of which either
//! says something of it. How to get both files is told in the crate `names`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use names::{Audio, Codec, Hdr, Medium, Release, channels, language, resolution};
use serde_json::Value;

/// A field, what we say of it, and what guessit says: sets of words in small letters.
type Field = (&'static str, fn(&Release) -> Said, fn(&Value) -> Said);
type Said = BTreeSet<String>;

const FIELDS: &[Field] = &[
    (
        "title",
        |ours| one(&ours.title),
        |theirs| text(theirs, "title"),
    ),
    ("year", |ours| one(ours.year), |theirs| text(theirs, "year")),
    (
        "seasons",
        |ours| all(&ours.seasons),
        |theirs| text(theirs, "season"),
    ),
    (
        "episodes",
        |ours| all(&ours.episodes),
        |theirs| text(theirs, "episode"),
    ),
    (
        "resolution",
        |ours| one(ours.resolution),
        |theirs| read(theirs, "screen_size", resolution),
    ),
    (
        "codec",
        |ours| all(ours.codec.map(debug)),
        |theirs| read(theirs, "video_codec", |word| Codec::named(word).map(debug)),
    ),
    (
        "source",
        |ours| all(ours.source.map(debug)),
        |theirs| read(theirs, "source", |word| Medium::named(word).map(debug)),
    ),
    (
        "hdr",
        |ours| all(ours.hdr.iter().map(debug)),
        |theirs| read(theirs, "other", |word| Hdr::named(word).map(debug)),
    ),
    (
        "audio",
        |ours| all(ours.audio.iter().map(debug)),
        |theirs| read(theirs, "audio_codec", |word| Audio::named(word).map(debug)),
    ),
    (
        "channels",
        |ours| one(ours.channels),
        |theirs| read(theirs, "audio_channels", channels),
    ),
    (
        "languages",
        |ours| all(&ours.languages),
        |theirs| read(theirs, "language", language),
    ),
    (
        "subtitles",
        |ours| all(&ours.subtitles),
        |theirs| read(theirs, "subtitle_language", language),
    ),
    (
        "group",
        |ours| one(ours.group.as_ref()),
        |theirs| text(theirs, "release_group"),
    ),
    (
        "edition",
        |ours| one(ours.edition.as_ref()),
        |theirs| text(theirs, "edition"),
    ),
    (
        "container",
        |ours| one(ours.container.as_ref()),
        |theirs| text(theirs, "container"),
    ),
];

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [names, answers] = files.as_slice() else {
        eprintln!("usage: names_agreement NAMES ANSWERS");
        std::process::exit(2);
    };
    let names = std::fs::read_to_string(names).unwrap();
    let answers = std::fs::read_to_string(answers).unwrap();
    let names: Vec<&str> = names.lines().collect();
    let answers = answers.lines().map(serde_json::from_str::<Value>);
    let answers: Vec<Value> = answers.collect::<Result<_, _>>().unwrap();
    assert_eq!(names.len(), answers.len(), "an answer for each name");
    let releases: Vec<Release> = names.iter().map(|name| Release::of(name)).collect();
    println!("| field | names | agree |\n|---|---|---|");
    let mut whole = vec![true; names.len()];
    for (field, ours, theirs) in FIELDS {
        let (mut said, mut same) = (0_u32, 0_u32);
        for (at, (release, answer)) in releases.iter().zip(&answers).enumerate() {
            let (ours, theirs) = (ours(release), theirs(answer));
            if ours.is_empty() && theirs.is_empty() {
                continue;
            }
            said += 1;
            if ours == theirs {
                same += 1;
            } else {
                whole[at] = false;
                if std::env::var_os("DIFFERENCES").is_some() {
                    eprintln!("{field}: {ours:?}, guessit {theirs:?}: {}", names[at]);
                }
            }
        }
        println!("| {field} | {said} | {} |", percent(same, said));
    }
    let (same, all) = (whole.iter().filter(|same| **same).count(), whole.len());
    let share = percent(same.try_into().unwrap(), all.try_into().unwrap());
    println!("| all of these at once | {all} | {share} |");
}

fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "-".into();
    }
    format!("{:.1} %", 100.0 * f64::from(part) / f64::from(whole))
}

fn debug(value: impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

/// Written the same whatever the case and the signs between words.
fn plain(word: &str) -> String {
    let words = word.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

fn one(value: impl IntoWord) -> Said {
    value
        .word()
        .map(|word| plain(&word))
        .filter(|word| !word.is_empty())
        .into_iter()
        .collect()
}

fn all(values: impl IntoIterator<Item = impl ToString>) -> Said {
    values
        .into_iter()
        .map(|value| plain(&value.to_string()))
        .collect()
}

/// A field of ours as a word, if it says something.
trait IntoWord {
    fn word(self) -> Option<String>;
}

impl IntoWord for &String {
    fn word(self) -> Option<String> {
        Some(self.clone())
    }
}

impl<T: ToString> IntoWord for Option<T> {
    fn word(self) -> Option<String> {
        self.map(|value| value.to_string())
    }
}

/// The words of a field of guessit's, which is one or a list.
fn words(answer: &Value, field: &str) -> Vec<String> {
    let word = |value: &Value| match value {
        Value::String(word) => word.clone(),
        other => other.to_string(),
    };
    match &answer[field] {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().map(word).collect(),
        value => vec![word(value)],
    }
}

fn text(answer: &Value, field: &str) -> Said {
    all(words(answer, field))
}

fn read<T: ToString>(answer: &Value, field: &str, value: fn(&str) -> Option<T>) -> Said {
    all(words(answer, field).iter().filter_map(|word| value(word)))
}
