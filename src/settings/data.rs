//! The data folder: where it usually is, that it can be used, and that nobody else uses it.
//!
//! Two boxes on one folder would evict each other's pieces and write over each other's library,
//! so a lock on a file in it is held as long as the process lives. The kernel frees it however the
//! process ends: there are no stale locks. The file's text, our process number, is for the error
//! message alone.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::SettingsError;

/// The lock's file in the data folder.
const LOCK: &str = "lock";

/// What is written and removed again to see that it can be.
const PROBE: &str = "probe.new";

/// The data folder, held for this process alone. Dropping it lets another have it.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder when it is missing (for its owner alone), sees that files can be written
    /// there, and locks it.
    ///
    /// # Errors
    /// [`SettingsError::Data`] with the path and the system's reason, [`SettingsError::Taken`]
    /// with the other's process number.
    pub fn open(path: &Path) -> Result<Self, SettingsError> {
        let make = DirBuilder::new().recursive(true).mode(0o700).create(path);
        make.map_err(|error| failed(path, "made", error))?;
        let lock = lock(path)?;
        write_probe(path).map_err(|error| failed(path, "written to", error))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn failed(path: &Path, tried: &'static str, source: io::Error) -> SettingsError {
    SettingsError::Data {
        path: path.to_owned(),
        tried,
        source,
    }
}

fn lock(folder: &Path) -> Result<File, SettingsError> {
    let not_written = |error| failed(folder, "written to", error);
    let mut options = OpenOptions::new();
    // Not truncated: until it is ours the text is the other's.
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options
        .mode(0o600)
        .open(folder.join(LOCK))
        .map_err(not_written)?;
    match file.try_lock() {
        Ok(()) => {
            let named = file
                .set_len(0)
                .and_then(|()| write!(file, "{}", std::process::id()));
            named.map_err(not_written)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => Err(SettingsError::Taken {
            path: folder.to_owned(),
            pid: pid_in(&mut file),
        }),
        Err(TryLockError::Error(error)) => Err(failed(folder, "locked", error)),
    }
}

/// The number in the lock's file, if the other has written it already.
fn pid_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    // The longest number has 10 digits.
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// The lock's file may be writable where nothing new can be made, so a new one is.
fn write_probe(folder: &Path) -> io::Result<()> {
    let probe = folder.join(PROBE);
    let written = fs::write(&probe, b"x");
    let removed = fs::remove_file(&probe);
    written.and(removed)
}

/// `$XDG_DATA_HOME/matinee`, else `~/.local/share/matinee` (XDG base directories, 0.8: a relative
/// path in the variable is not taken).
pub(super) fn usual_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = absolute("XDG_DATA_HOME");
    let base = base.or_else(|| Some(absolute("HOME")?.join(".local/share")))?;
    Some(base.join("matinee"))
}
