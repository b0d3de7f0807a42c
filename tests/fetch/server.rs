//! A server that says what a test tells it, byte by byte, and counts what it got rid of; and what
//! the tests ask it with.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fetch::{Answer, Ask, Config, Fetch, FetchError, Pace, Patience};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What it says.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// And waits for the next request.
    This(Vec<u8>),
    /// And hangs up.
    Last(Vec<u8>),
    /// The first once, then the second for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// The first, then a byte now and then for ever.
    Drip(Vec<u8>),
    /// And nothing more, without hanging up.
    Hang(Vec<u8>),
}

/// What it says to the n-th request (from 0), given its head and body.
pub(crate) type Script = Arc<dyn Fn(usize, &str) -> Say + Send + Sync>;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Requests, whole.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    /// Rings at each request.
    pub(crate) bell: Arc<Notify>,
    pub(crate) calls: Arc<AtomicUsize>,
    sent: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Served {
    script: Script,
    asked: Arc<Mutex<Vec<String>>>,
    bell: Arc<Notify>,
    sent: Arc<AtomicU64>,
}

impl Server {
    pub(crate) async fn start(
        script: impl Fn(usize, &str) -> Say + Send + Sync + 'static,
    ) -> Server {
        Server::at("127.0.0.1:0", script).await
    }

    pub(crate) async fn at(
        address: &str,
        script: impl Fn(usize, &str) -> Say + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = Served {
            script: Arc::new(script),
            asked: Arc::default(),
            bell: Arc::default(),
            sent: Arc::default(),
        };
        let calls = Arc::new(AtomicUsize::new(0));
        let (all, counted) = (served.clone(), Arc::clone(&calls));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let served = all.clone();
                tokio::spawn(async move { served.serve(stream).await });
            }
        });
        Server {
            address,
            asked: served.asked,
            bell: served.bell,
            calls,
            sent: served.sent,
            task,
        }
    }

    /// Says the same to everybody.
    pub(crate) async fn saying(say: Say) -> Server {
        Server::start(move |_, _| say.clone()).await
    }

    /// The address of a path of it, with something in it that nobody must see.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}?key=s3cret", self.address)
    }

    pub(crate) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Bytes it got rid of, those in the kernel's buffers included: at most 10 MiB on loopback.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Served {
    /// Until either side hangs up.
    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.ok()?);
            }
            let mut request = String::from_utf8(head).unwrap();
            let lower = request.to_ascii_lowercase();
            let length = lower
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body).await.ok()?;
            request.push_str(std::str::from_utf8(&body).unwrap());
            let before = {
                let mut asked = self.asked.lock().unwrap();
                asked.push(request.clone());
                asked.len() - 1
            };
            self.bell.notify_one();
            let stream = stream.get_mut();
            match (self.script)(before, &request) {
                Say::This(bytes) => self.send(stream, &bytes).await?,
                Say::Last(bytes) => {
                    self.send(stream, &bytes).await?;
                    return None;
                }
                Say::Endless(first, again) => {
                    self.send(stream, &first).await?;
                    loop {
                        self.send(stream, &again).await?;
                    }
                }
                Say::Drip(first) => {
                    self.send(stream, &first).await?;
                    loop {
                        self.send(stream, b" ").await?;
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
                Say::Hang(bytes) => {
                    self.send(stream, &bytes).await?;
                    std::future::pending::<()>().await;
                }
            }
        }
    }

    async fn send(&self, stream: &mut TcpStream, bytes: &[u8]) -> Option<()> {
        stream.write_all(bytes).await.ok()?;
        self.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Some(())
    }
}

/// A whole answer with these headers, each with its line's end.
pub(crate) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Odd\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

pub(crate) fn ok(body: impl AsRef<[u8]>) -> Say {
    Say::This(answer(200, "", body))
}

pub(crate) fn redirect(to: &str) -> Say {
    Say::This(answer(302, &format!("location: {to}\r\n"), ""))
}

/// Everything at home may be called, and nothing is waited for that a test could not.
pub(crate) fn config() -> Config {
    Config {
        allow_local: true,
        pace: fast(),
        patience: Patience {
            backoff: Duration::from_millis(1),
            ..Patience::default()
        },
        ..Config::default()
    }
}

pub(crate) fn fast() -> Pace {
    Pace {
        at_once: 4,
        per_second: 1000,
        burst: 1000,
    }
}

pub(crate) fn door() -> Fetch {
    Fetch::new(config()).unwrap()
}

/// What went wrong; that must say nothing of what was asked.
pub(crate) fn fault(result: Result<Answer, FetchError>) -> FetchError {
    let fault = result.unwrap_err();
    let told = format!("{fault} {fault:?}");
    assert!(!told.contains("s3cret") && !told.contains('?'), "{told}");
    fault
}

/// What goes wrong with this, while another host is asked by the same door and answers.
pub(crate) async fn evil(ask: Ask) -> FetchError {
    let door = door();
    let good = Server::saying(ok("good")).await;
    let (bad, good) = tokio::join!(door.ask(ask), door.ask(Ask::get(&good.url("/"))));
    assert_eq!(good.unwrap().body, "good");
    fault(bad)
}
