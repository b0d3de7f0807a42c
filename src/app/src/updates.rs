//! Updates of the box itself: what is offered, how far it has come, and when it is used.
//!
//! The box looks by itself, once a day, and gets what it finds while nothing plays; what is under
//! way when a film begins goes on at a trickle. What was got is used from the next start on, which
//! only the viewer brings about. Whether an update may be trusted is not decided here.
//!
//! Invariant: nothing is begun while a film is open, and nothing at all where nobody offers
//! updates.

use std::sync::Arc;
use std::time::Duration;

use crate::{Effect, Preferences, Time, words};

/// The world is asked how the box came to run what it runs: the wall and the first film come first.
const LOOK: Duration = Duration::from_secs(10);

/// The first look after a start: a box that is on for an evening should not miss its update.
const FIRST: Duration = Duration::from_secs(5 * 60);

/// Boxes that were switched on together after a power cut do not ask together.
const SPREAD: Duration = Duration::from_secs(60 * 60);

const DAILY: Duration = Duration::from_secs(24 * 60 * 60);

/// After a failure that passes by itself, such as no network.
const AGAIN: Duration = Duration::from_secs(60 * 60);

/// What the image says of updates; without it the box is not updated this way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateSettings {
    /// What runs.
    pub version: String,
    /// Those that can be followed ("stable", "beta"); none: nobody offers updates.
    pub channels: Vec<Arc<str>>,
    /// The one that is followed.
    pub channel: Option<Arc<str>>,
    /// This box's place among all, in thousandths: when it asks.
    pub turn_permille: u16,
}

/// A release that this box may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateOffer {
    pub version: String,
    /// What is new, for the viewer.
    pub notes: String,
    /// Of the whole of it; less may be fetched.
    pub bytes: u64,
    /// The channel was to be renewed by now.
    pub expired: bool,
}

/// What became of the last update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastUpdate {
    Updated {
        to: String,
    },
    /// The box did it by itself.
    WentBack {
        from: String,
        why: WentBack,
    },
    /// The owner wanted it.
    SentBack {
        from: String,
    },
}

/// Why the box went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WentBack {
    /// What was new never came up.
    NeverUp,
    /// It came up, so often, and did not stay up.
    NotStable { starts: u32 },
}

/// How the box stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdatesStand {
    pub last: Option<LastUpdate>,
    /// The viewer was not told of it yet.
    pub fresh: bool,
    /// What one can go back to.
    pub before: Option<String>,
    /// What is got already and waits for the next start.
    pub waits: Option<String>,
}

/// Why there is no update, or none that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateFailure {
    /// The channel's file, or the update, cannot be fetched; the host and why.
    Unreachable(String),
    /// No key of this box has signed the channel's file.
    NotSigned,
    /// It is damaged; where and how.
    Broken(String),
    /// It is of a kind that this box is too old for.
    TooNew,
    /// The file is of another channel; which one.
    OtherChannel(String),
    /// Something newer was offered before.
    Older { offered: u64, seen: u64 },
    /// There is none for this board; its name.
    OtherBoard(String),
    /// Another version must come first.
    NeedsFirst(String),
    /// What lies there is shorter or longer than was announced; bytes.
    WrongSize { announced: u64, there: u64 },
    /// What lies there is not what was announced.
    Swapped,
    /// What lies there is for another system; which one.
    ForOther(String),
    /// The installer refused it; in its words.
    Refused(String),
    /// The installer does not answer; why.
    NoInstaller(String),
    /// The box cannot be started anew from here; why.
    NoRestart(String),
}

impl UpdateFailure {
    /// Another try may go better without anybody doing anything.
    fn passes(&self) -> bool {
        matches!(
            self,
            UpdateFailure::Unreachable(_)
                | UpdateFailure::WrongSize { .. }
                | UpdateFailure::Swapped
                | UpdateFailure::NoInstaller(_)
        )
    }
}

/// News of updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateNews {
    Stands(UpdatesStand),
    /// The channel was asked; none: what runs is the newest for this box now.
    Checked(Result<Option<UpdateOffer>, UpdateFailure>),
    /// Thousandths of the work done, and bytes fetched for it.
    Fetching {
        permille: u16,
        bytes: u64,
    },
    /// It is there for the next start.
    Ready,
    /// What was asked for last could not be done.
    Failed(UpdateFailure),
}

/// What can be done about updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateAct {
    /// Tell how the box stands ([`UpdateNews::Stands`]).
    Look,
    /// Ask the channel ([`UpdateNews::Checked`]); `asked`: somebody waits for it, and does not
    /// want to wait for other boxes.
    Check { asked: bool },
    /// Get what was offered last.
    Install,
    /// Take hardly anything from network and disk, or go on.
    Hold(bool),
    /// Start the box anew.
    Restart,
    /// Start it anew with what ran before.
    GoBack,
    /// Follow this channel from now on.
    Follow(Arc<str>),
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nobody was asked since the start.
    Unknown,
    Checking {
        asked: bool,
    },
    UpToDate,
    Offered {
        offer: UpdateOffer,
        asked: bool,
    },
    Fetching {
        offer: UpdateOffer,
        permille: u16,
        bytes: u64,
    },
    Ready {
        version: String,
    },
    Failed(UpdateFailure),
    /// The box is about to start anew.
    Restarting,
}

#[derive(Debug)]
pub(crate) struct Updates {
    pub(crate) settings: UpdateSettings,
    pub(crate) stage: Stage,
    pub(crate) last: Option<LastUpdate>,
    pub(crate) before: Option<String>,
    /// A film is open, and what is fetched waits.
    pub(crate) held: bool,
    /// Nothing is got that nobody asked for.
    metered: bool,
    look_at: Option<Time>,
    check_at: Option<Time>,
    /// For the viewer, once no film is open.
    tell: Option<String>,
}

