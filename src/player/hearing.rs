//! Hears how texts lie on a film: listens to the sound of what is here already, much faster than it
//! plays, and compares.
//!
//! A second pipeline beside the one that shows the film, with the sound alone, that reads only what
//! needs nobody to be asked ([`Source::held`]): it ends at the first byte that is not here and
//! takes nothing from the film that plays. It begins well before the picture, for what was seen is
//! mostly still here, and is over as soon as the fit leaves no doubt. It has a thread of its own,
//! which ends at once when the [`Hearing`] is dropped.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::{FitFailure, TextTiming};
use gst::prelude::*;
use media::Source;
use subtitles::{Cues, Limits, Listener, SAMPLES_PER_SEC, STEP, Speech, align};

use super::aside::{self, Branch, Part};

/// Sound that is listened to at most: with so much a fit was never missed (`subtitles`' README).
const HEARD_MAX: Duration = Duration::from_secs(25 * 60);

/// How far before the picture it begins, the first that is here.
const BEFORE: [Duration; 4] = [
    Duration::from_secs(15 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(60),
    Duration::ZERO,
];

/// It compares first with so much sound, and again with half as much more each time.
const FIRST_LOOK: Duration = Duration::from_secs(120);

/// A pipeline that gives no sound for so long gives none.
const SILENT_MAX: Duration = Duration::from_secs(10);

/// How long a stop may go unseen.
const LOOKS_UP: Duration = Duration::from_millis(50);

/// Progress is told this often.
const TELLS: Duration = Duration::from_millis(250);

/// Buffers of sound decoded ahead of the ear.
const BUFFERS_MAX: u32 = 16;

/// What is listened to, and for what.
pub(super) struct Work {
    pub(super) film: Arc<dyn Source>,
    pub(super) runtime: tokio::runtime::Handle,
    /// The sound that plays; none: the first.
    pub(super) sound: Option<String>,
    /// Where the picture is.
    pub(super) position: Duration,
    /// The texts to lay on it, the first alone being needed.
    pub(super) texts: [Option<Arc<Cues>>; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Thousandths of what will be listened to at most.
    Progress(u16),
    Done(Result<[Option<TextTiming>; 2], FitFailure>),
}

/// A listening under way.
#[derive(Debug)]
pub(super) struct Hearing {
    stop: Arc<AtomicBool>,
}

impl Hearing {
    /// Begins to listen; what is heard is told from its thread, the end of it last.
    pub(super) fn start(work: Work, tell: impl Fn(Heard) + Send + 'static) -> io::Result<Hearing> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        std::thread::Builder::new()
            .name("player-hearing".to_owned())
            .spawn(move || {
                let ear = Ear {
                    listener: Listener::default(),
                    next_look: FIRST_LOOK,
                    told: Instant::now(),
                    work,
                    stop: stopped,
                    tell,
                };
                ear.listen();
            })?;
        Ok(Hearing { stop })
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

struct Ear<T> {
    listener: Listener,
    /// Sound after which the texts are compared next.
    next_look: Duration,
    told: Instant,
    work: Work,
    stop: Arc<AtomicBool>,
    tell: T,
}

impl<T: Fn(Heard)> Ear<T> {
    fn listen(mut self) {
        let mut starts: Vec<Duration> = Vec::new();
        for before in BEFORE {
            let start = self.work.position.saturating_sub(before);
            if starts.last() != Some(&start) {
                starts.push(start);
            }
        }
        for start in starts {
            if self.has_heard(start) {
                continue;
            }
            let heard = self.hear_from(start);
            if let Err(error) = heard {
                tracing::debug!(?start, %error, "hearing");
            }
            if self.stopped() {
                return;
            }
            if let Some(fits) = self.fits() {
                (self.tell)(Heard::Done(Ok(fits)));
                return;
            }
        }
        let failure = if self.speech().known() < FIRST_LOOK {
            FitFailure::TooLittleHere
        } else {
            FitFailure::NotSure
        };
        (self.tell)(Heard::Done(Err(failure)));
    }

    /// Listens from `start` on until something is not here, enough was heard, or all is told.
    fn hear_from(&mut self, start: Duration) -> Result<(), gst::glib::BoolError> {
        let (branch, sink) = self.branch(start)?;
        branch.begin(gst::State::Playing)?;
        let mut last = Instant::now();
        while !self.stopped() {
            if let Some(sample) =
                sink.try_pull_sample(gst::ClockTime::from_mseconds(LOOKS_UP.as_millis() as u64))
            {
                last = Instant::now();
                self.take(&sample);
                if self.is_done() {
                    return Ok(());
                }
            } else if sink.is_eos() || last.elapsed() > SILENT_MAX {
                return Ok(());
            }
            branch.error()?;
        }
        Ok(())
    }

    /// Enough was heard to be sure, or so much that more will not help.
    fn is_done(&mut self) -> bool {
        let known = self.speech().known();
        if self.told.elapsed() >= TELLS {
            self.told = Instant::now();
            let part = known.as_millis() * 1000 / HEARD_MAX.as_millis();
            (self.tell)(Heard::Progress(part.min(1000) as u16));
        }
        if known >= HEARD_MAX {
            return true;
        }
        if known < self.next_look {
            return false;
        }
        self.next_look = known + known / 2;
        self.fits().is_some()
    }

    /// How the texts lie, if the first one's place leaves no doubt.
    fn fits(&self) -> Option<[Option<TextTiming>; 2]> {
        let limits = Limits::default();
        let fit = |cues: &Option<Arc<Cues>>| {
            let fit = align(cues.as_ref()?, self.speech(), &limits)?;
            tracing::debug!(?fit, "the texts' place in the sound");
            Some(TextTiming {
                offset_ms: fit.offset_ms,
                stretch_ppm: ((fit.scale - 1.0) * 1e6).round() as i32,
            })
        };
        let first = fit(&self.work.texts[0])?;
        Some([Some(first), fit(&self.work.texts[1])])
    }

    fn take(&mut self, sample: &gst::Sample) {
        let bytes = sample
            .buffer()
            .and_then(|buffer| buffer.map_readable().ok());
        if let (Some(position), Some(bytes)) = (aside::position(sample), bytes) {
            let pairs = bytes.chunks_exact(2);
            let samples: Vec<i16> = pairs.map(|it| i16::from_ne_bytes([it[0], it[1]])).collect();
            self.listener.hear(position, &samples);
        }
    }

    /// What lies after `start` was heard from an earlier one on.
    fn has_heard(&self, start: Duration) -> bool {
        let step = (start + FIRST_LOOK / 4).as_millis() / STEP.as_millis();
        self.speech().get(step as usize).is_some()
    }

    fn speech(&self) -> &Speech {
        self.listener.speech()
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Of the sound alone: nothing of the picture is decoded.
    fn branch(&self, at: Duration) -> Result<(Branch, gst_app::AppSink), gst::glib::BoolError> {
        let make = |name: &str| gst::ElementFactory::make(name).build();
        let (convert, resample) = (make("audioconvert")?, make("audioresample")?);
        let sink = gst_app::AppSink::builder()
            .sync(false)
            .max_buffers(BUFFERS_MAX)
            .caps(&ear_caps())
            .build();
        let sound = self.work.sound.clone();
        let wanted = move |pad: &gst::Pad| {
            let id = pad.stream_id();
            let is_it = |sound: &String| id.as_ref().is_some_and(|id| id == sound);
            aside::is_of(pad, gst::StreamType::AUDIO) && sound.as_ref().is_none_or(is_it)
        };
        let branch = Branch::new(
            (&self.work.film, &self.work.runtime),
            Part { at, wanted },
            &make("decodebin")?,
            &[&convert, &resample, sink.upcast_ref()],
            // Then there is no sound, and it is given up.
            || tracing::debug!("the place to listen from is not found"),
        )?;
        Ok((branch, sink))
    }
}

/// The sound that the listener takes.
fn ear_caps() -> gst::Caps {
    let format = if cfg!(target_endian = "big") {
        "S16BE"
    } else {
        "S16LE"
    };
    gst::Caps::builder("audio/x-raw")
        .field("format", format)
        .field("layout", "interleaved")
        .field("rate", SAMPLES_PER_SEC as i32)
        .field("channels", 1)
        .build()
}
