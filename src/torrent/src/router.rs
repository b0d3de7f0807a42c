//! The router, asked to let peers call us: by UPnP (IGD) through librqbit, and by PCP or NAT-PMP
//! (RFC 6887, RFC 6886), which other routers speak, through `crab_nat`. Both are tried for ever;
//! a router that knows both opens the same port twice, which is one.
//!
//! It is not asked when an interface is bound or a proxy is used: the libraries ask by whatever the
//! system routes, and behind a tunnel there is no router to ask.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use crab_nat::{InternetProtocol, MappingFailure, PortMapping, PortMappingOptions};
use librqbit_upnp::{UpnpPortForwarder, UpnpPortForwarderOptions};
use tokio::net::UdpSocket;

use super::{Shared, Terms};

/// A mapping outlives us by this at most; it is renewed at half of it.
const LEASE: Duration = Duration::from_mins(20);
/// How often a router is looked for: one that was switched on a little later is found too.
const LOOK: Duration = Duration::from_mins(5);
/// For routers to answer: UPnP lets them wait up to the 3 s that are asked for.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);
/// Where Linux tells its routes of IPv4.
const ROUTES: &str = "/proc/net/route";

/// While we cannot be called, it is looked so often whether we can: the socket may come later.
const PORT_LOOK: Duration = Duration::from_secs(5);

/// Keeps the port where peers can call open at the router while it may be asked. What was opened
/// before lapses there ([`LEASE`]).
pub(super) async fn map_port(shared: Arc<Shared>) {
    let config = &shared.config;
    let elsewhere = config.bind_interface.is_some() || config.proxy.is_some();
    if elsewhere || config.listen.is_none() {
        return;
    }
    let wished = |terms: &Terms| terms.port_mapping && terms.bittorrent;
    let mut terms = shared.terms.subscribe();
    // Its sender lives as long as `shared`.
    while terms.wait_for(wished).await.is_ok() {
        let asking = async {
            let port = loop {
                match NonZeroU16::new(shared.port()) {
                    Some(port) => break port,
                    None => tokio::time::sleep(PORT_LOOK).await,
                }
            };
            tokio::join!(by_upnp(port), by_pcp(port));
        };
        let mut changes = terms.clone();
        tokio::select! {
            () = asking => return,
            _ = changes.wait_for(|now| !wished(now)) => {}
        }
    }
}

async fn by_upnp(port: NonZeroU16) {
    let options = UpnpPortForwarderOptions {
        lease_duration: LEASE,
        discover_interval: LOOK,
        discover_timeout: ANSWER_TIME_MAX,
    };
    match UpnpPortForwarder::new(vec![port.get()], Some(options), None) {
        Ok(forwarder) => {
            tracing::debug!("port {port}: asking the router to open it");
            forwarder.run_forever().await;
        }
        Err(error) => tracing::warn!("port mapping: {error:#}"),
    }
}

async fn by_pcp(port: NonZeroU16) {
    loop {
        let routes = tokio::fs::read_to_string(ROUTES).await.unwrap_or_default();
        let wait = match gateway(&routes) {
            Some(router) => match open(router, port).await {
                Ok(()) => LEASE / 2,
                Err(error) => {
                    tracing::debug!("router {router}: {error}");
                    LOOK
                }
            },
            None => LOOK,
        };
        tokio::time::sleep(wait).await;
    }
}

/// Opens the port at the router for TCP and uTP.
async fn open(router: Ipv4Addr, port: NonZeroU16) -> Result<(), MappingFailure> {
    let Ok(client) = our_side(router).await else {
        return Ok(());
    };
    let options = PortMappingOptions {
        external_port: Some(port),
        lifetime_seconds: Some(LEASE.as_secs() as u32),
        timeout_config: None,
    };
    for protocol in [InternetProtocol::Tcp, InternetProtocol::Udp] {
        let made = PortMapping::new(router.into(), client, protocol, port, options).await?;
        tracing::info!(
            "router {router}: opened {} {protocol}",
            made.external_port()
        );
    }
    Ok(())
}

/// The address by which the router knows us. Nothing is sent.
async fn our_side(router: Ipv4Addr) -> std::io::Result<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    socket.connect((router, crab_nat::GATEWAY_PORT)).await?;
    socket.local_addr().map(|ours: SocketAddr| ours.ip())
}

/// The router of the default route with the smallest metric, from Linux's table of routes: fields
/// between blanks, addresses as hexadecimal numbers in the byte order of the machine.
fn gateway(routes: &str) -> Option<Ipv4Addr> {
    let route = |line: &str| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let number = |at: usize| u32::from_str_radix(fields.get(at)?, 16).ok();
        let metric: u32 = fields.get(6)?.parse().ok()?;
        let (target, router, mask) = (number(1)?, number(2)?, number(7)?);
        let default = target == 0 && mask == 0 && router != 0;
        default.then(|| (metric, Ipv4Addr::from(router.to_ne_bytes())))
    };
    let found = routes.lines().skip(1).filter_map(route);
    found.min().map(|(_, router)| router)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HEAD: &str = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n";

    #[test]
    fn the_default_route_of_the_smallest_metric() {
        let hex = |address: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(address));
        let line = |target, router, metric: u32, mask| {
            let (target, router, mask) = (hex(target), hex(router), hex(mask));
            format!("eth0 {target} {router} 0003 0 0 {metric} {mask} 0 0 0\n")
        };
        let none = [0; 4];
        let home = line([192, 168, 1, 0], none, 0, [255, 255, 255, 0]);
        let wifi = line(none, [192, 168, 1, 1], 600, none);
        let wire = line(none, [10, 0, 0, 138], 100, none);
        let all = format!("{HEAD}{home}{wifi}{wire}");
        assert_eq!(gateway(&all), Some(Ipv4Addr::new(10, 0, 0, 138)));
        let link = line(none, none, 0, none);
        for nothing in [
            "",
            HEAD,
            "a\nb c d",
            &format!("{HEAD}{home}{link}eth0 xyz\n"),
        ] {
            assert_eq!(gateway(nothing), None, "{nothing}");
        }
    }

    /// A router that knows NAT-PMP alone, as most home routers do that know either.
    #[tokio::test]
    async fn a_router_that_speaks_nat_pmp() {
        let router = Ipv4Addr::new(127, 0, 99, 1);
        let socket = UdpSocket::bind((router, crab_nat::GATEWAY_PORT))
            .await
            .unwrap();
        let port = NonZeroU16::new(4242).unwrap();
        let asked = tokio::spawn(async move {
            let mut mapped = Vec::new();
            let mut bytes = [0; 1100];
            while mapped.len() < 2 {
                let (length, from) = socket.recv_from(&mut bytes).await.unwrap();
                let answer = match bytes[..length] {
                    // PCP (RFC 6887): the version is not known here; RFC 6886 section 3.5.
                    [2, ..] => vec![0, 128 | bytes[1], 0, 1, 0, 0, 0, 1],
                    // RFC 6886 section 3.3: as it was asked.
                    [0, kind @ (1 | 2), _, _, a, b, c, d, ..] => {
                        mapped.push((kind, u16::from_be_bytes([a, b])));
                        vec![0, 128 + kind, 0, 0, 0, 0, 0, 1, a, b, c, d, 0, 0, 4, 176]
                    }
                    _ => panic!("{:?}", &bytes[..length]),
                };
                socket.send_to(&answer, from).await.unwrap();
            }
            mapped
        });
        open(router, port).await.unwrap();
        // 2 is TCP, 1 is UDP.
        assert_eq!(asked.await.unwrap(), [(2, 4242), (1, 4242)]);
    }
}
