//! A magnet link that an add-on names as a source, as a torrent (BEP 9, 19, 53).
//!
//! Of strangers' advice only what cannot turn the box against the home is taken: no peers by name,
//! and none at home. The torrent shell reads the links that the owner hands over itself.

use std::net::SocketAddr;

use addon::InfoHash;
use app::TorrentRef;
use url::form_urlencoded;

/// Of each kind of advice; real links have under 40.
const ADVICE_MAX: usize = 100;

/// The torrent that `link` names, of which the hash is known already.
pub(crate) fn torrent(link: &str, info_hash: InfoHash) -> TorrentRef {
    let mut torrent = TorrentRef {
        info_hash: info_hash.0,
        ..TorrentRef::default()
    };
    let (_, query) = link.split_once('?').unwrap_or_default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // Several of a kind may be numbered: tr.1, tr.2 ...
        let kind = match name.rsplit_once('.') {
            Some((kind, number)) if number.bytes().all(|it| it.is_ascii_digit()) => kind,
            _ => &name,
        };
        match kind {
            "dn" if torrent.name.is_empty() => {
                torrent.name = value.chars().filter(|c| !c.is_control()).collect();
            }
            "tr" => keep(
                &mut torrent.trackers,
                &value,
                &["http://", "https://", "udp://"],
            ),
            "ws" => keep(&mut torrent.web_seeds, &value, &["http://", "https://"]),
            "xs" | "as" => keep(&mut torrent.exact_sources, &value, &["http://", "https://"]),
            "x.pe" => {
                let peer = value.parse().ok();
                let far = |peer: &SocketAddr| !reach::is_near(peer.ip());
                if torrent.peers.len() < ADVICE_MAX {
                    torrent.peers.extend(peer.filter(far));
                }
            }
            // One file by its number; of several the largest video is as good a guess as any.
            "so" => torrent.file = value.parse().ok(),
            _ => {}
        }
    }
    torrent
}

fn keep(list: &mut Vec<String>, value: &str, schemes: &[&str]) {
    let fits = schemes.iter().any(|scheme| value.starts_with(scheme));
    if fits && list.len() < ADVICE_MAX && !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_taken_but_nothing_at_home() {
        let link = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=A+film\
            &tr=udp%3A%2F%2Ft.example%3A1&tr.2=wss://t.example&ws=https://w.example/&so=3\
            &x.pe=192.168.1.1:80&x.pe=8.8.8.8:6881&x.pe=nas.lan:1&xs=https://x.example/a";
        let torrent = torrent(link, InfoHash([7; 20]));
        let expected = TorrentRef {
            info_hash: [7; 20],
            name: "A film".into(),
            trackers: vec!["udp://t.example:1".into()],
            web_seeds: vec!["https://w.example/".into()],
            peers: vec!["8.8.8.8:6881".parse().unwrap()],
            exact_sources: vec!["https://x.example/a".into()],
            file: Some(3),
            ..TorrentRef::default()
        };
        assert_eq!(torrent, expected);
    }
}
