//! Fixed addresses (IPv4): what one is, what is typed of one, and whether it can hold.
//!
//! What is wrong is found here, field by field, before anybody is asked for anything; root's half
//! (`systemd/address`) looks at each number again. IPv6 stays automatic: there the router tells the
//! network's part of the address, which changes with the provider, and the box finds its own.

use std::fmt;
use std::net::Ipv4Addr;

use crate::NetworkStand;
use crate::network::Link;

/// Bits of the network's part; beyond these there is no room for a box and a router.
const PREFIXES: std::ops::RangeInclusive<u8> = 1..=30;

/// Servers of names that are taken; the system asks no third one.
pub const NAMES_MAX: usize = 2;

/// A way to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Wired,
    Wireless,
}

impl Way {
    pub const ALL: [Way; 2] = [Way::Wired, Way::Wireless];

    /// As root's half calls it.
    pub fn name(self) -> &'static str {
        match self {
            Way::Wired => "wired",
            Way::Wireless => "wireless",
        }
    }
}

/// An address that the box gives itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub address: Ipv4Addr,
    /// Bits of the network's part, 1 to 30.
    pub prefix: u8,
    pub router: Ipv4Addr,
    /// Who knows names, one or two.
    pub names: Vec<Ipv4Addr>,
}

/// What a network gave by DHCP, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub address: Ipv4Addr,
    pub prefix: u8,
    pub router: Option<Ipv4Addr>,
    /// [`NAMES_MAX`] at most.
    pub names: Vec<Ipv4Addr>,
}

/// How the box gets its address on one way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addressing {
    /// None: automatically.
    pub fixed: Option<Fixed>,
    /// What holds now; none: nothing.
    pub given: Option<Given>,
}

/// What one types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Address,
    Mask,
    Router,
    Names,
    OtherNames,
}

impl Field {
    pub(crate) const ALL: [Field; 5] = [
        Field::Address,
        Field::Mask,
        Field::Router,
        Field::Names,
        Field::OtherNames,
    ];
}

/// Why it cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Missing,
    /// No IPv4 address.
    NoAddress,
    NoMask,
    /// The first of the network, which is its name.
    First,
    /// The last, which is all of it.
    Last,
    /// Of a device for itself (127.*).
    Loopback,
    /// Of a group (multicast).
    Group,
    /// One that devices give themselves (169.254.*).
    SelfGiven,
    /// Nobody has such a one (0.*, from 240.* on).
    Nobody,
    /// In another network than the box.
    Outside,
    /// The box's own.
    OfBox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) field: Field,
    pub(crate) why: Wrong,
}

/// The first address of the network, and the last.
fn ends(address: Ipv4Addr, prefix: u8) -> (Ipv4Addr, Ipv4Addr) {
    let mask = mask(prefix).to_bits();
    let first = address.to_bits() & mask;
    (first.into(), (first | !mask).into())
}

/// One that a single device has.
fn single(address: Ipv4Addr) -> Result<(), Wrong> {
    match address.octets() {
        [0 | 240..=255, ..] => Err(Wrong::Nobody),
        [127, ..] => Err(Wrong::Loopback),
        [224..=239, ..] => Err(Wrong::Group),
        [169, 254, ..] => Err(Wrong::SelfGiven),
        _ => Ok(()),
    }
}

impl Fixed {
    /// The first thing that is wrong with it.
    pub(crate) fn mistake(&self) -> Option<Mistake> {
        self.checked().err()
    }

    fn checked(&self) -> Result<(), Mistake> {
        let of = |field| move |why| Mistake { field, why };
        if !PREFIXES.contains(&self.prefix) {
            return Err(of(Field::Mask)(Wrong::NoMask));
        }
        let (first, last) = ends(self.address, self.prefix);
        let within = |address: Ipv4Addr| match address {
            _ if address == first => Err(Wrong::First),
            _ if address == last => Err(Wrong::Last),
            _ if !(first..last).contains(&address) => Err(Wrong::Outside),
            _ => Ok(()),
        };
        let other = |address: Ipv4Addr| {
            let same = address == self.address;
            if same { Err(Wrong::OfBox) } else { Ok(()) }
        };
        // The kind of it says more than its place.
        single(self.address).map_err(of(Field::Address))?;
        within(self.address).map_err(of(Field::Address))?;
        single(self.router).map_err(of(Field::Router))?;
        other(self.router).map_err(of(Field::Router))?;
        within(self.router).map_err(of(Field::Router))?;
        if self.names.is_empty() {
            return Err(of(Field::Names)(Wrong::Missing));
        }
        for (field, names) in [Field::Names, Field::OtherNames]
            .into_iter()
            .zip(&self.names)
        {
            single(*names).map_err(of(field))?;
            other(*names).map_err(of(field))?;
        }
        Ok(())
    }

