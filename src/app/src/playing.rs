//! A film runs: position, pause, waiting for bytes, seeking, tracks.
//!
//! Whether the pipeline runs is derived, never set twice: it is held while the viewer wants a
//! pause, while bytes are missing, and while an arrow is held ([`Playing::held`]).

mod choosing;
mod ending;
mod moving;
mod replay;
mod skipping;
mod stats;
mod steered;
mod stills;
pub(crate) mod up_next;

use std::sync::Arc;
use std::time::Duration;

use crate::chapters::{self, Skip};
use crate::coming::NEAR_THE_END;
use crate::controls::{Command, Controls, Now};
use crate::event::PlayerNews;
use crate::library::{Library, ReadPlace, WATCHED_PERMILLE, permille};
use crate::opening::{Attempt, Decoded, Opening};
use crate::supply::Supply;
use crate::view::{BufferingView, ControlsView, DeckView, PlayingView};
use crate::{
    Chapter, Choices, Effect, Key, Lines, Measured, Press, Progress, SeekMode, Session,
    SoundSettings, TextLook, TextTiming, Time, Tracks, words,
};
use stills::Stills;
use up_next::UpNext;

/// A picture that stands still this long while the player waits for bytes is a stall: twice the
/// interval at which positions are told.
const STALLED: Duration = Duration::from_millis(500);

/// The position is written this often while the film runs: what a power cut may cost.
const SAVE_EVERY: Duration = Duration::from_secs(5);

#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Playing {
    pub(crate) attempt: Attempt,
    pub(crate) supply: Supply,
    /// The film's end; none: it can't be sought in.
    seekable: Option<Duration>,
    tracks: Tracks,
    chapters: Arc<Vec<Chapter>>,
    position: Duration,
    /// As the viewer wants it.
    paused: bool,
    buffering: bool,
    waiting_since: Option<Time>,
    moved_at: Time,
    /// Sought to and not there yet.
    seeking: Option<Duration>,
    /// So often it came to a place that it was sent to.
    jumps: u32,
    /// What the player was last told.
    held: bool,
    lines: Lines,
    /// What was chosen, by the viewer or for them.
    choices: Choices,
    /// How the two texts lie on the film.
    timings: [TextTiming; 2],
    /// The viewer has not chosen the subtitles, or a second text: those may still be said.
    texts_open: [bool; 2],
    /// It listens how the subtitles lie on the film: thousandths of what it will hear at most.
    fitting: Option<u16>,
    look: TextLook,
    /// Minutes until the box stands by, as they were set.
    pub(crate) sleep_timer: Option<u16>,
    /// What is set of the sound.
    pub(crate) sound: SoundSettings,
    /// How fast it runs, in thousandths of its own speed.
    speed: u16,
    /// The minute of the day in which it will have ended, as it is shown.
    ends: Option<u16>,
    controls: Controls,
    saved_at: Time,
    /// Where what is left to see begins to be credits.
    last_part: Option<Duration>,
    up_next: UpNext,
    skips: Vec<Skip>,
    /// The viewer does not want to skip what begins there.
    not_skipped: Option<Duration>,
    /// Subtitles are shown up to there, and then none again.
    lent_until: Option<Duration>,
    /// None: nobody looks.
    stats: Option<Measured>,
    stills: Stills,
}

/// What the film's screen asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Stay,
    Refused,
    /// To be told to the viewer.
    Tell(String),
    /// Stand by after so many minutes; none: do not.
    SleepTimer(Option<u16>),
    /// The sound is to be so.
    Sound(SoundSettings),
    /// The episode after this one, which a countdown has come to or the viewer asks for.
    PlayNext {
        by_itself: bool,
    },
    /// What was said last, once more.
    SayAgain,
    /// It was seen to its end.
    Ended,
    Leave,
}

