//! Message stream encryption: the handshake before the handshake, which hides what a connection
//! is from routers that slow BitTorrent down or cut it off.
//!
//! The scheme is the one all programs share (Azureus and µTorrent, 2006; no BEP): Diffie-Hellman
//! of 768 bits, RC4 with 1024 bytes discarded, the info hash as the shared secret. It is no
//! protection from whoever knows the info hash. Everything read is bounded: what a peer may send
//! before it must have said something sensible is 700 bytes.
//!
//! The first of our own bytes goes along with the handshake (its IA field), so that it takes one
//! round trip more than none at all.

pub(super) mod keys;

use bytes::{Buf, BytesMut};
use rand::Rng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use self::keys::{Keys, ciphers, hash, hidden};
use super::rc4::Rc4;

/// Longest padding the scheme allows.
const PAD_MAX: usize = 512;
/// Of the two paddings that are announced: they may be empty, and more is only traffic.
const LATE_PAD_MAX: usize = 64;
/// Eight zeroes say that the keys are right.
pub(super) const VERIFICATION: [u8; 8] = [0; 8];
pub(super) const PLAIN: u32 = 1;
pub(super) const RC4: u32 = 2;
/// Read at once.
const CHUNK_BYTES: usize = 4096;

/// What both sides came to, and what was said along with it.
#[derive(Debug)]
pub(super) struct Agreed {
    /// For what comes; none: plain from here on.
    pub(super) incoming: Option<Rc4>,
    /// For what goes.
    pub(super) outgoing: Option<Rc4>,
    /// The peer's bytes after the handshake that are here already, deciphered.
    pub(super) said: BytesMut,
    /// The end of the handshake: to be sent, as it is, before anything else.
    pub(super) owed: Vec<u8>,
}

/// Why there is no agreement.
#[derive(Debug, thiserror::Error)]
pub(super) enum MseError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("it has hung up")]
    HungUp,
    #[error("no handshake of an encrypted stream")]
    NoSync,
    #[error("for a torrent that is not open")]
    Unknown,
    #[error("no way of encryption in common")]
    Nothing,
    #[error("padding of {0} bytes")]
    Padding(usize),
}

fn padding(max: usize) -> Vec<u8> {
    let mut random = rand::rng();
    let mut bytes = vec![0; random.random_range(0..=max)];
    random.fill(&mut bytes[..]);
    bytes
}

/// What has come over `stream` and was not read yet.
struct Inbox<'s, S> {
    stream: &'s mut S,
    bytes: BytesMut,
}

impl<S: AsyncRead + Unpin> Inbox<'_, S> {
    async fn more(&mut self) -> Result<(), MseError> {
        self.bytes.reserve(CHUNK_BYTES);
        match self.stream.read_buf(&mut self.bytes).await? {
            0 => Err(MseError::HungUp),
            _ => Ok(()),
        }
    }

    async fn take(&mut self, length: usize) -> Result<BytesMut, MseError> {
        while self.bytes.len() < length {
            self.more().await?;
        }
        Ok(self.bytes.split_to(length))
    }

    async fn take_array<const N: usize>(&mut self) -> Result<[u8; N], MseError> {
        let mut array = [0; N];
        self.take(N).await?.copy_to_slice(&mut array);
        Ok(array)
    }

    async fn decipher<const N: usize>(&mut self, cipher: &mut Rc4) -> Result<[u8; N], MseError> {
        let mut array = self.take_array::<N>().await?;
        cipher.apply(&mut array);
        Ok(array)
    }

    /// Passes over padding up to and with `mark`.
    async fn sync(&mut self, mark: &[u8]) -> Result<(), MseError> {
        let longest = PAD_MAX + mark.len();
        let mut looked = 0;
        loop {
            let end = self.bytes.len().min(longest);
            let found = self.bytes[looked..end]
                .windows(mark.len())
                .position(|w| w == mark);
            if let Some(at) = found {
                self.bytes.advance(looked + at + mark.len());
                return Ok(());
            }
            if end == longest {
                return Err(MseError::NoSync);
            }
            looked = (end + 1).saturating_sub(mark.len());
            self.more().await?;
        }
    }

    /// A padding that says how long it is.
    async fn skip(&mut self, cipher: &mut Rc4) -> Result<(), MseError> {
        let length = usize::from(u16::from_be_bytes(self.decipher(cipher).await?));
        if length > PAD_MAX {
            return Err(MseError::Padding(length));
        }
        cipher.apply(&mut self.take(length).await?);
        Ok(())
    }
}

/// Calls with encryption; `first` is the first we have to say, and goes along. `plain_too`: after
/// the handshake the peer may go on without it.
///
/// # Errors
/// It does not speak it, or has another torrent.
pub(super) async fn call<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    info_hash: &[u8; 20],
    plain_too: bool,
    first: &[u8],
) -> Result<Agreed, MseError> {
    call_with(&Keys::new(), stream, info_hash, plain_too, first).await
}

