//! One connection to a peer, once both have said who they are: bytes to messages and back until it
//! ends.
//!
//! Knows streams and ciphers, and nothing of what messages mean (`peer.rs` does). Everything is
//! bounded: the time for each step, the length of a message, the messages waiting for the socket,
//! the requests of the peer waiting for us, and bytes a second by the limits. What goes out is
//! batched; requests to the peer go before blocks for it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BufMut, BytesMut};
use swarm::{Block, PeerId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::download::Download;
use super::greeting::Line;
use super::peer::{Link, OUTGOING_MAX, Outgoing};
use super::pipe::{Pipe, PipeReader, PipeWriter};
use super::rc4::Rc4;
use super::refusals::Refusals;
use super::say;
use super::wire::{Greeting, REQUESTS_MAX};

/// A peer that says nothing for so long is gone: keep-alives come every two minutes (BEP 3).
const SILENCE_MAX: Duration = Duration::from_secs(150);
/// We say something at least so often.
const KEEP_ALIVE: Duration = Duration::from_secs(100);
/// A peer that takes nothing for so long is gone.
const STUCK_MAX: Duration = Duration::from_mins(1);
/// Room made in the buffer before each read: several blocks in one system call.
const READ_BYTES: usize = 128 * 1024;
/// Messages are sent together up to this.
const BATCH_BYTES: usize = 64 * 1024;

/// Who began the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// We called.
    Ours,
    /// The peer did, and has not heard from us.
    Theirs,
}

/// Serves the connection until it ends. Returns why it ended.
pub(super) async fn run(
    download: &Arc<Download>,
    mut line: Line<Pipe>,
    greeting: &Greeting,
    address: SocketAddr,
    side: Side,
) -> String {
    if greeting.info_hash != download.reference.info_hash {
        return "it has another torrent".into();
    }
    if greeting.peer_id == download.shared.peer_id {
        // Peers exchange our own address too.
        if side == Side::Ours {
            download.lock().book.avoid(address);
        }
        return "it is ourselves".into();
    }
    if side == Side::Theirs
        && let Err(reason) = introduce(download, &mut line).await
    {
        return reason;
    }
    let (outgoing, queue) = mpsc::channel(OUTGOING_MAX);
    if greeting.extensions {
        // The queue is empty, and longer than one.
        let _ = outgoing.try_send(Outgoing::Message(download.extensions()));
    }
    let kick = download.stop.child_token();
    let link = Link::new(address, greeting, outgoing, kick.clone());
    let Some(id) = download.joined(link) else {
        return "not wanted".into();
    };
    let how = match (&line.stream, &line.incoming) {
        (Pipe::Tcp(_), None) => "TCP",
        (Pipe::Tcp(_), Some(_)) => "encrypted TCP",
        (Pipe::Utp(_), None) => "uTP",
        (Pipe::Utp(_), Some(_)) => "encrypted uTP",
    };
    tracing::debug!("peer {address}: connected over {how} as {}", id.0);
    let (reader, writer) = line.stream.split();
    let reading = Reading {
        socket: reader,
        cipher: line.incoming,
        buffer: line.said,
    };
    let writing = Writing {
        socket: writer,
        cipher: line.outgoing,
        fast: greeting.fast,
    };
    let reason = tokio::select! {
        reason = read(download, id, reading) => reason,
        reason = write(Arc::clone(download), id, writing, queue) => reason,
        () = kick.cancelled() => "closed by us".into(),
    };
    download.left(id);
    reason
}

/// Our handshake to a peer that called.
async fn introduce(download: &Download, line: &mut Line<Pipe>) -> Result<(), String> {
    let mut bytes = std::mem::take(&mut line.owed);
    let from = bytes.len();
    let hash = download.reference.info_hash;
    bytes.extend_from_slice(&say::greet(hash, download.shared.peer_id));
    if let Some(cipher) = &mut line.outgoing {
        cipher.apply(&mut bytes[from..]);
    }
    match timeout(STUCK_MAX, line.stream.write_all(&bytes)).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(_) => Err("takes nothing".into()),
    }
}

struct Reading {
    socket: PipeReader,
    cipher: Option<Rc4>,
    buffer: BytesMut,
}

struct Writing {
    socket: PipeWriter,
    cipher: Option<Rc4>,
    /// Both speak the fast extension (BEP 6).
    fast: bool,
}