impl Playing {
    /// The film starts; the caller sends [`Playing::hold`]'s effects.
    pub(crate) fn new(
        opening: Opening,
        player: Decoded,
        (choices, look): (Choices, TextLook),
        now: Time,
    ) -> Playing {
        let mut controls = Controls::default();
        controls.show(now);
        let source = opening.attempt.film.sources.get(opening.attempt.source);
        let release = source.and_then(|source| source.offer.release.clone());
        let duration = opening.supply.duration.unwrap_or_default();
        Playing {
            last_part: chapters::last_part(&player.chapters, duration),
            skips: chapters::skips(&player.chapters, duration),
            not_skipped: None,
            up_next: UpNext::default(),
            lent_until: None,
            stats: None,
            stills: Stills::default(),
            position: opening.attempt.at,
            attempt: opening.attempt,
            supply: opening.supply,
            seekable: player.duration.filter(|_| player.seekable),
            tracks: player.tracks,
            chapters: Arc::new(player.chapters),
            paused: false,
            buffering: false,
            waiting_since: None,
            moved_at: now,
            seeking: None,
            jumps: 0,
            held: true,
            lines: Lines::default(),
            choices: Choices {
                release: release.or(choices.release),
                ..choices
            },
            timings: Default::default(),
            texts_open: [true; 2],
            fitting: None,
            look,
            sleep_timer: None,
            sound: SoundSettings::default(),
            speed: 1000,
            ends: None,
            controls,
            saved_at: now,
        }
    }

    fn session(&self) -> Session {
        self.attempt.session
    }

    /// Where the film is for the viewer: where a seek will take it, else where it is.
    fn place(&self) -> Duration {
        self.controls
            .scrub_target()
            .or(self.seeking)
            .unwrap_or(self.position)
    }

    /// Tells the player to run or to hold, when that has changed.
    pub(crate) fn hold(&mut self, effects: &mut Vec<Effect>) {
        let hold = self.paused || self.buffering || self.controls.holds();
        if hold != self.held {
            self.held = hold;
            effects.push(Effect::SetPaused(self.session(), hold));
        }
    }

    pub(crate) fn key(
        &mut self,
        key: Key,
        press: Press,
        now: Time,
        effects: &mut Vec<Effect>,
    ) -> Step {
        let taken = self.card_key(key, press, now);
        if let Some(step) = taken.or_else(|| self.skip_key(key, press, now, effects)) {
            return step;
        }
        let position = self.seeking.unwrap_or(self.position);
        let mut controls = std::mem::take(&mut self.controls);
        let command = controls.key(key, press, self.state(now, position));
        self.controls = controls;
        self.obey(command, now, effects)
    }

    fn obey(&mut self, command: Command, now: Time, effects: &mut Vec<Effect>) -> Step {
        let session = self.session();
        match command {
            Command::Nothing => {}
            Command::TogglePause => self.paused = !self.paused,
            Command::SetPaused(paused) => self.paused = paused,
            Command::Scrub(to) => {
                effects.push(Effect::Seek {
                    session,
                    to,
                    mode: SeekMode::KeyUnit,
                });
            }
            Command::Seek(to) => self.seek(to, now, effects),
            Command::Chapter { .. } | Command::Speed(_) if self.seekable.is_none() => {
                return Step::Refused;
            }
            Command::Chapter { forward } => {
                if let Some(to) = self.chapter(forward) {
                    self.seek(to, now, effects);
                }
            }
            Command::Audio(track) => {
                self.choose_sound(track, effects);
            }
            Command::Subtitle(track) => self.choose_text(track, effects),
            Command::Second(track) => self.choose_second(track, effects),
            Command::Delay(by_ms) => self.delay(by_ms, effects),
            Command::NoDelay => self.time(TextTiming::default(), effects),
            Command::Fit(begin) => self.fit(begin, effects),
            Command::Look(look) => self.look = look,
            Command::Zoom(zoom) => self.choices.zoom = zoom,
            Command::SleepTimer(minutes) => {
                self.sleep_timer = minutes;
                return Step::SleepTimer(minutes);
            }
            Command::Sound(sound) => {
                self.sound = sound;
                return Step::Sound(sound);
            }
            Command::Speed(permille) => self.run_at(permille, now, effects),
            Command::Stats => self.toggle_stats(effects),
            Command::SayAgain => return Step::SayAgain,
            Command::Refused => return Step::Refused,
            Command::Leave => return Step::Leave,
        }
        Step::Stay
    }

