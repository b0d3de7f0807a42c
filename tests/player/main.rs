//! The player against real films: what is shown is read back from the pictures themselves.

#![allow(clippy::unwrap_used)]

mod failures;
mod films;
mod fitting;
mod pictures;
mod stage;
mod stills;
mod texts;
mod web;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use app::{PlayerNews, SeekMode};
use films::{FPS, GOP};
use media::{ColourMatrix, PixelFormat, Source};
use stage::{Memory, Stage, until};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn mkv() -> Memory {
    Memory::new("film.mkv", films::mkv())
}

fn mp4() -> Memory {
    Memory::new("Film.MP4", films::mp4())
}

#[test]
fn a_film_opens_paused_at_its_first_picture() {
    let mut stage = Stage::new();
    stage.open(mkv(), Duration::ZERO);
    let ready = stage.ready();
    assert_eq!(stage.picture().unwrap().number, 0);
    assert!(ready.seekable);
    assert!(ready.duration.abs_diff(ms(30_000)) < ms(300), "{ready:?}");
    let languages = |tracks: &[app::Track]| -> Vec<String> {
        tracks
            .iter()
            .map(|track| track.language.clone().unwrap())
            .collect()
    };
    assert_eq!(languages(&ready.tracks.audio), ["en", "fr"]);
    assert_eq!(languages(&ready.tracks.subtitles), ["de"]);
    assert_eq!(ready.tracks.audio[0].title.as_deref(), Some("The talk"));
    assert_eq!(ready.tracks.audio[0].codec.as_deref(), Some("Vorbis"));
    assert_eq!(ready.tracks.audio_now, Some(ready.tracks.audio[0].id));
    assert_eq!(ready.tracks.subtitle_now, None);
    let chapters: Vec<_> = ready
        .chapters
        .iter()
        .map(|c| (c.start, c.title.as_str()))
        .collect();
    assert_eq!(
        chapters,
        [(ms(0), "Dawn"), (ms(10_000), "Noon"), (ms(20_000), "Dusk")]
    );
    let frame = stage.last.lock().unwrap().clone().unwrap();
    assert_eq!((frame.width, frame.height), (320, 180));
    // Matroska keeps the size shown in whole pixels: 427 by 180.
    assert_eq!(frame.pixel_aspect, (213, 160));
    assert_eq!(frame.format, PixelFormat::I420);
}

#[test]
fn how_it_is_shown_is_told_while_somebody_wants_to_know() {
    let mut stage = Stage::new();
    stage.open(mkv(), Duration::ZERO);
    stage.ready();
    let told = |stage: &mut Stage| {
        stage.wait("measures", |news| match news {
            PlayerNews::Measured(measured) => Some(measured.clone()),
            _ => None,
        })
    };
    stage.player.measure(stage.session, true);
    let before = told(&mut stage);
    assert_eq!(before.picture, Some((320, 180)));
    assert_eq!(before.rate_milli, Some(FPS as u32 * 1000));
    assert_eq!(before.container.as_deref(), Some("Matroska"));
    assert!(
        before.codec.is_some() && before.decoder.is_some(),
        "{before:?}"
    );
    stage.player.set_paused(stage.session, false);
    let (first, second) = (told(&mut stage), told(&mut stage));
    assert!(second.shown > first.shown, "{first:?} {second:?}");
}

#[test]
fn a_film_opens_at_the_key_frame_before_where_it_was_left() {
    for film in [mkv(), mp4()] {
        let mut stage = Stage::new();
        stage.open(film, ms(12_345));
        stage.ready();
        let seen: Vec<u64> = stage
            .seen
            .lock()
            .unwrap()
            .iter()
            .flatten()
            .map(|s| s.number)
            .collect();
        assert_eq!(seen, [12_345 * FPS / 1000 / GOP * GOP]);
    }
}

#[test]
fn a_film_left_at_a_key_frame_opens_there_and_asks_for_nothing_in_between() {
    for film in [mkv(), mp4()] {
        let size = film.size();
        let mut stage = Stage::new();
        // Head and index are there, and what lies behind the middle.
        let film = Arc::new(film.hole(size / 8..size / 2));
        stage.open_with(film, Vec::new(), ms(20_000));
        stage.ready();
        assert_eq!(stage.picture().unwrap().number, 20 * FPS);
    }
}

