//! The controls over a playing film: when they show, what has the focus, scrubbing, track lists.
//!
//! Keys become commands here; whether the film runs is decided in `playing`.

use std::time::Duration;

use crate::panels::{self, List, Shows};
use crate::saying::Message;
use crate::view::{ActionView, PanelView};
use crate::{Key, Press, SoundSettings, TextLook, Time, TrackId, Zoom, words};

/// Controls leave by themselves after this long without a key.
const LINGER: Duration = Duration::from_secs(4);

/// One press of an arrow, and of Forward or Rewind.
const STEP: Duration = Duration::from_secs(10);
const LONG_STEP: Duration = Duration::from_secs(30);

/// A key whose release is lost (infrared, CEC) counts as released after this long: repeats come
/// every 125 ms or faster.
const RELEASE_LOST: Duration = Duration::from_millis(700);

/// A seek to the very end would end the film; this much of it stays.
const TAIL: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Controls {
    shown_until: Option<Time>,
    /// None: the seek bar has the focus.
    button: Option<usize>,
    scrub: Option<Scrub>,
    /// A place was sought last: what lies around it is of interest until the controls leave.
    strip: bool,
    panel: Option<Panel>,
}

#[derive(Debug, Clone, PartialEq)]
struct Scrub {
    target: Duration,
    /// The key is held: its repeats so far.
    repeats: u32,
    last: Time,
}

#[derive(Debug, Clone, PartialEq)]
struct Panel {
    list: List,
    focus: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Command {
    Nothing,
    TogglePause,
    SetPaused(bool),
    /// While the key is held.
    Scrub(Duration),
    Seek(Duration),
    Audio(TrackId),
    Subtitle(Option<TrackId>),
    Second(Option<TrackId>),
    /// Show the subtitles so many milliseconds later than now; earlier below zero.
    Delay(i64),
    /// Show them as they say.
    NoDelay,
    /// Listen how they lie on the film, or stop that.
    Fit(bool),
    Look(TextLook),
    /// Stand by after so many minutes; none: do not.
    SleepTimer(Option<u16>),
    /// In thousandths of the film's own.
    Speed(u16),
    Zoom(Zoom),
    Sound(SoundSettings),
    Chapter {
        forward: bool,
    },
    /// What was said last, once more.
    SayAgain,
    /// Show what is measured, or no more.
    Stats,
    /// The film cannot be sought in.
    Refused,
    Leave,
}

/// What the controls must know of the film.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now<'a> {
    pub(crate) time: Time,
    pub(crate) paused: bool,
    pub(crate) position: Duration,
    /// None: it can't be sought in.
    pub(crate) seekable: Option<Duration>,
    pub(crate) shows: Shows<'a>,
}

const BUTTONS: usize = 4;

impl Controls {
    pub(crate) fn show(&mut self, now: Time) {
        self.shown_until = Some(now + LINGER);
    }

    pub(crate) fn visible(&self, now: Time, paused: bool) -> bool {
        let lingering = self.shown_until.is_some_and(|until| now < until);
        paused || lingering || self.scrub.is_some() || self.panel.is_some()
    }

    /// The film is held while an arrow is.
    pub(crate) fn holds(&self) -> bool {
        self.scrub.as_ref().is_some_and(|scrub| scrub.repeats > 0)
    }

    /// What lies around the place that is sought is of interest.
    pub(crate) fn shows_strip(&self, now: Time, paused: bool) -> bool {
        self.strip && self.panel.is_none() && self.visible(now, paused)
    }

    pub(crate) fn scrub_target(&self) -> Option<Duration> {
        self.scrub.as_ref().map(|scrub| scrub.target)
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        let released = self.scrub.as_ref().map(|scrub| scrub.last + RELEASE_LOST);
        [self.shown_until, released].into_iter().flatten().min()
    }

