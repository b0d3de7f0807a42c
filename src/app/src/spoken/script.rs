//! What a screen says, as words: all of it, and of two of them what is new.
//!
//! Words are those that are on the screen. Marks that only eyes read (dots between facts, arrows
//! about what can be turned) become pauses.

use super::Manner;
use crate::words;

/// Letters that are said at most: about a minute. Who wants to hear no more presses a key.
const SAID_MAX: usize = 800;

/// All that a screen says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Script {
    /// Tells pages apart: of another one everything is said.
    pub(super) page: String,
    /// Where one is: the page's name, what the focus is in.
    pub(super) head: Vec<String>,
    pub(super) focus: Option<Focus>,
    /// More of what has the focus: said with it.
    pub(super) details: Vec<String>,
    /// How it stands here.
    pub(super) lines: Vec<String>,
    /// Said when the first of it comes, whatever becomes of it then: figures that never rest.
    pub(super) once: Vec<String>,
    /// Changes by itself, and often.
    pub(super) progress: Vec<String>,
    /// What happened, and must not go unheard.
    pub(super) urgent: Vec<String>,
}

/// What has the focus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Focus {
    /// In which list it is, and where there.
    pub(super) at: (usize, usize, usize),
    pub(super) name: String,
    /// What it is now: a setting's value.
    pub(super) value: String,
    /// Said as the focus comes here: "3 of 14".
    pub(super) aside: Vec<String>,
}

impl Focus {
    /// The one with that number in a list of so many.
    pub(super) fn of_list(list: usize, at: usize, count: usize, name: &str) -> Focus {
        let place = (count > 1).then(|| words::place_of(at + 1, count));
        Focus {
            at: (list, at, 0),
            name: name.into(),
            value: String::new(),
            aside: place.into_iter().collect(),
        }
    }

    pub(super) fn with(self, value: impl Into<String>) -> Focus {
        Focus {
            value: value.into(),
            ..self
        }
    }
}

impl Script {
    pub(super) fn new(page: impl Into<String>, head: &[&str]) -> Script {
        Script {
            page: page.into(),
            head: head.iter().map(|it| (*it).to_owned()).collect(),
            ..Script::default()
        }
    }

    /// Says of the focus, of a list of names with notes; what was chosen is told too.
    pub(super) fn list(
        &mut self,
        (labels, notes): (&[String], &[String]),
        focus: usize,
        chosen: Option<usize>,
    ) {
        self.list_at(0, (labels, notes), focus, chosen);
    }

    /// Of one list of several.
    pub(super) fn list_at(
        &mut self,
        list: usize,
        (labels, notes): (&[String], &[String]),
        focus: usize,
        chosen: Option<usize>,
    ) {
        let Some(name) = labels.get(focus) else {
            return;
        };
        let mark = (chosen == Some(focus)).then(|| words::CHOSEN.into());
        let note = notes.get(focus).cloned();
        let value: Vec<String> = mark.into_iter().chain(note).collect();
        let focused = Focus::of_list(list, focus, labels.len(), name);
        self.focus = Some(focused.with(words::beside(&value)));
    }
}

/// What is to be said when that became of the screen; none: nothing new. `came`: by itself, not by
/// the viewer.
pub(super) fn between(before: &Script, now: &Script, came: bool) -> Option<(String, Manner)> {
    let mut said = Said::default();
    let turned = before.page != now.page;
    let known = |it: &Vec<String>| if turned { Vec::new() } else { it.clone() };

    said.new_ones(&known(&before.urgent), &now.urgent);
    let urgent = !said.0.is_empty();
    said.new_ones(&known(&before.head), &now.head);
    if let Some(focus) = &now.focus {
        said.focus(before.focus.as_ref().filter(|_| !turned), focus);
    }
    let at = |script: &Script| script.focus.as_ref().map(|focus| focus.at);
    let moved = turned || at(before) != at(now);
    let details = if moved { &[] } else { &*before.details };
    said.new_ones(details, &now.details);
    said.new_ones(&known(&before.lines), &now.lines);
    if turned || before.once.is_empty() {
        said.new_ones(&[], &now.once);
    }
    let only_progress = said.0.is_empty();
    said.new_ones(&known(&before.progress), &now.progress);
    let manner = match (urgent, came) {
        (true, _) => Manner::Urgent,
        (false, false) => Manner::Answer,
        (false, true) if only_progress => Manner::Progress,
        (false, true) => Manner::News,
    };
    Some((said.text()?, manner))
}

