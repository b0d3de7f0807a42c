//! The source element: hands the film's bytes to GStreamer in pull mode.
//!
//! It waits where bytes are not there yet and never gives fewer than asked, for a demuxer takes
//! a short read for the end of the film. Every wait ends at once when GStreamer unlocks the
//! element (seek, stop) or the [`Feed`] is closed. It caches nothing itself (see
//! `blocks`) and decides nothing about buffering: the core does, from what the torrent has.
//!
//! It gives nothing before the pipeline's change of state is under way in all of its elements
//! ([`Feed::begin`]): decodebin3 puts elements of its own in the way of each stream as that comes,
//! in the state that it has itself. One that comes while decodebin3 is still in READY is refused by
//! them (FLUSHING), its queue stops for good, and nobody says a word (GStreamer 1.22; one start in
//! six on a busy machine, for a film whose first bytes are in memory).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gst::glib;
use gst::prelude::*;
use gst::subclass::prelude::*;
use tokio::sync::watch;

use super::blocks::Blocks;
use super::start::Start;

/// The scheme of our URIs; it exists inside this process only.
const SCHEME: &str = "matinee-film";

/// The head of a container, where most have their first pictures: what a demuxer reads first.
const HEAD_BYTES: u32 = 64 << 10;

/// Longest file extension taken over into the URI ("webm", "m2ts").
const EXTENSION_BYTES_MAX: usize = 5;

/// One film's bytes, and the switches that begin and end a wait for them. Shared by the element and
/// the thread that conducts it.
#[derive(Debug)]
pub(super) struct Feed {
    blocks: Arc<Blocks>,
    /// Where the film begins; none: at its start.
    start: Option<Arc<Start>>,
    stop: watch::Sender<Stop>,
    reads: Mutex<Reads>,
    gone: Mutex<Option<String>>,
}

#[derive(Debug, Clone, Copy)]
struct Reads {
    under_way: bool,
    /// When the last one began or ended.
    since: Instant,
}

/// Why a read may have to wait, or end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stop {
    /// The pipeline can take what is read.
    begun: bool,
    /// GStreamer unlocked the element and has not locked it again.
    flushing: bool,
    closed: bool,
}

impl Feed {
    pub(super) fn new(blocks: Arc<Blocks>, start: Option<Arc<Start>>) -> Arc<Self> {
        Arc::new(Feed {
            blocks,
            start,
            stop: watch::Sender::default(),
            reads: Mutex::new(Reads {
                under_way: false,
                since: Instant::now(),
            }),
            gone: Mutex::default(),
        })
    }

    /// The pipeline's elements are all on their way to where data can pass: reads may go on.
    pub(super) fn begin(&self) {
        self.stop.send_modify(|stop| stop.begun = true);
    }

    /// Ends every read, now and later.
    pub(super) fn close(&self) {
        self.stop.send_modify(|stop| stop.closed = true);
    }

    /// How long the read under way has waited.
    pub(super) fn waiting(&self) -> Option<Duration> {
        let reads = self.reads();
        reads.under_way.then(|| reads.since.elapsed())
    }

    /// How long nothing has been read.
    pub(super) fn idle(&self) -> Option<Duration> {
        let reads = self.reads();
        (!reads.under_way).then(|| reads.since.elapsed())
    }

    fn reads(&self) -> Reads {
        *self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the bytes stopped coming, if they did.
    pub(super) fn gone(&self) -> Option<String> {
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        gone.clone()
    }

    fn note(&self, under_way: bool) {
        let since = Instant::now();
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        *reads = Reads { under_way, since };
    }

    fn set_flushing(&self, flushing: bool) {
        self.stop.send_modify(|stop| stop.flushing = flushing);
    }

    /// Whether the demuxer can do without what is there.
    fn spares(&self, offset: u64) -> Result<bool, ReadEnd> {
        let head = || self.read(0, HEAD_BYTES);
        match &self.start {
            Some(start) => start.spares(offset, head),
            None => Ok(false),
        }
    }

    /// Called on a streaming thread, which may wait.
    fn read(&self, offset: u64, len: u32) -> Result<bytes::Bytes, ReadEnd> {
        let mut stop = self.stop.subscribe();
        self.note(true);
        let mut begun = self.stop.subscribe();
        let bytes = async {
            // It ends only with this feed.
            let _ = begun.wait_for(|stop| stop.begun).await;
            self.blocks.read(offset, len).await
        };
        let read = self.blocks.runtime().block_on(async {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| stop.flushing || stop.closed) => Err(ReadEnd::Stopped),
                read = bytes => read.map_err(|gone| ReadEnd::Gone(gone.0)),
            }
        });
        self.note(false);
        if let Err(ReadEnd::Gone(why)) = &read {
            let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
            gone.get_or_insert_with(|| why.clone());
        }
        read
    }
}

