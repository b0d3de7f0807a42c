//! The wall: rows of posters, one focus, and what the focused film is.
//!
//! Only cards in sight exist, whatever the number of films: a few rows and a few cards of each
//! are slots, filled in turn as the wall scrolls. The focus is one ring over all of them; no card
//! knows of it, so moving it touches nothing else. What the focused film is changes when the
//! focus rests: a viewer who runs along a row pays for the ring alone.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use app::{ActionView, Card, HomeView, RowView};
use slint::{ComponentHandle, ModelRc, VecModel};

use crate::hero::Hero;
use crate::lists::Buttons;
use crate::motion::{FOCUS, Glide, SCROLL};
use crate::pictures::{Pictures, Subject, Wish};
use crate::rows::{self, RowSlot};
use crate::{Geometry, rounded};
use screens::{Home, RowItem, Stage};

/// From one row to the next: title, posters and the space under them (`Home.rows` in
/// ui/home.slint).
const ROW_PITCH: f32 = 435.0;
/// Rows in sight while the wall scrolls, and one more to be filled next.
const ROW_SLOTS: usize = 4;
/// Slint's index of a slot without a row: far out of sight.
const NOWHERE: i32 = -10;

pub(crate) struct Wall {
    rows: Arc<Vec<RowView>>,
    row: usize,
    columns: Vec<usize>,
    /// How far the wall is scrolled up.
    drop: Glide,
    /// Left edge of the poster under focus.
    ring: Glide,
    /// How far each row is scrolled to the left.
    scrolls: Vec<Glide>,
    slots: Vec<RowSlot>,
    titles: Rc<VecModel<RowItem>>,
    offsets: Rc<VecModel<f32>>,
    hero: Hero,
    /// Places beside the wall.
    menu: Buttons,
}

impl Wall {
    pub(crate) fn new(stage: &Stage) -> Self {
        let slots: Vec<RowSlot> = (0..ROW_SLOTS).map(|_| RowSlot::new()).collect();
        let wall = Self {
            rows: Arc::default(),
            row: 0,
            columns: Vec::new(),
            drop: Glide::at(0.0),
            ring: Glide::at(rows::SIDE),
            scrolls: Vec::new(),
            titles: Rc::new(slots.iter().map(empty_row).collect::<VecModel<_>>()),
            offsets: Rc::new(VecModel::from(vec![0.0; ROW_SLOTS])),
            slots,
            hero: Hero::new(),
            menu: Buttons::new(),
        };
        let home = stage.global::<Home>();
        home.set_rows(Rc::clone(&wall.titles).into());
        home.set_offsets(Rc::clone(&wall.offsets).into());
        home.set_menu(wall.menu.model());
        wall
    }

    /// Takes over what is to be shown; `fresh`: another screen was there before, or another size.
    pub(crate) fn show(
        &mut self,
        stage: &Stage,
        view: &HomeView,
        fresh: bool,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let same_rows = Arc::ptr_eq(&self.rows, &view.rows);
        if !same_rows || fresh {
            let kept = if same_rows || !fresh {
                std::mem::take(&mut self.scrolls)
            } else {
                Vec::new()
            };
            self.rows = Arc::clone(&view.rows);
            self.scrolls = kept;
            self.scrolls.resize(self.rows.len(), Glide::at(0.0));
            for slot in &mut self.slots {
                slot.clear(geometry.cards());
            }
        }
        self.row = view.row.min(self.rows.len().saturating_sub(1));
        self.columns.clone_from(&view.columns);
        self.aim(geometry);
        if fresh {
            self.drop.jump(self.drop.aim_value());
            self.ring.jump(self.ring.aim_value());
            for scroll in &mut self.scrolls {
                scroll.jump(scroll.aim_value());
            }
        }
        let home = stage.global::<Home>();
        home.set_ring(view.menu_focus.is_none() && self.focused().is_some());
        home.set_letter(view.letter.as_deref().unwrap_or_default().into());
        let action = |label: &String| ActionView {
            label: label.clone(),
            enabled: true,
        };
        let menu: Vec<_> = view.menu.iter().map(action).collect();
        self.menu.show(&menu, view.menu_focus);
        let colours = self.focused().map_or([0; 2], |card| card.colours);
        let glow = geometry.wish(Subject::HomeGlow, colours);
        pictures.wish(std::iter::once(glow.clone()).chain(self.wishes(geometry)));
        self.hero.show(view, glow, fresh || !same_rows, geometry);
        self.place(stage, geometry, pictures);
    }

