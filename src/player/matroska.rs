//! The one thing of Matroska (RFC 9559) that the player itself must know: where the second cluster
//! begins. Why, `start` says. Reads only the head it is given; the bytes are foreign, so every
//! length is checked, and anything odd is "not known".

const SEGMENT: u64 = 0x1853_8067;
const CLUSTER: u64 = 0x1f43_b675;

/// Of a file that begins with `head`; none if the first cluster does not begin in it.
pub(super) fn second_cluster(head: &[u8]) -> Option<u64> {
    let mut at = 0;
    loop {
        let (id, of_id) = number(head.get(at..)?, 4)?;
        let (length, of_length) = number(head.get(at + of_id..)?, 8)?;
        let body = at + of_id + of_length;
        // Of a segment the length may be unknown, and does not matter.
        if id == SEGMENT {
            at = body;
            continue;
        }
        let marks = 1 << (7 * of_length);
        // All ones: the length is not known, as a live stream's.
        let length = Some(length & (marks - 1)).filter(|length| *length != marks - 1)?;
        let end = (body as u64).checked_add(length)?;
        if id == CLUSTER {
            return Some(end);
        }
        at = usize::try_from(end).ok()?;
    }
}

/// A number that tells its own length by its first bits, with these, and that length in bytes
/// (RFC 8794, section 4).
fn number(bytes: &[u8], longest: usize) -> Option<(u64, usize)> {
    let length = 1 + bytes.first()?.leading_zeros() as usize;
    let bytes = bytes.get(..length).filter(|_| length <= longest)?;
    let value = bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    Some((value, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_cluster_begins_where_the_first_ends() {
        let mut film =
            b"\x1a\x45\xdf\xa3\x82ab\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff".to_vec();
        film.extend_from_slice(b"\x15\x49\xa9\x66\x40\x03abc\x1f\x43\xb6\x75\x10\x12\xd6\x87");
        let begin = film.len() as u64;
        assert_eq!(second_cluster(&film), Some(begin + 0x12_d687));
        for length in 0..film.len() {
            assert_eq!(second_cluster(&film[..length]), None, "{length}");
        }
        let last = film.len() - 4;
        film.splice(last.., [0xff]);
        assert_eq!(second_cluster(&film), None);
        assert_eq!(second_cluster(&[0; 100]), None);
    }
}
