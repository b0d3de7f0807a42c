//! The two addresses of a device: what it is, and where it is plugged in.

use std::fmt;

/// What a device is on the bus, 0 to 15 (CEC 1.4b table 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Logical(u8);

impl Logical {
    pub const TV: Logical = Logical(0);
    /// An amplifier, a soundbar.
    pub const AUDIO: Logical = Logical(5);
    /// As a receiver: everybody.
    pub const BROADCAST: Logical = Logical(15);
    /// As a sender: who has no address.
    pub const UNREGISTERED: Logical = Logical(15);

    /// None: no such address.
    pub fn new(number: u8) -> Option<Logical> {
        (number < 16).then_some(Logical(number))
    }

    /// The low half of the byte.
    pub(crate) fn low(byte: u8) -> Logical {
        Logical(byte & 15)
    }

    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Logical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a device is plugged in, as seen from the TV: 2.1.0.0 is input 1 of what is at the TV's
/// input 2 (HDMI 1.4b section 8.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u16);

impl Place {
    /// The TV itself.
    pub const TV: Place = Place(0);

    /// None for f.f.f.f: not plugged in, or behind a TV that does not say where.
    pub fn new(number: u16) -> Option<Place> {
        (number != u16::MAX).then_some(Place(number))
    }

    pub fn number(self) -> u16 {
        self.0
    }

    /// Whether `other` is behind this one, which is no TV: an amplifier with inputs.
    pub(crate) fn leads_to(self, other: Place) -> bool {
        let inputs = self.0.trailing_zeros() / 4 * 4;
        // 0.0.0.0 is the TV's own programme, and leads to nobody.
        self != Place::TV && self != other && other.0 >> inputs == self.0 >> inputs
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [high, low] = self.0.to_be_bytes();
        write!(
            f,
            "{:x}.{:x}.{:x}.{:x}",
            high >> 4,
            high & 15,
            low >> 4,
            low & 15
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amplifier_leads_to_what_is_plugged_into_it() {
        let leads = |from, to| Place(from).leads_to(Place(to));
        assert!(leads(0x1000, 0x1100) && leads(0x1000, 0x1230) && leads(0x2300, 0x2310));
        assert!(!leads(0x1000, 0x2000) && !leads(0x1100, 0x1000) && !leads(0x1000, 0x1000));
        assert!(!leads(0, 0x1000) && !leads(0x1234, 0x1234) && !leads(0x1230, 0x1240));
    }

    #[test]
    fn places_are_said_as_in_the_menus_of_televisions() {
        assert_eq!(Place(0x2a10).to_string(), "2.a.1.0");
        assert_eq!(Place::new(0xffff), None);
        assert_eq!(
            (Logical::new(15), Logical::new(16)),
            (Some(Logical(15)), None)
        );
    }
}
