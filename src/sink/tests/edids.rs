//! EDIDs of TVs, receivers, projectors and monitors, and what is chosen by them.
//!
//! All in `edids/*.hex` are real (one is of a virtual machine), read from devices by others; each
//! says from which collection. What is crafted is crafted here, from a real one. What is read and
//! chosen of each is told in the text of its name, which `UPDATE_EXPECT=1` writes anew.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use expect_test::expect_file;
use proptest::prelude::*;
use sink::{
    Codec, Facts, Fault, Film, Judder, Link, Mode, Rate, SoundWish, Stream, Way, Whose, Wish,
    at_boot, counting, for_film, sound_way,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edids")
}

fn bytes(name: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.hex"))).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(str::split_whitespace);
    words
        .map(|word| u8::from_str_radix(word, 16).unwrap())
        .collect()
}

fn names() -> Vec<String> {
    let paths = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let hex = paths.filter(|path| path.extension().is_some_and(|end| end == "hex"));
    let mut names: Vec<_> = hex
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

const FILMS: [(u64, u64); 8] = [
    (24_000, 1_001),
    (24, 1),
    (25, 1),
    (30_000, 1_001),
    (30, 1),
    (50, 1),
    (60_000, 1_001),
    (60, 1),
];

fn film(rate: Rate) -> Film {
    Film {
        rate: Some(rate),
        length: Some(Duration::from_secs(5_400)),
        fills_screen: true,
    }
}

fn shown(mode: &Mode) -> String {
    let scan = if mode.interlaced { "i" } else { "p" };
    format!("{}x{}{scan} {}", mode.width, mode.height, mode.rate)
}

/// All that is read and chosen of an EDID, for people.
fn told(edid: &[u8]) -> String {
    let facts = Facts::of(edid);
    let mut told = String::new();
    let (hdr, sound) = (facts.hdr, &facts.sound);
    writeln!(
        told,
        "{} {:?} {:?}",
        facts.title(),
        facts.maker,
        facts.address
    )
    .unwrap();
    for fault in &facts.faults {
        writeln!(told, "fault: {fault}").unwrap();
    }
    writeln!(told, "colours: wide {}, {hdr:?}", facts.wide_colours).unwrap();
    for mode in &facts.modes {
        let best = if mode.preferred { ", its best" } else { "" };
        writeln!(told, "mode: {}{best}", shown(mode)).unwrap();
    }
    if let Some(on) = at_boot(&facts.modes, 2_160, &Wish::default()) {
        writeln!(told, "wall: {}", shown(&facts.modes[on])).unwrap();
        for (over, under) in FILMS {
            let rate = Rate::of_film(over, under).unwrap();
            let chosen = facts.modes[for_film(&facts.modes, on, &film(rate))];
            let judder = Judder::of(rate, chosen.rate).cadence();
            writeln!(told, "film of {rate}: {} {judder:?}", shown(&chosen)).unwrap();
        }
    }
    for taken in &sound.taken {
        let rates = [32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
        let rates: Vec<_> = rates.into_iter().filter(|hz| taken.has_rate(*hz)).collect();
        let (format, channels) = (taken.format, taken.channels_max);
        let kbit = taken
            .kbit_max
            .map(|it| format!(", {it} kbit/s"))
            .unwrap_or_default();
        writeln!(told, "takes: {format:?} of {channels}, {rates:?}{kbit}").unwrap();
    }
    writeln!(told, "speakers: {:?}", sound.speakers).unwrap();
    for codec in [
        Codec::Ac3,
        Codec::Eac3,
        Codec::Dts,
        Codec::DtsHd,
        Codec::TrueHd,
        Codec::Other,
    ] {
        let stream = Stream {
            codec,
            channels: 6,
            rate_hz: 48_000,
            kbit: None,
        };
        let way = sound_way(&stream, Some(sound), Link::HDMI, SoundWish::default());
        writeln!(told, "{codec:?} of 6: {}", way_told(way)).unwrap();
    }
    told
}

fn way_told(way: Way) -> String {
    match way {
        Way::Pass {
            framing,
            channels,
            rate_hz,
        } => {
            format!("as it is, {framing:?} in {channels} of {rate_hz}")
        }
        Way::Pcm { channels, rate_hz } => format!("PCM, {channels} of {rate_hz}"),
    }
}

#[test]
fn each_says_what_it_is_and_gets_what_it_can() {
    assert!(names().len() >= 20);
    for name in names() {
        expect_file![folder().join(format!("{name}.txt"))].assert_eq(&told(&bytes(&name)));
    }
}

/// Those that are whole.
fn whole() -> Vec<String> {
    let names = names().into_iter();
    names.filter(|name| !name.starts_with("broken")).collect()
}

#[test]
fn whole_ones_have_nothing_missing() {
    for name in whole() {
        let facts = Facts::of(&bytes(&name));
        assert!(!facts.modes.is_empty(), "{name}");
        let bad = facts
            .faults
            .iter()
            .find(|fault| !matches!(fault, Fault::Odd));
        assert_eq!(bad, None, "{name}");
    }
}

#[test]
fn of_a_broken_one_what_can_be_had_is() {
    let whole = bytes("tv-sony-kd55xd");
    let facts = Facts::of(&whole);
    let spoiled = |spoil: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        spoil(&mut bytes);
        Facts::of(&bytes)
    };
    // A wrong sum loses nothing.
    for (block, at) in [(0, 127), (1, 255)] {
        let read = spoiled(&|bytes| bytes[at] ^= 0x10);
        assert_eq!(read.faults, [Fault::Sum { block }]);
        assert_eq!(
            Facts {
                faults: facts.faults.clone(),
                ..read
            },
            facts
        );
    }
    // One byte of the header, as cables do it.
    let read = spoiled(&|bytes| bytes[3] = 0xfe);
    assert_eq!(read.faults, [Fault::Sum { block: 0 }]);
    assert_eq!(read.modes, facts.modes);
    // The second block is not there, or half of it.
    let read = spoiled(&|bytes| bytes.truncate(128));
    assert_eq!(
        read.faults,
        [Fault::Missing {
            promised: 1,
            there: 0
        }]
    );
    assert_eq!(read.name, facts.name);
    assert!(read.modes.len() > 2 && read.sound.taken.is_empty());
    let read = spoiled(&|bytes| bytes.truncate(190));
    assert_eq!(read.faults, [Fault::Cut]);
    assert_eq!(read.sound, facts.sound);
    // It promises more than there is, or less.
    let read = spoiled(&|bytes| bytes[126] = 9);
    let fault = Fault::Missing {
        promised: 9,
        there: 1,
    };
    assert_eq!(read.faults, [Fault::Sum { block: 0 }, fault]);
    assert_eq!(read.modes, facts.modes);
    // A TV that does not say its name: by its maker's.
    let read = spoiled(&|bytes| {
        let name = bytes
            .windows(5)
            .position(|it| it == [0, 0, 0, 0xfc, 0])
            .unwrap();
        bytes[name + 3] = 0x10;
    });
    assert_eq!((read.name.as_deref(), read.title()), (None, "SNY"));
    assert_eq!(read.modes, facts.modes);
    // A best mode of 4,095 by 1, at a clock of 10 kHz.
    let read = spoiled(&|bytes| {
        bytes[54..62].copy_from_slice(&[1, 0, 255, 1, 0xf0, 1, 1, 0]);
    });
    assert!(read.faults.contains(&Fault::Mode));
    assert!(
        read.modes
            .iter()
            .all(|mode| !mode.preferred && mode.height >= 16)
    );
    assert!(at_boot(&read.modes, 2_160, &Wish::default()).is_some());
}

#[test]
fn of_what_is_none_the_fault_is_told() {
    for (bytes, fault) in [
        (vec![], Fault::Nothing),
        (vec![0; 256], Fault::Nothing),
        (vec![0xff; 256], Fault::NoEdid),
        (b"no EDID at all".repeat(20), Fault::NoEdid),
        (bytes("tv-sharp-aquos")[..60].to_vec(), Fault::NoEdid),
    ] {
        let facts = Facts::of(&bytes);
        assert_eq!(facts.faults, [fault]);
        assert_eq!(
            Facts {
                faults: vec![],
                ..facts
            },
            Facts::default()
        );
    }
}

/// A real one with some bytes spoiled, sums made right or not.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let spoils = proptest::collection::vec((any::<usize>(), any::<u8>()), 0..40);
    let cut = prop_oneof![4 => Just(None), 1 => (0_usize..600).prop_map(Some)];
    let name = proptest::sample::select(names());
    (name, spoils, cut, any::<bool>()).prop_map(|(name, spoils, cut, summed)| {
        let mut bytes = bytes(&name);
        for (at, byte) in spoils {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if summed {
            for block in bytes.chunks_exact_mut(128) {
                let sum = block[..127]
                    .iter()
                    .fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
                block[127] = 0_u8.wrapping_sub(sum);
            }
        }
        bytes.truncate(cut.unwrap_or(usize::MAX));
        bytes
    })
}

fn is_bounded(facts: &Facts) {
    assert!(facts.modes.len() <= 512 && facts.faults.len() <= 16);
    assert!(facts.sound.taken.len() <= 33);
    assert!(facts.name.as_ref().is_none_or(|name| name.len() <= 13));
    for mode in &facts.modes {
        assert!((16..=16_384).contains(&mode.width) && (16..=16_384).contains(&mode.height));
    }
    // The first one with it, if it is told twice.
    assert!(facts.modes.iter().filter(|mode| mode.preferred).count() <= 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_read_in_bounds(mut bytes in proptest::collection::vec(any::<u8>(), 0..1_200)) {
        is_bounded(&Facts::of(&bytes));
        let head = [0, 255, 255, 255, 255, 255, 255, 0];
        let length = bytes.len().min(8);
        bytes[..length].copy_from_slice(&head[..length]);
        if let Some(version) = bytes.get_mut(18) {
            *version = 1;
        }
        is_bounded(&Facts::of(&bytes));
    }

    #[test]
    fn spoiled_ones_are_read_in_bounds(bytes in spoiled()) {
        let facts = Facts::of(&bytes);
        is_bounded(&facts);
        let chosen = at_boot(&facts.modes, 2_160, &Wish::default());
        prop_assert_eq!(chosen.is_some(), !facts.modes.is_empty());
    }
}

#[test]
fn the_last_good_one_of_a_socket_counts_while_a_tv_is_off() {
    let (tv, other) = (bytes("tv-sony-kd55xd"), bytes("tv-lg-oled55b6v"));
    let spoiled = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 0x10;
        bytes
    };
    let (tv_half, tv_sum) = (tv[..128].to_vec(), spoiled(&tv, 130));
    let (other_sum, unsure) = (spoiled(&other, 130), spoiled(&other, 60));
    let zeros = vec![0; 256];
    let (seen, kept, nobodys) = (Whose::Seen, Whose::Remembered, Whose::Nobodys);
    for (now, before, whose, name, remember) in [
        // First light, the same again, another TV.
        (Some(&tv), None, seen, "SONY TV  *02", true),
        (Some(&tv), Some(&tv), seen, "SONY TV  *02", false),
        (Some(&other), Some(&tv), seen, "LG TV", true),
        // Off: nothing, zeros, half of it, a spoiled byte.
        (None, Some(&tv), kept, "SONY TV  *02", false),
        (Some(&zeros), Some(&tv), kept, "SONY TV  *02", false),
        (Some(&tv_half), Some(&tv), kept, "SONY TV  *02", false),
        (Some(&tv_sum), Some(&tv), kept, "SONY TV  *02", false),
        // Another one that is broken counts, unless even that is not sure.
        (Some(&other_sum), Some(&tv), seen, "LG TV", false),
        (Some(&unsure), Some(&tv), kept, "SONY TV  *02", false),
        // Broken, and nothing is remembered, or nothing good.
        (Some(&tv_half), None, seen, "SONY TV  *02", false),
        (Some(&tv_half), Some(&zeros), seen, "SONY TV  *02", false),
        (None, None, nobodys, "a screen without a name", false),
        (
            Some(&zeros),
            None,
            nobodys,
            "a screen without a name",
            false,
        ),
        (
            None,
            Some(&tv_sum),
            nobodys,
            "a screen without a name",
            false,
        ),
    ] {
        let counts = counting(now.map(Vec::as_slice), before.map(Vec::as_slice));
        let is = (counts.whose, counts.facts.title(), counts.remember);
        assert_eq!(
            is,
            (whose, name, remember),
            "{now:02x?} after {before:02x?}"
        );
    }
}
