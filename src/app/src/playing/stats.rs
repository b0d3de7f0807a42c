//! What is measured of a film that runs, for those who want to see it: where it comes from, how
//! much is here, who decodes it and what is lost on the way.
//!
//! The player measures only while somebody looks; what nobody knows is left out.

use super::Playing;
use crate::view::FactView;
use crate::{Effect, words};

impl Playing {
    /// Shows it, or no more.
    pub(super) fn toggle_stats(&mut self, effects: &mut Vec<Effect>) {
        let shows = self.stats.is_none();
        self.stats = shows.then(Default::default);
        effects.push(Effect::Measure(self.session(), shows));
    }

    /// A line each.
    pub(super) fn stats_view(&self) -> Vec<FactView> {
        let Some(measured) = self.stats.as_ref().filter(|_| !self.is_over()) else {
            return Vec::new();
        };
        let progress = &self.supply.progress;
        let tracks = self.tracks.audio.iter().enumerate();
        let mut sound = tracks.filter(|(_, it)| Some(it.id) == self.tracks.audio_now);
        let sound = sound
            .next()
            .map(|(number, track)| words::track(track, number));
        let waiting = self.seeking.unwrap_or(self.position);
        let lines = [
            (words::STATS_FILM, words::stats_film(measured)),
            (
                words::STATS_FILE,
                words::stats_file(measured, progress.size),
            ),
            (words::STATS_SOUND, sound.unwrap_or_default()),
            (words::STATS_PICTURES, words::stats_pictures(measured)),
            (words::STATS_SUPPLY, words::stats_supply(progress)),
            (
                words::STATS_AHEAD,
                words::stats_ahead(self.supply.ahead(waiting), progress.in_ram),
            ),
        ];
        let said = lines.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| FactView {
            name: name.into(),
            value,
        })
        .collect()
    }
}
