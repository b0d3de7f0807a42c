//! Sentences of fixed addresses: what is typed, what is wrong with it, and what became of it.

use std::net::Ipv4Addr;

use crate::fixed::{Addressing, Field, Fixed, Mistake, Way, Wrong, mask};
use crate::network::Link;
use crate::saying::{Message, msg, tr};
use crate::trial::Failing;

/// How the box gets its address.
pub(crate) const AUTOMATIC: Message = msg!("address" => "Automatic");
pub(crate) const AUTOMATIC_HELP: Message = msg!(
    "The router gives the box its address. This is right in nearly every home, and nothing else \
     has to be set."
);
pub(crate) const USE_ADDRESS: Message = msg!("Use this address");
pub(crate) const USE_ADDRESS_HELP: Message = msg!(
    "The box takes this address and asks whether the router answers. If it does not, the box goes \
     back by itself."
);
pub(crate) const ONLY_IPV4: Message = msg!("This is the IPv4 address. IPv6 stays automatic.");
pub(crate) const AUTOMATIC_NOW: Message = msg!("The router gives the box its address from now on.");
pub(crate) const GOING_AUTOMATIC: Message = msg!("Going back to an automatic address");
pub(crate) const FIXED_NOT_TAKEN: Message = msg!(
    "The address could not be changed, and stays as it was. Switch the box off and on, and try \
     again."
);
pub(crate) const FIXED_WAITS: Message = msg!(
    "The cable is in, but the box does not get its fixed address. Another device may have it."
);
pub(crate) const DOES_NOT_WORK: Message = msg!("This address does not work");
pub(crate) const BACK_TO_AUTOMATIC: Message = msg!("Back to automatic");
pub(crate) const KEEP_ADDRESS: Message = msg!("Keep it all the same");
pub(crate) const BACK_BY_ITSELF: Message =
    msg!("If you choose nothing, the box goes back by itself within a minute");

/// Of the line that leads there.
pub(crate) const HOW_ADDRESSED: Message = msg!(
    "The box has a fixed address, or gets one from the router. Press OK to change that, for \
     instance where the router has no DHCP."
);

pub(crate) fn address_title(way: Way) -> Message {
    match way {
        Way::Wired => msg!("Address by cable"),
        Way::Wireless => msg!("Address by Wi-Fi"),
    }
}

/// A line of the page of the network; `only`: there is no other way.
pub(crate) fn address_label(way: Way, only: bool, addressing: Option<&Addressing>) -> String {
    let fixed = addressing.and_then(|it| it.fixed.as_ref());
    match (only, way, fixed) {
        (true, _, None) => tr!("Address: automatic"),
        (true, _, Some(it)) => tr!("Address: {address} (fixed)", address = it.address),
        (false, Way::Wired, None) => tr!("Address by cable: automatic"),
        (false, Way::Wired, Some(it)) => {
            tr!("Address by cable: {address} (fixed)", address = it.address)
        }
        (false, Way::Wireless, None) => tr!("Address by Wi-Fi: automatic"),
        (false, Way::Wireless, Some(it)) => {
            tr!("Address by Wi-Fi: {address} (fixed)", address = it.address)
        }
    }
}

/// The same as a headline.
pub(crate) fn address_of(fixed: Option<&Fixed>, link: Option<&Link>) -> String {
    match (fixed, link) {
        (Some(it), _) => tr!("Fixed: {address}", address = it.address),
        (None, Some(Link::Up { address })) => tr!("Automatic: {address}", address),
        (None, _) => AUTOMATIC.into(),
    }
}

pub(crate) fn field(field: Field) -> Message {
    match field {
        Field::Address => msg!("Address of the box"),
        Field::Mask => msg!("Network mask"),
        Field::Router => msg!("Router"),
        Field::Names => msg!("Name server (DNS)"),
        Field::OtherNames => msg!("Second name server"),
    }
}

pub(crate) fn field_note(field: Field, text: &str) -> String {
    match (field, text.parse()) {
        (_, _) if text.is_empty() => msg!("address" => "Not set").into(),
        (Field::Mask, Ok(prefix)) => format!("{} (/{prefix})", mask(prefix)),
        _ => text.to_owned(),
    }
}

