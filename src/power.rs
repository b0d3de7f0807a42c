//! The end of the machine: off, or a new start.
//!
//! The box is not root. What it wants is a file in its own folder of the system's, and root's half
//! of the box sees that and does it (`systemd/matinee-off.path`, `matinee-restart.path`,
//! `matinee-reset.path`). Without such a folder, as on a desktop, nothing can be ended from here.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use app::PowerAct;

/// Where systemd names that folder.
const FOLDER: &str = "RUNTIME_DIRECTORY";

/// Told why the machine does not end.
pub type Failed = Box<dyn Fn(String) + Send>;

/// Whoever can end the machine.
pub struct Power {
    folder: Option<PathBuf>,
    failed: Failed,
}

impl fmt::Debug for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Power({:?})", self.folder)
    }
}

/// The folder that the system gave this process, if it did.
pub fn folder() -> Option<PathBuf> {
    let named: Option<OsString> = std::env::var_os(FOLDER);
    named.map(PathBuf::from)
}

impl Power {
    pub fn new(folder: Option<PathBuf>, failed: Failed) -> Power {
        Power { folder, failed }
    }

    /// Whether anything can be ended.
    pub fn ends(&self) -> bool {
        self.folder.is_some()
    }

    /// Asks for it; an empty file in memory, so nobody waits.
    pub fn perform(&self, act: PowerAct) {
        let name = match act {
            PowerAct::Off => "off",
            PowerAct::Restart => "restart",
            PowerAct::Reset => "reset",
        };
        tracing::info!("power: {name}");
        let Some(folder) = &self.folder else {
            (self.failed)("nobody here does it".to_owned());
            return;
        };
        if let Err(error) = std::fs::write(folder.join(name), "") {
            (self.failed)(error.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn what_is_asked_for_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, told) = channel();
        let failed = move |why| sender.send(why).unwrap();
        let power = Power::new(Some(folder.path().to_owned()), Box::new(failed));
        assert!(power.ends());
        power.perform(PowerAct::Off);
        assert!(folder.path().join("off").exists());
        assert!(!folder.path().join("restart").exists());
        power.perform(PowerAct::Restart);
        assert!(folder.path().join("restart").exists());
        power.perform(PowerAct::Reset);
        assert!(folder.path().join("reset").exists());
        assert!(told.try_recv().is_err(), "nothing failed");
        std::fs::remove_dir_all(folder.path()).unwrap();
        power.perform(PowerAct::Off);
        assert!(told.try_recv().is_ok(), "the folder is gone");
    }

    #[test]
    fn without_a_folder_nothing_ends() {
        let (sender, told) = channel();
        let power = Power::new(None, Box::new(move |why| sender.send(why).unwrap()));
        assert!(!power.ends());
        power.perform(PowerAct::Restart);
        assert_eq!(told.try_recv().unwrap(), "nobody here does it");
    }
}