enum ReadEnd {
    Stopped,
    Gone(String),
}

/// The URI under which playbin makes our element. It ends in the film's extension: typefind
/// believes it, and otherwise reads the end of the file first.
pub(super) fn uri(name: &str) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let plain = extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && (1..=EXTENSION_BYTES_MAX).contains(&extension.len()) {
        format!("{SCHEME}:///film.{}", extension.to_ascii_lowercase())
    } else {
        format!("{SCHEME}:///film")
    }
}

/// Makes the element known to GStreamer; once per process is enough, more do no harm.
pub(super) fn register() -> Result<(), glib::BoolError> {
    let kind = FilmSource::static_type();
    gst::Element::register(None, "matineefilmsrc", gst::Rank::PRIMARY, kind)
}

/// The element itself, for a film of this name; it reads from what is [`supply`]ed.
pub(super) fn make(name: &str) -> Result<gst::Element, glib::BoolError> {
    let made = gst::Element::make_from_uri(gst::URIType::Src, &uri(name), None);
    made.map_err(|error| glib::bool_error!("{error}"))
}

/// Has the source that `playbin` makes for our URI read from this feed.
pub(super) fn feed(playbin: &gst::Element, feed: &Arc<Feed>) {
    let feed = feed.clone();
    playbin.connect("source-setup", false, move |values| {
        let source = values
            .get(1)
            .and_then(|value| value.get::<gst::Element>().ok());
        if let Some(source) = source {
            supply(&source, &feed);
        }
        None
    });
}

/// Gives `element` its bytes if it is one of ours.
pub(super) fn supply(element: &gst::Element, feed: &Arc<Feed>) {
    if let Some(source) = element.downcast_ref::<FilmSource>() {
        let mut slot = source
            .imp()
            .feed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *slot = Some(feed.clone());
    }
}

glib::wrapper! {
    pub(super) struct FilmSource(ObjectSubclass<imp::FilmSource>)
        @extends gst_base::BaseSrc, gst::Element, gst::Object,
        @implements gst::URIHandler;
}

mod imp {
    use std::sync::{Arc, LazyLock, Mutex, PoisonError};

    use gst::glib;
    use gst::subclass::prelude::*;
    use gst_base::prelude::*;
    use gst_base::subclass::base_src::CreateSuccess;
    use gst_base::subclass::prelude::*;

    use super::{Feed, ReadEnd, SCHEME};
    use crate::player::blocks::BLOCK_BYTES;

    #[derive(Debug, Default)]
    pub(in crate::player) struct FilmSource {
        uri: Mutex<Option<String>>,
        pub(super) feed: Mutex<Option<Arc<Feed>>>,
    }

    impl FilmSource {
        fn feed(&self) -> Option<Arc<Feed>> {
            let feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
            feed.clone()
        }

        fn set_flushing(&self, flushing: bool) {
            if let Some(feed) = self.feed() {
                feed.set_flushing(flushing);
            }
        }
    }

    #[glib::object_subclass]
    impl ObjectSubclass for FilmSource {
        const NAME: &'static str = "MatineeFilmSource";
        type Type = super::FilmSource;
        type ParentType = gst_base::BaseSrc;
        type Interfaces = (gst::URIHandler,);
    }

