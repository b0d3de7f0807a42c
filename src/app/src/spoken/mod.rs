//! The box reads aloud: what has the focus, and what it says itself, for those who do not see it.
//!
//! What is said follows from two views alone, the one before and the one that is shown now
//! (`script`); so nothing that is seen goes unsaid because somebody forgot it, and nothing is said
//! twice. The words are those on the screen, in their language. A shell speaks them; it knows by an
//! utterance's manner what to cut off for it.
//!
//! Why not from the keys: a page that comes by itself, a list that grows under the focus and a
//! trouble would each have to be thought of.
//!
//! It can be switched on and off without seeing: Subtitles or Home, held for two seconds. Held they
//! do nothing else.

mod film;
mod screens;
mod script;

use std::fmt;
use std::time::Duration;

use crate::app::App;
use crate::{Effect, Event, Key, Language, OwnerSettings, Press, Time, TvNews, saying, words};
use script::{Script, between};

/// Far more than a long press: nobody holds these by chance for so long.
const HELD: Duration = Duration::from_secs(2);

/// What changes by itself is told no more often: it takes about as long to say.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// What is to be said.
#[derive(Clone, PartialEq, Eq)]
pub struct Utterance {
    /// Of words, without marks for any engine; at most some hundred letters.
    pub text: String,
    pub language: Language,
    pub pace: Pace,
    pub manner: Manner,
    /// It spells what nobody may read in a log.
    pub secret: bool,
}

impl fmt::Debug for Utterance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.secret { "(secret)" } else { &self.text };
        write!(f, "{:?} {text:?} in {}", self.manner, self.language.code())
    }
}

/// What an utterance cuts off, and which is kept of two that wait: the later in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manner {
    /// How something does that takes a while: nothing.
    Progress,
    /// Something came by itself: nothing.
    News,
    /// Something happened that must be known: whatever is being said.
    Urgent,
    /// The viewer did something: whatever is being said.
    Answer,
}

/// How fast is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    Slow,
    #[default]
    Normal,
    Fast,
}

impl Pace {
    /// All of them with what they are called in files.
    pub const NAMES: [(&'static str, Pace); 3] = [
        ("slow", Pace::Slow),
        ("normal", Pace::Normal),
        ("fast", Pace::Fast),
    ];
}

/// What was said, and what is to be said later.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    /// The world was told that the box reads aloud.
    on: bool,
    /// All of what was said last; none: nothing was.
    before: Option<Script>,
    /// When progress was told last.
    progress_at: Option<Time>,
    /// Progress that is to be told then.
    due: Option<Time>,
    /// A key that switches it is down.
    held: Option<(Key, Time)>,
}

impl Voice {
    /// The box reads aloud.
    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        self.due
    }

    /// What to say of a screen that says that. `came`: by itself.
    fn next(&mut self, mut now: Script, came: bool, time: Time) -> Option<(String, Manner)> {
        let before = self.before.take().unwrap_or_default();
        let waits = self.progress_at.map(|at| at + PROGRESS_EVERY);
        let waits = waits.filter(|until| *until > time && before.page == now.page);
        if let Some(until) = waits.filter(|_| before.progress != now.progress) {
            now.progress.clone_from(&before.progress);
            self.due = Some(until);
        } else {
            self.due = None;
            if before.progress != now.progress {
                self.progress_at = Some(time);
            }
        }
        let said = between(&before, &now, came);
        self.before = Some(now);
        said
    }
}

/// Whether the viewer did that, or somebody in their stead.
pub(crate) fn is_of_viewer(event: &Event) -> bool {
    matches!(
        event,
        Event::Key(..)
            | Event::Heard(..)
            | Event::Open(_)
            | Event::SearchFor(_)
            | Event::Typed(_)
            | Event::Watches(..)
            | Event::PinTyped(_)
            | Event::Jump(_)
            | Event::Steer(_)
            | Event::Tv(TvNews::Key(_))
    )
}

impl App {
    /// The box can speak, the owner wants it to, and somebody is there.
    fn reads_aloud(&self) -> bool {
        let wanted = self.file.speech && self.wishes().spoken;
        wanted && !self.power.asleep && !self.lamp.is_starting()
    }

    /// Says what is new on the screen. `came`: what changed it came by itself.
    pub(crate) fn turn_voice(&mut self, came: bool, effects: &mut Vec<Effect>) {
        let on = self.reads_aloud();
        if on != std::mem::replace(&mut self.voice.on, on) {
            // Who switches it on wants to hear where he is, and who switches it off that it is so.
            self.voice.before = None;
            if !on && !self.power.asleep {
                self.say(words::reading_aloud(false), Manner::Answer, effects);
            }
            effects.push(Effect::ReadAloud(on));
        }
        if !on {
            self.voice.due = None;
            return;
        }
        let view = self.view();
        let _speaks = saying::speak(self.language);
        if let Some((text, manner)) = self.voice.next(screens::script(&view), came, self.now) {
            self.say(text, manner, effects);
        }
    }

    /// What has the focus is another now by the clock alone: nobody is told that at each minute.
    pub(crate) fn leave_unsaid(&mut self) {
        let now = screens::script(&self.view()).focus;
        let before = self.voice.before.as_mut();
        let before = before.and_then(|script| script.focus.as_mut());
        if let (Some(before), Some(now)) = (before, now)
            && (before.at, &before.name) == (now.at, &now.name)
        {
            before.value = now.value;
        }
    }

    fn say(&self, text: String, manner: Manner, effects: &mut Vec<Effect>) {
        effects.push(Effect::Say(Utterance {
            text,
            language: self.language,
            pace: self.wishes().pace,
            manner,
            secret: self.private(),
        }));
    }

    /// A key that is held for long switches it on or off.
    pub(crate) fn voice_key(&mut self, key: Key, press: Press, effects: &mut Vec<Effect>) {
        if !self.file.speech || !matches!(key, Key::Subtitles | Key::Home) {
            return;
        }
        match press {
            Press::Down => self.voice.held = Some((key, self.now)),
            Press::Up => self.voice.held = None,
            Press::Repeat => {
                let now = self.now;
                let long =
                    |(down, since): &mut (Key, Time)| *down == key && now.since(*since) >= HELD;
                if self.voice.held.take_if(long).is_some() {
                    let on = !self.wishes().spoken;
                    let owner = OwnerSettings {
                        spoken: Some(on),
                        ..self.library.owner
                    };
                    self.choose(owner, effects);
                    self.notify(words::reading_aloud(on));
                }
            }
        }
    }
}
