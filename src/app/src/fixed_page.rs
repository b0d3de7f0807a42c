//! The page where an address is fixed: it is filled in as the network gave it, so that in most
//! cases one number is to be changed, by the digits of a remote, by arrows or on a phone.

use crate::fixed::{Addressing, Field, Fixed, Form, Mistake, Way};
use crate::keyboard::{Keyboard, Layout, Stroke, Typed};
use crate::network::Network;
use crate::trial::{Trial, WayOut};
use crate::view::{AddressView, NetworkView, Screen};
use crate::{Key, words};

/// An address with its mask, and a little more, to be said to be wrong.
const CHARS: usize = 40;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FixedPage {
    pub(crate) way: Way,
    form: Form,
    focus: usize,
    /// While what was tried does not work: what is done then.
    out: usize,
    typing: Option<Typing>,
    /// What is wrong with what was typed.
    said: Option<Mistake>,
}

/// A field that is typed.
#[derive(Debug, Clone, PartialEq)]
struct Typing {
    field: Field,
    text: String,
    keyboard: Keyboard,
    said: Option<Mistake>,
}

/// A line of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Automatic,
    Field(Field),
    Use,
}

/// What the page asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    /// None: an automatic one.
    Set(Option<Fixed>),
    /// What was tried does not work.
    Go(WayOut),
}

fn lines() -> impl Iterator<Item = Line> {
    let fields = Field::ALL.into_iter().map(Line::Field);
    [Line::Automatic]
        .into_iter()
        .chain(fields)
        .chain([Line::Use])
}

fn place(line: Line) -> usize {
    lines().position(|it| it == line).unwrap_or_default()
}

impl FixedPage {
    pub(crate) fn new(way: Way, addressing: Option<&Addressing>) -> FixedPage {
        let fixed = addressing.is_some_and(|it| it.fixed.is_some());
        FixedPage {
            way,
            form: addressing.map(Form::of).unwrap_or_default(),
            focus: place(if fixed {
                Line::Field(Field::Address)
            } else {
                Line::Automatic
            }),
            out: 0,
            typing: None,
            said: None,
        }
    }

    fn line(&self) -> Line {
        lines().nth(self.focus).unwrap_or(Line::Use)
    }

    fn type_in(&mut self, field: Field) {
        self.typing = Some(Typing {
            field,
            text: self.form.text(field).to_owned(),
            keyboard: Keyboard::new(Layout::Numbers),
            said: None,
        });
    }

    /// As if it had been typed here; false: no field has the focus.
    pub(crate) fn set_text(&mut self, text: &str) -> bool {
        if let (None, Line::Field(field)) = (&self.typing, self.line()) {
            self.type_in(field);
        }
        let Some(typing) = &mut self.typing else {
            return false;
        };
        let clean = text.trim().chars().filter(|it| !it.is_control());
        typing.text = clean.take(CHARS).collect();
        typing.said = None;
        typing.keyboard.end();
        true
    }

    pub(crate) fn key(&mut self, key: Key, network: &Network) -> Asked {
        if let Some(trial) = &network.trial {
            return self.trial_key(key, trial);
        }
        if self.typing.is_some() {
            self.type_key(key);
            return Asked::Nothing;
        }
        let last = place(Line::Use);
        match key {
            Key::Up => self.focus = self.focus.saturating_sub(1),
            Key::Down => self.focus = (self.focus + 1).min(last),
            Key::Back | Key::Left | Key::Stop => return Asked::Leave,
            Key::Ok => return self.choose(network),
            _ => {}
        }
        if matches!(key, Key::Up | Key::Down) {
            self.said = None;
        }
        Asked::Nothing
    }

    fn choose(&mut self, network: &Network) -> Asked {
        let addressing = network.stand.addressing(self.way);
        let kept = addressing.and_then(|it| it.fixed.as_ref());
        match self.line() {
            Line::Automatic if kept.is_none() => Asked::Leave,
            Line::Automatic => Asked::Set(None),
            Line::Field(field) => {
                self.type_in(field);
                Asked::Nothing
            }
            Line::Use => match self.form.read() {
                Ok(fixed) if kept == Some(&fixed) => Asked::Leave,
                Ok(fixed) => {
                    self.out = 0;
                    Asked::Set(Some(fixed))
                }
                Err(mistake) => {
                    self.focus = place(Line::Field(mistake.field));
                    self.said = Some(mistake);
                    Asked::Nothing
                }
            },
        }
    }

