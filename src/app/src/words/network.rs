//! Sentences of the network: how the box is connected, joining a Wi-Fi network, being offline.

use super::FIXED_WAITS;
use crate::fixed::Way;
use crate::network::Joining;
use crate::saying::{Message, msg, tr, trn};
use crate::{Country, JoinFailure, Link, Lock, NetworkStand, Wifi};

pub(crate) const NETWORK: Message = msg!("Network");
pub(crate) const NO_NETWORK: Message = msg!("No network");
pub(crate) const OFFLINE_NOW: Message = msg!(
    "The box is offline. Films on drives, and what is already on \
    the box, still play. No network, above the wall, says more."
);
pub(crate) const NOT_CONNECTED: Message = msg!("Not connected");
pub(crate) const BY_CABLE: Message = msg!("Connected by cable");
pub(crate) const CABLE_WAITS: Message =
    msg!("The cable is in, but the network has given no address yet");
pub(crate) const SIGN_IN: Message = msg!("This network wants you to sign in");
pub(crate) const STILL_WORKS: Message = msg!(
    "Films on drives, and what is already on the box, still play. \
    To find new ones, plug in a network cable or join a Wi-Fi network."
);
pub(crate) const NO_RADIO: Message = msg!(
    "This box has no Wi-Fi that it can use. Plug a network cable \
    into it, and into your router."
);
pub(crate) const LOOKING_FOR_NETWORKS: Message = msg!("Looking for networks");
pub(crate) const HIDDEN_NETWORK: Message = msg!("Another network");
pub(crate) const HIDDEN_NETWORK_HELP: Message = msg!(
    "For a network that does not tell its name: press OK \
    to type the name, and then the password."
);
pub(crate) const COUNTRY: Message = msg!("Country");
pub(crate) const COUNTRY_HELP: Message = msg!(
    "Each country allows other radio channels. The box keeps to \
    those of the country that is chosen here; without one, to those that all allow, and it may \
    not see every network. While it is changed the Wi-Fi connection is made anew."
);
pub(crate) const CONNECT: Message = msg!("Connect");
pub(crate) const FORGET_NETWORK: Message = msg!("Forget this network");
pub(crate) const KNOWN_NETWORK_HELP: Message = msg!(
    "The box knows the password of this network, and joins \
    it by itself when no better one is in reach."
);
pub(crate) const FORGET_NETWORK_HELP: Message = msg!(
    "The box leaves this network and forgets its \
    password. It is asked for again when you join it the next time."
);
pub(crate) const FORGET_NETWORK_SURELY: Message =
    msg!("Press OK once more: the password is forgotten");
pub(crate) const WITH_PHONE: Message = msg!("Set up with your phone");
pub(crate) const WITH_PHONE_HELP: Message = msg!(
    "Press OK: the box opens a Wi-Fi network of its own for ten \
    minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network \
    and type its password."
);
pub(crate) const OPENING_OWN: Message = msg!("Opening a network for your phone");
pub(crate) const JOIN_OWN: Message = msg!("1. Join the box's Wi-Fi");
pub(crate) const OPEN_PAGE: Message = msg!("2. Open its page");
/// Over the second code, once the first has done its part.
pub(crate) const PHONE_IN_OWN: Message = msg!("A phone has joined the box's Wi-Fi");
pub(crate) const OWN_OVER: Message = msg!(
    "The network for your phone was open for ten minutes, and is \
    closed now. Press OK to open it again."
);
pub(crate) const OWN_NOT_OPENED: Message = msg!(
    "The box could not open a network for your phone in \
    time. Press OK to try again."
);
pub(crate) const JOINING_HINT: Message = msg!("Back: do not connect");
pub(crate) const NAME_HELP: Message = msg!(
    "Type the name of the network exactly as it is set in the \
    router: large and small letters are not the same. Then choose done."
);
pub(crate) const NAME_LENGTH: Message = msg!("The name of a network has 1 to 32 letters.");
pub(crate) const PASSWORD_HELP: Message = msg!(
    "It is often on a label of the router. Large and small \
    letters are not the same. Then choose done."
);
pub(crate) const HIDDEN_PASSWORD_HELP: Message = msg!(
    "If the network has no password, leave this empty. \
    Then choose done."
);
pub(crate) const PASSWORD_LETTERS: Message = msg!(
    "There is a letter in it that no Wi-Fi password can \
    have. Letters without accents, digits and signs can be in it."
);
pub(crate) const WRONG_PASSWORD: Message = msg!(
    "The network did not take this password. Look at each \
    letter again, and whether it is large or small."
);

