//! The network: how the box is connected, which Wi-Fi networks there are, and joining one.
//!
//! What is there is told whole each time something of it changes. One network is joined at a time,
//! and that ends by itself, whatever the world says; the viewer can stop it.
//! A passphrase is written nowhere but in the act that joins: [`Passphrase`] shows it to no log.
//! That the box went offline is told once, after a moment, for most of what it does goes on.

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::fixed::{Addressing, Fixed, Way};
use crate::fixed_page::FixedPage;
use crate::join_page::JoinPage;
use crate::network_page::{Asked, NetworkPage};
use crate::own_network::{Choice, Own, OwnNews};
use crate::trial::Trial;
use crate::wall::Door;
use crate::{Effect, Key, Language, Time, words};

/// Networks that are listed: those of a large house's neighbours.
pub const NETWORKS_MAX: usize = 64;

/// An address comes within so long after that, or nobody gives one: DHCP asks four times.
const ADDRESS: Duration = Duration::from_secs(25);

/// While its page is shown, networks are looked for so often: a scan of all channels takes five.
const LOOKS: Duration = Duration::from_secs(20);

/// A box is offline from then on: at its start, a cable and DHCP take as long as this.
const OFFLINE: Duration = Duration::from_secs(20);

/// What opens a network, or part of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Passphrase(pub String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// A country by its two letters (ISO 3166-1), whose rules for radio hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country(pub [u8; 2]);

impl Country {
    /// Two letters, large ones.
    pub fn parse(text: &str) -> Option<Country> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        let large = letters.iter().all(u8::is_ascii_uppercase);
        large.then_some(Country(letters))
    }

    pub fn letters(self) -> String {
        self.0.map(char::from).iter().collect()
    }
}

/// How far a way to the network is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Link {
    /// Nothing is plugged in, or no network joined.
    #[default]
    Down,
    /// There is somebody, who has given no address yet.
    Waiting,
    /// With this address of the box's.
    Up { address: String },
}

impl Link {
    /// There is a way out by it.
    pub fn is_up(&self) -> bool {
        matches!(self, Link::Up { .. })
    }
}

/// How a network is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Open,
    /// WPA2 or WPA3 with one password for all.
    Password,
    /// Each has a name and a password of his own (802.1X), which the box cannot have.
    Enterprise,
    /// In a way that is broken (WEP), and that the box does not speak.
    Old,
}

/// A network in reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wifi {
    pub id: Arc<str>,
    pub name: String,
    /// How strong, 0 to 4.
    pub bars: u8,
    pub lock: Lock,
    /// The box was let in before, and joins it by itself.
    pub known: bool,
}

/// The box's radio.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wireless {
    pub link: Link,
    /// By [`Wifi::id`].
    pub joined: Option<Arc<str>>,
    /// It looks for networks now.
    pub looks: bool,
    /// It can open a network of its own ([`NetworkAct::OpenOwn`]).
    pub opens: bool,
    /// The one that is joined first, then those that are known, each by strength.
    pub networks: Vec<Wifi>,
}

/// All there is of the network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkStand {
    /// None: there is no socket for a cable.
    pub wired: Option<Link>,
    /// None: there is no radio.
    pub wireless: Option<Wireless>,
    /// Where one signs in before anything else can be reached (RFC 8910).
    pub portal: Option<String>,
    /// As the radio was told.
    pub country: Option<Country>,
    /// How the box gets its address on each of [`Way::ALL`]; none: nobody here can fix one.
    pub addressing: Option<[Addressing; 2]>,
}

impl NetworkStand {
    /// There is a way out of the box.
    pub fn online(&self) -> bool {
        let radio = self.wireless.as_ref();
        self.wired.as_ref().is_some_and(Link::is_up) || radio.is_some_and(|it| it.link.is_up())
    }

    /// The network that the radio is in.
    pub(crate) fn joined(&self) -> Option<&Wifi> {
        let radio = self.wireless.as_ref()?;
        let id = radio.joined.as_deref()?;
        radio.networks.iter().find(|wifi| *wifi.id == *id)
    }

    pub(crate) fn wifi(&self, id: &str) -> Option<&Wifi> {
        let radio = self.wireless.as_ref()?;
        radio.networks.iter().find(|wifi| *wifi.id == *id)
    }
}

/// News of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkNews {
    Stand(Box<NetworkStand>),
    /// The network that was to be joined let the box in.
    LetIn,
    NotLetIn(JoinFailure),
    /// Of the network that the box opens itself.
    Own(OwnNews),
    /// Whether that router answers ([`NetworkAct::Knock`]).
    Knocked {
        router: Ipv4Addr,
        answers: bool,
    },
}