    pub(crate) fn player(
        &mut self,
        news: PlayerNews,
        now: Time,
        effects: &mut Vec<Effect>,
    ) -> Step {
        match news {
            _ if self.is_over() => return Step::Stay,
            PlayerNews::Position(position) if self.seeking.is_none() => {
                if position != self.position {
                    self.moved_at = now;
                }
                self.position = position;
                self.supply.shows(position);
            }
            PlayerNews::Seeked(position) => {
                self.position = position;
                self.moved_at = now;
                self.jumps = self.jumps.wrapping_add(1);
                if !self.controls.holds() {
                    self.seeking = None;
                }
            }
            PlayerNews::Tracks(tracks) => self.tracks = tracks,
            PlayerNews::Subtitle(lines) => self.lines = lines,
            PlayerNews::Fitting(permille) => {
                self.fitting = self.fitting.map(|_| permille);
            }
            PlayerNews::Measured(measured) => {
                self.stats = self.stats.take().map(|_| measured);
            }
            PlayerNews::Still { at, still } => self.still(at, still),
            PlayerNews::Fitted(fits) => return self.fitted(fits, effects),
            PlayerNews::Ended => {
                // Seen to its end, also when nobody knew where that is.
                self.seeking = None;
                self.position = *self.supply.duration.get_or_insert(self.position);
                return Step::Ended;
            }
            _ => {}
        }
        self.look_at_lent(effects);
        self.check_supply(now);
        Step::Stay
    }

    pub(crate) fn progress(&mut self, progress: Progress, now: Time) {
        self.waiting_since = progress
            .waiting_at
            .map(|_| self.waiting_since.unwrap_or(now));
        self.supply.take(progress);
        self.check_supply(now);
    }

    pub(crate) fn tick(&mut self, now: Time, effects: &mut Vec<Effect>) -> Step {
        let command = self.controls.tick(now);
        // A made-up release can only seek: it never leaves the film.
        let _ = self.obey(command, now, effects);
        self.check_supply(now);
        self.count_down(now)
    }

    /// When a wait for bytes becomes a stall.
    fn stalls_at(&self) -> Option<Time> {
        let since = self
            .waiting_since
            .filter(|_| !self.paused && !self.buffering)?;
        Some(since.max(self.moved_at) + STALLED)
    }

    fn check_supply(&mut self, now: Time) {
        let place = self.seeking.unwrap_or(self.position);
        self.supply.look(place, now);
        if self.stalls_at().is_some_and(|at| now >= at) {
            self.buffering = true;
            // After a seek the stream has only begun to come: its rate says nothing yet.
            self.supply.runs_dry(self.seeking.is_none());
            self.supply.look(place, now);
        } else if self.buffering && self.waiting_since.is_none() && self.supply.enough(place) {
            self.buffering = false;
            self.supply.runs_dry(false);
            self.moved_at = now;
        }
    }

    /// Notes the position in the library; says when it should be written.
    pub(crate) fn mark(&mut self, library: &mut Library, now: Time, at_once: bool) -> bool {
        if self.is_over() {
            return false;
        }
        let place = self.place();
        let read = ReadPlace {
            from: self.attempt.reach().key(),
            size: self.supply.progress.size,
            at: self
                .supply
                .byte_of(place)
                .filter(|_| place == self.position),
        };
        let duration = self.supply.duration.unwrap_or_default();
        library.reached(&self.attempt.film.id, place, duration, read);
        library.chose(&self.attempt.film, &self.choices);
        library.look = self.look;
        let due = at_once || now.since(self.saved_at) >= SAVE_EVERY;
        if due {
            self.saved_at = now;
        }
        due
    }

