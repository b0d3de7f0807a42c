//! The catalogue as the rest of the box sees it: questions in, events out.
//!
//! No method waits: each hands its work to the runtime. What is told of add-ons is told under one
//! lock, so that the core's last word is the newest.

use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use addon::{AddOn, Manifest, Transport};
use app::{AddOnChange, AddOnFailure, Answer, Event, Film, Quest, Title};
use bytes::Bytes;
use fetch::Fetch;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};

use crate::board::Board;
use crate::describing::{Describing, Videos};
use crate::keeper::{Installed, Keeper};
use crate::lock;
use crate::member::Member;
use crate::near::Near;
use crate::quests::Quests;
use crate::remote::Remote;
use crate::roster::Roster;
use crate::texts::{FoundText, TextError, TextsWanted};

/// Changes of the owner's that wait to be done; nobody presses so many keys at once.
const CHANGES_MAX: usize = 32;

/// The wall is asked for again this often; what is kept and fresh costs no request.
const RENEWED: Duration = Duration::from_hours(4);

/// After a row could not be had, the first time; then twice that, and so on. A box is often faster
/// than its network at the start.
const RETRIED: Duration = Duration::from_mins(1);

/// What tells the core.
pub type News = Arc<dyn Fn(Event) + Send + Sync>;

/// What the catalogue works with.
pub struct Config {
    pub fetch: Fetch,
    /// Add-ons that are a part of the box, in the order in which they are asked.
    pub own: Vec<Arc<dyn AddOn>>,
    pub keeper: Arc<dyn Keeper>,
    /// Hosts at home that the owner named elsewhere (`fetch::Config::lan`).
    pub lan: Vec<String>,
    pub own_texts: OwnTexts,
}

/// Reads a text whose address only this box knows; none for any other address.
pub type OwnTexts =
    Arc<dyn Fn(&str) -> Option<BoxFuture<'static, Result<Bytes, String>>> + Send + Sync>;

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}

/// All who are asked. Clones are the same.
#[derive(Clone)]
pub struct Catalog(Arc<Inner>);

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalog")
    }
}

pub(crate) struct Inner {
    pub(crate) fetch: Fetch,
    pub(crate) keeper: Arc<dyn Keeper>,
    pub(crate) runtime: Handle,
    pub(crate) news: News,
    pub(crate) roster: Mutex<Roster>,
    pub(crate) board: Mutex<Board>,
    pub(crate) describing: Describing,
    pub(crate) videos: Videos,
    pub(crate) near: Near,
    pub(crate) installing: tokio::sync::Mutex<()>,
    pub(crate) own_texts: OwnTexts,
    lan: Vec<String>,
    quests: Quests,
    changes: mpsc::Sender<AddOnChange>,
    telling: Mutex<()>,
    /// A row could not be had.
    pub(crate) failed: Arc<Notify>,
    /// Itself, for add-ons that tell of their trouble.
    this: Weak<Inner>,
}

impl Catalog {
    /// Reads which add-ons there are, and begins to fill the wall.
    pub fn start(config: Config, runtime: Handle, news: News) -> Catalog {
        let (changes, changed) = mpsc::channel(CHANGES_MAX);
        let kept = config.keeper.add_ons();
        let inner = Arc::new_cyclic(|this| Inner {
            fetch: config.fetch,
            keeper: config.keeper,
            runtime,
            news,
            roster: Mutex::default(),
            board: Mutex::default(),
            describing: Describing::default(),
            videos: Videos::default(),
            near: Near::default(),
            installing: tokio::sync::Mutex::default(),
            own_texts: config.own_texts,
            lan: config.lan,
            quests: Quests::default(),
            changes,
            telling: Mutex::default(),
            failed: Arc::default(),
            this: this.clone(),
        });
        let roster = Roster::of(kept, config.own, |installed| inner.open(installed));
        inner.list(roster.hosts_at_home());
        *lock(&inner.roster) = roster;
        let work = Arc::downgrade(&inner);
        inner.runtime.spawn(follow(work.clone(), changed));
        inner.runtime.spawn(renew(work));
        Catalog(inner)
    }

    /// Tells the row again with more films than `have` ([`Event::Row`]).
    pub fn more_of(&self, row: Arc<str>, have: usize) {
        let inner = Arc::clone(&self.0);
        self.0
            .runtime
            .spawn(async move { inner.more_of_row(&row, have).await });
    }

    /// A part of the box has other films than before: its rows are asked for again.
    pub fn renew(&self) {
        let inner = Arc::clone(&self.0);
        self.0
            .runtime
            .spawn(async move { inner.renew_rows().await });
    }

    /// Learns what is known of a title ([`Event::Described`]).
    pub fn describe(&self, title: Title) {
        self.0.describe(title);
    }

    /// Asks where this can be had ([`Event::Offers`]).
    pub fn find_sources(&self, quest: Quest, video: Title) {
        let work = Arc::clone(&self.0).find(quest, video);
        self.0.quests.start(quest, &self.0.runtime, work);
    }

    /// Looks for films by words ([`Event::Found`]).
    pub fn search(&self, quest: Quest, text: String) {
        let work = Arc::clone(&self.0).search(quest, text);
        self.0.quests.start(quest, &self.0.runtime, work);
    }

