//! Everybody that the box speaks with, on loopback, for a person to play with: `make peers`.
//!
//! Starts an add-on on npm's SDK, an Internet Archive, TheMovieDB, OpenSubtitles and Wikidata of a
//! few titles, a web server with a film (nginx where it is installed), and a peer that seeds it.
//! Prints how a box is started against them, and ends with Ctrl-C. The film is the demo's: it is
//! made on first use, which takes a while.
#![allow(clippy::unwrap_used)]

mod titles;
mod web_seed;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use fixtures::Seeder;
use fixtures::addons::AddOnServer;
use fixtures::archive::ArchiveSite;
use fixtures::opensubtitles::{KEY, OpenSubtitlesSite, PASSWORD, USER};
use fixtures::tmdb::{TOKEN, TmdbSite};
use fixtures::tracker::HttpTracker;
use fixtures::wiki::WikiSite;
use matinee::demo::{Demo, DemoNews};
use serde_json::json;
use web_seed::WebSeed;

/// Fixed, so that a box can be started again against the same.
const ARCHIVE: u16 = 7120;
const TMDB: u16 = 7121;
const OPENSUBTITLES: u16 = 7122;
const WIKI: u16 = 7123;
const WEB_SEED: u16 = 7124;

/// Texts that may be downloaded a day: few, so that the end of them can be seen.
const DOWNLOADS: u32 = 3;
/// Bytes of a piece of the seeded torrent.
const PIECE: u32 = 256 << 10;

fn at(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let film = film(&runtime);
    runtime.block_on(serve(&film));
}

/// The demo's film, made in the folder for temporary files and kept there.
fn film(runtime: &tokio::runtime::Runtime) -> PathBuf {
    let folder = std::env::temp_dir().join("matinee-peers");
    println!(
        "The film is being made, unless it is there: {}",
        folder.display()
    );
    let (send, news) = mpsc::channel();
    let tell = Arc::new(move |it| {
        // Nobody listens any more once the film is ready.
        let _ = send.send(it);
    });
    let demo = Demo::start(folder.clone(), runtime.handle(), tell);
    let done = news
        .iter()
        .find(|it| !matches!(it, DemoNews::Preparing { .. }));
    if let Some(DemoNews::Failed(why)) = done {
        panic!("no film: {why}");
    }
    drop(demo);
    largest(&folder).expect("the film is in its folder").1
}

fn largest(folder: &Path) -> Option<(u64, PathBuf)> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let files = entries.filter_map(|entry| {
        let about = entry.metadata().ok()?;
        if about.is_dir() {
            largest(&entry.path())
        } else {
            Some((about.len(), entry.path()))
        }
    });
    files.max()
}

async fn serve(film: &Path) {
    let bytes = std::fs::read(film).unwrap();
    let folder = film.parent().unwrap();
    let escaped = |text: &str| text.replace(' ', "%20");
    let name = film.file_name().unwrap().to_str().unwrap();
    let metainfo = fixtures::torrent_of(film, PIECE, &[]);
    let hash = fixtures::hex(fixtures::info_hash(&metainfo));
    let seeder = Seeder::start(&metainfo, folder, None).await;
    let tracker = HttpTracker::start(seeder.address).await;
    let web_seed = WebSeed::start(at(WEB_SEED), folder).await;
    let archive = ArchiveSite::start(at(ARCHIVE), titles::archive(&bytes)).await;
    let tmdb = TmdbSite::start(at(TMDB), titles::tmdb()).await;
    let texts = OpenSubtitlesSite::start(at(OPENSUBTITLES), titles::texts(), DOWNLOADS).await;
    let wiki = WikiSite::start(at(WIKI), titles::wiki()).await;
    let films = tempfile::NamedTempFile::new().unwrap();
    let offered = json!([
        {"id": "tt1727587", "name": "The seeded film", "infoHash": hash, "fileIdx": 0,
            "sources": [format!("tracker:{}", tracker.url)]},
        {"id": "peer:web", "name": "The film on a web server", "url": web_seed.url(name)},
    ]);
    std::fs::write(films.path(), offered.to_string()).unwrap();
    let add_on = AddOnServer::start(Some(films.path())).await;

    println!("\nAn add-on on the official SDK:  {}", add_on.manifest());
    println!("An Internet Archive:            {}", archive.site.base());
    println!("TheMovieDB:                     {}", tmdb.base());
    println!(
        "OpenSubtitles:                  {}  {DOWNLOADS} downloads",
        texts.base()
    );
    println!("Wikidata and Wikipedia:         {}", wiki.site.base());
    println!(
        "A web seed ({}):             {}",
        web_seed.program(),
        web_seed.url(name)
    );
    println!("A peer that seeds the film:     {}", seeder.address);
    println!(
        "  magnet:?xt=urn:btih:{hash}&dn={}&x.pe={}&ws={}",
        escaped(name),
        seeder.address,
        web_seed.url(name)
    );
    println!("\nStart a box against them:");
    println!("  cargo run --release --locked -- --local-peers \\");
    println!(
        "    --archive-address {} --wiki-address {} \\",
        archive.site.base(),
        wiki.site.base()
    );
    println!("    --tmdb-address {} --tmdb-token {TOKEN} \\", tmdb.base());
    println!(
        "    --opensubtitles-address {} --opensubtitles-key {KEY} \\",
        texts.base()
    );
    println!("    --opensubtitles-user {USER} --opensubtitles-password '{PASSWORD}' \\");
    println!("    --film-folders '{}'", folder.display());
    println!("\nCtrl-C ends all of them.");
    tokio::signal::ctrl_c().await.unwrap();
    seeder.stop().await;
}
