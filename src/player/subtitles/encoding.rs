//! Text files of unknown origin as Unicode: a byte order mark, else strict UTF-8, else a guess.
//!
//! Old subtitle files are in whatever their country's Windows used. The guess looks at letter
//! frequencies of the whole file, as browsers do; it always ends in some text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return text.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_utf_8_and_old_windows_encodings_are_read() {
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode(b"\xef\xbb\xbfhi"), "hi");
        assert_eq!(decode(b"\xff\xfeh\0i\0"), "hi");
        assert_eq!(decode(b"\xfe\xff\0h\0i"), "hi");
        let french = "Ça va être très bien, garçon. Où est la fenêtre ?";
        assert_eq!(decode(&encoding_rs::WINDOWS_1252.encode(french).0), french);
        let russian = "Привет, как дела? Мы ждали тебя весь вечер.";
        assert_eq!(
            decode(&encoding_rs::WINDOWS_1251.encode(russian).0),
            russian
        );
    }
}
