//! What the viewer looks at is got ready: the film under focus, before anybody presses OK.
//!
//! Only says what to get and when to stop; how much of it is the torrent shell's bound. A film
//! that is opened is taken over by its attempt and is not stopped in between. Nothing is got
//! ahead while a film plays but the next episode when the rest of this one is here (`coming`), and
//! a box left alone leaves the swarm.

use std::time::Duration;

use crate::choosing::{Board, Wish};
use crate::rest::RestSettings;
use crate::supply::Supply;
use crate::texts::TextWish;
use crate::{
    DriveWish, Effect, Film, Language, Library, Pace, Progress, Reach, Sharing, Source, Time,
    TorrentRef, TvSettings, UpdateSettings, VolumeWish,
};

/// A film looked at for so long is looked at, not passed by: held arrows move every 125 ms, and
/// a title takes about this long to read.
const SETTLED: Duration = Duration::from_millis(400);

/// The focus may be away for so long: a look at the neighbour and back costs no peers.
const AWAY: Duration = Duration::from_secs(1);

/// After so long without a key nobody looks: the box does not stay in a swarm for nothing.
const ALONE: Duration = Duration::from_secs(5 * 60);

/// What the owner lets the box do of its own accord, and wants of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Preferences {
    /// Get the beginning of a film that has the focus.
    pub prefetch: bool,
    /// The network costs by the byte: nothing is got that nobody asked for.
    pub metered: bool,
    /// What can be decoded and shown here.
    pub board: Board,
    /// Which source of a film is wanted.
    pub wish: Wish,
    /// Which subtitles.
    pub texts: TextWish,
    /// None: this box is not updated by itself.
    pub updates: Option<UpdateSettings>,
    /// None: nobody speaks to the TV.
    pub tv: Option<TvSettings>,
    /// Whom the keys for the volume turn up.
    pub volume: VolumeWish,
    /// The machine can be switched off and restarted from here.
    pub ends: bool,
    /// Where films are kept; none: nobody tells of drives.
    pub drives: Option<DriveWish>,
    /// The case has a lamp.
    pub lamp: bool,
    /// The box reads keyboards and remotes itself, so it can learn their buttons.
    pub remotes: bool,
    /// When the screen rests.
    pub rest: RestSettings,
    /// Phones can be remotes of the box.
    pub phones: bool,
    /// The next episode plays by itself.
    pub autoplay: bool,
    /// Another language can be chosen on the box.
    pub languages: bool,
    /// What the box speaks, until another is chosen on it; none: what the TV does.
    pub language: Option<Language>,
    /// The box's network is its own to see to.
    pub network: bool,
    /// Somebody tells the time.
    pub clock: bool,
    /// Of each hundred pixels, those that the TV hides; none: the screen is a desktop's.
    pub overscan: Option<u8>,
    /// How the box takes part in swarms.
    pub sharing: Sharing,
    /// Letters and lines stand out more.
    pub contrast: bool,
    /// Words are larger.
    pub large_text: bool,
    /// The box has a voice.
    pub speech: bool,
    /// It reads aloud what it shows.
    pub spoken: bool,
    /// How fast.
    pub pace: Pace,
    /// A new box asks its owner in.
    pub first_start: bool,
}

impl Default for Preferences {
    fn default() -> Preferences {
        Preferences {
            prefetch: true,
            metered: false,
            board: Board::default(),
            wish: Wish::default(),
            texts: TextWish::default(),
            updates: None,
            tv: None,
            volume: VolumeWish::default(),
            ends: false,
            drives: None,
            lamp: false,
            remotes: false,
            rest: RestSettings::default(),
            phones: false,
            autoplay: false,
            languages: false,
            language: None,
            network: false,
            clock: false,
            overscan: None,
            sharing: Sharing::default(),
            contrast: false,
            large_text: false,
            speech: false,
            spoken: false,
            pace: Pace::default(),
            first_start: false,
        }
    }
}

/// A film that could be got ahead, and where its viewer left off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Look {
    pub(crate) torrent: TorrentRef,
    pub(crate) at: Option<u64>,
    pub(crate) runtime_min: Option<u16>,
}

impl Look {
    /// Of the source of a film, if it can be got ahead.
    pub(crate) fn at(film: &Film, source: &Source, library: &Library) -> Option<Look> {
        let mark = library.marks.get(&film.id);
        Some(Look {
            torrent: source.reach.torrent()?.clone(),
            at: mark.and_then(|mark| mark.byte_of(&source.reach, mark.resume()?)),
            runtime_min: film.runtime_min,
        })
    }

