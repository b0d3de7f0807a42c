//! Texts of strangers, made fit to be kept and shown: no control characters, no marks that turn
//! the direction of what stands beside them, a bounded length, and addresses that are addresses.
//!
//! Each of these leaves alone what it has made, so what is read, written and read again is the
//! same.

use url::Url;

use crate::bounds::{ID_MAX_BYTES, NAME_MAX_CHARS, URL_MAX_BYTES};

/// In one line: whatever breaks it is a space.
pub(crate) fn line(text: &str, chars_max: usize) -> Option<String> {
    let clean = text.chars().map(|c| if breaks(c) { ' ' } else { c });
    cut(clean.filter(|c| shown(*c)), chars_max)
}

/// What is shown of an id where there is no name.
pub(crate) fn name_of(id: &str) -> String {
    line(id, NAME_MAX_CHARS).unwrap_or_else(|| id.to_owned())
}

/// With its line breaks.
pub(crate) fn prose(text: &str, chars_max: usize) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let clean = text.chars().map(|c| match c {
        '\n' => '\n',
        _ if breaks(c) => ' ',
        _ => c,
    });
    cut(clean.filter(|c| *c == '\n' || shown(*c)), chars_max)
}

fn cut(text: impl Iterator<Item = char>, chars_max: usize) -> Option<String> {
    let text: String = text
        .skip_while(|c| c.is_whitespace())
        .take(chars_max)
        .collect();
    let kept = text.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

fn breaks(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Neither a control character nor one that turns the direction (Unicode 9, bidi controls).
fn shown(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// An id as it is, for it is sent back; none when it could not be.
pub(crate) fn id(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= ID_MAX_BYTES;
    (fits && !text.contains(char::is_control)).then(|| text.to_owned())
}

/// An http or https address in its one right form. Addresses without a scheme (`//host/a.jpg`)
/// are https.
pub(crate) fn web(text: &str) -> Option<String> {
    let text = text.trim();
    let whole = match text.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => text.to_owned(),
    };
    if whole.len() > URL_MAX_BYTES {
        return None;
    }
    let url = Url::parse(&whole).ok()?;
    let known = matches!(url.scheme(), "http" | "https") && url.has_host();
    let text = String::from(url);
    (known && text.len() <= URL_MAX_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_fit_to_be_shown() {
        let line = |text| line(text, 5);
        assert_eq!(line(" a\u{0}\u{202e}b\nc "), Some("ab c".into()));
        assert_eq!(line("abcd efgh"), Some("abcd".into()));
        assert_eq!(line(" \u{7} \n"), None);
        assert_eq!(line("👨‍👩‍👧x"), Some("👨‍👩‍👧".into()));
        assert_eq!(prose("a\r\nb\t\u{1b}[1m\n", 20), Some("a\nb [1m".into()));
    }

    #[test]
    fn ids_stay_as_they_are_or_are_refused() {
        assert_eq!(id(" tt1:1:2 "), Some(" tt1:1:2 ".into()));
        assert_eq!(id(""), None);
        assert_eq!(id("a\nb"), None);
        assert_eq!(id(&"x".repeat(ID_MAX_BYTES + 1)), None);
    }

    #[test]
    fn addresses_are_of_the_web() {
        assert_eq!(
            web("HTTP://A.example/ä b"),
            Some("http://a.example/%C3%A4%20b".into())
        );
        assert_eq!(
            web("//a.example/p.jpg"),
            Some("https://a.example/p.jpg".into())
        );
        for bad in [
            "",
            "p.jpg",
            "/p.jpg",
            "data:image/png;base64,AA",
            "ftp://a/b",
            "http://",
        ] {
            assert_eq!(web(bad), None, "{bad}");
        }
        let long = format!("http://a.example/{}", "ä".repeat(URL_MAX_BYTES / 4));
        assert_eq!(web(&long), None);
    }
}
