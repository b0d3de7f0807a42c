//! The network, over D-Bus: what iwd says of the radio and systemd-networkd of every way out.
//!
//! Nothing is asked by the clock: a task of the runtime sleeps until one of the two says that
//! something has changed, or the core wants something, and then tells the core all there is. Where
//! there is no bus, no iwd or no radio, it says so, and goes on when they come.
//!
//! The box is not root. Of iwd it may call everything (`image/root/usr/share/dbus-1`), of networkd
//! it reads; whose rules the radio keeps, and which address the box has, it asks of root's half, by
//! a file each in its folder of requests (`systemd/radio`, `systemd/address`). A passphrase goes
//! from the core's act to iwd's question and is kept nowhere.

mod agent;
mod iwd;
mod knock;
mod links;
mod own;
mod root_half;
mod signals;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::{
    Addressing, Country, JoinFailure, Language, Link, NetworkAct, NetworkNews, NetworkStand,
    OwnNews, Wireless,
};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use zbus::Connection;
use zbus::names::OwnedUniqueName;

use self::agent::Agent;
use self::links::Out;
use self::own::Own;
pub use self::own::{ADDRESS, Opened, PREFIX, Page, Pages};
use crate::small_file;

/// Where root's half says whose rules the radio keeps; in memory.
pub const COUNTRY: &str = "/run/matinee/country";

/// Where it says which addresses it keeps; in memory.
pub const ADDRESSES: &str = "/run/matinee";

/// Acts that wait: a viewer's keys are slower than iwd.
const ACTS: usize = 16;

/// Between tries to reach the bus, which may come up after the wall: the first, and the longest.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MOST: Duration = Duration::from_secs(60);

/// A call is answered by then, or never: longer than the core waits for a network to be joined.
const CALLS: Duration = Duration::from_secs(60);

/// Takes news. It may wait for the core.
pub type Sink = Arc<dyn Fn(NetworkNews) + Send + Sync>;

/// Where things are.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The bus; none: the system's.
    pub bus: Option<String>,
    /// Where something can be asked of root's half; none: nowhere.
    pub requests: Option<PathBuf>,
    /// As [`COUNTRY`]; none: nobody says it.
    pub country: Option<PathBuf>,
    /// As [`ADDRESSES`]; none: nobody keeps any.
    pub addresses: Option<PathBuf>,
    /// What phones find in the network that the box opens itself; none: it opens none.
    pub pages: Option<Pages>,
}

/// The hand on the network.
pub struct Network {
    acts: mpsc::Sender<NetworkAct>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

impl Network {
    /// Watches on that runtime as long as it lives.
    pub fn start(config: Config, runtime: &Handle, sink: Sink) -> Network {
        let (acts, asked) = mpsc::channel(ACTS);
        let watch = Watch {
            config,
            sink,
            told: None,
        };
        runtime.spawn(watch.run(asked));
        Network { acts }
    }

    /// Never blocks.
    pub fn perform(&self, act: NetworkAct) {
        if let Err(error) = self.acts.try_send(act) {
            tracing::error!("network: {error}");
        }
    }
}

struct Watch {
    config: Config,
    sink: Sink,
    /// What was told last.
    told: Option<NetworkStand>,
}

/// What is done beside listening; dropped, it ends.
struct Work {
    bus: Connection,
    agent: Agent,
    /// The one who was told of the agent.
    owner: Option<OwnedUniqueName>,
    /// What takes its time: one thing, for what is begun ends what was before.
    tasks: JoinSet<Done>,
    /// The network that the box has opened itself.
    own: Option<Own>,
    /// It is about to be: what the radio hears of others goes meanwhile, bit by bit.
    opens: bool,
    /// One that nobody here has opened was closed, or not; it is not tried twice.
    left: bool,
}

/// What has taken its time.
enum Done {
    Joined(Result<(), JoinFailure>),
    Opened(Result<Own, String>),
    /// The radio joins again what it knows.
    Left(zbus::Result<()>),
}

impl Watch {
    async fn run(mut self, mut asked: mpsc::Receiver<NetworkAct>) {
        let mut wait = AGAIN;
        loop {
            match self.connect().await {
                Ok(mut work) => {
                    wait = AGAIN;
                    if self.serve(&mut work, &mut asked).await {
                        return;
                    }
                    tracing::warn!("network: the bus has gone");
                    if work.own.is_some() || !work.tasks.is_empty() {
                        self.own_ended("the bus has gone");
                    }
                }
                Err(error) => tracing::debug!("network: no bus: {error}"),
            }
            self.tell(NetworkStand::default());
            let until = sleep(wait);
            tokio::pin!(until);
            loop {
                tokio::select! {
                    () = &mut until => break,
                    act = asked.recv() => match act {
                        None => return,
                        Some(act) => self.cannot(&act),
                    },
                }
            }
            wait = (wait * 2).min(AGAIN_MOST);
        }
    }

