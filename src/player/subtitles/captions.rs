//! Which text belongs to the picture on the screen.
//!
//! Says so once per change, from the thread that shows the pictures. Cues of the container come
//! in while the film plays, a little ahead, and again after a seek back: each is kept once. They
//! come of all its streams, so that another one is shown at once when it is chosen.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::{Lines, PlayerNews, TextPicture};
use bytes::Bytes;
use gst::prelude::*;
use subtitles::{Cue, Cues, Timing, Titles, Track, markup};

use super::pages::{Kind, Pages};
use crate::player::curtain::Curtain;

/// Cues of one stream of a container that are kept; those farthest from the picture go first.
const STREAM_CUES_MAX: usize = 128;

/// Streams of a container whose cues are kept.
const STREAMS_MAX: usize = 64;

/// How long a text of a container is shown that does not say so itself.
const UNTIMED_SHOWN: Duration = Duration::from_secs(4);

pub(in crate::player) struct Captions {
    curtain: Arc<Curtain>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Cues of the container by their stream, each by start.
    streams: BTreeMap<String, Vec<Cue>>,
    /// Pictures of the container by their stream.
    pages: BTreeMap<String, Pages>,
    /// Where the first text and the second come from, and how they lie on the film.
    from: [From; 2],
    timings: [Timing; 2],
    titles: Titles,
    position: Duration,
    /// What was last said to be shown.
    said: Lines,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum From {
    #[default]
    Off,
    Stream(String),
    File,
}

/// Which of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::player) enum Part {
    First,
    Second,
}

impl Captions {
    pub(in crate::player) fn new(curtain: Arc<Curtain>) -> Arc<Self> {
        Arc::new(Captions {
            curtain,
            state: Mutex::default(),
        })
    }

    /// The picture of this position is on the screen.
    pub(in crate::player) fn show(&self, position: Duration) {
        let mut state = self.lock();
        state.position = position;
        self.say(&mut state);
    }

    pub(in crate::player) fn turn_off(&self, part: Part) {
        self.change(part, From::Off, Arc::default());
    }

    /// Shows the text of this stream of the container.
    pub(in crate::player) fn show_stream(&self, part: Part, id: &str) {
        let known = self.lock().streams.get(id).cloned().unwrap_or_default();
        let cues = Arc::new(Cues::new(known));
        self.change(part, From::Stream(id.to_owned()), cues);
    }

    /// Shows the text of a file.
    pub(in crate::player) fn show_file(&self, part: Part, cues: Arc<Cues>) {
        self.change(part, From::File, cues);
    }

    /// How the first text and the second lie on the film.
    pub(in crate::player) fn time(&self, timings: [Timing; 2]) {
        let mut state = self.lock();
        state.timings = timings;
        let Titles { first, second } = &mut state.titles;
        for (track, timing) in [first, second].into_iter().zip(timings) {
            if let Some(track) = track {
                track.timing = timing;
            }
        }
        self.say(&mut state);
    }

