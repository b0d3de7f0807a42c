//! The log: where it goes, and what a panic leaves in it.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::event_loop::History;

/// Logs to the standard error output what `filter` lets through.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(filter: &str) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    Ok(())
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
