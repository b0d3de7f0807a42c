//! The owner's data as one file: what a new box, or this one after a mishap, needs to be as it
//! was.
//!
//! JSON of version 1. Secrets stay on the box: an add-on whose address carries keys is named and
//! left out, and so are announce addresses that know their user. An import is read and bounded
//! whole before the first row is touched, and its error names the field; it merges (what is here
//! stays, the rest is added) or replaces (what is here goes), in one transaction. Profiles are
//! known by their names (`people`); a PIN never leaves its box, and stays where its profile does.
//! Not here: the settings, the cache and what was seen, which come back by themselves.

mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use self::people::{Face, Other};
use crate::house::{self, House};
use crate::memory::{self, MEMORIES_MAX, Memory};
use crate::owner::{self, ADDONS_MAX, Addon, SEARCHES_MAX, VISITS_MAX, Visit};
use crate::snapshot::{Film, Reach, ReachKey, ReadPlace, Title};
use crate::{StoreError, marks};

/// Of the files written here, and the newest that is read.
const VERSION: u64 = 1;

/// First in the file: what it is.
const KIND: &str = "matinee";

/// A thousand marks and films and 256 manifests of usual sizes are a tenth of this.
pub const IMPORT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// As many as the core keeps, of marks and of films on the list.
const MARKS_MAX: usize = 1000;
const LIST_MAX: usize = 500;

/// What to do with what is here already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// It stays, and what is not here yet is added.
    Merge,
    /// It goes.
    Replace,
}

/// What an import brought.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Of who watches now: the core must take it before it saves its own again.
    pub library: app::Library,
    /// As all is now.
    pub(crate) house: House,
    /// Entries in the file.
    pub marks: usize,
    pub listed: usize,
    pub addons: usize,
    pub memories: usize,
    pub visits: usize,
    /// Names of add-ons that were left out of the file because their address is a secret.
    pub left_out: Vec<String>,
    /// Profiles in the file.
    pub profiles: usize,
    /// Names of those that were left out because there are as many as there can be.
    pub profiles_left_out: Vec<String>,
}

/// Why a file was not imported. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("it has {bytes} bytes, more than {IMPORT_BYTES_MAX}")]
    Large { bytes: usize },
    #[error("it is no export of Matinee")]
    Foreign,
    #[error("written by a newer version (file version {version}, known is {VERSION})")]
    Newer { version: u64 },
    #[error("{field}: {what}")]
    Field { field: String, what: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u64,
}

/// The file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Portable {
    kind: String,
    version: u64,
    #[serde(default)]
    marks: Vec<PortableMark>,
    #[serde(default)]
    list: Vec<Film>,
    #[serde(default)]
    series: Vec<PortableSeries>,
    #[serde(default)]
    addons: Vec<Addon>,
    #[serde(default)]
    addons_left_out: Vec<String>,
    #[serde(default)]
    memories: BTreeMap<String, Memory>,
    /// The newest first.
    #[serde(default)]
    history: Vec<Visit>,
    /// The newest first.
    #[serde(default)]
    searches: Vec<String>,
    /// Whose all this is; none: written before there were profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<Face>,
    /// The others who watch there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<Other>,
}

#[derive(Serialize, Deserialize)]
struct PortableMark {
    film: Film,
    position_ms: u64,
    #[serde(default)]
    duration_ms: u64,
    #[serde(default)]
    watched: bool,
    #[serde(default)]
    played: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<ReadPlace>,
}

#[derive(Serialize, Deserialize)]
struct PortableSeries {
    title: Title,
    film: Film,
}

/// How many films are in such a file, if it can be imported.
///
/// # Errors
/// As of an import, before anything is changed.
pub fn films_of_export(bytes: &[u8]) -> Result<usize, ImportError> {
    let portable = read(bytes)?;
    let marks = portable.marks.into_iter().map(|mark| mark.film);
    let films = marks.chain(portable.list).map(app::Film::from);
    let films: BTreeSet<_> = films.map(|film| film.id).collect();
    Ok(films.len())
}

