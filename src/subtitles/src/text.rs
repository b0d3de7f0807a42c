//! Puts the text of one cue together: characters with the style that holds, lines without what
//! surrounds them.
//!
//! Spaces at the ends of lines and empty lines never get in, so nothing has to be cut and no run
//! of style can point beside the text. Control characters go: the text is drawn, logged and sent
//! on. Readers of formats call it; it knows no format.

use crate::cues::{CHARS_MAX, Place, Run, Style};

#[derive(Debug, Default)]
pub(crate) struct Text {
    text: String,
    runs: Vec<Run>,
    pub(crate) style: Style,
    pub(crate) place: Option<Place>,
    chars: usize,
    /// White space that gets in with what follows it on the line.
    gap: String,
    new_line: bool,
}

impl Text {
    pub(crate) fn with_style(style: Style) -> Text {
        Text {
            style,
            ..Text::default()
        }
    }

    /// No more gets in.
    pub(crate) fn is_full(&self) -> bool {
        self.chars + self.gap.len() >= CHARS_MAX
    }

    pub(crate) fn push(&mut self, c: char) {
        if c == '\n' {
            self.gap.clear();
            self.new_line = !self.text.is_empty();
        } else if c.is_whitespace() {
            let begins = self.new_line || self.text.is_empty();
            if !begins && !self.is_full() {
                self.gap.push(' ');
            }
        } else if !c.is_control() && !self.is_full() {
            if std::mem::take(&mut self.new_line) {
                self.gap.push('\n');
            }
            let before = self.text.len();
            self.chars += self.gap.len() + 1;
            self.text.push_str(&self.gap);
            self.gap.clear();
            let from = self.text.len();
            self.text.push(c);
            self.dress(before, from);
        }
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    /// The text and its runs.
    pub(crate) fn finish(self) -> (String, Vec<Run>) {
        (self.text, self.runs)
    }

    /// Gives the character at `from` its style; a gap inside one style, from `before`, has it too.
    fn dress(&mut self, before: usize, from: usize) {
        if self.style == Style::default() {
            return;
        }
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(run) if run.bytes.end == before && run.style == self.style => run.bytes.end = end,
            _ => self.runs.push(Run {
                bytes: from..end,
                style: self.style,
            }),
        }
    }
}
