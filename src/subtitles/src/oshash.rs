//! The hash by which subtitle sites know a film's file: its size and its two ends.
//!
//! Two reads of 64 KiB are enough, so a film that has not come yet can be looked up. It is no
//! proof of anything: two films may share one, and whoever asks checks the film's name too.

use std::fmt;

/// Bytes wanted from each end of the file.
pub const END_BYTES: usize = 64 * 1024;

/// Smaller files have no hash: their ends overlap.
pub const SIZE_MIN_BYTES: u64 = 2 * END_BYTES as u64;

/// The sum of the size and of both ends as little-endian words of 64 bits, modulo 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OsHash(pub u64);

impl OsHash {
    /// `head` and `tail` are the first and the last `END_BYTES`; none where they are not, or the
    /// file is too small.
    pub fn of(size: u64, head: &[u8], tail: &[u8]) -> Option<OsHash> {
        let whole = head.len() == END_BYTES && tail.len() == END_BYTES;
        (whole && size >= SIZE_MIN_BYTES).then(|| {
            let (words, _) = head.as_chunks::<8>();
            let (last, _) = tail.as_chunks::<8>();
            let words = words.iter().chain(last);
            let sum = words.fold(size, |sum, word| {
                sum.wrapping_add(u64::from_le_bytes(*word))
            });
            OsHash(sum)
        })
    }
}

/// 16 hexadecimal digits, as the sites want it.
impl fmt::Display for OsHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn hash(file: &[u8]) -> String {
        let tail = &file[file.len() - END_BYTES..];
        let hash = OsHash::of(file.len() as u64, &file[..END_BYTES], tail);
        hash.unwrap().to_string()
    }

    /// Agreed on by two programs that the sites' users have.
    #[test]
    fn vectors() {
        let counted = |size: usize| -> Vec<u8> { (0..size).map(|i| (7 * i + 3) as u8).collect() };
        assert_eq!(hash(&counted(131_072)), "60a0df1f5fa1c000");
        assert_eq!(hash(&counted(200_000)), "60a0df1f5fa2cd40");
        assert_eq!(hash(&vec![0; 131_072]), "0000000000020000");
        // Words of ones carry out of 64 bits.
        assert_eq!(hash(&vec![0xff; 131_072]), "000000000001c000");
    }

    #[test]
    fn there_is_none_of_a_part() {
        let end = vec![0; END_BYTES];
        assert_eq!(OsHash::of(SIZE_MIN_BYTES - 1, &end, &end), None);
        assert_eq!(OsHash::of(SIZE_MIN_BYTES, &end[1..], &end), None);
        assert_eq!(OsHash::of(SIZE_MIN_BYTES, &end, &end[1..]), None);
        // Sizes beyond 4 GiB count whole.
        let large = OsHash::of(4_295_033_890, &end, &end).unwrap();
        assert_eq!(large.to_string(), "0000000100010422");
    }
}
