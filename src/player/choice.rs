//! Which sound and which subtitles are chosen, and what there is to choose from.
//!
//! All text streams of the container are always decoded, shown or not: with GStreamer 1.22 text
//! that joins later makes playbin rebuild its sinks, and text that is there costs next to
//! nothing (forty streams: a hundredth of a second). So turning subtitles on and off, changing them
//! and showing two of them touches no pipeline at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ::subtitles::{Cues, Rate, Timing};
use app::{FitFailure, PlayerNews, TextTiming, TrackId, Tracks};
use tokio::task::AbortHandle;

use super::TextFile;
use super::curtain::Curtain;
use super::inbox::Inbox;
use super::pipeline::Word;
use super::subtitles::{self, Captions, FileTrouble, Part};
use super::tracks::{self, Streams};

pub(super) struct Choice {
    curtain: Arc<Curtain>,
    captions: Arc<Captions>,
    pub(super) streams: Streams,
    audio: Option<TrackId>,
    /// The first text and the second.
    subtitles: [Option<TrackId>; 2],
    timings: [TextTiming; 2],
    /// The streams to switch to.
    selection: Option<Vec<String>>,
    texts: Vec<TextFile>,
    /// Text files read so far, by their place in the list.
    files: BTreeMap<usize, Arc<Cues>>,
    /// The file that each text waits for.
    reading: [Option<AbortHandle>; 2],
    /// What the core was told; nothing before the film is ready.
    said: Option<Tracks>,
}

impl Choice {
    pub(super) fn new(
        curtain: Arc<Curtain>,
        captions: Arc<Captions>,
        texts: Vec<TextFile>,
    ) -> Choice {
        Choice {
            curtain,
            captions,
            streams: Streams::default(),
            audio: None,
            subtitles: [None; 2],
            timings: [TextTiming::default(); 2],
            selection: None,
            texts,
            files: BTreeMap::new(),
            reading: [const { None }; 2],
            said: None,
        }
    }

    /// The tracks to tell with the news that the film is ready.
    pub(super) fn first_tracks(&mut self) -> Tracks {
        let tracks = self.tracks();
        self.said = Some(tracks.clone());
        tracks
    }

    /// How the two texts lie on the film.
    pub(super) fn time(&mut self, timings: [TextTiming; 2]) {
        self.timings = timings;
        self.captions.time(timings.map(|it| Timing {
            offset_ms: it.offset_ms,
            scale: 1.0 + f64::from(it.stretch_ppm) / 1e6,
        }));
    }

    /// What the two texts are, to be laid on the sound.
    ///
    /// # Errors
    /// Nothing is shown, or it comes with the film, or it is not read yet.
    pub(super) fn to_fit(&self) -> Result<[Option<Arc<Cues>>; 2], FitFailure> {
        let cues = |id: Option<TrackId>| {
            let index = tracks::file_index(id?)?;
            self.files.get(&index).cloned()
        };
        let both = self.subtitles.map(cues);
        let of_film = |id: TrackId| tracks::file_index(id).is_none();
        match (&both[0], self.subtitles[0]) {
            (Some(_), _) => Ok(both),
            (None, Some(id)) if of_film(id) => Err(FitFailure::OfTheFilm),
            (None, _) => Err(FitFailure::NoText),
        }
    }

    /// The stream of the sound that plays.
    pub(super) fn sound(&self) -> Option<String> {
        let now = self.tracks().audio_now?;
        self.streams.stream_id(now, gst::StreamType::AUDIO)
    }

    /// The sound that is chosen, else `before`, else the one that plays or will.
    pub(super) fn wanted_sound(&self, before: Option<TrackId>) -> Option<sink::Stream> {
        self.streams.sound(self.audio.or(before))
    }

    /// Texts that are not in the container, for a film that is opened anew.
    pub(super) fn texts(&self) -> &[TextFile] {
        &self.texts
    }

    /// More texts to choose from.
    pub(super) fn add(&mut self, texts: &[TextFile]) {
        self.texts.extend_from_slice(texts);
        self.say();
    }

    /// Tells of the tracks if they are others than last told.
    pub(super) fn say(&mut self) {
        if self.said.is_some() {
            let tracks = self.tracks();
            if self.said.as_ref() != Some(&tracks) {
                self.said = Some(tracks.clone());
                self.curtain.news(PlayerNews::Tracks(tracks));
            }
        }
    }

