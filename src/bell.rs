//! Sleeping in `poll(2)`, for threads that wait for devices, and a bell by which others wake them.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Instant;

use rustix::event::{EventfdFlags, PollFd, Timespec, eventfd, poll};
use rustix::io::Errno;

/// A bell (eventfd); rung often before it is heard, it was rung once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bell(Arc<OwnedFd>);

impl Bell {
    /// # Errors
    /// The process may open nothing more.
    pub fn new() -> io::Result<Bell> {
        let made = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Bell(Arc::new(made)))
    }

    /// From any thread; never blocks.
    pub fn ring(&self) {
        // It fails only where it was rung 2^64 - 2 times and nobody listened: then it rings.
        let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
    }

    /// It was heard.
    pub fn silence(&self) {
        // Of eight bytes, or nothing where it was silent already.
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Sleeps until one of them has something, or `until`; for ever without one. A signal ends the
/// sleep too.
///
/// # Errors
/// As of `poll`: that is a mistake of ours.
pub fn sleep(all: &mut [PollFd<'_>], until: Option<Instant>) -> io::Result<()> {
    let left = until.map(|until| until.saturating_duration_since(Instant::now()));
    let left = left.map(|left| Timespec {
        tv_sec: left.as_secs() as i64,
        tv_nsec: i64::from(left.subsec_nanos()),
    });
    match poll(all, left.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(why) => Err(why.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::PollFlags;

    #[test]
    fn a_bell_wakes_until_it_is_silenced() {
        let bell = Bell::new().unwrap();
        let rings = |until| {
            let mut all = [PollFd::new(&bell, PollFlags::IN)];
            sleep(&mut all, until).unwrap();
            !all[0].revents().is_empty()
        };
        // That time has come already.
        let now = Some(Instant::now());
        assert!(!rings(now));
        let other = bell.clone();
        let ringer = std::thread::spawn(move || {
            other.ring();
            other.ring();
        });
        assert!(rings(None));
        ringer.join().unwrap();
        bell.silence();
        assert!(!rings(now));
        bell.silence();
    }
}
