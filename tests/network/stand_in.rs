//! Stand in for iwd and systemd-networkd on a bus of their own, with those parts of their
//! interfaces that the box uses, as their documentation has them.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fixtures::bus::Bus;
use tokio::sync::Notify;
use zbus::fdo::ObjectManager;
use zbus::message::Header;
use zbus::names::OwnedUniqueName;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};
use zbus::{Connection, DBusError, ObjectServer, interface};

const STATION: &str = "/net/connman/iwd/0/3";

/// What the networks of these tests want to hear.
pub(crate) const PASSPHRASE: &str = "correct horse";

/// So long a radio listens.
const SCAN: Duration = Duration::from_millis(50);

/// What iwd was asked for, and whom it asks.
#[derive(Default)]
pub(crate) struct State {
    agent: Option<(OwnedUniqueName, OwnedObjectPath)>,
    pub(crate) forgotten: Vec<String>,
    pub(crate) powered: Vec<bool>,
    pub(crate) scans: usize,
    /// Where a test holds it.
    hold: Option<Hold>,
}

/// Holds iwd where it is about to ask for a passphrase.
#[derive(Clone, Default)]
pub(crate) struct Hold(Arc<(Notify, Notify)>);

impl Hold {
    /// Waits until it is there.
    pub(crate) async fn asks(&self) {
        self.0.0.notified().await;
    }

    pub(crate) fn goes_on(&self) {
        self.0.1.notify_one();
    }
}

type Shared = Arc<Mutex<State>>;

pub(crate) struct Iwd {
    connection: Connection,
    state: Shared,
}

/// A network, and how it behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Net {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) strength: i16,
    /// The box was let in before, with the right passphrase or one that does not hold any more.
    pub(crate) known: Option<bool>,
    /// It goes when it is to be joined.
    pub(crate) goes: bool,
}

impl Net {
    pub(crate) const fn new(name: &'static str, kind: &'static str, strength: i16) -> Net {
        Net {
            name,
            kind,
            strength,
            known: None,
            goes: false,
        }
    }

    pub(crate) fn path(&self) -> String {
        format!("{STATION}/{}", self.name)
    }
}

impl Iwd {
    pub(crate) async fn start(bus: &Bus, nets: &[Net]) -> Iwd {
        let state = Shared::default();
        let station = Station {
            state: Arc::clone(&state),
            nets: nets.to_vec(),
            joined: None,
            looks: false,
        };
        let connection = zbus::connection::Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at("/", ObjectManager)
            .unwrap()
            .serve_at("/net/connman/iwd", Agents(Arc::clone(&state)))
            .unwrap()
            .serve_at(STATION, station)
            .unwrap()
            .serve_at(STATION, Device(Arc::clone(&state)))
            .unwrap()
            .build()
            .await
            .unwrap();
        let iwd = Iwd { connection, state };
        for net in nets {
            iwd.offer(*net).await;
        }
        iwd.connection
            .request_name("net.connman.iwd")
            .await
            .unwrap();
        iwd
    }

    /// Another network is in reach from now on.
    pub(crate) async fn comes(&self, net: Net) {
        let server = self.connection.object_server();
        let station = server.interface::<_, Station>(STATION).await.unwrap();
        station.get_mut().await.nets.push(net);
        self.offer(net).await;
    }

