//! How single values are read, on the command line and in the settings' file alike.
//!
//! Each reader takes a text and says what it must be like when it is not.

use std::net::{Ipv4Addr, SocketAddr};

use super::Secret;
use super::engine::{CACHE_BYTES_MIN, Proxy, RAM_CACHE_BYTES_MIN};
use super::sound::Card;

/// More peers than this are a mistake in the file: each has a socket and buffers.
const PEERS_TOP: usize = 1000;

/// A week; who seeds for longer keeps a seedbox.
const MINUTES_TOP: u32 = 7 * 24 * 60;

/// A screen that rests later than after a day never does.
const DAY_MIN: u16 = 24 * 60;

/// What a TV hides of each hundred pixels at most; most that do hide five.
const OVERSCAN_TOP: u8 = 15;

/// What the kernel gives an interface's name (IFNAMSIZ with its final zero).
const INTERFACE_BYTES: usize = 15;

/// What the kernel gives a sound card's name.
const CARD_BYTES: usize = 15;

/// "true" or "false".
pub(super) fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "must be true or false".to_owned())
}

/// "1280x720"; from the smallest that shows the wall to 8K.
pub(super) fn size(text: &str) -> Result<(u32, u32), String> {
    let read = |side: &str| side.parse().ok().filter(|side| (64..=8192).contains(side));
    text.split_once('x')
        .and_then(|(width, height)| Some((read(width)?, read(height)?)))
        .ok_or_else(|| "must be like 1280x720, each from 64 to 8192".to_owned())
}

/// "auto", "1080p", "720p50".
pub(super) fn screen_mode(text: &str) -> Result<sink::Wish, String> {
    text.parse().map_err(|form| format!("must be {form}"))
}

/// Percents; more than any TV hides is a mistake.
pub(super) fn overscan(text: &str) -> Result<u8, String> {
    let read = text.parse().ok().filter(|percent| *percent <= OVERSCAN_TOP);
    read.ok_or_else(|| format!("must be from 0 to {OVERSCAN_TOP}"))
}

/// Of a drive as the system names it.
pub(super) fn drive(text: &str) -> Result<app::DriveWish, String> {
    match text {
        "auto" => Ok(app::DriveWish::Auto),
        "internal" => Ok(app::DriveWish::Internal),
        id if ["usb-", "ata-"].iter().any(|way| id.starts_with(way)) && !id.contains('/') => {
            Ok(app::DriveWish::Drive(id.into()))
        }
        _ => Err("must be auto, internal, or a drive's name like usb-Maker_Stick_1-0:0".to_owned()),
    }
}

/// "auto", or what ALSA takes as a card's name.
pub(super) fn sound_card(text: &str) -> Result<Card, String> {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    match text {
        "auto" => Ok(Card(None)),
        _ if (1..=CARD_BYTES).contains(&text.len()) && text.bytes().all(named) => {
            Ok(Card(Some(text.to_owned())))
        }
        _ => Err("must be auto, or a card's name of /proc/asound/cards, like vc4hdmi0".to_owned()),
    }
}

/// "auto" or "off": of planes, and of sound that goes out as it is.
pub(super) fn auto(text: &str) -> Result<bool, String> {
    match text {
        "auto" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be auto or off".to_owned()),
    }
}

/// "auto", "tv" or "box".
pub(super) fn volume(text: &str) -> Result<app::VolumeWish, String> {
    named(text, &app::VolumeWish::NAMES)
}

/// "slow", "normal" or "fast".
pub(super) fn pace(text: &str) -> Result<app::Pace, String> {
    named(text, &app::Pace::NAMES)
}

fn named<T: Copy>(text: &str, names: &[(&str, T)]) -> Result<T, String> {
    let found = names.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("must be {} or {last}", others.join(", "))
            }
            _ => format!("must be {}", names.join(", ")),
        }
    })
}

/// An address with a port, with `localhost` for 127.0.0.1.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let wrong = |_| "must be an address and a port, like 127.0.0.1:8097 or [::1]:8097".to_owned();
    match text.strip_prefix("localhost:") {
        Some(port) => match port.parse() {
            Ok(port) => Ok((Ipv4Addr::LOCALHOST, port).into()),
            Err(_) => text.parse().map_err(wrong),
        },
        None => text.parse().map_err(wrong),
    }
}

