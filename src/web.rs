//! From settings and store to the one door to the web, and to the catalogue that asks by it.

use std::path::Path;
use std::sync::Arc;

use catalog::{Catalog, Posters};
use fetch::{Fetch, FetchError, Proxy, ProxyKind};
use files::Files;
use store::Store;
use tokio::runtime::Handle;

use crate::event_loop::Inbox;
use crate::keeping::{KeptAnswers, KeptThings};
use crate::settings::{self, Settings};
use crate::sources::{self, Own};

/// The door: by the proxy, where there is one, and with answers that outlive a restart.
///
/// # Errors
/// A proxy that cannot be one.
pub fn fetch(settings: &Settings, store: &Store) -> Result<Fetch, FetchError> {
    Fetch::new(fetch::Config {
        proxy: settings.engine.proxy.as_ref().map(proxy),
        interface: settings.engine.bind_interface.clone(),
        // Who lets peers at home in, lets hosts there be called.
        allow_local: settings.engine.local_peers,
        answers: Some(Arc::new(KeptAnswers(store.answers()))),
        lan: sources::places(&settings.sources).hosts(),
        paces: internal::paces(),
        ..fetch::Config::default()
    })
}

/// All who are asked what there is, and where it can be had.
pub fn catalog(fetch: Fetch, own: &Own, store: &Store, runtime: &Handle, inbox: Inbox) -> Catalog {
    let texts = own.clone();
    let config = catalog::Config {
        fetch,
        own: own.add_ons(),
        keeper: Arc::new(KeptThings(store.clone())),
        lan: own.hosts(),
        own_texts: Arc::new(move |address| texts.text(address)),
    };
    let news = Arc::new(move |event| inbox.news(event));
    let catalog = Catalog::start(config, runtime.clone(), news);
    let renewed = catalog.clone();
    own.follow(runtime, move || renewed.renew());
    catalog
}

/// What plays files of the web and of drives.
pub fn files(fetch: Fetch, settings: &Settings, runtime: &Handle, inbox: &Inbox) -> Files {
    let inbox = inbox.clone();
    let news = move |session, news| inbox.news(app::Event::Supply(session, news));
    let ram_bytes = settings.engine.ram_cache_bytes;
    Files::new(fetch, ram_bytes, runtime.clone(), Arc::new(news))
}

/// Pictures of films, kept in the data folder.
pub fn posters(data: &Path, fetch: Fetch, catalog: &Catalog, runtime: &Handle) -> Posters {
    let catalog = catalog.clone();
    let near = move |address: &str| catalog.is_near(address);
    Posters::new(&data.join("posters"), runtime.clone(), fetch, near)
}

fn proxy(proxy: &settings::Proxy) -> Proxy {
    let login = proxy.login.as_ref();
    Proxy {
        kind: ProxyKind::Socks5,
        host: proxy.host.clone(),
        port: proxy.port,
        login: login.map(|(user, password)| (user.clone(), password.0.clone())),
    }
}
