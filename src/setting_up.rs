//! What a phone finds in the network that the box opens itself: the page that asks for a network,
//! and an answer to every name, so that it finds the page.
//!
//! That a phone has joined is known by what it asks of us here: every phone asks for a name as soon
//! as it has an address, and whoever asks has got through all of it, the password, DHCP and the way
//! to this very address. A station that iwd lets in may yet get no address, and a lease that
//! networkd gives may yet be taken by nobody.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use http_server::{Heard, HttpError, Server, page_at};

use crate::naming::Naming;
use crate::network::{Opened, Page, Pages};
use crate::remote::{PATIENCE, Setup, serve_setup};

/// Where browsers look without being told (RFC 9110, section 4.2.1). In the image the box may
/// have it (`image/root/usr/lib/sysctl.d`); elsewhere it takes any.
const PORTS: [u16; 2] = [80, 0];

/// Phones that are told of; of a network there are no more addresses.
const GUESTS_MAX: usize = 254;

/// Serves it in each network that is opened.
pub fn pages() -> Pages {
    Pages(Arc::new(|opened| {
        Box::pin(async move { open(opened).await.map_err(|error| error.to_string()) })
    }))
}

/// The page, and the names; both end when they go.
struct Held {
    _server: Server,
    _names: Option<Naming>,
}

/// Who was heard in that network, each once.
struct Guests {
    known: Mutex<HashSet<IpAddr>>,
    joined: Arc<dyn Fn() + Send + Sync>,
}

impl Guests {
    /// Of whom it was not known yet is told, which may wait for the core: on a thread that may.
    fn hear(&self, guest: IpAddr) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < GUESTS_MAX && known.insert(guest) {
            let joined = Arc::clone(&self.joined);
            tokio::task::spawn_blocking(move || joined());
        }
    }
}

async fn open(opened: Opened) -> Result<Page, HttpError> {
    let (own, prefix) = (opened.address, opened.prefix);
    let guests = Guests {
        known: Mutex::default(),
        joined: Arc::clone(&opened.joined),
    };
    let heard: Heard = Arc::new(move |guest| guests.hear(guest));
    let server = served(&opened, &heard).await?;
    let at = server.address();
    let link = http_server::Link {
        listen: at,
        prefix,
        patience: PATIENCE,
        heard,
    };
    let names = Naming::begin(own, move |peer| link.hears(peer)).await;
    let names = names.inspect_err(|error| tracing::warn!(%error, "the page is not found by names"));
    Ok(Page {
        address: page_at(at),
        held: Box::new(Held {
            _server: server,
            _names: names.ok(),
        }),
    })
}

async fn served(opened: &Opened, heard: &Heard) -> Result<Server, HttpError> {
    let [usual, any] = PORTS.map(|port| Setup {
        listen: SocketAddr::new(opened.address.into(), port),
        prefix: opened.prefix,
        language: opened.language,
        networks: opened.networks.clone(),
        heard: Arc::clone(heard),
        chosen: Arc::clone(&opened.chosen),
    });
    match serve_setup(usual).await {
        Err(error) => {
            tracing::warn!(%error, "the page is at another port");
            serve_setup(any).await
        }
        served => served,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use tokio::sync::mpsc;
    use tokio::time::timeout;

    use super::*;

    /// Nothing here takes a tenth of it.
    const SOON: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn each_phone_is_told_of_once_and_the_next_one_too() {
        let (tells, mut told) = mpsc::unbounded_channel();
        let guests = Guests {
            known: Mutex::default(),
            joined: Arc::new(move || assert!(tells.send(()).is_ok())),
        };
        let phone = |last: u8| IpAddr::from(Ipv4Addr::new(10, 73, 0, last));
        for last in [7, 7, 9, 7, 9] {
            guests.hear(phone(last));
        }
        for _ in 0..2 {
            assert_eq!(timeout(SOON, told.recv()).await, Ok(Some(())));
        }
        drop(guests);
        // Nobody is left who could tell of a third.
        assert_eq!(timeout(SOON, told.recv()).await, Ok(None));
    }
}
