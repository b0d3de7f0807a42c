//! The lists over a playing film: its sound, its subtitles, how those lie on it and look, how it
//! sounds, and when the box stands by.
//!
//! Which list is open and what has the focus is in `controls`; here is what stands in them and what
//! a press there asks for.

use crate::choices::{TextColour, TextPlace, TextSize, Zoom};
use crate::controls::Command;
use crate::power::TIMERS_MIN;
use crate::turning::{Turn, turned};
use crate::{SoundSettings, TextLook, TextTiming, Track, Tracks, words};

/// One press of an arrow moves subtitles by so much: less is hardly heard to be off.
const DELAY_MS: i64 = 100;

/// And sound by so much: lips are seen to be off sooner.
pub(crate) const SOUND_DELAY_MS: i16 = 20;

/// How fast a film can run, in thousandths of its own speed, the slowest first.
pub const SPEEDS: [u16; 6] = [750, 1000, 1250, 1500, 1750, 2000];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Audio,
    Subtitles,
    /// How subtitles lie on the film and look, if there are any; how it sounds; the sleep timer.
    Adjust,
    /// What is shown with the subtitles.
    Second,
}

/// What the lists tell of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shows<'a> {
    pub(crate) tracks: &'a Tracks,
    /// Of the first subtitles.
    pub(crate) timing: TextTiming,
    /// It listens how they lie on the film: thousandths of what it will hear at most.
    pub(crate) fitting: Option<u16>,
    pub(crate) look: TextLook,
    /// Minutes; none: it is off.
    pub(crate) sleep_timer: Option<u16>,
    pub(crate) sound: SoundSettings,
    /// In thousandths of the film's own.
    pub(crate) speed: u16,
    pub(crate) zoom: Zoom,
}

/// The lines of [`List::Adjust`], in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Fit,
    Delay,
    Second,
    Size,
    Place,
    Colour,
    SoundDelay,
    Night,
    Zoom,
    Speed,
    SleepTimer,
}

/// The first are of the subtitles that are shown.
const LINES: [Line; 11] = [
    Line::Fit,
    Line::Delay,
    Line::Second,
    Line::Size,
    Line::Place,
    Line::Colour,
    Line::SoundDelay,
    Line::Night,
    Line::Zoom,
    Line::Speed,
    Line::SleepTimer,
];

/// Of [`LINES`], those that are of the subtitles.
const OF_TEXTS: usize = 6;

fn lines(shows: Shows<'_>) -> &'static [Line] {
    match shows.tracks.subtitle_now {
        Some(_) => &LINES,
        None => &LINES[OF_TEXTS..],
    }
}

/// What OK does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Answer {
    /// That, and the list is left.
    Close(Command),
    /// That, and the list stays.
    Stay(Command),
    Open(List),
}

pub(crate) fn title(list: List, shows: Shows<'_>) -> String {
    match list {
        List::Audio => words::AUDIO.into(),
        List::Subtitles if shows.tracks.subtitle_now.is_some() => {
            words::subtitles_moved(shows.timing.offset_ms)
        }
        List::Subtitles => words::SUBTITLES.into(),
        List::Adjust => words::ADJUST.into(),
        List::Second => words::SECOND_SUBTITLES.into(),
    }
}

pub(crate) fn labels(list: List, shows: Shows<'_>) -> Vec<String> {
    let tracks = shows.tracks;
    let name = |(number, track)| words::track(track, number);
    let off = std::iter::once(words::OFF.into());
    match list {
        List::Audio => tracks.audio.iter().enumerate().map(name).collect(),
        List::Subtitles => {
            let texts = tracks.subtitles.iter().enumerate();
            off.chain(texts.map(name)).collect()
        }
        List::Second => off.chain(others(tracks).map(name)).collect(),
        List::Adjust => lines(shows)
            .iter()
            .map(|line| label(*line, shows))
            .collect(),
    }
}

fn label(line: Line, shows: Shows<'_>) -> String {
    let look = shows.look;
    match line {
        Line::Fit => words::fit_to_sound(shows.fitting),
        Line::Delay => words::moved(shows.timing.offset_ms),
        Line::Second => {
            let tracks = shows.tracks;
            let mut texts = tracks.subtitles.iter().enumerate();
            let now = texts.find(|(_, track)| Some(track.id) == tracks.second_now);
            words::second_subtitles(now)
        }
        Line::Size => words::text_size(look.size),
        Line::Place => words::text_place(look.place),
        Line::Colour => words::text_colour(look.colour),
        Line::SoundDelay => words::sound_delay(shows.sound.delay_ms),
        Line::Night => words::night(shows.sound.night),
        Line::Zoom => words::zoom(shows.zoom),
        Line::Speed => words::film_speed(shows.speed),
        Line::SleepTimer => words::sleep_timer(shows.sleep_timer),
    }
}

/// The sound after the one that plays; after the last the first.
pub(crate) fn next_audio(tracks: &Tracks) -> Command {
    let now = tracks.audio.iter();
    let now = now.take_while(|track| Some(track.id) != tracks.audio_now);
    let next = tracks.audio.iter().cycle().nth(now.count() + 1);
    match next.filter(|_| tracks.audio.len() > 1) {
        Some(next) => Command::Audio(next.id),
        None => Command::Nothing,
    }
}

