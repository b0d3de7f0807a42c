//! Languages as BCP 47 tags, from whatever a file, a container or a site calls them.
//!
//! Codes of ISO 639 in all their parts, names in English and their own, and the inventions of
//! subtitle sites end in one tag, so that what the viewer wants can be compared. Chinese is told
//! apart by script and not by country, as its readers do.

use std::fmt;

use crate::language_table::{LANGUAGES, SPECIAL};

/// A language, and its region or script where they matter: `de`, `pt-BR`, `zh-Hant`, `es-419`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(String);

/// Longer is no name of a language.
const TEXT_BYTES_MAX: usize = 64;

impl Language {
    /// Reads a tag, a code or a name: "pt-br", "fre", "Portuguese (Brazil)", "pob", "Español".
    pub fn read(text: &str) -> Option<Language> {
        let text = text.trim();
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let lower = text.to_lowercase().replace('_', "-");
        if let Some(tag) = special(&lower).or_else(|| named(&lower)) {
            return Some(Language(tag.to_owned()));
        }
        let mut parts = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|it| !it.is_empty());
        let in_tag = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if lower.bytes().all(in_tag) {
            let first = parts.next()?;
            if let Some(tag) = special(first) {
                return Some(Language(tag.to_owned()));
            }
            if let Some(primary) = coded(first) {
                return Some(tagged(primary, parts));
            }
            // A code of three letters is a language even where no table of ours has it.
            if is_unknown_code(first) {
                return Some(Language(first.to_owned()));
            }
        }
        in_words(
            &lower
                .split(|c: char| !c.is_alphanumeric())
                .collect::<Vec<_>>(),
        )
    }

    /// The whole tag.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The language alone.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    pub(crate) fn is_traditional_chinese(&self) -> bool {
        self.0 == "zh-Hant"
    }

    /// How well a text in this language serves who wants `wanted`: 3 the same, 2 where one of
    /// them says no region, 1 for another region or script, 0 for another language.
    pub fn closeness(&self, wanted: &Language) -> u8 {
        if self == wanted {
            3
        } else if self.primary() != wanted.primary() {
            0
        } else if !self.0.contains('-') || !wanted.0.contains('-') {
            2
        } else {
            1
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The language in the words of a file name or a description: the last that is a full name, with
/// the region said beside it. Lower case.
pub(crate) fn in_words(words: &[&str]) -> Option<Language> {
    let at = words
        .iter()
        .rposition(|word| special_name(word).or(named(word)).is_some())?;
    if let Some(tag) = special_name(words[at]) {
        return Some(Language(tag.to_owned()));
    }
    Some(tagged(named(words[at])?, words.iter().copied()))
}

/// A code and the region after it, as in "pt-br" of a file name.
pub(crate) fn in_codes(code: &str, region: Option<&str>) -> Option<Language> {
    if let Some(tag) = special(code) {
        return Some(Language(tag.to_owned()));
    }
    Some(tagged(coded(code)?, region.into_iter()))
}

fn special(text: &str) -> Option<&'static str> {
    let known = SPECIAL.iter().find(|(code, _)| *code == text);
    known.map(|(_, tag)| *tag)
}

/// The special ones that are words, and no code that could be a word of a title.
fn special_name(word: &str) -> Option<&'static str> {
    special(word).filter(|_| word.len() > 3)
}

fn coded(code: &str) -> Option<&'static str> {
    let has = |(tag, codes, _): &&(&'static str, &str, &str)| {
        *tag == code || codes.split(' ').any(|known| known == code)
    };
    let row = LANGUAGES.iter().find(has).filter(|_| !code.is_empty());
    row.map(|(tag, _, _)| *tag)
}

fn named(name: &str) -> Option<&'static str> {
    let has = |(_, _, names): &&(&str, &str, &str)| names.split(',').any(|known| known == name);
    let row = LANGUAGES.iter().find(has).filter(|_| !name.is_empty());
    row.map(|(tag, _, _)| *tag)
}

/// ISO 639-3 has 7,900 of them; these say that there is none, several, or one of our own.
fn is_unknown_code(code: &str) -> bool {
    let letters = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_lowercase());
    let none = ["und", "mul", "mis", "zxx"].contains(&code) || ("qaa".."qtz").contains(&code);
    letters && !none
}

