//! A film that goes on where it was left begins there: its demuxer is sent to the place before it
//! has given a byte to a decoder.
//!
//! Decoding the start of the film first, only to seek away from its picture, fetches megabytes that
//! nobody sees: 1.2 s of a swarm of 3 MB/s. GStreamer has no word for "begin there" (a pipeline
//! takes no seek before it is in PAUSED), so the demuxer is stopped at its first packet, when it
//! has read the container's head, and sought in then. Without a flush: nothing has passed, so there
//! is nothing to flush but the first events of each stream, and a stream that loses those on their
//! way crashes decodebin3. Only demuxers that were seen to take that: in other containers the film
//! decodes its start and seeks, as the film's own conduct has it.
//!
//! matroskademux looks at the second cluster before it gives its first packet, to learn whether
//! clusters tell the length of the one before: it needs that only where there are no Cues. That
//! look is answered with the end of the file, or the film would wait for a piece that nobody will
//! watch.
//!
//! Invariant: nobody waits for ever. Either packets of the place pass, or it is told that the
//! demuxer did not go there: it is stopped then, and the film must be opened without this.

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
    step: Mutex<Step>,
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
            step: Mutex::default(),
        })
    }

    /// On the segment of what comes from there.
    pub(super) fn seqnum(&self) -> gst::Seqnum {
        self.seqnum
    }

    /// The demuxer looks for the place.
    pub(super) fn seeks(&self) -> bool {
        *self.lock() == Step::Seeking
    }

    /// Whether a read at `offset` need not be answered; `head` reads the film's first bytes.
    pub(super) fn spares<E>(
        &self,
        offset: u64,
        head: impl FnOnce() -> Result<bytes::Bytes, E>,
    ) -> Result<bool, E> {
        if offset == 0 || *self.lock() != Step::Before {
            return Ok(false);
        }
        let look = if let Some(look) = self.idle_look.get() {
            *look
        } else {
            let look = matroska::second_cluster(&head()?);
            *self.idle_look.get_or_init(|| look)
        };
        Ok(look == Some(offset))
    }

    /// Waits for the demuxer of this pipeline; calls `failed` if it does not go there.
    pub(super) fn attend(
        self: &Arc<Self>,
        playbin: &gst::Bin,
        failed: impl Fn() + Send + Sync + 'static,
    ) {
        let (me, failed) = (self.clone(), Arc::new(failed));
        playbin.connect_deep_element_added(move |_, _, element| {
            if DEMUXERS.contains(&element.type_().name()) {
                let (me, failed) = (me.clone(), failed.clone());
                element.connect_pad_added(move |_, pad| {
                    if pad.direction() == gst::PadDirection::Src {
                        me.stop_at(pad, &failed);
                    }
                });
            }
        });
    }

    fn stop_at(self: &Arc<Self>, pad: &gst::Pad, failed: &Arc<impl Fn() + Send + Sync + 'static>) {
        let packets = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
        let (me, failed) = (self.clone(), failed.clone());
        pad.add_probe(packets, move |pad, _| me.packet(pad, &failed));
    }

    /// A packet is about to leave the demuxer: the first one of the start does not, and is the last
    /// until the place is found.
    fn packet(
        self: &Arc<Self>,
        pad: &gst::Pad,
        failed: &Arc<impl Fn() + Send + Sync + 'static>,
    ) -> gst::PadProbeReturn {
        let segment = pad.sticky_event::<gst::event::Segment>(0);
        if segment.is_some_and(|segment| segment.seqnum() == self.seqnum) {
            return gst::PadProbeReturn::Remove;
        }
        let mut step = self.lock();
        match *step {
            Step::Before => {}
            Step::Seeking => return gst::PadProbeReturn::Drop,
            Step::Over => return gst::PadProbeReturn::Remove,
        }
        let Some(demuxer) = pad.parent_element().filter(stop) else {
            *step = Step::Over;
            return gst::PadProbeReturn::Remove;
        };
        *step = Step::Seeking;
        // From another thread: this one is the demuxer's own, which the seek waits for.
        let (me, pad, failed) = (self.clone(), pad.clone(), failed.clone());
        demuxer.call_async(move |_| {
            if !me.seek(&pad) {
                failed();
            }
        });
        gst::PadProbeReturn::Drop
    }

    fn seek(&self, pad: &gst::Pad) -> bool {
        let duration = pad.query_duration::<gst::ClockTime>();
        let to = seeks::clamp(self.to, duration.map(Duration::from));
        let worked = pad.send_event(seeks::beginning(self.seqnum, to, self.how));
        *self.lock() = Step::Over;
        worked
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Step> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pauses the task that reads and gives packets, from inside; false if there is none.
fn stop(demuxer: &gst::Element) -> bool {
    let sink = demuxer.static_pad("sink");
    sink.is_some_and(|sink| {
        sink.task_state() == gst::TaskState::Started && sink.pause_task().is_ok()
    })
}
