//! Subtitles are laid on the sound of a film that speaks, as far as it is here.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use app::{FitFailure, PlayerNews, TextTiming};
use bytes::Bytes;
use matinee::player::TextFile;
use matinee::texts::Beside;
use media::Source as _;

use super::stage::{Memory, Stage};
use super::{mkv, ms};

/// Samples a second that espeak-ng gives.
const RATE: usize = 22_050;
const SECS: usize = 8 * 60;

const SENTENCES: [&str; 6] = [
    "Nobody has seen the lighthouse keeper since the storm.",
    "Why?",
    "Take the small boat, and be back before the tide turns.",
    "I told you that it would rain.",
    "Then we shall have to climb down to the beach, all of us, tonight.",
    "Not now.",
];

const VOICES: [&[&str]; 2] = [&["-v", "en-us"], &["-v", "en-gb+f3", "-s", "180"]];

/// A film of eight minutes in which people speak, and what they say when, in seconds.
struct Spoken {
    film: Bytes,
    lines: Vec<(f64, f64, &'static str)>,
}

fn spoken() -> &'static Spoken {
    static FILM: OnceLock<Spoken> = OnceLock::new();
    FILM.get_or_init(|| {
        let said: Vec<Vec<(&str, Vec<u8>)>> = VOICES
            .iter()
            .map(|voice| SENTENCES.iter().map(|it| (*it, say(it, voice))).collect())
            .collect();
        let (mut sound, mut lines, mut dice) = (Vec::new(), Vec::new(), 7_u64);
        let mut throw = |sides: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (dice >> 33) % sides
        };
        loop {
            let pause = throw(9_000) as usize * RATE / 1000;
            sound.resize(sound.len() + 2 * pause, 0);
            let (text, voice) = &said[throw(2) as usize][throw(6) as usize];
            let start = sound.len() / 2;
            sound.extend_from_slice(voice);
            let secs = |samples: usize| samples as f64 / RATE as f64;
            if sound.len() / 2 > SECS * RATE {
                break;
            }
            lines.push((secs(start), secs(sound.len() / 2), *text));
        }
        sound.truncate(2 * SECS * RATE);
        Spoken {
            film: film(&sound, SECS),
            lines,
        }
    })
}

/// Mono samples of 16 bits.
fn say(sentence: &str, voice: &[&str]) -> Vec<u8> {
    let said = Command::new("espeak-ng")
        .args(voice)
        .args(["--stdout", sentence])
        .output();
    let wave = said
        .expect("espeak-ng is there: image/host-packages test")
        .stdout;
    let data = wave.windows(4).position(|mark| mark == b"data").unwrap() + 8;
    wave[data..].to_vec()
}

/// Grey pictures, five a second, and this sound.
fn film(sound: &[u8], secs: usize) -> Bytes {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mkv");
    let picture = format!("color=c=gray:size=320x180:rate=5:duration={secs}");
    let rate = RATE.to_string();
    let mut ffmpeg = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "lavfi", "-i", &picture])
        .args(["-f", "s16le", "-ar", &rate, "-ac", "1", "-i", "pipe:0"])
        .args(["-c:v", "libvpx", "-g", "10", "-deadline", "realtime"])
        .args(["-c:a", "pcm_s16le", "-shortest"])
        .arg(&path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("ffmpeg is there: image/host-packages test");
    ffmpeg.stdin.take().unwrap().write_all(sound).unwrap();
    assert!(ffmpeg.wait().unwrap().success());
    std::fs::read(path).unwrap().into()
}

/// A file of what is said, at other times: those of the film are these times `scale` and `later`.
fn texts(scale: f64, later: f64) -> TextFile {
    let mut srt = String::new();
    let clock = |secs: f64| {
        let millis = (((secs - later) / scale).max(0.0) * 1000.0) as u64;
        let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
        let (seconds, millis) = (millis / 1000 % 60, millis % 1000);
        format!("{hours:02}:{minutes:02}:{seconds:02},{millis:03}")
    };
    for (nth, (start, end, text)) in spoken().lines.iter().enumerate() {
        let (start, end) = (clock(*start), clock(*end));
        writeln!(srt, "{}\n{start} --> {end}\n{text}\n", nth + 1).unwrap();
    }
    TextFile {
        language: Some("en".into()),
        from: None,
        text: Arc::new(Beside(Arc::new(Memory::new("film.en.srt", srt.into())))),
    }
}

