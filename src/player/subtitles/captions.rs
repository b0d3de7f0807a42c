//! Which text belongs to the picture on the screen.
//!
//! Says so once per change, from the thread that shows the pictures. Cues of the container come
//! in while the film plays, a little ahead, and again after a seek back: each is kept once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::PlayerNews;
use gst::prelude::*;
use subtitles::{Cue, Cues, Timing, Titles, Track, markup};

use crate::player::curtain::Curtain;

/// Cues of a container kept; those farthest from the picture go first.
const STREAM_CUES_MAX: usize = 256;

/// How long a text of a container is shown that does not say so itself.
const UNTIMED_SHOWN: Duration = Duration::from_secs(4);

pub(in crate::player) struct Captions {
    curtain: Arc<Curtain>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    from: From,
    /// Cues of the container, by start.
    stream: Vec<Cue>,
    /// What is shown, of the container or of a file.
    titles: Titles,
    position: Duration,
    timing: Timing,
    /// What was last said to be shown.
    said: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum From {
    #[default]
    Off,
    Stream(String),
    File,
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

    pub(in crate::player) fn turn_off(&self) {
        self.change(From::Off, Arc::default());
    }

    /// Shows the text of this stream of the container.
    pub(in crate::player) fn show_stream(&self, id: &str) {
        self.change(From::Stream(id.to_owned()), Arc::default());
    }

    /// Shows the text of a file.
    pub(in crate::player) fn show_file(&self, cues: Arc<Cues>) {
        self.change(From::File, cues);
    }

    /// Shows texts so much later than they say, in milliseconds.
    pub(in crate::player) fn delay(&self, delay_ms: i64) {
        let mut state = self.lock();
        state.timing.offset_ms = delay_ms;
        let timing = state.timing;
        if let Some(track) = &mut state.titles.first {
            track.timing = timing;
        }
        self.say(&mut state);
    }

    /// The sink for the container's text. It takes every text as it comes, also in a pause and
    /// before its time; the picture times it. Subtitles that are pictures it swallows.
    pub(in crate::player) fn sink(self: &Arc<Self>) -> Result<gst::Element, gst::glib::BoolError> {
        let sink = gst::ElementFactory::make("fakesink")
            .property("sync", false)
            .property("async", false)
            .property("enable-last-sample", false)
            .build()?;
        let captions = self.clone();
        let pad = sink.static_pad("sink").expect("a fakesink has a sink pad");
        pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
            let cue = info.buffer().and_then(|buffer| cue_of(pad, buffer));
            if let (Some(id), Some(cue)) = (pad.stream_id(), cue) {
                captions.add(&id, cue);
            }
            // In a pause the sink would keep the buffer and hold up those behind it.
            gst::PadProbeReturn::Handled
        });
        Ok(sink)
    }

    fn add(&self, stream: &str, cue: Cue) {
        let mut state = self.lock();
        if !matches!(&state.from, From::Stream(id) if id == stream) {
            return;
        }
        let at = state
            .stream
            .partition_point(|known| known.start <= cue.start);
        let same = state.stream[..at]
            .iter()
            .rev()
            .take_while(|known| known.start == cue.start);
        if same.into_iter().any(|known| known.text == cue.text) {
            return;
        }
        state.stream.insert(at, cue);
        if state.stream.len() > STREAM_CUES_MAX {
            let far = |cue: &Cue| cue.start.abs_diff(state.position);
            let first_goes = far(&state.stream[0]) > far(&state.stream[STREAM_CUES_MAX]);
            let gone = if first_goes { 0 } else { STREAM_CUES_MAX };
            state.stream.remove(gone);
        }
        // At most `STREAM_CUES_MAX` of them, every few seconds.
        let cues = Arc::new(Cues::new(state.stream.clone()));
        let timing = state.timing;
        state.titles.first = Some(Track { cues, timing });
        self.say(&mut state);
    }

    fn change(&self, from: From, cues: Arc<Cues>) {
        let mut state = self.lock();
        state.from = from;
        state.stream.clear();
        let timing = state.timing;
        state.titles.first = Some(Track { cues, timing });
        self.say(&mut state);
    }

    fn say(&self, state: &mut State) {
        let shown = state.titles.at(state.position).first;
        let lines: Vec<&str> = shown.iter().map(|cue| cue.text.as_str()).collect();
        let now = (!lines.is_empty()).then(|| lines.join("\n"));
        if now != state.said {
            state.said.clone_from(&now);
            self.curtain.news(PlayerNews::Subtitle(now));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cue_of(pad: &gst::Pad, buffer: &gst::BufferRef) -> Option<Cue> {
    let caps = pad.current_caps()?;
    if caps.structure(0)?.name() != "text/x-raw" {
        return None;
    }
    let segment = pad.sticky_event::<gst::event::Segment>(0)?;
    let segment = segment.segment().downcast_ref::<gst::ClockTime>()?;
    // A text can begin before the place that was sought.
    let start = segment.to_stream_time_full(buffer.pts()?)?.positive()?;
    let start = Duration::from(start);
    let shown = buffer.duration().map_or(UNTIMED_SHOWN, Duration::from);
    let bytes = buffer.map_readable().ok()?;
    let raw = String::from_utf8_lossy(&bytes);
    let marked = markup::read(raw.trim_end_matches('\0'));
    let end = start.saturating_add(shown);
    Some(Cue {
        start,
        end,
        text: marked.text,
        runs: marked.runs,
        place: marked.place.unwrap_or_default(),
    })
    .filter(|cue| !cue.text.is_empty())
}
