//! Updates of the box, done: asks the channel, gives the bundle to the installer, remembers what
//! was tried, starts the box anew.
//!
//! Whether an update may be trusted says the crate `ota`; when something is done says the core.
//! One thing is done at a time, in the order in which it was asked for.
//!
//! Invariants: nothing is installed but what a known key has announced, by hash and size; what is
//! about to be installed is on the disk before it is.

mod channels;
mod install;
mod rauc;
mod record;
mod relay;
mod source;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use app::{UpdateAct, UpdateFailure, UpdateNews, UpdateOffer, UpdateSettings, UpdatesStand};
use fetch::{Ask, Fetch, Keep};
use ota::Version;
use ota::{
    CHANNEL_BYTES_MAX, Channel, ChannelError, Decision, EnvelopeError, Host, Offer, Refusal,
};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

pub use self::channels::{Channels, GIVEN_UP_FILE, RELEASE_FILE, USUAL_FILE, version};
use self::rauc::RaucProxy;
use self::record::Record;

/// Things asked for that wait: the core asks for one at a time.
const ACTS: usize = 8;

/// Tries to reach the bus, which may come up after the wall; each waits twice as long as the one
/// before, the first a second.
const CONNECTS: u32 = 6;

/// Where the kernel says which boot this is.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// A file of this name in the runtime folder asks root's half of the box for a new start.
const RESTART: &str = "restart";

/// Told the core. May be called from any thread of the runtime.
pub type News = Arc<dyn Fn(UpdateNews) + Send + Sync>;

/// What this box is.
#[derive(Debug, Clone)]
pub struct Config {
    pub channels: Channels,
    /// The board's name.
    pub board: String,
    /// What runs.
    pub version: String,
    /// The data folder.
    pub data: PathBuf,
    /// Where the system notes which version it gave up ([`GIVEN_UP_FILE`]).
    pub given_up: PathBuf,
    /// Where a new start is asked for; none: that cannot be.
    pub runtime: Option<PathBuf>,
    /// The bus that the installer is on; none: the system's.
    pub bus: Option<String>,
}

/// Updates of this box. Cheap to clone.
#[derive(Clone)]
pub struct Updates {
    acts: mpsc::Sender<UpdateAct>,
    held: Arc<watch::Sender<bool>>,
}

impl fmt::Debug for Updates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}

impl Updates {
    /// Starts on that runtime, and tells what the core needs to know of this box. Reads and writes
    /// a file.
    pub fn start(
        config: Config,
        fetch: Fetch,
        runtime: &Handle,
        news: News,
    ) -> (Updates, UpdateSettings) {
        let record = Record::read(&config.data);
        let settings = UpdateSettings {
            version: config.version.clone(),
            channels: config.channels.names(),
            channel: config.channels.followed(record.channel.as_deref()),
            turn_permille: u16::from_be_bytes([record.id[0], record.id[1]]) % 1000,
        };
        let (acts, asked) = mpsc::channel(ACTS);
        let (held, holds) = watch::channel(false);
        let work = Work {
            config,
            fetch,
            news,
            record,
            offer: None,
            held: holds,
        };
        runtime.spawn(work.run(asked));
        let held = Arc::new(held);
        (Updates { acts, held }, settings)
    }

    /// Never blocks.
    pub fn perform(&self, act: UpdateAct) {
        match act {
            UpdateAct::Hold(hold) => drop(self.held.send_replace(hold)),
            act => {
                if let Err(error) = self.acts.try_send(act) {
                    tracing::error!("updates: {error}");
                }
            }
        }
    }
}

struct Work {
    config: Config,
    fetch: Fetch,
    news: News,
    record: Record,
    /// What the channel offered last.
    offer: Option<Offer>,
    held: watch::Receiver<bool>,
}

impl Work {
    async fn run(mut self, mut asked: mpsc::Receiver<UpdateAct>) {
        // Its number is made once.
        self.save().await;
        while let Some(act) = asked.recv().await {
            let told = match act {
                UpdateAct::Look => Some(UpdateNews::Stands(self.look().await)),
                UpdateAct::Check { asked } => Some(UpdateNews::Checked(self.check(asked).await)),
                UpdateAct::Install => Some(match self.install().await {
                    Ok(()) => UpdateNews::Ready,
                    Err(failure) => UpdateNews::Failed(failure),
                }),
                UpdateAct::Restart => self.restart().err().map(UpdateNews::Failed),
                UpdateAct::GoBack => self.go_back().await.err().map(UpdateNews::Failed),
                UpdateAct::Follow(channel) => {
                    self.record.channel = Some(channel.to_string());
                    self.offer = None;
                    self.save().await;
                    None
                }
                UpdateAct::Hold(_) => None,
            };
            if let Some(news) = told {
                tracing::info!("updates: {news:?}");
                (self.news)(news);
            }
        }
    }

    async fn save(&self) {
        let (record, folder) = (self.record.clone(), self.config.data.clone());
        let written = tokio::task::spawn_blocking(move || record.write(&folder)).await;
        if let Ok(Err(error)) = written {
            tracing::error!("what is known of updates is not kept: {error}");
        }
    }

