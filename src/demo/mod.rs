//! The demo: a film that needs no network, the default that is always there.
//!
//! On first use it is made on the spot (a landscape with a time code and a frame number machines
//! can read, two sound tracks, chapters, subtitles), kept in a folder, and from then on seeded by
//! a few sessions inside this process over loopback TCP. The box opens it like any film: from
//! peers, piece by piece, verified. Nothing else of the box knows that it is special.
//!
//! Invariant: `demo.torrent` is written last. Whatever is found without it, or does not match it,
//! is removed and made again, so a power cut at any time costs one more making.

mod canvas;
mod digits;
mod film;
mod landscape;
mod music;
pub mod pattern;
mod seed;
mod torrent;
mod words;

use std::fs::{self, File};
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::choosing::Offer;
use app::{Film, Poster, Reach, Readiness, Source, TorrentRef};
use tokio::runtime::Handle;
use tokio_util::sync::{CancellationToken, DropGuard};

use seed::Seeders;
use torrent::Metainfo;

/// How the demo gets on; at most a hundred of the first.
#[derive(Debug, Clone, PartialEq)]
pub enum DemoNews {
    /// The film is being made.
    Preparing { percent: u8 },
    /// It can be played: from the peers in its source, with these bytes of a .torrent file if
    /// they are wanted.
    Ready { film: Box<Film>, metainfo: Vec<u8> },
    /// It could not be made; why.
    Failed(String),
}

/// What kind of demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Of the film; whole quarters of a second, a second at least.
    pub length: Duration,
    /// One seeder for each: bytes a second it gives, none for no limit.
    pub rates: Vec<Option<NonZeroU32>>,
}

impl Default for Recipe {
    /// Two minutes, and three unequal peers that together give six times the film's rate.
    fn default() -> Recipe {
        Recipe {
            length: Duration::from_mins(2),
            rates: [400_000, 700_000, 1_200_000].map(NonZeroU32::new).to_vec(),
        }
    }
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error("the film could not be made: {0}")]
    Make(String),
    #[error("the disk is full")]
    DiskFull,
    #[error("{}: {why}", path.display())]
    File { path: PathBuf, why: io::Error },
    #[error("the film could not be seeded: {0}")]
    Seed(String),
    #[error("the film is damaged")]
    Damaged,
    #[error("stopped")]
    Stopped,
}

/// The demo as long as it lives: dropping it ends the making or the seeding.
#[derive(Debug)]
pub struct Demo {
    stop: Arc<AtomicBool>,
    _end: DropGuard,
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Where news goes; called from any thread, must not block.
pub type News = Arc<dyn Fn(DemoNews) + Send + Sync>;

impl Demo {
    /// Starts the demo in `dir` (made if it is not there) and returns at once. The runtime must
    /// be of the multi-thread kind.
    pub fn start(dir: PathBuf, runtime: &Handle, news: News) -> Demo {
        Self::start_as(Recipe::default(), dir, runtime, news)
    }

    /// The same with a recipe of one's own, for tests and benchmarks.
    pub fn start_as(recipe: Recipe, dir: PathBuf, runtime: &Handle, news: News) -> Demo {
        let end = CancellationToken::new();
        let stop = Arc::new(AtomicBool::new(false));
        let demo = Demo {
            stop: stop.clone(),
            _end: end.clone().drop_guard(),
        };
        runtime.spawn(async move {
            let started = tokio::select! {
                () = end.cancelled() => return,
                started = prepare(&recipe, &dir, &stop, &news) => started,
            };
            match started {
                Ok((seeders, metainfo)) => {
                    tracing::info!("the demo is seeded from {:?}", seeders.peers);
                    let film = Box::new(ready(&dir, &seeders, &metainfo));
                    let metainfo = metainfo.bytes;
                    news(DemoNews::Ready { film, metainfo });
                    end.cancelled().await;
                }
                Err(DemoError::Stopped) => {}
                Err(why) => {
                    tracing::warn!("no demo: {why}");
                    news(DemoNews::Failed(why.to_string()));
                }
            }
        });
        demo
    }