/// Countries that can be chosen.
const COUNTRIES: &[(Country, Message)] = &[
    (Country(*b"AR"), msg!("country" => "Argentina")),
    (Country(*b"AU"), msg!("country" => "Australia")),
    (Country(*b"AT"), msg!("country" => "Austria")),
    (Country(*b"BE"), msg!("country" => "Belgium")),
    (Country(*b"BR"), msg!("country" => "Brazil")),
    (Country(*b"BG"), msg!("country" => "Bulgaria")),
    (Country(*b"CA"), msg!("country" => "Canada")),
    (Country(*b"CL"), msg!("country" => "Chile")),
    (Country(*b"CN"), msg!("country" => "China")),
    (Country(*b"CO"), msg!("country" => "Colombia")),
    (Country(*b"HR"), msg!("country" => "Croatia")),
    (Country(*b"CY"), msg!("country" => "Cyprus")),
    (Country(*b"CZ"), msg!("country" => "Czechia")),
    (Country(*b"DK"), msg!("country" => "Denmark")),
    (Country(*b"EG"), msg!("country" => "Egypt")),
    (Country(*b"EE"), msg!("country" => "Estonia")),
    (Country(*b"FI"), msg!("country" => "Finland")),
    (Country(*b"FR"), msg!("country" => "France")),
    (Country(*b"DE"), msg!("country" => "Germany")),
    (Country(*b"GR"), msg!("country" => "Greece")),
    (Country(*b"HK"), msg!("country" => "Hong Kong")),
    (Country(*b"HU"), msg!("country" => "Hungary")),
    (Country(*b"IS"), msg!("country" => "Iceland")),
    (Country(*b"IN"), msg!("country" => "India")),
    (Country(*b"ID"), msg!("country" => "Indonesia")),
    (Country(*b"IE"), msg!("country" => "Ireland")),
    (Country(*b"IL"), msg!("country" => "Israel")),
    (Country(*b"IT"), msg!("country" => "Italy")),
    (Country(*b"JP"), msg!("country" => "Japan")),
    (Country(*b"KE"), msg!("country" => "Kenya")),
    (Country(*b"LV"), msg!("country" => "Latvia")),
    (Country(*b"LT"), msg!("country" => "Lithuania")),
    (Country(*b"LU"), msg!("country" => "Luxembourg")),
    (Country(*b"MY"), msg!("country" => "Malaysia")),
    (Country(*b"MT"), msg!("country" => "Malta")),
    (Country(*b"MX"), msg!("country" => "Mexico")),
    (Country(*b"MA"), msg!("country" => "Morocco")),
    (Country(*b"NL"), msg!("country" => "Netherlands")),
    (Country(*b"NZ"), msg!("country" => "New Zealand")),
    (Country(*b"NG"), msg!("country" => "Nigeria")),
    (Country(*b"NO"), msg!("country" => "Norway")),
    (Country(*b"PK"), msg!("country" => "Pakistan")),
    (Country(*b"PE"), msg!("country" => "Peru")),
    (Country(*b"PH"), msg!("country" => "Philippines")),
    (Country(*b"PL"), msg!("country" => "Poland")),
    (Country(*b"PT"), msg!("country" => "Portugal")),
    (Country(*b"RO"), msg!("country" => "Romania")),
    (Country(*b"RU"), msg!("country" => "Russia")),
    (Country(*b"SA"), msg!("country" => "Saudi Arabia")),
    (Country(*b"RS"), msg!("country" => "Serbia")),
    (Country(*b"SG"), msg!("country" => "Singapore")),
    (Country(*b"SK"), msg!("country" => "Slovakia")),
    (Country(*b"SI"), msg!("country" => "Slovenia")),
    (Country(*b"ZA"), msg!("country" => "South Africa")),
    (Country(*b"KR"), msg!("country" => "South Korea")),
    (Country(*b"ES"), msg!("country" => "Spain")),
    (Country(*b"SE"), msg!("country" => "Sweden")),
    (Country(*b"CH"), msg!("country" => "Switzerland")),
    (Country(*b"TW"), msg!("country" => "Taiwan")),
    (Country(*b"TH"), msg!("country" => "Thailand")),
    (Country(*b"TR"), msg!("country" => "Türkiye")),
    (Country(*b"UA"), msg!("country" => "Ukraine")),
    (Country(*b"AE"), msg!("country" => "United Arab Emirates")),
    (Country(*b"GB"), msg!("country" => "United Kingdom")),
    (Country(*b"US"), msg!("country" => "United States")),
    (Country(*b"VN"), msg!("country" => "Vietnam")),
];

