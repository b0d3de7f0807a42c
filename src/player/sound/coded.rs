//! The element through which sound goes that is not decoded here: it makes bursts of it.
//!
//! What reaches it decoded all the same, for the moment until another track is chosen, leaves as
//! silence: nobody hears samples where bursts are awaited.

use gst::glib;
use gst::subclass::prelude::*;
use sink::Framing;

/// How sound goes out that is not decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::player) struct Coded {
    pub(in crate::player) framing: Framing,
    /// Of the device, as if it were PCM of two channels.
    pub(in crate::player) rate_hz: u32,
}

impl Coded {
    /// What decoders are not to be asked for.
    pub(in crate::player) fn caps(self) -> gst::Caps {
        let caps = |name: &str| gst::Caps::builder(name).field("framed", true).build();
        match self.framing {
            Framing::Ac3 => caps("audio/x-ac3"),
            Framing::Eac3 => caps("audio/x-eac3"),
            Framing::Dts | Framing::DtsHd => caps("audio/x-dts"),
            Framing::TrueHd => caps("audio/x-true-hd"),
        }
    }
}

/// The element that frames it.
pub(super) fn element(coded: Coded) -> gst::Element {
    let element = glib::Object::new::<Coder>();
    let kept = element.imp().coded.set(coded);
    debug_assert!(kept.is_ok(), "a new element has none");
    element.into()
}

glib::wrapper! {
    struct Coder(ObjectSubclass<imp::Coder>)
        @extends gst::Element, gst::Object;
}

mod imp {
    use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

    use gst::glib;
    use gst::prelude::*;
    use gst::subclass::prelude::*;

    use super::Coded;
    use crate::player::sound::bursts::Bursts;

    /// Of a second: more silence than that is not made of one buffer.
    const SILENCE_MAX: gst::ClockTime = gst::ClockTime::SECOND;

    pub(super) struct Coder {
        pub(super) coded: OnceLock<Coded>,
        sink: gst::Pad,
        src: gst::Pad,
        /// None: decoded sound comes, or nothing yet.
        bursts: Mutex<Option<Bursts>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Coder {
        const NAME: &'static str = "MatineeCoder";
        type Type = super::Coder;
        type ParentType = gst::Element;

        fn with_class(class: &Self::Class) -> Coder {
            let template = |name| class.pad_template(name).expect("it has both");
            let sink = gst::Pad::builder_from_template(&template("sink"))
                .chain_function(|_, parent, buffer| {
                    let panicked = || Err(gst::FlowError::Error);
                    Coder::catch_panic_pad_function(parent, panicked, |it| it.chain(&buffer))
                })
                .event_function(|pad, parent, event| {
                    let panicked = || false;
                    Coder::catch_panic_pad_function(parent, panicked, |it| it.event(pad, event))
                })
                .query_function(|pad, parent, query| {
                    let panicked = || false;
                    Coder::catch_panic_pad_function(parent, panicked, |it| it.query(pad, query))
                })
                .build();
            Coder {
                coded: OnceLock::new(),
                sink,
                src: gst::Pad::builder_from_template(&template("src")).build(),
                bursts: Mutex::default(),
            }
        }
    }

    impl ObjectImpl for Coder {
        fn constructed(&self) {
            self.parent_constructed();
            for pad in [&self.sink, &self.src] {
                self.obj().add_pad(pad).expect("a new element has no pads");
            }
        }
    }

    impl GstObjectImpl for Coder {}

    impl ElementImpl for Coder {
        fn metadata() -> Option<&'static gst::subclass::ElementMetadata> {
            static METADATA: LazyLock<gst::subclass::ElementMetadata> = LazyLock::new(|| {
                gst::subclass::ElementMetadata::new(
                    "Coder",
                    "Codec/Muxer/Audio",
                    "Makes bursts of coded sound",
                    "Matinee",
                )
            });
            Some(&METADATA)
        }

