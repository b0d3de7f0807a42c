//! The installer: RAUC, over D-Bus.
//!
//! The bus is called when it is needed, so nothing waits for it at the start. Of RAUC's interface
//! (`de.pengutronix.rauc.Installer`) only what is used is here.

use std::collections::HashMap;

use zbus::Connection;
use zbus::zvariant::{OwnedValue, Value};

#[zbus::proxy(
    interface = "de.pengutronix.rauc.Installer",
    default_service = "de.pengutronix.rauc",
    default_path = "/",
    gen_blocking = false
)]
pub(super) trait Rauc {
    fn install_bundle(&self, source: &str, args: HashMap<&str, Value<'_>>) -> zbus::Result<()>;

    fn mark(&self, state: &str, slot_identifier: &str) -> zbus::Result<(String, String)>;

    fn get_slot_status(&self) -> zbus::Result<Vec<(String, HashMap<String, OwnedValue>)>>;

    #[zbus(property(emits_changed_signal = "false"))]
    fn compatible(&self) -> zbus::Result<String>;

    #[zbus(property(emits_changed_signal = "false"))]
    fn last_error(&self) -> zbus::Result<String>;

    /// Per cent, what is being done, and how deep in the tree of steps.
    #[zbus(property)]
    fn progress(&self) -> zbus::Result<(i32, String, i32)>;

    #[zbus(signal)]
    fn completed(&self, result: i32) -> zbus::Result<()>;
}

/// Half of the system, as the boot loader chooses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// For RAUC: "rootfs.0".
    pub(super) name: String,
    /// For the boot loader, and in our records: "A".
    pub(super) letter: String,
    /// It runs.
    pub(super) booted: bool,
    /// The boot loader may start it.
    pub(super) good: bool,
    /// Of what RAUC put there.
    pub(super) version: Option<String>,
}

/// Connects to RAUC. `bus`: the address of the bus; none: the system's.
///
/// # Errors
/// Nobody answers there.
pub(super) async fn connect(bus: Option<&str>) -> zbus::Result<RaucProxy<'static>> {
    let builder = match bus {
        Some(address) => zbus::connection::Builder::address(address)?,
        None => zbus::connection::Builder::system()?,
    };
    let connection: Connection = builder.build().await?;
    RaucProxy::new(&connection).await
}

/// The slots that can be started: one that runs, and the other.
///
/// # Errors
/// RAUC does not answer, or knows no two such slots.
pub(super) async fn slots(rauc: &RaucProxy<'_>) -> Result<[Slot; 2], String> {
    let told = rauc.get_slot_status().await;
    let told = told.map_err(|error| error.to_string())?;
    let all = told.iter().filter_map(|(name, facts)| slot(name, facts));
    let (booted, others): (Vec<_>, Vec<_>) = all.partition(|slot| slot.booted);
    let one = |mut slots: Vec<Slot>| slots.pop().filter(|_| slots.is_empty());
    match (one(booted), one(others)) {
        (Some(booted), Some(other)) => Ok([booted, other]),
        _ => Err("it does not run from one of two slots".to_owned()),
    }
}

fn slot(name: &str, facts: &HashMap<String, OwnedValue>) -> Option<Slot> {
    let text = |key: &str| {
        let value = facts.get(key)?;
        value.downcast_ref::<String>().ok()
    };
    Some(Slot {
        name: name.to_owned(),
        letter: text("bootname").filter(|letter| !letter.is_empty())?,
        booted: text("state").as_deref() == Some("booted"),
        good: text("boot-status").as_deref() == Some("good"),
        version: text("bundle.version"),
    })
}