/// Sentences of one utterance, none of them twice.
#[derive(Debug, Default)]
struct Said(Vec<String>);

impl Said {
    fn say(&mut self, text: &str) {
        let text = plain(text);
        if !text.is_empty() && !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    fn new_ones(&mut self, before: &[String], now: &[String]) {
        now.iter()
            .filter(|text| !before.contains(text))
            .for_each(|text| self.say(text));
    }

    fn focus(&mut self, before: Option<&Focus>, now: &Focus) {
        let moved = before.is_none_or(|it| it.at != now.at);
        let renamed = before.is_none_or(|it| it.name != now.name);
        let changed = before.is_none_or(|it| it.value != now.value);
        if moved || renamed {
            self.say(&now.name);
        }
        if moved || renamed || changed {
            self.say(&now.value);
        }
        if moved {
            now.aside.iter().for_each(|text| self.say(text));
        }
    }

    /// One after the other, with a pause between; none: nothing is said.
    fn text(self) -> Option<String> {
        let mut text = String::new();
        for sentence in &self.0 {
            if !text.is_empty() {
                let ended = text.ends_with(['.', '!', '?', ':', '…', '。', '।', '؟']);
                text.push_str(if ended { " " } else { ". " });
            }
            text.push_str(sentence);
        }
        if text.chars().count() > SAID_MAX {
            let cut: String = text.chars().take(SAID_MAX).collect();
            // Not in the middle of a word, where words are apart.
            let whole = cut.rsplit_once(' ').map(|(whole, _)| whole.to_owned());
            text = whole.filter(|it| 2 * it.len() > cut.len()).unwrap_or(cut);
        }
        (!text.is_empty()).then_some(text)
    }
}

/// The text without marks that only eyes read.
fn plain(text: &str) -> String {
    let text = text
        .replace("\u{b7}", "\n")
        .replace(['\u{2039}', '\u{203a}'], " ");
    let parts = text.lines().map(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        words.join(" ")
    });
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(page: &str, head: &[&str], at: usize, name: &str) -> Script {
        Script {
            focus: Some(Focus::of_list(0, at, 3, name)),
            ..Script::new(page, head)
        }
    }

    fn said(before: &Script, now: &Script) -> Option<String> {
        between(before, now, false).map(|(text, _)| text)
    }

    #[test]
    fn of_a_new_page_all_is_said_and_then_what_is_new() {
        let first = script("a", &["A page", "Ant"], 0, "Ant");
        let all = said(&Script::default(), &first);
        assert_eq!(all.as_deref(), Some("A page. Ant. 1 of 3"));
        let second = script("a", &["A page", "Bee"], 1, "Bee");
        assert_eq!(said(&first, &second).as_deref(), Some("Bee. 2 of 3"));
        assert_eq!(said(&second, &second), None);
    }

    #[test]
    fn of_a_value_that_is_turned_the_value_is_said() {
        let named = |value: &str| {
            let mut script = script("a", &[], 0, "Contrast");
            script.focus = script.focus.map(|it| it.with(value));
            script
        };
        assert_eq!(said(&named("Off"), &named("On")).as_deref(), Some("On"));
    }

    #[test]
    fn what_comes_by_itself_cuts_nothing_but_a_trouble_does() {
        let calm = Script::new("a", &[]);
        let progress = Script {
            progress: vec!["3 peers".into()],
            ..calm.clone()
        };
        let urgent = Script {
            urgent: vec!["The disk is full".into()],
            ..progress.clone()
        };
        let manner = |before, now, came| between(before, now, came).map(|(_, manner)| manner);
        assert_eq!(manner(&calm, &progress, true), Some(Manner::Progress));
        assert_eq!(manner(&progress, &urgent, true), Some(Manner::Urgent));
        assert_eq!(manner(&urgent, &calm, true), None);
        let other = Script::new("b", &["B"]);
        assert_eq!(manner(&calm, &other, true), Some(Manner::News));
        assert_eq!(manner(&calm, &other, false), Some(Manner::Answer));
    }

    #[test]
    fn marks_for_eyes_are_pauses_and_what_is_long_ends() {
        assert_eq!(plain("Size  ·  ‹ large ›"), "Size, large");
        assert_eq!(plain("one\n\n two"), "one, two");
        let long = Script::new("a", &[&"word ".repeat(500)]);
        let text = said(&Script::default(), &long).unwrap_or_default();
        assert!(text.len() <= SAID_MAX && text.ends_with("word"), "{text}");
    }
}
