//! Which source Play takes: stories of living rooms.

#![allow(clippy::unwrap_used)]

mod properties;

use std::time::Duration;

use app::choosing::{Board, Codec, Content, Decoder, Hdr, Line, Offer, Reason, Way, Wish, choose};

const HOUR: Duration = Duration::from_secs(3600);
const GB: u64 = 1_000_000_000;
/// Bytes a second of a fast line.
const FAST: Line = Line::Measured(12_000_000);

/// A board of the Raspberry Pi 5's kind: H.265 by hardware, H.264 by a program.
fn board() -> Board {
    let decoder = |codec, hardware, lines_max, ten_bit| Decoder {
        codec,
        hardware,
        lines_max,
        ten_bit,
    };
    Board {
        decoders: vec![
            decoder(Codec::H265, true, 2160, true),
            decoder(Codec::H264, false, 1080, false),
            decoder(Codec::Mpeg4, false, 576, false),
        ],
        screen_lines: 1080,
        hdr: Vec::new(),
    }
}

/// An hour's film with forty sharers, `gb` large.
fn offer(lines: u16, codec: Codec, gb: f64) -> Offer {
    Offer {
        lines: Some(lines),
        codec: Some(codec),
        size_bytes: Some((gb * GB as f64) as u64),
        duration: Some(HOUR),
        seeds: Some(40),
        ..Offer::default()
    }
}

/// Names of the offers as they are ranked; those that are not allowed in brackets.
fn order(offers: &[(&str, Offer)], board: &Board, wish: &Wish, line: Line) -> String {
    let plain: Vec<Offer> = offers.iter().map(|(_, offer)| offer.clone()).collect();
    let names = choose(&plain, board, wish, line).into_iter().map(|choice| {
        let name = offers[choice.offer].0;
        if choice.allowed {
            name.to_owned()
        } else {
            format!("({name})")
        }
    });
    names.collect::<Vec<_>>().join(" ")
}

fn wish() -> Wish {
    Wish::default()
}

fn speaks(offer: Offer, languages: &[&str]) -> Offer {
    Offer {
        languages: languages.iter().map(|&tag| tag.to_owned()).collect(),
        ..offer
    }
}

#[test]
fn the_sharpest_that_plays_through_is_taken() {
    let offers = [
        ("uhd", offer(2160, Codec::H265, 9.0)),
        ("hd", offer(1080, Codec::H264, 3.0)),
        ("small", offer(720, Codec::H264, 0.9)),
        ("dvd", offer(576, Codec::Mpeg4, 0.7)),
    ];
    for (bytes_per_s, expected) in [
        // The screen shows no more than 1080 lines of the large one.
        (12_000_000, "hd uhd small dvd"),
        // 3 GB an hour need 833 kB/s, and a quarter more.
        (1_050_000, "hd small dvd uhd"),
        (1_030_000, "small dvd hd uhd"),
        (260_000, "dvd small hd uhd"),
        // None plays through: the one that stops least.
        (10_000, "dvd small hd uhd"),
        (0, "dvd small hd uhd"),
    ] {
        let line = Line::Measured(bytes_per_s);
        assert_eq!(
            order(&offers, &board(), &wish(), line),
            expected,
            "{bytes_per_s}"
        );
    }
    assert_eq!(
        order(&offers, &board(), &wish(), Line::Unknown),
        "hd small dvd uhd"
    );
    let large = Board {
        screen_lines: 2160,
        ..board()
    };
    assert_eq!(order(&offers, &large, &wish(), FAST), "uhd hd small dvd");
}

