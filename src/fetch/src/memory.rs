//! Kept answers in memory, within a bound: for what runs without a store.
//!
//! What was used longest ago goes first. Nothing survives a restart.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kept::{Answers, Kept, Key};

/// Beside body and head: the key, and what maps cost.
const ENTRY_BYTES: usize = 256;

/// Answers in memory.
#[derive(Debug)]
pub struct Memory {
    bytes_max: usize,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    kept: HashMap<Key, (u64, Kept)>,
    bytes: usize,
    /// Counts uses.
    clock: u64,
}

impl Memory {
    pub fn new(bytes_max: usize) -> Memory {
        let shelf = Mutex::default();
        Memory { bytes_max, shelf }
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers for Memory {
    fn get(&self, key: &Key) -> Option<Kept> {
        let mut shelf = self.lock();
        shelf.clock += 1;
        let now = shelf.clock;
        let (used, kept) = shelf.kept.get_mut(key)?;
        *used = now;
        Some(kept.clone())
    }

    fn put(&self, key: &Key, kept: Kept) {
        let mut shelf = self.lock();
        shelf.remove(key);
        let bytes = size(&kept);
        if bytes > self.bytes_max {
            return;
        }
        while shelf.bytes + bytes > self.bytes_max {
            let oldest = shelf.kept.iter().min_by_key(|(_, (used, _))| *used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            shelf.remove(&oldest);
        }
        shelf.clock += 1;
        shelf.bytes += bytes;
        let used = shelf.clock;
        shelf.kept.insert(key.clone(), (used, kept));
    }

    fn remove(&self, key: &Key) {
        self.lock().remove(key);
    }
}

impl Shelf {
    fn remove(&mut self, key: &Key) {
        if let Some((_, kept)) = self.kept.remove(key) {
            self.bytes -= size(&kept);
        }
    }
}

fn size(kept: &Kept) -> usize {
    kept.body.len() + kept.head.len() + ENTRY_BYTES
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn kept(bytes: usize) -> Kept {
        Kept {
            host: "a.example".into(),
            label: None,
            head: String::new(),
            body: vec![0; bytes].into(),
            at: SystemTime::UNIX_EPOCH,
            until: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_was_used_longest_ago_goes() {
        let key = |name: &str| Key::hash(&[name.as_bytes()]);
        let memory = Memory::new(3 * (1000 + ENTRY_BYTES));
        for name in ["a", "b", "c"] {
            memory.put(&key(name), kept(1000));
        }
        assert!(memory.get(&key("a")).is_some());
        memory.put(&key("d"), kept(1000));
        assert!(memory.get(&key("b")).is_none());
        assert!(memory.get(&key("a")).is_some());
        memory.put(&key("a"), kept(10));
        memory.put(&key("huge"), kept(10_000));
        assert!(memory.get(&key("huge")).is_none());
        assert_eq!(memory.lock().bytes, 2010 + 3 * ENTRY_BYTES);
        memory.remove(&key("a"));
        assert_eq!(memory.lock().bytes, 2000 + 2 * ENTRY_BYTES);
    }
}