    /// As root's half writes it: "192.168.1.20/24 192.168.1.1 192.168.1.1"; none: it is none that
    /// can hold.
    pub fn parse(text: &str) -> Option<Fixed> {
        let mut words = text.split(' ');
        let (address, prefix) = words.next()?.split_once('/')?;
        let fixed = Fixed {
            address: address.parse().ok()?,
            prefix: prefix.parse().ok()?,
            router: words.next()?.parse().ok()?,
            names: words.map(|it| it.parse().ok()).collect::<Option<_>>()?,
        };
        let whole = fixed.names.len() <= NAMES_MAX && fixed.mistake().is_none();
        whole.then_some(fixed)
    }
}

/// As [`Fixed::parse`] reads it.
impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {}", self.address, self.prefix, self.router)?;
        self.names.iter().try_for_each(|it| write!(f, " {it}"))
    }
}

/// What is typed of one; each empty where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form([String; Field::ALL.len()]);

impl Form {
    /// As it is now, so that in most cases one number is to be changed.
    pub(crate) fn of(addressing: &Addressing) -> Form {
        let mut form = Form::default();
        let (address, prefix, router, names) = match addressing {
            Addressing {
                fixed: Some(it), ..
            } => (it.address, it.prefix, Some(it.router), &it.names),
            Addressing {
                given: Some(it), ..
            } => (it.address, it.prefix, it.router, &it.names),
            _ => return form,
        };
        *form.text_mut(Field::Address) = address.to_string();
        *form.text_mut(Field::Mask) = prefix.to_string();
        *form.text_mut(Field::Router) = router.map(|it| it.to_string()).unwrap_or_default();
        for (field, names) in [Field::Names, Field::OtherNames].into_iter().zip(names) {
            *form.text_mut(field) = names.to_string();
        }
        form
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        &self.0[field as usize]
    }

    fn text_mut(&mut self, field: Field) -> &mut String {
        &mut self.0[field as usize]
    }

    /// Takes what was typed, which may be nothing. An address may have its mask behind it, as
    /// "192.168.1.20/24" or with "255.255.255.0".
    pub(crate) fn set(&mut self, field: Field, typed: &str) -> Result<(), Mistake> {
        let typed = typed.trim();
        let of = |why| Mistake { field, why };
        if typed.is_empty() {
            self.text_mut(field).clear();
            return Ok(());
        }
        if field == Field::Mask {
            let prefix = prefix(typed).ok_or(of(Wrong::NoMask))?;
            *self.text_mut(field) = prefix.to_string();
            return Ok(());
        }
        let (typed, mask) = match typed.split_once(['/', ' ']) {
            Some((address, mask)) if field == Field::Address => (address, Some(mask)),
            _ => (typed, None),
        };
        let address: Ipv4Addr = typed.parse().map_err(|_| of(Wrong::NoAddress))?;
        if let Some(mask) = mask {
            self.set(Field::Mask, mask)?;
        }
        *self.text_mut(field) = address.to_string();
        Ok(())
    }

    /// All of it; else the first thing that is missing or wrong.
    pub(crate) fn read(&self) -> Result<Fixed, Mistake> {
        let address = |field: Field| {
            let why = match self.text(field) {
                "" => Wrong::Missing,
                _ => Wrong::NoAddress,
            };
            let address = self.text(field).parse::<Ipv4Addr>();
            address.map_err(|_| Mistake { field, why })
        };
        let no_mask = Mistake {
            field: Field::Mask,
            why: Wrong::NoMask,
        };
        let mut fixed = Fixed {
            address: address(Field::Address)?,
            prefix: prefix(self.text(Field::Mask)).ok_or(no_mask)?,
            router: address(Field::Router)?,
            names: vec![address(Field::Names)?],
        };
        if !self.text(Field::OtherNames).is_empty() {
            fixed.names.push(address(Field::OtherNames)?);
        }
        fixed.mistake().map_or(Ok(fixed), Err)
    }
}

/// "24", "/24" or "255.255.255.0".
fn prefix(text: &str) -> Option<u8> {
    let text = text.trim_start_matches('/');
    let prefix = match text.parse::<Ipv4Addr>() {
        Ok(mask) => {
            let bits = mask.to_bits();
            let whole = bits.leading_ones() + bits.trailing_zeros() == u32::BITS;
            whole.then_some(bits.leading_ones() as u8)?
        }
        // A sign before it is none.
        Err(_) if text.bytes().all(|it| it.is_ascii_digit()) => text.parse().ok()?,
        Err(_) => return None,
    };
    PREFIXES.contains(&prefix).then_some(prefix)
}

/// As people know it: "255.255.255.0".
pub(crate) fn mask(prefix: u8) -> Ipv4Addr {
    let host = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
    Ipv4Addr::from_bits(!host)
}

