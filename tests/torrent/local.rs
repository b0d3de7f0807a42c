//! Peers of the local network (BEP 14); here it is the loopback interface alone, so that no packet
//! leaves the machine.

use std::fs;

use app::Session;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::{Seeder, hex, info_hash, payload, torrent_of};

const MIB: usize = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn two_of_ours_find_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(2 * MIB, 701);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    let data = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let settings = |at: usize| {
        let mut settings = config(data[at].path().to_owned(), 1 << 30);
        settings.allow_local_peers = true;
        settings.bind_interface = Some("lo".into());
        settings.lsd = true;
        settings
    };
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let mut first = Leecher::start(settings(0));
    first.open(1, &metainfo, &[seeder.address]);
    first.ready().await;
    compare(&first.film(1), &bytes, 0).await;
    seeder.stop().await;
    // By the hash alone.
    let mut second = Leecher::start(settings(1));
    let link = format!("magnet:?xt=urn:btih:{}", hex(info_hash(&metainfo)));
    let torrent = second.torrents.add_magnet(&link).unwrap();
    second.torrents.open(Session(1), torrent, None);
    second.ready().await;
    compare(&second.film(1), &bytes, 0).await;
}
