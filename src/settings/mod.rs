//! How the box was asked to run: the command line over `settings.toml` over the defaults.
//!
//! One [`Settings`], read once at the start; nothing changes it later. A key or value in the file
//! that is not known is refused with its line, for a setting that is silently not taken is found
//! out on the day it was needed. [`Settings::data`] is only a path here; [`DataFolder`] makes it
//! this process's own.

mod arguments;
mod data;
mod file;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Parser as _;

pub use self::data::DataFolder;

/// The settings' file in the data folder.
pub const FILE_NAME: &str = "settings.toml";

/// Everything that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub display: Display,
    /// Pixels of the headless screen, and of a window at first: width and height.
    pub size: (u32, u32),
    /// Where everything of ours is kept.
    pub data: PathBuf,
    /// Makes and shows the demo film.
    pub demo: bool,
    /// A catalogue file shown besides the bundled one.
    pub catalogue: Option<PathBuf>,
    /// Where the control API listens; none: nowhere.
    pub control: Option<SocketAddr>,
    /// None: one is made and printed.
    pub control_token: Option<Secret>,
    /// Bytes of films kept on disk at most.
    pub cache_bytes: u64,
    /// Whether the distributed hash table (BEP 5) is used.
    pub dht: bool,
    /// Whether peers at private addresses are called although only strangers named them.
    pub local_peers: bool,
    /// What is logged, as `tracing_subscriber::EnvFilter` reads it.
    pub log: String,
}

/// 4 GiB: a long film in full HD whole, and a small part of any disk sold today.
const CACHE_BYTES: u64 = 4 << 30;

/// The smallest cache: 64 pieces of 1 MiB, about what a reader and the picker need to work.
pub const CACHE_BYTES_MIN: u64 = 64 << 20;

impl Default for Settings {
    fn default() -> Self {
        Self {
            display: Display::Auto,
            size: (1280, 720),
            data: PathBuf::new(),
            demo: false,
            catalogue: None,
            control: None,
            control_token: None,
            cache_bytes: CACHE_BYTES,
            dht: true,
            local_peers: false,
            log: "info".to_owned(),
        }
    }
}

/// Where the picture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Display {
    /// The first that the machine has: a window where there is a desktop, else the TV.
    Auto,
    /// A window on the desktop (X11 or Wayland).
    Window,
    /// Nowhere; the control API shows the screen.
    Headless,
    /// The screen itself, without a desktop (kernel mode setting).
    Kms,
}

/// A text that must not be seen in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Why the box does not start.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Also for `--help` and `--version`: `clap::Error::exit` prints and ends rightly for each.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    /// In the settings' file.
    #[error("{}, line {line}: {what}", path.display())]
    Mistake {
        path: PathBuf,
        line: usize,
        what: String,
    },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("there is no place for our data: set HOME, or name a folder with --data")]
    Homeless,
    /// The data folder, and what was tried with it.
    #[error("the data folder {} cannot be {tried}: {source}", path.display())]
    Data {
        path: PathBuf,
        tried: &'static str,
        source: io::Error,
    },
    #[error("another Matinee{} uses this data: {}", process(*pid), path.display())]
    Taken { path: PathBuf, pid: Option<u32> },
}

fn process(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

impl Settings {
    /// Reads the command line (with the program's name first) and the settings' file of the data
    /// folder it names.
    ///
    /// # Errors
    /// [`SettingsError::Usage`] for the command line, [`SettingsError::Mistake`] or
    /// [`SettingsError::File`] for the file, [`SettingsError::Homeless`].
    pub fn read<A: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Self, SettingsError> {
        Self::read_in(arguments, |name| std::env::var_os(name))
    }

    /// As [`Settings::read`], with the environment given.
    fn read_in<A: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = A>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let arguments = arguments::Arguments::try_parse_from(arguments)?;
        let data = match &arguments.data {
            Some(data) => data.clone(),
            None => data::usual_folder(variable).ok_or(SettingsError::Homeless)?,
        };
        let mut settings = Self {
            data,
            ..Self::default()
        };
        file::read(&settings.data.join(FILE_NAME))?.over(&mut settings);
        arguments.over(&mut settings);
        Ok(settings)
    }

    /// A path of the data folder.
    pub fn in_data(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data.join(name)
    }
}

#[cfg(test)]
mod tests;
