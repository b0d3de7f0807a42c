//! What the player's thread has yet to read: orders from outside, word from its films.
//!
//! Bounded without refusing anything: an order takes the place of an unread one that it makes
//! void, so there is at most one of each kind per session and sessions end with their close.
//! Words of one film are few (GStreamer's messages are filtered first) and limited all the same.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::{SeekMode, Session, TextTiming, TrackId};

use super::pipeline::Word;
use super::{Media, TextFile};

/// Unread words of films; a film says some dozens when it opens and a few a minute later.
const WORDS_MAX: usize = 1024;

#[derive(Debug)]
pub(super) enum Order {
    Open {
        session: Session,
        media: Media,
        at: Duration,
    },
    Close(Session),
    SetPaused(Session, bool),
    Seek {
        session: Session,
        to: Duration,
        mode: SeekMode,
    },
    SelectAudio(Session, TrackId),
    SelectSubtitle(Session, Option<TrackId>),
    AddTexts(Session, Vec<TextFile>),
    SelectSecond(Session, Option<TrackId>),
    TimeSubtitles(Session, [TextTiming; 2]),
    /// Tell how it is shown, or no more.
    Count(Session, bool),
    /// Listen how the texts lie on the film, or stop listening.
    Fit(Session, bool),
    /// Make stills of these places, and of no others.
    Stills(Session, Vec<Duration>),
    /// In thousandths of the film's own; from the next seek on.
    Speed(Session, u16),
    /// How sound is to be was set anew; what, the dials know.
    Sound,
    /// The box reads aloud from now on, or no more.
    ReadAloud(bool),
    Quit,
}

impl Order {
    pub(super) fn session(&self) -> Option<Session> {
        match self {
            Order::Open { session, .. }
            | Order::Close(session)
            | Order::SetPaused(session, _)
            | Order::Seek { session, .. }
            | Order::SelectAudio(session, _)
            | Order::SelectSubtitle(session, _)
            | Order::AddTexts(session, _)
            | Order::SelectSecond(session, _)
            | Order::TimeSubtitles(session, _)
            | Order::Count(session, _)
            | Order::Speed(session, _)
            | Order::Stills(session, _)
            | Order::Fit(session, _) => Some(*session),
            Order::Sound | Order::ReadAloud(_) | Order::Quit => None,
        }
    }

    /// Whether carrying out `earlier` first would be for nothing.
    fn voids(&self, earlier: &Order) -> bool {
        match self {
            Order::Quit => true,
            // Opening closes whatever is open, so closes go too.
            Order::Open { .. } => {
                !matches!(earlier, Order::Sound | Order::ReadAloud(_) | Order::Quit)
            }
            Order::Close(session) => earlier.session() == Some(*session),
            _ => {
                self.session() == earlier.session()
                    && std::mem::discriminant(self) == std::mem::discriminant(earlier)
            }
        }
    }
}

#[derive(Debug)]
pub(super) enum Item {
    Order(Order),
    /// Of the film with this number.
    Word(u64, Word),
    /// Sound outputs came, went or changed.
    Outputs,
    /// The desk's output failed.
    DeskBroke,
}

#[derive(Debug, Default)]
pub(super) struct Inbox {
    unread: Mutex<Unread>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Unread {
    orders: VecDeque<Order>,
    words: VecDeque<(u64, Word)>,
    /// Of sound outputs there is news.
    outputs: bool,
    desk_broke: bool,
}

impl Inbox {
    pub(super) fn order(&self, order: Order) {
        let mut unread = self.lock();
        unread.orders.retain(|earlier| !order.voids(earlier));
        unread.orders.push_back(order);
        self.arrived.notify_one();
    }

    pub(super) fn word(&self, film: u64, word: Word) {
        let mut unread = self.lock();
        if unread.words.len() >= WORDS_MAX {
            tracing::warn!(?word, "the player is behind: dropped");
            return;
        }
        unread.words.push_back((film, word));
        self.arrived.notify_one();
    }

    /// Sound outputs came, went or changed.
    pub(super) fn outputs(&self) {
        self.lock().outputs = true;
        self.arrived.notify_one();
    }

    /// The desk's output failed.
    pub(super) fn desk_broke(&self) {
        self.lock().desk_broke = true;
        self.arrived.notify_one();
    }

    /// Waits for the next item, until `deadline`. Words first: they say how things stand.
    pub(super) fn next(&self, deadline: Option<Instant>) -> Option<Item> {
        let mut unread = self.lock();
        loop {
            if let Some((film, word)) = unread.words.pop_front() {
                return Some(Item::Word(film, word));
            }
            if let Some(order) = unread.orders.pop_front() {
                return Some(Item::Order(order));
            }
            if std::mem::take(&mut unread.outputs) {
                return Some(Item::Outputs);
            }
            if std::mem::take(&mut unread.desk_broke) {
                return Some(Item::DeskBroke);
            }
            let now = Instant::now();
            let left = deadline.map(|deadline| deadline.saturating_duration_since(now));
            unread = match left {
                Some(Duration::ZERO) => return None,
                Some(left) => {
                    let waited = self.arrived.wait_timeout(unread, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self
                    .arrived
                    .wait(unread)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Unread> {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seek(session: u64, secs: u64) -> Order {
        Order::Seek {
            session: Session(session),
            to: Duration::from_secs(secs),
            mode: SeekMode::KeyUnit,
        }
    }

    fn read(inbox: &Inbox) -> Vec<String> {
        let now = Some(Instant::now());
        std::iter::from_fn(|| inbox.next(now))
            .map(|item| format!("{item:?}"))
            .collect()
    }

    #[test]
    fn a_newer_seek_takes_the_place_of_an_unread_one() {
        let inbox = Inbox::default();
        for secs in 0..1000 {
            inbox.order(seek(1, secs));
            inbox.order(Order::SetPaused(Session(1), secs % 2 == 0));
        }
        let read = read(&inbox);
        assert_eq!(read.len(), 2);
        assert!(
            read[0].contains("999s") && read[1].contains("false"),
            "{read:?}"
        );
    }

    #[test]
    fn a_close_voids_what_its_session_still_wanted() {
        let inbox = Inbox::default();
        inbox.order(seek(1, 5));
        inbox.order(seek(2, 6));
        inbox.order(Order::Close(Session(1)));
        let read = read(&inbox);
        assert_eq!(read.len(), 2);
        assert!(
            read[0].contains("6s") && read[1].contains("Close"),
            "{read:?}"
        );
    }
}
