//! The network that the box opens itself, for a phone to join: iwd makes the radio an access point,
//! systemd-networkd gives it its address and phones theirs (`image/root/etc/systemd/network`), and
//! whoever was given to us serves the page there.
//!
//! iwd has a DHCP server too, but only where it is to give stations their addresses as well
//! (`EnableNetworkConfiguration`), which networkd does here.
//!
//! Invariant: whatever becomes of it, the radio is a station again: each act begins with that, and
//! one that was left open by a box before is found ([`is_left_open`]).

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use app::{Choice, Language, Link, NetworkNews, OwnNetwork, OwnNews, Passphrase, Wifi};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use rand::Rng as _;
use tokio::time::timeout;
use zbus::zvariant::OwnedObjectPath;
use zbus::{Connection, MatchRule, MessageStream, proxy};

use super::{Sink, iwd, links};

const ACCESS_POINT: &str = "net.connman.iwd.AccessPoint";

/// The box's address there, as networkd gives it. Of the private ones (RFC 1918), one that routers
/// hardly give: a cable may be in, too.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 73, 0, 1);

/// And how many leading bits of it phones share.
pub const PREFIX: u8 = 24;

/// It is open by then: sooner than the core gives it up.
const OPENS: Duration = Duration::from_secs(35);

/// The radio changes what it is within so long.
const CHANGES: Duration = Duration::from_secs(10);

/// So long it stays open once a phone has chosen: that phone is to hear that it was heard.
const FAREWELL: Duration = Duration::from_secs(1);

/// Letters that are not taken for one another, on a phone's first layer of keys.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Of the name, so that neighbours tell two boxes apart; and of the password: 39 bits, which hold
/// out for the ten minutes.
const NAME_LETTERS: usize = 4;
const PASSWORD_LETTERS: usize = 8;

/// What is served there.
#[allow(missing_debug_implementations, reason = "made of callbacks")]
pub struct Opened {
    pub language: Language,
    pub address: Ipv4Addr,
    pub prefix: u8,
    /// In reach before.
    pub networks: Vec<Wifi>,
    /// To be called for each phone that can be sure to reach it. It may wait for the core.
    pub joined: Arc<dyn Fn() + Send + Sync>,
    /// It may wait for the core.
    pub chosen: Arc<dyn Fn(Choice) + Send + Sync>,
}

/// What is served, while this is there.
#[allow(missing_debug_implementations, reason = "holds what serves it")]
pub struct Page {
    /// "http://10.73.0.1"
    pub address: String,
    pub held: Box<dyn Send + Sync>,
}

/// Serves it, or says why not.
pub(super) type Serve = dyn Fn(Opened) -> BoxFuture<'static, Result<Page, String>> + Send + Sync;

/// Who serves the page.
#[derive(Clone)]
pub struct Pages(pub Arc<Serve>);

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

#[proxy(
    interface = "net.connman.iwd.AccessPoint",
    default_service = "net.connman.iwd",
    gen_blocking = false
)]
trait AccessPoint {
    fn start(&self, ssid: &str, psk: &str) -> zbus::Result<()>;
}

/// It is open while this is there, and until the radio is told otherwise ([`leave`]).
pub(super) struct Own {
    device: OwnedObjectPath,
    told: OwnNetwork,
    _page: Box<dyn Send + Sync>,
}

impl Own {
    pub(super) fn told(&self) -> OwnNetwork {
        self.told.clone()
    }

    /// The radio still is what it was made.
    pub(super) async fn is_open(&self, bus: &Connection) -> bool {
        let objects = iwd::objects(bus).await.unwrap_or_default();
        let facts = objects
            .get(&self.device)
            .and_then(|it| it.get(ACCESS_POINT));
        facts.is_some_and(|it| iwd::is(it, "Started"))
    }

    /// After a phone has chosen.
    pub(super) async fn say_farewell(self) {
        tokio::time::sleep(FAREWELL).await;
    }
}

fn random(letters: usize) -> String {
    let mut random = rand::rng();
    let letter = |_| char::from(LETTERS[random.random_range(0..LETTERS.len())]);
    (0..letters).map(letter).collect()
}

/// Opens it; else the radio is as before.
pub(super) async fn open(
    bus: Connection,
    pages: Pages,
    language: Language,
    sink: Sink,
) -> Result<Own, String> {
    let opened = timeout(OPENS, try_open(&bus, pages, language, sink)).await;
    let opened = opened.unwrap_or_else(|_| Err("the radio takes too long".to_owned()));
    if opened.is_err()
        && let Err(error) = leave(&bus).await
    {
        tracing::warn!("network: {error}");
    }
    opened
}

