//! What was chosen while films played, as rows: one for each film and each series, one for how
//! subtitles look, one for how the box sounds, one for what it speaks, one for its settings,
//! and one for the rows of its wall.
//!
//! The core holds it as part of its library; here it has a shape of its own, for the file and for
//! exports, as films have in `snapshot`. What a later release adds is passed over.

use std::collections::BTreeMap;

use app::{
    Choices, OwnerSettings, SoundSettings, TextChoice, TextColour, TextLook, TextPlace, TextSize,
    TextTiming, Zoom,
};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::chosen::{Chosen, name, named};
use crate::snapshot;

/// Rows at most: a film and a series for each mark, the look, the sound, the language, what else
/// its owner chose, and the wall.
pub(crate) const MEMORIES_MAX: usize = 2005;

/// The subject of how subtitles look; those of films and series have a colon.
const LOOK: &str = "subtitles";

/// And that of how the box sounds.
const SOUND: &str = "sound";

/// And that of what it speaks.
const LANGUAGE: &str = "language";

/// And that of what else its owner chose.
const OWNER: &str = "settings";

/// And that of its wall.
const WALL: &str = "wall";
/// Those of the box stand under this in the place of a profile, which are counted from 1.
const OF_THE_BOX: u32 = 0;

/// A language that does not say which.
const UNDETERMINED: &str = "und";

/// What is remembered of one film or series, or of the box.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// Language tag (BCP 47) of the sound that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audio: Option<String>,
    /// Language tag of the subtitles; an empty one: none are wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    /// What else they say of themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subtitle_title: Option<String>,
    /// Language tag of those that are shown with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second: Option<String>,
    /// How the two lie on the film.
    #[serde(default, skip_serializing_if = "is_plain")]
    timings: [Timing; 2],
    /// The release that was played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    /// How the picture fills the screen; none: all of it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zoom: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    look: Option<Look>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sound: Option<Sound>,
    /// Code of the language that the box speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chosen: Option<Chosen>,
    /// Rows of the wall in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wall: Vec<WallRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct WallRow {
    name: String,
    shown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Timing {
    #[serde(default)]
    offset_ms: i64,
    #[serde(default)]
    stretch_ppm: i32,
}

/// By names; one of a later release is as if it had not been chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Look {
    #[serde(default)]
    size: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    colour: String,
}

/// What is left out, or of a later release, is as it is at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Sound {
    volume: u8,
    muted: bool,
    night: bool,
    stereo: bool,
    delay_ms: i16,
}

impl Default for Sound {
    fn default() -> Sound {
        Sound::from(SoundSettings::default())
    }
}

fn is_plain(timings: &[Timing; 2]) -> bool {
    *timings == <[Timing; 2]>::default()
}

/// All there is to remember of a library, by subject.
pub(crate) fn of(library: &app::Library) -> BTreeMap<String, Memory> {
    // Most films have none; what is left out here is not looked at further.
    let own = |choices: &&Choices| **choices != Choices::default();
    let films = library.marks.iter().map(|(id, mark)| (id, &mark.choices));
    let films = films.filter(|(_, choices)| own(choices));
    let films = films.map(|(id, choices)| (film(id), Memory::from(choices)));
    let titles = library.series_choices.iter();
    let titles = titles.filter(|(_, choices)| own(choices));
    let titles = titles.map(|(title, choices)| (series(title), Memory::from(choices)));
    let look = (library.look != TextLook::default()).then(|| Memory {
        look: Some(Look::from(library.look)),
        ..Memory::default()
    });
    let look = look.map(|look| (LOOK.to_owned(), look));
    let sound = (library.sound != SoundSettings::default()).then(|| Memory {
        sound: Some(Sound::from(library.sound)),
        ..Memory::default()
    });
    let sound = sound.map(|sound| (SOUND.to_owned(), sound));
    let language = library.language.map(|language| Memory {
        language: Some(language.code().to_owned()),
        ..Memory::default()
    });
    let language = language.map(|language| (LANGUAGE.to_owned(), language));
    let owner = (library.owner != OwnerSettings::default()).then(|| Memory {
        chosen: Some(Chosen::from(library.owner)),
        ..Memory::default()
    });
    let owner = owner.map(|owner| (OWNER.to_owned(), owner));
    let rows = library.wall.0.iter().map(|row| WallRow {
        name: row.name.clone(),
        shown: row.shown,
    });
    let wall = (!library.wall.0.is_empty()).then(|| Memory {
        wall: rows.collect(),
        ..Memory::default()
    });
    let wall = wall.map(|wall| (WALL.to_owned(), wall));
    let of_the_box = look.into_iter().chain(sound).chain(language);
    let of_the_box = of_the_box.chain(owner).chain(wall);
    films.chain(titles).chain(of_the_box).collect()
}