/// Countries that can be chosen, by the alphabet of their names.
pub(crate) fn countries() -> Vec<(Country, String)> {
    let named = COUNTRIES
        .iter()
        .map(|(country, name)| (*country, String::from(*name)));
    let mut all: Vec<_> = named.collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all
}

/// How the box is connected, in one sentence.
pub(crate) fn network_state(stand: &NetworkStand, joining: Option<&Joining>) -> String {
    let radio = stand.wireless.as_ref().map(|it| &it.link);
    let name = stand.joined().map(|wifi| wifi.name.as_str());
    match (joining, &stand.wired, radio) {
        (Some(joining), ..) => tr!("Connecting to {name}", name = joining.name),
        _ if stand.portal.is_some() && stand.online() => SIGN_IN.into(),
        (_, Some(Link::Up { .. }), _) => BY_CABLE.into(),
        (_, _, Some(Link::Up { .. })) => match name {
            Some(name) => tr!("Connected to {name}", name),
            None => tr!("Connected by Wi-Fi"),
        },
        (_, Some(Link::Waiting), _) => {
            let addressing = stand.addressing(Way::Wired);
            let fixed = addressing.is_some_and(|it| it.fixed.is_some());
            if fixed { FIXED_WAITS } else { CABLE_WAITS }.into()
        }
        (_, _, Some(Link::Waiting)) => match name {
            Some(name) => tr!("Waiting for an address from {name}", name),
            None => tr!("Waiting for an address by Wi-Fi"),
        },
        _ => NOT_CONNECTED.into(),
    }
}

/// The box's address, or where to sign in, or what works without a network.
pub(crate) fn network_detail(stand: &NetworkStand) -> String {
    let radio = stand.wireless.as_ref().map(|it| &it.link);
    match (&stand.portal, stand.wired.as_ref(), radio) {
        (Some(portal), ..) if stand.online() => {
            tr!(
                "Open {portal} on a phone or computer in the same network, and sign in there.",
                portal
            )
        }
        (_, Some(Link::Up { address }), _) | (_, _, Some(Link::Up { address })) => {
            tr!("The box's address is {address}.", address)
        }
        _ => STILL_WORKS.into(),
    }
}

/// "Connected  ·  password", "Open to everybody".
pub(crate) fn wifi_note(wifi: &Wifi, joined: bool) -> String {
    let lock = match wifi.lock {
        Lock::Open => msg!("Open to everybody"),
        Lock::Password => msg!("With a password"),
        Lock::Enterprise => msg!("For companies"),
        Lock::Old => msg!("Locked in an old way"),
    };
    match (joined, wifi.known) {
        (true, _) => tr!("Connected  ·  {lock}", lock),
        (false, true) => tr!("Known  ·  {lock}", lock),
        (false, false) => lock.into(),
    }
}

