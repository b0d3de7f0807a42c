//! What the owner chose on the box, in the shape of the file and of exports.

use app::{Encryption, OwnerSettings, OwnerSharing, Pace, ShowTexts, VolumeWish, Zone};
use serde::{Deserialize, Serialize};

/// What the settings' file takes at most.
const OVERSCAN_MAX: u8 = 15;

/// By names; one of a later release is as if it had not been chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    #[serde(skip_serializing_if = "Option::is_none")]
    autoplay: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefetch: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    screensaver_min: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    screen_off_min: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tv_wake: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standby_follows: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standby_turns_off: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_pauses: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contrast: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    large_text: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overscan: Option<u8>,
    #[serde(flatten)]
    sharing: Sharing,
    spoken: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    welcomed: bool,
}

impl From<OwnerSettings> for Chosen {
    fn from(owner: OwnerSettings) -> Chosen {
        Chosen {
            autoplay: owner.autoplay,
            subtitles: owner.texts.map(|it| name(&ShowTexts::NAMES, it)),
            prefetch: owner.prefetch,
            volume: owner.volume.map(|it| name(&VolumeWish::NAMES, it)),
            screensaver_min: owner.screensaver_min,
            screen_off_min: owner.screen_off_min,
            tv_wake: owner.tv_wake,
            standby_follows: owner.standby_follows,
            standby_turns_off: owner.standby_turns_off,
            left_pauses: owner.left_pauses,
            contrast: owner.contrast,
            large_text: owner.large_text,
            overscan: owner.overscan,
            sharing: Sharing::from(owner.sharing),
            spoken: owner.spoken,
            pace: owner.pace.map(|it| name(&Pace::NAMES, it)),
            time_zone: owner.zone.map(|it| it.name().to_owned()),
            welcomed: owner.welcomed,
        }
    }
}

impl From<&Chosen> for OwnerSettings {
    fn from(chosen: &Chosen) -> OwnerSettings {
        let texts = chosen.subtitles.as_deref();
        let volume = chosen.volume.as_deref();
        let pace = chosen.pace.as_deref();
        OwnerSettings {
            autoplay: chosen.autoplay,
            texts: texts.and_then(|it| named(&ShowTexts::NAMES, it)),
            prefetch: chosen.prefetch,
            volume: volume.and_then(|it| named(&VolumeWish::NAMES, it)),
            screensaver_min: chosen.screensaver_min,
            screen_off_min: chosen.screen_off_min,
            tv_wake: chosen.tv_wake,
            standby_follows: chosen.standby_follows,
            standby_turns_off: chosen.standby_turns_off,
            left_pauses: chosen.left_pauses,
            contrast: chosen.contrast,
            large_text: chosen.large_text,
            // One of another hand must not leave nothing of the picture.
            overscan: chosen.overscan.map(|it| it.min(OVERSCAN_MAX)),
            sharing: OwnerSharing::from(&chosen.sharing),
            spoken: chosen.spoken,
            pace: pace.and_then(|it| named(&Pace::NAMES, it)),
            zone: chosen.time_zone.as_deref().and_then(Zone::named),
            welcomed: chosen.welcomed,
        }
    }
}

/// As the settings' file names them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Sharing {
    #[serde(skip_serializing_if = "Option::is_none")]
    bittorrent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    download_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_percent: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port_mapping: Option<bool>,
}

impl From<OwnerSharing> for Sharing {
    fn from(owner: OwnerSharing) -> Sharing {
        Sharing {
            bittorrent: owner.peers,
            encryption: owner.encryption.map(|it| name(&Encryption::NAMES, it)),
            download_limit: owner.download_limit,
            upload_limit: owner.upload_limit,
            seed_minutes: owner.seed_minutes,
            seed_percent: owner.seed_percent,
            metered: owner.metered,
            port_mapping: owner.port_mapping,
        }
    }
}

impl From<&Sharing> for OwnerSharing {
    fn from(chosen: &Sharing) -> OwnerSharing {
        let encryption = chosen.encryption.as_deref();
        OwnerSharing {
            peers: chosen.bittorrent,
            encryption: encryption.and_then(|it| named(&Encryption::NAMES, it)),
            download_limit: chosen.download_limit,
            upload_limit: chosen.upload_limit,
            seed_minutes: chosen.seed_minutes,
            seed_percent: chosen.seed_percent,
            metered: chosen.metered,
            port_mapping: chosen.port_mapping,
        }
    }
}

/// What a value is called; empty: it has no name.
pub(crate) fn name<T: PartialEq + Copy>(names: &[(&str, T)], value: T) -> String {
    let found = names.iter().find(|(_, known)| *known == value);
    found.map_or_else(String::new, |(name, _)| (*name).to_owned())
}

/// The value of that name; none: no value has it.
pub(crate) fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    let found = names.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}
