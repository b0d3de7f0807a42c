//! Sentences of the pages between the wall and a film: series, search, add-ons.

use crate::search_filters::Order;
use crate::{AddOn, AddOnFailure, Episode};

pub(crate) const SEARCH: &str = "Search";
pub(crate) const ADD_ONS: &str = "Add-ons";
pub(crate) const LOOKING_FOR_SOURCES: &str = "Looking for sources";
pub(crate) const NO_SOURCES: &str = "Nobody offers this film now. \
    Another add-on may have it, or try again later.";
pub(crate) const ASKING_EPISODES: &str = "Asking for the episodes";
pub(crate) const NO_EPISODES: &str = "No episodes are known. \
    The add-on that named this series may be down: try again later.";
pub(crate) const SWITCH_OFF: &str = "Switch off";
pub(crate) const SWITCH_ON: &str = "Switch on";
pub(crate) const ASK_EARLIER: &str = "Ask it earlier";
pub(crate) const ASK_LATER: &str = "Ask it later";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const REMOVE_SURELY: &str = "Remove: press OK once more";
pub(crate) const ADD_ONS_HINT: &str =
    "OK shows what can be done. Those further up are asked first.";
pub(crate) const ADD_AN_ADD_ON: &str = "Add an add-on";
pub(crate) const BY_ADDRESS: &str = "by its address";
pub(crate) const ADD_ABOUT: &str = "Type its address with the arrows. A long one is sent more \
    easily from a phone or a computer.";
pub(crate) const ADDRESS_HELP: &str = "Type the address that the add-on's own page gives, with \
    /manifest.json at its end or without. Then choose done, or press Play. One at home may \
    begin with http:// or with the host alone. One with capital letters is sent from a phone or \
    a computer.";
pub(crate) const ASKING_ADD_ON: &str = "Asking it";
pub(crate) const BROWSE_ADD_ONS: &str = "Add-ons that it lists";
pub(crate) const ASKING_LIST: &str = "Asking for the list";
pub(crate) const NOTHING_LISTED: &str = "It lists no add-on now.";
pub(crate) const LISTED_HINT: &str = "Look at what an add-on may see before you put it on this \
    box. Back returns.";
pub(crate) const INSTALL_SURELY: &str = "Press OK once more to put it on this box";
pub(crate) const SET_UP_ON_PHONE: &str = "Set it up on your phone";
pub(crate) const SET_UP_FIRST: &str = "Set it up first";
pub(crate) const SET_UP: &str = "Point your phone's camera at the code: it opens the page where \
    this add-on is set up. When you have chosen, that page gives a new address. Send it to this \
    box from the phone, or type it under Add an add-on.";
pub(crate) const PARTS: &str = "Parts";
pub(crate) const TRAILER: &str = "Trailer on your phone";
pub(crate) const TRAILER_ELSEWHERE: &str = "This trailer is at YouTube, which this box does not \
    call. Point your phone's camera at the code to watch it there.";
pub(crate) const CODE_HINT: &str = "Back returns";
pub(crate) const ON_THIS_BOX: &str = "It is on this box";
pub(crate) const MY_LIST_ROW: &str = "My list";
pub(crate) const NEXT_ROW: &str = "Next episodes";
pub(crate) const LIST: &str = "Add to my list";
pub(crate) const UNLIST: &str = "Remove from my list";

/// "Season 2"; the season 0 of the add-on protocol is what belongs to none.
pub(crate) fn season(number: u16) -> String {
    match number {
        0 => "Specials".into(),
        n => format!("Season {n}"),
    }
}

/// "3. The Box"
pub(crate) fn episode(episode: &Episode) -> String {
    if episode.name.is_empty() {
        format!("Episode {}", episode.number)
    } else {
        format!("{}. {}", episode.number, episode.name)
    }
}

/// "Pioneer One  ·  S1 E3  ·  The Box"
pub(crate) fn episode_of(series: &str, episode: &Episode) -> String {
    let number = match episode.season {
        _ if !episode.series.is_series() => format!("Part {}", episode.number),
        0 => format!("Special {}", episode.number),
        season => format!("S{season} E{}", episode.number),
    };
    let parts = [series, &number, &episode.name];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("  ·  ")
}

/// "2010-09-27  ·  58 min"
pub(crate) fn episode_facts(episode: &Episode) -> String {
    let runtime = episode.runtime_min.map(|minutes| format!("{minutes} min"));
    let facts: Vec<_> = episode
        .released
        .clone()
        .into_iter()
        .chain(runtime)
        .collect();
    facts.join("  ·  ")
}

/// How a search stands.
/// How many films are shown, and how many of those found the filters keep back.
pub(crate) fn search_status(
    (shown, kept_back): (usize, usize),
    looking: bool,
    answered: u16,
    asked: u16,
) -> String {
    let found = match (shown, kept_back, looking) {
        (0, 0, true) => return "Looking".into(),
        (0, 0, false) => return "Nothing was found. Another spelling may help.".into(),
        (n, 0, _) => format!("{n} found"),
        (0, n, _) => format!("{n} found, but none that fits the filters"),
        (n, m, _) => format!("{n} of {} found", n + m),
    };
    if looking && asked > 0 {
        return format!("{found}  ·  {answered} of {asked} have answered");
    }
    found
}