#[test]
fn what_the_board_cannot_decode_is_taken_only_alone() {
    let offers = [
        ("av1", offer(1080, Codec::Av1, 2.0)),
        (
            "ten bits",
            Offer {
                ten_bit: true,
                ..offer(1080, Codec::H264, 2.0)
            },
        ),
        ("4k", offer(2160, Codec::H264, 8.0)),
        ("old", offer(480, Codec::Mpeg4, 0.7)),
        (
            "dead",
            Offer {
                seeds: Some(0),
                ..offer(1080, Codec::H265, 2.0)
            },
        ),
        (
            "cinema",
            Offer {
                content: Content::Poor,
                ..offer(1080, Codec::H265, 2.0)
            },
        ),
        (
            "trailer",
            Offer {
                content: Content::Extra,
                ..offer(1080, Codec::H265, 0.1)
            },
        ),
    ];
    let ranked = order(&offers, &board(), &wish(), FAST);
    assert_eq!(ranked, "old cinema dead ten bits av1 4k trailer");
    assert_eq!(order(&offers[..1], &board(), &wish(), FAST), "av1");
    // Nothing is known of the board: nothing is held against them.
    let ranked = order(&offers, &Board::default(), &wish(), FAST);
    assert!(ranked.starts_with("ten bits av1 4k old"), "{ranked}");
}

#[test]
fn a_season_stays_with_its_release() {
    let release = |name: &str, offer| Offer {
        release: Some(name.to_owned()),
        ..offer
    };
    let offers = [
        (
            "other",
            release("grape-1080p", offer(1080, Codec::H265, 1.5)),
        ),
        ("same", release("mango-720p", offer(720, Codec::H264, 0.7))),
        ("nameless", offer(1080, Codec::H265, 1.5)),
    ];
    let wish = Wish {
        release: Some("mango-720p".into()),
        ..wish()
    };
    assert_eq!(order(&offers, &board(), &wish, FAST), "same nameless other");
    // Not where it would stop and another would not.
    let mut offers = offers;
    offers[1].1.size_bytes = Some(60 * GB);
    assert_eq!(order(&offers, &board(), &wish, FAST), "nameless other same");
}

#[test]
fn languages_that_are_understood_come_first() {
    let film = offer(1080, Codec::H265, 2.0);
    let offers = [
        ("english", speaks(film.clone(), &["en"])),
        ("russian", speaks(film.clone(), &["ru"])),
        ("silent", film.clone()),
        (
            "several",
            Offer {
                several_languages: true,
                ..film.clone()
            },
        ),
        (
            "brazilian",
            speaks(offer(720, Codec::H265, 1.0), &["pt-BR"]),
        ),
        ("both", speaks(film, &["en", "pt"])),
    ];
    let wish = |languages: &[&str]| Wish {
        languages: languages.iter().map(|&tag| tag.to_owned()).collect(),
        ..wish()
    };
    for (languages, expected) in [
        (vec!["pt"], "both brazilian several silent english russian"),
        (
            vec!["pt", "en"],
            "both english brazilian several silent russian",
        ),
        (vec!["de"], "several silent english both russian brazilian"),
    ] {
        assert_eq!(order(&offers, &board(), &wish(&languages), FAST), expected);
    }
}

#[test]
fn the_owner_s_limits_hold() {
    let server = Offer {
        way: Way::Http,
        seeds: None,
        ..offer(720, Codec::H264, 1.0)
    };
    let offers = [
        ("large", offer(1080, Codec::H265, 20.0)),
        ("torrent", offer(1080, Codec::H265, 2.0)),
        ("server", server),
        (
            "open",
            Offer {
                open: true,
                ..offer(480, Codec::H264, 0.5)
            },
        ),
    ];
    for (wish, expected) in [
        (wish(), "torrent large server open"),
        (
            Wish {
                torrents: false,
                ..wish()
            },
            "server (torrent) (large) (open)",
        ),
        (
            Wish {
                http: false,
                ..wish()
            },
            "torrent large open (server)",
        ),
        (
            Wish {
                open_only: true,
                ..wish()
            },
            "open (torrent) (large) (server)",
        ),
        (
            Wish {
                size_max_bytes: Some(5 * GB),
                ..wish()
            },
            "torrent server open (large)",
        ),
        (
            Wish {
                lines_max: Some(720),
                ..wish()
            },
            "server open torrent large",
        ),
        (
            Wish {
                lines_min: Some(720),
                ..wish()
            },
            "torrent large server open",
        ),
    ] {
        assert_eq!(order(&offers, &board(), &wish, FAST), expected, "{wish:?}");
    }
}