#[test]
fn a_film_without_an_index_opens_where_it_was_left_too() {
    let mut stage = Stage::new();
    stage.open(
        Memory::new("film.mkv", films::mkv_without_index()),
        ms(12_345),
    );
    stage.ready();
    let number = stage.picture().unwrap().number;
    assert!((250..=12_345 * FPS / 1000).contains(&number), "{number}");
}

#[test]
fn an_accurate_seek_ends_in_the_very_picture() {
    for film in [mkv(), mp4()] {
        let mut stage = Stage::new();
        let session = stage.open(film, Duration::ZERO);
        stage.ready();
        for to in [20_010, 3_990, 29_000, 0, 15_555] {
            stage.player.seek(session, ms(to), SeekMode::Accurate);
            let position = stage.seeked();
            let shown = stage.picture().unwrap();
            assert_eq!((shown.number, shown.position), (to * FPS / 1000, position));
        }
    }
}

#[test]
fn a_scrub_shows_a_key_frame_nearby() {
    for film in [mkv(), mp4()] {
        let mut stage = Stage::new();
        let session = stage.open(film, Duration::ZERO);
        stage.ready();
        for to in [11_500, 4_300, 8_300] {
            stage.player.seek(session, ms(to), SeekMode::KeyUnit);
            let position = stage.seeked();
            let number = stage.picture().unwrap().number;
            assert_eq!(number % GOP, 0, "to {to}: {position:?}");
            // Demuxers take "the nearest" for the one before.
            assert!(
                position.abs_diff(ms(to)) <= ms(2_000),
                "to {to}: {position:?}"
            );
        }
    }
}

#[test]
fn of_many_seeks_the_last_one_counts() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    stage.ready();
    for step in 0..100 {
        stage
            .player
            .seek(session, ms(step * 250), SeekMode::KeyUnit);
    }
    stage.player.seek(session, ms(7_700), SeekMode::Accurate);
    let mut done = 1;
    while stage.seeked().abs_diff(ms(7_700)) > ms(40) {
        done += 1;
    }
    assert!(done <= 10, "{done} of 101 seeks were carried out");
    assert_eq!(stage.picture().unwrap().number, 7_700 * FPS / 1000);
}

#[test]
fn a_seek_beyond_the_end_shows_one_of_the_last_pictures() {
    for film in [mkv(), mp4()] {
        let mut stage = Stage::new();
        let session = stage.open(film, Duration::ZERO);
        stage.ready();
        stage
            .player
            .seek(session, ms(3_600_000), SeekMode::Accurate);
        let position = stage.seeked();
        assert!(position > ms(29_000), "{position:?}");
        assert!(stage.picture().unwrap().number > 725);
    }
}

#[test]
fn in_a_pause_the_position_told_is_that_of_the_picture() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    stage.ready();
    let mut told = Duration::ZERO;
    for _ in 0..3 {
        stage.player.set_paused(session, false);
        let from = told;
        // Somewhere between the moments at which it is told.
        while told <= from {
            told = stage.position();
        }
        let shown = stage.pictures();
        until("some more pictures", || stage.pictures() > shown + 2);
        stage.player.set_paused(session, true);
        until("the position of the picture", || {
            let mut last = stage.rest().into_iter().filter_map(|(_, news)| match news {
                PlayerNews::Position(at) => Some(at),
                _ => None,
            });
            told = last.next_back().unwrap_or(told);
            stage.picture().is_some_and(|shown| shown.position == told)
        });
    }
}

#[test]
fn a_film_runs_twice_as_fast_and_a_seek_keeps_that() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    stage.ready();
    stage.player.set_paused(session, false);
    // Film for each second of the clock, both measured in the same way.
    let runs = |stage: &mut Stage| {
        let (from, begun) = (stage.position(), Instant::now());
        let mut to = from;
        while to < from + ms(3_000) {
            to = stage.position();
        }
        (to - from).as_secs_f64() / begun.elapsed().as_secs_f64()
    };
    let own = runs(&mut stage);
    stage.player.set_speed(session, 2000);
    stage.player.seek(session, ms(8_000), SeekMode::Accurate);
    stage.seeked();
    let fast = runs(&mut stage);
    stage.player.seek(session, ms(20_000), SeekMode::Accurate);
    stage.seeked();
    let still = runs(&mut stage);
    for (speed, what) in [(fast, "after it was set"), (still, "after a seek")] {
        let times = speed / own;
        assert!((1.6..2.4).contains(&times), "{times} times as fast {what}");
    }
}

