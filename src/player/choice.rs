//! Which sound and which subtitles are chosen, and what there is to choose from.
//!
//! One text stream of the container is always decoded, shown or not: with GStreamer 1.22 text
//! that joins later makes playbin rebuild its sinks, and text that is there costs next to
//! nothing. So turning subtitles on and off touches no pipeline at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::subtitles::Cues;
use app::{PlayerNews, TrackId, Tracks};
use tokio::task::AbortHandle;

use super::TextFile;
use super::curtain::Curtain;
use super::inbox::Inbox;
use super::pipeline::Word;
use super::subtitles::{self, Captions, FileTrouble};
use super::tracks::{self, Streams};

pub(super) struct Choice {
    curtain: Arc<Curtain>,
    captions: Arc<Captions>,
    pub(super) streams: Streams,
    audio: Option<TrackId>,
    subtitle: Option<TrackId>,
    /// The streams to switch to.
    selection: Option<Vec<String>>,
    texts: Vec<TextFile>,
    /// Text files read so far, by their place in the list.
    files: BTreeMap<usize, Arc<Cues>>,
    reading: Option<AbortHandle>,
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
            subtitle: None,
            selection: None,
            texts,
            files: BTreeMap::new(),
            reading: None,
            said: None,
        }
    }

    /// The tracks to tell with the news that the film is ready.
    pub(super) fn first_tracks(&mut self) -> Tracks {
        let tracks = self.tracks();
        self.said = Some(tracks.clone());
        tracks
    }

    /// Shows the texts so much later than they say, in milliseconds.
    pub(super) fn delay(&self, delay_ms: i64) {
        self.captions.delay(delay_ms);
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
        self.streams.tracks(&self.texts, self.subtitle)
    }

    /// What was chosen, for a film that is opened anew.
    pub(super) fn chosen(&self) -> (Option<TrackId>, Option<TrackId>) {
        (self.audio, self.subtitle)
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

    /// Chooses a text; that of a file is there once it is read, by the task begun here.
    pub(super) fn select_subtitle(
        &mut self,
        id: Option<TrackId>,
        (inbox, film): (&Arc<Inbox>, u64),
        runtime: &tokio::runtime::Handle,
    ) {
        self.stop_reading();
        self.subtitle = None;
        self.captions.turn_off();
        let kind = gst::StreamType::TEXT;
        if let Some(id) = id {
            if let Some(index) = tracks::file_index(id) {
                let Some(file) = self.texts.get(index) else {
                    return;
                };
                self.subtitle = Some(id);
                if let Some(cues) = self.files.get(&index) {
                    self.captions.show_file(cues.clone());
                } else {
                    let (file, inbox) = (file.clone(), inbox.clone());
                    let task = runtime.spawn(async move {
                        let read = subtitles::read_file(file).await;
                        inbox.word(film, Word::SubtitleFile(index, read));
                    });
                    self.reading = Some(task.abort_handle());
                }
            } else if let Some(stream) = self.streams.stream_id(id, kind) {
                self.subtitle = Some(id);
                self.captions.show_stream(&stream);
                self.select(kind, stream);
            }
        }
        self.say();
    }

    /// A text file has been read, or cannot be.
    pub(super) fn file_read(&mut self, index: usize, read: Result<Arc<Cues>, FileTrouble>) {
        let chosen = self.subtitle == Some(tracks::file_id(index));
        match read {
            Ok(cues) => {
                if chosen {
                    self.captions.show_file(cues.clone());
                }
                self.files.insert(index, cues);
            }
            Err(why) => {
                tracing::warn!(text = ?self.texts.get(index), %why, "subtitles");
                if chosen {
                    self.subtitle = None;
                    self.say();
                }
            }
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

    fn stop_reading(&mut self) {
        if let Some(task) = self.reading.take() {
            task.abort();
        }
    }
}

impl Drop for Choice {
    fn drop(&mut self) {
        self.stop_reading();
    }
}
