//! The catalogues of translations: that the template has every message of the sources, and each
//! catalogue a translation of every message that fits it.
//!
//! `UPDATE_EXPECT=1` writes the template anew.

#![allow(clippy::unwrap_used)]

mod sources;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use app::Language;
use sources::Message;

const HEAD: &str = r#"# The sentences of Matinee, drawn from its sources: not to be written by hand.
# This file is distributed under the license of Matinee, GPL-3.0-or-later.
#
# What is in braces is filled in by the box and stays as it is, for example {name}; its place in
# the sentence is yours. {count} is the number that decides the form. All is read on a TV from the
# other end of the room, so short sentences in plain words are best, as the English ones are.
msgid ""
msgstr ""
"Project-Id-Version: Matinee\n"
"Language: \n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"#;

fn root() -> PathBuf {
    // Set by cargo for the run; the value at build time would name a place of the past.
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// The names in braces.
fn places(text: &str) -> BTreeSet<&str> {
    let after = text.split('{').skip(1);
    after.filter_map(|it| Some(it.split_once('}')?.0)).collect()
}

fn template(messages: &[Message]) -> String {
    let mut text = HEAD.to_owned();
    for message in messages {
        text.push('\n');
        for comment in &message.comments {
            writeln!(text, "#. {comment}").unwrap();
        }
        writeln!(text, "#: {}", message.files.join(" ")).unwrap();
        let plural = message.plural.as_deref();
        if !places(&message.text).is_empty() || plural.is_some_and(|it| !places(it).is_empty()) {
            writeln!(text, "#, python-brace-format").unwrap();
        }
        if !message.context.is_empty() {
            writeln!(text, "msgctxt {}", quoted(&message.context)).unwrap();
        }
        writeln!(text, "msgid {}", quoted(&message.text)).unwrap();
        match plural {
            Some(plural) => {
                writeln!(text, "msgid_plural {}", quoted(plural)).unwrap();
                writeln!(text, "msgstr[0] \"\"\nmsgstr[1] \"\"").unwrap();
            }
            None => writeln!(text, "msgstr \"\"").unwrap(),
        }
    }
    text
}

#[test]
fn the_template_has_every_message_of_the_sources() {
    let messages = sources::messages(&root());
    assert!(messages.len() > 200, "{}", messages.len());
    let drawn = template(&messages);
    let path = root().join("po/matinee.pot");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, drawn).unwrap();
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = drawn.lines().zip(written.lines()).enumerate();
    let differs = lines.find(|(_, (drawn, written))| drawn != written);
    assert!(
        drawn == written,
        "UPDATE_EXPECT=1 writes po/matinee.pot: {differs:?}"
    );
}

#[test]
fn every_place_of_a_message_is_filled_and_nothing_else() {
    for message in sources::messages(&root()) {
        let mut filled: BTreeSet<&str> = message.filled.iter().map(String::as_str).collect();
        filled.extend(message.plural.as_ref().map(|_| "count"));
        let many = message.plural.as_ref().unwrap_or(&message.text);
        assert_eq!(places(many), filled, "{message:?}");
        assert!(places(&message.text).is_subset(&filled), "{message:?}");
        let in_a_list = message.context.contains("between");
        assert!(
            in_a_list || message.text.trim() == message.text,
            "{message:?}"
        );
    }
}

#[test]
fn what_is_said_is_found_with_its_context_and_comment() {
    let code = r#"
        /// Over the list.
        const A: Message = msg!("door" => "Open \
            it");
        const B: &str = own!("Own");
        /// Of {n}.
        fn c(n: u32) -> String {
            match n { 0 => tr!("none"), n => trn!(n, "{count} x", "{count} y {z}", z = f(n, 1)) }
        }
        #[cfg(test)]
        mod tests { fn d() { tr!("not this"); } }
    "#;
    let found = sources::of_code(code, "a.rs");
    let told: Vec<_> = found
        .iter()
        .map(|it| (&*it.context, &*it.text, &it.comments[..]))
        .collect();
    let over = ["Over the list.".to_owned()];
    let of = ["Of {n}.".to_owned()];
    let expected: [(&str, &str, &[String]); 4] = [
        ("door", "Open it", &over),
        ("name", "Own", &[]),
        ("", "none", &of),
        ("", "{count} x", &of),
    ];
    assert_eq!(told, expected);
    assert_eq!(found[3].plural.as_deref(), Some("{count} y {z}"));
    assert_eq!(found[3].filled, ["z"]);
}

