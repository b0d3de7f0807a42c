//! One whole-file write that a power cut cannot tear, as a plan and its steps.
//!
//! The new bytes go to a file beside the old one and reach the disk before its name is taken:
//! create, write, sync the file, rename over the old, sync the folder. Before the rename is on
//! disk the old file is there, after it the new one, and its bytes were there before its name.
//! The plan is a value, so that a test can stop after any step in any state the kernel may have
//! left on disk (and a plan with a step missing is found out).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// One step of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Makes or empties the new file, for its owner alone: titles are private.
    Create,
    Write,
    SyncFile,
    Rename,
    SyncFolder,
}

/// The steps in order.
pub(super) const PLAN: [Step; 5] = [
    Step::Create,
    Step::Write,
    Step::SyncFile,
    Step::Rename,
    Step::SyncFolder,
];

/// Writes one file.
pub(super) struct Writing<'b> {
    path: PathBuf,
    bytes: &'b [u8],
    file: Option<File>,
}

impl<'b> Writing<'b> {
    pub(super) fn new(path: &Path, bytes: &'b [u8]) -> Self {
        Self {
            path: path.to_owned(),
            bytes,
            file: None,
        }
    }

    /// The name under which the file is made: always the same, so that leftovers are written over.
    pub(super) fn temporary(path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        name.into()
    }

    /// Takes one step; to be called in the order of [`PLAN`].
    pub(super) fn take(&mut self, step: Step) -> io::Result<()> {
        let temporary = Self::temporary(&self.path);
        match step {
            Step::Create => {
                let mut options = OpenOptions::new();
                options.write(true).create(true).truncate(true).mode(0o600);
                self.file = Some(options.open(temporary)?);
                Ok(())
            }
            Step::Write => {
                let mut file = self.file()?;
                file.write_all(self.bytes)
            }
            Step::SyncFile => self.file()?.sync_all(),
            Step::Rename => fs::rename(temporary, &self.path),
            Step::SyncFolder => {
                let folder = self.path.parent().unwrap_or(Path::new("."));
                File::open(folder)?.sync_all()
            }
        }
    }

    fn file(&self) -> io::Result<&File> {
        let early = || io::Error::other("a step before the file was made");
        self.file.as_ref().ok_or_else(early)
    }
}

/// Takes all steps.
pub(super) fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut writing = Writing::new(path, bytes);
    PLAN.into_iter().try_for_each(|step| writing.take(step))
}
