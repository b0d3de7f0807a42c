//! The film's streams as tracks a viewer can choose, and its chapters.
//!
//! A track's number is its place among the streams of the container, so it stays the same while
//! the film is open.

use std::time::Duration;

use app::{Chapter, Track, TrackId, Tracks};
use subtitles::Rate;

use super::TextFile;
use super::subtitles::Kind;

/// Tracks listed of one kind; a container can declare thousands.
const TRACKS_MAX: usize = 64;

/// Chapters listed.
const CHAPTERS_MAX: usize = 256;

/// Numbers of subtitle files begin here, above those of any stream.
const FILES_FROM: u32 = 10_000;

/// The number of the subtitle file `index` in the order in which they were given.
pub(super) fn file_id(index: usize) -> TrackId {
    TrackId(FILES_FROM + index as u32)
}

/// Which subtitle file a number means, if one.
pub(super) fn file_index(id: TrackId) -> Option<usize> {
    id.0.checked_sub(FILES_FROM).map(|index| index as usize)
}

fn sound(caps: &gst::Caps) -> Option<sink::Stream> {
    let caps = caps.structure(0)?;
    let codec = match caps.name().as_str() {
        "audio/x-ac3" => sink::Codec::Ac3,
        "audio/x-eac3" => sink::Codec::Eac3,
        "audio/x-dts" => sink::Codec::Dts,
        "audio/x-true-hd" => sink::Codec::TrueHd,
        _ => sink::Codec::Other,
    };
    let number = |name| caps.get::<i32>(name).ok();
    Some(sink::Stream {
        codec,
        channels: number("channels")
            .and_then(|it| it.try_into().ok())
            .unwrap_or(0),
        // What films have, where the container does not say.
        rate_hz: number("rate")
            .and_then(|it| it.try_into().ok())
            .unwrap_or(48_000),
        kbit: None,
    })
}

/// The streams of the film as last told by GStreamer, and those that are decoded now.
#[derive(Debug, Default)]
pub(super) struct Streams {
    collection: Option<gst::StreamCollection>,
    selected: Vec<String>,
    /// Codecs of sound that nothing here decodes.
    mute: Vec<String>,
}

impl Streams {
    pub(super) fn set_collection(&mut self, collection: gst::StreamCollection) {
        self.collection = Some(collection);
    }

    pub(super) fn set_selected(&mut self, ids: Vec<String>) {
        self.selected = ids;
    }

    /// Sound of this codec cannot be decoded: its tracks are not offered.
    pub(super) fn set_undecodable(&mut self, codec: String) {
        self.mute.push(codec);
    }

    pub(super) fn has_video(&self) -> bool {
        !self.of(gst::StreamType::VIDEO).is_empty()
    }

    pub(super) fn known(&self) -> bool {
        self.collection.is_some()
    }

    /// The stream that a track's number means, if it is of this kind.
    pub(super) fn stream_id(&self, id: TrackId, kind: gst::StreamType) -> Option<String> {
        let mut streams = self.of(kind).into_iter();
        let (_, stream) = streams.find(|(known, _)| *known == id)?;
        stream.stream_id().map(|id| id.to_string())
    }

    /// The streams decoded now, or about to be.
    pub(super) fn selection(&self) -> Vec<String> {
        self.selected.clone()
    }

    pub(super) fn is_of(&self, id: &str, kind: gst::StreamType) -> bool {
        let mut streams = self.of(kind).into_iter();
        streams.any(|(_, stream)| stream.stream_id().is_some_and(|known| known == id))
    }

    /// The selected stream of a kind.
    fn selected(&self, kind: gst::StreamType) -> Option<&String> {
        self.selected.iter().find(|id| self.is_of(id, kind))
    }