#[test]
fn a_film_plays_pauses_and_goes_on() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), ms(2_000));
    stage.ready();
    let begun = Instant::now();
    stage.player.set_paused(session, false);
    let mut told = Vec::new();
    while told.last().is_none_or(|last| *last < ms(4_000)) {
        told.push(stage.position());
    }
    assert!(begun.elapsed() >= ms(1_900), "2 s in {:?}", begun.elapsed());
    // About four times a second, on the picture that comes next: 240 ms at the least.
    assert!((7..=10).contains(&told.len()), "{told:?}");
    assert!(told.is_sorted());
    stage.player.set_paused(session, true);
    // A seek to the picture shown is only done when the pause is.
    stage.player.seek(session, ms(4_500), SeekMode::Accurate);
    stage.seeked();
    let pictures = stage.pictures();
    stage.player.seek(session, ms(4_500), SeekMode::Accurate);
    stage.seeked();
    assert_eq!(stage.pictures(), pictures + 1, "it went on in the pause");
    stage.player.set_paused(session, false);
    stage.plays_to(ms(5_000));
    let numbers: Vec<u64> = stage
        .seen
        .lock()
        .unwrap()
        .iter()
        .flatten()
        .map(|s| s.number)
        .collect();
    assert!(numbers.len() > 60, "{} pictures in 2.5 s", numbers.len());
}

#[test]
fn seeking_while_playing_goes_on_playing() {
    let mut stage = Stage::new();
    let session = stage.open(mp4(), Duration::ZERO);
    stage.ready();
    stage.player.set_paused(session, false);
    stage.plays_to(ms(400));
    stage.player.seek(session, ms(20_000), SeekMode::Accurate);
    assert!(stage.seeked().abs_diff(ms(20_000)) <= ms(40));
    stage.plays_to(ms(20_600));
}

#[test]
fn the_end_is_told_and_a_seek_back_plays_again() {
    for film in [mkv(), mp4()] {
        let mut stage = Stage::new();
        let session = stage.open(film, ms(29_300));
        stage.ready();
        stage.player.set_paused(session, false);
        stage.wait("end", |news| (*news == PlayerNews::Ended).then_some(()));
        assert!(stage.picture().unwrap().number >= 740);
        stage.player.seek(session, ms(10_000), SeekMode::Accurate);
        assert!(stage.seeked().abs_diff(ms(10_000)) <= ms(40));
        stage.plays_to(ms(10_500));
    }
}

#[test]
fn ten_bits_are_shown_as_eight() {
    let mut stage = Stage::new();
    stage.open(Memory::new("ten.mkv", films::ten_bit()), ms(6_000));
    stage.ready();
    assert_eq!(stage.picture().unwrap().number, 150);
    let frame = stage.last.lock().unwrap().clone().unwrap();
    assert_eq!(frame.format, PixelFormat::I420);
    assert_eq!(frame.matrix, ColourMatrix::Bt709);
    assert!(!frame.full_range);
}

#[test]
fn closing_takes_the_picture_away_and_silences_the_film() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    stage.ready();
    stage.player.set_paused(session, false);
    stage.plays_to(ms(300));
    stage.player.close(session);
    until("no picture", || {
        stage.seen.lock().unwrap().last() == Some(&None)
    });
    stage.rest();
    stage.open(mp4(), Duration::ZERO);
    stage.ready();
    let late: Vec<_> = stage
        .rest()
        .into_iter()
        .filter(|(of, _)| *of == session)
        .collect();
    assert!(late.is_empty(), "{late:?}");
    let seen = stage.seen.lock().unwrap();
    assert_eq!(seen.iter().filter(|seen| seen.is_none()).count(), 1);
}

