//! Reads a moment as OpenSubtitles writes it.

use std::time::Duration;

/// "2024-04-23T23:59:59.000Z" (RFC 3339, always UTC) as time since 1970.
pub(super) fn moment(text: &str) -> Option<Duration> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let numbers = |text: &str, between: char| {
        let mut parts = text.split(between).map(str::parse::<u64>);
        let [first, second, third] = [parts.next()?, parts.next()?, parts.next()?];
        let end = parts.next().is_none();
        end.then_some([first.ok()?, second.ok()?, third.ok()?])
    };
    let time = time.strip_suffix(['Z', 'z'])?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time.split('.').next()?, ':')?;
    let sound = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    let seconds = hour * 3600 + minute * 60 + second;
    sound.then(|| Duration::from_secs(days(year, month, day) * 86400 + seconds))
}

/// Days from 1970 to that one, in the Gregorian calendar. Years begin in March here, so that the
/// odd day is the last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year / 4 - year / 100 + year / 400;
    // 719,468 days from March of the year 0 to 1970.
    365 * year + leaps + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00.000Z", Some(951_825_600)),
            ("2024-04-23T23:59:59.000Z", Some(1_713_916_799)),
            ("2100-03-01 00:00:00Z", Some(4_107_542_400)),
            ("2024-04-23T23:59:59+02:00", None),
            ("2024-13-23T23:59:59Z", None),
            ("2024-04-23", None),
            ("0000-01-01T00:00:00Z", None),
            ("a-b-cTd:e:fZ", None),
            ("", None),
        ] {
            assert_eq!(moment(text).map(|at| at.as_secs()), expected, "{text}");
        }
    }
}
