//! Searching: the keyboard on the screen, and the films that were found, five abreast.

use std::rc::Rc;
use std::sync::Arc;

use app::{Card, SearchView};
use slint::{ComponentHandle, VecModel};

use crate::Geometry;
use crate::lists::refill;
use crate::pictures::Pictures;
use crate::rows::dressed;
use screens::{CardItem, FilterItem, KeyItem, Search, Stage};

/// Films side by side (`SearchScreen` in ui/browse.slint, and the core's arrows).
const COLUMNS: usize = 5;
/// Rows in sight: two, and the head of a third.
const ROWS: usize = 3;
/// Rows with fewer keys than letters have: they are wider.
const LETTERS: usize = 6;

pub(crate) struct SearchPage {
    keys: Rc<VecModel<KeyItem>>,
    filters: Rc<VecModel<FilterItem>>,
    cards: Rc<VecModel<CardItem>>,
    shown: Arc<Vec<Card>>,
    /// First card in sight.
    first: usize,
    /// The picture of each card in sight is in its place for good.
    placed: Vec<bool>,
}

impl SearchPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self {
            keys: Rc::default(),
            filters: Rc::default(),
            cards: Rc::default(),
            shown: Arc::default(),
            first: 0,
            placed: Vec::new(),
        };
        let global = stage.global::<Search>();
        global.set_keys(Rc::clone(&page.keys).into());
        global.set_filters(Rc::clone(&page.filters).into());
        global.set_cards(Rc::clone(&page.cards).into());
        page
    }

    pub(crate) fn show(
        &mut self,
        stage: &Stage,
        view: &SearchView,
        fresh: bool,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let page = stage.global::<Search>();
        page.set_heading(view.heading.as_str().into());
        page.set_text(view.text.as_str().into());
        page.set_title(view.title.as_str().into());
        page.set_facts(view.facts.as_str().into());
        page.set_status(view.status.as_deref().unwrap_or_default().into());
        page.set_key_rows(view.keys.len() as i32);
        refill(&self.keys, keys(&view.keys, view.key));
        // The row under focus is the first in sight, or the one below it.
        let row = view.focus / COLUMNS;
        let first = row.saturating_sub(1) * COLUMNS;
        let in_sight = in_sight(&view.cards, first);
        let wishes = in_sight.iter().map(|card| geometry.card_wish(card));
        pictures.wish(wishes);
        let same = Arc::ptr_eq(&self.shown, &view.cards) && self.first == first;
        if !same || fresh {
            self.shown = Arc::clone(&view.cards);
            self.first = first;
            self.placed = vec![false; in_sight.len()];
            let bare = in_sight.iter().enumerate();
            let bare = bare.map(|(at, card)| dressed(card, at, None));
            refill(&self.cards, bare.collect());
        }
        let filters = view.filters.iter().map(|filter| FilterItem {
            label: filter.label.as_str().into(),
            active: filter.active,
            focused: filter.focused,
        });
        refill(&self.filters, filters.collect());
        let focused = view.on_cards().then(|| view.focus - first);
        page.set_focus(focused.map_or(-1, |at| at as i32));
        self.step(geometry, pictures);
    }

    /// Puts the pictures on the screen that have been made since.
    pub(crate) fn step(&mut self, geometry: Geometry, pictures: &mut Pictures) {
        let cards = in_sight(&self.shown, self.first).iter().enumerate();
        for ((at, card), placed) in cards.zip(&mut self.placed) {
            if !*placed && let Some(picture) = pictures.get(&geometry.card_wish(card)) {
                // A drawn one may still be replaced by the picture itself.
                *placed = !picture.drawn;
                let item = dressed(card, at, Some(picture));
                if slint::Model::row_data(&*self.cards, at).as_ref() != Some(&item) {
                    slint::Model::set_row_data(&*self.cards, at, item);
                }
            }
        }
    }
}

fn in_sight(cards: &[Card], first: usize) -> &[Card] {
    let rest = cards.get(first..).unwrap_or_default();
    &rest[..rest.len().min(COLUMNS * ROWS)]
}

/// A keyboard, with what has the focus.
pub(crate) fn keys(rows: &[Vec<String>], focus: Option<(usize, usize)>) -> Vec<KeyItem> {
    let rows = rows.iter().enumerate();
    let keys = rows.flat_map(|(row, labels)| {
        labels
            .iter()
            .enumerate()
            .map(move |(column, label)| KeyItem {
                label: label.as_str().into(),
                row: row as i32,
                column: column as i32,
                wide: labels.len() < LETTERS,
                focused: focus == Some((row, column)),
            })
    });
    keys.collect()
}
