//! The page where the language of the box is chosen: each by its own name.
//!
//! What is chosen is spoken at once, and kept. Its door says what it is in English too, and the
//! lines stay what they were: who has chosen a language that he cannot read finds back.

use crate::app::{App, Place};
use crate::view::MenuView;
use crate::{Effect, Key, Language, saying, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct LanguagePage {
    focus: usize,
}

/// What the page asks of the core.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Nothing,
    Leave,
    /// None: what the TV speaks.
    Speak(Option<Language>),
}

/// What can be chosen: as the TV does, where that is known, and each language.
fn lines(tv: Option<Language>) -> Vec<Option<Language>> {
    let as_tv = tv.map(|_| None);
    let each = Language::offered().map(Some);
    as_tv.into_iter().chain(each).collect()
}

impl LanguagePage {
    /// The focus is on what was chosen, or else on what is spoken.
    fn new(chosen: Option<Language>, spoken: Language, tv: Option<Language>) -> LanguagePage {
        let lines = lines(tv);
        let place = |it: Option<Language>| lines.iter().position(|line| *line == it);
        let focus = place(chosen).or_else(|| place(Some(spoken)));
        LanguagePage {
            focus: focus.unwrap_or(0),
        }
    }

    fn key(&mut self, key: Key, tv: Option<Language>) -> Asked {
        let lines = lines(tv);
        let last = lines.len() - 1;
        let at = self.focus.min(last);
        self.focus = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(last),
            Key::Back | Key::Left | Key::Stop => return Asked::Leave,
            Key::Ok => return Asked::Speak(lines[at]),
            _ => at,
        };
        Asked::Nothing
    }

    pub(crate) fn view(&self, tv: Option<Language>) -> MenuView {
        let lines = lines(tv);
        let label = |line: &Option<Language>| match (line, tv) {
            (None, Some(tv)) => words::as_the_tv(tv),
            (it, _) => it.unwrap_or_default().own_name().to_owned(),
        };
        let focus = self.focus.min(lines.len() - 1);
        let focused = lines[focus].or(tv).unwrap_or_default();
        MenuView {
            title: words::language_door(),
            labels: lines.iter().map(label).collect(),
            notes: Vec::new(),
            chosen: None,
            focus,
            headline: words::both_names(focused),
            message: words::LANGUAGE_HELP.into(),
            ask: None,
            hint: words::CODE_HINT.into(),
        }
    }
}

impl App {
    /// The key as it is meant by who sees the first of what the arrows move over at the right. The
    /// letters of a keyboard and the buttons that are learnt are where they always are, and to move
    /// up is to the left in any language.
    pub(crate) fn as_seen(&self, key: Key) -> Key {
        let mirrored = match &self.place {
            Place::Search(page) => !page.on_keyboard(),
            Place::Address(_)
            | Place::Name(_)
            | Place::Pin(_)
            | Place::Learn(_)
            | Place::Rows(_) => false,
            _ => true,
        };
        match key {
            Key::Left if mirrored && self.language.is_rtl() => Key::Right,
            Key::Right if mirrored && self.language.is_rtl() => Key::Left,
            key => key,
        }
    }

    /// What the TV's menus are in, if the box speaks that.
    pub(crate) fn language_of_tv(&self) -> Option<Language> {
        let language = self.tv_language().and_then(Language::by_code);
        language.filter(|it| it.is_offered())
    }

    pub(crate) fn language_page(&self) -> Place {
        let page = LanguagePage::new(self.library.language, self.language, self.language_of_tv());
        Place::Language(page)
    }

    pub(crate) fn language_page_key(
        &mut self,
        mut page: LanguagePage,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        let asked = page.key(key, self.language_of_tv());
        self.place = Place::Language(page);
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.back(effects),
            Asked::Speak(language) => {
                self.library.language = language;
                effects.push(Effect::SaveLibrary(self.library.clone()));
            }
        }
    }

    /// Speaks what was chosen on the page of languages, else what the settings name, else what the
    /// TV does, else English.
    pub(crate) fn turn_language(&mut self) {
        let chosen = self.library.language.filter(|it| it.is_offered());
        let wanted = chosen.or(self.file.language);
        let language = wanted.or_else(|| self.language_of_tv());
        self.speak(language.unwrap_or_default());
    }

    fn speak(&mut self, language: Language) {
        if language == std::mem::replace(&mut self.language, language) {
            return;
        }
        let _speaks = saying::speak(language);
        self.texts.speak(language);
        // What is put into words once, and kept.
        self.wall.rebuild(&self.library);
        for place in std::iter::once(&mut self.place).chain(&mut self.behind) {
            match place {
                Place::Series(page) => page.arrange(&self.library),
                Place::AddOns(page) => page.set(self.add_ons.clone()),
                _ => {}
            }
        }
    }
}
