//! iwd: the radio, the networks in reach, and joining one. Of its interfaces (`net.connman.iwd`)
//! only what is used is here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::{JoinFailure, Link, Lock, NETWORKS_MAX, Wifi, Wireless};
use futures_util::StreamExt as _;
use tokio::time::timeout;
use zbus::fdo::{DBusProxy, ManagedObjects, ObjectManagerProxy};
use zbus::names::{BusName, OwnedUniqueName};
use zbus::proxy::MethodFlags;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{Connection, proxy};

pub(super) const SERVICE: &str = "net.connman.iwd";

pub(super) const STATION: &str = "net.connman.iwd.Station";
const NETWORK: &str = "net.connman.iwd.Network";
pub(super) const DEVICE: &str = "net.connman.iwd.Device";
const ADAPTER: &str = "net.connman.iwd.Adapter";

/// A scan of all channels is over by then.
const SCAN: Duration = Duration::from_secs(10);

/// From how strong on a network has so many bars, in hundredths of a decibel to a milliwatt: at the
/// last, films of most rates still come through; below it, hardly anything does.
const BARS: [i16; 4] = [-5500, -6500, -7500, -8500];

#[proxy(
    interface = "net.connman.iwd.Station",
    default_service = "net.connman.iwd",
    gen_blocking = false
)]
trait Station {
    fn scan(&self) -> zbus::Result<()>;

    fn get_ordered_networks(&self) -> zbus::Result<Vec<(OwnedObjectPath, i16)>>;

    fn connect_hidden_network(&self, name: &str) -> zbus::Result<()>;

    #[zbus(property)]
    fn scanning(&self) -> zbus::Result<bool>;
}

#[proxy(
    interface = "net.connman.iwd.Network",
    default_service = "net.connman.iwd",
    gen_blocking = false
)]
trait Network {
    fn connect(&self) -> zbus::Result<()>;

    #[zbus(property(emits_changed_signal = "false"))]
    fn known_network(&self) -> zbus::Result<OwnedObjectPath>;
}

#[proxy(
    interface = "net.connman.iwd.KnownNetwork",
    default_service = "net.connman.iwd",
    gen_blocking = false
)]
trait KnownNetwork {
    fn forget(&self) -> zbus::Result<()>;
}

#[proxy(
    interface = "net.connman.iwd.Device",
    default_service = "net.connman.iwd",
    gen_blocking = false
)]
trait Device {
    #[zbus(property(emits_changed_signal = "false"))]
    fn set_powered(&self, powered: bool) -> zbus::Result<()>;

    #[zbus(property(emits_changed_signal = "false"))]
    fn set_mode(&self, mode: &str) -> zbus::Result<()>;
}

