//! Where updates come from, as the image says (`update.toml`), and what runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use fetch::Url;
use ota::Key;
use serde::Deserialize;

use crate::small_file::{self, SmallFileError};

/// Where an image has the file.
pub const USUAL_FILE: &str = "/usr/share/matinee/update.toml";

/// Where a system says which it is (os-release(5)).
pub const RELEASE_FILE: &str = "/usr/lib/os-release";

/// Where a system notes the version that it gave up, and why (`systemd/state`).
pub const GIVEN_UP_FILE: &str = "/data/system/went-back";

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

impl Channels {
    /// Reads the file; none when there is none: this machine is not updated this way.
    ///
    /// # Errors
    /// It cannot be read, or has a mistake.
    pub fn read(path: &Path) -> Result<Option<Channels>, SmallFileError> {
        small_file::parsed(path, "list of channels", Channels::parse)
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
    let text = small_file::read(release, "release").ok().flatten()?;
    let mut lines = text.lines();
    let said = lines.find_map(|line| line.strip_prefix("IMAGE_VERSION="))?;
    let said = said.trim_matches(['"', '\'']);
    (!said.is_empty()).then(|| said.to_owned())
}

/// The version that was given up because it did not come up, wherever it came from.
pub(super) fn given_up(file: &Path) -> Option<String> {
    let text = small_file::read(file, "version").ok().flatten()?;
    text.split_whitespace().next().map(str::to_owned)
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
    fn the_system_says_what_it_gave_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("went-back");
        assert_eq!(given_up(&path), None);
        std::fs::write(&path, "1.5.0 never-up\n").unwrap();
        assert_eq!(given_up(&path).as_deref(), Some("1.5.0"));
        // As the script writes it.
        let script = include_str!("../../systemd/failed");
        assert!(script.contains("keep went-back \"$IMAGE_VERSION never-up\""));
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
