//! Disks that are plugged in: what root's half of the box tells of them, what room the box's own
//! have, and how fast they are.
//!
//! The box is not root: it reads a folder of small files that `systemd/disk` writes, and asks for a
//! disk of its own by a file in its folder of requests (`systemd/adopt`), as for the end of the
//! machine (`power`). A thread of its own sleeps until that folder changes. It decides nothing:
//! where films are kept is the core's to say (`app::keeps_on`).

mod speed;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use app::{AdoptFailure, Drive, DriveNews, Room};
use rustix::event::{PollFd, PollFlags};
use rustix::fs::inotify::WatchFlags;

use crate::bell;
use crate::folder_watch::FolderWatch;
use crate::small_file;

/// Where root's half tells of disks; in memory.
pub const FOLDER: &str = "/run/matinee/disks";

/// The file in it that tells how a disk is made the box's own, and that which asks for it.
const ADOPT: &str = "adopt";

/// The folder of a disk of its own that the box may write to, and in it that of films.
const OURS: &str = "matinee";
const CACHE: &str = "cache";

/// Disks are not read beyond so many.
const DISKS_MAX: usize = 64;

/// Takes news. It may wait for the core.
pub type Sink = Arc<dyn Fn(DriveNews) + Send + Sync>;

/// Where films are kept on each disk of the box's own.
type Places = Arc<Mutex<BTreeMap<Arc<str>, PathBuf>>>;

/// The hand on the disks.
pub struct Storage {
    requests: PathBuf,
    places: Places,
    sink: Sink,
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Storage({})", self.requests.display())
    }
}

/// Disks cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("drives: {}: {source}", path.display())]
pub struct StorageError {
    path: PathBuf,
    source: io::Error,
}

impl Storage {
    /// Reads `folder` on a thread of its own, as long as the process lives; `requests` is where
    /// something can be asked for, `data` where the box keeps its own things.
    ///
    /// # Errors
    /// The folder cannot be watched, as where there is none: nobody tells of disks there.
    pub fn start(
        folder: &Path,
        requests: PathBuf,
        data: PathBuf,
        sink: Sink,
    ) -> Result<Storage, StorageError> {
        let failed = |source: io::Error| StorageError {
            path: folder.to_owned(),
            source,
        };
        let places = Places::default();
        let mut disks = Disks {
            folder: folder.to_owned(),
            data,
            watch: watch(folder).map_err(failed)?,
            speeds: BTreeMap::new(),
            adopting: None,
            places: Arc::clone(&places),
            sink: Arc::clone(&sink),
        };
        let thread = std::thread::Builder::new().name("storage".to_owned());
        let run = move || {
            if let Err(why) = disks.run() {
                tracing::error!("nothing is heard of drives any more: {why}");
            }
        };
        thread.spawn(run).map_err(failed)?;
        Ok(Storage {
            requests,
            places,
            sink,
        })
    }

    /// Asks for the disk to be the box's own; a small file in memory, so nobody waits.
    pub fn adopt(&self, id: &str) {
        tracing::info!("drives: {id} is to be the box's own");
        if let Err(why) = small_file::replace(&self.requests.join(ADOPT), id.as_bytes()) {
            tracing::warn!("drives: {why}");
            (self.sink)(DriveNews::Adopted(Err(AdoptFailure::Broken)));
        }
    }

    /// Where films are kept on that disk, while it is there.
    pub fn folder(&self, id: &str) -> Option<PathBuf> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(id).cloned()
    }

    /// Films are kept where they were.
    pub fn not_moved(&self) -> impl Fn() + Send + 'static {
        let sink = Arc::clone(&self.sink);
        move || sink(DriveNews::NotMoved)
    }
}

fn watch(folder: &Path) -> io::Result<FolderWatch> {
    // What is told is moved to its place whole.
    FolderWatch::of(folder, WatchFlags::MOVED_TO | WatchFlags::DELETE)
}

/// By which one file is told from the next of the same name: its number and time.
type Mark = (u64, i64, i64);

/// What is told of a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    id: Arc<str>,
    name: String,
    bytes: u64,
    /// It is the box's own, and there.
    mount: Option<PathBuf>,
}

struct Disks {
    folder: PathBuf,
    data: PathBuf,
    watch: FolderWatch,
    /// As measured when it came, by its place: another disk may get that.
    speeds: BTreeMap<(Arc<str>, PathBuf), u64>,
    /// Of what was told last of one that is made ours.
    adopting: Option<Mark>,
    places: Places,
    sink: Sink,
}

impl Disks {
    fn run(&mut self) -> io::Result<()> {
        // What was asked for before this process is over, or nobody's.
        self.adopting = self.adopted().map(|(mark, _)| mark);
        loop {
            self.look();
            bell::sleep(&mut [PollFd::new(&self.watch, PollFlags::IN)], None)?;
            self.watch.heard(|_, _| {})?;
        }
    }

