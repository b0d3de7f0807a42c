//! `GET events`: the view as a stream of server-sent events (WHATWG HTML, section 9.2).
//!
//! Each event carries the whole state, so a listener that misses some misses nothing: a slow one
//! gets the newest when it can take it. At most [`LISTENERS`] at a time, a comment every
//! [`KEEP_ALIVE`] so that both ends notice a dead line.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use super::state;

/// A household's phones and a test or two.
pub(super) const LISTENERS: usize = 8;

/// At most 20 a second: a remote needs no more, and a scrub makes views at frame rate.
const SPACING: Duration = Duration::from_millis(50);

/// Routers forget silent connections after a minute or more.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

struct Listener {
    views: watch::Receiver<Arc<app::View>>,
    /// When the next event may go out; none before the first.
    next: Option<Instant>,
    _place: OwnedSemaphorePermit,
}

/// The stream: the state now, then after each change, until the box stops.
pub(super) fn stream(
    views: watch::Receiver<Arc<app::View>>,
    place: OwnedSemaphorePermit,
) -> Response {
    let listener = Listener {
        views,
        next: None,
        _place: place,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = next(&mut listener).await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("still here"))
        .into_response()
}

/// None when the box stops.
async fn next(listener: &mut Listener) -> Option<Event> {
    if let Some(next) = listener.next {
        listener.views.changed().await.ok()?;
        sleep_until(next).await;
    }
    listener.next = Some(Instant::now() + SPACING);
    let view = listener.views.borrow_and_update().clone();
    let event = Event::default()
        .event("state")
        .id(view.seq.to_string())
        .data(state::to_json(&view).to_string());
    Some(event)
}
