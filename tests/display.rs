//! The screen against a slow and obvious painter: every pixel in floating point, from the frame's
//! planes and the whole UI. What the presenters do by damage, with SIMD and kept pictures must
//! look the same.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use matinee::display::{
    Choice, Compositor, Headless, Next, Presented, Presenter, Rect, Scene, Settings, letterbox,
    open,
};
use media::{ColourMatrix, PixelFormat, Planes, VideoFrame};
use proptest::prelude::*;

/// A picture in plain memory.
struct Memory {
    planes: Vec<(Vec<u8>, usize)>,
}

impl Planes for Memory {
    fn plane(&self, index: usize) -> &[u8] {
        &self.planes[index].0
    }
    fn stride(&self, index: usize) -> usize {
        self.planes[index].1
    }
}

/// Cheap noise, the same every time.
fn noise(seed: u32) -> impl FnMut() -> u8 {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 11) as u8
    }
}

/// A frame of noise in both formats, its rows `pad` samples longer than they need be.
fn frames(width: u32, height: u32, pad: usize, seed: u32) -> (VideoFrame, VideoFrame) {
    let mut noise = noise(seed);
    let (wide, high) = (width as usize, height as usize);
    let (half, low) = (wide.div_ceil(2), high.div_ceil(2));
    // Nothing blacker than black: converters differ in what they make of luma below 16.
    let luma = (0..(wide + pad) * high).map(|_| noise().max(16));
    let luma: Vec<u8> = luma.collect();
    let mut chroma = || -> Vec<u8> { (0..(half + pad) * low).map(|_| noise()).collect() };
    let (blue, red) = (chroma(), chroma());
    let mut both = Vec::new();
    for row in 0..low {
        for column in 0..half + pad {
            both.push(blue[row * (half + pad) + column]);
            both.push(red[row * (half + pad) + column]);
        }
    }
    let frame = |format, planes| VideoFrame {
        format,
        width,
        height,
        pixel_aspect: (1, 1),
        matrix: ColourMatrix::Bt709,
        full_range: false,
        position: Duration::ZERO,
        rate: None,
        planes: Arc::new(Memory { planes }),
    };
    let (across, halved) = (wide + pad, half + pad);
    let planar = vec![(luma.clone(), across), (blue, halved), (red, halved)];
    let paired = vec![(luma, across), (both, halved * 2)];
    (
        frame(PixelFormat::I420, planar),
        frame(PixelFormat::Nv12, paired),
    )
}

/// Red, green, blue of one pixel of a frame (ITU-R BT.601, BT.709, BT.2020), unscaled.
fn decoded(frame: &VideoFrame, x: u32, y: u32) -> [f32; 3] {
    let at = |index: usize, x: usize, y: usize| {
        f32::from(frame.planes.plane(index)[y * frame.planes.stride(index) + x])
    };
    let (x, y) = (x as usize, y as usize);
    let luma = at(0, x, y);
    let (blue, red) = match frame.format {
        PixelFormat::I420 => (at(1, x / 2, y / 2), at(2, x / 2, y / 2)),
        PixelFormat::Nv12 => (at(1, x / 2 * 2, y / 2), at(1, x / 2 * 2 + 1, y / 2)),
    };
    let (kr, kb) = match frame.matrix {
        ColourMatrix::Bt601 => (0.299, 0.114),
        ColourMatrix::Bt709 => (0.2126, 0.0722),
        ColourMatrix::Bt2020 => (0.2627, 0.0593),
    };
    let (luma, blue, red) = if frame.full_range {
        (luma, blue - 128.0, red - 128.0)
    } else {
        let chroma = 255.0 / 224.0;
        (
            (luma - 16.0) * 255.0 / 219.0,
            (blue - 128.0) * chroma,
            (red - 128.0) * chroma,
        )
    };
    let red = luma + 2.0 * (1.0 - kr) * red;
    let blue = luma + 2.0 * (1.0 - kb) * blue;
    let green = (luma - kr * red - kb * blue) / (1.0 - kr - kb);
    [red, green, blue].map(|part| part.clamp(0.0, 255.0))
}

fn parts(pixel: u32) -> [f32; 3] {
    [16, 8, 0].map(|shift| ((pixel >> shift) & 0xff) as f32)
}

