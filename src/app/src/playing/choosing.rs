//! What is chosen while a film runs: its sound, its subtitles, and how those lie on it.
//!
//! A choice of the viewer's is never undone by what comes later. What was chosen before is taken
//! up again as soon as there is a track like it: texts of add-ons come seconds after the picture.

use super::{Playing, Step};
use crate::choices::Likeness;
use crate::panels::Shows;
use crate::texts::TextWish;
use crate::{
    Choices, Effect, FitFailure, TextChoice, TextLook, TextTiming, Time, Track, TrackId, words,
};

/// Texts that are farther off are those of another cut.
const DELAY_MAX_MS: i64 = 60_000;

impl Playing {
    pub(super) fn shows(&self) -> Shows<'_> {
        Shows {
            tracks: &self.tracks,
            timing: self.timings[0],
            fitting: self.fitting,
            look: self.look,
            sleep_timer: self.sleep_timer,
            sound: self.sound,
            speed: self.speed,
            zoom: self.choices.zoom,
        }
    }

    /// So fast, in thousandths of the film's own speed. It holds from the next seek on, so that is
    /// one to where the film is.
    pub(super) fn run_at(&mut self, permille: u16, now: Time, effects: &mut Vec<Effect>) {
        if permille != self.speed {
            self.speed = permille;
            let session = self.session();
            effects.push(Effect::SetSpeed { session, permille });
            self.seek(self.place(), now, effects);
        }
    }

    /// What of it is remembered, and how subtitles look: another value is written at once.
    pub(crate) fn chosen(&self) -> (Choices, TextLook) {
        (self.choices.clone(), self.look)
    }

    pub(super) fn choose_sound(&mut self, id: TrackId, effects: &mut Vec<Effect>) {
        let track = self.tracks.audio.iter().find(|track| track.id == id);
        self.choices.audio = track.and_then(|track| track.language.clone());
        self.hear(id, effects);
    }

    fn hear(&mut self, id: TrackId, effects: &mut Vec<Effect>) {
        self.tracks.audio_now = Some(id);
        effects.push(Effect::SelectAudio(self.session(), id));
    }

    pub(super) fn choose_text(&mut self, id: Option<TrackId>, effects: &mut Vec<Effect>) {
        self.texts_open[0] = false;
        self.lent_until = None;
        self.choices.subtitle = Some(TextChoice::of(self.text(id)));
        self.show_text(id, TextTiming::default(), effects);
        self.choices.timings = self.timings;
    }

    pub(super) fn choose_second(&mut self, id: Option<TrackId>, effects: &mut Vec<Effect>) {
        self.texts_open[1] = false;
        self.choices.second = self.text(id).and_then(|track| track.language.clone());
        self.show_second(id, effects);
        self.choices.timings = self.timings;
    }

    pub(super) fn delay(&mut self, by_ms: i64, effects: &mut Vec<Effect>) {
        let now = self.timings[0];
        let offset_ms = (now.offset_ms + by_ms).clamp(-DELAY_MAX_MS, DELAY_MAX_MS);
        self.time(TextTiming { offset_ms, ..now }, effects);
    }

    /// The viewer wants the first text to lie so on the film; the second stays where it is.
    pub(super) fn time(&mut self, first: TextTiming, effects: &mut Vec<Effect>) {
        self.set_timings([first, self.timings[1]], effects);
        self.choices.timings = self.timings;
    }

    fn set_timings(&mut self, timings: [TextTiming; 2], effects: &mut Vec<Effect>) {
        if self.timings != timings {
            self.timings = timings;
            effects.push(Effect::TimeSubtitles(self.session(), timings));
        }
    }

    pub(super) fn fit(&mut self, begin: bool, effects: &mut Vec<Effect>) {
        self.fitting = begin.then_some(0);
        effects.push(if begin {
            Effect::FitSubtitles(self.session())
        } else {
            Effect::StopFitting(self.session())
        });
    }

    pub(super) fn fitted(
        &mut self,
        fits: Result<[Option<TextTiming>; 2], FitFailure>,
        effects: &mut Vec<Effect>,
    ) -> Step {
        if self.fitting.take().is_none() {
            return Step::Stay;
        }
        let [first, second] = match fits {
            Ok(fits) => fits,
            Err(failure) => return Step::Tell(words::fitted(Err(failure))),
        };
        let first = first.unwrap_or(self.timings[0]);
        let second = second.unwrap_or(self.timings[1]);
        self.set_timings([first, second], effects);
        self.choices.timings = self.timings;
        Step::Tell(words::fitted(Ok(first)))
    }

    /// Takes up what was chosen before, as far as nobody has chosen since: at the start, and when
    /// tracks come.
    pub(crate) fn choose_by_itself(&mut self, wish: &TextWish, effects: &mut Vec<Effect>) {
        let chosen = self.choices.subtitle.as_ref();
        if self.texts_open[0]
            && let Some(id) = wish.choose(&self.tracks, chosen)
        {
            let track = self.text(Some(id));
            let like = track.and_then(|track| chosen?.likeness(track));
            let timing = match like {
                Some(Likeness::Same) => self.choices.timings[0],
                _ => TextTiming::default(),
            };
            self.lent_until = None;
            self.show_text(Some(id), timing, effects);
        }
        if self.texts_open[1]
            && let Some(id) = self.choices.second(&self.tracks)
        {
            self.show_second(Some(id), effects);
        }
    }

    /// At the start: the sound that was chosen before, and the subtitles.
    pub(crate) fn begin(&mut self, wish: &TextWish, effects: &mut Vec<Effect>) {
        self.choose_by_itself(wish, effects);
        if let Some(id) = self.choices.sound(&self.tracks) {
            self.hear(id, effects);
        }
    }

    pub(super) fn show_text(
        &mut self,
        id: Option<TrackId>,
        timing: TextTiming,
        effects: &mut Vec<Effect>,
    ) {
        self.stop_fitting(effects);
        self.set_timings([timing, self.timings[1]], effects);
        self.tracks.subtitle_now = id;
        self.lines.first = None;
        effects.push(Effect::SelectSubtitle(self.session(), id));
        // What is shown already is not shown twice, and nothing is shown beside nothing.
        if self.tracks.second_now.is_some() && (id.is_none() || self.tracks.second_now == id) {
            self.show_second(None, effects);
        }
    }

    fn show_second(&mut self, id: Option<TrackId>, effects: &mut Vec<Effect>) {
        self.stop_fitting(effects);
        self.set_timings([self.timings[0], TextTiming::default()], effects);
        self.tracks.second_now = id;
        self.lines.second = None;
        effects.push(Effect::SelectSecond(self.session(), id));
    }

    /// What is listened for is another text now.
    fn stop_fitting(&mut self, effects: &mut Vec<Effect>) {
        if self.fitting.is_some() {
            self.fit(false, effects);
        }
    }

    fn text(&self, id: Option<TrackId>) -> Option<&Track> {
        let mut tracks = self.tracks.subtitles.iter();
        tracks.find(|track| Some(track.id) == id)
    }
}
