//! What the name of a subtitle file tells: `Film.2010.pt-BR.forced.srt`.
//!
//! A language is said only when the name says it plainly, because a wrong one is worse than none:
//! full names count anywhere, codes only where no word of a title can stand, which is in what the
//! name has more than the film's, or last. Names are taken apart into words; none is ever a path.

use crate::language::{self, Language};

/// What is known of a file by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub language: Option<Language>,
    /// Only what is foreign to the film's own language: signs, a few lines.
    pub forced: bool,
    /// Tells sounds too, for who does not hear them (SDH, HI, CC).
    pub hearing_impaired: bool,
    /// What its makers say about the film.
    pub commentary: bool,
    pub episode: Option<Episode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Episode {
    pub season: u16,
    pub number: u16,
}

/// Words beyond these are not looked at; a name has 20.
const WORDS_MAX: usize = 200;

/// Words that say nothing of the language and may stand behind it.
const BESIDE: [&str; 13] = [
    "default",
    "full",
    "sub",
    "subs",
    "subtitle",
    "subtitles",
    "utf8",
    "utf",
    "track",
    "fixed",
    "synced",
    "final",
    "text",
];

/// Codes that are words of English titles too: believed beside the film's name only, or alone.
const WORDS_OF_TITLES: [&str; 30] = [
    "am", "an", "as", "at", "be", "ma", "me", "he", "hi", "ho", "id", "in", "is", "it", "my", "no",
    "or", "os", "pa", "so", "to", "war", "may", "sun", "son", "her", "run", "man", "ice", "mac",
];

/// What the name of a file tells; `film` is the film's file name, where it is known.
pub fn facts(name: &str, film: Option<&str>) -> Facts {
    let name = stem(name).to_lowercase();
    let film = film
        .map(|film| stem(film).to_lowercase())
        .unwrap_or_default();
    let beyond = name.strip_prefix(&film).unwrap_or(&name);
    let like_film = beyond.len() < name.len();
    let words: Vec<&str> = beyond
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .collect();
    let mut facts = Facts {
        episode: episode(&name),
        ..Facts::default()
    };
    let mut left: Vec<&str> = Vec::new();
    for (at, word) in words.iter().copied().enumerate() {
        // Flags stand behind the title: the first word of a name is none of them.
        let first = at == 0 && !like_film && words.len() > 1;
        match word {
            "forced" | "foreign" | "signs" if !first => facts.forced = true,
            "sdh" | "cc" => facts.hearing_impaired = true,
            "commentary" if !first => facts.commentary = true,
            _ if BESIDE.contains(&word) => {}
            _ => left.push(word),
        }
    }
    // Hindi, or for who is hard of hearing: the latter where a language is said before it.
    if let [before @ .., "hi"] = &left[..]
        && language_of(before, like_film).is_some()
    {
        facts.hearing_impaired = true;
        left.pop();
    }
    facts.language = language_of(&left, like_film);
    facts
}

fn language_of(words: &[&str], like_film: bool) -> Option<Language> {
    let tag = |at: usize, code: &str, region: Option<&str>| {
        let alone = words.len() == 1;
        let last = at + 1 + usize::from(region.is_some()) == words.len();
        let believed = like_film || (last && (alone || !WORDS_OF_TITLES.contains(&code)));
        believed.then(|| language::in_codes(code, region)).flatten()
    };
    // "pt-BR" and its kind are two words.
    let pairs = words.windows(2).enumerate().rev();
    let regional = pairs.into_iter().find_map(|(at, pair)| {
        tag(at, pair[0], Some(pair[1])).filter(|found| found.tag().contains('-'))
    });
    let codes = || {
        words
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, code)| tag(at, code, None))
    };
    regional
        .or_else(|| language::in_words(words))
        .or_else(codes)
}

