//! Numbers, amounts, times and lists, as each language writes them.

use std::time::Duration;

use crate::Language;
use crate::saying::{Message, spoken, tr};

/// "1:02:11", or "2:11" below an hour.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// "12,345": thousands apart, from five digits on as the typographers of most languages want it.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let (_, between) = spoken().marks();
    let mut apart = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            apart.push_str(between);
        }
        apart.push(digit);
    }
    apart
}

/// "1.2", of 12 tenths.
pub(crate) fn tenths(tenths: u64) -> String {
    let (mark, _) = spoken().marks();
    format!("{}{mark}{}", number(tenths / 10), tenths % 10)
}

/// Rounded to tenths of a million, or of what else `unit` is.
fn rounded(amount: u64, unit: u64) -> String {
    tenths((amount.saturating_add(unit / 20)) / (unit / 10))
}

/// A speed; bytes a second in powers of ten, as providers count.
pub(crate) fn rate(bytes_per_s: u64) -> String {
    match bytes_per_s {
        0..1_000_000 => tr!("{number} kB/s", number = number(bytes_per_s / 1000)),
        _ => tr!("{number} MB/s", number = rounded(bytes_per_s, 1_000_000)),
    }
}

/// How much fits or is there: powers of ten, as on the boxes of disks.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => {
            tr!("{number} MB", number = number(bytes.div_ceil(1_000_000)))
        }
        _ => tr!("{number} GB", number = rounded(bytes, 1_000_000_000)),
    }
}

/// A share of a whole: "42 %".
pub(crate) fn percent(number: impl Into<u64>) -> String {
    tr!("{number} %", number = number.into())
}

/// A length of time in minutes, short.
pub(crate) fn minutes(number: impl Into<u64>) -> String {
    tr!("{number} min", number = self::number(number.into()))
}

/// The day of `date`, which is written as "2010-09-27" (ISO 8601); any other as it is.
pub(crate) fn day(date: &str) -> String {
    let is_day =
        |part: &str, digits| part.len() == digits && part.bytes().all(|it| it.is_ascii_digit());
    let parts: Vec<&str> = date.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if is_day(year, 4) && is_day(month, 2) && is_day(day, 2) => {
            written_day(year, month, day)
        }
        _ => date.to_owned(),
    }
}

/// A date in digits; month and day have two each. For example {day}.{month}.{year} in German.
fn written_day(year: &str, month: &str, day: &str) -> String {
    tr!("date" => "{year}-{month}-{day}", year = year, month = month, day = day)
}

/// Between the things of a list: "Animation, Fantasy".
pub(crate) fn list<T: AsRef<str>>(things: &[T]) -> String {
    let things: Vec<&str> = things.iter().map(AsRef::as_ref).collect();
    things.join(&tr!("between the things of a list" => ", "))
}

/// One after another.
pub(crate) fn sentences<T: AsRef<str>>(sentences: &[T]) -> String {
    let said = sentences.iter().map(AsRef::as_ref);
    let said: Vec<&str> = said.filter(|it| !it.is_empty()).collect();
    said.join(spoken().gap())
}

/// Facts beside each other: "2010  ·  15 min". What is empty is left out.
pub(crate) fn beside<T: AsRef<str>>(facts: &[T]) -> String {
    let facts = facts.iter().map(AsRef::as_ref);
    let facts: Vec<&str> = facts.filter(|it| !it.is_empty()).collect();
    facts.join("  ·  ")
}

/// What is set and can be set otherwise by the arrows: "Size  ·  ‹ large ›".
pub(crate) fn setting(name: impl std::fmt::Display, value: impl std::fmt::Display) -> String {
    format!("{name}  ·  \u{2039} {value} \u{203a}")
}

/// In capital letters, as headings are.
pub(crate) fn capitals(message: Message) -> String {
    let text = String::from(message);
    match spoken() {
        // The dot of the small i stays.
        Language::Turkish => text.replace('i', "İ").to_uppercase(),
        _ => text.to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saying::speak;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let all = || {
            [
                number(1234),
                number(12_345),
                number(1_234_567),
                tenths(123_456),
            ]
        };
        let english = ["1234", "12,345", "1,234,567", "12,345.6"];
        assert_eq!(all(), english);
        let _speaks = speak(Language::German);
        assert_eq!(all(), ["1234", "12.345", "1.234.567", "12.345,6"]);
    }

    #[test]
    fn amounts_are_rounded_to_what_is_read() {
        assert_eq!(rate(340_999), "340 kB/s");
        assert_eq!(rate(1_249_999), "1.2 MB/s");
        assert_eq!(rate(1_250_000), "1.3 MB/s");
        assert_eq!(size(148_000_001), "149 MB");
        assert_eq!(size(32_010_000_000), "32.0 GB");
        assert_eq!(rate(u64::MAX), "18,446,744,073,709.5 MB/s");
    }

    #[test]
    fn a_day_is_one_and_nothing_else() {
        assert_eq!(day("2010-09-27"), "2010-09-27");
        assert_eq!(day("soon"), "soon");
    }
}
