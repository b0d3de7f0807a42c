//! What peers send, from bytes to values (BEP 3, 6, 9, 10, 11, 54).
//!
//! Without sockets or state; `say.rs` is the way back. The messages of BEP 3 and PEX are parsed by
//! librqbit-peer-protocol; it takes an id it does not know for an error, so ids are looked at
//! here first, those of the fast extension and of `lt_donthave` are read here, and the unknown are
//! skipped. Its extension handshake is fixed to two extensions and fails on one odd field, so that
//! too is read here, and leniently; and so is `ut_metadata`, whose numbers
//! wrap around there.

use std::collections::HashMap;
use std::net::SocketAddr;

use librqbit_bencode::{BencodeValue, dyn_from_bytes};
use librqbit_buffers::ByteBuf;
use librqbit_peer_protocol::extended::ExtendedMessage;
use librqbit_peer_protocol::{Handshake, Message, Request};
use swarm::Block;

use super::bencode::{is_sound, sound};

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

pub(super) const REQUEST: u8 = 6;
pub(super) const HAVE_ALL: u8 = 14;
pub(super) const HAVE_NONE: u8 = 15;
pub(super) const REJECT: u8 = 16;
const ALLOWED_FAST: u8 = 17;
pub(super) const EXTENDED: u8 = 20;

pub(super) const EXTENSION_HANDSHAKE: u8 = 0;
/// Ids we ask peers to use; the first two are fixed by librqbit-peer-protocol.
pub(super) const UT_PEX: u8 = librqbit_peer_protocol::MY_EXTENDED_UT_PEX;
pub(super) const UT_METADATA: u8 = librqbit_peer_protocol::MY_EXTENDED_UT_METADATA;
pub(super) const DONT_HAVE: u8 = 7;

/// Bits of the handshake's reserved bytes.
pub(super) const SUPPORTS_EXTENSIONS: u64 = 1 << 20;
pub(super) const SUPPORTS_FAST: u64 = 1 << 2;

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
        (EXTENDED, [UT_METADATA, body @ ..]) => metadata(body),
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

/// BEP 9: a dictionary, and after it the bytes it speaks of.
fn metadata(body: &[u8]) -> Result<Incoming<'_>, WireError> {
    let odd = || WireError::Malformed("ut_metadata".into());
    let (dictionary, data) = body.split_at(sound(body).ok_or_else(odd)?);
    let fields = dictionary_of(dictionary)?;
    let number = |key: &'static [u8]| match fields.get(&ByteBuf(key)) {
        Some(BencodeValue::Integer(number)) => u32::try_from(*number).map_err(|_| odd()),
        _ => Err(odd()),
    };
    let piece = number(b"piece")?;
    Ok(match number(b"msg_type")? {
        0 => Incoming::MetadataAsked(piece),
        1 => Incoming::Metadata { piece, data },
        2 => Incoming::MetadataRefused,
        // BEP 9: what is not known is ignored.
        _ => Incoming::Nothing,
    })
}

type Fields<'a> = HashMap<ByteBuf<'a>, BencodeValue<ByteBuf<'a>>>;

fn dictionary_of(bytes: &[u8]) -> Result<Fields<'_>, WireError> {
    let odd = || WireError::Malformed("extension message".into());
    if !is_sound(bytes) {
        return Err(odd());
    }
    match dyn_from_bytes::<ByteBuf<'_>>(bytes) {
        Ok(BencodeValue::Dict(fields)) => Ok(fields),
        _ => Err(odd()),
    }
}

/// A peer exchange that cannot be read is not worth the connection it came on.
fn exchange(frame: &[u8]) -> Incoming<'_> {
    if !is_sound(&frame[6..]) {
        return Incoming::Nothing;
    }
    match Message::deserialize(frame, &[]) {
        Ok((Message::Extended(ExtendedMessage::UtPex(exchange)), _)) => {
            let added = exchange.added_peers().take(EXCHANGE_MAX);
            Incoming::Exchange(added.map(|peer| peer.addr).collect())
        }
        _ => Incoming::Nothing,
    }
}

