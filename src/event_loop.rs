//! The one loop: an event comes in, the core says what to do and what to show.
//!
//! It alone owns the core. Its inbox is bounded: a key that finds it full is dropped with a
//! warning, news that will come again (positions, progress) too, all other news waits its turn.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use app::{App, Effect, Event, Key, PlayerNews, Press, SupplyNews, Time, UpdateNews, View};
use futures_util::future::BoxFuture;
use store::Store;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::figures::Figures;
use crate::pulse::Pulse;
use crate::world::World;

/// Events waiting at most: half a minute of a held key and all news beside it.
const INBOX: usize = 256;

/// Events kept for the report of a panic.
const HISTORY: usize = 256;

/// Where every shell puts its news. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbox(SyncSender<(Instant, Event)>);

impl Inbox {
    /// A bounded inbox and its other end.
    pub fn new() -> (Inbox, Receiver<(Instant, Event)>) {
        let (sender, receiver) = sync_channel(INBOX);
        (Inbox(sender), receiver)
    }

    /// Takes in a key; false when too much waits already and it was dropped.
    pub fn key(&self, key: Key, press: Press) -> bool {
        let full = self
            .0
            .try_send((Instant::now(), Event::Key(key, press)))
            .is_err();
        if full {
            tracing::warn!(?key, ?press, "too busy: key dropped");
        }
        !full
    }

    /// Takes in that a key was let go, which is never dropped: it would be held for ever. May wait
    /// for the loop, which never waits for anybody.
    pub fn release(&self, key: Key) {
        let event = Event::Key(key, Press::Up);
        if self.0.send((Instant::now(), event)).is_err() {
            tracing::debug!("the loop has ended");
        }
    }

    /// Takes in news for who must not wait himself; done when it is taken in.
    pub fn told(&self, event: Event) -> BoxFuture<'static, ()> {
        let inbox = self.clone();
        Box::pin(async move {
            if let Err(error) = spawn_blocking(move || inbox.news(event)).await {
                tracing::error!(%error, "news for the core");
            }
        })
    }

    /// Makes the loop go round, if only to show that it does.
    pub fn nudge(&self) {
        // An inbox that is full makes it go round too.
        let _ = self.0.try_send((Instant::now(), Event::Tick));
    }

    /// Takes in news. May wait for the loop, which never waits for anybody.
    pub fn news(&self, event: Event) {
        let comes_again = matches!(
            event,
            Event::Supply(_, SupplyNews::Progress(_))
                | Event::Player(_, PlayerNews::Position(_))
                | Event::Update(UpdateNews::Fetching { .. })
        );
        if comes_again {
            if let Err(TrySendError::Full((_, event))) = self.0.try_send((Instant::now(), event)) {
                tracing::debug!(?event, "too busy: news dropped, the next will come");
            }
        } else if self.0.send((Instant::now(), event)).is_err() {
            tracing::debug!("the loop has ended");
        }
    }
}

/// The latest events, for the report of a panic: a story that can be replayed.
#[derive(Debug, Clone, Default)]
pub struct History(Arc<Mutex<VecDeque<(Time, Event)>>>);

impl History {
    fn push(&self, now: Time, event: &Event) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() == HISTORY {
            events.pop_front();
        }
        events.push_back((now, event.clone()));
    }

    /// The events as text, one a line, the oldest first; empty if they cannot be had just now.
    pub fn tell(&self) -> String {
        let Ok(events) = self.0.try_lock() else {
            return String::new();
        };
        let told = events
            .iter()
            .map(|(at, event)| format!("{:?} {event:?}\n", at.0));
        told.collect::<Vec<_>>().concat()
    }
}

/// Everything the loop needs.
#[allow(
    missing_debug_implementations,
    reason = "made of callbacks and handles"
)]
pub struct EventLoop {
    pub app: App,
    pub inbox: Receiver<(Instant, Event)>,
    pub world: World,
    /// The newest view; readers that are slow see only that.
    pub views: watch::Sender<Arc<View>>,
    /// Called when there is a new view.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    pub figures: Arc<Figures>,
    pub pulse: Pulse,
    pub history: History,
    pub start: Instant,
}

impl EventLoop {
    /// Runs until [`Event::Shutdown`] has been carried out, or every inbox is dropped;
    /// gives back what still writes positions.
    pub fn run(mut self) -> Store {
        loop {
            let now = Time(self.start.elapsed());
            let wait = self.app.deadline().map(|due| due.0.saturating_sub(now.0));
            let received = match wait {
                None => self
                    .inbox
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => self.inbox.recv_timeout(wait),
            };
            self.pulse.rounded();
            match received {
                Ok((at, event)) => {
                    self.take(&event, at);
                    if event == Event::Shutdown {
                        return self.world.store;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.take(&Event::Tick, Instant::now()),
                Err(RecvTimeoutError::Disconnected) => return self.world.store,
            }
        }
    }

    fn take(&mut self, event: &Event, at: Instant) {
        let now = Time(self.start.elapsed());
        // Keys of a password spell it.
        if matches!(event, Event::Key(..)) && self.app.private() {
            tracing::debug!("event: a key of a secret");
        } else {
            tracing::debug!(?event, "event");
            self.history.push(now, event);
        }
        for effect in self.app.update(event.clone(), now) {
            tracing::debug!(?effect, "effect");
            if matches!(effect, Effect::Open { .. }) {
                self.figures.opened(at);
            }
            self.world.perform(effect);
        }
        self.publish(matches!(event, Event::Key(..)).then_some(at));
    }

    /// Shows the view if it differs from what is shown.
    fn publish(&mut self, key_at: Option<Instant>) {
        let mut view = self.app.view();
        let shown = self.views.borrow();
        // All but its number says whether it is another.
        let seq = std::mem::replace(&mut view.seq, shown.seq);
        let same = **shown == view;
        view.seq = seq;
        drop(shown);
        if same {
            return;
        }
        if let Some(at) = key_at {
            self.figures.key(seq, at);
        }
        self.views.send_replace(Arc::new(view));
        (self.wake)();
    }
}
