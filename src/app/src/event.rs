//! News from the world: everything that can make the box change.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::{
    AddOn, BackupNews, Button, ClockNews, DriveNews, Film, Key, Listed, NetworkNews, PhonesNews,
    Pin, PinNews, Press, ProfileId, Row, Steer, TextTiming, Title, TvNews, UpdateNews,
};

/// Numbers each attempt to play, so that late news of an earlier one is known and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Session(pub u64);

impl Session {
    /// Stands for what is prefetched: news of how it does come under this number. Attempts are
    /// counted from 1.
    pub const PREFETCH: Session = Session(0);
}

/// Numbers each question to the world (where can it be had, what is it called), so that answers
/// to one that nobody waits for any more are known and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quest(pub u64);

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Key(Key, Press),
    /// A button was pressed that has no meaning; while the box learns
    /// ([`Effect::LearnButtons`](crate::Effect::LearnButtons)) any, and what it means.
    Heard(Button, Option<Key>),
    /// The first picture is on the screen.
    Shown,
    /// The deadline has come.
    Tick,
    /// The program is about to end: what is open is closed, the place in the film kept.
    Shutdown,
    /// The rows of the catalogue, in order.
    Rows(Vec<Row>),
    /// A film is new or has changed (same id); it takes its place on the wall.
    Film(Film),
    /// A row of an add-on is new, or has other films than before.
    Row(Row),
    /// That row is gone; by [`Row::id`].
    RowGone(Arc<str>),
    /// Someone handed the box a film (magnet, .torrent, or its title): show its page.
    Open(Film),
    /// What is known of the title: as a film with [`Film::facts`]; none when nobody knows it, or
    /// nobody could be asked.
    Described(Title, Option<Box<Film>>),
    /// Where a film that is looked at can be had.
    Offers(Quest, Answer<crate::Source>),
    /// Look for this: typed on a keyboard or a phone.
    SearchFor(String),
    /// This is to stand where text is wanted now: typed on a phone.
    Typed(Typed),
    /// To that place of the film that plays.
    Jump(Duration),
    /// What a program of the desktop wants of it.
    Steer(Steer),
    /// Somebody is to watch, and that is his PIN, if he has one: said on a phone.
    Watches(ProfileId, Option<Pin>),
    /// The PIN that is asked for now: typed on a phone. Where none is, it is nobody's.
    PinTyped(Pin),
    /// What was made of a PIN, or whose it is.
    Pin(PinNews),
    /// How phones stand that are remotes.
    Phones(PhonesNews),
    /// What becomes of a backup that a phone brings.
    Backup(BackupNews),
    /// A phone asks how the box does ([`Effect::Diagnosed`](crate::Effect::Diagnosed)).
    Diagnose,
    /// Films that match.
    Found(Quest, Answer<Film>),
    /// All add-ons, in the order in which they are asked.
    AddOns(Vec<AddOn>),
    /// Add-ons that one of them lists.
    AddOnsListed(Quest, Answer<Listed>),
    /// Somebody put an add-on on the box, or tried to.
    AddOnAdded(Result<String, AddOnFailure>),
    /// How updates of the box do.
    Update(UpdateNews),
    /// Which drives are plugged in, and what becomes of them.
    Drive(DriveNews),
    /// How the box is connected, and what becomes of joining a network.
    Network(NetworkNews),
    /// What time it is.
    Clock(ClockNews),
    /// What the TV wants, and shows.
    Tv(TvNews),
    /// The machine is not switched off or restarted ([`Effect::Power`](crate::Effect::Power)); why.
    NotEnded {
        why: String,
    },
    /// What someone handed the box is no film; says why in words of the shell.
    OpenRefused(SupplyFailure),
    /// A file of the owner's or of ours has a mistake: which file, and where and what in it.
    Mistake {
        what: String,
    },
    /// The box did not start as usual.
    Incident(Incident),
    /// Resume positions could not be written.
    LibraryNotSaved {
        why: String,
    },
    Supply(Session, SupplyNews),
    Player(Session, PlayerNews),
    /// Subtitles that add-ons have for the film, those that fit its file best first.
    Texts(Session, Vec<Text>),
}

/// What was typed on a phone, which may be a password: no log has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed(pub String);

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} letters)", self.0.chars().count())
    }
}

