//! Which modes are chosen, for the wall and for films.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use proptest::prelude::*;
use sink::{Film, Judder, Mode, Rate, Wish, at_boot, for_film};

/// `1920x1080p59.94`, with `*` what the screen likes best.
fn mode(text: &str) -> Mode {
    let (text, preferred) = text
        .strip_suffix('*')
        .map_or((text, false), |it| (it, true));
    let (width, rest) = text.split_once('x').unwrap();
    let interlaced = rest.contains('i');
    let (height, rate) = rest.split_once(['i', 'p']).unwrap();
    let (whole, part) = rate.split_once('.').unwrap_or((rate, ""));
    let over = format!("{whole}{part}").parse().unwrap();
    let under = 10_u64.pow(part.len() as u32);
    Mode {
        interlaced,
        preferred,
        ..Mode::new(
            width.parse().unwrap(),
            height.parse().unwrap(),
            Rate::of_film(over, under).unwrap(),
        )
    }
}

fn modes(text: &str) -> Vec<Mode> {
    text.split_whitespace().map(mode).collect()
}

fn told(mode: &Mode) -> String {
    let scan = if mode.interlaced { "i" } else { "p" };
    let best = if mode.preferred { "*" } else { "" };
    format!("{}x{}{scan}{}{best}", mode.width, mode.height, mode.rate)
}

#[test]
fn a_screen_is_lit_with_what_suits_the_wall() {
    for (offers, lines, wish, lit) in [
        ("1920x1080p60* 1280x720p60", 2_160, "auto", "1920x1080p60*"),
        // A TV of 4K scales the wall itself.
        (
            "3840x2160p60* 1920x1080p60 1280x720p60",
            2_160,
            "auto",
            "1920x1080p60",
        ),
        (
            "3840x2160p60* 1920x1080p60",
            2_160,
            "2160p",
            "3840x2160p60*",
        ),
        // Of a board that cannot, no wish makes it.
        ("3840x2160p60* 1920x1080p60", 1_080, "2160p", "1920x1080p60"),
        (
            "1920x1080p60* 1280x720p60 1280x720p50",
            720,
            "auto",
            "1280x720p60",
        ),
        (
            "1920x1080p60* 1280x720p60 1280x720p50",
            2_160,
            "720p50",
            "1280x720p50",
        ),
        // Where its rate is not to be had, its lines are; where those are not, the next below.
        ("1920x1080p60* 1280x720p60", 2_160, "720p50", "1280x720p60"),
        ("1920x1080p60* 1280x720p60", 2_160, "900p", "1280x720p60"),
        // Not at a film's rate, nor interlaced; and no more often than it must.
        (
            "3840x2160p30* 1920x1080p24 1920x1080p50",
            2_160,
            "auto",
            "1920x1080p50",
        ),
        ("1920x1080i60* 1280x720p60", 2_160, "auto", "1280x720p60"),
        ("1920x1080p144* 1920x1080p60", 2_160, "auto", "1920x1080p60"),
        // Nothing else is there.
        ("1920x1080i60*", 2_160, "auto", "1920x1080i60*"),
        ("3840x2160p30* 4096x2160p24", 2_160, "auto", "3840x2160p30*"),
        ("320x240p60", 2_160, "auto", "320x240p60"),
        // In a land of 50 Hz, and where all is slower by a thousandth.
        ("1920x1080p50* 1920x1080p60", 2_160, "auto", "1920x1080p50*"),
        (
            "1920x1080p59.94* 1920x1080p60",
            2_160,
            "auto",
            "1920x1080p59.94*",
        ),
        (
            "3840x2160p60* 1920x1080p59.94 1920x1080p60",
            2_160,
            "auto",
            "1920x1080p60",
        ),
        // Its shape before more pixels, and its own pixels before both.
        (
            "2560x1440p60* 1400x1050p60 1280x720p60",
            2_160,
            "auto",
            "1280x720p60",
        ),
        ("1280x800p75* 1920x1080p60", 2_160, "auto", "1280x800p75*"),
        // Lines are those of 16:9; as wide and a little higher is as well.
        (
            "1280x800p75* 800x600p60 1920x1080p60",
            720,
            "auto",
            "1280x800p75*",
        ),
        ("1366x768p60* 1024x768p60", 768, "auto", "1366x768p60*"),
        ("1920x1200p60* 1920x1080p60", 2_160, "auto", "1920x1200p60*"),
        ("1920x1200p60* 1920x1080p60", 2_160, "1080p", "1920x1080p60"),
        ("2560x1080p60* 1920x1080p60", 2_160, "auto", "1920x1080p60"),
        // None is said to be best: the first is taken for it.
        ("1024x768p60 1920x1080p60", 2_160, "auto", "1024x768p60"),
    ] {
        let offers = modes(offers);
        let chosen = at_boot(&offers, lines, &wish.parse().unwrap()).unwrap();
        assert_eq!(told(&offers[chosen]), lit, "{offers:?}, {wish}");
    }
    assert_eq!(at_boot(&[], 2_160, &Wish::default()), None);
}

