//! The command line: its options, which are the keys of the settings' file too.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::engine::{EngineArguments, put};
use super::sound::SoundArguments;
use super::sources::SourceArguments;
use super::tv::TvArguments;
use super::{Display, Secret, Settings, StreamSettings, values};

/// A poster wall for the TV: choose a film, and it plays while it downloads.
#[derive(Debug, clap::Parser)]
#[command(
    name = "matinee",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Subcommand>,

    #[command(flatten)]
    pub(super) host: BoxArguments,
}

#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one, at the start")]
pub(super) enum Subcommand {
    /// Only the engine: streams films over HTTP to any player
    Stream(StreamArguments),
    /// Writes the library, list and add-ons to a file, without secrets; the box must not run
    Export(FileArguments),
    /// Takes in such a file, besides what is there; the box must not run
    Import(ImportArguments),
}

/// A file, and the data of a box.
#[derive(Debug, clap::Args)]
pub(super) struct FileArguments {
    pub(super) file: PathBuf,

    /// The box's data folder [default: as without a command]
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ImportArguments {
    #[command(flatten)]
    pub(super) file: FileArguments,

    /// What is there goes
    #[arg(long)]
    pub(super) replace: bool,
}

/// What the box itself takes.
#[derive(Debug, Default, clap::Args)]
pub(super) struct BoxArguments {
    /// Where the picture goes; auto takes a window where there is a desktop, else the TV
    #[arg(
        long,
        value_name = "auto|window|headless|kms",
        value_enum,
        hide_possible_values = true
    )]
    display: Option<Display>,

    /// Size in pixels of the headless screen, and of a window at first [default: 1280x720]
    #[arg(long, value_name = "WxH", value_parser = values::size)]
    size: Option<(u32, u32)>,

    /// Mode of the TV for the wall: 1080p, 720p50, 2160p30 ... [default: auto, at most 1080 lines]
    #[arg(long, value_name = "MODE", value_parser = values::screen_mode)]
    screen_mode: Option<sink::Wish>,

    /// Run the TV at a film's own rate, where it can; it is dark for a second [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    film_rate: Option<bool>,

    /// Of each hundred pixels, those that the TV hides at its edges [default: 0]
    #[arg(long, value_name = "PERCENT", value_parser = values::overscan)]
    overscan: Option<u8>,

    /// Where films are kept: auto, internal, or a drive by its own name [default: auto]
    #[arg(long, value_name = "WHERE", value_parser = values::drive)]
    cache_drive: Option<app::DriveWish>,

    /// Give a film a plane of its own, where the graphics can; off is for trouble [default: auto]
    #[arg(long, value_name = "auto|off", value_parser = values::auto)]
    planes: Option<bool>,

    /// Without a key for so long the screen dims, then posters drift; 0: never [default: 5]
    #[arg(long, value_name = "MIN", value_parser = values::minutes_of_day)]
    screensaver_minutes: Option<u16>,

    /// Without a key for so long the screen is off; 0: never [default: 0]
    #[arg(long, value_name = "MIN", value_parser = values::minutes_of_day)]
    screen_off_minutes: Option<u16>,

    /// Speak this language until another is chosen on the TV: de for example [default: the TV's]
    #[arg(long, value_name = "CODE", value_parser = values::spoken)]
    language: Option<app::Language>,

    /// Which time it is here, until it is chosen on the TV: Europe/Vienna [default: the system's]
    #[arg(long, value_name = "ZONE", value_parser = values::time_zone)]
    time_zone: Option<String>,

    // A help text and not a doc comment: rustdoc would take the names for code.
    #[arg(
        long,
        value_name = "DIR",
        help = "Where films, positions and settings.toml are kept \
        [default: $XDG_DATA_HOME/matinee or ~/.local/share/matinee]"
    )]
    pub(super) data: Option<PathBuf>,

    /// Make a short film on first use and show it on the wall; needs no network
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    demo: Option<bool>,

    /// Show the films of this catalogue too
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,

    /// What the board is, as its file says [default: /usr/share/matinee/board.toml if it is there]
    #[arg(long, value_name = "FILE")]
    board: Option<PathBuf>,

    /// Where updates of the box come from [default: /usr/share/matinee/update.toml if it is there]
    #[arg(long, value_name = "FILE")]
    updates: Option<PathBuf>,

    /// Serve the control API there, 127.0.0.1:8097 for example
    #[arg(long, value_name = "ADDR:PORT", value_parser = values::address)]
    control: Option<SocketAddr>,

    /// Its bearer token; one is made and printed when there is none
    #[arg(long, value_name = "T", value_parser = values::token)]
    control_token: Option<Secret>,

    /// Where phones reach the box once that is allowed on the TV, or off [default: 0.0.0.0:8100]
    #[arg(long, value_name = "off|ADDR:PORT", value_parser = values::phones)]
    phones: Option<values::Phones>,

    /// Serve our films as add-ons to other programs there, 0.0.0.0:8099 for example
    #[arg(long, value_name = "ADDR:PORT", value_parser = values::address)]
    addons: Option<SocketAddr>,

    /// Get the beginning of a film that has the focus [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    prefetch: Option<bool>,

    /// Play the next episode when one ends, after a countdown [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    autoplay: Option<bool>,

    /// Let a desktop's media keys and programs see and drive what plays (MPRIS) [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    mpris: Option<bool>,

    /// Letters and lines that stand out more [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    contrast: Option<bool>,

    /// Words that are larger, for small and far screens [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    large_text: Option<bool>,

    /// Forget the PINs of all profiles at the start, where one was lost [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    forget_pins: Option<bool>,

    /// Ask the owner in, on a box that is new [default: true on a TV, false in a window]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    first_start: Option<bool>,

    /// What to log: info, debug, torrent=debug,info ... [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,

    #[command(flatten)]
    sources: SourceArguments,

    #[command(flatten)]
    sound: SoundArguments,

    #[command(flatten)]
    tv: TvArguments,

    #[command(flatten)]
    engine: EngineArguments,
}

