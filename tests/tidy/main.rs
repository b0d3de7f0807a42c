//! The house rules a machine can hold; `design` in words is in `src/README.md`.
//!
//! Reads every committed text file and reports all violations at once, as `file:line: what`. The
//! rules are plain text searches, not a parser: they look past comments where a rule is about
//! code, and each has a test that shows it can fail. What clippy and rustfmt hold is not here.
#![allow(clippy::unwrap_used)]

mod borders;
mod reach;
mod rules;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use borders::BORDERS;

/// These put the shells together and may know them all.
const FREE: &[&str] = &["lib", "main", "world"];

/// Crates that are plain values and rules: nothing but std.
const PURE: &[&str] = &["src/app", "src/swarm", "src/cache", "src/cec"];

/// Where text for people may be printed; everything else goes through `tracing`.
const MAY_PRINT: &[&str] = &[
    "src/commands.rs",
    "src/log.rs",
    "src/main.rs",
    "src/settings/",
    "build.rs",
];

/// Folders whose programs prove or measure something: they may unwrap and print.
const PROOFS: &[&str] = &["tests", "examples", "benches"];

/// Names that say nothing; see the style.
const EMPTY_NAMES: &[&str] = &[
    "Manager", "Service", "Helper", "Helpers", "Util", "Utils", "Common", "Handler",
];

/// Before a module of tests.
const TEST: &str = "#[cfg(test)]";

const LINES: usize = 500;
const COLUMNS: usize = 100;

struct Text {
    /// From the root of the repository, with `/`.
    path: String,
    content: String,
    /// Line from which on everything is a test.
    tests_from: usize,
}

impl Text {
    fn is_rust(&self) -> bool {
        self.has_end(&["rs"])
    }

    fn has_end(&self, ends: &[&str]) -> bool {
        let end = Path::new(&self.path).extension();
        ends.iter()
            .any(|known| end.is_some_and(|end| end == *known))
    }

    /// Lines with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.content
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }

    /// Lines of code, without what is a comment and, unless asked for, without tests.
    fn code(&self, tests: bool) -> impl Iterator<Item = (usize, &str)> {
        let last = if tests { usize::MAX } else { self.tests_from };
        self.lines()
            .take_while(move |(line, _)| *line < last)
            .map(|(line, text)| (line, uncommented(text)))
    }
}

/// Before a `//` that begins the line or follows a space; `https://` stays.
fn uncommented(line: &str) -> &str {
    let begins = line.trim_start().starts_with("//");
    let end = if begins { Some(0) } else { line.find(" // ") };
    end.map_or(line, |end| &line[..end])
}

#[derive(Default)]
struct Report(Vec<(String, usize, String)>);

impl Report {
    fn add(&mut self, text: &Text, line: usize, what: impl Into<String>) {
        self.0.push((text.path.clone(), line, what.into()));
    }

    fn told(mut self) -> String {
        self.0.sort();
        self.0.dedup();
        let mut told = String::new();
        for (path, line, what) in self.0 {
            writeln!(told, "{path}:{line}: {what}").unwrap();
        }
        told
    }
}

#[test]
fn the_house_is_tidy() {
    // Set by cargo for the run; the value at build time would name a place of the past.
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let texts = committed(&root);
    let found = texts.iter().any(|text| text.path == "src/lib.rs");
    assert!(found, "in {root:?}");
    let told = reach::unreached(&texts).told() + &check(texts);
    assert!(
        told.is_empty(),
        "{} violations:\n{told}",
        told.lines().count()
    );
}

/// The text files that are, or would be, committed.
fn committed(root: &Path) -> Vec<Text> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .expect("git lists the files");
    assert!(
        listed.status.success(),
        "{}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let names = String::from_utf8(listed.stdout).unwrap();
    let read = |name: &str| {
        // Deleted and not yet committed, or no text.
        let text = std::fs::read_to_string(root.join(name)).ok()?;
        Some(made(name, &text))
    };
    names
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(read)
        .collect()
}

fn made(path: &str, text: &str) -> Text {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let begins = |at: &usize| {
        let mut after = lines[at + 1..]
            .iter()
            .skip_while(|line| line.starts_with("#["));
        let inside = after.next().is_some_and(|line| {
            let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
            line.starts_with("mod ") && line.ends_with('{')
        });
        lines[*at] == TEST && inside
    };
    Text {
        path: path.to_owned(),
        content: text.to_owned(),
        tests_from: (0..lines.len())
            .find(begins)
            .map_or(usize::MAX, |at| at + 1),
    }
}