/// The same with keys that are known.
pub(super) async fn call_with<S: AsyncRead + AsyncWrite + Unpin>(
    keys: &Keys,
    stream: &mut S,
    info_hash: &[u8; 20],
    plain_too: bool,
    first: &[u8],
) -> Result<Agreed, MseError> {
    let hello = [&keys.public[..], &padding(PAD_MAX)].concat();
    stream.write_all(&hello).await?;
    let mut inbox = Inbox {
        stream,
        bytes: BytesMut::new(),
    };
    let shared = keys.shared(&inbox.take_array().await?);
    let (mut outgoing, mut incoming) = ciphers(&shared, info_hash);
    let mut message = hash(&[b"req1", &shared]).to_vec();
    message.extend_from_slice(&hidden(&shared, info_hash));
    let hidden_from = message.len();
    message.extend_from_slice(&VERIFICATION);
    let provided = if plain_too { PLAIN | RC4 } else { RC4 };
    message.extend_from_slice(&provided.to_be_bytes());
    push_counted(&mut message, &padding(LATE_PAD_MAX));
    push_counted(&mut message, first);
    outgoing.apply(&mut message[hidden_from..]);
    inbox.stream.write_all(&message).await?;
    let mut mark = VERIFICATION;
    incoming.apply(&mut mark);
    inbox.sync(&mark).await?;
    let chosen = u32::from_be_bytes(inbox.decipher(&mut incoming).await?);
    inbox.skip(&mut incoming).await?;
    let mut said = inbox.bytes;
    let ciphers = match chosen {
        RC4 => {
            incoming.apply(&mut said);
            Some((incoming, outgoing))
        }
        PLAIN if plain_too => None,
        _ => return Err(MseError::Nothing),
    };
    Ok(agreed(ciphers, said, Vec::new()))
}

/// Answers a call that began with `begun`. `open`: the torrents we have. `plain_too`: one that
/// offers nothing but to go on without encryption is answered too.
///
/// # Errors
/// It is nothing of the kind, or for another torrent.
pub(super) async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    begun: BytesMut,
    open: &[[u8; 20]],
    plain_too: bool,
) -> Result<([u8; 20], Agreed), MseError> {
    answer_with(Keys::new, stream, begun, open, plain_too).await
}

/// The same with keys that are known; they are made when the caller's are here.
pub(super) async fn answer_with<S: AsyncRead + AsyncWrite + Unpin>(
    keys: impl FnOnce() -> Keys,
    stream: &mut S,
    begun: BytesMut,
    open: &[[u8; 20]],
    plain_too: bool,
) -> Result<([u8; 20], Agreed), MseError> {
    let mut inbox = Inbox {
        stream,
        bytes: begun,
    };
    let theirs = inbox.take_array().await?;
    let keys = keys();
    let hello = [&keys.public[..], &padding(PAD_MAX)].concat();
    inbox.stream.write_all(&hello).await?;
    let shared = keys.shared(&theirs);
    inbox.sync(&hash(&[b"req1", &shared])).await?;
    let wanted: [u8; 20] = inbox.take_array().await?;
    let meant = open.iter().find(|hash| hidden(&shared, hash) == wanted);
    let info_hash = *meant.ok_or(MseError::Unknown)?;
    let (mut incoming, mut outgoing) = ciphers(&shared, &info_hash);
    if inbox.decipher(&mut incoming).await? != VERIFICATION {
        return Err(MseError::NoSync);
    }
    let provided = u32::from_be_bytes(inbox.decipher(&mut incoming).await?);
    inbox.skip(&mut incoming).await?;
    let length = usize::from(u16::from_be_bytes(inbox.decipher(&mut incoming).await?));
    let mut said = inbox.take(length).await?;
    incoming.apply(&mut said);
    let chosen = match provided {
        provided if provided & RC4 != 0 => RC4,
        provided if plain_too && provided & PLAIN != 0 => PLAIN,
        _ => return Err(MseError::Nothing),
    };
    let mut owed = VERIFICATION.to_vec();
    owed.extend_from_slice(&chosen.to_be_bytes());
    push_counted(&mut owed, &padding(LATE_PAD_MAX));
    outgoing.apply(&mut owed);
    let mut rest = inbox.bytes;
    let ciphers = (chosen == RC4).then(|| {
        incoming.apply(&mut rest);
        (incoming, outgoing)
    });
    said.unsplit(rest);
    Ok((info_hash, agreed(ciphers, said, owed)))
}

/// `ciphers`: for what comes, for what goes.
fn agreed(ciphers: Option<(Rc4, Rc4)>, said: BytesMut, owed: Vec<u8>) -> Agreed {
    let (incoming, outgoing) = ciphers.unzip();
    Agreed {
        incoming,
        outgoing,
        said,
        owed,
    }
}

