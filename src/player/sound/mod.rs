//! Sound: the best output that works, else a silent sink that keeps time.
//!
//! A film goes on without sound when there is no output, or when it fails half-way: a box whose TV
//! is switched over must not stop. The silent sink consumes sound at the film's pace, so that
//! everything else behaves as if it were heard. When outputs come or go, a film that is heard by
//! another than the best one is opened again where it is.
//!
//! Why the kernel's lists and not ALSA's library: they tell all that a choice needs (cards,
//! devices, what is plugged in), open nothing, and are there as text for a test.

mod bursts;
mod coded;
mod desk;
mod desk_output;
mod desk_sink;
mod dials;
mod leveller;
mod outlet;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use gst::prelude::*;
use sink::{Codec, Framing, Kind, Link, Output, SoundWish, Stream, Way, sound_way};

pub(super) use coded::Coded;
pub(super) use desk::Desk;
pub use desk::{Ticket, Voice};
pub(super) use desk_output::DeskOutput;
pub(super) use dials::Dials;
pub(super) use watch::Watch;

/// Where the kernel lists sound cards.
const CARDS: &str = "/proc/asound";

/// Where the kernel lists sockets of screens.
const SOCKETS: &str = "/sys/class/drm";

/// Where sound can go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlets {
    /// Wherever the desktop wants it.
    Desktop,
    /// By the machine's own cards, as they are listed in these folders.
    Alsa {
        asound: PathBuf,
        sockets: PathBuf,
        /// The owner's choice; none: ours.
        card: Option<String>,
        /// Sound goes out as it is where the sink says that it takes it.
        passthrough: bool,
    },
}

impl Outlets {
    /// Those of this machine.
    pub fn of_machine(card: Option<String>, passthrough: bool) -> Outlets {
        Outlets::Alsa {
            asound: CARDS.into(),
            sockets: SOCKETS.into(),
            card,
            passthrough,
        }
    }
}

/// The name under which errors of the sound's output are told from those of the film.
pub(super) const SINK_NAME: &str = "sound";

/// What the desktop's output is called here.
const DESKTOP: &str = "the desktop";

/// And what films play into while the box reads aloud.
const DESK: &str = "the desk";

/// Times that an output may fail in one film: it may have been out of order for a moment.
const FAILURES_MAX: usize = 2;

/// Failures that are remembered: more outputs than that no film goes through.
const REMEMBERED_MAX: usize = 64;

/// What a film has learnt of outputs, since the last one came or went.
#[derive(Debug, Clone, Default)]
pub(super) struct Tried {
    /// Each time that one failed, by its name.
    failed: Vec<String>,
    /// Sound is decoded whatever the sink takes.
    pub(super) decode: bool,
}

impl Tried {
    /// It did not open, or failed while it was heard.
    pub(super) fn failed(&mut self, name: &str) {
        if self.failed.len() < REMEMBERED_MAX {
            self.failed.push(name.to_owned());
        }
    }

    /// It is not to be tried again.
    fn is_out(&self, name: &str) -> bool {
        let times = self.failed.iter().filter(|failed| *failed == name).count();
        times >= FAILURES_MAX || self.failed.len() >= REMEMBERED_MAX
    }

    /// Outputs came or went: all may work again.
    pub(super) fn forget(&mut self) {
        self.failed.clear();
        self.decode = false;
    }
}

/// Everything that a film's sound is made of.
#[derive(Debug, Clone)]
pub(super) struct Outlet {
    pub(super) outlets: Arc<Outlets>,
    pub(super) dials: Arc<Dials>,
    /// Has the device while the box reads aloud.
    pub(super) desk: Arc<Desk>,
}

/// By what a film is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    /// None: by nobody.
    pub(super) by: Option<String>,
    /// These did not open.
    pub(super) failed: Vec<String>,
    /// It is open for that; none: for what is decoded.
    pub(super) coded: Option<Coded>,
    /// What is there takes this; none: it has not told.
    pub(super) takes: Option<sink::Sound>,
}

impl Outlet {
    /// The sink to put into the pipeline, and which it is.
    pub(super) fn sink(
        &self,
        tried: &Tried,
        coded: Option<Coded>,
    ) -> Result<(gst::Element, Heard), gst::glib::BoolError> {
        let mut failed = Vec::new();
        if self.desk.is_on() && !tried.is_out(DESK) {
            let heard = Heard {
                by: Some(DESK.to_owned()),
                failed,
                coded: None,
                takes: None,
            };
            return Ok((self.at_the_desk()?, heard));
        }
        if let Some(open) = self.open(tried, coded, &mut failed) {
            let heard = Heard {
                by: Some(open.name),
                failed,
                coded: open.coded,
                takes: open.takes,
            };
            let Some(coded) = open.coded else {
                return Ok((self.dialled(&open.sink, open.channels)?, heard));
            };
            match bin(&[&coded::element(coded), &open.sink]) {
                Ok(bin) => return Ok((bin, heard)),
                Err(why) => {
                    tracing::warn!("sound: this output takes no bursts: {why}");
                    let _ = open.sink.set_state(gst::State::Null);
                    return self.sink(tried, None);
                }
            }
        }
        tracing::warn!("no sound output works: the film plays silently");
        let silent = silent()?;
        let heard = Heard {
            by: None,
            failed,
            coded: None,
            takes: None,
        };
        Ok((silent, heard))
    }

