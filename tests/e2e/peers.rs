//! The same film from programs nobody here wrote, as a magnet and as a .torrent with a tracker.

use crate::client::{PATIENT, SOON, TvBox};
use crate::{assert_picture_is_at_position, films, position_ms, screen};
use fixtures::libtorrent::LibtorrentSeeder;
use fixtures::tracker::HttpTracker;

/// Plays what was opened, checks the picture, and seeks far ahead.
fn plays(tv: &TvBox) {
    let page = tv.wait("the page", SOON, |s| screen(s) == "film");
    assert_eq!(page["page"]["actions"][0]["enabled"], true);
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| {
        screen(s) == "playing" && position_ms(s) > 300.0
    });
    tv.key("7");
    tv.wait("a far place", PATIENT, |s| {
        position_ms(s) >= 84_000.0 && s["playback"]["seeking"] == false
    });
    tv.key("pause");
    let state = tv.wait("pause", SOON, |s| s["playback"]["playing"] == false);
    assert_eq!(
        state["playback"]["subtitles"].as_array().map(Vec::len),
        Some(2),
        "of the folder"
    );
    assert_picture_is_at_position(tv);
}

#[test]
fn a_folder_from_libtorrent_alone_by_magnet() {
    let torrent = films::demo_torrent();
    let seeder = LibtorrentSeeder::start(&torrent.metainfo, &torrent.parent, 0);
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    let (status, answer) = tv.open_magnet(&torrent.magnet(seeder.address));
    assert_eq!(status, 200, "{answer}");
    plays(&tv);
}

#[test]
fn a_torrent_file_with_a_tracker_and_a_slow_librqbit() {
    let torrent = films::demo_torrent();
    let seeder = films::seed(&torrent, Some(1_000_000));
    let tracker = films::runtime().block_on(HttpTracker::start(seeder.address()));
    let metainfo = torrent.announced_to(&tracker.url);
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &["--local-peers"]);
    let (status, answer) = tv.open_metainfo(&metainfo);
    assert_eq!(status, 200, "{answer}");
    plays(&tv);
}