    /// Little of it is left to see, and that is here.
    pub(crate) fn is_nearly_over(&self) -> bool {
        let Some(duration) = self.supply.duration else {
            return false;
        };
        let left = duration.saturating_sub(self.position);
        let credits = permille(self.position, duration) >= WATCHED_PERMILLE;
        credits && left <= NEAR_THE_END && self.supply.has_the_rest(self.position)
    }

    pub(crate) fn too_slow(&self) -> bool {
        self.supply.too_slow_for().is_some()
    }

    /// As by the viewer, who may be elsewhere.
    pub(crate) fn pause(&mut self) {
        self.paused = true;
        self.stop_countdown();
    }

    pub(crate) fn paused(&self) -> bool {
        self.paused
    }

    pub(crate) fn seeking(&self) -> bool {
        self.seeking.is_some()
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        let supply = self.supply.deadline();
        let card = self.card_deadline();
        let all = [self.controls.deadline(), self.stalls_at(), supply, card];
        all.into_iter().flatten().min()
    }

    /// What the controls must know, the film being at `position` for them.
    fn state(&self, now: Time, position: Duration) -> Now<'_> {
        Now {
            time: now,
            paused: self.paused,
            position,
            seekable: self.seekable,
            shows: self.shows(),
        }
    }

    pub(crate) fn view(&self, now: Time) -> PlayingView {
        let place = self.place();
        let end = self.supply.duration;
        let chapter = self.chapters.iter().rfind(|chapter| chapter.start <= place);
        let (stills, still) = self.stills_view(now);
        let controls = self
            .controls
            .view(self.state(now, place))
            .filter(|_| !self.is_over())
            .map(|shown| ControlsView {
                handle: place,
                scrubbing: self.controls.scrub_target().is_some(),
                elapsed: words::clock(place),
                left: end
                    .map(|end| format!("-{}", words::clock(end.saturating_sub(place))))
                    .unwrap_or_default(),
                ends: None,
                chapter: chapter.map(|chapter| chapter.title.clone()),
                buttons: shown.buttons,
                button: shown.button,
                panel: shown.panel,
                stills,
                still,
            });
        let progress = &self.supply.progress;
        let waiting = self.seeking.unwrap_or(self.position);
        PlayingView {
            session: self.session(),
            film: self.attempt.film.id.clone(),
            title: self.attempt.film.title.clone(),
            paused: self.paused,
            buffering: self.buffering.then(|| {
                Box::new(BufferingView {
                    text: words::buffering(
                        progress,
                        self.supply.starts_in_s(),
                        self.supply.too_slow_for().is_some(),
                    ),
                    permille: self.supply.permille(waiting),
                })
            }),
            position: self.seeking.unwrap_or(self.position),
            seeking: self.seeking.is_some(),
            duration: end,
            buffered: self.supply.buffered(),
            peers: progress.peers,
            rate: progress.rate,
            controls,
            next: None,
            skip: self.skip_view(now),
            stats: self.stats_view(),
            lines: self.lines.clone(),
            look: self.look,
            zoom: self.choices.zoom,
            deck: Box::new(self.deck_view()),
            chapters: Arc::clone(&self.chapters),
            audio: self.tracks.audio.clone(),
            audio_now: self.tracks.audio_now,
            subtitles: self.tracks.subtitles.clone(),
            subtitle_now: self.tracks.subtitle_now,
            second_now: self.tracks.second_now,
        }
    }

    /// Whether an episode comes next is known elsewhere.
    fn deck_view(&self) -> DeckView {
        let film = &self.attempt.film;
        DeckView {
            episode: film.episode.clone(),
            poster: film.poster.clone(),
            seekable: self.seekable.is_some() && !self.is_over(),
            speed: self.speed,
            has_next: false,
            jumps: self.jumps,
        }
    }
}