    /// What the desk plays to, and its name; none: nobody.
    fn desk_device(
        &self,
        tried: &mut Tried,
    ) -> Result<(gst::Element, Option<String>), gst::glib::BoolError> {
        let mut failed = Vec::new();
        let open = self.open(tried, None, &mut failed);
        for name in &failed {
            tried.failed(name);
        }
        match open {
            Some(open) => Ok((open.sink, Some(open.name))),
            None => Ok((silent()?, None)),
        }
    }

    /// Whether the desk, which plays to that, does not play to the best there is.
    pub(super) fn desk_is_worse(&self, by: Option<&str>, tried: &Tried) -> bool {
        *self.outlets != Outlets::Desktop && self.is_not_best(by, tried)
    }

    /// Whether a film that is heard by that is not heard by the best there is.
    pub(super) fn is_worse(&self, by: Option<&str>, tried: &Tried) -> bool {
        if self.desk.is_on() || by == Some(DESK) {
            return self.desk.is_on() != (by == Some(DESK)) && !tried.is_out(DESK);
        }
        if *self.outlets == Outlets::Desktop {
            return false;
        }
        self.is_not_best(by, tried)
    }

    fn is_not_best(&self, by: Option<&str>, tried: &Tried) -> bool {
        let all = outlet::outputs(&self.outlets);
        let best = all
            .iter()
            .find(|output| output.names.iter().any(|name| !tried.is_out(name)));
        match (best, by) {
            (Some(best), Some(by)) => !best.names.iter().any(|name| name == by),
            (None, None) => false,
            (Some(_), None) | (None, Some(_)) => true,
        }
    }

    /// What the owner wishes now: a receiver that decodes for itself would make of two channels
    /// what it likes.
    fn wish(&self) -> SoundWish {
        let stereo = self.dials.is_stereo();
        let passes = match *self.outlets {
            Outlets::Alsa { passthrough, .. } => passthrough,
            Outlets::Desktop => false,
        };
        SoundWish {
            passthrough: passes && !stereo,
            channels_max: if stereo {
                2
            } else {
                SoundWish::default().channels_max
            },
        }
    }

    /// How that sound goes to what the film is heard by; none: decoded.
    pub(super) fn coded(&self, heard: &Heard, stream: &Stream) -> Option<Coded> {
        let wish = self.wish();
        let by = heard.by.as_deref().filter(|_| wish.passthrough)?;
        coded_name(by, 48_000)?;
        match sound_way(stream, heard.takes.as_ref(), Link::HDMI, wish) {
            Way::Pass {
                framing: framing @ (Framing::Ac3 | Framing::Eac3 | Framing::Dts),
                rate_hz,
                ..
            } => Some(Coded { framing, rate_hz }),
            Way::Pass { .. } | Way::Pcm { .. } => None,
        }
    }

    /// What is there takes that; none: it has not told.
    pub(super) fn takes(&self, by: &str) -> Option<sink::Sound> {
        let mut all = outlet::outputs(&self.outlets).into_iter();
        all.find(|output| output.names.iter().any(|name| name == by))?
            .sound
    }

    /// The first output that opens.
    fn open(&self, tried: &Tried, coded: Option<Coded>, failed: &mut Vec<String>) -> Option<Open> {
        if *self.outlets == Outlets::Desktop {
            if tried.is_out(DESKTOP) {
                return None;
            }
            return Some(Open {
                sink: desktop()?,
                name: DESKTOP.to_owned(),
                channels: if self.dials.is_stereo() { 2 } else { u8::MAX },
                coded: None,
                takes: None,
            });
        }
        for output in outlet::outputs(&self.outlets) {
            for name in output.names.iter().filter(|name| !tried.is_out(name)) {
                let opened = opened_as(name, coded);
                if let Some((sink, coded)) = opened {
                    let channels = channels(&output, self.wish());
                    tracing::info!("sound: {name}, of {channels} channels at most, {coded:?}");
                    return Some(Open {
                        sink,
                        name: name.clone(),
                        channels,
                        coded,
                        takes: output.sound,
                    });
                }
                tracing::info!("sound: {name} does not open");
                failed.push(name.clone());
            }
        }
        None
    }

