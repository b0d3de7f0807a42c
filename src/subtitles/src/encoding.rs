//! Text files of unknown origin as Unicode: a byte order mark, else UTF-16 and UTF-8 by their
//! form, else a guess.
//!
//! Old subtitle files are in whatever their country's Windows used. The guess looks at letter
//! frequencies of the whole file, as browsers do, and knows the language where the file's name or
//! its site said one; it always ends in some text. `README.md` has the rate at which it is right.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::language::Language;

/// Broken sequences that a UTF-8 text may have for each hundred good ones: files are cut, joined
/// and edited by programs that know no UTF-8. Text of another encoding has no good ones.
const BROKEN_PERCENT_MAX: usize = 5;

/// Zero bytes in this part of a text's high bytes make it UTF-16: digits and arrows of the times
/// have them in every language.
const ZEROS_PERCENT_MIN: usize = 10;

/// The text, without its mark, and the name of its encoding (WHATWG).
pub fn decode<'b>(bytes: &'b [u8], language: Option<&Language>) -> (Cow<'b, str>, &'static str) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return (text, encoding.name());
    }
    let encoding = if let Some(utf_16) = utf_16(bytes) {
        utf_16
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), UTF_8.name());
    } else if is_nearly_utf_8(bytes) {
        UTF_8
    } else {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let domain = language.and_then(domain);
        detector.guess(domain.map(str::as_bytes), Utf8Detection::Deny)
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text, encoding.name())
}

/// UTF-16 without a mark: the one half of the bytes has zeros, and the other next to none; a
/// letter may end in one (U+0100).
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| {
        let half = bytes.iter().skip(from).step_by(2);
        half.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let high = |high: usize, low: usize| {
        let many = high * 100 >= (bytes.len() / 2).max(1) * ZEROS_PERCENT_MIN;
        many && high >= 10 * low
    };
    if high(second, first) {
        Some(UTF_16LE)
    } else {
        high(first, second).then_some(UTF_16BE)
    }
}

fn is_nearly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * 100 <= good * BROKEN_PERCENT_MAX
}

/// The country code whose habits of encoding go with a language; what the detector is told by
/// browsers. Only languages whose encoding is one of several are here.
fn domain(language: &Language) -> Option<&'static str> {
    if language.is_traditional_chinese() {
        return Some("tw");
    }
    Some(match language.primary() {
        "ar" => "eg",
        "fa" => "ir",
        "ur" => "pk",
        "he" => "il",
        "el" => "gr",
        "ja" => "jp",
        "ko" => "kr",
        "zh" => "cn",
        "vi" => "vn",
        "th" => "th",
        "tr" => "tr",
        "ru" => "ru",
        "uk" => "ua",
        "be" => "by",
        "bg" => "bg",
        "mk" => "mk",
        "sr" => "rs",
        "hr" => "hr",
        "bs" => "ba",
        "sl" => "si",
        "cs" => "cz",
        "sk" => "sk",
        "pl" => "pl",
        "hu" => "hu",
        "ro" => "ro",
        "sq" => "al",
        "lt" => "lt",
        "lv" => "lv",
        "et" => "ee",
        "is" => "is",
        "de" => "de",
        "fr" => "fr",
        "es" => "es",
        "it" => "it",
        "pt" => "pt",
        "nl" => "nl",
        "sv" => "se",
        "da" => "dk",
        "no" | "nb" | "nn" => "no",
        "fi" => "fi",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        decode(bytes, None).0.into_owned()
    }

    #[test]
    fn marks_utf_8_and_old_windows_encodings_are_read() {
        assert_eq!(told("Grüße".as_bytes()), "Grüße");
        assert_eq!(told(b"\xef\xbb\xbfhi"), "hi");
        assert_eq!(told(b"\xff\xfeh\0i\0"), "hi");
        assert_eq!(told(b"\xfe\xff\0h\0i"), "hi");
        assert_eq!(told(b"h\0i\0"), "hi");
        assert_eq!(told(b"\0h\0i"), "hi");
        assert_eq!(told(b""), "");
        let french = "Ça va être très bien, garçon. Où est la fenêtre ?";
        assert_eq!(told(&encoding_rs::WINDOWS_1252.encode(french).0), french);
        let russian = "Привет, как дела? Мы ждали тебя весь вечер.";
        assert_eq!(told(&encoding_rs::WINDOWS_1251.encode(russian).0), russian);
    }

    #[test]
    fn a_broken_byte_does_not_make_a_utf_8_file_another() {
        let mut file = "Ça va être très bien, garçon. ".repeat(10).into_bytes();
        let end = file.len();
        file.extend_from_slice(b"\xe9 fin");
        let (text, encoding) = decode(&file, None);
        assert_eq!(encoding, "UTF-8");
        assert_eq!(&text[end..], "\u{fffd} fin");
    }
}
