//! Pages that tell: whether all is well, what leaves the box and to whom, and what it is made of.

use crate::app::{App, Place};
use crate::view::MenuView;
use crate::{Effect, Key, ROOM_MIN, words};

/// What is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// Whether all is well.
    Checks,
    Privacy,
    Box,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToldPage {
    about: About,
    focus: usize,
}

/// A part of what is told: what it is called, the text, and in a word whether all is well.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) well: Option<bool>,
}

impl ToldPage {
    pub(crate) fn new(about: About) -> ToldPage {
        ToldPage { about, focus: 0 }
    }
}

impl App {
    fn told(&self, about: About) -> Vec<Part> {
        match about {
            About::Checks => self.checks(),
            About::Box => {
                let image = self.updates.as_ref().map(|it| &*it.settings.version);
                words::about_box(image.unwrap_or(env!("CARGO_PKG_VERSION")))
            }
            About::Privacy => {
                let on = self.add_ons.iter().filter(|it| it.enabled);
                let (strangers, ours): (Vec<_>, Vec<_>) = on.partition(|it| it.host.is_some());
                let stranger = |it: &&crate::AddOn| match &it.host {
                    Some(host) if *host != it.name => format!("{} ({host})", it.name),
                    _ => it.name.clone(),
                };
                let strangers: Vec<_> = strangers.iter().map(stranger).collect();
                let ours: Vec<_> = ours
                    .iter()
                    .map(|it| crate::saying::own_name(&it.name))
                    .collect();
                let updates = self.updates.as_ref();
                let channel = updates.is_some_and(|it| it.settings.channel.is_some());
                words::privacy(&ours, &strangers, channel, self.wishes().wish.torrents)
            }
        }
    }

    /// What the box knows of itself without asking anybody.
    pub(crate) fn checks(&self) -> Vec<Part> {
        let network = self.network.as_ref().map(|it| {
            let stand = &it.stand;
            let state = words::network_state(stand, it.joining.as_ref());
            words::check_network(state, words::network_detail(stand), stand.online())
        });
        let room = self.drives.as_ref().map(|it| {
            let kept = it.named(it.keeps_on.as_deref().unwrap_or_default());
            let room = kept.and_then(|drive| drive.room).unwrap_or(it.internal);
            let name = kept.map(|drive| drive.name.as_str());
            words::check_room(name, room.free_bytes, room.free_bytes >= ROOM_MIN)
        });
        let troubled = self.add_ons.iter().filter(|it| it.enabled);
        let troubled = troubled.filter_map(|it| Some((&*it.name, it.trouble.as_deref()?)));
        let add_ons = words::check_add_ons(&troubled.collect::<Vec<_>>());
        let updates = self.updates.as_ref().map(words::check_updates);
        let line = words::check_line(self.taste.measured());
        let parts = network.into_iter().chain([line]).chain(room);
        parts.chain([add_ons]).chain(updates).collect()
    }

    pub(crate) fn told_key(&mut self, mut page: ToldPage, key: Key, effects: &mut Vec<Effect>) {
        let last = self.told(page.about).len().saturating_sub(1);
        page.focus = match key {
            Key::Up => page.focus.min(last).saturating_sub(1),
            Key::Down => (page.focus + 1).min(last),
            Key::Back | Key::Left | Key::Stop => return self.back(effects),
            _ => page.focus,
        };
        self.place = Place::Told(page);
    }

    pub(crate) fn told_view(&self, page: &ToldPage) -> MenuView {
        let parts = self.told(page.about);
        let focus = page.focus.min(parts.len().saturating_sub(1));
        let part = parts.get(focus);
        MenuView {
            title: words::about(page.about).into(),
            focus,
            headline: part.map(|it| it.name.clone()).unwrap_or_default(),
            message: part.map(|it| it.text.clone()).unwrap_or_default(),
            notes: parts.iter().map(|it| words::well(it.well)).collect(),
            labels: parts.into_iter().map(|it| it.name).collect(),
            chosen: None,
            ask: None,
            hint: words::CODE_HINT.into(),
        }
    }
}
