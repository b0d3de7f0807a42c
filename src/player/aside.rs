//! What the pipelines have in common that run beside the film's own: they read what is here of it
//! alone, so that nobody is asked for a byte and the film that plays notices nothing.

use std::sync::Arc;

use gst::prelude::*;
use media::{HeldFuture, ReadFuture, Source, SourceGone};

/// The film as far as it is here: what is not cannot be read.
#[derive(Debug)]
pub(super) struct Held(pub(super) Arc<dyn Source>);

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

/// Links the first pad of `from` that is `fit` to `to`, once it is there.
pub(super) fn link_as_they_come(
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
