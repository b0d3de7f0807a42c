//! The real binary in a data folder of its own, driven through its control API alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// For anything that needs no bytes of a film: generous, the machine may be busy.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// For making the demo film and for opening a film over a slow swarm.
pub(crate) const PATIENT: Duration = Duration::from_secs(150);

/// A running box; killed when dropped.
#[derive(Debug)]
pub(crate) struct TvBox {
    child: Child,
    addr: SocketAddr,
    log: Receiver<String>,
}

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

impl TvBox {
    /// Starts `matinee --display headless` on `data` and waits until the control API answers.
    pub(crate) fn start(data: &Path, args: &[&str]) -> TvBox {
        Self::spawn(Self::command(data, args))
    }

    /// Starts a prepared command, see [`TvBox::command`].
    #[allow(
        clippy::zombie_processes,
        reason = "waited for when the box is dropped"
    )]
    pub(crate) fn spawn(mut command: Command) -> TvBox {
        let mut child = command.spawn().expect("the binary starts");
        let lines = lines_of(child.stdout.take().expect("piped"));
        let log = lines_of(child.stderr.take().expect("piped"));
        let end = Instant::now() + SOON;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some((_, rest)) = line.split_once("http://") {
                        let addr = rest.split(['/', ' ']).next().and_then(|a| a.parse().ok());
                        let addr = addr.expect("an address after http://");
                        // Kept read, so that a full pipe never stops the box.
                        std::thread::spawn(move || lines.into_iter().for_each(drop));
                        return TvBox { child, addr, log };
                    }
                }
                Err(error) => {
                    let log: Vec<_> = log.try_iter().collect();
                    panic!("no control address ({error}); log:\n{}", log.join("\n"));
                }
            }
        }
    }

    pub(crate) fn command(data: &Path, args: &[&str]) -> Command {
        // Nobody on the Internet is asked; who brings sources along asks those.
        let named = |option: &str| args.iter().any(|word| word.starts_with(option));
        // Nor does the box show in the panels of who runs the tests.
        let unasked = [
            ("--archive-address", "--internet-archive=false"),
            ("--wiki-address", "--wikipedia=false"),
            ("--mpris", "--mpris=false"),
        ];
        let unasked = unasked.into_iter().filter(|(place, _)| !named(place));
        let unasked = unasked.map(|(_, off)| off);
        let mut command = Command::new(env!("CARGO_BIN_EXE_matinee"));
        command
            .args([
                "--display",
                "headless",
                "--dht=false",
                "--lsd=false",
                "--port-mapping=false",
                "--control",
                "127.0.0.1:0",
            ])
            .args([
                "--control-token",
                TOKEN,
                "--log",
                "info,matinee=debug",
                "--data",
            ])
            .arg(data)
            .args(args)
            .args(unasked)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Where the control API listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.addr
    }

    fn request(&self, head: &str, kind: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).expect("the control API listens");
        let length = body.len();
        // HTTP/1.0: the answer ends where the connection does.
        let head = format!(
            "{head} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n",
            self.addr
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body).expect("sent");
        stream
    }

    /// Status and body of one request.
    pub(crate) fn call(&self, head: &str, kind: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = self.request(head, kind, body);
        stream
            .set_read_timeout(Some(SOON))
            .expect("a timeout is set");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let split = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("a head");
        let head = String::from_utf8_lossy(&answer[..split]).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .expect("a status");
        (status, answer.split_off(split + 4))
    }

    fn json(&self, head: &str, body: &Value) -> Value {
        let (status, answer) = self.call(head, "application/json", body.to_string().as_bytes());
        let text = String::from_utf8_lossy(&answer).into_owned();
        assert!((200..300).contains(&status), "{head}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) fn state(&self) -> Value {
        self.json("GET /api/v1/state", &Value::Null)
    }

    pub(crate) fn figures(&self) -> Value {
        self.json("GET /api/v1/figures", &Value::Null)
    }

    pub(crate) fn key(&self, key: &str) {
        self.json("POST /api/v1/key", &json!({ "key": key }));
    }

    /// Opens what is called so above the wall.
    pub(crate) fn door(&self, name: &str) {
        let menu = |state: &Value| state["focus"]["menu"].clone();
        self.key("up");
        let mut at = menu(&self.wait("a door", SOON, |s| menu(s).is_string()));
        while at != name {
            self.key("right");
            at = menu(&self.wait(name, SOON, |s| menu(s) != at));
        }
        self.key("ok");
    }

    /// The lines of the settings, which it opens from the wall.
    pub(crate) fn settings(&self) -> Vec<String> {
        self.door("Settings");
        let lines = |state: &Value| state["menu"]["actions"].as_array().cloned();
        let lines = lines(&self.wait("the settings", SOON, |s| lines(s).is_some()));
        let said = lines.unwrap_or_default().into_iter();
        said.filter_map(|line| line.as_str().map(str::to_owned))
            .collect()
    }

    /// Opens that page of the settings, from the wall.
    pub(crate) fn setting(&self, name: &str) {
        self.door("Settings");
        let line = |state: &Value| {
            let at = state["focus"]["action"].as_u64()?;
            let label = state["menu"]["actions"][at as usize].as_str()?;
            Some(label.to_owned())
        };
        let mut at = line(&self.wait("the settings", SOON, |s| line(s).is_some()));
        while at.as_deref() != Some(name) {
            self.key("down");
            at = line(&self.wait(name, SOON, |s| line(s) != at));
        }
        self.key("ok");
    }

    pub(crate) fn press(&self, key: &str, press: &str) {
        self.json("POST /api/v1/key", &json!({ "key": key, "press": press }));
    }

    pub(crate) fn open_magnet(&self, magnet: &str) -> (u16, Value) {
        let body = json!({ "magnet": magnet }).to_string();
        let (status, answer) = self.call("POST /api/v1/open", "application/json", body.as_bytes());
        (
            status,
            serde_json::from_slice(&answer).unwrap_or(Value::Null),
        )
    }

    pub(crate) fn open_metainfo(&self, metainfo: &[u8]) -> (u16, Value) {
        let (status, answer) = self.call("POST /api/v1/open", "application/x-bittorrent", metainfo);
        (
            status,
            serde_json::from_slice(&answer).unwrap_or(Value::Null),
        )
    }

    /// What the TV shows: width, height and RGB bytes.
    pub(crate) fn screen(&self) -> (u32, u32, Vec<u8>) {
        let (status, bytes) = self.call("GET /api/v1/screen.png", "text/plain", b"");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
            .read_info()
            .expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("a picture");
        assert_eq!(info.color_type, png::ColorType::Rgb);
        pixels.truncate(info.buffer_size());
        (info.width, info.height, pixels)
    }

    /// Waits until the state is as wanted, told by the box's own events; panics after `within`.
    pub(crate) fn wait(
        &self,
        what: &str,
        within: Duration,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let stream = self.request("GET /api/v1/events", "text/plain", b"");
        let end = Instant::now() + within;
        let mut last = self.state();
        if wanted(&last) {
            return last;
        }
        let mut reader = BufReader::new(stream);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited {within:?} for {what}; last state: {last:#}"
            );
            reader
                .get_ref()
                .set_read_timeout(Some(left))
                .expect("a timeout is set");
            let mut line = String::new();
            match reader.read_line(&mut line) {
                Ok(0) => panic!("the events ended while waiting for {what}"),
                Ok(_) => {}
                Err(error) => panic!("{error} while waiting for {what}; last state: {last:#}"),
            }
            if let Some(data) = line.strip_prefix("data:") {
                last = serde_json::from_str(data.trim()).expect("events are JSON");
                if wanted(&last) {
                    return last;
                }
            }
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in order, and waits until it has.
    pub(crate) fn stop(mut self) {
        // SAFETY: a signal to a child that has not been waited for.
        let sent = unsafe { libc::kill(self.child.id() as libc::pid_t, libc::SIGTERM) };
        assert_eq!(sent, 0, "the box runs");
        self.child.wait().expect("the box ends");
    }

    /// Pulls the plug.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ended");
    }
}

impl Drop for TvBox {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log: Vec<_> = self.log.try_iter().collect();
            let tail = log.len().saturating_sub(80);
            eprintln!("end of the box's log:\n{}", log[tail..].join("\n"));
        }
        // It may have ended already; then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe, read by a thread of their own that ends with the pipe.
fn lines_of(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            // When nobody listens any more it reads on: the box must not block on its log.
            let _ = sender.send(line);
        }
    });
    receiver
}