    /// Looks for films for somebody else than the core; dropping the future takes it back.
    pub fn look_for(
        &self,
        text: String,
        tell: impl Fn(Answer<Film>) + Send + Sync + 'static,
    ) -> BoxFuture<'static, ()> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.look_for(&text, tell).await })
    }

    /// Asks an add-on which others it lists ([`Event::AddOnsListed`]).
    pub fn list_add_ons(&self, quest: Quest, id: Arc<str>) {
        let work = Arc::clone(&self.0).list_add_ons(quest, id);
        self.0.quests.start(quest, &self.0.runtime, work);
    }

    /// Nobody waits for the answers any more.
    pub fn stop(&self, quest: Quest) {
        self.0.quests.stop(quest);
    }

    /// Does with an add-on what its owner wants ([`Event::AddOns`]).
    pub fn change(&self, change: AddOnChange) {
        if self.0.changes.try_send(change).is_err() {
            tracing::warn!("too many changes of add-ons at once: one is left out");
        }
    }

    /// Puts the add-on of a link on the box ([`Event::AddOnAdded`]); goes on when the future is
    /// dropped.
    pub fn install(&self, link: String) -> BoxFuture<'static, Result<app::AddOn, AddOnFailure>> {
        let inner = Arc::clone(&self.0);
        let work = self
            .0
            .runtime
            .spawn(async move { inner.install(&link).await });
        Box::pin(async move {
            let ended = |_| Err(AddOnFailure::Broken("the box is about to end".into()));
            work.await.unwrap_or_else(ended)
        })
    }

    /// All add-ons, in the order in which they are asked.
    pub fn add_ons(&self) -> Vec<app::AddOn> {
        lock(&self.0.roster).told()
    }

    /// The subtitles that add-ons have, those that fit best first, once all have answered.
    pub fn subtitles(&self, wanted: TextsWanted) -> BoxFuture<'static, Vec<FoundText>> {
        Box::pin(Arc::clone(&self.0).find_texts(wanted))
    }

    /// The bytes of a text that was found; also those that are kept, without a network.
    pub fn text(&self, url: String) -> BoxFuture<'static, Result<Bytes, TextError>> {
        Box::pin(Arc::clone(&self.0).text(url))
    }

    /// Whether this address at home was told by its own host, from which the owner installed an
    /// add-on: it may be called.
    pub fn is_near(&self, address: &str) -> bool {
        self.0.near.is(address)
    }
}

impl Inner {
    /// An add-on that is kept; none where it cannot be read any more.
    fn open(&self, installed: &Installed) -> Option<Member> {
        let transport = Transport::parse(&installed.url);
        let transport = transport
            .inspect_err(|error| tracing::warn!("an add-on is left out: {error}"))
            .ok()?;
        let (manifest, _) = Manifest::read(installed.manifest.as_bytes())
            .inspect_err(|error| tracing::warn!("{transport} is left out: {error}"))
            .ok()?;
        let remote = self.remote(transport, manifest, installed.manifest.clone());
        Some(Member::over_http(remote, installed.secret))
    }

    pub(crate) fn remote(&self, transport: Transport, manifest: Manifest, json: String) -> Remote {
        let this = self.this.clone();
        let changed = move || {
            if let Some(inner) = this.upgrade() {
                inner.tell_add_ons();
            }
        };
        Remote::new(
            transport,
            manifest,
            json,
            self.fetch.clone(),
            self.near.clone(),
            Arc::new(changed),
        )
    }

    /// Which hosts at home may be called, besides those that the owner named elsewhere.
    pub(crate) fn list(&self, mut hosts: Vec<String>) {
        hosts.extend(self.lan.iter().cloned());
        self.fetch.list(&hosts);
    }

    /// The roster is another: the wall and the core's list follow it.
    pub(crate) fn add_ons_changed(self: &Arc<Self>) {
        self.tell_add_ons();
        self.lay();
    }

    fn tell_add_ons(&self) {
        let _turn = lock(&self.telling);
        let told = lock(&self.roster).told();
        (self.news)(Event::AddOns(told));
    }

    fn change(self: &Arc<Self>, change: &AddOnChange) {
        let (changed, hosts) = {
            let mut roster = lock(&self.roster);
            let changed = roster.change(change);
            if changed {
                self.keeper.set_add_ons(roster.installed());
            }
            (changed, roster.hosts_at_home())
        };
        if changed {
            self.list(hosts);
            self.add_ons_changed();
        }
    }

    /// Manifests that are older than a day are asked for again.
    async fn renew_manifests(self: &Arc<Self>) {
        let remotes: Vec<Remote> = {
            let roster = lock(&self.roster);
            let enabled = roster.enabled();
            enabled.filter_map(|(_, it)| it.remote.clone()).collect()
        };
        let refreshed = remotes.iter().map(Remote::refresh);
        let others = futures_util::future::join_all(refreshed).await;
        if others.contains(&true) {
            self.keeper.set_add_ons(lock(&self.roster).installed());
            self.lay();
        }
    }
}

/// Does the changes in their order, until the catalogue is gone.
async fn follow(inner: Weak<Inner>, mut changed: mpsc::Receiver<AddOnChange>) {
    while let Some(change) = changed.recv().await {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        inner.change(&change);
    }
}

/// Fills the wall, and asks again now and then; sooner where something was not to be had.
async fn renew(inner: Weak<Inner>) {
    let Some(failed) = inner.upgrade().map(|inner| {
        inner.add_ons_changed();
        Arc::clone(&inner.failed)
    }) else {
        return;
    };
    let mut again = RETRIED;
    loop {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        inner.renew_manifests().await;
        inner.renew_rows().await;
        drop(inner);
        if failed.notified().now_or_never().is_some() {
            sleep(again).await;
            again = (2 * again).min(RENEWED);
        } else {
            again = RETRIED;
            if timeout(RENEWED, failed.notified()).await.is_ok() {
                sleep(again).await;
            }
        }
    }
}