async fn try_open(
    bus: &Connection,
    pages: Pages,
    language: Language,
    sink: Sink,
) -> Result<Own, String> {
    let failed = |error: zbus::Error| error.to_string();
    leave(bus).await.map_err(failed)?;
    let radio = scanned(bus).await.map_err(failed)?;
    let radio = radio.ok_or_else(|| "there is no radio".to_owned())?;
    let told = OwnNetwork {
        name: format!("Matinee {}", random(NAME_LETTERS).to_uppercase()),
        passphrase: Passphrase(random(PASSWORD_LETTERS)),
        address: String::new(),
    };
    start(bus, &radio.device, &told).await.map_err(failed)?;
    let addressed = until(bus, Wanted::Address(&radio.interface));
    addressed.await.map_err(failed)?;
    let tells = Arc::clone(&sink);
    let page = (pages.0)(Opened {
        language,
        address: ADDRESS,
        prefix: PREFIX,
        networks: radio.networks,
        joined: Arc::new(move || tells(NetworkNews::Own(OwnNews::Joined))),
        chosen: Arc::new(move |choice| sink(NetworkNews::Own(OwnNews::Chosen(choice)))),
    });
    let page = page.await?;
    tracing::info!("network: a phone may join {}", told.name);
    Ok(Own {
        device: radio.device,
        told: OwnNetwork {
            address: page.address,
            ..told
        },
        _page: page.held,
    })
}

/// The radio, once it has looked for networks: while its own is open it cannot.
async fn scanned(bus: &Connection) -> zbus::Result<Option<iwd::Radio>> {
    let radio = iwd::radio(bus).await?;
    if radio
        .as_ref()
        .is_some_and(|it| it.looks || it.networks.is_empty())
    {
        iwd::look_through_soon(bus).await;
        return iwd::radio(bus).await;
    }
    Ok(radio)
}

async fn start(bus: &Connection, device: &OwnedObjectPath, own: &OwnNetwork) -> zbus::Result<()> {
    iwd::set_mode(bus, device, "ap").await?;
    until(bus, Wanted::Interface(device, ACCESS_POINT)).await?;
    let point = AccessPointProxy::builder(bus)
        .path(device.clone())?
        .cache_properties(proxy::CacheProperties::No)
        .build()
        .await?;
    point.start(&own.name, &own.passphrase.0).await
}

/// What is waited for.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// The radio has that of iwd's interfaces, or was pulled out.
    Interface(&'a OwnedObjectPath, &'static str),
    /// The box has its address at that interface of the network.
    Address(&'a str),
}

impl Wanted<'_> {
    fn service(self) -> &'static str {
        match self {
            Wanted::Interface(..) => iwd::SERVICE,
            Wanted::Address(_) => links::SERVICE,
        }
    }

    async fn is_there(self, bus: &Connection) -> zbus::Result<bool> {
        match self {
            Wanted::Interface(device, name) => {
                let objects = iwd::objects(bus).await?;
                let interfaces = objects.get(device);
                Ok(interfaces.is_none_or(|it| it.contains_key(name)))
            }
            Wanted::Address(interface) => {
                let links = links::stand(bus).await?;
                let own = Link::Up {
                    address: ADDRESS.to_string(),
                };
                let out = links.wireless.get(interface);
                Ok(out.is_some_and(|it| it.link == own))
            }
        }
    }
}

/// Waits for it, and looks again whenever its service says anything.
async fn until(bus: &Connection, wanted: Wanted<'_>) -> zbus::Result<()> {
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .sender(wanted.service())?
        .build();
    let mut signals = MessageStream::for_match_rule(rule, bus, None).await?;
    while !wanted.is_there(bus).await? {
        signals.next().await.transpose()?;
    }
    Ok(())
}

/// Makes the radio a station again, which joins what it knows; whether it was none.
pub(super) async fn leave(bus: &Connection) -> zbus::Result<bool> {
    let points = points(bus).await?;
    for device in &points {
        iwd::set_mode(bus, device, "station").await?;
        let back = until(bus, Wanted::Interface(device, iwd::STATION));
        timeout(CHANGES, back).await.unwrap_or(Ok(()))?;
    }
    Ok(!points.is_empty())
}

/// The same, and then looks for networks, of which none is known after it.
pub(super) async fn leave_and_look(bus: &Connection) -> zbus::Result<()> {
    if leave(bus).await? {
        iwd::look_through_soon(bus).await;
    }
    Ok(())
}

/// One that nobody here has opened.
pub(super) async fn is_left_open(bus: &Connection) -> bool {
    points(bus).await.is_ok_and(|it| !it.is_empty())
}

/// Radios that are access points.
async fn points(bus: &Connection) -> zbus::Result<Vec<OwnedObjectPath>> {
    let objects = iwd::objects(bus).await?;
    let points = objects.into_iter().filter(|(_, interfaces)| {
        let device = interfaces.get(iwd::DEVICE);
        device.and_then(|it| iwd::text(it, "Mode")).as_deref() == Some("ap")
    });
    Ok(points.map(|(path, _)| path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_typed_easily_and_are_never_the_same() {
        let all: std::collections::HashSet<_> =
            (0..100).map(|_| random(PASSWORD_LETTERS)).collect();
        assert_eq!(all.len(), 100);
        for password in all {
            assert_eq!(password.len(), PASSWORD_LETTERS);
            assert!(!password.contains(['0', '1', 'i', 'l', 'o']), "{password}");
        }
    }

    /// networkd's file and ours must say the same.
    #[test]
    fn the_address_is_what_networkd_gives() {
        let file = include_str!("../../image/root/etc/systemd/network/26-own.network");
        let line = format!("\nAddress={ADDRESS}/{PREFIX}\n");
        assert!(file.contains(&line), "{file}");
    }
}