fn extensions(dictionary: &[u8]) -> Result<Incoming<'_>, WireError> {
    let fields = dictionary_of(dictionary)?;
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::say::*;
    use super::*;

    /// One message and nothing after it.
    fn read(bytes: &[u8]) -> String {
        let (message, length) = parse(bytes).unwrap().unwrap();
        assert_eq!(length, bytes.len());
        format!("{message:?}")
    }

    fn extension(id: u8, body: &str) -> Vec<u8> {
        extended(id, body.as_bytes())
    }

    #[test]
    fn what_we_say_is_what_we_read() {
        let block = Block {
            piece: 7,
            offset: 16384,
            len: 100,
        };
        let shown = format!("{block:?}");
        assert_eq!(read(&request(block)), format!("Request({shown})"));
        assert_eq!(read(&cancel(block)), format!("Cancel({shown})"));
        assert_eq!(read(&reject(block)), format!("Rejected({shown})"));
        assert_eq!(read(&have(9)), "Have(9)");
        assert_eq!(read(&have_all()), "HaveAll");
        assert_eq!(read(&have_none()), "HaveNone");
        assert_eq!(read(&bitfield(&[0x80, 1])), "Bitfield([128, 1])");
        assert_eq!(read(&interested(true)), "Interested");
        assert_eq!(read(&choke(false)), "Unchoke");
        assert_eq!(read(&keep_alive()), "Nothing");
        assert_eq!(read(&dont_have(DONT_HAVE, 5)), "DontHave(5)");
        assert_eq!(read(&ask_metadata(UT_METADATA, 3)), "MetadataAsked(3)");
        let bytes = [&block_header(1, 0, 3)[..], b"abc"].concat();
        assert!(read(&bytes).starts_with("Block(Block { piece: 1, offset: 0, len: 3 }"));
        let info = vec![1; 16385];
        let answer = metadata_answer(UT_METADATA, 1, Some(&info));
        assert_eq!(read(&answer), "Metadata { piece: 1, data: [1] }");
        for refused in [
            metadata_answer(UT_METADATA, 2, Some(&info)),
            metadata_answer(UT_METADATA, 0, None),
        ] {
            assert_eq!(read(&refused), "MetadataRefused");
        }
    }

    #[test]
    fn our_handshake_says_what_we_do() {
        let (Incoming::Extensions(said), _) = parse(&our_extensions(Some(77), 6881, false))
            .unwrap()
            .unwrap()
        else {
            panic!("no handshake");
        };
        assert_eq!(said.metadata, Some(UT_METADATA));
        assert_eq!(said.dont_have, Some(DONT_HAVE));
        assert_eq!((said.metadata_size, said.port), (Some(77), Some(6881)));
        assert_eq!(said.reqq, Some(250));
        let private = our_extensions(None, 0, true);
        assert!(!private.windows(6).any(|w| w == b"ut_pex"));
        let bytes = greet([3; 20], [4; 20]);
        let greeting = greeting(&bytes).unwrap();
        assert_eq!((greeting.info_hash, greeting.peer_id), ([3; 20], [4; 20]));
        assert!(greeting.fast && greeting.extensions);
    }

    #[test]
    fn the_unknown_is_skipped() {
        for id in [9, 13, 18, 19, 21, 100, 255] {
            assert_eq!(read(&[0, 0, 0, 3, id, 1, 2]), "Nothing");
        }
        assert_eq!(read(&extension(99, "not bencode")), "Nothing");
        assert_eq!(read(&extension(UT_PEX, "not bencode")), "Nothing");
        assert_eq!(
            read(&extension(UT_METADATA, "d8:msg_typei9e5:piecei0ee")),
            "Nothing"
        );
        let odd = extension(0, "d1:md11:ut_metadatai0ee1:pi99999e4:reqq1:x6:yourip1:xe");
        let nothing = format!("Extensions({:?})", Extensions::default());
        assert_eq!(read(&odd), nothing);
    }

    #[test]
    fn half_a_message_waits() {
        let whole = request(Block {
            piece: 1,
            offset: 0,
            len: 9,
        });
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).unwrap().is_none());
        }
    }

    #[test]
    fn hostile_messages_are_errors() {
        let deep = "l".repeat(100_000);
        for bytes in [
            vec![0xff; 4],
            (MESSAGE_MAX_BYTES as u32 + 1).to_be_bytes().to_vec(),
            vec![0, 0, 0, 2, 4, 1],
            vec![0, 0, 0, 1, 5],
            vec![0, 0, 0, 1, 7],
            vec![0, 0, 0, 2, HAVE_ALL, 1],
            vec![0, 0, 0, 1, REJECT],
            vec![0, 0, 0, 3, EXTENDED, DONT_HAVE, 1],
            extension(0, &deep),
            extension(0, "i1e"),
            extension(0, "d4:reqqi99999999999999999999999ee"),
            extension(UT_METADATA, &deep),
            extension(
                UT_METADATA,
                "d8:msg_typei99999999999999999999999e5:piecei0ee",
            ),
            extension(UT_METADATA, "d8:msg_typei0e5:piecei4294967296ee"),
            extension(UT_METADATA, "d8:msg_typei0e5:piecei-1ee"),
            extension(UT_METADATA, "d5:piecei0ee"),
        ] {
            assert!(parse(&bytes).is_err(), "{bytes:?}");
        }
        assert!(greeting(&[0; HANDSHAKE_BYTES]).is_err());
    }
}
