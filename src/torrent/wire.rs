//! The messages of a peer connection: bytes to values and back (BEP 3, 6, 9, 10, 11, 54).
//!
//! Without sockets or state. The messages of BEP 3 and ut_metadata are parsed by
//! librqbit-peer-protocol; it takes an id it does not know for an error, so ids are looked at
//! here first, those of the fast extension and of lt_donthave are read here, and the unknown are
//! skipped. Its extension handshake is fixed to two extensions and fails on one odd field, so that
//! too is read here, and leniently.

use std::net::SocketAddr;

use librqbit_bencode::{BencodeValue, dyn_from_bytes};
use librqbit_buffers::ByteBuf;
use librqbit_core::hash_id::Id20;
use librqbit_peer_protocol::extended::ut_metadata::UtMetadata;
use librqbit_peer_protocol::extended::{ExtendedMessage, PeerExtendedMessageIds};
use librqbit_peer_protocol::{Handshake, Message, Request};
use swarm::Block;

/// Largest message: the largest block that other programs answer (128 KiB) and its header. A
/// bitfield of 200,000 pieces has 25 KB.
pub(super) const MESSAGE_MAX_BYTES: usize = 128 * 1024 + 9;
/// Of one peer exchange message so many addresses are read; BEP 11 allows 50 of each family.
const EXCHANGE_MAX: usize = 100;
/// Bytes of a handshake (BEP 3).
pub(super) const HANDSHAKE_BYTES: usize = 68;
/// How many requests we let a peer keep waiting at us; what most programs allow.
pub(super) const REQUESTS_MAX: usize = 250;
/// BEP 9 cuts the metadata into pieces of this.
pub(super) const METADATA_PIECE_BYTES: u32 = 16 * 1024;

const HAVE_ALL: u8 = 14;
const HAVE_NONE: u8 = 15;
const REJECT: u8 = 16;
const ALLOWED_FAST: u8 = 17;
const EXTENDED: u8 = 20;

const EXTENSION_HANDSHAKE: u8 = 0;
/// Ids we ask peers to use; the first two are fixed by librqbit-peer-protocol.
const UT_PEX: u8 = librqbit_peer_protocol::MY_EXTENDED_UT_PEX;
const UT_METADATA: u8 = librqbit_peer_protocol::MY_EXTENDED_UT_METADATA;
const DONT_HAVE: u8 = 7;

/// Bits of the handshake's reserved bytes.
const SUPPORTS_EXTENSIONS: u64 = 1 << 20;
const SUPPORTS_FAST: u64 = 1 << 2;

/// What a peer says.
#[derive(Debug)]
pub(super) enum Incoming<'a> {
    Choke,
    Unchoke,
    Interested,
    NotInterested,
    Have(u32),
    Bitfield(&'a [u8]),
    HaveAll,
    HaveNone,
    DontHave(u32),
    AllowedFast(u32),
    Request(Block),
    Cancel(Block),
    Rejected(Block),
    Block(Block, &'a [u8]),
    Extensions(Extensions),
    MetadataAsked(u32),
    MetadataRefused,
    Metadata {
        piece: u32,
        data: &'a [u8],
    },
    Exchange(Vec<SocketAddr>),
    /// Keep-alives and what we do not know.
    Nothing,
}

/// What a peer's extension handshake says (BEP 10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    /// Ids it wants on what we send.
    pub(super) metadata: Option<u8>,
    pub(super) dont_have: Option<u8>,
    /// Length of the info dictionary in bytes, unchecked.
    pub(super) metadata_size: Option<u32>,
    /// Requests it keeps.
    pub(super) reqq: Option<u32>,
    /// Port it listens on.
    pub(super) port: Option<u16>,
}

/// The peer broke the protocol.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("message of {0} bytes")]
    TooLong(usize),
    #[error("{0}")]
    Malformed(String),
}

/// The first message in `buffer` and its length in bytes; none while it is not all there.
///
/// # Errors
/// For what no peer that means well sends.
pub(super) fn parse(buffer: &[u8]) -> Result<Option<(Incoming<'_>, usize)>, WireError> {
    let Some(length) = buffer.first_chunk::<4>() else {
        return Ok(None);
    };
    let length = u32::from_be_bytes(*length) as usize;
    if length > MESSAGE_MAX_BYTES {
        return Err(WireError::TooLong(length));
    }
    let Some(frame) = buffer.get(..4 + length) else {
        return Ok(None);
    };
    Ok(Some((message(frame)?, 4 + length)))
}

/// `frame` is one whole message with its length prefix.
fn message(frame: &[u8]) -> Result<Incoming<'_>, WireError> {
    let Some((id, body)) = frame[4..].split_first() else {
        return Ok(Incoming::Nothing);
    };
    match (*id, body) {
        (0..=8, _) => plain(frame),
        (HAVE_ALL, []) => Ok(Incoming::HaveAll),
        (HAVE_NONE, []) => Ok(Incoming::HaveNone),
        (REJECT, body) if body.len() == 12 => Ok(Incoming::Rejected(block_of(body))),
        (ALLOWED_FAST, body) if body.len() == 4 => Ok(Incoming::AllowedFast(number(body, 0))),
        (HAVE_ALL | HAVE_NONE | REJECT | ALLOWED_FAST, _) => Err(WireError::Malformed(format!(
            "message {id} of {} bytes",
            body.len()
        ))),
        (EXTENDED, [EXTENSION_HANDSHAKE, dictionary @ ..]) => extensions(dictionary),
        (EXTENDED, [UT_METADATA, ..]) => metadata(frame),
        (EXTENDED, [UT_PEX, ..]) => Ok(exchange(frame)),
        (EXTENDED, [DONT_HAVE, piece @ ..]) => match piece.first_chunk::<4>() {
            Some(piece) => Ok(Incoming::DontHave(u32::from_be_bytes(*piece))),
            None => Err(WireError::Malformed("lt_donthave too short".into())),
        },
        _ => Ok(Incoming::Nothing),
    }
}

