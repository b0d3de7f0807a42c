//! The overrides of ASS in braces, `{\i1\c&H0000FF&\an8}`: which of them hold here.
//!
//! Style and place are taken, drawing is told to the reader, everything else (fonts, sizes,
//! borders, movement, karaoke) is let go.

use crate::colour;
use crate::cues::{Column, Place, Row, Style};
use crate::text::Text;

/// Applies what is inside one pair of braces. `base` is the style that a reset goes back to;
/// `drawing` is whether what follows is a shape and no text.
pub(crate) fn apply(text: &mut Text, base: Style, drawing: &mut bool, inside: &str) {
    for tag in inside.split('\\').skip(1) {
        let tag = tag.trim();
        if let Some(place) = place(tag) {
            // The first one holds for the whole cue.
            text.place.get_or_insert(place);
        } else if let Some(on) = switch(tag, "i", base.italic) {
            text.style.italic = on;
        } else if let Some(on) = switch(tag, "b", base.bold) {
            text.style.bold = on;
        } else if let Some(on) = switch(tag, "u", base.underline) {
            text.style.underline = on;
        } else if let Some(on) = switch(tag, "p", false) {
            *drawing = on;
        } else if tag == "c" || tag == "1c" {
            text.style.colour = base.colour;
        } else if let Some(value) = tag.strip_prefix("c&").or(tag.strip_prefix("1c&")) {
            text.style.colour = colour::read_reversed(value).or(text.style.colour);
        } else if tag.starts_with('r') {
            text.style = base;
        }
    }
}

/// `i1`, `i0`, or `b700` for a weight; a bare `i` goes back to `base`.
fn switch(tag: &str, name: &str, base: bool) -> Option<bool> {
    let value = tag.strip_prefix(name)?;
    if value.is_empty() {
        return Some(base);
    }
    let number: u32 = value.parse().ok()?;
    // Weights below 500 are plain; only \b has them. \p has a scale.
    Some(number == 1 || number >= 500 || (name == "p" && number > 0))
}

/// `an1` to `an9` as on a keypad, or the older `a1` to `a11`.
fn place(tag: &str) -> Option<Place> {
    if let Some(value) = tag.strip_prefix("an") {
        return keypad(value.parse().ok()?);
    }
    legacy(tag.strip_prefix('a')?.parse().ok()?)
}

/// 1 is bottom left, 9 top right.
pub(crate) fn keypad(number: u8) -> Option<Place> {
    let row = match number {
        1..=3 => Row::Bottom,
        4..=6 => Row::Middle,
        7..=9 => Row::Top,
        _ => return None,
    };
    Some(Place {
        row,
        column: column(number - 1),
    })
}

/// The numbers of SSA: 1 to 3 at the bottom, 4 more at the top, 8 more in the middle.
pub(crate) fn legacy(number: u8) -> Option<Place> {
    let row = match number {
        1..=3 => Row::Bottom,
        5..=7 => Row::Top,
        9..=11 => Row::Middle,
        _ => return None,
    };
    Some(Place {
        row,
        column: column((number - 1) % 4),
    })
}

fn column(nth: u8) -> Column {
    match nth % 3 {
        0 => Column::Left,
        1 => Column::Centre,
        _ => Column::Right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(inside: &str) -> (Style, Option<Place>, bool) {
        let mut text = Text::default();
        let mut drawing = false;
        apply(&mut text, Style::default(), &mut drawing, inside);
        (text.style, text.place, drawing)
    }

    #[test]
    fn only_what_is_known_holds() {
        let (style, place, drawing) = applied("\\b700\\fnArial\\fs20\\bord2\\i1\\1c&H00FF00&\\an7");
        assert!(style.bold && style.italic && !style.underline && !drawing);
        assert_eq!(style.colour, Some([0, 255, 0]));
        let top_left = Place {
            row: Row::Top,
            column: Column::Left,
        };
        assert_eq!(place, Some(top_left));
        assert_eq!(
            applied("\\b400\\i0\\be1\\iclip(1,2)\\k20\\u"),
            <_>::default()
        );
        assert_eq!(applied("a comment"), <_>::default());
        assert_eq!(applied("\\i1\\r"), <_>::default());
        assert!(applied("\\p2").2);
        assert!(!applied("\\p1\\pos(1,2)\\p0").2);
        assert_eq!(applied("\\an0\\an10\\a4\\a12\\a").1, None);
    }
}
