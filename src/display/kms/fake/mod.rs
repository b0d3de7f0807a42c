//! A card of recorded capabilities that checks every request as its driver would, and composes what
//! its planes show into a picture.
//!
//! What it knows of real cards is in [`cards`], with where it is from. It is stricter than a driver
//! where ours could go wrong unseen: memory that is on the screen must not be written, a picture
//! that is shown must not be forgotten, and all that was made is counted.

mod cards;
mod check;
mod compose;
mod known;
mod stories;
mod stories_of_sharing;
mod stories_of_troubles;
mod tables;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::rc::Rc;
use std::time::Duration;

use drm::buffer::DrmFourcc;
use drm::control::Mode;

use self::known::{Known, Recorded, list};
use super::super::Snapshot;
use super::card::{Ids, Way, primary};
use super::device::{Device, How, LINEAR, Layout, Memory, Properties, Request};
use super::offers::offers;
use super::planes;

/// Numbers of its one connector and its CRTC; there is another CRTC that is not ours.
const CONNECTOR: u32 = 1;
const CRTC: u32 = 2;
const OTHER_CRTC: u32 = 3;
/// Planes are numbered from here.
const PLANES: u32 = 10;
/// The list of a plane's modifiers is a blob with the plane's number and this.
const LISTS: u64 = 1 << 32;

/// A recorded card that is driven.
pub(super) struct Fake {
    card: Recorded,
    state: Rc<RefCell<State>>,
    made: Cell<u32>,
}

#[derive(Default)]
struct State {
    /// Values of properties, by object and name.
    values: Values,
    memory: BTreeMap<u32, Vec<u8>>,
    /// That of other devices, and whether a number for it still counts.
    imported: BTreeMap<u32, (File, bool)>,
    pictures: BTreeMap<u32, Layout>,
    blobs: BTreeMap<u64, Blob>,
    /// Pieces of memory that were on the screen before the flip that is due.
    before: Option<BTreeSet<u32>>,
    flips: Vec<Duration>,
    /// What was asked, and what came of it.
    log: Vec<Asked>,
    /// Copies of pictures, by plane, where the card copies.
    copies: BTreeMap<u32, (Layout, Vec<u8>)>,
    /// From now on it refuses what a driver might.
    trouble: Option<Trouble>,
    writes: u64,
}

type Values = BTreeMap<(u32, String), u64>;

#[derive(Clone)]
enum Blob {
    Mode(Mode),
    Clips(Vec<[i32; 4]>),
}

/// What a driver may refuse of a sudden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Every film on a plane.
    Films,
    /// Films on planes, but says so only when it is to be done.
    FilmsInEarnest,
    /// All memory of others.
    Imports,
    /// All: it is unplugged.
    All,
}

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) how: How,
    /// Names of what it sets, by object.
    pub(super) sets: BTreeSet<(u32, String)>,
    pub(super) refused: Option<String>,
}

pub(super) struct FakeMemory {
    handle: u32,
    pitch: u32,
    state: Rc<RefCell<State>>,
}

impl Memory for FakeMemory {
    fn handle(&self) -> u32 {
        self.handle
    }

    fn pitch(&self) -> u32 {
        self.pitch
    }

    fn edit(&mut self, edit: &mut dyn FnMut(&mut [u8])) {
        let mut state = self.state.borrow_mut();
        let shown = state.on_screen();
        assert!(
            !shown.contains(&self.handle),
            "memory is written while it is on the screen"
        );
        state.writes += 1;
        edit(state.memory.get_mut(&self.handle).expect("it is ours"));
    }
}

impl State {
    /// What is in memory now.
    fn bytes(&self, handle: u32) -> Option<Vec<u8>> {
        if let Some((file, _)) = self.imported.get(&handle) {
            let mut bytes = vec![0; file.metadata().ok()?.size() as usize];
            file.read_exact_at(&mut bytes, 0).ok()?;
            return Some(bytes);
        }
        self.memory.get(&handle).cloned()
    }

    /// Imported memory goes when no number and no picture holds it.
    fn sweep(&mut self) {
        let held: BTreeSet<u32> = self.pictures.values().flat_map(|it| it.handles).collect();
        self.imported
            .retain(|handle, (_, counts)| *counts || held.contains(handle));
    }

    /// Pieces of memory on the screen, or on their way there.
    fn on_screen(&self) -> BTreeSet<u32> {
        let shown = |((_, name), value): (&(u32, String), &u64)| {
            (name == "FB_ID").then(|| self.pictures.get(&(*value as u32)))?
        };
        let layouts = self.values.iter().filter_map(shown);
        let handles = layouts.flat_map(|layout| layout.handles);
        let mut handles: BTreeSet<u32> = handles.filter(|it| *it != 0).collect();
        handles.extend(self.before.iter().flatten());
        handles
    }
}

