//! Backups that phones save and bring, and how the box does for those who ask from one.
//!
//! A backup that is brought is looked at and lies in the data folder until its owner was asked on
//! the TV; then its name says how it is wanted, and the next start takes it in before anything else
//! reads the library. A cut of the power on the way leaves a file that is dropped or taken in
//! again, which changes nothing.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{BackupAct, BackupNews, Event};
use futures_util::future::BoxFuture;
use store::{IMPORT_BYTES_MAX, Import, Opened, Store};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::event_loop::Inbox;
use crate::remote::{Belongings, NotTaken};
use crate::{incidents, log, small_file};

/// In the data folder: what was brought, and what its owner wants of it.
const OFFERED: &str = "backup-offered.json";
const TO_ADD: &str = "backup-to-add.json";
const TO_REPLACE: &str = "backup-to-replace.json";

/// The core answers at once; a box that is that busy is not well, and what else there is is told.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the kernel says of itself.
const KERNEL: &str = "/proc/sys/kernel/osrelease";

/// What phones ask for.
pub struct Backup {
    pub store: Store,
    pub inbox: Inbox,
    pub folder: PathBuf,
    /// Of the board; empty: it is none.
    pub board: String,
    /// How the core says that the box does.
    pub told: watch::Receiver<Arc<str>>,
    pub start: Instant,
}

impl std::fmt::Debug for Backup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Backup({})", self.folder.display())
    }
}

impl Belongings for Backup {
    fn save(&self) -> Result<Vec<u8>, String> {
        self.store.export().map_err(|error| error.to_string())
    }

    fn bring(&self, file: &[u8]) -> Result<(), NotTaken> {
        let films = store::films_of_export(file);
        let films = films.map_err(|error| NotTaken::Unfit(error.to_string()))?;
        let kept = small_file::replace_private(&self.folder.join(OFFERED), file);
        kept.map_err(|error| NotTaken::NotKept(error.to_string()))?;
        self.inbox
            .news(Event::Backup(BackupNews::Offered { films }));
        Ok(())
    }

    fn diagnostics(&self) -> BoxFuture<'static, String> {
        let (mut told, inbox) = (self.told.clone(), self.inbox.clone());
        let (board, up) = (self.board.clone(), self.start.elapsed());
        Box::pin(async move {
            told.mark_unchanged();
            let asking = tokio::task::spawn_blocking(move || inbox.news(Event::Diagnose));
            let answered = async { asking.await.is_ok() && told.changed().await.is_ok() };
            let well = matches!(timeout(PATIENCE, answered).await, Ok(true));
            let told = well.then(|| Arc::clone(&told.borrow()));
            report(&board, up, told.as_deref(), &log::warnings())
        })
    }
}

