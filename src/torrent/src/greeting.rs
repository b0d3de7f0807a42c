//! How a connection begins: the handshakes of both sides, plain or encrypted, whoever calls.
//!
//! What comes of it is a [`Line`]: a stream on which both know whom they speak to. Knows nothing
//! of messages. Everything read is bounded; the time is bounded by whoever calls this.
//!
//! A call is made plain first, for that is a round trip less and nearly everybody takes it; who
//! hangs up at it without a word is called again with encryption at once, and the book keeps in
//! mind what worked ([`super::book`]).

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::mse::{self, Agreed, MseError};
use super::rc4::Rc4;
use super::say;
use super::wire::{self, Greeting, HANDSHAKE_BYTES, WireError};

/// A plain handshake begins so (BEP 3). The public key of an encrypted one does once in 2^160.
const PLAIN: &[u8; 20] = b"\x13BitTorrent protocol";
/// Read at once while greeting.
const CHUNK_BYTES: usize = 4096;

/// Whether connections with peers are encrypted, so that routers on the way do not see what they
/// are. Their content is no secret either way: whoever knows the torrent may ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encryption {
    /// Calls of either kind are taken. We call plain, which is the fastest start, and encrypted
    /// whoever does not take that.
    #[default]
    Prefer,
    /// Both ways, or not at all.
    Require,
    /// Nobody is called so, and such calls are not taken.
    Off,
}