/// The subtitles after those that are shown; after the last none, and then the first.
pub(crate) fn next_subtitle(tracks: &Tracks) -> Command {
    let ids = tracks.subtitles.iter().map(|track| track.id);
    let mut after = ids.skip_while(|id| tracks.subtitle_now.is_some_and(|now| now != *id));
    if tracks.subtitle_now.is_some() {
        after.next();
    }
    match after.next() {
        None if tracks.subtitles.is_empty() => Command::Nothing,
        next => Command::Subtitle(next),
    }
}

/// Index into [`labels`] of what plays now.
pub(crate) fn chosen(list: List, shows: Shows<'_>) -> Option<usize> {
    let tracks = shows.tracks;
    match list {
        List::Audio => {
            let now = tracks.audio_now?;
            tracks.audio.iter().position(|track| track.id == now)
        }
        List::Subtitles => Some(match tracks.subtitle_now {
            None => 0,
            Some(now) => 1 + tracks.subtitles.iter().position(|track| track.id == now)?,
        }),
        List::Second => Some(match tracks.second_now {
            None => 0,
            Some(now) => 1 + others(tracks).position(|(_, track)| track.id == now)?,
        }),
        List::Adjust => None,
    }
}

pub(crate) fn ok(list: List, focus: usize, shows: Shows<'_>) -> Answer {
    let tracks = shows.tracks;
    let track = |at: Option<usize>| tracks.subtitles.get(at?).map(|track| track.id);
    match list {
        List::Audio => {
            let track = tracks.audio.get(focus);
            Answer::Close(track.map_or(Command::Nothing, |track| Command::Audio(track.id)))
        }
        List::Subtitles => Answer::Close(Command::Subtitle(track(focus.checked_sub(1)))),
        List::Second => {
            let nth = focus.checked_sub(1);
            let track = nth.and_then(|nth| others(tracks).nth(nth));
            Answer::Close(Command::Second(track.map(|(_, track)| track.id)))
        }
        List::Adjust => match lines(shows).get(focus) {
            Some(Line::Fit) => Answer::Stay(Command::Fit(shows.fitting.is_none())),
            Some(Line::Delay) => Answer::Stay(Command::NoDelay),
            Some(Line::Second) => Answer::Open(List::Second),
            Some(Line::SoundDelay) => Answer::Stay(Command::Sound(SoundSettings {
                delay_ms: 0,
                ..shows.sound
            })),
            Some(Line::Night) => Answer::Stay(night(!shows.sound.night, shows.sound)),
            Some(Line::Zoom) => Answer::Stay(zoom(shows.zoom, Turn::Round)),
            Some(Line::Speed) => {
                let next = turned(&SPEEDS, shows.speed, Turn::Round);
                Answer::Stay(Command::Speed(next))
            }
            Some(Line::SleepTimer) => {
                let next = turned(&TIMERS_MIN, shows.sleep_timer, Turn::Round);
                Answer::Stay(Command::SleepTimer(next))
            }
            Some(line) => Answer::Stay(look(*line, Turn::Round, shows.look)),
            None => Answer::Stay(Command::Nothing),
        },
    }
}

/// What left or right does there; none: nothing of that list's.
pub(crate) fn sideways(list: List, focus: usize, right: bool, shows: Shows<'_>) -> Option<Command> {
    let delay = Command::Delay(if right { DELAY_MS } else { -DELAY_MS });
    let turn = if right { Turn::On } else { Turn::Back };
    match list {
        List::Subtitles => shows.tracks.subtitle_now.map(|_| delay),
        List::Adjust => Some(match lines(shows).get(focus)? {
            Line::Fit | Line::Second => Command::Nothing,
            Line::Delay => delay,
            Line::SoundDelay => {
                let by_ms = if right {
                    SOUND_DELAY_MS
                } else {
                    -SOUND_DELAY_MS
                };
                Command::Sound(shows.sound.delayed(by_ms))
            }
            Line::Night => night(right, shows.sound),
            Line::Zoom => zoom(shows.zoom, turn),
            Line::Speed => Command::Speed(turned(&SPEEDS, shows.speed, turn)),
            Line::SleepTimer => Command::SleepTimer(turned(&TIMERS_MIN, shows.sleep_timer, turn)),
            line => look(*line, turn, shows.look),
        }),
        List::Audio | List::Second => None,
    }
}

fn look(line: Line, turn: Turn, now: TextLook) -> Command {
    let mut look = now;
    match line {
        Line::Size => look.size = turned(&TextSize::NAMES.map(|it| it.1), now.size, turn),
        Line::Place => look.place = turned(&TextPlace::NAMES.map(|it| it.1), now.place, turn),
        Line::Colour => {
            look.colour = turned(&TextColour::NAMES.map(|it| it.1), now.colour, turn);
        }
        Line::Fit
        | Line::Delay
        | Line::Second
        | Line::SoundDelay
        | Line::Night
        | Line::Zoom
        | Line::Speed
        | Line::SleepTimer => {}
    }
    Command::Look(look)
}

fn zoom(now: Zoom, turn: Turn) -> Command {
    Command::Zoom(turned(&Zoom::NAMES.map(|it| it.1), now, turn))
}

fn night(night: bool, sound: SoundSettings) -> Command {
    Command::Sound(SoundSettings { night, ..sound })
}

/// Subtitles that can be shown with the first ones, numbered as all of them are.
fn others(tracks: &Tracks) -> impl Iterator<Item = (usize, &Track)> {
    let all = tracks.subtitles.iter().enumerate();
    all.filter(|(_, track)| Some(track.id) != tracks.subtitle_now)
}
