//! Is this bencode (BEP 3) that a parser can be trusted with?
//!
//! Looks, and makes no value. librqbit-bencode is sound in memory and in depth, but a number too
//! long for its type wraps around (in a build with overflow checks it panics), and a few
//! megabytes of empty lists become a hundred times as much in values. Everything from a stranger
//! is looked at here first.

/// Deeper than any real message by far; the same as librqbit-bencode's.
const DEPTH_MAX: usize = 128;
/// Digits of a number: what always fits 64 bits with a sign. The largest real one is a length.
const DIGITS_MAX: usize = 18;
/// Values in one message: 20,000 files with ten values each are 200,000.
const VALUES_MAX: usize = 400_000;

/// The length in bytes of the value that `bytes` begin with; none if it is no sound one.
pub(super) fn sound(bytes: &[u8]) -> Option<usize> {
    // One bit for each open list or dictionary: is it a dictionary that waits for a key?
    let mut open: Vec<Wants> = Vec::new();
    let (mut at, mut values) = (0, 0);
    loop {
        let byte = *bytes.get(at)?;
        values += 1;
        if values > VALUES_MAX || open.len() > DEPTH_MAX {
            return None;
        }
        let is_text = byte.is_ascii_digit();
        match (open.last_mut(), byte) {
            (Some(Wants::Key | Wants::Item), b'e') => {
                open.pop();
                at += 1;
                if open.is_empty() {
                    return Some(at);
                }
                continue;
            }
            (Some(wants @ Wants::Key), _) if is_text => *wants = Wants::Value,
            (Some(Wants::Key), _) => return None,
            (Some(wants @ Wants::Value), _) => *wants = Wants::Key,
            _ => {}
        }
        at += match byte {
            b'd' | b'l' => {
                open.push(if byte == b'd' {
                    Wants::Key
                } else {
                    Wants::Item
                });
                1
            }
            b'i' => number(&bytes[at + 1..])? + 1,
            _ if is_text => text(&bytes[at..])?,
            _ => return None,
        };
        if open.is_empty() {
            return Some(at);
        }
    }
}

/// Whether `bytes` are one sound value and nothing else.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    sound(bytes) == Some(bytes.len())
}

#[derive(Clone, Copy)]
enum Wants {
    Item,
    Key,
    Value,
}

/// Length of the rest of an integer, its `e` included.
fn number(bytes: &[u8]) -> Option<usize> {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let digits = digits(&bytes[sign..])?;
    (bytes.get(sign + digits) == Some(&b'e')).then_some(sign + digits + 1)
}

/// Length of a byte string with its prefix.
fn text(bytes: &[u8]) -> Option<usize> {
    let digits = digits(bytes)?;
    let length: usize = std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
    let end = length.checked_add(digits + 1)?;
    (bytes.get(digits) == Some(&b':') && end <= bytes.len()).then_some(end)
}

fn digits(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take(DIGITS_MAX + 1);
    let count = digits.take_while(|byte| byte.is_ascii_digit()).count();
    (1..=DIGITS_MAX).contains(&count).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_values_have_their_length() {
        for value in [
            "i0e",
            "i-17e",
            "0:",
            "3:abc",
            "le",
            "de",
            "l3:abci1elee",
            "d1:ai1e1:bd1:cleee",
        ] {
            assert_eq!(sound(value.as_bytes()), Some(value.len()), "{value}");
            let longer = format!("{value}xyz");
            assert_eq!(sound(longer.as_bytes()), Some(value.len()), "{value}");
            assert!(!is_sound(longer.as_bytes()));
            for end in 0..value.len() {
                assert_eq!(sound(&value.as_bytes()[..end]), None, "{value} to {end}");
            }
        }
    }

    #[test]
    fn the_rest_is_none() {
        for value in [
            "x",
            "e",
            "ie",
            "i-e",
            "i1",
            "i1x",
            "-1:",
            "4:abc",
            "di1ei1ee",
            "d1:ae",
            "d1:a",
            "i1234567890123456789e",
            "99999999999999999999:",
            "1234567890123456789:a",
            "dlei1ee",
            "i+1e",
            "18446744073709551615:a",
        ] {
            assert_eq!(sound(value.as_bytes()), None, "{value}");
        }
        assert_eq!(sound("l".repeat(200).as_bytes()), None);
        let many = format!("l{}e", "le".repeat(VALUES_MAX));
        assert_eq!(sound(many.as_bytes()), None);
    }
}
