//! The last good EDID of each socket: a small file each, in the data folder.
//!
//! Which one counts is decided in `sink`; here bytes are read and written. Nothing depends on it:
//! what cannot be read or written is said, and the screen is lit as well without.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sink::{Counting, counting};

use crate::small_file;

/// An EDID has at most 256 blocks of 128 bytes.
const BYTES_MAX: u64 = 32 * 1024;

/// Where they are kept, or nowhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    folder: Option<PathBuf>,
}

impl Kept {
    pub(super) fn new(folder: Option<PathBuf>) -> Kept {
        Kept { folder }
    }

    /// What counts of that socket, with its EDID as it is seen now; a good new one is kept.
    pub(super) fn counting(&self, socket: &str, seen: Option<&[u8]>) -> Counting {
        let path = self.folder.as_deref().map(|folder| file(folder, socket));
        let kept = path.as_deref().and_then(read);
        let counts = counting(seen, kept.as_deref());
        if let (true, Some(path), Some(seen)) = (counts.remember, path, seen)
            && let Err(why) = write(&path, seen)
        {
            tracing::warn!("{}: {why}", path.display());
        }
        counts
    }
}

/// The kernel's names of sockets are letters, digits and `-`; no other byte gets into a path.
fn file(folder: &Path, socket: &str) -> PathBuf {
    let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '-' };
    folder.join(format!(
        "{}.edid",
        socket.chars().map(plain).collect::<String>()
    ))
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes));
    match read {
        Ok(_) => Some(bytes),
        Err(why) if why.kind() == io::ErrorKind::NotFound => None,
        Err(why) => {
            tracing::warn!("{}: {why}", path.display());
            None
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    small_file::replace(path, bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use sink::Whose;

    /// A first block with one mode, whole.
    fn edid(serial: u8) -> Vec<u8> {
        let mut edid = vec![0; 128];
        edid[..8].copy_from_slice(&[0, 255, 255, 255, 255, 255, 255, 0]);
        edid[8..20].copy_from_slice(&[0x4d, 0xd9, 3, 0x94, serial, 0, 0, 0, 1, 25, 1, 3]);
        let timing = [
            0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58, 0x2c, 0x45,
        ];
        edid[54..65].copy_from_slice(&timing);
        edid[127] = edid.iter().fold(0_u8, |sum, byte| sum.wrapping_sub(*byte));
        edid
    }

    #[test]
    fn a_socket_remembers_its_last_screen() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(Some(folder.path().join("screens")));
        let whose = |socket, seen: Option<&[u8]>| kept.counting(socket, seen).whose;
        assert_eq!(whose("HDMI-A-1", None), Whose::Nobodys);
        assert_eq!(whose("HDMI-A-1", Some(&edid(1))), Whose::Seen);
        assert_eq!(whose("HDMI-A-2", None), Whose::Nobodys);
        for off in [None, Some(&[][..]), Some(&[0; 128][..])] {
            let counts = kept.counting("HDMI-A-1", off);
            assert_eq!(
                (counts.whose, counts.facts.numbers.1),
                (Whose::Remembered, 1)
            );
        }
        assert_eq!(whose("HDMI-A-1", Some(&edid(2))), Whose::Seen);
        assert_eq!(kept.counting("HDMI-A-1", None).facts.numbers.1, 2);
        let names = fs::read_dir(folder.path().join("screens")).unwrap();
        let names: Vec<_> = names.map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, ["HDMI-A-1.edid"]);
    }

    #[test]
    fn without_a_folder_it_is_as_if_nothing_had_been() {
        let folder = tempfile::tempdir().unwrap();
        // What should be the folder is a file.
        let taken = folder.path().join("taken");
        fs::write(&taken, "").unwrap();
        for kept in [Kept::default(), Kept::new(Some(taken))] {
            assert_eq!(kept.counting("DP-1", Some(&edid(1))).whose, Whose::Seen);
            assert_eq!(kept.counting("DP-1", None).whose, Whose::Nobodys);
        }
        assert_eq!(file(Path::new("a"), "../x/y"), Path::new("a/---x-y.edid"));
    }
}
