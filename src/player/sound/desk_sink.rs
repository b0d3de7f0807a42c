//! The sound device that a film has while the box reads aloud: the desk.
//!
//! As GStreamer's own for a sound server: what is written is taken as fast as the device takes it,
//! so the film keeps the device's time; and what lies before a sample is known, so lips fit.

use std::sync::Arc;

use gst::glib;
use gst::subclass::prelude::*;

use super::desk::Desk;

/// Samples that lie between the desk and what is heard: what `desk_output` lets wait.
const BEYOND: u32 = super::desk::RATE / 1000 * super::desk_output::BUFFER_MS;

/// The element of this desk.
pub(super) fn element(desk: &Arc<Desk>) -> gst::Element {
    let element = glib::Object::new::<DeskSink>();
    let kept = element.imp().desk.set(desk.clone());
    debug_assert!(kept.is_ok(), "a new element has none");
    element.into()
}

glib::wrapper! {
    struct DeskSink(ObjectSubclass<imp::DeskSink>)
        @extends gst_audio::AudioSink, gst_audio::AudioBaseSink, gst_base::BaseSink, gst::Element,
            gst::Object;
}

mod imp {
    use std::sync::{Arc, LazyLock, OnceLock};

    use gst::glib;
    use gst_audio::subclass::prelude::*;

    use super::super::desk::{Desk, FRAME, RATE};

    #[derive(Debug, Default)]
    pub(super) struct DeskSink {
        pub(super) desk: OnceLock<Arc<Desk>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for DeskSink {
        const NAME: &'static str = "MatineeDeskSink";
        type Type = super::DeskSink;
        type ParentType = gst_audio::AudioSink;
    }

    impl ObjectImpl for DeskSink {}
    impl GstObjectImpl for DeskSink {}

    impl ElementImpl for DeskSink {
        fn metadata() -> Option<&'static gst::subclass::ElementMetadata> {
            static METADATA: LazyLock<gst::subclass::ElementMetadata> = LazyLock::new(|| {
                gst::subclass::ElementMetadata::new(
                    "Desk",
                    "Sink/Audio",
                    "A film's place at the desk",
                    "Matinee",
                )
            });
            Some(&METADATA)
        }

        fn pad_templates() -> &'static [gst::PadTemplate] {
            static TEMPLATES: LazyLock<Vec<gst::PadTemplate>> = LazyLock::new(|| {
                let caps = super::super::desk_output::caps();
                let (always, sink) = (gst::PadPresence::Always, gst::PadDirection::Sink);
                let template = gst::PadTemplate::new("sink", sink, always, &caps);
                vec![template.expect("a template with such caps is valid")]
            });
            &TEMPLATES
        }
    }

    impl BaseSinkImpl for DeskSink {}
    impl AudioBaseSinkImpl for DeskSink {}

    impl AudioSinkImpl for DeskSink {
        fn open(&self) -> Result<(), gst::LoggableError> {
            Ok(())
        }

        fn prepare(
            &self,
            _: &mut gst_audio::AudioRingBufferSpec,
        ) -> Result<(), gst::LoggableError> {
            Ok(())
        }

        fn unprepare(&self) -> Result<(), gst::LoggableError> {
            self.reset();
            Ok(())
        }

        fn close(&self) -> Result<(), gst::LoggableError> {
            Ok(())
        }

        fn write(&self, samples: &[u8]) -> Result<i32, gst::LoggableError> {
            if let Some(desk) = self.desk.get() {
                desk.film(samples);
            }
            debug_assert!(samples.len().is_multiple_of(FRAME) && RATE > 0);
            i32::try_from(samples.len())
                .map_err(|_| gst::loggable_error!(gst::CAT_RUST, "too long"))
        }

        fn delay(&self) -> u32 {
            let waits = self.desk.get().map_or(0, |desk| desk.film_waits());
            waits as u32 + super::BEYOND
        }

        fn reset(&self) {
            if let Some(desk) = self.desk.get() {
                desk.cut_film();
            }
        }
    }
}
