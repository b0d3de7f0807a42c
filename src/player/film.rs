//! One open film: from its first byte to its close.
//!
//! Hears the pipeline's words and the core's orders, and gives the pipeline one job at a time:
//! what is wished for is kept here as plain values, so any number of orders while a job hangs
//! cost nothing and only the last of each kind is carried out.
//!
//! A film begins held in PAUSED. Its curtain opens with the first picture of where it shall begin:
//! its demuxer is sent there at once (`start`), or, where that cannot be, by a seek once its start
//! is decoded. Only then is it ready and may play.

mod aside;
mod counting;
mod seeking;
mod sounding;

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{Chapter, PlayerFailure, PlayerNews, Session, TrackId};

use super::choice::{Choice, Reader};
use super::failure::{self, Undecodable};
use super::fitting::Fitting;
use super::inbox::Order;
use super::opening::{Opening, Resumed};
use super::picture::Picture;
use super::pipeline::{Done, Job, Measures, Parts, Pipeline, Word};
use super::seeks::{self, FASTEST, Next, OWN_SPEED, SLOWEST, Seeks};
use super::sound::Heard;
use super::source::Feed;
use super::start::Start;
use super::subtitles::{Captions, Part};
use super::tracks;
use super::transport::Transport;

/// A film that opens reads; one that has neither read nor shown anything for so long never will.
/// GStreamer 1.22 swallows a demuxer's error when it comes while the demuxer is still being
/// plugged, and then says nothing at all. The first picture takes a second on the slowest board.
const OPENS_WITHIN: Duration = Duration::from_secs(5);

/// How far a film has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// On the way to its first picture.
    Opening,
    /// Open at its beginning; asked for its length.
    Measuring,
    /// On the way to where it shall start.
    Starting,
    Ready,
}

/// Why the film's pipeline must go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Failed,
    /// Its sound goes out elsewhere from now on: go on where it was.
    SoundMoved,
    /// The demuxer could not be sent to where the film begins: decode its start and seek.
    NotBegun,
    /// A seek hangs inside the demuxer, which cannot go on once its read is broken off: go on
    /// where the next seek goes.
    Stuck(Duration),
}

pub(super) struct Film {
    number: u64,
    opening: Opening,
    feed: Arc<Feed>,
    picture: Arc<Picture>,
    start: Option<Arc<Start>>,
    pipeline: Pipeline,
    choice: Choice,
    phase: Phase,
    /// All sinks have begun.
    settled: bool,
    /// A job is under way.
    busy: bool,
    transport: Transport,
    seeks: Seeks,
    measures: Measures,
    chapters: Vec<Chapter>,
    fitting: Fitting,
    /// By which sound output; none: it is not known yet, or has failed.
    heard: Option<Heard>,
    /// How much later the sound comes than the picture, as the pipeline was told.
    delay_ms: i16,
    /// When it is to be seen next how it is shown.
    counts_at: Instant,
    end: Option<End>,
}

