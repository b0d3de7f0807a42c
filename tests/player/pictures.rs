//! Subtitles that are pictures, of Blu-ray and of DVD: what is to be laid over the film is what
//! ffmpeg lays over it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use app::{Lines, PlayerNews, TextPicture};

use super::ms;
use super::stage::{Memory, Stage};

/// A DVD's screen, for both kinds.
const SCREEN: (usize, usize) = (720, 576);

/// Where the picture lies: x, y, width, height.
const PLACE: (usize, usize, usize, usize) = (200, 480, 310, 81);

/// Luma, redness, blueness, alpha, by index.
const PALETTE: [[u8; 4]; 4] = [
    [16, 128, 128, 0],
    [235, 128, 128, 255],
    [81, 240, 90, 255],
    [41, 110, 240, 128],
];

/// Index of a pixel: blocks, lines of one pixel, and a wide space.
fn index(x: usize, y: usize) -> u8 {
    match (x, y) {
        (250.., _) => 0,
        (_, 70..) => (x % 2 + 1) as u8,
        _ => ((x / 17 + y / 9) % 4) as u8,
    }
}

/// A Blu-ray's subtitles as a file: one picture from 1 s to 4 s.
fn sup() -> Vec<u8> {
    let (x, y, width, height) = PLACE;
    let word = |it: usize| (it as u16).to_be_bytes();
    let compose = |number: usize, state: u8, objects: &[u8]| {
        let mut bytes = [word(SCREEN.0), word(SCREEN.1)].concat();
        bytes.push(0x10);
        bytes.extend(word(number));
        bytes.extend([state, 0, 0]);
        bytes.extend(objects);
        bytes
    };
    let window = [&[1, 0][..], &word(x), &word(y), &word(width), &word(height)].concat();
    let shown = [&[1, 0, 0, 0, 0][..], &word(x), &word(y)].concat();
    let mut palette = vec![0, 0];
    for (at, [luma, red, blue, alpha]) in PALETTE.into_iter().enumerate() {
        palette.extend([at as u8, luma, red, blue, alpha]);
    }
    let packed = pack(width, height);
    let mut object = vec![0, 0, 0, 0xc0];
    object.extend(&((packed.len() + 4) as u32).to_be_bytes()[1..]);
    object.extend([word(width), word(height)].concat());
    object.extend(packed);
    let segments = [
        // ffmpeg has a file begin with its first packet.
        (0, 0x16, compose(0, 0, &[0])),
        (0, 0x80, Vec::new()),
        (1_000, 0x16, compose(1, 0x80, &shown)),
        (1_000, 0x17, window.clone()),
        (1_000, 0x14, palette),
        (1_000, 0x15, object),
        (1_000, 0x80, Vec::new()),
        (4_000, 0x16, compose(2, 0, &[0])),
        (4_000, 0x17, window),
        (4_000, 0x80, Vec::new()),
    ];
    let mut sup = Vec::new();
    for (at_ms, kind, payload) in segments {
        sup.extend(b"PG");
        sup.extend((90 * at_ms as u32).to_be_bytes());
        sup.extend([0; 4]);
        sup.push(kind);
        sup.extend(word(payload.len()));
        sup.extend(payload);
    }
    sup
}

fn pack(width: usize, height: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    for y in 0..height {
        let mut x = 0;
        while x < width {
            let colour = index(x, y);
            let run = (x..width).take_while(|x| index(*x, y) == colour).count();
            let long = [(run >> 8) as u8, run as u8];
            match (run, colour) {
                (1, 1..) => packed.push(colour),
                (..0x40, 0) => packed.extend([0, run as u8]),
                (_, 0) => packed.extend([0, 0x40 | long[0], long[1]]),
                (..0x40, _) => packed.extend([0, 0x80 | run as u8, colour]),
                _ => packed.extend([0, 0xc0 | long[0], long[1], colour]),
            }
            x += run;
        }
        packed.extend([0, 0]);
    }
    packed
}

fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y"])
        .args(arguments)
        .output()
        .expect("ffmpeg is there: image/host-packages test");
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