/// Why a network is not joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinFailure {
    WrongPassword,
    /// It is not there (any more).
    OutOfReach,
    /// It let the box in, and nobody in it gave an address.
    NoAddress,
    /// It did not answer in time.
    NoAnswer,
    /// Something else; in words of who drives the radio.
    Other(String),
}

/// What is to be done about the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkAct {
    /// Look for networks now.
    Look,
    /// Join that one ([`NetworkNews::LetIn`], [`NetworkNews::NotLetIn`]).
    Join {
        id: Arc<str>,
        passphrase: Option<Passphrase>,
    },
    /// The same for one that does not tell its name.
    JoinHidden {
        name: String,
        passphrase: Option<Passphrase>,
    },
    /// Do not join it after all.
    Stop,
    /// Know that one no more, and leave it.
    Forget(Arc<str>),
    /// The radio keeps to the rules of that country.
    Rules(Country),
    /// Open a network for a phone, whose page speaks that ([`OwnNews`]). Joining a network closes
    /// it.
    OpenOwn(Language),
    /// And join again what is known.
    CloseOwn,
    /// The box has that address on that way from now on; none: an automatic one.
    Fix { way: Way, fixed: Option<Fixed> },
    /// Find out whether that router answers the box at that address of its own
    /// ([`NetworkNews::Knocked`]).
    Knock { from: Ipv4Addr, router: Ipv4Addr },
}

/// A network that is being joined.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Joining {
    /// None: it does not tell its name.
    pub(crate) id: Option<Arc<str>>,
    pub(crate) name: String,
    pub(crate) passphrase: Option<Passphrase>,
    /// It was typed there, and is mended there.
    pub(crate) by_phone: bool,
    /// It let the box in, which waits for an address.
    pub(crate) let_in: bool,
    pub(crate) until: Time,
}

/// What the core knows of the network.
#[derive(Debug, Default)]
pub(crate) struct Network {
    pub(crate) stand: NetworkStand,
    /// Something was told at all.
    known: bool,
    pub(crate) joining: Option<Joining>,
    /// The last that was to be joined, and why it is not.
    pub(crate) failed: Option<(String, JoinFailure)>,
    /// The network that the box opens itself.
    pub(crate) own: Option<Own>,
    /// Why that is closed.
    pub(crate) own_said: Option<String>,
    /// A fixed address that is being tried.
    pub(crate) trial: Option<Trial>,
    /// When networks are looked for next, while somebody looks.
    looks: Option<Time>,
    /// Since when there is no way out, and whether that was told.
    offline: Option<(Time, bool)>,
    /// There was a way out since the start: who never has one need not hear it.
    was_online: bool,
}

impl Network {
    fn deadline(&self) -> Option<Time> {
        let offline = self.offline.filter(|(_, told)| !told);
        let offline = offline.map(|(since, _)| since + OFFLINE);
        let joins = self.joining.as_ref().map(|it| it.until);
        let own = self.own.as_ref().map(|it| it.until);
        let trial = self.trial.as_ref().map(|it| it.until);
        let all = [offline, joins, own, trial, self.looks].into_iter();
        all.flatten().min()
    }

    /// Networks are looked for while `shown`, and at once when that begins.
    fn look(&mut self, shown: bool, now: Time, effects: &mut Vec<Effect>) {
        let busy = self.joining.is_some() || self.own.is_some();
        if !shown || busy || self.stand.wireless.is_none() {
            self.looks = None;
            return;
        }
        if self.looks.is_none_or(|at| now >= at) {
            self.looks = Some(now + LOOKS);
            effects.push(Effect::Network(NetworkAct::Look));
        }
    }
}

impl App {
    pub(crate) fn network_deadline(&self) -> Option<Time> {
        self.network.as_ref().and_then(Network::deadline)
    }

    /// What is typed now is nobody's to know: keys are not written down either.
    pub fn private(&self) -> bool {
        matches!(self.place, Place::Join(_) | Place::Pin(_))
    }

    pub(crate) fn network_news(&mut self, news: NetworkNews, effects: &mut Vec<Effect>) {
        let now = self.now;
        let Some(network) = &mut self.network else {
            return;
        };
        match news {
            NetworkNews::Stand(stand) => {
                let mut stand = *stand;
                if let Some(radio) = &mut stand.wireless {
                    radio.networks.truncate(NETWORKS_MAX);
                }
                network.stand = stand;
                network.known = true;
                self.joined_if_up(effects);
                self.go_on_trying(effects);
            }
            NetworkNews::LetIn => {
                if let Some(joining) = &mut network.joining {
                    joining.let_in = true;
                    joining.until = now + ADDRESS;
                }
                self.joined_if_up(effects);
            }
            NetworkNews::NotLetIn(why) => self.not_joined(&why),
            NetworkNews::Own(news) => self.own_news(news, effects),
            NetworkNews::Knocked { router, answers } => self.knocked(router, answers, effects),
        }
    }

