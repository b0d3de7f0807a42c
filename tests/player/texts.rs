//! Subtitles: of the container and of files, and when they come and go.

use std::sync::Arc;
use std::time::Duration;

use app::{Lines, PlayerNews, SeekMode, TextTiming, TrackId};
use matinee::player::TextFile;
use matinee::texts::Beside;

use super::stage::{Memory, Stage};
use super::{mkv, ms};

/// Plays the first seven seconds and gives each text with when it came and went.
fn texts(stage: &mut Stage) -> Vec<(Option<String>, Duration)> {
    let mut texts = Vec::new();
    while texts.len() < 4 {
        texts.push(stage.wait_with("subtitle", |news, seen| match news {
            PlayerNews::Subtitle(lines) => Some((lines.first.clone(), seen.unwrap().position)),
            _ => None,
        }));
    }
    texts
}

fn assert_texts(texts: &[(Option<String>, Duration)], expected: &[(Option<&str>, u64)]) {
    assert_eq!(texts.len(), expected.len(), "{texts:?}");
    for ((text, at), (wanted, due)) in texts.iter().zip(expected) {
        assert_eq!(text.as_deref(), *wanted, "{texts:?}");
        assert!(
            *at >= ms(*due) && *at <= ms(due + 80),
            "{text:?} at {at:?}, due {due}"
        );
    }
}

const TIMED: [(Option<&str>, u64); 4] = [
    (Some("first & slanted"), 2_000),
    (None, 3_000),
    (Some("second"), 4_000),
    (None, 6_000),
];

#[test]
fn text_of_the_container_keeps_time_with_the_picture() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    let text = stage.ready().tracks.subtitles[0].id;
    stage.player.select_subtitle(session, Some(text));
    stage.player.set_paused(session, false);
    assert_texts(&texts(&mut stage), &TIMED);
    stage.player.set_paused(session, true);
    stage.player.seek(session, ms(21_000), SeekMode::Accurate);
    let third = stage.wait("third", |news| match news {
        PlayerNews::Subtitle(lines) => Some(lines.first.clone()),
        _ => None,
    });
    assert_eq!(third.as_deref(), Some("third"));
    stage.player.select_subtitle(session, None);
    stage.wait("off", |news| {
        (*news == PlayerNews::Subtitle(Lines::default())).then_some(())
    });
}

/// The first text so much later than it says.
fn later(offset_ms: i64) -> [TextTiming; 2] {
    let first = TextTiming {
        offset_ms,
        stretch_ppm: 0,
    };
    [first, TextTiming::default()]
}

fn file(text: Memory, language: Option<&str>, from: Option<&str>) -> TextFile {
    TextFile {
        language: language.map(str::to_owned),
        from: from.map(Into::into),
        text: Arc::new(Beside(Arc::new(text))),
    }
}

#[test]
fn texts_that_are_found_later_are_there_to_choose() {
    let srt = "1\n00:00:00,000 --> 00:01:00,000\nlater\n";
    let mut stage = Stage::new();
    let session = stage.open_with(Arc::new(mkv()), Vec::new(), Duration::ZERO);
    let before = stage.ready().tracks.subtitles.len();
    let late = file(
        Memory::new("late.srt", srt.into()),
        Some("it"),
        Some("A site"),
    );
    stage.player.add_texts(session, vec![late]);
    let tracks = stage.wait("more tracks", |news| match news {
        PlayerNews::Tracks(tracks) => Some(tracks.clone()),
        _ => None,
    });
    let track = &tracks.subtitles[before];
    assert_eq!(track.language.as_deref(), Some("it"));
    assert_eq!(track.title.as_deref(), Some("A site"));
    assert_eq!(track.codec, None);
    stage.player.select_subtitle(session, Some(track.id));
    stage.player.set_paused(session, false);
    let shown = stage.wait("the text", |news| match news {
        PlayerNews::Subtitle(lines) => lines.first.clone(),
        _ => None,
    });
    assert_eq!(shown, "later");
    // Moved beyond the film it is gone, and back it is there again.
    stage.player.time_subtitles(session, later(600_000));
    stage.wait("no text", |news| {
        (*news == PlayerNews::Subtitle(Lines::default())).then_some(())
    });
    stage.player.time_subtitles(session, later(0));
    stage.wait("the text again", |news| {
        matches!(news, PlayerNews::Subtitle(Lines { first: Some(_), .. })).then_some(())
    });
}