/// As of [`app::Library::on_box`].
fn is_of_the_box(subject: &str) -> bool {
    matches!(subject, SOUND | OWNER | WALL)
}

/// The same without what is the box's.
pub(crate) fn of_profile(library: &app::Library) -> BTreeMap<String, Memory> {
    let mut memories = of(library);
    memories.retain(|subject, _| !is_of_the_box(subject));
    memories
}

/// Gives a library its memories, where it has none of its own.
pub(crate) fn put(library: &mut app::Library, memories: &BTreeMap<String, Memory>) {
    for (id, mark) in &mut library.marks {
        if mark.choices == Choices::default()
            && let Some(memory) = memories.get(&film(id))
        {
            mark.choices = Choices::from(memory.clone());
        }
    }
    for title in library.series.keys() {
        if let Some(memory) = memories.get(&series(title)) {
            let choices = library.series_choices.entry(title.clone());
            choices.or_insert_with(|| Choices::from(memory.clone()));
        }
    }
    let look = memories.get(LOOK).and_then(|memory| memory.look.as_ref());
    if library.look == TextLook::default()
        && let Some(look) = look
    {
        library.look = TextLook::from(look);
    }
    let sound = memories.get(SOUND).and_then(|memory| memory.sound);
    if library.sound == SoundSettings::default()
        && let Some(sound) = sound
    {
        library.sound = SoundSettings::from(sound);
    }
    if library.language.is_none() {
        let language = memories.get(LANGUAGE);
        let code = language.and_then(|memory| memory.language.as_deref());
        library.language = code.and_then(app::Language::by_code);
    }
    let chosen = memories
        .get(OWNER)
        .and_then(|memory| memory.chosen.as_ref());
    if library.owner == OwnerSettings::default()
        && let Some(chosen) = chosen
    {
        library.owner = OwnerSettings::from(chosen);
    }
    if let (true, Some(memory)) = (library.wall.0.is_empty(), memories.get(WALL)) {
        let row = |row: &WallRow| app::WallRow {
            name: row.name.clone(),
            shown: row.shown,
        };
        library.wall.0 = memory.wall.iter().map(row).collect();
    }
}

/// Those of one profile, and of the box.
pub(crate) fn read(
    connection: &Connection,
    of: app::ProfileId,
) -> rusqlite::Result<BTreeMap<String, Memory>> {
    let mut statement =
        connection.prepare("SELECT subject, choices FROM choice WHERE profile IN (?, ?)")?;
    let mut rows = statement.query([of.0, OF_THE_BOX])?;
    let mut memories = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let subject: String = row.get(0)?;
        match serde_json::from_str(row.get_ref(1)?.as_str()?) {
            Ok(memory) => drop(memories.insert(subject, memory)),
            Err(error) => tracing::warn!(subject, "choices are left out: {error}"),
        }
    }
    Ok(memories)
}