/// A stream that has begun.
#[derive(Debug)]
pub(super) struct Line<S> {
    pub(super) stream: S,
    /// Deciphers what comes; none: it is plain.
    pub(super) incoming: Option<Rc4>,
    /// Enciphers what goes.
    pub(super) outgoing: Option<Rc4>,
    /// What the peer has said already after its handshake, deciphered.
    pub(super) said: BytesMut,
    /// To be sent, as it is, before anything else.
    pub(super) owed: Vec<u8>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum GreetError {
    /// Without a single byte: it may want encryption, or none.
    #[error("it has hung up")]
    HungUp,
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Wire(#[from] WireError),
    #[error("encryption: {0}")]
    Mse(#[from] MseError),
    #[error("plain calls are not taken")]
    Plain,
    #[error("encrypted calls are not taken")]
    Encrypted,
}

impl GreetError {
    /// It hung up on us: the other kind of call may be what it wants.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            GreetError::HungUp | GreetError::Mse(MseError::HungUp) => true,
            GreetError::Io(error) | GreetError::Mse(MseError::Io(error)) => {
                use std::io::ErrorKind::{BrokenPipe, ConnectionReset};
                matches!(error.kind(), ConnectionReset | BrokenPipe)
            }
            _ => false,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    fn plain(stream: S) -> Line<S> {
        Line {
            stream,
            incoming: None,
            outgoing: None,
            said: BytesMut::new(),
            owed: Vec::new(),
        }
    }

    fn agreed(stream: S, agreed: Agreed) -> Line<S> {
        Line {
            stream,
            incoming: agreed.incoming,
            outgoing: agreed.outgoing,
            said: agreed.said,
            owed: agreed.owed,
        }
    }

    /// Reads until `length` bytes are there.
    async fn hear(&mut self, length: usize) -> Result<(), GreetError> {
        while self.said.len() < length {
            let from = self.said.len();
            self.said.reserve(CHUNK_BYTES);
            match self.stream.read_buf(&mut self.said).await {
                Ok(1..) => {}
                Ok(_) if from == 0 => return Err(GreetError::HungUp),
                Ok(_) => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
                Err(error) => return Err(error.into()),
            }
            if let Some(cipher) = &mut self.incoming {
                cipher.apply(&mut self.said[from..]);
            }
        }
        Ok(())
    }

    async fn greeting(&mut self) -> Result<Greeting, GreetError> {
        self.hear(HANDSHAKE_BYTES).await?;
        let bytes = self.said.first_chunk().expect("they are there");
        let greeting = wire::greeting(bytes)?;
        self.said.advance(HANDSHAKE_BYTES);
        Ok(greeting)
    }
}

/// Calls: says who we are, and hears who it is. The line owes nothing. `encrypt`: with encryption,
/// and whether the peer may go on without it afterwards.
///
/// # Errors
/// It is no peer, or does not want to be called so.
pub(super) async fn call<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    info_hash: [u8; 20],
    peer_id: [u8; 20],
    encrypt: Option<bool>,
) -> Result<(Line<S>, Greeting), GreetError> {
    let ours = say::greet(info_hash, peer_id);
    let mut line = match encrypt {
        None => {
            stream.write_all(&ours).await?;
            Line::plain(stream)
        }
        Some(plain_too) => {
            let agreed = mse::call(&mut stream, &info_hash, plain_too, &ours).await?;
            Line::agreed(stream, agreed)
        }
    };
    let greeting = line.greeting().await?;
    Ok((line, greeting))
}

/// Answers: hears who calls and for what. We have said nothing of ourselves yet; our handshake is
/// to go after what the line owes. `open`: the torrents we have.
///
/// # Errors
/// It is no peer, or wants nothing that we have.
pub(super) async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    open: &[[u8; 20]],
    encryption: Encryption,
) -> Result<(Line<S>, Greeting), GreetError> {
    let mut line = Line::plain(stream);
    line.hear(PLAIN.len()).await?;
    let hidden_for = match (line.said.starts_with(PLAIN), encryption) {
        (true, Encryption::Require) => return Err(GreetError::Plain),
        (false, Encryption::Off) => return Err(GreetError::Encrypted),
        (true, _) => None,
        (false, _) => {
            let plain_too = encryption != Encryption::Require;
            let begun = std::mem::take(&mut line.said);
            let (hash, agreed) = mse::answer(&mut line.stream, begun, open, plain_too).await?;
            line = Line::agreed(line.stream, agreed);
            Some(hash)
        }
    };
    // Some callers wait for the end of the handshake before they say more.
    if hidden_for.is_some() && line.said.len() < HANDSHAKE_BYTES {
        let owed = std::mem::take(&mut line.owed);
        line.stream.write_all(&owed).await?;
    }
    let greeting = line.greeting().await?;
    if hidden_for.is_some_and(|hash| hash != greeting.info_hash) {
        return Err(MseError::Unknown.into());
    }
    Ok((line, greeting))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    const HASH: [u8; 20] = [7; 20];

    /// Both of ours over one stream, and a word each way.
    async fn meet(
        encrypt: Option<bool>,
        encryption: Encryption,
    ) -> Result<(bool, bool), GreetError> {
        let (ours, theirs) = duplex(4096);
        let calling = async {
            let (mut line, greeting) = call(ours, HASH, [1; 20], encrypt).await?;
            assert_eq!((greeting.info_hash, greeting.peer_id), (HASH, [2; 20]));
            line.hear(4).await?;
            assert_eq!(&line.said[..], b"word");
            Ok::<_, GreetError>(line.incoming.is_some())
        };
        let answering = async {
            let (mut line, greeting) = answer(theirs, &[[6; 20], HASH], encryption).await?;
            assert_eq!((greeting.info_hash, greeting.peer_id), (HASH, [1; 20]));
            let mut reply = [&say::greet(HASH, [2; 20])[..], b"word"].concat();
            if let Some(cipher) = &mut line.outgoing {
                cipher.apply(&mut reply);
            }
            line.stream
                .write_all(&[&line.owed[..], &reply].concat())
                .await?;
            Ok::<_, GreetError>(line.outgoing.is_some())
        };
        tokio::try_join!(calling, answering)
    }

    #[tokio::test]
    async fn plain_and_encrypted_calls_are_answered_as_the_setting_says() {
        use Encryption::{Off, Prefer, Require};
        for (encrypt, encryption, expected) in [
            (None, Prefer, Some(false)),
            (None, Off, Some(false)),
            (None, Require, None),
            (Some(true), Prefer, Some(true)),
            (Some(false), Prefer, Some(true)),
            (Some(true), Require, Some(true)),
            (Some(false), Require, Some(true)),
            (Some(true), Off, None),
        ] {
            let met = meet(encrypt, encryption).await;
            let both = met.as_ref().ok().map(|met| met.0 && met.1);
            assert_eq!(both, expected, "{encrypt:?} {encryption:?}: {met:?}");
        }
    }

    #[tokio::test]
    async fn who_says_nothing_is_told_from_who_says_nonsense() {
        for (said, hung_up) in [(&b""[..], true), (b"HTTP", false), (&[0; 100], false)] {
            let (ours, mut theirs) = duplex(4096);
            theirs.write_all(said).await.unwrap();
            theirs.shutdown().await.unwrap();
            let error = call(ours, HASH, [1; 20], None).await.unwrap_err();
            assert_eq!(
                matches!(error, GreetError::HungUp),
                hung_up,
                "{said:?}: {error}"
            );
        }
    }
}
