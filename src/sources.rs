//! Puts our own sources together, by what the owner chose: which there are, through which door they
//! ask, and what of them others may have.
//!
//! Decides nothing else: what sources do is in the crate `internal`, who is asked when in
//! `catalog`.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use addon::AddOn;
use app::Row;
use bytes::Bytes;
use fetch::{Clock, Fetch};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use internal::{Account, Archive, Bundled, Drives, OpenSubtitles, Places, Served, Tmdb, Wiki};
use tokio::runtime::Handle;
use torrent::Torrents;

use crate::settings::{Settings, Sources};

/// Where texts of OpenSubtitles are kept in the data folder.
const TEXTS: &str = "texts";

/// Our own sources.
#[derive(Debug, Clone)]
pub struct Own {
    hosts: Vec<String>,
    add_ons: Vec<Arc<dyn AddOn>>,
    drives: Option<Drives>,
    archive: Option<Archive>,
    opensubtitles: Option<OpenSubtitles>,
}

/// The addresses of sources that the owner named.
pub fn places(sources: &Sources) -> Places {
    Places {
        archive: sources.archive_address.clone(),
        tmdb: sources.tmdb_address.clone(),
        opensubtitles: sources.opensubtitles_address.clone(),
        wiki: sources.wiki_address.clone(),
    }
}

/// The rows of the wall that are there without asking anybody, the owner's first; and the mistake
/// in the owner's catalogue if there is one.
pub fn catalogue(settings: &Settings) -> (Vec<Row>, Option<String>) {
    let (mut rows, mut mistake) = (Vec::new(), None);
    if let Some(file) = &settings.catalogue {
        match catalog::read(file) {
            Ok(own) => rows.extend(own),
            Err(error) => {
                tracing::warn!("catalogue left out: {error}");
                mistake = Some(error.to_string());
            }
        }
    }
    rows.extend(catalog::bundled());
    (rows, mistake)
}

impl Own {
    /// Those that were chosen, in the order in which they are asked. The engine keeps the .torrent
    /// files that are found in folders.
    pub fn new(
        settings: &Settings,
        fetch: &Fetch,
        data: &Path,
        torrents: &Torrents,
        runtime: &Handle,
    ) -> Own {
        let sources = &settings.sources;
        let places = places(sources);
        let clock: Clock = Arc::new(SystemTime::now);
        let secret = |text: &str| facts::Secret::new(text);
        let folders = sources.film_folders.iter().chain(&sources.drives);
        let folders: Vec<_> = folders.cloned().collect();
        let drives = (!folders.is_empty()).then(|| {
            let torrents = torrents.clone();
            let found = Arc::new(move |bytes: &[u8]| {
                if let Err(why) = torrents.add_metainfo(bytes) {
                    tracing::info!("a .torrent in a folder is left out: {why:?}");
                }
            });
            Drives::start(folders, found, runtime)
        });
        let archive = sources
            .internet_archive
            .then(|| Archive::new(fetch, &places, Arc::clone(&clock)));
        let tmdb = sources.tmdb_token.as_ref().map(|token| {
            let (language, country) = (sources.language(), sources.country());
            Tmdb::new(fetch, &places, secret(&token.0), language, country)
        });
        let wiki = sources
            .wikipedia
            .then(|| Wiki::new(fetch, &places, sources.language()));
        let opensubtitles = sources.opensubtitles_key.as_ref().map(|key| {
            let user = sources.opensubtitles_user.clone();
            let password = sources.opensubtitles_password.as_ref();
            let account = Account {
                key: secret(&key.0),
                login: user.zip(password.map(|password| secret(&password.0))),
            };
            let folder = data.join(TEXTS);
            OpenSubtitles::new(
                fetch,
                &places,
                account,
                &sources.understood(),
                folder,
                clock,
            )
        });
        let mut add_ons: Vec<Arc<dyn AddOn>> = Vec::new();
        // What lies here is there at once; the owner's account knows most; the others fill up.
        add_ons.extend(
            drives
                .iter()
                .map(|it| Arc::new(it.clone()) as Arc<dyn AddOn>),
        );
        add_ons.extend(tmdb.map(|it| Arc::new(it) as Arc<dyn AddOn>));
        add_ons.extend(
            archive
                .iter()
                .map(|it| Arc::new(it.clone()) as Arc<dyn AddOn>),
        );
        add_ons.extend(wiki.map(|it| Arc::new(it) as Arc<dyn AddOn>));
        add_ons.extend(
            opensubtitles
                .iter()
                .map(|it| Arc::new(it.clone()) as Arc<dyn AddOn>),
        );
        Own {
            hosts: places.hosts(),
            add_ons,
            drives,
            archive,
            opensubtitles,
        }
    }

    pub fn add_ons(&self) -> Vec<Arc<dyn AddOn>> {
        self.add_ons.clone()
    }

    /// Hosts at home that the owner named for them.
    pub fn hosts(&self) -> Vec<String> {
        self.hosts.clone()
    }

    /// Those that others may have, with the films that come with the box.
    pub fn served(&self, bundled: Vec<Row>) -> Served {
        let bundled: Arc<dyn AddOn> = Arc::new(Bundled::new(bundled));
        let mut named = vec![("bundled", bundled)];
        let archive = self.archive.iter();
        named.extend(archive.map(|it| ("archive", Arc::new(it.clone()) as Arc<dyn AddOn>)));
        let served = Served::new(named);
        match &self.drives {
            Some(drives) => served.with_drives(drives.clone()),
            None => served,
        }
    }

    /// Calls `changed` whenever there are other films in the folders than before.
    pub fn follow(&self, runtime: &Handle, changed: impl Fn() + Send + 'static) {
        if let Some(drives) = &self.drives {
            let mut changes = drives.changes();
            runtime.spawn(async move {
                while changes.next().await {
                    changed();
                }
            });
        }
    }

    /// The bytes of a text whose address only this box can read; none for any other address.
    pub fn text(&self, address: &str) -> Option<BoxFuture<'static, Result<Bytes, String>>> {
        if address.starts_with(internal::opensubtitles::PREFIX) {
            let site = self.opensubtitles.clone()?;
            let address = address.to_owned();
            let text = async move { site.text(&address).await.map_err(|it| it.to_string()) };
            return Some(text.boxed());
        }
        if address.starts_with("file:") {
            let drives = self.drives.clone();
            let address = address.to_owned();
            let text = async move {
                let read = match drives {
                    Some(drives) => drives.text(&address).await,
                    None => None,
                };
                read.ok_or_else(|| "it is not in the owner's folders".to_owned())
            };
            return Some(text.boxed());
        }
        None
    }
}