    /// Tells what there is: at once, and again when what is new was measured.
    fn look(&mut self) {
        let told = self.told();
        let mounts = |disk: &Told| Some((disk.id.clone(), disk.mount.clone()?));
        let ours: Vec<_> = told.iter().filter_map(mounts).collect();
        self.speeds.retain(|place, _| ours.contains(place));
        let new: Vec<_> = ours
            .iter()
            .filter(|place| !self.speeds.contains_key(place))
            .collect();
        // One that is at another place than before was gone in between.
        let moved = self.moved(&ours);
        if !moved.is_empty() {
            let stayed = told.iter().filter(|disk| !moved.contains(&disk.id));
            self.tell(&stayed.cloned().collect::<Vec<_>>());
        }
        self.tell(&told);
        for (id, mount) in &new {
            let measured =
                fs::create_dir_all(cache(mount)).and_then(|()| speed::measure(&cache(mount)));
            match measured {
                Ok(speed) => {
                    tracing::info!("drives: {id} does {} MB/s", speed / 1_000_000);
                    self.speeds.insert((id.clone(), mount.clone()), speed);
                }
                Err(why) => tracing::warn!("drives: {id}: {why}"),
            }
        }
        if !new.is_empty() {
            self.tell(&told);
        }
        if let Some((mark, news)) = self.adopted()
            && self.adopting.replace(mark) != Some(mark)
        {
            (self.sink)(news);
        }
    }

    /// Those that are the box's own and were at other places.
    fn moved(&self, ours: &[(Arc<str>, PathBuf)]) -> Vec<Arc<str>> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let other = |(id, mount): &&(Arc<str>, PathBuf)| {
            places.get(id).is_some_and(|place| *place != cache(mount))
        };
        ours.iter()
            .filter(other)
            .map(|(id, _)| id.clone())
            .collect()
    }

    fn tell(&self, told: &[Told]) {
        let mut places = BTreeMap::new();
        let drives = told.iter().map(|disk| {
            let room = disk.mount.as_ref().and_then(|mount| {
                let free_bytes = free(mount).ok()?;
                let place = (disk.id.clone(), mount.clone());
                places.insert(disk.id.clone(), cache(mount));
                Some(Room {
                    free_bytes,
                    speed: self.speeds.get(&place).copied(),
                })
            });
            Drive {
                id: disk.id.clone(),
                name: disk.name.clone(),
                bytes: disk.bytes,
                room,
            }
        });
        let drives = drives.collect();
        *self.places.lock().unwrap_or_else(PoisonError::into_inner) = places;
        let internal = Room {
            free_bytes: free(&self.data).unwrap_or(0),
            speed: None,
        };
        (self.sink)(DriveNews::There { drives, internal });
    }

    fn told(&self) -> Vec<Told> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<_> = names
            .filter(|name| !name.starts_with('.') && name != ADOPT)
            .collect();
        names.sort_unstable();
        names.truncate(DISKS_MAX);
        let disks = names.iter().filter_map(|name| {
            let text = small_file::read(&self.folder.join(name), "drive").ok()??;
            told(&text)
        });
        disks.collect()
    }

    fn adopted(&self) -> Option<(Mark, DriveNews)> {
        let path = self.folder.join(ADOPT);
        let about = fs::metadata(&path).ok()?;
        let text = small_file::read(&path, "drive").ok()??;
        let mark = (about.ino(), about.mtime(), about.mtime_nsec());
        Some((mark, adopted(&text)?))
    }
}

fn cache(mount: &Path) -> PathBuf {
    mount.join(OURS).join(CACHE)
}

/// Free bytes for us.
fn free(folder: &Path) -> io::Result<u64> {
    let about = rustix::fs::statvfs(folder)?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}

/// The value of a key in lines `key=value`.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    lines
        .find(|(known, _)| *known == key)
        .map(|(_, value)| value)
}

fn told(text: &str) -> Option<Told> {
    Some(Told {
        id: value(text, "id")?.into(),
        name: value(text, "name")?.to_owned(),
        bytes: value(text, "bytes")?.parse().ok()?,
        mount: value(text, "mount").map(PathBuf::from),
    })
}

fn adopted(text: &str) -> Option<DriveNews> {
    let number = |key| value(text, key)?.parse::<u8>().ok();
    let (step, of) = (number("step")?, number("of")?);
    let failure = match value(text, "why")? {
        "" if step == of => return Some(DriveNews::Adopted(Ok(()))),
        "" => return Some(DriveNews::Adopting { step, of }),
        "gone" => AdoptFailure::Gone,
        "busy" => AdoptFailure::Busy,
        "small" => AdoptFailure::Small,
        "ours" => AdoptFailure::Ours,
        "readonly" => AdoptFailure::ReadOnly,
        _ => AdoptFailure::Broken,
    };
    Some(DriveNews::Adopted(Err(failure)))
}

#[cfg(test)]
mod tests;
