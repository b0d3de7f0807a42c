//! Which adapter is the one to the screen's TV.
//!
//! A Raspberry Pi has one at each of its two sockets, and only one of these has the TV. The kernel
//! says which connector an adapter is of, the board which connector is the screen's.

use std::io;
use std::path::{Path, PathBuf};

use cec::Place;

use super::adapter::Adapter;

/// More than any machine of ours has.
const ADAPTERS_MAX: u32 = 16;

/// Where the kernel says what connectors there are.
const CONNECTORS: &str = "/sys/class/drm";

/// How well an adapter fits; the least is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Of the screen's connector.
    Ours,
    /// It does not say of which, or nobody said which is ours.
    Unknown,
    Another,
}

/// Where adapters appear, and which is wanted.
#[derive(Debug)]
pub(super) struct Nodes {
    pub(super) folder: PathBuf,
    /// As the kernel calls the screen's connector: `HDMI-A-1`.
    pub(super) connector: Option<String>,
}

impl Nodes {
    pub(super) fn path(&self, number: u32) -> PathBuf {
        self.folder.join(format!("cec{number}"))
    }

    /// The best of those that are there, but for the one that is open; of two as good, the one that
    /// has a TV.
    pub(super) fn best(&self, open: Option<u32>) -> Option<(Fit, u32, Adapter)> {
        let mut best: Option<(Fit, bool, u32, Adapter)> = None;
        for number in (0..ADAPTERS_MAX).filter(|number| Some(*number) != open) {
            let path = self.path(number);
            if !path.exists() {
                continue;
            }
            match Adapter::open(&path).and_then(|adapter| Ok((self.fit(&adapter)?, adapter))) {
                Ok((Some((fit, hidden)), adapter)) => {
                    let is_better = |it: &(Fit, bool, u32, Adapter)| (fit, hidden) < (it.0, it.1);
                    if best.as_ref().is_none_or(is_better) {
                        best = Some((fit, hidden, number, adapter));
                    }
                }
                // A socket for players is in a TV, not in a box.
                Ok((None, _)) => {}
                // Its rights come after the node.
                Err(why) => tracing::debug!("TV: {}: {why}", path.display()),
            }
        }
        best.map(|(fit, _, number, adapter)| (fit, number, adapter))
    }

    /// How well it fits, and whether it does not know where it is plugged in; none: it is a TV's.
    fn fit(&self, adapter: &Adapter) -> io::Result<Option<(Fit, bool)>> {
        let place = adapter.place()?;
        if place == Some(Place::TV) {
            return Ok(None);
        }
        let wanted = self.connector.as_deref();
        let of = adapter.connector().zip(wanted).and_then(|(of, wanted)| {
            let number = connector_number(Path::new(CONNECTORS), of.0, wanted)?;
            Some(number == of.1)
        });
        let fit = match of {
            Some(true) => Fit::Ours,
            Some(false) => Fit::Another,
            None => Fit::Unknown,
        };
        Ok(Some((fit, place.is_none())))
    }
}

/// The kernel's number of a connector of that card; none: it has none of that name.
fn connector_number(folder: &Path, card: u32, name: &str) -> Option<u32> {
    let file = folder.join(format!("card{card}-{name}/connector_id"));
    let number = std::fs::read_to_string(file).ok()?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connectors_are_known_by_their_cards_and_names() {
        let folder = tempfile::tempdir().unwrap();
        let of = folder.path().join("card1-HDMI-A-2");
        std::fs::create_dir(&of).unwrap();
        std::fs::write(of.join("connector_id"), "42\n").unwrap();
        let number = |card, name| connector_number(folder.path(), card, name);
        assert_eq!(number(1, "HDMI-A-2"), Some(42));
        assert_eq!((number(0, "HDMI-A-2"), number(1, "HDMI-A-1")), (None, None));
        assert!(Fit::Ours < Fit::Unknown && Fit::Unknown < Fit::Another);
    }

    #[test]
    fn what_is_no_adapter_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let nodes = Nodes {
            folder: folder.path().to_owned(),
            connector: None,
        };
        assert!(nodes.best(None).is_none());
        std::fs::write(nodes.path(0), "no device").unwrap();
        assert!(nodes.best(None).is_none());
    }
}
