//! Whom iwd asks for the passphrase of a network that is being joined.
//!
//! Nobody but iwd is answered, and only for the network that the viewer is joining, while that
//! lasts.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use app::Passphrase;
use zbus::message::Header;
use zbus::names::{OwnedUniqueName, UniqueName};
use zbus::zvariant::ObjectPath;
use zbus::{DBusError, interface};

/// Where it is found.
pub(super) const PATH: &str = "/org/matinee/Agent";

#[derive(Clone, Default)]
pub(super) struct Agent(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Who is answered.
    owner: Option<OwnedUniqueName>,
    wanted: Option<Wanted>,
}

struct Wanted {
    /// None: of a network that does not tell its name, whose path nobody knows before.
    network: Option<Arc<str>>,
    passphrase: Passphrase,
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Agent")
    }
}

/// Of iwd's interface.
#[derive(Debug, DBusError)]
#[zbus(prefix = "net.connman.iwd.Agent.Error")]
enum Refused {
    #[zbus(error)]
    Bus(zbus::Error),
    Canceled(String),
}

impl Agent {
    /// Only he is answered.
    pub(super) fn answers(&self, owner: Option<&OwnedUniqueName>) {
        self.state(|state| state.owner = owner.cloned());
    }

    /// That network is joined with this.
    pub(super) fn wants(&self, network: Option<&Arc<str>>, passphrase: Option<Passphrase>) {
        let wanted = passphrase.map(|passphrase| Wanted {
            network: network.cloned(),
            passphrase,
        });
        self.state(|state| state.wanted = wanted);
    }

    pub(super) fn forget(&self) {
        self.state(|state| state.wanted = None);
    }

    fn state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[interface(name = "net.connman.iwd.Agent")]
impl Agent {
    #[allow(clippy::needless_pass_by_value, reason = "the shape of an interface")]
    fn request_passphrase(
        &self,
        #[zbus(header)] header: Header<'_>,
        network: ObjectPath<'_>,
    ) -> Result<String, Refused> {
        let of_iwd = |state: &State| {
            let owner = state.owner.as_ref().map(|it| it.as_str());
            owner.is_some() && owner == header.sender().map(UniqueName::as_str)
        };
        let of_it = |wanted: &&Wanted| {
            let path = wanted.network.as_deref();
            path.is_none_or(|path| path == network.as_str())
        };
        self.state(|state| {
            let wanted = state.wanted.as_ref().filter(|_| of_iwd(state));
            let found = wanted.filter(of_it).map(|it| it.passphrase.0.clone());
            found.ok_or_else(|| Refused::Canceled("nobody has typed it".to_owned()))
        })
    }

    /// iwd has given up asking.
    #[allow(clippy::unused_self, reason = "the shape of an interface")]
    fn cancel(&self, reason: &str) {
        tracing::debug!("network: iwd asks no more: {reason}");
    }

    /// iwd knows this agent no more; the next one is told of it anew.
    #[allow(clippy::unused_self, reason = "the shape of an interface")]
    fn release(&self) {}
}
