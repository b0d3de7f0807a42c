//! What is to be shown: the screen of where one is, and what lies over it.

use crate::app::{App, Place};
use crate::own_network::Own;
use crate::playing::Playing;
use crate::{PlayingView, Screen, View, saying};

impl App {
    /// Nothing is to be seen: it stands by, or the screen is off.
    pub(crate) fn is_dark(&self) -> bool {
        self.power.asleep || self.rest.is_off()
    }

    /// What to show now.
    pub fn view(&self) -> View {
        let _speaks = saying::speak(self.language);
        let screen = match &self.place {
            Place::Home => Screen::Home(self.wall.view()),
            Place::Film(page) => {
                let slow = page.torrent().is_some_and(|it| self.prefetch.too_slow(it));
                Screen::Film(page.view(&self.library, slow))
            }
            Place::Context(page) => Screen::Menu(page.view(&self.library)),
            Place::Series(page) => Screen::Series(page.view(&self.library)),
            Place::Search(page) => Screen::Search(page.view()),
            Place::AddOns(page) => Screen::AddOns(page.view()),
            Place::Listed(page) => Screen::AddOns(page.view()),
            Place::Address(page) => Screen::Address(page.view()),
            Place::Code(page) => Screen::Code(page.view()),
            Place::Updates(page) => match &self.updates {
                Some(updates) => Screen::Updates(page.view(updates)),
                None => Screen::Home(self.wall.view()),
            },
            Place::Power(page) => Screen::Menu(page.view(&self.power)),
            Place::Drives(page) => match &self.drives {
                Some(drives) => Screen::Menu(page.view(drives)),
                None => Screen::Home(self.wall.view()),
            },
            Place::Language(page) => Screen::Menu(page.view(self.language_of_tv())),
            Place::Zone(page) => match &self.clock {
                Some(clock) => Screen::Menu(self.zone_view(page, clock)),
                None => Screen::Home(self.wall.view()),
            },
            Place::Reset(page) => Screen::Menu(page.view(&self.power)),
            Place::Settings(page) => Screen::Menu(self.settings_view(page)),
            Place::Choices(page) => Screen::Menu(page.view(&self.held())),
            Place::Backup(page) => Screen::Menu(page.view()),
            Place::Rows(page) => Screen::Menu(self.rows_view(page)),
            Place::Who(page) => Screen::Who(page.view(&self.profiles.household)),
            Place::Pin(page) => Screen::Pin(self.pin_view(page)),
            Place::Profiles(page) => Screen::Menu(self.profiles_view(page)),
            Place::Name(page) => Screen::Address(page.view()),
            Place::Told(page) => Screen::Menu(self.told_view(page)),
            Place::Learn(page) => Screen::Learn(page.view()),
            Place::Phone(page) => match &self.phones {
                Some(phones) => Screen::Phone(page.view(phones)),
                None => Screen::Home(self.wall.view()),
            },
            Place::Network(page) => match &self.network {
                Some(network) => match network.own.as_ref().and_then(Own::codes) {
                    Some(codes) => Screen::Phone(codes),
                    None => Screen::Network(page.view(network)),
                },
                None => Screen::Home(self.wall.view()),
            },
            Place::Fixed(page) => match &self.network {
                Some(network) => page.view(network),
                None => Screen::Home(self.wall.view()),
            },
            Place::Join(page) => {
                let phones = self.phones.as_ref();
                let phone = phones.is_some_and(|it| it.listens && !it.phones.is_empty());
                Screen::Address(page.view(phone, self.can_open_own()))
            }
            Place::Seeking(seeking) => Screen::Opening(seeking.view(&self.library)),
            Place::Opening(opening) => Screen::Opening(opening.view(&self.library, self.now)),
            Place::Playing(playing) => Screen::Playing(self.playing_view(playing)),
            Place::Trouble(trouble) => Screen::Trouble(trouble.view()),
        };
        View {
            seq: self.seq,
            language: self.language,
            screen,
            dark: self.is_dark(),
            resting: self.rest.view(),
            notice: self.notice.as_ref().map(|(text, _)| text.clone()),
            volume: self.volume_view(),
            loudness: self.loudness(),
            contrast: self.contrast,
            large_text: self.large_text,
            overscan: self.overscan,
            corners: self.sets_size(),
            profile: self.profile_view(),
            clock: self.clock_view(),
        }
    }

    fn playing_view(&self, playing: &Playing) -> PlayingView {
        let mut view = playing.view(self.now);
        view.next = self.next_view(playing).map(Box::new);
        view.deck.has_next = self.has_next(&playing.attempt.film);
        if let Some(controls) = &mut view.controls {
            controls.ends = self.ends_view(playing);
        }
        view
    }
}
