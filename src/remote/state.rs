//! The view as JSON, by hand: the shape is a contract with programs and must not follow every
//! renaming in the core.
//!
//! All keys are always there, `null` where they do not apply; keys are only ever added. Times are
//! whole milliseconds, rates bytes a second, parts of a whole thousandths. `screen` is one of
//! "home", "film", "series", "search", "add-ons", "address", "code", "updates", "menu", "learn",
//! "phone", "network", "who", "pin", "opening", "playing", "trouble"; `profile` is who watches,
//! where several do; `clock` is the time, where it is shown; `dark` says that nothing of it is
//! shown, for the box stands by or the screen is off, and `resting` what lies over it ("awake":
//! nothing, "dim", "drift"); `focus` says where the focus is on that screen; `playback` is there
//! from the first picture to the return to the wall.

use std::time::Duration;

use serde_json::{Value, json};

use super::pages;

/// Keys that tell of the screen, and are null where they are of another.
const OF_SCREENS: [&str; 20] = [
    "screen", "focus", "rows", "detail", "page", "series", "search", "add_ons", "address", "code",
    "updates", "menu", "learn", "phone", "network", "who", "pin", "opening", "playback", "trouble",
];

/// The whole state, see the module's head.
pub fn to_json(view: &app::View) -> Value {
    let mut state = json!({
        "seq": view.seq,
        "dark": view.dark,
        "resting": resting(&view.resting),
        "notice": view.notice,
        "clock": view.clock,
        "profile": view.profile.as_ref().map(pages::profile),
        "volume": view.volume.as_ref().map(|it| json!({ "percent": it.volume, "muted": it.muted })),
    });
    for key in OF_SCREENS {
        state[key] = Value::Null;
    }
    let mut put = |key: &str, value: Value| state[key] = value;
    match &view.screen {
        app::Screen::Home(home) => {
            put("screen", json!("home"));
            put("focus", home_focus(home));
            put("rows", home.rows.iter().map(row).collect());
            put("detail", detail(home));
        }
        app::Screen::Film(film) => {
            put("screen", json!("film"));
            put("focus", film_focus(film));
            put("page", page(film));
        }
        app::Screen::Series(series) => {
            put("screen", json!("series"));
            put("focus", pages::series_focus(series));
            put("series", pages::series(series));
        }
        app::Screen::Search(search) => {
            put("screen", json!("search"));
            put("focus", pages::search_focus(search));
            put("search", pages::search(search));
        }
        app::Screen::AddOns(add_ons) => {
            put("screen", json!("add-ons"));
            put("focus", pages::add_ons_focus(add_ons));
            put("add_ons", pages::add_ons(add_ons));
        }
        app::Screen::Address(address) => {
            put("screen", json!("address"));
            put("focus", pages::address_focus(address));
            put("address", pages::address(address));
        }
        app::Screen::Code(code) => {
            put("screen", json!("code"));
            put("code", pages::code(code));
        }
        app::Screen::Updates(updates) => {
            put("screen", json!("updates"));
            put("focus", json!({ "action": updates.focus }));
            put("updates", pages::updates(updates));
        }
        app::Screen::Menu(menu) => {
            put("screen", json!("menu"));
            put("focus", json!({ "action": menu.focus }));
            put("menu", pages::menu(menu));
        }
        app::Screen::Learn(learn) => {
            put("screen", json!("learn"));
            put("focus", json!({ "button": learn.step }));
            put("learn", pages::learn(learn));
        }
        app::Screen::Phone(phone) => {
            put("screen", json!("phone"));
            put("focus", json!({ "action": phone.focus }));
            put("phone", pages::phone(phone));
        }
        app::Screen::Network(network) => {
            put("screen", json!("network"));
            put("focus", json!({ "action": network.focus }));
            put("network", pages::network(network));
        }
        app::Screen::Who(who) => {
            put("screen", json!("who"));
            put("focus", json!({ "profile": who.focus }));
            put("who", pages::who(who));
        }
        app::Screen::Pin(pin) => {
            put("screen", json!("pin"));
            put("focus", json!({ "key": pin.focus }));
            put("pin", pages::pin(pin));
        }
        app::Screen::Opening(opening) => {
            put("screen", json!("opening"));
            put("opening", opening_of(opening));
        }
        app::Screen::Playing(playing) => {
            put("screen", json!("playing"));
            put("focus", playing_focus(playing));
            put("playback", playback(playing));
        }
        app::Screen::Trouble(trouble) => {
            put("screen", json!("trouble"));
            put("focus", json!({ "action": trouble.focus }));
            put("trouble", trouble_of(trouble));
        }
    }
    state
}

fn resting(resting: &app::Resting) -> &'static str {
    match resting {
        app::Resting::Awake => "awake",
        app::Resting::Dim => "dim",
        app::Resting::Drift(_) => "drift",
    }
}

fn trouble_of(trouble: &app::TroubleView) -> Value {
    json!({
        "title": trouble.title,
        "message": trouble.message,
        "actions": actions(&trouble.actions),
    })
}

fn home_focus(home: &app::HomeView) -> Value {
    let column = home.columns.get(home.row).copied();
    let card = home
        .rows
        .get(home.row)
        .and_then(|row| row.cards.get(column?));
    json!({
        "row": home.row,
        "column": column,
        "columns": home.columns,
        "film": card.map(|card| &card.film.0),
        "menu": home.menu_focus.and_then(|at| home.menu.get(at)),
        "letter": home.letter,
    })
}

fn detail(home: &app::HomeView) -> Value {
    json!({ "title": home.title, "facts": home.facts, "synopsis": home.synopsis })
}

