//! Gets the update that was offered and has it installed: RAUC reads it through the relay.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::{UpdateFailure, UpdateNews};
use futures_util::StreamExt as _;
use ota::Offer;
use tokio::time::interval;

use super::rauc::{self, RaucProxy};
use super::record::Put;
use super::relay::Relay;
use super::source::Source;
use super::{Work, boot};

/// How often the core is told how far it is.
const TELL: Duration = Duration::from_secs(1);

impl Work {
    pub(super) async fn install(&mut self) -> Result<(), UpdateFailure> {
        let none = || UpdateFailure::Broken("nothing was offered".to_owned());
        let offer = self.offer.take().ok_or_else(none)?;
        let source = self.source(&offer).await?;
        let installer = self.installer().await?;
        look_at(&source, &installer).await?;
        let slots = rauc::slots(&installer).await;
        let slots = slots.map_err(UpdateFailure::NoInstaller)?;
        let followed = self.followed();
        let put = Put {
            version: offer.version.to_string(),
            channel: followed,
            sequence: offer.sequence,
        };
        self.record
            .begins(&slots, &boot(), (&self.config.version, put));
        self.save().await;
        let source = Arc::new(source);
        let done = self.hand_over(&installer, &source).await;
        match &done {
            Ok(()) => self.record.installed(),
            Err(_) => self.record.failed(),
        }
        self.save().await;
        tracing::info!(
            "updates: {} of {} bytes were fetched",
            source.fetched(),
            source.size()
        );
        // What went wrong on the way says more than that the installer could not read.
        done.map_err(|why| source.fault().unwrap_or(why))
    }

    fn followed(&self) -> String {
        let channels = &self.config.channels;
        let name = channels.followed(self.record.channel.as_deref());
        name.map(|name| name.to_string()).unwrap_or_default()
    }

    async fn source(&self, offer: &Offer) -> Result<Source, UpdateFailure> {
        let channels = &self.config.channels;
        let base = channels.all.get(&*self.followed());
        let url = base.and_then(|base| base.join(&offer.bundle.url).ok());
        let no_address = || UpdateFailure::Broken("the update has no address".to_owned());
        let url = url.ok_or_else(no_address)?;
        Source::open(self.fetch.clone(), url, &offer.bundle, self.held.clone()).await
    }

    /// Has RAUC install it, and tells how far it is until it is done.
    async fn hand_over(
        &self,
        installer: &RaucProxy<'static>,
        source: &Arc<Source>,
    ) -> Result<(), UpdateFailure> {
        let gone = |error: zbus::Error| UpdateFailure::NoInstaller(error.to_string());
        let relay = Relay::start(Arc::clone(source)).await;
        let relay = relay.map_err(|error| UpdateFailure::NoInstaller(error.to_string()))?;
        let mut completed = installer.receive_completed().await.map_err(gone)?;
        let mut progress = installer.receive_progress_changed().await;
        let mut owners = installer.inner().receive_owner_changed().await;
        let owners = owners.as_mut().map_err(|error| gone(error.clone()))?;
        let begun = installer
            .install_bundle(&relay.address, HashMap::new())
            .await;
        begun.map_err(|error| UpdateFailure::Refused(error.to_string()))?;
        let mut clock = interval(TELL);
        let mut permille = 0;
        loop {
            tokio::select! {
                done = completed.next() => {
                    let result = done.and_then(|it| it.args().ok().map(|args| args.result));
                    return match result {
                        Some(0) => Ok(()),
                        _ => Err(refused(installer).await),
                    };
                }
                Some(change) = progress.next() => {
                    if let Ok((percent, _, _)) = change.get().await {
                        permille = percent.clamp(0, 100) as u16 * 10;
                    }
                }
                owner = owners.next() => {
                    // It was started by our first question; if it ends now it has crashed.
                    if owner.flatten().is_none() {
                        let why = "it ended before its work".to_owned();
                        return Err(UpdateFailure::NoInstaller(why));
                    }
                }
                _ = clock.tick() => {
                    let bytes = source.fetched();
                    (self.news)(UpdateNews::Fetching { permille, bytes });
                }
            }
        }
    }
}

/// Whether it is for this system, before anything is written.
async fn look_at(source: &Source, installer: &RaucProxy<'_>) -> Result<(), UpdateFailure> {
    let ours = installer.compatible().await;
    let ours = ours.map_err(|error| UpdateFailure::NoInstaller(error.to_string()))?;
    let theirs = source.compatible();
    let right = ours == theirs;
    right
        .then_some(())
        .ok_or_else(|| UpdateFailure::ForOther(theirs.to_owned()))
}

/// Why, in RAUC's words.
async fn refused(installer: &RaucProxy<'_>) -> UpdateFailure {
    match installer.last_error().await {
        Ok(why) if !why.is_empty() => UpdateFailure::Refused(why.trim_end_matches('.').to_owned()),
        Ok(_) => UpdateFailure::Refused("the installer does not say why".to_owned()),
        Err(error) => UpdateFailure::NoInstaller(error.to_string()),
    }
}
