//! Whether this box takes what its channel offers.
//!
//! Only forward: a sequence below one that was seen before is refused, also when it is newer than
//! what runs, because whoever can hold back files could otherwise keep a box on a release whose
//! faults are known (a freeze or rollback attack in the terms of The Update Framework).

use aws_lc_rs::digest::{SHA256, digest};
use semver::Version;

use crate::channel::{Bundle, Channel};

/// What the box says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The board's name, which is that of its folder.
    pub board: String,
    /// The channel that its owner chose.
    pub channel: String,
    /// What runs.
    pub version: Version,
    /// The highest sequence seen in that channel.
    pub sequence_seen: u64,
    /// The sequence of what runs; zero for what was never an update.
    pub sequence: u64,
    /// Random, made once: which boxes are the first to take a release.
    pub id: [u8; 16],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Update(Offer),
    /// What is offered runs already.
    UpToDate,
    /// Others take it first.
    Later,
    Refused(Refusal),
}

/// A release to be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub version: Version,
    pub sequence: u64,
    pub bundle: Bundle,
    pub notes: String,
    /// The channel was to be renewed by now: the owner is told.
    pub expired: bool,
}

/// Why it is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the file is of the channel {found}, this box follows {followed}")]
    Channel { found: String, followed: String },
    #[error("release {offered} is older than {seen}, which was offered before")]
    Older { offered: u64, seen: u64 },
    #[error("there is no update for this board ({0})")]
    Board(String),
    #[error("it needs version {0} first")]
    Minimum(Version),
}

impl Host {
    /// What to do with the channel as it is at `now_s` (seconds since 1970). `asked`: the owner
    /// asks for it now, and does not wait for others.
    pub fn decide(&self, channel: &Channel, now_s: u64, asked: bool) -> Decision {
        if channel.channel != self.channel {
            return Decision::Refused(Refusal::Channel {
                found: channel.channel.clone(),
                followed: self.channel.clone(),
            });
        }
        if channel.sequence < self.sequence_seen {
            return Decision::Refused(Refusal::Older {
                offered: channel.sequence,
                seen: self.sequence_seen,
            });
        }
        if channel.sequence <= self.sequence {
            return Decision::UpToDate;
        }
        let Some(bundle) = channel.bundles.get(&self.board) else {
            return Decision::Refused(Refusal::Board(self.board.clone()));
        };
        if self.version < channel.minimum {
            return Decision::Refused(Refusal::Minimum(channel.minimum.clone()));
        }
        if !asked && self.turn(channel.sequence) >= channel.rollout_percent {
            return Decision::Later;
        }
        Decision::Update(Offer {
            version: channel.version.clone(),
            sequence: channel.sequence,
            bundle: bundle.clone(),
            notes: channel.notes.clone(),
            expired: now_s >= channel.expires_s,
        })
    }

    /// When it is this box's turn at a release, of 0 to 99: another at each, so that the first to
    /// find a fault are not always the same.
    fn turn(&self, sequence: u64) -> u8 {
        let told = [&self.id[..], &sequence.to_be_bytes()].concat();
        let hash = digest(&SHA256, &told);
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_ref()[..8]);
        (u64::from_be_bytes(first) % 100) as u8
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn channel() -> Channel {
        let mut example = crate::channel::tests::example();
        example["rollout_percent"] = 100.into();
        serde_json::from_value(example).unwrap()
    }

    fn host() -> Host {
        Host {
            board: "rpi4".into(),
            channel: "stable".into(),
            version: Version::new(1, 3, 0),
            sequence_seen: 41,
            sequence: 41,
            id: [7; 16],
        }
    }

    const BEFORE: u64 = 1_999_999;

    #[test]
    fn the_next_release_is_taken() {
        let Decision::Update(offer) = host().decide(&channel(), BEFORE, false) else {
            panic!("it is offered");
        };
        assert_eq!((offer.sequence, offer.expired), (42, false));
        assert_eq!(offer.bundle.url, "matinee-rpi4-1.4.0.raucb");
    }

    #[test]
    fn a_channel_nobody_renews_is_said_to_be_so() {
        let decision = host().decide(&channel(), BEFORE + 1, false);
        assert!(matches!(
            decision,
            Decision::Update(Offer { expired: true, .. })
        ));
    }

    #[test]
    fn what_runs_is_not_installed_again() {
        let host = Host {
            sequence: 42,
            sequence_seen: 42,
            ..host()
        };
        assert_eq!(host.decide(&channel(), BEFORE, true), Decision::UpToDate);
    }

    #[test]
    fn each_refusal_says_why() {
        let refused = |host: &Host| match host.decide(&channel(), BEFORE, true) {
            Decision::Refused(refusal) => refusal.to_string(),
            other => panic!("{other:?}"),
        };
        let mut older = host();
        older.sequence_seen = 43;
        let mut elsewhere = host();
        elsewhere.board = "pc".into();
        let mut old = host();
        old.version = Version::new(1, 1, 9);
        let mut beta = host();
        beta.channel = "beta".into();
        assert_eq!(
            [older, elsewhere, old, beta].map(|it| refused(&it)),
            [
                "release 42 is older than 43, which was offered before",
                "there is no update for this board (pc)",
                "it needs version 1.2.0 first",
                "the file is of the channel stable, this box follows beta",
            ]
        );
    }

    #[test]
    fn a_fifth_of_the_boxes_is_a_fifth() {
        let mut channel = channel();
        channel.rollout_percent = 20;
        let takes = |host: &Host| {
            let decision = host.decide(&channel, BEFORE, false);
            matches!(decision, Decision::Update(_))
        };
        let boxes = (0..10_000_u128).map(|id| Host {
            id: id.to_be_bytes(),
            ..host()
        });
        let share = boxes.filter(takes).count();
        assert!((1_800..2_200).contains(&share), "{share}");
        // And who asks gets it.
        let last = (0..).map(|id: u128| Host {
            id: id.to_be_bytes(),
            ..host()
        });
        let last = last.into_iter().find(|it| !takes(it)).unwrap();
        assert_eq!(last.decide(&channel, BEFORE, false), Decision::Later);
        assert!(matches!(
            last.decide(&channel, BEFORE, true),
            Decision::Update(_)
        ));
    }

    proptest! {
        /// Whatever the box and the channel say: never back, and never another board's.
        #[test]
        fn no_box_goes_back(
            seen in 0..100_u64, runs in 0..100_u64, offered in 0..100_u64,
            percent in 0..=100_u8, id in any::<[u8; 16]>(), asked: bool,
        ) {
            let mut channel = channel();
            channel.sequence = offered;
            channel.rollout_percent = percent;
            let host = Host { sequence_seen: seen, sequence: runs, id, ..host() };
            if let Decision::Update(offer) = host.decide(&channel, BEFORE, asked) {
                prop_assert!(offer.sequence > runs && offer.sequence >= seen);
            }
        }

        /// A release that more boxes may take is taken by those that could before.
        #[test]
        fn a_rollout_only_grows(percent in 0..100_u8, id in any::<[u8; 16]>()) {
            let mut channel = channel();
            let host = Host { id, ..host() };
            channel.rollout_percent = percent;
            let before = host.decide(&channel, BEFORE, false);
            channel.rollout_percent = percent + 1;
            let after = host.decide(&channel, BEFORE, false);
            let taken = |it: &Decision| matches!(it, Decision::Update(_));
            prop_assert!(!taken(&before) || taken(&after));
        }
    }
}
