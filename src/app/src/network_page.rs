//! The page of the network: how the box is connected, the Wi-Fi networks in reach, one that does
//! not tell its name, and the country whose rules the radio keeps.
//!
//! The focus is a line, not a number: it stays with it while networks come and go.

use std::sync::Arc;

use crate::fixed::Way;
use crate::network::{Link, Network, NetworkStand};
use crate::own_network::Own;
use crate::view::NetworkView;
use crate::words;
use crate::{Country, Key, Lock, Wifi};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct NetworkPage {
    /// The line under focus, and its number, for when it has gone.
    focused: Option<Line>,
    focus: usize,
    over: Over,
}

/// What lies over the list.
#[derive(Debug, Clone, Default, PartialEq)]
enum Over {
    #[default]
    Nothing,
    /// What can be done with a network that is known, and which of it has the focus.
    Acts {
        id: Arc<str>,
        focus: usize,
        /// Forgetting was chosen once.
        sure: bool,
    },
    Countries(usize),
}

/// What can be done with a network that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Connect,
    Forget,
}

/// What the page asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    /// What is being joined is not to be.
    Stop,
    Join(Arc<str>),
    /// Its password is to be typed first.
    Password {
        id: Arc<str>,
        name: String,
    },
    Hidden,
    /// A phone is to do it.
    Phone,
    Forget(Arc<str>),
    Rules(Country),
    /// How the box gets its address there.
    Address(Way),
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
enum Line {
    Phone,
    /// By its id.
    Wifi(Arc<str>),
    Hidden,
    Country,
    Address(Way),
}

fn lines(network: &Network) -> Vec<Line> {
    let stand = &network.stand;
    let mut lines = Vec::new();
    if let Some(radio) = &stand.wireless {
        let networks = radio.networks.iter();
        lines.extend(radio.opens.then_some(Line::Phone));
        lines.extend(networks.map(|wifi| Line::Wifi(Arc::clone(&wifi.id))));
        lines.extend([Line::Hidden, Line::Country]);
    }
    lines.extend(ways(stand).map(Line::Address));
    lines
}

/// Those that have addresses to fix.
fn ways(stand: &NetworkStand) -> impl Iterator<Item = Way> {
    let fixes = |way: &Way| stand.addressing(*way).is_some() && stand.link(*way).is_some();
    Way::ALL.into_iter().filter(fixes)
}

fn acts(network: &Network, id: &str) -> &'static [Act] {
    match network.stand.joined() {
        Some(wifi) if *wifi.id == *id => &[Act::Forget],
        _ => &[Act::Connect, Act::Forget],
    }
}

impl NetworkPage {
    /// With the focus on that network.
    pub(crate) fn at(id: Option<Arc<str>>) -> NetworkPage {
        NetworkPage {
            focused: id.map(Line::Wifi),
            ..NetworkPage::default()
        }
    }

    /// With the focus on that way's address.
    pub(crate) fn at_address(way: Way) -> NetworkPage {
        NetworkPage {
            focused: Some(Line::Address(way)),
            ..NetworkPage::default()
        }
    }

    fn place(&self, lines: &[Line]) -> usize {
        let is = |line: &Line| self.focused.as_ref() == Some(line);
        let there = lines.iter().position(is);
        there.unwrap_or(self.focus.min(lines.len().saturating_sub(1)))
    }

