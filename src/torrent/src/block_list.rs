//! The block list: addresses that are neither called nor let in, from a file.
//!
//! Read beside the runtime's threads at the start and again when the file changes. Until it was
//! read once, everybody is blocked; a file that cannot be read blocks nobody, and says so. What is
//! in it is [`super::ranges`]'s business.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::net::IpAddr;
use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use flate2::bufread::MultiGzDecoder;

use super::Shared;
use super::download::blocking;
use super::ranges::Ranges;

/// Unpacked; a list of two million lines with names.
const LIST_MAX_BYTES: u64 = 64 * 1024 * 1024;
/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// What gzip begins with (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Whom we keep away from.
#[derive(Debug, Default)]
pub(super) struct BlockList(RwLock<State>);

#[derive(Debug, Default)]
enum State {
    /// There is no list.
    #[default]
    Off,
    Reading,
    Read(Ranges),
}

impl BlockList {
    /// One that is going to be read, or none.
    pub(super) fn new(wanted: bool) -> BlockList {
        let state = if wanted { State::Reading } else { State::Off };
        BlockList(RwLock::new(state))
    }

    pub(super) fn blocks(&self, ip: IpAddr) -> bool {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            State::Off => false,
            State::Reading => true,
            State::Read(ranges) => ranges.holds(ip),
        }
    }

    pub(super) fn set(&self, ranges: Ranges) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = State::Read(ranges);
    }
}

/// Reads the list, plain or packed by gzip.
///
/// # Errors
/// Those of the file.
pub(super) fn read(path: &Path) -> io::Result<Ranges> {
    let mut file = BufReader::new(File::open(path)?);
    let packed = {
        use std::io::BufRead;
        file.fill_buf()?.starts_with(&GZIP)
    };
    if packed {
        let unpacked = MultiGzDecoder::new(file).take(LIST_MAX_BYTES);
        Ranges::read(BufReader::new(unpacked))
    } else {
        Ranges::read(file.take(LIST_MAX_BYTES))
    }
}

/// Keeps the list as the file has it, until the program ends.
pub(super) async fn follow(shared: std::sync::Arc<Shared>) {
    let Some(path) = shared.config.block_list.clone() else {
        return;
    };
    let mut seen = None;
    loop {
        let now = stamp(&path);
        // Nothing can be the same as before only from the second time on.
        if seen != Some(now) {
            seen = Some(now);
            let file = path.clone();
            let ranges = match blocking(move || read(&file)).await {
                Ok(ranges) => ranges,
                Err(error) => {
                    tracing::warn!("block list {}: {error}; nobody is blocked", path.display());
                    Ranges::default()
                }
            };
            tell(&path, &ranges);
            shared.block_list.set(ranges);
            for download in shared.downloads() {
                download.block_list_changed();
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn tell(path: &Path, ranges: &Ranges) {
    let path = path.display();
    tracing::info!("block list {path}: {} ranges", ranges.len());
    if ranges.bad > 0 {
        let lines = &ranges.bad_lines;
        tracing::warn!(
            "block list {path}: {} bad lines, first {lines:?}",
            ranges.bad
        );
    }
    if ranges.cut {
        tracing::warn!("block list {path}: too long, its end is left out");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn packed_and_plain_say_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, packed) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&plain, "x:1.2.3.4-1.2.3.5\n1.0.0.0/8\n").unwrap();
        let mut bytes = Vec::new();
        for part in ["x:1.2.3.4-1.2.3.5\n", "1.0.0.0/8\n"] {
            // Two members in one file, as `cat` makes them.
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(part.as_bytes()).unwrap();
            bytes.extend(encoder.finish().unwrap());
        }
        fs::write(&packed, &bytes).unwrap();
        assert_eq!(read(&plain).unwrap(), read(&packed).unwrap());
        assert_eq!(read(&plain).unwrap().len(), 1);
        fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
        assert!(read(&packed).is_err());
        assert!(read(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_bomb_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bomb.gz");
        let mut encoder = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
        let line = vec![b'\n'; 1 << 20];
        for _ in 0..80 {
            encoder.write_all(&line).unwrap();
        }
        encoder.write_all(b"1.2.3.4\n").unwrap();
        encoder.finish().unwrap();
        assert_eq!(read(&path).unwrap().len(), 0);
    }

    #[test]
    fn nobody_is_met_before_the_list_was_read() {
        let ip = [9, 9, 9, 9].into();
        let list = BlockList::new(true);
        assert!(list.blocks(ip));
        list.set(Ranges::default());
        assert!(!list.blocks(ip));
        assert!(!BlockList::default().blocks(ip));
    }
}
