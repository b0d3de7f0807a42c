//! Languages by the words, codes and flags that names use for them.
//!
//! Only what names really say: the whole of ISO 639 would turn words of titles into languages.

/// BCP 47, the codes of ISO 639-2 (both kinds), and the English word.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("ar", &["ara", "arabic"]),
    ("bg", &["bul", "bulgarian"]),
    ("bn", &["ben", "bengali"]),
    ("ca", &["cat", "catalan"]),
    ("cs", &["cze", "ces", "czech"]),
    ("da", &["dan", "danish"]),
    ("de", &["ger", "deu", "german"]),
    ("el", &["gre", "ell", "greek"]),
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish"]),
    ("et", &["est", "estonian"]),
    ("eu", &["baq", "eus", "basque"]),
    ("fa", &["per", "fas", "persian"]),
    ("fi", &["fin", "finnish"]),
    ("fr", &["fre", "fra", "french"]),
    ("he", &["heb", "hebrew"]),
    ("hi", &["hin", "hindi"]),
    ("hr", &["hrv", "croatian"]),
    ("hu", &["hun", "hungarian"]),
    ("id", &["ind", "indonesian"]),
    ("is", &["ice", "isl", "icelandic"]),
    ("it", &["ita", "italian"]),
    ("ja", &["jpn", "japanese"]),
    ("ko", &["kor", "korean"]),
    ("lt", &["lit", "lithuanian"]),
    ("lv", &["lav", "latvian"]),
    ("ms", &["may", "msa", "malay"]),
    ("nl", &["dut", "nld", "dutch"]),
    ("nl-BE", &["nl-be", "flemish"]),
    ("no", &["nor", "norwegian"]),
    ("pl", &["pol", "polish"]),
    ("pt", &["por", "portuguese"]),
    ("pt-BR", &["pt-br", "pob", "brazilian"]),
    ("ro", &["rum", "ron", "romanian"]),
    ("ru", &["rus", "russian"]),
    ("sk", &["slo", "slk", "slovak"]),
    ("sl", &["slv", "slovenian"]),
    ("sr", &["srp", "serbian"]),
    ("sv", &["swe", "swedish"]),
    ("ta", &["tam", "tamil"]),
    ("te", &["tel", "telugu"]),
    ("th", &["tha", "thai"]),
    ("tr", &["tur", "turkish"]),
    ("uk", &["ukr", "ukrainian"]),
    ("vi", &["vie", "vietnamese"]),
    ("zh", &["chi", "zho", "chinese"]),
];

/// Countries whose flags stand for a language in the titles of streams (ISO 3166-1).
const FLAGS: &[(&str, &str)] = &[
    ("AE", "ar"),
    ("BG", "bg"),
    ("BR", "pt-BR"),
    ("CN", "zh"),
    ("CZ", "cs"),
    ("DE", "de"),
    ("DK", "da"),
    ("EE", "et"),
    ("ES", "es"),
    ("FI", "fi"),
    ("FR", "fr"),
    ("GB", "en"),
    ("GR", "el"),
    ("HR", "hr"),
    ("HU", "hu"),
    ("ID", "id"),
    ("IL", "he"),
    ("IN", "hi"),
    ("IR", "fa"),
    ("IT", "it"),
    ("JP", "ja"),
    ("KR", "ko"),
    ("LT", "lt"),
    ("LV", "lv"),
    ("MX", "es-419"),
    ("MY", "ms"),
    ("NL", "nl"),
    ("NO", "no"),
    ("PL", "pl"),
    ("PT", "pt"),
    ("RO", "ro"),
    ("RS", "sr"),
    ("RU", "ru"),
    ("SA", "ar"),
    ("SE", "sv"),
    ("SI", "sl"),
    ("SK", "sk"),
    ("TH", "th"),
    ("TR", "tr"),
    ("TW", "zh"),
    ("UA", "uk"),
    ("US", "en"),
    ("VN", "vi"),
];

/// BCP 47 of "fr", "fre", "fra" or "French", in any case.
pub fn language(word: &str) -> Option<&'static str> {
    let is = |known: &str| known.eq_ignore_ascii_case(word);
    let found = LANGUAGES
        .iter()
        .find(|(tag, words)| is(tag) || words.iter().any(|known| is(known)));
    found.map(|(tag, _)| *tag)
}

/// The languages of the flags in `text`, in its order and each once.
pub(crate) fn of_flags(text: &str) -> Vec<&'static str> {
    let letters: Vec<Option<char>> = text.chars().map(letter).collect();
    let mut languages = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        // A flag is two of these letters; an odd one alone is no flag.
        let (Some(first), Some(Some(second))) = (letters[at], letters.get(at + 1)) else {
            at += 1;
            continue;
        };
        let country = [first, *second].iter().collect::<String>();
        let known = FLAGS.iter().find(|(flag, _)| *flag == country);
        if let Some((_, tag)) = known.filter(|(_, tag)| !languages.contains(tag)) {
            languages.push(*tag);
        }
        at += 2;
    }
    languages
}

/// The Latin letter of a regional indicator (U+1F1E6 to U+1F1FF).
fn letter(c: char) -> Option<char> {
    let at = u32::from(c).checked_sub(0x1F1E6).filter(|at| *at < 26)?;
    char::from_u32(u32::from('A') + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_go_by_many_names() {
        for (word, tag) in [
            ("fr", Some("fr")),
            ("FRE", Some("fr")),
            ("fra", Some("fr")),
            ("French", Some("fr")),
            ("pt-BR", Some("pt-BR")),
            ("mul", None),
            ("", None),
            ("sintel", None),
        ] {
            assert_eq!(language(word), tag, "{word}");
        }
    }

    #[test]
    fn flags_are_languages() {
        assert_eq!(of_flags("🇬🇧 / 🇫🇷 / 🇺🇸"), ["en", "fr"]);
        assert_eq!(of_flags("🇩🇪🇮🇹"), ["de", "it"]);
        let none: [&str; 0] = [];
        assert_eq!(of_flags("no flags, 🇬 alone, 🇽🇽 nowhere"), none);
    }
}