    /// The demo on the wall while it cannot be played yet, or never will.
    pub fn film(readiness: Readiness) -> Film {
        words::film(readiness, Vec::new(), None)
    }
}

fn ready(dir: &Path, seeders: &Seeders, metainfo: &Metainfo) -> Film {
    let source = Source {
        label: "720p · VP8 · from this box".to_owned(),
        reach: Reach::Torrent(TorrentRef {
            info_hash: metainfo.info_hash,
            name: words::TITLE.to_owned(),
            peers: seeders.peers.clone(),
            file: Some(0),
            ..TorrentRef::default()
        }),
        offer: Offer::default(),
    };
    let poster = paint(&Places::of(dir).poster);
    words::film(Readiness::Ready, vec![source], poster)
}

/// The poster, painted if it is not there yet; none if it cannot be kept, because the wall draws
/// one of its own then.
fn paint(path: &Path) -> Option<Poster> {
    if !path.exists() {
        let half = path.with_extension("part");
        let painted = fs::write(&half, film::poster()).and_then(|()| fs::rename(&half, path));
        if let Err(why) = painted {
            tracing::warn!("the demo's poster {}: {why}", path.display());
            return None;
        }
    }
    Some(Poster(path.to_str()?.into()))
}

/// Files of the demo in its folder.
struct Places {
    /// The torrent's folder.
    folder: PathBuf,
    /// The same while it is being filled.
    half: PathBuf,
    torrent: PathBuf,
    poster: PathBuf,
}

impl Places {
    fn of(dir: &Path) -> Places {
        Places {
            folder: dir.join(words::TITLE),
            half: dir.join(format!("{}.part", words::TITLE)),
            torrent: dir.join("demo.torrent"),
            poster: dir.join("poster.png"),
        }
    }
}

/// Files of the torrent, the film first.
fn names() -> Vec<String> {
    let stem = words::TITLE;
    let mut names = vec![format!("{stem}.mkv")];
    let subtitles = words::subtitles(Duration::ZERO);
    names.extend(subtitles.map(|(language, _)| format!("{stem}.{language}.srt")));
    names
}

/// Who made the torrent: changes when the film would come out differently, so that an older one
/// is made anew.
fn maker(recipe: &Recipe) -> String {
    format!("Matinee demo 1, {} ms", recipe.length.as_millis())
}

async fn prepare(
    recipe: &Recipe,
    dir: &Path,
    stop: &Arc<AtomicBool>,
    news: &News,
) -> Result<(Seeders, Metainfo), DemoError> {
    let places = Places::of(dir);
    if let Some(metainfo) = kept(recipe, &places).await {
        match Seeders::start(&places.folder, &metainfo.bytes, &recipe.rates).await {
            Ok(seeders) => return Ok((seeders, metainfo)),
            Err(why) => tracing::warn!("the demo is made anew: {why}"),
        }
    }
    let metainfo = {
        let (recipe, dir) = (recipe.clone(), dir.to_owned());
        let (stop, news) = (stop.clone(), news.clone());
        let making = tokio::task::spawn_blocking(move || produce(&recipe, &dir, &stop, &news));
        making
            .await
            .map_err(|why| DemoError::Make(why.to_string()))??
    };
    let seeders = Seeders::start(&places.folder, &metainfo.bytes, &recipe.rates).await?;
    Ok((seeders, metainfo))
}

/// The film of an earlier start, if it is whole and of this recipe: what the files give is what
/// the torrent beside them says.
async fn kept(recipe: &Recipe, places: &Places) -> Option<Metainfo> {
    let (torrent, folder) = (places.torrent.clone(), places.folder.clone());
    let maker = maker(recipe);
    let check = move || {
        let bytes = fs::read(torrent).ok()?;
        let found = torrent::create(&folder, &names(), words::TITLE, &maker).ok()?;
        (found.bytes == bytes).then_some(found)
    };
    tokio::task::spawn_blocking(check).await.ok().flatten()
}

/// Makes the folder and then its torrent, each under another name until it is complete. What it
/// cannot complete it takes away again: a full disk is not left full.
fn produce(
    recipe: &Recipe,
    dir: &Path,
    stop: &AtomicBool,
    news: &News,
) -> Result<Metainfo, DemoError> {
    let places = Places::of(dir);
    let begin = Instant::now();
    news(DemoNews::Preparing { percent: 0 });
    fs::create_dir_all(dir).map_err(in_file(dir))?;
    for path in [&places.torrent, &places.half, &places.folder] {
        remove(path).map_err(in_file(path))?;
    }
    let made = fill(recipe, &places.half, stop, news).and_then(|metainfo| {
        fs::rename(&places.half, &places.folder).map_err(in_file(&places.folder))?;
        Ok(metainfo)
    });
    let metainfo = match made {
        Ok(metainfo) => metainfo,
        Err(why) => {
            if let Err(why) = remove(&places.half) {
                tracing::warn!("{} stays behind: {why}", places.half.display());
            }
            return Err(why);
        }
    };
    let half = places.torrent.with_extension("part");
    fs::write(&half, &metainfo.bytes).map_err(in_file(&half))?;
    sync(&half)?;
    fs::rename(&half, &places.torrent).map_err(in_file(&places.torrent))?;
    let seconds = begin.elapsed().as_secs_f32();
    tracing::info!("the demo was made in {seconds:.1} s");
    Ok(metainfo)
}

/// Makes all files of the torrent in `folder`, down to the disk.
fn fill(
    recipe: &Recipe,
    folder: &Path,
    stop: &AtomicBool,
    news: &News,
) -> Result<Metainfo, DemoError> {
    fs::create_dir(folder).map_err(in_file(folder))?;
    let names = names();
    let film = folder.join(&names[0]);
    film::make(&film, recipe.length, stop, &mut |percent| {
        news(DemoNews::Preparing { percent });
    })?;
    for (name, (_, text)) in names[1..].iter().zip(words::subtitles(recipe.length)) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(in_file(&path))?;
    }
    for name in &names {
        sync(&folder.join(name))?;
    }
    torrent::create(folder, &names, words::TITLE, &maker(recipe)).map_err(in_file(folder))
}

fn sync(path: &Path) -> Result<(), DemoError> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(in_file(path))
}

/// What to make of an error at `path`.
fn in_file(path: &Path) -> impl FnOnce(io::Error) -> DemoError {
    let path = path.to_owned();
    move |why| match why.kind() {
        io::ErrorKind::StorageFull => DemoError::DiskFull,
        _ => DemoError::File { path, why },
    }
}

/// Removes a file or a folder, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
        _ => Ok(()),
    }
}
