//! RC4, the stream cipher of message stream encryption.
//!
//! It hides from routers what a connection is and keeps no secret: nothing else may use it. Ours,
//! because it is fifteen lines; the crate for it brings five others. Tested by RFC 6229.

use std::fmt;

/// Message stream encryption throws away so many bytes of the key stream.
const DISCARDED: usize = 1024;

/// One direction of a connection.
pub(super) struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl fmt::Debug for Rc4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rc4")
    }
}

impl Rc4 {
    /// As message stream encryption begins it; `key` is not empty.
    pub(super) fn new(key: &[u8]) -> Rc4 {
        let mut cipher = Rc4::keyed(key);
        cipher.apply(&mut [0; DISCARDED]);
        cipher
    }

    fn keyed(key: &[u8]) -> Rc4 {
        let mut state: [u8; 256] = std::array::from_fn(|at| at as u8);
        let mut j = 0u8;
        for at in 0..256 {
            j = j.wrapping_add(state[at]).wrapping_add(key[at % key.len()]);
            state.swap(at, usize::from(j));
        }
        Rc4 { state, i: 0, j: 0 }
    }

    /// Encrypts or decrypts the next bytes in place.
    pub(super) fn apply(&mut self, bytes: &mut [u8]) {
        let (mut i, mut j) = (self.i, self.j);
        let state = &mut self.state;
        for byte in bytes {
            i = i.wrapping_add(1);
            let a = state[usize::from(i)];
            j = j.wrapping_add(a);
            let b = state[usize::from(j)];
            state[usize::from(i)] = b;
            state[usize::from(j)] = a;
            *byte ^= state[usize::from(a.wrapping_add(b))];
        }
        (self.i, self.j) = (i, j);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6229() {
        let mut stream = [0; 1040];
        Rc4::keyed(&[1, 2, 3, 4, 5]).apply(&mut stream);
        let start = 0xb239_6305_f03d_c027_ccc3_524a_0a11_18a8_u128;
        assert_eq!(stream[..16], start.to_be_bytes());
        let discarded = 0x30ab_bcc7_c20b_0160_9f23_ee2d_5f6b_b7df_u128;
        assert_eq!(stream[1024..], discarded.to_be_bytes());
        let mut bytes = [0; 16];
        Rc4::new(&[1, 2, 3, 4, 5]).apply(&mut bytes);
        assert_eq!(bytes, discarded.to_be_bytes());
    }
}
