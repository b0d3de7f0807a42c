//! The languages that the box can speak: what each is called, how it is written, and how it writes
//! numbers.
//!
//! A language is spoken once its catalogue is there (`po/`, read when the crate is built). English
//! is what the sentences are written in, so it needs none.

use crate::plurals::{Plurals, plurals};
use crate::saying;

/// A language of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    #[default]
    English,
    French,
    Spanish,
    Portuguese,
    German,
    Italian,
    Dutch,
    Polish,
    Russian,
    Ukrainian,
    Turkish,
    Arabic,
    Hebrew,
    Hindi,
    Chinese,
    Japanese,
    Korean,
    /// English with accents, in brackets and two fifths longer: shows what is not translated, and
    /// what has no room for a language of long words. It is never offered.
    Pseudo,
}

/// Of each language: its code (ISO 639-1), those of three letters (ISO 639-2) that a TV may tell,
/// and what it calls itself.
type Known = (
    Language,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const KNOWN: [Known; Language::COUNT] = [
    (Language::English, "en", &["eng"], "English"),
    (Language::French, "fr", &["fra", "fre"], "Français"),
    (Language::Spanish, "es", &["spa"], "Español"),
    (Language::Portuguese, "pt", &["por"], "Português"),
    (Language::German, "de", &["deu", "ger"], "Deutsch"),
    (Language::Italian, "it", &["ita"], "Italiano"),
    (Language::Dutch, "nl", &["nld", "dut"], "Nederlands"),
    (Language::Polish, "pl", &["pol"], "Polski"),
    (Language::Russian, "ru", &["rus"], "Русский"),
    (Language::Ukrainian, "uk", &["ukr"], "Українська"),
    (Language::Turkish, "tr", &["tur"], "Türkçe"),
    (Language::Arabic, "ar", &["ara"], "العربية"),
    (Language::Hebrew, "he", &["heb"], "עברית"),
    (Language::Hindi, "hi", &["hin"], "हिन्दी"),
    (Language::Chinese, "zh", &["zho", "chi"], "中文"),
    (Language::Japanese, "ja", &["jpn"], "日本語"),
    (Language::Korean, "ko", &["kor"], "한국어"),
    // Reserved for use by those who use it (ISO 639-2, "qaa" to "qtz").
    (Language::Pseudo, "qps", &[], "Pseudo"),
];

impl Language {
    /// With [`Language::Pseudo`].
    pub const COUNT: usize = 18;

    fn known(self) -> &'static Known {
        &KNOWN[self as usize]
    }

    /// "de" (ISO 639-1).
    pub fn code(self) -> &'static str {
        self.known().1
    }

    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        self.known().3
    }

    /// By a code of two or three letters, with or without a region: "de", "de-AT", "deu", "ger".
    pub fn by_code(code: &str) -> Option<Language> {
        let code = code.split(['-', '_']).next()?.to_ascii_lowercase();
        let is = |it: &&Known| it.1 == code || it.2.contains(&&*code);
        KNOWN.iter().find(is).map(|it| it.0)
    }

    /// Those that can be chosen, in the order of the list.
    pub fn offered() -> impl Iterator<Item = Language> {
        let all = KNOWN.iter().map(|it| it.0);
        all.filter(|it| it.is_offered())
    }

    /// There are sentences in it.
    pub fn is_offered(self) -> bool {
        self == Language::English || saying::has_catalogue(self)
    }

    /// It is written from right to left.
    pub fn is_rtl(self) -> bool {
        matches!(self, Language::Arabic | Language::Hebrew)
    }

    /// Between whole numbers and their tenths, and between thousands (CLDR, with the digits of
    /// Europe, which are what is on every remote).
    pub(crate) fn marks(self) -> (char, &'static str) {
        use Language as L;
        match self {
            L::Spanish | L::Portuguese | L::German | L::Italian | L::Dutch | L::Turkish => {
                (',', ".")
            }
            L::French => (',', "\u{202f}"),
            L::Polish | L::Russian | L::Ukrainian => (',', "\u{a0}"),
            _ => ('.', ","),
        }
    }

    /// Between one sentence and the next.
    pub(crate) fn gap(self) -> &'static str {
        match self {
            Language::Chinese | Language::Japanese => "",
            _ => " ",
        }
    }

    pub(crate) fn plurals(self) -> &'static Plurals {
        let code = match self {
            Language::Pseudo => "en",
            it => it.code(),
        };
        plurals(code).expect("a test holds that each language has its own")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_languages() {
        for (at, known) in KNOWN.iter().enumerate() {
            assert_eq!(known.0 as usize, at);
            assert!(known.0.plurals().forms > 0);
        }
    }

    #[test]
    fn a_language_is_known_by_the_codes_of_tvs_and_of_the_web() {
        for code in ["de", "de-AT", "de_CH", "DEU", "ger"] {
            assert_eq!(Language::by_code(code), Some(Language::German), "{code}");
        }
        assert_eq!(Language::by_code("zh-Hans"), Some(Language::Chinese));
        assert_eq!(Language::by_code("tlh"), None);
        assert_eq!(Language::by_code(""), None);
    }

    #[test]
    fn numbers_take_the_forms_that_the_unicode_consortium_says() {
        let forms = |it: Language, numbers: &[u64]| -> Vec<usize> {
            numbers.iter().map(|n| (it.plurals().form)(*n)).collect()
        };
        let numbers = [0, 1, 2, 4, 5, 11, 12, 21, 22, 100, 102, 112];
        let is = |it, expected: [usize; 12]| assert_eq!(forms(it, &numbers), expected, "{it:?}");
        is(Language::German, [1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        is(Language::French, [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        is(Language::Polish, [2, 0, 1, 1, 2, 2, 2, 2, 1, 2, 1, 2]);
        is(Language::Russian, [2, 0, 1, 1, 2, 2, 2, 0, 1, 2, 1, 2]);
        is(Language::Arabic, [0, 1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 4]);
        is(Language::Japanese, [0; 12]);
    }
}