async fn read(download: &Arc<Download>, id: PeerId, reading: Reading) -> String {
    let Reading {
        mut socket,
        mut cipher,
        mut buffer,
    } = reading;
    let limit = &download.shared.received;
    loop {
        match download.heard(id, &buffer) {
            Ok(used) => buffer.advance(used),
            Err(reason) => return reason,
        }
        download.breathe().await;
        buffer.reserve(READ_BYTES);
        let from = buffer.len();
        let mut room = (&mut buffer).limit(limit.turn(READ_BYTES));
        match timeout(SILENCE_MAX, socket.read_buf(&mut room)).await {
            Ok(Ok(0)) => return "it has hung up".into(),
            Ok(Ok(count)) => limit.spend(count).await,
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "silent for too long".into(),
        }
        if let Some(cipher) = &mut cipher {
            cipher.apply(&mut buffer[from..]);
        }
    }
}

async fn write(
    download: Arc<Download>,
    id: PeerId,
    writing: Writing,
    mut queue: mpsc::Receiver<Outgoing>,
) -> String {
    let Writing {
        mut socket,
        mut cipher,
        fast,
    } = writing;
    let limit = &download.shared.sent;
    let mut batch = Vec::new();
    let mut asked = VecDeque::new();
    let mut refusals = Refusals::new(fast);
    // When the next block may go, once it is counted.
    let mut due = None;
    loop {
        while batch.len() < BATCH_BYTES
            && let Ok(outgoing) = queue.try_recv()
        {
            sort(outgoing, &mut refusals, &mut batch, &mut asked);
        }
        refusals.say(Instant::now(), &mut batch);
        let mut served = 0;
        if batch.is_empty() {
            let next = asked.front().map_or(0, |block| block.len);
            let may_serve = async {
                match next {
                    0 => tokio::time::sleep(KEEP_ALIVE).await,
                    next => {
                        let due = due.get_or_insert_with(|| limit.count(next as usize));
                        limit.wait(*due).await;
                    }
                }
            };
            tokio::select! {
                biased;
                outgoing = queue.recv() => match outgoing {
                    Some(outgoing) => sort(outgoing, &mut refusals, &mut batch, &mut asked),
                    None => return "closed by us".into(),
                },
                () = refusals.due() => continue,
                () = may_serve => match asked.pop_front() {
                    Some(block) => {
                        due = None;
                        served = answer(&download, block, &mut refusals, &mut batch).await;
                    }
                    None => batch = say::keep_alive(),
                },
            }
        }
        if let Some(cipher) = &mut cipher {
            cipher.apply(&mut batch);
        }
        match timeout(STUCK_MAX, socket.write_all(&batch)).await {
            Ok(Ok(())) => batch.clear(),
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "takes nothing".into(),
        }
        if served > 0 {
            download.served(id, served);
        }
    }
}

/// Puts what is to go out where it belongs.
fn sort(
    outgoing: Outgoing,
    refusals: &mut Refusals,
    batch: &mut Vec<u8>,
    asked: &mut VecDeque<Block>,
) {
    match outgoing {
        Outgoing::Message(bytes) => batch.extend_from_slice(&bytes),
        Outgoing::Request(block) => batch.extend_from_slice(&say::request(block)),
        Outgoing::Serve(block) if asked.len() < REQUESTS_MAX => asked.push_back(block),
        Outgoing::Serve(block) => refusals.now(block, batch),
        Outgoing::Refuse(block) => refusals.later(block, batch),
        Outgoing::Unserve(block) => {
            if let Some(at) = asked.iter().position(|b| *b == block) {
                asked.remove(at);
                refusals.now(block, batch);
            }
        }
        Outgoing::UnserveAll => asked.drain(..).for_each(|block| refusals.now(block, batch)),
    }
}

/// The answer to a request into `batch`; how many bytes of the film are in it.
async fn answer(
    download: &Arc<Download>,
    block: Block,
    refusals: &mut Refusals,
    batch: &mut Vec<u8>,
) -> u32 {
    let Some(bytes) = download.serve(block).await else {
        refusals.later(block, batch);
        return 0;
    };
    batch.extend_from_slice(&say::block_header(block.piece, block.offset, block.len));
    batch.extend_from_slice(&bytes);
    block.len
}
