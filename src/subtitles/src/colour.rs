//! Colours as files write them: by name, `#rrggbb`, `#rgb`, and the other way around in ASS.

/// The sixteen names of HTML, and those of WebVTT's default classes.
const NAMES: [(&str, u32); 18] = [
    ("white", 0xff_ffff),
    ("yellow", 0xff_ff00),
    ("red", 0xff_0000),
    ("lime", 0x00_ff00),
    ("cyan", 0x00_ffff),
    ("blue", 0x00_00ff),
    ("magenta", 0xff_00ff),
    ("black", 0x00_0000),
    ("green", 0x00_8000),
    ("aqua", 0x00_ffff),
    ("fuchsia", 0xff_00ff),
    ("silver", 0xc0_c0c0),
    ("gray", 0x80_8080),
    ("grey", 0x80_8080),
    ("maroon", 0x80_0000),
    ("olive", 0x80_8000),
    ("purple", 0x80_0080),
    ("teal", 0x00_8080),
];

pub(crate) fn named(name: &str) -> Option<[u8; 3]> {
    let known = NAMES
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known));
    known.map(|(_, rgb)| split(*rgb))
}

/// A name, or three or six hexadecimal digits with or without '#'.
pub(crate) fn read(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (hex, digits.len()) {
        (true, 6) => Some(split(u32::from_str_radix(digits, 16).ok()?)),
        (true, 3) => {
            let four = u32::from_str_radix(digits, 16).ok()?;
            let digit = |shift: u32| ((four >> shift & 15) * 17) as u8;
            Some([digit(8), digit(4), digit(0)])
        }
        _ => named(text),
    }
}

/// `&H00BBGGRR&`, `&HBBGGRR`, or `$BBGGRR`: blue first, and before it what is not opaque.
pub(crate) fn read_reversed(text: &str) -> Option<[u8; 3]> {
    let digits = text
        .trim()
        .trim_matches('&')
        .trim_start_matches(['H', 'h', '$']);
    let bgr = u32::from_str_radix(digits, 16).ok()?;
    let [red, green, blue] = [bgr, bgr >> 8, bgr >> 16].map(|part| part as u8);
    Some([red, green, blue])
}

fn split(rgb: u32) -> [u8; 3] {
    let [_, red, green, blue] = rgb.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_they_are_written() {
        for (text, expected) in [
            ("#ff8000", Some([255, 128, 0])),
            ("FF8000", Some([255, 128, 0])),
            ("#f80", Some([255, 136, 0])),
            ("Yellow", Some([255, 255, 0])),
            ("#ff80", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        for (text, expected) in [
            ("&H0080FF&", Some([255, 128, 0])),
            ("&H000080FF", Some([255, 128, 0])),
            ("$0000ff", Some([255, 0, 0])),
            ("&HFFFFFFFFF&", None),
            ("", None),
        ] {
            assert_eq!(read_reversed(text), expected, "{text}");
        }
    }
}