    /// What is decoded goes through the dials, and then to the desk.
    fn at_the_desk(&self) -> Result<gst::Element, gst::glib::BoolError> {
        let make = |name: &str| gst::ElementFactory::make(name).build();
        let (tempo, convert) = (make("scaletempo")?, make("audioconvert")?);
        let (resample, dials) = (make("audioresample")?, dials::element(&self.dials));
        let desk = desk_sink::element(&self.desk);
        bin(&[&tempo, &dials, &convert, &resample, &desk])
    }

    /// What is decoded goes through the dials, and then out.
    fn dialled(
        &self,
        sink: &gst::Element,
        channels: u8,
    ) -> Result<gst::Element, gst::glib::BoolError> {
        let make = |name: &str| gst::ElementFactory::make(name).build();
        let (convert, limit) = (make("audioconvert")?, make("capsfilter")?);
        let channels = i32::from(channels.max(2));
        let caps = gst::Caps::builder("audio/x-raw")
            .field("channels", gst::IntRange::new(1, channels))
            .build();
        limit.set_property("caps", caps);
        // Where a film runs faster or slower its sound keeps its pitch.
        let tempo = make("scaletempo")?;
        let dials = dials::element(&self.dials);
        bin(&[&tempo, &dials, &convert, &limit, sink])
    }
}

/// An output that is open.
struct Open {
    sink: gst::Element,
    name: String,
    channels: u8,
    coded: Option<Coded>,
    takes: Option<sink::Sound>,
}

/// Opens it for bursts where that is wanted and can be, else for samples.
fn opened_as(name: &str, coded: Option<Coded>) -> Option<(gst::Element, Option<Coded>)> {
    let as_it_is = coded.and_then(|coded| {
        let sink = alsa(&coded_name(name, coded.rate_hz)?)?;
        Some((sink, Some(coded)))
    });
    as_it_is.or_else(|| Some((alsa(name)?, None)))
}

/// With the word to the receiver that no samples come; none: there is no way to say so.
fn coded_name(name: &str, rate_hz: u32) -> Option<String> {
    // The bits of a channel's status (IEC 60958-3): the rate as it is on the wire.
    let rate = match rate_hz {
        32_000 => 0x03,
        44_100 => 0x00,
        48_000 => 0x02,
        176_400 => 0x0c,
        192_000 => 0x0e,
        _ => return None,
    };
    let bits = format!("AES0=0x06,AES1=0x82,AES2=0x00,AES3={rate:#04x}");
    name.starts_with("hdmi:").then(|| format!("{name},{bits}"))
}

/// One after the other, in a bin that is known for the sound's.
fn bin(all: &[&gst::Element]) -> Result<gst::Element, gst::glib::BoolError> {
    let bin = gst::Bin::with_name(SINK_NAME);
    bin.add_many(all.iter().copied())?;
    gst::Element::link_many(all.iter().copied())?;
    let inner = all[0].static_pad("sink").expect("each of ours has a sink");
    bin.add_pad(&gst::GhostPad::with_target(&inner)?)?;
    Ok(bin.upcast())
}

/// How many channels an output is given at most.
fn channels(output: &Output, wish: SoundWish) -> u8 {
    if output.kind != Kind::Hdmi {
        return 2;
    }
    let most = Stream {
        codec: Codec::Other,
        channels: 8,
        rate_hz: 48_000,
        kbit: None,
    };
    let sink = output.sound.as_ref();
    match sound_way(&most, sink, Link::HDMI, wish) {
        Way::Pcm { channels, .. } | Way::Pass { channels, .. } => channels,
    }
}

/// What takes sound at its pace, and lets nobody hear it.
fn silent() -> Result<gst::Element, gst::glib::BoolError> {
    gst::ElementFactory::make("fakesink")
        .name(SINK_NAME)
        .property("sync", true)
        .property("enable-last-sample", false)
        .build()
}

/// A card's device, if it opens.
fn alsa(name: &str) -> Option<gst::Element> {
    let sink = gst::ElementFactory::make("alsasink").build().ok()?;
    sink.set_property("device", name);
    opened(&sink).then_some(sink)
}

/// A device that could be opened. When none can, `autoaudiosink` fails or falls back to a sink
/// of its own; both mean the same.
fn desktop() -> Option<gst::Element> {
    let sink = gst::ElementFactory::make("autoaudiosink").build().ok()?;
    let is_open = opened(&sink);
    let found = sink.downcast_ref::<gst::Bin>()?.children();
    let found = found.iter().any(|child| {
        let factory = child.factory();
        factory.is_some_and(|factory| factory.name() != "fakesink")
    });
    if is_open && found {
        return Some(sink);
    }
    let _ = sink.set_state(gst::State::Null);
    None
}

fn opened(sink: &gst::Element) -> bool {
    if sink.set_state(gst::State::Ready).is_ok() {
        return true;
    }
    // Leaving Ready cannot fail in a way that matters: the element is dropped.
    let _ = sink.set_state(gst::State::Null);
    false
}

#[cfg(test)]
mod tests;
