//! What frames cost, and what the process holds.

use crate::common::Bench;

/// Milliseconds this thread has worked.
pub(crate) fn work_ms() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    spent.tv_sec as f64 * 1e3 + spent.tv_nsec as f64 / 1e6
}

#[derive(Default)]
pub(crate) struct Costs {
    pub(crate) ms: Vec<f64>,
    share: f64,
}

impl Costs {
    /// Draws one frame; true if there was anything to draw.
    pub(crate) fn frame(&mut self, bench: &mut Bench) -> bool {
        let before = work_ms();
        let Some(drawn) = bench.frame() else {
            return false;
        };
        self.ms.push(work_ms() - before);
        let area: u32 = drawn
            .damage
            .iter()
            .map(|rect| rect.width * rect.height)
            .sum();
        self.share += f64::from(area) / f64::from(1920 * 1080);
        true
    }

    pub(crate) fn print(mut self, name: &str) {
        self.ms.sort_by(f64::total_cmp);
        let at = |part: usize| self.ms[(self.ms.len() * part / 100).min(self.ms.len() - 1)];
        println!(
            "{name:28} median {:6.2}  p95 {:6.2}  max {:6.2} ms  {:5.1} % of the screen, {} frames",
            at(50),
            at(95),
            at(100),
            self.share / self.ms.len() as f64 * 100.0,
            self.ms.len(),
        );
    }
}

/// Bytes of memory that are in use; 0: the kernel does not say.
pub(crate) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|it| it.parse().ok());
    pages.unwrap_or(0u64) * rustix::param::page_size() as u64
}
