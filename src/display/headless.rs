//! A screen that nobody sees: the last frame in memory. Machines without a display, tests and
//! benchmarks run the box on it, with the same compositor and the same pace as a window.

use std::sync::Arc;
use std::time::Instant;

use super::pace::{Due, Pace};
use super::wake::{Sleep, Waker};
use super::{Composed, Compositor, Next, Presented, Scene, Snapshot};

/// Keeps what was last committed.
#[derive(Debug)]
pub struct Headless {
    compositor: Compositor,
    pixels: Vec<u32>,
}

impl Headless {
    /// A black screen of that many pixels.
    pub fn new(width: u32, height: u32) -> Headless {
        Headless {
            compositor: Compositor::new(width, height),
            pixels: vec![0; width as usize * height as usize],
        }
    }
}

impl Composed for Headless {
    fn compositor(&self) -> &Compositor {
        &self.compositor
    }

    fn compositor_mut(&mut self) -> &mut Compositor {
        &mut self.compositor
    }

    fn present(&mut self) -> Presented {
        let damage = self.compositor.take_damage();
        if damage.is_empty() {
            return Presented::Nothing;
        }
        self.compositor.compose(&mut self.pixels, damage.rects());
        Presented::At(Instant::now())
    }

    fn shown(&self) -> Snapshot {
        let (width, height) = self.compositor.size();
        Snapshot {
            width,
            height,
            pixels: self.pixels.clone(),
        }
    }
}

/// The loop of a screen nobody sees.
#[derive(Debug)]
pub(super) struct HeadlessLoop {
    size: (u32, u32),
    sleep: Arc<Sleep>,
}

impl HeadlessLoop {
    pub(super) fn new(size: (u32, u32)) -> HeadlessLoop {
        let sleep = Arc::default();
        HeadlessLoop { size, sleep }
    }

    pub(super) fn waker(&self) -> Waker {
        Waker::thread(self.sleep.clone())
    }

    pub(super) fn run(self, scene: impl FnOnce(u32, u32) -> Box<dyn Scene>) {
        let (width, height) = self.size;
        let mut presenter = Headless::new(width, height);
        let mut scene = scene(width, height);
        let mut pace = Pace::new(Instant::now());
        loop {
            let next: Next = scene.turn(&mut presenter, Instant::now());
            match pace.due(next, Instant::now()) {
                Due::Never => return,
                Due::Whenever => self.sleep.wait(None),
                Due::At(at) => self.sleep.wait(Some(at)),
            }
        }
    }
}