/// One text; `told`: what the core says, none: it did not answer.
fn report(board: &str, up: Duration, told: Option<&str>, warnings: &[String]) -> String {
    let mut text = format!("Matinee {}\n", env!("CARGO_PKG_VERSION"));
    let kernel = small_file::read(Path::new(KERNEL), "a version")
        .ok()
        .flatten();
    let kernel = kernel.unwrap_or_default();
    let board = if board.is_empty() { "none" } else { board };
    // Writing to a text cannot fail.
    let _ = writeln!(text, "Board: {board}\nLinux {}", kernel.trim());
    let _ = writeln!(text, "Up for {} min\n", up.as_secs() / 60);
    text.push_str(told.unwrap_or("The core of the box does not answer.\n"));
    for incident in incidents::read(Path::new(incidents::FILE)) {
        let _ = writeln!(text, "Start: {incident:?}");
    }
    let _ = writeln!(text, "\nWarnings, the latest last; names are left out:");
    for line in warnings {
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Does what was chosen on the TV with the one that was offered. Blocks on the disk; what came of
/// it is told.
pub fn perform(folder: &Path, act: BackupAct, inbox: &Inbox) {
    let offered = folder.join(OFFERED);
    let done = match act {
        BackupAct::Add => fs::rename(offered, folder.join(TO_ADD)),
        BackupAct::Replace => fs::rename(offered, folder.join(TO_REPLACE)),
        BackupAct::Drop => return dropped(&offered),
    };
    let news = match done.and_then(|()| fs::File::open(folder)?.sync_all()) {
        Ok(()) => BackupNews::Waits,
        Err(error) => BackupNews::Failed {
            why: error.to_string(),
        },
    };
    inbox.news(Event::Backup(news));
}

/// Takes in what waits, at the start; none: nothing does.
pub fn take_in(folder: &Path, opened: &mut Opened) -> Option<BackupNews> {
    dropped(&folder.join(OFFERED));
    let ways = [(TO_REPLACE, Import::Replace), (TO_ADD, Import::Merge)];
    let news = ways.into_iter().filter_map(|(name, import)| {
        let path = folder.join(name);
        let taken = match read(&path) {
            Ok(None) => return None,
            Ok(Some(bytes)) => opened.import(&bytes, import).map_err(|why| why.to_string()),
            Err(why) => Err(why.to_string()),
        };
        dropped(&path);
        Some(match taken {
            Ok(imported) => {
                tracing::info!("a backup of {} films is taken in", imported.marks);
                BackupNews::TakenIn
            }
            Err(why) => BackupNews::Failed { why },
        })
    });
    news.collect::<Vec<_>>().pop()
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut bytes = Vec::new();
    // One more, so that a file that is too large is seen to be.
    file.take(IMPORT_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn dropped(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!("{}: {error}", path.display());
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Opened {
        Store::open(folder, |_| {}).unwrap()
    }

    /// A box that was told that, and what it saves.
    fn saved(folder: &Path, night: bool) -> Vec<u8> {
        let opened = open(folder);
        let mut library = opened.library.clone();
        library.sound.night = night;
        library.owner.welcomed = true;
        opened.store.save(library);
        assert!(opened.store.flush(Duration::from_secs(60)));
        opened.store.export().unwrap()
    }

    #[test]
    fn what_was_brought_is_taken_in_once_and_as_it_was_wanted() {
        let old = tempfile::tempdir().unwrap();
        let file = saved(old.path(), true);
        for (act, name) in [(BackupAct::Add, TO_ADD), (BackupAct::Replace, TO_REPLACE)] {
            let new = tempfile::tempdir().unwrap();
            drop(saved(new.path(), false));
            let mut opened = open(new.path());
            let (inbox, news) = Inbox::new();
            let (_, told) = watch::channel(Arc::from(""));
            let backup = Backup {
                store: opened.store.clone(),
                inbox: inbox.clone(),
                folder: new.path().to_owned(),
                board: String::new(),
                told,
                start: Instant::now(),
            };
            assert!(matches!(backup.bring(b"{}"), Err(NotTaken::Unfit(_))));
            backup.bring(&file).unwrap();
            let offered = Event::Backup(BackupNews::Offered { films: 0 });
            assert_eq!(news.recv().unwrap().1, offered);
            // Nothing holds before it was wanted, and a start drops what nobody wanted.
            assert_eq!(take_in(new.path(), &mut opened), None);
            assert!(!new.path().join(OFFERED).exists());
            backup.bring(&file).unwrap();
            let _ = news.recv().unwrap();
            perform(new.path(), act, &inbox);
            assert_eq!(news.recv().unwrap().1, Event::Backup(BackupNews::Waits));
            assert!(new.path().join(name).exists());
            assert_eq!(take_in(new.path(), &mut opened), Some(BackupNews::TakenIn));
            assert!(opened.library.sound.night && opened.library.owner.welcomed);
            assert_eq!(take_in(new.path(), &mut opened), None);
        }
    }

    #[test]
    fn a_file_that_went_bad_is_told_and_does_not_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut opened = open(folder.path());
        fs::write(folder.path().join(TO_ADD), "half of").unwrap();
        let news = take_in(folder.path(), &mut opened);
        assert!(matches!(news, Some(BackupNews::Failed { .. })), "{news:?}");
        assert_eq!(take_in(folder.path(), &mut opened), None);
        let (inbox, news) = Inbox::new();
        perform(folder.path(), BackupAct::Add, &inbox);
        let (_, event) = news.recv().unwrap();
        assert!(matches!(event, Event::Backup(BackupNews::Failed { .. })));
    }

    #[test]
    fn a_report_says_what_there_is_to_say() {
        let warnings = ["WARN one".to_owned()];
        let text = report("Raspberry Pi 4", Duration::from_secs(600), None, &warnings);
        assert!(text.contains("Board: Raspberry Pi 4\n") && text.contains("Up for 10 min\n"));
        assert!(text.contains("does not answer") && text.ends_with("WARN one\n"));
        let text = report("", Duration::ZERO, Some("Network\nConnected\n"), &[]);
        assert!(text.contains("\nNetwork\nConnected\n") && !text.contains("does not answer"));
    }
}
