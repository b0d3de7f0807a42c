//! The voice, with the real espeak-ng: what it says becomes sound, and it is cut and survives.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use app::{Language, Manner, Pace, Utterance};
use matinee::speech::{self, Mouth, Speech};

/// Longer than anything takes on a busy machine: it only ends a test that hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// Scripts are written and run: by one test at a time, for what another starts meanwhile would hold
/// the file that is being written.
static ONE: Mutex<()> = Mutex::new(());

#[derive(Debug, Default)]
struct Heard {
    open: bool,
    /// Utterances that have begun.
    begun: u64,
    /// It was cut up to this one.
    cut: u64,
    /// Said to their end.
    ended: Vec<u64>,
    rate: u32,
    samples: Vec<i16>,
    /// Nobody takes samples: whoever brings them waits.
    full: bool,
    waits: bool,
}

/// Hears what is said, and tells when.
#[derive(Debug, Default)]
struct Ear {
    heard: Mutex<Heard>,
    changed: Condvar,
}

impl Ear {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap()
    }

    fn until(&self, what: &str, is: impl Fn(&Heard) -> bool) -> MutexGuard<'_, Heard> {
        let waited = self
            .changed
            .wait_timeout_while(self.heard(), PATIENCE, |heard| !is(heard));
        let (heard, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "{what}: {} begun", heard.begun);
        heard
    }

    fn change<T>(&self, change: impl FnOnce(&mut Heard) -> T) -> T {
        let changed = change(&mut self.heard());
        self.changed.notify_all();
        changed
    }
}

impl Mouth for Ear {
    fn open(&self, on: bool) {
        self.change(|heard| heard.open = on);
    }

    fn begin(&self) -> u64 {
        self.change(|heard| {
            heard.begun += 1;
            heard.samples.clear();
            heard.begun
        })
    }

    fn say(&self, utterance: u64, rate: u32, samples: &[i16]) -> bool {
        self.change(|heard| heard.waits = heard.full);
        let mut heard = self.until("room", |heard| !heard.full || heard.cut >= utterance);
        heard.waits = false;
        heard.rate = rate;
        heard.samples.extend_from_slice(samples);
        heard.cut < utterance
    }

    fn end(&self, utterance: u64) -> bool {
        self.change(|heard| {
            heard.ended.push(utterance);
            heard.cut < utterance
        })
    }

    fn cut(&self) {
        self.change(|heard| heard.cut = heard.begun);
    }
}

fn utterance(text: &str, manner: Manner) -> Utterance {
    Utterance {
        text: text.into(),
        language: Language::English,
        pace: Pace::Normal,
        manner,
        secret: false,
    }
}

fn start(program: &Path) -> (Speech, Arc<Ear>) {
    let ear = Arc::new(Ear::default());
    let speech = Speech::start(program, ear.clone()).unwrap();
    speech.read_aloud(true);
    (speech, ear)
}

fn start_real() -> (Speech, Arc<Ear>) {
    start(&speech::find().expect("espeak-ng, as image/host-packages installs it"))
}

/// Seconds in which something is heard.
fn loud_s(heard: &Heard) -> f64 {
    let loud = heard.samples.iter().filter(|it| it.unsigned_abs() > 300);
    loud.count() as f64 / f64::from(heard.rate.max(1))
}

#[test]
fn what_is_said_becomes_sound_and_slower_is_longer() {
    let _one = ONE.lock();
    let (speech, ear) = start_real();
    let said = |number: u64, pace| {
        speech.say(Utterance {
            pace,
            ..utterance("Settings. 3 of 14.", Manner::Answer)
        });
        let heard = ear.until("its end", |heard| heard.ended.contains(&number));
        assert!(heard.rate >= 16_000 && heard.open);
        loud_s(&heard)
    };
    let normal = said(1, Pace::Normal);
    println!("{normal:.2} s");
    assert!((0.3..3.0).contains(&normal), "{normal}");
    assert!(said(2, Pace::Slow) > 1.15 * normal);
    assert!(said(3, Pace::Fast) < 0.85 * normal);
}

#[test]
fn every_language_of_the_box_has_a_voice_and_a_mark_has_a_name() {
    let _one = ONE.lock();
    let (speech, ear) = start_real();
    let marks = [".", "A", "?"].map(|mark| (Language::English, mark));
    let names = Language::offered().map(|it| (it, it.own_name()));
    for (number, (language, text)) in (1..).zip(names.chain(marks)) {
        speech.say(Utterance {
            language,
            ..utterance(text, Manner::Answer)
        });
        let heard = ear.until(text, |heard| heard.ended.contains(&number));
        assert!(
            loud_s(&heard) > 0.1,
            "{language:?}: {:.2} s",
            loud_s(&heard)
        );
    }
}

