//! Films in the owner's folders and on drives, as an add-on: files, torrents and magnet links that
//! lie there, by what their names say.
//!
//! Folders are walked once and watched from then on. A film is a stream whose address is `file://`
//! (see the crate). Nothing outside the named folders is ever told: links are not followed, and
//! before a file is told for playing its place is looked at again.

mod index;
mod walk;
mod watch;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, CatalogEntry, Extra, InfoHash, Manifest, Meta,
    PAGE_ITEMS, Request, Resource, Rule, Source, Stream, StreamHints, Subtitle, Video,
};
use app::own;
use bytes::Bytes;
use tokio::sync::watch as news;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use self::index::{Index, Place, Shown, Title, Version};
use crate::metainfo::magnet;

/// Before a title's name.
pub const PREFIX: &str = "drive:";

/// A wall waits so long for the first walk; a large drive takes some seconds.
const FIRST_WALK: Duration = Duration::from_secs(6);

/// Of one text, as the catalogue takes them.
const TEXT_BYTES_MAX: u64 = 8 << 20;

/// Takes the bytes of a .torrent that was found, so that the engine need not ask peers for them.
pub type TakesTorrent = Arc<dyn Fn(&[u8]) + Send + Sync>;

/// The add-on. The watching ends with the last clone.
#[derive(Debug, Clone)]
pub struct Drives(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    manifest: Arc<Manifest>,
    index: news::Receiver<Option<Arc<Index>>>,
    watching: JoinHandle<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

impl Drives {
    /// Begins to walk `folders`, on a runtime with time and I/O.
    pub fn start(
        folders: Vec<PathBuf>,
        torrents: TakesTorrent,
        runtime: &tokio::runtime::Handle,
    ) -> Drives {
        let (sender, index) = news::channel(None);
        Drives(Arc::new(Inner {
            manifest: Arc::new(manifest()),
            index,
            watching: runtime.spawn(watch::watch(folders, torrents, sender)),
        }))
    }

    /// What tells when there are other films than now.
    pub fn changes(&self) -> Changes {
        let mut index = self.0.index.clone();
        index.mark_unchanged();
        Changes(index)
    }

    /// The file of the n-th stream of a film, if that is a file in the folders now.
    pub async fn file(&self, id: &str, number: usize) -> Option<PathBuf> {
        let index = self.0.index().await.ok()?;
        let id = id.to_owned();
        let find = move || match &streams(&index, &id).get(number)?.source {
            Source::Url(url) => file_of(url),
            _ => None,
        };
        tokio::task::spawn_blocking(find).await.ok().flatten()
    }

    /// The text that an address of ours names, if it lies in the folders.
    pub async fn text(&self, address: &str) -> Option<Bytes> {
        let index = self.0.index().await.ok()?;
        let path = file_of(address)?;
        let read = move || {
            let real = inside(&path, index.roots())?;
            let mut bytes = Vec::new();
            let file = std::fs::File::open(real).ok()?;
            file.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).ok()?;
            (bytes.len() as u64 <= TEXT_BYTES_MAX).then(|| Bytes::from(bytes))
        };
        tokio::task::spawn_blocking(read).await.ok().flatten()
    }
}

/// Tells of changes in the folders.
#[derive(Debug)]
pub struct Changes(news::Receiver<Option<Arc<Index>>>);

impl Changes {
    /// Until there are other films than when it was asked last; false when nobody watches any
    /// more.
    pub async fn next(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

impl AddOn for Drives {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.0.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            inner.manifest.admit(&request)?;
            let index = inner.index().await?;
            let body = match request.resource {
                Resource::Catalog => Body::Catalog(catalog(&index, &request)),
                Resource::Meta => Body::Meta(index.title(&request.id).map(|it| Box::new(page(it)))),
                Resource::Subtitles => {
                    let version = index.versions(&request.id).first();
                    Body::Subtitles(version.map(subtitles).unwrap_or_default())
                }
                _ => {
                    let id = request.id.clone();
                    let streams = move || streams(&index, &id);
                    let streams = tokio::task::spawn_blocking(streams).await;
                    Body::Streams(streams.unwrap_or_default())
                }
            };
            Ok(Answer::new(body))
        })
    }
}

impl Inner {
    /// What was found; waits for the first walk.
    async fn index(&self) -> Result<Arc<Index>, AddOnError> {
        let mut index = self.index.clone();
        let walked = async {
            let index = index.wait_for(Option::is_some).await;
            index.map(|index| index.clone().unwrap_or_default())
        };
        match timeout(FIRST_WALK, walked).await {
            Ok(Ok(index)) => Ok(index),
            Ok(Err(_)) => Err(AddOnError::Failed("nobody watches".into())),
            Err(_) => Err(AddOnError::TimedOut),
        }
    }
}

