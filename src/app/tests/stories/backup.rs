//! A backup that a phone brings, and how the box does for a phone that asks.

use app::{BackupNews, Event, Library, Preferences};
use expect_test::expect;

use crate::story::Story;

fn offered(preferences: Preferences, script: &str) -> Story {
    let mut story = Story::with(Library::default(), preferences);
    story.tell("brings 12").tell(script);
    story
}

fn box_of_its_own() -> Preferences {
    Preferences {
        ends: true,
        ..Preferences::default()
    }
}

#[test]
fn what_is_here_stays_unless_that_is_said_twice() {
    let mut story = offered(box_of_its_own(), "down\n down\n ok\n up\n down\n ok\n ok");
    story.take(Event::Backup(BackupNews::Waits));
    story.tell("back");
    expect![[r#"
        > brings 12
            backup and diagnostics [Leave it] Add what is not here yet Put it in the place of what is here | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > down
            backup and diagnostics Leave it [Add what is not here yet] Put it in the place of what is here | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > down
            backup and diagnostics Leave it Add what is not here yet [Put it in the place of what is here] | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > ok
            backup and diagnostics Leave it Add what is not here yet [Put it in the place of what is here] | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it. | Press OK once more: what this box remembers now is forgotten
        > up
            backup and diagnostics Leave it [Add what is not here yet] Put it in the place of what is here | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > down
            backup and diagnostics Leave it Add what is not here yet [Put it in the place of what is here] | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > ok
            backup and diagnostics Leave it Add what is not here yet [Put it in the place of what is here] | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it. | Press OK once more: what this box remembers now is forgotten
        > ok
          backup: replace
            backup and diagnostics  | A phone brings a backup | This takes about a minute. Leave it switched on.
          restart the machine
        > back
            backup and diagnostics  | A phone brings a backup | This takes about a minute. Leave it switched on.
    "#]].assert_eq(&story.transcript);
}

#[test]
fn a_desktop_is_started_again_by_hand() {
    let mut story = offered(Preferences::default(), "down\n ok");
    story.take(Event::Backup(BackupNews::Waits));
    story.tell("right");
    story.take(Event::Backup(BackupNews::TakenIn));
    story.tell("left");
    expect![[r#"
        > brings 12
            backup and diagnostics [Leave it] Add what is not here yet Put it in the place of what is here | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > down
            backup and diagnostics Leave it [Add what is not here yet] Put it in the place of what is here | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > ok
          backup: add
            backup and diagnostics  | A phone brings a backup | This takes about a minute. Leave it switched on.
        > right
            home: New: ANT [BEE] CAT ! The backup is taken in when the box starts again.
        > left
            home: New: [ANT] BEE CAT ! The backup is on the box.
    "#]].assert_eq(&story.transcript);
}

#[test]
fn it_is_left_by_the_first_line_or_back_and_a_failure_is_told() {
    let mut story = offered(box_of_its_own(), "ok");
    story.tell("brings 1\n back\n brings 1\n down\n ok");
    story.take(Event::Backup(BackupNews::Failed {
        why: "the disk is full".into(),
    }));
    story.tell("right");
    expect![[r#"
        > brings 12
            backup and diagnostics [Leave it] Add what is not here yet Put it in the place of what is here | A phone brings a backup | There are 12 films in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > ok
          backup: drop
            home: New: [ANT] BEE CAT
        > brings 1
            backup and diagnostics [Leave it] Add what is not here yet Put it in the place of what is here | A phone brings a backup | There is 1 film in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > back
          backup: drop
            home: New: [ANT] BEE CAT
        > brings 1
            backup and diagnostics [Leave it] Add what is not here yet Put it in the place of what is here | A phone brings a backup | There is 1 film in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > down
            backup and diagnostics Leave it [Add what is not here yet] Put it in the place of what is here | A phone brings a backup | There is 1 film in it, and what was set on the TV. Add-ons whose address is a secret are not, nor is what phones may do. The box starts again for it.
        > ok
          backup: add
            backup and diagnostics  | A phone brings a backup | This takes about a minute. Leave it switched on.
        > right
            home: New: ANT [BEE] CAT ! The backup was not taken in: the disk is full.
    "#]].assert_eq(&story.transcript);
}

#[test]
fn who_watches_a_film_is_not_asked() {
    let mut story = Story::default();
    story
        .tell(crate::story::PLAY)
        .tell("---\n brings 3\n diagnose");
    expect![[r#"
        > brings 3
          backup: drop
            playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        > diagnose
          diagnosed: Internet connection / Nothing was fetched since the box was started, so nothing was measured. Play a film, and look again. /  / Add-ons / All that were asked have answered. / 
            playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
    "#]].assert_eq(&story.transcript);
}
