//! Prints what the screen costs per frame: conversion, blend, scaling, a small UI change; in CPU
//! time of the one thread that does it, so that a busy machine does not count.
//!
//! `cargo run --release --example display_figures` prints the table; with the word `window` it
//! opens a window on a test scene instead (keys move a square and are printed), which is how the
//! window is tried by hand and under Xvfb.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use matinee::display::{Choice, Headless, Next, Presented, Presenter, Rect, Scene, Settings, open};
use media::{ColourMatrix, PixelFormat, Planes, VideoFrame};

/// Passes of each measurement; the median of them is printed.
const PASSES: usize = 60;

struct Memory {
    planes: Vec<Vec<u8>>,
    stride: usize,
}

impl Planes for Memory {
    fn plane(&self, index: usize) -> &[u8] {
        &self.planes[index]
    }
    fn stride(&self, index: usize) -> usize {
        if index == 0 || self.planes.len() == 2 {
            self.stride
        } else {
            self.stride / 2
        }
    }
}

fn frame(format: PixelFormat, width: u32, height: u32, shift: u32) -> VideoFrame {
    let luma =
        (0..height).flat_map(|y| (0..width).map(move |x| ((x + y + shift) % 220 + 16) as u8));
    let chroma = |step: u32| -> Vec<u8> {
        (0..width * height / 4)
            .map(|at| (at / step % 200 + 28) as u8)
            .collect()
    };
    let mut planes = vec![luma.collect(), chroma(width), chroma(7)];
    if format == PixelFormat::Nv12 {
        let both = planes[1].iter().zip(&planes[2]).flat_map(|(u, v)| [*u, *v]);
        planes = vec![planes[0].clone(), both.collect()];
    }
    VideoFrame {
        format,
        width,
        height,
        pixel_aspect: (1, 1),
        matrix: ColourMatrix::Bt709,
        full_range: false,
        position: Duration::ZERO,
        rate: None,
        planes: Arc::new(Memory {
            planes,
            stride: width as usize,
        }),
    }
}

/// A bar as controls have it: half clear, with some text-like marks.
fn bar(width: u32, height: u32, rect: Rect) -> Vec<u32> {
    let mut ui = vec![0; (width * height) as usize];
    for y in rect.y..rect.bottom() {
        for x in rect.x..rect.right() {
            let mark = x / 9 % 5 == 0 && y / 14 % 4 == 0;
            ui[(y * width + x) as usize] = if mark { 0xffff_ffff } else { 0x9000_0810 };
        }
    }
    ui
}

/// CPU time of this thread so far.
fn cpu_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock exists on Linux and `time` is ours to write.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(failed, 0, "this kernel has no thread clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn measure(name: &str, mut pass: impl FnMut(usize)) {
    let mut times: Vec<Duration> = (0..PASSES)
        .map(|index| {
            let begin = cpu_time();
            pass(index);
            cpu_time().saturating_sub(begin)
        })
        .collect();
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{name:<58} {:>7.2} ms median {:>7.2} ms p90",
        ms(times[PASSES / 2]),
        ms(times[PASSES * 9 / 10])
    );
}

