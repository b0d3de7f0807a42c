//! Dolby Digital goes out as it is to a receiver that takes it, and decoded where it refuses, or
//! where the volume is turned. ALSA writes what it plays into pipes, that are read at the pace of a
//! device. In a program of its own, for ALSA reads where that is once.

#![allow(clippy::unwrap_used)]

#[path = "player/films.rs"]
#[allow(dead_code)]
mod films;
#[path = "player/stage.rs"]
#[allow(dead_code)]
mod stage;

use std::fs::{self, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::SoundSettings;
use matinee::player::Outlets;
use stage::{Memory, Stage, until};

/// Where the tests' ALSA is, for the program that is started with it.
const CONFIG: &str = "ALSA_CONFIG_PATH";

/// Dolby Digital's sound.
const DOLBY: &str = "matroskamux name=mux ! filesink name=file \
    audiotestsrc num-buffers=1300 freq=440 ! audio/x-raw,rate=48000,channels=2 ! avenc_ac3 ! \
    ac3parse ! queue ! mux.";

/// Two channels of 16 bits at 48 kHz, for so long.
const PART: Duration = Duration::from_millis(20);
const PART_BYTES: usize = 48 * 20 * 4;

/// A receiver on HDMI that takes Dolby Digital.
const ELD: &str = "monitor_present 1\neld_valid 1\nmonitor_name AVR\n\
    sad0_coding_type [0x1] LPCM\nsad0_channels 2\nsad0_rates [0xe0]\n\
    sad1_coding_type [0x2] AC-3\nsad1_channels 6\nsad1_rates [0xe0]\nsad1_max_bitrate 640000\n";

/// What ALSA plays as samples goes to the pipe `heard-4`, and bursts to `heard-6`; or what should
/// take those takes nothing of that shape.
fn alsa(folder: &Path, refuses: bool) -> String {
    let argument =
        |name: &str, usual: u8| format!("@args.{name} {{ type integer default {usual} }}");
    let arguments = [
        ("DEV", 0),
        ("AES0", 4),
        ("AES1", 130),
        ("AES2", 0),
        ("AES3", 2),
    ];
    let arguments = arguments
        .map(|(name, usual)| argument(name, usual))
        .join("\n");
    let pipe = |name: &str| {
        let pipe = folder.join(name);
        format!(
            "type file
            file \"{}\"
            format raw
            slave.pcm {{ type null }}",
            pipe.display()
        )
    };
    let bursts = if refuses {
        "type lfloat
        slave { pcm { type null } format S16_LE }"
            .to_owned()
    } else {
        pipe("heard-6")
    };
    format!(
        "pcm.heard4 {{ {} }}
        pcm.heard6 {{ {bursts} }}
        pcm.hdmi {{
            @args [ CARD DEV AES0 AES1 AES2 AES3 ]
            @args.CARD {{ type string default none }}
            {arguments}
            type empty
            slave.pcm {{ @func concat strings [ \"heard\" $AES0 ] }}
        }}",
        pipe("heard-4")
    )
}

/// Runs the test again, with an ALSA of its own; true in there.
fn is_inside(name: &str, folder: &Path, refuses: bool) -> bool {
    if std::env::var_os(CONFIG).is_some() {
        return true;
    }
    let config = folder.join("alsa.conf");
    fs::write(&config, alsa(folder, refuses)).unwrap();
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CONFIG, config)
        .status()
        .unwrap();
    assert!(ended.success(), "inside: {ended}");
    false
}

/// A card as the kernel would list it, in the folder of the tests' ALSA.
fn outlets(folder: &Path) -> Outlets {
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    fs::create_dir_all(folder.join("card0")).unwrap();
    put(
        "cards",
        " 0 [TV             ]: HDA-Intel - HDA\n                      HDA\n",
    );
    put("pcm", "00-03: HDMI 0 : HDMI 0 : playback 1\n");
    put("card0/eld#0.0", ELD);
    Outlets::Alsa {
        asound: folder.to_owned(),
        sockets: folder.join("none"),
        card: None,
        passthrough: true,
    }
}

fn dolby() -> bytes::Bytes {
    films::make("dolby.mkv", films::VP8, DOLBY)
}

/// Hears what goes into a pipe, at the pace of a device.
fn hear(pipe: &Path) -> Arc<Mutex<Vec<u8>>> {
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (of_thread, pipe) = (heard.clone(), pipe.to_owned());
    std::thread::spawn(move || {
        // Both ways, so that it has no end while nobody plays.
        let both = OpenOptions::new().read(true).write(true).open(pipe);
        let (mut pipe, mut part) = (both.unwrap(), vec![0; PART_BYTES]);
        while pipe.read_exact(&mut part).is_ok() {
            of_thread.lock().unwrap().extend_from_slice(&part);
            std::thread::sleep(PART);
        }
    });
    heard
}

/// Bursts of AC-3 in it.
fn bursts(heard: &Mutex<Vec<u8>>) -> usize {
    let heard = heard.lock().unwrap();
    let (words, _) = heard.as_chunks::<2>();
    let sync = [0xf872_u16, 0x4e1f].map(u16::to_le_bytes);
    let begins = words.windows(5).filter(|it| it[..2] == sync);
    begins
        .filter(|it| it[2][0] == 1 && it[4] == [0x77, 0x0b])
        .count()
}

/// Samples in it that are not silence.
fn samples(heard: &Mutex<Vec<u8>>) -> usize {
    let heard = heard.lock().unwrap();
    let (words, _) = heard.as_chunks::<2>();
    let loud = words
        .iter()
        .filter(|it| i16::from_le_bytes(**it).unsigned_abs() > 500);
    loud.count()
}

fn folder() -> PathBuf {
    match std::env::var_os(CONFIG) {
        Some(config) => Path::new(&config).parent().unwrap().to_owned(),
        None => tempfile::tempdir().unwrap().keep(),
    }
}

#[test]
fn what_a_receiver_takes_goes_out_as_it_is_until_the_volume_is_turned() {
    let folder = folder();
    if !is_inside(
        "what_a_receiver_takes_goes_out_as_it_is_until_the_volume_is_turned",
        &folder,
        false,
    ) {
        fs::remove_dir_all(&folder).unwrap();
        return;
    }
    let (decoded, coded) = (hear(&folder.join("heard-4")), hear(&folder.join("heard-6")));
    let mut stage = Stage::with(outlets(&folder));
    let session = stage.open(Memory::new("film.mkv", dolby()), Duration::ZERO);
    stage.ready();
    stage.player.set_paused(session, false);
    until("bursts of AC-3", || bursts(&coded) > 20);
    stage.plays_to(Duration::from_secs(2));
    assert_eq!(samples(&decoded), 0, "nothing of it is decoded");

    let before = stage.picture().unwrap().position;
    let quiet = SoundSettings {
        volume: 80,
        ..SoundSettings::default()
    };
    stage.player.set_sound(quiet);
    until("samples", || samples(&decoded) > 20_000);
    let after = stage.picture().unwrap().position;
    println!("turned at {before:?}, decoded at {after:?}");
    assert!(after >= before && after < before + Duration::from_secs(5));
    stage.player.set_sound(SoundSettings::default());
    let now = bursts(&coded);
    stage.plays_to(after + Duration::from_secs(1));
    assert!(bursts(&coded) <= now + 20, "it goes to and fro");
}

#[test]
fn where_a_receiver_refuses_it_is_decoded_at_the_same_place() {
    let folder = folder();
    if !is_inside(
        "where_a_receiver_refuses_it_is_decoded_at_the_same_place",
        &folder,
        true,
    ) {
        fs::remove_dir_all(&folder).unwrap();
        return;
    }
    let decoded = hear(&folder.join("heard-4"));
    let mut stage = Stage::with(outlets(&folder));
    let at = Duration::from_secs(5);
    let session = stage.open(Memory::new("film.mkv", dolby()), at);
    stage.ready();
    stage.player.set_paused(session, false);
    until("samples", || samples(&decoded) > 20_000);
    stage.plays_to(at + Duration::from_secs(1));
    let place = stage.picture().unwrap().position;
    assert!(
        place >= at && place < at + Duration::from_secs(5),
        "at {place:?}"
    );
}