    /// Connects to the installer.
    async fn installer(&self) -> Result<RaucProxy<'static>, UpdateFailure> {
        let connected = rauc::connect(self.config.bus.as_deref()).await;
        connected.map_err(|error| UpdateFailure::NoInstaller(error.to_string()))
    }

    /// How the box came to run what runs.
    async fn look(&mut self) -> UpdatesStand {
        let mut wait = Duration::from_secs(1);
        for tried in 1.. {
            let why = match self.slots().await {
                Ok(slots) => {
                    let stand = self.record.stands(&slots, &boot());
                    self.save().await;
                    return stand;
                }
                Err(why) => why,
            };
            if tried == CONNECTS {
                tracing::warn!("updates: {why:?}");
                break;
            }
            sleep(wait).await;
            wait *= 2;
        }
        UpdatesStand::default()
    }

    async fn slots(&self) -> Result<[rauc::Slot; 2], UpdateFailure> {
        let installer = self.installer().await?;
        let slots = rauc::slots(&installer).await;
        slots.map_err(UpdateFailure::NoInstaller)
    }

    /// Asks the channel that is followed.
    async fn check(&mut self, asked: bool) -> Result<Option<UpdateOffer>, UpdateFailure> {
        self.offer = None;
        let channels = &self.config.channels;
        let name = channels.followed(self.record.channel.as_deref());
        let name = name.ok_or_else(|| UpdateFailure::Broken("no channel is set".to_owned()))?;
        let ask = Ask::get(channels.all[&name].as_str())
            .near()
            .plain_http()
            .keep(Keep::No)
            .bytes_max(CHANNEL_BYTES_MAX as u64);
        let answer = self.fetch.ask(ask).await;
        let answer = answer.map_err(|error| UpdateFailure::Unreachable(error.to_string()))?;
        let channel = Channel::read(&answer.body, &channels.keys).map_err(|e| unread(&e))?;
        let host = self.host(&name).await?;
        let decision = host.decide(&channel, now_s(), asked);
        if channel.channel == *name && channel.sequence > host.sequence_seen {
            self.record.seen.insert(name.to_string(), channel.sequence);
            self.save().await;
        }
        let offer = match decision {
            Decision::UpToDate | Decision::Later => return Ok(None),
            Decision::Refused(refusal) => return Err(refused(refusal)),
            Decision::Update(offer) => offer,
        };
        // A box that was made with this version, or another channel's, is not of an older one.
        let unknown = host.sequence == 0;
        if unknown && offer.version <= host.version {
            return Ok(None);
        }
        let left = self.record.left.get(&*name).copied().unwrap_or_default();
        // One from a drive may have been given up that was never this channel's.
        let given_up = channels::given_up(&self.config.given_up);
        let given_up = given_up.is_some_and(|version| version == offer.version.to_string());
        if !asked && (offer.sequence <= left || given_up) {
            return Ok(None);
        }
        let told = UpdateOffer {
            version: offer.version.to_string(),
            notes: offer.notes.clone(),
            bytes: offer.bundle.size,
            expired: offer.expired,
        };
        self.offer = Some(offer);
        Ok(Some(told))
    }

    /// What the box says of itself.
    async fn host(&self, channel: &str) -> Result<Host, UpdateFailure> {
        let version = &self.config.version;
        let parsed = Version::parse(version);
        let parsed =
            parsed.map_err(|error| UpdateFailure::Broken(format!("{version}: {error}")))?;
        let [runs, _] = self.slots().await?;
        Ok(Host {
            board: self.config.board.clone(),
            channel: channel.to_owned(),
            version: parsed,
            sequence_seen: self.record.seen.get(channel).copied().unwrap_or_default(),
            sequence: self.record.sequence(&runs.letter, version, channel),
            id: self.record.id,
        })
    }

    async fn go_back(&mut self) -> Result<(), UpdateFailure> {
        let slots = self.slots().await?;
        let installer = self.installer().await?;
        let marked = installer.mark("active", &slots[1].name).await;
        marked.map_err(|error| UpdateFailure::NoInstaller(error.to_string()))?;
        self.record
            .sends_back(&slots, &boot(), &self.config.version);
        self.save().await;
        self.restart()
    }

    /// Asks root's half of the box for a new start.
    fn restart(&self) -> Result<(), UpdateFailure> {
        let no = |why: String| UpdateFailure::NoRestart(why);
        let folder = self.config.runtime.as_ref();
        let folder = folder.ok_or_else(|| no("nobody here starts it anew".to_owned()))?;
        let asked = std::fs::write(folder.join(RESTART), "");
        asked.map_err(|error| no(error.to_string()))
    }
}

/// Which boot of the machine this is.
fn boot() -> String {
    let read = std::fs::read_to_string(BOOT);
    read.map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn now_s() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

fn unread(error: &ChannelError) -> UpdateFailure {
    match error {
        ChannelError::Envelope(EnvelopeError::Unknown) => UpdateFailure::NotSigned,
        ChannelError::Format(_) => UpdateFailure::TooNew,
        error => UpdateFailure::Broken(error.to_string()),
    }
}

fn refused(refusal: Refusal) -> UpdateFailure {
    match refusal {
        Refusal::Channel { found, .. } => UpdateFailure::OtherChannel(found),
        Refusal::Older { offered, seen } => UpdateFailure::Older { offered, seen },
        Refusal::Board(board) => UpdateFailure::OtherBoard(board),
        Refusal::Minimum(version) => UpdateFailure::NeedsFirst(version.to_string()),
    }
}