    /// The sink for the container's text. It takes every text as it comes, also in a pause and
    /// before its time; the picture times it.
    pub(in crate::player) fn sink(self: &Arc<Self>) -> Result<gst::Element, gst::glib::BoolError> {
        let sink = gst::ElementFactory::make("fakesink")
            .property("sync", false)
            .property("async", false)
            .property("enable-last-sample", false)
            .build()?;
        let captions = self.clone();
        let pad = sink.static_pad("sink").expect("a fakesink has a sink pad");
        pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
            if let Some(buffer) = info.buffer() {
                captions.take(pad, buffer);
            }
            // In a pause the sink would keep the buffer and hold up those behind it.
            gst::PadProbeReturn::Handled
        });
        Ok(sink)
    }

    /// Takes a packet of whichever stream.
    fn take(&self, pad: &gst::Pad, buffer: &gst::Buffer) {
        let (Some(stream), Some(start)) = (pad.stream_id(), start_of(pad, buffer)) else {
            return;
        };
        let caps = pad.current_caps();
        let Some(caps) = caps.as_ref().and_then(|caps| caps.structure(0)) else {
            return;
        };
        let name = caps.name().as_str();
        let Ok(bytes) = buffer.map_readable() else {
            return;
        };
        if name == "text/x-raw" {
            let shown = buffer.duration().map_or(UNTIMED_SHOWN, Duration::from);
            self.add(&stream, cue_of(&bytes, start, shown));
        } else if let Some(kind) = Kind::of(name) {
            let index = caps.get::<gst::Buffer>("codec_data").ok();
            let index = index.as_ref().and_then(|it| it.map_readable().ok());
            let mut state = self.lock();
            let position = state.position;
            let room = state.pages.len() < STREAMS_MAX;
            let pages = match state.pages.entry(stream.to_string()) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) if room => new.insert(Pages::new(kind, index.as_deref())),
                Entry::Vacant(_) => return,
            };
            pages.take(Bytes::copy_from_slice(&bytes), start, position);
            // It may be the first of a stream that is chosen.
            state.choose_pages();
            self.say(&mut state);
        }
    }

    fn add(&self, stream: &str, cue: Cue) {
        if cue.text.is_empty() {
            return;
        }

        let mut state = self.lock();
        if state.streams.len() >= STREAMS_MAX && !state.streams.contains_key(stream) {
            return;
        }
        let position = state.position;
        let cues = state.streams.entry(stream.to_owned()).or_default();
        if !put(cues, cue, position) {
            return;
        }
        // At most `STREAM_CUES_MAX` of them, every few seconds.
        let cues = Arc::new(Cues::new(cues.clone()));
        for part in [Part::First, Part::Second] {
            if matches!(&state.from[part as usize], From::Stream(id) if id == stream) {
                state.set(part, Arc::clone(&cues));
            }
        }
        self.say(&mut state);
    }

    fn change(&self, part: Part, from: From, cues: Arc<Cues>) {
        let mut state = self.lock();
        state.from[part as usize] = from;
        state.set(part, cues);
        state.choose_pages();
        self.say(&mut state);
    }

    fn say(&self, state: &mut State) {
        let shown = state.titles.at(state.position);
        let now = Lines {
            first: lines(&shown.first),
            second: lines(&shown.second),
            pictures: state.pictures(),
        };
        if now != state.said {
            state.said.clone_from(&now);
            self.curtain.news(PlayerNews::Subtitle(now));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Pictures are decoded of what is chosen alone.
    fn choose_pages(&mut self) {
        let position = self.position;
        for (id, pages) in &mut self.pages {
            let is = |it: &From| matches!(it, From::Stream(of) if of == id);
            pages.choose(self.from.iter().any(is), position);
        }
    }

    fn pictures(&self) -> Vec<TextPicture> {
        let parts = self.from.iter().zip(self.timings);
        let pictures = parts.filter_map(|(from, timing)| match from {
            From::Stream(id) => Some(self.pages.get(id)?.at(timing.file_time(self.position)?)),
            From::Off | From::File => None,
        });
        pictures.flatten().collect()
    }

    fn set(&mut self, part: Part, cues: Arc<Cues>) {
        let timing = self.timings[part as usize];
        let track = match part {
            Part::First => &mut self.titles.first,
            Part::Second => &mut self.titles.second,
        };
        *track = Some(Track { cues, timing });
    }
}

fn lines(cues: &[&Cue]) -> Option<String> {
    let lines: Vec<&str> = cues.iter().map(|cue| cue.text.as_str()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Puts a cue where it belongs, unless it is there; false if it is.
fn put(cues: &mut Vec<Cue>, cue: Cue, position: Duration) -> bool {
    let at = cues.partition_point(|known| known.start <= cue.start);
    let mut same = cues[..at]
        .iter()
        .rev()
        .take_while(|known| known.start == cue.start);
    if same.any(|known| known.text == cue.text) {
        return false;
    }
    cues.insert(at, cue);
    if cues.len() > STREAM_CUES_MAX {
        let far = |cue: &Cue| cue.start.abs_diff(position);
        let first_goes = far(&cues[0]) > far(&cues[STREAM_CUES_MAX]);
        cues.remove(if first_goes { 0 } else { STREAM_CUES_MAX });
    }
    true
}

/// Where in the film a packet's time is.
fn start_of(pad: &gst::Pad, buffer: &gst::BufferRef) -> Option<Duration> {
    let segment = pad.sticky_event::<gst::event::Segment>(0)?;
    let segment = segment.segment().downcast_ref::<gst::ClockTime>()?;
    // A text can begin before the place that was sought.
    let start = segment.to_stream_time_full(buffer.pts()?)?.positive()?;
    Some(Duration::from(start))
}

fn cue_of(bytes: &[u8], start: Duration, shown: Duration) -> Cue {
    let raw = String::from_utf8_lossy(bytes);
    let marked = markup::read(raw.trim_end_matches('\0'));
    Cue {
        start,
        end: start.saturating_add(shown),
        text: marked.text,
        runs: marked.runs,
        place: marked.place.unwrap_or_default(),
    }
}
