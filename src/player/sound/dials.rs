//! The element through which all sound goes that is decoded here: volume and night mode.
//!
//! What is set reaches it without a pipeline being asked for anything: the next samples are so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI16, AtomicU32, Ordering};

use app::SoundSettings;
use gst::glib;
use gst::subclass::prelude::*;

use super::leveller::{self, Wanted};

/// What is set of the sound, for every film.
#[derive(Debug)]
pub(in crate::player) struct Dials {
    /// Of the amplitude, as bits.
    gain: AtomicU32,
    night: AtomicBool,
    stereo: AtomicBool,
    delay_ms: AtomicI16,
}

impl Default for Dials {
    fn default() -> Dials {
        Dials {
            gain: AtomicU32::new(1_f32.to_bits()),
            night: AtomicBool::new(false),
            stereo: AtomicBool::new(false),
            delay_ms: AtomicI16::new(0),
        }
    }
}

impl Dials {
    pub(in crate::player) fn set(&self, sound: SoundSettings) {
        let sound = sound.bounded();
        let gain = if sound.muted {
            0.0
        } else {
            leveller::gain(sound.volume)
        };
        // They need no order among one another.
        self.gain.store(gain.to_bits(), Ordering::Relaxed);
        self.night.store(sound.night, Ordering::Relaxed);
        self.stereo.store(sound.stereo, Ordering::Relaxed);
        self.delay_ms.store(sound.delay_ms, Ordering::Relaxed);
    }

    /// How much later than the picture the sound is to come; earlier below zero.
    pub(in crate::player) fn delay_ms(&self) -> i16 {
        self.delay_ms.load(Ordering::Relaxed)
    }

    /// All channels are mixed down to two.
    pub(in crate::player) fn is_stereo(&self) -> bool {
        self.stereo.load(Ordering::Relaxed)
    }

    /// Nothing of it changes a sample.
    pub(in crate::player) fn is_neutral(&self) -> bool {
        let wanted = self.wanted();
        leveller::is_plain(wanted.gain) && !wanted.night
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            gain: f32::from_bits(self.gain.load(Ordering::Relaxed)),
            night: self.night.load(Ordering::Relaxed),
        }
    }
}

/// The element of these.
pub(super) fn element(dials: &Arc<Dials>) -> gst::Element {
    let element = glib::Object::new::<Dialled>();
    let kept = element.imp().dials.set(dials.clone());
    debug_assert!(kept.is_ok(), "a new element has none");
    element.into()
}

glib::wrapper! {
    struct Dialled(ObjectSubclass<imp::Dialled>)
        @extends gst_base::BaseTransform, gst::Element, gst::Object;
}

mod imp {
    use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

    use gst::glib;
    use gst::subclass::prelude::*;
    use gst_base::subclass::BaseTransformMode;
    use gst_base::subclass::prelude::*;

    use super::Dials;
    use crate::player::sound::leveller::Leveller;

    #[derive(Debug, Default)]
    pub(super) struct Dialled {
        pub(super) dials: OnceLock<Arc<Dials>>,
        leveller: Mutex<Option<Leveller>>,
        /// Samples of the buffer at hand; kept for the next.
        samples: Mutex<Vec<f32>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Dialled {
        const NAME: &'static str = "MatineeDials";
        type Type = super::Dialled;
        type ParentType = gst_base::BaseTransform;
    }

    impl ObjectImpl for Dialled {}
    impl GstObjectImpl for Dialled {}

    impl ElementImpl for Dialled {
        fn metadata() -> Option<&'static gst::subclass::ElementMetadata> {
            static METADATA: LazyLock<gst::subclass::ElementMetadata> = LazyLock::new(|| {
                gst::subclass::ElementMetadata::new(
                    "Dials",
                    "Filter/Effect/Audio",
                    "Volume and night mode",
                    "Matinee",
                )
            });
            Some(&METADATA)
        }

        fn pad_templates() -> &'static [gst::PadTemplate] {
            static TEMPLATES: LazyLock<Vec<gst::PadTemplate>> = LazyLock::new(|| {
                let caps = gst::Caps::builder("audio/x-raw")
                    .field("format", "F32LE")
                    .field("layout", "interleaved")
                    .field("rate", gst::IntRange::new(1, i32::MAX))
                    .field("channels", gst::IntRange::new(1, i32::MAX))
                    .build();
                let always = gst::PadPresence::Always;
                let pad = |name, way| gst::PadTemplate::new(name, way, always, &caps);
                let (sink, src) = (gst::PadDirection::Sink, gst::PadDirection::Src);
                [pad("sink", sink), pad("src", src)]
                    .map(|template| template.expect("a template with such caps is valid"))
                    .into()
            });
            &TEMPLATES
        }
    }

    impl BaseTransformImpl for Dialled {
        const MODE: BaseTransformMode = BaseTransformMode::AlwaysInPlace;
        const PASSTHROUGH_ON_SAME_CAPS: bool = false;
        const TRANSFORM_IP_ON_PASSTHROUGH: bool = false;

        fn set_caps(&self, caps: &gst::Caps, _: &gst::Caps) -> Result<(), gst::LoggableError> {
            let read = |name| {
                let caps = caps.structure(0)?;
                caps.get::<i32>(name).ok()?.try_into().ok()
            };
            let (Some(channels), Some(rate)) = (read("channels"), read("rate")) else {
                return Err(gst::loggable_error!(
                    gst::CAT_RUST,
                    "no channels, or no rate"
                ));
            };
            *self.leveller() = Some(Leveller::new(channels, rate));
            Ok(())
        }

        fn transform_ip(
            &self,
            buffer: &mut gst::BufferRef,
        ) -> Result<gst::FlowSuccess, gst::FlowError> {
            let Some(dials) = self.dials.get() else {
                return Ok(gst::FlowSuccess::Ok);
            };
            let mut leveller = self.leveller();
            let leveller = leveller.as_mut().ok_or(gst::FlowError::NotNegotiated)?;
            let mut bytes = buffer.map_writable().map_err(|_| gst::FlowError::Error)?;
            let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
            samples.clear();
            let (four, _) = bytes.as_chunks::<4>();
            samples.extend(four.iter().map(|bytes| f32::from_le_bytes(*bytes)));
            leveller.level(&mut samples, dials.wanted());
            let (four, _) = bytes.as_chunks_mut::<4>();
            for (bytes, sample) in four.iter_mut().zip(samples.iter()) {
                *bytes = sample.to_le_bytes();
            }
            Ok(gst::FlowSuccess::Ok)
        }
    }

    impl Dialled {
        fn leveller(&self) -> std::sync::MutexGuard<'_, Option<Leveller>> {
            self.leveller.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }
}