impl Film {
    /// Begins to open a film; none if there is no thread for it, which is told.
    pub(super) fn open(number: u64, mut opening: Opening) -> Option<Film> {
        let curtain = opening.curtain.clone();
        let texts = std::mem::take(&mut opening.media.subtitles);
        let media = &opening.media;
        let captions = Captions::new(curtain.clone());
        let start = opening.start();
        let feed = Feed::new(opening.blocks.clone(), start.clone());
        // Where only a seek leads there, no picture of before it is shown: none has this number.
        let first = start.as_ref().map(|start| start.seqnum());
        let first = first.or_else(|| opening.by_seek.then(gst::Seqnum::next));
        let picture = Picture::new(curtain.clone(), captions.clone(), first);
        let parts = Parts {
            number,
            name: media.film.name().to_owned(),
            feed: feed.clone(),
            picture: picture.clone(),
            captions: captions.clone(),
            start: start.clone(),
            outlet: opening.outlet.clone(),
            tried: opening.tried.clone(),
            coded: opening.coded,
            inbox: opening.inbox.clone(),
        };
        let pipeline = match Pipeline::open(parts) {
            Ok(pipeline) => pipeline,
            Err(error) => {
                let why = PlayerFailure::Output(error.to_string());
                curtain.news(PlayerNews::Failed(why));
                return None;
            }
        };
        let choice = Choice::new(curtain, captions, texts);
        let mut film = Film {
            number,
            feed,
            picture,
            start,
            pipeline,
            choice,
            phase: Phase::Opening,
            settled: false,
            busy: false,
            transport: Transport::new(opening.resumed.is_none_or(|resumed| resumed.paused)),
            seeks: Seeks::default(),
            measures: Measures::default(),
            chapters: Vec::new(),
            fitting: Fitting::default(),
            heard: None,
            delay_ms: opening.outlet.dials.delay_ms(),
            counts_at: Instant::now(),
            end: None,
            opening,
        };
        if film.opening.media.film.size() == 0 {
            film.fail(PlayerFailure::Broken("it is empty".to_owned()));
        }
        Some(film)
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn session(&self) -> Session {
        self.opening.curtain.session()
    }

    /// Whether it has told of its failure and shall be closed.
    pub(super) fn failed(&self) -> bool {
        self.end == Some(End::Failed)
    }

    /// What to open in its place, if its pipeline cannot go on but the film can.
    pub(super) fn successor(&self) -> Option<Opening> {
        let at = match self.end? {
            End::Failed => return None,
            End::SoundMoved => {
                let shown = self.picture.shown().map(|shown| shown.position);
                shown.unwrap_or(self.opening.at)
            }
            End::NotBegun => self.opening.at,
            End::Stuck(to) => to,
        };
        let mut media = self.opening.media.clone();
        media.subtitles = self.choice.texts().to_vec();
        Some(Opening {
            media,
            at,
            resumed: self.resumed(),
            by_seek: self.opening.by_seek || self.end == Some(End::NotBegun),
            ..self.opening.clone()
        })
    }

    /// What its successor goes on with; nothing if this film was not ready yet.
    fn resumed(&self) -> Option<Resumed> {
        let seeking = !self.seeks.is_idle();
        if self.phase == Phase::Ready {
            return Some(Resumed {
                paused: self.transport.wants_pause(),
                chosen: self.choice.chosen(),
                seeking,
            });
        }
        let before = self.opening.resumed?;
        Some(Resumed {
            paused: self.transport.wants_pause(),
            seeking: seeking || before.seeking,
            ..before
        })
    }

    /// Nothing is seen or heard of it any more.
    pub(super) fn fall(&self) {
        self.opening.curtain.fall();
    }

    /// Begins its end; what is returned can be waited for.
    pub(super) fn end(self) -> Pipeline {
        self.feed.close();
        self.pipeline.give(Job::Close);
        self.pipeline
    }

    /// When it wants [`Film::tick`], if no word comes before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let position = self.transport.deadline().filter(|_| self.tells_position());
        let opens = self.phase == Phase::Opening;
        let opens = opens.then(|| Instant::now() + OPENS_WITHIN);
        let times = [position, opens, self.seeks.deadline(), self.counts()];
        times.into_iter().flatten().min()
    }

    pub(super) fn tick(&mut self) {
        if let Some(seek) = self.seeks.overdue(self.feed.waiting().is_some()) {
            tracing::warn!(to = ?seek.to, "a seek did not settle");
            self.sought(seek);
        }
        let idle = self.feed.idle();
        if self.phase == Phase::Opening && idle.is_some_and(|idle| idle > OPENS_WITHIN) {
            self.fail(PlayerFailure::Broken("nothing comes out of it".to_owned()));
        }
        if self.tells_position() && self.transport.due() {
            self.say_position();
        }
        self.go_on();
    }

