//! Phones that are remotes: which were let in, the codes that let one in, and the server that they
//! speak to.
//!
//! What is remembered is one small file of the data folder, for its owner's eyes alone; of a
//! token it holds the SHA-256, so that who reads it cannot speak. The server listens only while
//! the owner wants it; when a phone is forgotten, all connections end with it.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use app::{Event, Pairing, Phone, PhonesAct, PhonesNews, Time, Tried, WayIn};
use aws_lc_rs::digest::{SHA256, digest};
use http_server::Server;
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

use crate::announcing::{Announcement, Heard};
use crate::event_loop::Inbox;
use crate::remote::{Door, Keyring, Refused, serve_handset};
use crate::small_file;

/// The file in the data folder.
const FILE: &str = "phones.json";

/// Phones of a household and its guests.
const PHONES_MAX: usize = 16;

/// Acts waiting: each is a key press on the TV.
const ACTS: usize = 16;

/// Where the kernel says what the machine is called.
const HOST_NAME: &str = "/proc/sys/kernel/hostname";

/// An address of the documentation (RFC 5737): nothing is sent there.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// What is remembered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    listens: bool,
    phones: Vec<LetIn>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LetIn {
    id: String,
    name: String,
    /// Of its token, in hex.
    sha256: String,
}

/// The phones of this box. What is to be done is done by a thread of its own.
#[allow(missing_debug_implementations, reason = "made of channels")]
pub struct Phones {
    acts: SyncSender<PhonesAct>,
}

impl Phones {
    /// Reads what is remembered, and listens where the owner wanted it.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start(
        folder: &Path,
        listen: SocketAddr,
        door: Door,
        inbox: Inbox,
        runtime: Handle,
    ) -> std::io::Result<Phones> {
        let path = folder.join(FILE);
        let parse = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
        let kept = match small_file::parsed(&path, "phones", parse) {
            Ok(kept) => kept.unwrap_or_default(),
            Err(error) => {
                let what = error.to_string();
                inbox.news(Event::Mistake { what });
                Kept::default()
            }
        };
        let keys = Arc::new(Keys {
            path,
            inbox,
            start: Instant::now(),
            state: Mutex::new((Pairing::default(), kept)),
        });
        let (acts, asked) = sync_channel(ACTS);
        let desk = Desk {
            keys,
            listen,
            door,
            runtime,
            server: None,
            announced: None,
        };
        let thread = std::thread::Builder::new().name("phones".to_owned());
        thread.spawn(move || desk.run(&asked))?;
        Ok(Phones { acts })
    }

    /// Never waits.
    pub fn perform(&self, act: PhonesAct) {
        if let Err(error) = self.acts.try_send(act) {
            tracing::warn!(%error, "phones: too busy");
        }
    }
}

/// Who may speak.
struct Keys {
    path: PathBuf,
    inbox: Inbox,
    start: Instant,
    state: Mutex<(Pairing, Kept)>,
}

impl Keys {
    fn state(&self) -> MutexGuard<'_, (Pairing, Kept)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Time {
        Time(self.start.elapsed())
    }

    fn tell(&self, news: PhonesNews) {
        self.inbox.news(Event::Phones(news));
    }

    /// Tells who may speak, if `listens`.
    fn stand(&self, listens: bool) {
        let phones = self.state().1.phones.iter().map(LetIn::told).collect();
        self.tell(PhonesNews::Stand { listens, phones });
    }

    /// Changes what is remembered; nothing changes where that cannot be written.
    fn change(&self, change: impl FnOnce(&mut Kept)) -> std::io::Result<()> {
        let mut state = self.state();
        let mut kept = state.1.clone();
        change(&mut kept);
        let text = serde_json::to_vec_pretty(&kept)?;
        small_file::replace_private(&self.path, &text)?;
        state.1 = kept;
        Ok(())
    }
}

