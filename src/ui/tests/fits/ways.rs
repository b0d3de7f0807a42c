//! The ways through all screens on which every sentence is said.

use app::{DriveWish, Language, Preferences, TvSettings, UpdateSettings};

use crate::story::PLAY;

pub(crate) fn preferences(language: Language, large_text: bool) -> Preferences {
    Preferences {
        prefetch: false,
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            channels: vec!["stable".into(), "beta".into()],
            channel: Some("stable".into()),
            turn_permille: 500,
        }),
        tv: Some(TvSettings::default()),
        ends: true,
        overscan: Some(0),
        speech: true,
        drives: Some(DriveWish::Auto),
        remotes: true,
        phones: true,
        network: true,
        clock: true,
        languages: true,
        language: Some(language),
        large_text,
        ..Preferences::default()
    }
}

/// The places above the wall, from the first: Search, Add-ons, Settings, Power.
fn door(number: usize) -> String {
    format!("up\n{}ok\n", "right\n".repeat(number))
}

/// Each of five settings, turned through its values.
fn choices() -> String {
    "ok\nok\nok\ndown\n".repeat(5)
}

/// Arrows go as one reads: the scripts are written from left to right.
pub(crate) fn as_read(line: &str, language: Language) -> &str {
    match line.trim() {
        "left" if language.is_rtl() => "right",
        "right" if language.is_rtl() => "left",
        _ => line,
    }
}

/// A PIN that is chosen, first with a slip.
const PIN_TWICE: &str = "1\n2\n3\n4\n1\n2\n3\n5\n1\n2\n3\n4\n1\n2\n3\n4\nanswer\n";

/// The lines of the settings, from the first: languages, the time zone, network, phones, the
/// remote, drives, rows, profiles, films, sharing, sound, the screen, reading aloud, the TV,
/// updates, backups, checks, privacy, about the box, the first steps.
fn setting(number: usize) -> String {
    format!("{}{}ok\n", door(2), "down\n".repeat(number))
}

/// By a phone, one after another.
fn typed(texts: &[&str]) -> String {
    let line = |text: &&str| format!("typed {text}\n play\n ");
    texts.iter().map(line).collect()
}

