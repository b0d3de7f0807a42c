//! What comes out of the way of decoded sound, by real elements.

use gst::prelude::*;

use super::*;

const RATE: u32 = 48_000;

/// Seconds of sound; the first half is not measured.
const SECONDS: usize = 4;

/// Six loudspeakers: left, right, centre, bass, and two behind.
const SURROUND: (usize, u64) = (6, 0x3f);
const STEREO: (usize, u64) = (2, 0x3);
const CENTRE: usize = 2;

fn outlet(outlets: Outlets) -> Outlet {
    Outlet {
        outlets: Arc::new(outlets),
        dials: Arc::default(),
        desk: Arc::default(),
    }
}

fn caps((channels, mask): (usize, u64)) -> gst::Caps {
    gst::Caps::builder("audio/x-raw")
        .field("format", "F32LE")
        .field("layout", "interleaved")
        .field("rate", RATE as i32)
        .field("channels", channels as i32)
        .field("channel-mask", gst::Bitmask::new(mask))
        .build()
}

/// A tone of that amplitude, in one of the channels or all.
fn tone((channels, _): (usize, u64), only: Option<usize>, amplitude: f32) -> Vec<f32> {
    let frames = SECONDS * RATE as usize;
    let frame = |at: usize| {
        let sample = (at as f32 * 0.13).sin() * amplitude;
        let of = move |channel: usize| only.is_none_or(|only| only == channel);
        (0..channels).map(move |channel| if of(channel) { sample } else { 0.0 })
    };
    (0..frames).flat_map(frame).collect()
}

/// How loud it comes out of each of two loudspeakers, in decibels below full scale.
fn heard(outlet: &Outlet, layout: (usize, u64), samples: &[f32]) -> [f32; 2] {
    gst::init().unwrap();
    let sink = gst_app::AppSink::builder()
        .sync(false)
        .caps(&caps(STEREO))
        .build();
    let way = outlet.dialled(sink.upcast_ref(), 2).unwrap();
    let format = gst::Format::Time;
    let source = gst_app::AppSrc::builder()
        .caps(&caps(layout))
        .format(format)
        .build();
    let pipeline = gst::Pipeline::new();
    pipeline.add_many([source.upcast_ref(), &way]).unwrap();
    gst::Element::link_many([source.upcast_ref(), &way]).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let mut at = 0;
    for part in samples.chunks(1024 * layout.0) {
        let bytes: Vec<u8> = part
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        let mut buffer = gst::Buffer::from_mut_slice(bytes);
        let time = |frames: u64| gst::ClockTime::from_nseconds(frames * 1_000_000_000 / 48_000);
        let frames = (part.len() / layout.0) as u64;
        buffer.get_mut().unwrap().set_pts(time(at));
        buffer.get_mut().unwrap().set_duration(time(frames));
        at += frames;
        source.push_buffer(buffer).unwrap();
    }
    source.end_of_stream().unwrap();
    let mut out = Vec::new();
    while let Ok(sample) = sink.pull_sample() {
        let bytes = sample.buffer().unwrap().map_readable().unwrap();
        let (four, _) = bytes.as_chunks::<4>();
        out.extend(four.iter().map(|bytes| f32::from_le_bytes(*bytes)));
    }
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(out.len(), samples.len() / layout.0 * 2);
    [0, 1].map(|channel| {
        let half = out[out.len() / 2..].chunks(2).map(|frame| frame[channel]);
        let square: f32 = half.map(|sample| sample * sample).sum();
        10.0 * (square / (out.len() / 4) as f32).max(1e-12).log10()
    })
}

/// Of a tone, without anything in between.
fn plain(amplitude: f32) -> f32 {
    10.0 * (amplitude * amplitude / 2.0).log10()
}

#[test]
fn dialogue_is_heard_of_two_loudspeakers() {
    let outlet = outlet(Outlets::Desktop);
    let [left, right] = heard(&outlet, SURROUND, &tone(SURROUND, Some(CENTRE), 0.5));
    let [front, _] = heard(&outlet, SURROUND, &tone(SURROUND, Some(0), 0.5));
    println!(
        "centre {left:.1} and {right:.1} dB, left {front:.1} dB, of {:.1}",
        plain(0.5)
    );
    assert!((left - right).abs() < 0.1, "it is in the middle");
    // Of both loudspeakers it is as loud as what comes out of one. All six channels together must
    // not be too loud for two, so each alone is more than ten dB below what it was.
    assert!(left > front - 4.0, "beside what is left: {left} to {front}");
    assert!(left > plain(0.5) - 14.0, "{left}");
}

#[test]
fn at_night_a_whisper_is_louder_and_a_bang_is_not() {
    let outlet = outlet(Outlets::Desktop);
    let night = app::SoundSettings {
        night: true,
        ..app::SoundSettings::default()
    };
    let by_day = [0.005, 0.9].map(|it| heard(&outlet, STEREO, &tone(STEREO, None, it))[0]);
    outlet.dials.set(night);
    let at_night = [0.005, 0.9].map(|it| heard(&outlet, STEREO, &tone(STEREO, None, it))[0]);
    println!("whisper {:.1} to {:.1} dB", by_day[0], at_night[0]);
    println!("bang {:.1} to {:.1} dB", by_day[1], at_night[1]);
    assert!((by_day[0] - plain(0.005)).abs() < 0.1 && (by_day[1] - plain(0.9)).abs() < 0.1);
    assert!(at_night[0] > by_day[0] + 9.0 && at_night[1] < by_day[1] - 12.0);
}

#[test]
fn an_output_may_fail_once() {
    let mut tried = Tried::default();
    tried.failed("one");
    assert!(!tried.is_out("one"));
    tried.failed("one");
    assert!(tried.is_out("one") && !tried.is_out("other"));
    tried.forget();
    assert!(!tried.is_out("one"));
    // Whatever happens, there is an end to it.
    for number in 0..REMEMBERED_MAX {
        tried.failed(&number.to_string());
    }
    assert!(tried.is_out("another"));
}

#[test]
fn nobody_is_the_best_where_there_is_nothing() {
    let nowhere = tempfile::tempdir().unwrap();
    let outlet = outlet(Outlets::Alsa {
        asound: nowhere.path().to_owned(),
        sockets: nowhere.path().to_owned(),
        card: None,
        passthrough: false,
    });
    let tried = Tried::default();
    assert!(!outlet.is_worse(None, &tried));
    assert!(outlet.is_worse(Some("hdmi:CARD=vc4hdmi0,DEV=0"), &tried));
    let put = |name: &str, text: &str| std::fs::write(nowhere.path().join(name), text).unwrap();
    put("cards", " 0 [DAC            ]: USB-Audio - DAC\n    DAC\n");
    put("pcm", "00-00: USB Audio : USB Audio : playback 1\n");
    assert!(outlet.is_worse(None, &tried));
    assert!(!outlet.is_worse(Some("plughw:CARD=DAC,DEV=0"), &tried));
}
