//! One film in GStreamer: a playbin3 with our source and sinks, and the thread that calls it.
//!
//! Calls into a pipeline may wait (a seek in a demuxer that reads its index right then, a state
//! change behind such a seek), so all of them are made here, on a thread of the film's own, one
//! at a time; whoever gives the [`Job`]s is told when each is [`Word::Done`]. The thread ends
//! with [`Job::Close`], which always leaves the pipeline in NULL: no pipeline is leaked as long
//! as the feed has been closed first.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use gst::prelude::*;
use gst_base::prelude::*;

use super::counting;
use super::ending::Ending;
use super::failure::{self, Undecodable};
use super::hearing::Heard;
use super::inbox::Inbox;
use super::picture::Picture;
use super::sound::{Coded, Heard as HeardBy, Outlet, Tried};
use super::source::{self, Feed};
use super::start::Start;
use super::subtitles::{Captions, FileTrouble};

/// What a film says to the player's thread.
#[derive(Debug)]
pub(super) enum Word {
    /// The pipeline could not be made or started.
    NotStarted(String),
    /// A job is done.
    Done(Done),
    Error(gst::message::Error<gst::Message>),
    Undecodable(Undecodable),
    /// All sinks have what they need to go on.
    Settled,
    /// A first picture has come, after opening or a seek.
    Prerolled,
    /// The demuxer did not go to where the film shall begin, and stands still.
    NotBegun,
    /// Everything was shown; which seek it belongs to.
    Ended(gst::Seqnum),
    Collection(gst::StreamCollection),
    Selected(Vec<String>),
    Toc(gst::Toc),
    /// A stream's language, title or codec has become known.
    Tags,
    /// By which output, if by any.
    HeardBy(HeardBy),
    /// The sound's clock is gone; pausing for a moment finds another.
    ClockLost,
    /// The text file of this index is read.
    SubtitleFile(usize, Result<Arc<subtitles::Cues>, FileTrouble>),
    /// Of the listening with this number.
    Heard(u64, Heard),
}

#[derive(Debug)]
pub(super) enum Job {
    SetState(gst::State),
    Seek(gst::Event),
    Select(Vec<String>),
    /// Pause and go on.
    FindClock,
    /// The sound comes so many milliseconds later than the picture; earlier below zero.
    Delay(i16),
    /// See how it is shown.
    Count,
    /// Ask for the film's length and whether it can be sought in.
    Measure,
    Close,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Done {
    State { worked: bool },
    Seek { seqnum: gst::Seqnum, worked: bool },
    Select { worked: bool },
    FindClock,
    Delay,
    Count(app::Measured),
    Measure(Measures),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Measures {
    pub(super) duration: Option<Duration>,
    pub(super) seekable: bool,
}

/// Everything the pipeline is made of.
pub(super) struct Parts {
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) feed: Arc<Feed>,
    pub(super) picture: Arc<Picture>,
    pub(super) captions: Arc<Captions>,
    /// Where it begins; none: at its start.
    pub(super) start: Option<Arc<Start>>,
    pub(super) outlet: Outlet,
    pub(super) tried: Tried,
    pub(super) coded: Option<Coded>,
    pub(super) inbox: Arc<Inbox>,
}

/// The way to the film's thread.
pub(super) struct Pipeline {
    jobs: SyncSender<Job>,
    ending: Ending,
}

/// Types of what chooses decoders.
const DECODERS: [&str; 2] = ["GstURIDecodeBin3", "GstDecodebin3"];

/// At most the one under way, one waiting, and the close.
const JOBS_MAX: usize = 2;

impl Pipeline {
    /// Begins to open the film, paused. Word of it comes through the inbox.
    pub(super) fn open(parts: Parts) -> std::io::Result<Pipeline> {
        let (jobs, of_thread) = sync_channel(JOBS_MAX);
        let inbox = parts.inbox.clone();
        // The sound's device was not free for the next film.
        let ending = Ending::of(move || run(&parts, &of_thread), move || inbox.outputs())?;
        Ok(Pipeline { jobs, ending })
    }

    /// Gives the thread a job; one at a time, and a close at any time.
    pub(super) fn give(&self, job: Job) {
        // It refuses only after its end, and then nothing is to be done any more.
        if let Err(refused) = self.jobs.try_send(job) {
            tracing::debug!(%refused, "a job for a film that has ended");
        }
    }