/// What OK does with it, or why it does nothing.
pub(crate) fn wifi_help(lock: Lock, known: bool, joined: bool) -> Message {
    match (lock, known) {
        _ if joined => msg!("The box is in this network. Press OK to forget it."),
        (Lock::Enterprise, _) => msg!(
            "This network wants a name and a password of each who joins it. The box cannot do \
             that: choose another network, or plug in a cable."
        ),
        (Lock::Old, _) => msg!(
            "This network is locked in a way (WEP) that protects nobody any more, and that the box \
             does not speak. Choose WPA2 or WPA3 in the settings of the router."
        ),
        (_, true) => msg!("The box knows this network. Press OK to connect, or to forget it."),
        (Lock::Password, false) => msg!("Press OK to type the password of this network."),
        (Lock::Open, false) => msg!(
            "Press OK to connect. This network has no password: others near it can see which sites \
             the box speaks to."
        ),
    }
}

/// What is waited for.
pub(crate) fn joining(let_in: bool) -> Message {
    if let_in {
        msg!("The network has let the box in. Now the box waits for an address.")
    } else {
        msg!("This takes some seconds.")
    }
}

pub(crate) fn joined_now(name: &str) -> String {
    tr!("The box is connected to {name}.", name)
}

/// Why a network is not joined, and what to do.
pub(crate) fn join_failed(name: &str, why: &JoinFailure) -> String {
    match why {
        JoinFailure::WrongPassword => {
            tr!(
                "{name} did not take the password. Press OK to type it again.",
                name
            )
        }
        JoinFailure::OutOfReach => tr!(
            "{name} is out of reach. Bring the box and the router closer together, or see whether \
             the router is on.",
            name
        ),
        JoinFailure::NoAddress => tr!(
            "{name} has let the box in, but gives it no address. Switch the router off and on, and \
             try again.",
            name
        ),
        JoinFailure::NoAnswer => tr!(
            "{name} does not answer. Try again, closer to the router if you can, or switch the \
             router off and on.",
            name
        ),
        JoinFailure::Other(why) => tr!("{name} cannot be joined now: {why}. Try again.", name, why),
    }
}

/// Its letters, where it cannot be chosen.
pub(crate) fn country_name(country: Country) -> String {
    let known = COUNTRIES.iter().find(|(it, _)| *it == country);
    known.map_or_else(|| country.letters(), |(_, name)| String::from(*name))
}

pub(crate) fn country_label(country: Option<Country>) -> String {
    match country {
        Some(country) => tr!("Country: {name}", name = country_name(country)),
        None => tr!("Country: not chosen"),
    }
}

pub(crate) fn password_of(name: &str) -> String {
    tr!("Password of {name}", name)
}

pub(crate) fn password_length(chars: usize) -> String {
    trn!(
        chars as u64,
        "A Wi-Fi password has 8 to 63 letters. This has {count}.",
        "A Wi-Fi password has 8 to 63 letters. This has {count}."
    )
}

/// `help`, and that a phone can be used.
pub(crate) fn or_on_phone(help: Message) -> String {
    tr!("{help} Or type it on your phone, and press OK here.", help)
}

/// `help`, and that a phone can do it.
pub(crate) fn or_with_phone(help: Message) -> String {
    tr!("{help} Or press Menu to type it on your phone.", help)
}

/// How a phone joins the box's own network without its camera; the password is shown below.
pub(crate) fn or_choose(name: &str) -> String {
    tr!(
        "Or choose the Wi-Fi network {name} on it, and type this password. If the phone says that \
         there is no Internet, stay in it.",
        name
    )
}

/// How its page is opened.
pub(crate) fn or_open(address: &str) -> String {
    tr!(
        "Most phones open the page by themselves once they have joined. Else point the camera \
         here, or open {address}. There choose your network and type its password.",
        address
    )
}

pub(crate) fn own_ended(why: &str) -> String {
    tr!(
        "The network for your phone is closed: {why}. Press OK to open it again.",
        why
    )
}