    pub(super) fn order(&mut self, order: &Order) {
        match order {
            Order::SetPaused(_, paused) => self.transport.want(*paused),
            Order::Seek { to, mode, .. } => self.seeks.want(*to, *mode),
            Order::SelectAudio(_, id) => {
                self.choice.select_audio(*id);
                self.choose_way();
            }
            Order::SelectSubtitle(_, id) => self.select_subtitle(Part::First, *id),
            Order::SelectSecond(_, id) => self.select_subtitle(Part::Second, *id),
            Order::TimeSubtitles(_, timings) => self.choice.time(*timings),
            Order::Count(_, wanted) => self.want_counts(*wanted),
            Order::Stills(_, places) => self.want_stills(places),
            Order::Fit(_, true) => self.fit(),
            Order::Fit(_, false) => self.fitting.stop(),
            Order::AddTexts(_, texts) => self.choice.add(texts),
            Order::Speed(_, permille) => {
                self.opening.speed = (*permille).clamp(SLOWEST, FASTEST);
                self.choose_way();
            }
            Order::Sound => self.choose_way(),
            Order::Open { .. } | Order::Close(_) | Order::ReadAloud(_) | Order::Quit => {}
        }
        self.go_on();
    }

    pub(super) fn word(&mut self, word: Word) {
        match word {
            Word::NotStarted(why) => self.fail(PlayerFailure::Output(why)),
            Word::Done(done) => self.done(done),
            Word::Error(error) => self.error(&error),
            Word::Undecodable(stream) => self.undecodable(stream),
            Word::Settled => {
                self.settled = true;
                self.settle();
            }
            Word::Prerolled => {}
            Word::NotBegun => self.end = self.end.or(Some(End::NotBegun)),
            Word::Ended(seqnum) => self.ended(seqnum),
            Word::Collection(collection) => {
                self.choice.streams.set_collection(collection);
                self.choice.say();
                self.choose_way();
            }
            Word::Selected(ids) => {
                self.choice.streams.set_selected(ids);
                self.choice.say();
                self.choose_way();
            }
            Word::Toc(toc) => self.chapters = tracks::chapters(&toc),
            Word::Tags => self.choice.say(),
            Word::HeardBy(heard) => self.heard_by(heard),
            Word::ClockLost => self.transport.lose_clock(),
            Word::SubtitleFile(index, read) => self.choice.file_read(index, read),
            Word::Heard(number, heard) => self.heard(number, heard),
        }
        self.go_on();
    }

    /// Gives the next job, if there is one and none is under way.
    fn go_on(&mut self) {
        if self.end.is_some() {
            return;
        }
        if self.phase == Phase::Opening {
            self.look_for_first_picture();
            if self.start.as_ref().is_some_and(|start| start.seeks()) {
                let overtaken = self.seeks.overtakes(self.feed.waiting());
                self.end = self.end.or(overtaken.map(End::Stuck));
            }
        }
        if !matches!(self.phase, Phase::Starting | Phase::Ready) {
            return;
        }
        match self.seeks.next(self.feed.waiting(), self.busy) {
            Next::Nothing => {}
            Next::Begin(to, mode) => {
                let to = seeks::clamp(to, self.measures.duration);
                self.seek(to, mode);
            }
            Next::BreakOff(to) => self.end = Some(End::Stuck(to)),
        }
        if self.busy || self.phase != Phase::Ready {
            return;
        }
        if self.tells_position() && self.transport.stands() {
            // Pictures come after the last one whose position was told.
            self.say_position();
        }
        if let Some(job) = self.transport.job() {
            self.give(job);
        } else if let Some(ids) = self.choice.take_selection() {
            self.give(Job::Select(ids));
        } else if self.delay_ms != self.opening.outlet.dials.delay_ms() {
            self.delay_ms = self.opening.outlet.dials.delay_ms();
            self.give(Job::Delay(self.delay_ms));
        } else if let Some(job) = self.count_job() {
            self.give(job);
        }
    }

    fn give(&mut self, job: Job) {
        tracing::debug!(?job, "film");
        self.busy = true;
        self.pipeline.give(job);
    }