#[allow(clippy::too_many_lines, reason = "a list of scripts")]
pub(crate) fn scripts() -> Vec<(&'static str, String)> {
    let refused = [
        "unreachable",
        "not signed",
        "broken",
        "too new",
        "other channel",
        "older",
        "other board",
        "needs first",
        "wrong size",
        "swapped",
        "for other",
        "refused",
        "no installer",
        "no restart",
    ];
    let refused: String = refused
        .map(|why| format!("refused-update {why}\n"))
        .concat();
    let failed = ["failed", "off", "no interface", "no proxy", "unplugged"];
    let failed = failed
        .map(|why| format!("ok\n torrent {why}\n right\n right\n back\n"))
        .concat();
    vec![
        (
            "wall",
            "up\n drives stick=8:30 disk\n right\n refused\n not-ended\n not added".into(),
        ),
        (
            "search",
            format!(
                "{}look-for a\n look-for an\n found 1 of 2: ant fox\n found 2 of 2: bee\n yellow\n \
                 ok\n right\n ok\n right\n ok\n right\n ok\n right\n ok\n ok\n ok\n look-for zzz\n \
                 found 2 of 2:",
                door(0)
            ),
        ),
        (
            "add-ons",
            format!(
                "add-ons one -two three* four!\n {}ok\n back\n down\n ok\n back\n down\n ok\n \
                 down\n down\n down\n down\n down\n ok\n back\n ok\n ok\n listed 1 of 1: four\n \
                 ok\n ok\n not set-up\n back\n back\n down\n down\n ok\n not added",
                door(1)
            ),
        ),
        (
            "remote",
            format!(
                "{}heard 1\n heard 2\n heard 2\n heard 7 up\n {}",
                setting(4),
                "+10000ms\n".repeat(14)
            ),
        ),
        (
            "phone",
            format!(
                "{}ok\n phones on\n phones code 123456\n phones on ANN BOB\n ok\n down\n down\n \
                 ok\n phones paired ANN\n phones failed no network",
                setting(3)
            ),
        ),
        (
            "own network",
            format!(
                "network radio=down opens attic:3\n {}ok\n own-opened\n down\n +600000ms\n ok\n \
                 +40000ms\n ok\n own-ended it is busy\n ok\n own-opened\n own-chosen attic horse\n \
                 not-let-in wrong\n down\n ok",
                setting(2)
            ),
        ),
        (
            "addresses",
            format!(
                "network cable=up radio=down gives\n {}down\n down\n ok\n {}{} typed 1\n play\n \
                 back\n down\n typed 0\n play\n back\n up\n {} down\n down\n {} down\n down\n \
                 down\n ok\n network at=192.168.1.20 radio=down fixed=192.168.1.20\n knocked no\n \
                 down\n ok\n {} ok\n delete\n 1\n play\n {} ok\n \
                 network cable=wait radio=down fixed=192.168.1.21\n home\n +30000ms",
                setting(1),
                "down\n".repeat(6),
                "up\n".repeat(5),
                typed(&[
                    "192.168.1.255",
                    "192.168.1.0",
                    "127.0.0.1",
                    "224.0.0.1",
                    "169.254.0.1",
                    "0.0.0.1",
                    "192.168.1.20"
                ]),
                typed(&["192.168.2.1", "192.168.1.20", "", "192.168.1.1"]),
                "up\n".repeat(5),
                "down\n".repeat(5)
            ),
        ),
        (
            "updates",
            format!(
                "{}down\n offered 1.4.0 expired\n fetching 420 61\n installed\n stands updated\n \
                 nothing-new\n down\n down\n ok\n stands never up\n stands not stable\n \
                 stands sent back\n {refused}",
                setting(14)
            ),
        ),
        (
            "power",
            format!(
                "{}down\n right\n right\n down\n down\n ok\n down\n ok\n down\n ok",
                door(3)
            ),
        ),
        (
            "drives",
            format!(
                "drives stick=8:30 disk\n {}down\n ok\n down\n ok\n adopting 2\n adopted gone\n \
                 drives stick=1:1\n drives",
                setting(5)
            ),
        ),
        (
            "profiles",
            format!(
                "{}down\n ok\n ok\n back\n down\n{}down\n ok\n{PIN_TWICE}down\n down\n{}down\n \
                 ok\n down\n ok\n back\n back\n back\n right\n right\n ok\n right\n ok\n{}",
                setting(7),
                "ok\n".repeat(7),
                "ok\n".repeat(4),
                "9\n 9\n 9\n 9\n answer\n".repeat(5)
            ),
        ),
        (
            "time zone",
            format!(
                "{}zones Europe/Vienna\n{}ok\n back\n{}ok\n{}",
                setting(1),
                "up\n".repeat(70),
                "down\n".repeat(64),
                "down\n".repeat(32)
            ),
        ),
        ("language", format!("{}{}", setting(0), "down\n".repeat(18))),
        (
            "settings",
            format!(
                "phones on ANN BOB\n drives stick=8:30\n {}{}",
                door(2),
                "down\n".repeat(19)
            ),
        ),
        (
            "first start",
            format!("{}{}", setting(19), "down\n".repeat(8)),
        ),
        ("films", format!("{}{}", setting(8), choices())),
        ("rows", format!("rows\n {}ok\n down\n right", setting(6))),
        (
            "sharing",
            format!("{}{}", setting(9), "ok\n right\n left\n down\n".repeat(10)),
        ),
        ("voice", format!("{}{}", setting(12), choices())),
        (
            "backup",
            format!(
                "{}phones on\n back\n brings 128\n down\n down\n ok\n ok",
                setting(15)
            ),
        ),
        ("sound", format!("{}{}", setting(10), choices())),
        ("screen", format!("{}{}", setting(11), choices())),
        ("tv", format!("{}{}", setting(13), choices())),
        (
            "checks",
            format!(
                "network radio=up in=attic attic*:3\n {}{}",
                setting(16),
                "down\n".repeat(4)
            ),
        ),
        (
            "privacy",
            format!(
                "add-ons one two three four\n {}{}",
                setting(17),
                "down\n".repeat(4)
            ),
        ),
        ("about", format!("{}{}", setting(18), "down\n".repeat(4))),
        (
            "film",
            "right\n ok\n right\n ok\n down\n back\n film ant 42%".into(),
        ),
        (
            "trouble",
            format!("ok\n{failed}ok\n torrent ready\n no decoder"),
        ),
        (
            "opening",
            "ok\n ok\n +60000ms\n torrent ready\n progress peers=1 metadata\n \
             progress peers=3 rate=60k capacity=60k have=0-1\n +5000ms\n \
             progress peers=3 rate=900k have=0-1"
                .into(),
        ),
        (
            "playing",
            format!(
                "{PLAY}\n ok\n down\n right\n ok\n back\n right\n ok\n down\n ok\n ok\n down\n \
                 right\n back\n right\n ok\n{}back\n back\n at 20\n \
                 progress peers=2 rate=90k capacity=90k have=0-10\n at 40\n mute\n mute\n \
                 progress have=0-10",
                " right\n down\n".repeat(8)
            ),
        ),
        (
            "fitting",
            format!("{PLAY}\n fitted 2300\n fitted 2300+42708\n fitted too little"),
        ),
        (
            "series",
            "row\n down\n right\n ok\n unknown owl\n described owl\n up\n right\n down\n ok".into(),
        ),
        (
            "described",
            "row\n down\n ok\n described fox\n offers 1 of 2: fox-0\n offers 2 of 2:".into(),
        ),
    ]
}
