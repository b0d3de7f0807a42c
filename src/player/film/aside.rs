//! What is made of the film beside showing it: where its texts lie, and stills for the seek bar.

use std::sync::Arc;
use std::time::Duration;

use super::Film;
use crate::player::hearing::{Heard, Work};
use crate::player::stills::Stills;

impl Film {
    pub(super) fn fit(&mut self) {
        let shown = self.picture.shown().map(|shown| shown.position);
        let work = self.choice.to_fit().map(|texts| Work {
            film: self.opening.media.film.clone(),
            runtime: self.opening.runtime.clone(),
            sound: self.choice.sound(),
            position: shown.unwrap_or_default(),
            texts,
        });
        let begun = self.fitting.begin(work, &self.opening.inbox, self.number);
        if let Some(news) = begun {
            self.news(news);
        }
    }

    pub(super) fn heard(&mut self, number: u64, heard: Heard) {
        if let Some(news) = self.fitting.heard(number, heard) {
            self.news(news);
        }
    }

    /// Those places from now on; a successor goes on with them.
    pub(super) fn want_stills(&mut self, places: &[Duration]) {
        if self.opening.stills.is_none() && !places.is_empty() {
            let opening = &self.opening;
            let stills = Stills::start(
                opening.media.film.clone(),
                opening.runtime.clone(),
                opening.curtain.clone(),
            );
            let stills = stills.inspect_err(|error| tracing::warn!(%error, "no thread for stills"));
            self.opening.stills = stills.ok().map(Arc::new);
        }
        if let Some(stills) = &self.opening.stills {
            stills.want(places.to_vec());
        }
    }
}
