//! Whose EDID counts: the one seen now, or the last good one of that socket.
//!
//! A TV in standby may give none, or zeros; a receiver that wakes gives half of one. Then what was
//! good last time counts: the box comes up in the mode, and with the sound, that it had. What
//! another sink says, and be it broken, counts before what is remembered of one that is gone.

use crate::edid::Facts;
use crate::mend::Fault;

/// Whose facts they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of what is plugged in.
    Seen,
    /// Of what was, when last it told.
    Remembered,
    /// Nobody's: there is nothing.
    Nobodys,
}

/// What counts of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    pub whose: Whose,
    pub facts: Facts,
    /// What is seen is good and not what is remembered: remember it.
    pub remember: bool,
}

/// Decides it, of the EDID that is there now and the one kept of that socket.
pub fn counting(seen: Option<&[u8]>, kept: Option<&[u8]>) -> Counting {
    let kept_facts = kept.map(Facts::of).filter(is_good);
    let Some(bytes) = seen else {
        return remembered(kept_facts, Facts::default());
    };
    let facts = Facts::of(bytes);
    if is_good(&facts) {
        return Counting {
            whose: Whose::Seen,
            facts,
            remember: kept != Some(bytes),
        };
    }
    // Broken. Whose it is says the first block, if that can be believed.
    let is_told = !facts.faults.iter().any(|fault| {
        matches!(
            fault,
            Fault::Nothing | Fault::NoEdid | Fault::Sum { block: 0 }
        )
    });
    let is_of_another =
        |kept: &Facts| is_told && (&kept.maker, kept.numbers) != (&facts.maker, facts.numbers);
    let kept_facts = kept_facts.filter(|kept| !is_of_another(kept));
    remembered(kept_facts, facts)
}

fn remembered(kept: Option<Facts>, seen: Facts) -> Counting {
    let (whose, facts) = match kept {
        Some(kept) => (Whose::Remembered, kept),
        None if seen.modes.is_empty() => (Whose::Nobodys, seen),
        None => (Whose::Seen, seen),
    };
    Counting {
        whose,
        facts,
        remember: false,
    }
}

/// It is whole, and says how pictures are shown; oddities of makers are no harm.
fn is_good(facts: &Facts) -> bool {
    let harmless = |fault: &Fault| matches!(fault, Fault::Odd | Fault::Mode | Fault::TooLong);
    !facts.modes.is_empty() && facts.faults.iter().all(harmless)
}
