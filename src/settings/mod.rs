//! How the box was asked to run: the command line over `settings.toml` over the defaults.
//!
//! One [`Command`], read once at the start; nothing changes it later. A key or value in the file
//! that is not known is refused with its line, for a setting that is silently not taken is found
//! out on the day it was needed. [`Settings::data`] is only a path here; [`DataFolder`] makes it
//! this process's own. What the streaming engine takes ([`Engine`]) is the same for the box and
//! for `matinee stream`.

mod arguments;
mod data;
mod engine;
mod file;
mod sound;
mod sources;
mod tv;
mod values;

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Parser as _;

use self::arguments::{BoxArguments, FileArguments, StreamArguments, Subcommand};

pub use self::data::DataFolder;
pub use self::engine::{CACHE_BYTES_MIN, Encryption, Engine, Proxy};
pub use self::sound::Sound;
pub use self::sources::Sources;

/// The settings' file in the data folder.
pub const FILE_NAME: &str = "settings.toml";

/// What the program was asked to be.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there is one, at the start")]
pub enum Command {
    /// The box: wall, films, TV.
    Box(Settings),
    /// Only the engine, as a server (`matinee stream`).
    Stream(StreamSettings),
    /// The owner's data of a box to a file (`matinee export`).
    Export { data: PathBuf, file: PathBuf },
    /// And from one; `replace`: instead of what is there.
    Import {
        data: PathBuf,
        file: PathBuf,
        replace: bool,
    },
}

/// Everything that can be chosen of the box.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub display: Display,
    /// Pixels of the headless screen, and of a window at first: width and height.
    pub size: (u32, u32),
    /// With what the TV is lit, where it is driven without a desktop.
    pub screen_mode: sink::Wish,
    /// It runs at a film's own rate.
    pub film_rate: bool,
    /// Of each hundred pixels, those that it hides.
    pub overscan: u8,
    /// On which drive films are kept, of those that are the box's own.
    pub cache_drive: app::DriveWish,
    /// A film has a plane of its own, where the card can; none: as the board's file says.
    pub planes: Option<bool>,
    /// When the screen is spared.
    pub rest: app::RestSettings,
    /// What the box speaks until another is chosen on it; none: what the TV does.
    pub language: Option<app::Language>,
    /// Where the box is until that is chosen on it; none: where the system is.
    pub time_zone: Option<String>,
    /// Where everything of ours is kept.
    pub data: PathBuf,
    /// Makes and shows the demo film.
    pub demo: bool,
    /// A catalogue file shown besides the bundled one.
    pub catalogue: Option<PathBuf>,
    /// The file of the board; none: the image's, if there is one.
    pub board: Option<PathBuf>,
    /// The file of updates; none: the image's, if there is one.
    pub updates: Option<PathBuf>,
    /// Where the control API listens; none: nowhere.
    pub control: Option<SocketAddr>,
    /// None: one is made and printed.
    pub control_token: Option<Secret>,
    /// Where phones reach the box once its owner lets them; none: nowhere.
    pub phones: Option<SocketAddr>,
    /// Gets the beginning of a film that has the focus.
    pub prefetch: bool,
    /// The next episode plays by itself.
    pub autoplay: bool,
    /// Programs of the desktop see what plays, and drive it (MPRIS), where there is one.
    pub mpris: bool,
    /// Letters and lines stand out more.
    pub contrast: bool,
    /// Words are larger.
    pub large_text: bool,
    /// All PINs of profiles are forgotten at the start.
    pub forget_pins: bool,
    /// A box that is new asks its owner in; none: where it has a TV of its own.
    pub first_start: Option<bool>,
    pub engine: Engine,
    pub sources: Sources,
    /// What the box and the TV do together.
    pub tv: app::TvSettings,
    pub sound: Sound,
    /// Where our own add-ons are served to others; none: nowhere.
    pub addons: Option<SocketAddr>,
    /// What is logged, as `tracing_subscriber::EnvFilter` reads it.
    pub log: String,
}

/// Everything that can be chosen of `matinee stream`.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamSettings {
    /// Where the server listens; loopback unless told otherwise.
    pub listen: SocketAddr,
    /// None: clients on loopback need none, and at another address one must be made.
    pub token: Option<Secret>,
    /// Where everything of it is kept, [`Engine::cache_dir`] if that is named; its own, because a
    /// box may run beside it.
    pub data: PathBuf,
    /// As [`Settings::log`].
    pub log: String,
    pub engine: Engine,
}

/// The port after the control API's.
const STREAM_PORT: u16 = 8098;

/// After those of the control API, of streams and of add-ons.
const PHONES_PORT: u16 = 8100;

/// The server's folder in that of the box.
const STREAM_FOLDER: &str = "stream";

impl Default for Settings {
    fn default() -> Self {
        Self {
            display: Display::Auto,
            size: (1280, 720),
            screen_mode: sink::Wish::default(),
            film_rate: true,
            overscan: 0,
            cache_drive: app::DriveWish::default(),
            planes: None,
            rest: app::RestSettings {
                screensaver_min: SCREENSAVER_MIN,
                screen_off_min: 0,
            },
            language: None,
            time_zone: None,
            data: PathBuf::new(),
            demo: false,
            catalogue: None,
            board: None,
            updates: None,
            control: None,
            control_token: None,
            phones: Some((Ipv4Addr::UNSPECIFIED, PHONES_PORT).into()),
            prefetch: true,
            autoplay: false,
            mpris: true,
            contrast: false,
            large_text: false,
            forget_pins: false,
            first_start: None,
            log: LOG.to_owned(),
            engine: Engine::default(),
            sources: Sources::default(),
            tv: app::TvSettings::default(),
            sound: Sound::default(),
            addons: None,
        }
    }
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, STREAM_PORT).into(),
            token: None,
            data: PathBuf::new(),
            log: LOG.to_owned(),
            engine: Engine::default(),
        }
    }
}

