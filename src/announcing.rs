//! Says in the home network where phones reach the box: by the machine's name (`matinee.local`;
//! mDNS, RFC 6762), and as a service that can be looked for (`_matinee._tcp`; DNS-SD, RFC 6763).
//!
//! A library's own responder and not the system's, because it is the same on a desktop, and because
//! it speaks only while the box listens to phones.

use std::time::Duration;

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

/// What others look for.
pub const SERVICE: &str = "_matinee._tcp.local.";

/// Others are told that it has gone within that, or hear nothing: who leaves does not wait longer.
const FAREWELL: Duration = Duration::from_millis(500);

/// Which networks hear of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// All that the machine is in.
    AtHome,
    /// This machine alone: for tests.
    Here,
}

/// The box is announced while this is there.
#[allow(missing_debug_implementations, reason = "a library's")]
pub struct Announcement {
    daemon: ServiceDaemon,
    name: String,
}

impl Announcement {
    /// Announces that `host` (without `.local`) takes phones at that port.
    ///
    /// # Errors
    /// There is no socket to be had, or the name is none.
    pub fn begin(host: &str, port: u16, heard: Heard) -> Result<Announcement, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        if heard == Heard::Here {
            daemon.disable_interface(IfKind::All)?;
            daemon.enable_interface(IfKind::LoopbackV4)?;
        }
        // The page's place, as of `_http._tcp`.
        let facts = [("path", "/")];
        let own = format!("{host}.local.");
        let service = ServiceInfo::new(SERVICE, host, &own, "", port, &facts[..])?;
        let service = service.enable_addr_auto();
        let name = service.get_fullname().to_owned();
        daemon.register(service)?;
        Ok(Announcement { daemon, name })
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        if let Ok(done) = self.daemon.unregister(&self.name) {
            let _ = done.recv_timeout(FAREWELL);
        }
        if let Ok(done) = self.daemon.shutdown() {
            let _ = done.recv_timeout(FAREWELL);
        }
    }
}