    async fn connect(&self) -> zbus::Result<Work> {
        let builder = match &self.config.bus {
            Some(address) => zbus::connection::Builder::address(address.as_str())?,
            None => zbus::connection::Builder::system()?,
        };
        let agent = Agent::default();
        let builder = builder.method_timeout(CALLS);
        let builder = builder.serve_at(agent::PATH, agent.clone())?;
        let bus = builder.build().await?;
        Ok(Work {
            bus,
            agent,
            owner: None,
            tasks: JoinSet::new(),
            own: None,
            opens: false,
            left: false,
        })
    }

    /// Until the bus goes, or nobody asks any more (true).
    async fn serve(&mut self, work: &mut Work, asked: &mut mpsc::Receiver<NetworkAct>) -> bool {
        let mut listens = JoinSet::new();
        let mut changes = match signals::listen(&work.bus, &mut listens).await {
            Ok(changes) => changes,
            Err(error) => {
                tracing::warn!("network: nothing is heard of it: {error}");
                return false;
            }
        };
        loop {
            self.look(work).await;
            tokio::select! {
                changed = changes.changed() => if changed.is_err() {
                    return false;
                },
                act = asked.recv() => match act {
                    None => return true,
                    Some(act) => self.act(work, act).await,
                },
                Some(done) = work.tasks.join_next() => match done {
                    Ok(done) => self.done(work, done).await,
                    // What was stopped is nobody's.
                    Err(_) => work.opens &= !work.tasks.is_empty(),
                },
            }
        }
    }

    async fn done(&mut self, work: &mut Work, done: Done) {
        match done {
            Done::Joined(outcome) => {
                work.agent.forget();
                self.look(work).await;
                (self.sink)(match outcome {
                    Ok(()) => NetworkNews::LetIn,
                    Err(why) => NetworkNews::NotLetIn(why),
                });
            }
            Done::Opened(Ok(own)) => {
                work.opens = false;
                let told = own.told();
                work.own = Some(own);
                (self.sink)(NetworkNews::Own(OwnNews::Opened(told)));
            }
            Done::Opened(Err(why)) => {
                work.opens = false;
                tracing::warn!("network: none of its own: {why}");
                self.own_ended(&why);
            }
            Done::Left(Ok(())) => {}
            Done::Left(Err(error)) => tracing::warn!("network: {error}"),
        }
    }

    fn own_ended(&self, why: &str) {
        (self.sink)(NetworkNews::Own(OwnNews::Ended(why.to_owned())));
    }

    /// Tells what there is, if that has changed.
    async fn look(&mut self, work: &mut Work) {
        let mut links = links::stand(&work.bus).await.unwrap_or_else(|error| {
            tracing::debug!("network: {error}");
            links::Links::default()
        });
        let owner = iwd::owner(&work.bus).await;
        if owner.is_some() && owner != work.owner {
            work.agent.answers(owner.as_ref());
            if let Err(error) = iwd::register(&work.bus, agent::PATH).await {
                tracing::warn!("network: iwd does not take the agent: {error}");
            }
        }
        work.owner.clone_from(&owner);
        let radio = match owner {
            Some(_) => iwd::radio(&work.bus).await.unwrap_or_else(|error| {
                tracing::debug!("network: {error}");
                None
            }),
            None => None,
        };
        let mut given = None;
        let wireless = match radio {
            Some(radio) if !work.opens => {
                work.left = false;
                let out = links.wireless.remove(&radio.interface);
                let link = out.map(|out| {
                    given = out.given;
                    out.link
                });
                let radio = radio.told(link);
                Some(Wireless {
                    opens: radio.opens && self.config.pages.is_some(),
                    ..radio
                })
            }
            _ => self.no_station(work).await,
        };
        let wired = links.wired.map(|Out { link, given }| (link, given));
        let (wired, wired_given) = wired.unzip();
        let kept = root_half::kept(self.config.addresses.as_deref());
        self.tell(NetworkStand {
            wired,
            wireless,
            portal: links.portal,
            country: self.country(),
            addressing: kept.map(|[wired, wireless]| {
                let addressing = |fixed, given| Addressing { fixed, given };
                [
                    addressing(wired, wired_given.flatten()),
                    addressing(wireless, given),
                ]
            }),
        });
    }

    /// There is no radio, or it is an access point, or about to be one, or a station again: then
    /// what was in reach before holds on.
    async fn no_station(&mut self, work: &mut Work) -> Option<Wireless> {
        if let Some(own) = &work.own
            && !own.is_open(&work.bus).await
        {
            work.own = None;
            self.own_ended("the radio has ended it");
        }
        let idle = work.own.is_none() && work.tasks.is_empty() && !work.left;
        if idle && own::is_left_open(&work.bus).await {
            work.left = true;
            let bus = work.bus.clone();
            work.tasks
                .spawn(async move { Done::Left(own::leave(&bus).await.map(drop)) });
        }
        let before = self.told.as_ref().and_then(|it| it.wireless.clone());
        let busy = work.own.is_some() || !work.tasks.is_empty();
        let before = before.filter(|_| work.owner.is_some() && busy);
        before.map(|radio| Wireless {
            link: Link::Down,
            joined: None,
            looks: false,
            ..radio
        })
    }