impl Fake {
    pub(super) fn new(card: Recorded) -> Fake {
        let fake = Fake {
            card,
            state: Rc::default(),
            made: Cell::new(100),
        };
        for object in fake.objects() {
            for (name, property) in fake.describe(object).0 {
                let mut state = fake.state.borrow_mut();
                state.values.insert((object, name), property.value);
            }
        }
        fake
    }

    fn objects(&self) -> Vec<u32> {
        let planes = (0..self.card.planes.len()).map(|number| PLANES + number as u32);
        [CONNECTOR, CRTC].into_iter().chain(planes).collect()
    }

    fn plane(&self, id: u32) -> Option<&Known> {
        self.card.planes.get(id.checked_sub(PLANES)? as usize)
    }

    fn number(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    /// A way through it to a screen with these modes, of which the first is for the wall.
    pub(super) fn way(&self, modes: &[Mode]) -> Way {
        let planes = planes::read(self, CRTC).expect("planes can be read");
        let (modes, offers) = offers(modes);
        Way {
            connector: CONNECTOR,
            crtc: CRTC,
            ids: Ids::read(self, CONNECTOR, CRTC).expect("numbers can be read"),
            primary: primary(&planes).expect("it has a primary plane"),
            planes,
            name: "HDMI-A-1".to_owned(),
            title: self.card.name.to_owned(),
            modes,
            offers,
            wall: 0,
        }
    }

    /// A refresh: what was sent is seen.
    pub(super) fn refresh(&self) {
        let mut state = self.state.borrow_mut();
        if state.before.take().is_some() {
            state.flips.push(Duration::ZERO);
        }
    }

    pub(super) fn trouble(&self, trouble: Option<Trouble>) {
        self.state.borrow_mut().trouble = trouble;
    }

    /// What was asked since this was last called.
    pub(super) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.state.borrow_mut().log)
    }

    /// How often memory was written.
    pub(super) fn writes(&self) -> u64 {
        self.state.borrow().writes
    }

    /// Pieces of memory and pictures that were not given back.
    pub(super) fn left(&self) -> (usize, usize) {
        let state = self.state.borrow();
        let memory = state.memory.len() + state.imported.len();
        (memory, state.pictures.len())
    }

    /// Pictures in memory of others that it knows.
    pub(super) fn imported(&self) -> usize {
        self.state.borrow().imported.len()
    }

    /// That memory is on the screen, or on its way there or off it.
    pub(super) fn reads(&self, file: &File) -> bool {
        let state = self.state.borrow();
        let inode = |file: &File| file.metadata().map(|it| it.ino()).ok();
        let shown = state.on_screen();
        let mut imported = state.imported.iter();
        imported.any(|(handle, (known, _))| shown.contains(handle) && inode(known) == inode(file))
    }

    /// What is seen on the screen; none: it is off.
    pub(super) fn seen(&self) -> Option<Snapshot> {
        compose::seen(self, &self.state.borrow())
    }

    /// The planes that show something, with their format.
    pub(super) fn shown(&self) -> Vec<(u32, DrmFourcc)> {
        let state = self.state.borrow();
        let of = |id: &u32| {
            let picture = *state.values.get(&(*id, "FB_ID".to_owned()))? as u32;
            Some((*id, state.pictures.get(&picture)?.format))
        };
        self.objects().iter().filter_map(of).collect()
    }
}

fn refused(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why.into())
}

impl Device for Fake {
    type Memory = FakeMemory;

    fn properties(&self, object: u32) -> io::Result<Properties> {
        let mut all = self.describe(object);
        let state = self.state.borrow();
        for (name, property) in &mut all.0 {
            property.value = state.values[&(object, name.clone())];
        }
        Ok(all)
    }

    fn read_blob(&self, blob: u64) -> io::Result<Vec<u8>> {
        let plane = blob.checked_sub(LISTS).and_then(|id| self.plane(id as u32));
        let plane = plane.ok_or_else(|| refused("no such blob"))?;
        let modifiers = plane.modifiers.as_deref().unwrap_or_default();
        Ok(list(&plane.formats, modifiers))
    }

    fn planes(&self, crtc: u32) -> io::Result<Vec<(u32, Vec<u32>)>> {
        let planes = self.card.planes.iter().enumerate();
        let reach = planes.filter(|(_, plane)| plane.crtcs.contains(&crtc));
        let all = reach.map(|(number, plane)| {
            let formats = plane.formats.iter().map(|it| *it as u32).collect();
            (PLANES + number as u32, formats)
        });
        Ok(all.collect())
    }

