//! Drives that are plugged in: which are there, which are the box's own, and where the films that
//! play are kept.
//!
//! A drive becomes the box's own when its owner has said so twice (`drives_page`); the rest is done
//! elsewhere, by who may. Where films are kept is one function of what is there
//! ([`keeps_on`]), and is changed only while no film is open: a film stays where it began, and goes
//! on from memory when that is pulled out.

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::drives_page::{Asked, DrivesPage};
use crate::{Effect, Key, Time, words};

/// Least room in bytes that films are kept in: below it the engine plays from memory by itself.
pub const ROOM_MIN: u64 = 256 << 20;

/// What a drive must do to keep a film while it is played: written and read at the same time, of
/// the largest films that are shared (40 Mb/s), and as much again for what else is fetched. In
/// bytes a second.
pub const SPEED_MIN: u64 = 20_000_000;

/// One that the engine could not change to is asked for again after this.
const AGAIN: Duration = Duration::from_secs(10);

/// Drives of a living room; more are not listed.
const DRIVES_MAX: usize = 16;

/// A drive at USB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Its own name, wherever it is plugged in.
    pub id: Arc<str>,
    /// As people know it: "SanDisk Ultra".
    pub name: String,
    pub bytes: u64,
    /// None: it is not the box's own, or not to be used.
    pub room: Option<Room>,
}

/// What there is for films somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Room {
    pub free_bytes: u64,
    /// The slower of writing and reading, in bytes a second; none: not measured.
    pub speed: Option<u64>,
}

/// What the owner wants of where films are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DriveWish {
    /// Where there is most room that is fast enough.
    #[default]
    Auto,
    /// Never on a drive.
    Internal,
    /// On this one whenever it is there.
    Drive(Arc<str>),
}

/// Why a drive is not made the box's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdoptFailure {
    /// It was pulled out.
    Gone,
    /// Something still uses it.
    Busy,
    /// Less than films need.
    Small,
    /// It holds the box itself.
    Ours,
    /// It takes nothing: a switch for that, or the end of its life.
    ReadOnly,
    /// It could not be written.
    Broken,
}

/// News of drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriveNews {
    /// What is there now, and what there is in the box itself.
    There {
        drives: Vec<Drive>,
        internal: Room,
    },
    /// That much of making a drive the box's own is done.
    Adopting {
        step: u8,
        of: u8,
    },
    Adopted(Result<(), AdoptFailure>),
    /// Films are kept where they were.
    NotMoved,
}

/// What is to be done about drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriveAct {
    /// Erase it, and make it the box's own ([`DriveNews::Adopted`]).
    Adopt(Arc<str>),
    /// Keep films on that drive from now on; none: in the box.
    KeepOn(Option<Arc<str>>),
}

/// On which drive films are kept; none: in the box itself.
///
/// What the owner named comes first, if it has room at all. Else the fastest is of no more use than
/// one that is fast enough, so of those the one with most room is taken; the box itself counts as
/// one that is, and wins a tie, for it cannot be pulled out. A drive that is too slow is better
/// than a box that is full.
#[must_use]
pub fn keeps_on(wish: &DriveWish, internal: Room, drives: &[Drive]) -> Option<Arc<str>> {
    let usable = |drive: &&Drive| drive.room.is_some_and(|room| room.free_bytes >= ROOM_MIN);
    let free = |drive: &&Drive| drive.room.map_or(0, |room| room.free_bytes);
    let speed = |drive: &&Drive| drive.room.and_then(|room| room.speed).unwrap_or(0);
    if *wish == DriveWish::Internal {
        return None;
    }
    if let DriveWish::Drive(id) = wish
        && let Some(named) = drives.iter().filter(usable).find(|drive| drive.id == *id)
    {
        return Some(Arc::clone(&named.id));
    }
    let fast = drives.iter().filter(usable);
    let fast = fast.filter(|drive| speed(drive) >= SPEED_MIN);
    let most = fast.max_by_key(|drive| (free(drive), drive.id.clone()));
    let most = most.filter(|drive| free(drive) > internal.free_bytes);
    let slow = || {
        let slow = drives.iter().filter(usable);
        let full = internal.free_bytes < ROOM_MIN;
        slow.max_by_key(|drive| (speed(drive), drive.id.clone()))
            .filter(|_| full)
    };
    most.or_else(slow).map(|drive| Arc::clone(&drive.id))
}

