//! What lies over a film that plays, as the core would say it.

use std::sync::Arc;
use std::time::Duration;

use app::{
    BufferingView, Chapter, ControlsView, FactView, FilmId, Lines, NextView, PanelView,
    PlayingView, Session, Still, StillView, TextColour, TextLook, TextPicture, TextPlace, TextSize,
};

use super::action;

pub fn playing() -> PlayingView {
    let chapter = |minute: u64, title: &str| Chapter {
        start: Duration::from_secs(minute * 60),
        title: title.into(),
    };
    PlayingView {
        session: Session(1),
        film: FilmId("sintel".into()),
        title: "Sintel".into(),
        paused: false,
        buffering: None,
        position: Duration::from_secs(724),
        seeking: false,
        duration: Some(Duration::from_secs(52 * 60)),
        buffered: vec![0..310, 500..540],
        peers: 4,
        rate: 1_200_000,
        controls: None,
        next: None,
        skip: None,
        stats: Vec::new(),
        lines: Lines::default(),
        look: TextLook::default(),
        zoom: app::Zoom::Whole,
        deck: Box::default(),
        chapters: Arc::new(vec![
            chapter(0, "The mountain"),
            chapter(10, "The market"),
            chapter(31, "The cave"),
        ]),
        audio: Vec::new(),
        audio_now: None,
        subtitles: Vec::new(),
        subtitle_now: None,
        second_now: None,
    }
}

pub fn controls() -> ControlsView {
    ControlsView {
        handle: Duration::from_secs(724),
        scrubbing: false,
        elapsed: "12:04".into(),
        left: "-39:56".into(),
        ends: None,
        chapter: Some("The market".into()),
        buttons: ["Pause", "Audio", "Subtitles", "Adjust"]
            .map(action)
            .to_vec(),
        button: None,
        panel: None,
        stills: Vec::new(),
        still: 0,
    }
}

pub fn playing_controls() -> PlayingView {
    PlayingView {
        controls: Some(controls()),
        lines: lines(
            "Поиски привели тебя сюда —\nand the journey has changed you.",
            "",
        ),
        ..playing()
    }
}

/// A place is sought: of one of the stills around it the film is not here.
pub fn playing_stills() -> PlayingView {
    let still = |at: usize| StillView {
        clock: format!("{}:{:02}", 10 + at.div_ceil(2), (at + 1) % 2 * 30 + 4),
        picture: (at != 5).then(|| dunes(at)),
    };
    PlayingView {
        controls: Some(ControlsView {
            scrubbing: true,
            stills: (0..7).map(still).collect(),
            still: 3,
            ..controls()
        }),
        ..playing_controls()
    }
}

/// A landscape, each with another light, wider than high.
fn dunes(nth: usize) -> Still {
    let (width, height) = (224_u16, 94_u16);
    let pixel = |at: usize| {
        let (x, y) = (at % usize::from(width), at / usize::from(width));
        let ridge = 50 + (x * (nth + 2) / 16) % 30;
        let light = if y > ridge { 40 } else { 150 - y };
        [light + 8 * nth, light, 60 + 20 * nth].map(|it| it as u8)
    };
    let pixels = usize::from(width) * usize::from(height);
    Still {
        width,
        height,
        rgb: (0..pixels).flat_map(pixel).collect(),
    }
}

pub fn playing_panel() -> PlayingView {
    PlayingView {
        paused: true,
        controls: Some(ControlsView {
            button: Some(2),
            panel: Some(PanelView {
                title: "Subtitles".into(),
                labels: ["Off", "English", "Русский", "Ελληνικά", "Deutsch"]
                    .map(String::from)
                    .to_vec(),
                chosen: Some(1),
                focus: 2,
            }),
            ..controls()
        }),
        ..playing()
    }
}

pub fn playing_buttons() -> PlayingView {
    PlayingView {
        paused: true,
        controls: Some(ControlsView {
            button: Some(0),
            ..controls()
        }),
        ..playing()
    }
}

pub fn playing_subtitle() -> PlayingView {
    PlayingView {
        lines: lines(BLADE, ""),
        ..playing()
    }
}

const BLADE: &str = "This blade has a dark past.\nIt has shed much innocent blood.";

fn lines(first: &str, second: &str) -> Lines {
    let line = |text: &str| (!text.is_empty()).then(|| text.into());
    Lines {
        first: line(first),
        second: line(second),
        ..Lines::default()
    }
}

/// Two languages, yellow and large, above what stands before the screen.
pub fn playing_two_texts() -> PlayingView {
    PlayingView {
        lines: lines(BLADE, "Эта сталь знала тёмные времена."),
        look: TextLook {
            size: TextSize::Large,
            place: TextPlace::Raised,
            colour: TextColour::Yellow,
        },
        ..playing()
    }
}

