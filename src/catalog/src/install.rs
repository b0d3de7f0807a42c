//! Putting an add-on on the box: from what somebody pasted to one more who is asked.
//!
//! `https` is tried first, and plain `http` only where the host is at home (`addon::Link`). No
//! message says more of the address than its host.

use std::sync::Arc;

use addon::{Link, LinkError, Manifest, Transport};
use app::{AddOnFailure, Event};
use fetch::{FetchError, Reading};

use crate::catalog::Inner;
use crate::lock;
use crate::member::{self, Member};
use crate::remote::{self, ManifestError};
use crate::roster::{ADD_ONS_MAX, host_and_port};

impl Inner {
    /// Installs what the link leads to, and tells the core how that went.
    pub(crate) async fn install(self: &Arc<Self>, link: &str) -> Result<app::AddOn, AddOnFailure> {
        let installed = {
            // One after the other: each may be the last that there is room for.
            let _turn = self.installing.lock().await;
            self.try_install(link).await
        };
        let told = installed.as_ref().map(|it| it.name.clone());
        if told.is_ok() {
            self.add_ons_changed();
        }
        (self.news)(Event::AddOnAdded(told.map_err(Clone::clone)));
        installed
    }

    async fn try_install(self: &Arc<Self>, link: &str) -> Result<app::AddOn, AddOnFailure> {
        let Link::AddOn {
            transport: first,
            fallback: second,
        } = Link::parse(link).map_err(refused)?
        else {
            return Err(AddOnFailure::NoAddress(
                "the link leads to no add-on".into(),
            ));
        };
        self.has_room(&[Some(&first), second.as_ref()])?;
        // The owner names these hosts: those at home may be called for this.
        let mut hosts = lock(&self.roster).hosts_at_home();
        let candidates = [Some(&first), second.as_ref()].into_iter().flatten();
        let local = candidates.filter(|it| it.is_local());
        hosts.extend(local.map(host_and_port));
        self.list(hosts);
        let read = self.read_either(first, second).await;
        let installed = read.and_then(|(transport, manifest, json)| {
            if manifest.hints.configuration_required {
                return Err(AddOnFailure::Unconfigured(transport.configure()));
            }
            Ok(self.put(transport, manifest, json))
        });
        self.list(lock(&self.roster).hosts_at_home());
        installed
    }

    fn has_room(&self, places: &[Option<&Transport>]) -> Result<(), AddOnFailure> {
        let roster = lock(&self.roster);
        let mut ids = places.iter().flatten().map(|it| member::id_of(it.as_str()));
        let known = ids.any(|id| roster.find(&id).is_some());
        if !known && roster.count_of_others() >= ADD_ONS_MAX {
            return Err(AddOnFailure::TooMany(ADD_ONS_MAX));
        }
        Ok(())
    }

    async fn read_either(
        &self,
        first: Transport,
        second: Option<Transport>,
    ) -> Result<(Transport, Manifest, String), AddOnFailure> {
        let mut failed = None;
        for transport in std::iter::once(first).chain(second) {
            let read = remote::manifest(&self.fetch, &transport, Reading::Anew).await;
            match read {
                Ok((manifest, json)) => return Ok((transport, manifest, json)),
                Err(error) => {
                    tracing::info!("{transport}: {error}");
                    failed = Some(failure(&transport, error));
                }
            }
        }
        Err(failed.expect("one was tried"))
    }

    fn put(self: &Arc<Self>, transport: Transport, manifest: Manifest, json: String) -> app::AddOn {
        let secret = is_secret(&transport, &manifest);
        let remote = self.remote(transport, manifest, json);
        let member = Member::over_http(remote, secret);
        let told = member.told();
        let mut roster = lock(&self.roster);
        roster.put(member);
        self.keeper.set_add_ons(roster.installed());
        told
    }
}

/// Whether the address may hold what is the owner's alone: a login, a query, or settings in its
/// path.
fn is_secret(transport: &Transport, manifest: &Manifest) -> bool {
    let Ok(url) = fetch::Url::parse(transport.as_str()) else {
        return true;
    };
    let login = !url.username().is_empty() || url.password().is_some();
    let settings = manifest.hints.configurable && url.path() != "/manifest.json";
    login || url.query().is_some() || settings
}

fn refused(error: LinkError) -> AddOnFailure {
    match error {
        LinkError::Legacy => AddOnFailure::Unsupported("the protocol of before 2018".into()),
        LinkError::Ipfs => AddOnFailure::Unsupported("IPFS".into()),
        other => AddOnFailure::NoAddress(other.to_string()),
    }
}

fn failure(transport: &Transport, error: ManifestError) -> AddOnFailure {
    match error {
        ManifestError::Answer(fault) => AddOnFailure::Broken(fault.to_string()),
        ManifestError::Fetch(
            fault @ (FetchError::NotJson(_)
            | FetchError::TooLarge { .. }
            | FetchError::Status { code: 404, .. }),
        ) => AddOnFailure::Broken(fault.to_string()),
        ManifestError::Fetch(FetchError::BadAddress(what)) => {
            AddOnFailure::NoAddress(what.to_owned())
        }
        ManifestError::Fetch(fault) => {
            let host = transport.host();
            let why = fault.to_string();
            // "host: no answer" says the host already.
            if why.starts_with(&host) {
                AddOnFailure::Unreachable(why)
            } else {
                AddOnFailure::Unreachable(format!("{host}: {why}"))
            }
        }
    }
}
