//! Small files: what the owner, the board or the system say to the box, and what it keeps itself.
//!
//! Read whole and bounded. One that is not there is no mistake: what it would say is then not said.
//! Written so that there is always a whole one, whenever the power goes.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

/// The longest that is taken; ours have some 500 bytes.
const BYTES_MAX: u64 = 64 * 1024;

/// Why such a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SmallFileError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {what}", path.display())]
    Mistake { path: PathBuf, what: String },
}

/// What the file says; none when there is none. `kind`: of what it is a file, for the
/// error ("settings").
///
/// # Errors
/// It cannot be read, is no UTF-8, or has more than 64 KiB.
pub fn read(path: &Path, kind: &str) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut text = String::new();
    file.take(BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > BYTES_MAX {
        let why = format!("more than 64 KiB are no {kind}");
        return Err(io::Error::other(why));
    }
    Ok(Some(text))
}

/// What `parse` makes of what the file says; none when there is none.
///
/// # Errors
/// It cannot be read, or `parse` finds a mistake.
pub fn parsed<T>(
    path: &Path,
    kind: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, SmallFileError> {
    let path_buf = || path.to_owned();
    let text = read(path, kind).map_err(|source| SmallFileError::File {
        path: path_buf(),
        source,
    })?;
    let parsed = text.map(|text| parse(&text)).transpose();
    parsed.map_err(|what| SmallFileError::Mistake {
        path: path_buf(),
        what,
    })
}

/// The keys and values of such a text, with their places.
///
/// # Errors
/// It is no TOML: the byte where, and why.
pub fn table(text: &str) -> Result<Spanned<DeTable<'_>>, (usize, String)> {
    DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (at, error.message().to_owned())
    })
}

/// The line of that byte, from 1.
#[must_use]
pub fn line(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or(text).matches('\n').count()
}

/// Puts a file with this content there: written beside, then renamed, and both are on the disk.
///
/// # Errors
/// It cannot be written; the one before is still there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_with(path, content, None)
}

/// The same for what nobody but the box's own user may read.
///
/// # Errors
/// As [`replace`].
pub fn replace_private(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_with(path, content, Some(0o600))
}

fn replace_with(path: &Path, content: &[u8], mode: Option<u32>) -> io::Result<()> {
    let mut making = path.as_os_str().to_owned();
    making.push(".new");
    let mut file = File::create(&making)?;
    if let Some(mode) = mode {
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&making, path)?;
    // The name is written too.
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_something_or_is_not_there_or_is_too_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(read(&path, "note").unwrap(), None);
        std::fs::write(&path, "x".repeat(64 * 1024)).unwrap();
        assert_eq!(read(&path, "note").unwrap().unwrap().len(), 64 * 1024);
        std::fs::write(&path, "x".repeat(64 * 1024 + 1)).unwrap();
        let told = read(&path, "note").unwrap_err().to_string();
        assert_eq!(told, "more than 64 KiB are no note");
    }

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for content in ["one", "another"] {
            replace(&path, content.as_bytes()).unwrap();
            assert_eq!(read(&path, "note").unwrap().as_deref(), Some(content));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(&path.join("below"), b"x").is_err());
    }

    #[test]
    fn a_mistake_in_a_text_has_a_place() {
        let text = "a = 1\nb = \n";
        let (at, _) = table(text).unwrap_err();
        assert_eq!(line(text, at), 2);
        assert!(table("a = 1").is_ok());
    }

    #[test]
    fn a_mistake_is_told_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let number = |text: &str| text.parse::<u8>().map_err(|error| error.to_string());
        assert_eq!(parsed(&path, "note", number).unwrap(), None);
        std::fs::write(&path, "7").unwrap();
        assert_eq!(parsed(&path, "note", number).unwrap(), Some(7));
        std::fs::write(&path, "seven").unwrap();
        let told = parsed(&path, "note", number).unwrap_err().to_string();
        assert!(
            told.ends_with("file: invalid digit found in string"),
            "{told}"
        );
    }
}
