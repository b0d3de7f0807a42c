//! Stands in for systemd-networkd on a bus of its own, as far as the box reads it.

use fixtures::bus::Bus;
use zbus::{Connection, interface};

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
