//! What the box remembers of its updates: a file in the data folder, and what it means after a
//! start.
//!
//! The update that is tried is written down before anything is installed, so that a power cut at
//! any moment leaves a record from which the next start tells what happened: the slot that runs
//! says which of the two it is. The file is replaced whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use app::{LastUpdate, UpdatesStand, WentBack};
use serde::{Deserialize, Serialize};

use super::rauc::Slot;
use crate::small_file;

/// The file in the data folder.
pub(super) const FILE: &str = "updates.json";

/// Everything that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    /// Random, made once: when it is this box's turn. Told to nobody.
    pub(super) id: [u8; 16],
    /// The channel that the owner chose.
    pub(super) channel: Option<String>,
    /// The highest sequence seen, by channel.
    pub(super) seen: BTreeMap<String, u64>,
    /// The sequence that is not taken again by itself, because the box left it; by channel.
    pub(super) left: BTreeMap<String, u64>,
    /// What was put into each slot, by its letter.
    pub(super) slots: BTreeMap<String, Put>,
    /// The last change of slots.
    pub(super) trial: Option<Trial>,
}

/// A system in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Put {
    pub(super) version: String,
    pub(super) channel: String,
    /// Zero: it was never an update.
    pub(super) sequence: u64,
}

/// From one slot to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trial {
    /// Letters of the slots.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) from_version: String,
    pub(super) to_version: String,
    /// Number of the boot (`boot_id` of the kernel) in which it was begun.
    pub(super) boot: String,
    /// The owner wanted the system from before.
    pub(super) sent_back: bool,
    /// All of it is in its slot.
    pub(super) installed: bool,
    /// How often the program was started in that slot.
    pub(super) starts: u32,
    /// What the viewer knows of it.
    pub(super) told: Option<Outcome>,
}

/// How it ended; what came up may still be left later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Outcome {
    Arrived,
    Returned,
}

impl Record {
    /// Reads the file; a new record where there is none, or none that can be read.
    pub(super) fn read(folder: &Path) -> Record {
        let read = fs::read(folder.join(FILE));
        let record = match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!("{FILE}: {error}");
                None
            }
            Ok(bytes) => serde_json::from_slice(&bytes)
                .inspect_err(|error| tracing::warn!("{FILE}: {error}"))
                .ok(),
        };
        record.unwrap_or_else(|| Record {
            id: rand::random(),
            ..Record::default()
        })
    }

    /// Writes it so that there is always a whole one.
    ///
    /// # Errors
    /// It cannot be written; the one before is still there.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec(self)?;
        small_file::replace(&folder.join(FILE), &bytes)
    }

    /// The sequence of what runs in that channel; zero where it is of none, or of another.
    pub(super) fn sequence(&self, letter: &str, version: &str, channel: &str) -> u64 {
        let put = self.slots.get(letter);
        let put = put.filter(|put| put.version == version && put.channel == channel);
        put.map_or(0, |put| put.sequence)
    }

    /// An update is about to be written into the slot that does not run.
    pub(super) fn begins(
        &mut self,
        [runs, other]: &[Slot; 2],
        boot: &str,
        (version, put): (&str, Put),
    ) {
        // What runs may have come with the box.
        let usual = Put {
            version: version.to_owned(),
            channel: String::new(),
            sequence: 0,
        };
        let known = self
            .slots
            .entry(runs.letter.clone())
            .or_insert_with(|| usual.clone());
        if known.version != version {
            *known = usual;
        }
        self.trial = Some(Trial {
            from: runs.letter.clone(),
            to: other.letter.clone(),
            from_version: version.to_owned(),
            to_version: put.version.clone(),
            boot: boot.to_owned(),
            sent_back: false,
            installed: false,
            starts: 0,
            told: None,
        });
        self.slots.insert(other.letter.clone(), put);
    }

    /// It is in its slot, which is started next.
    pub(super) fn installed(&mut self) {
        if let Some(trial) = &mut self.trial {
            trial.installed = true;
        }
    }

    /// It is not; half of a system may be there.
    pub(super) fn failed(&mut self) {
        if let Some(trial) = self.trial.take() {
            self.slots.remove(&trial.to);
        }
    }

    /// The owner wants the system in the other slot, and not soon again what runs.
    pub(super) fn sends_back(&mut self, [runs, other]: &[Slot; 2], boot: &str, version: &str) {
        let to_version = self.version_in(other).unwrap_or_default();
        if let Some(put) = self.slots.get(&runs.letter) {
            self.left.insert(put.channel.clone(), put.sequence);
        }
        self.trial = Some(Trial {
            from: runs.letter.clone(),
            to: other.letter.clone(),
            from_version: version.to_owned(),
            to_version,
            boot: boot.to_owned(),
            sent_back: true,
            installed: true,
            starts: 0,
            told: None,
        });
    }

    fn version_in(&self, slot: &Slot) -> Option<String> {
        let put = self.slots.get(&slot.letter).map(|put| put.version.clone());
        put.or_else(|| slot.version.clone())
    }

    /// The program starts in that slot: how it came to that. Counts the start.
    pub(super) fn stands(&mut self, [runs, other]: &[Slot; 2], boot: &str) -> UpdatesStand {
        let mut stand = UpdatesStand::default();
        if let Some(mut trial) = self.trial.take() {
            let mut outcome = None;
            if runs.letter == trial.to {
                outcome = Some(Outcome::Arrived);
                trial.starts = trial.starts.saturating_add(1);
                stand.last = Some(if trial.sent_back {
                    LastUpdate::SentBack {
                        from: trial.from_version.clone(),
                    }
                } else {
                    LastUpdate::Updated {
                        to: trial.to_version.clone(),
                    }
                });
            } else if boot == trial.boot {
                stand.waits = trial.installed.then(|| trial.to_version.clone());
            } else if trial.installed || trial.starts > 0 {
                outcome = Some(Outcome::Returned);
                stand.last = Some(self.went_back(&trial));
            } else {
                // The power went while it was written.
                self.slots.remove(&trial.to);
                return self.before(other, stand);
            }
            stand.fresh = outcome.is_some() && trial.told != outcome;
            trial.told = outcome.or(trial.told);
            self.trial = Some(trial);
        }
        self.before(other, stand)
    }

    fn went_back(&mut self, trial: &Trial) -> LastUpdate {
        if let Some(put) = self.slots.get(&trial.to) {
            self.left.insert(put.channel.clone(), put.sequence);
        }
        LastUpdate::WentBack {
            from: trial.to_version.clone(),
            why: match trial.starts {
                0 => WentBack::NeverUp,
                starts => WentBack::NotStable { starts },
            },
        }
    }

    /// What one can go back to: what the boot loader may start, and did not fall back from.
    fn before(&self, other: &Slot, mut stand: UpdatesStand) -> UpdatesStand {
        let fell_back = matches!(stand.last, Some(LastUpdate::WentBack { .. }));
        if other.good && !fell_back && stand.waits.is_none() {
            stand.before = self.version_in(other);
        }
        stand
    }
}

#[cfg(test)]
mod tests;
