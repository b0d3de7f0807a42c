//! On which terms we take part in swarms: what may change while torrents are open.
//!
//! All of it holds at once: limits by their buckets, encryption by meeting every peer anew, the
//! master switch by taking no call and closing what nobody plays. A film that is played while it
//! is switched off goes on until it is closed.

use std::sync::Arc;

use super::{Config, Encryption, Rates, Seeding, Shared, Torrents};

/// As of the fields of [`Config`] with these names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    pub bittorrent: bool,
    pub encryption: Encryption,
    pub port_mapping: bool,
    pub rates: Rates,
    pub seeding: Option<Seeding>,
}

impl Config {
    /// On which terms it begins.
    pub fn terms(&self) -> Terms {
        Terms {
            bittorrent: self.bittorrent,
            encryption: self.encryption,
            port_mapping: self.port_mapping,
            rates: self.rates,
            seeding: self.seeding,
        }
    }

    /// The same, on these.
    #[must_use]
    pub fn on(self, terms: Terms) -> Config {
        Config {
            bittorrent: terms.bittorrent,
            encryption: terms.encryption,
            port_mapping: terms.port_mapping,
            rates: terms.rates,
            seeding: terms.seeding,
            ..self
        }
    }
}

impl Torrents {
    /// On these terms from now on. Within the runtime or outside.
    pub fn set_terms(&self, terms: Terms) {
        let shared = &self.running.0;
        let before = shared.terms.send_replace(terms);
        if before.rates != terms.rates {
            shared.received.set(terms.rates.download);
            shared.sent.set(terms.rates.upload);
            for download in shared.downloads() {
                download.limits_changed();
            }
        }
        if before.encryption != terms.encryption {
            for download in shared.downloads() {
                download.meet_anew();
            }
        }
        if before.bittorrent && !terms.bittorrent {
            shared.leave_swarms();
        }
        tracing::info!("torrents: {terms:?}");
    }

    /// New limits, from now on, for all torrents.
    pub fn set_rates(&self, rates: Rates) {
        let terms = self.running.0.terms();
        self.set_terms(Terms { rates, ..terms });
    }
}

impl Shared {
    /// As they are now.
    pub(super) fn terms(&self) -> Terms {
        *self.terms.borrow()
    }

    /// Until the master switch is no more where it was.
    pub(super) async fn switched(&self, was: bool) {
        let mut terms = self.terms.subscribe();
        // Its sender lives as long as `self`.
        let _ = terms.wait_for(|now| now.bittorrent != was).await;
    }

    /// What is only looked at or given to others is closed, and what asks strangers for peers ends.
    fn leave_swarms(self: &Arc<Shared>) {
        let aside: Vec<_> = self.aside().drain(..).collect();
        for download in aside {
            download.close();
        }
        let me = Arc::clone(self);
        self.runtime.spawn(async move {
            if me.terms().bittorrent {
                return;
            }
            me.utp.end().await;
            me.dht.end().await;
            me.lsd.end().await;
            me.udp.end().await;
        });
    }
}