/// Where phones reach the box; none: nowhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phones(pub(super) Option<SocketAddr>);

/// "off", or as [`address`].
pub(super) fn phones(text: &str) -> Result<Phones, String> {
    match text {
        "off" => Ok(Phones(None)),
        text => address(text).map(|at| Phones(Some(at))),
    }
}

/// What an HTTP header can carry.
pub(super) fn token(text: &str) -> Result<Secret, String> {
    let fits = (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if !fits {
        return Err("must be 1 to 256 visible ASCII characters".to_owned());
    }
    Ok(Secret(text.to_owned()))
}

/// As [`token`], also of the length that signed ones have.
pub(super) fn long_token(text: &str) -> Result<Secret, String> {
    // Those of TheMovieDB have 230 to 300.
    let fits = (1..=2048).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if !fits {
        return Err("must be 1 to 2048 visible ASCII characters".to_owned());
    }
    Ok(Secret(text.to_owned()))
}

/// Any text of one line.
pub(super) fn password(text: &str) -> Result<Secret, String> {
    if !(1..=256).contains(&text.len()) || text.contains(char::is_control) {
        return Err("must be one line of 1 to 256 bytes".to_owned());
    }
    Ok(Secret(text.to_owned()))
}

/// The form of a tag (RFC 5646), not that it is known.
pub(super) fn language(text: &str) -> Result<String, String> {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = first.bytes().all(|b| b.is_ascii_alphabetic());
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if !letters || !(2..=3).contains(&first.len()) || text.len() > 35 || !parts.all(part) {
        return Err("must be a language's tag, like en or pt-BR".to_owned());
    }
    Ok(text.to_owned())
}

/// A language that the box speaks.
pub(super) fn spoken(text: &str) -> Result<app::Language, String> {
    let language = app::Language::by_code(text).filter(|it| it.is_offered());
    language.ok_or_else(|| {
        let codes: Vec<_> = app::Language::offered().map(app::Language::code).collect();
        format!("must be one of {}", codes.join(", "))
    })
}

/// One of the time zone database.
pub(super) fn time_zone(text: &str) -> Result<String, String> {
    let known = jiff::tz::TimeZone::get(text).ok();
    let name = known.as_ref().and_then(|zone| zone.iana_name());
    let wrong = "must be a name of the time zone database, like Europe/Vienna";
    name.map(str::to_owned).ok_or_else(|| wrong.to_owned())
}

/// When subtitles are shown by themselves.
pub(super) fn subtitles(text: &str) -> Result<app::ShowTexts, String> {
    named(text, &app::ShowTexts::NAMES)
}

/// ISO 3166-1, two letters.
pub(super) fn country(text: &str) -> Result<String, String> {
    if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err("must be a country's two letters, like FR".to_owned());
    }
    Ok(text.to_ascii_uppercase())
}

/// Where something is on the web.
pub(super) fn web(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).ok();
    let fits = url.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none()
    });
    if !fits || text.len() > 2048 {
        return Err("must be an address: http:// or https://, without a query".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// "64M", "4G", or plain bytes; powers of 1024.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let units = [
        (['K', 'k'], 1 << 10),
        (['M', 'm'], 1 << 20),
        (['G', 'g'], 1 << 30),
    ];
    scaled(text, &units)
        .ok_or_else(|| "must be a whole number of bytes, or like 512M or 4G".to_owned())
}

pub(super) fn cache_bytes(text: &str) -> Result<u64, String> {
    at_least(bytes(text)?, CACHE_BYTES_MIN)
}

pub(super) fn ram_cache_bytes(text: &str) -> Result<u64, String> {
    at_least(bytes(text)?, RAM_CACHE_BYTES_MIN)
}

fn at_least(bytes: u64, least: u64) -> Result<u64, String> {
    if bytes < least {
        return Err(format!("must be at least {}M", least >> 20));
    }
    Ok(bytes)
}

