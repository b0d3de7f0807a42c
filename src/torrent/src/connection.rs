//! One TCP connection to a peer: the handshake, then bytes to messages and back until it ends.
//!
//! Knows sockets and nothing of what messages mean (`peer.rs` does). Everything is bounded: the
//! time for each step, the length of a message, the messages waiting for the socket, the requests
//! of the peer waiting for us. What goes out is batched; requests to the peer go before blocks for
//! it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use swarm::{Block, PeerId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::download::Download;
use super::peer::{Link, OUTGOING_MAX, Outgoing};
use super::say;
use super::wire::{self, Greeting, HANDSHAKE_BYTES, REQUESTS_MAX};

/// For the answer to our handshake. libtorrent allows 10 s.
pub(super) const GREETING_TIME_MAX: Duration = Duration::from_secs(10);
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
#[derive(Debug)]
pub(super) enum Side {
    /// We called.
    Ours,
    /// The peer did, and has said this.
    Theirs(Greeting),
}

/// Shakes hands over `stream` and serves the connection until it ends. `connected` is called
/// once the peer has turned out to be one of this torrent. Returns why it ended.
pub(super) async fn run(
    download: &Arc<Download>,
    mut stream: TcpStream,
    address: SocketAddr,
    side: Side,
    connected: impl FnOnce(),
) -> String {
    // Requests are small and urgent.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("peer {address}: {error}");
    }
    let greeting = match greet(download, &mut stream, side).await {
        Ok(greeting) => greeting,
        Err(reason) => return reason,
    };
    connected();
    let (outgoing, queue) = mpsc::channel(OUTGOING_MAX);
    if greeting.extensions {
        // The queue is empty, and longer than one.
        let _ = outgoing.try_send(Outgoing::Message(download.extensions()));
    }
    let kick = download.stop.child_token();
    let link = Link::new(address, &greeting, outgoing, kick.clone());
    let Some(id) = download.joined(link) else {
        return "not wanted".into();
    };
    tracing::debug!("peer {address}: connected as {}", id.0);
    let (reader, writer) = stream.into_split();
    let writing = write(Arc::clone(download), id, greeting.fast, writer, queue);
    let reason = tokio::select! {
        reason = read(download, id, reader) => reason,
        reason = writing => reason,
        () = kick.cancelled() => "closed by us".into(),
    };
    download.left(id);
    reason
}

async fn greet(
    download: &Arc<Download>,
    stream: &mut TcpStream,
    side: Side,
) -> Result<Greeting, String> {
    let (hash, me) = (download.reference.info_hash, download.shared.peer_id);
    let ours = say::greet(hash, me);
    let exchanged = timeout(GREETING_TIME_MAX, async {
        stream.write_all(&ours).await.map_err(|e| e.to_string())?;
        match side {
            Side::Theirs(greeting) => Ok(greeting),
            Side::Ours => read_greeting(stream).await,
        }
    });
    let greeting = exchanged.await.map_err(|_| "handshake took too long")??;
    if greeting.info_hash != hash {
        return Err("it has another torrent".into());
    }
    if greeting.peer_id == me {
        return Err("it is ourselves".into());
    }
    Ok(greeting)
}

/// The handshake of the other side.
///
/// # Errors
/// In words for the log.
pub(super) async fn read_greeting(stream: &mut TcpStream) -> Result<Greeting, String> {
    let mut bytes = [0; HANDSHAKE_BYTES];
    let read = stream.read_exact(&mut bytes).await;
    read.map_err(|e| e.to_string())?;
    wire::greeting(&bytes).map_err(|e| e.to_string())
}

async fn read(download: &Arc<Download>, id: PeerId, mut socket: OwnedReadHalf) -> String {
    let mut buffer = BytesMut::new();
    loop {
        loop {
            match wire::parse(&buffer) {
                Ok(None) => break,
                Ok(Some((message, length))) => {
                    if let Err(reason) = download.said(id, message) {
                        return reason;
                    }
                    buffer.advance(length);
                }
                Err(error) => return error.to_string(),
            }
        }
        buffer.reserve(READ_BYTES);
        match timeout(SILENCE_MAX, socket.read_buf(&mut buffer)).await {
            Ok(Ok(0)) => return "it has hung up".into(),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "silent for too long".into(),
        }
    }
}

async fn write(
    download: Arc<Download>,
    id: PeerId,
    fast: bool,
    mut socket: OwnedWriteHalf,
    mut queue: mpsc::Receiver<Outgoing>,
) -> String {
    let mut batch = Vec::new();
    let mut asked = VecDeque::new();
    loop {
        while batch.len() < BATCH_BYTES
            && let Ok(outgoing) = queue.try_recv()
        {
            sort(outgoing, fast, &mut batch, &mut asked);
        }
        let mut served = 0;
        if batch.is_empty() {
            match asked.pop_front() {
                Some(block) => served = answer(&download, block, fast, &mut batch).await,
                None => match timeout(KEEP_ALIVE, queue.recv()).await {
                    Ok(Some(outgoing)) => sort(outgoing, fast, &mut batch, &mut asked),
                    Ok(None) => return "closed by us".into(),
                    Err(_) => batch = say::keep_alive(),
                },
            }
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
fn sort(outgoing: Outgoing, fast: bool, batch: &mut Vec<u8>, asked: &mut VecDeque<Block>) {
    match outgoing {
        Outgoing::Message(bytes) => batch.extend_from_slice(&bytes),
        Outgoing::Serve(block) if asked.len() < REQUESTS_MAX => asked.push_back(block),
        Outgoing::Serve(block) => refuse(block, fast, batch),
        Outgoing::Unserve(block) => {
            if let Some(at) = asked.iter().position(|b| *b == block) {
                asked.remove(at);
                refuse(block, fast, batch);
            }
        }
        Outgoing::UnserveAll => asked.drain(..).for_each(|block| refuse(block, fast, batch)),
    }
}

/// Every request is answered, if the peer knows how to read that (BEP 6).
fn refuse(block: Block, fast: bool, batch: &mut Vec<u8>) {
    if fast {
        batch.extend_from_slice(&say::reject(block));
    }
}

/// The answer to a request into `batch`; how many bytes of the film are in it.
async fn answer(download: &Arc<Download>, block: Block, fast: bool, batch: &mut Vec<u8>) -> u32 {
    let Some(bytes) = download.serve(block).await else {
        refuse(block, fast, batch);
        return 0;
    };
    batch.extend_from_slice(&say::block_header(block.piece, block.offset, block.len));
    batch.extend_from_slice(&bytes);
    block.len
}
