//! The network in stories: "network" and what there is of it: "no-cable", "cable=down",
//! "cable=wait", "cable=up", "radio=down", "radio=wait", "radio=up", "looks", "in=attic", "portal",
//! "country=FR"; and networks, as "attic:3" with how strong it is, "*" where it is known, "!" of a
//! company, "?" where all can join; "opens" where it can open one of its own. "let-in",
//! "not-let-in REASON"; "own-opened", "own-ended WHY", and by the phone there "own-joined",
//! "own-chosen ID PASSWORD", "own-hidden NAME PASSWORD". Of addresses: "gives" what DHCP gave a
//! cable, "fixes" where nothing is given, "fixed=ADDRESS" and "radio-fixed=ADDRESS" what is kept;
//! "knocked yes" of the router that was asked.

use std::net::Ipv4Addr;

use app::{
    Choice, Country, Event, Fixed, Given, JoinFailure, Link, Lock, NetworkAct, NetworkNews,
    NetworkStand, NetworkView, OwnNetwork, OwnNews, Passphrase, Wifi, Wireless,
};

use super::telling::list;

pub(crate) fn network_news(line: &str) -> Option<Vec<Event>> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let news = match word {
        "network" => NetworkNews::Stand(Box::new(stand(rest))),
        "let-in" => NetworkNews::LetIn,
        "not-let-in" => NetworkNews::NotLetIn(match rest {
            "wrong" => JoinFailure::WrongPassword,
            "away" => JoinFailure::OutOfReach,
            other => JoinFailure::Other(other.into()),
        }),
        "knocked" => NetworkNews::Knocked {
            router: ROUTER,
            answers: rest == "yes",
        },
        "own-opened" => NetworkNews::Own(OwnNews::Opened(own())),
        "own-joined" => NetworkNews::Own(OwnNews::Joined),
        "own-ended" => NetworkNews::Own(OwnNews::Ended(rest.into())),
        "own-chosen" | "own-hidden" => NetworkNews::Own(OwnNews::Chosen(choice(word, rest))),
        _ => return None,
    };
    Some(vec![Event::Network(news)])
}

const ROUTER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);

/// One of these stories.
fn fixed(address: &str) -> Fixed {
    let line = format!("{address}/24 {ROUTER} {ROUTER}");
    Fixed::parse(&line).unwrap()
}

fn given() -> Given {
    Given {
        address: Ipv4Addr::new(192, 168, 1, 5),
        prefix: 24,
        router: Some(ROUTER),
        names: vec![ROUTER],
    }
}

fn own() -> OwnNetwork {
    OwnNetwork {
        name: "Matinee 4F2K".into(),
        passphrase: Passphrase("abc23456".into()),
        address: "http://10.73.0.1".into(),
    }
}

fn choice(word: &str, rest: &str) -> Choice {
    let (name, password) = rest.split_once(' ').unwrap_or((rest, ""));
    Choice {
        id: (word == "own-chosen").then(|| name.into()),
        name: name.to_uppercase(),
        passphrase: (!password.is_empty()).then(|| Passphrase(password.into())),
    }
}

fn link(state: &str, address: &str) -> Link {
    match state {
        "down" => Link::Down,
        "wait" => Link::Waiting,
        "up" => Link::Up {
            address: address.into(),
        },
        other => panic!("a link that is {other}?"),
    }
}

pub(crate) fn stand(words: &str) -> NetworkStand {
    let mut stand = NetworkStand {
        wired: Some(Link::Down),
        ..NetworkStand::default()
    };
    for word in words.split_whitespace() {
        let radio = stand.wireless.get_or_insert_with(Wireless::default);
        let fixes = &mut stand.addressing;
        match word.split_once('=').unwrap_or((word, "")) {
            ("fixes", _) => {
                fixes.get_or_insert_default();
            }
            ("gives", _) => fixes.get_or_insert_default()[0].given = Some(given()),
            ("fixed", address) => fixes.get_or_insert_default()[0].fixed = Some(fixed(address)),
            ("radio-fixed", address) => {
                fixes.get_or_insert_default()[1].fixed = Some(fixed(address));
            }
            ("at", address) => stand.wired = Some(link("up", address)),
            ("radio-at", address) => radio.link = link("up", address),
            ("no-cable", _) => stand.wired = None,
            ("cable", state) => stand.wired = Some(link(state, "192.168.1.5")),
            ("radio", state) => radio.link = link(state, "192.168.1.7"),
            ("looks", _) => radio.looks = true,
            ("opens", _) => radio.opens = true,
            ("in", id) => radio.joined = Some(id.into()),
            ("portal", _) => stand.portal = Some("http://sign.in".into()),
            ("country", letters) => stand.country = Country::parse(letters),
            ("no-radio", _) => {}
            _ => radio.networks.push(wifi(word)),
        }
    }
    stand.wireless.take_if(|_| words.contains("no-radio"));
    stand
}