/// "500k", "2M", or plain bytes a second; powers of ten, as providers count.
pub(super) fn rate(text: &str) -> Result<u64, String> {
    let units = [(['k', 'K'], 1000), (['M', 'm'], 1_000_000)];
    scaled(text, &units)
        .ok_or_else(|| "must be bytes a second, like 500k or 2M, or 0 for no limit".to_owned())
}

fn scaled(text: &str, units: &[([char; 2], u64)]) -> Option<u64> {
    let unit = units.iter().find(|(letters, _)| text.ends_with(letters));
    let (digits, unit) = match unit {
        Some((_, unit)) => (&text[..text.len() - 1], *unit),
        None => (text, 1),
    };
    // `parse` would take a sign.
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = digits.parse().ok().filter(|_| plain)?;
    number.checked_mul(unit)
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse()
        .map_err(|_| "must be a port from 1 to 65535, or 0".to_owned())
}

pub(super) fn peers(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| (1..=PEERS_TOP).contains(n));
    number.ok_or_else(|| format!("must be a number from 1 to {PEERS_TOP}"))
}

pub(super) fn ratio(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number
        .filter(|ratio| (0.0..=100.0).contains(ratio))
        .ok_or_else(|| "must be a number from 0 to 100, like 1.5".to_owned())
}

/// Minutes of at most a day.
pub(super) fn minutes_of_day(text: &str) -> Result<u16, String> {
    let number = text.parse().ok().filter(|n| *n <= DAY_MIN);
    number.ok_or_else(|| format!("must be whole minutes, at most {DAY_MIN} (a day)"))
}

pub(super) fn minutes(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|n| (0..=MINUTES_TOP).contains(n));
    number.ok_or_else(|| format!("must be whole minutes, at most {MINUTES_TOP} (a week)"))
}

/// As Linux names them.
pub(super) fn interface(text: &str) -> Result<String, String> {
    let fits = (1..=INTERFACE_BYTES).contains(&text.len());
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'/');
    if !fits || !plain || text == "." || text == ".." {
        return Err("must be the name of a network interface, like wg0".to_owned());
    }
    Ok(text.to_owned())
}

/// An announce address.
pub(super) fn tracker(text: &str) -> Result<String, String> {
    let mut rests = ["http://", "https://", "udp://"]
        .into_iter()
        .filter_map(|scheme| text.strip_prefix(scheme));
    let named = rests.next().is_some_and(|rest| !rest.is_empty());
    if !named || text.len() > 2048 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("must be a tracker's address: http://, https:// or udp://".to_owned());
    }
    Ok(text.to_owned())
}

/// "socks5://user:password@host:port"; name and password may be percent-encoded.
pub(super) fn proxy(text: &str) -> Result<Proxy, String> {
    // Told without the value: it may hold a password.
    let wrong = || "must be like socks5://host:1080 or socks5://user:password@host:1080".to_owned();
    let rest = text.strip_prefix("socks5://").ok_or_else(wrong)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (login, place) = match rest.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, rest),
    };
    let (host, port) = place.rsplit_once(':').ok_or_else(wrong)?;
    let host = match host.strip_prefix('[') {
        Some(six) => {
            let six = six.strip_suffix(']').ok_or_else(wrong)?;
            six.parse::<std::net::Ipv6Addr>().map_err(|_| wrong())?;
            six
        }
        None => host,
    };
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-._:".contains(&b);
    // RFC 1928 gives a name one byte for its length.
    if !(1..=255).contains(&host.len()) || !host.bytes().all(known) {
        return Err(wrong());
    }
    let login = login.map(|login| {
        let (user, password) = login.split_once(':')?;
        Some((decoded(user)?, Secret(decoded(password)?)))
    });
    Ok(Proxy {
        host: host.to_owned(),
        port: port
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(wrong)?,
        login: login.map(|login| login.ok_or_else(wrong)).transpose()?,
    })
}

/// Without percent-encoding; none for a wrong one, and beyond what RFC 1929 can carry.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| plain)?);
        rest = &rest[2..];
    }
    let fits = (1..=255).contains(&bytes.len());
    String::from_utf8(bytes).ok().filter(|_| fits)
}
