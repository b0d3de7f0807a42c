//! The TV: speaks with it over the CEC bus of HDMI, on a thread of its own.
//!
//! What is said and meant is the crate `cec`'s; here is the kernel's side of it. The thread sleeps
//! until the adapter has something, an adapter comes or goes, the box does something, or time is up
//! for the follower. A message may take more than a second: nobody waits for one. A box without a
//! bus does all the same, and no more than this thread knows of it.
//!
//! Keys that the TV passes on do not come this way: the kernel makes a remote of them (`input`).

mod adapter;
mod nodes;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use app::{Key, Level, TvAct, TvDeck, TvNews, TvVolume, VolumeBy};
use cec::{Act, Bus, Deck, DeckKey, Follower, Order, Sent, Told, Volume};
use rustix::event::{PollFd, PollFlags};
use rustix::fs::inotify::ReadFlags;

use self::adapter::{Adapter, News};
use self::nodes::{Fit, Nodes};
use crate::bell::{self, Bell};
use crate::folder_watch::{self, FolderWatch};

/// Where the kernel has its adapters.
pub const FOLDER: &str = "/dev";

/// How the TV calls us in its list of devices.
const NAME: &str = "Matinee";

/// Acts of the box that wait: a held volume key makes ten a second, and the thread takes them at
/// once.
const ACTS: usize = 64;

/// Until an adapter is tried again that another program keeps to itself.
const BUSY: Duration = Duration::from_secs(5);

/// Nobody can tell when adapters come and go.
#[derive(Debug, thiserror::Error)]
#[error("the TV cannot be spoken to: {0}: {1}")]
pub struct TvError(PathBuf, io::Error);

/// Takes news of the TV; must not block.
pub type Sink = Box<dyn Fn(TvNews) + Send>;

/// The TV of this box.
pub struct Tv {
    acts: SyncSender<Act>,
    bell: Bell,
}

impl fmt::Debug for Tv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tv")
    }
}

impl Tv {
    /// Speaks over the adapter in `folder` that is of that connector, as long as the process
    /// lives; where nobody knows which is, over the first.
    ///
    /// # Errors
    /// The folder cannot be watched. An adapter that cannot be used is left out and logged.
    pub fn start(folder: &Path, connector: Option<String>, sink: Sink) -> Result<Tv, TvError> {
        let failed = |why: io::Error| TvError(folder.to_owned(), why);
        let bell = Bell::new().map_err(failed)?;
        let (acts, asked) = sync_channel(ACTS);
        let nodes = Nodes {
            folder: folder.to_owned(),
            connector,
        };
        let mut line = Line::watch(nodes, bell.clone(), asked, sink).map_err(failed)?;
        let thread = std::thread::Builder::new().name("tv".to_owned());
        let run = move || {
            if let Err(why) = line.run() {
                tracing::error!("the TV is not heard any more: {why}");
            }
        };
        thread.spawn(run).map_err(failed)?;
        Ok(Tv { acts, bell })
    }

    /// Never blocks.
    pub fn perform(&self, act: TvAct) {
        let act = match act {
            TvAct::Wake => Act::Wake,
            TvAct::Sleep { tv } => Act::Sleep { tv },
            TvAct::Show => Act::Show,
            TvAct::Deck(deck) => Act::Deck(match deck {
                TvDeck::Playing => Deck::Playing,
                TvDeck::Paused => Deck::Paused,
                TvDeck::Stopped => Deck::Stopped,
            }),
            TvAct::Volume(volume) => Act::Volume(match volume {
                TvVolume::Up => Volume::Up,
                TvVolume::Down => Volume::Down,
                TvVolume::Mute => Volume::Mute,
            }),
            TvAct::VolumeReleased => Act::VolumeReleased,
        };
        if let Err(error) = self.acts.try_send(act) {
            tracing::warn!("TV: {error}");
        }
        self.bell.ring();
    }
}

/// The follower and its adapter.
struct Line {
    nodes: Nodes,
    watch: FolderWatch,
    bell: Bell,
    asked: Receiver<Act>,
    sink: Sink,
    follower: Follower,
    open: Option<Open>,
    /// When the adapter is tried again.
    again: Option<Instant>,
    /// That was said in the log.
    told_busy: bool,
    /// Zero of the follower's clock.
    start: Instant,
}

struct Open {
    number: u32,
    fit: Fit,
    adapter: Adapter,
    /// What it told last: said once in the log.
    stands: Option<Bus>,
}