fn row(row: &app::RowView) -> Value {
    let cards: Vec<Value> = row.cards.iter().map(card).collect();
    json!({ "title": row.title, "cards": cards })
}

pub(super) fn card(card: &app::Card) -> Value {
    json!({
        "film": card.film.0,
        "title": card.title,
        "year": card.year,
        "poster": card.poster.as_ref().and_then(address),
        "badge": card.badge,
        "seen_permille": card.seen_permille,
        "watched": card.watched,
    })
}

/// A poster others can fetch too; a path on this box is none of their business.
pub(super) fn address(poster: &app::Poster) -> Option<&str> {
    Some(&*poster.0).filter(|at| at.starts_with("https://") || at.starts_with("http://"))
}

fn film_focus(film: &app::FilmView) -> Value {
    match &film.sources {
        Some(sources) => json!({ "source": sources.focus }),
        None => json!({ "action": film.focus }),
    }
}

fn page(film: &app::FilmView) -> Value {
    json!({
        "film": film.card.film.0,
        "card": card(&film.card),
        "facts": film.facts,
        "by": film.by,
        "synopsis": film.synopsis,
        "licence": film.licence,
        "actions": actions(&film.actions),
        "sources": film.sources.as_ref().map(|sources| json!({
            "labels": sources.labels,
            "reasons": sources.reasons,
            "chosen": sources.chosen,
        })),
        "status": film.status,
        "choice": film.choice,
        "cast": film.cast,
        "attribution": film.attribution,
    })
}

fn actions(actions: &[app::ActionView]) -> Value {
    let one =
        |action: &app::ActionView| json!({ "label": action.label, "enabled": action.enabled });
    actions.iter().map(one).collect()
}

fn opening_of(opening: &app::OpeningView) -> Value {
    json!({
        "session": opening.session.0,
        "film": opening.card.film.0,
        "title": opening.card.title,
        "headline": opening.headline,
        "detail": opening.detail,
        "hint": opening.hint,
        "permille": opening.permille,
        "peers": opening.peers,
        "rate": opening.rate,
    })
}

fn playing_focus(playing: &app::PlayingView) -> Value {
    if let Some(next) = &playing.next {
        return json!({ "next": next.focus });
    }
    if playing.skip.is_some() {
        return json!("skip");
    }
    let Some(controls) = &playing.controls else {
        return Value::Null;
    };
    match (&controls.panel, controls.button) {
        (Some(panel), _) => json!({ "panel": panel.focus }),
        (None, Some(button)) => json!({ "button": button }),
        (None, None) => json!("seek-bar"),
    }
}

fn playback(playing: &app::PlayingView) -> Value {
    let buffered = playing.buffered.iter();
    let buffered: Vec<_> = buffered.map(|part| [part.start, part.end]).collect();
    let chapters = playing.chapters.iter();
    let chapters = chapters.map(|it| json!({ "start_ms": ms(it.start), "title": it.title }));
    json!({
        "session": playing.session.0,
        "film": playing.film.0,
        "title": playing.title,
        "position_ms": ms(playing.position),
        "seeking": playing.seeking,
        "duration_ms": playing.duration.map(ms),
        "playing": !playing.paused && playing.buffering.is_none(),
        "paused": playing.paused,
        "buffering": playing.buffering.is_some(),
        "waiting": playing.buffering.as_ref().map(|waiting| json!({
            "text": waiting.text,
            "permille": waiting.permille,
        })),
        "peers": playing.peers,
        "rate": playing.rate,
        "buffered_permille": buffered,
        "chapters": chapters.collect::<Vec<_>>(),
        "audio": tracks(&playing.audio),
        "audio_now": playing.audio_now.map(|track| track.0),
        "subtitles": tracks(&playing.subtitles),
        "subtitle_now": playing.subtitle_now.map(|track| track.0),
        "second_now": playing.second_now.map(|track| track.0),
        "subtitle": playing.lines.first,
        "second": playing.lines.second,
        "controls": playing.controls.as_ref().map(controls),
        "next": playing.next.as_deref().map(next),
        "skip": playing.skip,
        "zoom": app::Zoom::NAMES.iter().find(|it| it.1 == playing.zoom).map(|it| it.0),
        "stats": stats(&playing.stats),
    })
}

fn stats(facts: &[app::FactView]) -> Value {
    let one = |fact: &app::FactView| json!({ "name": fact.name, "value": fact.value });
    facts.iter().map(one).collect()
}

fn next(next: &app::NextView) -> Value {
    json!({
        "heading": next.heading,
        "title": next.title,
        "status": next.status,
        "actions": actions(&next.actions),
        "over": next.over,
    })
}

fn tracks(tracks: &[app::Track]) -> Value {
    let one = |track: &app::Track| {
        json!({
            "id": track.id.0,
            "language": track.language,
            "title": track.title,
            "codec": track.codec,
        })
    };
    tracks.iter().map(one).collect()
}

fn controls(controls: &app::ControlsView) -> Value {
    json!({
        "handle_ms": ms(controls.handle),
        "scrubbing": controls.scrubbing,
        "elapsed": controls.elapsed,
        "left": controls.left,
        "ends": controls.ends,
        "chapter": controls.chapter,
        "buttons": actions(&controls.buttons),
        "panel": controls.panel.as_ref().map(|panel| json!({
            "title": panel.title,
            "labels": panel.labels,
            "chosen": panel.chosen,
        })),
    })
}

/// Whole milliseconds; films are shorter than 600 million years.
pub(super) fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
