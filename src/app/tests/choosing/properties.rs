//! What holds for any offers, wishes and lines.

use std::time::Duration;

use app::choosing::{Choice, Codec, Content, Hdr, Line, Offer, Reason, Way, Wish, choose};
use proptest::prelude::*;

use super::{FAST, GB, HOUR, board};

fn any_offer() -> impl Strategy<Value = Offer> {
    let codec = prop::sample::select(vec![Codec::H264, Codec::H265, Codec::Av1, Codec::Other]);
    let lines = prop::sample::select(vec![240_u16, 480, 720, 1080, 2160]);
    let content = prop::sample::select(vec![
        Content::Film,
        Content::Film,
        Content::Film,
        Content::Poor,
        Content::Extra,
    ]);
    let hdr = prop::sample::subsequence(vec![Hdr::Hdr10, Hdr::DolbyVision], 0..=2);
    let languages = prop::sample::subsequence(vec!["en", "fr", "pt-BR"], 0..=2);
    let picture = (
        prop::option::of(codec),
        prop::option::of(lines),
        content,
        hdr,
        any::<[bool; 5]>(),
    );
    let rest = (
        prop::option::of(prop_oneof![0..30 * GB, any::<u64>()]),
        prop::option::of((0..20_000_u64).prop_map(Duration::from_secs)),
        prop::option::of(prop_oneof![0..5_u32, any::<u32>()]),
        languages,
        prop::option::of(prop::sample::select(vec!["mango", "grape"])),
        (0..3_u16, 0..5_u16),
    );
    (picture, rest).prop_map(|((codec, lines, content, hdr, flags), rest)| {
        let (size_bytes, duration, seeds, languages, release, (add_on, place)) = rest;
        let [torrent, ten_bit, three_d, several_languages, open] = flags;
        let web_seeded = torrent && seeds.is_none();
        Offer {
            add_on,
            place,
            way: if torrent { Way::Torrent } else { Way::Http },
            content,
            lines,
            codec,
            ten_bit,
            three_d,
            hdr,
            size_bytes,
            duration,
            seeds,
            web_seeded,
            languages: languages.into_iter().map(str::to_owned).collect(),
            several_languages,
            release: release.map(str::to_owned),
            open,
        }
    })
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let languages = prop::sample::subsequence(vec!["fr", "en"], 0..=2);
    let lines = prop::option::of(prop::sample::select(vec![480_u16, 720, 1080]));
    let flags = any::<[bool; 3]>();
    let size = prop::option::of(0..10 * GB);
    let release = prop::option::of(Just("mango".to_owned()));
    (languages, size, lines.clone(), lines, flags, release).prop_map(
        |(
            languages,
            size_max_bytes,
            lines_max,
            lines_min,
            [torrents, http, open_only],
            release,
        )| {
            Wish {
                languages: languages.into_iter().map(str::to_owned).collect(),
                size_max_bytes,
                lines_max,
                lines_min,
                torrents,
                http,
                open_only,
                release,
            }
        },
    )
}

fn any_line() -> impl Strategy<Value = Line> {
    prop_oneof![
        Just(Line::Unknown),
        (0..20_000_000_u64).prop_map(Line::Measured),
        any::<u64>().prop_map(Line::Measured),
    ]
}

fn offers() -> impl Strategy<Value = Vec<Offer>> {
    prop::collection::vec(any_offer(), 1..12)
}

fn ranked(offers: &[Offer], wish: &Wish, line: Line) -> Vec<Offer> {
    let choices = choose(offers, &board(), wish, line);
    choices
        .iter()
        .map(|choice| offers[choice.offer].clone())
        .collect()
}

fn cannot_decode(choice: &Choice) -> bool {
    let cannot = |reason: &Reason| matches!(reason, Reason::CannotDecode { .. });
    choice.reasons.iter().any(cannot)
}

