//! The player's sound, heard by a sound device of our own: which track plays, and what happens
//! when the device fails. In a program of its own, for the device takes the place of all others.

#![allow(clippy::unwrap_used)]

#[path = "player/films.rs"]
#[allow(dead_code)]
mod films;
#[path = "player/stage.rs"]
#[allow(dead_code)]
mod stage;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use app::{PlayerNews, SeekMode, Session, SoundSettings};
use gst::prelude::*;
use stage::{Memory, Stage, until};

/// Cycles a second in the last sound heard.
static HEARD: AtomicU64 = AtomicU64::new(0);

/// The mean square of the last sound heard, of samples from -1 to 1, as bits.
static LOUD: AtomicU64 = AtomicU64::new(0);

/// Nanoseconds that the sound comes later than it would.
static LATER: AtomicI64 = AtomicI64::new(0);

/// Whether the device is out of order.
static BROKEN: AtomicBool = AtomicBool::new(false);

mod device {
    use std::sync::LazyLock;
    use std::sync::atomic::Ordering;

    use gst::glib;
    use gst::subclass::prelude::*;
    use gst_base::prelude::*;
    use gst_base::subclass::prelude::*;

    pub(super) const RATE: usize = 48_000;

    #[derive(Debug, Default)]
    pub(super) struct Ear;

    #[glib::object_subclass]
    impl ObjectSubclass for Ear {
        const NAME: &'static str = "MatineeTestEar";
        type Type = super::Ear;
        type ParentType = gst_base::BaseSink;
    }

    impl ObjectImpl for Ear {}
    impl GstObjectImpl for Ear {}

    impl ElementImpl for Ear {
        fn metadata() -> Option<&'static gst::subclass::ElementMetadata> {
            static METADATA: LazyLock<gst::subclass::ElementMetadata> = LazyLock::new(|| {
                gst::subclass::ElementMetadata::new("Ear", "Sink/Audio", "Listens", "Matinee")
            });
            Some(&METADATA)
        }

        fn pad_templates() -> &'static [gst::PadTemplate] {
            static TEMPLATES: LazyLock<Vec<gst::PadTemplate>> = LazyLock::new(|| {
                let caps = gst::Caps::builder("audio/x-raw")
                    .field("format", "S16LE")
                    .field("layout", "interleaved")
                    .field("rate", RATE as i32)
                    .field("channels", 1)
                    .build();
                let (to, when) = (gst::PadDirection::Sink, gst::PadPresence::Always);
                vec![gst::PadTemplate::new("sink", to, when, &caps).unwrap()]
            });
            &TEMPLATES
        }
    }

    impl BaseSinkImpl for Ear {
        fn render(&self, buffer: &gst::Buffer) -> Result<gst::FlowSuccess, gst::FlowError> {
            super::LATER.store(self.obj().ts_offset(), Ordering::SeqCst);
            if super::BROKEN.load(Ordering::SeqCst) {
                gst::element_imp_error!(self, gst::ResourceError::Write, ["unplugged"]);
                return Err(gst::FlowError::Error);
            }
            let bytes = buffer.map_readable().map_err(|_| gst::FlowError::Error)?;
            let samples: Vec<i16> = bytes
                .chunks_exact(2)
                .map(|two| i16::from_le_bytes([two[0], two[1]]))
                .collect();
            if samples.len() > 480 {
                let rises = samples
                    .windows(2)
                    .filter(|two| two[0] < 0 && two[1] >= 0)
                    .count();
                let cycles = (rises * RATE / samples.len()) as u64;
                super::HEARD.store(cycles, Ordering::SeqCst);
                let square = samples.iter().map(|it| (f64::from(*it) / 32768.0).powi(2));
                let mean = square.sum::<f64>() / samples.len() as f64;
                super::LOUD.store(mean.to_bits(), Ordering::SeqCst);
            }
            Ok(gst::FlowSuccess::Ok)
        }
    }
}

gst::glib::wrapper! {
    pub(crate) struct Ear(ObjectSubclass<device::Ear>)
        @extends gst_base::BaseSink, gst::Element, gst::Object;
}

/// Hears this tone, give or take what a short look at it can tell.
fn hears(tone: u64) -> bool {
    HEARD.load(Ordering::SeqCst).abs_diff(tone) < 100
}

/// How loud it is now, in decibels below full scale.
fn loudness() -> f64 {
    10.0 * f64::from_bits(LOUD.load(Ordering::SeqCst))
        .max(1e-12)
        .log10()
}

/// The viewer turns it to that, and it is heard so.
fn turned(stage: &Stage, sound: SoundSettings, wanted_db: std::ops::Range<f64>) {
    stage.player.set_sound(sound);
    until("another volume", || wanted_db.contains(&loudness()));
    println!("{sound:?}: {:.1} dB", loudness());
}

