//! What a presenter asks of a graphics card: its planes and their properties, memory that it can
//! show, and atomic commits. Two answer: the kernel's card ([`super::card::Card`]), and in tests
//! one that checks every request as a driver would (`fake`).
//!
//! Objects and properties are the kernel's numbers here, and a commit is a list of them: what is
//! checked in tests is what the kernel gets.

use std::collections::HashMap;
use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use drm::buffer::DrmFourcc;
use drm::control::Mode;

/// Rows one after the other (`DRM_FORMAT_MOD_LINEAR`).
pub(super) const LINEAR: u64 = 0;

/// A card, or what stands for one.
pub(super) trait Device {
    type Memory: Memory;

    /// The properties of a connector, CRTC or plane.
    fn properties(&self, object: u32) -> io::Result<Properties>;

    /// What a property that is a blob holds.
    fn read_blob(&self, blob: u64) -> io::Result<Vec<u8>>;

    /// Planes that reach the CRTC, with the formats they list.
    fn planes(&self, crtc: u32) -> io::Result<Vec<(u32, Vec<u32>)>>;

    /// Memory for that many pixels of so many bits each, which the card can show.
    fn memory(&self, size: (u32, u32), bits: u32) -> io::Result<Self::Memory>;

    fn free(&self, memory: Self::Memory) -> io::Result<()>;

    /// Memory that another device has made, for as long as it takes to make a picture of it: its
    /// number.
    fn import(&self, file: BorrowedFd<'_>) -> io::Result<u32>;

    /// The number counts no more; pictures of that memory hold it.
    fn end_import(&self, handle: u32);

    /// Memory as a picture that a plane can show: its number.
    fn picture(&self, layout: &Layout) -> io::Result<u32>;

    /// The number counts no more. A plane that shows it goes dark.
    fn forget_picture(&self, picture: u32) -> io::Result<()>;

    fn mode_blob(&self, mode: &Mode) -> io::Result<u64>;

    /// Rectangles as of `FB_DAMAGE_CLIPS`.
    fn clips_blob(&self, clips: &[[i32; 4]]) -> io::Result<u64>;

    /// A commit holds what it needs of a blob: it can be freed when that was sent.
    fn free_blob(&self, blob: u64);

    fn commit(&self, request: &Request, how: How) -> io::Result<()>;

    /// When commits that were sent reached the screen, by the kernel's clock; would block: none did
    /// since it was last asked.
    fn flips(&self) -> io::Result<Vec<Duration>>;
}

/// Memory of a card.
pub(super) trait Memory {
    /// The card's number for it.
    fn handle(&self) -> u32;

    /// Bytes from row to row.
    fn pitch(&self) -> u32;

    /// Writes into it.
    fn edit(&mut self, edit: &mut dyn FnMut(&mut [u8]));
}

/// How a picture lies in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) size: (u32, u32),
    pub(super) format: DrmFourcc,
    /// None: rows one after the other, which is not said to a driver that knows no modifiers.
    pub(super) modifier: Option<u64>,
    /// Of each of the format's planes; 0: it has no such.
    pub(super) handles: [u32; 4],
    pub(super) pitches: [u32; 4],
    pub(super) offsets: [u32; 4],
}

/// What a commit is to do beside what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Nothing but say whether it could be done; a mode may be set by it.
    TrySetting,
    /// The same, and no mode may be set by it.
    Try,
    /// Set the mode, and tell when it is seen.
    Set,
    /// Show at the next refresh, and tell when it is seen.
    Flip,
    /// Set the mode, and be done when it returns.
    SetQuietly,
}

/// Values for properties of objects, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Request(pub(super) Vec<(u32, u32, u64)>);

impl Request {
    pub(super) fn add(&mut self, object: u32, property: u32, value: u64) {
        self.0.push((object, property, value));
    }
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) id: u32,
    pub(super) value: u64,
    pub(super) kind: Kind,
    /// It tells, and cannot be set.
    pub(super) immutable: bool,
}

/// What a property can be set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Range(u64, u64),
    /// Names and their values.
    Enum(Vec<(String, u64)>),
    /// The number of another object, or of a blob.
    Number,
}

/// The properties of one object by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties(pub(super) HashMap<String, Property>);

impl Properties {
    pub(super) fn id(&self, name: &str) -> io::Result<u32> {
        let found = self.0.get(name).map(|it| it.id);
        found.ok_or_else(|| io::Error::other(format!("its driver has no property {name}")))
    }

    pub(super) fn value(&self, name: &str) -> Option<u64> {
        self.0.get(name).map(|it| it.value)
    }
}