fn stops(choice: &Choice) -> bool {
    let stops = |reason: &Reason| matches!(reason, Reason::TooSlow { .. } | Reason::StartsIn(_));
    choice.reasons.iter().any(stops)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_they_came_in_does_not_matter(
        (offers, shuffled) in offers().prop_flat_map(|offers| {
            (Just(offers.clone()), Just(offers).prop_shuffle())
        }),
        wish in any_wish(),
        line in any_line(),
    ) {
        prop_assert_eq!(ranked(&offers, &wish, line), ranked(&shuffled, &wish, line));
    }

    /// One more changes nothing between the others.
    #[test]
    fn one_more_takes_its_place(
        offers in offers(), more in any_offer(), wish in any_wish(), line in any_line(),
    ) {
        let before = ranked(&offers, &wish, line);
        let mut with = offers;
        with.push(more.clone());
        let mut after = ranked(&with, &wish, line);
        let place = after.iter().position(|offer| *offer == more).unwrap();
        after.remove(place);
        prop_assert_eq!(before, after);
    }

    /// Worse in one thing is never before the same that is better in it.
    #[test]
    fn worse_is_after_better(better in any_offer(), how in 0..6, wish in any_wish()) {
        let mut worse = better.clone();
        match how {
            0 => worse.content = Content::Extra,
            1 => worse.seeds = Some(0),
            2 => worse.codec = Some(Codec::Other),
            3 => worse.three_d = true,
            4 => worse.place = better.place + 1,
            _ => worse.size_bytes = Some(u64::MAX),
        }
        // Worse only where it is not the same, and where seeds say something.
        prop_assume!(how != 1 || better.way == Way::Torrent);
        let first = ranked(&[worse, better.clone()], &wish, FAST).remove(0);
        prop_assert_eq!(first, better);
    }

    #[test]
    fn what_can_be_decoded_is_before_what_cannot(
        offers in offers(), wish in any_wish(), line in any_line(),
    ) {
        let choices = choose(&offers, &board(), &wish, line);
        let film = |choice: &&Choice| {
            choice.allowed && offers[choice.offer].content != Content::Extra
        };
        let cannot: Vec<bool> = choices.iter().filter(film).map(cannot_decode).collect();
        prop_assert!(cannot.is_sorted(), "{choices:?}");
        // And what is forbidden comes after all that is allowed.
        prop_assert!(choices.is_sorted_by_key(|choice| !choice.allowed));
    }

    /// A faster line never leads to a film that stops where one played through, nor to one that
    /// needs less.
    #[test]
    fn a_faster_line_is_never_worse(
        offers in offers(), wish in any_wish(), line in 0..20_000_000_u64, more in 0..9_000_000_u64,
    ) {
        // In everything but the line they are the same, or it would be compared with that.
        let common = |offer: &Offer| Offer {
            lines: offer.lines,
            size_bytes: offer.size_bytes,
            place: offer.place,
            codec: Some(Codec::H265),
            duration: Some(HOUR),
            ..Offer::default()
        };
        let offers: Vec<Offer> = offers.iter().map(common).collect();
        let wish = Wish { size_max_bytes: None, lines_max: None, lines_min: None, ..wish };
        let first = |line| choose(&offers, &board(), &wish, Line::Measured(line)).remove(0);
        let (slow, fast) = (first(line), first(line + more));
        prop_assert!(stops(&slow) || !stops(&fast));
        let shown = |choice: &Choice| offers[choice.offer].lines.unwrap_or(480).min(1080);
        if !stops(&slow) {
            prop_assert!(shown(&fast) >= shown(&slow));
        }
        let needs = |choice: &Choice| match offers[choice.offer].size_bytes {
            Some(bytes @ 1..) => Some(bytes / 3600),
            _ => None,
        };
        if let (true, Some(slow), Some(fast)) = (stops(&slow), needs(&slow), needs(&fast)) {
            prop_assert!(fast >= slow);
        }
    }

    /// Reasons against come first, and what is not allowed says why.
    #[test]
    fn reasons_are_in_order(offers in offers(), wish in any_wish(), line in any_line()) {
        for choice in choose(&offers, &board(), &wish, line) {
            prop_assert!(choice.reasons.is_sorted_by_key(|reason| !reason.is_against()));
            prop_assert!(!choice.reasons.is_empty());
            prop_assert!(choice.allowed || choice.reasons[0].is_against());
        }
    }
}
