//! What plays, for the programs of a desktop: its media keys, its panels, KDE Connect, playerctl.
//!
//! That is MPRIS 2.2 (specifications.freedesktop.org/mpris-spec) on the session's bus: what is told
//! follows from the core's view alone (`stand`), and what is asked for becomes an event of the core
//! (`objects`), which guards what may be opened. Nothing is asked by the clock: a task sleeps until
//! there is another view or the bus goes, and signals what has changed, but never where the film
//! is, which programs count themselves.
//!
//! Only where the box runs in somebody's session. The appliance has no such bus. On the system's a
//! policy would have to say who may see and drive what its viewers watch, and there is nobody to
//! name: no program there would ask, and who is not at the remote has the phone's app (`remote`).
//!
//! Why the box is no renderer of UPnP AV (DLNA), and takes no Google Cast: of the crates that speak
//! UPnP AV the libraries are control points (`upnp-client`), and what renders is a whole program
//! that hands addresses to another player (`tiny-dlna`; outside of Rust gmediarender and Rygel).
//! Above all anybody at home may then name any address to play, without a pairing, where this box
//! hears no phone before the TV has said so, and calls no host at home for a stranger. Senders of
//! Google Cast take only receivers that sign with a key whose certificate Google has issued for
//! that device, and free software has none that it could ship.

mod objects;
mod stand;

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use app::{Event, View};
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::sleep;
use zbus::Connection;
use zbus::fdo::RequestNameFlags;

use self::objects::{Player, Root};
use self::stand::Told;

/// Under which programs look for it; a second box of the session adds `.instance` and its process.
pub const NAME: &str = "org.mpris.MediaPlayer2.matinee";

/// Where all players have their one object.
const PATH: &str = "/org/mpris/MediaPlayer2";

/// Between tries to reach the bus: the first, and the longest.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MOST: Duration = Duration::from_secs(60);

/// The bus itself answers by then, or never.
const CALLS: Duration = Duration::from_secs(30);

/// What programs can see and do of the box.
pub struct Desk {
    /// The newest view; its sender gone means the box stops.
    pub views: watch::Receiver<Arc<View>>,
    /// Tells the core what is wanted of the film; done when it is in its order.
    pub tell: Arc<dyn Fn(Event) -> BoxFuture<'static, ()> + Send + Sync>,
    /// Opens the page of the film that a link leads to; false: it leads to none.
    pub open: Arc<dyn Fn(String) -> BoxFuture<'static, bool> + Send + Sync>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Desk")
    }
}

/// The bus of the session that the program was started in, in that environment; none: it was
/// started in none.
pub fn session_bus(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let address = if let Some(address) = variable("DBUS_SESSION_BUS_ADDRESS") {
        address.into_string().ok()?
    } else {
        let socket = Path::new(&variable("XDG_RUNTIME_DIR")?).join("bus");
        // Outside of a session there is no such socket, and none will come for us.
        let socket = socket.to_str().filter(|_| socket.exists())?;
        format!("unix:path={socket}")
    };
    zbus::Address::from_str(&address).is_ok().then_some(address)
}

/// Serves the programs of that bus on the runtime, as long as the box lives.
pub fn start(bus: String, desk: Desk, runtime: &Handle) {
    runtime.spawn(run(bus, Arc::new(desk)));
}

async fn run(address: String, desk: Arc<Desk>) {
    let mut wait = AGAIN;
    loop {
        match connect(&address, &desk).await {
            Ok((bus, told)) => {
                wait = AGAIN;
                if serve(&bus, &desk, told).await {
                    if let Err(error) = bus.close().await {
                        tracing::debug!("mpris: {error}");
                    }
                    return;
                }
                tracing::info!("mpris: the bus has gone");
            }
            Err(error) => tracing::debug!("mpris: no bus: {error}"),
        }
        sleep(wait).await;
        wait = (wait * 2).min(AGAIN_MOST);
    }
}

/// The box on the bus, and what it is known to be there.
async fn connect(address: &str, desk: &Arc<Desk>) -> zbus::Result<(Connection, Told)> {
    let bus = zbus::connection::Builder::address(address)?
        .method_timeout(CALLS)
        .serve_at(PATH, Root)?
        .serve_at(PATH, Player(Arc::clone(desk)))?
        .build()
        .await?;
    // Before the name is there nobody has seen anything.
    let told = Told::of(&desk.views.borrow());
    let alone = || RequestNameFlags::DoNotQueue.into();
    let mut named = bus.request_name_with_flags(NAME, alone()).await;
    if matches!(named, Err(zbus::Error::NameTaken)) {
        let name = format!("{NAME}.instance{}", std::process::id());
        named = bus.request_name_with_flags(name, alone()).await;
    }
    named.map(|_| (bus, told))
}

/// Until the bus goes, or the box stops (true).
async fn serve(bus: &Connection, desk: &Desk, mut told: Told) -> bool {
    let mut views = desk.views.clone();
    loop {
        tokio::select! {
            () = bus.closed() => return false,
            changed = views.changed() => if changed.is_err() {
                return true;
            },
        }
        let view = Arc::clone(&views.borrow_and_update());
        if let Err(error) = signal(bus, &mut told, &view).await {
            tracing::debug!("mpris: {error}");
            return false;
        }
    }
}

/// Says what is other than before.
async fn signal(bus: &Connection, told: &mut Told, view: &View) -> zbus::Result<()> {
    let before = std::mem::replace(told, Told::of(view));
    let changes = told.changes(&before);
    let place = told.jumped(&before);
    if changes.is_empty() && place.is_none() {
        return Ok(());
    }
    let emitter = zbus::object_server::SignalEmitter::new(bus, PATH)?;
    if !changes.is_empty() {
        objects::changed(&emitter, changes).await?;
    }
    if let Some(place) = place {
        Player::seeked(&emitter, place).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bus(variables: &[(&str, &str)]) -> Option<String> {
        let of = |name: &str| variables.iter().find(|it| it.0 == name);
        session_bus(|name| of(name).map(|it| it.1.into()))
    }

    #[test]
    fn the_bus_is_that_of_the_session_or_none() {
        let named = ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/some");
        assert_eq!(bus(&[named]).as_deref(), Some("unix:path=/run/some"));
        assert_eq!(bus(&[]), None);
        assert_eq!(bus(&[("DBUS_SESSION_BUS_ADDRESS", "")]), None);

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let runtime = ("XDG_RUNTIME_DIR", path);
        assert_eq!(bus(&[runtime]), None);
        std::fs::write(folder.path().join("bus"), "").unwrap();
        let socket = format!("unix:path={path}/bus");
        assert_eq!(bus(&[runtime]), Some(socket));
        assert_eq!(bus(&[runtime, named]).as_deref(), Some(named.1));
    }
}
