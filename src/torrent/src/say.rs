//! The messages we send to peers, as bytes (BEP 3, 6, 9, 10, 54).
//!
//! The counterpart of `wire.rs`; without sockets or state.

use librqbit_buffers::ByteBuf;
use librqbit_core::hash_id::Id20;
use librqbit_peer_protocol::extended::PeerExtendedMessageIds;
use librqbit_peer_protocol::{Handshake, Message, Request};
use swarm::Block;

use super::wire::{
    DONT_HAVE, EXTENDED, EXTENSION_HANDSHAKE, HANDSHAKE_BYTES, HAVE_ALL, HAVE_NONE,
    METADATA_PIECE_BYTES, REJECT, REQUEST, REQUESTS_MAX, SUPPORTS_EXTENSIONS, SUPPORTS_FAST,
    UT_METADATA, UT_PEX,
};

/// Our side of it.
pub(super) fn greet(info_hash: [u8; 20], peer_id: [u8; 20]) -> [u8; HANDSHAKE_BYTES] {
    let mut handshake = Handshake::new(Id20::new(info_hash), Id20::new(peer_id));
    handshake.reserved = SUPPORTS_EXTENSIONS | SUPPORTS_FAST;
    let mut bytes = [0; HANDSHAKE_BYTES];
    let _ = handshake.serialize_unchecked_len(&mut bytes);
    bytes
}

/// Our extension handshake. `metadata_size`: bytes of the info dictionary, once it is known.
/// A private torrent exchanges no peers (BEP 27).
pub(super) fn our_extensions(metadata_size: Option<u32>, port: u16, private: bool) -> Vec<u8> {
    let pex = if private {
        String::new()
    } else {
        format!("6:ut_pexi{UT_PEX}e")
    };
    let size = metadata_size.map_or(String::new(), |s| format!("13:metadata_sizei{s}e"));
    let port = if port == 0 {
        String::new()
    } else {
        format!("1:pi{port}e")
    };
    let version = concat!("Matinee ", env!("CARGO_PKG_VERSION"));
    let dictionary = format!(
        "d1:md11:lt_donthavei{DONT_HAVE}e11:ut_metadatai{UT_METADATA}e{pex}e{size}{port}\
         4:reqqi{REQUESTS_MAX}e1:v{}:{version}e",
        version.len()
    );
    extended(EXTENSION_HANDSHAKE, dictionary.as_bytes())
}

/// Asks for a piece of the metadata; `id` as the peer wants it.
pub(super) fn ask_metadata(id: u8, piece: u32) -> Vec<u8> {
    extended(id, format!("d8:msg_typei0e5:piecei{piece}ee").as_bytes())
}

/// Answers such a request; `None` refuses it. `info` is the whole info dictionary.
pub(super) fn metadata_answer(id: u8, piece: u32, info: Option<&[u8]>) -> Vec<u8> {
    let data = info.and_then(|info| {
        let start = piece as usize * METADATA_PIECE_BYTES as usize;
        let end = info.len().min(start + METADATA_PIECE_BYTES as usize);
        Some((info.len(), info.get(start..end).filter(|d| !d.is_empty())?))
    });
    match data {
        Some((total, data)) => {
            let head = format!("d8:msg_typei1e5:piecei{piece}e10:total_sizei{total}ee");
            extended(id, &[head.as_bytes(), data].concat())
        }
        None => extended(id, format!("d8:msg_typei2e5:piecei{piece}ee").as_bytes()),
    }
}

/// Takes back a HAVE (BEP 54); `id` as the peer wants it.
pub(super) fn dont_have(id: u8, piece: u32) -> Vec<u8> {
    extended(id, &piece.to_be_bytes())
}

pub(super) fn have_all() -> Vec<u8> {
    vec![0, 0, 0, 1, HAVE_ALL]
}

pub(super) fn have_none() -> Vec<u8> {
    vec![0, 0, 0, 1, HAVE_NONE]
}

/// Answers a request we do not serve (BEP 6).
pub(super) fn reject(block: Block) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0, 13, REJECT];
    for number in [block.piece, block.offset, block.len] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes
}

/// The most frequent message of all: without an allocation.
pub(super) fn request(block: Block) -> [u8; 17] {
    let mut bytes = [0; 17];
    bytes[3] = 13;
    bytes[4] = REQUEST;
    for (at, number) in [block.piece, block.offset, block.len]
        .into_iter()
        .enumerate()
    {
        bytes[5 + 4 * at..][..4].copy_from_slice(&number.to_be_bytes());
    }
    bytes
}

pub(super) fn cancel(block: Block) -> Vec<u8> {
    serialized(&Message::Cancel(Request::new(
        block.piece,
        block.offset,
        block.len,
    )))
}

pub(super) fn have(piece: u32) -> Vec<u8> {
    serialized(&Message::Have(piece))
}

pub(super) fn bitfield(bits: &[u8]) -> Vec<u8> {
    serialized(&Message::Bitfield(ByteBuf(bits)))
}

pub(super) fn interested(yes: bool) -> Vec<u8> {
    serialized(if yes {
        &Message::Interested
    } else {
        &Message::NotInterested
    })
}

pub(super) fn choke(yes: bool) -> Vec<u8> {
    serialized(if yes {
        &Message::Choke
    } else {
        &Message::Unchoke
    })
}

pub(super) fn keep_alive() -> Vec<u8> {
    serialized(&Message::KeepAlive)
}

/// The header of a block of `len` bytes; the bytes follow it on the wire.
pub(super) fn block_header(piece: u32, offset: u32, len: u32) -> [u8; 13] {
    let mut bytes = [0; 13];
    bytes[..4].copy_from_slice(&(9 + len).to_be_bytes());
    bytes[4] = 7;
    bytes[5..9].copy_from_slice(&piece.to_be_bytes());
    bytes[9..].copy_from_slice(&offset.to_be_bytes());
    bytes
}

/// An extension message (BEP 10).
pub(super) fn extended(id: u8, payload: &[u8]) -> Vec<u8> {
    let length = 2 + payload.len() as u32;
    [&length.to_be_bytes(), &[EXTENDED, id][..], payload].concat()
}

fn serialized(message: &Message<'_>) -> Vec<u8> {
    let body = match message {
        Message::Bitfield(bits) => bits.0.len(),
        _ => 12,
    };
    let mut bytes = vec![0; 5 + body];
    let length = message
        .serialize(&mut bytes, &PeerExtendedMessageIds::default)
        .expect("the buffer has room for the longest of these messages");
    bytes.truncate(length);
    bytes
}