    fn focused(&self) -> Option<&Card> {
        let column = self.columns.get(self.row).copied().unwrap_or(0);
        self.rows.get(self.row)?.cards.get(column)
    }

    /// Sets out for where the focus is.
    fn aim(&mut self, geometry: Geometry) {
        self.drop.aim(self.row as f32 * ROW_PITCH, SCROLL);
        for (at, (row, scroll)) in self.rows.iter().zip(&mut self.scrolls).enumerate() {
            let column = self.columns.get(at).copied().unwrap_or(0);
            let to = geometry.scrolled(scroll.aim_value(), column, row.cards.len());
            scroll.aim(to, SCROLL);
            if at == self.row {
                let ring = rows::SIDE + column as f32 * rows::CARD_PITCH - to;
                self.ring.aim(ring, FOCUS);
            }
        }
    }

    /// Posters near the focus, nearest first.
    fn wishes(&self, geometry: Geometry) -> Vec<Wish> {
        let mut near: Vec<(usize, Wish)> = Vec::new();
        let from = self.row.saturating_sub(1);
        for at in from..(self.row + 3).min(self.rows.len()) {
            let row = &self.rows[at];
            let focus = self.columns.get(at).copied().unwrap_or(0);
            for column in geometry.columns(self.scrolls[at].aim_value(), row.cards.len(), 2) {
                // A row further is as far as three cards: the next row is in sight anyway.
                let away = column.abs_diff(focus) + 3 * at.abs_diff(self.row);
                near.push((away, geometry.card_wish(&row.cards[column])));
            }
        }
        near.sort_by_key(|(away, _)| *away);
        near.into_iter().map(|(_, wish)| wish).collect()
    }

    /// Moves on; tells Slint where everything is.
    pub(crate) fn step(
        &mut self,
        stage: &Stage,
        now: Duration,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        self.drop.step(now);
        self.ring.step(now);
        for scroll in &mut self.scrolls {
            scroll.step(now);
        }
        self.hero.step(stage, now, geometry, pictures);
        self.place(stage, geometry, pictures);
    }

    fn place(&mut self, stage: &Stage, geometry: Geometry, pictures: &mut Pictures) {
        let home = stage.global::<Home>();
        home.set_drop(rounded(self.drop.value(), geometry.scale));
        home.set_ring_x(rounded(self.ring.value(), geometry.scale));
        let first = (self.drop.value() / ROW_PITCH) as usize;
        // Two rows and a part are in sight; a narrow picture is higher and shows more.
        for at in first..(first + ROW_SLOTS).min(self.rows.len()) {
            let slot = &mut self.slots[at % ROW_SLOTS];
            let row = &self.rows[at];
            let offset = rounded(self.scrolls[at].value(), geometry.scale);
            if slot.row != Some(at) {
                slot.clear(geometry.cards());
                slot.row = Some(at);
                let item = RowItem {
                    index: at as i32,
                    title: row.title.as_str().into(),
                    cards: slot.model(),
                };
                slint::Model::set_row_data(&*self.titles, at % ROW_SLOTS, item);
            }
            if slint::Model::row_data(&*self.offsets, at % ROW_SLOTS) != Some(offset) {
                slint::Model::set_row_data(&*self.offsets, at % ROW_SLOTS, offset);
            }
            slot.fill(row, geometry, offset, pictures);
        }
        // Rows that are gone from a shorter wall.
        for (number, slot) in self.slots.iter_mut().enumerate() {
            let gone = slot.row.is_some_and(|row| row >= self.rows.len());
            let emptied = slot.row.is_none()
                && slint::Model::row_data(&*self.titles, number)
                    .is_some_and(|item| item.index != NOWHERE);
            if gone || emptied {
                slot.clear(geometry.cards());
                slint::Model::set_row_data(&*self.titles, number, empty_row(slot));
            }
        }
    }

    pub(crate) fn moving(&self) -> bool {
        self.drop.moving()
            || self.ring.moving()
            || self.scrolls.iter().any(Glide::moving)
            || self.hero.moving()
    }

    pub(crate) fn due(&self) -> Option<Duration> {
        self.hero.due()
    }
}

fn empty_row(slot: &RowSlot) -> RowItem {
    RowItem {
        index: NOWHERE,
        title: slint::SharedString::new(),
        cards: ModelRc::clone(&slot.model()),
    }
}