/// A film with these subtitles, copied or made into those of a DVD.
fn film(folder: &Path, codec: &str) -> String {
    let (sup_path, film) = (folder.join("texts.sup"), folder.join("film.mkv"));
    std::fs::write(&sup_path, sup()).unwrap();
    let (sup_path, film) = (sup_path.to_str().unwrap(), film.to_str().unwrap());
    let grey = "color=c=gray:size=320x180:rate=25:duration=8";
    ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        grey,
        "-i",
        sup_path,
        "-map",
        "0",
        "-map",
        "1",
        "-c:v",
        "libvpx",
        "-g",
        "10",
        "-deadline",
        "realtime",
        "-c:s",
        codec,
        film,
    ]);
    film.to_owned()
}

/// The screen as ffmpeg shows it over black at 2 s: red, green, blue.
fn reference(film: &str) -> Vec<u8> {
    let (width, height) = SCREEN;
    let filter = format!(
        "color=black:s={width}x{height}:d=8,format=gbrp[b];\
         [b][0:s:0]overlay=format=gbrp,format=rgb24"
    );
    ffmpeg(&[
        "-i",
        film,
        "-filter_complex",
        &filter,
        "-ss",
        "2",
        "-frames:v",
        "1",
        "-f",
        "rawvideo",
        "-",
    ])
}

/// The same of what the player says.
fn laid(pictures: &[TextPicture]) -> Vec<u8> {
    let mut screen = vec![0; SCREEN.0 * SCREEN.1 * 3];
    for picture in pictures {
        let width = usize::from(picture.width);
        for (at, pixel) in picture.rgba.chunks(4).enumerate() {
            let x = usize::from(picture.x) + at % width;
            let y = usize::from(picture.y) + at / width;
            let to = 3 * (y * SCREEN.0 + x);
            for colour in 0..3 {
                let value = u32::from(pixel[colour]) * u32::from(pixel[3]) / 255;
                screen[to + colour] = value as u8;
            }
        }
    }
    screen
}

fn is_shown_as_by_ffmpeg(codec: &str, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = film(folder.path(), codec);
    let mut stage = Stage::new();
    let film = Memory::new("film.mkv", std::fs::read(&path).unwrap().into());
    let session = stage.open_with(Arc::new(film), Vec::new(), ms(0));
    let tracks = stage.ready().tracks.subtitles;
    assert_eq!(tracks.len(), 1);
    assert_eq!(tracks[0].codec.as_deref(), Some(name));
    stage.player.select_subtitle(session, Some(tracks[0].id));
    stage.player.set_paused(session, false);
    let (pictures, came) = stage.wait_with("the picture", |news, seen| match news {
        PlayerNews::Subtitle(lines) if !lines.pictures.is_empty() => {
            Some((lines.pictures.clone(), seen.unwrap().position))
        }
        _ => None,
    });
    assert!(came >= ms(1_000) && came <= ms(1_100), "{came:?}");
    let screen = (SCREEN.0 as u16, SCREEN.1 as u16);
    assert!(
        pictures.iter().all(|it| it.screen == screen),
        "{pictures:?}"
    );
    let (ours, theirs) = (laid(&pictures), reference(&path));
    assert_eq!(ours.len(), theirs.len());
    let apart = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b));
    let most = apart.max().unwrap();
    assert!(ours.iter().any(|it| *it > 200), "something is to be seen");
    assert!(most <= 6, "{most} of 255 apart");
    if codec == "dvdsub" {
        // ffmpeg writes no end of those.
        return;
    }
    let gone = stage.wait_with("its end", |news, seen| match news {
        PlayerNews::Subtitle(lines) => (*lines == Lines::default()).then(|| seen.unwrap().position),
        _ => None,
    });
    assert!(gone >= ms(3_950) && gone <= ms(4_100), "{gone:?}");
}

#[test]
fn a_blu_ray_s_subtitles_are_shown() {
    is_shown_as_by_ffmpeg("copy", "Blu-ray");
}

#[test]
fn a_dvd_s_subtitles_are_shown() {
    is_shown_as_by_ffmpeg("dvdsub", "DVD");
}