    fn done(&mut self, done: Done) {
        self.busy = false;
        match done {
            Done::Count(measured) => self.counted(measured),
            Done::Measure(measures) => self.measured(measures),
            Done::Seek { seqnum, worked } => {
                if let Some(seek) = self.seeks.returned(seqnum, worked) {
                    self.seek_failed(seek);
                }
            }
            Done::Select { worked: false } => tracing::warn!("the streams were not switched"),
            // What went wrong comes as an error of its own.
            Done::State { worked: false } => tracing::warn!("the film's state did not change"),
            Done::State { .. } | Done::Select { .. } | Done::FindClock | Done::Delay => {}
        }
    }

    fn look_for_first_picture(&mut self) {
        let streams = &self.choice.streams;
        if !self.settled || self.busy || !streams.known() {
            return;
        }
        if !streams.has_video() {
            self.fail(PlayerFailure::Broken("it has no picture".to_owned()));
        } else if self.picture.has_come() {
            self.phase = Phase::Measuring;
            self.give(Job::Measure);
        }
    }

    fn measured(&mut self, measures: Measures) {
        self.measures = measures;
        let shown = self.picture.shown().and_then(|shown| shown.seek);
        let there = self.start.as_ref().map(|start| start.seqnum());
        let begun = self.opening.at.is_zero() || there.is_some() && shown == there;
        let fast = self.opening.speed != OWN_SPEED;
        if begun && !fast || !measures.seekable {
            self.picture.admit_all();
            self.ready();
            return;
        }
        self.phase = Phase::Starting;
        let to = seeks::clamp(self.opening.at, measures.duration);
        self.seek(to, app::SeekMode::Accurate);
    }

    fn ready(&mut self) {
        self.phase = Phase::Ready;
        let tracks = self.choice.first_tracks();
        let Some(resumed) = self.opening.resumed else {
            self.news(PlayerNews::Ready {
                duration: self.measures.duration,
                seekable: self.measures.seekable,
                tracks,
                chapters: self.chapters.clone(),
            });
            return;
        };
        let chosen = resumed.chosen;
        if let Some(id) = chosen.audio {
            self.choice.select_audio(id);
        }
        self.choice.time(chosen.timings);
        for (part, id) in [Part::First, Part::Second]
            .into_iter()
            .zip(chosen.subtitles)
        {
            if id.is_some() {
                self.select_subtitle(part, id);
            }
        }
        if resumed.seeking {
            let shown = self.picture.shown().map(|shown| shown.position);
            self.say_sought(shown.unwrap_or_default());
        }
    }

    fn select_subtitle(&mut self, part: Part, id: Option<TrackId>) {
        let reader = Reader {
            inbox: &self.opening.inbox,
            runtime: &self.opening.runtime,
            film: self.number,
            duration: self.measures.duration,
            rate: self.choice.streams.rate(),
        };
        self.choice.select_subtitle(part, id, &reader);
    }

    fn tells_position(&self) -> bool {
        self.phase == Phase::Ready && self.seeks.is_idle() && self.end.is_none()
    }

    fn say_position(&mut self) {
        let shown = self.picture.shown().map(|shown| shown.position);
        if let Some(position) = self.transport.tell(shown) {
            self.news(PlayerNews::Position(position));
        }
    }

    fn undecodable(&mut self, stream: Undecodable) {
        if stream.video {
            self.fail(PlayerFailure::NoDecoder {
                codec: stream.codec,
            });
        } else {
            tracing::warn!(codec = stream.codec, "this sound cannot be decoded");
            self.choice.streams.set_undecodable(stream.codec);
            self.choice.say();
        }
    }

    fn error(&mut self, error: &gst::message::Error<gst::Message>) {
        tracing::debug!(error = %error.error(), debug = ?error.debug(), "pipeline");
        if self.survives(error) {
            return;
        }
        self.fail(failure::of_error(error));
    }

    /// Tells of the first failure; those that follow from it are not told.
    fn fail(&mut self, failure: PlayerFailure) {
        if self.end.is_none() {
            self.end = Some(End::Failed);
            let failure = self.feed.gone().map_or(failure, PlayerFailure::SourceGone);
            tracing::warn!(?failure, "the film cannot be played");
            self.news(PlayerNews::Failed(failure));
        }
    }

    fn news(&self, news: PlayerNews) {
        self.opening.curtain.news(news);
    }
}
