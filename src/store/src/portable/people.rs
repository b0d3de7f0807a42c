//! Profiles in an export: each with its name, its limit and all it has, but never with its PIN.
//!
//! The first of the file is the first of a box that has nobody else; others are known again by
//! their names, or by their colours where they have none. Who is not known is added, while there
//! is room.

use std::collections::BTreeMap;

use app::{Household, Profile};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{
    Import, ImportError, LIST_MAX, MARKS_MAX, PortableMark, PortableSeries, add,
    portable_all_series, portable_list, portable_marks, within,
};
use crate::house::{self, House};
use crate::marks;
use crate::memory::{self, MEMORIES_MAX, Memory};
use crate::owner::{self, SEARCHES_MAX};
use crate::snapshot::Film;

/// Who it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Face {
    name: String,
    colour: u8,
    /// Years.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u8>,
    /// Films of unknown age are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<bool>,
}

/// One who watches, with all that is its own.
#[derive(Serialize, Deserialize)]
pub(super) struct Other {
    pub(super) profile: Face,
    #[serde(default)]
    pub(super) marks: Vec<PortableMark>,
    #[serde(default)]
    pub(super) list: Vec<Film>,
    #[serde(default)]
    pub(super) series: Vec<PortableSeries>,
    #[serde(default)]
    pub(super) memories: BTreeMap<String, Memory>,
    /// The newest first.
    #[serde(default)]
    pub(super) searches: Vec<String>,
}

impl Face {
    pub(super) fn of(profile: &Profile) -> Face {
        Face {
            name: profile.name.clone(),
            colour: profile.colour,
            limit: profile.limit,
            unknown: profile.unknown,
        }
    }

    fn is(&self, profile: &Profile) -> bool {
        if self.name.is_empty() {
            profile.name.is_empty() && self.colour == profile.colour
        } else {
            self.name == profile.name
        }
    }
}

impl Other {
    pub(super) fn of(
        profile: &Profile,
        house: &House,
        connection: &Connection,
    ) -> rusqlite::Result<Other> {
        let library = house.library(profile.id);
        Ok(Other {
            profile: Face::of(profile),
            marks: portable_marks(&library),
            list: portable_list(&library),
            series: portable_all_series(&library),
            memories: memory::of_profile(&library),
            searches: owner::searches(connection, profile.id)?,
        })
    }

    /// Of marks, of films on the list, and of memories.
    pub(super) fn counts(&self) -> [usize; 3] {
        [self.marks.len(), self.list.len(), self.memories.len()]
    }
}

/// Holds them against every bound.
pub(super) fn bounded(others: &[Other]) -> Result<(), ImportError> {
    within("others".to_owned(), others.len(), app::PROFILES_MAX - 1)?;
    for (at, other) in others.iter().enumerate() {
        let counts = [
            ("marks", other.marks.len(), MARKS_MAX),
            ("list", other.list.len(), LIST_MAX),
            ("series", other.series.len(), MARKS_MAX),
            ("memories", other.memories.len(), MEMORIES_MAX),
            ("searches", other.searches.len(), SEARCHES_MAX),
        ];
        for (field, count, most) in counts {
            within(format!("others[{at}].{field}"), count, most)?;
        }
    }
    Ok(())
}

/// Puts them among who is here, and says who had no room.
pub(super) fn put(
    connection: &Connection,
    people: impl Iterator<Item = Other>,
    import: Import,
    here: &House,
) -> rusqlite::Result<(House, Vec<String>)> {
    let mut house = here.clone();
    let mut left_out = Vec::new();
    let mut known: Vec<Profile> = house.household.profiles.clone();
    if import == Import::Replace {
        house.household.profiles.clear();
    }
    let alone = known.len() == 1;
    let mut free = known.iter().map(|it| it.id.0).max().unwrap_or(0);
    for (at, person) in people.enumerate() {
        let same = known.iter().position(|it| person.profile.is(it));
        // Who is alone on both boxes is the same.
        let same = same.or((at == 0 && alone).then_some(0));
        let same = same.filter(|at| *at < known.len());
        let profile = match (same, import) {
            // Nobody has said yet who that is.
            (Some(same), Import::Merge) if known[same] == Profile::default() => {
                taken(&person.profile, known[same].clone())
            }
            (Some(same), Import::Merge) => known[same].clone(),
            // The PIN of a box stays on it, as long as who has it does.
            (Some(same), Import::Replace) => taken(&person.profile, known.remove(same)),
            (None, _) => {
                free += 1;
                let new = Profile {
                    id: app::ProfileId(free),
                    ..Profile::default()
                };
                taken(&person.profile, new)
            }
        };
        let household = &mut house.household;
        let mut all = household.profiles.iter_mut();
        if let Some(known) = all.find(|it| it.id == profile.id) {
            known.clone_from(&profile);
        } else {
            if household.profiles.len() == app::PROFILES_MAX {
                left_out.push(person.profile.name);
                continue;
            }
            household.profiles.push(profile.clone());
            if import == Import::Merge {
                known.push(profile.clone());
            }
        }
        put_one(connection, person, &profile, import, &mut house)?;
    }
    house.household = Household::bounded(house.household);
    house::write(connection, &here.household, &house.household)?;
    let household = house.household.clone();
    house.put_household(household);
    Ok((house, left_out))
}

/// What the file says of one, over what is here.
fn taken(head: &Face, here: Profile) -> Profile {
    Profile {
        name: head.name.clone(),
        colour: head.colour,
        limit: head.limit,
        unknown: head.unknown,
        ..here
    }
}

fn put_one(
    connection: &Connection,
    person: Other,
    profile: &Profile,
    import: Import,
    house: &mut House,
) -> rusqlite::Result<()> {
    let here = house.library(profile.id);
    let mut library = match import {
        Import::Merge => here.clone(),
        Import::Replace => app::Library {
            profile: profile.id,
            ..app::Library::default()
        },
    };
    if import == Import::Replace && profile.id != house.household.profiles[0].id {
        // What is the box's came with the first.
        let first = house.library(house.household.profiles[0].id);
        library = library.on_box(&first);
    }
    add(&mut library, person.marks, person.list, person.series);
    memory::put(&mut library, &person.memories);
    marks::write(connection, &here, &library)?;
    house.put(library);
    let mut searches = owner::searches(connection, profile.id)?;
    let mut new = person.searches;
    new.retain(|query| !searches.contains(query));
    searches.extend(new);
    for query in searches.iter().rev() {
        owner::searched(connection, profile.id, query)?;
    }
    Ok(())
}
