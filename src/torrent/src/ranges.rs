//! A block list as values: lines of text to sorted ranges of addresses.
//!
//! Three kinds of lines, as they come in the wild and mixed: P2P (`name:1.2.3.4-1.2.3.9`), DAT of
//! eMule (`001.002.003.004 - 001.002.003.009 , 000 , name`), and plain (`1.2.3.0/24`, an address,
//! two addresses with `-`; IPv6 too). A line that cannot be read is counted and blocks nothing.
//! Reads no file itself, and what it holds is bounded.

use std::io::{self, BufRead};
use std::net::{IpAddr, Ipv4Addr};

/// The largest lists in use have half of it.
pub(super) const RANGES_MAX: usize = 2_000_000;
/// A name in a list is a name, not a book.
const LINE_MAX_BYTES: usize = 4096;
/// Of lines that cannot be read so many are named.
const NAMED_MAX: usize = 5;
/// From this level on an address of a DAT list is let through; eMule's rule.
const LEVEL_ALLOWED: u32 = 128;

/// What a list blocks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges {
    /// First and last, in order, neither touching nor overlapping.
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
    /// Lines that could not be read.
    pub(super) bad: u64,
    /// The numbers of the first few of them, from 1.
    pub(super) bad_lines: Vec<u64>,
    /// It had more than is held: what came after is not blocked.
    pub(super) cut: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Line {
    V4(u32, u32),
    V6(u128, u128),
    Nothing,
    Bad,
}

impl Ranges {
    /// Reads a list to its end.
    ///
    /// # Errors
    /// Those of `list`.
    pub(super) fn read(mut list: impl BufRead) -> io::Result<Ranges> {
        let mut ranges = Ranges::default();
        let mut text = Vec::new();
        let mut number = 0;
        while next_line(&mut list, &mut text)? {
            number += 1;
            let full = ranges.v4.len() + ranges.v6.len() >= RANGES_MAX;
            match line(&text) {
                Line::V4(..) | Line::V6(..) if full => {
                    ranges.cut = true;
                    break;
                }
                Line::V4(from, to) => ranges.v4.push((from, to)),
                Line::V6(from, to) => ranges.v6.push((from, to)),
                Line::Nothing => {}
                Line::Bad => {
                    ranges.bad += 1;
                    if ranges.bad_lines.len() < NAMED_MAX {
                        ranges.bad_lines.push(number);
                    }
                }
            }
        }
        joined(&mut ranges.v4, |to| to.checked_add(1));
        joined(&mut ranges.v6, |to| to.checked_add(1));
        Ok(ranges)
    }

    pub(super) fn holds(&self, ip: IpAddr) -> bool {
        match ip.to_canonical() {
            IpAddr::V4(ip) => within(&self.v4, ip.to_bits()),
            IpAddr::V6(ip) => within(&self.v6, ip.to_bits()),
        }
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }
}

fn within<T: Ord + Copy>(ranges: &[(T, T)], ip: T) -> bool {
    let after = ranges.partition_point(|(from, _)| *from <= ip);
    after > 0 && ip <= ranges[after - 1].1
}

fn joined<T: Ord + Copy>(ranges: &mut Vec<(T, T)>, next: impl Fn(T) -> Option<T>) {
    ranges.sort_unstable();
    ranges.dedup_by(|later, earlier| {
        let touch = next(earlier.1).is_none_or(|next| later.0 <= next);
        if touch {
            earlier.1 = earlier.1.max(later.1);
        }
        touch
    });
    ranges.shrink_to_fit();
}

