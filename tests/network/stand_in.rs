//! Stands in for iwd on a bus of its own, with those parts of its interfaces that the box uses, as
//! its documentation has them: what a radio is not now has no interface.

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

use crate::hold::Hold;

const ADAPTER: &str = "/net/connman/iwd/0";
const STATION: &str = "/net/connman/iwd/0/3";

/// What a radio of a small board can be.
pub(crate) const MODES: [&str; 3] = ["ad-hoc", "station", "ap"];

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
    /// In reach, and whether the station has heard of them.
    nets: Vec<Net>,
    heard: bool,
    /// What the radio is, and was made one after the other.
    mode: String,
    pub(crate) modes: Vec<String>,
    /// The access point that was started last.
    pub(crate) point: Option<(String, String)>,
    /// Says that one was.
    started: Arc<Notify>,
    /// Where a test holds it.
    hold: Option<Hold>,
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
        Iwd::with(bus, nets, &MODES, "station").await
    }

    /// With a radio that can be `modes`, and is `mode`.
    pub(crate) async fn with(bus: &Bus, nets: &[Net], modes: &[&str], mode: &str) -> Iwd {
        let state = Shared::default();
        {
            let mut state = state.lock().unwrap();
            state.nets = nets.to_vec();
            state.heard = mode == "station";
            mode.clone_into(&mut state.mode);
        }
        let device = Device {
            state: Arc::clone(&state),
            modes: modes.iter().map(|&mode| mode.to_owned()).collect(),
        };
        let connection = zbus::connection::Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at("/", ObjectManager)
            .unwrap()
            .serve_at("/net/connman/iwd", Agents(Arc::clone(&state)))
            .unwrap()
            .serve_at(ADAPTER, Adapter(device.modes.clone()))
            .unwrap()
            .serve_at(STATION, device)
            .unwrap()
            .build()
            .await
            .unwrap();
        let iwd = Iwd { connection, state };
        turn_into(&iwd.connection, &iwd.state, mode).await;
        iwd.connection
            .request_name("net.connman.iwd")
            .await
            .unwrap();
        iwd
    }

    /// Another network is in reach from now on.
    pub(crate) async fn comes(&self, net: Net) {
        self.state().nets.push(net);
        offer(&self.connection, &self.state, net).await;
    }

    /// Waits until an access point was started: its name and password.
    pub(crate) async fn point(&self) -> (String, String) {
        let started = Arc::clone(&self.state().started);
        started.notified().await;
        self.state().point.clone().unwrap()
    }

    /// The access point ends, as one does whose radio is reset.
    pub(crate) async fn ends(&self) {
        let server = self.connection.object_server();
        let point = server.interface::<_, AccessPoint>(STATION).await.unwrap();
        let mut it = point.get_mut().await;
        it.started = false;
        it.started_changed(point.signal_emitter()).await.unwrap();
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

/// A network is heard of.
async fn offer(connection: &Connection, state: &Shared, net: Net) {
    let server = connection.object_server();
    let network = Network {
        state: Arc::clone(state),
        net,
    };
    server.at(net.path(), network).await.unwrap();
    let known = KnownNetwork(Arc::clone(state), net.name);
    server.at(known_path(net.name), known).await.unwrap();
}

/// The radio is something else, and has the interface of that alone: a station hears of networks
/// when it looks for them.
async fn turn_into(connection: &Connection, state: &Shared, mode: &str) {
    let server = connection.object_server();
    let nets = state.lock().unwrap().nets.clone();
    if mode == "station" {
        // At its start it was none.
        let _ = server.remove::<AccessPoint, _>(STATION).await;
        let station = Station {
            state: Arc::clone(state),
            joined: None,
            looks: false,
        };
        server.at(STATION, station).await.unwrap();
        if state.lock().unwrap().heard {
            for net in nets {
                offer(connection, state, net).await;
            }
        }
    } else {
        state.lock().unwrap().heard = false;
        for net in nets {
            // It may have been out of sight.
            let _ = server.remove::<Network, _>(net.path()).await;
        }
        let _ = server.remove::<Station, _>(STATION).await;
        let point = AccessPoint {
            state: Arc::clone(state),
            started: false,
        };
        server.at(STATION, point).await.unwrap();
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
    AlreadyExists(String),
    InvalidArguments(String),
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
        hold.stops().await;
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
        let (connection, state) = (connection.clone(), Arc::clone(&self.state));
        tokio::spawn(async move {
            tokio::time::sleep(SCAN).await;
            let server = connection.object_server();
            // The radio may be no station any more.
            let Ok(station) = server.interface::<_, Station>(STATION).await else {
                return;
            };
            let heard = std::mem::replace(&mut state.lock().unwrap().heard, true);
            let nets = state.lock().unwrap().nets.clone();
            for net in nets.into_iter().filter(|_| !heard) {
                offer(&connection, &state, net).await;
            }
            let mut it = station.get_mut().await;
            it.looks = false;
            it.scanning_changed(station.signal_emitter()).await.unwrap();
        });
        Ok(())
    }

    fn get_ordered_networks(&self) -> Vec<(OwnedObjectPath, i16)> {
        let told = |net: &Net| (net.path().try_into().unwrap(), net.strength);
        let state = self.state.lock().unwrap();
        let heard = state.nets.iter().filter(|_| state.heard);
        heard.map(told).collect()
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
            let mut state = self.state.lock().unwrap();
            state.nets.retain(|net| net.name != name);
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

/// What the radio's hardware can be.
struct Adapter(Vec<String>);

#[interface(name = "net.connman.iwd.Adapter")]
impl Adapter {
    #[zbus(property)]
    fn supported_modes(&self) -> Vec<String> {
        self.0.clone()
    }
}

struct AccessPoint {
    state: Shared,
    started: bool,
}

#[interface(name = "net.connman.iwd.AccessPoint")]
impl AccessPoint {
    async fn start(
        &mut self,
        ssid: String,
        psk: String,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> Result<(), Refused> {
        if self.started {
            return Err(Refused::AlreadyExists("Object already exists".into()));
        }
        if !(1..=32).contains(&ssid.len()) || !(8..=63).contains(&psk.len()) {
            return Err(Refused::InvalidArguments("Invalid arguments".into()));
        }
        self.started = true;
        self.started_changed(&emitter).await?;
        let mut state = self.state.lock().unwrap();
        state.point = Some((ssid, psk));
        state.started.notify_one();
        Ok(())
    }

    #[zbus(property)]
    fn started(&self) -> bool {
        self.started
    }
}

struct Device {
    state: Shared,
    modes: Vec<String>,
}

#[interface(name = "net.connman.iwd.Device")]
impl Device {
    #[zbus(property)]
    #[allow(clippy::unused_self, reason = "the shape of an interface")]
    fn name(&self) -> &'static str {
        "wlan0"
    }

    #[zbus(property)]
    fn powered(&self) -> bool {
        self.state.lock().unwrap().powered.last() != Some(&false)
    }

    #[zbus(property)]
    fn set_powered(&mut self, powered: bool) {
        self.state.lock().unwrap().powered.push(powered);
    }

    #[zbus(property)]
    #[allow(clippy::unused_self, reason = "the shape of an interface")]
    fn adapter(&self) -> OwnedObjectPath {
        ADAPTER.try_into().unwrap()
    }

    #[zbus(property)]
    fn mode(&self) -> String {
        self.state.lock().unwrap().mode.clone()
    }

    /// It has answered before its interfaces have changed.
    #[zbus(property)]
    fn set_mode(
        &mut self,
        mode: String,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<()> {
        if !self.modes.contains(&mode) {
            return Err(zbus::fdo::Error::NotSupported("Not supported".into()));
        }
        let mut state = self.state.lock().unwrap();
        if state.mode != mode {
            state.modes.push(mode.clone());
            state.mode.clone_from(&mode);
            let (connection, state) = (connection.clone(), Arc::clone(&self.state));
            tokio::spawn(async move { turn_into(&connection, &state, &mode).await });
        }
        Ok(())
    }
}
