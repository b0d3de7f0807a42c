//! What each screen says.

use std::mem::discriminant;

use super::film;
use super::script::{Focus, Script};
use crate::view::{
    AddOnsView, AddressView, CodeView, FilmView, HomeView, LearnView, MenuView, NetworkView,
    OpeningView, PhoneView, PinView, SearchView, SeriesView, TroubleView, UpdatesView, WhoView,
};
use crate::{Resting, Screen, View};

/// All of it.
pub(super) fn script(view: &View) -> Script {
    if view.dark {
        return Script::new("dark", &[]);
    }
    if matches!(view.resting, Resting::Drift(_)) {
        return Script::new("drift", &[]);
    }
    let mut script = match &view.screen {
        Screen::Home(home) => of_home(home),
        Screen::Film(page) => of_film(page),
        Screen::Series(page) => of_series(page),
        Screen::Search(page) => of_search(page),
        Screen::AddOns(page) => of_add_ons(page),
        Screen::Address(page) => of_address(page),
        Screen::Code(page) => of_code(page),
        Screen::Updates(page) => of_updates(page),
        Screen::Menu(page) => of_menu(page),
        Screen::Learn(page) => of_learn(page),
        Screen::Phone(page) => of_phone(page),
        Screen::Network(page) => of_network(page),
        Screen::Opening(opening) => of_opening(opening),
        Screen::Playing(playing) => film::script(playing),
        Screen::Trouble(trouble) => of_trouble(trouble),
        Screen::Who(page) => of_who(page),
        Screen::Pin(page) => of_pin(page),
    };
    // Two pages may have one name.
    script.page = format!("{:?} {}", discriminant(&view.screen), script.page);
    script.urgent.extend(view.notice.clone());
    let volume = view.volume.as_ref();
    script
        .lines
        .extend(volume.map(|volume| volume.text.clone()));
    script
}

/// Of these, those that are there.
fn some(texts: &[&Option<String>]) -> Vec<String> {
    texts.iter().filter_map(|it| (*it).clone()).collect()
}

fn of_home(home: &HomeView) -> Script {
    let mut script = Script::new("", &[]);
    if let Some(at) = home.menu_focus {
        script.list_at(1, (&home.menu, &[]), at, None);
        return script;
    }
    let column = home.columns.get(home.row).copied().unwrap_or_default();
    if let Some(row) = home.rows.get(home.row) {
        script.head.push(row.title.clone());
        if let Some(card) = row.cards.get(column) {
            let badge = card.badge.clone().unwrap_or_default();
            let focus = Focus::of_list(0, column, row.cards.len(), &home.title);
            script.focus = Some(Focus {
                at: (0, column, home.row),
                ..focus.with(badge)
            });
            script.details = vec![home.facts.clone(), home.synopsis.clone()];
            return script;
        }
    }
    // There is nothing to choose; they say why.
    script.head.push(home.title.clone());
    script.lines = vec![home.facts.clone(), home.synopsis.clone()];
    script
}

fn of_film(page: &FilmView) -> Script {
    let title = &page.card.title;
    let mut script = Script::new(format!("{:?}", page.card.film), &[title, &page.facts]);
    script.head.extend(some(&[&page.status]));
    script.lines = some(&[&page.choice]);
    script.lines.push(page.synopsis.clone());
    if let Some(sources) = &page.sources {
        script.head.push(sources.title.clone());
        let list = (&*sources.labels, &*sources.reasons);
        script.list_at(1, list, sources.focus, Some(sources.chosen));
    } else {
        let labels: Vec<_> = page.actions.iter().map(|it| it.label.clone()).collect();
        script.list((&labels, &[]), page.focus, None);
    }
    script
}

fn of_series(page: &SeriesView) -> Script {
    let title = &page.card.title;
    let mut script = Script::new(format!("{:?}", page.card.film), &[title, &page.facts]);
    script.head.extend(some(&[&page.status]));
    let season = page.seasons.get(page.season);
    if page.choosing_season {
        script.list_at(1, (&page.seasons, &[]), page.season, None);
        script.once.push(page.synopsis.clone());
        return script;
    }
    script.head.extend(season.cloned());
    if let Some(episode) = page.episodes.get(page.episode) {
        let count = page.episodes.len();
        let focus = Focus::of_list(0, page.episode, count, &episode.title);
        script.focus = Some(Focus {
            at: (0, page.episode, page.season),
            ..focus
        });
        script.details = vec![episode.facts.clone(), episode.synopsis.clone()];
    }
    script
}

/// The key under focus; what is on it may be a word or a letter.
fn on_keyboard(keys: &[Vec<String>], (row, column): (usize, usize)) -> Option<Focus> {
    let name = keys.get(row)?.get(column)?;
    Some(Focus {
        at: (0, row, column),
        name: name.clone(),
        ..Focus::default()
    })
}

fn of_who(page: &WhoView) -> Script {
    let mut script = Script::new("", &[&page.title]);
    let names: Vec<_> = page.people.iter().map(|it| it.name.clone()).collect();
    let notes: Vec<_> = page.people.iter().map(|it| it.note.clone()).collect();
    script.list((&names, &notes), page.focus, None);
    script
}

