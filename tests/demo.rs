//! The demo end to end: its edge code survives what screens do to it, the film is what it claims
//! to be, and strangers can fetch it.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use gst::prelude::*;
use gst_pbutils::prelude::*;
use librqbit::{AddTorrent, AddTorrentOptions, Session, SessionOptions};
use matinee::demo::{Demo, DemoNews, Recipe, pattern};
use proptest::prelude::*;

/// A busy picture: stripes both ways.
fn busy(width: u32, height: u32) -> Vec<u8> {
    let byte = |at: u32| (at * 37 % 251) as u8;
    (0..width * height)
        .flat_map(|at| [byte(at), byte(at / width), byte(at % width)])
        .collect()
}

fn scaled(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    let source = ImageRef::new(from.0, from.1, rgb, PixelType::U8x3).unwrap();
    let mut target = Image::new(to.0, to.1, PixelType::U8x3);
    Resizer::new().resize(&source, &mut target, None).unwrap();
    target.into_vec()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_edge_code_survives_noise_and_scaling(number in 0..65_536u32, seed in any::<u32>()) {
        let mut rgb = busy(1280, 720);
        pattern::draw(&mut rgb, 1280, 720, number);
        prop_assert_eq!(pattern::read(&rgb, 1280, 720), Some(number));
        let mut state = seed | 1;
        for byte in &mut rgb {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 24) as i16 / 3 - 42;
            *byte = (i16::from(*byte) + noise).clamp(0, 255) as u8;
        }
        for size in [(1280, 720), (1920, 1080), (640, 360), (1000, 562)] {
            let picture = scaled(&rgb, (1280, 720), size);
            prop_assert_eq!(pattern::read(&picture, size.0, size.1), Some(number), "{:?}", size);
        }
    }
}

#[test]
fn a_picture_without_the_code_has_no_number() {
    assert_eq!(pattern::read(&busy(1280, 720), 1280, 720), None);
    assert_eq!(pattern::read(&vec![0; 640 * 360 * 3], 640, 360), None);
    assert_eq!(pattern::read(&vec![255; 640 * 360 * 3], 640, 360), None);
    assert_eq!(pattern::read(&[0; 100], 1280, 720), None);
}

#[test]
fn a_code_with_a_wrong_block_is_refused() {
    let mut rgb = busy(1280, 720);
    pattern::draw(&mut rgb, 1280, 720, 1234);
    // Blocks are 12 rows high from row 192 on; the third is the first bit.
    for row in 216..228 {
        for byte in &mut rgb[(row * 1280 + 16) * 3..(row * 1280 + 32) * 3] {
            *byte = 255 - *byte;
        }
    }
    assert_eq!(pattern::read(&rgb, 1280, 720), None);
}

struct Started {
    demo: Demo,
    film: Box<app::Film>,
    metainfo: Vec<u8>,
    /// Percents that were told on the way.
    percents: Vec<u8>,
}