/// Makes the rows of its profile and of the box those of `library`, where they are those of `old`.
pub(crate) fn write(
    connection: &Connection,
    old: &app::Library,
    library: &app::Library,
) -> rusqlite::Result<()> {
    let (old, new) = (of(old), of(library));
    let whose = |subject: &str| {
        if is_of_the_box(subject) {
            OF_THE_BOX
        } else {
            library.profile.0
        }
    };
    let mut put = connection
        .prepare("INSERT OR REPLACE INTO choice (profile, subject, choices) VALUES (?, ?, ?)")?;
    for (subject, memory) in &new {
        if old.get(subject) != Some(memory) {
            put.execute(params![whose(subject), subject, snapshot::text(memory)])?;
        }
    }
    let mut remove = connection.prepare("DELETE FROM choice WHERE profile = ? AND subject = ?")?;
    for subject in old.keys().filter(|subject| !new.contains_key(*subject)) {
        remove.execute(params![whose(subject), subject])?;
    }
    Ok(())
}

fn film(id: &app::FilmId) -> String {
    format!("film:{}", id.0)
}

fn series(title: &app::Title) -> String {
    format!("series:{}:{}", title.kind, title.id)
}

impl From<&Choices> for Memory {
    fn from(choices: &Choices) -> Memory {
        let (subtitle, subtitle_title) = match choices.subtitle.clone() {
            None => (None, None),
            Some(TextChoice::Off) => (Some(String::new()), None),
            Some(TextChoice::Like { language, title }) => (
                Some(language.unwrap_or_else(|| UNDETERMINED.to_owned())),
                title,
            ),
        };
        Memory {
            audio: choices.audio.clone(),
            subtitle,
            subtitle_title,
            second: choices.second.clone(),
            timings: choices.timings.map(|it| Timing {
                offset_ms: it.offset_ms,
                stretch_ppm: it.stretch_ppm,
            }),
            release: choices.release.clone(),
            zoom: (choices.zoom != Zoom::default()).then(|| name(&Zoom::NAMES, choices.zoom)),
            look: None,
            sound: None,
            language: None,
            chosen: None,
            wall: Vec::new(),
        }
    }
}

impl From<Memory> for Choices {
    fn from(memory: Memory) -> Choices {
        let title = memory.subtitle_title;
        let subtitle = memory.subtitle.map(|language| match language.as_str() {
            "" => TextChoice::Off,
            _ => TextChoice::Like {
                language: Some(language).filter(|it| it != UNDETERMINED),
                title,
            },
        });
        Choices {
            audio: memory.audio,
            subtitle,
            second: memory.second,
            timings: memory.timings.map(|it| TextTiming {
                offset_ms: it.offset_ms,
                stretch_ppm: it.stretch_ppm,
            }),
            release: memory.release,
            zoom: memory
                .zoom
                .and_then(|it| named(&Zoom::NAMES, &it))
                .unwrap_or_default(),
        }
    }
}

impl From<SoundSettings> for Sound {
    fn from(sound: SoundSettings) -> Sound {
        Sound {
            volume: sound.volume,
            muted: sound.muted,
            night: sound.night,
            stereo: sound.stereo,
            delay_ms: sound.delay_ms,
        }
    }
}

impl From<Sound> for SoundSettings {
    fn from(sound: Sound) -> SoundSettings {
        let sound = SoundSettings {
            volume: sound.volume,
            muted: sound.muted,
            night: sound.night,
            stereo: sound.stereo,
            delay_ms: sound.delay_ms,
        };
        // A file of somebody else's may say anything.
        sound.bounded()
    }
}

impl From<TextLook> for Look {
    fn from(look: TextLook) -> Look {
        Look {
            size: name(&TextSize::NAMES, look.size),
            place: name(&TextPlace::NAMES, look.place),
            colour: name(&TextColour::NAMES, look.colour),
        }
    }
}

impl From<&Look> for TextLook {
    fn from(look: &Look) -> TextLook {
        TextLook {
            size: named(&TextSize::NAMES, &look.size).unwrap_or_default(),
            place: named(&TextPlace::NAMES, &look.place).unwrap_or_default(),
            colour: named(&TextColour::NAMES, &look.colour).unwrap_or_default(),
        }
    }
}