    fn memory(&self, (width, height): (u32, u32), bits: u32) -> io::Result<FakeMemory> {
        let handle = self.number();
        // As drivers do: rows are longer than they need be.
        let pitch = (width * bits / 8).next_multiple_of(64);
        let bytes = vec![0; pitch as usize * height as usize];
        self.state.borrow_mut().memory.insert(handle, bytes);
        Ok(FakeMemory {
            handle,
            pitch,
            state: self.state.clone(),
        })
    }

    fn free(&self, memory: FakeMemory) -> io::Result<()> {
        let mut state = self.state.borrow_mut();
        assert!(!state.on_screen().contains(&memory.handle));
        let freed = state.memory.remove(&memory.handle);
        freed.map(drop).ok_or_else(|| refused("no such memory"))
    }

    fn import(&self, file: BorrowedFd<'_>) -> io::Result<u32> {
        let file = File::from(file.try_clone_to_owned()?);
        let inode = file.metadata()?.ino();
        let mut state = self.state.borrow_mut();
        if state.trouble == Some(Trouble::Imports) {
            return Err(refused("memory of others is not taken"));
        }
        // The same memory has the same number.
        for (handle, (known, counts)) in &mut state.imported {
            if known.metadata()?.ino() == inode {
                *counts = true;
                return Ok(*handle);
            }
        }
        let handle = self.number();
        state.imported.insert(handle, (file, true));
        Ok(handle)
    }

    fn end_import(&self, handle: u32) {
        let mut state = self.state.borrow_mut();
        if let Some((_, counts)) = state.imported.get_mut(&handle) {
            *counts = false;
        }
        state.sweep();
    }

    fn picture(&self, layout: &Layout) -> io::Result<u32> {
        let taken = self.card.planes.iter().any(|plane| {
            let modifier = layout.modifier.unwrap_or(LINEAR);
            let modifiers = plane.modifiers.as_deref();
            plane.formats.contains(&layout.format)
                && modifiers.is_none_or(|known| known.contains(&modifier))
        });
        if !taken {
            return Err(refused("no plane takes that format"));
        }
        let mut state = self.state.borrow_mut();
        check::layout(layout, &state).map_err(refused)?;
        let number = self.number();
        state.pictures.insert(number, layout.clone());
        Ok(number)
    }

    fn forget_picture(&self, picture: u32) -> io::Result<()> {
        let mut state = self.state.borrow_mut();
        let layout = state.pictures.get(&picture);
        let handles = layout.map(|it| it.handles).unwrap_or_default();
        assert!(
            handles.iter().all(|it| !state.on_screen().contains(it)),
            "a picture is forgotten while it is on the screen"
        );
        let gone = state.pictures.remove(&picture);
        state.sweep();
        gone.map(drop).ok_or_else(|| refused("no such picture"))
    }

    fn mode_blob(&self, mode: &Mode) -> io::Result<u64> {
        let number = u64::from(self.number());
        self.state
            .borrow_mut()
            .blobs
            .insert(number, Blob::Mode(*mode));
        Ok(number)
    }

    fn clips_blob(&self, clips: &[[i32; 4]]) -> io::Result<u64> {
        let number = u64::from(self.number());
        let clips = Blob::Clips(clips.to_vec());
        self.state.borrow_mut().blobs.insert(number, clips);
        Ok(number)
    }

    fn free_blob(&self, blob: u64) {
        // What a commit holds of it stays (the CRTC's mode), as in the kernel.
        let mut state = self.state.borrow_mut();
        let held = state.values.get(&(CRTC, "MODE_ID".to_owned())) == Some(&blob);
        if !held {
            state.blobs.remove(&blob);
        }
    }

    fn commit(&self, request: &Request, how: How) -> io::Result<()> {
        let mut state = self.state.borrow_mut();
        let named = check::names(self, request);
        let checked = named.and_then(|named| {
            let values = check::check(self, &state, &named, how)?;
            Ok((named, values))
        });
        let mut asked = Asked {
            how,
            sets: BTreeSet::new(),
            refused: checked.as_ref().err().cloned(),
        };
        let outcome = match checked {
            Ok((named, values)) => {
                asked.sets = named.iter().map(|it| (it.0, it.1.clone())).collect();
                if matches!(how, How::Set | How::Flip | How::SetQuietly) {
                    let before = state.on_screen();
                    state.values = values;
                    compose::copy(self, &mut state);
                    // One that waits has been seen when it returns.
                    state.before = (how != How::SetQuietly).then_some(before);
                }
                Ok(())
            }
            Err(why) => Err(refused(why)),
        };
        state.log.push(asked);
        outcome
    }

    fn flips(&self) -> io::Result<Vec<Duration>> {
        let flips = std::mem::take(&mut self.state.borrow_mut().flips);
        if flips.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(flips)
    }
}
