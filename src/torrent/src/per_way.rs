//! Something that lives on one way to the network, and is made anew for the next: the DHT, the
//! sockets of UDP trackers.
//!
//! What belongs to an earlier way is stopped, because its sockets are bound to an interface that
//! is not there any more and would be silent for good.

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::network::{Network, Way};

/// None: it was never needed.
#[derive(Debug)]
pub(super) struct PerWay<T>(Mutex<Option<Made<T>>>);

#[derive(Debug)]
struct Made<T> {
    way: Way,
    stop: CancellationToken,
    /// None: it could not be made.
    it: Option<T>,
}

impl<T> Default for PerWay<T> {
    fn default() -> PerWay<T> {
        PerWay(Mutex::new(None))
    }
}

impl<T: Clone> PerWay<T> {
    /// Stopped; made anew when it is asked for.
    pub(super) async fn end(&self) {
        if let Some(old) = self.0.lock().await.take() {
            old.stop.cancel();
        }
    }

    /// It, as it is now. `make` is given the end of it.
    pub(super) async fn get(
        &self,
        network: &Network,
        stop: &CancellationToken,
        make: impl AsyncFnOnce(CancellationToken) -> Option<T>,
    ) -> Option<T> {
        let way = *network.way().borrow();
        let mut made = self.0.lock().await;
        if let Some(made) = made.as_ref().filter(|made| made.way == way) {
            return made.it.clone();
        }
        if let Some(old) = made.take() {
            old.stop.cancel();
        }
        if way == Way::None {
            return None;
        }
        let stop = stop.child_token();
        let it = make(stop.clone()).await;
        *made = Some(Made {
            way,
            stop,
            it: it.clone(),
        });
        it
    }
}