        fn pad_templates() -> &'static [gst::PadTemplate] {
            static TEMPLATES: LazyLock<Vec<gst::PadTemplate>> = LazyLock::new(|| {
                let always = gst::PadPresence::Always;
                let mut taken = gst::Caps::new_empty();
                let all = taken.make_mut();
                for name in ["audio/x-ac3", "audio/x-eac3", "audio/x-dts", "audio/x-raw"] {
                    all.append_structure(gst::Structure::new_empty(name));
                }
                let made = gst::Caps::builder("audio/x-raw")
                    .field("format", "S16LE")
                    .field("layout", "interleaved")
                    .field("rate", gst::IntRange::new(1, i32::MAX))
                    .field("channels", 2)
                    .build();
                let sink = gst::PadTemplate::new("sink", gst::PadDirection::Sink, always, &taken);
                let src = gst::PadTemplate::new("src", gst::PadDirection::Src, always, &made);
                [sink, src]
                    .map(|template| template.expect("a template with such caps is valid"))
                    .into()
            });
            &TEMPLATES
        }
    }

    impl Coder {
        fn bursts(&self) -> MutexGuard<'_, Option<Bursts>> {
            self.bursts.lock().unwrap_or_else(PoisonError::into_inner)
        }

        fn event(&self, pad: &gst::Pad, event: gst::Event) -> bool {
            match event.view() {
                gst::EventView::Caps(caps) => {
                    let Some(coded) = self.coded.get() else {
                        return false;
                    };
                    let caps = caps.caps();
                    let is_coded = coded.caps().can_intersect(caps);
                    *self.bursts() = is_coded.then(|| Bursts::new(coded.framing));
                    let made = gst::Caps::builder("audio/x-raw")
                        .field("format", "S16LE")
                        .field("layout", "interleaved")
                        .field("rate", coded.rate_hz as i32)
                        .field("channels", 2)
                        .field("channel-mask", gst::Bitmask::new(3))
                        .build();
                    let made = gst::event::Caps::builder(&made).seqnum(event.seqnum());
                    self.src.push_event(made.build())
                }
                gst::EventView::FlushStop(_) | gst::EventView::Segment(_) => {
                    if let Some(bursts) = self.bursts().as_mut() {
                        bursts.flush();
                    }
                    gst::Pad::event_default(pad, Some(&*self.obj()), event)
                }
                _ => gst::Pad::event_default(pad, Some(&*self.obj()), event),
            }
        }

        fn query(&self, pad: &gst::Pad, query: &mut gst::QueryRef) -> bool {
            match query.view_mut() {
                // What goes in says nothing of what comes out.
                gst::QueryViewMut::Caps(caps) => {
                    let taken = pad.pad_template_caps();
                    let taken = match caps.filter() {
                        Some(filter) => {
                            let filter = filter.to_owned();
                            filter.intersect_with_mode(&taken, gst::CapsIntersectMode::First)
                        }
                        None => taken,
                    };
                    caps.set_result(&taken);
                    true
                }
                gst::QueryViewMut::AcceptCaps(accept) => {
                    let is_taken = pad.pad_template_caps().can_intersect(accept.caps());
                    accept.set_result(is_taken);
                    true
                }
                // Nothing of it is kept for others.
                gst::QueryViewMut::Allocation(_) => false,
                _ => gst::Pad::query_default(pad, Some(&*self.obj()), query),
            }
        }

        fn chain(&self, buffer: &gst::BufferRef) -> Result<gst::FlowSuccess, gst::FlowError> {
            let coded = self.coded.get().ok_or(gst::FlowError::NotNegotiated)?;
            let bytes = match self.bursts().as_mut() {
                None => {
                    let lasts = buffer.duration().unwrap_or_default().min(SILENCE_MAX);
                    let frames = lasts.nseconds() * u64::from(coded.rate_hz) / 1_000_000_000;
                    Some(vec![0; frames as usize * 4])
                }
                Some(bursts) => {
                    let coded = buffer.map_readable().map_err(|_| gst::FlowError::Error)?;
                    bursts.burst(&coded).map_err(|why| {
                        gst::element_imp_error!(self, gst::StreamError::Encode, ["{why}"]);
                        gst::FlowError::Error
                    })?
                }
            };
            let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
                return Ok(gst::FlowSuccess::Ok);
            };
            let frames = bytes.len() as u64 / 4;
            let mut burst = gst::Buffer::from_mut_slice(bytes);
            let of_burst = burst.make_mut();
            of_burst.set_pts(buffer.pts());
            let lasts = frames * 1_000_000_000 / u64::from(coded.rate_hz.max(1));
            of_burst.set_duration(gst::ClockTime::from_nseconds(lasts));
            if buffer.flags().contains(gst::BufferFlags::DISCONT) {
                of_burst.set_flags(gst::BufferFlags::DISCONT);
            }
            self.src.push(burst)
        }
    }
}