/// What a Blu-ray has for subtitles: a picture, here of bars that fade.
pub fn playing_pictures() -> PlayingView {
    let (width, height) = (900_u16, 120_u16);
    let pixel = |at: usize| {
        let (x, y) = (at % usize::from(width), at / usize::from(width));
        let alpha = if y / 20 % 2 == 0 {
            255 - x * 255 / 900
        } else {
            0
        };
        [240, 230, 120, alpha as u8]
    };
    let count = usize::from(width) * usize::from(height);
    let rgba: Vec<u8> = (0..count).flat_map(pixel).collect();
    PlayingView {
        lines: Lines {
            pictures: vec![TextPicture {
                screen: (1920, 1080),
                x: 510,
                y: 900,
                width,
                height,
                rgba: rgba.into(),
            }],
            ..Lines::default()
        },
        ..playing()
    }
}

pub fn playing_texts_on_top() -> PlayingView {
    PlayingView {
        lines: lines(BLADE, "Diese Klinge hat eine dunkle Vergangenheit."),
        look: TextLook {
            size: TextSize::Small,
            place: TextPlace::Top,
            colour: TextColour::Boxed,
        },
        ..playing()
    }
}

/// What can be done about how subtitles lie and look, while it listens, and about going to sleep.
pub fn playing_adjust() -> PlayingView {
    PlayingView {
        controls: Some(ControlsView {
            button: Some(3),
            panel: Some(PanelView {
                title: "Adjust".into(),
                labels: [
                    "Listening  ·  40 %  ·  OK stops",
                    "Time  ·  ‹ 2.3 s earlier ›",
                    "Second subtitles  ·  Nederlands",
                    "Size  ·  ‹ very large ›",
                    "Place  ·  ‹ a little higher ›",
                    "Colour  ·  ‹ white on black ›",
                    "Sleep timer  ·  ‹ 45 min ›",
                ]
                .map(String::from)
                .to_vec(),
                chosen: None,
                focus: 0,
            }),
            ..controls()
        }),
        lines: lines(BLADE, ""),
        look: TextLook {
            size: TextSize::Huge,
            place: TextPlace::Bottom,
            colour: TextColour::Grey,
        },
        ..playing()
    }
}

/// Towards the end of an episode, and once it is over.
pub fn playing_next(over: bool) -> PlayingView {
    let labels: &[&str] = if over {
        &["Play now", "Back"]
    } else {
        &["Play now"]
    };
    PlayingView {
        paused: over,
        next: Some(Box::new(NextView {
            heading: "Next episode".into(),
            title: "S1 E3  ·  The Man From Voyager Station, Part Two".into(),
            status: if over {
                "Plays in 12 seconds".into()
            } else {
                "Ready to play".into()
            },
            actions: labels.iter().map(|label| action(label)).collect(),
            focus: 0,
            over,
        })),
        lines: lines(if over { "" } else { BLADE }, ""),
        ..playing()
    }
}

/// An opening can be skipped.
pub fn playing_skip() -> PlayingView {
    PlayingView {
        skip: Some("Skip the opening".into()),
        ..playing_subtitle()
    }
}

/// What is measured is shown, with controls.
pub fn playing_stats() -> PlayingView {
    let fact = |(name, value): (&str, &str)| FactView {
        name: name.into(),
        value: value.into(),
    };
    let facts = [
        ("Film", "H.264  ·  1920 × 800  ·  23.976 a second"),
        ("File", "Matroska  ·  1.4 GB"),
        ("Sound", "English  ·  Dolby Digital"),
        ("Pictures", "12,345 shown, 3 too late  ·  avdec_h264"),
        ("Comes from", "4 peers  ·  1.2 MB/s  ·  2.1 MB/s could come"),
        ("Ahead", "34 s  ·  12.4 MB"),
    ];
    PlayingView {
        stats: facts.map(fact).into(),
        ..playing_controls()
    }
}

pub fn playing_buffering(permille: Option<u16>) -> PlayingView {
    PlayingView {
        buffering: Some(Box::new(BufferingView {
            text: "Waiting for the film  ·  2 peers  ·  120 kB/s  ·  goes on in about 9 s".into(),
            permille,
        })),
        ..playing()
    }
}

pub fn playing_too_slow() -> PlayingView {
    PlayingView {
        buffering: Some(Box::new(BufferingView {
            text: "This connection is too slow for this film  ·  2 peers  ·  300 kB/s  ·  goes on \
                   in about 23 s"
                .into(),
            permille: Some(240),
        })),
        ..playing_controls()
    }
}
