//! From a stranger's bytes to a JSON value of bounded size.
//!
//! serde_json's own `Value` would take what comes: 4 MiB of `[],` are 64 MiB in RAM. Here the
//! values are counted while they are read, the rest of a list is passed over and counted, and
//! what is nested too deep is refused before it is built. Two things that are valid in JavaScript
//! and that serde_json refuses whole are mended: text that is no UTF-8, and half a surrogate pair
//! as an escape, which is what is left of an emoji that was cut by length.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};
use serde_json::{Map, Value};

use crate::bounds::{ANSWER_MAX_BYTES, DEPTH_MAX, VALUES_MAX, VIDEOS_MAX};

/// Why an answer says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("the answer is empty")]
    Empty,
    #[error("the answer has more than {} bytes", ANSWER_MAX_BYTES)]
    TooLong,
    /// A page for people: an address that is no add-on's, or a proxy's error.
    #[error("the answer is a web page")]
    Html,
    #[error("the answer is no JSON: line {line}, column {column}")]
    NotJson { line: usize, column: usize },
    #[error("the answer is nested more than {} deep", DEPTH_MAX)]
    TooDeep,
    /// A list, a number: JSON, but no answer.
    #[error("the answer is no JSON object")]
    NotObject,
    /// Without this field it is no manifest.
    #[error("the manifest has no {0}")]
    Missing(&'static str),
    /// The add-on says in its answer that it failed; its words, for the log.
    #[error("the add-on says: {0}")]
    Refused(String),
}

/// The object in `bytes`, and how many values were cut from it.
pub(crate) fn object(bytes: &[u8]) -> Result<(Map<String, Value>, u32), AnswerError> {
    if bytes.len() > ANSWER_MAX_BYTES {
        return Err(AnswerError::TooLong);
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(AnswerError::Empty);
    }
    if text.starts_with('<') {
        return Err(AnswerError::Html);
    }
    let text = mended(text);
    let state = State {
        left: Cell::new(VALUES_MAX),
        cut: Cell::new(0),
        deep: Cell::new(false),
    };
    let mut reader = serde_json::Deserializer::from_str(&text);
    let seed = Bounded {
        state: &state,
        depth: 0,
    };
    let read = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    match read {
        Ok(Value::Object(table)) => Ok((table, state.cut.get())),
        Ok(_) => Err(AnswerError::NotObject),
        Err(_) if state.deep.get() => Err(AnswerError::TooDeep),
        Err(error) => Err(AnswerError::NotJson {
            line: error.line(),
            column: error.column(),
        }),
    }
}

/// `text` with every escaped half of a surrogate pair as U+FFFD.
fn mended(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let (mut out, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(step) = text[at..].find('\\') {
        at += step;
        if bytes.get(at + 1) != Some(&b'u') {
            // The escape and what it escapes, which may be a backslash.
            at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        }
        match unit(text, at) {
            Some(0xd800..=0xdbff) if matches!(unit(text, at + 6), Some(0xdc00..=0xdfff)) => {
                at += 12;
            }
            Some(0xd800..=0xdfff) => {
                out.push_str(&text[kept..at]);
                out.push_str("\\ufffd");
                at += 6;
                kept = at;
            }
            _ => at += 2,
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The UTF-16 unit that is written as `\uXXXX` at `at`.
fn unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

struct State {
    /// Values that may still come.
    left: Cell<u32>,
    cut: Cell<u32>,
    deep: Cell<bool>,
}

impl State {
    /// Takes one from what is left.
    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    fn cut(&self) {
        self.cut.set(self.cut.get().saturating_add(1));
    }
}

#[derive(Clone, Copy)]
struct Bounded<'s> {
    state: &'s State,
    depth: u32,
}

impl Bounded<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH_MAX {
            self.state.deep.set(true);
            return Err(E::custom("too deep"));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut items = Vec::new();
        loop {
            if items.len() < VIDEOS_MAX && self.state.spend() {
                match from.next_element_seed(within)? {
                    Some(item) => items.push(item),
                    None => return Ok(Value::Array(items)),
                }
            } else if from.next_element::<IgnoredAny>()?.is_some() {
                self.state.cut();
            } else {
                return Ok(Value::Array(items));
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut table = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            if self.state.spend() {
                table.insert(key, from.next_value_seed(within)?);
            } else {
                from.next_value::<IgnoredAny>()?;
                self.state.cut();
            }
        }
        Ok(Value::Object(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> AnswerError {
        object(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        assert_eq!(refused(" \n"), AnswerError::Empty);
        assert_eq!(refused("\u{feff}<!doctype html>"), AnswerError::Html);
        assert_eq!(refused("[]"), AnswerError::NotObject);
        let cut = refused("{\n\"metas\":[");
        assert_eq!(cut, AnswerError::NotJson { line: 2, column: 9 });
        assert!(matches!(refused("{} {}"), AnswerError::NotJson { .. }));
        let long = " ".repeat(ANSWER_MAX_BYTES + 1);
        assert_eq!(refused(&long), AnswerError::TooLong);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| {
            let lists = depth - 1;
            let text = format!("{{\"a\":{}{}}}", "[".repeat(lists), "]".repeat(lists));
            object(text.as_bytes()).map(|_| ())
        };
        assert_eq!(nested(DEPTH_MAX as usize), Ok(()));
        assert_eq!(nested(DEPTH_MAX as usize + 1), Err(AnswerError::TooDeep));
        assert_eq!(nested(1_000_000), Err(AnswerError::TooDeep));
    }

    #[test]
    fn the_rest_of_a_long_list_is_counted() {
        let items = "0,".repeat(VIDEOS_MAX + 4);
        let (table, cut) = object(format!("{{\"a\":[{items}0]}}").as_bytes()).unwrap();
        assert_eq!(table["a"].as_array().unwrap().len(), VIDEOS_MAX);
        assert_eq!(cut, 5);
    }

    #[test]
    fn values_are_bounded_over_all_lists() {
        let list = format!("[{}0],", "0,".repeat(9_998));
        let lists = list.repeat(30);
        let (table, cut) = object(format!("{{\"a\":[{lists}0]}}").as_bytes()).unwrap();
        let kept = table["a"].as_array().unwrap().iter();
        let kept: usize = kept.map(|list| list.as_array().map_or(0, Vec::len)).sum();
        assert!(kept <= VALUES_MAX as usize && kept > 200_000, "{kept}");
        assert!(cut > 0);
    }

    #[test]
    fn halves_of_an_emoji_cost_no_answer() {
        let text = |json: &str| {
            let (table, _) = object(json.as_bytes()).unwrap();
            table["a"].as_str().unwrap().to_owned()
        };
        assert_eq!(text(r#"{"a":"x\ud83d"}"#), "x\u{fffd}");
        assert_eq!(
            text(r#"{"a":"\ude00\ud83d\ude00\ud83d!"}"#),
            "\u{fffd}😀\u{fffd}!"
        );
        assert_eq!(text(r#"{"a":"\\ud83d\n\u00e9"}"#), "\\ud83d\né");
        assert_eq!(object(b"{\"a\":\"\xff\"}").unwrap().0["a"], "\u{fffd}");
        assert!(matches!(
            refused(r#"{"a":"\ud8"#),
            AnswerError::NotJson { .. }
        ));
        assert!(matches!(refused("{\"\\"), AnswerError::NotJson { .. }));
    }
}