    fn type_key(&mut self, key: Key) {
        let Some(typing) = &mut self.typing else {
            return;
        };
        match typing.keyboard.type_whole(key) {
            Typed::Leave => self.typing = None,
            Typed::Done => {
                if let Err(mistake) = self.form.set(typing.field, &typing.text) {
                    typing.said = Some(mistake);
                    return;
                }
                // Of the others it is said when all is there.
                let own = |it: &Mistake| it.field == typing.field;
                self.said = self.form.read().err().filter(own);
                self.typing = None;
            }
            Typed::Stroke(stroke) => typing.strike(stroke),
            Typed::Nothing => {}
        }
    }

    fn trial_key(&mut self, key: Key, trial: &Trial) -> Asked {
        let outs = match trial.failing() {
            Some(_) => trial.ways_out(),
            None => Vec::new(),
        };
        match key {
            Key::Up => self.out = self.out.saturating_sub(1),
            Key::Down => self.out = (self.out + 1).min(outs.len().saturating_sub(1)),
            Key::Back | Key::Left | Key::Stop => return Asked::Leave,
            Key::Ok => {
                let out = outs.get(self.out).cloned();
                return out.map_or(Asked::Nothing, Asked::Go);
            }
            _ => {}
        }
        Asked::Nothing
    }

    pub(crate) fn view(&self, network: &Network) -> Screen {
        match (&network.trial, &self.typing) {
            (Some(trial), _) => Screen::Network(self.trial_view(trial)),
            (None, Some(typing)) => Screen::Address(typing.view()),
            (None, None) => Screen::Network(self.form_view(network)),
        }
    }

    fn form_view(&self, network: &Network) -> NetworkView {
        let addressing = network.stand.addressing(self.way);
        let kept = addressing.and_then(|it| it.fixed.as_ref());
        let (mut labels, mut notes) = (Vec::new(), Vec::new());
        for line in lines() {
            let (label, note) = match line {
                Line::Automatic => (words::AUTOMATIC, String::new()),
                Line::Field(field) => {
                    let note = words::field_note(field, self.form.text(field));
                    (words::field(field), note)
                }
                Line::Use => (words::USE_ADDRESS, String::new()),
            };
            labels.push(label.into());
            notes.push(note);
        }
        let help = match self.line() {
            Line::Automatic => words::AUTOMATIC_HELP,
            Line::Field(field) => words::field_help(field),
            Line::Use => words::USE_ADDRESS_HELP,
        };
        NetworkView {
            labels,
            notes,
            chosen: match kept {
                None => Some(place(Line::Automatic)),
                Some(kept) => (self.form.read().as_ref() == Ok(kept)).then_some(place(Line::Use)),
            },
            focus: self.focus,
            headline: words::address_of(kept, network.stand.link(self.way)),
            detail: words::ONLY_IPV4.into(),
            message: match &self.said {
                Some(mistake) => words::field_mistake(*mistake),
                None => help.into(),
            },
            ..empty(self.way)
        }
    }

    fn trial_view(&self, trial: &Trial) -> NetworkView {
        let (Some(fixed), Some(why)) = (&trial.wanted, trial.failing()) else {
            return NetworkView {
                headline: match &trial.wanted {
                    Some(fixed) => words::trying(fixed.address),
                    None => words::GOING_AUTOMATIC.into(),
                },
                message: words::joining(false).into(),
                busy: true,
                ..empty(trial.way)
            };
        };
        let outs = trial.ways_out();
        let label = |out: &WayOut| match out {
            WayOut::BackTo(Some(was)) => words::back_to(was.address),
            WayOut::BackTo(None) => words::BACK_TO_AUTOMATIC.into(),
            WayOut::Keep => words::KEEP_ADDRESS.into(),
        };
        NetworkView {
            labels: outs.iter().map(label).collect(),
            focus: self.out.min(outs.len() - 1),
            headline: words::DOES_NOT_WORK.into(),
            message: words::fixed_fails(fixed, why),
            ask: Some(words::BACK_BY_ITSELF.into()),
            ..empty(trial.way)
        }
    }
}

/// Nothing to choose yet.
fn empty(way: Way) -> NetworkView {
    NetworkView {
        title: words::address_title(way).into(),
        hint: words::CODE_HINT.into(),
        ..NetworkView::default()
    }
}

impl Typing {
    fn strike(&mut self, stroke: Stroke) {
        if stroke.edit(&mut self.text, CHARS) {
            self.said = None;
        }
    }

    fn view(&self) -> AddressView {
        AddressView {
            title: words::field(self.field).into(),
            text: self.text.clone(),
            secret: false,
            keys: self.keyboard.labels(),
            key: self.keyboard.focus(),
            help: words::field_help(self.field).into(),
            status: self.said.map(words::field_mistake),
        }
    }
}
