//! Which planes are chosen on which card.

use drm::buffer::DrmFourcc;
use media::{ColourMatrix, PixelFormat};

use super::super::device::{Device as _, How, LINEAR, Request};
use super::super::film::formats;
use super::super::planes::{self, Choice, WhyNot, choose, in_formats};
use super::cards::{self, amdgpu, film_on_top, i915, meson, no_scaling, vc4, vop2};
use super::{CRTC, Fake, PLANES, Recorded, list};

fn chosen(card: Recorded, of: PixelFormat) -> Result<Vec<Choice>, WhyNot> {
    let fake = Fake::new(card);
    let planes = planes::read(&fake, CRTC).unwrap();
    choose(&planes, &formats(of), LINEAR)
}

#[test]
fn film_and_ui_have_the_planes_that_suit() {
    let (yuv420, nv12) = (DrmFourcc::Yuv420, DrmFourcc::Nv12);
    let as_they_are = (None, None);
    for (card, of, film, ui, format, zpos) in [
        (vc4(), PixelFormat::I420, 0, 1, yuv420, as_they_are),
        (vc4(), PixelFormat::Nv12, 0, 1, nv12, as_they_are),
        (
            cards::vc4_of_pi5(),
            PixelFormat::I420,
            0,
            1,
            yuv420,
            (Some(0), Some(1)),
        ),
        // Below the primary plane, which is moved above it.
        (vop2(), PixelFormat::I420, 1, 0, nv12, (Some(0), Some(1))),
        (i915(), PixelFormat::I420, 0, 1, nv12, as_they_are),
        (amdgpu(), PixelFormat::Nv12, 0, 1, nv12, as_they_are),
        (meson(), PixelFormat::I420, 1, 0, yuv420, as_they_are),
        // The first plane is another CRTC's, and not read at all.
        (no_scaling(), PixelFormat::Nv12, 0, 1, nv12, as_they_are),
    ] {
        let name = card.name;
        let best = chosen(card, of).unwrap()[0];
        let wanted = Choice {
            film,
            ui,
            format,
            zpos,
        };
        assert_eq!(best, wanted, "{name}, {of:?}");
    }
}

#[test]
fn where_there_is_no_choice_it_is_said_why() {
    let without = |card: Recorded, drop: &dyn Fn(&mut super::Known)| {
        let mut card = card;
        card.planes.iter_mut().for_each(drop);
        chosen(card, PixelFormat::I420).unwrap_err()
    };
    let as_it_is = |_: &mut super::Known| {};
    assert_eq!(without(cards::virtio_gpu(), &as_it_is), WhyNot::OnePlane);
    assert_eq!(without(film_on_top(), &as_it_is), WhyNot::WrongOrder);
    let no_film = |plane: &mut super::Known| plane.formats.truncate(2);
    assert_eq!(without(i915(), &no_film), WhyNot::NoFilm);
    let opaque = |plane: &mut super::Known| {
        plane.formats.retain(|it| *it != DrmFourcc::Argb8888);
    };
    assert_eq!(without(i915(), &opaque), WhyNot::NoUi);
    // It could not be laid over the film by its alpha.
    let straight = |plane: &mut super::Known| plane.blends = &["None", "Coverage"];
    assert_eq!(without(i915(), &straight), WhyNot::NoUi);
    // Nobody says which is above.
    let secret = |plane: &mut super::Known| plane.zpos = None;
    assert_eq!(without(vop2(), &secret), WhyNot::WrongOrder);
}

#[test]
fn choices_that_are_tried_are_few() {
    let all = chosen(vc4(), PixelFormat::I420).unwrap();
    assert_eq!(all.len(), planes::CHOICES_MAX);
}

#[test]
fn colours_are_set_as_the_film_has_them_or_not_at_all() {
    let planes = planes::read(&Fake::new(i915()), CRTC).unwrap();
    let of = |matrix, full| {
        let set = planes[0].colours(matrix, full)?;
        Some(set.into_iter().map(|(_, value)| value).collect::<Vec<_>>())
    };
    assert_eq!(of(ColourMatrix::Bt601, false), Some(vec![0, 0]));
    assert_eq!(of(ColourMatrix::Bt709, true), Some(vec![1, 1]));
    assert_eq!(of(ColourMatrix::Bt2020, false), None);
    // A driver that has no such property takes what is usual.
    let planes = planes::read(&Fake::new(meson()), CRTC).unwrap();
    assert_eq!(planes[1].colours(ColourMatrix::Bt2020, true), Some(vec![]));
}

#[test]
fn a_list_of_modifiers_is_read_or_refused_whole() {
    let formats = [DrmFourcc::Argb8888, DrmFourcc::Nv12];
    let bytes = list(&formats, &[LINEAR, 7]);
    let all = in_formats(&bytes).unwrap();
    let expected: Vec<_> = [LINEAR, 7]
        .iter()
        .flat_map(|modifier| formats.map(|format| (format as u32, *modifier)))
        .collect();
    assert_eq!(all, expected);
    for length in 0..bytes.len() {
        assert_eq!(in_formats(&bytes[..length]), None, "{length}");
    }
    let mut far = bytes.clone();
    // The first modifier is for formats that are not there.
    far[32 + 8..32 + 12].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(in_formats(&far), None);
    let mut many = bytes;
    many[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(in_formats(&many), None);
}

#[test]
fn the_fake_refuses_what_a_driver_would() {
    let fake = Fake::new(i915());
    let planes = planes::read(&fake, CRTC).unwrap();
    let zpos = planes[0].zpos.unwrap().id;
    let foreign = u64::from(super::OTHER_CRTC);
    for (what, object, property, value) in [
        ("an unknown object", 99, 1, 0),
        ("an unknown property", PLANES, 1, 0),
        ("one that cannot be set", PLANES, zpos, 1),
        ("a picture without a CRTC", PLANES, planes[0].picture, 7),
        ("a CRTC without a picture", PLANES, planes[0].crtc, foreign),
        ("more than it can be", super::CRTC, super::CRTC * 100 + 1, 2),
    ] {
        let mut request = Request::default();
        request.add(object, property, value);
        assert!(fake.commit(&request, How::TrySetting).is_err(), "{what}");
    }
    assert!(fake.commit(&Request::default(), How::TrySetting).is_ok());
    assert!(fake.commit(&Request::default(), How::Flip).is_err());
}
