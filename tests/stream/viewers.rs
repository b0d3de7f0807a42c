//! Two players at one torrent: each has a window of its own under the one bound.

use futures_util::StreamExt as _;
use reqwest::header::RANGE;

use super::{SUBTITLES, Stage, json, text};

/// Four times the cache.
const FILM_BYTES: usize = 16 << 20;
const CACHE_BYTES: u64 = 4 << 20;
/// Each of two reads so much.
const PART: usize = 5 << 20;

async fn stage(rate: Option<u32>) -> Stage {
    let stage = Stage::with(None, FILM_BYTES, CACHE_BYTES, rate).await;
    stage.open().await;
    stage
}

/// Reads a part of the film in small steps; says after each how far it is.
async fn watch(stage: &Stage, from: usize, told: impl Fn(usize)) {
    let range = format!("bytes={from}-");
    let response = stage.film().header(RANGE, range).send().await.unwrap();
    let mut body = response.bytes_stream();
    let mut got = 0;
    while got < PART {
        let bytes = body.next().await.unwrap().unwrap();
        let at = from + got;
        assert!(bytes == stage.film[at..at + bytes.len()], "wrong bytes");
        got += bytes.len();
        told(got);
    }
}

/// Bytes of use that have come: without those that the seeder sent although they were taken back.
async fn received(stage: &Stage) -> u64 {
    let path = format!("/torrents/{}", stage.id());
    let status = json(stage.get(&path).send().await.unwrap()).await;
    let of = |name: &str| status["totals"][name].as_u64().unwrap();
    of("received") - of("wasted")
}

/// Neither has its bytes fetched twice because of the other.
#[tokio::test]
async fn two_far_apart_do_not_evict_one_another() {
    let stage = stage(None).await;
    let (early, late) = (
        watch(&stage, 0, |_| ()),
        watch(&stage, FILM_BYTES / 2, |_| ()),
    );
    tokio::join!(early, late);
    let received = received(&stage).await;
    // What was read, and what was fetched ahead of either.
    let most = 2 * PART as u64 + CACHE_BYTES;
    assert!(received <= most, "{received} of {most}");
}

/// The seeder is the bottleneck: while one reads its part, the other gets nearly as much.
#[tokio::test]
async fn two_get_their_bytes_at_the_same_rate() {
    use std::cell::Cell;
    let stage = stage(Some(8 << 20)).await;
    let got = [Cell::new(0), Cell::new(0)];
    let other = [Cell::new(0), Cell::new(0)];
    let note = |of: usize, bytes: usize| {
        got[of].set(bytes);
        if bytes >= PART {
            other[of].set(got[1 - of].get());
        }
    };
    let (early, late) = (
        watch(&stage, 0, |bytes| note(0, bytes)),
        watch(&stage, FILM_BYTES / 2, |bytes| note(1, bytes)),
    );
    tokio::join!(early, late);
    // Whoever was done first left the other this far: a window and what sockets hold is the play.
    let first = other[0].get().min(other[1].get());
    assert!(first >= PART - 3 * (1 << 20), "{first} of {PART}");
}

/// Ranges one after the other, as some players ask, beside one who reads on.
#[tokio::test]
async fn one_who_asks_range_by_range_keeps_its_window() {
    let stage = stage(None).await;
    let ranges = async {
        for from in (FILM_BYTES / 2..FILM_BYTES / 2 + PART).step_by(256 << 10) {
            let range = format!("bytes={from}-{}", from + (256 << 10) - 1);
            let response = stage.film().header(RANGE, range).send().await.unwrap();
            let bytes = response.bytes().await.unwrap();
            assert!(bytes == stage.film[from..from + (256 << 10)], "wrong bytes");
        }
    };
    tokio::join!(watch(&stage, 0, |_| ()), ranges);
    let received = received(&stage).await;
    let most = 2 * PART as u64 + CACHE_BYTES;
    assert!(received <= most, "{received} of {most}");
    // Subtitles beside them move nobody.
    let file = stage.get(&format!("/stream/{}/{SUBTITLES}", stage.id()));
    assert!(text(file).await.starts_with('1'));
}