#[proxy(
    interface = "net.connman.iwd.AgentManager",
    default_service = "net.connman.iwd",
    default_path = "/net/connman/iwd",
    gen_blocking = false
)]
trait Agents {
    fn register_agent(&self, path: ObjectPath<'_>) -> zbus::Result<()>;
}

/// What iwd says of the radio.
#[derive(Debug)]
pub(super) struct Radio {
    pub(super) device: OwnedObjectPath,
    /// Its network interface: "wlan0".
    pub(super) interface: String,
    joined: Option<Arc<str>>,
    pub(super) looks: bool,
    /// It can be an access point.
    opens: bool,
    pub(super) networks: Vec<Wifi>,
}

impl Radio {
    /// For the core, with how far networkd is with it.
    pub(super) fn told(self, link: Option<Link>) -> Wireless {
        // An address outlives its network for a moment.
        let link = link.filter(|_| self.joined.is_some());
        let link = match link {
            None | Some(Link::Down) if self.joined.is_some() => Link::Waiting,
            link => link.unwrap_or_default(),
        };
        Wireless {
            link,
            joined: self.joined,
            looks: self.looks,
            opens: self.opens,
            networks: self.networks,
        }
    }
}

/// Who is iwd; none: it does not run, and is not started by asking.
pub(super) async fn owner(bus: &Connection) -> Option<OwnedUniqueName> {
    let names = DBusProxy::new(bus).await.ok()?;
    let name = BusName::try_from(SERVICE).ok()?;
    names.get_name_owner(name).await.ok()
}

/// Makes the object at `path` the one that iwd asks for passphrases.
pub(super) async fn register(bus: &Connection, path: &str) -> zbus::Result<()> {
    let agents = AgentsProxy::new(bus).await?;
    agents.register_agent(ObjectPath::try_from(path)?).await
}

/// All that it says of itself. Asking does not start it: where there is no radio it does not run
/// (`systemd/80-matinee-radio.rules`), and the answer is an error.
pub(super) async fn objects(bus: &Connection) -> zbus::Result<ManagedObjects> {
    let manager = ObjectManagerProxy::builder(bus)
        .destination(SERVICE)?
        .path("/")?
        .build()
        .await?;
    let unstarted = MethodFlags::NoAutoStart.into();
    let asked = manager.inner();
    let objects = asked.call_with_flags("GetManagedObjects", unstarted, &());
    objects.await?.ok_or(zbus::Error::InvalidReply)
}

type Facts = HashMap<String, OwnedValue>;

pub(super) fn text(facts: &Facts, key: &str) -> Option<String> {
    facts.get(key)?.downcast_ref::<String>().ok()
}

pub(super) fn is(facts: &Facts, key: &str) -> bool {
    let fact = facts.get(key);
    fact.is_some_and(|it| it.downcast_ref::<bool>() == Ok(true))
}

fn path(facts: &Facts, key: &str) -> Option<OwnedObjectPath> {
    let path = facts.get(key)?.downcast_ref::<ObjectPath<'_>>().ok()?;
    Some(path.into())
}

/// The radio that networks are joined by: one that is in a network, else the first.
pub(super) async fn radio(bus: &Connection) -> zbus::Result<Option<Radio>> {
    let objects = objects(bus).await?;
    let mut stations: Vec<_> = objects
        .iter()
        .filter_map(|(path, interfaces)| Some((path, interfaces.get(STATION)?, interfaces)))
        .collect();
    stations.sort_by_key(|(path, facts, _)| (joined(facts).is_none(), path.as_str()));
    let Some((station, facts, interfaces)) = stations.first() else {
        return Ok(None);
    };
    let proxy = StationProxy::new(bus, (*station).clone()).await?;
    let ordered = proxy.get_ordered_networks().await?;
    let ordered = ordered.iter().take(NETWORKS_MAX);
    let networks = ordered.filter_map(|(path, strength)| {
        let facts = objects.get(path)?.get(NETWORK)?;
        wifi(path, facts, *strength)
    });
    let device = interfaces.get(DEVICE);
    Ok(Some(Radio {
        device: (*station).clone(),
        interface: device
            .and_then(|facts| text(facts, "Name"))
            .unwrap_or_default(),
        joined: joined(facts).map(|path| path.as_str().into()),
        looks: is(facts, "Scanning"),
        opens: device.is_some_and(|facts| opens(&objects, facts)),
        networks: networks.collect(),
    }))
}

/// Whether a device can be an access point, by what its adapter says.
fn opens(objects: &ManagedObjects, device: &Facts) -> bool {
    let adapter = path(device, "Adapter").and_then(|path| objects.get(&path));
    let modes = adapter.and_then(|it| it.get(ADAPTER)?.get("SupportedModes"));
    let modes = modes.and_then(|modes| Vec::<String>::try_from(modes.try_clone().ok()?).ok());
    modes.is_some_and(|modes| modes.iter().any(|mode| mode == "ap"))
}

/// The network that a station is in.
fn joined(station: &Facts) -> Option<OwnedObjectPath> {
    let state = text(station, "State")?;
    let within = matches!(state.as_str(), "connected" | "roaming");
    path(station, "ConnectedNetwork").filter(|_| within)
}

fn wifi(path: &OwnedObjectPath, facts: &Facts, strength: i16) -> Option<Wifi> {
    Some(Wifi {
        id: path.as_str().into(),
        name: text(facts, "Name")?,
        bars: bars(strength),
        lock: match text(facts, "Type")?.as_str() {
            "open" => Lock::Open,
            "psk" => Lock::Password,
            "wep" => Lock::Old,
            _ => Lock::Enterprise,
        },
        known: facts.contains_key("KnownNetwork"),
    })
}

fn bars(strength: i16) -> u8 {
    let passed = BARS.iter().filter(|from| strength >= **from);
    u8::try_from(passed.count()).unwrap_or(0)
}

async fn station(bus: &Connection) -> zbus::Result<Option<StationProxy<'static>>> {
    match radio(bus).await? {
        Some(radio) => Ok(Some(StationProxy::new(bus, radio.device).await?)),
        None => Ok(None),
    }
}

/// What iwd answers while it looks.
const UNDER_WAY: [&str; 2] = ["net.connman.iwd.Busy", "net.connman.iwd.InProgress"];

/// Begins to look for networks; one that does already is not asked again.
pub(super) async fn look(bus: &Connection) -> zbus::Result<()> {
    let Some(station) = station(bus).await? else {
        return Ok(());
    };
    match station.scan().await {
        Err(zbus::Error::MethodError(name, ..)) if UNDER_WAY.contains(&name.as_str()) => Ok(()),
        done => done,
    }
}

