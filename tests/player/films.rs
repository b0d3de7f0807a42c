//! Small films made with GStreamer once per run: every picture carries its number.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use gst::prelude::*;
use media::VideoFrame;

pub(crate) const WIDTH: usize = 320;
pub(crate) const HEIGHT: usize = 180;
pub(crate) const FPS: u64 = 25;
/// Pictures from one key frame to the next.
pub(crate) const GOP: u64 = 50;
pub(crate) const SECS: u64 = 30;
const BITS: usize = 16;
const NOISE_ROWS: usize = 48;
const CELL: usize = WIDTH / BITS;

/// Texts of the text track, with start and end in milliseconds.
pub(crate) const TEXTS: [(u64, u64, &str); 3] = [
    (2_000, 3_000, "first & <i>slanted</i>"),
    (4_000, 6_000, "second"),
    (20_200, 22_000, "third"),
];

/// The number in a picture.
pub(crate) fn number(frame: &VideoFrame) -> u64 {
    let (luma, stride) = (frame.planes.plane(0), frame.planes.stride(0));
    let row = &luma[stride * (HEIGHT / 2)..];
    let bit = |at: usize| u64::from(row[at * CELL + CELL / 2] > 128);
    (0..BITS).fold(0, |number, at| number | bit(at) << at)
}

/// VP8, two Vorbis tracks (440 Hz English, 880 Hz French), a text track, three chapters.
pub(crate) fn mkv() -> Bytes {
    static FILM: OnceLock<Bytes> = OnceLock::new();
    FILM.get_or_init(|| make("film.mkv", VP8, MKV)).clone()
}

/// The same without an index, as a recording that was broken off.
pub(crate) fn mkv_without_index() -> Bytes {
    static FILM: OnceLock<Bytes> = OnceLock::new();
    let rest = MKV.replace("name=mux", "name=mux streamable=true");
    FILM.get_or_init(|| make("film.mkv", VP8, &rest)).clone()
}

/// H.264 and AAC, the index at the end.
pub(crate) fn mp4() -> Bytes {
    static FILM: OnceLock<Bytes> = OnceLock::new();
    FILM.get_or_init(|| make("film.mp4", X264, MP4)).clone()
}

/// H.265, 10 bit, with sound.
pub(crate) fn hevc() -> Bytes {
    static FILM: OnceLock<Bytes> = OnceLock::new();
    let encoder = "x265enc speed-preset=ultrafast key-int-max=50 ! h265parse";
    FILM.get_or_init(|| make("hevc.mkv", encoder, PLAIN))
        .clone()
}

/// H.264 with ten bits a sample, which no display takes.
pub(crate) fn ten_bit() -> Bytes {
    static FILM: OnceLock<Bytes> = OnceLock::new();
    let encoder = "videoconvert ! video/x-raw,format=I420_10LE ! \
        x264enc speed-preset=ultrafast key-int-max=50 ! h264parse";
    FILM.get_or_init(|| make("ten.mkv", encoder, PLAIN)).clone()
}

pub(crate) const VP8: &str =
    "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=50 target-bitrate=2000000";

const X264: &str =
    "x264enc speed-preset=ultrafast key-int-max=50 bframes=2 b-adapt=false ! h264parse";

const MKV: &str = "matroskamux name=mux ! filesink name=file \
    audiotestsrc num-buffers=1300 freq=440 ! audio/x-raw,rate=44100,channels=1 ! \
    taginject tags=\"language-code=en,title=\\\"The talk\\\"\" ! vorbisenc ! queue ! mux. \
    audiotestsrc num-buffers=1300 freq=880 ! audio/x-raw,rate=44100,channels=1 ! \
    taginject tags=\"language-code=fr\" ! vorbisenc ! queue ! mux. \
    appsrc name=text format=time caps=text/x-raw,format=utf8 ! \
    taginject tags=\"language-code=de\" ! queue ! mux.subtitle_0";

const MP4: &str = "mp4mux name=mux ! filesink name=file \
    audiotestsrc num-buffers=1300 freq=440 ! audio/x-raw,rate=44100,channels=2 ! avenc_aac ! \
    queue ! mux.";

