//! A graphics card as the kernel has it (KMS), and the way through it to the screen: connector,
//! CRTC, primary plane, and the numbers of their properties.
//!
//! It reads and decides; what is shown is sent by [`super::screen`]. Only cards that set modes
//! atomically are used: all of the boards' do, and what a screen would do is then known before.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use drm::buffer::DrmFourcc;
use drm::control::{
    Device as _, Mode, PlaneType, ResourceHandle, connector, crtc, plane, property,
};
use drm::{ClientCapability, Device as _};

use super::super::choice::ScreenWish;
use super::kept::Kept;
use super::offers::offers;

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
#[derive(Debug)]
pub(super) struct Way {
    pub(super) connector: connector::Handle,
    pub(super) crtc: crtc::Handle,
    pub(super) plane: plane::Handle,
    pub(super) ids: Ids,
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

/// Properties that a commit sets.
#[derive(Debug)]
pub(super) struct Ids {
    pub(super) connector_crtc: property::Handle,
    pub(super) crtc_mode: property::Handle,
    pub(super) crtc_active: property::Handle,
    pub(super) plane_fb: property::Handle,
    pub(super) plane_crtc: property::Handle,
    /// Source x, y, width, height in 1/65536 pixel, then the same on the CRTC in pixels.
    pub(super) plane_place: [property::Handle; 8],
    /// What of the buffer is new; drivers that copy (virtio-gpu, USB) copy only that.
    pub(super) plane_damage: Option<property::Handle>,
}

const PLACE: [&str; 8] = [
    "SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H",
];

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
                    if let Some(plane) = self.primary_plane(crtc)? {
                        return Ok(Some(Way {
                            connector: connector.handle(),
                            crtc,
                            plane,
                            ids: self.ids(connector.handle(), crtc, plane)?,
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
        let blob = self.named(connector).ok()?.value("EDID")?;
        self.get_property_blob(blob).ok().filter(|_| blob != 0)
    }

    fn ids(
        &self,
        connector: connector::Handle,
        crtc: crtc::Handle,
        plane: plane::Handle,
    ) -> io::Result<Ids> {
        let (of_connector, of_crtc) = (self.named(connector)?, self.named(crtc)?);
        let of_plane = self.named(plane)?;
        let mut plane_place = [of_plane.id("FB_ID")?; 8];
        for (place, name) in plane_place.iter_mut().zip(PLACE) {
            *place = of_plane.id(name)?;
        }
        Ok(Ids {
            connector_crtc: of_connector.id("CRTC_ID")?,
            crtc_mode: of_crtc.id("MODE_ID")?,
            crtc_active: of_crtc.id("ACTIVE")?,
            plane_fb: of_plane.id("FB_ID")?,
            plane_crtc: of_plane.id("CRTC_ID")?,
            plane_place,
            plane_damage: of_plane.id("FB_DAMAGE_CLIPS").ok(),
        })
    }

    /// The lowest plane of that CRTC, if it takes what the compositor makes.
    fn primary_plane(&self, crtc: crtc::Handle) -> io::Result<Option<plane::Handle>> {
        let resources = self.resource_handles()?;
        for handle in self.plane_handles()? {
            let info = self.get_plane(handle)?;
            let takes = info.formats().contains(&(DrmFourcc::Xrgb8888 as u32));
            let reaches = resources
                .filter_crtcs(info.possible_crtcs())
                .contains(&crtc);
            let kind = self.named(handle)?.value("type");
            if takes && reaches && kind == Some(PlaneType::Primary as u64) {
                return Ok(Some(handle));
            }
        }
        Ok(None)
    }

    /// The properties of one object by name.
    fn named<T: ResourceHandle>(&self, object: T) -> io::Result<Named> {
        let mut named = HashMap::new();
        for (id, value) in &self.get_properties(object)? {
            let info = self.get_property(*id)?;
            named.insert(info.name().to_string_lossy().into_owned(), (*id, *value));
        }
        Ok(Named(named))
    }
}

/// Number and value of each property by its name.
struct Named(HashMap<String, (property::Handle, u64)>);

impl Named {
    fn id(&self, name: &str) -> io::Result<property::Handle> {
        let found = self.0.get(name).map(|(id, _)| *id);
        found.ok_or_else(|| io::Error::other(format!("its driver has no property {name}")))
    }

    fn value(&self, name: &str) -> Option<u64> {
        self.0.get(name).map(|(_, value)| *value)
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
