//! Which of the films that were found are shown, and in which order.
//!
//! Values over what was found: nobody is asked again. OK on a filter goes to its next value, and
//! only values that some found film has are gone to, so none leads to an empty page by itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::search_page::folded;
use crate::view::FilterView;
use crate::{Film, Licence, Title, words};

/// Genres gone through: the most frequent; more are a list nobody cycles through.
const GENRES_MAX: usize = 12;

/// Years of one value.
const DECADE: u16 = 10;

/// What can be filtered and sorted by, as they are abreast on the screen.
const ALL: [Filter; 5] = [
    Filter::Kind,
    Filter::Genre,
    Filter::Decade,
    Filter::Licence,
    Filter::Order,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    Kind,
    Genre,
    Decade,
    Licence,
    Order,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// As well as the words fit.
    #[default]
    Fit,
    Newest,
    Oldest,
    Title,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Filters {
    /// Series, or films; none: both.
    series: Option<bool>,
    genre: Option<String>,
    /// Its first year.
    decade: Option<u16>,
    /// Only films whose licence lets everybody have them.
    open: bool,
    order: Order,
}

impl Filters {
    pub(crate) const COUNT: usize = ALL.len();

    /// To the next value of the filter at that place, of those that `films` have.
    pub(crate) fn turn(&mut self, at: usize, films: &[&Film]) {
        match ALL[at] {
            Filter::Kind => {
                self.series = match self.series {
                    None => Some(false),
                    Some(false) => Some(true),
                    Some(true) => None,
                };
            }
            Filter::Genre => self.genre = next(self.genre.as_ref(), &genres(films)),
            Filter::Decade => self.decade = next(self.decade.as_ref(), &decades(films)),
            Filter::Licence => self.open = !self.open,
            Filter::Order => {
                self.order = match self.order {
                    Order::Fit => Order::Newest,
                    Order::Newest => Order::Oldest,
                    Order::Oldest => Order::Title,
                    Order::Title => Order::Fit,
                };
            }
        }
    }

    fn passes(&self, film: &Film) -> bool {
        let series = film.origin.as_ref().is_some_and(Title::is_series);
        let has = |genre: &String| film.genres.iter().any(|it| it == genre);
        self.series.is_none_or(|wanted| wanted == series)
            && self.genre.as_ref().is_none_or(has)
            && self
                .decade
                .is_none_or(|it| film.year.map(decade) == Some(it))
            && (!self.open || film.licence.as_ref().is_some_and(Licence::is_open))
    }

    /// The places of the films to show, in order; `films` are in the order of their fit.
    pub(crate) fn arrange(&self, films: &[&Film]) -> Vec<usize> {
        let passing = (0..films.len()).filter(|at| self.passes(films[*at]));
        let mut shown: Vec<usize> = passing.collect();
        match self.order {
            Order::Fit => {}
            // Films of an unknown year are last either way.
            Order::Newest => shown.sort_by_key(|at| Reverse(films[*at].year)),
            Order::Oldest => shown.sort_by_key(|at| films[*at].year.unwrap_or(u16::MAX)),
            Order::Title => shown.sort_by_cached_key(|at| folded(&films[*at].title)),
        }
        shown
    }

    pub(crate) fn view(&self, focus: Option<usize>) -> Vec<FilterView> {
        let view = |(at, filter): (usize, &Filter)| {
            let (label, active) = match filter {
                Filter::Kind => (words::kind_filter(self.series), self.series.is_some()),
                Filter::Genre => {
                    let genre = self.genre.as_deref();
                    (words::genre_filter(genre), genre.is_some())
                }
                Filter::Decade => (words::decade_filter(self.decade), self.decade.is_some()),
                Filter::Licence => (words::licence_filter(self.open), self.open),
                Filter::Order => (words::order(self.order), self.order != Order::Fit),
            };
            FilterView {
                label,
                active,
                focused: focus == Some(at),
            }
        };
        ALL.iter().enumerate().map(view).collect()
    }
}

fn decade(year: u16) -> u16 {
    year - year % DECADE
}

/// The one after `now`; after the last, none.
fn next<T: Clone + PartialEq>(now: Option<&T>, all: &[T]) -> Option<T> {
    let place = now.and_then(|now| all.iter().position(|it| it == now));
    match (now, place) {
        (None, _) => all.first().cloned(),
        // A value that no film has any more.
        (Some(_), None) => None,
        (Some(_), Some(at)) => all.get(at + 1).cloned(),
    }
}

/// The most frequent first.
fn genres(films: &[&Film]) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for genre in films.iter().flat_map(|film| &film.genres) {
        *counts.entry(genre.as_str()).or_insert(0_usize) += 1;
    }
    let mut genres: Vec<_> = counts.into_iter().collect();
    genres.sort_by_key(|(_, count)| Reverse(*count));
    genres.truncate(GENRES_MAX);
    genres.into_iter().map(|(genre, _)| genre.into()).collect()
}

/// The latest first.
fn decades(films: &[&Film]) -> Vec<u16> {
    let years = films.iter().filter_map(|film| film.year);
    let decades: BTreeSet<u16> = years.map(decade).collect();
    decades.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(title: &str, year: Option<u16>, genres: &[&str]) -> Film {
        Film {
            title: title.into(),
            year,
            genres: genres.iter().map(|it| (*it).to_owned()).collect(),
            ..Film::default()
        }
    }

    /// Titles that are shown.
    fn shown(filters: &Filters, films: &[Film]) -> String {
        let films: Vec<&Film> = films.iter().collect();
        let shown = filters.arrange(&films);
        let titles: Vec<&str> = shown.iter().map(|at| films[*at].title.as_str()).collect();
        titles.join(" ")
    }

    #[test]
    fn each_filter_goes_through_what_the_films_have_and_back() {
        let mut films = vec![
            film("b", Some(2012), &["Drama", "War"]),
            film("C", None, &[]),
            film("a", Some(1922), &["Drama"]),
        ];
        films[1].origin = Some(Title::new("series", "c"));
        films[2].licence = Some(Licence {
            name: "CC0".into(),
            url: "https://creativecommons.org/publicdomain/zero/1.0/".into(),
        });
        films[1].licence = Some(Licence {
            name: "All rights reserved".into(),
            url: "https://a.example/".into(),
        });
        let values = |at: usize| {
            let mut filters = Filters::default();
            let mut seen = Vec::new();
            loop {
                filters.turn(at, &films.iter().collect::<Vec<_>>());
                let label = &filters.view(None)[at].label;
                seen.push(format!("{label}: {}", shown(&filters, &films)));
                if filters == Filters::default() {
                    return seen.join(", ");
                }
            }
        };
        let all = (0..Filters::COUNT).map(values).collect::<Vec<_>>();
        expect_test::expect![[r"
            Films: b a, Series: C, Films and series: b C a
            Drama: b a, War: b, Any genre: b C a
            The 2010s: b, The 1920s: a, Any year: b C a
            Open licence: a, Any licence: b C a
            Newest first: b a C, Oldest first: a b C, By title: a b C, Best match first: b C a"]]
        .assert_eq(&all.join("\n"));
    }

    #[test]
    fn a_value_that_no_film_has_any_more_is_left() {
        let mut filters = Filters {
            genre: Some("Opera".into()),
            ..Filters::default()
        };
        filters.turn(1, &[&film("a", None, &["Drama"])]);
        assert_eq!(filters.genre, None);
    }
}
