//! How fast a disk is: a file is written and read again, in bounded bytes and time.
//!
//! Sticks take a burst much faster than they go on, so the end of the measure counts as much as its
//! beginning; what the memory would hide is written through, and thrown away before it is read.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::Advice;

/// More than the buffer of a stick.
const BYTES: usize = 64 << 20;

/// One write, and the read of as much.
const PART: usize = 4 << 20;

/// For each of the two ways: one that has not done it all by then is measured by what it did.
const TIME_MAX: Duration = Duration::from_secs(4);

/// The name of the file, while it is there.
const NAME: &str = "speed";

/// The slower of writing and reading in `folder`, in bytes a second.
///
/// # Errors
/// The disk does not take the file, or is gone.
pub(super) fn measure(folder: &Path) -> io::Result<u64> {
    let path = folder.join(NAME);
    let measured = written(&path).and_then(|(length, wrote)| Ok(wrote.min(read(&path, length)?)));
    let removed = fs::remove_file(&path);
    let speed = measured?;
    removed?;
    Ok(speed)
}

/// How much was written, and how fast.
fn written(path: &Path) -> io::Result<(usize, u64)> {
    // Not zeros: some controllers do not write those.
    let mut part = vec![0; PART];
    for (number, byte) in part.iter_mut().enumerate() {
        *byte = (number.wrapping_mul(0x9e37_79b9) >> 11) as u8;
    }
    let begun = Instant::now();
    let mut file = File::create(path)?;
    let mut length = 0;
    while length < BYTES && begun.elapsed() < TIME_MAX {
        file.write_all(&part)?;
        file.sync_data()?;
        length += PART;
    }
    Ok((length, rate(length, begun.elapsed())))
}

fn read(path: &Path, length: usize) -> io::Result<u64> {
    let mut file = File::open(path)?;
    rustix::fs::fadvise(&file, 0, None, Advice::DontNeed)?;
    let mut part = vec![0; PART];
    let begun = Instant::now();
    let mut done = 0;
    while done < length && begun.elapsed() < TIME_MAX {
        file.read_exact(&mut part)?;
        done += PART;
    }
    Ok(rate(done, begun.elapsed()))
}

fn rate(bytes: usize, time: Duration) -> u64 {
    (bytes as f64 / time.as_secs_f64().max(1e-6)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_measured_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let speed = measure(folder.path()).unwrap();
        assert!(speed > 100_000, "{speed}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(measure(&folder.path().join("gone")).is_err());
    }

    #[test]
    fn a_rate_is_bytes_by_time() {
        assert_eq!(rate(10_000_000, Duration::from_millis(500)), 20_000_000);
        assert!(rate(PART, Duration::ZERO) > 0);
    }
}