/// At most 65535 bytes, and before them how many.
fn push_counted(message: &mut Vec<u8>, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).expect("paddings and a handshake are short");
    message.extend_from_slice(&length.to_be_bytes());
    message.extend_from_slice(bytes);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio::io::duplex;

    use super::keys::KEY_BYTES;
    use super::*;

    const OPEN: [[u8; 20]; 2] = [[1; 20], [2; 20]];

    /// More than either side may have to send before the other reads.
    const ROOM: usize = 4096;

    /// A whole call; what the called one hears, and both sides' keys.
    async fn talk(
        call_plain: bool,
        answer_plain: bool,
        hash: [u8; 20],
    ) -> Result<(Agreed, Agreed), MseError> {
        let (mut ours, mut theirs) = duplex(ROOM);
        let calling = call(&mut ours, &hash, call_plain, b"first words");
        let answering = async {
            let (found, agreed) = answer(&mut theirs, BytesMut::new(), &OPEN, answer_plain).await?;
            assert_eq!(found, hash);
            theirs.write_all(&agreed.owed).await?;
            Ok::<_, MseError>(agreed)
        };
        tokio::try_join!(calling, answering)
    }

    #[tokio::test]
    async fn both_come_to_the_same_keys() {
        for hash in OPEN {
            for (call_plain, answer_plain) in [(true, true), (true, false), (false, false)] {
                let (called, answered) = talk(call_plain, answer_plain, hash).await.unwrap();
                assert_eq!(&answered.said[..], b"first words");
                for (from, to) in [
                    (called.outgoing, answered.incoming),
                    (answered.outgoing, called.incoming),
                ] {
                    let mut word = *b"a word";
                    from.unwrap().apply(&mut word);
                    assert_ne!(&word, b"a word");
                    to.unwrap().apply(&mut word);
                    assert_eq!(&word, b"a word");
                }
            }
        }
    }

    #[tokio::test]
    async fn a_torrent_that_is_not_open_is_hung_up_on() {
        let refused = talk(true, true, [9; 20]).await;
        assert!(matches!(refused, Err(MseError::Unknown)), "{refused:?}");
    }

    /// What becomes of a caller, and of one who answers, when the other side says this.
    async fn heard(said: &[u8]) -> [MseError; 2] {
        let mut errors = Vec::new();
        for calls in [true, false] {
            let (mut ours, mut theirs) = duplex(64 * 1024);
            theirs.write_all(said).await.unwrap();
            theirs.shutdown().await.unwrap();
            let error = if calls {
                call(&mut ours, &OPEN[0], true, b"x").await.unwrap_err()
            } else {
                let begun = BytesMut::new();
                answer(&mut ours, begun, &OPEN, true).await.unwrap_err()
            };
            errors.push(error);
        }
        errors.try_into().unwrap()
    }

    #[tokio::test]
    async fn nonsense_is_read_to_a_bound() {
        for error in heard(&[7; KEY_BYTES + PAD_MAX + 19]).await {
            assert!(
                matches!(error, MseError::HungUp | MseError::NoSync),
                "{error}"
            );
        }
        for error in heard(&vec![7; 60_000]).await {
            assert!(matches!(error, MseError::NoSync), "{error}");
        }
        for length in [0, 1, KEY_BYTES - 1] {
            for error in heard(&vec![7; length]).await {
                assert!(matches!(error, MseError::HungUp), "{error}");
            }
        }
    }

    /// The other side, written down once more and differently, with a field of it wrong.
    async fn answered_with(fields: &[u8]) -> MseError {
        let (mut ours, mut theirs) = duplex(ROOM);
        let answering = async {
            let mut public = [0; KEY_BYTES];
            theirs.read_exact(&mut public).await.unwrap();
            let keys = Keys::new();
            theirs.write_all(&keys.public).await.unwrap();
            let (_, mut cipher) = ciphers(&keys.shared(&public), &OPEN[0]);
            let mut reply = fields.to_vec();
            cipher.apply(&mut reply);
            theirs.write_all(&reply).await.unwrap();
            theirs.shutdown().await.unwrap();
            theirs
        };
        let (called, _open) = tokio::join!(call(&mut ours, &OPEN[0], false, b"x"), answering);
        called.unwrap_err()
    }

    #[tokio::test]
    async fn wrong_fields_are_refused() {
        let chosen =
            |way: u32, pad: u16| [&[0; 8], &way.to_be_bytes()[..], &pad.to_be_bytes()].concat();
        for way in [0, PLAIN, 3, u32::MAX] {
            let error = answered_with(&chosen(way, 0)).await;
            assert!(matches!(error, MseError::Nothing), "{way}: {error}");
        }
        let error = answered_with(&chosen(RC4, 513)).await;
        assert!(matches!(error, MseError::Padding(513)), "{error}");
        let error = answered_with(&chosen(RC4, 512)).await;
        assert!(matches!(error, MseError::HungUp), "{error}");
    }

    #[tokio::test]
    async fn the_mark_is_found_behind_any_padding() {
        for pad in [0, 1, 19, 20, 511, 512, 513] {
            let mark = [5; 20];
            let mut bytes = vec![4; pad];
            bytes.extend_from_slice(&mark);
            bytes.extend_from_slice(b"after");
            let (mut ours, mut theirs) = duplex(ROOM);
            for byte in bytes {
                theirs.write_u8(byte).await.unwrap();
            }
            drop(theirs);
            let mut inbox = Inbox {
                stream: &mut ours,
                bytes: BytesMut::new(),
            };
            let synced = inbox.sync(&mark).await;
            assert_eq!(synced.is_ok(), pad <= PAD_MAX, "{pad}: {synced:?}");
        }
    }
}