/// The drives as the core knows them.
#[derive(Debug)]
pub(crate) struct Drives {
    wish: DriveWish,
    pub(crate) there: Vec<Drive>,
    pub(crate) internal: Room,
    /// Which is being made the box's own, and how far that is.
    pub(crate) adopting: Option<(Arc<str>, u8, u8)>,
    /// Where films are kept; none: on no drive.
    pub(crate) keeps_on: Option<Arc<str>>,
    /// That drive has gone since the engine was told; it may come back elsewhere.
    lost: bool,
    /// Where the engine stayed although it was told otherwise.
    again: Option<Time>,
}

impl Drives {
    pub(crate) fn new(wish: DriveWish) -> Drives {
        Drives {
            wish,
            there: Vec::new(),
            internal: Room::default(),
            adopting: None,
            keeps_on: None,
            lost: false,
            again: None,
        }
    }

    pub(crate) fn named(&self, id: &str) -> Option<&Drive> {
        self.there.iter().find(|drive| *drive.id == *id)
    }
}

impl App {
    pub(crate) fn drive_news(&mut self, news: DriveNews) {
        let Some(drives) = &mut self.drives else {
            return;
        };
        let told = match news {
            DriveNews::There {
                drives: mut found,
                internal,
            } => {
                found.truncate(DRIVES_MAX);
                drives.there = found;
                drives.internal = internal;
                let kept = drives.keeps_on.as_deref();
                let there = |id| drives.named(id).is_some_and(|drive| drive.room.is_some());
                drives.lost |= kept.is_some_and(|id| !there(id));
                None
            }
            DriveNews::Adopting { step, of } => {
                if let Some((_, now, all)) = &mut drives.adopting {
                    (*now, *all) = (step.min(of), of);
                }
                None
            }
            DriveNews::Adopted(outcome) => drives.adopting.take().map(|(id, ..)| {
                let name = drives.named(&id).map(|drive| drive.name.clone());
                words::adopted(name.as_deref(), outcome)
            }),
            DriveNews::NotMoved => {
                drives.again = Some(self.now + AGAIN);
                None
            }
        };
        if let Some(text) = told {
            self.notify(text);
        }
    }

    /// When the engine is asked again; not while a film is open, for it would say no.
    pub(crate) fn drives_deadline(&self) -> Option<Time> {
        let drives = self.drives.as_ref().filter(|_| !self.wants_film());
        drives.and_then(|drives| drives.again)
    }

    /// Films are kept where they are to be, once none is open.
    pub(crate) fn turn_drives(&mut self, effects: &mut Vec<Effect>) {
        let (now, film) = (self.now, self.wants_film());
        let Some(drives) = self.drives.as_mut().filter(|_| !film) else {
            return;
        };
        let due = drives.again.take_if(|at| *at <= now).is_some();
        if drives.again.is_some() {
            return;
        }
        let wanted = keeps_on(&drives.wish, drives.internal, &drives.there);
        if std::mem::take(&mut drives.lost) || due || wanted != drives.keeps_on {
            drives.keeps_on.clone_from(&wanted);
            effects.push(Effect::Drive(DriveAct::KeepOn(wanted)));
        }
    }

    pub(crate) fn drives_page_key(
        &mut self,
        mut page: DrivesPage,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        let Some(drives) = &mut self.drives else {
            return;
        };
        let asked = page.key(key, drives);
        self.place = Place::Drives(page);
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.back(effects),
            Asked::Adopt(id) => {
                drives.adopting = Some((Arc::clone(&id), 0, 0));
                effects.push(Effect::Drive(DriveAct::Adopt(id)));
            }
        }
    }
}
