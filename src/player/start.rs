//! A film that goes on where it was left begins there: its demuxer is sent to the place before it
//! has given a byte to a decoder.
//!
//! Decoding the start of the film first, only to seek away from its picture, fetches megabytes that
//! nobody sees: 1.2 s of a swarm of 3 MB/s. GStreamer has no word for "begin there" (a pipeline
//! takes no seek before it is in PAUSED), so the demuxer is stopped at its first packet, when it
//! has read the container's head, and sought in then. Only demuxers that were seen to take that:
//! in other containers the film decodes its start and seeks, as the film's own conduct has it.
//!
//! matroskademux looks at the second cluster before it gives its first packet, to learn whether
//! clusters tell the length of the one before: it needs that only where there are no Cues. That
//! look is answered with the end of the file, or the film would wait for a piece that nobody will
//! watch.
//!
//! Invariant: nobody waits for ever. Either a packet of the place passes, or the seek has failed
//! and everything passes.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use gst::prelude::*;

use super::matroska;
use super::seeks::{self, Begin};

/// Types of the demuxers that can be sent. Not the names of their factories: an element that was
/// registered again has one that is gone, and asking each element for its factory meets that too.
const DEMUXERS: [&str; 2] = ["GstMatroskaDemux", "GstQTDemux"];

#[derive(Debug)]
pub(super) struct Start {
    to: Duration,
    how: Begin,
    seqnum: gst::Seqnum,
    /// Where the demuxer looks before its first packet, and need not.
    idle_look: OnceLock<Option<u64>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    step: Step,
    /// Where the demuxer is stopped. Weak, for each pad has a probe that knows this.
    held: Vec<(gst::glib::WeakRef<gst::Pad>, gst::PadProbeId)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Step {
    /// No demuxer yet, or it reads the head.
    #[default]
    Before,
    /// It looks for the place.
    Seeking,
    /// It has found it, or has not.
    Over,
}

impl Start {
    pub(super) fn new(to: Duration, how: Begin) -> Arc<Start> {
        Arc::new(Start {
            to,
            how,
            seqnum: gst::Seqnum::next(),
            idle_look: OnceLock::new(),
            state: Mutex::default(),
        })
    }

    /// On the segment of what comes from there.
    pub(super) fn seqnum(&self) -> gst::Seqnum {
        self.seqnum
    }

    /// The demuxer looks for the place.
    pub(super) fn seeks(&self) -> bool {
        self.lock().step == Step::Seeking
    }

    /// Whether a read at `offset` need not be answered; `head` reads the film's first bytes.
    pub(super) fn spares<E>(
        &self,
        offset: u64,
        head: impl FnOnce() -> Result<bytes::Bytes, E>,
    ) -> Result<bool, E> {
        if offset == 0 || self.lock().step != Step::Before {
            return Ok(false);
        }
        let look = match self.idle_look.get() {
            Some(look) => *look,
            None => {
                let look = matroska::second_cluster(&head()?);
                *self.idle_look.get_or_init(|| look)
            }
        };
        Ok(look == Some(offset))
    }

    /// Waits for the demuxer of this pipeline.
    pub(super) fn attend(self: &Arc<Self>, playbin: &gst::Bin) {
        let me = self.clone();
        playbin.connect_deep_element_added(move |_, _, element| {
            if DEMUXERS.contains(&element.type_().name()) {
                let me = me.clone();
                element.connect_pad_added(move |_, pad| me.stop_at(pad));
            }
        });
    }

    fn stop_at(self: &Arc<Self>, pad: &gst::Pad) {
        if pad.direction() != gst::PadDirection::Src {
            return;
        }
        let mut state = self.lock();
        if state.step == Step::Over {
            return;
        }
        let packets = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
        let me = self.clone();
        let stop = move |pad: &gst::Pad, _: &mut gst::PadProbeInfo<'_>| me.packet(pad);
        if let Some(probe) = pad.add_probe(gst::PadProbeType::BLOCK | packets, stop) {
            state.held.push((pad.downgrade(), probe));
        }
    }

    /// A packet is about to leave the demuxer, which waits until this pad is flushed.
    fn packet(self: &Arc<Self>, pad: &gst::Pad) -> gst::PadProbeReturn {
        let segment = pad.sticky_event::<gst::event::Segment>(0);
        if segment.is_some_and(|segment| segment.seqnum() == self.seqnum) {
            return gst::PadProbeReturn::Remove;
        }
        let mut state = self.lock();
        match state.step {
            Step::Before => state.step = Step::Seeking,
            Step::Seeking => return gst::PadProbeReturn::Ok,
            Step::Over => return gst::PadProbeReturn::Remove,
        }
        drop(state);
        let Some(demuxer) = pad.parent_element() else {
            return self.give_up();
        };
        // From another thread: this one is the demuxer's own, which the seek waits for.
        let (me, pad) = (self.clone(), pad.clone());
        demuxer.call_async(move |_| me.seek(&pad));
        gst::PadProbeReturn::Ok
    }

    fn seek(&self, pad: &gst::Pad) {
        let duration = pad.query_duration::<gst::ClockTime>();
        let to = seeks::clamp(self.to, duration.map(Duration::from));
        let worked = pad.send_event(seeks::beginning(self.seqnum, to, self.how));
        let held = {
            let mut state = self.lock();
            state.step = Step::Over;
            std::mem::take(&mut state.held)
        };
        if !worked {
            tracing::debug!(?to, "the demuxer does not go there by itself");
            for (pad, probe) in held {
                if let Some(pad) = pad.upgrade() {
                    pad.remove_probe(probe);
                }
            }
        }
    }

    fn give_up(&self) -> gst::PadProbeReturn {
        self.lock().step = Step::Over;
        gst::PadProbeReturn::Remove
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
