//! Every reader of foreign bytes in this crate as a function of bytes, for the fuzz targets and
//! their smoke run (`tests/fuzz`, and this crate's `tests/fuzz.rs`). No part of the program uses
//! it.
//!
//! Each must return for whatever it is given: a panic is a finding. What readers promise of the
//! cues is asserted here too.

use std::time::Duration;

use crate::cues::{CHARS_MAX, CUES_MAX};
use crate::read::{Hint, read};
use crate::{Language, PIXELS_MAX, Pgs, facts, markup, vobsub};

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; the folders of the corpus have these names.
pub const TARGETS: &[Target] = &[
    ("subtitles", subtitles),
    ("subtitle-name", subtitle_name),
    ("subtitle-pictures", subtitle_pictures),
];

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

/// Packets of a Blu-ray's subtitles, each with its length, and a DVD's unit.
pub fn subtitle_pictures(bytes: &[u8]) {
    let mut blu_ray = Pgs::default();
    let mut pages = Vec::new();
    let mut rest = bytes;
    while let [high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (packet, next) = after.split_at(length.min(after.len()));
        pages.extend(blu_ray.read(packet, Duration::ZERO));
        rest = next;
    }
    pages.extend(vobsub::read(
        bytes,
        Duration::ZERO,
        &vobsub::Index::read(bytes),
    ));
    for page in pages {
        let pixels = page.bitmaps.iter().map(|it| {
            let pixels = usize::from(it.width) * usize::from(it.height);
            assert_eq!(it.rgba.len(), 4 * pixels);
            pixels
        });
        assert!(pixels.sum::<usize>() <= PIXELS_MAX);
    }
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
