//! What the program is besides the box: the engine alone, and the owner's data as one file.
//!
//! And what all of it shares: the runtime, and how an end is asked for.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::settings::{DataFolder, StreamSettings};
use crate::{engine, log, portable};

/// Threads of the async runtime: one for sockets, one for pieces that are hashed and written.
const RUNTIME_THREADS: usize = 2;

/// How long the end of the program waits for the last position, and for pieces, to be written.
pub const FAREWELL: Duration = Duration::from_secs(3);

/// The engine alone as a server, until a signal ends it.
///
/// # Errors
/// The folder is another's, or the address.
pub fn stream(settings: &StreamSettings) -> Result<()> {
    log::start(&settings.log).context("--log")?;
    let folder = DataFolder::open(&settings.data)?;
    let token = settings.token.as_ref().map(|secret| secret.0.clone());
    // Where strangers can ask, everyone must say a secret.
    let open = settings.listen.ip().is_loopback();
    let token = token.or_else(|| (!open).then(http_server::new_token));
    let config = stream::Config {
        listen: settings.listen,
        token: token.clone(),
        hosts: Vec::new(),
    };
    let engine = engine::config(&settings.engine, folder.path());
    let runtime = start_runtime()?;
    let server = runtime.block_on(stream::serve(config, engine))?;
    match token {
        Some(token) => println!("Streaming: http://{}  token {token}", server.address()),
        None => println!("Streaming: http://{}", server.address()),
    }
    runtime.block_on(ended());
    // What is cut off is fetched again.
    let _ = runtime.block_on(async { timeout(FAREWELL, server.settled()).await });
    Ok(())
}

/// Writes what the owner has to a file.
///
/// # Errors
/// The folder is another's, or the file cannot be written.
pub fn export(data: &Path, file: &Path) -> Result<()> {
    let folder = DataFolder::open(data)?;
    let bytes = portable::export(folder.path(), file)?;
    println!("{}: {bytes} bytes", file.display());
    Ok(())
}

/// Takes such a file in, and says what it brought.
///
/// # Errors
/// The folder is another's, or the file is none of ours.
pub fn import(data: &Path, file: &Path, replace: bool) -> Result<()> {
    let folder = DataFolder::open(data)?;
    let import = if replace {
        store::Import::Replace
    } else {
        store::Import::Merge
    };
    let imported = portable::import(folder.path(), file, import)?;
    println!(
        "Taken in: {} films played, {} on the list, {} add-ons.",
        imported.marks, imported.listed, imported.addons
    );
    if imported.profiles > 1 {
        println!(
            "They are of {} profiles. PINs are not in the file.",
            imported.profiles
        );
    }
    if !imported.profiles_left_out.is_empty() {
        let names = imported.profiles_left_out.join(", ");
        println!(
            "There is no room for more profiles than {}: {names}.",
            app::PROFILES_MAX
        );
    }
    if !imported.left_out.is_empty() {
        let names = imported.left_out.join(", ");
        println!("Not in the file, because their addresses are secrets: {names}.");
    }
    Ok(())
}

/// What sockets and timers run on.
///
/// # Errors
/// No threads are left.
pub fn start_runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .enable_all()
        .build()
        .context("starting the runtime")
}

/// Waits until somebody ends the program in order.
pub async fn ended() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::warn!("signals cannot be watched: only the plug ends this program");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