/// One pixel of the screen; only for frames shown at their own size.
fn painted(
    frame: Option<&VideoFrame>,
    ui: u32,
    seen: bool,
    place: Rect,
    x: u32,
    y: u32,
) -> [f32; 3] {
    let inside = place.contains(&Rect::new(x, y, 1, 1));
    let below = match frame {
        Some(frame) if inside => decoded(frame, x - place.x, y - place.y),
        _ => [0.0; 3],
    };
    if !seen {
        return below;
    }
    let clear = 1.0 - (ui >> 24) as f32 / 255.0;
    let over = parts(ui);
    [0, 1, 2].map(|part| over[part] + below[part] * clear)
}

fn assert_near(got: u32, want: [f32; 3], slack: f32, place: &str) {
    for (got, want) in parts(got).into_iter().zip(want) {
        assert!((got - want).abs() <= slack, "{place}: {got} is not {want}");
    }
}

#[test]
fn a_frame_at_its_own_size_is_decoded_as_the_standards_say() {
    for matrix in [
        ColourMatrix::Bt601,
        ColourMatrix::Bt709,
        ColourMatrix::Bt2020,
    ] {
        for full_range in [false, true] {
            for (width, height) in [(64, 48), (31, 17), (1, 1), (33, 2)] {
                let (planar, paired) = frames(width, height, 5, width + height);
                for mut frame in [planar, paired] {
                    (frame.matrix, frame.full_range) = (matrix, full_range);
                    let mut screen = Headless::new(width, height);
                    screen.video(Some(frame.clone()));
                    assert!(matches!(screen.commit(), Presented::At(_)));
                    let shot = screen.snapshot();
                    for (index, pixel) in shot.pixels.iter().enumerate() {
                        let (x, y) = (index as u32 % width, index as u32 / width);
                        let want = decoded(&frame, x, y);
                        // The fast path works with 13 bits of fraction or less.
                        assert_near(*pixel, want, 2.0, &format!("{frame:?} {matrix:?} {x},{y}"));
                        assert_eq!(pixel >> 24, 0);
                    }
                }
            }
        }
    }
}

#[test]
fn both_formats_look_the_same_at_every_size() {
    for (screen, frame) in [
        ((64, 36), (64, 36)),
        ((100, 57), (33, 19)),
        ((40, 40), (101, 51)),
    ] {
        let (planar, paired) = frames(frame.0, frame.1, 3, 9);
        let shots = [planar, paired].map(|frame| {
            let mut presenter = Headless::new(screen.0, screen.1);
            presenter.video(Some(frame));
            presenter.commit();
            presenter.snapshot()
        });
        let place = letterbox(frame, (1, 1), screen);
        for (index, (one, other)) in shots[0].pixels.iter().zip(&shots[1].pixels).enumerate() {
            let (x, y) = (index as u32 % screen.0, index as u32 / screen.0);
            assert_near(*one, parts(*other), 2.0, &format!("{x},{y} of {place:?}"));
        }
    }
}

#[test]
fn a_scaled_picture_keeps_its_colours_and_its_bars_are_black() {
    let (mut frame, _) = frames(320, 136, 0, 1);
    let grey = |length: usize, value: u8| (vec![value; length], 0);
    let mut planes = vec![
        grey(320 * 136, 126),
        grey(160 * 68, 128),
        grey(160 * 68, 128),
    ];
    for (plane, stride) in planes.iter_mut().zip([320, 160, 160]) {
        plane.1 = stride;
    }
    frame.planes = Arc::new(Memory { planes });
    let mut screen = Headless::new(1280, 720);
    screen.video(Some(frame));
    screen.commit();
    let shot = screen.snapshot();
    let place = letterbox((320, 136), (1, 1), (1280, 720));
    assert_eq!(place, Rect::new(0, 88, 1280, 544));
    for (index, pixel) in shot.pixels.iter().enumerate() {
        let y = index as u32 / 1280;
        let want = if (88..632).contains(&y) { 128.0 } else { 0.0 };
        assert_near(*pixel, [want; 3], 2.0, &format!("row {y}"));
    }
}

#[test]
fn a_frame_shorter_than_it_says_is_not_shown_and_harms_nothing() {
    let (mut frame, _) = frames(64, 36, 0, 2);
    frame.height = 40;
    let mut screen = Headless::new(64, 36);
    screen.video(Some(frame.clone()));
    screen.commit();
    assert!(screen.snapshot().pixels.iter().all(|pixel| *pixel == 0));
    (frame.width, frame.height) = (0, 36);
    screen.video(Some(frame));
    screen.commit();
    assert!(screen.snapshot().pixels.iter().all(|pixel| *pixel == 0));
}

