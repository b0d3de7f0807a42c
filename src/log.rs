//! The log: where it goes, what of it is kept for whoever asks how the box does, and what a panic
//! leaves in it.
//!
//! Kept are the latest warnings and errors, in memory alone. What stands in quotes there is a name
//! or an address that somebody chose, and is left out: the owner may hand the rest to anybody.

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, ParseError};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::event_loop::History;

/// Lines that are kept, and bytes of each: a screenful on a phone, and what names a trouble.
const KEPT: usize = 100;
const LINE_BYTES: usize = 400;

static WARNINGS: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Logs to the standard error output what `filter` lets through, and keeps its warnings.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(filter: &str) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let shown = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let kept = tracing_subscriber::fmt::layer()
        .with_writer(|| Kept)
        .with_ansi(false)
        .with_filter(LevelFilter::WARN);
    tracing_subscriber::registry()
        .with(filter)
        .with(shown)
        .with(kept)
        .init();
    Ok(())
}

/// The latest warnings and errors, the oldest first, without names.
pub fn warnings() -> Vec<String> {
    let kept = WARNINGS.lock().unwrap_or_else(PoisonError::into_inner);
    kept.iter().cloned().collect()
}

/// Where they go: a line at a time.
struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = bare(String::from_utf8_lossy(bytes).trim());
        let mut kept = WARNINGS.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(line);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Without what stands in quotes, and not too long.
fn bare(line: &str) -> String {
    let mut bare = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for letter in line.chars() {
        let quote = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        if quote {
            quoted = !quoted;
            bare.push_str(if quoted { "\"..." } else { "\"" });
        } else if !quoted {
            bare.push(letter);
        }
        if bare.len() >= LINE_BYTES {
            break;
        }
    }
    bare
}

/// A panic tells the events that led to it, then ends the program: whoever runs it starts it
/// again, and film and position are on disk.
pub fn report_panics(history: History) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        eprintln!("events before the panic, oldest first:\n{}", history.tell());
        std::process::abort();
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_left_out_and_lines_end() {
        let line = r#"WARN torrent "A \"Film\" 2010": peer gone, file "x" at 3"#;
        assert_eq!(
            bare(line),
            r#"WARN torrent "...": peer gone, file "..." at 3"#
        );
        assert_eq!(bare("half \"a name"), "half \"...");
        assert!(bare(&"é".repeat(4000)).len() <= LINE_BYTES + 4);
    }
}