    fn is(&self, other: &Look) -> bool {
        let one = |look: &Look| (look.torrent.info_hash, look.torrent.file, look.at);
        one(self) == one(other)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Prefetch {
    allowed: bool,
    looks: Option<Look>,
    looks_since: Time,
    running: Option<Running>,
    /// Since when the running one has no focus.
    away_since: Option<Time>,
    key_at: Time,
}

#[derive(Debug)]
struct Running {
    look: Look,
    supply: Supply,
}

impl Prefetch {
    pub(crate) fn new(preferences: &Preferences) -> Prefetch {
        Prefetch {
            allowed: preferences.prefetch && !preferences.metered,
            ..Prefetch::default()
        }
    }

    /// What is under way goes on.
    pub(crate) fn obey(&mut self, preferences: &Preferences) {
        self.allowed = preferences.prefetch && !preferences.metered;
    }

    /// The owner lets the box get things that nobody asked for.
    pub(crate) fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// Somebody is there.
    pub(crate) fn key(&mut self, now: Time) {
        if self.alone(now) {
            self.looks_since = now;
        }
        self.key_at = now;
    }

    fn alone(&self, now: Time) -> bool {
        now.since(self.key_at) >= ALONE
    }

    /// What the focus is on now, if that can be got ahead; tells what to begin and to stop.
    pub(crate) fn look(&mut self, at: Option<Look>, now: Time, effects: &mut Vec<Effect>) {
        if !self.allowed {
            return;
        }
        let same = match (&self.looks, &at) {
            (Some(old), Some(new)) => old.is(new),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.looks = at;
            self.looks_since = now;
        }
        self.away_since = match &self.running {
            Some(_) if !self.focused() => self.away_since.or(Some(now)),
            _ => None,
        };
        if let Some(look) = self.next().filter(|_| now >= self.looks_since + SETTLED)
            && !self.alone(now)
        {
            let look = look.clone();
            effects.push(Effect::Prefetch {
                torrent: look.torrent.clone(),
                at: look.at,
            });
            let supply = Supply::new(look.runtime_min);
            self.running = Some(Running { look, supply });
            self.away_since = None;
        }
        let away = self.away_since.is_some_and(|since| now >= since + AWAY);
        if self.running.is_some() && (away || self.alone(now)) {
            self.stop(effects);
        }
    }

    fn focused(&self) -> bool {
        match (&self.running, &self.looks) {
            (Some(running), Some(look)) => running.look.is(look),
            _ => false,
        }
    }

    /// What should run and does not.
    fn next(&self) -> Option<&Look> {
        self.looks.as_ref().filter(|_| !self.focused())
    }

    fn stop(&mut self, effects: &mut Vec<Effect>) {
        if self.running.take().is_some() {
            effects.push(Effect::StopPrefetch);
        }
        self.away_since = None;
    }

    /// The viewer opens a film: its attempt takes over what runs of it.
    pub(crate) fn opens(&mut self, reach: &Reach, effects: &mut Vec<Effect>) {
        let taken_over = |running: &mut Running| {
            let opened = reach.torrent().map(|torrent| torrent.info_hash);
            opened == Some(running.look.torrent.info_hash)
        };
        if self.running.take_if(taken_over).is_none() {
            self.stop(effects);
        }
        self.looks = None;
    }

    /// The program ends.
    pub(crate) fn end(&mut self, effects: &mut Vec<Effect>) {
        self.allowed = false;
        self.stop(effects);
    }

    /// How that which runs does.
    pub(crate) fn progress(&mut self, progress: Progress, now: Time) {
        if let Some(running) = &mut self.running {
            running.supply.take(progress);
            running.supply.look(Duration::ZERO, now);
        }
    }

    pub(crate) fn tick(&mut self, now: Time) {
        if let Some(running) = &mut self.running {
            running.supply.look(Duration::ZERO, now);
        }
    }

    /// The film of that torrent would stop now and then.
    pub(crate) fn too_slow(&self, torrent: &TorrentRef) -> bool {
        let running = self.running.as_ref();
        let running = running.filter(|running| running.look.torrent == *torrent);
        running.is_some_and(|running| running.supply.too_slow_for().is_some())
    }

    pub(crate) fn deadline(&self, now: Time) -> Option<Time> {
        if !self.allowed {
            return None;
        }
        let settled = self.next().filter(|_| !self.alone(now));
        let settled = settled.map(|_| self.looks_since + SETTLED);
        let away = self.away_since.map(|since| since + AWAY);
        let running = self.running.as_ref();
        let alone = running.map(|_| self.key_at + ALONE);
        let told = running.and_then(|running| running.supply.deadline());
        [settled, away, alone, told].into_iter().flatten().min()
    }
}
