//! systemd-networkd: which interfaces have a cable, an address with all that belongs to it, and a
//! place where one signs in. It is read as the JSON that it describes itself with, and every part
//! of that may be missing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use app::{Given, Link, NAMES_MAX};
use serde_json::Value;
use zbus::fdo::DBusProxy;
use zbus::names::BusName;
use zbus::{Connection, proxy};

pub(super) const SERVICE: &str = "org.freedesktop.network1";

/// Interfaces that are looked at; a box has a few.
const INTERFACES_MAX: usize = 64;

/// Letters of an address to sign in at; more does not fit the screen.
const PORTAL_CHARS: usize = 200;

#[proxy(
    interface = "org.freedesktop.network1.Manager",
    default_service = "org.freedesktop.network1",
    default_path = "/org/freedesktop/network1",
    gen_blocking = false
)]
trait Networkd {
    fn describe(&self) -> zbus::Result<String>;
}

/// A way out of the box.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Out {
    pub(super) link: Link,
    /// What holds there of IPv4.
    pub(super) given: Option<Given>,
}

/// The ways out of the box.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Links {
    /// The best of all cables; none: there is no socket for one.
    pub(super) wired: Option<Out>,
    /// By the interface's name.
    pub(super) wireless: BTreeMap<String, Out>,
    pub(super) portal: Option<String>,
}

/// What networkd knows; nothing where it does not run, and it is not started by asking.
pub(super) async fn stand(bus: &Connection) -> zbus::Result<Links> {
    let names = DBusProxy::new(bus).await?;
    if !names.name_has_owner(BusName::try_from(SERVICE)?).await? {
        return Ok(Links::default());
    }
    let networkd = NetworkdProxy::builder(bus)
        .cache_properties(proxy::CacheProperties::No)
        .build()
        .await?;
    Ok(links(&networkd.describe().await?))
}

fn links(described: &str) -> Links {
    let described: Value = serde_json::from_str(described).unwrap_or_default();
    let interfaces = described["Interfaces"].as_array();
    let mut links = Links::default();
    for interface in interfaces.into_iter().flatten().take(INTERFACES_MAX) {
        let text = |key: &str| interface[key].as_str().unwrap_or_default();
        // What has a kind is made of software: a bridge, a tunnel.
        if !text("Kind").is_empty() {
            continue;
        }
        let out = Out {
            link: link(interface),
            given: given(interface),
        };
        let up = out.link.is_up();
        match text("Type") {
            "ether" => {
                let before = links.wired.as_ref().map(|it| rank(&it.link));
                if before.is_none_or(|before| rank(&out.link) > before) {
                    links.wired = Some(out);
                }
            }
            "wlan" => drop(links.wireless.insert(text("Name").to_owned(), out)),
            _ => continue,
        }
        if up && let Some(portal) = portal(interface) {
            links.portal = Some(portal);
        }
    }
    links
}

fn rank(link: &Link) -> u8 {
    match link {
        Link::Down => 0,
        Link::Waiting => 1,
        Link::Up { .. } => 2,
    }
}

fn link(interface: &Value) -> Link {
    let text = |key: &str| interface[key].as_str().unwrap_or_default();
    let carrier = matches!(text("CarrierState"), "carrier" | "degraded-carrier");
    match (carrier, text("AddressState"), address(interface)) {
        (false, ..) => Link::Down,
        (true, "routable", Some(address)) => Link::Up {
            address: address.to_string(),
        },
        (true, ..) => Link::Waiting,
    }
}

/// The one that people know: of IPv4 before IPv6, and none that holds at one cable alone.
fn address(interface: &Value) -> Option<IpAddr> {
    let all = interface["Addresses"].as_array().into_iter().flatten();
    let all = all.filter_map(|it| bytes(&it["Address"]));
    let usable = all.filter(|address| match address {
        IpAddr::V4(address) => !address.is_link_local() && !address.is_loopback(),
        IpAddr::V6(address) => !address.is_unicast_link_local() && !address.is_loopback(),
    });
    usable.min_by_key(IpAddr::is_ipv6)
}

/// The first address of IPv4 that holds beyond one cable, the way out by a router, and who knows
/// names.
fn given(interface: &Value) -> Option<Given> {
    let all = |key: &str| interface[key].as_array().into_iter().flatten();
    let (address, prefix) = all("Addresses").find_map(|it| {
        let address = four(&it["Address"]).filter(|it| !it.is_link_local() && !it.is_loopback())?;
        Some((address, u8::try_from(it["PrefixLength"].as_u64()?).ok()?))
    })?;
    // Of several the one that is taken.
    let ways = all("Routes").filter(|it| it["DestinationPrefixLength"].as_u64() == Some(0));
    let routers = ways.filter_map(|it| Some((it["Priority"].as_u64(), four(&it["Gateway"])?)));
    let router = routers.min_by_key(|(priority, _)| *priority);
    let names = all("DNS").filter_map(|it| four(&it["Address"]));
    Some(Given {
        address,
        prefix,
        router: router.map(|(_, router)| router),
        names: names.take(NAMES_MAX).collect(),
    })
}

