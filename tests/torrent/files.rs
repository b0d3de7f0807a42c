//! Torrents of several files: which is the film, its subtitles, and files that share pieces.

use std::fs;

use app::{Session, SupplyFailure, SupplyNews};
use fixtures::leecher::{Leecher, compare, config, read};
use fixtures::{Seeder, payload, torrent_of};

/// Piece length: much longer than the small files, so that they share pieces with the film.
const PIECE: u32 = 256 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_with_subtitles() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("Sintel");
    fs::create_dir_all(folder.join("extras")).unwrap();
    let film = payload(3_000_001, 1);
    fs::write(folder.join("Sintel.mp4"), &film).unwrap();
    fs::write(
        folder.join("Sintel.de.srt"),
        b"1\n00:00:01,000 --> 00:00:02,000\nHallo\n",
    )
    .unwrap();
    fs::write(folder.join("Sintel.fr.srt"), payload(40_000, 2)).unwrap();
    fs::write(folder.join("poster.jpg"), payload(70_000, 3)).unwrap();
    fs::write(folder.join("extras/teaser.mkv"), payload(500_000, 4)).unwrap();
    fs::write(folder.join("extras/other.en.vtt"), b"WEBVTT\n").unwrap();
    let metainfo = torrent_of(&folder, PIECE, &[]);
    let seeder = Seeder::start(&metainfo, &folder, None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let torrent = leecher.open(1, &metainfo, &[seeder.address]);
    assert_eq!(torrent.name, "Sintel");
    let ready = leecher.ready().await;
    assert_eq!(ready.size, film.len() as u64);
    let told: Vec<_> = ready
        .subtitles
        .iter()
        .map(|s| (s.name.as_str(), s.language.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("Sintel.de.srt", Some("de")),
            ("Sintel.fr.srt", Some("fr")),
            ("other.en.vtt", Some("en")),
        ]
    );
    let source = leecher.film(1);
    assert_eq!(source.name(), "Sintel.mp4");
    let text = |at: usize| {
        let subtitle = &ready.subtitles[at];
        leecher
            .torrents
            .source(Session(1), Some(subtitle.file))
            .unwrap()
    };
    let german = text(0);
    assert_eq!(
        &read(&german, 0, 1 << 20).await[..],
        b"1\n00:00:01,000 --> 00:00:02,000\nHallo\n"
    );
    assert!(read(&text(1), 0, 1 << 20).await == payload(40_000, 2));
    assert_eq!(&read(&text(2), 0, 1 << 20).await[..], b"WEBVTT\n");
    compare(&source, &film, 0).await;
    assert!(leecher.torrents.source(Session(1), Some(99)).is_none());
    // Ranges are of the film's file, not of the torrent.
    loop {
        if let (_, SupplyNews::Progress(progress)) = leecher.next().await
            && progress.have.first() == Some(&(0..film.len() as u64))
        {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_can_be_asked_for() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("Two");
    fs::create_dir_all(&folder).unwrap();
    let small = payload(300_000, 5);
    fs::write(folder.join("a.mp4"), payload(600_000, 6)).unwrap();
    fs::write(folder.join("b.mkv"), &small).unwrap();
    let metainfo = torrent_of(&folder, PIECE, &[]);
    let seeder = Seeder::start(&metainfo, &folder, None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let mut torrent = leecher.torrents.add_metainfo(&metainfo).unwrap();
    torrent.peers = vec![seeder.address];
    for index in 0..2 {
        torrent.file = Some(index);
        leecher
            .torrents
            .open(Session(u64::from(index)), torrent.clone(), None);
        leecher.ready().await;
        let source = leecher.film(u64::from(index));
        if source.name() == "b.mkv" {
            compare(&source, &small, 0).await;
        }
    }
    torrent.file = Some(2);
    leecher.torrents.open(Session(9), torrent, None);
    assert!(matches!(leecher.failure().await, SupplyFailure::Broken(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torrent_without_a_film_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("Music");
    fs::create_dir_all(&folder).unwrap();
    for name in ["a.ogg", "b.ogg", "cover.jpg"] {
        fs::write(folder.join(name), payload(1000, 7)).unwrap();
    }
    let metainfo = torrent_of(&folder, 16 * 1024, &[]);
    let data = tempfile::tempdir().unwrap();
    let leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let refused = leecher.torrents.add_metainfo(&metainfo);
    assert_eq!(refused, Err(SupplyFailure::NoVideo { files: 3 }));
    assert!(!data.path().join("torrents").exists(), "it is not kept");
}
