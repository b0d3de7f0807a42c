//! PINs of profiles: what is kept of one, and whose one is.
//!
//! PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-256 and a salt of its own for each, of the
//! cryptographic library that the tree has already. It hides a PIN from who reads a file or an
//! image of the disk in passing, and no more: four digits are ten thousand guesses, which any
//! machine makes in minutes. What protects a profile is that the box itself slows guessing down
//! (`app`). Invariant: no PIN is written or logged.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::path::Path;

use app::{Event, Pin, PinAct, PinHash, PinNews, ProfileId};
use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use aws_lc_rs::rand;
use store::{Opened, Store, StoreError};
use tokio::runtime::Handle;

use crate::event_loop::Inbox;

/// About a tenth of a second on a small board.
const ITERATIONS: u32 = 100_000;

/// No file makes the box count longer than some seconds.
const ITERATIONS_MAX: u32 = 4_000_000;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// First in what is kept: how it was made.
const KIND: &str = "pbkdf2-sha256";

/// Opens the store; where the owner has lost a PIN (`forget-pins`), it is forgotten, and so are all
/// others.
///
/// # Errors
/// When the system gives no thread.
pub fn store(folder: &Path, forget: bool, inbox: &Inbox) -> Result<Opened, StoreError> {
    let failed = inbox.clone();
    let failed = move |why| failed.news(Event::LibraryNotSaved { why });
    let mut opened = Store::open_or_forget(folder, failed)?;
    if forget && opened.household.forget_pins() {
        tracing::warn!("forget-pins: all PINs of profiles are forgotten");
        opened.store.save_household(opened.household.clone());
    }
    Ok(opened)
}

/// Answers the core on a thread that may take its time.
pub fn perform(act: PinAct, inbox: Inbox, runtime: &Handle) {
    runtime.spawn_blocking(move || inbox.news(Event::Pin(answer(&act))));
}

fn answer(act: &PinAct) -> PinNews {
    match act {
        PinAct::Check {
            quest,
            pin,
            against,
        } => PinNews::Checked(*quest, whose(pin, against)),
        PinAct::Make { quest, pin } => {
            let made = make(pin);
            if made.is_none() {
                tracing::error!("no random number for a PIN");
            }
            PinNews::Made(*quest, made)
        }
    }
}

/// None: the system gives no random numbers.
fn make(pin: &Pin) -> Option<PinHash> {
    let mut salt = [0; SALT_BYTES];
    rand::fill(&mut salt).ok()?;
    let mut hash = [0; HASH_BYTES];
    let iterations = NonZeroU32::new(ITERATIONS)?;
    pbkdf2::derive(
        PBKDF2_HMAC_SHA256,
        iterations,
        &salt,
        pin.0.as_bytes(),
        &mut hash,
    );
    let text = format!("{KIND}${ITERATIONS}${}${}", hex(&salt), hex(&hash));
    Some(PinHash(text))
}

/// The first whose PIN it is.
fn whose(pin: &Pin, against: &[(ProfileId, PinHash)]) -> Option<ProfileId> {
    let right = against.iter().find(|(_, hash)| is(pin, hash));
    right.map(|(id, _)| *id)
}

/// What cannot be read is no PIN's.
fn is(pin: &Pin, kept: &PinHash) -> bool {
    let parts: Vec<&str> = kept.0.split('$').collect();
    let [KIND, iterations, salt, hash] = parts.as_slice() else {
        return false;
    };
    let iterations = iterations.parse().ok().filter(|it| *it <= ITERATIONS_MAX);
    let iterations = iterations.and_then(NonZeroU32::new);
    let (Some(iterations), Some(salt), Some(hash)) = (iterations, bytes(salt), bytes(hash)) else {
        return false;
    };
    let pin = pin.0.as_bytes();
    pbkdf2::verify(PBKDF2_HMAC_SHA256, iterations, &salt, pin, &hash).is_ok()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a string takes everything");
    }
    text
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok()?;
        (pair.len() == 2).then(|| u8::from_str_radix(pair, 16).ok())?
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests {
    use app::Quest;

    use super::*;

    fn pin(digits: &str) -> Pin {
        Pin(digits.to_owned())
    }

    #[test]
    fn a_pin_is_known_again_by_what_is_kept_of_it_alone() {
        let act = PinAct::Make {
            quest: Quest(1),
            pin: pin("1234"),
        };
        let PinNews::Made(Quest(1), Some(one)) = answer(&act) else {
            panic!("it is made");
        };
        let PinNews::Made(_, Some(other)) = answer(&act) else {
            panic!("it is made");
        };
        assert_ne!(one, other, "each has a salt of its own");
        assert!(!one.0.contains("1234"));
        let against = vec![
            (ProfileId(3), other),
            (ProfileId(4), make(&pin("1235")).unwrap()),
        ];
        assert_eq!(whose(&pin("1234"), &against), Some(ProfileId(3)));
        assert_eq!(whose(&pin("1235"), &against), Some(ProfileId(4)));
        assert_eq!(whose(&pin("1236"), &against), None);
    }

    #[test]
    fn what_cannot_be_read_is_no_pin() {
        let whole = make(&pin("1234")).unwrap().0;
        let cut = &whole[..whole.len() - 1];
        let slow = whole.replace("100000", "4000000000");
        let zero = whole.replace("100000", "0");
        let other = whole.replace(KIND, "md5");
        for kept in ["", "$$$", cut, &slow, &zero, &other] {
            assert!(!is(&pin("1234"), &PinHash(kept.to_owned())), "{kept}");
        }
    }

    /// Of RFC 7914, section 11, the first 32 bytes: our reading of the parts is the standard's.
    #[test]
    fn a_known_hash_is_right() {
        let hash = "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";
        let kept = format!("pbkdf2-sha256$1$73616c74${hash}");
        assert!(is(&pin("passwd"), &PinHash(kept)));
    }
}
