//! Wishes, limits, and what becomes of posters that cannot be had.

use std::io::Cursor;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::*;

const WIDTH: u32 = 30;
const HEIGHT: u32 = 45;

fn wish(name: &str, poster: Option<&str>) -> Wish {
    Wish {
        subject: Subject::Card(FilmId(name.into()), poster.map(|at| Poster(at.into()))),
        colours: [0x00b8_5c38, 0x003d_1f1a],
        width: WIDTH,
        height: HEIGHT,
    }
}

/// Pictures with a loader that is held up by the test, and the wakes.
fn pictures(load: PosterLoader) -> (Pictures, Receiver<()>) {
    let (sender, woken) = sync_channel(256);
    let wake = move || sender.try_send(()).unwrap();
    (Pictures::new(load, Arc::new(wake)).unwrap(), woken)
}

fn settle(pictures: &mut Pictures, woken: &Receiver<()>) {
    while !pictures.settled() {
        if !pictures.waiting() {
            woken.recv_timeout(Duration::from_mins(1)).unwrap();
        }
        let now = pictures.now;
        pictures.collect(now);
    }
}

fn encoded(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([200, 40, 90]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn jpeg_png_and_webp_are_scaled_and_cropped() {
    use image::ImageFormat::{Jpeg, Png, WebP};
    for format in [Jpeg, Png, WebP] {
        for (width, height) in [(600, 900), (900, 600), (3, 2), (30, 45)] {
            let rgb = make::decoded(&encoded(width, height, format), WIDTH, HEIGHT).unwrap();
            assert_eq!(rgb.len(), (WIDTH * HEIGHT * 3) as usize);
            let near = |at: usize, want: u8| rgb[at].abs_diff(want) < 6;
            assert!(
                near(0, 200) && near(1, 40) && near(2, 90),
                "{:?}",
                &rgb[..3]
            );
        }
    }
}

#[test]
fn bombs_and_rubbish_are_refused() {
    let refused = |bytes: &[u8]| make::decoded(bytes, WIDTH, HEIGHT).is_err();
    // A PNG head that claims 60000 x 60000.
    let mut bomb = encoded(8, 8, image::ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert!(refused(&bomb));
    // Sides allowed, memory not: 5900 x 5900 in RGB is 104 MB.
    bomb[16..24].copy_from_slice(&[0, 0, 0x17, 0x0c, 0, 0, 0x17, 0x0c]);
    assert!(refused(&bomb));
    assert!(refused(&[]));
    assert!(refused(b"<html>not found</html>"));
    let whole = encoded(64, 96, image::ImageFormat::Png);
    assert!(refused(&whole[..whole.len() / 2]));
    assert!(refused(&vec![0; (16 << 20) + 1]));
}

#[test]
fn a_poster_that_cannot_be_had_is_drawn_and_tried_again() {
    let there = Arc::new(Mutex::new(false));
    let load: PosterLoader = {
        let there = Arc::clone(&there);
        Arc::new(move |_| {
            there
                .lock()
                .unwrap()
                .then(|| encoded(60, 90, image::ImageFormat::Png))
        })
    };
    let (mut pictures, woken) = pictures(load);
    let wish = wish("a", Some("far"));
    pictures.wish([wish.clone()]);
    settle(&mut pictures, &woken);
    assert!(pictures.get(&wish).unwrap().drawn);

    *there.lock().unwrap() = true;
    pictures.wish([wish.clone()]);
    assert!(pictures.settled(), "too early for another try");
    pictures.collect(RETRY);
    pictures.wish([wish.clone()]);
    settle(&mut pictures, &woken);
    assert!(!pictures.get(&wish).unwrap().drawn);
}

#[test]
fn nearest_first_and_only_what_is_still_wished_for() {
    // Both makers are held at the gate with the first two wishes.
    let (open, gate): (SyncSender<()>, Receiver<()>) = sync_channel(64);
    let gate = Mutex::new(gate);
    let (asked, asks) = sync_channel(64);
    let load: PosterLoader = Arc::new(move |poster: &Poster| {
        asked.send(poster.0.to_string()).unwrap();
        gate.lock().unwrap().recv().unwrap();
        None
    });
    let (mut pictures, woken) = pictures(load);
    let wishes =
        |names: &[&str]| -> Vec<Wish> { names.iter().map(|name| wish(name, Some(name))).collect() };
    pictures.wish(wishes(&["1", "2", "never", "never either"]));
    let mut begun: Vec<String> = (0..2).map(|_| asks.recv().unwrap()).collect();
    begun.sort();
    assert_eq!(begun, ["1", "2"]);
    pictures.wish(wishes(&["3", "1", "4"]));
    open.send(()).unwrap();
    assert_eq!(asks.recv().unwrap(), "3");
    open.send(()).unwrap();
    assert_eq!(asks.recv().unwrap(), "4");
    open.send(()).unwrap();
    open.send(()).unwrap();
    settle(&mut pictures, &woken);
    assert!(asks.try_recv().is_err(), "no picture is made twice");
}

#[test]
fn what_is_held_stays_within_its_bound() {
    let (mut pictures, woken) = pictures(Arc::new(|_| None));
    let large = |number: usize| Wish {
        width: 1500,
        height: 2250,
        ..wish(&number.to_string(), None)
    };
    for number in 0..8 {
        pictures.wish([large(number)]);
        settle(&mut pictures, &woken);
        // The first is looked at all the time.
        assert!(pictures.get(&large(0)).is_some());
        let sum: usize = pictures.held.values().map(|held| held.bytes).sum();
        assert_eq!(sum, pictures.bytes);
        assert!(sum <= HELD_BYTES_MAX);
    }
    assert!(pictures.get(&large(7)).is_some());
    assert!(pictures.get(&large(1)).is_none(), "the longest unused goes");
}

#[test]
fn a_drawn_poster_is_always_the_same_and_films_differ() {
    let one = draw::poster(&wish("sintel", None));
    assert_eq!(one, draw::poster(&wish("sintel", None)));
    assert_ne!(one, draw::poster(&wish("bunny", None)));
}
