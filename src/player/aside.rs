//! What the pipelines have in common that run beside the film's own: they read what is here of it
//! alone, so that nobody is asked for a byte and the film that plays notices nothing.

use std::sync::Arc;
use std::time::Duration;

use gst::glib::BoolError;
use gst::prelude::*;
use media::{HeldFuture, ReadFuture, Source, SourceGone};
use tokio::runtime::Handle;

use super::blocks::Blocks;
use super::seeks::Begin;
use super::source::{self, Feed};
use super::start::Start;

/// The film as far as it is here: what is not cannot be read.
#[derive(Debug)]
struct Held(Arc<dyn Source>);

impl Source for Held {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
        let held = self.0.held(offset, len);
        Box::pin(async move {
            held.await
                .ok_or_else(|| SourceGone("not here yet".to_owned()))
        })
    }

    fn held(&self, offset: u64, len: usize) -> HeldFuture {
        self.0.held(offset, len)
    }
}

/// What is read of a film: from where on, and which of its streams.
pub(super) struct Part<F> {
    pub(super) at: Duration,
    /// Of a demuxed stream, whether it is the one.
    pub(super) wanted: F,
}

/// Source, demuxer, the decoder of one stream, and what takes that. It ends when this is dropped.
pub(super) struct Branch {
    pub(super) pipeline: gst::Pipeline,
    feed: Arc<Feed>,
}

impl Branch {
    /// `decode`: what decodes it; `rest`: what lies behind, linked in this order. `missed` is
    /// called where the demuxer cannot be sent to the place: then nothing comes.
    pub(super) fn new(
        (film, runtime): (&Arc<dyn Source>, &Handle),
        part: Part<impl Fn(&gst::Pad) -> bool + Send + Sync + 'static>,
        decode: &gst::Element,
        rest: &[&gst::Element],
        missed: impl Fn() + Send + Sync + 'static,
    ) -> Result<Branch, BoolError> {
        let blocks = Blocks::new(Arc::new(Held(film.clone())), runtime.clone());
        let begin = (!part.at.is_zero()).then(|| Start::new(part.at, Begin::KeyFrame));
        let feed = Feed::new(Arc::new(blocks), begin.clone());
        let pipeline = gst::Pipeline::new();
        let source = source::make(film.name())?;
        source::supply(&source, &feed);
        let parse = gst::ElementFactory::make("parsebin").build()?;
        pipeline.add_many([&source, &parse, decode])?;
        pipeline.add_many(rest)?;
        source.link(&parse)?;
        gst::Element::link_many(rest)?;
        if let Some(begin) = begin {
            begin.attend(pipeline.upcast_ref(), missed);
        }
        link_as_they_come(&parse, decode, part.wanted);
        if let Some(first) = rest.first() {
            link_as_they_come(decode, first, |_| true);
        }
        Ok(Branch { pipeline, feed })
    }

    pub(super) fn begin(&self, state: gst::State) -> Result<(), BoolError> {
        let begun = self.pipeline.set_state(state);
        begun.map_err(|_| gst::glib::bool_error!("a pipeline beside the film did not start"))?;
        self.feed.begin();
        Ok(())
    }

    /// What has gone wrong in it since that was asked last.
    pub(super) fn error(&self) -> Result<(), BoolError> {
        let errors = [gst::MessageType::Error];
        let error = self.pipeline.bus().and_then(|it| it.pop_filtered(&errors));
        match error.as_ref().map(|it| it.view()) {
            Some(gst::MessageView::Error(error)) => {
                Err(gst::glib::bool_error!("{}", error.error()))
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Branch {
    fn drop(&mut self) {
        self.feed.close();
        if self.pipeline.set_state(gst::State::Null).is_err() {
            tracing::warn!("a pipeline beside the film did not stop");
        }
    }
}

/// Whether it is a stream of that kind.
pub(super) fn is_of(pad: &gst::Pad, kind: gst::StreamType) -> bool {
    pad.stream()
        .is_some_and(|it| it.stream_type().contains(kind))
}

/// Where in the film it is.
pub(super) fn position(sample: &gst::Sample) -> Option<Duration> {
    let pts = sample.buffer()?.pts()?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    segment.to_stream_time(pts).map(Duration::from)
}

/// Links the first pad of `from` that is `fit` to `to`, once it is there.
fn link_as_they_come(
    from: &gst::Element,
    to: &gst::Element,
    fit: impl Fn(&gst::Pad) -> bool + Send + Sync + 'static,
) {
    let to = to.downgrade();
    from.connect_pad_added(move |_, pad| {
        let sink = to.upgrade().and_then(|to| to.static_pad("sink"));
        let sink = sink.filter(|sink| !sink.is_linked() && fit(pad));
        if let Some(Err(error)) = sink.map(|sink| pad.link(&sink)) {
            tracing::debug!(%error, "beside the film");
        }
    });
}