    /// Time has passed: controls leave, a lost release is made up for.
    pub(crate) fn tick(&mut self, now: Time) -> Command {
        if self.shown_until.is_some_and(|until| now >= until) {
            self.shown_until = None;
            self.button = None;
            self.strip = false;
        }
        match &self.scrub {
            Some(scrub) if now.since(scrub.last) >= RELEASE_LOST => self.release(),
            _ => Command::Nothing,
        }
    }

    pub(crate) fn key(&mut self, key: Key, press: Press, now: Now<'_>) -> Command {
        if press == Press::Up {
            return match key {
                Key::Left | Key::Right | Key::Forward | Key::Rewind => self.release(),
                _ => Command::Nothing,
            };
        }
        if key == Key::Info && self.panel.is_none() {
            return Command::Stats;
        }
        if key == Key::Blue {
            // There is something to read where controls would be.
            *self = Controls::default();
            return Command::SayAgain;
        }
        let was_visible = self.visible(now.time, now.paused);
        self.show(now.time);
        self.strip = false;
        if self.panel.is_some() {
            return self.panel_key(key, now);
        }
        match key {
            Key::PlayPause => Command::TogglePause,
            Key::Play => Command::SetPaused(false),
            Key::Pause => Command::SetPaused(true),
            Key::Forward => self.scrub(true, LONG_STEP, press, now),
            Key::Rewind => self.scrub(false, LONG_STEP, press, now),
            Key::Next | Key::PageUp => Command::Chapter { forward: true },
            Key::Previous | Key::PageDown => Command::Chapter { forward: false },
            Key::Audio | Key::Red => panels::next_audio(now.shows.tracks),
            Key::Subtitles | Key::Green => panels::next_subtitle(now.shows.tracks),
            Key::Digit(digit) => match now.seekable {
                Some(end) => Command::Seek(clamp(end * u32::from(digit) / 10, end)),
                None => Command::Refused,
            },
            Key::Back if was_visible && !now.paused => {
                *self = Controls::default();
                Command::Nothing
            }
            Key::Back | Key::Stop => Command::Leave,
            Key::Menu | Key::Context => {
                self.open(List::Subtitles, now.shows);
                Command::Nothing
            }
            _ => match self.button {
                None => self.bar_key(key, press, was_visible, now),
                Some(button) => self.button_key(key, button, now),
            },
        }
    }

    fn bar_key(&mut self, key: Key, press: Press, was_visible: bool, now: Now<'_>) -> Command {
        match key {
            Key::Ok => return Command::TogglePause,
            Key::Left => return self.scrub(false, STEP, press, now),
            Key::Right => return self.scrub(true, STEP, press, now),
            Key::Down if was_visible => self.button = Some(0),
            _ => {}
        }
        Command::Nothing
    }

    fn button_key(&mut self, key: Key, button: usize, now: Now<'_>) -> Command {
        match key {
            Key::Left => self.button = Some(button.saturating_sub(1)),
            Key::Right => self.button = Some((button + 1).min(BUTTONS - 1)),
            Key::Up => self.button = None,
            Key::Ok if button == 0 => return Command::TogglePause,
            Key::Ok if button == 1 => self.open(List::Audio, now.shows),
            Key::Ok if button == 2 => self.open(List::Subtitles, now.shows),
            Key::Ok => self.open(List::Adjust, now.shows),
            _ => {}
        }
        Command::Nothing
    }

    fn open(&mut self, list: List, shows: Shows<'_>) {
        let focus = panels::chosen(list, shows).unwrap_or(0);
        self.panel = Some(Panel { list, focus });
    }