/// The next line without its end; of one that is too long, so much that it is seen to be.
fn next_line(list: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<bool> {
    text.clear();
    let mut any = false;
    loop {
        let bytes = match list.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        if bytes.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        let room = (LINE_MAX_BYTES + 1).saturating_sub(text.len());
        text.extend_from_slice(&part[..part.len().min(room)]);
        let used = end.map_or(bytes.len(), |end| end + 1);
        list.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}

fn line(text: &[u8]) -> Line {
    let text = text.trim_ascii();
    let comment = [&b"#"[..], b";", b"//"];
    if text.is_empty() || comment.iter().any(|mark| text.starts_with(mark)) {
        return Line::Nothing;
    }
    if text.len() > LINE_MAX_BYTES {
        return Line::Bad;
    }
    // Names may be of any encoding; addresses are not.
    let text = String::from_utf8_lossy(text);
    plain(&text)
        .or_else(|| dat(&text))
        .or_else(|| p2p(&text))
        .unwrap_or(Line::Bad)
}

/// `1.2.3.4`, `1.2.3.0/24`, `1.2.3.4-1.2.3.9`
fn plain(text: &str) -> Option<Line> {
    if let Some((ip, bits)) = text.split_once('/') {
        let bits: u32 = bits.trim().parse().ok()?;
        return match address(ip)? {
            IpAddr::V4(ip) if bits <= 32 => {
                let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
                Some(Line::V4(ip.to_bits() & !hosts, ip.to_bits() | hosts))
            }
            IpAddr::V6(ip) if bits <= 128 => {
                let hosts = u128::MAX.checked_shr(bits).unwrap_or(0);
                Some(Line::V6(ip.to_bits() & !hosts, ip.to_bits() | hosts))
            }
            _ => None,
        };
    }
    match text.split_once('-') {
        Some((from, to)) => span(from, to),
        None => span(text, text),
    }
}

fn dat(text: &str) -> Option<Line> {
    let mut fields = text.splitn(3, ',');
    let (from, to) = fields.next()?.split_once('-')?;
    let level: u32 = fields.next()?.trim().parse().ok()?;
    let span = span(from, to)?;
    Some(if level < LEVEL_ALLOWED {
        span
    } else {
        Line::Nothing
    })
}

/// The name may hold colons and dashes.
fn p2p(text: &str) -> Option<Line> {
    let v4 = text.rsplit_once(':').and_then(|(_, ips)| {
        let (from, to) = ips.split_once('-')?;
        span(from, to)
    });
    v4.or_else(|| {
        let (from, to) = text.rsplit_once('-')?;
        // Which colon ends the name is seen by what is an address after it.
        let starts = from.match_indices(':').map(|(at, _)| at + 1);
        starts.into_iter().find_map(|at| span(&from[at..], to))
    })
}

fn span(from: &str, to: &str) -> Option<Line> {
    match (address(from)?, address(to)?) {
        (IpAddr::V4(from), IpAddr::V4(to)) if from <= to => {
            Some(Line::V4(from.to_bits(), to.to_bits()))
        }
        (IpAddr::V6(from), IpAddr::V6(to)) if from <= to => {
            Some(Line::V6(from.to_bits(), to.to_bits()))
        }
        _ => None,
    }
}

/// Lists write `001.002.003.004`, which is no address to the library.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if text.contains(':') {
        return text.parse().ok();
    }
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse().ok()?;
    }
    parts
        .next()
        .is_none()
        .then_some(IpAddr::V4(Ipv4Addr::from(octets)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Ranges {
        Ranges::read(text.as_bytes()).unwrap()
    }

    fn holds(ranges: &Ranges, ip: &str) -> bool {
        ranges.holds(ip.parse().unwrap())
    }

    #[test]
    fn all_kinds_of_lines_may_be_mixed() {
        let list = "# a list\n\n; x\n// y\n\
            Some: name - with marks:1.2.3.4-1.2.3.9\r\n\
            002.000.000.000 - 002.255.255.255 , 000 , Two\n\
            3.0.0.0 - 3.0.0.9 , 200 , let through\n\
            4.4.0.0/16\n5.5.5.5\n6.0.0.1-6.0.0.3\n\
            2001:db8::/32\nv6:2002::1-2002::9\n2003::1\n";
        let ranges = read(list);
        assert_eq!((ranges.bad, ranges.len()), (0, 8), "{ranges:?}");
        for ip in [
            "1.2.3.4",
            "1.2.3.9",
            "2.0.0.0",
            "2.255.255.255",
            "4.4.255.255",
            "5.5.5.5",
            "6.0.0.2",
            "::ffff:6.0.0.2",
            "2001:db8:ffff::1",
            "2002::5",
            "2003::1",
        ] {
            assert!(holds(&ranges, ip), "{ip}");
        }
        for ip in [
            "1.2.3.3",
            "1.2.3.10",
            "3.0.0.1",
            "4.5.0.0",
            "5.5.5.6",
            "6.0.0.0",
            "0.0.0.0",
            "255.255.255.255",
            "2001:db9::",
            "2002::a",
            "::",
        ] {
            assert!(!holds(&ranges, ip), "{ip}");
        }
    }

    #[test]
    fn what_touches_or_overlaps_is_one() {
        let ranges = read("1.0.0.5-1.0.0.9\n1.0.0.0-1.0.0.4\n1.0.0.2-1.0.0.3\n0.0.0.0/0\n");
        assert_eq!(ranges.v4, [(0, u32::MAX)]);
        let ranges = read("1.0.0.0-1.0.0.4\n1.0.0.6\n::/0\n::1\n");
        assert_eq!((ranges.v4.len(), ranges.v6.len()), (2, 1));
    }

    #[test]
    fn broken_lines_are_counted_and_named() {
        let long = format!("{}:1.1.1.1-1.1.1.2", "x".repeat(5_000));
        let list = format!(
            "1.2.3.4\n1.2.3\n9.9.9.9-1.1.1.1\n256.1.1.1\n1.2.3.4/33\n{long}\n::/129\nname\n\
             1.1.1.1-::1\n1.2.3.4-\n+1.2.3.4\n8.8.8.8"
        );
        let ranges = read(&list);
        assert_eq!(ranges.bad, 10, "{ranges:?}");
        assert_eq!(ranges.bad_lines, [2, 3, 4, 5, 6]);
        assert_eq!(ranges.len(), 2);
        assert!(holds(&ranges, "8.8.8.8"));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        let mut state = 7u32;
        let mut any = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        let marks = b"0123456789.:-/, \n#\xff";
        for _ in 0..2_000 {
            let length = any() % 200;
            let text: Vec<u8> = (0..length)
                .map(|_| marks[any() as usize % marks.len()])
                .collect();
            let ranges = Ranges::read(&text[..]).unwrap();
            let sorted = ranges.v4.windows(2).all(|two| two[0].1 < two[1].0);
            assert!(sorted && ranges.v4.iter().all(|(from, to)| from <= to));
        }
    }

    #[test]
    fn no_more_is_held_than_is_bounded() {
        let lines = (0..RANGES_MAX as u32 + 10).map(|n| format!("{}\n", Ipv4Addr::from(n * 2)));
        let list: String = lines.collect();
        let ranges = read(&list);
        assert_eq!(ranges.len(), RANGES_MAX);
        assert!(ranges.cut);
        assert!(holds(&ranges, "0.0.0.2") && !holds(&ranges, "0.0.0.3"));
    }
}