pub(crate) fn kind_filter(series: Option<bool>) -> String {
    match series {
        None => "Films and series",
        Some(false) => "Films",
        Some(true) => "Series",
    }
    .into()
}

pub(crate) fn genre_filter(genre: Option<&str>) -> String {
    genre.unwrap_or("Any genre").into()
}

/// By the first year.
pub(crate) fn decade_filter(decade: Option<u16>) -> String {
    decade.map_or_else(|| "Any year".into(), |year| format!("The {year}s"))
}

pub(crate) fn licence_filter(open: bool) -> String {
    if open { "Open licence" } else { "Any licence" }.into()
}

pub(crate) fn order(order: Order) -> String {
    match order {
        Order::Fit => "Best match first",
        Order::Newest => "Newest first",
        Order::Oldest => "Oldest first",
        Order::Title => "By title",
    }
    .into()
}

/// While those who may know where a film is are asked.
pub(crate) fn looking_for_sources(answered: u16, asked: u16) -> String {
    match asked {
        0 => LOOKING_FOR_SOURCES.into(),
        _ => format!("{LOOKING_FOR_SOURCES}  ·  {answered} of {asked} have answered"),
    }
}

/// "With Ann Other, A. N. Author"
pub(crate) fn cast(names: &[String]) -> String {
    const NAMES: usize = 5;
    match names {
        [] => String::new(),
        names => format!("With {}", names[..names.len().min(NAMES)].join(", ")),
    }
}

/// "1.2.0  ·  example.org"
pub(crate) fn add_on_detail(add_on: &AddOn) -> String {
    let host = add_on.host.as_deref().unwrap_or("part of this box");
    [add_on.version.as_str(), host].join("  ·  ")
}

/// What it gives and what it may see, a line each.
pub(crate) fn add_on_lines(add_on: &AddOn) -> Vec<String> {
    let gives = add_on.gives;
    let parts = [
        (gives.catalogues, "catalogues"),
        (gives.facts, "facts"),
        (gives.sources, "sources"),
        (gives.subtitles, "subtitles"),
        (gives.add_ons, "lists of add-ons"),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, what)| *what)
        .collect();
    let mut lines = match parts.as_slice() {
        [] => vec!["Gives nothing that this box asks for.".into()],
        parts => vec![format!("Gives {}.", parts.join(", "))],
    };
    lines.extend(
        add_on
            .host
            .as_ref()
            .map(|host| match add_on.sees.as_slice() {
                [] => format!("{host} is told what you look at."),
                sees => format!(
                    "{host} is told what you look at, if its name begins with {}.",
                    sees.join(", ")
                ),
            }),
    );
    if add_on.p2p {
        lines.push("Its films come from other people's computers, which see your address.".into());
    }
    if add_on.adult {
        lines.push("It may show what is not for children.".into());
    }
    if add_on.configure.is_some() {
        lines.push("It can be set up on a page of its own.".into());
    }
    lines.extend(
        add_on
            .trouble
            .as_ref()
            .map(|why| format!("It gives nothing now: {why}.")),
    );
    lines
}

/// Over the code of an add-on's own page.
pub(crate) fn set_up(name: &str) -> String {
    format!("Set up {name}")
}

/// Over the code of a film's trailer.
pub(crate) fn trailer_of(title: &str) -> String {
    format!("Trailer of {title}")
}

pub(crate) fn parts(count: usize) -> String {
    format!("{PARTS} ({count})")
}

/// "Listed by Public domain"
pub(crate) fn listed_by(name: &str) -> String {
    format!("Listed by {name}")
}

/// A short message when an add-on was put on the box, or could not be.
pub(crate) fn add_on_added(added: &Result<String, AddOnFailure>) -> String {
    match added {
        Ok(name) => format!("{name} is on this box now."),
        Err(why) => add_on_failed(why),
    }
}

pub(crate) fn add_on_failed(why: &AddOnFailure) -> String {
    match why {
        AddOnFailure::NoAddress(why) => format!("This is no address of an add-on: {why}."),
        AddOnFailure::Unsupported(what) => {
            format!("This add-on speaks {what}, which the box does not. Look for a newer address.")
        }
        AddOnFailure::Unconfigured(page) => {
            format!("This add-on must be set up first, at {page}. Then send the address it gives.")
        }
        AddOnFailure::Unreachable(why) => {
            format!("The add-on can't be reached ({why}). Check the address, or try again later.")
        }
        AddOnFailure::Broken(why) => {
            format!("What the add-on says of itself is wrong: {why}.")
        }
        AddOnFailure::TooMany(most) => {
            format!("There are {most} add-ons on this box. Remove one first.")
        }
    }
}
