//! How the box takes part in swarms: what its owner lets it give and take, and by which ways.
//!
//! What the settings' file says of it, and over it what was chosen on the TV (`owner`). Whoever
//! downloads is told with each change ([`Effect::Share`](crate::Effect::Share)), and it holds at
//! once.

use crate::choices_page::Choice;
use crate::turning::{Turn, turned};
use crate::{OwnerSettings, Preferences};

/// What holds of sharing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Sharing {
    /// The master switch: without it films come from the web alone.
    pub peers: bool,
    pub encryption: Encryption,
    /// Bytes a second from peers and web seeds; 0: no limit.
    pub download_limit: u64,
    /// Bytes a second sent to peers; 0: no limit.
    pub upload_limit: u64,
    /// For how long a film that was closed is given to others; 0: not at all.
    pub seed_minutes: u32,
    /// It ends earlier once so much was given, in hundredths of what was got.
    pub seed_percent: u32,
    /// As of [`Preferences::metered`].
    pub metered: bool,
    /// The router is asked to let peers call.
    pub port_mapping: bool,
    /// Nothing leaves by another interface. The file alone says so, as all that follows.
    pub interface: Option<String>,
    /// Everything goes through a proxy.
    pub proxied: bool,
    /// There is a list of addresses to keep away from.
    pub blocks: bool,
}

impl Default for Sharing {
    fn default() -> Sharing {
        Sharing {
            peers: true,
            encryption: Encryption::default(),
            download_limit: 0,
            upload_limit: 0,
            seed_minutes: 30,
            seed_percent: 100,
            metered: false,
            port_mapping: true,
            interface: None,
            proxied: false,
            blocks: false,
        }
    }
}

/// Whether what peers say to each other is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encryption {
    /// Where the other side can.
    #[default]
    Prefer,
    /// Who cannot is no peer.
    Require,
    Off,
}

impl Encryption {
    /// As the settings' file and the store call them.
    pub const NAMES: [(&str, Encryption); 3] = [
        ("prefer", Encryption::Prefer),
        ("require", Encryption::Require),
        ("off", Encryption::Off),
    ];
}

/// What the owner chose of it on the TV; none: the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerSharing {
    pub peers: Option<bool>,
    pub encryption: Option<Encryption>,
    pub download_limit: Option<u64>,
    pub upload_limit: Option<u64>,
    pub seed_minutes: Option<u32>,
    pub seed_percent: Option<u32>,
    pub metered: Option<bool>,
    pub port_mapping: Option<bool>,
}

impl OwnerSharing {
    /// The file's, and over it this.
    pub fn over(&self, file: &Sharing) -> Sharing {
        Sharing {
            peers: self.peers.unwrap_or(file.peers),
            encryption: self.encryption.unwrap_or(file.encryption),
            download_limit: self.download_limit.unwrap_or(file.download_limit),
            upload_limit: self.upload_limit.unwrap_or(file.upload_limit),
            seed_minutes: self.seed_minutes.unwrap_or(file.seed_minutes),
            seed_percent: self.seed_percent.unwrap_or(file.seed_percent),
            metered: self.metered.unwrap_or(file.metered),
            port_mapping: self.port_mapping.unwrap_or(file.port_mapping),
            ..file.clone()
        }
    }

    /// All that goes by it, where the file's are.
    pub(crate) fn put(&self, all: &mut Preferences) {
        all.sharing = self.over(&all.sharing);
        all.metered = self.metered.unwrap_or(all.metered);
        all.wish.torrents = self.peers.unwrap_or(all.wish.torrents);
    }
}

/// A line of the page of downloads and sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    Peers,
    DownloadLimit,
    UploadLimit,
    SeedTime,
    SeedRatio,
    Metered,
    Encryption,
    PortMapping,
    /// What the file alone says: by which way everything goes ...
    Way,
    /// ... and from whom the box keeps away.
    Blocks,
}

pub(crate) const SHARES: [Choice; 10] = [
    Choice::Share(Share::Peers),
    Choice::Share(Share::DownloadLimit),
    Choice::Share(Share::UploadLimit),
    Choice::Share(Share::SeedTime),
    Choice::Share(Share::SeedRatio),
    Choice::Share(Share::Metered),
    Choice::Share(Share::Encryption),
    Choice::Share(Share::PortMapping),
    Choice::Share(Share::Way),
    Choice::Share(Share::Blocks),
];

/// Bytes a second, from what a slow line has to what a fast one has; 0: no limit.
const DOWNLOAD_LIMITS: [u64; 7] = [
    500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 0,
];
const UPLOAD_LIMITS: [u64; 7] = [50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 0];

/// Minutes; 0: not at all.
const SEED_MINUTES: [u32; 6] = [0, 10, 30, 60, 240, 1440];

/// Hundredths.
const SEED_PERCENT: [u32; 5] = [50, 100, 150, 200, 300];

impl Share {
    /// What the owner chose, with this turned.
    pub(crate) fn turn(self, mut owner: OwnerSettings, now: &Sharing, turn: Turn) -> OwnerSettings {
        let chosen = &mut owner.sharing;
        let switched = |on: bool| Some(turned(&[false, true], on, turn));
        match self {
            Share::Peers => chosen.peers = switched(now.peers),
            Share::DownloadLimit => {
                chosen.download_limit = Some(turned(&DOWNLOAD_LIMITS, now.download_limit, turn));
            }
            Share::UploadLimit => {
                chosen.upload_limit = Some(turned(&UPLOAD_LIMITS, now.upload_limit, turn));
            }
            Share::SeedTime => {
                chosen.seed_minutes = Some(turned(&SEED_MINUTES, now.seed_minutes, turn));
            }
            Share::SeedRatio => {
                chosen.seed_percent = Some(turned(&SEED_PERCENT, now.seed_percent, turn));
            }
            Share::Metered => chosen.metered = switched(now.metered),
            Share::Encryption => {
                let all = Encryption::NAMES.map(|(_, it)| it);
                chosen.encryption = Some(turned(&all, now.encryption, turn));
            }
            Share::PortMapping => chosen.port_mapping = switched(now.port_mapping),
            // The file says it, and nobody at the TV is to undo it.
            Share::Way | Share::Blocks => {}
        }
        owner
    }
}
