//! JSON of strangers: a value is taken for what it means, whatever type it has, and what means
//! nothing is left out.

use serde_json::Value;

use crate::{Answer, Fault};

/// The largest answer that is read, unless its source says otherwise: pages of 100 results with
/// long descriptions have under 1 MiB.
pub(crate) const ANSWER_MAX_BYTES: usize = 4 << 20;

/// Values that are taken of one list: casts and lists of files are the longest.
pub(crate) const LIST_MAX: usize = 500;

/// Bytes that are taken of one text; synopses have under 2 KiB, the Archive's descriptions more.
const TEXT_MAX_BYTES: usize = 16 << 10;

/// Bytes of a server's own words that are told on.
const SAID_MAX_BYTES: usize = 200;

/// The JSON of an answer. Nesting is bounded by serde_json (128).
pub(crate) fn json(answer: &Answer<'_>, max_bytes: usize) -> Result<Value, Fault> {
    let bytes = answer.body.len();
    if bytes > max_bytes {
        return Err(Fault::TooLarge { bytes, max_bytes });
    }
    serde_json::from_slice(answer.body).map_err(|error| Fault::NotJson(error.to_string()))
}

/// A text, or the first of a list, or a number as text; none when it says nothing.
pub(crate) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim(),
        Value::Number(number) => return Some(number.to_string()),
        Value::Array(values) => return values.iter().take(LIST_MAX).find_map(scalar),
        _ => return None,
    };
    let end = text.floor_char_boundary(TEXT_MAX_BYTES);
    (end > 0).then(|| text[..end].to_owned())
}

fn scalar(value: &Value) -> Option<String> {
    if value.is_array() { None } else { text(value) }
}

/// A list of texts, or one text as a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().take(LIST_MAX).filter_map(scalar).collect(),
        value => scalar(value).into_iter().collect(),
    }
}

/// A number that is finite, also when it is written as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        Value::Array(values) if values.len() == 1 && !values[0].is_array() => number(&values[0])?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A number from zero on without a fraction that fits.
pub(crate) fn whole<T: TryFrom<u64>>(value: &Value) -> Option<T> {
    let whole = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    // Some servers write 2013.0.
    let whole = whole.or_else(|| {
        let number = number(value)?;
        (number >= 0.0 && number.fract() == 0.0 && number < 9e15).then_some(number as u64)
    });
    T::try_from(whole?).ok()
}

/// `true`, `"true"`, 1, or a list that begins with one of them.
pub(crate) fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::String(text) => text == "true" || text == "1",
        Value::Number(number) => number.as_u64() == Some(1),
        Value::Array(values) => values
            .first()
            .is_some_and(|first| !first.is_array() && truth(first)),
        _ => false,
    }
}

/// The values of a list; of anything else none.
pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    let values = value.as_array().map_or(&[][..], Vec::as_slice);
    values.iter().take(LIST_MAX)
}

/// A year that films have, of "2010", 2010, "2010-09-27" or "[1968]".
pub(crate) fn year(value: &Value) -> Option<u16> {
    let text = text(value)?;
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let year: u16 = digits.get(..4)?.parse().ok()?;
    // The oldest film is of 1888.
    let ends = !digits[4..].starts_with(|c: char| c.is_ascii_digit());
    (ends && (1888..=2100).contains(&year)).then_some(year)
}

/// A server's own words, short enough to be told on.
pub(crate) fn said(text: &str) -> Fault {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let end = text.floor_char_boundary(SAID_MAX_BYTES);
    Fault::Said(text[..end].chars().map(visible).collect())
}

/// Prose that was written in HTML, as one text with lines.
pub(crate) fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let tag = rest.starts_with('<');
        // What is not closed, or begins with no letter, is no tag; no entity is longer.
        let named =
            rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let close = if tag {
            rest.find('>').filter(|_| named)
        } else {
            rest.find(';').filter(|end| *end <= 10)
        };
        let Some(close) = close else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        };
        let inner = &rest[1..close];
        if tag {
            let name = inner.trim_start_matches('/').to_ascii_lowercase();
            let breaks = ["br", "p", "div", "li", "tr"];
            let letters = name
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(name.len());
            if breaks.contains(&&name[..letters]) {
                out.push('\n');
            }
        } else {
            out.push_str(&entity(inner));
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    let lines = out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What `&name;` stands for; one that is not known stays as it is.
fn entity(name: &str) -> String {
    let known = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => " ",
        _ => {
            let number =
                name.strip_prefix('#')
                    .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok(),
                        None => digits.parse().ok(),
                    });
            let letter = number.and_then(char::from_u32);
            return letter.map_or_else(|| format!("&{name};"), |letter| letter.to_string());
        }
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_do_not_matter() {
        assert_eq!(text(&json!(["", "a", "b"])), Some("a".into()));
        assert_eq!(text(&json!(7)), Some("7".into()));
        assert_eq!(text(&json!("  ")), None);
        assert_eq!(texts(&json!("one")), ["one"]);
        assert_eq!(texts(&json!(["one", null, 2, ["x"], {}])), ["one", "2"]);
        assert_eq!(whole::<u64>(&json!("12")), Some(12));
        assert_eq!(whole::<u16>(&json!(2013.0)), Some(2013));
        assert_eq!(whole::<u16>(&json!(70_000)), None);
        assert_eq!(whole::<u64>(&json!(-1)), None);
        assert_eq!(number(&json!("NaN")), None);
        assert_eq!(number(&json!(["6.5"])), Some(6.5));
        assert!(truth(&json!("true")) && truth(&json!([true])) && truth(&json!(1)));
        assert!(!truth(&json!("no")) && !truth(&json!(null)) && !truth(&json!([[true]])));
    }

    #[test]
    fn years_are_those_of_films() {
        for (value, expected) in [
            (json!("2010-09-27T00:00:00Z"), Some(2010)),
            (json!(1968), Some(1968)),
            (json!(["[1968]"]), Some(1968)),
            (json!("c. 1925"), Some(1925)),
            (json!("12010"), None),
            (json!("0000"), None),
            (json!(""), None),
            (json!(null), None),
        ] {
            assert_eq!(year(&value), expected, "{value}");
        }
    }

    #[test]
    fn html_becomes_prose() {
        let html =
            "<p>A  <b>film</b> &amp; more<br/>of&nbsp;it &#233;&#xE9; &unknown; 1 < 2 & 3</p>";
        assert_eq!(plain(html), "A film & more\nof it éé &unknown; 1 < 2 & 3");
        assert_eq!(plain("&&&<<<"), "&&&<<<");
    }
}
