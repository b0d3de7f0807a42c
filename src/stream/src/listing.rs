//! What is told of torrents: JSON for programs, M3U for players. Only words; asks nobody.

use std::fmt::Write as _;
use std::time::SystemTime;

use app::Forecast;
use serde_json::{Value, json};
use torrent::{Contents, FileEntry, Held, Status, id_of};

use super::body::kind_of;
use super::roster::{Entry, Phase};

/// Peers of a torrent that are listed; more than are ever connected.
const PEERS_MAX: usize = 200;

/// `{"id", "name", "files"}`: what `POST /torrents` answers.
pub(super) fn opened(entry: &Entry, contents: Option<&Contents>) -> Value {
    let files = contents.map_or_else(Vec::new, |contents| {
        contents.files.iter().map(file).collect::<Vec<_>>()
    });
    let name = contents.map_or(&entry.name, |contents| &contents.name);
    json!({ "id": entry.id, "name": name, "files": files })
}

fn file((index, file): &(u32, FileEntry)) -> Value {
    json!({
        "index": index,
        "path": file.path,
        "bytes": file.bytes,
        "type": kind_of(&file.path).to_str().unwrap_or_default(),
    })
}

/// One torrent of `GET /torrents`.
pub(super) fn brief(entry: &Entry, contents: Option<&Contents>, status: Option<&Status>) -> Value {
    let (phase, error) = match &*entry.phase.borrow() {
        Phase::Opening => ("opening", None),
        Phase::Ready => ("ready", None),
        Phase::Failed(failure) => ("failed", Some(format!("{failure:?}"))),
    };
    let name = contents.map_or(&entry.name, |contents| &contents.name);
    let mut told = json!({
        "id": entry.id,
        "name": name,
        "phase": phase,
        "streams": entry.streams(),
    });
    if let Some(error) = error {
        told["error"] = json!(error);
    }
    if let Some(status) = status {
        told["peers"] = json!(status.progress.peers);
        told["rate"] = json!(status.progress.rate);
        told["held_bytes"] = json!(status.held_bytes);
        told["kept"] = json!(status.kept);
    }
    told
}

/// `GET /torrents/{id}`.
pub(super) fn whole(entry: &Entry, contents: Option<&Contents>, status: Option<&Status>) -> Value {
    let mut told = brief(entry, contents, status);
    told["files"] = opened(entry, contents)["files"].take();
    if let Some(contents) = contents {
        told["film"] = json!(contents.film);
        told["private"] = json!(contents.private);
        told["pieces"] = json!({ "count": contents.pieces, "length": contents.piece_length });
    }
    let Some(status) = status else {
        return told;
    };
    let have = status.progress.have.iter();
    let have: Vec<[u64; 2]> = have.map(|range| [range.start, range.end]).collect();
    told["pieces"]["held"] = json!(status.held_pieces);
    told["playhead"] = json!(status.playhead);
    told["read_at"] = json!(status.progress.read_at);
    told["waiting_at"] = json!(status.progress.waiting_at);
    told["have"] = json!(have);
    told["capacity"] = json!(status.progress.capacity);
    told["forecast"] = app::forecast(&status.progress, None).map_or(Value::Null, expected);
    told["totals"] = json!({
        "received": status.stats.received,
        "from_web_seeds": status.stats.web_received,
        "wasted": status.stats.wasted,
        "uploaded": status.stats.uploaded,
        "corrupt_pieces": status.stats.corrupt,
        "banned_peers": status.stats.banned,
    });
    let peers = status.peers.iter().take(PEERS_MAX).map(peer);
    told["connections"] = Value::Array(peers.collect());
    told
}

/// One film of `GET /held`.
pub(super) fn held(film: &Held) -> Value {
    let used = film.last_used.duration_since(SystemTime::UNIX_EPOCH);
    json!({
        "id": id_of(film.info_hash),
        "name": film.name,
        "bytes": film.bytes,
        "kept": film.kept,
        "last_used": used.unwrap_or_default().as_secs(),
    })
}

/// The bitrate is guessed by the size: nobody here looks into containers.
fn expected(forecast: Forecast) -> Value {
    match forecast {
        Forecast::PlaysThrough => json!({ "plays": "through" }),
        Forecast::StartsIn(wait) => json!({ "plays": "later", "seconds": wait.as_secs_f64() }),
        Forecast::TooSlow { fits } => json!({ "plays": "with stops", "fits": fits }),
    }
}

fn peer(peer: &torrent::Peer) -> Value {
    let stats = &peer.stats;
    json!({
        "address": peer.address.to_string(),
        "web_seed": stats.web_seed,
        "rate": stats.rate,
        "capacity": stats.capacity,
        "received": stats.received,
        "uploaded": stats.uploaded,
        "upload_rate": stats.upload_rate,
        "in_flight": stats.inflight,
        "serves_us": stats.unchoked,
        "silent": stats.snubbed,
    })
}

/// The films and sounds of a torrent as an extended M3U, reached by `host`.
pub(super) fn playlist(
    entry: &Entry,
    contents: &Contents,
    host: &str,
    token: Option<&str>,
) -> String {
    let mut list = String::from("#EXTM3U\n");
    for (index, file) in &contents.files {
        let kind = kind_of(&file.path);
        let kind = kind.to_str().unwrap_or_default();
        if !file.video && !kind.starts_with("video/") && !kind.starts_with("audio/") {
            continue;
        }
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let _ = writeln!(list, "#EXTINF:-1,{name}");
        let _ = write!(list, "http://{host}/stream/{}/{index}", entry.id);
        let _ = match token {
            Some(token) => writeln!(list, "?token={token}"),
            None => writeln!(list),
        };
    }
    list
}
