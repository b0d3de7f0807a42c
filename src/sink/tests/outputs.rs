//! Which sound output is taken, on machines as they are: texts of `/proc/asound` as kernels write
//! them.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use sink::{Eld, Format, Kind, Listed, Socket, Sound, Taken, outputs};

const PI_4: (&str, &str) = (
    " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [vc4hdmi1       ]: vc4-hdmi - vc4-hdmi-1
                      vc4-hdmi-1
 2 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones
                      bcm2835 Headphones
",
    "00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
01-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
02-00: bcm2835 Headphones : bcm2835 Headphones : playback 8
",
);

const PI_5: (&str, &str) = (
    " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [vc4hdmi1       ]: vc4-hdmi - vc4-hdmi-1
                      vc4-hdmi-1
",
    "00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
01-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
",
);

const RK3566: (&str, &str) = (
    " 0 [Analog         ]: simple-card - Analog RK817
                      Analog RK817
 1 [HDMI           ]: simple-card - HDMI
                      HDMI
",
    "00-00: fe410000.i2s-rk817-hifi rk817-hifi-0 : \
fe410000.i2s-rk817-hifi rk817-hifi-0 : playback 1 : capture 1
01-00: fe400000.i2s-i2s-hifi i2s-hifi-0 : \
fe400000.i2s-i2s-hifi i2s-hifi-0 : playback 1
",
);

const PC: (&str, &str) = (
    " 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7e10000 irq 33
",
    "00-00: ALC887-VD Analog : ALC887-VD Analog : playback 1 : capture 1
00-01: ALC887-VD Digital : ALC887-VD Digital : playback 1
00-02: ALC887-VD Alt Analog : ALC887-VD Alt Analog : capture 1
00-03: HDMI 0 : HDMI 0 : playback 1
00-07: HDMI 1 : HDMI 1 : playback 1
00-08: HDMI 2 : HDMI 2 : playback 1
",
);

const WITH_DAC: (&str, &str) = (
    " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 3 [DAC            ]: USB-Audio - USB Audio DAC
                      Burr-Brown from TI USB Audio DAC at usb-0000:01:00.0-1.3, full speed
",
    "00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
03-00: USB Audio : USB Audio : playback 1
",
);

const QEMU: (&str, &str) = (
    " 0 [Loopback       ]: Loopback - Loopback
                      Loopback 1
",
    "00-00: Loopback PCM : Loopback PCM : playback 8 : capture 8
00-01: Loopback PCM : Loopback PCM : playback 8 : capture 8
",
);

fn listed((cards, pcm): (&str, &str)) -> Listed {
    Listed {
        cards: cards.into(),
        pcm: pcm.into(),
        ..Listed::default()
    }
}

fn tv() -> Sound {
    Sound {
        taken: vec![Taken::new(Format::Pcm, 2, &[32_000, 44_100, 48_000])],
        speakers: Some(2),
    }
}

/// One that is plugged in; `lit`: it has the picture.
fn socket(name: &str, lit: bool) -> Socket {
    Socket {
        name: name.into(),
        lit,
        sink: Some(format!("TV {name}")),
        sound: Some(tv()),
    }
}

/// Empty ones in `count` places, but for the TV of that name in one.
fn elds(count: usize, place: usize, name: &str) -> Vec<(u8, Vec<Eld>)> {
    let mut all = vec![Eld::default(); count];
    all[place] = Eld {
        valid: true,
        sink: Some(name.into()),
        sound: tv(),
    };
    vec![(0, all)]
}

/// The first names, in order.
fn names(listed: &Listed, wish: Option<&str>) -> Vec<String> {
    let all = outputs(listed, wish);
    all.into_iter()
        .map(|mut output| output.names.swap_remove(0))
        .collect()
}

#[test]
fn hdmi_of_the_screen_comes_first() {
    let mut pi = listed(PI_4);
    pi.sockets = vec![socket("HDMI-A-1", false), socket("HDMI-A-2", true)];
    let all = [
        "hdmi:CARD=vc4hdmi1,DEV=0",
        "hdmi:CARD=vc4hdmi0,DEV=0",
        "plughw:CARD=Headphones,DEV=0",
    ];
    assert_eq!(names(&pi, None), all);
    assert_eq!(outputs(&pi, None)[0].sound, Some(tv()));

    // The usual: one TV, in the first socket.
    let empty = Socket {
        name: "HDMI-A-2".into(),
        ..Socket::default()
    };
    let mut pi = listed(PI_5);
    pi.sockets = vec![socket("HDMI-A-1", true), empty];
    let all = ["hdmi:CARD=vc4hdmi0,DEV=0", "hdmi:CARD=vc4hdmi1,DEV=0"];
    assert_eq!(names(&pi, None), all);
}

#[test]
fn a_socket_where_nobody_hears_is_the_last() {
    let mut pi = listed(PI_4);
    let mut monitor = socket("HDMI-A-1", true);
    monitor.sound = Some(Sound::default());
    let empty = Socket {
        name: "HDMI-A-2".into(),
        ..Socket::default()
    };
    pi.sockets = vec![monitor, empty];
    assert_eq!(names(&pi, None)[0], "plughw:CARD=Headphones,DEV=0");
    // Nothing is known of the sockets: as good as a loudspeaker of which nothing is known is not.
    assert_eq!(
        names(&listed(PI_4), None)[0],
        "plughw:CARD=Headphones,DEV=0"
    );
    assert_eq!(names(&listed(PI_5), None)[0], "hdmi:CARD=vc4hdmi0,DEV=0");
}

