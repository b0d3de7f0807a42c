//! What a connection runs over: TCP, or uTP (BEP 29).
//!
//! Two cases and no box, so that TCP, which nearly all bytes come by, costs nothing more.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use librqbit_utp::{UtpStream, UtpStreamReadHalf, UtpStreamWriteHalf};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// Both directions.
pub(super) enum Pipe {
    Tcp(TcpStream),
    Utp(UtpStream),
}

/// What comes.
pub(super) enum PipeReader {
    Tcp(OwnedReadHalf),
    Utp(UtpStreamReadHalf),
}

/// What goes.
pub(super) enum PipeWriter {
    Tcp(OwnedWriteHalf),
    Utp(UtpStreamWriteHalf),
}

impl Pipe {
    /// A connection over TCP. Requests are small and urgent: they do not wait for company.
    pub(super) fn tcp(stream: TcpStream) -> Pipe {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("a peer's socket: {error}");
        }
        Pipe::Tcp(stream)
    }

    pub(super) fn split(self) -> (PipeReader, PipeWriter) {
        match self {
            Pipe::Tcp(stream) => {
                let (reader, writer) = stream.into_split();
                (PipeReader::Tcp(reader), PipeWriter::Tcp(writer))
            }
            Pipe::Utp(stream) => {
                let (reader, writer) = stream.split();
                (PipeReader::Utp(reader), PipeWriter::Utp(writer))
            }
        }
    }
}

macro_rules! reads {
    ($pipe:ident) => {
        impl AsyncRead for $pipe {
            fn poll_read(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buffer: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                match self.get_mut() {
                    $pipe::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
                    $pipe::Utp(stream) => Pin::new(stream).poll_read(cx, buffer),
                }
            }
        }
    };
}

macro_rules! writes {
    ($pipe:ident) => {
        impl AsyncWrite for $pipe {
            fn poll_write(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bytes: &[u8],
            ) -> Poll<io::Result<usize>> {
                match self.get_mut() {
                    $pipe::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
                    $pipe::Utp(stream) => Pin::new(stream).poll_write(cx, bytes),
                }
            }

            fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                match self.get_mut() {
                    $pipe::Tcp(stream) => Pin::new(stream).poll_flush(cx),
                    $pipe::Utp(stream) => Pin::new(stream).poll_flush(cx),
                }
            }

            fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                match self.get_mut() {
                    $pipe::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
                    $pipe::Utp(stream) => Pin::new(stream).poll_shutdown(cx),
                }
            }
        }
    };
}

reads!(Pipe);
reads!(PipeReader);
writes!(Pipe);
writes!(PipeWriter);
