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
    Device as _, Mode, ModeTypeFlags, PlaneType, ResourceHandle, connector, crtc, plane, property,
};
use drm::{ClientCapability, Device as _};

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
    pub(super) mode: Mode,
    pub(super) ids: Ids,
    /// As the kernel calls the connector: `HDMI-A-1`.
    pub(super) name: String,
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

/// The first card that has a screen and is nobody else's, or why there is none.
pub(super) fn find() -> Result<(Card, Way, PathBuf), String> {
    let mut why = format!("there is no card in {FOLDER}");
    for number in 0..CARDS_MAX {
        let path = Path::new(FOLDER).join(format!("card{number}"));
        if !path.exists() {
            continue;
        }
        match Card::open(&path).and_then(|card| card.way().map(|way| (card, way))) {
            Ok((card, way)) => return Ok((card, way, path)),
            Err(error) => why = format!("{}: {error}", path.display()),
        }
    }
    Err(why)
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

    /// To the first connector that has a screen.
    fn way(&self) -> io::Result<Way> {
        let resources = self.resource_handles()?;
        for handle in resources.connectors() {
            let found = self.get_connector(*handle, true)?;
            if found.state() != connector::State::Connected {
                continue;
            }
            let Some(mode) = preferred(found.modes()) else {
                continue;
            };
            for encoder in found.encoders() {
                let possible = self.get_encoder(*encoder)?.possible_crtcs();
                for crtc in resources.filter_crtcs(possible) {
                    if let Some(plane) = self.primary_plane(crtc)? {
                        let name =
                            format!("{}-{}", found.interface().as_str(), found.interface_id());
                        return self.way_by(*handle, crtc, plane, mode, name);
                    }
                }
            }
        }
        Err(io::Error::other("no screen is plugged in"))
    }

    fn way_by(
        &self,
        connector: connector::Handle,
        crtc: crtc::Handle,
        plane: plane::Handle,
        mode: Mode,
        name: String,
    ) -> io::Result<Way> {
        let (of_connector, of_crtc) = (self.named(connector)?, self.named(crtc)?);
        let of_plane = self.named(plane)?;
        let mut plane_place = [of_plane.id("FB_ID")?; 8];
        for (place, name) in plane_place.iter_mut().zip(PLACE) {
            *place = of_plane.id(name)?;
        }
        let ids = Ids {
            connector_crtc: of_connector.id("CRTC_ID")?,
            crtc_mode: of_crtc.id("MODE_ID")?,
            crtc_active: of_crtc.id("ACTIVE")?,
            plane_fb: of_plane.id("FB_ID")?,
            plane_crtc: of_plane.id("CRTC_ID")?,
            plane_place,
            plane_damage: of_plane.id("FB_DAMAGE_CLIPS").ok(),
        };
        Ok(Way {
            connector,
            crtc,
            plane,
            mode,
            ids,
            name,
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

/// What the screen says it shows best; some say nothing, and list their best first.
fn preferred(modes: &[Mode]) -> Option<Mode> {
    let best = |mode: &&Mode| mode.mode_type().contains(ModeTypeFlags::PREFERRED);
    modes.iter().find(best).or(modes.first()).copied()
}
