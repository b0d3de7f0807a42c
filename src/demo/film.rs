//! Makes the demo's film with `GStreamer`: our pictures and sound in, one Matroska file out.
//!
//! VP8 and Opus, because their encoders come with the base and good plugins and every machine that
//! plays films can play them. Three threads feed the encoders, each as fast as its own encoder
//! takes it: one thread for all would have to know how far the muxer looks ahead.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use gst::prelude::*;

use super::DemoError;
use super::canvas::Canvas;
use super::digits::{self, Digits};
use super::landscape::Landscape;
use super::music::{CHANNELS, Music, RATE, Voicing};
use super::{pattern, words};

/// Size and pace of the picture; 16:9, and multiples of 16 as the codec works in blocks of 16.
pub(super) const WIDTH: usize = 1280;
pub(super) const HEIGHT: usize = 720;
pub(super) const FRAMES_A_SECOND: u32 = 24;

/// Bits a second for the picture: what such a film has on the network.
const PICTURE_BITS: u32 = 2_400_000;

/// Bits a second for each sound track.
const SOUND_BITS: u32 = 96_000;

/// Frames from key frame to key frame: a seek lands within two seconds.
const KEY_FRAMES: u32 = 2 * FRAMES_A_SECOND;

/// How long the encoders may show no progress before the film counts as failed: a machine would
/// have to be a thousand times slower than a small board.
const STALL_MAX: Duration = Duration::from_mins(1);

/// Makes a film of `length` at `path`. `percent` hears of progress; `stop` ends it early.
///
/// # Errors
/// When an encoder is missing or fails, or the file cannot be written.
pub(super) fn make(
    path: &Path,
    length: Duration,
    stop: &AtomicBool,
    percent: &mut dyn FnMut(u8),
) -> Result<(), DemoError> {
    let frames = (length.as_secs_f64() * f64::from(FRAMES_A_SECOND)).round() as u32;
    let (pipeline, sources) = assemble(path, length)?;
    let done = AtomicU32::new(0);
    let started = pipeline.set_state(gst::State::Playing);
    std::thread::scope(|scope| {
        let [picture, light, deep] = &sources;
        scope.spawn(|| feed_picture(picture, frames, stop, &done));
        scope.spawn(|| feed_sound(light, Voicing::Light, length, stop));
        scope.spawn(|| feed_sound(deep, Voicing::Deep, length, stop));
        let result = match started {
            Ok(_) => watch(&pipeline, frames, &done, stop, percent),
            Err(_) => Err(failure(&pipeline)),
        };
        // The feeders' next push fails from here on, so they end.
        let halted = pipeline.set_state(gst::State::Null);
        if let Err(why) = halted {
            tracing::warn!("the demo's encoders do not stop: {why}");
        }
        result
    })
}

