//! The page of all that can be set of the box, with what it is now beside each; and the page of the
//! first start, which leads through the most important of them.
//!
//! Most lines lead to a page of their own, and Back returns here. The first start asks nothing that
//! must be answered: each step can be passed over, and done again from the settings.

use crate::app::{App, Place};
use crate::choices_page::{ChoicesPage, Group};
use crate::drives_page::DrivesPage;
use crate::learn_page::LearnPage;
use crate::network_page::NetworkPage;
use crate::phone_page::PhonePage;
use crate::profiles_page::ProfilesPage;
use crate::told_page::{About, ToldPage};
use crate::updates_page::UpdatesPage;
use crate::view::MenuView;
use crate::{Effect, Key, Language, OwnerSettings, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SettingsPage {
    kind: Kind,
    focus: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    All,
    FirstStart,
}

/// What a line leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Language,
    TimeZone,
    Network,
    Phone,
    Remote,
    Drives,
    /// Of the wall.
    Rows,
    Profiles,
    Choices(Group),
    Updates,
    /// How a phone saves and brings it.
    Backup,
    Told(About),
    FirstStart,
    /// The end of the first start.
    Wall,
}

const ALL: [Topic; 20] = [
    Topic::Language,
    Topic::TimeZone,
    Topic::Network,
    Topic::Phone,
    Topic::Remote,
    Topic::Drives,
    Topic::Rows,
    Topic::Profiles,
    Topic::Choices(Group::Films),
    Topic::Choices(Group::Sharing),
    Topic::Choices(Group::Sound),
    Topic::Choices(Group::Screen),
    Topic::Choices(Group::Speech),
    Topic::Choices(Group::Tv),
    Topic::Updates,
    Topic::Backup,
    Topic::Told(About::Checks),
    Topic::Told(About::Privacy),
    Topic::Told(About::Box),
    Topic::FirstStart,
];

/// What makes the box one's own, the most important first.
const FIRST_START: [Topic; 9] = [
    Topic::Language,
    Topic::TimeZone,
    Topic::Choices(Group::Speech),
    Topic::Network,
    Topic::Remote,
    Topic::Phone,
    Topic::Choices(Group::Screen),
    Topic::Drives,
    Topic::Wall,
];

impl SettingsPage {
    pub(crate) fn new() -> SettingsPage {
        SettingsPage {
            kind: Kind::All,
            focus: 0,
        }
    }

    pub(crate) fn first_start() -> SettingsPage {
        SettingsPage {
            kind: Kind::FirstStart,
            focus: 0,
        }
    }
}

impl App {
    fn topics(&self, page: &SettingsPage) -> Vec<Topic> {
        let all: &[Topic] = match page.kind {
            Kind::All => &ALL,
            Kind::FirstStart => &FIRST_START,
        };
        all.iter().copied().filter(|it| self.has(*it)).collect()
    }

    /// This box has that, and can see to it.
    fn has(&self, topic: Topic) -> bool {
        match topic {
            Topic::Language => self.file.languages && Language::offered().count() > 1,
            Topic::TimeZone => self.clock.is_some(),
            Topic::Network => self.network.is_some(),
            Topic::Phone | Topic::Backup => self.phones.is_some(),
            Topic::Remote => self.file.remotes,
            Topic::Drives => self.drives.is_some(),
            Topic::Choices(Group::Speech) => self.file.speech,
            Topic::Choices(Group::Tv) => self.file.tv.is_some(),
            Topic::Updates => self.updates.is_some(),
            Topic::Profiles
            | Topic::Rows
            | Topic::Choices(_)
            | Topic::Told(_)
            | Topic::FirstStart
            | Topic::Wall => true,
        }
    }