fn manifest() -> Manifest {
    let types = vec!["movie".to_owned(), "series".to_owned()];
    let rule = |resource| Rule {
        resource,
        types: types.clone(),
        id_prefixes: Some(vec![PREFIX.to_owned()]),
    };
    let row = |kind: &str, name: &str| CatalogEntry {
        name: Some(name.to_owned()),
        extra: vec![Extra::new("search"), Extra::new("skip")],
        ..CatalogEntry::new(kind, "drives")
    };
    Manifest {
        id: crate::add_on_id("drives"),
        name: own::DRIVES.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: Some(own::DRIVES_ABOUT.to_owned()),
        resources: [Resource::Meta, Resource::Stream, Resource::Subtitles]
            .map(rule)
            .to_vec(),
        catalogs: vec![row("movie", own::DRIVES), row("series", own::DRIVES_SERIES)],
        types,
        ..Manifest::default()
    }
}

fn catalog(index: &Index, request: &Request) -> Vec<Meta> {
    let words = request.extra("search").unwrap_or_default().to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let meant = |title: &&Title| {
        let name = title.name.to_lowercase();
        title.kind() == request.kind && words.iter().all(|word| name.contains(word))
    };
    let titles = index.titles().filter(meant);
    titles
        .skip(request.skip())
        .take(PAGE_ITEMS)
        .map(tile)
        .collect()
}

fn tile(title: &Title) -> Meta {
    Meta {
        release_info: title.year.map(|year| year.to_string()),
        ..Meta::new(title.id.clone(), title.kind(), title.name.clone())
    }
}

fn page(title: &Title) -> Meta {
    let mut meta = tile(title);
    if let Shown::Series(episodes) = &title.shown {
        let videos = episodes.iter().map(|((season, number), episode)| Video {
            id: format!("{}:{season}:{number}", title.id),
            title: episode.name.clone(),
            season: Some(u32::from(*season)),
            episode: Some(u32::from(*number)),
            ..Video::default()
        });
        meta.videos = videos.collect();
    }
    meta
}

/// Blocks on the disk.
fn streams(index: &Index, id: &str) -> Vec<Stream> {
    let versions = index.versions(id).iter();
    versions
        .filter_map(|version| stream(version, index.roots()))
        .collect()
}

fn stream(version: &Version, roots: &[PathBuf]) -> Option<Stream> {
    let source = match &version.place {
        Place::File(path) => Source::Url(file_url(&inside(path, roots)?)?),
        Place::Torrent {
            info_hash,
            name,
            file,
            trackers,
            web_seeds,
        } => {
            let trackers = trackers.iter().map(|it| ("tr", it.as_str()));
            let seeds = web_seeds.iter().map(|it| ("ws", it.as_str()));
            let places: Vec<_> = trackers.chain(seeds).collect();
            Source::Magnet {
                link: magnet(*info_hash, name, *file, &places),
                info_hash: InfoHash(*info_hash),
            }
        }
        Place::Magnet { link, info_hash } => Source::Magnet {
            link: link.clone(),
            info_hash: InfoHash(*info_hash),
        },
    };
    Some(Stream {
        name: Some(own::DRIVES.to_owned()),
        description: Some(version.file_name.clone()),
        subtitles: subtitles(version),
        hints: StreamHints {
            filename: Some(version.file_name.clone()),
            video_bytes: version.bytes,
            binge_group: version.group.clone(),
            ..StreamHints::default()
        },
        ..Stream::of(source)
    })
}

fn subtitles(version: &Version) -> Vec<Subtitle> {
    let texts = version.texts.iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let facts = subtitles::facts(name, Some(&version.file_name));
        let url = file_url(path)?;
        let language = facts.language;
        Some(Subtitle {
            // It lies beside the film: made for this very file.
            id: format!("hash:{url}"),
            lang: language.map_or_else(|| "und".to_owned(), |it| it.tag().to_owned()),
            label: Some(name.to_owned()),
            url,
        })
    });
    texts.collect()
}

/// Where the file is now, if that is still in one of the folders: a name in the middle of its path
/// may have become a link since it was found.
fn inside(path: &Path, roots: &[PathBuf]) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    let in_one = roots.iter().any(|root| real.starts_with(root));
    (in_one && real.is_file()).then_some(real)
}

fn file_url(path: &Path) -> Option<String> {
    url::Url::from_file_path(path).ok().map(String::from)
}

/// The file that a `file://` address of ours names; none for any other address.
pub fn file_of(url: &str) -> Option<PathBuf> {
    let url = url::Url::parse(url).ok()?;
    let local = url.scheme() == "file" && url.host_str().is_none_or(str::is_empty);
    local.then(|| url.to_file_path().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_travel_as_addresses_and_come_back() {
        for path in ["/media/A film #1 100%.mkv", "/media/Le Père/é.mkv", "/a?b"] {
            let url = file_url(Path::new(path)).unwrap();
            assert!(url.starts_with("file:///"), "{url}");
            assert_eq!(file_of(&url), Some(PathBuf::from(path)));
        }
        for other in [
            "https://a.example/x",
            "file://host/x",
            "/media/x",
            "file:x y",
        ] {
            let path = file_of(other);
            assert!(path.is_none() || other == "file:x y", "{other}: {path:?}");
        }
        assert_eq!(file_url(Path::new("relative")), None);
    }
}