/// Who reads a page is done with it by then, and no screen keeps a picture of so long.
const SCREENSAVER_MIN: u16 = 5;

/// About ten lines a film.
const LOG: &str = "info";

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

impl Command {
    /// Reads the command line (with the program's name first) and the settings' file of the data
    /// folder it names, or that `matinee stream` was given.
    ///
    /// # Errors
    /// [`SettingsError::Usage`] for the command line, [`SettingsError::Mistake`] or
    /// [`SettingsError::File`] for the file, [`SettingsError::Homeless`].
    pub fn read<A: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Self, SettingsError> {
        Self::read_in(arguments, |name| std::env::var_os(name))
    }

    /// As [`Command::read`], with the environment given.
    fn read_in<A: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = A>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let usual = || data::usual_folder(variable).ok_or(SettingsError::Homeless);
        let arguments = arguments::Arguments::try_parse_from(arguments)?;
        match arguments.command {
            None => Settings::read(arguments.host, usual).map(Self::Box),
            Some(Subcommand::Stream(stream)) => {
                StreamSettings::read(stream, usual).map(Self::Stream)
            }
            Some(Subcommand::Export(FileArguments { file, data })) => Ok(Self::Export {
                data: data.map_or_else(usual, Ok)?,
                file,
            }),
            Some(Subcommand::Import(import)) => Ok(Self::Import {
                data: import.file.data.map_or_else(usual, Ok)?,
                file: import.file.file,
                replace: import.replace,
            }),
        }
    }
}

impl Settings {
    fn read(
        arguments: BoxArguments,
        usual: impl FnOnce() -> Result<PathBuf, SettingsError>,
    ) -> Result<Self, SettingsError> {
        let mut settings = Self {
            data: arguments.data.clone().map_or_else(usual, Ok)?,
            ..Self::default()
        };
        for mut said in file::read::<BoxArguments>(&settings.data.join(FILE_NAME), "data")? {
            // A path in a file is taken from the file's folder, not from where we were started.
            said.based_on(&settings.data);
            said.over(&mut settings);
        }
        arguments.over(&mut settings);
        Ok(settings)
    }

    /// What the core may do of its own accord, and what it chooses by on that board. `bare`: there
    /// is no desktop, which would see to the network and to keyboards.
    pub fn preferences(
        &self,
        board: app::choosing::Board,
        updates: Option<app::UpdateSettings>,
        bare: bool,
    ) -> app::Preferences {
        app::Preferences {
            prefetch: self.prefetch,
            autoplay: self.autoplay,
            contrast: self.contrast,
            large_text: self.large_text,
            first_start: self.first_start.unwrap_or(bare),
            remotes: bare,
            network: bare,
            metered: self.engine.metered,
            board,
            wish: app::choosing::Wish {
                torrents: self.engine.bittorrent,
                ..app::choosing::Wish::default()
            },
            texts: app::TextWish {
                languages: self.sources.understood(),
                show: self.sources.subtitles,
                as_spoken: self.sources.languages.is_empty(),
            },
            updates,
            overscan: bare.then_some(self.overscan),
            sharing: self.engine.sharing(),
            rest: self.rest,
            volume: self.sound.volume,
            spoken: self.sound.spoken,
            pace: self.sound.pace,
            phones: self.phones.is_some(),
            languages: true,
            language: self.language,
            ..app::Preferences::default()
        }
    }

    /// Whether the settings' file has secrets and lets others read them.
    fn shows_secrets(&self) -> bool {
        use std::os::unix::fs::PermissionsExt as _;
        // The bits of the group and of everybody.
        let open = fs::metadata(self.data.join(FILE_NAME))
            .is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
        open && (self.sources.has_secrets() || self.control_token.is_some())
    }

    /// Tells whoever reads the log that others may read the owner's secrets.
    pub fn warn_of_readers(&self) {
        if self.shows_secrets() {
            tracing::warn!("{FILE_NAME} holds secrets and others can read it: chmod 600");
        }
    }

    /// Where films are kept: a folder that was named is meant.
    pub fn drive_wish(&self) -> app::DriveWish {
        match self.engine.cache_dir {
            Some(_) => app::DriveWish::Internal,
            None => self.cache_drive.clone(),
        }
    }

    /// A path of the data folder.
    pub fn in_data(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data.join(name)
    }
}

impl StreamSettings {
    fn read(
        arguments: StreamArguments,
        usual: impl FnOnce() -> Result<PathBuf, SettingsError>,
    ) -> Result<Self, SettingsError> {
        let mut settings = Self::default();
        if let Some(file) = &arguments.settings {
            // One that was named must be there.
            fs::metadata(file).map_err(|source| SettingsError::File {
                path: file.clone(),
                source,
            })?;
            for mut said in file::read::<StreamArguments>(file, "settings")? {
                said.based_on(file.parent().unwrap_or(Path::new("")));
                said.over(&mut settings);
            }
        }
        arguments.over(&mut settings);
        settings.data = match &settings.engine.cache_dir {
            Some(folder) => folder.clone(),
            None => usual()?.join(STREAM_FOLDER),
        };
        Ok(settings)
    }
}

#[cfg(test)]
mod sound_tests;
#[cfg(test)]
mod source_tests;
#[cfg(test)]
mod tests;
