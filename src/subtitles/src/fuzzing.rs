//! Every reader of foreign bytes in this crate as a function of bytes, for the fuzz targets and
//! their smoke run (`tests/fuzz`, and this crate's `tests/fuzz.rs`). No part of the program uses
//! it.
//!
//! Each must return for whatever it is given: a panic is a finding. What readers promise of the
//! cues is asserted here too.

use crate::cues::{CHARS_MAX, CUES_MAX};
use crate::read::{Hint, read};
use crate::{Language, facts, markup};

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; the folders of the corpus have these names.
pub const TARGETS: &[Target] = &[("subtitles", subtitles), ("subtitle-name", subtitle_name)];

/// A file, packed or not, in any format.
pub fn subtitles(bytes: &[u8]) {
    let hint = Hint {
        name: "film.sub",
        ..Hint::default()
    };
    let Ok(subtitles) = read(bytes, &hint) else {
        return;
    };
    let cues = subtitles.cues.as_slice();
    assert!((1..=CUES_MAX).contains(&cues.len()));
    assert!(cues.is_sorted_by_key(|cue| cue.start));
    for cue in cues {
        assert!(cue.start < cue.end);
        assert!((1..=CHARS_MAX).contains(&cue.text.chars().count()));
        let mut end = 0;
        for run in &cue.runs {
            assert!(run.bytes.start >= end && cue.text.get(run.bytes.clone()).is_some());
            end = run.bytes.end;
        }
    }
    let last = &cues[cues.len() - 1];
    assert!(subtitles.cues.at(last.start).contains(&last));
}

/// The name of a file, the words for a language, the text of a container's cue.
pub fn subtitle_name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (name, film) = text.split_once('\n').unwrap_or((&text, ""));
    facts(name, Some(film));
    if let Some(language) = Language::read(name) {
        assert_eq!(Language::read(language.tag()).as_ref(), Some(&language));
    }
    markup::read(&text);
}
