//! Names as people, add-ons and the Internet Archive write them, and any others.

#![allow(clippy::unwrap_used)]

use names::{Audio, Codec, Hdr, Kind, Medium, Release, Stream};
use proptest::prelude::*;

#[test]
fn a_release_says_what_it_is() {
    let release = Release::of(
        "Cosmos.Laundromat.First.Cycle.2015.Directors.Cut.MULTi.FRENCH.ENGLISH.2160p.UHD.BluRay\
         .REMUX.DV.HDR10.HEVC.10bit.TrueHD.7.1.Atmos-GOOSEBERRY.mkv",
    );
    assert_eq!(
        release,
        Release {
            kind: Kind::Film,
            title: "Cosmos Laundromat First Cycle".into(),
            year: Some(2015),
            resolution: Some(2160),
            codec: Some(Codec::H265),
            ten_bit: true,
            source: Some(Medium::UltraHdBluRay),
            hdr: vec![Hdr::DolbyVision, Hdr::Hdr10],
            audio: vec![Audio::TrueHd, Audio::Atmos],
            channels: Some(8),
            languages: vec!["fr".into(), "en".into()],
            several_languages: true,
            group: Some("GOOSEBERRY".into()),
            edition: Some("Director's Cut".into()),
            container: Some("mkv".into()),
            remux: true,
            ..Release::default()
        }
    );
}

#[test]
fn episodes_are_counted() {
    for (name, title, seasons, episodes) in [
        (
            "Pioneer.One.S01E02.720p.x264-VODO.mkv",
            "Pioneer One",
            vec![1],
            vec![2],
        ),
        (
            "Pioneer One - 1x02-03 - The Man from Mars.avi",
            "Pioneer One",
            vec![1],
            vec![2, 3],
        ),
        (
            "Pioneer.One.S01.COMPLETE.1080p.WEB-DL",
            "Pioneer One",
            vec![1],
            vec![],
        ),
        (
            "Pioneer One/Season 1/Pioneer One - S01E04.mkv",
            "Pioneer One",
            vec![1],
            vec![4],
        ),
        (
            "Pioneer.One.S01-S03.720p",
            "Pioneer One",
            vec![1, 2, 3],
            vec![],
        ),
    ] {
        let release = Release::of(name);
        assert_eq!(release.kind, Kind::Episode, "{name}");
        assert_eq!(release.title, title, "{name}");
        assert_eq!(release.seasons, seasons, "{name}");
        assert_eq!(release.episodes, episodes, "{name}");
        assert!(
            release.holds(1, episodes.first().copied().unwrap_or(9)),
            "{name}"
        );
        assert!(!release.holds(4, 2), "{name}");
    }
    let key = |name| Release::of(name).key();
    let second = key("Pioneer.One.S01E02.720p.WEB-DL.x264-VODO.mkv");
    assert_eq!(second.as_deref(), Some("vodo 720 Web"));
    assert_eq!(
        second,
        key("pioneer.one.s01e03.proper.720p.web-dl.x264-vodo.mkv")
    );
    assert_ne!(second, key("Pioneer.One.S01E03.1080p.WEB-DL.x264-VODO.mkv"));
    assert_eq!(key("Pioneer One S01E03.mkv"), None);

    let daily = Release::of("Open.Daily.2015.07.22.Guest.720p.HDTV.x264-NONE.mkv");
    assert_eq!(daily.date.as_deref(), Some("2015-07-22"));
    assert_eq!((daily.year, daily.episodes), (None, vec![]));
}

#[test]
fn what_is_not_the_film_is_told_from_it() {
    for (name, kind, medium) in [
        (
            "Sintel.2010.1080p.BluRay.sample.mkv",
            Kind::Extra,
            Some(Medium::BluRay),
        ),
        ("Sintel-Trailer-720p.mp4", Kind::Extra, None),
        (
            "Sintel.2010.HDCAM.x264.mp4",
            Kind::Film,
            Some(Medium::Camera),
        ),
        (
            "Sintel.2010.TS.x264.mkv",
            Kind::Film,
            Some(Medium::Telesync),
        ),
        (
            "Sintel.2010.DVDScr.XviD.avi",
            Kind::Film,
            Some(Medium::Screener),
        ),
        (
            "The.Trailer.2012.720p.WEB-DL.mkv",
            Kind::Film,
            Some(Medium::Web),
        ),
    ] {
        let release = Release::of(name);
        assert_eq!((release.kind, release.source), (kind, medium), "{name}");
    }
}