/// What the system did before the box came up, that its viewers must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// The file system of what is remembered was damaged; some of it may be gone.
    DataRepaired,
    /// It could not be repaired: nothing is remembered.
    DataMadeAnew,
    /// Nothing can be written: what is remembered goes with the power.
    DataInMemory,
    /// Everything was forgotten, as somebody wanted.
    Reset,
    /// The box did not come up with what it remembers, and came up without.
    Safe,
}

/// What one of those who were asked says.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// Who says it, as the viewer knows them; none: how many were asked is known, no more.
    pub from: Option<Arc<str>>,
    /// How many are asked in all.
    pub asked: u16,
    /// How many of those have answered, or will not.
    pub answered: u16,
    pub items: Vec<T>,
}

/// Why an add-on is not on the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddOnFailure {
    /// What was given is no address of one; says why.
    NoAddress(String),
    /// Of a kind that the box does not speak ("IPFS").
    Unsupported(String),
    /// It must be set up on its own web page first, which is at this address.
    Unconfigured(String),
    /// Its server cannot be reached; the host and why.
    Unreachable(String),
    /// What it says of itself is wrong; where and how.
    Broken(String),
    /// There are as many as the box asks; how many.
    TooMany(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub enum SupplyNews {
    /// The metadata is known and a file chosen: the player may read it.
    Ready {
        /// Length of the film's file in bytes.
        size: u64,
        /// Subtitle files of the same torrent.
        subtitles: Vec<SubtitleFile>,
    },
    /// At most four a second, and at once when a reader starts or stops waiting.
    Progress(Progress),
    Failed(SupplyFailure),
}

/// A text file beside the film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubtitleFile {
    /// Index into the torrent's files.
    pub file: u32,
    pub name: String,
    /// BCP 47, when the name tells.
    pub language: Option<String>,
}

/// Subtitles that an add-on has for a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// http, https, or of a source of the box's own.
    pub url: String,
    /// What to tell two of one language apart by.
    pub name: String,
    /// BCP 47; none where nobody could read what was said.
    pub language: Option<String>,
    /// The add-on, as the viewer knows it.
    pub from: Arc<str>,
}

/// Who brings a film's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Carrier {
    /// Peers of a torrent.
    #[default]
    Swarm,
    /// One web server.
    Server,
    /// The box itself, or a drive of it.
    Drive,
}

/// How the download does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub carrier: Carrier,
    /// Connected peers; of a server 1 while it answers.
    pub peers: u32,
    /// Verified bytes a second over the last seconds.
    pub rate: u64,
    /// Bytes a second that the swarm could give now: at least `rate`, and more when we ask for
    /// less than it has. Zero while nothing was measured.
    pub capacity: u64,
    /// Of the film's file in bytes; zero until known.
    pub size: u64,
    /// Held and verified bytes of the film's file, in order, apart and at most 100 (the
    /// smallest gaps are closed first beyond that).
    pub have: Vec<Range<u64>>,
    /// Where the player waits for bytes, if it does.
    pub waiting_at: Option<u64>,
    /// Where the player last read.
    pub read_at: u64,
    /// For magnets: the metadata is still being asked for.
    pub metadata: bool,
    /// The disk takes nothing (full, broken, pulled out): the film goes on from RAM.
    pub in_ram: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SupplyFailure {
    /// No file of it is a video; how many files there are.
    NoVideo { files: u32 },
    /// The metainfo or magnet cannot be read; where and why.
    Broken(String),
    /// v2-only, or over a limit.
    Unsupported(String),
    /// Nothing can be written: the disk is full.
    DiskFull,
    /// The cache folder cannot be used; the path and why.
    Disk(String),
    /// What the cache is on has gone (pulled out, or broken); its path.
    Unplugged(String),
    /// BitTorrent is switched off, and nothing else is known to have the film.
    Off,
    /// The network interface that peers may be reached over alone is not there; its name.
    NoInterface(String),
    /// The proxy that everything goes through does not answer, or does not let us in; its
    /// `host:port`.
    NoProxy(String),
    /// The film's server does not answer, or gives nothing; its host and why.
    NoServer { host: String, why: String },
    /// The server says that there is no such file (any more); its host.
    NotThere(String),
    /// The server does not let us have it.
    Refused { host: String, code: u16 },
    /// The file is not the one that the film began with; its host or path.
    Changed(String),
    /// The address leads to this side of the router, which no stranger may have us call; its host.
    AtHome(String),
    /// There is no such file on this box or its drives; its path.
    NoFile(String),
}