impl NetworkStand {
    /// None: addresses are not fixed here.
    pub(crate) fn addressing(&self, way: Way) -> Option<&Addressing> {
        let all = self.addressing.as_ref()?;
        Some(&all[way as usize])
    }

    /// None: there is no such way.
    pub(crate) fn link(&self, way: Way) -> Option<&Link> {
        match way {
            Way::Wired => self.wired.as_ref(),
            Way::Wireless => self.wireless.as_ref().map(|it| &it.link),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Option<(Field, Wrong)> {
        let mut words = text.split(' ').map(str::parse::<Ipv4Addr>);
        let mut next = || words.next().map(|it| it.expect("an address"));
        let fixed = Fixed {
            address: next().expect("its own"),
            prefix: 24,
            router: next().expect("a router"),
            names: std::iter::from_fn(next).collect(),
        };
        let back = Fixed::parse(&fixed.to_string());
        assert_eq!(back.is_some(), fixed.mistake().is_none(), "{text}");
        fixed.mistake().map(|it| (it.field, it.why))
    }

    #[test]
    fn what_cannot_hold_is_found_with_its_field() {
        use Field::{Address, Names, OtherNames, Router};
        assert_eq!(wrong("192.168.1.20 192.168.1.1 9.9.9.9 1.1.1.1"), None);
        for (text, field, why) in [
            ("192.168.1.0 192.168.1.1 9.9.9.9", Address, Wrong::First),
            ("192.168.1.255 192.168.1.1 9.9.9.9", Address, Wrong::Last),
            ("127.0.0.5 127.0.0.1 9.9.9.9", Address, Wrong::Loopback),
            ("224.0.0.5 224.0.0.1 9.9.9.9", Address, Wrong::Group),
            ("169.254.1.5 169.254.1.1 9.9.9.9", Address, Wrong::SelfGiven),
            ("0.0.0.5 0.0.0.1 9.9.9.9", Address, Wrong::Nobody),
            ("250.0.0.5 250.0.0.1 9.9.9.9", Address, Wrong::Nobody),
            ("192.168.1.20 192.168.2.1 9.9.9.9", Router, Wrong::Outside),
            ("192.168.1.20 192.168.1.20 9.9.9.9", Router, Wrong::OfBox),
            ("192.168.1.20 192.168.1.0 9.9.9.9", Router, Wrong::First),
            ("192.168.1.20 192.168.1.255 9.9.9.9", Router, Wrong::Last),
            ("192.168.1.20 224.0.0.1 9.9.9.9", Router, Wrong::Group),
            ("192.168.1.20 192.168.1.1", Names, Wrong::Missing),
            (
                "192.168.1.20 192.168.1.1 127.0.0.53",
                Names,
                Wrong::Loopback,
            ),
            (
                "192.168.1.20 192.168.1.1 9.9.9.9 192.168.1.20",
                OtherNames,
                Wrong::OfBox,
            ),
        ] {
            assert_eq!(wrong(text), Some((field, why)), "{text}");
        }
    }

    #[test]
    fn a_mask_is_a_number_or_an_address_with_ones_in_front() {
        for (text, bits) in [
            ("24", Some(24)),
            ("/24", Some(24)),
            ("255.255.255.0", Some(24)),
            ("255.255.254.0", Some(23)),
            ("255.255.255.252", Some(30)),
            ("1", Some(1)),
            ("30", Some(30)),
            ("0", None),
            ("31", None),
            ("32", None),
            ("+24", None),
            ("256", None),
            ("", None),
            ("0.0.0.0", None),
            ("255.255.255.255", None),
            ("255.0.255.0", None),
            ("0.0.0.255", None),
        ] {
            assert_eq!(prefix(text), bits, "{text:?}");
        }
        assert_eq!(mask(23).to_string(), "255.255.254.0");
    }

    #[test]
    fn what_root_writes_is_read_and_nothing_else() {
        let line = "192.168.1.20/24 192.168.1.1 192.168.1.1 9.9.9.9";
        let read = Fixed::parse(line).map(|it| it.to_string());
        assert_eq!(read.as_deref(), Some(line));
        for text in [
            "",
            "automatic",
            "192.168.1.20 192.168.1.1 9.9.9.9",
            "192.168.1.20/24 192.168.1.1",
            "192.168.1.20/24  192.168.1.1 9.9.9.9",
            "192.168.1.20/33 192.168.1.1 9.9.9.9",
            "192.168.1.20/24 192.168.1.1 9.9.9.9 1.1.1.1 8.8.8.8",
            "192.168.01.20/24 192.168.1.1 9.9.9.9",
        ] {
            assert_eq!(Fixed::parse(text), None, "{text:?}");
        }
    }
}
