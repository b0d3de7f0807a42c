//! The HTTP clients underneath: one for the web, one for hosts at home.
//!
//! They follow no redirects, take no proxy from the environment, keep no cookies and repeat
//! nothing: all that is decided above them. They speak HTTP/1.1, whose bounds hyper holds (a
//! hundred headers, 400 KiB of them).

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Url};

use crate::Config;
use crate::error::FetchError;
use crate::gate::{Gate, Way};

/// TCP and TLS together. A host that takes longer would not be of use in an ask's ten seconds.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// Connections kept per host, for the next poster.
const IDLE_MAX: usize = 4;
/// Servers close idle connections after 5 to 75 s.
const IDLE_TIME_MAX: Duration = Duration::from_secs(30);

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyKind {
    /// CONNECT (RFC 9110 section 9.3.6), and whole addresses for plain HTTP.
    Http,
    /// RFC 1928; it looks names up.
    Socks5,
}

/// A proxy; it resolves the names.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub kind: ProxyKind,
    /// Name or address.
    pub host: String,
    pub port: u16,
    /// User and password.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No secrets in a log.
        write!(f, "Proxy({:?} {}:{})", self.kind, self.host, self.port)
    }
}

impl Proxy {
    fn read(&self) -> Result<reqwest::Proxy, FetchError> {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(ip) => format!("[{ip}]"),
            Err(_) => self.host.clone(),
        };
        let scheme = match self.kind {
            ProxyKind::Http => "http",
            ProxyKind::Socks5 => "socks5h",
        };
        let fault = FetchError::BadAddress("the proxy's");
        let url = Url::parse(&format!("{scheme}://{host}:{}", self.port));
        let mut url = url.map_err(|_| fault.clone())?;
        if let Some((user, password)) = &self.login {
            let said = url.set_username(user);
            said.and_then(|()| url.set_password(Some(password)))
                .map_err(|()| fault.clone())?;
        }
        reqwest::Proxy::all(url).map_err(|_| fault)
    }
}

/// Both clients, made at the first need: reading the certificates takes a while.
pub(crate) struct Clients {
    user_agent: String,
    proxy: Option<(String, reqwest::Proxy)>,
    interface: Option<String>,
    names: Arc<dyn reach::Resolve>,
    gate: Arc<Gate>,
    allow_local: bool,
    far: OnceLock<Client>,
    near: OnceLock<Client>,
}

impl Clients {
    /// # Errors
    /// A proxy or a name of ours that cannot be one.
    pub(crate) fn new(config: &Config, gate: Arc<Gate>) -> Result<Clients, FetchError> {
        let user_agent = config.user_agent.clone();
        if http::HeaderValue::from_str(&user_agent).is_err() {
            return Err(FetchError::BadAddress("the user agent"));
        }
        let proxy = config.proxy.as_ref().map(|proxy| {
            let read = proxy.read()?;
            Ok::<_, FetchError>((proxy.host.clone(), read))
        });
        let names = config.names.clone();
        Ok(Clients {
            user_agent,
            proxy: proxy.transpose()?,
            interface: config.interface.clone(),
            names: names.unwrap_or_else(|| Arc::new(reach::System)),
            gate,
            allow_local: config.allow_local,
            far: OnceLock::new(),
            near: OnceLock::new(),
        })
    }

    pub(crate) fn is_proxied(&self, way: Way) -> bool {
        way == Way::Far && self.proxy.is_some()
    }

    /// May read certificates.
    pub(crate) fn get(&self, way: Way) -> Client {
        let client = match way {
            Way::Far => self.far.get_or_init(|| self.build(|| self.far())),
            Way::Near => self.near.get_or_init(|| self.build(|| self.near())),
        };
        client.clone()
    }

    pub(crate) fn is_ready(&self, way: Way) -> bool {
        match way {
            Way::Far => self.far.get().is_some(),
            Way::Near => self.near.get().is_some(),
        }
    }

    fn build(&self, builder: impl Fn() -> ClientBuilder) -> Client {
        let client = builder().user_agent(&self.user_agent).build();
        client.unwrap_or_else(|error| {
            // Never a client without the rules.
            tracing::warn!("HTTPS will not work: {error}");
            let without = builder().user_agent(&self.user_agent).tls_certs_only([]);
            without.build().expect("no certificates are read")
        })
    }

    fn far(&self) -> ClientBuilder {
        let allow_local = self.allow_local;
        // The owner's proxy may be at home.
        let proxy = self.proxy.as_ref().map(|(host, _)| host.clone());
        let may = move |name: &str, ip: IpAddr| {
            let is_proxy = proxy
                .as_ref()
                .is_some_and(|it| it.eq_ignore_ascii_case(name));
            allow_local || is_proxy || !reach::is_near(ip)
        };
        let client = plain().dns_resolver(reach::Checked::new(Arc::clone(&self.names), may));
        let client = match &self.interface {
            Some(interface) => client.interface(interface),
            None => client,
        };
        match &self.proxy {
            None => client,
            Some((_, proxy)) => client.proxy(proxy.clone()),
        }
    }

    fn near(&self) -> ClientBuilder {
        let gate = Arc::clone(&self.gate);
        let may = move |name: &str, ip: IpAddr| gate.may_call(name, ip);
        plain().dns_resolver(reach::Checked::new(Arc::clone(&self.names), may))
    }
}

fn plain() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .http1_only()
        .referer(false)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(CONNECT_TIME_MAX)
        .pool_max_idle_per_host(IDLE_MAX)
        .pool_idle_timeout(IDLE_TIME_MAX)
}