fn table() {
    let (width, height) = (1920, 1080);
    let whole = Rect::new(0, 0, width, height);
    let low = Rect::new(0, 780, width, 300);
    let clear = vec![0u32; (width * height) as usize];
    let full = bar(width, height, whole);
    let some = bar(width, height, low);
    for format in [PixelFormat::I420, PixelFormat::Nv12] {
        for (wide, high) in [(1920, 1080), (1280, 720)] {
            let frames = [0, 40].map(|shift| frame(format, wide, high, shift));
            let mut screen = Headless::new(width, height);
            let cases = [
                ("no UI", &clear, None),
                ("controls (300 rows)", &some, Some(low)),
                ("UI everywhere", &full, Some(whole)),
            ];
            for (label, ui, visible) in cases {
                screen.ui(ui, width, &[whole], visible);
                let name = format!("video {format:?} {wide}x{high} on 1080p, {label}");
                measure(&name, |pass| {
                    screen.video(Some(frames[pass % 2].clone()));
                    black_box(screen.commit());
                });
            }
        }
    }
    let mut screen = Headless::new(width, height);
    screen.video(Some(frame(PixelFormat::I420, width, height, 0)));
    screen.ui(&some, width, &[whole], Some(low));
    screen.commit();
    let ring = Rect::new(300, 800, 250, 120);
    measure("250x120 of UI over a paused film", |_| {
        screen.ui(&some, width, &[ring], Some(low));
        black_box(screen.commit());
    });
    screen.video(None);
    screen.commit();
    measure("250x120 of UI without video", |_| {
        screen.ui(&some, width, &[ring], Some(low));
        black_box(screen.commit());
    });
    measure("whole UI without video", |_| {
        screen.ui(&full, width, &[whole], Some(whole));
        black_box(screen.commit());
    });
    measure("PNG of the screen", |_| {
        black_box(screen.snapshot().png());
    });
}

/// A film of moving stripes with a bar and a square over it.
struct Trial {
    size: (u32, u32),
    at: (i64, i64),
    begin: Instant,
    turns: u32,
    playing: bool,
    fresh: bool,
    quit: bool,
}

impl Scene for Trial {
    fn turn(&mut self, presenter: &mut dyn Presenter, now: Instant) -> Next {
        self.turns += 1;
        if self.quit {
            println!("quit after {} turns", self.turns);
            return Next::Quit;
        }
        if self.playing {
            let shift = (now - self.begin).as_millis() as u32 / 10;
            presenter.video(Some(frame(PixelFormat::Nv12, 640, 272, shift)));
        }
        if std::mem::take(&mut self.fresh) {
            let (width, height) = self.size;
            let low = Rect::new(0, height - height / 4, width, height / 4);
            let mut ui = bar(width, height, low);
            let x = self.at.0.clamp(0, i64::from(width) - 40) as u32;
            let y = self.at.1.clamp(0, i64::from(height) - 40) as u32;
            for row in y..y + 40 {
                let start = (row * width + x) as usize;
                ui[start..start + 40].fill(0xffff_c020);
            }
            let whole = Rect::new(0, 0, width, height);
            presenter.ui(&ui, width, &[whole], Some(whole));
        }
        if let Presented::Nothing = presenter.commit() {
            println!("turn {} presented nothing", self.turns);
        }
        if self.playing {
            Next::Frame
        } else {
            Next::Idle
        }
    }
    fn resized(&mut self, width: u32, height: u32) {
        println!("resized to {width}x{height}");
        self.size = (width, height);
        self.fresh = true;
    }
    fn key(&mut self, key: app::Key, press: app::Press) {
        println!("key {key:?} {press:?} after {} turns", self.turns);
        if press == app::Press::Up {
            return;
        }
        match key {
            app::Key::Up => self.at.1 -= 40,
            app::Key::Down => self.at.1 += 40,
            app::Key::Left => self.at.0 -= 40,
            app::Key::Right => self.at.0 += 40,
            app::Key::PlayPause => self.playing = !self.playing,
            app::Key::Back => self.quit = true,
            _ => {}
        }
        self.fresh = true;
    }
    fn closed(&mut self) {
        println!("closed");
        self.quit = true;
    }
}

fn main() {
    tracing_subscriber::fmt().init();
    let mut words = std::env::args().skip(1);
    let Some(choice) = words.next() else {
        table();
        return;
    };
    let settings = Settings {
        fullscreen: words.next().is_some_and(|word| word == "fullscreen"),
        ..Settings::default()
    };
    let choice: Choice = choice.parse().expect("a display's name");
    let display = open(choice, settings).expect("a display");
    println!("display: {}", display.story());
    let scene = |width, height| -> Box<dyn Scene> {
        Box::new(Trial {
            size: (width, height),
            at: (100, 100),
            begin: Instant::now(),
            turns: 0,
            playing: true,
            fresh: true,
            quit: false,
        })
    };
    display.run(scene).expect("the display was lost");
}
