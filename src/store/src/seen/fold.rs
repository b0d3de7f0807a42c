//! Text as it is compared: small Latin letters and digits, one space between words.
//!
//! Letters of other alphabets become Latin ones, so a remote with A to Z finds "Брат" and "기생충",
//! and "Amelie" finds "Amélie". Chinese, Japanese and Korean are kept beside that as they are
//! written, and are cut into pairs of neighbours (with the last one alone): they have no spaces,
//! two characters are a word already, and three, as a trigram index asks for, a long one.

use deunicode::deunicode_char;

/// Of one word; what is longer is no word, and its beginning finds it.
const WORD_BYTES: usize = 32;

/// Of one text. Titles are below 200, a crowd of people below 1000.
const TEXT_BYTES: usize = 2048;

/// Words that titles begin with and people leave out, or the other way round.
pub(super) const ARTICLES: [&str; 15] = [
    "the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo", "o",
];

/// Han, kana and Hangul: written without spaces, or with words of two signs.
pub(super) fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
        && c != '\u{30fb}'
}

/// The text as it is compared; dense writing is kept as it is.
pub(super) fn folded(text: &str) -> String {
    fold(text, is_dense)
}

/// The text with all of it in Latin letters; none when [`folded`] is that already.
pub(super) fn spelled(text: &str) -> Option<String> {
    text.contains(is_dense).then(|| fold(text, |_| false))
}

fn fold(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = false;
    // Since the last dot or space.
    let mut letters = 0;
    for c in text.chars() {
        if folded.len() > TEXT_BYTES {
            break;
        }
        if keep(c) {
            part(&mut folded, &mut space);
            folded.push(c);
            continue;
        }
        // A word goes on past these: "Ocean's", "M*A*S*H", "S.W.A.T.".
        let initial = c == '.' && letters == 1 && folded.ends_with(char::is_alphabetic);
        if initial {
            letters = 0;
        }
        if initial || matches!(c, '\'' | '\u{2019}' | '*') {
            continue;
        }
        if c == '&' {
            space = true;
            part(&mut folded, &mut space);
            folded.push_str("and");
            space = true;
            continue;
        }
        let Some(latin) = deunicode_char(c) else {
            space = true;
            continue;
        };
        if latin.is_empty() {
            // A mark on the letter before it.
            continue;
        }
        for byte in latin.bytes() {
            if byte.is_ascii_alphanumeric() {
                letters = if space { 1 } else { letters + 1 };
                part(&mut folded, &mut space);
                folded.push(byte.to_ascii_lowercase() as char);
            } else {
                space = true;
            }
        }
    }
    folded
}

fn part(folded: &mut String, space: &mut bool) {
    if *space && !folded.is_empty() {
        folded.push(' ');
    }
    *space = false;
}

/// The text without its article; none when it has none, or nothing else.
pub(super) fn without_article(folded: &str) -> Option<&str> {
    let (first, rest) = folded.split_once(' ')?;
    ARTICLES.contains(&first).then_some(rest)
}

/// What a folded text is cut into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Word(&'t str),
    /// Dense writing up to the next space or Latin letter.
    Run(&'t str),
}

/// The pieces of a folded text, or of several, one a line.
pub(super) fn pieces(folded: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let dense = is_dense(rest.chars().next()?);
        let ends = |c: char| c.is_ascii_whitespace() || is_dense(c) != dense;
        let end = rest.find(ends).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(if dense {
            Piece::Run(piece)
        } else {
            Piece::Word(cut(piece))
        })
    })
}

/// The word's beginning; it is ASCII.
fn cut(word: &str) -> &str {
    &word[..word.len().min(WORD_BYTES)]
}

/// Neighbours of a run, two by two.
pub(super) fn pairs(run: &str) -> impl Iterator<Item = &str> {
    let mut ends = run.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut begin = 0;
    let mut middle = ends.next().unwrap_or(0);
    ends.map(move |end| {
        let pair = &run[begin..end];
        (begin, middle) = (middle, end);
        pair
    })
}

/// The last sign of a run.
pub(super) fn last(run: &str) -> &str {
    let at = run.char_indices().next_back().map_or(0, |(at, _)| at);
    &run[at..]
}

/// Appends what the index holds of a folded text.
pub(super) fn push_tokens(folded: &str, tokens: &mut String) {
    for piece in pieces(folded) {
        match piece {
            Piece::Word(word) => push(tokens, word),
            Piece::Run(run) => {
                pairs(run).for_each(|pair| push(tokens, pair));
                // The index is asked for beginnings: the last one begins no pair.
                push(tokens, last(run));
            }
        }
    }
}

fn push(tokens: &mut String, token: &str) {
    if !tokens.is_empty() {
        tokens.push(' ');
    }
    tokens.push_str(token);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_folded() {
        for (text, expected) in [
            ("Le Fabuleux Destin d'Amélie", "le fabuleux destin damelie"),
            ("  Füße -- STRASSE ", "fusse strasse"),
            ("Weiß & Schwarz", "weiss and schwarz"),
            ("S.W.A.T.", "swat"),
            ("Mr. Robot", "mr robot"),
            ("Брат 2", "brat 2"),
            ("e\u{301}te\u{301}", "ete"),
            ("君の名は。", "君の名は"),
            ("攻殻機動隊 S.A.C. 2", "攻殻機動隊 sac 2"),
            ("…", ""),
        ] {
            assert_eq!(folded(text), expected);
        }
    }

    #[test]
    fn dense_writing_is_spelled_too() {
        assert_eq!(spelled("Brat"), None);
        assert_eq!(spelled("ナルト").as_deref(), Some("naruto"));
        assert!(spelled("기생충").unwrap().starts_with("gisaeng"));
    }

    #[test]
    fn texts_are_cut_into_tokens() {
        for (text, expected) in [
            ("big buck bunny", "big buck bunny"),
            ("君の名は", "君の の名 名は は"),
            ("君", "君"),
            ("攻殻2x 君", "攻殻 殻 2x 君"),
            ("", ""),
        ] {
            let mut tokens = String::new();
            push_tokens(text, &mut tokens);
            assert_eq!(tokens, expected);
        }
        let long = "x".repeat(100);
        assert_eq!(pieces(&long).next(), Some(Piece::Word(&long[..32])));
    }

    #[test]
    fn articles_are_left_out() {
        assert_eq!(without_article("the matrix"), Some("matrix"));
        assert_eq!(without_article("matrix"), None);
        assert_eq!(without_article("the"), None);
    }
}