/// Writes everything down that is on disk.
pub(crate) fn export(connection: &Connection) -> rusqlite::Result<Vec<u8>> {
    // One transaction sees one state.
    let transaction = connection.unchecked_transaction()?;
    let (house, _) = house::read(&transaction)?;
    let profiles = &house.household.profiles;
    let library = house.library(profiles[0].id);
    let others = profiles.iter().skip(1);
    let others = others.map(|it| Other::of(it, &house, &transaction));
    let others: rusqlite::Result<Vec<_>> = others.collect();
    let (secret, open): (Vec<_>, Vec<_>) = owner::addons(&transaction)?
        .into_iter()
        .partition(|addon| addon.secret || !is_plain(&addon.url));
    let portable = Portable {
        kind: KIND.to_owned(),
        version: VERSION,
        marks: portable_marks(&library),
        list: portable_list(&library),
        series: portable_all_series(&library),
        addons: open,
        addons_left_out: secret.iter().map(name).collect(),
        memories: memory::of(&library),
        history: owner::visits(&transaction, VISITS_MAX)?,
        searches: owner::searches(&transaction, library.profile)?,
        profile: (profiles[0] != app::Profile::default()).then(|| Face::of(&profiles[0])),
        others: others?,
    };
    let mut bytes = serde_json::to_vec_pretty(&portable).expect("text keys, no failing types");
    bytes.push(b'\n');
    Ok(bytes)
}

/// What the add-on calls itself; its address would tell the secret.
fn name(addon: &Addon) -> String {
    #[derive(Deserialize)]
    struct Manifest {
        name: String,
    }
    let manifest = serde_json::from_str::<Manifest>(&addon.manifest);
    manifest.map_or_else(|_| "an add-on".to_owned(), |manifest| manifest.name)
}

/// Whether an address has neither a user nor a query, where keys are.
fn is_plain(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    !authority.contains('@') && !rest.contains(['?', '#'])
}

/// Whether a tracker is asked by the same address by everyone: private ones have a key in the
/// path or the query.
fn is_public_tracker(address: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    is_plain(address) && matches!(path, "" | "announce")
}

/// The film without what only its owner may know.
fn public(mut film: Film) -> Film {
    film.sources
        .retain_mut(|source| is_public(&mut source.reach));
    film.poster = film.poster.filter(|address| is_plain(address));
    if let Some(facts) = &mut film.facts {
        let backdrop = facts.backdrop.take();
        facts.backdrop = backdrop.filter(|address| is_plain(address));
        let trailer = facts.trailer.take();
        facts.trailer = trailer.and_then(|mut trailer| {
            let public = is_public(&mut trailer.reach);
            public.then_some(trailer)
        });
        let similar = std::mem::take(&mut facts.similar);
        facts.similar = similar.into_iter().map(public).collect();
    }
    film
}

/// Cleans a way to a film; false when nothing is left of it.
fn is_public(reach: &mut Reach) -> bool {
    match reach {
        Reach::Torrent(torrent) => {
            torrent
                .trackers
                .retain(|address| is_public_tracker(address));
            torrent.web_seeds.retain(|address| is_plain(address));
            torrent.exact_sources.retain(|address| is_plain(address));
            true
        }
        // Headers are there to be let in.
        Reach::Web(web) => web.headers.is_empty() && is_plain(&web.url),
        Reach::File { .. } => true,
    }
}

fn portable_marks(library: &app::Library) -> Vec<PortableMark> {
    let marks = library.marks.values();
    let marks = marks.map(|mark| portable_mark(mark, &library.series));
    marks.collect()
}

fn portable_list(library: &app::Library) -> Vec<Film> {
    library.list.iter().map(Film::from).map(public).collect()
}

fn portable_all_series(library: &app::Library) -> Vec<PortableSeries> {
    library.series.iter().map(portable_series).collect()
}

fn portable_mark(mark: &app::Mark, series: &BTreeMap<app::Title, app::Film>) -> PortableMark {
    let read = mark.read.as_ref().map(ReadPlace::from);
    PortableMark {
        film: public(marks::without_facts(&mark.film, series)),
        position_ms: marks::millis(mark.position) as u64,
        duration_ms: marks::millis(mark.duration) as u64,
        watched: mark.watched,
        played: mark.played,
        read: read.filter(|read| match &read.from {
            ReachKey::Web { url } => is_plain(url),
            ReachKey::Torrent { .. } | ReachKey::File { .. } => true,
        }),
    }
}

fn portable_series((title, film): (&app::Title, &app::Film)) -> PortableSeries {
    PortableSeries {
        title: Title::from(title),
        film: public(Film::from(film)),
    }
}

impl From<PortableMark> for app::Mark {
    fn from(mark: PortableMark) -> Self {
        app::Mark {
            film: mark.film.into(),
            position: Duration::from_millis(mark.position_ms),
            duration: Duration::from_millis(mark.duration_ms),
            watched: mark.watched,
            played: mark.played,
            read: mark.read.map(app::ReadPlace::from),
            choices: app::Choices::default(),
        }
    }
}