    async fn offer(&self, net: Net) {
        let server = self.connection.object_server();
        let network = Network {
            state: Arc::clone(&self.state),
            net,
        };
        server.at(net.path(), network).await.unwrap();
        let known = KnownNetwork(Arc::clone(&self.state), net.name);
        server.at(known_path(net.name), known).await.unwrap();
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Whom it asks for passphrases.
    pub(crate) fn agent(&self) -> (OwnedUniqueName, OwnedObjectPath) {
        self.state().agent.clone().unwrap()
    }

    pub(crate) fn holds(&self) -> Hold {
        let hold = Hold::default();
        self.state().hold = Some(hold.clone());
        hold
    }

    pub(crate) async fn goes(self) {
        self.connection.close().await.unwrap();
    }
}

fn known_path(name: &str) -> String {
    format!("/net/connman/iwd/{name}_known")
}

#[derive(Debug, DBusError)]
#[zbus(prefix = "net.connman.iwd")]
enum Refused {
    #[zbus(error)]
    Bus(zbus::Error),
    Failed(String),
    NotFound(String),
}

struct Agents(Shared);

#[interface(name = "net.connman.iwd.AgentManager")]
impl Agents {
    #[allow(clippy::needless_pass_by_value, reason = "the shape of an interface")]
    fn register_agent(&self, #[zbus(header)] header: Header<'_>, path: ObjectPath<'_>) {
        let sender = header.sender().unwrap().to_owned();
        self.0.lock().unwrap().agent = Some((sender.into(), path.into()));
    }
}

/// Asks whoever registered for what opens the network.
async fn asked(state: &Shared, connection: &Connection, network: &str) -> Option<String> {
    let (owner, path) = state.lock().unwrap().agent.clone()?;
    let hold = state.lock().unwrap().hold.clone();
    if let Some(hold) = hold {
        hold.0.0.notify_one();
        hold.0.1.notified().await;
    }
    let network = ObjectPath::try_from(network.to_owned()).unwrap();
    let agent = Some("net.connman.iwd.Agent");
    let answer = connection
        .call_method(Some(owner), path, agent, "RequestPassphrase", &network)
        .await;
    answer.ok()?.body().deserialize().ok()
}

struct Station {
    state: Shared,
    nets: Vec<Net>,
    joined: Option<Net>,
    looks: bool,
}

#[interface(name = "net.connman.iwd.Station")]
impl Station {
    async fn scan(
        &mut self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<()> {
        self.state.lock().unwrap().scans += 1;
        self.looks = true;
        self.scanning_changed(&emitter).await?;
        let connection = connection.clone();
        tokio::spawn(async move {
            tokio::time::sleep(SCAN).await;
            let server = connection.object_server();
            let station = server.interface::<_, Station>(STATION).await.unwrap();
            let mut it = station.get_mut().await;
            it.looks = false;
            it.scanning_changed(station.signal_emitter()).await.unwrap();
        });
        Ok(())
    }

    fn get_ordered_networks(&self) -> Vec<(OwnedObjectPath, i16)> {
        let told = |net: &Net| (net.path().try_into().unwrap(), net.strength);
        self.nets.iter().map(told).collect()
    }

    async fn connect_hidden_network(
        &self,
        name: String,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), Refused> {
        if name != "Cellar" {
            return Err(Refused::NotFound("Not found".into()));
        }
        let path = format!("{STATION}/{name}");
        let typed = asked(&self.state, connection, &path).await;
        if typed.as_deref() == Some(PASSPHRASE) {
            Ok(())
        } else {
            Err(Refused::Failed("Operation failed".into()))
        }
    }

    #[zbus(property)]
    fn scanning(&self) -> bool {
        self.looks
    }

    #[zbus(property)]
    fn state(&self) -> &str {
        match self.joined {
            Some(_) => "connected",
            None => "disconnected",
        }
    }

    #[zbus(property)]
    fn connected_network(&self) -> zbus::fdo::Result<OwnedObjectPath> {
        let missing = || zbus::fdo::Error::UnknownProperty(String::new());
        let net = self.joined.ok_or_else(missing)?;
        Ok(net.path().try_into().unwrap())
    }
}

struct Network {
    state: Shared,
    net: Net,
}

#[interface(name = "net.connman.iwd.Network")]
impl Network {
    async fn connect(
        &mut self,
        #[zbus(connection)] connection: &Connection,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> Result<(), Refused> {
        let station = server.interface::<_, Station>(STATION).await?;
        if self.net.goes {
            let name = self.net.name;
            station.get_mut().await.nets.retain(|net| net.name != name);
            return Err(Refused::Failed("Operation failed".into()));
        }
        let open = self.net.kind == "open" || self.net.known == Some(true);
        let typed = if open {
            None
        } else {
            asked(&self.state, connection, &self.net.path()).await
        };
        if !open && typed.as_deref() != Some(PASSPHRASE) {
            return Err(Refused::Failed("Operation failed".into()));
        }
        self.net.known = Some(true);
        let mut it = station.get_mut().await;
        it.joined = Some(self.net);
        it.state_changed(station.signal_emitter()).await?;
        Ok(())
    }

    #[zbus(property)]
    fn name(&self) -> &str {
        self.net.name
    }

    #[zbus(property, name = "Type")]
    fn kind(&self) -> &str {
        self.net.kind
    }

    #[zbus(property)]
    fn known_network(&self) -> zbus::fdo::Result<OwnedObjectPath> {
        let missing = || zbus::fdo::Error::UnknownProperty(String::new());
        self.net.known.ok_or_else(missing)?;
        Ok(known_path(self.net.name).try_into().unwrap())
    }
}

struct KnownNetwork(Shared, &'static str);

#[interface(name = "net.connman.iwd.KnownNetwork")]
impl KnownNetwork {
    fn forget(&self) {
        self.0.lock().unwrap().forgotten.push(self.1.to_owned());
    }
}

struct Device(Shared);

#[interface(name = "net.connman.iwd.Device")]
impl Device {
    #[zbus(property)]
    #[allow(clippy::unused_self, reason = "the shape of an interface")]
    fn name(&self) -> &'static str {
        "wlan0"
    }

    #[zbus(property)]
    fn powered(&self) -> bool {
        self.0.lock().unwrap().powered.last() != Some(&false)
    }

    #[zbus(property)]
    fn set_powered(&mut self, powered: bool) {
        self.0.lock().unwrap().powered.push(powered);
    }
}

/// Stands in for networkd.
pub(crate) struct Networkd(Connection);

const MANAGER: &str = "/org/freedesktop/network1";

impl Networkd {
    pub(crate) async fn start(bus: &Bus, described: &str) -> Networkd {
        let connection = zbus::connection::Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at(MANAGER, Described(described.to_owned()))
            .unwrap()
            .name("org.freedesktop.network1")
            .unwrap()
            .build()
            .await
            .unwrap();
        Networkd(connection)
    }

    /// It describes itself so from now on.
    pub(crate) async fn is(&self, described: &str) {
        let server = self.0.object_server();
        let manager = server.interface::<_, Described>(MANAGER).await.unwrap();
        let mut it = manager.get_mut().await;
        described.clone_into(&mut it.0);
        it.online_state_changed(manager.signal_emitter())
            .await
            .unwrap();
    }
}

struct Described(String);

#[interface(name = "org.freedesktop.network1.Manager")]
impl Described {
    fn describe(&self) -> &str {
        &self.0
    }

    #[zbus(property)]
    #[allow(clippy::unused_self, reason = "the shape of an interface")]
    fn online_state(&self) -> &'static str {
        "online"
    }
}
