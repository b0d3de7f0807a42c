//! The owner's hold on films: keep one, give one up, see what there is.
//!
//! Blocks on the disk. Knows no session: what is open goes on, and fetches again what was given
//! up under it.

use std::path::{Path, PathBuf};

use super::store::{Held, Refusal};
use super::{Shared, Torrents};

/// Why the cache does not do what the owner asks.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// Nothing is held of this film, and its metainfo is not here.
    #[error("nothing is known of this film")]
    Unknown,
    /// Kept films may take nine tenths of the cache; in bytes.
    #[error("kept films fill the cache: {need} bytes are needed, {left} are left")]
    Full {
        /// What the film takes.
        need: u64,
        /// What kept films may still take.
        left: u64,
    },
    /// The folder of the cache, and what is wrong with it.
    #[error("{0}: {1}")]
    Disk(PathBuf, #[source] std::io::Error),
}

impl Torrents {
    /// Every film of which the cache holds something, the last used first.
    pub fn held(&self) -> Vec<Held> {
        let shared = &self.running.0;
        let mut films = shared.store.films();
        for film in &mut films {
            let found = shared.shelf.find(film.info_hash);
            film.name = found.map(|metainfo| metainfo.name);
        }
        films.sort_by_key(|film| std::cmp::Reverse(film.last_used));
        films
    }

    /// Holds pieces in that folder from now on, or in the one that was configured; what is in the
    /// one before stays there. What is only looked at or given to others is closed for it. False: a
    /// film is open, and nothing has changed.
    pub fn keep_in(&self, folder: Option<&Path>) -> bool {
        let shared = &self.running.0;
        if !shared.open().is_empty() {
            return false;
        }
        let aside: Vec<_> = shared.aside().drain(..).collect();
        for download in aside {
            download.close();
        }
        let usual = || shared.config.cache_folder();
        let folder = folder.map_or_else(usual, Path::to_owned);
        let moved = folder == shared.store.folder() || shared.store.move_to(&folder);
        tracing::info!("films are kept in {}", shared.store.folder().display());
        moved
    }

    /// Keeps a film: what was and will be fetched of it is not evicted for others. Or not any more.
    ///
    /// # Errors
    /// `Unknown`, `Full`, or `Disk`: it does not take the mark.
    pub fn keep(&self, info_hash: [u8; 20], kept: bool) -> Result<(), KeepError> {
        let shared = &self.running.0;
        let length = match shared.shelf.find(info_hash) {
            Some(metainfo) => {
                let file = metainfo.film(None, shared.config.any_file);
                let file = file.map_err(|_| KeepError::Unknown)?;
                metainfo.files[file as usize].length
            }
            None if shared.store.knows(info_hash) => 0,
            None => return Err(KeepError::Unknown),
        };
        let done = shared.store.keep(info_hash, kept, length);
        done.map_err(|refusal| self.refused(refusal))
    }

    /// Deletes what is held of a film, kept or not.
    ///
    /// # Errors
    /// `Disk`: it does not give it up.
    pub fn forget(&self, info_hash: [u8; 20]) -> Result<(), KeepError> {
        let shared = &self.running.0;
        let pieces = shared.store.forget(info_hash);
        let pieces = pieces.map_err(|refusal| self.refused(refusal))?;
        if let Some(download) = shared.download_of(info_hash) {
            for piece in pieces {
                download.lost(piece);
            }
        }
        Ok(())
    }

    fn refused(&self, refusal: Refusal) -> KeepError {
        match refusal {
            Refusal::Full { need, left } => KeepError::Full { need, left },
            Refusal::Disk(error) => KeepError::Disk(self.running.0.store.folder(), error),
        }
    }

    /// Waits until every piece that is verified by now is on disk (or in RAM, where the disk does
    /// not take it): what is read is written a moment later. For an orderly end.
    pub async fn settled(&self) {
        let mut writing = self.running.0.writing.subscribe();
        // The sender lives as long as `self`.
        let _ = writing.wait_for(|pieces| *pieces == 0).await;
    }
}

impl Shared {
    /// Puts a metainfo file on the shelf; those of films that are held or kept stay there. Blocks
    /// on the disk.
    pub(super) fn shelve(&self, info_hash: [u8; 20], bytes: &[u8]) {
        let stays = |other| self.store.knows(other);
        self.shelf.keep(info_hash, bytes, stays);
    }
}
