//! A graphics card as the kernel has it (KMS), and the way through it to the screen: connector,
//! CRTC, the planes that reach it, and the numbers of their properties.
//!
//! It reads and decides; what is shown is sent by [`super::screen`], to what the card is as a
//! [`Device`]. Only cards that set modes atomically are used: all of the boards' do, and what a
//! screen would do is then known before.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use drm::buffer::DrmFourcc;
use drm::control::{Device as _, Mode, connector};
use drm::{ClientCapability, Device as _};

use super::super::choice::ScreenWish;
use super::device::Device;
use super::kept::Kept;
use super::offers::offers;
use super::planes::{self, Plane, Type};

/// Where cards are; the kernel numbers them from 0.
const FOLDER: &str = "/dev/dri";

/// More than any machine of ours has; minors of DRM devices end at 64.
const CARDS_MAX: u32 = 64;

/// A card that this process drives.
#[derive(Debug)]
pub(super) struct Card(File);

impl AsFd for Card {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl drm::Device for Card {}
impl drm::control::Device for Card {}

/// From the card to one screen.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) connector: u32,
    pub(super) crtc: u32,
    pub(super) ids: Ids,
    /// All that reach the CRTC.
    pub(super) planes: Vec<Plane>,
    /// The place of the one that shows all where only one does.
    pub(super) primary: usize,
    /// As the kernel calls the connector: `HDMI-A-1`.
    pub(super) name: String,
    /// What the screen calls itself.
    pub(super) title: String,
    pub(super) modes: Vec<Mode>,
    /// The same, to choose from.
    pub(super) offers: Vec<sink::Mode>,
    /// The place of the mode for the wall.
    pub(super) wall: usize,
}

/// Properties of connector and CRTC that a commit sets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    pub(super) connector_crtc: u32,
    pub(super) crtc_mode: u32,
    pub(super) crtc_active: u32,
}

impl Ids {
    pub(super) fn read<D: Device>(device: &D, connector: u32, crtc: u32) -> io::Result<Ids> {
        let (connector, crtc) = (device.properties(connector)?, device.properties(crtc)?);
        Ok(Ids {
            connector_crtc: connector.id("CRTC_ID")?,
            crtc_mode: crtc.id("MODE_ID")?,
            crtc_active: crtc.id("ACTIVE")?,
        })
    }
}

/// The plane that can show all by itself: the first primary one, if it takes what the compositor
/// makes.
pub(super) fn primary(planes: &[Plane]) -> Option<usize> {
    let xrgb = DrmFourcc::Xrgb8888 as u32;
    planes.iter().position(|plane| {
        plane.kind == Type::Primary && plane.takes.iter().any(|(format, _)| *format == xrgb)
    })
}

/// The first card that has a screen and is nobody else's; the first that could have one, where all
/// are off; or why there is none.
pub(super) fn find(wish: &ScreenWish, kept: &Kept) -> Result<(Card, Option<Way>, PathBuf), String> {
    let mut why = format!("there is no card in {FOLDER}");
    let mut dark = None;
    for number in 0..CARDS_MAX {
        let path = Path::new(FOLDER).join(format!("card{number}"));
        if !path.exists() {
            continue;
        }
        match Card::open(&path).and_then(|card| Ok((card.way(wish, kept, None)?, card))) {
            Ok((Some(way), card)) => return Ok((card, Some(way), path)),
            Ok((None, card)) => dark = dark.or(Some((card, None, path))),
            Err(error) => why = format!("{}: {error}", path.display()),
        }
    }
    dark.ok_or(why)
}

/// In which order sockets with a screen are tried: the one that is wished, the one that is on, and
/// as the kernel has them.
fn order(sockets: &[String], wished: Option<&str>, on: Option<&str>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sockets.len()).collect();
    let is = |place: usize, name: Option<&str>| name == Some(sockets[place].as_str());
    order.sort_by_key(|place| (!is(*place, wished), !is(*place, on)));
    order
}

impl Card {
    fn open(path: &Path) -> io::Result<Card> {
        let mut options = OpenOptions::new();
        // Without waiting: its events are read when poll says so.
        options
            .read(true)
            .write(true)
            .custom_flags(libc::O_NONBLOCK);
        let card = Card(options.open(path)?);
        // Whoever opens a card first drives it: no daemon of seats is needed, nor root.
        card.acquire_master_lock()
            .map_err(|_| io::Error::other("another program drives it"))?;
        card.set_client_capability(ClientCapability::UniversalPlanes, true)?;
        card.set_client_capability(ClientCapability::Atomic, true)
            .map_err(|_| io::Error::other("its driver cannot set modes atomically"))?;
        Ok(card)
    }

    /// To a connector that has a screen; none: nothing is plugged in, or all is off. `on` is the
    /// one that is lit.
    ///
    /// # Errors
    /// The card has no connectors, or cannot be asked.
    pub(super) fn way(
        &self,
        wish: &ScreenWish,
        kept: &Kept,
        on: Option<&str>,
    ) -> io::Result<Option<Way>> {
        let resources = self.resource_handles()?;
        if resources.connectors().is_empty() {
            return Err(io::Error::other("it has no sockets"));
        }
        let mut found = Vec::new();
        for handle in resources.connectors() {
            let connector = self.get_connector(*handle, true)?;
            if connector.state() == connector::State::Connected {
                found.push(connector);
            }
        }
        let names: Vec<String> = found.iter().map(ToString::to_string).collect();
        for place in order(&names, wish.socket.as_deref(), on) {
            let (connector, name) = (&found[place], &names[place]);
            let counts = kept.counting(name, self.edid(connector.handle()).as_deref());
            for fault in &counts.facts.faults {
                tracing::debug!("the EDID at {name}: {fault}");
            }
            let (modes, offers) = offers(connector.modes());
            let lines_max = u32::from(wish.lines_max);
            let Some(wall) = sink::at_boot(&offers, lines_max, &wish.mode) else {
                continue;
            };
            for encoder in connector.encoders() {
                let possible = self.get_encoder(*encoder)?.possible_crtcs();
                for crtc in resources.filter_crtcs(possible) {
                    let (connector, crtc) = (connector.handle().into(), crtc.into());
                    let planes = planes::read(self, crtc)?;
                    if let Some(primary) = primary(&planes) {
                        return Ok(Some(Way {
                            connector,
                            crtc,
                            ids: Ids::read(self, connector, crtc)?,
                            planes,
                            primary,
                            name: name.clone(),
                            title: counts.facts.title().to_owned(),
                            modes,
                            offers,
                            wall,
                        }));
                    }
                }
            }
        }
        Ok(None)
    }

    /// What the screen there says of itself.
    fn edid(&self, connector: connector::Handle) -> Option<Vec<u8>> {
        let blob = self.properties(connector.into()).ok()?.value("EDID")?;
        self.read_blob(blob).ok().filter(|_| blob != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_that_is_wished_comes_before_the_one_that_is_on() {
        let sockets = ["HDMI-A-1", "HDMI-A-2", "DP-1"].map(str::to_owned);
        for (wished, on, tried) in [
            (None, None, [0, 1, 2]),
            (None, Some("DP-1"), [2, 0, 1]),
            (Some("HDMI-A-2"), None, [1, 0, 2]),
            (Some("HDMI-A-2"), Some("DP-1"), [1, 2, 0]),
            (Some("HDMI-A-9"), Some("HDMI-A-1"), [0, 1, 2]),
        ] {
            assert_eq!(order(&sockets, wished, on), tried, "{wished:?}, {on:?}");
        }
    }
}
