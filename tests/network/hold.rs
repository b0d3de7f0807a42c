//! Holds a stand-in at one place until a test lets it go on.

use std::sync::Arc;

use tokio::sync::Notify;

/// Holds iwd where it is about to ask for a passphrase.
#[derive(Clone, Default)]
pub(crate) struct Hold(Arc<(Notify, Notify)>);

impl Hold {
    /// Waits until it is there.
    pub(crate) async fn asks(&self) {
        self.0.0.notified().await;
    }

    pub(crate) fn goes_on(&self) {
        self.0.1.notify_one();
    }

    /// It is there, and waits.
    pub(crate) async fn stops(&self) {
        self.0.0.notify_one();
        self.0.1.notified().await;
    }
}