/// Reads a file whole, and holds it against every bound.
pub(crate) fn read(bytes: &[u8]) -> Result<Portable, ImportError> {
    if bytes.len() > IMPORT_BYTES_MAX {
        return Err(ImportError::Large { bytes: bytes.len() });
    }
    let head = serde_json::from_slice::<Head>(bytes);
    // The head alone: a newer file may have any other shape, but is whole all the same.
    let head = head.map_err(|error| match error.classify() {
        serde_json::error::Category::Data => ImportError::Foreign,
        _ => ImportError::Field {
            field: "the file".to_owned(),
            what: error.to_string(),
        },
    })?;
    if head.kind != KIND {
        return Err(ImportError::Foreign);
    }
    if head.version > VERSION {
        return Err(ImportError::Newer {
            version: head.version,
        });
    }
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let portable: Portable =
        serde_path_to_error::deserialize(&mut from).map_err(|error| ImportError::Field {
            field: error.path().to_string(),
            what: error.inner().to_string(),
        })?;
    let counts = [
        ("marks", portable.marks.len(), MARKS_MAX),
        ("list", portable.list.len(), LIST_MAX),
        ("series", portable.series.len(), MARKS_MAX),
        ("addons", portable.addons.len(), ADDONS_MAX),
        ("memories", portable.memories.len(), MEMORIES_MAX),
        ("history", portable.history.len(), VISITS_MAX),
        ("searches", portable.searches.len(), SEARCHES_MAX),
    ];
    for (field, count, most) in counts {
        within(field.to_owned(), count, most)?;
    }
    people::bounded(&portable.others)?;
    Ok(portable)
}

fn within(field: String, count: usize, most: usize) -> Result<(), ImportError> {
    if count <= most {
        return Ok(());
    }
    Err(ImportError::Field {
        field,
        what: format!("{count} entries, more than {most}"),
    })
}

impl Portable {
    /// Puts it among what is there; `here` is what is on disk.
    pub(crate) fn put(
        self,
        connection: &Connection,
        import: Import,
        here: &House,
    ) -> rusqlite::Result<Imported> {
        let counts = [self.marks.len(), self.list.len(), self.memories.len()];
        let [marks, listed, memories] = self.others.iter().fold(counts, |sum, other| {
            let more = other.counts();
            std::array::from_fn(|at| sum[at] + more[at])
        });
        let (addons, visits, profiles) =
            (self.addons.len(), self.history.len(), 1 + self.others.len());
        if import == Import::Replace {
            owner::clear(connection)?;
        }
        let first = Other {
            profile: self.profile.unwrap_or_default(),
            marks: self.marks,
            list: self.list,
            series: self.series,
            memories: self.memories,
            searches: self.searches,
        };
        let people = std::iter::once(first).chain(self.others);
        let (house, profiles_left_out) = people::put(connection, people, import, here)?;
        put_addons(connection, self.addons)?;
        put_history(connection, self.history)?;
        Ok(Imported {
            library: house.current(),
            house,
            marks,
            listed,
            addons,
            memories,
            visits,
            left_out: self.addons_left_out,
            profiles,
            profiles_left_out,
        })
    }
}

/// Adds what is not there yet.
fn add(
    library: &mut app::Library,
    marks: Vec<PortableMark>,
    list: Vec<Film>,
    series: Vec<PortableSeries>,
) {
    for series in series {
        let title = app::Title::from(series.title);
        let film = series.film.into();
        library.series.entry(title).or_insert(film);
    }
    for mark in marks {
        let mut mark = app::Mark::from(mark);
        mark.film = marks::with_facts(mark.film, &library.series);
        library.marks.entry(mark.film.id.clone()).or_insert(mark);
    }
    for film in list.into_iter().map(app::Film::from) {
        if library.list.iter().all(|here| here.id != film.id) {
            library.list.push(film);
        }
    }
    library.list.truncate(LIST_MAX);
}

fn put_addons(connection: &Connection, new: Vec<Addon>) -> rusqlite::Result<()> {
    let mut addons = owner::addons(connection)?;
    for addon in new {
        if addons.iter().all(|here| here.url != addon.url) {
            addons.push(addon);
        }
    }
    owner::set_addons(connection, &addons)
}

fn put_history(connection: &Connection, history: Vec<Visit>) -> rusqlite::Result<()> {
    let mut visits = owner::visits(connection, VISITS_MAX)?;
    let here: BTreeSet<_> = visits
        .iter()
        .map(|visit| (visit.at_s, &visit.film))
        .collect();
    let is_new = |visit: &Visit| !here.contains(&(visit.at_s, &visit.film));
    let new: Vec<_> = history.into_iter().filter(is_new).collect();
    visits.extend(new);
    // Those of both boxes in the order of their time.
    visits.sort_by_key(|visit| visit.at_s);
    connection.execute("DELETE FROM visit", ())?;
    for visit in &visits {
        owner::visit(connection, visit)?;
    }
    Ok(())
}
