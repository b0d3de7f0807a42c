//! Who watches on the box, as rows: a profile each, and what ages titles are for.
//!
//! Invariant: after [`write`] in a transaction there is nothing of a profile that is gone. What a
//! profile has of its own is in `marks` and `memory`; what it means is the core's.

use std::collections::{BTreeMap, BTreeSet};

use app::{Ages, Household, Library, PinHash, Profile, ProfileId};
use rusqlite::{Connection, params};

use crate::{marks, owner};

/// All that is remembered of who watches.
#[derive(Debug, Clone, Default)]
pub(crate) struct House {
    pub(crate) household: Household,
    /// One for each profile, at most.
    pub(crate) libraries: BTreeMap<ProfileId, Library>,
}

/// The newest of its profile; what it says of the box holds for all.
pub(crate) fn put(libraries: &mut BTreeMap<ProfileId, Library>, library: Library) {
    for other in libraries.values_mut() {
        *other = std::mem::take(other).on_box(&library);
    }
    libraries.insert(library.profile, library);
}

impl House {
    /// What that one has; nothing yet, but what is the box's.
    pub(crate) fn library(&self, id: ProfileId) -> Library {
        let known = self.libraries.get(&id).cloned();
        known.unwrap_or_else(|| {
            let new = Library {
                profile: id,
                ..Library::default()
            };
            match self.libraries.values().next() {
                Some(any) => new.on_box(any),
                None => new,
            }
        })
    }

    /// Of who watches now.
    pub(crate) fn current(&self) -> Library {
        self.library(self.household.current)
    }

    /// That is what this one has from now on; what is the box's, the others have too.
    pub(crate) fn put(&mut self, library: Library) {
        if self.household.profile(library.profile).is_none() {
            return;
        }
        put(&mut self.libraries, library);
    }

    pub(crate) fn put_household(&mut self, household: Household) {
        self.libraries
            .retain(|id, _| household.profile(*id).is_some());
        self.household = household;
    }
}

/// Reads it all; and how many films could not be read.
pub(crate) fn read(connection: &Connection) -> rusqlite::Result<(House, usize)> {
    let mut statement = connection.prepare(
        "SELECT id, name, colour, pin, age_limit, unknown, wrong, current FROM profile
         ORDER BY place, id",
    )?;
    let mut rows = statement.query(())?;
    let mut household = Household {
        profiles: Vec::new(),
        ..Household::default()
    };
    while let Some(row) = rows.next()? {
        let profile = Profile {
            id: ProfileId(row.get(0)?),
            name: row.get(1)?,
            colour: row.get(2)?,
            pin: row.get::<_, Option<String>>(3)?.map(PinHash),
            limit: row.get(4)?,
            unknown: row.get(5)?,
            wrong: row.get(6)?,
        };
        if row.get(7)? {
            household.current = profile.id;
        }
        household.profiles.push(profile);
    }
    household.ages = ages(connection)?;
    let mut house = House {
        household: household.bounded(),
        ..House::default()
    };
    let mut unread = 0;
    for profile in &house.household.profiles {
        let (library, missed) = marks::read(connection, profile.id)?;
        unread += missed;
        house.libraries.insert(profile.id, library);
    }
    Ok((house, unread))
}

fn ages(connection: &Connection) -> rusqlite::Result<Ages> {
    let mut statement = connection.prepare("SELECT kind, id, age FROM age")?;
    let rows = statement.query_map((), |row| {
        let title = app::Title::new(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
        Ok((title, row.get(2)?))
    })?;
    let ages: rusqlite::Result<BTreeMap<_, _>> = rows.collect();
    Ok(Ages(ages?.into()))
}

/// Makes the rows those of `household`, where they are those of `old`; what those have left who are
/// gone goes with them.
pub(crate) fn write(
    connection: &Connection,
    old: &Household,
    household: &Household,
) -> rusqlite::Result<()> {
    let stays: BTreeSet<_> = household.profiles.iter().map(|it| it.id).collect();
    for gone in old.profiles.iter().filter(|it| !stays.contains(&it.id)) {
        for table in [
            "mark",
            "marked_film",
            "listed",
            "series",
            "choice",
            "recent_search",
        ] {
            let delete = format!("DELETE FROM {table} WHERE profile = ?");
            connection.execute(&delete, [gone.id.0])?;
        }
    }
    if old.profiles != household.profiles || old.current != household.current {
        connection.execute("DELETE FROM profile", ())?;
        let mut put = connection.prepare(
            "INSERT INTO profile
             (id, place, name, colour, pin, age_limit, unknown, wrong, current)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        for (place, profile) in household.profiles.iter().enumerate() {
            put.execute(params![
                profile.id.0,
                place as i64,
                profile.name,
                profile.colour,
                profile.pin.as_ref().map(|pin| &pin.0),
                profile.limit,
                profile.unknown,
                profile.wrong,
                profile.id == household.current,
            ])?;
        }
    }
    write_ages(connection, &old.ages, &household.ages)
}

fn write_ages(connection: &Connection, old: &Ages, ages: &Ages) -> rusqlite::Result<()> {
    if old == ages {
        return Ok(());
    }
    let mut put =
        connection.prepare("INSERT OR REPLACE INTO age (kind, id, age) VALUES (?, ?, ?)")?;
    for (title, age) in ages.0.iter() {
        if old.0.get(title) != Some(age) {
            put.execute(params![&*title.kind, &*title.id, age])?;
        }
    }
    let mut remove = connection.prepare("DELETE FROM age WHERE kind = ? AND id = ?")?;
    for title in old.0.keys().filter(|title| !ages.0.contains_key(title)) {
        remove.execute([&*title.kind, &*title.id])?;
    }
    Ok(())
}

/// All who watch, with what they have and what they searched for.
pub(crate) fn viewers(
    connection: &Connection,
    house: &House,
) -> rusqlite::Result<Vec<app::Viewer>> {
    let viewer = |profile: &Profile| {
        Ok(app::Viewer {
            library: house.library(profile.id),
            searches: owner::searches(connection, profile.id)?,
        })
    };
    house.household.profiles.iter().map(viewer).collect()
}