    fn tracks(&self) -> Tracks {
        self.streams.tracks(&self.texts, self.subtitles)
    }

    /// What was chosen, for a film that is opened anew.
    pub(super) fn chosen(&self) -> Chosen {
        Chosen {
            audio: self.audio,
            subtitles: self.subtitles,
            timings: self.timings,
        }
    }

    pub(super) fn select_audio(&mut self, id: TrackId) {
        let kind = gst::StreamType::AUDIO;
        let Some(stream) = self.streams.stream_id(id, kind) else {
            tracing::debug!(?id, "no such sound");
            return;
        };
        self.audio = Some(id);
        self.select(kind, stream);
    }

    /// Chooses one of the two texts; that of a file is there once it is read, by the task begun
    /// here.
    pub(super) fn select_subtitle(&mut self, part: Part, id: Option<TrackId>, reader: &Reader<'_>) {
        self.stop_reading(part);
        let chosen = &mut self.subtitles[part as usize];
        *chosen = None;
        self.captions.turn_off(part);
        if let Some(id) = id {
            if let Some(index) = tracks::file_index(id) {
                let Some(file) = self.texts.get(index) else {
                    return;
                };
                *chosen = Some(id);
                if let Some(cues) = self.files.get(&index) {
                    self.captions.show_file(part, cues.clone());
                } else {
                    self.reading[part as usize] = Some(reader.read(index, file));
                }
            } else if let Some(stream) = self.streams.stream_id(id, gst::StreamType::TEXT) {
                *chosen = Some(id);
                self.captions.show_stream(part, &stream);
            }
        }
        self.say();
    }

    /// A text file has been read, or cannot be.
    pub(super) fn file_read(&mut self, index: usize, read: Result<Arc<Cues>, FileTrouble>) {
        let id = Some(tracks::file_id(index));
        if let Err(why) = &read {
            tracing::warn!(text = ?self.texts.get(index), %why, "subtitles");
        }
        for part in [Part::First, Part::Second] {
            if self.subtitles[part as usize] == id {
                match &read {
                    Ok(cues) => self.captions.show_file(part, cues.clone()),
                    Err(_) => self.subtitles[part as usize] = None,
                }
            }
        }
        match read {
            Ok(cues) => drop(self.files.insert(index, cues)),
            Err(_) => self.say(),
        }
    }

    /// The streams to switch to now, once.
    pub(super) fn take_selection(&mut self) -> Option<Vec<String>> {
        self.selection.take()
    }

    fn select(&mut self, kind: gst::StreamType, stream: String) {
        let now = self.streams.selection();
        let mut wanted = self.selection.take().unwrap_or_else(|| now.clone());
        wanted.retain(|id| !self.streams.is_of(id, kind));
        wanted.push(stream);
        let differs = wanted.len() != now.len() || wanted.iter().any(|id| !now.contains(id));
        self.selection = differs.then_some(wanted);
    }

    fn stop_reading(&mut self, part: Part) {
        if let Some(task) = self.reading[part as usize].take() {
            task.abort();
        }
    }
}

impl Drop for Choice {
    fn drop(&mut self) {
        self.stop_reading(Part::First);
        self.stop_reading(Part::Second);
    }
}

/// What was chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    pub(super) audio: Option<TrackId>,
    pub(super) subtitles: [Option<TrackId>; 2],
    pub(super) timings: [TextTiming; 2],
}

/// Reads text files, for a film of this length and rate.
pub(super) struct Reader<'r> {
    pub(super) inbox: &'r Arc<Inbox>,
    pub(super) runtime: &'r tokio::runtime::Handle,
    pub(super) film: u64,
    pub(super) duration: Option<Duration>,
    pub(super) rate: Option<Rate>,
}

impl Reader<'_> {
    /// The text with this number; what comes of it is said to the film.
    fn read(&self, index: usize, file: &TextFile) -> AbortHandle {
        let (inbox, film) = (self.inbox.clone(), self.film);
        let read = subtitles::read_file(file.clone(), self.duration, self.rate);
        let task = self.runtime.spawn(async move {
            inbox.word(film, Word::SubtitleFile(index, read.await));
        });
        task.abort_handle()
    }
}