#[test]
fn a_board_with_one_socket_and_a_socket_for_headphones() {
    let mut board = listed(RK3566);
    board.sockets = vec![socket("HDMI-A-1", true)];
    let found = outputs(&board, None);
    assert_eq!(found[0].card, "HDMI");
    assert_eq!(
        found[0].names,
        ["hdmi:CARD=HDMI,DEV=0", "plughw:CARD=HDMI,DEV=0"]
    );
    assert_eq!(found[1].kind, Kind::Analog);
}

#[test]
fn a_pc_finds_its_tv_by_what_the_card_knows() {
    let mut pc = listed(PC);
    pc.elds = elds(3, 1, "TV HDMI-A-2");
    pc.sockets = vec![socket("DP-1", true), socket("HDMI-A-2", true)];
    let all = [
        "hdmi:CARD=PCH,DEV=1",
        "plughw:CARD=PCH,DEV=0",
        "plughw:CARD=PCH,DEV=1",
        "hdmi:CARD=PCH,DEV=0",
        "hdmi:CARD=PCH,DEV=2",
    ];
    assert_eq!(names(&pc, None), all);
    let first = &outputs(&pc, None)[0];
    assert_eq!(first.names[1], "plughw:CARD=PCH,DEV=7");
    assert_eq!(outputs(&pc, None)[2].kind, Kind::Spdif);
}

#[test]
fn what_was_plugged_in_comes_before_what_may_be_heard_by_nobody() {
    let mut pi = listed(WITH_DAC);
    assert_eq!(names(&pi, None)[0], "plughw:CARD=DAC,DEV=0");
    pi.sockets = vec![socket("HDMI-A-1", true)];
    assert_eq!(names(&pi, None)[0], "hdmi:CARD=vc4hdmi0,DEV=0");
    assert_eq!(names(&pi, Some("DAC"))[0], "plughw:CARD=DAC,DEV=0");
    // A wish for what is not there is none.
    assert_eq!(names(&pi, Some("Gone"))[0], "hdmi:CARD=vc4hdmi0,DEV=0");
}

#[test]
fn a_machine_without_sound_has_none() {
    let none = listed(("--- no soundcards ---\n", ""));
    assert_eq!(outputs(&none, None), []);
    assert_eq!(outputs(&Listed::default(), Some("DAC")), []);
    let all = ["plughw:CARD=Loopback,DEV=0", "plughw:CARD=Loopback,DEV=1"];
    assert_eq!(names(&listed(QEMU), None), all);
}

#[test]
fn what_a_driver_writes_of_a_sink_is_read() {
    let text = "monitor_present\t\t1
eld_valid\t\t1
codec_pin_nid\t\t0x5
monitor_name\t\tDENON-AVR
connection_type\t\tHDMI
eld_version\t\t[0x2] CEA-861D or below
edid_version\t\t[0x3] CEA-861-B, C or D
manufacture_id\t\t0x6e4e
port_id\t\t\t0x20000
support_hdcp\t\t0
support_ai\t\t1
audio_sync_delay\t0
speakers\t\t[0x4f] FL/FR LFE FC RL/RR RLC/RRC
sad_count\t\t3
sad0_coding_type\t[0x1] LPCM
sad0_channels\t\t8
sad0_rates\t\t[0x1ee0] 32000 44100 48000 88200 96000 176400 192000
sad0_bits\t\t[0xe0000] 16 20 24
sad1_coding_type\t[0x2] AC-3
sad1_channels\t\t6
sad1_rates\t\t[0xe0] 32000 44100 48000
sad1_max_bitrate\t640000
sad2_coding_type\t[0xa] E-AC-3/DD+ (Dolby Digital Plus)
sad2_channels\t\t8
sad2_rates\t\t[0xe0] 32000 44100 48000
";
    let eld = Eld::of_text(text);
    assert!(eld.valid);
    assert_eq!(eld.sink.as_deref(), Some("DENON-AVR"));
    let told: Vec<_> = eld.sound.taken.iter().collect();
    assert_eq!(told[0].format, Format::Pcm);
    assert_eq!((told[0].channels_max, told[1].kbit_max), (8, Some(640)));
    assert!(told[0].has_rate(192_000) && !told[1].has_rate(96_000));
    assert_eq!(told[2].format, Format::Eac3);
    assert_eq!(eld.sound.speakers, Some(8));
    let empty = Eld::of_text("monitor_present\t\t0\neld_valid\t\t0\n");
    assert_eq!(empty, Eld::default());
}

proptest! {
    #[test]
    fn any_text_is_read_or_not(cards in ".{0,200}", pcm in ".{0,200}", eld in ".{0,300}") {
        let mut listed = listed((&cards, &pcm));
        listed.elds = vec![(0, vec![Eld::of_text(&eld)])];
        let _ = outputs(&listed, Some(&cards));
    }

    #[test]
    fn every_device_that_plays_is_told_once(
        devices in proptest::collection::btree_set((0..4u8, 0..9u8), 0..20),
        lit in any::<bool>(),
    ) {
        use std::fmt::Write as _;
        let (mut cards, mut pcm) = (String::new(), String::new());
        for card in 0..4 {
            writeln!(cards, " {card} [card{card}          ]: HDA-Intel - HDA\n    HDA").unwrap();
        }
        for (card, device) in &devices {
            let name = format!("HDMI {device}");
            writeln!(pcm, "{card:02}-{device:02}: {name} : {name} : playback 1").unwrap();
        }
        let mut listed = listed((&cards, &pcm));
        listed.sockets = vec![socket("HDMI-A-1", lit)];
        prop_assert_eq!(outputs(&listed, None).len(), devices.len());
    }
}