#[derive(Debug, Clone, PartialEq)]
pub enum PlayerNews {
    /// The first picture is decoded and shown, paused.
    Ready {
        duration: Option<Duration>,
        seekable: bool,
        tracks: Tracks,
        chapters: Vec<Chapter>,
    },
    /// Tracks were found later, or the choice changed.
    Tracks(Tracks),
    /// Where the film is; four a second, and at once after a seek.
    Position(Duration),
    /// A seek is done: the picture of this position is on the screen.
    Seeked(Duration),
    /// The subtitles to show from now on.
    Subtitle(Lines),
    /// It listens for how the subtitles lie on the film: thousandths of what it will hear at most.
    Fitting(u16),
    /// How the first text lies on the film by its sound, and the second where that can be told too.
    Fitted(Result<[Option<TextTiming>; 2], FitFailure>),
    /// How it is shown: once a second while that is asked for.
    Measured(Measured),
    /// What there is to see at that place of the film, of those that were asked for.
    Still {
        at: Duration,
        still: Still,
    },
    Ended,
    Failed(PlayerFailure),
}

/// A small picture of a film, its pixels square.
#[derive(Clone, PartialEq, Eq)]
pub struct Still {
    pub width: u16,
    pub height: u16,
    /// Red, green and blue of each pixel, row by row.
    pub rgb: Arc<[u8]>,
}

impl fmt::Debug for Still {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// What a player measures of how a film is shown; what it does not know is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measured {
    /// Of the picture, as people know it: "H.264".
    pub codec: Option<String>,
    /// Likewise: "Matroska".
    pub container: Option<String>,
    /// Width and height, as decoded.
    pub picture: Option<(u32, u32)>,
    /// Pictures a second in thousandths.
    pub rate_milli: Option<u32>,
    /// As GStreamer calls it.
    pub decoder: Option<String>,
    /// Pictures since the film was opened.
    pub shown: u64,
    /// Those that came too late to be shown.
    pub dropped: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId(pub u32);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tracks {
    pub audio: Vec<Track>,
    pub audio_now: Option<TrackId>,
    /// Inside the container first, then the files beside the film.
    pub subtitles: Vec<Track>,
    /// None: subtitles are off.
    pub subtitle_now: Option<TrackId>,
    /// What is shown with them.
    pub second_now: Option<TrackId>,
}

/// What is to be read on the screen; lines are apart by '\n'.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    pub first: Option<String>,
    /// Of the second subtitles.
    pub second: Option<String>,
    /// Of subtitles that are pictures.
    pub pictures: Vec<TextPicture>,
}

/// A rectangle of subtitles that are pictures.
#[derive(Clone, PartialEq, Eq)]
pub struct TextPicture {
    /// Width and height of what the rectangle lies on: the film's whole picture, bars included.
    pub screen: (u16, u16),
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
    /// Red, green, blue and alpha of each pixel, row by row; colours are not multiplied by alpha.
    pub rgba: Arc<[u8]>,
}

impl fmt::Debug for TextPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TextPicture {
            screen,
            x,
            y,
            width,
            height,
            ..
        } = self;
        write!(
            f,
            "{width}x{height} at {x},{y} of {}x{}",
            screen.0, screen.1
        )
    }
}

/// Why it cannot be heard how subtitles lie on the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FitFailure {
    /// None are shown, or they are not read yet.
    NoText,
    /// They come with the film.
    OfTheFilm,
    /// Less of the film is here than must be heard.
    TooLittleHere,
    /// No place stands out: they may be of another film.
    NotSure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    pub id: TrackId,
    /// BCP 47.
    pub language: Option<String>,
    pub title: Option<String>,
    /// As people know it: "Vorbis", "SRT".
    pub codec: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    pub start: Duration,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlayerFailure {
    /// The file is sound but nothing here decodes this; named as people know it ("H.265").
    NoDecoder { codec: String },
    /// The file is damaged or no film at all.
    Broken(String),
    /// The bytes stopped coming for good.
    SourceGone(String),
    /// Sound or picture could not be put out.
    Output(String),
}