/// Starts the demo and waits for it; three seconds long, two seeders as fast as they go.
fn start(dir: &Path, runtime: &tokio::runtime::Runtime) -> Started {
    let recipe = Recipe {
        length: Duration::from_secs(3),
        rates: vec![None, None],
    };
    let (send, news) = mpsc::channel();
    let tell = Arc::new(move |it| send.send(it).unwrap());
    let demo = Demo::start_as(recipe, dir.to_owned(), runtime.handle(), tell);
    let mut percents = Vec::new();
    loop {
        // Making three seconds takes less than one; a busy machine is forgiven much.
        match news.recv_timeout(Duration::from_secs(100)).unwrap() {
            DemoNews::Preparing { percent } => percents.push(percent),
            DemoNews::Failed(why) => panic!("{why}"),
            DemoNews::Ready { film, metainfo } => {
                return Started {
                    demo,
                    film,
                    metainfo,
                    percents,
                };
            }
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn film_in(dir: &Path) -> PathBuf {
    dir.join("Matinee Demo").join("Matinee Demo.mkv")
}

#[test]
fn the_film_is_made_seeded_fetched_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let first = start(dir.path(), &runtime);
    assert!(first.percents.is_sorted(), "{:?}", first.percents);
    assert_eq!(first.percents.first(), Some(&0));
    assert_eq!(
        std::fs::read(dir.path().join("demo.torrent")).unwrap(),
        first.metainfo
    );
    described(&first.film);
    sound_and_chapters(&film_in(dir.path()));
    every_frame_is_numbered(&film_in(dir.path()));
    runtime.block_on(fetched(&first.film, dir.path()));

    let key = first.film.sources[0].reach.key();
    drop(first);
    let again = start(dir.path(), &runtime);
    assert_eq!(again.percents, [0; 0], "the film was made again");
    assert_eq!(again.film.sources[0].reach.key(), key);
    let peers = &again.film.sources[0].reach.torrent().unwrap().peers;
    assert!(peers.iter().all(|peer| peer.ip() == Ipv4Addr::LOCALHOST));
    drop(again);

    // A film that lost its end is made again.
    let film = std::fs::OpenOptions::new()
        .write(true)
        .open(film_in(dir.path()))
        .unwrap();
    film.set_len(100_000).unwrap();
    drop(film);
    let mended = start(dir.path(), &runtime);
    assert_eq!(mended.percents.first(), Some(&0), "a broken film was kept");
    drop(mended.demo);
}

fn described(film: &app::Film) {
    assert_eq!(film.id, app::FilmId("demo".to_owned()));
    assert_eq!(film.badge.as_deref(), Some("Demo"));
    assert_eq!(film.readiness, app::Readiness::Ready);
    let poster = std::fs::File::open(&*film.poster.as_ref().unwrap().0).unwrap();
    let poster = png::Decoder::new(std::io::BufReader::new(poster))
        .read_info()
        .unwrap();
    assert_eq!(poster.info().size(), (480, 720));
    let torrent = film.sources[0].reach.torrent().unwrap();
    assert_eq!((torrent.file, torrent.peers.len()), (Some(0), 2));
    assert!(torrent.trackers.is_empty() && torrent.web_seeds.is_empty());
}

fn sound_and_chapters(path: &Path) {
    gst::init().unwrap();
    let discoverer = gst_pbutils::Discoverer::new(gst::ClockTime::from_seconds(30)).unwrap();
    let uri = gst::glib::filename_to_uri(path, None).unwrap();
    let info = discoverer.discover_uri(&uri).unwrap();
    let duration = info.duration().unwrap().mseconds();
    assert!((2_990..=3_050).contains(&duration), "{duration} ms");
    let sound = info.audio_streams();
    let languages: Vec<_> = sound
        .iter()
        .filter_map(gst_pbutils::DiscovererAudioInfo::language)
        .collect();
    assert_eq!(languages, ["en", "fr"]);
    let title = |track: &gst_pbutils::DiscovererAudioInfo| {
        let tags = track.tags()?;
        Some(tags.get::<gst::tags::Title>()?.get().to_owned())
    };
    let titles: Vec<_> = sound.iter().filter_map(title).collect();
    assert_eq!(titles, ["Bells", "Bourdon"]);
    let picture = &info.video_streams()[0];
    assert_eq!((picture.width(), picture.height()), (1280, 720));
    let editions = info.toc().unwrap().entries();
    let chapters: Vec<_> = editions
        .iter()
        .flat_map(|edition| edition.sub_entries())
        .collect();
    let starts: Vec<_> = chapters
        .iter()
        .filter_map(|it| it.start_stop_times())
        .collect();
    assert_eq!(
        starts.iter().map(|it| it.0 / 1_000_000).collect::<Vec<_>>(),
        [0, 750, 1500, 2250]
    );
    let names = chapters.iter().filter_map(|it| {
        it.tags()?
            .get::<gst::tags::Title>()
            .map(|it| it.get().to_owned())
    });
    assert_eq!(names.collect::<Vec<_>>(), ["Dawn", "Noon", "Dusk", "Night"]);
}

/// Decodes it all: the strip of each frame agrees with its time.
fn every_frame_is_numbered(path: &Path) {
    let line = "filesrc name=file ! matroskademux ! vp8dec ! videoconvert \
                ! video/x-raw,format=RGB ! appsink name=out sync=false";
    let pipeline = gst::parse::launch(line)
        .unwrap()
        .downcast::<gst::Pipeline>()
        .unwrap();
    pipeline
        .by_name("file")
        .unwrap()
        .set_property("location", path);
    let sink: gst_app::AppSink = pipeline.by_name("out").unwrap().downcast().unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let mut count = 0;
    while let Ok(sample) = sink.pull_sample() {
        let buffer = sample.buffer().unwrap();
        let pixels = buffer.map_readable().unwrap();
        let number = pattern::read(&pixels, 1280, 720);
        let millis = buffer.pts().unwrap().mseconds();
        // Matroska counts in milliseconds.
        let frame = ((millis as f64 + 0.5) * 24.0 / 1000.0) as u32;
        assert_eq!(number, Some(frame), "at {millis} ms");
        count += 1;
    }
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(count, 72);
}

/// A stranger knows the info hash and the peers, and nothing else (BEP 9).
async fn fetched(film: &app::Film, dir: &Path) {
    let target = tempfile::tempdir().unwrap();
    let source = film.sources[0].reach.torrent().unwrap();
    let options = SessionOptions {
        dht: None,
        disable_trackers: true,
        disable_local_service_discovery: true,
        ..SessionOptions::default()
    };
    let leecher = Session::new_with_opts(target.path().to_owned(), options)
        .await
        .unwrap();
    let hash = librqbit::dht::Id20::new(source.info_hash).as_string();
    let peers: Vec<SocketAddr> = source.peers.clone();
    let added = AddTorrentOptions {
        initial_peers: Some(peers),
        output_folder: Some(target.path().to_string_lossy().into_owned()),
        ..AddTorrentOptions::default()
    };
    let magnet = AddTorrent::from_url(format!("magnet:?xt=urn:btih:{hash}"));
    let all = async {
        let added = leecher.add_torrent(magnet, Some(added)).await.unwrap();
        added
            .into_handle()
            .unwrap()
            .wait_until_completed()
            .await
            .unwrap();
    };
    tokio::time::timeout(Duration::from_mins(1), all)
        .await
        .unwrap();
    leecher.stop().await;
    let mut names = HashSet::new();
    for entry in std::fs::read_dir(dir.join("Matinee Demo")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (made, got) = (
            dir.join("Matinee Demo").join(&name),
            target.path().join(&name),
        );
        assert!(
            std::fs::read(made).unwrap() == std::fs::read(got).unwrap(),
            "{name}"
        );
        names.insert(name);
    }
    let expected = [
        "Matinee Demo.mkv",
        "Matinee Demo.en.srt",
        "Matinee Demo.fr.srt",
    ];
    assert_eq!(names, expected.map(str::to_owned).into());
}

#[test]
fn a_folder_that_cannot_be_used_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("not a folder");
    std::fs::write(&file, "").unwrap();
    let runtime = runtime();
    let (send, news) = mpsc::channel();
    let tell = Arc::new(move |it| send.send(it).unwrap());
    let _demo = Demo::start(file.join("demo"), runtime.handle(), tell);
    let failed = news
        .iter()
        .find(|it| !matches!(it, DemoNews::Preparing { .. }));
    let Some(DemoNews::Failed(why)) = failed else {
        panic!("{failed:?}");
    };
    assert!(why.contains("not a folder"), "{why}");
}

#[test]
fn a_demo_that_is_dropped_stops_being_made() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let (send, news) = mpsc::channel();
    let tell = Arc::new(move |it| drop(send.send(it)));
    let demo = Demo::start(dir.path().to_owned(), runtime.handle(), tell);
    assert_eq!(news.recv(), Ok(DemoNews::Preparing { percent: 0 }));
    drop(demo);
    // Shutting down waits for the making to stop, which is what is tested: it would take minutes.
    drop(runtime);
    assert!(!dir.path().join("demo.torrent").exists());
}