/// `S01E02`, `s1.e2` or `1x02`, the first there is.
fn episode(name: &str) -> Option<Episode> {
    let bytes = name.as_bytes();
    let number = |from: usize| -> Option<(u16, usize)> {
        let digits = bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let text = name.get(from..from + digits.min(4))?;
        Some((text.parse().ok()?, from + digits))
    };
    (0..bytes.len()).find_map(|at| {
        // Not inside a word or a number.
        if at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
            return None;
        }
        let (from, between) = if bytes[at] == b's' {
            (at + 1, b'e')
        } else {
            (at, b'x')
        };
        let (season, after) = number(from)?;
        let after = after + usize::from(between == b'e' && bytes.get(after) == Some(&b'.'));
        let joined = bytes.get(after) == Some(&between);
        let (number, _) = joined.then(|| number(after + 1)).flatten()?;
        // 1920x1080 is no episode.
        (season < 200 && number < 2_000).then_some(Episode { season, number })
    })
}

fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match name.rsplit_once('.') {
        // An ending is short: "Film. Part two" has none.
        Some((stem, ending)) if (1..=4).contains(&ending.len()) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Language and flags in one text.
    fn told(name: &str, film: Option<&str>) -> String {
        let facts = facts(name, film);
        let mut told = facts
            .language
            .map_or("-".to_owned(), |language| language.to_string());
        for (flag, said) in [
            (facts.forced, " forced"),
            (facts.hearing_impaired, " sdh"),
            (facts.commentary, " commentary"),
        ] {
            told.push_str(if flag { said } else { "" });
        }
        told
    }

    #[test]
    fn names_beside_a_film_tell_language_and_flags() {
        for (name, expected) in [
            ("Sintel.de.srt", "de"),
            ("Sintel_fre.vtt", "fr"),
            ("Sintel.pt-BR.srt", "pt-BR"),
            ("Sintel.pt.srt", "pt"),
            ("Sintel.pob.srt", "pt-BR"),
            ("Sintel.zh-Hant.srt", "zh-Hant"),
            ("Sintel.zht.ass", "zh-Hant"),
            ("Sintel.en.forced.srt", "en forced"),
            ("Sintel.forced.en.srt", "en forced"),
            ("Sintel.en.sdh.srt", "en sdh"),
            ("Sintel.en.hi.srt", "en sdh"),
            ("Sintel.hi.srt", "hi"),
            ("Sintel.eng.cc.default.srt", "en sdh"),
            ("Sintel.en.commentary.srt", "en commentary"),
            ("Sintel.nb.srt", "no"),
            ("Sintel.srt", "-"),
            ("Sintel.sdh.srt", "- sdh"),
            ("other.film.en.srt", "en"),
            ("2_English.srt", "en"),
            ("it.srt", "it"),
            ("English (forced).srt", "en forced"),
            ("Sintel.Portuguese.Brazil.srt", "pt-BR"),
            ("Sintel.Français.srt", "fr"),
            ("Sintel.简体中文.ass", "zh-Hans"),
            ("folder/en/Sintel.da.srt", "da"),
            ("No Country.srt", "-"),
            ("it happened.srt", "-"),
            ("Let it be.srt", "-"),
            ("Despicable.Me.srt", "-"),
        ] {
            assert_eq!(told(name, Some("Sintel.mp4")), expected, "{name}");
        }
    }

    #[test]
    fn names_alone_tell_what_they_can() {
        for (name, expected) in [
            ("Film.2010.pt-BR.forced.srt", "pt-BR forced"),
            ("Forced.March.2010.srt", "-"),
            ("Film.2010.1080p.BluRay.x264-GROUP.srt", "-"),
            ("Film.2010.German.1080p.BluRay.x264-GROUP.srt", "de"),
            ("Film.2010.swe.srt", "sv"),
            ("", "-"),
            (".srt", "-"),
        ] {
            assert_eq!(told(name, None), expected, "{name}");
        }
    }

    #[test]
    fn episodes_are_found() {
        for (name, expected) in [
            ("Show.S01E02.en.srt", Some((1, 2))),
            ("show.s1.e12.srt", Some((1, 12))),
            ("Show - 3x04 - Title.srt", Some((3, 4))),
            ("Show.s2e003.1920x1080.srt", Some((2, 3))),
            ("Film.1920x1080.srt", None),
            ("Film.2010.srt", None),
            ("Class1E2.srt", None),
            ("s99999e1.srt", None),
        ] {
            let found = facts(name, None).episode;
            let expected = expected.map(|(season, number)| Episode { season, number });
            assert_eq!(found, expected, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_breaks_it(name in ".{0,60}", film in "[a-z.é]{0,5}") {
            facts(&name, Some(&film));
        }
    }
}