/// A language and what else is said of it, in lower case: the region or the script.
fn tagged<'w>(primary: &str, words: impl Iterator<Item = &'w str>) -> Language {
    let region = words.filter_map(|word| match (primary, word) {
        ("pt", "br" | "bra" | "brazil" | "brazilian" | "brasil") => Some("BR"),
        ("pt", "pt" | "prt" | "portugal" | "european") => Some("PT"),
        ("es", "419" | "la" | "latin" | "latam" | "latino" | "latinoamérica") => Some("419"),
        ("es", "es" | "spain" | "europe" | "european" | "españa") => Some("ES"),
        ("es", "mx" | "mexico" | "méxico") => Some("MX"),
        ("zh", "cn" | "sg" | "hans" | "simplified" | "chs") => Some("Hans"),
        ("zh", "tw" | "hk" | "mo" | "hant" | "traditional" | "cht") => Some("Hant"),
        ("en", "us" | "american") => Some("US"),
        ("en", "gb" | "uk" | "british") => Some("GB"),
        ("fr", "ca" | "canada" | "canadian") => Some("CA"),
        ("fr", "fr" | "france") => Some("FR"),
        ("sr", "latn") => Some("Latn"),
        ("sr", "cyrl") => Some("Cyrl"),
        ("de", "de") => Some("DE"),
        ("de", "at" | "austria") => Some("AT"),
        ("de", "ch" | "switzerland") => Some("CH"),
        ("nl", "be" | "belgium") => Some("BE"),
        _ => None,
    });
    match region.last() {
        Some(region) => Language(format!("{primary}-{region}")),
        None => Language(primary.to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_to_say_a_language_end_in_one_tag() {
        for (texts, tag) in [
            ("de ger deu DE German Deutsch", "de"),
            ("fr fre fra French Français francais", "fr"),
            ("pob pb pt-br PT_BR por-BR Brazilian", "pt-BR"),
            ("pt por pt-xx Portuguese Português", "pt"),
            ("pt-pt pt-PT", "pt-PT"),
            (
                "zht zh-tw zh-TW zh-HK zh-Hant-TW chi-tw 繁體中文",
                "zh-Hant",
            ),
            ("zh-cn zh-Hans 简体中文 zhs", "zh-Hans"),
            ("ze zhe zh chi zho cmn Chinese 中文", "zh"),
            ("ea es-419 es-la spl", "es-419"),
            ("me mne cnr Montenegrin", "cnr"),
            ("at ast", "ast"),
            ("ma mni", "mni"),
            ("nb nob no nor nb-NO Norwegian", "no"),
            ("he iw heb", "he"),
            ("sr scc srp", "sr"),
            ("hr scr hrv", "hr"),
            ("haw", "haw"),
            ("alb sqi", "sq"),
            ("arm hye", "hy"),
            ("bur mya", "my"),
            ("en-US en_us eng-us", "en-US"),
        ] {
            for text in texts.split(' ') {
                let read = Language::read(text);
                assert_eq!(read.as_ref().map(Language::tag), Some(tag), "{text}");
            }
        }
        for (text, tag) in [
            ("Portuguese (Brazil)", "pt-BR"),
            ("Brazilian Portuguese", "pt-BR"),
            ("Português (Brasil)", "pt-BR"),
            ("Portuguese - Portugal", "pt-PT"),
            ("Spanish (Latin America)", "es-419"),
            ("Chinese (simplified)", "zh-Hans"),
            ("Traditional Chinese", "zh-Hant"),
            ("English SDH", "en"),
            ("English (UK)", "en-GB"),
            ("Tiếng Việt", "vi"),
        ] {
            assert_eq!(Language::read(text).unwrap().tag(), tag, "{text}");
        }
    }

    #[test]
    fn what_is_no_language_is_none() {
        for text in [
            "",
            "-",
            "und",
            "mul",
            "zxx",
            "mis",
            "qaa",
            "xx",
            "e",
            "Commentary",
            "x--y",
        ] {
            assert_eq!(Language::read(text), None, "{text}");
        }
        assert_eq!(Language::read(&"en ".repeat(50)), None);
    }

    #[test]
    fn no_code_and_no_name_is_there_twice() {
        let codes = LANGUAGES
            .iter()
            .flat_map(|(tag, codes, _)| codes.split(' ').chain([*tag]));
        let names = LANGUAGES.iter().flat_map(|(_, _, names)| names.split(','));
        for all in [codes.collect::<Vec<&str>>(), names.collect()] {
            let mut all: Vec<&str> = all.into_iter().filter(|it| !it.is_empty()).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count);
        }
        assert_eq!(
            LANGUAGES.iter().filter(|(tag, ..)| tag.len() == 2).count(),
            182
        );
    }

    #[test]
    fn the_nearest_language_serves_best() {
        let language = |tag| Language::read(tag).unwrap();
        let close = |one, other| language(one).closeness(&language(other));
        assert_eq!(close("pt-BR", "pob"), 3);
        assert_eq!(close("pt", "pt-BR"), 2);
        assert_eq!(close("pt-PT", "pt-BR"), 1);
        assert_eq!(close("es", "pt"), 0);
    }
}
