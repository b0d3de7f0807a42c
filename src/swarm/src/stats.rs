//! The figures a swarm shows: plain data, for the viewer's screen, logs and tests.

use crate::layout::PeerId;

/// What is here, verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    pub pieces: u32,
    pub bytes: u64,
}

/// Figures of one peer. Its flags are the protocol's own (BEP 3), independent of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct PeerStats {
    /// The connection.
    pub peer: PeerId,
    /// It is a web seed.
    pub web_seed: bool,
    /// Bytes a second it has been giving us lately.
    pub rate: u64,
    /// Bytes a second it can give us, as far as known: only the time it was busy for us counts.
    pub capacity: Option<u64>,
    /// Bytes it gave us, wasted ones included.
    pub received: u64,
    /// Bytes we gave it.
    pub uploaded: u64,
    /// Bytes a second we have been giving it lately.
    pub upload_rate: u64,
    /// Requests outstanding.
    pub inflight: u32,
    /// It serves us.
    pub unchoked: bool,
    /// We want of it.
    pub interested: bool,
    /// We serve it.
    pub served: bool,
    /// It wants of us.
    pub wants: bool,
    /// It was asked and stays silent: the first to close when connections are scarce.
    pub snubbed: bool,
}

/// Figures of the whole swarm since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Bytes of blocks that arrived, wasted ones included.
    pub received: u64,
    /// Bytes of blocks that arrived in vain: duplicates, late ones, pieces that were wrong or that
    /// nobody wanted any more.
    pub wasted: u64,
    /// Bytes of the received ones that came from web seeds.
    pub web_received: u64,
    /// Bytes of blocks given to peers.
    pub uploaded: u64,
    /// Blocks asked of another peer because the first was late.
    pub duplicates: u64,
    /// Requests taken back.
    pub cancelled: u64,
    /// Pieces that failed their hash.
    pub corrupt: u64,
    /// Peers banned.
    pub banned: u64,
    /// Bytes of pieces in RAM now: open, or being verified.
    pub assembly_bytes: u64,
}
