//! How sound goes out: as it is, or as PCM of how many channels.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use sink::{Codec, Format, Link, Sound, SoundWish, Stream, Taken, Way, sound_way};

const USUAL: [u32; 3] = [32_000, 44_100, 48_000];
const HIGH: [u32; 6] = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// A sink of these tests by its name.
fn sink(name: &str) -> Option<Sound> {
    let pcm = |channels, rates| Taken::new(Format::Pcm, channels, rates);
    let ac3 = Taken::new(Format::Ac3, 6, &USUAL);
    let coded = [
        ac3,
        Taken::new(Format::Eac3, 8, &USUAL),
        Taken::new(Format::Dts, 8, &USUAL),
    ];
    let discs = [
        Taken::new(Format::DtsHd, 8, &HIGH),
        Taken::new(Format::TrueHd, 8, &HIGH),
    ];
    let (taken, speakers) = match name {
        "unknown" => return None,
        "dumb" => (vec![], None),
        "tv" => (vec![pcm(2, &USUAL)], Some(2)),
        "tv-ac3" => (vec![pcm(2, &USUAL), ac3], Some(2)),
        "thrifty" => {
            let mut ac3 = ac3;
            ac3.kbit_max = Some(448);
            (vec![pcm(2, &USUAL), ac3], Some(2))
        }
        "six" => (vec![pcm(8, &USUAL)], Some(6)),
        "old" => ([&[pcm(8, &HIGH)], &coded[..]].concat(), None),
        "new" => ([&[pcm(8, &HIGH)], &coded[..], &discs].concat(), None),
        other => panic!("no sink {other}"),
    };
    Some(Sound { taken, speakers })
}

/// `codec channels rate kbit`.
fn stream(text: &str) -> Stream {
    let words: Vec<_> = text.split(' ').collect();
    let codec = match words[0] {
        "ac3" => Codec::Ac3,
        "eac3" => Codec::Eac3,
        "dts" => Codec::Dts,
        "dts-hd" => Codec::DtsHd,
        "truehd" => Codec::TrueHd,
        _ => Codec::Other,
    };
    Stream {
        codec,
        channels: words[1].parse().unwrap(),
        rate_hz: words[2].parse().unwrap(),
        kbit: words.get(3).map(|kbit| kbit.parse().unwrap()),
    }
}

fn wish(name: &str) -> SoundWish {
    SoundWish {
        passthrough: name == "auto",
        channels_max: if name == "stereo" { 2 } else { 8 },
    }
}

fn told(way: Way) -> String {
    match way {
        Way::Pass {
            framing,
            channels,
            rate_hz,
        } => format!("{framing:?} {channels} {rate_hz}"),
        Way::Pcm { channels, rate_hz } => format!("pcm {channels} {rate_hz}"),
    }
}

#[test]
fn sound_goes_out_as_it_is_where_that_is_taken() {
    for (track, to, link, wished, way) in [
        ("ac3 6 48000 640", "tv", "hdmi", "auto", "pcm 2 48000"),
        ("ac3 6 48000 640", "tv-ac3", "hdmi", "auto", "Ac3 2 48000"),
        (
            "ac3 6 48000 640",
            "tv-ac3",
            "optical",
            "auto",
            "Ac3 2 48000",
        ),
        ("ac3 6 48000 640", "tv-ac3", "hdmi", "pcm", "pcm 2 48000"),
        // More than it takes, or what it does not.
        ("ac3 6 48000 640", "thrifty", "hdmi", "auto", "pcm 2 48000"),
        ("ac3 6 48000 448", "thrifty", "hdmi", "auto", "Ac3 2 48000"),
        ("ac3 6 96000", "tv-ac3", "hdmi", "auto", "pcm 2 48000"),
        ("eac3 6 48000", "tv-ac3", "hdmi", "auto", "pcm 2 48000"),
        ("eac3 8 48000", "new", "hdmi", "auto", "Eac3 2 192000"),
        ("truehd 8 48000", "new", "hdmi", "auto", "TrueHd 8 192000"),
        ("truehd 6 44100", "new", "hdmi", "auto", "TrueHd 8 176400"),
        ("truehd 8 48000", "old", "hdmi", "auto", "pcm 8 48000"),
        // An optical link has no room for four times the rate, nor for eight channels.
        ("eac3 6 48000", "new", "optical", "auto", "pcm 2 48000"),
        ("truehd 8 48000", "new", "optical", "auto", "pcm 2 48000"),
        // Of DTS-HD what an old receiver, or an optical link, takes of it.
        (
            "dts-hd 8 96000 4000",
            "new",
            "hdmi",
            "auto",
            "DtsHd 8 192000",
        ),
        ("dts-hd 8 96000 4000", "old", "hdmi", "auto", "Dts 2 48000"),
        (
            "dts-hd 8 96000 4000",
            "new",
            "optical",
            "auto",
            "Dts 2 48000",
        ),
        ("dts-hd 8 96000 4000", "new", "hdmi", "pcm", "pcm 8 96000"),
        ("dts 6 48000 1509", "new", "hdmi", "auto", "Dts 2 48000"),
        // Decoded: as many channels as there are, are taken and are wished.
        ("aac 2 44100", "new", "hdmi", "auto", "pcm 2 44100"),
        ("aac 1 22050", "new", "hdmi", "auto", "pcm 2 48000"),
        ("aac 5 48000", "new", "hdmi", "auto", "pcm 6 48000"),
        ("flac 8 192000", "new", "hdmi", "auto", "pcm 8 192000"),
        ("flac 8 48000", "six", "hdmi", "auto", "pcm 6 48000"),
        ("flac 6 96000", "six", "hdmi", "auto", "pcm 6 48000"),
        ("flac 8 48000", "new", "hdmi", "stereo", "pcm 2 48000"),
        ("flac 0 0", "new", "hdmi", "auto", "pcm 2 48000"),
        // Nobody knows what it takes, or it says that it takes nothing.
        ("ac3 6 48000", "unknown", "hdmi", "auto", "pcm 2 48000"),
        ("ac3 6 48000", "dumb", "hdmi", "auto", "pcm 2 48000"),
    ] {
        let over = if link == "hdmi" {
            Link::HDMI
        } else {
            Link::SPDIF
        };
        let chosen = sound_way(&stream(track), sink(to).as_ref(), over, wish(wished));
        assert_eq!(told(chosen), way, "{track} to {to} by {link}, {wished}");
    }
}

proptest! {
    #[test]
    fn sound_has_no_more_channels_than_link_and_wish(
        channels: u8,
        rate_hz: u32,
        channels_max in 2_u8..=8,
        taken in proptest::collection::vec(
            (proptest::sample::select(vec![Format::Pcm, Format::Ac3, Format::DtsHd]), 1_u8..=8),
            0..6,
        ),
    ) {
        let stream = Stream { codec: Codec::Other, channels, rate_hz, kbit: None };
        let taken: Vec<_> = taken
            .iter()
            .map(|(format, channels)| Taken::new(*format, *channels, &[44_100, 48_000, 96_000]))
            .collect();
        let sound = Sound { taken, speakers: None };
        for link in [Link::HDMI, Link::SPDIF] {
            let wish = SoundWish { passthrough: true, channels_max };
            let way = sound_way(&stream, Some(&sound), link, wish);
            let Way::Pcm { channels, rate_hz } = way else {
                panic!("no sink decodes it: {way:?}");
            };
            prop_assert!(channels <= link.channels_max && channels <= channels_max);
            prop_assert!(rate_hz <= link.rate_max_hz && rate_hz > 0);
        }
    }
}