/// Joins that network; its passphrase is asked of the agent.
pub(super) async fn join(bus: Connection, id: Arc<str>) -> Result<(), JoinFailure> {
    let joined = async {
        let network = NetworkProxy::builder(&bus)
            .path(id.as_ref())?
            .cache_properties(proxy::CacheProperties::No)
            .build()
            .await?;
        network.connect().await
    };
    match joined.await {
        Ok(()) => Ok(()),
        Err(error) => Err(why(&bus, &error, |wifi| wifi.id == id).await),
    }
}

/// The same for one that does not tell its name.
pub(super) async fn join_hidden(bus: Connection, name: String) -> Result<(), JoinFailure> {
    let joined = async {
        let station = station(&bus).await?;
        let station = station.ok_or(zbus::Error::InterfaceNotFound)?;
        station.connect_hidden_network(&name).await
    };
    match joined.await {
        Ok(()) => Ok(()),
        Err(error) => Err(why(&bus, &error, |wifi| wifi.name == name).await),
    }
}

/// What its error comes to. That a handshake failed and that nobody answered have one name with
/// iwd; so networks are looked for once more: what has gone was out of reach, and of what is there
/// and is not faint it was the password.
async fn why(bus: &Connection, error: &zbus::Error, is: impl Fn(&Wifi) -> bool) -> JoinFailure {
    let zbus::Error::MethodError(name, detail, _) = error else {
        return JoinFailure::Other(error.to_string());
    };
    tracing::debug!("network: {name}: {detail:?}");
    match name.as_str() {
        "net.connman.iwd.NotFound"
        | "org.freedesktop.DBus.Error.NotFound"
        | "org.freedesktop.DBus.Error.UnknownObject"
        | "org.freedesktop.DBus.Error.UnknownMethod" => JoinFailure::OutOfReach,
        "net.connman.iwd.Failed" | "net.connman.iwd.Aborted" | "net.connman.iwd.Timeout" => {
            look_through_soon(bus).await;
            let Ok(Some(radio)) = radio(bus).await else {
                return JoinFailure::NoAnswer;
            };
            match radio.networks.iter().find(|wifi| is(wifi)) {
                None => JoinFailure::OutOfReach,
                Some(wifi) if wifi.lock == Lock::Password && wifi.bars > 0 => {
                    JoinFailure::WrongPassword
                }
                Some(_) => JoinFailure::NoAnswer,
            }
        }
        _ => {
            let detail = detail.as_deref().filter(|it| !it.is_empty());
            JoinFailure::Other(detail.unwrap_or(name.as_str()).to_owned())
        }
    }
}

/// Looks for networks, for so long as that may take: what is not heard of its end costs time, no
/// more.
pub(super) async fn look_through_soon(bus: &Connection) {
    if let Ok(Err(error)) = timeout(SCAN, look_through(bus)).await {
        tracing::debug!("network: {error}");
    }
}

/// Looks for networks, until that is over.
async fn look_through(bus: &Connection) -> zbus::Result<()> {
    let Some(station) = station(bus).await? else {
        return Ok(());
    };
    let mut changes = station.receive_scanning_changed().await;
    look(bus).await?;
    let mut began = false;
    while let Some(change) = changes.next().await {
        let looks = change.get().await?;
        if began && !looks {
            break;
        }
        began |= looks;
    }
    Ok(())
}

/// Forgets the network and leaves it.
pub(super) async fn forget(bus: &Connection, id: &str) -> zbus::Result<()> {
    let network = NetworkProxy::builder(bus)
        .path(id.to_owned())?
        .cache_properties(proxy::CacheProperties::No)
        .build()
        .await?;
    let known = network.known_network().await?;
    let known = KnownNetworkProxy::new(bus, known).await?;
    known.forget().await
}

/// Lets go of whatever is joined, and begins as after a start: what is known is joined by itself.
/// (After `Disconnect` iwd would join nothing by itself any more.)
pub(super) async fn begin_anew(bus: &Connection) -> zbus::Result<()> {
    let Some(radio) = radio(bus).await? else {
        return Ok(());
    };
    let device = device(bus, &radio.device).await?;
    device.set_powered(false).await?;
    device.set_powered(true).await
}

/// Makes the radio a "station", or an access point ("ap").
pub(super) async fn set_mode(
    bus: &Connection,
    path: &OwnedObjectPath,
    mode: &str,
) -> zbus::Result<()> {
    device(bus, path).await?.set_mode(mode).await
}

async fn device(bus: &Connection, path: &OwnedObjectPath) -> zbus::Result<DeviceProxy<'static>> {
    let builder = DeviceProxy::builder(bus).path(path.clone())?;
    let builder = builder.cache_properties(proxy::CacheProperties::No);
    builder.build().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_is_told_in_bars() {
        let told = [0, -5500, -5600, -6500, -7400, -8500, -8600, -10000].map(bars);
        assert_eq!(told, [4, 4, 3, 3, 2, 1, 0, 0]);
    }
}