    /// Waits for the thread's end; false if it has not come in time. Sound outputs are looked at
    /// again when it comes later.
    pub(super) fn wait_for_end(&self, at_most: Duration) -> bool {
        self.ending.wait(at_most)
    }
}

fn run(parts: &Parts, jobs: &Receiver<Job>) {
    let (playbin, sinks) = match start(parts) {
        Ok(started) => started,
        Err(why) => {
            parts.inbox.word(parts.number, Word::NotStarted(why));
            return;
        }
    };
    while let Ok(job) = jobs.recv() {
        if let Job::Close = job {
            break;
        }
        let done = perform(&playbin, &sinks, job);
        parts.inbox.word(parts.number, Word::Done(done));
    }
    if let Some(bus) = playbin.bus() {
        bus.unset_sync_handler();
        bus.set_flushing(true);
    }
    if let Err(error) = playbin.set_state(gst::State::Null) {
        tracing::error!(%error, "the pipeline did not stop");
    }
}

fn perform(playbin: &gst::Pipeline, sinks: &Sinks, job: Job) -> Done {
    match job {
        Job::SetState(state) => Done::State {
            worked: playbin.set_state(state).is_ok(),
        },
        Job::Seek(event) => Done::Seek {
            seqnum: event.seqnum(),
            worked: playbin.send_event(event),
        },
        Job::Select(ids) => {
            let ids = ids.iter().map(String::as_str);
            let event = gst::event::SelectStreams::new(ids);
            Done::Select {
                worked: playbin.send_event(event),
            }
        }
        Job::FindClock => {
            let found = playbin.set_state(gst::State::Paused);
            let found = found.and_then(|_| playbin.set_state(gst::State::Playing));
            if let Err(error) = found {
                tracing::warn!(%error, "no new clock");
            }
            Done::FindClock
        }
        Job::Delay(delay_ms) => {
            sinks.delay(delay_ms);
            Done::Delay
        }
        Job::Count => Done::Count(counting::count(playbin, &sinks.video)),
        Job::Measure | Job::Close => Done::Measure(measure(playbin)),
    }
}

/// Sound of that kind is not decoded: decodebin3 ends where one of its final caps is met.
fn spare(playbin: &gst::Bin, coded: Coded) {
    // Some are there as soon as playbin is; the others come as films are looked into.
    let here = playbin.iterate_recurse().into_iter().flatten();
    here.for_each(|element| spare_in(&element, coded));
    playbin.connect_deep_element_added(move |_, _, element| spare_in(element, coded));
}

fn spare_in(element: &gst::Element, coded: Coded) {
    // Not the names of their factories, as in `start`.
    if DECODERS.contains(&element.type_().name()) {
        let mut caps: gst::Caps = element.property("caps");
        caps.make_mut().append(coded.caps());
        element.set_property("caps", caps);
    }
}

/// What shows and sounds.
struct Sinks {
    video: gst::Element,
    sound: gst::Element,
}

impl Sinks {
    /// The sound comes later than the picture, or the picture later than the sound. Not by
    /// playbin's `av-offset`: with GStreamer 1.22 that did not reach the sound's sink.
    fn delay(&self, delay_ms: i16) {
        let later = |sink: &gst::Element, by_ms: i16| {
            let by = i64::from(by_ms.max(0)) * 1_000_000;
            for sink in leaves(sink) {
                sink.set_ts_offset(by);
            }
        };
        later(&self.sound, delay_ms);
        later(&self.video, delay_ms.saturating_neg());
    }
}

/// A sink that keeps time, or those in a bin.
pub(super) fn leaves(sink: &gst::Element) -> Vec<gst_base::BaseSink> {
    let inside = sink.downcast_ref::<gst::Bin>();
    let inside = inside.map(|bin| bin.iterate_recurse().into_iter().flatten());
    let all = inside.into_iter().flatten().chain([sink.clone()]);
    all.filter_map(|it| it.downcast().ok()).collect()
}

fn measure(playbin: &gst::Pipeline) -> Measures {
    let duration = playbin.query_duration::<gst::ClockTime>();
    let mut seeking = gst::query::Seeking::new(gst::Format::Time);
    Measures {
        duration: duration.map(Duration::from),
        seekable: playbin.query(&mut seeking) && seeking.result().0,
    }
}

/// Makes the pipeline and sets it off towards PAUSED.
fn start(parts: &Parts) -> Result<(gst::Pipeline, Sinks), String> {
    let (playbin, sinks) = build(parts).map_err(|error| error.to_string())?;
    listen(&playbin, parts);
    if let Err(error) = playbin.set_state(gst::State::Paused) {
        // What went wrong is on the bus, unless nothing was said.
        tracing::warn!(%error, "the film did not open");
        let _ = playbin.set_state(gst::State::Null);
        return Err(error.to_string());
    }
    parts.feed.begin();
    Ok((playbin, sinks))
}

fn build(parts: &Parts) -> Result<(gst::Pipeline, Sinks), gst::glib::BoolError> {
    let playbin = gst::ElementFactory::make("playbin3").build()?;
    let (inbox, number) = (parts.inbox.clone(), parts.number);
    let video = parts
        .picture
        .sink(move || inbox.word(number, Word::Prerolled))?;
    // Our sink converts itself where it must; playbin's own converters, colour balance and
    // volume would only cost.
    playbin.set_property_from_str("flags", "video+audio+text+native-video+deinterlace");
    playbin.set_property("video-sink", &video);
    let (sound, heard_by) = parts.outlet.sink(&parts.tried, parts.coded)?;
    if let Some(coded) = heard_by.coded {
        spare(playbin.downcast_ref().expect("playbin3 is a bin"), coded);
    }
    parts.inbox.word(number, Word::HeardBy(heard_by));
    playbin.set_property("audio-sink", &sound);
    let sinks = Sinks { video, sound };
    sinks.delay(parts.outlet.dials.delay_ms());
    // All texts of the container come at once, and the captions pick: so two can be shown, and
    // choosing another touches no pipeline.
    let funnel = gst::ElementFactory::make("funnel").build()?;
    playbin.set_property("text-stream-combiner", funnel);
    playbin.set_property("text-sink", parts.captions.sink()?);
    source::feed(&playbin, &parts.feed);
    playbin.set_property("uri", source::uri(&parts.name));
    let playbin: gst::Pipeline = playbin.downcast().expect("playbin3 is a pipeline");
    if let Some(start) = &parts.start {
        let (inbox, number) = (parts.inbox.clone(), parts.number);
        start.attend(playbin.upcast_ref(), move || {
            inbox.word(number, Word::NotBegun);
        });
    }
    Ok((playbin, sinks))
}

/// Sends on what the pipeline says, from whichever thread says it.
fn listen(playbin: &gst::Pipeline, parts: &Parts) {
    let bus = playbin.bus().expect("a pipeline has a bus");
    let (inbox, number) = (parts.inbox.clone(), parts.number);
    let top = playbin.downgrade();
    bus.set_sync_handler(move |_, message| {
        let of_top = message
            .src()
            .is_some_and(|src| top.upgrade().is_some_and(|top| src == &top));
        if let Some(word) = word_of(message, of_top) {
            inbox.word(number, word);
        }
        gst::BusSyncReply::Drop
    });
}

fn word_of(message: &gst::Message, of_top: bool) -> Option<Word> {
    match message.view() {
        gst::MessageView::Error(error) => Some(Word::Error(error.to_owned())),
        gst::MessageView::Warning(warning) => {
            tracing::debug!(error = %warning.error(), debug = ?warning.debug(), "pipeline");
            None
        }
        gst::MessageView::Element(element) => failure::undecodable(element).map(Word::Undecodable),
        gst::MessageView::AsyncDone(_) if of_top => Some(Word::Settled),
        gst::MessageView::Eos(eos) if of_top => Some(Word::Ended(eos.seqnum())),
        gst::MessageView::StreamCollection(told) => {
            Some(Word::Collection(told.stream_collection()))
        }
        gst::MessageView::StreamsSelected(told) => {
            let ids = told.streams();
            let ids = ids.filter_map(|stream| stream.stream_id());
            Some(Word::Selected(ids.map(|id| id.to_string()).collect()))
        }
        gst::MessageView::Toc(told) => Some(Word::Toc(told.toc().0.clone())),
        gst::MessageView::Tag(_) => Some(Word::Tags),
        gst::MessageView::ClockLost(_) => Some(Word::ClockLost),
        _ => None,
    }
}