#[test]
fn wishes_are_read_or_refused() {
    let wish = |lines, rate| Wish { lines, rate };
    for (text, read) in [
        ("auto", wish(None, None)),
        ("1080p", wish(Some(1_080), None)),
        ("720p50", wish(Some(720), Some(Rate::hz(50)))),
        (
            "2160p23.976",
            wish(Some(2_160), Some(Rate::hz(24).slower())),
        ),
        ("1080p59.94", wish(Some(1_080), Some(Rate::hz(60).slower()))),
    ] {
        assert_eq!(text.parse(), Ok(read), "{text}");
    }
    for text in [
        "", "1080", "1080i", "p60", "99999p", "1080p0", "1080p-5", "1080p60.", "4k",
    ] {
        let read = text.parse::<Wish>();
        assert_eq!(read.is_ok(), text == "1080p60.", "{text}: {read:?}");
    }
}

fn film(rate: &str) -> Film {
    Film {
        rate: Some(mode(&format!("16x16p{rate}")).rate),
        length: Some(Duration::from_secs(180)),
        fills_screen: true,
    }
}

const TV: &str = "1920x1080p60* 1920x1080p59.94 1920x1080p50 1920x1080p30 1920x1080p29.97 \
    1920x1080p25 1920x1080p24 1920x1080p23.976 1920x1080i50 1280x720p24 3840x2160p25";

#[test]
fn a_film_gets_the_rate_that_fits_it() {
    let monitor = "1920x1080p60* 1280x720p60";
    let fast = "3840x2160p60* 3840x2160p120 3840x2160p119.88";
    let fifty = "1920x1080p60* 1920x1080p50 1920x1080i50";
    for (offers, rate, on, shown) in [
        (TV, "23.976", 0, "1920x1080p23.976"),
        (TV, "24", 0, "1920x1080p24"),
        (TV, "25", 0, "1920x1080p50"),
        (TV, "29.97", 0, "1920x1080p59.94"),
        (TV, "30", 0, "1920x1080p60*"),
        (TV, "50", 0, "1920x1080p50"),
        (TV, "59.94", 0, "1920x1080p59.94"),
        (TV, "60", 1, "1920x1080p60*"),
        // Old films: five refreshes for a picture are even too, and what nothing fits is left.
        (TV, "12", 0, "1920x1080p60*"),
        (TV, "18", 0, "1920x1080p60*"),
        // It is on already, doubled or not.
        (TV, "25", 5, "1920x1080p25"),
        (TV, "30", 3, "1920x1080p30"),
        // Nothing better is offered, or nothing that is seen.
        (monitor, "24", 0, "1920x1080p60*"),
        (monitor, "25", 0, "1920x1080p60*"),
        // Five times, and two and a half times but for a thousandth.
        (fast, "23.976", 0, "3840x2160p119.88"),
        (fast, "24", 0, "3840x2160p120"),
        (fast, "50", 0, "3840x2160p60*"),
        (fifty, "25", 0, "1920x1080p50"),
        (fifty, "24", 1, "1920x1080p60*"),
        ("1920x1080i50* 1920x1080p50", "25", 0, "1920x1080p50"),
    ] {
        let offers = modes(offers);
        let chosen = for_film(&offers, on, &film(rate));
        assert_eq!(told(&offers[chosen]), shown, "{rate} of {offers:?}");
    }
}