impl LetIn {
    fn told(&self) -> Phone {
        Phone {
            id: self.id.as_str().into(),
            name: self.name.clone(),
        }
    }
}

impl Keyring for Keys {
    fn knows(&self, token: &str) -> bool {
        let hash = hash(token);
        self.state().1.phones.iter().any(|it| it.sha256 == hash)
    }

    fn pair(&self, code: &str, name: &str) -> Result<String, Refused> {
        let tried = self.state().0.take(code, self.now());
        match tried {
            Tried::Right => {}
            Tried::Wrong => return Err(Refused::Wrong),
            Tried::NoCode => return Err(Refused::NoCode),
            Tried::Later(wait) => return Err(Refused::Later(wait)),
        }
        let token = new_key();
        let phone = LetIn {
            id: http_server::new_token(),
            name: name.to_owned(),
            sha256: hash(&token),
        };
        let paired = if self.state().1.phones.len() < PHONES_MAX {
            let kept = self.change(|kept| kept.phones.push(phone));
            kept.map_err(|error| {
                tracing::error!(%error, "phones: not kept");
                Refused::NotKept
            })
        } else {
            Err(Refused::TooMany(PHONES_MAX))
        };
        // The code is used up in any case, and the TV shows another.
        match paired {
            Ok(()) => self.tell(PhonesNews::Paired(name.to_owned())),
            Err(_) => self.tell(PhonesNews::Failed("a phone could not be kept".to_owned())),
        }
        self.stand(true);
        paired.map(|()| token)
    }
}

/// What the thread has.
struct Desk {
    keys: Arc<Keys>,
    listen: SocketAddr,
    door: Door,
    runtime: Handle,
    server: Option<Server>,
    /// None: it listens to nobody, or on this machine alone, or cannot say so.
    announced: Option<Announcement>,
}

impl Desk {
    fn run(mut self, acts: &Receiver<PhonesAct>) {
        let wanted = self.keys.state().1.listens;
        if wanted {
            self.listen();
        }
        self.keys.stand(self.server.is_some());
        while let Ok(act) = acts.recv() {
            self.perform(act);
        }
    }

    fn perform(&mut self, act: PhonesAct) {
        match act {
            PhonesAct::Listen(listens) => {
                if let Err(error) = self.keys.change(|kept| kept.listens = listens) {
                    self.keys.tell(PhonesNews::Failed(error.to_string()));
                    return;
                }
                if listens {
                    self.listen();
                } else {
                    self.deafen();
                }
                self.keys.stand(self.server.is_some());
            }
            PhonesAct::Offer => self.offer(),
            PhonesAct::EndOffer => self.keys.state().0.end(),
            PhonesAct::Forget(id) => {
                let forgotten = self
                    .keys
                    .change(|kept| kept.phones.retain(|phone| *phone.id != *id));
                if let Err(error) = forgotten {
                    self.keys.tell(PhonesNews::Failed(error.to_string()));
                    return;
                }
                // It may be listening just now.
                self.deafen();
                self.listen();
                self.keys.stand(self.server.is_some());
            }
        }
    }

    fn listen(&mut self) {
        if self.server.is_some() {
            return;
        }
        let keys = Arc::clone(&self.keys) as Arc<dyn Keyring>;
        let hosts = own_name(self.listen.port()).into_iter().collect();
        let served = serve_handset(self.listen, hosts, self.door.clone(), keys);
        match self.runtime.block_on(served) {
            Ok(server) => {
                // The port that was taken is kept, for phones remember it.
                self.listen = server.address();
                tracing::info!(address = %server.address(), "phones: listens");
                self.announced = announce(server.address());
                self.server = Some(server);
            }
            Err(error) => {
                tracing::error!(%error, "phones");
                self.keys.tell(PhonesNews::Failed(error.to_string()));
            }
        }
    }

