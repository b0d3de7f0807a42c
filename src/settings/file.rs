//! The settings' file: TOML with the names of the command line's options.
//!
//! Only read here; what a settings screen will change it writes through this module then. Values
//! in words (`size = "1280x720"`) are read by the readers of the command line.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de::Error as _};

use super::arguments::{address, bytes, set, size, token};
use super::{Display, Secret, Settings, SettingsError};

/// A file with every setting has 300 bytes.
const FILE_BYTES: u64 = 64 * 1024;

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct SettingsFile {
    #[serde(deserialize_with = "in_words")]
    display: Option<Display>,
    #[serde(deserialize_with = "in_words")]
    size: Option<Size>,
    demo: Option<bool>,
    catalogue: Option<PathBuf>,
    #[serde(deserialize_with = "in_words")]
    control: Option<Address>,
    #[serde(deserialize_with = "in_words")]
    control_token: Option<Secret>,
    #[serde(deserialize_with = "in_words")]
    cache_bytes: Option<Bytes>,
    dht: Option<bool>,
    local_peers: Option<bool>,
    log: Option<String>,
}

#[derive(Debug)]
struct Size((u32, u32));
#[derive(Debug)]
struct Address(std::net::SocketAddr);
#[derive(Debug)]
struct Bytes(u64);

/// A value that the command line has a reader for.
trait Words: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

impl Words for Display {
    fn read(text: &str) -> Result<Self, String> {
        clap::ValueEnum::from_str(text, false)
            .map_err(|_| "must be one of auto, window, headless, kms".to_owned())
    }
}

impl Words for Size {
    fn read(text: &str) -> Result<Self, String> {
        size(text).map(Self)
    }
}

impl Words for Address {
    fn read(text: &str) -> Result<Self, String> {
        address(text).map(Self)
    }
}

impl Words for Bytes {
    fn read(text: &str) -> Result<Self, String> {
        bytes(text).map(Self)
    }
}

impl Words for Secret {
    fn read(text: &str) -> Result<Self, String> {
        token(text)
    }
}

fn in_words<'de, D: Deserializer<'de>, T: Words>(from: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(from)?;
    T::read(&text).map(Some).map_err(D::Error::custom)
}

/// Reads the file; one that is not there says nothing.
pub(super) fn read(path: &Path) -> Result<SettingsFile, SettingsError> {
    let failed = |source| SettingsError::File {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(SettingsFile::default());
        }
        file => file.map_err(failed)?,
    };
    let mut text = String::new();
    let read = file.take(FILE_BYTES + 1).read_to_string(&mut text);
    read.map_err(failed)?;
    if text.len() as u64 > FILE_BYTES {
        return Err(failed(io::Error::other("more than 64 KiB are no settings")));
    }
    parse(&text, path)
}

fn parse(text: &str, path: &Path) -> Result<SettingsFile, SettingsError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or(text);
        SettingsError::Mistake {
            path: path.to_owned(),
            line: 1 + before.matches('\n').count(),
            what: error.message().to_owned(),
        }
    })
}

impl SettingsFile {
    /// What the file says takes the place of what is there.
    pub(super) fn over(self, settings: &mut Settings) {
        set(&mut settings.display, self.display);
        set(&mut settings.size, self.size.map(|size| size.0));
        set(&mut settings.demo, self.demo);
        set(
            &mut settings.cache_bytes,
            self.cache_bytes.map(|bytes| bytes.0),
        );
        set(&mut settings.dht, self.dht);
        set(&mut settings.local_peers, self.local_peers);
        set(&mut settings.log, self.log);
        // A path in a file is taken from the file's folder, not from where the box was started.
        let catalogue = self.catalogue.map(|path| settings.data.join(path));
        settings.catalogue = catalogue.or(settings.catalogue.take());
        settings.control = self.control.map(|address| address.0).or(settings.control);
        settings.control_token = self.control_token.or(settings.control_token.take());
    }
}
