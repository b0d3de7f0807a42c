//! Which rows stand on the wall, and in what order, as its owner chose.
//!
//! A row that was never seen when that was chosen stands after all others, and is shown. Rows are
//! known by their names ([`Row::name`]), and remembered while their add-on is away.

use crate::Row;

/// Rows that are remembered; more than a wall has. Those that are away are forgotten first.
const REMEMBERED_MAX: usize = 200;

/// The order of rows by their names; empty: nobody has chosen, and it is the box's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WallRows(pub Vec<WallRow>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WallRow {
    pub name: String,
    pub shown: bool,
}

impl WallRows {
    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|row| row.name == name)
    }

    pub(crate) fn shows(&self, name: &str) -> bool {
        self.0.iter().all(|row| row.name != name || row.shown)
    }

    /// The rows, which come in the box's order, in the owner's.
    pub(crate) fn sort(&self, rows: &mut [Row]) {
        rows.sort_by_cached_key(|row| self.place(row.name()).unwrap_or(usize::MAX));
    }

    /// Remembers these rows, which are all there are, in this order.
    fn remember(&mut self, there: &[String]) {
        for name in there {
            if self.place(name).is_none() {
                self.0.push(WallRow {
                    name: name.clone(),
                    shown: true,
                });
            }
        }
        while self.0.len() > REMEMBERED_MAX {
            let away = self.0.iter().position(|row| !there.contains(&row.name));
            self.0.remove(away.unwrap_or(self.0.len() - 1));
        }
    }

    /// Shows the row, or shows it no more.
    pub(crate) fn switch(&mut self, name: &str, there: &[String]) {
        self.remember(there);
        if let Some(place) = self.place(name) {
            self.0[place].shown = !self.0[place].shown;
        }
    }

    /// The two stand in each other's place.
    pub(crate) fn swap(&mut self, one: &str, other: &str, there: &[String]) {
        self.remember(there);
        if let (Some(one), Some(other)) = (self.place(one), self.place(other)) {
            self.0.swap(one, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).into()).collect()
    }

    fn sorted(order: &WallRows, there: &[&str]) -> Vec<String> {
        let rows = there.iter().map(|name| Row::new(*name, Vec::new()));
        let mut rows: Vec<Row> = rows.collect();
        order.sort(&mut rows);
        rows.into_iter().map(|row| row.title).collect()
    }

    #[test]
    fn a_row_that_was_away_comes_back_to_its_place_and_a_new_one_to_the_end() {
        let mut order = WallRows::default();
        assert_eq!(sorted(&order, &["a", "b", "c"]), names(&["a", "b", "c"]));
        order.swap("b", "a", &names(&["a", "b", "c"]));
        assert_eq!(sorted(&order, &["a", "b", "c"]), names(&["b", "a", "c"]));
        // "a" is away: "b" changes places with "c" as it is seen.
        order.swap("c", "b", &names(&["b", "c"]));
        assert_eq!(
            sorted(&order, &["x", "a", "b", "c"]),
            names(&["c", "a", "b", "x"])
        );
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut order = WallRows::default();
        for number in 0..3 * REMEMBERED_MAX {
            order.switch(&number.to_string(), &[number.to_string()]);
        }
        assert_eq!(order.0.len(), REMEMBERED_MAX);
        let many: Vec<_> = (0..3 * REMEMBERED_MAX).map(|it| it.to_string()).collect();
        order.switch("5", &many);
        assert_eq!(order.0.len(), REMEMBERED_MAX);
        assert!(!order.shows("599") && order.shows("never seen"));
    }
}