    /// What a sink must know of that sound; none chosen: of the one that is decoded now, or is
    /// the only one.
    pub(super) fn sound(&self, id: Option<TrackId>) -> Option<sink::Stream> {
        let all = self.of(gst::StreamType::AUDIO);
        let now = self.selected(gst::StreamType::AUDIO);
        let mut streams = all.iter();
        let found = match (id, now) {
            (Some(id), _) => streams.find(|(known, _)| *known == id),
            (None, Some(now)) => {
                streams.find(|(_, it)| it.stream_id().is_some_and(|id| id == *now))
            }
            (None, None) => streams.next().filter(|_| all.len() == 1),
        };
        sound(&found?.1.caps()?)
    }

    /// Pictures a second, where the container says so.
    pub(super) fn rate(&self) -> Option<Rate> {
        let video = self.of(gst::StreamType::VIDEO);
        let caps = video.first().and_then(|(_, stream)| stream.caps())?;
        let rate: gst::Fraction = caps.structure(0)?.get("framerate").ok()?;
        Rate::of(f64::from(rate.numer()) / f64::from(rate.denom()))
    }

    /// The tracks to choose from: streams of the container, then the files beside the film.
    pub(super) fn tracks(&self, files: &[TextFile], shown: [Option<TrackId>; 2]) -> Tracks {
        let audio_now = self.selected(gst::StreamType::AUDIO);
        let [subtitle_now, second_now] = shown;
        let mut tracks = Tracks {
            subtitle_now,
            second_now,
            ..Tracks::default()
        };
        for (id, stream) in self.of(gst::StreamType::AUDIO).into_iter().take(TRACKS_MAX) {
            if stream
                .stream_id()
                .is_some_and(|id| audio_now.is_some_and(|now| id == *now))
            {
                tracks.audio_now = Some(id);
            }
            let track = track(id, &stream);
            let mute = track
                .codec
                .as_ref()
                .is_some_and(|codec| self.mute.contains(codec));
            if !mute {
                tracks.audio.push(track);
            }
        }
        let texts = self.of(gst::StreamType::TEXT).into_iter();
        let texts = texts
            .filter(|(_, stream)| is_subtitle(stream))
            .take(TRACKS_MAX);
        tracks.subtitles = texts.map(|(id, stream)| track(id, &stream)).collect();
        let files = files.iter().enumerate().take(TRACKS_MAX);
        tracks.subtitles.extend(files.map(|(index, file)| {
            Track {
                id: file_id(index),
                language: file.language.clone(),
                // A file name is no title; it helps only where the language is not known.
                title: match &file.from {
                    Some(from) => Some(from.to_string()),
                    None => file.language.is_none().then(|| file.text.name().to_owned()),
                },
                // Who has it says more, and a line has no room for both.
                codec: file
                    .from
                    .is_none()
                    .then(|| file_codec(file.text.name()).to_owned()),
            }
        }));
        tracks
    }

    fn of(&self, kind: gst::StreamType) -> Vec<(TrackId, gst::Stream)> {
        let collection = self.collection.iter();
        let streams = collection.flat_map(|collection| collection.iter().enumerate());
        streams
            .filter(|(_, stream)| stream.stream_type().contains(kind))
            .map(|(index, stream)| (TrackId(index as u32), stream))
            .collect()
    }
}

/// Text, or pictures of a kind that is read.
fn is_subtitle(stream: &gst::Stream) -> bool {
    let caps = stream.caps();
    let name = caps
        .as_ref()
        .and_then(|caps| caps.structure(0))
        .map(|s| s.name().to_string());
    name.is_none_or(|name| {
        let pictures = name.starts_with("subpicture/");
        Kind::of(&name).is_some() || !pictures && !name.starts_with("closedcaption/")
    })
}

fn track(id: TrackId, stream: &gst::Stream) -> Track {
    let tags = stream.tags();
    let tag = |name: &str| {
        let tags = tags.as_ref()?;
        let value = tags.generic(name)?.get::<String>().ok()?;
        (!value.trim().is_empty()).then_some(value)
    };
    Track {
        id,
        language: tag("language-code").and_then(|code| language(&code)),
        title: tag("title"),
        codec: stream
            .caps()
            .and_then(|caps| codec_name(&caps))
            .or_else(|| tag("subtitle-codec")),
    }
}