/// What is heard of these texts with the film at `at`, of which a part may not be here.
fn fitted(
    texts: Vec<TextFile>,
    at: Duration,
    missing: std::ops::Range<f64>,
) -> Result<[Option<TextTiming>; 2], FitFailure> {
    let film = Memory::new("film.mkv", spoken().film.clone());
    let byte = |part: f64| (film.size() as f64 * part) as u64;
    let hole = byte(missing.start)..byte(missing.end);
    let film = film.hole(hole);
    let mut stage = Stage::new();
    let session = stage.open_with(Arc::new(film), texts, at);
    let tracks = stage.ready().tracks.subtitles;
    stage.player.select_subtitle(session, Some(tracks[0].id));
    if let Some(second) = tracks.get(1) {
        stage.player.select_second(session, Some(second.id));
    }
    // A file is read as soon as it is chosen; until then there is nothing to fit.
    loop {
        stage.player.fit_subtitles(session);
        let fits = stage.wait("a fit", |news| match news {
            PlayerNews::Fitted(fits) => Some(*fits),
            _ => None,
        });
        if fits != Err(FitFailure::NoText) {
            return fits;
        }
    }
}

#[track_caller]
fn assert_lies(found: Option<TextTiming>, offset_ms: i64, stretch_ppm: i32) {
    let found = found.expect("a place");
    assert!(found.offset_ms.abs_diff(offset_ms) < 200, "{found:?}");
    assert!(found.stretch_ppm.abs_diff(stretch_ppm) < 10, "{found:?}");
}

#[test]
fn texts_are_laid_where_people_speak() {
    let pal = 25.0 / (24_000.0 / 1001.0);
    let both = vec![texts(1.0, 7.3), texts(pal, -4.0)];
    let [first, second] = fitted(both, ms(200_000), 0.0..0.0).unwrap();
    assert_lies(first, 7_300, 0);
    assert_lies(second, -4_000, 42_708);
}

#[test]
fn what_is_not_here_is_not_waited_for() {
    // The film plays behind what is missing: its start is here, and what comes next is not.
    let fits = fitted(vec![texts(1.0, -31.0)], ms(300_000), 0.9..0.97);
    assert_lies(fits.unwrap()[0], -31_000, 0);
    let fits = fitted(vec![texts(1.0, 3.0)], Duration::ZERO, 0.1..0.97);
    assert_eq!(fits, Err(FitFailure::TooLittleHere));
}

#[test]
fn texts_of_another_film_are_not_laid_anywhere() {
    let mut other = String::new();
    for nth in 1..90_u64 {
        let start = nth * 5 + nth * nth % 4;
        let (minutes, seconds) = (start / 60, start % 60);
        let clock = format!("00:{minutes:02}:{seconds:02}");
        writeln!(
            other,
            "{nth}\n{clock},000 --> {clock},900\nSomething else\n"
        )
        .unwrap();
    }
    let other = Beside(Arc::new(Memory::new("other.srt", other.into())));
    let text = TextFile {
        language: None,
        from: None,
        text: Arc::new(other),
    };
    let fits = fitted(vec![text], Duration::ZERO, 0.0..0.0);
    assert_eq!(fits, Err(FitFailure::NotSure));
}

#[test]
fn texts_of_the_film_itself_are_left_alone() {
    let mut stage = Stage::new();
    let session = stage.open(mkv(), Duration::ZERO);
    let text = stage.ready().tracks.subtitles[0].id;
    stage.player.select_subtitle(session, Some(text));
    stage.player.fit_subtitles(session);
    let fits = stage.wait("why not", |news| match news {
        PlayerNews::Fitted(fits) => Some(*fits),
        _ => None,
    });
    assert_eq!(fits, Err(FitFailure::OfTheFilm));
}

#[test]
fn texts_that_outlast_the_film_are_timed_for_another_rate() {
    // The film has a minute; this was made for 23.976 pictures a second, and the film has 25.
    let slow = "1\n00:00:20,000 --> 00:00:21,000\nearly\n\n\
                2\n00:01:02,000 --> 00:01:02,500\nthe end\n";
    let beside = TextFile {
        language: Some("fr".into()),
        from: None,
        text: Arc::new(Beside(Arc::new(Memory::new("film.srt", slow.into())))),
    };
    let mut stage = Stage::new();
    let film = Memory::new("film.mkv", film(&vec![0; 2 * 60 * RATE], 60));
    let session = stage.open_with(Arc::new(film), vec![beside], ms(18_900));
    let tracks = stage.ready().tracks.subtitles;
    let text = tracks.last().unwrap().id;
    stage.player.select_subtitle(session, Some(text));
    stage.player.set_paused(session, false);
    let at = stage.wait_with("the text", |news, seen| match news {
        PlayerNews::Subtitle(lines) => lines.first.as_ref().map(|_| seen.unwrap().position),
        _ => None,
    });
    // 20 s of cinema are 19.18 s of television.
    assert!(at >= ms(19_170) && at <= ms(19_500), "{at:?}");
}
