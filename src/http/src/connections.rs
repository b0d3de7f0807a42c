//! The sockets: accepts connections, bounds each, and puts the guard before the routes.
//!
//! Uses hyper itself instead of `axum::serve`, which has no limits on headers, time or the number
//! of connections. Invariant: at most [`CONNECTIONS`] are open, each reads its head within
//! [`HEAD_TIME`], is answered within the [`Patience`] of the server, and must take the answer at
//! some speed (see [`Paced`]). Does not know any route.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONNECTION, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};

use super::Patience;
use super::answers::failure;
use super::guard::{Guard, Refusal, WRONG_TOKEN_WAIT};
use super::link::page_at;

/// A household's phones and programs, several times over; the rest waits in the kernel's queue.
const CONNECTIONS: usize = 64;

/// For the request line and headers, also while a kept connection idles. Phones on bad Wi-Fi
/// need a second or two.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Request line and headers together; ours need under 1 KiB.
const HEAD_BYTES: usize = 16 * 1024;

/// Browsers send about twenty.
const HEADERS: usize = 64;

/// After a failed accept (out of file descriptors); the next moment may be better.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until it is dropped; the connections end with it.
pub(crate) async fn accept(
    listener: TcpListener,
    guard: Arc<Guard>,
    patience: Patience,
    router: Router,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "HTTP: no connection accepted");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(local) = stream.local_addr() else {
            continue;
        };
        // Events and answers are small and wanted at once.
        let _ = stream.set_nodelay(true);
        let guard = guard.clone();
        let router = router.clone();
        open.spawn(async move {
            connection(stream, (local, peer), guard, patience, router).await;
            drop(place);
        });
    }
}

async fn connection(
    stream: TcpStream,
    ends: (SocketAddr, SocketAddr),
    guard: Arc<Guard>,
    patience: Patience,
    router: Router,
) {
    let api = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let guard = guard.clone();
        let api = api.clone();
        async move {
            let answered = answer(ends, &guard, patience.answer, &api, request).await;
            Ok::<_, Infallible>(answered)
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES)
        .max_header_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(Paced::new(stream, patience.write)), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "HTTP: a connection ended early");
    }
}

async fn answer(
    ends: (SocketAddr, SocketAddr),
    guard: &Guard,
    limit: Duration,
    api: &TowerToHyperService<Router>,
    request: Request<Incoming>,
) -> Response {
    let (head, body) = request.into_parts();
    if let Err(refusal) = guard.check(ends, &head) {
        tracing::debug!(?refusal, "HTTP: refused");
        return refused(refusal, ends.0).await;
    }
    let request = Request::from_parts(head, Body::new(body));
    match timeout(limit, api.call(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => closing(failure(StatusCode::REQUEST_TIMEOUT, "this took too long")),
    }
}

async fn refused(refusal: Refusal, local: SocketAddr) -> Response {
    closing(match refusal {
        Refusal::Sender => failure(
            StatusCode::FORBIDDEN,
            "only the home network of this box may ask",
        ),
        Refusal::Host => failure(
            StatusCode::FORBIDDEN,
            "Host is not an address of this box: use the one that was printed",
        ),
        Refusal::Elsewhere => to_page(local),
        Refusal::Origin => failure(StatusCode::FORBIDDEN, "pages of other sites may not ask"),
        Refusal::Token => {
            sleep(WRONG_TOKEN_WAIT).await;
            let mut response = failure(
                StatusCode::UNAUTHORIZED,
                "the header 'Authorization: Bearer <token>' is missing or wrong",
            );
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
            response
        }
    })
}

/// Sends who asked for something else to the page at `local`; of the request it says nothing.
fn to_page(local: SocketAddr) -> Response {
    let mut response = failure(StatusCode::FOUND, "the page is elsewhere");
    if let Ok(place) = HeaderValue::from_str(&format!("{}/", page_at(local))) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// The body was not read, so the connection cannot be used again.
fn closing(mut response: Response) -> Response {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

/// A stream whose peer must keep taking what we write: a write that waits longer than its
/// patience fails. Without it a listener that never reads would hold its place for ever.
struct Paced {
    stream: TcpStream,
    patience: Duration,
    /// Runs while a write waits.
    limit: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    fn new(stream: TcpStream, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            limit: None,
        }
    }

    /// Passes a finished write on; for a waiting one starts or checks the limit.
    fn paced<T>(
        &mut self,
        context: &mut Context<'_>,
        write: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.limit = None;
            return write;
        }
        let patience = self.patience;
        let limit = self.limit.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(limit.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Paced {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Paced {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.paced(context, write)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.paced(context, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = TcpStream::connect(listener.local_addr().unwrap());
        let (here, there) = tokio::join!(here, listener.accept());
        (here.unwrap(), there.unwrap().0)
    }

    /// More than the kernel's buffers of one connection hold.
    const MUCH: usize = 64 * 1024 * 1024;

    #[tokio::test]
    async fn a_peer_that_never_reads_is_given_up() {
        let (here, _there) = pair().await;
        let mut paced = Paced::new(here, Duration::from_millis(50));
        let written = paced.write_all(&vec![0; MUCH]).await;
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_peer_that_reads_is_not() {
        let (here, mut there) = pair().await;
        let mut paced = Paced::new(here, Duration::from_secs(30));
        let write = async {
            paced.write_all(&vec![7; MUCH]).await.unwrap();
            paced.shutdown().await.unwrap();
        };
        let mut read = Vec::new();
        let (read_all, ()) = tokio::join!(there.read_to_end(&mut read), write);
        assert_eq!(read_all.unwrap(), MUCH);
    }
}
