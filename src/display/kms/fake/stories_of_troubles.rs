//! What goes wrong in the middle of a film: the picture stays, on one plane if it must.

use media::{ColourMatrix, PixelFormat};
use sink::{Film, Rate};

use super::super::super::{Presented, Presenter as _, Rect};
use super::super::device::How;
use super::Trouble;
use super::cards::{self, with_planes};
use super::stories::{SIZE, Tv, film, mode, sent};

const OF: PixelFormat = PixelFormat::I420;

/// In a film, controls over it.
fn in_a_film(card: super::Recorded) -> Tv {
    let mut tv = Tv::new(card);
    tv.ui(Some(Rect::new(20, 60, 60, 20)), 0x8010_2030);
    for number in 0..3 {
        tv.video(Some(film(OF, SIZE, number)));
        tv.commit("the film");
    }
    assert!(tv.film_has_a_plane());
    tv
}

#[test]
fn a_plane_that_is_refused_at_any_picture_costs_none() {
    for trouble in [Trouble::Films, Trouble::FilmsInEarnest] {
        for card in with_planes() {
            let mut tv = in_a_film(card);
            tv.screen.card().trouble(Some(trouble));
            for number in 3..6 {
                tv.video(Some(film(OF, SIZE, number)));
                let asked = tv.commit("refused");
                let refused = asked.iter().filter(|it| it.refused.is_some()).count();
                // It is heard once, and not tried again with every picture.
                assert_eq!(refused, usize::from(number == 3), "{asked:?}");
            }
            assert!(!tv.film_has_a_plane());
            tv.ui(None, 0);
            tv.commit("the controls leave");
            // The next film may have it again.
            tv.screen.card().trouble(None);
            tv.video(Some(film(OF, (160, 68), 0)));
            tv.commit("another film");
            assert!(tv.film_has_a_plane());
        }
    }
}

#[test]
fn a_card_that_refuses_from_the_start_shows_the_film_all_the_same() {
    for trouble in [Trouble::Films, Trouble::FilmsInEarnest] {
        for card in with_planes() {
            let mut tv = Tv::new(card);
            tv.screen.card().trouble(Some(trouble));
            for number in 0..3 {
                tv.video(Some(film(OF, SIZE, number)));
                tv.commit("the film");
                assert!(!tv.film_has_a_plane());
            }
        }
    }
}

#[test]
fn pictures_may_change_in_the_middle_of_a_film() {
    for card in with_planes() {
        let mut tv = in_a_film(card);
        for (number, size) in [(160, 68), (80, 45), (320, 180), (90, 90), SIZE]
            .into_iter()
            .enumerate()
        {
            tv.video(Some(film(OF, size, number as u32)));
            tv.commit("another size");
        }
        let mut odd = film(OF, SIZE, 7);
        (odd.matrix, odd.full_range) = (ColourMatrix::Bt601, true);
        tv.video(Some(odd));
        // A card that knows no such colours has its usual ones.
        tv.steps = if tv
            .screen
            .card()
            .card
            .planes
            .iter()
            .all(|it| it.encodings.is_empty())
        {
            255
        } else {
            tv.steps
        };
        tv.commit("other colours");
    }
}

#[test]
fn colours_that_no_plane_knows_are_made_by_the_processor() {
    let mut tv = in_a_film(cards::i915());
    let mut wide = film(OF, SIZE, 3);
    wide.matrix = ColourMatrix::Bt2020;
    tv.video(Some(wide));
    tv.commit("BT.2020");
    assert!(!tv.film_has_a_plane());
}

#[test]
fn a_picture_that_is_shorter_than_it_says_is_not_shown_and_harms_nothing() {
    let mut tv = in_a_film(cards::vc4());
    let mut short = film(OF, SIZE, 3);
    short.planes = film(OF, (16, 16), 0).planes;
    tv.screen.video(Some(short));
    assert_eq!(tv.screen.commit(), Presented::Sent);
    tv.screen.card().refresh();
    tv.screen.read_events().unwrap();
    // On one plane, without the picture; the next film is shown again.
    tv.video(Some(film(OF, (160, 68), 4)));
    tv.commit("the next");
    assert!(tv.film_has_a_plane());
}

#[test]
fn the_mode_follows_the_film_on_planes_too() {
    for card in with_planes() {
        let mut tv = Tv::new(card);
        tv.ui(Some(tv.whole()), 0xff20_4060);
        tv.commit("the wall");
        let rate = Rate::of_film(25, 1);
        let known = Film {
            rate,
            length: Some(std::time::Duration::from_secs(3600)),
            fills_screen: true,
        };
        tv.screen.film(Some(known));
        tv.ui(None, 0);
        tv.video(Some(film(OF, SIZE, 0)));
        let asked = tv.commit("the film, in its mode");
        assert_eq!(sent(&asked).len(), 1);
        assert_eq!(sent(&asked)[0].how, How::Set, "50 Hz is set with it");
        assert!(tv.film_has_a_plane());
        assert_eq!(tv.screen.refresh_mhz(), Some(50_000));
        tv.video(Some(film(OF, SIZE, 1)));
        tv.commit("it goes on");
        tv.screen.film(None);
        tv.video(None);
        tv.ui(Some(tv.whole()), 0xff20_4060);
        let asked = tv.commit("the wall, in its own");
        assert_eq!(sent(&asked)[0].how, How::Set);
        assert!(!tv.film_has_a_plane());
    }
}

#[test]
fn a_mode_that_comes_late_does_not_take_the_film_off_its_plane() {
    for card in with_planes() {
        let mut tv = in_a_film(card);
        let rate = Rate::of_film(25, 1);
        tv.screen.film(Some(Film {
            rate,
            length: Some(std::time::Duration::from_secs(3600)),
            fills_screen: true,
        }));
        tv.video(Some(film(OF, SIZE, 3)));
        let asked = tv.commit("its rate is known");
        assert_eq!(sent(&asked)[0].how, How::Set);
        assert!(tv.film_has_a_plane());
    }
}

#[test]
fn pulled_out_and_plugged_in_again_the_film_has_its_plane() {
    for card in with_planes() {
        let mut tv = in_a_film(card);
        let card = tv.screen.card();
        card.trouble(Some(Trouble::All));
        tv.video(Some(film(OF, SIZE, 4)));
        assert_eq!(tv.screen.commit(), Presented::Refused);
        assert!(tv.screen.is_refused());
        tv.screen.card().trouble(None);
        tv.screen.plug(None).unwrap();
        assert_eq!(tv.screen.card().left(), (0, 0));
        tv.video(Some(film(OF, SIZE, 5)));
        assert!(matches!(tv.screen.commit(), Presented::At(_)));
        assert!(tv.screen.card().seen().is_none());
        let way = tv.screen.card().way(&[mode(SIZE, 60)]);
        tv.screen.plug(Some(way)).unwrap();
        tv.video(Some(film(OF, SIZE, 6)));
        tv.commit("plugged in again");
        assert!(tv.film_has_a_plane());
    }
}