fn assemble(
    path: &Path,
    length: Duration,
) -> Result<(gst::Pipeline, [gst_app::AppSrc; 3]), DemoError> {
    gst::init().map_err(|why| DemoError::Make(why.to_string()))?;
    let sound = "opusenc bitrate={bits} ! queue ! mux.";
    let sound = sound.replace("{bits}", &SOUND_BITS.to_string());
    // Fast, because the picture is calm and someone waits. A negative cpu-used is a fixed speed; a
    // positive one follows the clock. One thread: libvpx's threads wait for one another spinning,
    // which on a machine with something else to do took eight times as long (measured).
    let line = format!(
        "matroskamux name=mux writing-app=Matinee ! filesink name=file \
         appsrc name=picture ! vp8enc deadline=1 cpu-used=-12 threads=1 end-usage=vbr \
         target-bitrate={PICTURE_BITS} keyframe-max-dist={KEY_FRAMES} min-quantizer=4 \
         ! queue ! mux. \
         appsrc name=light ! {sound} appsrc name=deep ! {sound}"
    );
    let pipeline = gst::parse::launch(&line)
        .map_err(|why| DemoError::Make(why.to_string()))?
        .downcast::<gst::Pipeline>()
        .map_err(|_| DemoError::Make("no pipeline".to_owned()))?;
    let named = |name: &str| {
        pipeline
            .by_name(name)
            .expect("it is named in the line above")
    };
    named("file").set_property("location", path);
    let chapters = named("mux").dynamic_cast::<gst::TocSetter>();
    chapters
        .expect("matroskamux takes chapters")
        .set_toc(Some(&chapter_list(length)));

    let source = |name: &str| -> gst_app::AppSrc {
        named(name)
            .downcast()
            .expect("it is an appsrc in the line above")
    };
    let sources = [source("picture"), source("light"), source("deep")];
    for source in &sources {
        source.set_format(gst::Format::Time);
        source.set_block(true);
        // A few frames, or some seconds of sound.
        source.set_max_bytes(8 << 20);
    }
    let picture = gst::Caps::builder("video/x-raw")
        .field("format", "I420")
        .field("width", WIDTH as i32)
        .field("height", HEIGHT as i32)
        .field("framerate", gst::Fraction::new(FRAMES_A_SECOND as i32, 1))
        .field("colorimetry", "bt709")
        .build();
    sources[0].set_caps(Some(&picture));
    let sound = gst::Caps::builder("audio/x-raw")
        .field("format", "S16LE")
        .field("layout", "interleaved")
        .field("rate", RATE as i32)
        .field("channels", CHANNELS as i32)
        .build();
    for (source, (language, title)) in sources[1..].iter().zip(words::SOUND) {
        source.set_caps(Some(&sound));
        let mut tags = gst::TagList::new();
        let list = tags.make_mut();
        list.add::<gst::tags::LanguageCode>(&language, gst::TagMergeMode::Replace);
        list.add::<gst::tags::Title>(&title, gst::TagMergeMode::Replace);
        source.send_event(gst::event::Tag::new(tags));
    }
    Ok((pipeline, sources))
}

fn chapter_list(length: Duration) -> gst::Toc {
    let mut edition = gst::TocEntry::new(gst::TocEntryType::Edition, "day");
    let quarter = length / 4;
    for (index, title) in words::CHAPTERS.iter().enumerate() {
        let uid = format!("chapter-{index}");
        let mut entry = gst::TocEntry::new(gst::TocEntryType::Chapter, &uid);
        let mut tags = gst::TagList::new();
        tags.make_mut()
            .add::<gst::tags::Title>(title, gst::TagMergeMode::Replace);
        let start = (quarter * index as u32).as_nanos() as i64;
        let chapter = entry.make_mut();
        chapter.set_start_stop_times(start, start + quarter.as_nanos() as i64);
        chapter.set_tags(tags);
        edition.make_mut().append_sub_entry(entry);
    }
    let mut toc = gst::Toc::new(gst::TocScope::Global);
    toc.make_mut().append_entry(edition);
    toc
}

/// Frame `number` of `frames`, complete with time code and strip.
pub(super) fn picture(landscape: &Landscape, digits: &Digits, number: u32, frames: u32) -> Canvas {
    let mut canvas = landscape.draw(number as f32 / frames.max(1) as f32);
    digits.draw(&mut canvas, number, FRAMES_A_SECOND);
    pattern::draw_on(&mut canvas, number);
    canvas
}

/// A poster of the film as a PNG: its dusk, upright.
pub(super) fn poster() -> Vec<u8> {
    // Twice the width of a card on a 1080p wall, in the 2:3 of posters.
    const SIZE: (usize, usize) = (480, 720);
    let (width, height) = SIZE;
    let mut canvas = Landscape::new(width, height).draw(0.6);
    let planes = canvas.planes();
    let picture = yuv::YuvPlanarImage {
        y_plane: &*planes.y,
        y_stride: width as u32,
        u_plane: &*planes.u,
        u_stride: width as u32 / 2,
        v_plane: &*planes.v,
        v_stride: width as u32 / 2,
        width: width as u32,
        height: height as u32,
    };
    let mut rgb = vec![0; width * height * 3];
    let (range, matrix) = (yuv::YuvRange::Limited, yuv::YuvStandardMatrix::Bt709);
    yuv::yuv420_to_rgb(&picture, &mut rgb, width as u32 * 3, range, matrix)
        .expect("the planes of a canvas fit its size");
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&rgb))
        .expect("writing to memory cannot fail, and the size is not zero");
    file
}