pub(crate) fn field_help(field: Field) -> Message {
    match field {
        Field::Address => msg!(
            "Four numbers with dots between them. Most often it is enough to change the last one, \
             to a number that no other device has and that the router gives nobody."
        ),
        Field::Mask => msg!(
            "How much of the address is the network's: 24 in most homes, which is the same as \
             255.255.255.0."
        ),
        Field::Router => msg!("The address of the router, by which the box reaches the Internet."),
        Field::Names => {
            msg!("Who knows the addresses of web sites. Most often this is the router.")
        }
        Field::OtherNames => {
            msg!("It is asked when the first one does not answer. It can be empty.")
        }
    }
}

/// What is wrong with a field, and what would be right.
pub(crate) fn field_mistake(mistake: Mistake) -> String {
    let field = field(mistake.field);
    match mistake.why {
        Wrong::Missing => tr!("{field}: this has to be typed.", field),
        Wrong::NoAddress => tr!(
            "{field}: this is no IPv4 address. One has four numbers from 0 to 255 with dots \
             between them, like 192.168.1.20.",
            field
        ),
        Wrong::NoMask => tr!(
            "{field}: this is a number from 1 to 30, like 24, or a mask like 255.255.255.0.",
            field
        ),
        Wrong::First => tr!(
            "{field}: this is the first address of the network, which stands for the network \
             itself. Choose a higher one.",
            field
        ),
        Wrong::Last => tr!(
            "{field}: this is the last address of the network, which reaches all devices at once. \
             Choose a lower one.",
            field
        ),
        Wrong::Loopback => tr!(
            "{field}: with addresses that begin with 127 a device speaks to itself alone.",
            field
        ),
        Wrong::Group => tr!(
            "{field}: addresses that begin with 224 to 239 are of groups, and no device has one.",
            field
        ),
        Wrong::SelfGiven => tr!(
            "{field}: addresses that begin with 169.254 are those that devices give themselves \
             where nobody gives them one.",
            field
        ),
        Wrong::Nobody => tr!(
            "{field}: no device can have an address that begins with 0, or with 240 or more.",
            field
        ),
        Wrong::Outside => tr!(
            "{field}: it is not in the network of the box. Its first numbers have to be those of \
             the box's address, or the network mask is another.",
            field
        ),
        Wrong::OfBox => tr!(
            "{field}: this is the address of the box itself. It has to be another one.",
            field
        ),
    }
}

pub(crate) fn trying(address: Ipv4Addr) -> String {
    tr!("Trying {address}", address)
}

pub(crate) fn fixed_holds(address: Ipv4Addr) -> String {
    tr!(
        "The box has the address {address} from now on, and the router answers.",
        address
    )
}

/// Nothing is plugged in, or no network joined.
pub(crate) fn fixed_later(address: Ipv4Addr) -> String {
    tr!(
        "The box has the address {address} as soon as it is connected.",
        address
    )
}

pub(crate) fn fixed_all_the_same(address: Ipv4Addr) -> String {
    tr!("The box keeps the address {address}.", address)
}

pub(crate) fn back_to(address: Ipv4Addr) -> String {
    tr!("Back to {address}", address)
}

/// Where its page is not shown.
pub(crate) fn does_not_work(address: Ipv4Addr) -> String {
    tr!(
        "The address {address} does not work. The box goes back by itself within a minute. \
         Network, in the settings, says why.",
        address
    )
}

/// Why a fixed address does not work.
pub(crate) fn fixed_fails(fixed: &Fixed, why: Failing) -> String {
    match why {
        Failing::NoAddress => tr!(
            "The box does not get the address {address}. Another device may have it: choose \
             another number.",
            address = fixed.address
        ),
        Failing::NoRouter => tr!(
            "Nobody answers at {router}, where the router should be. Look whether this is its \
             address, and whether the box's address is of the same network.",
            router = fixed.router
        ),
    }
}
