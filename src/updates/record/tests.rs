//! What a record means after a start, whatever happened before it.

use super::*;

fn slot(letter: &str, booted: bool, good: bool) -> Slot {
    Slot {
        name: format!("rootfs.{letter}"),
        letter: letter.into(),
        booted,
        good,
        version: None,
    }
}

/// It runs from that slot, and the other one is good.
fn from(letter: &str) -> [Slot; 2] {
    let other = if letter == "A" { "B" } else { "A" };
    [slot(letter, true, true), slot(other, false, true)]
}

fn put(version: &str, sequence: u64) -> Put {
    Put {
        version: version.into(),
        channel: "stable".into(),
        sequence,
    }
}

/// A box that came with 1.3.0 in A, and put 1.4.0 into B in its boot 1.
fn updating() -> Record {
    let mut record = Record::default();
    record.begins(&from("A"), "1", ("1.3.0", put("1.4.0", 42)));
    record
}

fn updated() -> Record {
    let mut record = updating();
    record.installed();
    record
}

#[test]
fn it_waits_for_the_next_start_and_then_is_told_once() {
    let mut record = updated();
    let before = record.stands(&from("A"), "1");
    assert_eq!(before.waits.as_deref(), Some("1.4.0"));
    assert_eq!((before.last, before.before), (None, None));
    let after = record.stands(&from("B"), "2");
    let to = "1.4.0".to_owned();
    assert_eq!(after.last, Some(LastUpdate::Updated { to }));
    assert_eq!(after.before.as_deref(), Some("1.3.0"));
    assert!(after.fresh);
    let again = record.stands(&from("B"), "3");
    assert_eq!((again.fresh, again.last), (false, after.last));
    assert_eq!(record.sequence("B", "1.4.0", "stable"), 42);
    assert_eq!(record.sequence("B", "1.4.0", "beta"), 0);
    // Somebody put another system there by hand.
    assert_eq!(record.sequence("B", "1.5.0", "stable"), 0);
}

#[test]
fn one_that_never_came_up_is_not_taken_again_by_itself() {
    let mut record = updated();
    let mut slots = from("A");
    slots[1].good = false;
    let stand = record.stands(&slots, "2");
    let from_version = "1.4.0".to_owned();
    assert_eq!(
        stand.last,
        Some(LastUpdate::WentBack {
            from: from_version,
            why: WentBack::NeverUp
        })
    );
    assert!(stand.fresh && stand.before.is_none() && stand.waits.is_none());
    assert_eq!(record.left["stable"], 42);
    assert!(!record.stands(&slots, "3").fresh);
}

#[test]
fn one_that_came_up_and_did_not_stay_is_told_so_also_later() {
    let mut record = updated();
    assert!(record.stands(&from("B"), "2").fresh);
    record.stands(&from("B"), "3");
    let stand = record.stands(&from("A"), "4");
    let why = WentBack::NotStable { starts: 2 };
    let from_version = "1.4.0".to_owned();
    assert_eq!(
        stand.last,
        Some(LastUpdate::WentBack {
            from: from_version,
            why
        })
    );
    // The viewer was told of another end.
    assert!(stand.fresh);
    // A slot that the boot loader may still start is no place to go back to.
    assert_eq!(stand.before, None);
}

#[test]
fn a_power_cut_while_it_is_written_is_as_if_nothing_was() {
    let mut record = updating();
    let stand = record.stands(&from("A"), "2");
    assert_eq!((stand.last, stand.waits), (None, None));
    assert_eq!((record.trial, record.slots.len()), (None, 1));
    // But where it was all there already, it is what runs.
    let mut record = updating();
    let stand = record.stands(&from("B"), "2");
    let to = "1.4.0".to_owned();
    assert_eq!(stand.last, Some(LastUpdate::Updated { to }));
}

#[test]
fn a_program_that_is_started_again_meanwhile_says_nothing() {
    let mut record = updating();
    let stand = record.stands(&from("A"), "1");
    assert_eq!((stand.last, stand.waits), (None, None));
    assert!(record.trial.is_some());
}

#[test]
fn one_that_failed_leaves_no_trace() {
    let mut record = updating();
    record.failed();
    assert_eq!(record.trial, None);
    assert_eq!(record.slots.keys().collect::<Vec<_>>(), ["A"]);
}

#[test]
fn the_owner_goes_back_and_is_not_sent_forth_again() {
    let mut record = updated();
    record.stands(&from("B"), "2");
    record.sends_back(&from("B"), "2", "1.4.0");
    assert_eq!(record.left["stable"], 42);
    let stand = record.stands(&from("A"), "3");
    let from_version = "1.4.0".to_owned();
    assert_eq!(
        stand.last,
        Some(LastUpdate::SentBack { from: from_version })
    );
    assert!(stand.fresh);
    // And forth again, if wanted.
    assert_eq!(stand.before.as_deref(), Some("1.4.0"));
}

#[test]
fn what_the_installer_says_is_in_a_slot_helps_where_there_is_no_record() {
    let mut slots = from("A");
    slots[1].version = Some("1.2.0".into());
    let stand = Record::default().stands(&slots, "1");
    assert_eq!(stand.before.as_deref(), Some("1.2.0"));
    slots[1].good = false;
    assert_eq!(Record::default().stands(&slots, "1").before, None);
}

#[test]
fn it_is_read_as_it_was_written_and_a_damaged_one_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let new = Record::read(folder.path());
    assert_ne!(new.id, Record::read(folder.path()).id, "random");
    let record = Record {
        id: [255; 16],
        ..updated()
    };
    record.write(folder.path()).unwrap();
    assert_eq!(Record::read(folder.path()), record);
    // A power cut while the next one is written.
    std::fs::write(folder.path().join("updates.json.new"), "{").unwrap();
    assert_eq!(Record::read(folder.path()), record);
    std::fs::write(folder.path().join(FILE), "{").unwrap();
    assert_eq!(Record::read(folder.path()).trial, None);
}