#[test]
fn a_commit_without_news_says_so() {
    let mut screen = Headless::new(64, 36);
    assert!(matches!(screen.commit(), Presented::At(_)));
    assert_eq!(screen.commit(), Presented::Nothing);
    screen.ui(&[0xff11_2233; 64 * 36], 64, &[], None);
    assert_eq!(screen.commit(), Presented::Nothing);
    let whole = Rect::new(0, 0, 64, 36);
    screen.ui(&[0xff11_2233; 64 * 36], 64, &[whole], Some(whole));
    assert!(matches!(screen.commit(), Presented::At(_)));
    assert_eq!(screen.snapshot().pixels, vec![0x0011_2233; 64 * 36]);
    let decoded = png::Decoder::new(std::io::Cursor::new(screen.snapshot().png()));
    let mut reader = decoded.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut bytes).unwrap();
    assert_eq!(bytes, screen.snapshot().rgb());
    assert_eq!(bytes[..3], [0x11, 0x22, 0x33]);
}

/// What can happen to a screen.
#[derive(Debug, Clone)]
enum Step {
    /// UI painted in these parts, visible in that one.
    Ui(Vec<(Rect, u32)>, Option<Rect>),
    Video(u32),
    VideoGone,
    Commit,
    Resize(u32, u32),
}

fn rect() -> impl Strategy<Value = Rect> {
    (0..50u32, 0..40u32, 0..30u32, 0..30u32).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h))
}

fn step() -> impl Strategy<Value = Step> {
    let pixel = (0..=255u32, 0..=255u32, 0..=255u32, 0..=255u32).prop_map(|(a, r, g, b)| {
        let [r, g, b] = [r, g, b].map(|part| part * a / 255);
        a << 24 | r << 16 | g << 8 | b
    });
    let pixel = prop_oneof![pixel, Just(0), Just(0xff20_4060)];
    let paint = prop::collection::vec((rect(), pixel), 0..5);
    prop_oneof![
        4 => (paint, prop::option::of(rect())).prop_map(|(paint, seen)| Step::Ui(paint, seen)),
        3 => any::<u32>().prop_map(Step::Video),
        1 => Just(Step::VideoGone),
        4 => Just(Step::Commit),
        1 => (1..60u32, 1..50u32).prop_map(|(w, h)| Step::Resize(w, h)),
    ]
}

/// Plays a story on a compositor whose target lives on, as a window's does, and checks each
/// commit against the painter (where no scaling is in the way) and against composing it all.
fn play(steps: &[Step]) {
    let (mut width, mut height) = (48u32, 36u32);
    let mut compositor = Compositor::new(width, height);
    let mut target = vec![0xdead_beef; 48 * 36];
    let mut ui = vec![0u32; 48 * 36];
    let (mut visible, mut frame) = (None, None);
    for step in steps.iter().chain([&Step::Commit]) {
        match step {
            Step::Ui(paint, seen) => {
                let mut damage = Vec::new();
                for (rect, pixel) in paint {
                    damage.push(*rect);
                    let screen = Rect::new(0, 0, width, height);
                    let Some(rect) = rect.intersect(&screen) else {
                        continue;
                    };
                    for y in rect.y..rect.bottom() {
                        let row = (y * width) as usize;
                        ui[row + rect.x as usize..row + rect.right() as usize].fill(*pixel);
                    }
                }
                visible = *seen;
                compositor.ui(&ui, width, &damage, visible);
            }
            Step::Video(seed) => {
                // Of the screen's size or its half: the painter does not scale.
                let size = if seed % 3 == 0 { (48, 36) } else { (48, 20) };
                let (planar, paired) = frames(size.0, size.1, (seed % 4) as usize, *seed);
                frame = Some(if seed % 2 == 0 { planar } else { paired });
                compositor.video(frame.clone());
            }
            Step::VideoGone => {
                frame = None;
                compositor.video(None);
            }
            Step::Resize(wide, high) => {
                (width, height) = (*wide, *high);
                compositor.resize(width, height);
                ui = vec![0; (width * height) as usize];
                target = vec![0xdead_beef; (width * height) as usize];
                visible = None;
            }
            Step::Commit => {
                let damage = compositor.take_damage();
                compositor.compose(&mut target, damage.rects());
                assert_eq!(target, compositor.snapshot().pixels, "damage is not enough");
                check(&target, &ui, (width, height), visible, frame.as_ref());
            }
        }
    }
}