fn four(value: &Value) -> Option<Ipv4Addr> {
    match bytes(value)? {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn bytes(value: &Value) -> Option<IpAddr> {
    let bytes: Option<Vec<u8>> = value
        .as_array()?
        .iter()
        .map(|it| u8::try_from(it.as_u64()?).ok())
        .collect();
    let bytes = bytes?;
    let four = <[u8; 4]>::try_from(bytes.as_slice()).map(|it| Ipv4Addr::from(it).into());
    let sixteen = <[u8; 16]>::try_from(bytes.as_slice()).map(|it| Ipv6Addr::from(it).into());
    four.or(sixteen).ok()
}

/// Where one signs in, as DHCP or the router told (RFC 8910); strangers' text.
fn portal(interface: &Value) -> Option<String> {
    let told = interface["CaptivePortal"].as_str()?;
    let web = told.starts_with("https://") || told.starts_with("http://");
    let plain = told.chars().all(|it| it.is_ascii_graphic());
    (web && plain && told.len() <= PORTAL_CHARS).then(|| told.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As networkd 257 describes itself, without what is not read.
    const DESCRIBED: &str = r#"{"Interfaces": [
        {"Index": 1, "Name": "lo", "Type": "loopback", "CarrierState": "carrier",
         "AddressState": "off", "Addresses": [{"Family": 2, "Address": [127, 0, 0, 1]}]},
        {"Index": 2, "Name": "enp1s0", "Type": "ether", "CarrierState": "carrier",
         "AddressState": "routable", "CaptivePortal": "https://sign.in/here", "Addresses": [
            {"Family": 10, "Address": [254,128,0,0,0,0,0,0,2,0,0,255,254,0,0,1]},
            {"Family": 10, "Address": [32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,5]},
            {"Family": 2, "Address": [192, 168, 1, 5], "PrefixLength": 24}],
         "Routes": [
            {"Family": 10, "Destination": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],
             "DestinationPrefixLength": 0, "Gateway": [254,128,0,0,0,0,0,0,0,0,0,0,0,0,0,1],
             "Priority": 512},
            {"Family": 2, "Destination": [9, 9, 9, 9], "DestinationPrefixLength": 32,
             "Gateway": [192, 168, 1, 3], "Priority": 1024},
            {"Family": 2, "Destination": [0, 0, 0, 0], "DestinationPrefixLength": 0,
             "Gateway": [192, 168, 1, 2], "Priority": 2048},
            {"Family": 2, "Destination": [0, 0, 0, 0], "DestinationPrefixLength": 0,
             "Gateway": [192, 168, 1, 1], "Priority": 1024}],
         "DNS": [
            {"Family": 10, "Address": [32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1]},
            {"Family": 2, "Address": [192, 168, 1, 1]}, {"Family": 2, "Address": [9, 9, 9, 9]},
            {"Family": 2, "Address": [1, 1, 1, 1]}]},
        {"Index": 3, "Name": "wlan0", "Type": "wlan", "CarrierState": "carrier",
         "AddressState": "degraded", "Addresses": [{"Family": 2, "Address": [169, 254, 3, 9]}]},
        {"Index": 4, "Name": "wlan1", "Type": "wlan", "CarrierState": "no-carrier",
         "AddressState": "off"},
        {"Index": 5, "Name": "docker0", "Type": "ether", "Kind": "bridge",
         "CarrierState": "carrier", "AddressState": "routable"}
    ]}"#;

    fn up(address: &str) -> Link {
        Link::Up {
            address: address.into(),
        }
    }

    #[test]
    fn what_networkd_describes_is_read() {
        let links = links(DESCRIBED);
        let wired = links.wired.unwrap();
        assert_eq!(wired.link, up("192.168.1.5"));
        let given = Given {
            address: Ipv4Addr::new(192, 168, 1, 5),
            prefix: 24,
            router: Some(Ipv4Addr::new(192, 168, 1, 1)),
            names: vec![Ipv4Addr::new(192, 168, 1, 1), Ipv4Addr::new(9, 9, 9, 9)],
        };
        assert_eq!(wired.given, Some(given));
        let wireless: Vec<_> = links.wireless.into_iter().collect();
        let expected = [("wlan0", Link::Waiting), ("wlan1", Link::Down)];
        // One that devices give themselves is nothing to go on with.
        let out = |link| Out { link, given: None };
        assert_eq!(
            wireless,
            expected.map(|(name, link)| (name.to_owned(), out(link)))
        );
        assert_eq!(links.portal.as_deref(), Some("https://sign.in/here"));
    }

    #[test]
    fn of_two_cables_the_better_counts() {
        let told = |first: &str, second: &str| {
            let one = |state: &str| {
                format!(
                    r#"{{"Type": "ether", "CarrierState": "{state}", "AddressState": "routable",
                        "Addresses": [{{"Address": [10, 0, 0, 1]}}]}}"#
                )
            };
            links(&format!(
                r#"{{"Interfaces": [{}, {}]}}"#,
                one(first),
                one(second)
            ))
        };
        for (first, second) in [("carrier", "no-carrier"), ("no-carrier", "carrier")] {
            let wired = told(first, second).wired.unwrap();
            assert_eq!(wired.link, up("10.0.0.1"));
            // Nobody says how large the network is.
            assert_eq!(wired.given, None);
        }
        let wired = told("off", "no-carrier").wired.unwrap();
        assert_eq!(wired.link, Link::Down);
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in [
            "",
            "{",
            "[]",
            r#"{"Interfaces": 7}"#,
            r#"{"Interfaces": [7, {}]}"#,
        ] {
            assert_eq!(links(text), Links::default(), "{text}");
        }
        let odd = r#"{"Interfaces": [{"Type": "ether", "CarrierState": "carrier",
            "AddressState": "routable", "CaptivePortal": "javascript:alert(1)",
            "Addresses": [{"Address": [1, 2, 300, 4]}, {"Address": "10.0.0.1"}]}]}"#;
        let wired = links(odd).wired.unwrap();
        assert_eq!((wired.link, wired.given), (Link::Waiting, None));
        assert_eq!(links(odd).portal, None);
    }
}