fn check(mut texts: Vec<Text>) -> String {
    let modules = test_modules(&texts);
    for text in &mut texts {
        let mut parts = text.path.split('/');
        let in_tests =
            parts.any(|part| PROOFS.contains(&part)) || modules.iter().any(|it| it.holds(text));
        if in_tests {
            text.tests_from = 0;
        }
    }
    let mut report = Report::default();
    for text in &texts {
        words(text, &mut report);
        machine_paths(text, &mut report);
        if text.has_end(&["rs", "slint"]) {
            size(text, &mut report);
        }
        if text.is_rust() {
            head(text, &mut report);
            calls(text, &mut report);
            names(text, &mut report);
            borders(text, &texts, &mut report);
        }
        if text.path.ends_with("Cargo.toml") {
            dependencies(text, &mut report);
        }
    }
    report.told()
}

/// A module declared behind `#[cfg(test)]`, as its path without the end.
struct TestModule(String);

impl TestModule {
    fn holds(&self, text: &Text) -> bool {
        let rest = text.path.strip_prefix(&self.0);
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }
}

fn test_modules(texts: &[Text]) -> Vec<TestModule> {
    let mut modules = Vec::new();
    for text in texts.iter().filter(|text| text.is_rust()) {
        let (folder, file) = text.path.rsplit_once('/').unwrap_or(("", &text.path));
        let base = match file {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            _ => text.path.trim_end_matches(".rs").to_owned(),
        };
        let lines: Vec<_> = text.content.lines().map(str::trim).collect();
        for pair in lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]") {
            let name = pair[1]
                .strip_prefix("mod ")
                .and_then(|name| name.strip_suffix(';'));
            modules.extend(name.map(|name| TestModule(format!("{base}/{name}"))));
        }
    }
    modules
}

fn head(text: &Text, report: &mut Report) {
    if !text.content.starts_with("//! ") {
        report.add(text, 1, "begins without `//! ` and its job");
    }
}

/// Expectations that a test run writes (raw strings in tests) are data and count as nothing.
fn size(text: &Text, report: &mut Report) {
    let (mut lines, mut data) = (0, false);
    for (line, words) in text.lines() {
        let in_tests = text.is_rust() && line >= text.tests_from;
        if data {
            data = !words.trim_start().starts_with("\"#");
            continue;
        }
        data = in_tests && words.ends_with("r#\"");
        lines += 1;
        let columns = words.chars().count();
        if columns > COLUMNS {
            report.add(
                text,
                line,
                format!("has {columns} columns, more than {COLUMNS}"),
            );
        }
    }
    if lines > LINES {
        report.add(
            text,
            LINES + 1,
            format!("has {lines} lines, more than {LINES}"),
        );
    }
}

/// Marks of unfinished work, in every text. They are put together here, lest this file has them.
fn words(text: &Text, report: &mut Report) {
    let marks = [["TO", "DO"], ["FIX", "ME"], ["X", "XX"]].map(|parts| parts.concat());
    let macros = [["to", "do!"], ["unimple", "mented!"], ["db", "g!"]].map(|parts| parts.concat());
    for (line, words) in text.lines() {
        for mark in marks.iter().filter(|mark| has_word(words, mark)) {
            report.add(text, line, format!("says {mark}: file an issue instead"));
        }
        for name in macros
            .iter()
            .filter(|name| text.is_rust() && has_word(words, name))
        {
            report.add(text, line, format!("has {name}"));
        }
    }
}

/// Whether `word` is there and no part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        !text[..at].ends_with(part) && (word.ends_with('!') || !after.starts_with(part))
    })
}

/// Places of one machine.
fn machine_paths(text: &Text, report: &mut Report) {
    for place in ["work", "tmp", "root"].map(|name| format!("/{name}")) {
        for (line, words) in text.lines() {
            let found = words.match_indices(&place).any(|(at, _)| {
                let joined = |c: char| c.is_alphanumeric() || "_-./~$}*".contains(c);
                let goes_on = |c: char| c.is_alphanumeric() || "_-.".contains(c);
                let after = &words[at + place.len()..];
                !words[..at].ends_with(joined) && !after.starts_with(goes_on)
            });
            if found {
                report.add(text, line, format!("names {place}, a place of one machine"));
            }
        }
    }
}