    /// The network that was joined gave an address: that is all there was to do.
    fn joined_if_up(&mut self, effects: &mut Vec<Effect>) {
        let Some(network) = &mut self.network else {
            return;
        };
        let radio = network.stand.wireless.as_ref();
        let up = radio.is_some_and(|it| it.link.is_up());
        let done = network.joining.take_if(|joining| joining.let_in && up);
        if let Some(joining) = done {
            network.failed = None;
            self.notify(words::joined_now(&joining.name));
            // It may be of another network.
            self.try_kept(Way::Wireless, effects);
        }
    }

    fn not_joined(&mut self, why: &JoinFailure) {
        let Some(network) = &mut self.network else {
            return;
        };
        let Some(joining) = network.joining.take() else {
            return;
        };
        network.failed = Some((joining.name.clone(), why.clone()));
        match (&self.place, joining.id) {
            // OK opens the box's own network once more.
            (Place::Network(_), _) if joining.by_phone => {
                self.place = Place::Network(NetworkPage::default());
            }
            // Who waits for it can mend what was typed.
            (Place::Network(_), Some(id)) if *why == JoinFailure::WrongPassword => {
                let typed = joining.passphrase.unwrap_or_default();
                self.place = Place::Join(JoinPage::again(id, joining.name, typed));
            }
            // The page says it itself.
            (Place::Network(_), _) => {}
            _ => self.notify(words::join_failed(&joining.name, why)),
        }
    }

    /// What is due: looking, giving up, and that the box is offline.
    pub(crate) fn turn_network(&mut self, effects: &mut Vec<Effect>) {
        self.turn_own(effects);
        self.turn_trial(effects);
        let (now, asleep) = (self.now, self.power.asleep);
        let here = matches!(
            self.place,
            Place::Network(_) | Place::Join(_) | Place::Fixed(_)
        );
        let Some(network) = &mut self.network else {
            return;
        };
        if let Some(joining) = network.joining.as_ref().filter(|it| now >= it.until) {
            let why = if joining.let_in {
                JoinFailure::NoAddress
            } else {
                JoinFailure::NoAnswer
            };
            effects.push(Effect::Network(NetworkAct::Stop));
            self.not_joined(&why);
        }
        let Some(network) = &mut self.network else {
            return;
        };
        network.look(here && !asleep, now, effects);
        network.was_online |= network.stand.online();
        let online = network.stand.online() || !network.known;
        network.offline = match network.offline {
            _ if online => None,
            None => Some((now, false)),
            offline => offline,
        };
        let (mut tells, mut offline) = (false, false);
        if let Some((since, told)) = &mut network.offline {
            tells = !*told && now >= *since + OFFLINE;
            *told |= tells;
            offline = *told;
        }
        self.wall.set_door(Door::Network, offline);
        if tells && network.was_online && !here && !asleep {
            self.notify(words::OFFLINE_NOW.into());
        }
    }

    pub(crate) fn network_page_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if self.own_key(key, effects) {
            return;
        }
        let (Place::Network(page), Some(network)) = (&mut self.place, &mut self.network) else {
            return;
        };
        // It was read before anything else is looked at.
        if matches!(key, Key::Up | Key::Down) {
            network.failed = None;
            network.own_said = None;
        }
        match page.key(key, network) {
            Asked::Nothing => {}
            Asked::Leave => self.back(effects),
            Asked::Stop => {
                network.joining = None;
                effects.push(Effect::Network(NetworkAct::Stop));
            }
            Asked::Join(id) => self.join(Choice::known(id), false, effects),
            Asked::Phone => self.open_own(effects),
            Asked::Password { id, name } => self.place = Place::Join(JoinPage::new(id, name)),
            Asked::Hidden => self.place = Place::Join(JoinPage::hidden()),
            Asked::Forget(id) => effects.push(Effect::Network(NetworkAct::Forget(id))),
            Asked::Rules(country) => effects.push(Effect::Network(NetworkAct::Rules(country))),
            Asked::Address(way) => {
                self.place = Place::Fixed(FixedPage::new(way, network.stand.addressing(way)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_in_no_log() {
        let passphrase = Some(Passphrase("correct horse".into()));
        let act = NetworkAct::JoinHidden {
            name: "Attic".into(),
            passphrase,
        };
        let told = format!("{:?}", Effect::Network(act));
        assert!(told.contains("Attic") && !told.contains("horse"), "{told}");
    }

    #[test]
    fn a_country_is_two_large_letters() {
        assert_eq!(
            Country::parse("FR").map(Country::letters).as_deref(),
            Some("FR")
        );
        for text in ["fr", "F", "FRA", "", "F1", "Fr\n"] {
            assert_eq!(Country::parse(text), None, "{text:?}");
        }
    }
}
