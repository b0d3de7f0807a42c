//! The keys of an encrypted connection: the exchange (Diffie-Hellman), and what is made of the
//! number that both sides come to.
//!
//! Big numbers are crypto-bigint's: constant in time, without allocations, three small crates.

use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{U192, U768, const_monty_params};
use rand::Rng;

use super::super::blocks::sha1;
use super::super::rc4::Rc4;

const_monty_params!(
    Prime,
    U768,
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74\
     020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437\
     4fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563",
    "The prime of the scheme; its generator is 2."
);

/// Bytes of a public key.
pub(in super::super) const KEY_BYTES: usize = 96;
/// Of a private one: more adds nothing to RC4's strength.
const SECRET_BYTES: usize = 20;

/// One side of the key exchange.
#[derive(Debug, Clone)]
pub(in super::super) struct Keys {
    secret: U192,
    pub(in super::super) public: [u8; KEY_BYTES],
}

impl Keys {
    pub(in super::super) fn new() -> Keys {
        let mut bytes = [0; 24];
        rand::rng().fill(&mut bytes[24 - SECRET_BYTES..]);
        Keys::of(U192::from_be_slice(&bytes))
    }

    /// Of a secret that is known.
    pub(in super::super) fn of(secret: U192) -> Keys {
        let public = power(&U768::from_u8(2), &secret);
        Keys { secret, public }
    }

    pub(in super::super) fn shared(&self, theirs: &[u8; KEY_BYTES]) -> [u8; KEY_BYTES] {
        power(&U768::from_be_slice(theirs), &self.secret)
    }
}

fn power(base: &U768, exponent: &U192) -> [u8; KEY_BYTES] {
    let base = ConstMontyForm::<Prime, { U768::LIMBS }>::new(base);
    let power = base.pow_bounded_exp(exponent, SECRET_BYTES as u32 * 8);
    let mut bytes = [0; KEY_BYTES];
    bytes.copy_from_slice(power.retrieve().to_be_bytes().as_ref());
    bytes
}

pub(in super::super) fn hash(parts: &[&[u8]]) -> [u8; 20] {
    sha1(&parts.concat())
}

/// Which torrent the caller means, hidden: only who has it can tell.
pub(in super::super) fn hidden(shared: &[u8], info_hash: &[u8; 20]) -> [u8; 20] {
    let (a, b) = (hash(&[b"req2", info_hash]), hash(&[b"req3", shared]));
    std::array::from_fn(|at| a[at] ^ b[at])
}

/// Of the caller, and of the one who is called.
pub(in super::super) fn ciphers(shared: &[u8], info_hash: &[u8; 20]) -> (Rc4, Rc4) {
    let of = |name: &[u8]| Rc4::new(&hash(&[name, shared, info_hash]));
    (of(b"keyA"), of(b"keyB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_come_to_the_same_number() {
        let (a, b) = (Keys::new(), Keys::new());
        assert_ne!(a.public, b.public);
        assert_eq!(a.shared(&b.public), b.shared(&a.public));
        // 2 to the 767th and the prime: known numbers, not only equal ones.
        let mut two = [0; KEY_BYTES];
        two[KEY_BYTES - 1] = 2;
        let ten = Keys {
            secret: U192::from_u8(10),
            public: two,
        };
        let mut expected = [0; KEY_BYTES];
        expected[KEY_BYTES - 2..].copy_from_slice(&1024u16.to_be_bytes());
        assert_eq!(ten.shared(&two), expected);
        let prime = U768::from_be_slice(&[0xff; KEY_BYTES]);
        assert_ne!(power(&prime, &U192::from_u8(1)), [0xff; KEY_BYTES]);
    }
}