#[test]
fn text_is_said_and_never_obeyed() {
    let _one = ONE.lock();
    let (speech, ear) = start_real();
    let tricky = [
        "--version -f /etc/passwd",
        "[[a]] <speak>b</speak>",
        "-v de",
    ];
    for (number, text) in (1..).zip(tricky) {
        speech.say(utterance(text, Manner::Answer));
        let heard = ear.until(text, |heard| heard.ended.contains(&number));
        assert!(loud_s(&heard) > 0.1, "{text}: {:.2} s", loud_s(&heard));
    }
}

#[test]
fn a_newer_word_cuts_an_older_one_and_progress_waits_its_turn() {
    let _one = ONE.lock();
    let (speech, ear) = start_real();
    ear.change(|heard| heard.full = true);
    let long = "One, two, three, four, five, six. ".repeat(20);
    speech.say(utterance(&long, Manner::News));
    drop(ear.until("the first", |heard| heard.begun == 1 && heard.waits));
    // They wait, one at most: what matters more, and of two alike the newer.
    speech.say(utterance("Two peers", Manner::Progress));
    speech.say(utterance("Film", Manner::News));
    speech.say(utterance("Three peers", Manner::Progress));
    let stands = |heard: &Heard| (heard.begun, heard.cut);
    assert_eq!(stands(&ear.heard()), (1, 0));
    speech.say(utterance("Settings", Manner::Answer));
    drop(ear.until("the second", |heard| heard.begun == 2 && heard.waits));
    assert_eq!(ear.heard().ended, [0; 0], "the first was cut");
    speech.say(utterance("The disk is full", Manner::Urgent));
    drop(ear.until("the third", |heard| heard.begun == 3 && heard.waits));
    ear.change(|heard| heard.full = false);
    drop(ear.until("its end", |heard| heard.ended == [3]));
    // It is switched off once what waits was said.
    speech.say(utterance("Reading aloud: Off", Manner::Answer));
    speech.read_aloud(false);
    drop(ear.until("the end", |heard| heard.ended == [3, 4] && !heard.open));
}

/// A program that does that, and notes in a file that it was started.
fn script(folder: &Path, does: &str) -> std::path::PathBuf {
    let program = folder.join("engine");
    let runs = folder.join("runs");
    let text = format!("#!/bin/sh\necho run >> {}\n{does}\n", runs.display());
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

fn runs(folder: &Path) -> usize {
    let runs = fs::read_to_string(folder.join("runs")).unwrap_or_default();
    runs.lines().count()
}

/// So many utterances, each after the one before has begun.
fn say_each(speech: &Speech, ear: &Ear, count: u64) {
    let before = ear.heard().begun;
    for number in 1..=count {
        speech.say(utterance("word", Manner::News));
        drop(ear.until("a word", |heard| heard.begun == before + number));
    }
}

fn switch(speech: &Speech, ear: &Ear, on: bool) {
    speech.read_aloud(on);
    drop(ear.until("the switch", |heard| heard.open == on));
}

#[test]
fn an_engine_that_crashes_is_given_up_until_it_is_switched_on_anew() {
    let _one = ONE.lock();
    for does in [
        "exit 1",
        "echo no sound",
        "kill -SEGV $$",
        "head -c 50 /dev/zero",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (speech, ear) = start(&script(folder.path(), does));
        say_each(&speech, &ear, 9);
        switch(&speech, &ear, false);
        assert_eq!(runs(folder.path()), 12, "six, each twice: {does}");
        switch(&speech, &ear, true);
        say_each(&speech, &ear, 1);
        switch(&speech, &ear, false);
        assert_eq!(runs(folder.path()), 14, "{does}");
        assert!(ear.heard().ended.is_empty());
    }
}

#[test]
fn a_box_whose_engine_is_gone_goes_on() {
    let _one = ONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let (speech, ear) = start(&folder.path().join("none"));
    say_each(&speech, &ear, 9);
    switch(&speech, &ear, false);
}

#[test]
fn an_engine_that_hangs_is_cut_like_any_other() {
    let _one = ONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let (speech, ear) = start(&script(folder.path(), "exec sleep 1000"));
    for number in 1..=3 {
        speech.say(utterance("word", Manner::Answer));
        drop(ear.until("a word", |heard| heard.begun == number));
    }
    // And it does not outlive the voice.
    drop(speech);
    assert!(!ear.heard().open);
}
