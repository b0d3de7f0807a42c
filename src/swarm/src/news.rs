//! The words of the border: what the shell tells the swarm, what the swarm orders of the shell.
//!
//! Plain data, no behaviour. Every order is a command that the shell carries out without asking
//! back; a command to a peer that has just gone is harmless and dropped by the shell.

use std::fmt;
use std::ops::Range;

use crate::layout::{Block, PeerId};

/// What a peer said. A message that is not listed here (port, keep-alive, requests to us ...) is
/// the shell's own business.
///
/// A web seed is a source like any peer, told of by [`News::WebSeed`] and otherwise only by
/// [`News::Rejected`] and [`News::Gone`]; its blocks are reported as they arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News<'a> {
    /// The handshakes are done. Must come first; anything of an unknown peer is ignored.
    Connected {
        /// Both sides speak the fast extension (BEP 6).
        fast: bool,
        /// `reqq` of the extended handshake (BEP 10): requests it keeps outstanding. It often
        /// comes later than the handshake: then [`News::Queue`].
        reqq: Option<u32>,
    },
    /// Instead of `Connected`: a web seed (BEP 19). It has every piece, never chokes us, wants
    /// nothing and is answered with `Request` and `Cancel` only. Its requests come in runs of
    /// neighbouring blocks that may cross pieces, in the order in which they are wanted: the shell
    /// joins what follows one another into one HTTP range. More is ordered when half of a run has
    /// come, so that the next range can be asked for before the last is done. Bytes that come
    /// after their CANCEL are reported like any others, or dropped by the shell. A range that
    /// fails is `Rejected` for each of its blocks, a server that fails is `Gone`.
    WebSeed,
    /// `reqq` of the extended handshake, once it is known (BEP 10).
    Queue(u32),
    /// The whole message body (BEP 3).
    Bitfield(&'a [u8]),
    /// BEP 6.
    HaveAll,
    /// BEP 6.
    HaveNone,
    /// BEP 3.
    Have(u32),
    /// `lt_donthave` (BEP 54).
    DontHave(u32),
    /// This piece may be asked for although we are choked (BEP 6).
    AllowedFast(u32),
    /// It will not serve us; what we asked of it is void (BEP 3), unless `fast`: then each
    /// request is answered by a rejection (BEP 6).
    Choked,
    /// It serves us.
    Unchoked,
    /// It wants of us.
    Interested,
    /// It wants nothing of us.
    NotInterested,
    /// It will not answer this request (BEP 6).
    Rejected(Block),
    /// The connection is closed, for whatever reason.
    Gone,
}

/// What the shell must do. Drain with [`crate::Swarm::orders`] after every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Send REQUEST.
    Request(PeerId, Block),
    /// Send CANCEL.
    Cancel(PeerId, Block),
    /// Send INTERESTED (true) or NOT INTERESTED.
    Interested(PeerId, bool),
    /// Send CHOKE (true) or UNCHOKE. Every connection begins choked.
    Choke(PeerId, bool),
    /// Every block of the piece is in its RAM assembly: hash it, write it if it is right, then
    /// answer with [`crate::Swarm::verified`], which says what becomes of it. The assembly stays
    /// as it is until then.
    Verify(u32),
    /// Drop the RAM assembly of the piece: nobody wants it any more. Never while it is verified.
    Discard(u32),
    /// It sent wrong bytes: close the connection and refuse its address from now on. The swarm
    /// has already forgotten it.
    Ban(PeerId),
}

/// What is to become of the bytes of a block that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "bytes that are not `Store` must not reach the assembly"]
pub enum Arrival {
    /// Copy them into the RAM assembly of the piece (which begins with its first block).
    Store,
    /// Drop them: we have them, or nobody wants them any more.
    Waste,
}

/// What is to become of the assembly of a piece that was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an assembly to keep holds blocks that are not asked for again"]
pub enum Verdict {
    /// It is done with.
    Done,
    /// The piece was wrong, but only a part of it is fetched again: the bytes are its RAM assembly
    /// as before, into which blocks are stored until the next [`Order::Verify`].
    Keep,
}

/// What the readers and the players want now. A seek is a new demand.
///
/// The pieces that may be fetched are `waiting`, those of the `places` and `pins`, all cut to
/// `wanted`. They must fit into the cache's bound together, or pieces would be fetched and
/// evicted in turn for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// Pieces that readers block on now, most urgent first: of several viewers, who has waited
    /// longest goes first; of one, the newest reader, for it is the one the viewer waits for.
    pub waiting: Vec<Range<u32>>,
    /// Where it is played: one for each viewer. Among them goes first what is played soonest.
    pub places: Vec<Place>,
    /// The pieces of the file: nothing outside is ever asked for.
    pub wanted: Range<u32>,
    /// Pieces to have early wherever it is played: head, tail, index, resume point.
    pub pins: Vec<u32>,
}

/// Where a viewer is, and what lies ahead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The piece that the player is at.
    pub playhead: u32,
    /// Number of pieces to fetch from the playhead on (it included).
    pub ahead: u32,
    /// Bytes a second that the film needs; 0 while that is not known.
    pub pace: u64,
}

/// The peer broke the protocol: close the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misbehaviour {
    /// A bitfield of the wrong length, or with spare bits set (BEP 3).
    Bitfield,
    /// A piece that the torrent does not have.
    Piece(u32),
    /// Bytes that are no block of the torrent.
    Block(Block),
    /// Many blocks that were never asked for.
    Unasked,
    /// A message of the fast extension without it (BEP 6).
    NotFast,
}

impl fmt::Display for Misbehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bitfield => write!(f, "malformed bitfield"),
            Self::Piece(piece) => write!(f, "piece {piece} is not in the torrent"),
            Self::Block(block) => write!(
                f,
                "piece {} offset {} length {} is no block",
                block.piece, block.offset, block.len
            ),
            Self::Unasked => write!(f, "blocks that were not asked for"),
            Self::NotFast => write!(f, "fast-extension message without the extension"),
        }
    }
}

impl std::error::Error for Misbehaviour {}