/// What is wrong with a catalogue, a line each.
fn faults(path: &Path, messages: &[Message]) -> Vec<String> {
    let file = rspolib::pofile(path.to_str().unwrap()).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for entry in file
        .entries
        .iter()
        .filter(|entry| !entry.obsolete && !entry.msgid.is_empty())
    {
        let mut fault = |what: &str| {
            faults.push(format!(
                "{name}:{}: {what}: {:?}",
                entry.linenum, entry.msgid
            ));
        };
        let context = entry.msgctxt.as_deref().unwrap_or_default();
        let same = |it: &&Message| it.context == context && it.text == entry.msgid;
        let Some(message) = messages.iter().find(same) else {
            fault("nobody says this");
            continue;
        };
        known.insert((context, entry.msgid.as_str()));
        if entry.fuzzy() {
            fault("is fuzzy");
        }
        let forms: Vec<&str> = match message.plural {
            Some(_) => entry.msgstr_plural.iter().map(String::as_str).collect(),
            None => entry.msgstr.as_deref().into_iter().collect(),
        };
        if forms.is_empty() || forms.iter().any(|form| form.is_empty()) {
            fault("is not translated");
            continue;
        }
        let all = places(message.plural.as_ref().unwrap_or(&message.text));
        for form in forms {
            let has = places(form);
            // "one film", "two films": a form of few numbers need not name them.
            let lacks = all
                .difference(&has)
                .any(|it| message.plural.is_none() || *it != "count");
            if lacks || !has.is_subset(&all) {
                fault(&format!("has other places than {all:?} in {form:?}"));
            }
            if form.trim() != form && message.text.trim() == message.text {
                fault(&format!("begins or ends with a space in {form:?}"));
            }
        }
    }
    let missing = messages
        .iter()
        .filter(|it| !known.contains(&(&*it.context, &*it.text)));
    faults.extend(missing.map(|it| format!("{name}: is missing: {:?}", it.text)));
    faults
}

#[test]
fn every_catalogue_is_complete_and_fits() {
    let messages = sources::messages(&root());
    let mut all = Vec::new();
    for entry in std::fs::read_dir(root().join("po")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "po") {
            all.extend(faults(&path, &messages));
        }
    }
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

#[test]
fn a_catalogue_that_does_not_fit_is_found_out() {
    let messages = sources::of_code(
        r#"fn f() { tr!("a {x}", x); tr!("b"); tr!("c"); trn!(n, "{count} d", "{count} ds"); }"#,
        "a.rs",
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faulty.po");
    let text = "msgid \"\"\nmsgstr \"\"\n\n\
        msgid \"a {x}\"\nmsgstr \"A {y}\"\n\n\
        #, fuzzy\nmsgid \"b\"\nmsgstr \"B\"\n\n\
        msgid \"{count} d\"\nmsgid_plural \"{count} ds\"\nmsgstr[0] \"D\"\nmsgstr[1] \"\"\n\n\
        msgid \"e\"\nmsgstr \"E\"\n";
    std::fs::write(&path, text).unwrap();
    let found = faults(&path, &messages).join("\n");
    for what in [
        "4: has other places",
        "7: is fuzzy",
        "11: is not translated",
        "16: nobody says this",
        "is missing: \"c\"",
    ] {
        assert!(found.contains(what), "{what} in {found}");
    }
}

#[test]
fn english_is_always_offered_and_the_pseudo_language_never() {
    let offered: Vec<_> = Language::offered().collect();
    assert_eq!(offered.first(), Some(&Language::English));
    assert!(!offered.contains(&Language::Pseudo));
}
