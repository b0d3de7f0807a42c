//! Small files that say something to the box: of its owner, its board or its system.
//!
//! Read whole and bounded. One that is not there is no mistake: what it would say is then not said.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The longest that is taken; ours have some 500 bytes.
const BYTES_MAX: u64 = 64 * 1024;

/// Why such a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TextFileError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {what}", path.display())]
    Mistake { path: PathBuf, what: String },
}

/// What the file says; none when there is none.
///
/// # Errors
/// It cannot be read, is no UTF-8, or has more than 64 KiB.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut text = String::new();
    file.take(BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > BYTES_MAX {
        return Err(io::Error::other(
            "more than 64 KiB are taken from no such file",
        ));
    }
    Ok(Some(text))
}

/// What `parse` makes of what the file says; none when there is none.
///
/// # Errors
/// It cannot be read, or `parse` finds a mistake.
pub fn parsed<T>(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, TextFileError> {
    let path_buf = || path.to_owned();
    let text = read(path).map_err(|source| TextFileError::File {
        path: path_buf(),
        source,
    })?;
    let parsed = text.map(|text| parse(&text)).transpose();
    parsed.map_err(|what| TextFileError::Mistake {
        path: path_buf(),
        what,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_something_or_is_not_there_or_is_too_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(read(&path).unwrap(), None);
        std::fs::write(&path, "x".repeat(64 * 1024)).unwrap();
        assert_eq!(read(&path).unwrap().unwrap().len(), 64 * 1024);
        std::fs::write(&path, "x".repeat(64 * 1024 + 1)).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("64 KiB"));
    }

    #[test]
    fn a_mistake_is_told_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let number = |text: &str| text.parse::<u8>().map_err(|error| error.to_string());
        assert_eq!(parsed(&path, number).unwrap(), None);
        std::fs::write(&path, "7").unwrap();
        assert_eq!(parsed(&path, number).unwrap(), Some(7));
        std::fs::write(&path, "seven").unwrap();
        let told = parsed(&path, number).unwrap_err().to_string();
        assert!(
            told.ends_with("file: invalid digit found in string"),
            "{told}"
        );
    }
}