#[test]
fn a_film_that_waits_for_bytes_closes_at_once() {
    let size = films::mkv().len() as u64;
    for (name, hole) in [
        ("start", 0..size),
        ("end", size - 1000..size),
        ("middle", 1000..size / 2),
    ] {
        let mut stage = Stage::new();
        let film = Arc::new(mkv().hole(hole));
        let waiting = film.waiting.clone();
        let session = stage.open_with(film, Vec::new(), ms(10_000));
        until("a wait", || {
            waiting.load(Ordering::SeqCst) > 0 || stage.picture().is_some()
        });
        let begun = Instant::now();
        stage.player.close(session);
        until("the demand is taken back", || {
            waiting.load(Ordering::SeqCst) == 0
        });
        stage.open(mp4(), Duration::ZERO);
        stage.ready();
        assert!(begun.elapsed() < ms(1_000), "{name}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_seek_leaves_a_hole_at_once() {
    for film in [mkv(), mp4()] {
        let mut stage = Stage::new();
        let film = Arc::new(film);
        let session = stage.open_with(film.clone(), Vec::new(), Duration::ZERO);
        stage.ready();
        let size = film.size();
        film.hole.send_replace(size / 2..size * 9 / 10);
        for playing in [false, true] {
            stage.player.set_paused(session, !playing);
            stage.player.seek(session, ms(20_000), SeekMode::Accurate);
            until("a wait", || film.waiting.load(Ordering::SeqCst) > 0);
            let begun = Instant::now();
            stage.player.seek(session, ms(2_000), SeekMode::Accurate);
            while stage.seeked() != ms(2_000) {}
            let took = begun.elapsed();
            println!("out of the hole in {took:?}");
            assert!(took < ms(1_000), "{took:?}");
        }
        stage.player.seek(session, ms(20_000), SeekMode::Accurate);
        until("a wait", || film.waiting.load(Ordering::SeqCst) > 0);
        film.hole.send_replace(0..0);
        while stage.seeked() != ms(20_000) {}
        assert!(stage.picture().unwrap().number >= 500);
    }
}

#[test]
fn a_film_without_an_index_can_be_sought_in_and_left() {
    let mut stage = Stage::new();
    let film = Arc::new(Memory::new("film.mkv", films::mkv_without_index()));
    let session = stage.open_with(film.clone(), Vec::new(), Duration::ZERO);
    let ready = stage.ready();
    println!("{ready:?}");
    stage.player.seek(session, ms(5_000), SeekMode::Accurate);
    stage.seeked();
    println!("{:?}", stage.picture());
    let size = film.size();
    film.hole.send_replace(size / 2..size);
    stage.player.seek(session, ms(25_000), SeekMode::Accurate);
    until("a wait", || film.waiting.load(Ordering::SeqCst) > 0);
    let begun = Instant::now();
    stage.player.seek(session, ms(2_000), SeekMode::Accurate);
    while stage.seeked() != ms(2_000) {}
    println!("out of the hole in {:?}", begun.elapsed());
    stage.player.seek(session, ms(25_000), SeekMode::Accurate);
    until("a wait", || film.waiting.load(Ordering::SeqCst) > 0);
    let begun = Instant::now();
    stage.player.close(session);
    until("the demand is taken back", || {
        film.waiting.load(Ordering::SeqCst) == 0
    });
    println!("closed in {:?}", begun.elapsed());
}

#[test]
fn sound_switches_while_the_film_plays() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    let french = stage.ready().tracks.audio[1].id;
    stage.player.set_paused(session, false);
    stage.plays_to(ms(500));
    stage.player.select_audio(session, french);
    let now = stage.wait("tracks", |news| match news {
        PlayerNews::Tracks(tracks) => Some(tracks.audio_now),
        _ => None,
    });
    assert_eq!(now, Some(french));
    stage.plays_to(ms(2_000));
    let seen: Vec<_> = stage
        .seen
        .lock()
        .unwrap()
        .iter()
        .flatten()
        .copied()
        .collect();
    let gap = seen
        .windows(2)
        .map(|two| two[1].at - two[0].at)
        .max()
        .unwrap();
    println!("longest gap between pictures {gap:?}");
    assert!(seen.is_sorted_by_key(|seen| seen.number));
    assert!(gap < ms(600), "{gap:?}");
}

#[test]
fn the_first_picture_comes_soon_over_a_slow_source() {
    for film in [mkv(), mp4()] {
        let (name, size) = (film.name().to_owned(), film.size());
        assert!(size > 4_000_000, "{name} is too small to tell");
        let mut stage = Stage::new();
        stage.open(mp4(), Duration::ZERO);
        stage.ready();
        let begun = Instant::now();
        stage.open(film.latency(ms(30)), Duration::ZERO);
        stage.ready();
        println!(
            "{name}: first picture after {:?} at 30 ms per read",
            begun.elapsed()
        );
        assert!(begun.elapsed() < ms(3_000));
    }
}
