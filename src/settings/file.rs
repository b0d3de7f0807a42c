//! The settings' file: TOML with the names of the command line's options.
//!
//! Only read here; what a settings screen will change it writes through this module then. Each
//! line is read as the command line would read it (`key = value` as `--key=value`), so that both
//! know the same names, take the same values and say the same of a mistake.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use toml::de::DeValue;

use super::SettingsError;
use crate::small_file;

/// Options that take several values.
const LISTS: [&str; 3] = ["film-folders", "languages", "trackers"];

/// Reads the options in the file, in order; a file that is not there has none. `absent` is an
/// option that the file may not hold, because it says where the file is.
pub(super) fn read<A: clap::Args>(path: &Path, absent: &str) -> Result<Vec<A>, SettingsError> {
    let failed = |source| SettingsError::File {
        path: path.to_owned(),
        source,
    };
    match small_file::read(path, "settings").map_err(failed)? {
        Some(text) => parse(&text, path, absent),
        None => Ok(Vec::new()),
    }
}

fn parse<A: clap::Args>(text: &str, path: &Path, absent: &str) -> Result<Vec<A>, SettingsError> {
    let mistake = |at: usize, what: String| SettingsError::Mistake {
        path: path.to_owned(),
        line: small_file::line(text, at),
        what,
    };
    let table = small_file::table(text).map_err(|(at, what)| mistake(at, what))?;
    let mut command = A::augment_args(clap::Command::new("settings"))
        .no_binary_name(true)
        .disable_help_flag(true);
    let mut all = Vec::new();
    for (key, value) in table.get_ref() {
        let at = key.span().start;
        let name = key.get_ref().as_ref();
        let known = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if !known || name == absent {
            return Err(mistake(at, unknown(name)));
        }
        let said = words(name, value.get_ref()).map_err(|what| mistake(at, what))?;
        let read = command.try_get_matches_from_mut(said);
        let read = read.and_then(|matches| A::from_arg_matches(&matches));
        all.push(read.map_err(|error| mistake(at, reason(name, &error)))?);
    }
    Ok(all)
}

/// The value as the command line's words.
fn words(name: &str, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let word = |value: &DeValue<'_>| {
        Some(match value {
            DeValue::String(text) => format!("--{name}={text}"),
            DeValue::Integer(number) if number.radix() == 10 => format!("--{name}={number}"),
            DeValue::Float(number) => format!("--{name}={number}"),
            DeValue::Boolean(yes) => format!("--{name}={yes}"),
            _ => return None,
        })
    };
    match value {
        DeValue::Array(list) if LISTS.contains(&name) => {
            let words = list.iter().map(|value| word(value.get_ref()));
            let words: Option<Vec<_>> = words.collect();
            words.ok_or_else(|| format!("{name}: must be a list of texts"))
        }
        value => {
            let word = word(value);
            word.map(|word| vec![word])
                .ok_or_else(|| format!("{name}: must be a text, a number, or true or false"))
        }
    }
}

fn unknown(name: &str) -> String {
    format!("there is no setting {name:?}")
}

/// What is wrong with the value, without the command line's way of saying it.
fn reason(name: &str, error: &clap::Error) -> String {
    use std::error::Error as _;
    let context = |kind| error.get(kind);
    match (error.kind(), context(ContextKind::ValidValue)) {
        (ErrorKind::UnknownArgument, _) => unknown(name),
        (ErrorKind::InvalidValue, Some(ContextValue::Strings(values))) if !values.is_empty() => {
            format!("{name}: must be one of {}", values.join(", "))
        }
        (ErrorKind::InvalidValue | ErrorKind::NoEquals, _) => format!("{name}: has no value"),
        _ => match error.source() {
            Some(source) => format!("{name}: {source}"),
            None => format!("{name}: cannot be read"),
        },
    }
}