fn feed_picture(source: &gst_app::AppSrc, frames: u32, stop: &AtomicBool, done: &AtomicU32) {
    let landscape = Landscape::new(WIDTH, HEIGHT);
    let digits = Digits::new(HEIGHT);
    for number in 0..frames {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let canvas = picture(&landscape, &digits, number, frames);
        let mut buffer = gst::Buffer::from_mut_slice(canvas.into_bytes());
        let (from, to) = (
            digits::time_of(number, FRAMES_A_SECOND),
            digits::time_of(number + 1, FRAMES_A_SECOND),
        );
        stamp(&mut buffer, from, to);
        if source.push_buffer(buffer).is_err() {
            return;
        }
        done.store(number + 1, Ordering::Relaxed);
    }
    // It fails only when the pipeline has ended already.
    let _ = source.end_of_stream();
}

fn feed_sound(source: &gst_app::AppSrc, voicing: Voicing, length: Duration, stop: &AtomicBool) {
    let music = Music::new(voicing, length.as_secs_f32());
    let all = (length.as_secs_f64() * f64::from(RATE)) as u64;
    let time = |number: u64| Duration::from_nanos(number * 1_000_000_000 / u64::from(RATE));
    // Half a second at a time.
    let piece = u64::from(RATE / 2);
    let mut first = 0;
    while first < all && !stop.load(Ordering::Relaxed) {
        let count = piece.min(all - first);
        let mut samples = Vec::with_capacity(count as usize * CHANNELS);
        music.render(first, count as usize, &mut samples);
        let bytes: Vec<u8> = samples.iter().flat_map(|part| part.to_le_bytes()).collect();
        let mut buffer = gst::Buffer::from_mut_slice(bytes);
        stamp(&mut buffer, time(first), time(first + count));
        if source.push_buffer(buffer).is_err() {
            return;
        }
        first += count;
    }
    let _ = source.end_of_stream();
}

fn stamp(buffer: &mut gst::Buffer, from: Duration, to: Duration) {
    let buffer = buffer.get_mut().expect("it was just made");
    let time = |at: Duration| gst::ClockTime::from_nseconds(at.as_nanos() as u64);
    buffer.set_pts(time(from));
    buffer.set_duration(time(to.saturating_sub(from)));
}

/// Waits for the end of the film, an error, or a stop.
fn watch(
    pipeline: &gst::Pipeline,
    frames: u32,
    done: &AtomicU32,
    stop: &AtomicBool,
    percent: &mut dyn FnMut(u8),
) -> Result<(), DemoError> {
    let bus = pipeline.bus().expect("a pipeline has a bus");
    let wanted = [gst::MessageType::Eos, gst::MessageType::Error];
    let tick = gst::ClockTime::from_mseconds(100);
    let (mut told, mut last, mut quiet) = (None, 0, Duration::ZERO);
    loop {
        match bus.timed_pop_filtered(tick, &wanted) {
            Some(message) => match message.view() {
                gst::MessageView::Error(error) => return Err(broken(error)),
                _ => return Ok(()),
            },
            None if stop.load(Ordering::Relaxed) => return Err(DemoError::Stopped),
            None => {}
        }
        let now = done.load(Ordering::Relaxed);
        quiet = if now == last {
            quiet + Duration::from_millis(100)
        } else {
            Duration::ZERO
        };
        last = now;
        if quiet > STALL_MAX {
            return Err(DemoError::Make("the encoders stand still".to_owned()));
        }
        // The last hundredth is the file's end, checking and seeding.
        let share = (now * 99 / frames.max(1)) as u8;
        if told != Some(share) {
            told = Some(share);
            percent(share);
        }
    }
}

/// Why the pipeline did not start.
fn failure(pipeline: &gst::Pipeline) -> DemoError {
    let bus = pipeline.bus().expect("a pipeline has a bus");
    match bus.pop_filtered(&[gst::MessageType::Error]) {
        Some(message) => match message.view() {
            gst::MessageView::Error(error) => broken(error),
            _ => DemoError::Make("the encoders do not start".to_owned()),
        },
        None => DemoError::Make("the encoders do not start".to_owned()),
    }
}

fn broken(error: &gst::message::Error) -> DemoError {
    if error.error().matches(gst::ResourceError::NoSpaceLeft) {
        return DemoError::DiskFull;
    }
    tracing::debug!("making the demo: {:?}", error.debug());
    DemoError::Make(error.error().to_string())
}
