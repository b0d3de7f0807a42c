//! Counters in Prometheus' text format (version 0.0.4). Gauges of now and sums since the start of
//! each open torrent; names and units after Prometheus' conventions.

use std::fmt::Write as _;

use torrent::{CacheUse, Status};

/// The media type of the format.
pub(super) const KIND: &str = "text/plain; version=0.0.4";

/// One figure of a torrent.
type Of = fn(&Status) -> u64;

/// `streams`: bodies on their way, of each torrent.
pub(super) fn text(cache: CacheUse, torrents: &[(String, usize, Option<Status>)]) -> String {
    let mut out = String::new();
    let one = |out: &mut String, name: &str, kind: &str, help: &str, value: u64| {
        let _ = writeln!(
            out,
            "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}"
        );
    };
    one(
        &mut out,
        "matinee_cache_used_bytes",
        "gauge",
        "Bytes of pieces held.",
        cache.used,
    );
    one(
        &mut out,
        "matinee_cache_bound_bytes",
        "gauge",
        "Bytes that may be held.",
        cache.bound,
    );
    let count = torrents.len() as u64;
    one(
        &mut out,
        "matinee_torrents",
        "gauge",
        "Open torrents.",
        count,
    );
    let figures: [(&str, &str, &str, Of); 7] = [
        ("peers", "gauge", "Connected peers.", |s| {
            u64::from(s.progress.peers)
        }),
        (
            "download_bytes_per_second",
            "gauge",
            "Rate of arrival.",
            |s| s.progress.rate,
        ),
        ("held_bytes", "gauge", "Bytes of pieces held.", |s| {
            s.held_bytes
        }),
        (
            "received_bytes_total",
            "counter",
            "Bytes of blocks that came.",
            |s| s.stats.received,
        ),
        (
            "uploaded_bytes_total",
            "counter",
            "Bytes given to peers.",
            |s| s.stats.uploaded,
        ),
        (
            "wasted_bytes_total",
            "counter",
            "Bytes that came in vain.",
            |s| s.stats.wasted,
        ),
        (
            "corrupt_pieces_total",
            "counter",
            "Pieces with a wrong hash.",
            |s| s.stats.corrupt,
        ),
    ];
    for (name, kind, help, of) in figures {
        let name = format!("matinee_torrent_{name}");
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (id, _, status) in torrents {
            let value = status.as_ref().map_or(0, of);
            let _ = writeln!(out, "{name}{{torrent=\"{id}\"}} {value}");
        }
    }
    let name = "matinee_torrent_streams";
    let _ = writeln!(
        out,
        "# HELP {name} Bodies on their way.\n# TYPE {name} gauge"
    );
    for (id, streams, _) in torrents {
        let _ = writeln!(out, "{name}{{torrent=\"{id}\"}} {streams}");
    }
    out
}
