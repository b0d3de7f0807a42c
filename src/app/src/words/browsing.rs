//! Sentences of the pages between the wall and a film: series, search, add-ons.

use super::{beside, day, list, minutes};
use crate::saying::{Message, msg, own, own_name, tr, trn};
use crate::search_filters::Order;
use crate::{AddOn, AddOnFailure, Episode};

/// A place above the wall, and the heading of its page.
pub(crate) const SEARCH: Message = msg!("Search");
/// Small programs that give the box films, facts and subtitles. A place above the wall.
pub(crate) const ADD_ONS: Message = msg!("Add-ons");
/// While add-ons are asked where a film can be got.
pub(crate) const LOOKING_FOR_SOURCES: Message = msg!("Looking for sources");
pub(crate) const NO_SOURCES: Message =
    msg!("Nobody offers this film now. Another add-on may have it, or try again later.");
pub(crate) const ASKING_EPISODES: Message = msg!("Asking for the episodes");
pub(crate) const NO_EPISODES: Message =
    msg!("No episodes are known. The add-on that named this series may be down: try again later.");
pub(crate) const SWITCH_OFF: Message = msg!("Switch off");
pub(crate) const SWITCH_ON: Message = msg!("Switch on");
/// Of two add-ons that know the same, the one that is asked earlier wins.
pub(crate) const ASK_EARLIER: Message = msg!("Ask it earlier");
pub(crate) const ASK_LATER: Message = msg!("Ask it later");
pub(crate) const REMOVE: Message = msg!("Remove");
pub(crate) const REMOVE_SURELY: Message = msg!("Remove: press OK once more");
pub(crate) const ADD_ONS_HINT: Message =
    msg!("OK shows what can be done. Those further up are asked first.");
pub(crate) const ADD_AN_ADD_ON: Message = msg!("Add an add-on");
pub(crate) const BY_ADDRESS: Message = msg!("by its address");
pub(crate) const ADD_ABOUT: Message = msg!(
    "Type its address with the arrows. A long one is sent more easily from a phone or a computer."
);
/// "done" is a key of the keyboard on the screen, Play a button of the remote.
pub(crate) const ADDRESS_HELP: Message = msg!(
    "Type the address that the add-on's own page gives, with /manifest.json at its end or \
     without. Then choose done, or press Play. One at home may begin with http:// or with the \
     host alone. One with capital letters is sent from a phone or a computer."
);
/// An add-on is asked what it is.
pub(crate) const ASKING_ADD_ON: Message = msg!("Asking it");
pub(crate) const BROWSE_ADD_ONS: Message = msg!("Add-ons that it lists");
pub(crate) const ASKING_LIST: Message = msg!("Asking for the list");
pub(crate) const NOTHING_LISTED: Message = msg!("It lists no add-on now.");
pub(crate) const LISTED_HINT: Message =
    msg!("Look at what an add-on may see before you put it on this box. Back returns.");
pub(crate) const INSTALL_SURELY: Message = msg!("Press OK once more to put it on this box");
pub(crate) const SET_UP_ON_PHONE: Message = msg!("Set it up on your phone");
pub(crate) const SET_UP_FIRST: Message = msg!("Set it up first");
pub(crate) const SET_UP: Message = msg!(
    "Point your phone's camera at the code: it opens the page where this add-on is set up. When \
     you have chosen, that page gives a new address. Send it to this box from the phone, or type \
     it under Add an add-on."
);
/// Over the list of what can be done with a film.
pub(crate) const WHAT_TO_DO: Message = msg!("This film");
pub(crate) const MARK_WATCHED: Message = msg!("Mark as watched");
pub(crate) const MARK_UNWATCHED: Message = msg!("Mark as not watched");
/// A film is taken out of the row Continue watching.
pub(crate) const FORGET_PLACE: Message = msg!("Do not continue it");
/// Opens the page of a film.
pub(crate) const ALL_ABOUT_IT: Message = msg!("More about it");
/// A film that comes in several has a list of them.
pub(crate) const PARTS: Message = msg!("Parts");
pub(crate) const TRAILER: Message = msg!("Trailer on your phone");
pub(crate) const TRAILER_ELSEWHERE: Message = msg!(
    "This trailer is at YouTube, which this box does not call. Point your phone's camera at the \
     code to watch it there."
);
/// What the button Back of the remote does.
pub(crate) const CODE_HINT: Message = msg!("Back returns");
pub(crate) const ON_THIS_BOX: Message = msg!("It is on this box");
/// A row of the wall.
pub(crate) const MY_LIST_ROW: &str = own!("My list");
/// A row of the wall.
pub(crate) const NEXT_ROW: &str = own!("Next episodes");
pub(crate) const LIST: Message = msg!("Add to my list");
pub(crate) const UNLIST: Message = msg!("Remove from my list");

