//! The network's shell against stand-ins for iwd and networkd on a bus of its own, and against a
//! bus that has neither, goes away, or was never there. iwd itself, and a radio that the kernel
//! pretends, are in the tests of the image.

#![allow(clippy::unwrap_used)]

mod address;
mod hold;
mod networkd;
mod own;
mod root_half;
mod stand_in;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::{
    Country, Fixed, JoinFailure, Link, Lock, NetworkAct, NetworkNews, NetworkStand, Passphrase,
    Way, Wireless,
};
use fixtures::bus::Bus;
use matinee::network::{Config, Network};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use self::networkd::Networkd;
use self::stand_in::{Iwd, Net, PASSPHRASE};

/// News are there within a moment; a machine with much to do takes longer.
const SOON: Duration = Duration::from_secs(30);

const ATTIC: Net = Net::new("Attic", "psk", -5000);

/// A box on its bus.
struct Box {
    folder: TempDir,
    network: Network,
    news: mpsc::UnboundedReceiver<NetworkNews>,
}

impl Box {
    fn start() -> (Bus, Box) {
        Box::start_in(tempfile::tempdir().unwrap())
    }

    fn start_in(folder: TempDir) -> (Bus, Box) {
        let bus = Bus::at(&folder.path().join("bus"));
        let config = Config {
            // Without the number of this daemon: another may come in its place.
            bus: bus.address.split(',').next().map(str::to_owned),
            requests: Some(folder.path().to_owned()),
            country: Some(folder.path().join("rules")),
            addresses: Some(folder.path().join("kept")),
            pages: None,
        };
        (bus, Box::with(folder, config))
    }

    fn with(folder: TempDir, config: Config) -> Box {
        let (sender, news) = mpsc::unbounded_channel();
        let sink = Arc::new(move |news| drop(sender.send(news)));
        let network = Network::start(config, &Handle::current(), sink);
        Box {
            folder,
            network,
            news,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits for news that are so, whatever comes before.
    async fn until(&mut self, wanted: impl Fn(&NetworkNews) -> bool) -> NetworkNews {
        let mut seen = Vec::new();
        let found = async {
            loop {
                let news = self.news.recv().await.unwrap();
                if wanted(&news) {
                    break news;
                }
                seen.push(news);
            }
        };
        let found = timeout(SOON, found).await;
        found.unwrap_or_else(|_| panic!("only {seen:#?}"))
    }

    async fn stand(&mut self, wanted: impl Fn(&NetworkStand) -> bool) -> NetworkStand {
        let wanted = |news: &NetworkNews| matches!(news, NetworkNews::Stand(it) if wanted(it));
        match self.until(wanted).await {
            NetworkNews::Stand(stand) => *stand,
            _ => unreachable!("it was a stand"),
        }
    }

    async fn radio(&mut self, wanted: impl Fn(&Wireless) -> bool) -> Wireless {
        let stand = self.stand(|it| it.wireless.as_ref().is_some_and(&wanted));
        stand.await.wireless.unwrap()
    }

    /// How joining that network ends.
    async fn joins(&mut self, net: Net, passphrase: Option<&str>) -> NetworkNews {
        self.network.perform(NetworkAct::Join {
            id: net.path().into(),
            passphrase: passphrase.map(|it| Passphrase(it.into())),
        });
        self.until(|news| !matches!(news, NetworkNews::Stand(_)))
            .await
    }
}

fn cable(state: &str, address_state: &str) -> String {
    format!(
        r#"{{"Interfaces": [{{"Name": "eth0", "Type": "ether", "CarrierState": "{state}",
            "AddressState": "{address_state}", "Addresses": [{{"Address": [10, 0, 0, 5]}}]}}]}}"#
    )
}

fn radio(address_state: &str) -> String {
    format!(
        r#"{{"Interfaces": [{{"Name": "wlan0", "Type": "wlan", "CarrierState": "carrier",
            "AddressState": "{address_state}", "Addresses": [{{"Address": [10, 0, 0, 7]}}]}}]}}"#
    )
}

