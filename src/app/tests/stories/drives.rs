//! Drives: which there are, one that is made the box's own, and where films are kept.

use app::{Drive, DriveWish, Library, Preferences, ROOM_MIN, Room, SPEED_MIN, keeps_on};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

fn story(wish: DriveWish) -> Story {
    let preferences = Preferences {
        prefetch: false,
        drives: Some(wish),
        ..Preferences::default()
    };
    Story::with(Library::default(), preferences)
}

/// On the page of drives, from a wall where these are.
const PAGE: &str = "drives stick=8:30 disk
    to Drives
    ---";

fn check(script: &str, expect: &Expect) {
    let mut story = story(DriveWish::Auto);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn drives_are_listed_while_they_are_there() {
    check(
        "to Drives
         drives stick
         drives
         back
         back",
        &expect![[r#"
            > to Drives
                drives  | No drive is plugged in | Films on a drive at USB are shown on the wall.
            > drives stick
                drives [STICK  ·  32.0 GB] | STICK  ·  32.0 GB | The films on it are on the wall, and nothing is written to it. Press OK to let the box keep films on it instead: then everything that is on it is lost.
            > drives
                drives  | No drive is plugged in | Films on a drive at USB are shown on the wall.
            > back
                settings [Drives=Films are kept in the box] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Drives | Films on a drive at USB are shown on the wall.
            > back
                home: Search Add-ons [Settings] Power
        "#]],
    );
}

#[test]
fn a_drive_is_the_boxs_own_once_it_was_asked_for_twice() {
    check(
        &format!(
            "{PAGE}
             ok
             down
             ok
             ok
             down
             ok
             up
             down
             ok
             ok
             ok
             adopting 1
             adopting 3
             drives stick=8:30 disk=31:40
             adopted"
        ),
        &expect![[r#"
            > ok
                drives [STICK  ·  32.0 GB  ·  for films] DISK  ·  32.0 GB | STICK  ·  32.0 GB | Films that play are kept on this drive. 8.0 GB are free. It was measured at 30.0 MB/s.
            > down
                drives STICK  ·  32.0 GB  ·  for films [DISK  ·  32.0 GB] | DISK  ·  32.0 GB | The films on it are on the wall, and nothing is written to it. Press OK to let the box keep films on it instead: then everything that is on it is lost.
            > ok
                drives [Leave it as it is] Erase it, for films | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > ok
                drives STICK  ·  32.0 GB  ·  for films [DISK  ·  32.0 GB] | DISK  ·  32.0 GB | The films on it are on the wall, and nothing is written to it. Press OK to let the box keep films on it instead: then everything that is on it is lost.
            > down
                drives STICK  ·  32.0 GB  ·  for films [DISK  ·  32.0 GB] | DISK  ·  32.0 GB | The films on it are on the wall, and nothing is written to it. Press OK to let the box keep films on it instead: then everything that is on it is lost.
            > ok
                drives [Leave it as it is] Erase it, for films | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > up
                drives [Leave it as it is] Erase it, for films | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > down
                drives Leave it as it is [Erase it, for films] | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > ok
                drives Leave it as it is [Erase it, for films] | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it. | Press OK once more: everything on this drive is erased
            > ok
              erase disk
                drives  | DISK is made ready | Leave it plugged in until this is done.
            > ok
                drives  | DISK is made ready | Leave it plugged in until this is done.
            > adopting 1
                drives  | DISK is made ready | Leave it plugged in until this is done. 1 of 4 steps are done.
            > adopting 3
                drives  | DISK is made ready | Leave it plugged in until this is done. 3 of 4 steps are done.
            > drives stick=8:30 disk=31:40
              keep films on disk
                drives  | DISK is made ready | Leave it plugged in until this is done. 3 of 4 steps are done.
            > adopted
                drives STICK  ·  32.0 GB  ·  for films [DISK  ·  32.0 GB  ·  for films] | DISK  ·  32.0 GB | Films that play are kept on this drive. 31.0 GB are free. It was measured at 40.0 MB/s. ! DISK is the box's own now: films are kept on it.
        "#]],
    );
}

#[test]
fn one_that_is_pulled_out_while_it_is_made_ready_is_told() {
    check(
        &format!(
            "{PAGE}
             down
             ok
             down
             ok
             ok
             back
             drives stick=8:30
             adopted gone
             adopted gone"
        ),
        &expect![[r#"
            > down
                drives STICK  ·  32.0 GB  ·  for films [DISK  ·  32.0 GB] | DISK  ·  32.0 GB | The films on it are on the wall, and nothing is written to it. Press OK to let the box keep films on it instead: then everything that is on it is lost.
            > ok
                drives [Leave it as it is] Erase it, for films | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > down
                drives Leave it as it is [Erase it, for films] | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > ok
                drives Leave it as it is [Erase it, for films] | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it. | Press OK once more: everything on this drive is erased
            > ok
              erase disk
                drives  | DISK is made ready | Leave it plugged in until this is done.
            > back
                settings [Drives=Films are kept on STICK] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Drives | Films on a drive at USB are shown on the wall.
            > drives stick=8:30
                settings [Drives=Films are kept on STICK] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Drives | Films on a drive at USB are shown on the wall.
            > adopted gone
                settings [Drives=Films are kept on STICK] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Drives | Films on a drive at USB are shown on the wall. ! The drive was pulled out before it was ready. Plug it in, and try again.
            > adopted gone
                settings [Drives=Films are kept on STICK] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Drives | Films on a drive at USB are shown on the wall. ! The drive was pulled out before it was ready. Plug it in, and try again.
        "#]],
    );
}

#[test]
fn one_that_is_pulled_out_while_it_is_asked_about_is_asked_about_no_more() {
    check(
        &format!("{PAGE}\n down\n ok\n down\n ok\n drives stick=8:30\n ok\n ok"),
        &expect![[r#"
            > down
                drives STICK  ·  32.0 GB  ·  for films [DISK  ·  32.0 GB] | DISK  ·  32.0 GB | The films on it are on the wall, and nothing is written to it. Press OK to let the box keep films on it instead: then everything that is on it is lost.
            > ok
                drives [Leave it as it is] Erase it, for films | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > down
                drives Leave it as it is [Erase it, for films] | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it.
            > ok
                drives Leave it as it is [Erase it, for films] | DISK  ·  32.0 GB | The drive is made the box's own: everything that is on it now is erased for good, on all of its parts. From then on films that play are kept on it, and other machines may not be able to read it. | Press OK once more: everything on this drive is erased
            > drives stick=8:30
                drives [STICK  ·  32.0 GB  ·  for films] | STICK  ·  32.0 GB | Films that play are kept on this drive. 8.0 GB are free. It was measured at 30.0 MB/s.
            > ok
                drives [STICK  ·  32.0 GB  ·  for films] | STICK  ·  32.0 GB | Films that play are kept on this drive. 8.0 GB are free. It was measured at 30.0 MB/s.
            > ok
                drives [STICK  ·  32.0 GB  ·  for films] | STICK  ·  32.0 GB | Films that play are kept on this drive. 8.0 GB are free. It was measured at 30.0 MB/s.
        "#]],
    );
}

#[test]
fn films_are_kept_elsewhere_once_none_is_open() {
    let mut story = story(DriveWish::Auto);
    story.tell(&format!(
        "drives\n {PLAY}\n ---\n drives stick=8:30\n stop\n drives\n drives stick=8:30\n ok\n \
         torrent ready\n player ready\n drives\n drives stick=8:30\n stop"
    ));
    expect![[r#"
        > drives stick=8:30
            playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        > stop
          save ant 0ns
          close player 1
          close torrent 1
          keep films on stick
            film ANT: [Play] Source Add to my list
        > drives
          keep films on no drive
            film ANT: [Play] Source Add to my list
        > drives stick=8:30
          keep films on stick
            film ANT: [Play] Source Add to my list
        > ok
          open torrent 2 of ant-0
            opening ANT: Finding peers |  | None | -
        > torrent ready
          open player 2 at 0ns
            opening ANT: Looking for peers again |  | Some(0) | -
        > player ready
            opening ANT: Looking for peers again |  | Some(0) | -
        > drives
            opening ANT: Looking for peers again |  | Some(0) | -
        > drives stick=8:30
            opening ANT: Looking for peers again |  | Some(0) | -
        > stop
          close player 2
          close torrent 2
          keep films on stick
            film ANT: [Play] Source Add to my list
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn an_engine_that_stayed_is_asked_again() {
    check(
        "drives stick=8:30
         not-moved
         drives stick=8:30
         +10000ms
         +60000ms",
        &expect![[r#"
            > drives stick=8:30
              keep films on stick
                home: New: [ANT] BEE CAT
            > not-moved
                home: New: [ANT] BEE CAT
            > drives stick=8:30
                home: New: [ANT] BEE CAT
            > +10000ms
              keep films on stick
                home: New: [ANT] BEE CAT
            > +60000ms
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn nobody_tells_of_drives_on_a_desktop() {
    let mut story = Story::default();
    story.tell("drives stick=8:30\n to Settings");
    assert!(!story.transcript.contains("rives]"), "{}", story.transcript);
    assert!(!story.transcript.contains("keep"), "{}", story.transcript);
}

/// Free gigabytes and megabytes a second.
fn drive(id: &str, free: u64, speed: u64) -> Drive {
    Drive {
        id: id.into(),
        name: id.into(),
        bytes: 1 << 40,
        room: Some(Room {
            free_bytes: free * 1_000_000_000,
            speed: Some(speed * 1_000_000),
        }),
    }
}

#[test]
fn where_films_are_kept_is_a_matter_of_room_speed_and_wish() {
    let (auto, internal) = (DriveWish::Auto, DriveWish::Internal);
    let named = |id: &str| DriveWish::Drive(id.into());
    let strange = Drive {
        room: None,
        ..drive("b", 0, 0)
    };
    let (fast, slow) = (drive("a", 20, 90), drive("b", 900, 8));
    let (small, none) = (drive("a", 2, 90), drive("a", 0, 90));
    // What is wanted, gigabytes free in the box, the drives, and what comes of it.
    let cases: [(&DriveWish, u64, &[&Drive], Option<&str>); 16] = [
        (&auto, 10, &[], None),
        (&auto, 10, &[&fast], Some("a")),
        (&auto, 20, &[&fast], None),
        (&auto, 10, &[&slow], None),
        (&auto, 0, &[&slow], Some("b")),
        (&auto, 10, &[&slow, &fast], Some("a")),
        (&auto, 10, &[&fast, &drive("c", 30, 21)], Some("c")),
        (&auto, 10, &[&small], None),
        (&auto, 0, &[&small, &slow], Some("a")),
        (&auto, 0, &[&none], None),
        (&auto, 0, &[&strange], None),
        (&internal, 0, &[&fast], None),
        (&named("b"), 10, &[&slow, &fast], Some("b")),
        (&named("a"), 10, &[&small], Some("a")),
        (&named("a"), 10, &[&none], None),
        (&named("x"), 10, &[&slow, &fast], Some("a")),
    ];
    for (wish, free, drives, expected) in cases {
        let box_itself = Room {
            free_bytes: free * 1_000_000_000,
            speed: None,
        };
        let mut drives: Vec<Drive> = drives.iter().copied().cloned().collect();
        for _ in 0..2 {
            let kept = keeps_on(wish, box_itself, &drives);
            assert_eq!(kept.as_deref(), expected, "{wish:?} {free} {drives:?}");
            // Whatever was plugged in first.
            drives.reverse();
        }
    }
    let edge = |free_bytes, speed| {
        let speed = Some(speed);
        let room = Some(Room { free_bytes, speed });
        [Drive {
            room,
            ..drive("e", 0, 0)
        }]
    };
    let full = Room::default();
    let roomy = Room {
        free_bytes: 1_000_000_000,
        speed: None,
    };
    let kept = |free, speed, internal| keeps_on(&auto, internal, &edge(free, speed)).is_some();
    assert!(kept(ROOM_MIN, 1, full) && !kept(ROOM_MIN - 1, SPEED_MIN, full));
    let more = 2_000_000_000;
    assert!(kept(more, SPEED_MIN, roomy) && !kept(more, SPEED_MIN - 1, roomy));
}
