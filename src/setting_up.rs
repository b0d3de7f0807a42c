//! What a phone finds in the network that the box opens itself: the page that asks for a network,
//! and an answer to every name, so that it finds the page.

use std::net::SocketAddr;
use std::sync::Arc;

use http_server::{HttpError, Server, page_at};

use crate::naming::Naming;
use crate::network::{Opened, Page, Pages};
use crate::remote::{PATIENCE, Setup, serve_setup};

/// Where browsers look without being told (RFC 9110, section 4.2.1). In the image the box may
/// have it (`image/root/usr/lib/sysctl.d`); elsewhere it takes any.
const PORTS: [u16; 2] = [80, 0];

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

async fn open(opened: Opened) -> Result<Page, HttpError> {
    let (own, prefix) = (opened.address, opened.prefix);
    let server = served(&opened).await?;
    let at = server.address();
    let link = http_server::Link {
        listen: at,
        prefix,
        patience: PATIENCE,
    };
    let names = Naming::begin(own, move |peer| link.has(peer)).await;
    let names = names.inspect_err(|error| tracing::warn!(%error, "the page is not found by names"));
    Ok(Page {
        address: page_at(at),
        held: Box::new(Held {
            _server: server,
            _names: names.ok(),
        }),
    })
}

async fn served(opened: &Opened) -> Result<Server, HttpError> {
    let [usual, any] = PORTS.map(|port| Setup {
        listen: SocketAddr::new(opened.address.into(), port),
        prefix: opened.prefix,
        language: opened.language,
        networks: opened.networks.clone(),
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
