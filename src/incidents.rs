//! What the system did before the box came up and its viewers must know (`systemd/state`).
//!
//! One word a line. A machine without such a file started as usual, and one on which somebody only
//! tries the box has none.

use std::path::Path;

use app::Incident;

use crate::small_file;

/// Where the scripts of an image write them; in memory, so each start has its own.
pub const FILE: &str = "/run/matinee/incidents";

/// Those of the file at `path`, the oldest first. What cannot be read is logged: the wall comes up
/// all the same.
#[must_use]
pub fn read(path: &Path) -> Vec<Incident> {
    match small_file::read(path, "incidents") {
        Ok(text) => of(&text.unwrap_or_default()),
        Err(why) => {
            tracing::warn!("{}: {why}", path.display());
            Vec::new()
        }
    }
}

const WORDS: [(&str, Incident); 5] = [
    ("data-repaired", Incident::DataRepaired),
    ("data-made-anew", Incident::DataMadeAnew),
    ("data-in-memory", Incident::DataInMemory),
    ("reset", Incident::Reset),
    ("safe", Incident::Safe),
];

fn of(text: &str) -> Vec<Incident> {
    let known = |word: &str| {
        let found = WORDS.iter().find(|(known, _)| *known == word);
        if found.is_none() {
            tracing::warn!("an incident that is not known: {word}");
        }
        found.map(|(_, incident)| *incident)
    };
    text.lines().filter_map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_not_known_are_left_out() {
        let told = of("data-repaired\nmoved to the moon\nsafe\n");
        assert_eq!(told, [Incident::DataRepaired, Incident::Safe]);
    }

    #[test]
    fn the_scripts_say_these_words() {
        let scripts = [
            include_str!("../systemd/data"),
            include_str!("../systemd/failed"),
        ];
        for (word, _) in WORDS {
            let calls = [format!("happened {word}"), format!("incident {word}")];
            let said = |script: &&str| calls.iter().any(|call| script.contains(call.as_str()));
            assert!(scripts.iter().any(said), "{word}");
        }
    }

    #[test]
    fn no_file_is_a_start_as_usual() {
        assert_eq!(read(Path::new("/nowhere/incidents")), []);
    }
}