#[test]
fn colours_are_shown_or_not() {
    let film = offer(1080, Codec::H265, 2.0);
    let with = |hdr: &[Hdr], film: &Offer| Offer {
        hdr: hdr.to_vec(),
        ..film.clone()
    };
    let offers = [
        ("vision", with(&[Hdr::DolbyVision], &film)),
        ("layers", with(&[Hdr::DolbyVision, Hdr::Hdr10], &film)),
        ("plain", film),
        (
            "3d",
            Offer {
                three_d: true,
                ..offer(1080, Codec::H265, 2.0)
            },
        ),
    ];
    assert_eq!(
        order(&offers, &board(), &wish(), FAST),
        "plain vision layers 3d"
    );
    let bright = Board {
        hdr: vec![Hdr::Hdr10],
        ..board()
    };
    assert_eq!(
        order(&offers, &bright, &wish(), FAST),
        "layers plain vision 3d"
    );
}

#[test]
fn sharers_count_where_they_matter() {
    let with = |seeds, lines| Offer {
        seeds,
        ..offer(lines, Codec::H265, 2.0)
    };
    let offers = [
        ("one", with(Some(1), 1080)),
        ("many", with(Some(900), 1080)),
        ("some", with(Some(40), 1080)),
        ("low", with(Some(40), 720)),
        ("unknown", with(None, 1080)),
        (
            "server",
            Offer {
                way: Way::Http,
                ..with(None, 1080)
            },
        ),
        ("none", with(Some(0), 1080)),
    ];
    let ranked = order(&offers, &board(), &wish(), FAST);
    assert_eq!(ranked, "many server some unknown low one none");
    // Equals: as the add-ons order them.
    let place = |add_on, place| Offer {
        add_on,
        place,
        ..with(Some(40), 1080)
    };
    let offers = [("c", place(1, 0)), ("b", place(0, 1)), ("a", place(0, 0))];
    assert_eq!(order(&offers, &board(), &wish(), FAST), "a b c");
}

fn reasons(offer: Offer, wish: &Wish, line: Line) -> Vec<Reason> {
    let [choice] = choose(&[offer], &board(), wish, line).try_into().unwrap();
    choice.reasons
}

#[test]
fn the_choice_is_explained() {
    let film = Offer {
        open: true,
        ..speaks(offer(1080, Codec::H265, 2.0), &["en"])
    };
    let wish = Wish {
        languages: vec!["en".into()],
        ..wish()
    };
    let english = Reason::Speaks("en".into());
    assert_eq!(
        reasons(film.clone(), &wish, FAST),
        [
            Reason::Decodes,
            Reason::PlaysThrough,
            english.clone(),
            Reason::FillsScreen,
            Reason::OpenLicence
        ]
    );
    // 555,555 bytes a second are needed, and they come, but nothing more.
    let after = reasons(film.clone(), &wish, Line::Measured(556_000));
    let Reason::StartsIn(wait) = after[0] else {
        panic!("{after:?}");
    };
    assert_eq!(wait.as_millis(), 3996);
    let slow = reasons(film.clone(), &wish, Line::Measured(100_000));
    let (needs, has) = (555_555, 100_000);
    assert_eq!(slow[0], Reason::TooSlow { needs, has });
    assert!(reasons(film, &wish, Line::Unknown).contains(&Reason::ShouldPlayThrough));

    let bad = Offer {
        seeds: Some(2),
        content: Content::Poor,
        hdr: vec![Hdr::Hlg],
        ..speaks(offer(720, Codec::Av1, 2.0), &["ru"])
    };
    let wish = Wish {
        release: Some("mango".into()),
        size_max_bytes: Some(GB),
        lines_min: Some(1080),
        ..wish
    };
    let told = reasons(bad, &wish, FAST);
    let (against, in_favour): (Vec<_>, Vec<_>) = told.into_iter().partition(Reason::is_against);
    assert_eq!(
        against,
        [
            Reason::TooLarge {
                bytes: 2 * GB,
                max_bytes: GB
            },
            Reason::CannotDecode {
                codec: Codec::Av1,
                lines: 720
            },
            Reason::Poor,
            Reason::TooLow { min: 1080 },
            Reason::OtherLanguage,
            Reason::HdrLost,
            Reason::OtherRelease,
            Reason::FewShare(2),
            Reason::BelowScreen,
        ]
    );
    assert_eq!(in_favour, [Reason::PlaysThrough]);
}