/// What may be told, each of another kind.
pub(crate) fn any() -> Vec<NetworkNews> {
    let stands = [
        "no-radio",
        "radio=down attic:3 cafe?:2",
        "radio=down office!:1 attic*:0 looks",
        "radio=wait in=attic attic*:4",
        "radio=down attic:3 opens",
        "radio=up in=attic attic*:4 cafe?:2 country=FR",
        "cable=up portal attic:3",
        "cable=up no-radio gives",
        "at=192.168.1.20 fixed=192.168.1.20 radio=down attic:3",
        "radio-at=192.168.1.20 radio-fixed=192.168.1.20 in=attic attic*:4",
    ];
    let failures = [JoinFailure::WrongPassword, JoinFailure::OutOfReach];
    let stands = stands.map(|words| NetworkNews::Stand(Box::new(stand(words))));
    let own = [
        OwnNews::Opened(own()),
        OwnNews::Joined,
        OwnNews::Ended("it is busy".into()),
        OwnNews::Chosen(choice("own-chosen", "attic correct horse")),
    ];
    let knocked = [true, false].map(|answers| NetworkNews::Knocked {
        router: ROUTER,
        answers,
    });
    let news = stands.into_iter().chain([NetworkNews::LetIn]);
    let news = news.chain(knocked);
    let news = news.chain(own.map(NetworkNews::Own));
    news.chain(failures.map(NetworkNews::NotLetIn)).collect()
}

fn wifi(word: &str) -> Wifi {
    let (name, bars) = word.split_once(':').expect("NAME:BARS");
    let bare = name.trim_end_matches(['*', '!', '?']);
    Wifi {
        id: bare.into(),
        name: bare.to_uppercase(),
        bars: bars.parse().unwrap(),
        lock: match name.chars().last() {
            Some('!') => Lock::Enterprise,
            Some('?') => Lock::Open,
            _ => Lock::Password,
        },
        known: name.ends_with('*'),
    }
}

/// A story may know what no log does.
fn secret(passphrase: Option<&Passphrase>) -> String {
    passphrase.map_or(String::new(), |it| format!(" with {:?}", it.0))
}

pub(crate) fn tell_network(act: &NetworkAct) -> String {
    match act {
        NetworkAct::Look => "look for networks".into(),
        NetworkAct::Join { id, passphrase } => format!("join {id}{}", secret(passphrase.as_ref())),
        NetworkAct::JoinHidden { name, passphrase } => {
            format!("join hidden {name:?}{}", secret(passphrase.as_ref()))
        }
        NetworkAct::Stop => "stop joining".into(),
        NetworkAct::Forget(id) => format!("forget {id}"),
        NetworkAct::Rules(country) => format!("rules of {}", country.letters()),
        NetworkAct::OpenOwn(language) => format!("open its own network in {}", language.code()),
        NetworkAct::CloseOwn => "close its own network".into(),
        NetworkAct::Fix { way, fixed } => {
            let fixed = fixed.as_ref().map(Fixed::to_string);
            let fixed = fixed.unwrap_or("automatic".into());
            format!("address {}: {fixed}", way.name())
        }
        NetworkAct::Knock { from, router } => format!("ask {router} from {from}"),
    }
}

/// As much as tells it from others.
fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.into(),
    }
}

pub(crate) fn tell_network_page(page: &NetworkView) -> String {
    let line = |(at, label): (usize, &String)| {
        let note = page.notes.get(at).filter(|it| !it.is_empty());
        let note = note.map_or(String::new(), |note| format!(" ({note})"));
        let bars = page.bars.get(at).copied().flatten();
        let bars = bars.map_or(String::new(), |bars| format!(" {bars}"));
        let mark = if page.chosen == Some(at) { "+" } else { "" };
        format!("{mark}{label}{bars}{note}")
    };
    // Of countries there are many.
    let near = page.focus.saturating_sub(2)..page.focus + 3;
    let lines: Vec<String> = page.labels.iter().enumerate().map(line).collect();
    let lines = lines.iter().enumerate();
    let lines = lines.filter(|(at, _)| page.labels.len() < 12 || near.contains(at));
    let first = if page.labels.len() < 12 {
        0
    } else {
        near.start
    };
    let lines: Vec<&str> = lines.map(|(_, line)| line.as_str()).collect();
    let mut parts = vec![
        list(lines, Some(page.focus - first)),
        page.headline.clone(),
        short(&page.detail),
        page.message.clone(),
    ];
    parts.extend(page.ask.clone());
    format!("network {}", parts.join(" | "))
}