    pub(crate) fn settings_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Place::Settings(page) = &self.place else {
            return;
        };
        let mut page = page.clone();
        let topics = self.topics(&page);
        let last = topics.len().saturating_sub(1);
        let at = page.focus.min(last);
        page.focus = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(last),
            Key::Back | Key::Left | Key::Stop => return self.back(effects),
            Key::Ok => {
                // Who comes back from a step of the first start is at the next.
                let steps = usize::from(page.kind == Kind::FirstStart);
                page.focus = (at + steps).min(last);
                self.place = Place::Settings(page);
                if let Some(topic) = topics.get(at) {
                    self.open_topic(*topic, effects);
                }
                return;
            }
            _ => at,
        };
        self.place = Place::Settings(page);
    }

    fn open_topic(&mut self, topic: Topic, effects: &mut Vec<Effect>) {
        if topic == Topic::Wall {
            self.back(effects);
            return;
        }
        self.step_in(effects);
        self.place = match topic {
            Topic::Language => self.language_page(),
            Topic::TimeZone => self.zone_page(effects),
            Topic::Profiles => Place::Profiles(ProfilesPage::default()),
            Topic::Network => Place::Network(NetworkPage::default()),
            Topic::Phone | Topic::Backup => Place::Phone(PhonePage::default()),
            Topic::Remote => Place::Learn(LearnPage::new(false, self.now)),
            Topic::Drives => Place::Drives(DrivesPage::default()),
            Topic::Rows => self.rows_page(),
            Topic::Choices(group) => Place::Choices(ChoicesPage::new(group)),
            Topic::Updates => Place::Updates(UpdatesPage::default()),
            Topic::Told(about) => Place::Told(ToldPage::new(about)),
            Topic::FirstStart | Topic::Wall => Place::Settings(SettingsPage::first_start()),
        };
    }

    /// What it is now; empty: there is nothing to say in a line.
    fn now_of(&self, topic: Topic) -> String {
        match topic {
            Topic::Language => self.language.own_name().into(),
            Topic::TimeZone => self.zone_name(),
            Topic::Profiles if !self.profiles.are_several() => String::new(),
            Topic::Profiles => words::profile_name(self.profiles.current()),
            Topic::Network => {
                let network = self.network.as_ref();
                let said = |it: &crate::network::Network| {
                    words::network_state(&it.stand, it.joining.as_ref())
                };
                network.map(said).unwrap_or_default()
            }
            Topic::Phone => {
                let phones = self.phones.as_ref().filter(|it| it.listens);
                words::phones_known(phones.map(|it| it.phones.len()))
            }
            Topic::Drives => {
                let drives = self.drives.as_ref();
                let kept = drives.and_then(|it| it.named(it.keeps_on.as_deref()?));
                words::kept_on(kept.map(|drive| drive.name.as_str()))
            }
            Topic::Updates => {
                let told = self.updates.as_ref().map(words::update_stage);
                told.map(|told| told.headline).unwrap_or_default()
            }
            Topic::Remote
            | Topic::Backup
            | Topic::Rows
            | Topic::Choices(_)
            | Topic::Told(_)
            | Topic::FirstStart
            | Topic::Wall => String::new(),
        }
    }

    pub(crate) fn settings_view(&self, page: &SettingsPage) -> MenuView {
        let topics = self.topics(page);
        let focus = page.focus.min(topics.len().saturating_sub(1));
        let about = topics.get(focus).map(|it| words::topic_help(*it));
        let (title, headline, hint) = match page.kind {
            Kind::All => {
                let focused = topics.get(focus).map(|it| words::topic(*it));
                (words::SETTINGS, focused, words::CODE_HINT)
            }
            Kind::FirstStart => {
                let welcome = Some(words::WELCOME.into());
                (words::FIRST_START, welcome, words::FIRST_START_HINT)
            }
        };
        MenuView {
            title: title.into(),
            labels: topics.iter().map(|it| words::topic(*it)).collect(),
            notes: topics.iter().map(|it| self.now_of(*it)).collect(),
            chosen: None,
            focus,
            headline: headline.unwrap_or_default(),
            message: about.unwrap_or_default(),
            ask: None,
            hint: hint.into(),
        }
    }

    /// Nobody is asked in now: there is something else to see.
    pub(crate) fn skip_first_start(&mut self) {
        if std::mem::take(&mut self.first_start) && matches!(self.place, Place::Settings(_)) {
            self.place = Place::Home;
        }
    }

    /// A box that is new asks its owner in; one who has seen the wall is not asked again.
    pub(crate) fn turn_first_start(&mut self, effects: &mut Vec<Effect>) {
        if self.first_start && matches!(self.place, Place::Home) {
            self.first_start = false;
            let owner = OwnerSettings {
                welcomed: true,
                ..self.library.owner
            };
            self.choose(owner, effects);
        }
    }
}
