//! One row's cards: a ring of slots that the row's columns pass through.

use std::rc::Rc;

use app::{Card, RowView};
use slint::{Model, ModelRc, VecModel};

use crate::pictures::{Picture, Pictures, Subject, Wish, draw};
use crate::setting::{self, Measure};
use crate::{Geometry, POSTER};
use screens::CardItem;

/// Left edge of the first poster: `Step.side` in ui/tokens.slint.
pub(crate) const SIDE: f32 = 96.0;
/// From one poster to the next, in ui/home.slint.
pub(crate) const CARD_PITCH: f32 = 246.0;
/// Slint's column of a slot without a card: far out of sight.
const NOWHERE: i32 = -100;
/// What a title on a drawn poster must fit in, in units of a poster (222 wide).
const TITLE: Measure<'_> = Measure {
    sizes: &[
        (48.0, 2),
        (42.0, 3),
        (37.0, 3),
        (33.0, 4),
        (29.0, 5),
        (26.0, 6),
        (22.0, 7),
        (18.0, 9),
    ],
    width: 186.0,
    ragged_max: 29.0,
};

impl Geometry {
    /// Slots a row needs: the cards in sight while it scrolls.
    pub(crate) fn cards(self) -> usize {
        (self.breadth / CARD_PITCH).ceil() as usize + 2
    }

    /// Columns in sight at an offset, with `more` to either side.
    pub(crate) fn columns(self, offset: f32, of: usize, more: usize) -> std::ops::Range<usize> {
        let first = ((offset - SIDE - POSTER.0) / CARD_PITCH).floor() + 1.0;
        let last = ((offset - SIDE + self.breadth) / CARD_PITCH).floor();
        let from = (first.max(0.0) as usize).saturating_sub(more).min(of);
        let to = (last.max(-1.0) + 1.0) as usize + more;
        from..to.min(of).max(from)
    }

    /// Where a row is to be scrolled so that `column` is well in sight: no further than needed,
    /// with a neighbour on either side.
    pub(crate) fn scrolled(self, offset: f32, column: usize, of: usize) -> f32 {
        let whole = ((self.breadth - 2.0 * SIDE + CARD_PITCH - POSTER.0) / CARD_PITCH)
            .floor()
            .max(1.0);
        let column = column as f32;
        let neighbour = if whole >= 3.0 { 1.0 } else { 0.0 };
        let first_max = column - neighbour;
        let first_min = column + neighbour + 1.0 - whole;
        let end = (of as f32 - whole).max(0.0);
        let first = (offset / CARD_PITCH)
            .round()
            .clamp(first_min, first_max)
            .clamp(0.0, end);
        first * CARD_PITCH
    }

    pub(crate) fn card_wish(self, card: &Card) -> Wish {
        let subject = Subject::Card(card.film.clone(), card.poster.clone());
        self.wish(subject, card.colours)
    }
}

/// What a slot shows, to know whether it must change.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Filled {
    column: usize,
    ready: bool,
    drawn: bool,
}

pub(crate) struct RowSlot {
    pub(crate) row: Option<usize>,
    filled: Vec<Option<Filled>>,
    cards: Rc<VecModel<CardItem>>,
}

impl RowSlot {
    pub(crate) fn new() -> Self {
        Self {
            row: None,
            filled: Vec::new(),
            cards: Rc::default(),
        }
    }

    pub(crate) fn model(&self) -> ModelRc<CardItem> {
        Rc::clone(&self.cards).into()
    }

    /// Takes the row out; `cards` slots from now on.
    pub(crate) fn clear(&mut self, cards: usize) {
        self.row = None;
        self.filled = vec![None; cards];
        let nobody = CardItem {
            column: NOWHERE,
            ..CardItem::default()
        };
        self.cards.set_vec(vec![nobody; cards]);
    }

    /// Puts the cards in sight into their slots.
    pub(crate) fn fill(
        &mut self,
        row: &RowView,
        geometry: Geometry,
        offset: f32,
        pictures: &mut Pictures,
    ) {
        for column in geometry.columns(offset, row.cards.len(), 0) {
            let slot = column % self.filled.len();
            let before = self.filled[slot];
            if before.is_some_and(|it| it.column == column && it.ready && !it.drawn) {
                continue;
            }
            let card = &row.cards[column];
            let picture = pictures.get(&geometry.card_wish(card));
            let now = Filled {
                column,
                ready: picture.is_some(),
                drawn: picture.as_ref().is_some_and(|picture| picture.drawn),
            };
            if before != Some(now) {
                self.filled[slot] = Some(now);
                self.cards
                    .set_row_data(slot, dressed(card, column, picture));
            }
        }
    }
}

/// A card as the screen wants it.
pub(crate) fn dressed(card: &Card, column: usize, picture: Option<Picture>) -> CardItem {
    let drawn = picture.as_ref().is_some_and(|picture| picture.drawn);
    let title = if drawn {
        setting::set(&card.title, &TITLE)
    } else {
        setting::Title::default()
    };
    let [red, green, blue] = draw::tint(card.colours);
    CardItem {
        column: column as i32,
        ready: picture.is_some(),
        drawn,
        picture: picture.map(|picture| picture.image).unwrap_or_default(),
        title: title.text.into(),
        title_size: title.size,
        year: card
            .year
            .map(|year| year.to_string())
            .unwrap_or_default()
            .into(),
        tint: slint::Color::from_rgb_u8(red, green, blue),
        badge: card.badge.as_deref().unwrap_or_default().into(),
        seen: card
            .seen_permille
            .map_or(-1.0, |seen| f32::from(seen) / 1000.0),
        watched: card.watched,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL_HD: Geometry = Geometry {
        scale: 1.0,
        breadth: 1920.0,
        size: (1920, 1080),
        large: false,
    };

    #[test]
    fn seven_posters_are_whole_and_an_eighth_peeks() {
        assert_eq!(FULL_HD.columns(0.0, 100, 0), 0..8);
        assert_eq!(FULL_HD.columns(246.0, 100, 0), 0..9);
        assert_eq!(FULL_HD.columns(0.0, 3, 2), 0..3);
        assert_eq!(FULL_HD.columns(0.0, 0, 2), 0..0);
        assert!(FULL_HD.columns(100.0, 1000, 0).len() <= FULL_HD.cards());
    }

    #[test]
    fn a_row_scrolls_no_further_than_it_must() {
        let at = |offset: f32, column| FULL_HD.scrolled(offset * 246.0, column, 20) / 246.0;
        assert_eq!([at(0.0, 0), at(0.0, 5), at(0.0, 6)], [0.0, 0.0, 1.0]);
        assert_eq!([at(5.0, 7), at(5.0, 6), at(5.0, 5)], [5.0, 5.0, 4.0]);
        assert_eq!([at(0.0, 19), at(13.0, 0)], [13.0, 0.0]);
        assert_eq!(FULL_HD.scrolled(0.0, 2, 3), 0.0);
    }
}
