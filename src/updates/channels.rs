//! Where updates come from, as the image says (`update.toml`), and what runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fetch::Url;
use ota::Key;
use serde::Deserialize;

/// Where an image has the file.
pub const USUAL_FILE: &str = "/usr/share/matinee/update.toml";

/// Where a system says which it is (os-release(5)).
pub const RELEASE_FILE: &str = "/usr/lib/os-release";

/// Two channels and two keys are 500 bytes.
const FILE_BYTES: u64 = 64 * 1024;

/// The channel that is followed unless the owner chose another.
const USUAL: &str = "stable";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channels {
    /// Addresses of the channels' files, by name.
    pub(super) all: BTreeMap<Arc<str>, Url>,
    /// Whose signatures count.
    pub(super) keys: Vec<Key>,
    /// The servers may be at home.
    pub(super) at_home: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default, rename = "at-home")]
    at_home: bool,
    #[serde(default)]
    channels: BTreeMap<String, String>,
}

/// Why the file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ChannelsError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {what}", path.display())]
    Mistake { path: PathBuf, what: String },
}

impl Channels {
    /// Reads the file; none when there is none: this machine is not updated this way.
    ///
    /// # Errors
    /// It cannot be read, or has a mistake.
    pub fn read(path: &Path) -> Result<Option<Channels>, ChannelsError> {
        let Some(text) = text(path)? else {
            return Ok(None);
        };
        let parsed = Channels::parse(&text);
        let mistake = |what| ChannelsError::Mistake {
            path: path.to_owned(),
            what,
        };
        parsed.map(Some).map_err(mistake)
    }

    fn parse(text: &str) -> Result<Channels, String> {
        let said: Said = toml::from_str(text).map_err(|error| error.to_string())?;
        let keys = said.keys.iter().map(|key| Key::parse(key));
        let keys: Result<Vec<_>, _> = keys.collect();
        let keys = keys.map_err(|error| format!("keys: {error}"))?;
        if keys.is_empty() && !said.channels.is_empty() {
            return Err("keys: channels without a key could not be trusted".to_owned());
        }
        let mut all = BTreeMap::new();
        for (name, address) in said.channels {
            let url = address.parse::<Url>().ok();
            let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
            let url = url.ok_or_else(|| format!("channels.{name}: {address:?} is no address"))?;
            all.insert(Arc::from(name), url);
        }
        Ok(Channels {
            all,
            keys,
            at_home: said.at_home,
        })
    }

    /// Their names.
    pub fn names(&self) -> Vec<Arc<str>> {
        self.all.keys().cloned().collect()
    }

    /// The one that is followed, if the owner chose `chosen`.
    pub(super) fn followed(&self, chosen: Option<&str>) -> Option<Arc<str>> {
        let known = |name: &str| {
            self.all
                .get_key_value(name)
                .map(|(name, _)| Arc::clone(name))
        };
        let chosen = chosen.and_then(known).or_else(|| known(USUAL));
        chosen.or_else(|| self.all.keys().next().cloned())
    }

    /// Hosts at home that may be called.
    pub fn hosts(&self) -> Vec<String> {
        let places = self.all.values().filter(|_| self.at_home);
        let host = |url: &Url| {
            Some(format!(
                "{}:{}",
                url.host_str()?,
                url.port_or_known_default()?
            ))
        };
        places.filter_map(host).collect()
    }
}

/// The version in a file as of os-release(5); none where none is said.
pub fn version(release: &Path) -> Option<String> {
    let text = text(release).ok().flatten()?;
    let mut lines = text.lines();
    let said = lines.find_map(|line| line.strip_prefix("IMAGE_VERSION="))?;
    let said = said.trim_matches(['"', '\'']);
    (!said.is_empty()).then(|| said.to_owned())
}

fn text(path: &Path) -> Result<Option<String>, ChannelsError> {
    let failed = |source| ChannelsError::File {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed)?,
    };
    let mut text = String::new();
    let read = file.take(FILE_BYTES).read_to_string(&mut text);
    read.map_err(failed)?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> String {
        "ab".repeat(32)
    }

    fn two() -> Channels {
        let text = format!(
            "keys = [\"{}\"]\nat-home = true\n[channels]\n\
             stable = \"https://u.example/stable.dsse\"\nbeta = \"http://10.0.2.2:8080/b.dsse\"\n",
            key()
        );
        Channels::parse(&text).unwrap()
    }

    #[test]
    fn the_file_names_channels_and_keys() {
        let channels = two();
        assert_eq!(channels.names(), ["beta".into(), "stable".into()]);
        assert_eq!(channels.hosts(), ["10.0.2.2:8080", "u.example:443"]);
        assert_eq!(channels.followed(None).as_deref(), Some("stable"));
        assert_eq!(channels.followed(Some("beta")).as_deref(), Some("beta"));
        assert_eq!(channels.followed(Some("gone")).as_deref(), Some("stable"));
    }

    #[test]
    fn hosts_at_home_are_called_where_the_file_says_so_alone() {
        let far = Channels {
            at_home: false,
            ..two()
        };
        assert!(far.hosts().is_empty());
    }

    #[test]
    fn an_empty_file_is_a_box_that_follows_nothing() {
        let channels = Channels::parse("keys = []\n[channels]\n").unwrap();
        assert_eq!((channels.names().len(), channels.followed(None)), (0, None));
    }

    #[test]
    fn mistakes_are_told() {
        let told = |text: &str| Channels::parse(text).unwrap_err();
        assert!(told("keys = [\"ab\"]").contains("64 hex digits"));
        let unsigned = told("[channels]\nstable = \"https://u.example/\"");
        assert!(unsigned.contains("without a key"), "{unsigned}");
        let text = format!("keys = [\"{}\"]\n[channels]\nstable = \"file:///a\"", key());
        assert!(told(&text).contains("channels.stable"));
        assert!(told("chanels = 1").contains("chanels"));
    }

    #[test]
    fn the_system_says_which_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("os-release");
        assert_eq!(version(&path), None);
        std::fs::write(&path, "NAME=Matinee\nIMAGE_VERSION=\"1.4.0\"\n").unwrap();
        assert_eq!(version(&path).as_deref(), Some("1.4.0"));
        std::fs::write(&path, "NAME=Debian\n").unwrap();
        assert_eq!(version(&path), None);
    }
}