fn plain(frame: &[u8]) -> Result<Incoming<'_>, WireError> {
    let (message, _) = Message::deserialize(frame, &[])
        .map_err(|error| WireError::Malformed(error.to_string()))?;
    Ok(match message {
        Message::Choke => Incoming::Choke,
        Message::Unchoke => Incoming::Unchoke,
        Message::Interested => Incoming::Interested,
        Message::NotInterested => Incoming::NotInterested,
        Message::Have(piece) => Incoming::Have(piece),
        Message::Bitfield(bits) => Incoming::Bitfield(bits.0),
        Message::Request(request) => Incoming::Request(block(request)),
        Message::Cancel(request) => Incoming::Cancel(block(request)),
        Message::Piece(piece) => {
            let block = Block {
                piece: piece.index,
                offset: piece.begin,
                len: piece.len() as u32,
            };
            Incoming::Block(block, piece.data().0)
        }
        Message::KeepAlive | Message::Extended(_) => Incoming::Nothing,
    })
}

fn metadata(frame: &[u8]) -> Result<Incoming<'_>, WireError> {
    let (message, _) = Message::deserialize(frame, &[])
        .map_err(|error| WireError::Malformed(error.to_string()))?;
    let Message::Extended(ExtendedMessage::UtMetadata(message)) = message else {
        return Ok(Incoming::Nothing);
    };
    Ok(match message {
        UtMetadata::Request(piece) => Incoming::MetadataAsked(piece),
        UtMetadata::Reject(_) => Incoming::MetadataRefused,
        UtMetadata::Data(data) => Incoming::Metadata {
            piece: data.piece(),
            data: data.as_double_buf().get()[0],
        },
    })
}

/// A peer exchange that cannot be read is not worth the connection it came on.
fn exchange(frame: &[u8]) -> Incoming<'_> {
    match Message::deserialize(frame, &[]) {
        Ok((Message::Extended(ExtendedMessage::UtPex(exchange)), _)) => {
            let added = exchange.added_peers().take(EXCHANGE_MAX);
            Incoming::Exchange(added.map(|peer| peer.addr).collect())
        }
        _ => Incoming::Nothing,
    }
}

fn extensions(dictionary: &[u8]) -> Result<Incoming<'_>, WireError> {
    let value = dyn_from_bytes::<ByteBuf<'_>>(dictionary)
        .map_err(|error| WireError::Malformed(error.into_kind().to_string()))?;
    let BencodeValue::Dict(fields) = value else {
        return Err(WireError::Malformed("extension handshake".into()));
    };
    let number = |key: &'static [u8]| match fields.get(&ByteBuf(key)) {
        Some(BencodeValue::Integer(number)) => u32::try_from(*number).ok(),
        _ => None,
    };
    // Id 0 takes an extension back.
    let id = |key: &'static [u8]| match fields.get(&ByteBuf(b"m")) {
        Some(BencodeValue::Dict(ids)) => match ids.get(&ByteBuf(key)) {
            Some(BencodeValue::Integer(id)) => u8::try_from(*id).ok().filter(|id| *id > 0),
            _ => None,
        },
        _ => None,
    };
    Ok(Incoming::Extensions(Extensions {
        metadata: id(b"ut_metadata"),
        dont_have: id(b"lt_donthave"),
        metadata_size: number(b"metadata_size"),
        reqq: number(b"reqq"),
        port: number(b"p").and_then(|port| u16::try_from(port).ok()),
    }))
}

fn block(request: Request) -> Block {
    Block {
        piece: request.index,
        offset: request.begin,
        len: request.length,
    }
}

/// Of the 12 bytes of a request.
fn block_of(body: &[u8]) -> Block {
    Block {
        piece: number(body, 0),
        offset: number(body, 4),
        len: number(body, 8),
    }
}

fn number(body: &[u8], at: usize) -> u32 {
    let bytes = body[at..at + 4].try_into();
    u32::from_be_bytes(bytes.expect("a slice of 4 is an array of 4"))
}

/// Who a connection leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Greeting {
    pub(super) info_hash: [u8; 20],
    pub(super) peer_id: [u8; 20],
    pub(super) fast: bool,
    pub(super) extensions: bool,
}

/// Reads the handshake every connection begins with.
///
/// # Errors
/// When it is another protocol.
pub(super) fn greeting(bytes: &[u8; HANDSHAKE_BYTES]) -> Result<Greeting, WireError> {
    let (handshake, _) =
        Handshake::deserialize(bytes).map_err(|error| WireError::Malformed(error.to_string()))?;
    Ok(Greeting {
        info_hash: handshake.info_hash.0,
        peer_id: handshake.peer_id.0,
        fast: handshake.reserved & SUPPORTS_FAST != 0,
        extensions: handshake.reserved & SUPPORTS_EXTENSIONS != 0,
    })
}

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

pub(super) fn request(block: Block) -> Vec<u8> {
    serialized(&Message::Request(Request::new(
        block.piece,
        block.offset,
        block.len,
    )))
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

fn extended(id: u8, payload: &[u8]) -> Vec<u8> {
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