#[test]
fn the_screen_stays_as_it_is_for_what_is_short_or_small_or_unknown() {
    let offers = modes(TV);
    let long = film("24");
    assert_ne!(for_film(&offers, 0, &long), 0);
    for film in [
        Film {
            length: Some(Duration::from_secs(179)),
            ..long
        },
        Film {
            length: None,
            ..long
        },
        Film { rate: None, ..long },
        Film {
            fills_screen: false,
            ..long
        },
    ] {
        assert_eq!(for_film(&offers, 0, &film), 0, "{film:?}");
    }
    assert_eq!(for_film(&[], 0, &long), 0);
    assert_eq!(for_film(&offers, 99, &long), 99);
}

fn any_rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        proptest::sample::select(vec![24, 25, 30, 50, 60, 100, 120]).prop_map(Rate::hz),
        proptest::sample::select(vec![24, 30, 60, 120]).prop_map(|hz| Rate::hz(hz).slower()),
        (10_u64..240_000, 1_u64..1_001).prop_filter_map("no rate", |(a, b)| Rate::new(a, b)),
    ]
}

fn any_offers() -> impl Strategy<Value = Vec<Mode>> {
    let sizes = vec![
        (1_280, 720),
        (1_920, 1_080),
        (3_840, 2_160),
        (1_024, 768),
        (320, 200),
    ];
    let size = proptest::sample::select(sizes);
    let offer = (size, any_rate(), any::<bool>(), any::<bool>());
    let offer = offer.prop_map(|((width, height), rate, interlaced, preferred)| Mode {
        interlaced,
        preferred,
        ..Mode::new(width, height, rate)
    });
    proptest::collection::vec(offer, 1..40)
}

proptest! {
    #[test]
    fn the_wall_gets_an_offer_and_never_what_is_interlaced_for_nothing(
        offers in any_offers(),
        lines in 200_u32..4_500,
        rate in proptest::option::of(any_rate()),
        wished in proptest::option::of(480_u32..4_320),
    ) {
        let chosen = at_boot(&offers, lines, &Wish { lines: wished, rate }).unwrap();
        let lit = offers[chosen];
        prop_assert!(!lit.interlaced || offers.iter().all(|it| it.interlaced));
        let most = lines.min(wished.unwrap_or(1_080));
        let fits = |it: &Mode| it.height <= most * 10 / 9 && it.width <= (most + 1) * 16 / 9;
        let could_fit = offers.iter().any(|it| fits(it) && it.interlaced == lit.interlaced);
        prop_assert_eq!(fits(&lit), could_fit);
    }

    #[test]
    fn a_film_gets_an_offer_of_the_same_pixels_with_the_least_judder(
        offers in any_offers(),
        on: proptest::sample::Index,
        rate in any_rate(),
    ) {
        let on = on.index(offers.len());
        let film = Film {
            rate: Some(rate),
            length: Some(Duration::from_secs(5_400)),
            fills_screen: true,
        };
        let chosen = offers[for_film(&offers, on, &film)];
        let now = offers[on];
        prop_assert_eq!((chosen.width, chosen.height), (now.width, now.height));
        let same = |it: &&Mode| (it.width, it.height) == (now.width, now.height) && !it.interlaced;
        let judder = |it: &Mode| Judder::of(rate, it.rate);
        for other in offers.iter().filter(same) {
            // What stays on may be as good to the eye as the best.
            prop_assert!(!judder(other).is_seen_less_than(judder(&chosen)));
            prop_assert!(chosen == now || judder(&chosen) <= judder(other));
        }
        // And when the film has begun with it, nothing changes any more.
        let place = offers.iter().position(|it| *it == chosen).unwrap();
        prop_assert_eq!(offers[for_film(&offers, place, &film)], chosen);
    }
}
