//! The parsers that read from a socket while they talk: here it has all its bytes at once and takes
//! whatever is said, so nothing is ever waited for.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::LazyLock;

use bytes::BytesMut;
use crypto_bigint::U192;
use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, join, sink};
use tokio_socks::tcp::Socks5Stream;

use super::super::mse::keys::{Keys, ciphers, hash, hidden};
use super::super::mse::{self, VERIFICATION};

/// The torrent that is meant.
const HASH: [u8; 20] = [3; 20];

/// Keys that are the same each time.
static OURS: LazyLock<Keys> = LazyLock::new(|| Keys::of(U192::from_u64(0x1234_5678_9abc_def1)));
static THEIRS: LazyLock<Keys> = LazyLock::new(|| Keys::of(U192::from_u64(0x0fed_cba9_8765_4321)));
static SHARED: LazyLock<[u8; 96]> = LazyLock::new(|| THEIRS.shared(&OURS.public));

fn socket(said: &[u8]) -> impl AsyncRead + AsyncWrite + Unpin {
    join(said, sink())
}

/// A peer that wants to encrypt (MSE), or that we want to encrypt with. The first byte: may it go
/// on in plain (1), do we call (2), are the rest its bytes as they are (4), or what it says once
/// the keys are exchanged; its eighths are the length of its padding.
pub(super) fn encryption(bytes: &[u8]) {
    let Some((way, said)) = bytes.split_first() else {
        return;
    };
    let (plain_too, we_call, raw) = (way & 1 != 0, way & 2 != 0, way & 4 != 0);
    let stream = if raw {
        said.to_vec()
    } else {
        exchanged(said, we_call, usize::from(way / 8))
    };
    let waited = "a slice is never waited for";
    let agreed = if we_call {
        let mut stream = socket(&stream);
        let calling = mse::call_with(&OURS, &mut stream, &HASH, plain_too, b"first words");
        calling.now_or_never().expect(waited).ok()
    } else {
        let (begun, rest) = stream.split_at(stream.len().min(20));
        let (mut stream, ours) = (socket(rest), || OURS.clone());
        let open = [[7; 20], HASH];
        let begun = BytesMut::from(begun);
        let answering = mse::answer_with(ours, &mut stream, begun, &open, plain_too);
        let agreed = answering.now_or_never().expect(waited).ok();
        agreed.map(|(hash, agreed)| {
            assert_eq!(hash, HASH);
            agreed
        })
    };
    let Some(agreed) = agreed else { return };
    assert!(plain_too || agreed.incoming.is_some());
    assert_eq!(agreed.incoming.is_some(), agreed.outgoing.is_some());
    if raw {
        return;
    }
    // All that it said after the handshake comes through, and nothing else.
    assert_eq!(said[..8], VERIFICATION);
    let padding = usize::from(u16::from_be_bytes([said[12], said[13]]));
    let after = &said[14 + padding + if we_call { 0 } else { 2 }..];
    assert_eq!(agreed.said.len(), after.len());
    assert!(agreed.incoming.is_none() || agreed.said[..] == *after);
}

/// `said`, as a peer says it that has exchanged keys.
fn exchanged(said: &[u8], we_call: bool, padding: usize) -> Vec<u8> {
    let (call, answer) = ciphers(&*SHARED, &HASH);
    let mut stream = THEIRS.public.to_vec();
    stream.resize(stream.len() + padding, 0xaa);
    let mut said = said.to_vec();
    let mut cipher = if we_call { answer } else { call };
    if !we_call {
        stream.extend_from_slice(&hash(&[b"req1", &*SHARED]));
        stream.extend_from_slice(&hidden(&*SHARED, &HASH));
    }
    cipher.apply(&mut said);
    stream.extend_from_slice(&said);
    stream
}

/// A SOCKS5 proxy (RFC 1928, RFC 1929), by tokio-socks. The first byte: is there a password (1), an
/// address of IPv6 (2).
pub(super) fn socks(bytes: &[u8]) {
    let Some((way, said)) = bytes.split_first() else {
        return;
    };
    let to: SocketAddr = match way & 2 {
        0 => (Ipv4Addr::new(192, 0, 2, 1), 6881).into(),
        _ => (Ipv6Addr::LOCALHOST, 6881).into(),
    };
    if way & 1 == 0 {
        let asked = Socks5Stream::connect_with_socket(socket(said), to);
        let _ = asked.now_or_never().expect("a slice is never waited for");
    } else {
        let stream = socket(said);
        let asked = Socks5Stream::connect_with_password_and_socket(stream, to, "user", "secret");
        let _ = asked.now_or_never().expect("a slice is never waited for");
    }
}

/// What a router says when it is looked for (UPnP, SSDP), by librqbit.
pub(super) fn router(bytes: &[u8]) {
    let from = (Ipv4Addr::new(192, 168, 1, 1), 1900).into();
    let _ = librqbit_upnp::parse_upnp_discover_response(bytes, from);
}
