//! Tells the service manager (systemd) that the box is up, and then that it is alive.
//!
//! Up is the first frame on the screen, not a socket or a thread. Alive is that within one beat a
//! turn of the display ended with a screen that took what it was given, and the core's loop ended a
//! round; the async runtime is alive because the beat runs on it. A box that hangs anywhere of
//! these gets no word out and is started anew by `WatchdogSec=`. Without a service manager nothing
//! is done.

use std::sync::Arc;

use sd_notify::NotifyState;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

/// Beats within the time after which systemd gives the box up: one may be missed.
const BEATS: u32 = 3;

/// Where the threads that must be alive leave a sign of life. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pulse {
    screen: Arc<watch::Sender<Beat>>,
    core: Arc<watch::Sender<u64>>,
}

/// Of the screen.
#[derive(Debug, Clone, Copy, Default)]
struct Beat {
    /// Turns of the display whose outcome the screen took.
    turns: u64,
    /// There was a frame.
    shown: bool,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            screen: Arc::new(watch::Sender::new(Beat::default())),
            core: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Pulse {
    /// A turn of the display ended well; `shown`: with a new frame on its way to the screen.
    pub fn turned(&self, shown: bool) {
        self.screen.send_modify(|beat| {
            beat.turns = beat.turns.wrapping_add(1);
            beat.shown |= shown;
        });
    }

    /// The core's loop ended a round.
    pub fn rounded(&self) {
        self.core
            .send_modify(|rounds| *rounds = rounds.wrapping_add(1));
    }

    /// Tells systemd, as long as the box runs. `up` is called once the first frame is shown; `wake`
    /// asks for a turn of the display and `nudge` for a round of the core; neither may block.
    pub async fn tell(self, up: impl FnOnce(), wake: impl Fn(), nudge: impl Fn()) {
        let watched = sd_notify::watchdog_enabled();
        self.first_frame(&wake).await;
        say(NotifyState::Ready);
        up();
        let Some(limit) = watched else { return };
        let period = limit / BEATS;
        loop {
            let next = Instant::now() + period;
            if timeout_at(next, self.alive(&wake, &nudge)).await.is_ok() {
                say(NotifyState::Watchdog);
            } else {
                tracing::error!("the screen or the core did not answer within {period:?}");
            }
            sleep_until(next).await;
        }
    }

    /// Waits until a frame was sent to the screen, and a turn after it could begin: a screen's turn
    /// waits for the frame before.
    async fn first_frame(&self, wake: &impl Fn()) {
        let mut screen = self.screen.subscribe();
        // The sender is held by `self`.
        let sent = screen.wait_for(|beat| beat.shown).await;
        let turns = sent.map_or(0, |beat| beat.turns);
        wake();
        let _ = screen.wait_for(|beat| beat.turns != turns).await;
    }

    /// Calls both, and waits until both have answered.
    async fn alive(&self, wake: &impl Fn(), nudge: &impl Fn()) {
        let (mut screen, mut core) = (self.screen.subscribe(), self.core.subscribe());
        let (turns, rounds) = (screen.borrow().turns, *core.borrow());
        wake();
        nudge();
        let _ = screen.wait_for(|beat| beat.turns != turns).await;
        let _ = core.wait_for(|now| *now != rounds).await;
    }
}

fn say(what: NotifyState<'_>) {
    if let Err(why) = sd_notify::notify(&[what]) {
        tracing::warn!("systemd cannot be told: {why}");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::cell::Cell;

    #[test]
    fn alive_is_who_answers_both_calls() {
        let pulse = Pulse::default();
        let both = || {
            let wake = || pulse.turned(false);
            let nudge = || pulse.rounded();
            pulse.alive(&wake, &nudge).now_or_never()
        };
        assert_eq!(both(), Some(()));
        assert_eq!(both(), Some(()), "and again");
    }

    #[test]
    fn whoever_does_not_answer_is_not_alive() {
        let pulse = Pulse::default();
        pulse.turned(true);
        pulse.rounded();
        let (turn, round) = (|| pulse.turned(false), || pulse.rounded());
        assert_eq!(pulse.alive(&|| {}, &round).now_or_never(), None);
        assert_eq!(pulse.alive(&turn, &|| {}).now_or_never(), None);
    }

    #[test]
    fn up_is_a_frame_and_a_turn_after_it() {
        let pulse = Pulse::default();
        let asked = Cell::new(0);
        let wake = || {
            asked.set(asked.get() + 1);
            pulse.turned(false);
        };
        // Turns without a frame do not count, however many there are.
        pulse.turned(false);
        assert_eq!(pulse.first_frame(&wake).now_or_never(), None);
        assert_eq!(asked.get(), 0);
        pulse.turned(true);
        assert_eq!(pulse.first_frame(&|| {}).now_or_never(), None);
        assert_eq!(pulse.first_frame(&wake).now_or_never(), Some(()));
        assert_eq!(asked.get(), 1);
    }
}