impl Updates {
    pub(crate) fn new(settings: UpdateSettings, metered: bool) -> Updates {
        let turn = SPREAD * u32::from(settings.turn_permille.min(1000)) / 1000;
        let offered = settings.channel.is_some();
        Updates {
            settings,
            stage: Stage::Unknown,
            last: None,
            before: None,
            held: false,
            metered,
            look_at: Some(Time(LOOK)),
            check_at: offered.then_some(Time(FIRST + turn)),
            tell: None,
        }
    }

    pub(crate) fn obey(&mut self, preferences: &Preferences) {
        self.metered = preferences.metered;
    }

    pub(crate) fn take(&mut self, news: UpdateNews, now: Time) {
        match news {
            UpdateNews::Stands(stand) => {
                let told = stand.last.as_ref().filter(|_| stand.fresh);
                self.tell = told.map(|last| words::last_update(last, &self.settings.version));
                self.last = stand.last;
                self.before = stand.before;
                if let (Stage::Unknown, Some(version)) = (&self.stage, stand.waits) {
                    self.stage = Stage::Ready { version };
                }
            }
            UpdateNews::Checked(answer) => {
                let Stage::Checking { asked } = self.stage else {
                    return;
                };
                self.stage = match answer {
                    Ok(None) => Stage::UpToDate,
                    Ok(Some(offer)) => Stage::Offered { offer, asked },
                    Err(failure) => self.failed(failure, now),
                };
            }
            UpdateNews::Fetching { permille, bytes } => {
                if let Stage::Fetching { offer, .. } = &self.stage {
                    let offer = offer.clone();
                    self.stage = Stage::Fetching {
                        offer,
                        permille,
                        bytes,
                    };
                }
            }
            UpdateNews::Ready => {
                if let Stage::Fetching { offer, .. } = &self.stage {
                    self.tell = Some(words::update_ready(&offer.version));
                    self.stage = Stage::Ready {
                        version: offer.version.clone(),
                    };
                }
            }
            UpdateNews::Failed(failure) => {
                if matches!(self.stage, Stage::Fetching { .. } | Stage::Restarting) {
                    self.stage = self.failed(failure, now);
                }
            }
        }
    }

    fn failed(&mut self, failure: UpdateFailure, now: Time) -> Stage {
        if failure.passes() {
            let again = now + AGAIN;
            self.check_at = self.check_at.map(|at| at.min(again));
        }
        Stage::Failed(failure)
    }

    /// What is due is done, and what must wait for a film waits.
    pub(crate) fn turn(&mut self, film: bool, now: Time, effects: &mut Vec<Effect>) {
        if self.look_at.take_if(|at| *at <= now).is_some() {
            effects.push(Effect::Update(UpdateAct::Look));
        }
        if self.check_at.is_some_and(|at| at <= now) {
            self.check_at = Some(now + DAILY);
            self.check(false, effects);
        }
        if let Stage::Offered {
            offer,
            asked: false,
        } = &self.stage
            && !film
            && !self.metered
        {
            let offer = offer.clone();
            self.install(offer, effects);
        }
        let hold = film && matches!(self.stage, Stage::Fetching { .. });
        if hold != self.held {
            self.held = hold;
            effects.push(Effect::Update(UpdateAct::Hold(hold)));
        }
    }

    /// What the viewer is to be told now.
    pub(crate) fn tells(&mut self, film: bool) -> Option<String> {
        self.tell.take_if(|_| !film)
    }

    /// Asks the channel, unless there is something already.
    pub(crate) fn check(&mut self, asked: bool, effects: &mut Vec<Effect>) {
        let busy = matches!(
            self.stage,
            Stage::Checking { .. }
                | Stage::Fetching { .. }
                | Stage::Ready { .. }
                | Stage::Restarting
        );
        if !busy && self.settings.channel.is_some() {
            self.stage = Stage::Checking { asked };
            effects.push(Effect::Update(UpdateAct::Check { asked }));
        }
    }

    fn install(&mut self, offer: UpdateOffer, effects: &mut Vec<Effect>) {
        self.stage = Stage::Fetching {
            offer,
            permille: 0,
            bytes: 0,
        };
        effects.push(Effect::Update(UpdateAct::Install));
    }

    /// Gets what is offered.
    pub(crate) fn get(&mut self, effects: &mut Vec<Effect>) {
        if let Stage::Offered { offer, .. } = &self.stage {
            let offer = offer.clone();
            self.install(offer, effects);
        }
    }

    /// Starts the box anew, with what ran before if `back`.
    pub(crate) fn restart(&mut self, back: bool, effects: &mut Vec<Effect>) {
        self.stage = Stage::Restarting;
        effects.push(Effect::Update(if back {
            UpdateAct::GoBack
        } else {
            UpdateAct::Restart
        }));
    }

    /// The channel after the one that is followed.
    pub(crate) fn next_channel(&self) -> Option<Arc<str>> {
        let channels = &self.settings.channels;
        let now = self.settings.channel.as_ref();
        let at = channels.iter().position(|it| Some(it) == now)?;
        let next = &channels[(at + 1) % channels.len()];
        (channels.len() > 1).then(|| Arc::clone(next))
    }

    /// What another channel offered is of no use any more.
    pub(crate) fn follow(&mut self, channel: Arc<str>, effects: &mut Vec<Effect>) {
        self.settings.channel = Some(Arc::clone(&channel));
        self.stage = Stage::Unknown;
        effects.push(Effect::Update(UpdateAct::Follow(channel)));
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        [self.look_at, self.check_at].into_iter().flatten().min()
    }
}
