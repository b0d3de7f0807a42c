//! Films that cannot be played, told apart.

use std::time::Duration;

use app::{PlayerFailure, PlayerNews, SeekMode};
use gst::prelude::*;

use super::stage::{Memory, Stage};
use super::{films, mkv, ms};

#[test]
fn what_is_no_film_is_called_broken() {
    let garbage: Vec<u8> = (0..400_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let truncated = films::mp4().slice(..films::mp4().len() / 2);
    for (name, bytes) in [
        ("a.mkv", garbage.into()),
        ("b.mp4", truncated),
        ("c.avi", bytes::Bytes::new()),
    ] {
        let mut stage = Stage::new();
        stage.open(Memory::new(name, bytes), Duration::ZERO);
        let failure = stage.failure();
        assert!(
            matches!(failure, PlayerFailure::Broken(_)),
            "{name}: {failure:?}"
        );
    }
}

#[test]
fn a_film_that_breaks_off_ends_there() {
    let mut stage = Stage::new();
    let half = films::mkv().slice(..films::mkv().len() / 2);
    let session = stage.open(Memory::new("half.mkv", half), ms(13_000));
    stage.ready();
    stage.player.set_paused(session, false);
    stage.wait("end", |news| match news {
        PlayerNews::Ended | PlayerNews::Failed(PlayerFailure::Broken(_)) => Some(()),
        _ => None,
    });
    assert!(stage.picture().is_none_or(|seen| seen.number > 325));
}

#[test]
fn a_source_that_fails_is_told_apart() {
    let size = films::mkv().len() as u64;
    let mut stage = Stage::new();
    stage.open(mkv().broken(0..size), Duration::ZERO);
    let gone = PlayerFailure::SourceGone("the disk is on fire".to_owned());
    assert_eq!(stage.failure(), gone);

    let film = mkv().broken(size * 6 / 10..size * 7 / 10);
    let session = stage.open(film, Duration::ZERO);
    stage.ready();
    stage.player.seek(session, ms(20_000), SeekMode::Accurate);
    assert_eq!(stage.failure(), gone);
}

#[test]
fn a_codec_nobody_decodes_is_named() {
    let film = films::hevc();
    let decoders =
        gst::ElementFactory::factories_with_type(gst::ElementFactoryType::DECODER, gst::Rank::NONE);
    let hevc = gst::Caps::builder("video/x-h265").build();
    for decoder in decoders {
        if decoder.can_sink_any_caps(&hevc) {
            decoder.set_rank(gst::Rank::NONE);
        }
    }
    let mut stage = Stage::new();
    stage.open(Memory::new("film.mkv", film), Duration::ZERO);
    let codec = "H.265".to_owned();
    assert_eq!(stage.failure(), PlayerFailure::NoDecoder { codec });
}
