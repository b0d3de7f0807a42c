//! The end of a film's thread. It may come late, or never where a decoder hangs in its driver: then
//! the next film goes on without it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

pub(super) struct Ending {
    /// Hears nothing; its other end is dropped with the thread's work.
    ended: Receiver<()>,
    /// Nobody waits for it any more.
    left: Arc<AtomicBool>,
}

impl Ending {
    /// Of `work`, on a thread of its own. `late` is called there if nobody waited until the end.
    pub(super) fn of(
        work: impl FnOnce() + Send + 'static,
        late: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Ending> {
        let (alive, ended) = sync_channel(0);
        let left = Arc::new(AtomicBool::new(false));
        let is_left = left.clone();
        let thread = std::thread::Builder::new().name("player-film".to_owned());
        thread.spawn(move || {
            work();
            drop::<SyncSender<()>>(alive);
            if is_left.load(Ordering::SeqCst) {
                late();
            }
        })?;
        Ok(Ending { ended, left })
    }

    /// False: it has not come in time, and comes when it likes.
    pub(super) fn wait(&self, at_most: Duration) -> bool {
        if self.ended.recv_timeout(at_most) == Err(RecvTimeoutError::Disconnected) {
            return true;
        }
        self.left.store(true, Ordering::SeqCst);
        // It may have come before that was said.
        self.ended.try_recv() == Err(TryRecvError::Disconnected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_waited_for_tells_nobody() {
        let (late, told) = sync_channel(1);
        let ending = Ending::of(|| {}, move || late.try_send(()).unwrap_or(())).unwrap();
        assert!(ending.wait(Duration::MAX));
        assert_eq!(
            told.recv(),
            Err(std::sync::mpsc::RecvError),
            "it says nothing"
        );
    }

    #[test]
    fn one_that_comes_late_is_told() {
        let (goes_on, held) = sync_channel::<()>(0);
        let (late, told) = sync_channel(1);
        let work = move || held.recv().unwrap_or(());
        let ending = Ending::of(work, move || late.try_send(()).unwrap_or(())).unwrap();
        assert!(!ending.wait(Duration::ZERO));
        drop(goes_on);
        assert_eq!(told.recv(), Ok(()));
        assert!(ending.wait(Duration::MAX));
    }
}
