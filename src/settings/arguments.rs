//! The command line: its options, and how their values are read.
//!
//! The readers of single values are shared with the settings' file, so that both take the same.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use super::{CACHE_BYTES_MIN, Display, Secret, Settings};

/// A poster wall for the TV: choose a film, and it plays while it downloads.
#[derive(Debug, clap::Parser)]
#[command(name = "matinee", version, max_term_width = 100)]
pub(super) struct Arguments {
    /// Where the picture goes; auto takes a window where there is a desktop, else the TV
    #[arg(long, value_name = "WHERE", value_enum)]
    display: Option<Display>,

    /// Size in pixels of the headless screen, and of a window at first [default: 1280x720]
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<(u32, u32)>,

    // A help text and not a doc comment: rustdoc would take the names for code.
    #[arg(
        long,
        value_name = "DIR",
        help = "Where films, positions and settings.toml are kept \
        [default: $XDG_DATA_HOME/matinee or ~/.local/share/matinee]"
    )]
    pub(super) data: Option<PathBuf>,

    /// Make a short film on first use and show it on the wall; needs no network
    #[arg(long)]
    demo: bool,

    /// Show the films of this catalogue too
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,

    /// Serve the control API there, 127.0.0.1:8097 for example
    #[arg(long, value_name = "ADDR:PORT", value_parser = address)]
    control: Option<SocketAddr>,

    /// Its bearer token; one is made and printed when there is none
    #[arg(long, value_name = "T", value_parser = token)]
    control_token: Option<Secret>,

    /// Most bytes of films kept on disk, 4G for example [default: 4G]
    #[arg(long, value_name = "N[M|G]", value_parser = bytes)]
    cache_bytes: Option<u64>,

    /// Do not use the distributed hash table to find peers
    #[arg(long)]
    no_dht: bool,

    /// Also call peers at private addresses that trackers and other peers name
    #[arg(long)]
    local_peers: bool,

    /// What to log: info, debug, torrent=debug,info ... [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
}

impl Arguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, settings: &mut Settings) {
        set(&mut settings.display, self.display);
        set(&mut settings.size, self.size);
        set(&mut settings.cache_bytes, self.cache_bytes);
        set(&mut settings.log, self.log);
        settings.demo |= self.demo;
        settings.dht &= !self.no_dht;
        settings.local_peers |= self.local_peers;
        settings.catalogue = self.catalogue.or(settings.catalogue.take());
        settings.control = self.control.or(settings.control);
        settings.control_token = self.control_token.or(settings.control_token.take());
    }
}

pub(super) fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}

/// "1280x720"; from the smallest that shows the wall to 8K.
pub(super) fn size(text: &str) -> Result<(u32, u32), String> {
    let read = |side: &str| side.parse().ok().filter(|side| (64..=8192).contains(side));
    text.split_once('x')
        .and_then(|(width, height)| Some((read(width)?, read(height)?)))
        .ok_or_else(|| "must be like 1280x720, each from 64 to 8192".to_owned())
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

/// "64M", "4G", or plain bytes; powers of 1024.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'M') => (&text[..text.len() - 1], 1 << 20),
        Some(b'G') => (&text[..text.len() - 1], 1 << 30),
        _ => (text, 1),
    };
    let number: Option<u64> = digits.parse().ok();
    let bytes = number.and_then(|number| number.checked_mul(unit));
    let bytes = bytes.ok_or("must be a whole number of bytes, or like 512M or 4G")?;
    if bytes < CACHE_BYTES_MIN {
        return Err(format!("must be at least {}M", CACHE_BYTES_MIN >> 20));
    }
    Ok(bytes)
}

/// What an HTTP header can carry.
pub(super) fn token(text: &str) -> Result<Secret, String> {
    let fits = (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if !fits {
        return Err("must be 1 to 256 visible ASCII characters".to_owned());
    }
    Ok(Secret(text.to_owned()))
}