/// What ended a sleep.
struct Woken {
    folder: bool,
    bell: bool,
    adapter: PollFlags,
}

impl Line {
    fn watch(nodes: Nodes, bell: Bell, asked: Receiver<Act>, sink: Sink) -> io::Result<Line> {
        let watch = FolderWatch::of(&nodes.folder, folder_watch::NODES)?;
        Ok(Line {
            nodes,
            watch,
            bell,
            asked,
            sink,
            follower: Follower::new(NAME),
            open: None,
            again: None,
            told_busy: false,
            start: Instant::now(),
        })
    }

    fn run(&mut self) -> io::Result<()> {
        // After the watch is set: what comes in between is seen twice rather than not at all.
        self.look();
        loop {
            self.carry_out();
            let woken = self.sleep()?;
            if woken.folder && self.read_folder()? {
                self.look();
            }
            if woken.bell {
                self.take_acts();
            }
            if !woken.adapter.is_empty() {
                self.read_adapter(woken.adapter);
            }
            if self.again.take_if(|at| *at <= Instant::now()).is_some() {
                self.begin();
            }
            self.follower.tick(self.start.elapsed());
        }
    }

    fn sleep(&self) -> io::Result<Woken> {
        let due = self.follower.deadline().map(|due| self.start + due);
        let until = [due, self.again].into_iter().flatten().min();
        let mut waits = vec![
            PollFd::new(&self.watch, PollFlags::IN),
            PollFd::new(&self.bell, PollFlags::IN),
        ];
        if let Some(open) = &self.open {
            waits.push(PollFd::new(&open.adapter, PollFlags::IN | PollFlags::PRI));
        }
        bell::sleep(&mut waits, until)?;
        Ok(Woken {
            folder: !waits[0].revents().is_empty(),
            bell: !waits[1].revents().is_empty(),
            adapter: waits.get(2).map_or(PollFlags::empty(), PollFd::revents),
        })
    }

    /// Whether an adapter came, went, or may be opened now.
    fn read_folder(&self) -> io::Result<bool> {
        let mut ours = false;
        self.watch.heard(|name, what| {
            let lost = what.contains(ReadFlags::QUEUE_OVERFLOW);
            ours |= lost || name.is_some_and(|name| name.to_bytes().starts_with(b"cec"));
        })?;
        Ok(ours)
    }

    /// Takes the best adapter, if it is better than the one there is.
    fn look(&mut self) {
        let path = self.open.as_ref().map(|open| self.nodes.path(open.number));
        if path.is_some_and(|path| !path.exists()) {
            self.lose("it was pulled out");
        }
        let number = self.open.as_ref().map(|open| open.number);
        let Some((fit, number, adapter)) = self.nodes.best(number) else {
            return;
        };
        if self.open.as_ref().is_some_and(|open| open.fit <= fit) {
            return;
        }
        if let Some(open) = &self.open {
            open.adapter.release();
            self.lose("there is a better one");
        }
        tracing::info!("TV: adapter cec{number} ({})", adapter.name);
        self.open = Some(Open {
            number,
            fit,
            adapter,
            stands: None,
        });
        self.begin();
    }

    /// Follows and claims, now or later.
    fn begin(&mut self) {
        let Some(open) = &self.open else {
            return;
        };
        let begun = open
            .adapter
            .follow()
            .and_then(|()| open.adapter.claim(NAME));
        self.again = None;
        if let Err(why) = begun {
            if !std::mem::replace(&mut self.told_busy, true) {
                tracing::warn!("TV: cec{}: tried each {BUSY:?}: {why}", open.number);
            }
            self.again = Some(Instant::now() + BUSY);
        }
    }

    fn lose(&mut self, why: &str) {
        if let Some(open) = self.open.take() {
            tracing::info!("TV: adapter cec{} is gone: {why}", open.number);
            self.again = None;
            self.told_busy = false;
            self.follower.bus(Bus::Gone, self.start.elapsed());
        }
    }

    fn take_acts(&mut self) {
        self.bell.silence();
        let now = self.start.elapsed();
        while let Ok(act) = self.asked.try_recv() {
            self.follower.act(act, now);
        }
    }

    fn read_adapter(&mut self, ready: PollFlags) {
        // What happened to it comes before what it heard after that.
        let read = self.read_events().and_then(|()| self.read_messages());
        match read {
            Err(why) => self.lose(&why.to_string()),
            Ok(()) if ready.intersects(PollFlags::ERR | PollFlags::HUP) => {
                self.lose("it was pulled out");
            }
            Ok(()) => return,
        }
        self.look();
    }