fn up(address: &str) -> Link {
    Link::Up {
        address: address.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bus_nothing_is_there_and_nothing_is_joined() {
    let folder = tempfile::tempdir().unwrap();
    let bus = format!("unix:path={}", folder.path().join("none").display());
    let config = Config {
        bus: Some(bus),
        ..Config::default()
    };
    let mut it = Box::with(folder, config);
    assert_eq!(it.stand(|_| true).await, NetworkStand::default());
    let outcome = it.joins(ATTIC, None).await;
    let other = matches!(outcome, NetworkNews::NotLetIn(JoinFailure::Other(_)));
    assert!(other, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cable_is_told_as_it_comes_and_goes() {
    let (bus, mut it) = Box::start();
    assert_eq!(it.stand(|_| true).await, NetworkStand::default());
    let networkd = Networkd::start(&bus, &cable("no-carrier", "off")).await;
    let stand = it.stand(|it| it.wired.is_some()).await;
    assert_eq!(stand.wired, Some(Link::Down));
    assert_eq!(stand.wireless, None, "there is no radio");
    networkd.is(&cable("carrier", "degraded")).await;
    it.stand(|it| it.wired == Some(Link::Waiting)).await;
    networkd.is(&cable("carrier", "routable")).await;
    it.stand(|it| it.wired == Some(up("10.0.0.5"))).await;
    networkd.is(&cable("no-carrier", "off")).await;
    it.stand(|it| it.wired == Some(Link::Down)).await;
}

/// The bus would start it for the first who asks.
#[tokio::test(flavor = "multi_thread")]
async fn iwd_is_not_started_by_asking() {
    let folder = tempfile::tempdir().unwrap();
    let services = folder.path().join("dbus-1/services");
    let began = folder.path().join("began");
    std::fs::create_dir_all(&services).unwrap();
    let service = format!(
        "[D-BUS Service]\nName=net.connman.iwd\nExec=/bin/sh -c 'touch {}; exit 1'\n",
        began.display()
    );
    std::fs::write(services.join("net.connman.iwd.service"), service).unwrap();
    let (bus, mut it) = Box::start_in(folder);
    assert_eq!(it.stand(|_| true).await, NetworkStand::default());
    for act in [NetworkAct::Look, NetworkAct::Stop] {
        it.network.perform(act);
    }
    // Its answer comes after they were done.
    it.network
        .perform(NetworkAct::OpenOwn(app::Language::default()));
    it.until(|news| matches!(news, NetworkNews::Own(_))).await;
    assert!(!began.exists());
    // It would have been: whoever asks without a word against it starts it.
    let asked = zbus::connection::Builder::address(bus.address.as_str());
    let asked = asked.unwrap().build().await.unwrap();
    let call = asked.call_method(
        Some("net.connman.iwd"),
        "/",
        Some("org.freedesktop.DBus.ObjectManager"),
        "GetManagedObjects",
        &(),
    );
    assert!(call.await.is_err(), "nobody is iwd");
    assert!(began.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_in_reach_are_told_while_iwd_runs() {
    let (bus, mut it) = Box::start();
    let known = Net {
        known: Some(true),
        ..Net::new("Cellar", "psk", -7000)
    };
    let nets = [
        known,
        ATTIC,
        Net::new("Café", "open", -8000),
        Net::new("Office", "8021x", -9000),
        Net::new("Museum", "wep", -4000),
    ];
    let nets = nets.map(|net| Net {
        // Paths have letters of ASCII alone.
        name: if net.name == "Café" {
            "Cafe"
        } else {
            net.name
        },
        ..net
    });
    let iwd = Iwd::start(&bus, &nets).await;
    let radio = it.radio(|it| it.networks.len() == 5).await;
    let told = radio.networks.iter();
    let told: Vec<_> = told
        .map(|it| (it.name.as_str(), it.bars, it.lock, it.known))
        .collect();
    let expected = [
        ("Cellar", 2, Lock::Password, true),
        ("Attic", 4, Lock::Password, false),
        ("Cafe", 1, Lock::Open, false),
        ("Office", 0, Lock::Enterprise, false),
        ("Museum", 4, Lock::Old, false),
    ];
    assert_eq!(told, expected);
    assert_eq!((radio.joined, radio.link), (None, Link::Down));
    iwd.comes(Net::new("Mill", "psk", -6000)).await;
    it.radio(|it| it.networks.len() == 6).await;
    it.network.perform(NetworkAct::Look);
    it.radio(|it| it.looks).await;
    it.radio(|it| !it.looks).await;
    assert_eq!(iwd.state().scans, 1);
    iwd.goes().await;
    it.stand(|it| it.wireless.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_is_joined_with_its_password() {
    let (bus, mut it) = Box::start();
    let networkd = Networkd::start(&bus, &radio("off")).await;
    let _iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.networks.len() == 1).await;
    assert_eq!(it.joins(ATTIC, Some(PASSPHRASE)).await, NetworkNews::LetIn);
    networkd.is(&radio("routable")).await;
    let radio = it.radio(|it| it.link == up("10.0.0.7")).await;
    assert_eq!(radio.joined.as_deref(), Some(ATTIC.path().as_str()));
    assert!(radio.networks[0].known);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_iwd_calls_failed_is_told_apart() {
    let (bus, mut it) = Box::start();
    let away = Net {
        goes: true,
        ..Net::new("Cellar", "psk", -5000)
    };
    let changed = Net {
        known: Some(false),
        ..Net::new("Mill", "psk", -5000)
    };
    let faint = Net::new("Tower", "psk", -9000);
    let _iwd = Iwd::start(&bus, &[ATTIC, away, changed, faint]).await;
    it.radio(|it| it.networks.len() == 4).await;
    let gone = Net::new("Nowhere", "psk", -5000);
    for (net, typed, why) in [
        (ATTIC, Some("wrong horse"), JoinFailure::WrongPassword),
        (away, Some(PASSPHRASE), JoinFailure::OutOfReach),
        (changed, None, JoinFailure::WrongPassword),
        (faint, Some("wrong horse"), JoinFailure::NoAnswer),
        (gone, Some(PASSPHRASE), JoinFailure::OutOfReach),
    ] {
        let outcome = it.joins(net, typed).await;
        assert_eq!(outcome, NetworkNews::NotLetIn(why), "{}", net.name);
    }
    // Its right one is taken after all.
    assert_eq!(
        it.joins(changed, Some(PASSPHRASE)).await,
        NetworkNews::LetIn
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_network_is_joined_by_its_name() {
    let (bus, mut it) = Box::start();
    let _iwd = Iwd::start(&bus, &[]).await;
    it.radio(|_| true).await;
    for (name, outcome) in [
        ("Cellar", NetworkNews::LetIn),
        ("Nowhere", NetworkNews::NotLetIn(JoinFailure::OutOfReach)),
    ] {
        it.network.perform(NetworkAct::JoinHidden {
            name: name.into(),
            passphrase: Some(Passphrase(PASSPHRASE.into())),
        });
        let told = it
            .until(|news| !matches!(news, NetworkNews::Stand(_)))
            .await;
        assert_eq!(told, outcome, "{name}");
    }
}

/// Nobody but iwd is answered, while a network is joined or not.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_hear_a_password() {
    let (bus, mut it) = Box::start();
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.networks.len() == 1).await;
    let stranger = zbus::connection::Builder::address(bus.address.as_str());
    let stranger = stranger.unwrap().build().await.unwrap();
    let asked = async |id: &str| {
        let agent = iwd.agent();
        let path = zbus::zvariant::ObjectPath::try_from(id.to_owned()).unwrap();
        let asked = stranger.call_method(
            Some(agent.0),
            agent.1,
            Some("net.connman.iwd.Agent"),
            "RequestPassphrase",
            &path,
        );
        asked.await
    };
    let hold = iwd.holds();
    it.network.perform(NetworkAct::Join {
        id: ATTIC.path().into(),
        passphrase: Some(Passphrase(PASSPHRASE.into())),
    });
    hold.asks().await;
    let told = asked(&ATTIC.path()).await;
    let refused = matches!(&told, Err(zbus::Error::MethodError(name, ..))
        if name.as_str() == "net.connman.iwd.Agent.Error.Canceled");
    assert!(refused, "{told:?}");
    hold.goes_on();
    it.until(|news| *news == NetworkNews::LetIn).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopped_is_let_go_and_what_is_forgotten_is_known_no_more() {
    let (bus, mut it) = Box::start();
    let known = Net {
        known: Some(true),
        ..ATTIC
    };
    let iwd = Iwd::start(&bus, &[known]).await;
    it.radio(|it| it.networks.len() == 1).await;
    it.network.perform(NetworkAct::Forget(known.path().into()));
    it.network.perform(NetworkAct::Stop);
    // What comes after has been done after.
    it.network.perform(NetworkAct::Look);
    it.radio(|it| it.looks).await;
    assert_eq!(iwd.state().forgotten, ["Attic"]);
    assert_eq!(iwd.state().powered, [false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_country_is_asked_for_by_a_file_and_read_from_one() {
    let (bus, mut it) = Box::start();
    assert_eq!(it.stand(|_| true).await.country, None);
    it.network
        .perform(NetworkAct::Rules(Country::parse("FR").unwrap()));
    let asked = it.file("country");
    let there = async {
        while !asked.exists() {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, there).await.unwrap();
    assert_eq!(std::fs::read_to_string(&asked).unwrap(), "FR");
    // Root's half does it, and iwd begins anew.
    std::fs::write(it.file("rules"), "FR\n").unwrap();
    let _iwd = Iwd::start(&bus, &[]).await;
    it.stand(|it| it.country == Country::parse("FR")).await;
    assert_eq!(Country::parse("france"), None);
}

/// Root's half is a script of its own (`address`); here it is played.
#[tokio::test(flavor = "multi_thread")]
async fn a_fixed_address_is_asked_for_by_a_file_and_what_is_kept_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::at(&folder.path().join("bus"));
    let kept = folder.path().join("kept");
    std::fs::create_dir(&kept).unwrap();
    let keep = |way: &str, what: &str| {
        let path = kept.join(format!("address-{way}"));
        std::fs::write(path, format!("{what}\n")).unwrap();
    };
    let config = Config {
        bus: Some(bus.address.clone()),
        requests: Some(folder.path().to_owned()),
        addresses: Some(kept.clone()),
        ..Config::default()
    };
    let mut it = Box::with(folder, config);
    // Nobody keeps any yet.
    assert_eq!(it.stand(|_| true).await.addressing, None);
    keep("wireless", "automatic");
    keep("wired", "automatic");
    let described = r#"{"Interfaces": [{"Name": "eth0", "Type": "ether", "CarrierState": "carrier",
        "AddressState": "routable",
        "Addresses": [{"Address": [192, 168, 1, 5], "PrefixLength": 24}],
        "Routes": [{"DestinationPrefixLength": 0, "Gateway": [192, 168, 1, 1]}],
        "DNS": [{"Address": [192, 168, 1, 1]}]}]}"#;
    let networkd = Networkd::start(&bus, described).await;
    let given = |it: &NetworkStand| {
        let wired = it.addressing.as_ref().map(|[wired, _]| wired.clone());
        wired.and_then(|it| it.given)
    };
    let stand = it.stand(|it| given(it).is_some()).await;
    let given = given(&stand).unwrap();
    assert_eq!(given.address.to_string(), "192.168.1.5");
    assert_eq!((given.prefix, given.names.len()), (24, 1));
    let line = "192.168.1.20/24 192.168.1.1 192.168.1.1";
    let fixed = Fixed::parse(line);
    it.network.perform(NetworkAct::Fix {
        way: Way::Wired,
        fixed: fixed.clone(),
    });
    let asked = it.file("address");
    let there = async {
        while !asked.exists() {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, there).await.unwrap();
    let told = std::fs::read_to_string(&asked).unwrap();
    assert_eq!(told, format!("wired {line}"));
    keep("wired", line);
    networkd.is(described).await;
    it.stand(|it| {
        it.addressing
            .as_ref()
            .is_some_and(|[wired, _]| wired.fixed == fixed)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_a_router_answers_is_told_with_a_bus_and_without() {
    let own = std::net::Ipv4Addr::LOCALHOST;
    let (_bus, with) = Box::start();
    let without = Box::with(
        tempfile::tempdir().unwrap(),
        Config {
            bus: Some("unix:path=/nowhere".into()),
            ..Config::default()
        },
    );
    for mut it in [with, without] {
        it.stand(|_| true).await;
        it.network.perform(NetworkAct::Knock {
            from: own,
            router: own,
        });
        let told = it
            .until(|it| matches!(it, NetworkNews::Knocked { .. }))
            .await;
        assert_eq!(
            told,
            NetworkNews::Knocked {
                router: own,
                answers: true
            }
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_goes_and_comes_back_is_found_again() {
    let (bus, mut it) = Box::start();
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.networks.len() == 1).await;
    drop((iwd, bus));
    it.stand(|it| *it == NetworkStand::default()).await;
    let bus = Bus::at(&it.file("bus"));
    let _iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.networks.len() == 1).await;
    assert_eq!(it.joins(ATTIC, Some(PASSPHRASE)).await, NetworkNews::LetIn);
}