pub(crate) const SPACE: Message = msg!("key of the keyboard on the screen" => "space");
pub(crate) const DELETE: Message = msg!("key of the keyboard on the screen" => "delete");
pub(crate) const CLEAR: Message = msg!("key of the keyboard on the screen" => "clear");
/// Shows or hides the letters of a password, which are dots otherwise.
pub(crate) const DOTS: Message = msg!("key of the keyboard on the screen" => "dots");
pub(crate) const DONE: Message = msg!("key of the keyboard on the screen" => "done");

/// The season 0 of the add-on protocol is what belongs to none.
pub(crate) fn season(number: u16) -> String {
    match number {
        0 => tr!("Specials"),
        number => tr!("Season {number}", number),
    }
}

/// In the list of a series. The first is of one that has a name.
pub(crate) fn episode(episode: &Episode) -> String {
    let (number, name) = (episode.number, &episode.name);
    if name.is_empty() {
        tr!("Episode {number}", number)
    } else {
        tr!("{number}. {name}", number, name)
    }
}

/// "Pioneer One  ·  S1 E3  ·  The Box": of a season and its episode short, for S and E; a special
/// belongs to no season, and a part to a film that has several.
pub(crate) fn episode_of(series: &str, episode: &Episode) -> String {
    let number = episode.number;
    let place = match episode.season {
        _ if !episode.series.is_series() => tr!("Part {number}", number),
        0 => tr!("Special {number}", number),
        season => tr!("S{season} E{number}", season, number),
    };
    beside(&[series, &place, &episode.name])
}

/// "2010-09-27  ·  58 min"
pub(crate) fn episode_facts(episode: &Episode) -> String {
    let released = episode.released.as_deref().map(day);
    let runtime = episode.runtime_min.map(minutes);
    beside(&[released.unwrap_or_default(), runtime.unwrap_or_default()])
}

/// How many films a search has found, and how many of those the filters keep back.
pub(crate) fn search_status(
    (shown, kept_back): (usize, usize),
    looking: bool,
    answered: u16,
    asked: u16,
) -> String {
    let found = match (shown as u64, kept_back as u64, looking) {
        (0, 0, true) => return tr!("Looking"),
        (0, 0, false) => return tr!("Nothing was found. Another spelling may help."),
        (n, 0, _) => trn!(n, "{count} found", "{count} found"),
        (0, n, _) => trn!(
            n,
            "{count} found, but none that fits the filters",
            "{count} found, but none that fits the filters",
        ),
        (shown, m, _) => trn!(
            shown + m,
            "{shown} of {count} found",
            "{shown} of {count} found",
            shown,
        ),
    };
    if looking && asked > 0 {
        return beside(&[found, have_answered(answered, asked)]);
    }
    found
}

/// Of those who are asked for films.
fn have_answered(answered: u16, asked: u16) -> String {
    trn!(
        asked,
        "{answered} of {count} have answered",
        "{answered} of {count} have answered",
        answered,
    )
}

/// What a search shows.
pub(crate) fn kind_filter(series: Option<bool>) -> String {
    match series {
        None => tr!("Films and series"),
        Some(false) => tr!("Films"),
        Some(true) => tr!("Series"),
    }
}

/// Which films a search shows.
pub(crate) fn genre_filter(genre: Option<&str>) -> String {
    genre.map_or_else(|| tr!("Any genre"), own_name)
}

/// Films of ten years; {year} is the first, 1920 for example.
pub(crate) fn decade_filter(decade: Option<u16>) -> String {
    match decade {
        None => tr!("Any year"),
        Some(year) => tr!("The {year}s", year),
    }
}

/// Which films a search shows.
pub(crate) fn licence_filter(open: bool) -> String {
    if open {
        tr!("Open licence")
    } else {
        tr!("Any licence")
    }
}

/// In which order films are shown that were found.
pub(crate) fn order(order: Order) -> String {
    match order {
        Order::Fit => tr!("Best match first"),
        Order::Newest => tr!("Newest first"),
        Order::Oldest => tr!("Oldest first"),
        Order::Title => tr!("By title"),
    }
}