    fn read_events(&mut self) -> io::Result<()> {
        while let Some(open) = &mut self.open {
            let Some(news) = open.adapter.event()? else {
                return Ok(());
            };
            match news {
                News::Bus(stands) => {
                    if open.stands != Some(stands) {
                        say(open.number, stands);
                    }
                    open.stands = Some(stands);
                    self.follower.bus(stands, self.start.elapsed());
                }
                News::OfTv => {
                    open.adapter.release();
                    self.lose("it is a TV's own");
                    self.look();
                }
                News::Lost(count) => tracing::warn!("TV: {count} messages came too fast"),
                News::Other => {}
            }
        }
        Ok(())
    }

    fn read_messages(&mut self) -> io::Result<()> {
        while let Some(open) = &mut self.open {
            let Some(news) = open.adapter.hear()? else {
                return Ok(());
            };
            let News::Bus(news) = news else {
                continue;
            };
            if let Bus::Received(frame) = news {
                tracing::debug!("TV: heard {frame}");
            }
            self.follower.bus(news, self.start.elapsed());
            // One at a time: what a message leads to goes out before the next is looked at.
            self.carry_out();
        }
        Ok(())
    }

    /// Does what the follower wants done.
    fn carry_out(&mut self) {
        loop {
            let orders = self.follower.orders();
            if orders.is_empty() {
                return;
            }
            for order in orders {
                match order {
                    Order::Send(frame) => self.send(&frame),
                    Order::Tell(told) => {
                        tracing::info!("TV: {told}");
                        if let Some(news) = news(told) {
                            (self.sink)(news);
                        }
                    }
                }
            }
        }
    }

    fn send(&mut self, frame: &cec::Frame) {
        let sent = match &mut self.open {
            Some(open) => open.adapter.send(frame),
            None => Err(io::ErrorKind::NotConnected.into()),
        };
        match sent {
            Ok(()) => tracing::debug!("TV: says {frame}"),
            Err(why) => {
                tracing::debug!("TV: cannot say {frame}: {why}");
                let failed = Bus::Sent(Sent::Failed);
                self.follower.bus(failed, self.start.elapsed());
            }
        }
    }
}

fn say(number: u32, stands: Bus) {
    if let Bus::Claimed { address, place } = stands {
        tracing::info!("TV: cec{number}: address {address}, plugged in at {place}");
    } else {
        tracing::info!("TV: cec{number}: no address yet");
    }
}

/// What the core wants to know of it.
fn news(told: Told) -> Option<TvNews> {
    Some(match told {
        Told::Left => TvNews::Left,
        Told::Chosen => TvNews::Chosen,
        Told::Standby => TvNews::Standby,
        Told::Deck(key) => TvNews::Key(match key {
            DeckKey::Play => Key::Play,
            DeckKey::Pause => Key::Pause,
            DeckKey::Stop => Key::Stop,
            DeckKey::Next => Key::Next,
            DeckKey::Previous => Key::Previous,
            DeckKey::Forward => Key::Forward,
            DeckKey::Rewind => Key::Rewind,
        }),
        Told::Volume(by) => TvNews::Volume(match by {
            cec::VolumeBy::Nobody => VolumeBy::Nobody,
            cec::VolumeBy::Tv => VolumeBy::Tv,
            cec::VolumeBy::Amplifier => VolumeBy::Amplifier,
        }),
        Told::Level(cec::Level { volume, muted }) => TvNews::Level(Level { volume, muted }),
        Told::Language(language) => TvNews::Language(language),
        Told::Shown | Told::NotWoken => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_without_a_bus_does_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let sink = Box::new(|news| panic!("{news:?} of nobody"));
        let tv = Tv::start(folder.path(), Some("HDMI-A-1".into()), sink).unwrap();
        tv.perform(TvAct::Show);
        tv.perform(TvAct::Sleep { tv: true });
        // What is no adapter comes and goes.
        let node = folder.path().join("cec0");
        std::fs::write(&node, "no device").unwrap();
        std::fs::remove_file(&node).unwrap();
        // The thread takes what waits, however often: else this many would not fit.
        for _ in 0..10 {
            tv.perform(TvAct::Deck(TvDeck::Playing));
        }
        assert!(Tv::start(&folder.path().join("none"), None, Box::new(|_| {})).is_err());
    }
}
