//! The one door to the network: every socket of this crate is opened here.
//!
//! Without options it adds nothing. With an interface every socket is bound to it before it sends
//! (`SO_BINDTODEVICE`), names are asked of name servers over it, and while it is not there nothing
//! is opened at all: the kill switch. With a proxy (SOCKS5) everything is TCP through it, names
//! are resolved behind it, nobody can call us, and there is no UDP: no DHT, no uTP, no UDP
//! trackers, no local discovery.
//!
//! Invariant: what cannot go the way it was told to go does not go. There is no other `connect` or
//! `bind` in the crate, and no name is resolved elsewhere. The kernel keeps a bound socket on its
//! interface for good, also when that goes away; `way` tells when sockets must be made anew.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use librqbit_dualstack_sockets::{BindDevice, BindOpts, TcpListener, UdpSocket};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_socks::tcp::Socks5Stream;

use super::interface;
use super::names::Names;
use super::{Config, TorrentError};

/// How often an interface is looked at: two system calls. Nothing can leak in between; it only
/// says how late new sockets are.
const LOOK: Duration = Duration::from_millis(500);

/// A SOCKS5 proxy (RFC 1928), with user and password (RFC 1929) or without.
#[derive(Clone, PartialEq, Eq)]
pub struct Socks5 {
    /// Name or address.
    pub host: String,
    pub port: u16,
    /// User and password, of 1 to 255 bytes each.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for Socks5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No secrets in a log.
        write!(f, "Socks5({}:{})", self.host, self.port)
    }
}

