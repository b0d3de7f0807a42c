//! Buttons and lists as Slint's models: only lines that changed are touched.

use std::rc::Rc;

use app::ActionView;
use slint::{Model, ModelRc, VecModel};

use crate::Geometry;
use crate::setting::advance;
use screens::{ButtonItem, ListItem};

/// Lines of a list that are on the screen at once: what fits at 1080 lines, in normal and in large
/// letters (`ListPanel` in ui/parts.slint).
const LINES_MAX: usize = 10;
const LARGE_LINES_MAX: usize = 8;

/// Of `Button` and `ButtonRow` in ui/parts.slint; the letters of a label are a little wider than
/// those of titles, whose widths are known.
const BUTTON_MIN: f32 = 144.0;
const BUTTON_ASIDE: f32 = 78.0;
const BUTTON_GAP: f32 = 18.0;
const LETTERS: f32 = 28.0;
const WIDER: f32 = 1.06;

/// Makes the model hold `items`, touching what differs.
pub(crate) fn refill<T: Clone + PartialEq + 'static>(model: &VecModel<T>, items: Vec<T>) {
    if model.row_count() != items.len() {
        model.set_vec(items);
        return;
    }
    for (row, item) in items.into_iter().enumerate() {
        if model.row_data(row).is_none_or(|old| old != item) {
            model.set_row_data(row, item);
        }
    }
}

/// Buttons in a row.
pub(crate) struct Buttons(Rc<VecModel<ButtonItem>>);

impl Buttons {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    pub(crate) fn model(&self) -> ModelRc<ButtonItem> {
        Rc::clone(&self.0).into()
    }

    pub(crate) fn show(&self, actions: &[ActionView], focus: Option<usize>) {
        let item = |(at, action): (usize, &ActionView)| ButtonItem {
            label: action.label.as_str().into(),
            enabled: action.enabled,
            focused: focus == Some(at),
        };
        refill(&self.0, actions.iter().enumerate().map(item).collect());
    }
}

impl Geometry {
    /// Lines of a list that are on the screen at once.
    fn lines(self) -> usize {
        if self.large {
            LARGE_LINES_MAX
        } else {
            LINES_MAX
        }
    }

    /// Width of a button, whose letters and room grow as by `Type` in ui/tokens.slint.
    fn button(self, label: &str) -> f32 {
        let (letters, room) = if self.large {
            (1.1 * LETTERS + 5.0, 1.25)
        } else {
            (LETTERS, 1.0)
        };
        let words = advance(label) * letters * WIDER;
        (room * BUTTON_MIN).max(words + room * BUTTON_ASIDE)
    }
}

/// How many of these fit side by side; at least one.
pub(crate) fn abreast<'a>(
    labels: impl IntoIterator<Item = &'a str>,
    width: f32,
    geometry: Geometry,
) -> usize {
    let mut right = 0.0;
    let fitting = labels.into_iter().take_while(|label| {
        right += geometry.button(label);
        let fits = right <= width;
        right += BUTTON_GAP;
        fits
    });
    fitting.count().max(1)
}

/// The first and the number of those in sight.
pub(crate) fn window(focus: usize, of: usize, most: usize) -> (usize, usize) {
    let shown = of.min(most);
    (focus.saturating_sub(most / 2).min(of - shown), shown)
}

/// A list with one line under focus; of a long one only what is near the focus.
pub(crate) struct List(Rc<VecModel<ListItem>>);

/// Whether a list goes on beyond what is shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct More {
    pub(crate) above: bool,
    pub(crate) below: bool,
}

impl List {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    pub(crate) fn model(&self) -> ModelRc<ListItem> {
        Rc::clone(&self.0).into()
    }

    pub(crate) fn show(
        &self,
        labels: &[String],
        chosen: Option<usize>,
        focus: usize,
        geometry: Geometry,
    ) -> More {
        self.show_noted(labels, &[], chosen, focus, geometry)
    }

    /// The same with a smaller line below each label; where `notes` ends there is none.
    pub(crate) fn show_noted(
        &self,
        labels: &[String],
        notes: &[String],
        chosen: Option<usize>,
        focus: usize,
        geometry: Geometry,
    ) -> More {
        self.show_strong(labels, notes, &[], chosen, focus, geometry)
    }

    /// The same with how strong each is, 0 to 4; where `bars` end, or have none, nothing is said.
    pub(crate) fn show_strong(
        &self,
        labels: &[String],
        notes: &[String],
        bars: &[Option<u8>],
        chosen: Option<usize>,
        focus: usize,
        geometry: Geometry,
    ) -> More {
        let (first, shown) = window(focus, labels.len(), geometry.lines());
        let item = |(at, label): (usize, &String)| ListItem {
            label: label.as_str().into(),
            note: notes.get(at).map(String::as_str).unwrap_or_default().into(),
            chosen: chosen == Some(at),
            focused: focus == at,
            bars: bars.get(at).copied().flatten().map_or(-1, i32::from),
        };
        let lines = labels.iter().enumerate().skip(first).take(shown);
        refill(&self.0, lines.map(item).collect());
        More {
            above: first > 0,
            below: first + shown < labels.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORMAL: Geometry = Geometry {
        scale: 1.0,
        breadth: 1920.0,
        size: (1920, 1080),
        large: false,
    };
    const LARGE: Geometry = Geometry {
        large: true,
        ..NORMAL
    };

    #[test]
    fn buttons_go_on_in_another_row_where_there_is_no_room() {
        let four = [
            "Play",
            "Sources (3)",
            "Add to my list",
            "Trailer on your phone",
        ];
        assert_eq!(abreast(four, 1110.0, NORMAL), 4);
        assert_eq!(abreast(four, 1110.0, LARGE), 3);
        assert_eq!(abreast(four, 900.0, NORMAL), 3);
        assert_eq!(abreast(four, 10.0, NORMAL), 1);
        let three = 3.0 * 144.0 + 2.0 * 18.0;
        assert_eq!(abreast(["Play"; 3], three, NORMAL), 3);
        assert_eq!(abreast(["Play"; 3], three - 1.0, NORMAL), 2);
        assert_eq!(abreast(["Play"; 3], three, LARGE), 2);
    }

    #[test]
    fn a_long_list_shows_what_is_near_the_focus() {
        let labels: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        let list = List::new();
        for (geometry, lines) in [(NORMAL, LINES_MAX), (LARGE, LARGE_LINES_MAX)] {
            for focus in [0, 4, 50, 99] {
                let more = list.show(&labels, Some(50), focus, geometry);
                assert_eq!(list.0.row_count(), lines);
                let focused: Vec<_> = list.0.iter().filter(|line| line.focused).collect();
                assert_eq!(focused.len(), 1);
                assert_eq!(focused[0].label, labels[focus]);
                let ends = (more.above, more.below);
                assert_eq!(ends, (focus > lines / 2, focus < 100 - lines / 2));
            }
        }
    }
}
