//! The engine's server over real sockets on loopback, with librqbit as the seeder: what players
//! and programs may ask, and what strangers may not. This file: the stage and the client.
#![allow(clippy::unwrap_used)]

mod doors;
mod films;
mod fuzz;
mod held;
mod listings;
mod viewers;

use std::net::Ipv4Addr;
use std::path::Path;

use fixtures::{Seeder, hex, info_hash, payload, torrent_of};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

const PIECE: u32 = 64 * 1024;
const FILM_BYTES: usize = 3_000_000;

/// A server, and a seeder of a folder with a film, its subtitles and a text.
struct Stage {
    server: stream::Streaming,
    client: Client,
    seeder: Seeder,
    metainfo: Vec<u8>,
    film: Vec<u8>,
    _folders: [TempDir; 2],
}

/// Index of the film in the torrent: files are in the order of their names.
const FILM: u32 = 0;
const SUBTITLES: u32 = 1;
const TEXT: u32 = 2;

fn engine(folder: &Path, cache_bytes: u64) -> torrent::Config {
    torrent::Config {
        listen: Some((Ipv4Addr::LOCALHOST, 0).into()),
        reserve_bytes: Some(0),
        ..torrent::Config::new(folder.to_owned(), cache_bytes)
    }
}

fn config(token: Option<&str>) -> stream::Config {
    stream::Config {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        token: token.map(str::to_owned),
        hosts: Vec::new(),
    }
}

impl Stage {
    async fn start() -> Stage {
        Stage::guarded(None).await
    }

    async fn guarded(token: Option<&str>) -> Stage {
        Stage::with(token, FILM_BYTES, 1 << 30, None).await
    }

    /// `rate`: bytes a second that the seeder gives.
    async fn with(
        token: Option<&str>,
        film_bytes: usize,
        cache_bytes: u64,
        rate: Option<u32>,
    ) -> Stage {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let seeded = folders[0].path().join("Film");
        std::fs::create_dir(&seeded).unwrap();
        let film = payload(film_bytes, 7);
        std::fs::write(seeded.join("film.mkv"), &film).unwrap();
        std::fs::write(
            seeded.join("film.srt"),
            "1\n00:00:01,000 --> 00:00:02,000\nHi\n",
        )
        .unwrap();
        std::fs::write(seeded.join("notes.txt"), "made by hand").unwrap();
        let metainfo = torrent_of(&seeded, PIECE, &[]);
        let seeder = Seeder::start(&metainfo, &seeded, rate).await;
        let engine = engine(folders[1].path(), cache_bytes);
        let server = stream::serve(config(token), engine).await.unwrap();
        Stage {
            server,
            client: Client::builder().no_proxy().build().unwrap(),
            seeder,
            metainfo,
            film,
            _folders: folders,
        }
    }

    fn id(&self) -> String {
        hex(info_hash(&self.metainfo))
    }

    fn magnet(&self) -> String {
        let (id, peer) = (self.id(), self.seeder.address);
        format!("magnet:?xt=urn:btih:{id}&x.pe={peer}")
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.address(path))
    }

    fn film(&self) -> RequestBuilder {
        self.get(&format!("/stream/{}/{FILM}", self.id()))
    }

    async fn post(&self, body: impl Into<reqwest::Body>) -> Response {
        let request = self.client.post(self.address("/torrents")).body(body);
        request.send().await.unwrap()
    }

    /// Opens the torrent, with its seeder.
    async fn open(&self) -> Value {
        json(self.post(self.magnet()).await).await
    }
}

async fn json(response: Response) -> Value {
    assert!(response.status().is_success(), "{}", response.status());
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

async fn text(request: RequestBuilder) -> String {
    let response = request.send().await.unwrap();
    assert!(response.status().is_success(), "{}", response.status());
    response.text().await.unwrap()
}

/// The status and what the error says.
async fn refused(request: RequestBuilder) -> (u16, String) {
    told(request.send().await.unwrap()).await
}

async fn told(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    (status, body["error"].as_str().unwrap().to_owned())
}
