//! Stills of a film are made of what is here of it, and of nothing else.

use std::sync::atomic::Ordering;
use std::time::Duration;

use app::{PlayerNews, Still};

use super::films::{self, FPS, GOP};
use super::stage::{Memory, Stage};
use super::{mkv, mp4, ms};

/// The number of the film's picture that it was made of.
fn number(still: &Still) -> u64 {
    let (width, height) = (usize::from(still.width), usize::from(still.height));
    let row = &still.rgb[3 * width * (height / 2)..];
    let bit = |at: usize| u64::from(row[3 * ((2 * at + 1) * width / 32)] > 128);
    (0..16).fold(0, |number, at| number | bit(at) << at)
}

/// The next one that is told.
fn next(stage: &mut Stage) -> (Duration, Still) {
    stage.wait("still", |news| match news {
        PlayerNews::Still { at, still } => Some((*at, still.clone())),
        _ => None,
    })
}

/// It is of a key frame no farther from its place than those are apart.
fn assert_of(still: &Still, at: Duration) {
    let number = number(still);
    assert_eq!(number % GOP, 0, "no key frame");
    let shows = ms(number * 1000 / FPS);
    assert!(
        shows.abs_diff(at) <= ms(GOP * 1000 / FPS),
        "{shows:?} at {at:?}"
    );
}

#[test]
fn stills_come_in_the_order_in_which_they_are_wanted() {
    let ten_bit = Memory::new("film.mkv", films::ten_bit());
    let cut = Memory::new("film.mkv", films::mkv_without_index());
    for film in [mkv(), mp4(), ten_bit, cut] {
        let mut stage = Stage::new();
        let session = stage.open(film, Duration::ZERO);
        stage.ready();
        let places = [20_000, 10_000, 0, 28_400].map(ms);
        stage.player.make_stills(session, places.to_vec());
        for place in places {
            let (at, still) = next(&mut stage);
            assert_eq!(at, place);
            // Its pixels are a third wider than high, and those of stills are square.
            assert_eq!((still.width, still.height), (224, 95));
            assert_of(&still, at);
        }
    }
}

#[test]
fn of_what_is_not_here_there_is_none_and_nobody_is_asked() {
    let film = mkv();
    let bytes = films::mkv().len() as u64;
    // The middle third.
    let film = film.hole(bytes / 3..2 * bytes / 3);
    let (waiting, hole) = (film.waiting.clone(), film.hole.clone());
    let mut stage = Stage::new();
    let session = stage.open(film, Duration::ZERO);
    stage.ready();
    let (here, gone) = (ms(26_000), ms(15_000));
    stage.player.make_stills(session, vec![gone, here]);
    let (at, still) = next(&mut stage);
    assert_eq!(at, here, "what is not here was made");
    assert_of(&still, at);
    assert_eq!(waiting.load(Ordering::SeqCst), 0, "somebody was asked");
    // It comes, and so does its still.
    hole.send_replace(0..0);
    stage.player.make_stills(session, vec![gone]);
    let (at, still) = next(&mut stage);
    assert_eq!(at, gone);
    assert_of(&still, at);
}

#[test]
fn a_film_that_plays_goes_on_while_stills_are_made() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    stage.ready();
    stage.player.set_paused(session, false);
    stage.plays_to(ms(500));
    stage
        .player
        .make_stills(session, (0..15).map(|nth| ms(2_000 * nth)).collect());
    for _ in 0..15 {
        let (at, still) = next(&mut stage);
        assert_of(&still, at);
    }
    let now = stage.position();
    stage.plays_to(now + ms(500));
}