/// A container's language as BCP 47. Demuxers give the two-letter form where there is one.
fn language(code: &str) -> Option<String> {
    let code = code.trim();
    let told = !code.is_empty() && !code.eq_ignore_ascii_case("und");
    told.then(|| code.to_owned())
}

fn file_codec(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "vtt" => "WebVTT",
        "ass" => "ASS",
        "ssa" => "SSA",
        "sub" => "MicroDVD",
        _ => "SubRip",
    }
}

/// A codec as people know it ("H.264", "Dolby Digital"); none where the caps do not tell.
pub(super) fn codec_name(caps: &gst::CapsRef) -> Option<String> {
    let structure = caps.structure(0)?;
    let version = structure.get::<i32>("mpegversion").ok();
    let known = match (structure.name().as_str(), version) {
        ("video/x-h264", _) => "H.264",
        ("video/x-h265", _) => "H.265",
        ("video/x-h266", _) => "H.266",
        ("video/x-av1", _) => "AV1",
        ("video/x-vp8", _) => "VP8",
        ("video/x-vp9", _) => "VP9",
        ("video/mpeg", Some(4)) => "MPEG-4",
        ("video/mpeg", Some(2)) => "MPEG-2",
        ("video/x-theora", _) => "Theora",
        ("audio/mpeg", Some(4 | 2)) => "AAC",
        ("audio/mpeg", Some(1)) => "MP3",
        ("audio/x-ac3", _) => "Dolby Digital",
        ("audio/x-eac3", _) => "Dolby Digital Plus",
        ("audio/x-true-hd", _) => "Dolby TrueHD",
        ("audio/x-dts", _) => "DTS",
        ("audio/x-vorbis", _) => "Vorbis",
        ("audio/x-opus", _) => "Opus",
        ("audio/x-flac", _) => "FLAC",
        ("audio/x-raw", _) => "PCM",
        ("application/x-subtitle-vtt", _) => "WebVTT",
        ("application/x-subtitle", _) => "SubRip",
        ("application/x-ssa", _) => "SSA",
        ("application/x-ass", _) => "ASS",
        // What the container says about plain text is in its tags.
        ("text/x-raw", _) => return None,
        ("subpicture/x-pgs", _) => "Blu-ray",
        ("subpicture/x-dvd", _) => "DVD",
        _ => {
            let words = gst_pbutils::pb_utils_get_codec_description(caps);
            return Some(words.to_string()).filter(|words| !words.is_empty());
        }
    };
    Some(known.to_owned())
}

/// The chapters of a table of contents, in the order of their starts.
pub(super) fn chapters(toc: &gst::Toc) -> Vec<Chapter> {
    let mut chapters = Vec::new();
    for entry in toc.entries() {
        collect_chapters(&entry, &mut chapters);
    }
    chapters.sort_by_key(|chapter: &Chapter| chapter.start);
    chapters.truncate(CHAPTERS_MAX);
    chapters
}

/// Chapters may lie in an edition; those inside chapters are too fine for a seek bar.
fn collect_chapters(entry: &gst::TocEntry, chapters: &mut Vec<Chapter>) {
    if entry.entry_type() != gst::TocEntryType::Chapter {
        for inner in entry.sub_entries().iter().take(CHAPTERS_MAX) {
            if inner.entry_type() == gst::TocEntryType::Chapter {
                collect_chapters(inner, chapters);
            }
        }
        return;
    }
    let Some((start, _)) = entry.start_stop_times() else {
        return;
    };
    let tags = entry.tags();
    let title = tags
        .as_ref()
        .and_then(|tags| tags.get::<gst::tags::Title>());
    chapters.push(Chapter {
        start: Duration::from_nanos(start.max(0) as u64),
        title: title.map_or_else(String::new, |title| title.get().to_owned()),
    });
}