/// Whether anything can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By whatever the system routes.
    Any,
    /// By the interface, which has this index now. Sockets of another index are dead.
    By(NonZeroU32),
    /// The interface is not there, or down.
    None,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum NetworkError {
    #[error("the interface {0} is not there, or down")]
    NoInterface(String),
    #[error("not through a proxy")]
    Proxied,
    #[error("the proxy does not let us in")]
    Refused,
    #[error("uTP: {0}")]
    Utp(String),
    #[error("proxy: {0}")]
    Proxy(#[from] tokio_socks::Error),
    #[error("{0}")]
    Socket(#[from] librqbit_dualstack_sockets::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The door.
#[derive(Debug)]
pub(super) struct Network {
    interface: Option<String>,
    proxy: Option<Socks5>,
    http_proxy: Option<reqwest::Proxy>,
    names: Arc<Names>,
    way: watch::Sender<Way>,
}

impl Network {
    /// # Errors
    /// A proxy that cannot be one.
    pub(super) fn new(config: &Config) -> Result<Network, TorrentError> {
        let interface = config.bind_interface.clone();
        let way = way(interface.as_deref());
        let http_proxy = config.proxy.as_ref().map(Socks5::for_http);
        Ok(Network {
            http_proxy: http_proxy.transpose().map_err(TorrentError::Proxy)?,
            names: Arc::new(Names::new(interface.clone(), config.name_servers.clone())),
            interface,
            proxy: config.proxy.clone(),
            way: watch::Sender::new(way),
        })
    }

    /// Keeps an eye on the interface; ends at once without one.
    pub(super) async fn keep_watch(&self) {
        let Some(name) = self.interface.as_deref() else {
            return;
        };
        loop {
            let now = way(Some(name));
            let changed = self.way.send_if_modified(|way| {
                let changed = *way != now;
                *way = now;
                changed
            });
            match (changed, now) {
                (true, Way::None) => tracing::warn!("interface {name}: gone, nothing is sent"),
                (true, _) => tracing::info!("interface {name}: there"),
                _ => {}
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// How things are sent from now on; changes when the interface comes, goes, or is another.
    pub(super) fn way(&self) -> watch::Receiver<Way> {
        self.way.subscribe()
    }

    /// The interface that is not there, by name.
    pub(super) fn missing(&self) -> Option<&str> {
        let gone = *self.way.borrow() == Way::None;
        self.interface.as_deref().filter(|_| gone)
    }

    /// Behind a proxy nobody can call us, and there is no UDP.
    pub(super) fn is_proxied(&self) -> bool {
        self.proxy.is_some()
    }

    /// To a peer or a tracker: straight, or through the proxy.
    ///
    /// # Errors
    /// Nothing was sent, or nobody answered.
    pub(super) async fn connect(&self, to: SocketAddr) -> Result<TcpStream, NetworkError> {
        let Some(proxy) = &self.proxy else {
            return self.dial(to).await;
        };
        let socket = self.reach(&proxy.host, proxy.port).await?;
        let through = match &proxy.login {
            None => Socks5Stream::connect_with_socket(socket, to).await?,
            Some((user, password)) => {
                Socks5Stream::connect_with_password_and_socket(socket, to, user, password).await?
            }
        };
        Ok(through.into_inner())
    }

    /// The proxy, as `host:port`.
    pub(super) fn proxy_name(&self) -> Option<String> {
        let proxy = self.proxy.as_ref()?;
        Some(format!("{}:{}", proxy.host, proxy.port))
    }

    /// Greets the proxy and asks nothing of it (RFC 1928 section 3, RFC 1929).
    ///
    /// # Errors
    /// It cannot be reached, or does not let us in.
    pub(super) async fn greet_proxy(&self) -> Result<(), NetworkError> {
        let Some(proxy) = &self.proxy else {
            return Ok(());
        };
        let mut socket = self.reach(&proxy.host, proxy.port).await?;
        let method = if proxy.login.is_some() { 2 } else { 0 };
        socket.write_all(&[5, 1, method]).await?;
        let mut answer = [0; 2];
        socket.read_exact(&mut answer).await?;
        if answer != [5, method] {
            return Err(NetworkError::Refused);
        }
        let Some((user, password)) = &proxy.login else {
            return Ok(());
        };
        let mut login = vec![1];
        for said in [user, password] {
            // Checked when the settings were read.
            let said = &said.as_bytes()[..said.len().min(255)];
            login.push(said.len() as u8);
            login.extend_from_slice(said);
        }
        socket.write_all(&login).await?;
        socket.read_exact(&mut answer).await?;
        if answer[1] == 0 {
            Ok(())
        } else {
            Err(NetworkError::Refused)
        }
    }

    async fn reach(&self, host: &str, port: u16) -> Result<TcpStream, NetworkError> {
        let mut last = io::Error::from(io::ErrorKind::NotFound).into();
        for address in self.names.resolve(host, port).await? {
            match self.dial(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn dial(&self, to: SocketAddr) -> Result<TcpStream, NetworkError> {
        let socket = match to {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        if let Some(name) = &self.interface {
            self.check()?;
            socket.bind_device(Some(name.as_bytes()))?;
        }
        Ok(socket.connect(to).await?)
    }

    /// For peers that call; both families at `[::]`. Within the runtime.
    ///
    /// # Errors
    /// Also behind a proxy, where nobody can call.
    pub(super) fn listen(&self, at: SocketAddr) -> Result<TcpListener, NetworkError> {
        let device = self.device()?;
        let open = |at| TcpListener::bind_tcp(at, options(device.as_ref()));
        Ok(open(at).or_else(|error| open(without_v6(at).ok_or(error)?))?)
    }

    /// A socket for datagrams; both families at `[::]`. Within the runtime.
    ///
    /// # Errors
    /// Also behind a proxy: datagrams do not go through it, so they do not go.
    pub(super) fn udp(&self, at: SocketAddr) -> Result<UdpSocket, NetworkError> {
        let device = self.device()?;
        let open = |at| UdpSocket::bind_udp(at, options(device.as_ref()));
        Ok(open(at).or_else(|error| open(without_v6(at).ok_or(error)?))?)
    }

    /// For libraries that open sockets of UDP, or that listen, themselves: what to bind them to,
    /// asked right before they do. They must be made anew when [`Network::way`] changes.
    ///
    /// # Errors
    /// They may not, now; behind a proxy they never may.
    pub(super) fn device(&self) -> Result<Option<BindDevice>, NetworkError> {
        if self.is_proxied() {
            return Err(NetworkError::Proxied);
        }
        let Some(name) = &self.interface else {
            return Ok(None);
        };
        self.check()?;
        Ok(Some(BindDevice::new_from_name(name)?))
    }

    /// For HTTP: trackers, web seeds, metainfo. Never with the system's proxy.
    pub(super) fn http(&self) -> reqwest::ClientBuilder {
        let mut client = reqwest::Client::builder()
            .no_proxy()
            .user_agent(concat!("Matinee/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::clone(&self.names));
        if let Some(name) = &self.interface {
            client = client.interface(name);
        }
        match &self.http_proxy {
            None => client,
            Some(proxy) => client.proxy(proxy.clone()),
        }
    }

    /// The addresses of a host, never behind a proxy: there the proxy resolves names.
    ///
    /// # Errors
    /// It has none, or they cannot be asked for.
    pub(super) async fn resolve(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Vec<SocketAddr>, NetworkError> {
        if self.is_proxied() {
            return Err(NetworkError::Proxied);
        }
        Ok(self.names.resolve(host, port).await?)
    }

    /// For HTTP clients that choose among the addresses of a name.
    pub(super) fn names(&self) -> Arc<Names> {
        Arc::clone(&self.names)
    }

    /// Looks itself: the watch is up to half a second late.
    fn check(&self) -> Result<(), NetworkError> {
        match (way(self.interface.as_deref()), &self.interface) {
            (Way::None, Some(name)) => Err(NetworkError::NoInterface(name.clone())),
            _ => Ok(()),
        }
    }
}

fn way(interface: Option<&str>) -> Way {
    match interface {
        None => Way::Any,
        Some(name) => interface::index_if_up(name).map_or(Way::None, Way::By),
    }
}

fn options(device: Option<&BindDevice>) -> BindOpts<'_> {
    BindOpts {
        device,
        ..BindOpts::default()
    }
}

/// A machine without IPv6 has the same port of IPv4.
fn without_v6(at: SocketAddr) -> Option<SocketAddr> {
    let any = at.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    any.then(|| (Ipv4Addr::UNSPECIFIED, at.port()).into())
}

impl Socks5 {
    fn for_http(&self) -> Result<reqwest::Proxy, String> {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(ip) => format!("[{ip}]"),
            Err(_) => self.host.clone(),
        };
        // `socks5h`: the proxy resolves names.
        let mut url = reqwest::Url::parse(&format!("socks5h://{host}:{}", self.port))
            .map_err(|error| error.to_string())?;
        if let Some((user, password)) = &self.login {
            let said = url.set_username(user);
            said.and_then(|()| url.set_password(Some(password)))
                .map_err(|()| "user and password")?;
        }
        reqwest::Proxy::all(url).map_err(|error| error.without_url().to_string())
    }
}
