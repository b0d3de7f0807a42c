//! Reads the catalogues of translations (`po/*.po`, gettext) into tables, so that the box reads no
//! file to speak. A catalogue that cannot be used stops the build, with its file and line; whether
//! it is complete is asked by a test.

#[path = "src/plurals.rs"]
mod plurals;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rspolib::{POEntry, pofile};

/// Stands between the context and the text in a key (gettext).
const BETWEEN: char = '\u{4}';

/// Context and text.
type Key = (String, String);

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=po");
    println!("cargo:rerun-if-changed=src/plurals.rs");
    let (mut tables, mut arms) = (String::new(), String::new());
    for path in catalogues()? {
        println!("cargo:rerun-if-changed={}", path.display());
        let language = path
            .file_stem()
            .and_then(|it| it.to_str())
            .unwrap_or_default();
        let messages = read(&path, language)?;
        let name = language.to_uppercase();
        writeln!(arms, "        {language:?} => {name},")?;
        writeln!(tables, "static {name}: &Catalogue = &[")?;
        for ((context, text), forms) in &messages {
            let key = match context.as_str() {
                "" => text.clone(),
                context => format!("{context}{BETWEEN}{text}"),
            };
            writeln!(tables, "    ({key:?}, &{forms:?}),")?;
        }
        writeln!(tables, "];")?;
    }
    let code = format!(
        "{tables}\nfn catalogue(code: &str) -> &'static Catalogue {{\n    match code {{\n{arms}\
        \n        _ => &[],\n    }}\n}}\n"
    );
    let out = std::env::var_os("OUT_DIR").ok_or("cargo names no place for the tables")?;
    std::fs::write(Path::new(&out).join("catalogues.rs"), code)?;
    Ok(())
}

fn catalogues() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir("po")?.collect();
    let paths = entries?.into_iter().map(|entry| entry.path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "po"))
        .collect();
    paths.sort();
    Ok(paths)
}

/// What is translated, sorted.
fn read(path: &Path, language: &str) -> Result<BTreeMap<Key, Vec<String>>, Box<dyn Error>> {
    let name = path.to_str().ok_or("a catalogue's name is no text")?;
    let plurals = plurals::plurals(language);
    let plurals = plurals.ok_or_else(|| format!("{name}: no language of the box"))?;
    let file = pofile(name)?;
    let header = file.metadata.get("Plural-Forms").map(|it| packed(it));
    if header != Some(packed(plurals.header)) {
        return Err(format!("{name}: Plural-Forms is not \"{}\"", plurals.header).into());
    }
    let mut messages = BTreeMap::new();
    for entry in file.entries {
        let line = entry.linenum;
        let Some((key, forms)) = translation(entry) else {
            continue;
        };
        if forms.len() != 1 && forms.len() != plurals.forms {
            let forms = plurals.forms;
            return Err(format!("{name}:{line}: {:?} wants {forms} forms", key.1).into());
        }
        if let Some(text) = wrong_place(&forms) {
            return Err(format!("{name}:{line}: a brace without its other in {text:?}").into());
        }
        let text = key.1.clone();
        if messages.insert(key, forms).is_some() {
            return Err(format!("{name}:{line}: {text:?} is there twice").into());
        }
    }
    Ok(messages)
}

/// One that can be said.
fn translation(entry: POEntry) -> Option<(Key, Vec<String>)> {
    if entry.obsolete || entry.fuzzy() || entry.msgid.is_empty() {
        return None;
    }
    let forms = match entry.msgid_plural {
        Some(_) => entry.msgstr_plural,
        None => entry.msgstr.into_iter().collect(),
    };
    let said = !forms.is_empty() && forms.iter().all(|form| !form.is_empty());
    said.then(|| ((entry.msgctxt.unwrap_or_default(), entry.msgid), forms))
}

/// The form in which a place is not closed, or closed and not open.
fn wrong_place(forms: &[String]) -> Option<&String> {
    forms.iter().find(|form| {
        let mut open = false;
        let braces = form.chars().filter(|c| "{}".contains(*c));
        braces
            .into_iter()
            .any(|c| std::mem::replace(&mut open, c == '{') == (c == '{'))
            || open
    })
}

fn packed(header: &str) -> String {
    header.chars().filter(|c| !c.is_whitespace()).collect()
}
