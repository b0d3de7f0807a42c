//! Where sound goes out, as the machine has it now: reads what the kernel lists, for `sink` to
//! choose by.

use std::fs;
use std::path::{Path, PathBuf};

use sink::{Eld, Facts, Listed, Output, Socket};

use super::Outlets;

/// Of a list of cards, or of what is plugged into one: far more than any is long.
const TEXT_BYTES: usize = 64 << 10;

/// An EDID has blocks of 128 bytes, 256 at the most.
const EDID_BYTES: usize = 32 << 10;

/// Folders of cards and sockets that are looked at.
const ENTRIES_MAX: usize = 64;

/// What there is, the best first; nothing where a desktop has it.
pub(super) fn outputs(outlets: &Outlets) -> Vec<Output> {
    match outlets {
        Outlets::Desktop => Vec::new(),
        Outlets::Alsa {
            asound,
            sockets,
            card,
            ..
        } => sink::outputs(&listed(asound, sockets), card.as_deref()),
    }
}

fn listed(asound: &Path, screens: &Path) -> Listed {
    let mut sockets: Vec<_> = entries(screens)
        .filter_map(|(name, path)| socket(&name, &path))
        .collect();
    sockets.sort_by(|one, other| one.name.cmp(&other.name));
    Listed {
        cards: text(&asound.join("cards")),
        pcm: text(&asound.join("pcm")),
        elds: elds(asound),
        sockets,
    }
}

/// Of `card0`, `card1` ... what their drivers know of what is plugged in.
fn elds(asound: &Path) -> Vec<(u8, Vec<Eld>)> {
    let cards = entries(asound).filter_map(|(name, path)| {
        let number = name.strip_prefix("card")?.parse().ok()?;
        let mut files: Vec<_> = entries(&path)
            .filter(|(name, _)| name.starts_with("eld#"))
            .collect();
        // `eld#0.10` comes after `eld#0.9`.
        files.sort_by_key(|(name, _)| (name.len(), name.clone()));
        let elds = files.iter().map(|(_, path)| Eld::of_text(&text(path)));
        Some((number, elds.collect()))
    });
    cards.collect()
}

/// `card1-HDMI-A-1` is a socket, `card1` is none.
fn socket(name: &str, path: &Path) -> Option<Socket> {
    let (_, name) = name.split_once('-')?;
    let said = |what: &str| text(&path.join(what)).trim().to_owned();
    let plugged = said("status") == "connected";
    let edid = if plugged {
        bytes(&path.join("edid"), EDID_BYTES)
    } else {
        Vec::new()
    };
    let facts = (!edid.is_empty()).then(|| Facts::of(&edid));
    Some(Socket {
        name: name.to_owned(),
        lit: plugged && said("enabled") == "enabled",
        sink: facts.as_ref().and_then(|facts| facts.name.clone()),
        sound: facts.map(|facts| facts.sound),
    })
}

fn entries(folder: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    let all = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = all.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())));
    named.take(ENTRIES_MAX)
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&bytes(path, TEXT_BYTES)).into_owned()
}

/// Nothing where there is no such file: then nothing is known.
fn bytes(path: &Path, most: usize) -> Vec<u8> {
    use std::io::Read as _;
    let mut read = Vec::new();
    if let Ok(file) = fs::File::open(path)
        && let Err(why) = file.take(most as u64).read_to_end(&mut read)
    {
        tracing::debug!("{}: {why}", path.display());
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_read_as_it_lies_there() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put(
            "asound/cards",
            " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n   HDA Intel PCH at 0xf7e10000\n",
        );
        put(
            "asound/pcm",
            "00-03: HDMI 0 : HDMI 0 : playback 1\n00-07: HDMI 1 : HDMI 1 : playback 1\n",
        );
        put("asound/card0/eld#0.0", "monitor_present 0\neld_valid 0\n");
        put(
            "asound/card0/eld#0.1",
            "monitor_present 1\neld_valid 1\nsad0_coding_type [0x1] LPCM\nsad0_rates [0xe0]\n",
        );
        put("drm/card0/dev", "226:0");
        put("drm/card0-HDMI-A-1/status", "disconnected\n");
        put("drm/card0-HDMI-A-2/status", "connected\n");
        put("drm/card0-HDMI-A-2/enabled", "enabled\n");
        let outlets = Outlets::Alsa {
            asound: folder.path().join("asound"),
            sockets: folder.path().join("drm"),
            card: None,
            passthrough: false,
        };
        let found = outputs(&outlets);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].names[0], "hdmi:CARD=PCH,DEV=1");
        let listed = listed(&folder.path().join("asound"), &folder.path().join("drm"));
        let sockets: Vec<_> = listed
            .sockets
            .iter()
            .map(|it| (&*it.name, it.lit))
            .collect();
        assert_eq!(sockets, [("HDMI-A-1", false), ("HDMI-A-2", true)]);
        assert_eq!(outputs(&Outlets::Desktop), []);
        let nowhere = Outlets::Alsa {
            asound: folder.path().join("none"),
            sockets: folder.path().join("none"),
            card: None,
            passthrough: false,
        };
        assert_eq!(outputs(&nowhere), []);
    }
}