/// Which key has the focus is on the screen too; what is typed is not.
fn of_pin(page: &PinView) -> Script {
    let mut script = Script::new("", &[&page.title]);
    script.lines.push(page.status.clone());
    script.focus = page.keys.get(page.focus).map(|key| Focus {
        at: (0, 0, page.focus),
        name: key.clone(),
        ..Focus::default()
    });
    script
}

fn of_search(page: &SearchView) -> Script {
    let mut script = Script::new("", &[&page.heading]);
    script.lines.push(page.text.clone());
    script.progress = some(&[&page.status]);
    let filter = page.filters.iter().position(|filter| filter.focused);
    if let Some(key) = page.key {
        script.focus = on_keyboard(&page.keys, key);
    } else if let Some(at) = filter {
        let labels: Vec<_> = page.filters.iter().map(|it| it.label.clone()).collect();
        script.list_at(1, (&labels, &[]), at, None);
    } else if !page.cards.is_empty() {
        let count = page.cards.len();
        script.focus = Some(Focus::of_list(2, page.focus, count, &page.title));
        script.details.push(page.facts.clone());
    }
    script
}

fn of_add_ons(page: &AddOnsView) -> Script {
    let mut script = Script::new(&page.title, &[&page.title]);
    script.head.extend(some(&[&page.status, &page.ask]));
    let items = page.items.iter().chain(&page.add);
    let labels: Vec<_> = items.map(|item| item.name.clone()).collect();
    script.list((&labels, &[]), page.focus, None);
    if let Some(item) = page.focused() {
        script.details = vec![item.detail.clone(), item.description.clone()];
        script.details.extend(item.lines.iter().cloned());
    }
    if let Some(panel) = &page.panel {
        script.head.push(panel.title.clone());
        script.list_at(1, (&panel.labels, &[]), panel.focus, panel.chosen);
    }
    script
}

fn of_address(page: &AddressView) -> Script {
    let mut script = Script::new(&page.title, &[&page.title, &page.help]);
    script.focus = on_keyboard(&page.keys, page.key);
    // The dots of a secret say how many letters there are, and no more.
    script.lines.push(if page.secret {
        match page.text.chars().count() {
            0 => String::new(),
            count => crate::words::number(count as u64),
        }
    } else {
        page.text.clone()
    });
    script.urgent = some(&[&page.status]);
    script
}

fn of_code(page: &CodeView) -> Script {
    let mut script = Script::new(&page.title, &[&page.title, &page.message]);
    script.lines = vec![page.address.clone(), page.hint.clone()];
    script
}

fn of_updates(page: &UpdatesView) -> Script {
    let mut script = Script::new("", &[&page.title, &page.headline]);
    script.head.extend(some(&[&page.ask]));
    script.list((&page.labels, &[]), page.focus, None);
    script.lines = vec![page.detail.clone(), page.message.clone()];
    script.lines.extend(some(&[&page.last]));
    script.lines.push(page.notes.clone());
    let percent = page.permille.map(|it| crate::words::percent(it / 10));
    script.progress.extend(percent);
    script
}

fn of_menu(page: &MenuView) -> Script {
    let mut script = Script::new(&page.title, &[&page.title, &page.headline]);
    script.head.extend(some(&[&page.ask]));
    script.list((&page.labels, &page.notes), page.focus, page.chosen);
    script.details.push(page.message.clone());
    script
}

fn of_learn(page: &LearnView) -> Script {
    let mut script = Script::new("", &[&page.title, &page.headline, &page.message]);
    script.lines = some(&[&page.heard]);
    script
}

fn of_phone(page: &PhoneView) -> Script {
    let mut script = Script::new("", &[&page.title, &page.headline]);
    script.head.extend(some(&[&page.ask]));
    script.list((&page.labels, &[]), page.focus, None);
    script.lines.push(page.message.clone());
    script.lines.extend(some(&[&page.address]));
    // Each digit is a word.
    let digits = page.digits.iter().map(|digits| {
        let apart: Vec<String> = digits.chars().map(String::from).collect();
        apart.join(" ")
    });
    script.lines.extend(digits);
    script
}

fn of_network(page: &NetworkView) -> Script {
    let mut script = Script::new("", &[&page.title, &page.headline]);
    script.head.extend(some(&[&page.ask]));
    script.list((&page.labels, &page.notes), page.focus, page.chosen);
    script.lines = vec![page.detail.clone(), page.message.clone()];
    script
}

fn of_opening(opening: &OpeningView) -> Script {
    let mut script = Script::new(format!("{:?}", opening.card.film), &[&opening.card.title]);
    script.lines = some(&[&opening.hint]);
    script.progress = vec![opening.headline.clone(), opening.detail.clone()];
    script
}

fn of_trouble(trouble: &TroubleView) -> Script {
    let mut script = Script::new(&trouble.title, &[]);
    script.urgent = vec![trouble.title.clone(), trouble.message.clone()];
    let labels: Vec<_> = trouble.actions.iter().map(|it| it.label.clone()).collect();
    script.list((&labels, &[]), trouble.focus, None);
    script
}