#[test]
fn the_archive_is_understood() {
    for (name, title, year, resolution) in [
        (
            "Night_of_the_Living_Dead_1968_512kb.mp4",
            "Night of the Living Dead",
            Some(1968),
            None,
        ),
        (
            "BigBuckBunny1280x720Stereo.mp4",
            "Big Buck Bunny",
            None,
            Some(720),
        ),
        (
            "CosmosLaundromatFirstCycle",
            "Cosmos Laundromat First Cycle",
            None,
            None,
        ),
        (
            "Tears-of-Steel_archive.torrent",
            "Tears of Steel",
            None,
            None,
        ),
        ("elephants_dream_edit.ogv", "elephants dream", None, None),
    ] {
        let release = Release::of_archive(name);
        assert_eq!(release.title, title, "{name}");
        assert_eq!(
            (release.year, release.resolution),
            (year, resolution),
            "{name}"
        );
    }
}

#[test]
fn an_add_on_tells_in_lines() {
    let stream = Stream::of(
        "Some add-on\n4k HDR10",
        "Tears.of.Steel.2012.2160p.WEB-DL.x265-MANGO\n👤 12 💾 6.5 GB ⚙️ Blender\n🇬🇧 / 🇫🇷",
        None,
    );
    assert_eq!(stream.seeds, Some(12));
    assert_eq!(stream.size_bytes, Some(6_979_321_856));
    let release = stream.release;
    assert_eq!(release.title, "Tears of Steel");
    assert_eq!(release.group.as_deref(), Some("MANGO"));
    assert_eq!(release.hdr, [Hdr::Hdr10]);
    assert_eq!(release.languages, ["en", "fr"]);
    assert_eq!(
        (release.resolution, release.codec),
        (Some(2160), Some(Codec::H265))
    );

    let stream = Stream::of("Free\n720p", "Sintel\n1080p ⚡ 0 seeds", Some("Sintel.mp4"));
    assert_eq!(stream.seeds, Some(0));
    assert_eq!(stream.size_bytes, None);
    // The description is nearer to the file than the add-on's name for it.
    assert_eq!(stream.release.resolution, Some(1080));
    assert_eq!(stream.release.title, "Sintel");
    assert_eq!(stream.release.container.as_deref(), Some("mp4"));

    assert_eq!(Stream::of("", "", None), Stream::default());
    assert_eq!(Stream::of("", "", Some(" ")), Stream::default());
}

#[test]
fn what_is_long_is_cut() {
    let long = format!("Sintel.2010.{}", "x.".repeat(100_000));
    assert_eq!(Release::of(&long).year, Some(2010));
    let deep = format!("{}Sintel.2010.mkv", "folder/".repeat(50_000));
    assert_eq!(Release::of(&deep).year, Some(2010));
    let lines = format!("Sintel.2010.mkv\n{}", "12 seeds\n".repeat(100_000));
    assert_eq!(Stream::of(&lines, &lines, Some(&deep)).seeds, Some(12));
}

/// Pieces that names are made of, and what is around them in bad ones.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "Sintel",
        "S01",
        "E02",
        "s1e2e3",
        "1x02",
        "2010",
        "1080p",
        "1920x1080",
        "4K",
        "HDR",
        "DV",
        "x264",
        "HEVC",
        "10bit",
        "DTS-HD",
        "5.1",
        "FRENCH",
        "MULTi",
        "VOSTFR",
        "sub",
        "WEB-DL",
        "CAM",
        "-GRP",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ".",
        "_",
        " ",
        "-",
        "/",
        "\\",
        "\n",
        "👤",
        "💾",
        "🇬🇧",
        "12 seeds",
        "2.1 GB",
        "é",
        "映画",
        "\u{202e}",
        "\0",
        "ß",
        "İ",
        "part",
        "cd2",
        "Season",
        "of",
        "2015.07.22",
        ".mkv",
        "_512kb",
        "www.a.org",
        "99999999999999999999",
    ];
    prop_oneof![
        6 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_is_read(pieces in prop::collection::vec(piece(), 0..40)) {
        let name = pieces.concat();
        for release in [Release::of(&name), Release::of_archive(&name)] {
            prop_assert!(release.title.len() <= 4 * 3 * 255);
            prop_assert!(release.episodes.is_sorted() && release.seasons.is_sorted());
            prop_assert!(release.resolution.is_none_or(|lines| (100..=4320).contains(&lines)));
        }
        let stream = Stream::of(&name, &name, Some(&name));
        prop_assert!(stream.seeds.is_none_or(|seeds| seeds <= 10_000_000));
    }

    /// What fills gaps never changes what is there.
    #[test]
    fn the_first_word_counts(
        one in prop::collection::vec(piece(), 0..12),
        other in any::<String>(),
    ) {
        let first = Release::of(&one.concat());
        let both = first.clone().or(Release::of(&other));
        prop_assert!(first.title.is_empty() || both.title == first.title);
        prop_assert!(first.year.is_none() || both.year == first.year);
        prop_assert!(first.codec.is_none() || both.codec == first.codec);
        prop_assert!(first.episodes.is_empty() || both.episodes == first.episodes);
    }
}