/// A film and the voice are heard by one device, the voice while the film is paused too.
fn reads_aloud(stage: &mut Stage, session: Session) {
    let tone = |hz: f64| {
        let sample = move |at: u32| (f64::from(at) / 22_050.0 * hz * std::f64::consts::TAU).sin();
        (0..22_050).map(move |at| (sample(at) * 16_000.0) as i16)
    };
    let tone: Vec<i16> = tone(1500.0).collect();
    let voice = stage.player.voice();
    let ticket = voice.begin();
    assert!(!voice.say(ticket, 22_050, &tone), "nobody hears it yet");

    stage.player.set_paused(session, true);
    voice.open(true);
    let ticket = voice.begin();
    assert!(voice.say(ticket, 22_050, &tone));
    until("the voice", || hears(1500));
    assert!(voice.end(ticket));
    until("silence", || loudness() < -80.0);

    stage.player.set_paused(session, false);
    until("440 Hz by the desk", || hears(440));
    let before = stage.picture().unwrap().position;
    stage.plays_to(before + Duration::from_secs(1));
    // Not as it begins: half of what is measured would be the silence before.
    let full = loudness();
    // Nothing is said yet, but something will be: the film makes room.
    let ticket = voice.begin();
    until("a softer film", || loudness() < full - 10.0);
    voice.cut();
    assert!(!voice.end(ticket));
    until("the film alone", || loudness() > full - 1.0);

    stage.player.set_paused(session, true);
    until("silence", || loudness() < -80.0);
    voice.open(false);
    stage.player.set_paused(session, false);
    until("440 Hz without the desk", || {
        hears(440) && loudness() > full - 1.0
    });
}

#[test]
fn the_chosen_track_is_heard_and_a_lost_device_does_not_stop_the_film() {
    gst::init().unwrap();
    let rank = gst::Rank::PRIMARY + 100;
    gst::Element::register(None, "matineetestear", rank, Ear::static_type()).unwrap();

    let mut stage = Stage::new();
    let session = stage.open(Memory::new("film.mkv", films::mkv()), Duration::ZERO);
    let tracks = stage.ready().tracks;
    stage.player.set_paused(session, false);
    until("440 Hz", || hears(440));
    let (full, usual) = (loudness(), SoundSettings::default());
    println!("as it is: {full:.1} dB");
    let half = SoundSettings {
        volume: 50,
        ..usual
    };
    // Half of what is heard is an eighth of the wave.
    turned(&stage, half, full - 19.0..full - 17.0);
    let muted = SoundSettings {
        muted: true,
        ..half
    };
    // What is left is the dither of the device's samples.
    turned(&stage, muted, -130.0..-85.0);
    let night = SoundSettings {
        night: true,
        ..usual
    };
    turned(&stage, night, full - 18.0..full - 8.0);
    turned(&stage, usual, full - 1.0..full + 1.0);
    let late = SoundSettings {
        delay_ms: 300,
        ..usual
    };
    stage.player.set_sound(late);
    until("a delay", || LATER.load(Ordering::SeqCst) == 300_000_000);
    // Earlier is the picture's delay.
    let early = SoundSettings {
        delay_ms: -200,
        ..usual
    };
    stage.player.set_sound(early);
    until("no delay", || LATER.load(Ordering::SeqCst) == 0);
    stage.player.set_sound(usual);
    stage.player.select_audio(session, tracks.audio[1].id);
    until("880 Hz", || hears(880));
    let at = stage.picture().unwrap().position;
    println!("heard at {at:?}");
    assert!(at < Duration::from_secs(5), "the switch took until {at:?}");

    stage.player.set_paused(session, true);
    stage.player.select_audio(session, tracks.audio[0].id);
    stage
        .player
        .seek(session, Duration::from_secs(10), SeekMode::Accurate);
    stage.seeked();
    stage.player.set_paused(session, false);
    until("440 Hz", || hears(440));
    stage
        .player
        .select_subtitle(session, Some(tracks.subtitles[0].id));
    stage.plays_to(Duration::from_secs(11));
    reads_aloud(&mut stage, session);

    BROKEN.store(true, Ordering::SeqCst);
    let before = stage.picture().unwrap().position;
    stage.plays_to(before + Duration::from_secs(1));
    let after = stage.picture().unwrap().position;
    assert!(
        after < before + Duration::from_secs(3),
        "{before:?} to {after:?}"
    );
    stage.player.set_paused(session, true);
    stage
        .player
        .seek(session, Duration::from_secs(21), SeekMode::Accurate);
    let text = stage.wait("text", |news| match news {
        PlayerNews::Failed(why) => panic!("{why:?}"),
        PlayerNews::Subtitle(lines) => lines.first.clone(),
        _ => None,
    });
    assert_eq!(text, "third", "subtitles are still chosen");
}