/// Calls that belong in tests, or to those who talk to people.
fn calls(text: &Text, report: &mut Report) {
    let may_print = MAY_PRINT
        .iter()
        .any(|place| text.path.starts_with(place) || text.path.ends_with(&format!("/{place}")));
    for (line, words) in text.code(false) {
        if words.contains(".unwrap()") {
            report.add(
                text,
                line,
                "unwraps: `?`, or `expect(\"why it cannot fail\")`",
            );
        }
        let prints = ["println!", "eprintln!", "print!", "eprint!"];
        if !may_print && prints.iter().any(|name| has_word(words, name)) {
            report.add(text, line, "prints: use `tracing`");
        }
    }
}

fn names(text: &Text, report: &mut Report) {
    for (line, words) in text.code(true) {
        let mut tokens = words.split(|c: char| !c.is_alphanumeric() && c != '_');
        while let Some(token) = tokens.next() {
            let declares = ["struct", "enum", "trait", "type", "union"].contains(&token);
            let Some(name) = declares.then(|| tokens.next()).flatten() else {
                continue;
            };
            for word in camel_words(name).filter(|word| EMPTY_NAMES.contains(word)) {
                report.add(
                    text,
                    line,
                    format!("{name}: {word} says nothing of what it is"),
                );
            }
        }
    }
}

/// "`PeerManager`" as "Peer", "Manager".
fn camel_words(name: &str) -> impl Iterator<Item = &str> {
    let starts = name
        .char_indices()
        .filter(|(_, c)| c.is_uppercase())
        .map(|(at, _)| at);
    let starts: Vec<_> = starts.chain([name.len()]).collect();
    let words = starts.windows(2).map(|pair| &name[pair[0]..pair[1]]);
    words.collect::<Vec<_>>().into_iter()
}

/// The module of the root package that a file belongs to.
fn module_of<'t>(text: &'t Text, all: &[Text]) -> Option<&'t str> {
    let inside = text.path.strip_prefix("src/")?;
    let name = inside.split('/').next()?;
    let manifest = format!("src/{name}/Cargo.toml");
    let is_crate = all.iter().any(|other| other.path == manifest);
    (!is_crate).then(|| name.trim_end_matches(".rs"))
}

fn borders(text: &Text, all: &[Text], report: &mut Report) {
    let Some(module) = module_of(text, all).filter(|module| !FREE.contains(module)) else {
        return;
    };
    let Some((_, allowed)) = BORDERS.iter().find(|(known, _)| *known == module) else {
        report.add(
            text,
            1,
            format!("{module} is not in the table of borders (tests/tidy)"),
        );
        return;
    };
    for (line, name) in crate_names(text) {
        if name != module && !allowed.contains(&name.as_str()) {
            report.add(text, line, format!("{module} must not know {name}"));
        }
    }
    let depth = text.path.matches('/').count() - usize::from(text.path.ends_with("/mod.rs"));
    for (line, words) in text.code(true) {
        // A module of tests inside the file is one deeper.
        let within = depth + usize::from(line >= text.tests_from && text.tests_from > 0);
        if words.contains(&"super::".repeat(within)) {
            report.add(text, line, "reaches the root by `super`: say `crate::`");
        }
    }
}

/// What follows each `crate::`: one name, or the first ones of a list in braces.
fn crate_names(text: &Text) -> BTreeSet<(usize, String)> {
    let code: Vec<_> = text.code(true).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let mut names = BTreeSet::new();
    for (at, start) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let line = 1 + code[..at].matches('\n').count();
        let rest = &code[at + start.len()..];
        let listed = rest
            .strip_prefix('{')
            .map_or_else(|| vec![rest], top_of_list);
        for entry in listed {
            let name = entry.trim_start();
            let end = name
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(name.len());
            names.insert((line, name[..end].to_owned()));
        }
    }
    names
}

/// The entries of `a::{b, c}, d}` that are not inside inner braces.
fn top_of_list(list: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut entries) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                entries.extend(Some(&list[begin..at]).filter(|entry| !entry.trim().is_empty()));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    entries
}

fn dependencies(text: &Text, report: &mut Report) {
    if !PURE
        .iter()
        .any(|place| text.path == format!("{place}/Cargo.toml"))
    {
        return;
    }
    let mut inside = false;
    for (line, words) in text.lines() {
        let words = words.split('#').next().unwrap_or_default().trim();
        if let Some(section) = words.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            // What a build script uses is not in the crate.
            inside = section.split('.').any(|part| part == "dependencies");
            // [dependencies.name]
            if inside && !section.ends_with("dependencies") {
                report.add(text, line, "depends on more than std");
            }
        } else if inside && !words.is_empty() {
            report.add(text, line, "depends on more than std");
        }
    }
}
