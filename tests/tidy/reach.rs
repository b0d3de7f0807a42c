//! Every Rust file is compiled by somebody: a package names it or finds it, or a module of one that
//! is compiled declares it. Cargo and rustc say nothing of a file that nobody knows, and a test in
//! it would be thought to pass for ever.
//!
//! As the other rules a search in the text: a module declared inside another that has braces is
//! not followed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, Text, uncommented};

/// What no package reaches.
pub(super) fn unreached(texts: &[Text]) -> Report {
    let rust = texts.iter().filter(|text| text.is_rust());
    let files: BTreeMap<&str, &Text> = rust.map(|text| (text.path.as_str(), text)).collect();
    let mut reached = BTreeSet::new();
    let mut line: Vec<(String, bool)> = roots(texts).map(|root| (root, true)).collect();
    while let Some((path, is_root)) = line.pop() {
        let Some((path, text)) = files.get_key_value(path.as_str()) else {
            continue;
        };
        if reached.insert(*path) {
            line.extend(modules(text, is_root).map(|path| (path, false)));
        }
    }
    let mut report = Report::default();
    for (path, text) in files {
        if !reached.contains(path) {
            report.add(text, 1, "no package names it and no module declares it");
        }
    }
    report
}

/// Where a package begins to be compiled: what its manifest names, and what cargo finds by itself.
fn roots(texts: &[Text]) -> impl Iterator<Item = String> {
    let manifests = texts.iter().filter_map(|text| {
        let folder = text.path.strip_suffix("Cargo.toml")?;
        (folder.is_empty() || folder.ends_with('/')).then_some((folder, text))
    });
    manifests.flat_map(|(folder, manifest)| {
        let lines = manifest.lines().map(|(_, line)| line.trim());
        let named = lines.filter_map(|line| quoted(line.strip_prefix("path = ")?));
        let mut roots: Vec<String> = named.map(|path| joined(folder, path)).collect();
        roots.extend(["src/lib.rs", "src/main.rs", "build.rs"].map(|path| joined(folder, path)));
        let tests = !manifest.content.contains("autotests = false");
        for (known, _) in [("tests", tests), ("examples", true)]
            .iter()
            .filter(|it| it.1)
        {
            let within = format!("{folder}{known}/");
            let found = texts.iter().filter(|text| {
                let inside = text.path.strip_prefix(&within).unwrap_or("/");
                let inside = inside.strip_suffix("/main.rs").unwrap_or(inside);
                !inside.contains('/')
            });
            roots.extend(found.map(|text| text.path.clone()));
        }
        roots
    })
}

/// The files that the modules of one may lie in.
fn modules(text: &Text, is_root: bool) -> impl Iterator<Item = String> {
    let (folder, file) = text.path.rsplit_once('/').unwrap_or(("", &text.path));
    let stem = file.trim_end_matches(".rs");
    let inside = if is_root || stem == "mod" {
        format!("{folder}/")
    } else {
        format!("{folder}/{stem}/")
    };
    let (mut files, mut elsewhere) = (Vec::new(), None);
    for (_, line) in text.lines() {
        let line = uncommented(line).trim();
        if let Some(path) = line.strip_prefix("#[path = ") {
            elsewhere = quoted(path);
        } else if let Some(name) = declared(line) {
            match elsewhere.take() {
                Some(path) => files.push(joined(&format!("{folder}/"), path)),
                None => files.extend([".rs", "/mod.rs"].map(|end| format!("{inside}{name}{end}"))),
            }
        } else if !line.is_empty() && !line.starts_with("#[") {
            elsewhere = None;
        }
    }
    files.into_iter()
}

/// The name in `pub(crate) mod name;`.
fn declared(line: &str) -> Option<&str> {
    let name = line.strip_suffix(';')?.rsplit_once("mod ");
    let (before, name) = name.filter(|(_, name)| !name.contains(' '))?;
    let before = before.trim_end();
    (before.is_empty() || before.starts_with("pub")).then_some(name)
}

/// What stands in the quotes that `text` begins with.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split('"').next()
}

/// `path`, seen from a folder that ends in `/` or is the root.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::made;
    use super::*;

    #[test]
    fn what_nobody_compiles_is_found() {
        let files = [
            (
                "Cargo.toml",
                "autotests = false\n[[test]]\npath = \"tests/a/main.rs\"\n",
            ),
            (
                "src/lib.rs",
                "mod keys;\npub(crate) mod deep;\n// mod gone;\n",
            ),
            ("src/keys.rs", ""),
            ("src/gone.rs", ""),
            ("src/deep/mod.rs", "mod below;\n"),
            ("src/deep/below.rs", "#[cfg(test)]\nmod tests;\n"),
            ("src/deep/below/tests.rs", ""),
            ("src/deep/tests.rs", ""),
            (
                "tests/a/main.rs",
                "#[path = \"../shared.rs\"]\nmod stage;\nmod b;\n",
            ),
            ("tests/a/b.rs", ""),
            ("tests/a/c.rs", ""),
            ("tests/shared.rs", ""),
            ("tests/left_out.rs", ""),
            ("tests/left_out/main.rs", ""),
            (
                "src/in/Cargo.toml",
                "[[test]]\npath = \"../../tests/named.rs\"\n",
            ),
            ("tests/named.rs", ""),
            ("src/in/src/lib.rs", ""),
            ("src/in/tests/found.rs", "mod stage;\n"),
            ("src/in/tests/stage/mod.rs", ""),
            ("src/in/tests/also/main.rs", "mod part;\n"),
            ("src/in/tests/also/part.rs", ""),
            ("src/in/tests/also/lost.rs", ""),
            ("src/in/examples/found.rs", ""),
        ];
        let texts: Vec<Text> = files.map(|(path, text)| made(path, text)).into();
        let told = unreached(&texts).told();
        let lost: Vec<&str> = told
            .lines()
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let expected = [
            "src/deep/tests.rs",
            "src/gone.rs",
            "src/in/tests/also/lost.rs",
            "tests/a/c.rs",
            "tests/left_out.rs",
            "tests/left_out/main.rs",
        ];
        assert_eq!(lost, expected, "{told}");
    }
}
