//! The body of an answer, within bounds: bytes, silence, rate, the whole time.
//!
//! Gzip is unpacked here, a little at a time, so that a bomb is noticed after a few MiB and not
//! when it has gone off. No other encoding is asked for, so none is taken. The host's lane is held
//! until the body ends, and hears how it ended.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::write::GzDecoder;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use tokio::time::{Instant, timeout_at};

use crate::ask::Bounds;
use crate::error::FetchError;
use crate::lane::Pass;

/// Packed bytes unpacked at a time: a thousand times as much comes out at worst.
const PACKED_BYTES: usize = 4096;

/// What a body may be packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    None,
    Gzip,
}

/// A body that is read piece by piece.
#[derive(Debug)]
pub struct Body {
    response: Option<Response>,
    inflate: Option<GzDecoder<Capped>>,
    /// Packed bytes that wait.
    packed: Bytes,
    bounds: Bounds,
    host: Arc<str>,
    proxied: bool,
    began: Instant,
    deadline: Instant,
    /// As they came.
    received: u64,
    pass: Pass,
}

/// Takes so many bytes and no more.
#[derive(Debug)]
struct Capped {
    bytes: Vec<u8>,
    room: u64,
    over: bool,
}

impl Body {
    /// # Errors
    /// It says itself that it is too large, or has an encoding that was not asked for.
    pub(crate) fn new(
        response: Response,
        (bounds, taken): (Bounds, Encoding),
        host: &str,
        proxied: bool,
        deadline: Instant,
        mut pass: Pass,
    ) -> Result<Body, FetchError> {
        let encoding = response.headers().get(CONTENT_ENCODING);
        let encoding = encoding.map(|value| value.as_bytes().to_ascii_lowercase());
        let inflate = match encoding.as_deref() {
            None | Some(b"" | b"identity") => None,
            Some(b"gzip" | b"x-gzip") if taken == Encoding::Gzip => Some(GzDecoder::new(Capped {
                bytes: Vec::new(),
                room: bounds.bytes_max,
                over: false,
            })),
            Some(_) => {
                pass.failed();
                return Err(FetchError::Broken(host.to_owned()));
            }
        };
        let body = Body {
            response: Some(response),
            inflate,
            packed: Bytes::new(),
            bounds,
            host: host.into(),
            proxied,
            began: Instant::now(),
            deadline,
            received: 0,
            pass,
        };
        let length = body.response.as_ref().and_then(Response::content_length);
        if length.is_some_and(|length| length > bounds.bytes_max) {
            return Err(body.too_large());
        }
        Ok(body)
    }

    /// Bytes that it says it has; none if it does not say, or comes packed.
    pub fn length(&self) -> Option<u64> {
        let response = self.response.as_ref().filter(|_| self.inflate.is_none());
        response.and_then(Response::content_length)
    }

    /// The next bytes, none at the end. Not to be asked again after an error.
    ///
    /// # Errors
    /// A bound is reached, or it breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, FetchError> {
        let next = self.next().await;
        match &next {
            Ok(Some(_)) => {}
            Ok(None) => self.pass.worked(),
            Err(error) => {
                self.response = None;
                if error.blames_host() {
                    self.pass.failed();
                }
            }
        }
        next
    }

    /// Whole. `begins`: what the first bytes must be, so that what is no answer is not read on.
    pub(crate) async fn all(
        mut self,
        begins: impl Fn(&[u8]) -> Result<(), FetchError>,
    ) -> Result<Bytes, FetchError> {
        let mut whole = Vec::new();
        let mut looked_at = false;
        loop {
            let bytes = self.chunk().await?;
            let blank = bytes.iter().flatten().all(u8::is_ascii_whitespace);
            whole.extend_from_slice(bytes.as_deref().unwrap_or_default());
            // A mark of UTF-8 has three bytes, and may come in parts.
            if !looked_at && (bytes.is_none() || (!blank && whole.len() > 3)) {
                looked_at = true;
                begins(&whole).inspect_err(|_| self.pass.worked())?;
            }
            if bytes.is_none() {
                return Ok(whole.into());
            }
        }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, FetchError> {
        loop {
            if !self.packed.is_empty() {
                if let Some(bytes) = self.unpack()? {
                    return Ok(Some(bytes));
                }
                continue;
            }
            let Some(bytes) = self.receive().await? else {
                return self.unpacked();
            };
            self.received += bytes.len() as u64;
            if self.inflate.is_some() {
                // Packed it is smaller, or it is no honest answer.
                if self.received > self.bounds.bytes_max {
                    return Err(self.too_large());
                }
                self.packed = bytes;
            } else if self.received > self.bounds.bytes_max {
                return Err(self.too_large());
            } else if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
    }

    async fn receive(&mut self) -> Result<Option<Bytes>, FetchError> {
        let slow = FetchError::TooSlow(self.host.to_string());
        let now = Instant::now();
        let brought = self.received as f64 / f64::from(self.bounds.rate_min.max(1));
        // The sum of a year's seconds is no time.
        let brought = Duration::from_secs_f64(brought.min(1e6));
        let silence = self.bounds.silence;
        let until = (self.began + silence + brought).min(now + silence);
        let until = until.min(self.deadline);
        if until <= now {
            return Err(slow);
        }
        let Some(response) = &mut self.response else {
            return Ok(None);
        };
        match timeout_at(until, response.chunk()).await {
            Err(_) => Err(slow),
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(FetchError::of(&error, &self.host, self.proxied)),
        }
    }

    fn unpack(&mut self) -> Result<Option<Bytes>, FetchError> {
        let some = self.packed.split_to(self.packed.len().min(PACKED_BYTES));
        let Some(inflate) = &mut self.inflate else {
            return Ok(None);
        };
        let mut rest = &some[..];
        while !rest.is_empty() {
            match inflate.write(rest) {
                // Behind its end: servers pad.
                Ok(0) => break,
                Ok(taken) => rest = &rest[taken..],
                Err(_) if inflate.get_ref().over => return Err(self.too_large()),
                Err(_) => return Err(FetchError::Broken(self.host.to_string())),
            }
        }
        if inflate.flush().is_err() && inflate.get_ref().over {
            return Err(self.too_large());
        }
        Ok(self.take())
    }

    /// What is left at the end.
    fn unpacked(&mut self) -> Result<Option<Bytes>, FetchError> {
        self.response = None;
        let Some(inflate) = self.inflate.as_mut().filter(|_| self.received > 0) else {
            return Ok(None);
        };
        let end = inflate.try_finish();
        if inflate.get_ref().over {
            return Err(self.too_large());
        }
        if end.is_err() {
            return Err(FetchError::Broken(self.host.to_string()));
        }
        let rest = self.take();
        self.inflate = None;
        Ok(rest)
    }

    fn take(&mut self) -> Option<Bytes> {
        let capped = self.inflate.as_mut()?.get_mut();
        let bytes = std::mem::take(&mut capped.bytes);
        (!bytes.is_empty()).then(|| bytes.into())
    }

    fn too_large(&self) -> FetchError {
        FetchError::TooLarge {
            host: self.host.to_string(),
            bytes_max: self.bounds.bytes_max,
        }
    }
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len() as u64;
        if length > self.room {
            self.over = true;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.room -= length;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
