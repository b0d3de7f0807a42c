//! What happens by itself once its time has come, and when that is.

use crate::app::{App, Place};
use crate::phones::Phones;
use crate::updates::Updates;
use crate::{Effect, Time};

impl App {
    /// Time has passed.
    pub(crate) fn tick(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        self.notice.take_if(|(_, until)| now >= *until);
        self.prefetch.tick(now);
        self.settle_coming();
        match &mut self.place {
            Place::Playing(_) => self.film_tick(effects),
            Place::Opening(opening) => {
                opening.tick(now);
                self.start_if_ready(effects);
            }
            Place::Film(_) | Place::Seeking(_) => self.sought(effects),
            Place::Search(_) => self.search_if_due(effects),
            Place::Home => self.letters_tick(),
            Place::Learn(page) => {
                let asked = page.tick(now);
                self.learn_asked(asked, effects);
            }
            Place::Context(_)
            | Place::Series(_)
            | Place::AddOns(_)
            | Place::Listed(_)
            | Place::Address(_)
            | Place::Code(_)
            | Place::Updates(_)
            | Place::Power(_)
            | Place::Reset(_)
            | Place::Drives(_)
            | Place::Language(_)
            | Place::Zone(_)
            | Place::Phone(_)
            | Place::Network(_)
            | Place::Settings(_)
            | Place::Choices(_)
            | Place::Rows(_)
            | Place::Who(_)
            | Place::Pin(_)
            | Place::Profiles(_)
            | Place::Name(_)
            | Place::Told(_)
            | Place::Backup(_)
            | Place::Join(_)
            | Place::Fixed(_)
            | Place::Trouble(_) => {}
        }
    }

    /// When the next [`Event::Tick`](crate::Event::Tick) is due; none: nothing happens by itself.
    pub fn deadline(&self) -> Option<Time> {
        let place = match &self.place {
            Place::Opening(opening) => opening.deadline(self.now),
            Place::Playing(playing) => playing.deadline(),
            Place::Film(page) => page.finding.as_ref().and_then(|it| it.deadline(self.now)),
            Place::Seeking(seeking) => seeking.deadline(self.now),
            Place::Search(page) => page.deadline(),
            Place::Learn(page) => Some(page.deadline()),
            Place::Home => self.letters_deadline(),
            Place::Pin(page) => self.pin_deadline(page),
            Place::Context(_)
            | Place::Series(_)
            | Place::AddOns(_)
            | Place::Listed(_)
            | Place::Address(_)
            | Place::Code(_)
            | Place::Updates(_)
            | Place::Power(_)
            | Place::Reset(_)
            | Place::Drives(_)
            | Place::Language(_)
            | Place::Zone(_)
            | Place::Phone(_)
            | Place::Network(_)
            | Place::Settings(_)
            | Place::Choices(_)
            | Place::Rows(_)
            | Place::Who(_)
            | Place::Profiles(_)
            | Place::Name(_)
            | Place::Told(_)
            | Place::Backup(_)
            | Place::Join(_)
            | Place::Fixed(_)
            | Place::Trouble(_) => None,
        };
        let notice = self.notice.as_ref().map(|(_, until)| *until);
        let prefetch = self.prefetch.deadline(self.now);
        let coming = self.coming_deadline();
        let updates = self.updates.as_ref().and_then(Updates::deadline);
        let power = self.power.deadline();
        let drives = self.drives_deadline();
        let rest = self.rest.deadline();
        let phones = self.phones.as_ref().and_then(Phones::deadline);
        [
            place,
            notice,
            prefetch,
            coming,
            updates,
            power,
            drives,
            rest,
            phones,
            self.network_deadline(),
            self.voice.deadline(),
            self.ages_deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}