    pub(crate) fn key(&mut self, key: Key, network: &Network) -> Asked {
        if network.joining.is_some() {
            return match key {
                Key::Back | Key::Stop => Asked::Stop,
                Key::Left => Asked::Leave,
                _ => Asked::Nothing,
            };
        }
        match self.over.clone() {
            Over::Acts { id, focus, sure } => return self.act_key(key, network, id, focus, sure),
            Over::Countries(at) => return self.country_key(key, at),
            Over::Nothing => {}
        }
        let lines = lines(network);
        let at = self.place(&lines);
        let to = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(lines.len().saturating_sub(1)),
            Key::Back | Key::Left | Key::Stop => return Asked::Leave,
            Key::Ok => return self.choose(lines.get(at), network),
            _ => at,
        };
        self.focus = to;
        self.focused = lines.get(to).cloned();
        Asked::Nothing
    }

    fn choose(&mut self, line: Option<&Line>, network: &Network) -> Asked {
        match line {
            None => Asked::Nothing,
            Some(Line::Address(way)) => Asked::Address(*way),
            Some(Line::Phone) => Asked::Phone,
            Some(Line::Hidden) => Asked::Hidden,
            Some(Line::Country) => {
                let now = network.stand.country;
                let at = words::countries()
                    .iter()
                    .position(|(it, _)| Some(*it) == now);
                self.over = Over::Countries(at.unwrap_or(0));
                Asked::Nothing
            }
            Some(Line::Wifi(id)) => match network.stand.wifi(id) {
                Some(wifi) => self.choose_wifi(wifi),
                None => Asked::Nothing,
            },
        }
    }

    fn choose_wifi(&mut self, wifi: &Wifi) -> Asked {
        let id = Arc::clone(&wifi.id);
        match wifi.lock {
            _ if wifi.known => {
                self.over = Over::Acts {
                    id,
                    focus: 0,
                    sure: false,
                };
                Asked::Nothing
            }
            Lock::Open => Asked::Join(id),
            Lock::Password => Asked::Password {
                id,
                name: wifi.name.clone(),
            },
            // The page says why not.
            Lock::Enterprise | Lock::Old => Asked::Nothing,
        }
    }

    fn act_key(
        &mut self,
        key: Key,
        network: &Network,
        id: Arc<str>,
        focus: usize,
        sure: bool,
    ) -> Asked {
        let acts = acts(network, &id);
        let last = acts.len() - 1;
        let at = focus.min(last);
        let to = match key {
            Key::Back | Key::Left | Key::Stop => {
                self.over = Over::Nothing;
                return Asked::Nothing;
            }
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(last),
            Key::Ok if acts[at] == Act::Forget && !sure => {
                self.over = Over::Acts {
                    id,
                    focus: at,
                    sure: true,
                };
                return Asked::Nothing;
            }
            Key::Ok => {
                self.over = Over::Nothing;
                return match acts[at] {
                    Act::Connect => Asked::Join(id),
                    Act::Forget => Asked::Forget(id),
                };
            }
            _ => at,
        };
        self.over = Over::Acts {
            id,
            focus: to,
            sure: sure && to == at,
        };
        Asked::Nothing
    }

    fn country_key(&mut self, key: Key, at: usize) -> Asked {
        let to = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(words::countries().len() - 1),
            Key::Back | Key::Left | Key::Stop => {
                self.over = Over::Nothing;
                return Asked::Nothing;
            }
            Key::Ok => {
                self.over = Over::Nothing;
                return Asked::Rules(words::countries()[at].0);
            }
            _ => at,
        };
        self.over = Over::Countries(to);
        Asked::Nothing
    }

    pub(crate) fn view(&self, network: &Network) -> NetworkView {
        if let Some(opening) = network.own.as_ref().and_then(Own::opening) {
            return opening;
        }
        let stand = &network.stand;
        let mut view = NetworkView {
            title: words::NETWORK.into(),
            headline: words::network_state(stand, network.joining.as_ref()),
            detail: words::network_detail(stand),
            busy: network.joining.is_some(),
            hint: words::CODE_HINT.into(),
            ..NetworkView::default()
        };
        if let Some(joining) = &network.joining {
            view.detail.clear();
            view.message = words::joining(joining.let_in).into();
            view.hint = words::JOINING_HINT.into();
            return view;
        }
        match &self.over {
            Over::Acts { id, focus, sure } => {
                Self::show_acts(&mut view, network, id, *focus, *sure);
            }
            Over::Countries(at) => {
                view.title = words::COUNTRY.into();
                let all = words::countries();
                let now = stand.country;
                view.chosen = all.iter().position(|(it, _)| Some(*it) == now);
                view.labels = all.into_iter().map(|(_, name)| name).collect();
                view.focus = *at;
                view.message = words::COUNTRY_HELP.into();
            }
            Over::Nothing => self.show_list(&mut view, network),
        }
        view
    }

    fn show_acts(view: &mut NetworkView, network: &Network, id: &str, focus: usize, sure: bool) {
        let acts = acts(network, id);
        let label = |act: &Act| match act {
            Act::Connect => words::CONNECT.into(),
            Act::Forget => words::FORGET_NETWORK.into(),
        };
        let name = network.stand.wifi(id).map(|wifi| wifi.name.as_str());
        name.unwrap_or_default().clone_into(&mut view.title);
        view.labels = acts.iter().map(label).collect();
        view.focus = focus.min(acts.len() - 1);
        view.message = match acts[view.focus] {
            Act::Connect => words::KNOWN_NETWORK_HELP.into(),
            Act::Forget => words::FORGET_NETWORK_HELP.into(),
        };
        view.ask = sure.then(|| words::FORGET_NETWORK_SURELY.into());
    }

    fn show_list(&self, view: &mut NetworkView, network: &Network) {
        let stand = &network.stand;
        let lines = lines(network);
        let at = self.place(&lines);
        let wifi = |line: &Line| match line {
            Line::Wifi(id) => stand.wifi(id),
            _ => None,
        };
        let only = ways(stand).count() == 1;
        for line in &lines {
            let label = match line {
                Line::Wifi(id) => stand.wifi(id).map(|it| it.name.clone()).unwrap_or_default(),
                Line::Phone => words::WITH_PHONE.into(),
                Line::Hidden => words::HIDDEN_NETWORK.into(),
                Line::Country => words::country_label(stand.country),
                Line::Address(way) => words::address_label(*way, only, stand.addressing(*way)),
            };
            let wifi = wifi(line);
            let note = wifi.map(|it| words::wifi_note(it, is_joined(network, it)));
            view.labels.push(label);
            view.notes.push(note.unwrap_or_default());
            view.bars.push(wifi.map(|it| it.bars.min(4)));
        }
        let joined = |line| wifi(line).is_some_and(|it| is_joined(network, it));
        view.chosen = lines.iter().position(joined);
        view.focus = at;
        view.message = match (&network.failed, lines.get(at)) {
            (Some((name, why)), _) => words::join_failed(name, why),
            (None, _) if network.own_said.is_some() => network.own_said.clone().unwrap_or_default(),
            (None, Some(Line::Phone)) => words::WITH_PHONE_HELP.into(),
            (None, Some(line @ Line::Wifi(_))) => {
                let help = |it: &Wifi| words::wifi_help(it.lock, it.known, is_joined(network, it));
                wifi(line).map(help).map(String::from).unwrap_or_default()
            }
            (None, Some(Line::Hidden)) => words::HIDDEN_NETWORK_HELP.into(),
            (None, Some(Line::Country)) => words::COUNTRY_HELP.into(),
            // There is nothing else that would help.
            (None, None) => words::NO_RADIO.into(),
            (None, Some(_)) if stand.wireless.is_none() && !stand.online() => {
                words::NO_RADIO.into()
            }
            (None, Some(Line::Address(_))) => words::HOW_ADDRESSED.into(),
        };
        let radio = stand.wireless.as_ref();
        if radio.is_some_and(|it| it.looks && it.networks.is_empty()) {
            view.ask = Some(words::LOOKING_FOR_NETWORKS.into());
        }
    }
}

fn is_joined(network: &Network, wifi: &Wifi) -> bool {
    let radio = network.stand.wireless.as_ref();
    radio.is_some_and(|it| it.link != Link::Down && it.joined.as_deref() == Some(&*wifi.id))
}
