//! Which text belongs to the picture on the screen.
//!
//! Says so once per change, from the thread that shows the pictures. Cues of the container come
//! in while the film plays, a little ahead, and again after a seek back: each is kept once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::PlayerNews;
use gst::prelude::*;

use super::{Cue, markup};
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
    /// By start.
    cues: Vec<Cue>,
    position: Duration,
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
        self.change(From::Off, Vec::new());
    }

    /// Shows the text of this stream of the container.
    pub(in crate::player) fn show_stream(&self, id: &str) {
        self.change(From::Stream(id.to_owned()), Vec::new());
    }

    /// Shows the text of a file; `cues` in the order of their starts.
    pub(in crate::player) fn show_file(&self, cues: Vec<Cue>) {
        self.change(From::File, cues);
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
        let at = state.cues.partition_point(|known| known.start <= cue.start);
        let same = state.cues[..at]
            .iter()
            .rev()
            .take_while(|known| known.start == cue.start);
        if same.into_iter().any(|known| known.text == cue.text) {
            return;
        }
        state.cues.insert(at, cue);
        if state.cues.len() > STREAM_CUES_MAX {
            let far = |cue: &Cue| cue.start.abs_diff(state.position);
            let first_goes = far(&state.cues[0]) > far(&state.cues[STREAM_CUES_MAX]);
            let gone = if first_goes { 0 } else { STREAM_CUES_MAX };
            state.cues.remove(gone);
        }
        self.say(&mut state);
    }

    fn change(&self, from: From, cues: Vec<Cue>) {
        let mut state = self.lock();
        state.from = from;
        state.cues = cues;
        self.say(&mut state);
    }

    fn say(&self, state: &mut State) {
        let now = text_at(&state.cues, state.position);
        if now != state.said {
            state.said.clone_from(&now);
            self.curtain.news(PlayerNews::Subtitle(now));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The texts due at `position`, in the order of their starts.
fn text_at(cues: &[Cue], position: Duration) -> Option<String> {
    let begun = cues.partition_point(|cue| cue.start <= position);
    let due = cues[..begun].iter().filter(|cue| position < cue.end);
    let lines: Vec<&str> = due.map(|cue| cue.text.as_str()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
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
    let text = markup::plain(raw.trim_end_matches('\0'));
    let end = start.saturating_add(shown);
    (!text.is_empty()).then_some(Cue { start, end, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(start: u64, end: u64, text: &str) -> Cue {
        let (start, end) = (Duration::from_secs(start), Duration::from_secs(end));
        let text = text.to_owned();
        Cue { start, end, text }
    }

    #[test]
    fn overlapping_texts_are_shown_together_and_ends_are_exclusive() {
        let cues = [cue(1, 9, "long"), cue(2, 3, "short"), cue(3, 4, "next")];
        let at = |secs| text_at(&cues, Duration::from_secs(secs));
        assert_eq!(at(0), None);
        assert_eq!(at(1).as_deref(), Some("long"));
        assert_eq!(at(2).as_deref(), Some("long\nshort"));
        assert_eq!(at(3).as_deref(), Some("long\nnext"));
        assert_eq!(at(9), None);
    }
}
