//! The plain text inside markup: tags of SRT, WebVTT, Pango and ASS, and named characters.
//!
//! Italics and colours are lost on purpose: the UI draws all subtitles in one hand. A '<' that
//! begins no tag is text ("I <3 you").

/// Longest tag taken for one; beyond it a '<' is text.
const TAG_BYTES_MAX: usize = 200;

/// Longest text of one cue, in characters: no more fits a screen.
const TEXT_CHARS_MAX: usize = 1000;

const NAMED: [(&str, &str); 8] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&nbsp;", " "),
    ("&#160;", " "),
];

/// Takes tags off and trims the lines; empty lines go.
pub(super) fn plain(marked: &str) -> String {
    let mut text = String::with_capacity(marked.len());
    let mut rest = marked;
    while let Some(next) = rest.chars().next() {
        if let Some((stands_for, len)) = special(rest, next) {
            text.push_str(stands_for);
            rest = &rest[len..];
        } else {
            text.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let joined = lines.collect::<Vec<_>>().join("\n");
    joined.chars().take(TEXT_CHARS_MAX).collect()
}

/// What begins here and is not text: what it stands for, and its length in bytes.
fn special(rest: &str, first: char) -> Option<(&'static str, usize)> {
    match first {
        '<' => tag(rest),
        '{' if rest.starts_with("{\\") => closed(rest, '}').map(|len| ("", len)),
        '\\' if rest.starts_with("\\N") || rest.starts_with("\\n") => Some(("\n", 2)),
        '&' => {
            let named = NAMED.iter().find(|(name, _)| rest.starts_with(name));
            named.map(|(name, stands_for)| (*stands_for, name.len()))
        }
        '\r' => Some(("", 1)),
        _ => None,
    }
}

fn tag(rest: &str) -> Option<(&'static str, usize)> {
    let len = closed(rest, '>')?;
    let inside = rest[1..len - 1].trim_start_matches('/');
    let named = inside.starts_with(|first: char| first.is_ascii_alphabetic());
    // WebVTT marks when each word is sung: <00:01.500>.
    let timed = !inside.is_empty()
        && inside
            .chars()
            .all(|c| c.is_ascii_digit() || ":.".contains(c));
    let is_break = inside
        .get(..2)
        .is_some_and(|name| name.eq_ignore_ascii_case("br"));
    (named || timed).then_some((if is_break { "\n" } else { "" }, len))
}

fn closed(rest: &str, end: char) -> Option<usize> {
    let len = rest.find(end)? + end.len_utf8();
    (len <= TAG_BYTES_MAX).then_some(len)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn tags_go_and_text_stays() {
        assert_eq!(
            plain("<i>Hello</i>, <font color=\"#fff\">you</font>"),
            "Hello, you"
        );
        assert_eq!(plain("{\\an8}up there\\Nhere"), "up there\nhere");
        assert_eq!(plain("<v Anna>Yes &amp; no"), "Yes & no");
        assert_eq!(plain("la <00:01.500>la"), "la la");
        assert_eq!(plain("I <3 you > me"), "I <3 you > me");
        assert_eq!(plain("one<br/>two\r\n\r\n three "), "one\ntwo\nthree");
        assert_eq!(plain("{not ass} a < b"), "{not ass} a < b");
        assert_eq!(plain("<i></i>"), "");
    }
}