fn check(
    target: &[u32],
    ui: &[u32],
    (width, height): (u32, u32),
    visible: Option<Rect>,
    frame: Option<&VideoFrame>,
) {
    let place = frame.map_or(Rect::default(), |frame| {
        letterbox((frame.width, frame.height), (1, 1), (width, height))
    });
    if frame.is_some_and(|frame| (frame.width, frame.height) != (place.width, place.height)) {
        return;
    }
    for (index, (pixel, ui)) in target.iter().zip(ui).enumerate() {
        let (x, y) = (index as u32 % width, index as u32 / width);
        let seen = visible.is_some_and(|seen| seen.contains(&Rect::new(x, y, 1, 1)));
        let want = painted(frame, *ui, seen, place, x, y);
        assert_near(*pixel, want, 2.5, &format!("pixel {x},{y}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damage_is_as_good_as_painting_it_all(steps in prop::collection::vec(step(), 1..25)) {
        play(&steps);
    }
}

/// Counts its turns and takes a picture at the end.
struct Clockwork {
    turns: u32,
    begin: Instant,
    done: std::sync::mpsc::Sender<(u32, Duration)>,
}

impl Scene for Clockwork {
    fn turn(&mut self, presenter: &mut dyn Presenter, now: Instant) -> Next {
        let (width, height) = presenter.size();
        let whole = Rect::new(0, 0, width, height);
        let pixels = vec![0xff00_0000 | self.turns; (width * height) as usize];
        presenter.ui(&pixels, width, &[whole], Some(whole));
        assert!(matches!(presenter.commit(), Presented::At(_)));
        self.turns += 1;
        if self.turns == 13 {
            assert!(presenter.snapshot().pixels.iter().all(|pixel| *pixel == 12));
            self.done.send((self.turns, now - self.begin)).unwrap();
            return Next::Quit;
        }
        Next::Frame
    }
    fn resized(&mut self, _: u32, _: u32) {
        unreachable!("a headless screen keeps its size");
    }
    fn key(&mut self, _: app::Key, _: app::Press) {
        unreachable!("a headless screen has no keys");
    }
    fn closed(&mut self) {
        unreachable!("nobody can close it");
    }
}

fn small() -> Settings {
    Settings {
        size: (32, 18),
        ..Settings::default()
    }
}

#[test]
fn a_headless_screen_runs_at_sixty_a_second() {
    let display = open(Choice::Headless, small()).unwrap();
    assert!(display.story().starts_with("headless, 32x18"));
    let (done, end) = std::sync::mpsc::channel();
    display
        .run(|width, height| {
            assert_eq!((width, height), (32, 18));
            Box::new(Clockwork {
                turns: 0,
                begin: Instant::now(),
                done,
            })
        })
        .unwrap();
    let (turns, time) = end.recv().unwrap();
    assert_eq!(turns, 13);
    // Twelve refreshes are 200 ms; a busy machine may be late but never early.
    assert!(time >= Duration::from_millis(199), "{time:?}");
}

/// Idle until woken: the count of turns must follow the wake-ups.
struct Sleeper {
    turns: u32,
    seen: std::sync::mpsc::Sender<u32>,
}

impl Scene for Sleeper {
    fn turn(&mut self, _: &mut dyn Presenter, _: Instant) -> Next {
        self.turns += 1;
        self.seen.send(self.turns).unwrap();
        if self.turns == 3 {
            Next::Quit
        } else {
            Next::Idle
        }
    }
    fn resized(&mut self, _: u32, _: u32) {}
    fn key(&mut self, _: app::Key, _: app::Press) {}
    fn closed(&mut self) {}
}

#[test]
fn an_idle_scene_turns_only_when_woken() {
    let display = open(Choice::Headless, small()).unwrap();
    let waker = display.waker();
    let (seen, turns) = std::sync::mpsc::channel();
    let other = std::thread::spawn(move || {
        assert_eq!(turns.recv(), Ok(1));
        let quiet = turns.recv_timeout(Duration::from_millis(60));
        assert!(quiet.is_err(), "an idle scene was called");
        waker.wake();
        assert_eq!(turns.recv(), Ok(2));
        waker.wake();
        waker.wake();
        assert_eq!(turns.recv(), Ok(3));
        waker
    });
    display
        .run(|_, _| Box::new(Sleeper { turns: 0, seen }))
        .unwrap();
    // Waking a loop that has ended is harmless.
    other.join().unwrap().wake();
}
