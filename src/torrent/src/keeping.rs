//! The owner's hold on films: keep one, give one up, see what there is.
//!
//! Blocks on the disk. Knows no session: what is open goes on, and fetches again what was given
//! up under it.

use std::path::PathBuf;

use super::store::{Held, Refusal};
use super::{TorrentError, Torrents};

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

    /// Keeps a film: what was and will be fetched of it is not evicted for others. Or not any more.
    ///
    /// # Errors
    /// `Unknown`, `KeptFull`, or `Mark`: a disk that does not take the mark.
    pub fn keep(&self, info_hash: [u8; 20], kept: bool) -> Result<(), TorrentError> {
        let shared = &self.running.0;
        let length = match shared.shelf.find(info_hash) {
            Some(metainfo) => {
                let file = metainfo.film(None);
                let file = file.map_err(|_| TorrentError::Unknown)?;
                metainfo.files[file as usize].length
            }
            None if shared.store.knows(info_hash) => 0,
            None => return Err(TorrentError::Unknown),
        };
        let done = shared.store.keep(info_hash, kept, length);
        done.map_err(|refusal| self.refused(refusal))
    }

    /// Deletes what is held of a film, kept or not.
    ///
    /// # Errors
    /// `Mark`: a disk that does not give it up.
    pub fn forget(&self, info_hash: [u8; 20]) -> Result<(), TorrentError> {
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

    fn refused(&self, refusal: Refusal) -> TorrentError {
        match refusal {
            Refusal::Full { need, left } => TorrentError::KeptFull { need, left },
            Refusal::Disk(error) => TorrentError::Mark(self.cache_folder(), error),
        }
    }

    fn cache_folder(&self) -> PathBuf {
        self.running.0.config.data.join("cache")
    }
}
