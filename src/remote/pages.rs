//! The pages between the wall and a film as JSON: series, search, add-ons, updates,
//! remotes. See `state`.

use serde_json::{Value, json};

use super::profiles::colour;
use super::state::card;

pub(super) fn series(series: &app::SeriesView) -> Value {
    let episode = |episode: &app::EpisodeView| {
        json!({
            "title": episode.title,
            "facts": episode.facts,
            "synopsis": episode.synopsis,
            "seen_permille": episode.seen_permille,
            "watched": episode.watched,
        })
    };
    let episodes: Vec<Value> = series.episodes.iter().map(episode).collect();
    json!({
        "film": series.card.film.0,
        "card": card(&series.card),
        "facts": series.facts,
        "by": series.by,
        "synopsis": series.synopsis,
        "seasons": *series.seasons,
        "season": series.season,
        "episodes": episodes,
        "status": series.status,
        "attribution": series.attribution,
    })
}

/// Where the focus is on the page of a series.
pub(super) fn series_focus(series: &app::SeriesView) -> Value {
    if series.choosing_season {
        json!({ "season": series.season })
    } else {
        json!({ "episode": series.episode })
    }
}

pub(super) fn search(search: &app::SearchView) -> Value {
    let cards: Vec<Value> = search.cards.iter().map(card).collect();
    json!({
        "text": search.text,
        "filters": search.filters.iter().map(|it| &it.label).collect::<Vec<_>>(),
        "cards": cards,
        "title": search.title,
        "facts": search.facts,
        "status": search.status,
    })
}

/// Where the focus is while searching: a key's label, a filter, or a card.
pub(super) fn search_focus(search: &app::SearchView) -> Value {
    match search.key {
        Some((row, column)) => json!({ "key": search.keys[row][column] }),
        None => match search.filters.iter().position(|filter| filter.focused) {
            Some(at) => json!({ "filter": at }),
            None => json!({ "card": search.focus }),
        },
    }
}

pub(super) fn add_ons(add_ons: &app::AddOnsView) -> Value {
    let item = |item: &app::AddOnItem| {
        json!({
            "name": item.name,
            "detail": item.detail,
            "description": item.description,
            "lines": item.lines,
            "enabled": item.enabled,
        })
    };
    let items: Vec<Value> = add_ons.items.iter().map(item).collect();
    json!({
        "title": add_ons.title,
        "items": items,
        "add": add_ons.add.as_ref().map(|it| &it.name),
        "ask": add_ons.ask,
        "status": add_ons.status,
        "hint": add_ons.hint,
        "panel": add_ons.panel.as_ref().map(|panel| json!({
            "title": panel.title,
            "labels": panel.labels,
        })),
    })
}

/// Where the focus is among the add-ons: on one (past the last: on what adds one), or on what can
/// be done with it.
pub(super) fn add_ons_focus(add_ons: &app::AddOnsView) -> Value {
    match &add_ons.panel {
        Some(panel) => json!({ "add_on": add_ons.focus, "act": panel.focus }),
        None => json!({ "add_on": add_ons.focus }),
    }
}

pub(super) fn address(address: &app::AddressView) -> Value {
    // A password is for those alone who see the screen.
    let text = if address.secret { "" } else { &address.text };
    json!({
        "title": address.title,
        "text": text,
        "secret": address.secret,
        "help": address.help,
        "status": address.status,
    })
}

/// The key under focus.
pub(super) fn address_focus(address: &app::AddressView) -> Value {
    let (row, column) = address.key;
    json!({ "key": address.keys[row][column] })
}

pub(super) fn code(code: &app::CodeView) -> Value {
    json!({ "title": code.title, "message": code.message, "address": code.address })
}

pub(super) fn menu(menu: &app::MenuView) -> Value {
    json!({
        "title": menu.title,
        "actions": menu.labels,
        "notes": menu.notes,
        "headline": menu.headline,
        "message": menu.message,
        "ask": menu.ask,
    })
}

pub(super) fn phone(phone: &app::PhoneView) -> Value {
    json!({
        "actions": phone.labels,
        "headline": phone.headline,
        "message": phone.message,
        "code": phone.digits,
        "address": phone.address,
        "link": phone.link,
        "ask": phone.ask,
    })
}

pub(super) fn network(network: &app::NetworkView) -> Value {
    let lines = network.labels.iter().enumerate();
    let lines = lines.map(|(at, label)| {
        json!({
            "label": label,
            "note": network.notes.get(at),
            "bars": network.bars.get(at).copied().flatten(),
        })
    });
    json!({
        "title": network.title,
        "lines": lines.collect::<Vec<_>>(),
        "chosen": network.chosen,
        "headline": network.headline,
        "detail": network.detail,
        "message": network.message,
        "ask": network.ask,
        "busy": network.busy,
    })
}

pub(super) fn updates(updates: &app::UpdatesView) -> Value {
    json!({
        "actions": updates.labels,
        "headline": updates.headline,
        "detail": updates.detail,
        "message": updates.message,
        "notes": updates.notes,
        "permille": updates.permille,
        "last": updates.last,
        "ask": updates.ask,
    })
}

pub(super) fn learn(learn: &app::LearnView) -> Value {
    let learnt = learn.learnt.iter();
    let learnt = learnt.map(|(button, key)| {
        let mut told = button_of(*button);
        told["key"] = json!(key.name());
        told
    });
    json!({
        "buttons": learn.buttons,
        "asks": learn.asks.map(app::Key::name),
        "headline": learn.headline,
        "message": learn.message,
        "heard": learn.heard,
        "learnt": learnt.collect::<Vec<_>>(),
    })
}

/// Which way a button comes, and its number there.
fn button_of(button: app::Button) -> Value {
    match button {
        app::Button::Infrared(number) => json!({ "by": "infrared", "number": number }),
        app::Button::Cec(number) => json!({ "by": "cec", "number": number }),
        app::Button::Usage(number) => json!({ "by": "usage", "number": number }),
        app::Button::Code(number) => json!({ "by": "code", "number": number }),
    }
}

pub(super) fn profile(profile: &app::ProfileView) -> Value {
    json!({
        "id": profile.id.0,
        "name": profile.name,
        "colour": colour(profile.colour),
        "note": profile.note,
        "pin": profile.pin,
    })
}

pub(super) fn who(who: &app::WhoView) -> Value {
    json!({
        "title": who.title,
        "profiles": who.people.iter().map(profile).collect::<Vec<_>>(),
    })
}

/// How many digits there are, and never which.
pub(super) fn pin(pin: &app::PinView) -> Value {
    json!({
        "title": pin.title,
        "status": pin.status,
        "digits": pin.digits,
        "typed": pin.typed,
        "keys": pin.keys,
        "columns": pin.columns,
        "waits": pin.waits,
    })
}
