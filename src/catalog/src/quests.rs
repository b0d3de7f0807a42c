//! Questions that somebody waits for, so that they can be taken back.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};

use app::Quest;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::lock;

/// The core has one open at a time; a phone that searches adds a few.
const QUESTS_MAX: usize = 32;

/// The open questions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quests(Arc<Mutex<HashMap<Quest, AbortHandle>>>);

impl Quests {
    /// Goes after it until it is done or stopped.
    pub(crate) fn start(
        &self,
        quest: Quest,
        runtime: &Handle,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let mut open = lock(&self.0);
        if open.len() >= QUESTS_MAX {
            tracing::warn!("too many questions at once: the oldest is taken back");
            let oldest = open.keys().min().copied();
            if let Some(task) = oldest.and_then(|oldest| open.remove(&oldest)) {
                task.abort();
            }
        }
        let quests = self.clone();
        let task = runtime.spawn(async move {
            work.await;
            lock(&quests.0).remove(&quest);
        });
        if let Some(before) = open.insert(quest, task.abort_handle()) {
            before.abort();
        }
    }

    /// Nobody waits for it any more.
    pub(crate) fn stop(&self, quest: Quest) {
        if let Some(task) = lock(&self.0).remove(&quest) {
            task.abort();
        }
    }
}
