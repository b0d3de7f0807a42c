//! Commands to the world: everything the box can do.

use std::sync::Arc;
use std::time::Duration;

use crate::{
    AddOnChange, BackupAct, Button, ClockAct, DriveAct, Household, Key, Library, NetworkAct,
    PhonesAct, PinAct, PowerAct, ProfileId, Quest, Reach, Session, Sharing, SoundSettings, Status,
    SubtitleFile, Text, TextTiming, Title, TorrentRef, TrackId, TvAct, UpdateAct, Utterance,
};

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Make a film's bytes readable. A torrent that is being prefetched is taken over with its
    /// peers and bytes.
    Open {
        session: Session,
        reach: Reach,
        /// Byte of the film's file where the viewer left off: the container's index and the bytes
        /// there come first. None: from the start.
        at: Option<u64>,
    },
    Close(Session),
    /// The viewer looks at this film: get its metadata, its head and tail, and what lies at `at`,
    /// and no more. A newer one replaces it.
    Prefetch {
        torrent: TorrentRef,
        /// As of [`Effect::Open`].
        at: Option<u64>,
    },
    /// The viewer looks elsewhere; what came is kept as long as there is room.
    StopPrefetch,
    /// Decode the session's file up to its first picture at `at`, and stay paused.
    OpenPlayer {
        session: Session,
        at: Duration,
        subtitles: Vec<SubtitleFile>,
    },
    ClosePlayer(Session),
    SetPaused(Session, bool),
    /// A newer seek replaces one that has not begun.
    Seek {
        session: Session,
        to: Duration,
        mode: SeekMode,
    },
    /// From the next seek on the film runs so fast, in thousandths of its own speed, until it ends.
    SetSpeed {
        session: Session,
        permille: u16,
    },
    /// Tell how the film is shown ([`PlayerNews::Measured`](crate::PlayerNews::Measured)); false:
    /// no more.
    Measure(Session, bool),
    SelectAudio(Session, TrackId),
    SelectSubtitle(Session, Option<TrackId>),
    /// Show these with the first ones.
    SelectSecond(Session, Option<TrackId>),
    /// Show the first and the second subtitles so.
    TimeSubtitles(Session, [TextTiming; 2]),
    /// Listen how the subtitles lie on the film
    /// ([`PlayerNews::Fitted`](crate::PlayerNews::Fitted)).
    FitSubtitles(Session),
    StopFitting(Session),
    /// Films sound so from now on; a film that is open at once.
    Sound(SoundSettings),
    /// Ask who has subtitles for this video, of which that session plays a file
    /// ([`Event::Texts`](crate::Event::Texts)).
    FindTexts {
        session: Session,
        video: Title,
    },
    /// More subtitles to choose from, after those there are; once a session.
    AddTexts(Session, Vec<Text>),
    /// Tell the row again with more films than these; none come: it was the end.
    MoreOf {
        row: Arc<str>,
        have: usize,
    },
    /// Learn what is known of a title ([`Event::Described`](crate::Event::Described)).
    Describe(Title),
    /// Ask where this can be had ([`Event::Offers`](crate::Event::Offers)): a title, or one of its
    /// episodes by the episode's own id.
    FindSources {
        quest: Quest,
        video: Title,
    },
    /// Look for films by words ([`Event::Found`](crate::Event::Found)).
    Search {
        quest: Quest,
        text: String,
    },
    /// Remember that these words led that one to a film.
    Searched(ProfileId, String),
    /// Nobody waits for the answers any more.
    StopQuest(Quest),
    ChangeAddOn(AddOnChange),
    /// Put the add-on at this address on the box
    /// ([`Event::AddOnAdded`](crate::Event::AddOnAdded)).
    InstallAddOn(Arc<str>),
    /// Ask this one, by [`AddOn::id`](crate::AddOn::id), which others it lists
    /// ([`Event::AddOnsListed`](crate::Event::AddOnsListed)).
    ListAddOns {
        quest: Quest,
        add_on: Arc<str>,
    },
    /// Something about updates of the box.
    Update(UpdateAct),
    /// Take part in swarms like this from now on.
    Share(Sharing),
    /// Something about drives.
    Drive(DriveAct),
    /// Something about the time.
    Clock(ClockAct),
    /// Something about the network.
    Network(NetworkAct),
    /// Something for the TV.
    Tv(TvAct),
    /// The box does that now: for the lamp of its case.
    Status(Status),
    /// Something about phones that are remotes.
    Phones(PhonesAct),
    /// Something about the backup that a phone brought.
    Backup(BackupAct),
    /// How the box does, in words.
    Diagnosed(String),
    /// End the machine; [`Event::NotEnded`](crate::Event::NotEnded) where that cannot be.
    Power(PowerAct),
    /// Buttons of remotes and keyboards press no keys, but are told
    /// ([`Event::Heard`](crate::Event::Heard)); false: they press keys again.
    LearnButtons(bool),
    /// These buttons mean that from now on, whatever they meant before.
    KeepButtons(Vec<(Button, Key)>),
    /// Make small pictures of these places of the film, in that order and of what is here alone;
    /// each is told ([`PlayerNews::Still`](crate::PlayerNews::Still)). None: no more of them.
    MakeStills {
        session: Session,
        /// Instead of those that were asked for before.
        at: Vec<Duration>,
    },
    /// The box reads aloud from now on; false: no more, once what it says is said.
    ReadAloud(bool),
    /// Say that.
    Say(Utterance),
    /// Write resume positions and watched marks; a newer one replaces one not yet written.
    SaveLibrary(Library),
    /// Write who watches on this box; what is remembered of others goes. A newer one replaces one
    /// not yet written.
    SaveHousehold(Household),
    /// Something about PINs.
    Pin(PinAct),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeekMode {
    /// While scrubbing: the nearest key frame.
    KeyUnit,
    /// The frame itself.
    Accurate,
}