/// While those who may know where a film is are asked.
pub(crate) fn looking_for_sources(answered: u16, asked: u16) -> String {
    match asked {
        0 => LOOKING_FOR_SOURCES.into(),
        _ => beside(&[LOOKING_FOR_SOURCES.into(), have_answered(answered, asked)]),
    }
}

/// Who plays in a film.
pub(crate) fn cast(names: &[String]) -> String {
    const NAMES: usize = 5;
    match names {
        [] => String::new(),
        names => tr!(
            "With {names}",
            names = list(&names[..names.len().min(NAMES)])
        ),
    }
}

/// "1.2.0  ·  example.org". Instead of the host, of an add-on that comes with the box:
pub(crate) fn add_on_detail(add_on: &AddOn) -> String {
    let host = add_on.host.clone();
    let host = host.unwrap_or_else(|| tr!("part of this box"));
    beside(&[add_on.version.as_str(), &host])
}

/// What an add-on gives, each a thing of a list; {things} of "Gives {things}." is that list.
fn gives(add_on: &AddOn) -> String {
    let gives = add_on.gives;
    let things = [
        (gives.catalogues, msg!("given by an add-on" => "catalogues")),
        (gives.facts, msg!("given by an add-on" => "facts")),
        (gives.sources, msg!("given by an add-on" => "sources")),
        (gives.subtitles, msg!("given by an add-on" => "subtitles")),
        (
            gives.add_ons,
            msg!("given by an add-on" => "lists of add-ons"),
        ),
    ];
    let things = things.into_iter().filter(|(is, _)| *is);
    let things: Vec<String> = things.map(|(_, what)| what.into()).collect();
    if things.is_empty() {
        return tr!("Gives nothing that this box asks for.");
    }
    tr!("Gives {things}.", things = list(&things))
}

/// What an add-on gives and what it may see, a line each. {names} are beginnings of film numbers.
pub(crate) fn add_on_lines(add_on: &AddOn) -> Vec<String> {
    let mut lines = vec![gives(add_on)];
    if let Some(host) = &add_on.host {
        lines.push(match add_on.sees.as_slice() {
            [] => tr!("{host} is told what you look at.", host),
            sees => tr!(
                "{host} is told what you look at, if its name begins with {names}.",
                host,
                names = list(sees),
            ),
        });
    }
    if add_on.p2p {
        lines.push(tr!(
            "Its films come from other people's computers, which see your address."
        ));
    }
    if add_on.adult {
        lines.push(tr!("It may show what is not for children."));
    }
    if add_on.configure.is_some() {
        lines.push(tr!("It can be set up on a page of its own."));
    }
    if let Some(why) = &add_on.trouble {
        lines.push(tr!("It gives nothing now: {why}.", why));
    }
    lines
}

/// Over the code of an add-on's own page.
pub(crate) fn set_up(name: &str) -> String {
    tr!("Set up {name}", name)
}

/// Over the code of a film's trailer.
pub(crate) fn trailer_of(title: &str) -> String {
    tr!("Trailer of {title}", title)
}

/// Opens the list of a film's parts.
pub(crate) fn parts(count: usize) -> String {
    trn!(count as u64, "Parts ({count})", "Parts ({count})")
}

/// Over add-ons that another add-on, {name}, knows.
pub(crate) fn listed_by(name: &str) -> String {
    tr!("Listed by {name}", name)
}

/// A short message when an add-on was put on the box, or could not be.
pub(crate) fn add_on_added(added: &Result<String, AddOnFailure>) -> String {
    match added {
        Ok(name) => tr!("{name} is on this box now.", name),
        Err(why) => add_on_failed(why),
    }
}

/// Why an add-on was not put on the box. {why} is in English; {what} is a name or a version.
pub(crate) fn add_on_failed(why: &AddOnFailure) -> String {
    match why {
        AddOnFailure::NoAddress(why) => tr!("This is no address of an add-on: {why}.", why),
        AddOnFailure::Unsupported(what) => tr!(
            "This add-on speaks {what}, which the box does not. Look for a newer address.",
            what,
        ),
        AddOnFailure::Unconfigured(page) => tr!(
            "This add-on must be set up first, at {page}. Then send the address it gives.",
            page,
        ),
        AddOnFailure::Unreachable(why) => tr!(
            "The add-on can't be reached ({why}). Check the address, or try again later.",
            why,
        ),
        AddOnFailure::Broken(why) => tr!("What the add-on says of itself is wrong: {why}.", why),
        AddOnFailure::TooMany(most) => trn!(
            *most as u64,
            "There is {count} add-on on this box. Remove one first.",
            "There are {count} add-ons on this box. Remove one first.",
        ),
    }
}