    /// Whose rules the radio keeps.
    fn country(&self) -> Option<Country> {
        let text = small_file::read(self.config.country.as_deref()?, "country").ok()??;
        Country::parse(text.trim())
    }

    fn tell(&mut self, stand: NetworkStand) {
        if self.told.as_ref() != Some(&stand) {
            self.told = Some(stand.clone());
            (self.sink)(NetworkNews::Stand(Box::new(stand)));
        }
    }

    async fn act(&self, work: &mut Work, act: NetworkAct) {
        let bus = &work.bus.clone();
        let done = match act {
            NetworkAct::Look => iwd::look(bus).await,
            NetworkAct::Join { id, passphrase } => {
                tracing::info!("network: joins {id}");
                work.agent.wants(Some(&id), passphrase);
                let joined = iwd::join(bus.clone(), id);
                work.join(joined);
                Ok(())
            }
            NetworkAct::JoinHidden { name, passphrase } => {
                tracing::info!("network: joins a hidden one");
                work.agent.wants(None, passphrase);
                let joined = iwd::join_hidden(bus.clone(), name);
                work.join(joined);
                Ok(())
            }
            NetworkAct::Stop => {
                work.stop();
                work.agent.forget();
                match own::leave(bus).await {
                    Ok(false) => iwd::begin_anew(bus).await,
                    left => left.map(drop),
                }
            }
            NetworkAct::OpenOwn(language) => {
                self.open_own(work, language);
                Ok(())
            }
            NetworkAct::CloseOwn => {
                let bus = bus.clone();
                work.own = None;
                work.stop();
                work.tasks
                    .spawn(async move { Done::Left(own::leave(&bus).await.map(drop)) });
                Ok(())
            }
            NetworkAct::Forget(id) => iwd::forget(bus, &id).await,
            NetworkAct::Rules(_) | NetworkAct::Fix { .. } | NetworkAct::Knock { .. } => {
                self.beside(&act);
                Ok(())
            }
        };
        if let Err(error) = done {
            tracing::warn!("network: {error}");
        }
    }

    fn open_own(&self, work: &mut Work, language: Language) {
        let Some(pages) = self.config.pages.clone() else {
            self.own_ended("nobody here serves its page");
            return;
        };
        work.own = None;
        work.stop();
        work.opens = true;
        let (bus, sink) = (work.bus.clone(), Arc::clone(&self.sink));
        let opened = own::open(bus, pages, language, sink);
        work.tasks.spawn(async move { Done::Opened(opened.await) });
    }

    /// Without a bus nothing is joined.
    fn cannot(&self, act: &NetworkAct) {
        match act {
            NetworkAct::Join { .. } | NetworkAct::JoinHidden { .. } => {
                let why = "nobody here drives the radio".to_owned();
                (self.sink)(NetworkNews::NotLetIn(JoinFailure::Other(why)));
            }
            NetworkAct::Rules(_) | NetworkAct::Fix { .. } | NetworkAct::Knock { .. } => {
                self.beside(act);
            }
            NetworkAct::OpenOwn(_) => self.own_ended("nobody here drives the radio"),
            NetworkAct::CloseOwn | NetworkAct::Look | NetworkAct::Stop | NetworkAct::Forget(_) => {}
        }
    }

    /// What needs no bus.
    fn beside(&self, act: &NetworkAct) {
        let requests = self.config.requests.as_deref();
        match act {
            NetworkAct::Rules(country) => root_half::ask_rules(requests, *country),
            NetworkAct::Fix { way, fixed } => {
                root_half::ask_address(requests, *way, fixed.as_ref());
            }
            NetworkAct::Knock { from, router } => {
                let (from, router, sink) = (*from, *router, Arc::clone(&self.sink));
                // It ends by itself, and the core asks for one at a time.
                tokio::spawn(async move {
                    let answers = knock::knock(from, router).await;
                    sink(NetworkNews::Knocked { router, answers });
                });
            }
            _ => {}
        }
    }
}

impl Work {
    /// What is under way ends.
    fn stop(&mut self) {
        self.tasks.abort_all();
        self.opens = false;
    }

    /// Joins a network, once the box's own is left if there is one.
    fn join(&mut self, joined: impl Future<Output = Result<(), JoinFailure>> + Send + 'static) {
        self.stop();
        let (bus, own) = (self.bus.clone(), self.own.take());
        self.tasks.spawn(async move {
            if let Some(own) = own {
                own.say_farewell().await;
            }
            if let Err(error) = own::leave_and_look(&bus).await {
                tracing::debug!("network: {error}");
            }
            Done::Joined(joined.await)
        });
    }
}