/// What `matinee stream` takes.
#[derive(Debug, Default, clap::Args)]
pub(super) struct StreamArguments {
    /// Where to serve; on another address than loopback a token is needed [default: 127.0.0.1:8098]
    #[arg(long, value_name = "ADDR:PORT", value_parser = values::address)]
    listen: Option<SocketAddr>,

    /// The bearer token clients must show
    #[arg(long, value_name = "T", value_parser = values::token)]
    token: Option<Secret>,

    /// Read options from this file too (TOML, the same names)
    #[arg(long, value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,

    /// What to log: info, debug, torrent=debug,info ... [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,

    #[command(flatten)]
    engine: EngineArguments,
}

impl BoxArguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, settings: &mut Settings) {
        set(&mut settings.display, self.display);
        set(&mut settings.size, self.size);
        set(&mut settings.screen_mode, self.screen_mode);
        set(&mut settings.film_rate, self.film_rate);
        set(&mut settings.overscan, self.overscan);
        set(&mut settings.cache_drive, self.cache_drive);
        put(&mut settings.planes, self.planes);
        set(&mut settings.rest.screensaver_min, self.screensaver_minutes);
        set(&mut settings.rest.screen_off_min, self.screen_off_minutes);
        put(&mut settings.language, self.language);
        put(&mut settings.time_zone, self.time_zone);
        set(&mut settings.demo, self.demo);
        set(&mut settings.prefetch, self.prefetch);
        set(&mut settings.autoplay, self.autoplay);
        set(&mut settings.mpris, self.mpris);
        set(&mut settings.contrast, self.contrast);
        set(&mut settings.large_text, self.large_text);
        set(&mut settings.forget_pins, self.forget_pins);
        put(&mut settings.first_start, self.first_start);
        set(&mut settings.log, self.log);
        put(&mut settings.catalogue, self.catalogue);
        put(&mut settings.board, self.board);
        put(&mut settings.updates, self.updates);
        put(&mut settings.control, self.control);
        put(&mut settings.control_token, self.control_token);
        set(&mut settings.phones, self.phones.map(|it| it.0));
        put(&mut settings.addons, self.addons);
        self.sources.over(&mut settings.sources);
        self.sound.over(&mut settings.sound);
        self.tv.over(&mut settings.tv);
        self.engine.over(&mut settings.engine);
    }

    /// Takes paths from `folder`, where they are relative.
    pub(super) fn based_on(&mut self, folder: &Path) {
        rebase(&mut self.catalogue, folder);
        rebase(&mut self.board, folder);
        rebase(&mut self.updates, folder);
        self.sources.based_on(folder);
        self.engine.based_on(folder);
    }
}

impl StreamArguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, settings: &mut StreamSettings) {
        set(&mut settings.listen, self.listen);
        set(&mut settings.log, self.log);
        put(&mut settings.token, self.token);
        self.engine.over(&mut settings.engine);
    }

    /// As of [`BoxArguments::based_on`].
    pub(super) fn based_on(&mut self, folder: &Path) {
        self.engine.based_on(folder);
    }
}

pub(super) fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}

pub(super) fn rebase(path: &mut Option<PathBuf>, folder: &Path) {
    if let Some(path) = path {
        *path = folder.join(&path);
    }
}