    fn deafen(&mut self) {
        self.announced = None;
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.end());
        }
    }

    fn offer(&self) {
        let Some(server) = &self.server else {
            return;
        };
        let Some(ip) = own_address(server.address().ip()) else {
            let why = "the box is in no network".to_owned();
            self.keys.tell(PhonesNews::Failed(why));
            return;
        };
        let digits = format!("{:06}", rand::rng().random_range(0..1_000_000));
        let secret = http_server::new_token();
        let address = format!("http://{}", SocketAddr::new(ip, server.address().port()));
        let link = format!("{address}/#{secret}");
        let now = self.keys.now();
        self.keys.state().0.offer(digits.clone(), secret, now);
        self.keys.tell(PhonesNews::Offered(WayIn {
            digits,
            address,
            link,
        }));
    }
}

/// 256 bits.
fn new_key() -> String {
    http_server::new_token() + &http_server::new_token()
}

fn hash(token: &str) -> String {
    let hash = digest(&SHA256, token.as_bytes());
    hash.as_ref().iter().fold(String::new(), |mut hex, byte| {
        // A string takes all that is written.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The address that phones reach the box at: where it listens, or, where that is everywhere, the
/// one that it would call others from.
fn own_address(listens: IpAddr) -> Option<IpAddr> {
    if !listens.is_unspecified() {
        return Some(listens);
    }
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// Tells the home network, where that is who may come.
fn announce(at: SocketAddr) -> Option<Announcement> {
    let host = host_name().filter(|_| !at.ip().is_loopback())?;
    let begun = Announcement::begin(&host, at.port(), Heard::AtHome);
    begun
        .inspect_err(|error| tracing::warn!(%error, "phones: not announced"))
        .ok()
}

/// `NAME.local` and the port, as those who find the box by its name call it.
fn own_name(port: u16) -> Option<String> {
    let name = host_name().filter(|_| port != 0)?;
    Some(format!("{name}.local:{port}"))
}

/// What the machine is called.
fn host_name() -> Option<String> {
    let name = small_file::read(Path::new(HOST_NAME), "name").ok()??;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Duration;

    use super::*;

    fn keys(folder: &Path) -> (Keys, Receiver<(Instant, Event)>) {
        let (inbox, news) = Inbox::new();
        let keys = Keys {
            path: folder.join(FILE),
            inbox,
            start: Instant::now(),
            state: Mutex::default(),
        };
        (keys, news)
    }

    #[test]
    fn who_was_let_in_is_known_by_a_token_that_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, _news) = keys(folder.path());
        keys.state()
            .0
            .offer("123456".into(), "s".into(), keys.now());
        assert_eq!(keys.pair("000000", "Ann"), Err(Refused::Wrong));
        let Err(Refused::Later(wait)) = keys.pair("123456", "Ann") else {
            panic!("a wrong code slows the next");
        };
        assert!(wait <= Duration::from_secs(1));
        keys.state().0 = Pairing::default();
        keys.state()
            .0
            .offer("123456".into(), "s".into(), keys.now());
        let token = keys.pair("123456", "Ann").unwrap();
        assert_eq!(token.len(), 64);
        assert!(keys.knows(&token) && !keys.knows("") && !keys.knows(&token[1..]));
        let path = folder.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("Ann") && !text.contains(&token));
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn there_are_at_most_sixteen() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, _news) = keys(folder.path());
        let pair = || {
            keys.state().0.offer("1".into(), "s".into(), keys.now());
            keys.pair("1", "Ann")
        };
        for _ in 0..PHONES_MAX {
            pair().unwrap();
        }
        assert_eq!(pair(), Err(Refused::TooMany(PHONES_MAX)));
    }

    #[test]
    fn nothing_is_let_in_that_cannot_be_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, _news) = keys(&folder.path().join("not there"));
        keys.state().0.offer("1".into(), "s".into(), keys.now());
        assert_eq!(keys.pair("1", "Ann"), Err(Refused::NotKept));
        assert!(keys.state().1.phones.is_empty());
    }
}
