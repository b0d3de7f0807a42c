//! From settings and store to the one door to the web, and to those who ask by it: the catalogue,
//! films that are files, updates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use catalog::{Catalog, Posters};
use fetch::{Fetch, FetchError, Proxy, ProxyKind};
use files::Files;
use store::Store;
use tokio::runtime::Handle;

use crate::board::Board;
use crate::event_loop::Inbox;
use crate::keeping::{KeptAnswers, KeptThings};
use crate::power;
use crate::settings::{self, Settings};
use crate::sources::{self, Own};
use crate::updates::{self, Channels, Updates};

/// The door: by the proxy, where there is one, and with answers that outlive a restart.
///
/// # Errors
/// A proxy that cannot be one.
pub fn fetch(settings: &Settings, store: &Store) -> std::result::Result<Fetch, FetchError> {
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

/// Updates of this box and what the core must know of them; none where the image says nothing of
/// updates. By a door of their own: hosts at home are others than those of films.
///
/// # Errors
/// A file that was named is not there, or one has a mistake.
pub fn updates(
    settings: &Settings,
    data: &Path,
    board: Option<&Board>,
    runtime: &Handle,
    inbox: &Inbox,
) -> Result<Option<(Updates, app::UpdateSettings)>> {
    let named = settings.updates.as_deref();
    let path = named.unwrap_or(Path::new(updates::USUAL_FILE));
    let Some(channels) = Channels::read(path)? else {
        anyhow::ensure!(named.is_none(), "{}: there is no such file", path.display());
        return Ok(None);
    };
    let door = Fetch::new(fetch::Config {
        proxy: settings.engine.proxy.as_ref().map(proxy),
        interface: settings.engine.bind_interface.clone(),
        lan: channels.hosts(),
        ..fetch::Config::default()
    })?;
    let version = updates::version(Path::new(updates::RELEASE_FILE));
    let config = updates::Config {
        channels,
        board: board.map(|board| board.name.clone()).unwrap_or_default(),
        version: version.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
        data: data.to_owned(),
        given_up: PathBuf::from(updates::GIVEN_UP_FILE),
        runtime: power::folder(),
        bus: None,
    };
    let inbox = inbox.clone();
    let news = Arc::new(move |news| inbox.news(app::Event::Update(news)));
    Ok(Some(Updates::start(config, door, runtime, news)))
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
