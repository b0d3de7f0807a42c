//! One of those who are asked: an add-on with its place on this box.

use std::sync::Arc;
use std::time::Duration;

use addon::{AddOn, AddOnError, Answer, Manifest, Request, Resource, Transport};
use aws_lc_rs::digest::{SHA256, digest};
use tokio::time::timeout;

use crate::keeper::Installed;
use crate::remote::Remote;

/// Nobody is waited for longer; the core gives up after twelve seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Before the id of one that is a part of the box, in the place of its address.
pub(crate) const OWN: &str = "own:";

/// An add-on on this box.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Tells it from others for ever, and says nothing of its address.
    pub(crate) id: Arc<str>,
    pub(crate) add_on: Arc<dyn AddOn>,
    /// None: a part of the box.
    pub(crate) remote: Option<Remote>,
    pub(crate) enabled: bool,
    /// Its address holds keys or settings of the owner.
    pub(crate) secret: bool,
    pub(crate) flags: Vec<String>,
}

/// The id of the add-on at this address: 64 bits of a hash that does not lead back to it.
pub(crate) fn id_of(url: &str) -> Arc<str> {
    let hash = digest(&SHA256, url.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_ref()[..8]);
    format!("{:016x}", u64::from_be_bytes(first)).into()
}

impl Member {
    /// A part of the box.
    pub(crate) fn own(add_on: Arc<dyn AddOn>) -> Member {
        Member {
            id: add_on.manifest().id.as_str().into(),
            add_on,
            remote: None,
            enabled: true,
            secret: false,
            flags: Vec::new(),
        }
    }

    pub(crate) fn over_http(remote: Remote, secret: bool) -> Member {
        Member {
            id: id_of(remote.transport().as_str()),
            add_on: Arc::new(remote.clone()),
            remote: Some(remote),
            enabled: true,
            secret,
            flags: Vec::new(),
        }
    }

    pub(crate) fn manifest(&self) -> Arc<Manifest> {
        self.add_on.manifest()
    }

    pub(crate) fn name(&self) -> Arc<str> {
        self.manifest().name.as_str().into()
    }

    pub(crate) fn may_be_asked(&self, request: &Request) -> bool {
        self.enabled && self.manifest().answers(request)
    }

    /// Its answer, within the time that anybody has.
    pub(crate) async fn ask(&self, request: Request) -> Result<Answer, AddOnError> {
        let answer = timeout(PATIENCE, self.add_on.answer(request)).await;
        let answer = answer.unwrap_or(Err(AddOnError::TimedOut));
        answer.inspect_err(|error| tracing::debug!("{}: {error}", self.name()))
    }

    /// What is kept of this answer; of a part of the box nothing is.
    pub(crate) async fn kept(&self, request: &Request) -> Option<Answer> {
        self.remote.as_ref()?.kept(request).await
    }

    /// As the owner sees it.
    pub(crate) fn told(&self) -> app::AddOn {
        let transport = self.remote.as_ref().map(Remote::transport);
        app::AddOn {
            id: Arc::clone(&self.id),
            enabled: self.enabled,
            trouble: self.remote.as_ref().and_then(Remote::trouble),
            ..told(&self.manifest(), transport, self.secret)
        }
    }

    /// As it is kept.
    pub(crate) fn installed(&self) -> Installed {
        let (url, manifest) = match &self.remote {
            Some(remote) => (remote.transport().as_str().to_owned(), remote.json()),
            None => (format!("{OWN}{}", self.id), String::new()),
        };
        Installed {
            url,
            manifest,
            enabled: self.enabled,
            secret: self.secret,
            flags: self.flags.clone(),
        }
    }
}

/// What an add-on says of itself, as the owner sees it; without an address it is a part of the box.
pub(crate) fn told(manifest: &Manifest, at: Option<&Transport>, secret: bool) -> app::AddOn {
    let answers = |resource| manifest.resources.iter().any(|it| it.resource == resource);
    let configure = at.filter(|_| manifest.hints.configurable).map(|it| {
        if secret {
            // The whole address would show what is set.
            format!("{}/configure", it.shown())
        } else {
            it.configure()
        }
    });
    app::AddOn {
        id: at.map_or_else(|| manifest.id.as_str().into(), |it| id_of(it.as_str())),
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        description: manifest.description.clone().unwrap_or_default(),
        host: at.map(Transport::host),
        gives: app::Gives {
            catalogues: !manifest.catalogs.is_empty(),
            facts: answers(Resource::Meta),
            sources: answers(Resource::Stream),
            subtitles: answers(Resource::Subtitles),
            add_ons: !manifest.addon_catalogs.is_empty(),
        },
        sees: sees(manifest),
        p2p: manifest.hints.p2p,
        adult: manifest.hints.adult,
        configure,
        enabled: true,
        trouble: None,
    }
}

/// How the names begin of what it is asked about; empty: whatever is looked at.
fn sees(manifest: &Manifest) -> Vec<String> {
    let mut begins = Vec::new();
    for sight in manifest.sights() {
        let Some(ids) = sight.ids else {
            return Vec::new();
        };
        for id in ids {
            if !begins.contains(&id) {
                begins.push(id);
            }
        }
    }
    begins
}