    impl ObjectImpl for FilmSource {
        fn constructed(&self) {
            self.parent_constructed();
            self.obj().set_format(gst::Format::Bytes);
            self.obj().set_blocksize(BLOCK_BYTES as u32);
        }
    }

    impl GstObjectImpl for FilmSource {}

    impl ElementImpl for FilmSource {
        fn metadata() -> Option<&'static gst::subclass::ElementMetadata> {
            static METADATA: LazyLock<gst::subclass::ElementMetadata> = LazyLock::new(|| {
                gst::subclass::ElementMetadata::new(
                    "Film source",
                    "Source",
                    "A film that can be read anywhere while it downloads",
                    "Matinee",
                )
            });
            Some(&METADATA)
        }

        fn pad_templates() -> &'static [gst::PadTemplate] {
            static TEMPLATES: LazyLock<Vec<gst::PadTemplate>> = LazyLock::new(|| {
                let any = gst::Caps::new_any();
                let src = (gst::PadDirection::Src, gst::PadPresence::Always);
                let template = gst::PadTemplate::new("src", src.0, src.1, &any);
                vec![template.expect("a template with any caps is valid")]
            });
            &TEMPLATES
        }
    }

    impl BaseSrcImpl for FilmSource {
        fn start(&self) -> Result<(), gst::ErrorMessage> {
            let none = || gst::error_msg!(gst::ResourceError::NotFound, ["no film to read"]);
            self.feed().map(drop).ok_or_else(none)
        }

        fn is_seekable(&self) -> bool {
            true
        }

        fn size(&self) -> Option<u64> {
            self.feed().map(|feed| feed.blocks.size())
        }

        fn unlock(&self) -> Result<(), gst::ErrorMessage> {
            self.set_flushing(true);
            Ok(())
        }

        fn unlock_stop(&self) -> Result<(), gst::ErrorMessage> {
            self.set_flushing(false);
            Ok(())
        }

        fn create(
            &self,
            offset: u64,
            _into: Option<&mut gst::BufferRef>,
            len: u32,
        ) -> Result<CreateSuccess, gst::FlowError> {
            let feed = self.feed().ok_or(gst::FlowError::Flushing)?;
            if offset >= feed.blocks.size() {
                return Err(gst::FlowError::Eos);
            }
            let read = match feed.spares(offset) {
                Ok(true) => return Err(gst::FlowError::Eos),
                Ok(false) => feed.read(offset, len),
                Err(end) => Err(end),
            };
            match read {
                Ok(bytes) => {
                    let mut buffer = gst::Buffer::from_slice(bytes);
                    let fresh = buffer.get_mut().expect("nobody else has it yet");
                    fresh.set_offset(offset);
                    fresh.set_offset_end(offset + fresh.size() as u64);
                    Ok(CreateSuccess::NewBuffer(buffer))
                }
                Err(ReadEnd::Stopped) => Err(gst::FlowError::Flushing),
                Err(ReadEnd::Gone(why)) => {
                    gst::element_imp_error!(self, gst::ResourceError::Read, ["{why}"]);
                    Err(gst::FlowError::Error)
                }
            }
        }
    }

    impl URIHandlerImpl for FilmSource {
        const URI_TYPE: gst::URIType = gst::URIType::Src;

        fn protocols() -> &'static [&'static str] {
            &[SCHEME]
        }

        fn uri(&self) -> Option<String> {
            let uri = self.uri.lock().unwrap_or_else(PoisonError::into_inner);
            uri.clone()
        }

        fn set_uri(&self, uri: &str) -> Result<(), glib::Error> {
            let mut slot = self.uri.lock().unwrap_or_else(PoisonError::into_inner);
            *slot = Some(uri.to_owned());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_uri_ends_in_a_plain_extension() {
        assert_eq!(super::uri("A film.2010.MKV"), "matinee-film:///film.mkv");
        assert_eq!(super::uri("no extension"), "matinee-film:///film");
        assert_eq!(super::uri("odd.m/k"), "matinee-film:///film");
        assert_eq!(super::uri("long.extension"), "matinee-film:///film");
    }
}