const PLAIN: &str = "matroskamux name=mux ! filesink name=file \
    audiotestsrc num-buffers=1300 freq=440 ! audio/x-raw,rate=48000,channels=1 ! opusenc ! \
    queue ! mux.";

pub(crate) fn make(name: &str, encoder: &str, rest: &str) -> Bytes {
    gst::init().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    let pipeline = format!(
        "appsrc name=video format=time max-bytes=4000000 block=true \
         caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate={FPS}/1,\
pixel-aspect-ratio=4/3,colorimetry=bt709 ! {encoder} ! queue ! mux. {rest}"
    );
    let pipeline = gst::parse::launch(&pipeline)
        .unwrap()
        .downcast::<gst::Pipeline>()
        .unwrap();
    let file = pipeline.by_name("file").unwrap();
    file.set_property("location", path.to_str().unwrap());
    if let Some(mux) = pipeline
        .by_name("mux")
        .and_then(|mux| mux.dynamic_cast::<gst::TocSetter>().ok())
    {
        mux.set_toc(Some(&chapters()));
    }
    let source = |name: &str| {
        let source = pipeline.by_name(name)?;
        Some(source.downcast::<gst_app::AppSrc>().unwrap())
    };
    let (video, text) = (source("video").unwrap(), source("text"));
    pipeline.set_state(gst::State::Playing).unwrap();
    if let Some(text) = text {
        for (start, end, words) in TEXTS {
            text.push_buffer(buffer(words.into(), start, end - start))
                .unwrap();
        }
        text.end_of_stream().unwrap();
    }
    for number in 0..SECS * FPS {
        let frame = buffer(pixels(number), number * 1000 / FPS, 1000 / FPS);
        video.push_buffer(frame).unwrap();
    }
    video.end_of_stream().unwrap();
    let end = [gst::MessageType::Eos, gst::MessageType::Error];
    let bus = pipeline.bus().unwrap();
    let message = bus
        .timed_pop_filtered(gst::ClockTime::from_seconds(120), &end)
        .unwrap();
    assert_eq!(message.type_(), gst::MessageType::Eos, "{message:?}");
    pipeline.set_state(gst::State::Null).unwrap();
    std::fs::read(&path).unwrap().into()
}

fn buffer(bytes: Vec<u8>, at_ms: u64, for_ms: u64) -> gst::Buffer {
    let mut buffer = gst::Buffer::from_mut_slice(bytes);
    let fresh = buffer.get_mut().unwrap();
    fresh.set_pts(gst::ClockTime::from_mseconds(at_ms));
    fresh.set_duration(gst::ClockTime::from_mseconds(for_ms));
    buffer
}

/// Black and white columns for the bits, and noise below so that the film has some weight:
/// about 7 MB, many blocks of what the player reads at once.
fn pixels(number: u64) -> Vec<u8> {
    let level = |x: usize| {
        if number >> (x / CELL) & 1 == 1 {
            235
        } else {
            16
        }
    };
    let row: Vec<u8> = (0..WIDTH).map(level).collect();
    let mut pixels = row.repeat(HEIGHT - NOISE_ROWS);
    let mut noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    pixels.extend((0..NOISE_ROWS * WIDTH).map(|_| {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        16 + (noise % 200) as u8
    }));
    pixels.resize(WIDTH * HEIGHT * 3 / 2, 128);
    pixels
}

fn chapters() -> gst::Toc {
    let mut toc = gst::Toc::new(gst::TocScope::Global);
    let fresh = toc.get_mut().unwrap();
    let mut edition = gst::TocEntry::new(gst::TocEntryType::Edition, "edition");
    for (index, title) in ["Dawn", "Noon", "Dusk"].into_iter().enumerate() {
        let mut chapter = gst::TocEntry::new(gst::TocEntryType::Chapter, title);
        let entry = chapter.get_mut().unwrap();
        let start = Duration::from_secs(index as u64 * 10).as_nanos() as i64;
        entry.set_start_stop_times(start, start + 10_000_000_000);
        let mut tags = gst::TagList::new();
        tags.get_mut()
            .unwrap()
            .add::<gst::tags::Title>(&title, gst::TagMergeMode::Append);
        entry.set_tags(tags);
        edition.get_mut().unwrap().append_sub_entry(chapter);
    }
    fresh.append_entry(edition);
    toc
}