#[test]
fn a_text_file_is_read_when_chosen() {
    let srt = "1\n00:00:02,000 --> 00:00:03,000\nfirst &amp; <i>slanted</i>\n\n\
               2\n00:00:04,000 --> 00:00:06,000\nsecond\n";
    let text = Memory::new("film.fr.srt", srt.into()).hole(0..10);
    let hole = text.hole.clone();
    let broken = Memory::new("film.de.srt", "nothing".into());
    let subtitles = vec![file(text, Some("fr"), None), file(broken, None, None)];
    let mut stage = Stage::new();
    let session = stage.open_with(Arc::new(mkv()), subtitles, Duration::ZERO);
    let tracks = stage.ready().tracks;
    assert_eq!(tracks.subtitles.len(), 3);
    assert_eq!(tracks.subtitles[1].language.as_deref(), Some("fr"));
    assert_eq!(tracks.subtitles[1].codec.as_deref(), Some("SubRip"));
    let choose = |stage: &mut Stage, id: TrackId| {
        stage.player.select_subtitle(session, Some(id));
        stage.wait("tracks", |news| match news {
            PlayerNews::Tracks(tracks) => Some(tracks.subtitle_now),
            _ => None,
        })
    };
    assert_eq!(
        choose(&mut stage, tracks.subtitles[2].id),
        Some(tracks.subtitles[2].id)
    );
    let off = stage.wait("off", |news| match news {
        PlayerNews::Tracks(tracks) => Some(tracks.subtitle_now),
        _ => None,
    });
    assert_eq!(off, None, "a file without text turns subtitles off");
    assert_eq!(
        choose(&mut stage, tracks.subtitles[1].id),
        Some(tracks.subtitles[1].id)
    );
    hole.send_replace(0..0);
    stage.player.set_paused(session, false);
    assert_texts(&texts(&mut stage), &TIMED);
}

/// A text for a few seconds around the one of the film that is up at 5 s.
const LONG: &str = "1\n00:00:03,000 --> 00:00:20,000\nlong\n";

#[test]
fn two_texts_are_shown_at_once_of_the_film_and_of_a_file() {
    let beside = file(Memory::new("film.fr.srt", LONG.into()), Some("fr"), None);
    let mut stage = Stage::new();
    let session = stage.open_with(Arc::new(mkv()), vec![beside], ms(5_000));
    let tracks = stage.ready().tracks.subtitles;
    stage.player.select_subtitle(session, Some(tracks[0].id));
    stage.player.select_second(session, Some(tracks[1].id));
    stage.player.seek(session, ms(4_500), SeekMode::Accurate);
    let both = |first: Option<&str>, second: Option<&str>| Lines {
        first: first.map(Into::into),
        second: second.map(Into::into),
        ..Lines::default()
    };
    let wait = |stage: &mut Stage, lines: &Lines| {
        stage.wait("the lines", |news| match news {
            PlayerNews::Subtitle(shown) => (shown == lines).then_some(()),
            _ => None,
        });
    };
    wait(&mut stage, &both(Some("second"), Some("long")));
    // Each lies where it shall, and they change places at once, in a pause too.
    let second = TextTiming {
        offset_ms: -30_000,
        stretch_ppm: 0,
    };
    let timings = [TextTiming::default(), second];
    stage.player.time_subtitles(session, timings);
    wait(&mut stage, &both(Some("second"), None));
    stage.player.time_subtitles(session, later(0));
    stage.player.select_subtitle(session, Some(tracks[1].id));
    stage.player.select_second(session, Some(tracks[0].id));
    wait(&mut stage, &both(Some("long"), Some("second")));
    stage.player.select_second(session, None);
    wait(&mut stage, &both(Some("long"), None));
}
