//! Which part of the box takes in which news, and what all of it comes to.

use crate::app::{App, Place};
use crate::event::Session;
use crate::{Effect, Event, Incident, SupplyNews, words};

impl App {
    /// The news itself.
    pub(crate) fn take_in(&mut self, event: Event, effects: &mut Vec<Effect>) {
        match event {
            _ if self.is_too_early(&event) => {}
            Event::Key(key, press) => {
                self.sign_of_life();
                self.strange.key();
                let before = self.wants_film();
                if !self.power_key(key, press, effects) {
                    self.key(key, press, effects);
                    self.show_film(before, effects);
                }
            }
            Event::Heard(button, key) => self.heard(button, key, effects),
            Event::Shown => self.lamp.shown(),
            Event::Tick => self.tick(effects),
            Event::Shutdown => self.shut_down(effects),
            Event::Rows(rows) => self.wall.set_catalogue(rows, &self.library),
            Event::Film(film) => self.film_changed(film),
            Event::Row(row) => self.wall.put_row(row, &self.library),
            Event::RowGone(id) => self.wall.remove_row(&id, &self.library),
            Event::Open(film) => self.opened(film, effects),
            Event::Described(title, told) => {
                self.described(&title, told.as_deref(), effects);
            }
            Event::Offers(quest, answer) => self.offered(quest, answer, effects),
            Event::SearchFor(text) => self.search_for(&text, effects),
            Event::Typed(text) => self.typed(&text.0, effects),
            Event::Jump(to) => self.jump(to, effects),
            Event::Steer(steer) => self.steer(steer, effects),
            Event::Watches(id, pin) => self.chosen_from_afar(id, pin, effects),
            Event::PinTyped(pin) => self.pin_typed(&pin, effects),
            Event::Pin(news) => self.pin_news(news, effects),
            Event::Phones(news) => self.phones_are(news),
            Event::Backup(news) => self.backup_news(news, effects),
            Event::Diagnose => effects.push(Effect::Diagnosed(self.diagnosis())),
            Event::Found(quest, answer) => self.found(quest, answer),
            Event::AddOns(add_ons) => self.add_ons_are(add_ons),
            Event::AddOnsListed(quest, answer) => self.add_ons_listed(quest, answer),
            Event::AddOnAdded(added) => self.add_on_added(&added, effects),
            Event::Update(news) => {
                if let Some(updates) = &mut self.updates {
                    updates.take(news, self.now);
                }
            }
            Event::Drive(news) => self.drive_news(news),
            Event::Network(news) => self.network_news(news, effects),
            Event::Clock(news) => self.clock_news(news),
            Event::Tv(news) => self.tv(news, effects),
            Event::NotEnded { why } => self.not_ended(&why, effects),
            Event::OpenRefused(failure) => self.notify(words::refused(&failure)),
            Event::Incident(incident) => {
                self.lamp.incident(incident);
                // In safe mode it only seems to be new.
                if incident == Incident::Safe {
                    self.skip_first_start();
                }
                self.notify(words::incident(incident).into());
            }
            Event::Mistake { what } => self.notify(words::mistake(&what)),
            Event::LibraryNotSaved { why } => self.notify(words::library_not_saved(&why)),
            Event::Supply(session, news) if self.session() == Some(session) => {
                self.supply(news, effects);
            }
            Event::Player(session, news) if self.session() == Some(session) => {
                self.player(news, effects);
            }
            Event::Texts(session, texts) if self.session() == Some(session) => {
                self.texts_found(texts, effects);
            }
            Event::Supply(Session::PREFETCH, SupplyNews::Progress(progress)) => {
                self.prefetch.progress(progress, self.now);
            }
            // Late news of a session that is over.
            Event::Supply(..) | Event::Player(..) | Event::Texts(..) => {}
        }
    }

    /// What follows from how the box stands now, whatever has changed; `came`: not by its viewer.
    pub(crate) fn turn(&mut self, came: bool, effects: &mut Vec<Effect>) {
        if let Place::Playing(playing) = &mut self.place {
            playing.hold(effects);
            playing.want_stills(self.now, effects);
        }
        self.turn_limit(effects);
        self.prepare_next(effects);
        self.offer_next();
        self.turn_power(effects);
        self.turn_profiles(effects);
        self.turn_drives(effects);
        let looks = self.looked_at().filter(|_| !self.power.asleep);
        self.prefetch.look(looks, self.now, effects);
        self.turn_updates(effects);
        self.turn_phones(effects);
        self.turn_network(effects);
        self.turn_first_start(effects);
        let learns = matches!(self.place, Place::Learn(_));
        if learns != self.learns {
            self.learns = learns;
            effects.push(Effect::LearnButtons(learns));
        }
        self.tell_status(effects);
        self.turn_language();
        self.turn_clock(effects);
        self.turn_voice(came, effects);
    }
}