    fn panel_key(&mut self, key: Key, now: Now<'_>) -> Command {
        let Some(Panel { list, focus }) = self.panel.take() else {
            return Command::Nothing;
        };
        let count = panels::labels(list, now.shows).len();
        // Others may have come, or gone.
        let focus = focus.min(count.saturating_sub(1));
        let mut stay = |focus| self.panel = Some(Panel { list, focus });
        match key {
            Key::Up => stay(focus.saturating_sub(1)),
            Key::Down => stay((focus + 1).min(count.saturating_sub(1))),
            Key::Ok => match panels::ok(list, focus, now.shows) {
                panels::Answer::Close(command) => return command,
                panels::Answer::Stay(command) => {
                    stay(focus);
                    return command;
                }
                panels::Answer::Open(list) => self.open(list, now.shows),
            },
            Key::PlayPause => {
                stay(focus);
                return Command::TogglePause;
            }
            Key::Stop => return Command::Leave,
            Key::Left | Key::Right => {
                let moved = panels::sideways(list, focus, key == Key::Right, now.shows);
                if moved.is_some() || key == Key::Right {
                    stay(focus);
                }
                return moved.unwrap_or(Command::Nothing);
            }
            Key::Back if list == List::Second => self.open(List::Adjust, now.shows),
            Key::Back | Key::Menu | Key::Context => {}
            _ => stay(focus),
        }
        Command::Nothing
    }

    /// Moves the target: one step a press, longer ones the longer the key is held.
    fn scrub(&mut self, forward: bool, step: Duration, press: Press, now: Now<'_>) -> Command {
        let Some(end) = now.seekable else {
            return Command::Refused;
        };
        let (from, repeats) = match &self.scrub {
            Some(scrub) => (scrub.target, scrub.repeats),
            None => (now.position, 0),
        };
        let repeats = if press == Press::Repeat {
            repeats + 1
        } else {
            repeats
        };
        let step = step
            * match repeats {
                0..8 => 1,
                8..24 => 3,
                _ => 6,
            };
        let target = if forward {
            from + step
        } else {
            from.saturating_sub(step)
        };
        let target = clamp(target, end);
        self.strip = true;
        self.scrub = Some(Scrub {
            target,
            repeats,
            last: now.time,
        });
        if press == Press::Repeat {
            Command::Scrub(target)
        } else {
            Command::Nothing
        }
    }

    fn release(&mut self) -> Command {
        self.scrub
            .take()
            .map_or(Command::Nothing, |scrub| Command::Seek(scrub.target))
    }

    /// Whether they show, the buttons' labels, the focus and the open list.
    pub(crate) fn view(&self, now: Now<'_>) -> Option<Shown> {
        self.visible(now.time, now.paused).then(|| Shown {
            buttons: vec![
                ActionView {
                    label: if now.paused {
                        words::PLAY
                    } else {
                        words::PAUSE
                    }
                    .into(),
                    enabled: true,
                },
                button(words::AUDIO, List::Audio, now.shows),
                button(words::SUBTITLES, List::Subtitles, now.shows),
                ActionView {
                    label: words::ADJUST.into(),
                    enabled: true,
                },
            ],
            button: self.button,
            panel: self.panel.as_ref().map(|panel| PanelView {
                title: panels::title(panel.list, now.shows),
                labels: panels::labels(panel.list, now.shows),
                chosen: panels::chosen(panel.list, now.shows),
                focus: panel.focus,
            }),
        })
    }
}

/// The part of the controls' view that the controls know themselves.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) buttons: Vec<ActionView>,
    pub(crate) button: Option<usize>,
    pub(crate) panel: Option<PanelView>,
}

/// A place in a film of length `end` that can be sought to.
pub(crate) fn clamp(target: Duration, end: Duration) -> Duration {
    target.min(end.saturating_sub(TAIL))
}

fn button(name: Message, list: List, shows: Shows<'_>) -> ActionView {
    let labels = panels::labels(list, shows);
    let now = panels::chosen(list, shows).and_then(|chosen| labels.get(chosen));
    let now = now.map(|label| label.split("  ·  ").next().unwrap_or(label));
    ActionView {
        label: words::button(name, now),
        enabled: labels.len() > 1,
    }
}
