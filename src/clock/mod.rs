//! What time it is where the box stands, told to the core while something that is shown goes by it.
//!
//! A thread sleeps until the minute turns, by a timer of the kernel's on the clock that people set
//! (timerfd with `TFD_TIMER_CANCEL_ON_SET`). It ends at the turn itself, and at once when the clock
//! is set, by the network or by hand; a sleep of so many seconds would end late, and sleep through
//! that. While nothing goes by the time the timer is off, and nothing wakes.
//!
//! A box whose clock has no battery begins in another year, so there the time counts only once the
//! network has set it. The kernel knows that too (adjtimex, `STA_UNSYNC`), but nobody may ask it in
//! the sandbox of the unit (`ProtectClock=`), and it would have to be asked again and again:
//! systemd-timesyncd puts a file there when it has set the clock, which wakes whoever waits for it
//! (inotify). What was right once stays right.
//!
//! Zones and their rules are jiff's, of the system's database where there is one. Which zone a
//! viewer is offered is the core's to say (`app::Zone`).

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use app::{ClockAct, ClockNews, Here, TimeOfDay, Zone};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::event::{PollFd, PollFlags};
use rustix::fs::inotify::WatchFlags;
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};

use crate::bell::{self, Bell};
use crate::folder_watch::FolderWatch;

/// systemd-timesyncd(8): there once it has set the clock since the machine was started.
pub const SET_FILE: &str = "/run/systemd/timesync/synchronized";

/// The time is told so often.
const MINUTE_S: i64 = 60;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Takes news. It may wait for the core.
pub type Sink = Box<dyn Fn(ClockNews) + Send>;

/// What the clock goes by.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// A file that is there once the clock is right; none: it is taken as right.
    pub set: Option<PathBuf>,
    /// The zone that the settings name.
    pub zone: Option<String>,
    /// And that was chosen on the box, which comes first.
    pub chosen: Option<Zone>,
}

/// The hand on the clock.
#[derive(Debug)]
pub struct Clock {
    asked: Arc<Mutex<Asked>>,
    bell: Bell,
}

/// What is asked of the thread.
#[derive(Debug, Clone, Copy)]
struct Asked {
    tells: bool,
    zones: bool,
    chosen: Option<Zone>,
}

/// No clock can be had.
#[derive(Debug, thiserror::Error)]
#[error("the time cannot be told ({tried}): {source}")]
pub struct ClockError {
    tried: String,
    source: io::Error,
}

fn failed(tried: impl Into<String>) -> impl FnOnce(io::Error) -> ClockError {
    let tried = tried.into();
    move |source| ClockError { tried, source }
}

impl Clock {
    /// Tells the time from now on, as long as the process lives.
    ///
    /// # Errors
    /// The process may open nothing more, or whether the clock is right cannot be watched.
    pub fn start(config: Config, sink: Sink) -> Result<Clock, ClockError> {
        Clock::turning(config, sink, MINUTE_S)
    }

    /// As [`Clock::start`], and so many seconds are a minute.
    fn turning(config: Config, sink: Sink, turn_s: i64) -> Result<Clock, ClockError> {
        let asked = Asked {
            tells: true,
            zones: false,
            chosen: config.chosen,
        };
        let asked = Arc::new(Mutex::new(asked));
        let bell = Bell::new().map_err(failed("a bell"))?;
        let mut hand = Hand {
            bell: bell.clone(),
            asked: Arc::clone(&asked),
            timer: Timer::new(turn_s).map_err(failed("a timer"))?,
            zones: Zones::of(&config),
            wait: config.set.map(Wait::new).transpose()?,
            sink,
        };
        let thread = std::thread::Builder::new().name("clock".to_owned());
        let run = move || {
            if let Err(why) = hand.run() {
                tracing::error!("the time is told no more: {why}");
            }
        };
        thread.spawn(run).map_err(failed("a thread"))?;
        Ok(Clock { asked, bell })
    }

    /// Never waits.
    pub fn perform(&self, act: ClockAct) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match act {
            ClockAct::Tell(on) => asked.tells = on,
            ClockAct::Zones => asked.zones = true,
            ClockAct::Be(zone) => asked.chosen = zone,
        }
        drop(asked);
        self.bell.ring();
    }
}

/// What the thread has.
struct Hand {
    asked: Arc<Mutex<Asked>>,
    bell: Bell,
    timer: Timer,
    zones: Zones,
    /// None: the clock is right.
    wait: Option<Wait>,
    sink: Sink,
}

impl fmt::Debug for Hand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hand({:?})", self.wait)
    }
}

impl Hand {
    fn run(&mut self) -> io::Result<()> {
        let mut asked = self.heard();
        self.look();
        loop {
            if asked.zones {
                (self.sink)(self.zones.told(Timestamp::now()));
            }
            if asked.tells {
                self.tell();
            }
            // Set meanwhile, it is told anew.
            while !self.timer.set(asked.tells && self.wait.is_none())? {
                self.tell();
            }
            while !self.sleep()? {}
            asked = self.heard();
        }
    }

    /// What is asked now; what is asked once is not asked again.
    fn heard(&mut self) -> Asked {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = *asked;
        asked.zones = false;
        drop(asked);
        self.zones.choose(heard.chosen);
        heard
    }

    fn tell(&self) {
        let right = self.wait.is_none();
        let now = right.then(|| time_of_day(Timestamp::now(), self.zones.here().as_ref()));
        (self.sink)(ClockNews::Time(now));
    }

    /// Sleeps until something happens; true: something that is to be told.
    fn sleep(&mut self) -> io::Result<bool> {
        let mut all = vec![
            PollFd::new(&self.bell, PollFlags::IN),
            PollFd::new(&self.timer.0, PollFlags::IN),
        ];
        if let Some(wait) = &self.wait {
            all.push(PollFd::new(&wait.watch, PollFlags::IN));
        }
        bell::sleep(&mut all, None)?;
        let ready: Vec<bool> = all.iter().map(|it| !it.revents().is_empty()).collect();
        self.bell.silence();
        self.timer.silence();
        let waits = ready.get(2).copied().unwrap_or_default();
        Ok(ready[0] || ready[1] || waits && self.look())
    }

    /// Whether the clock is right; true: from now on.
    fn look(&mut self) -> bool {
        let right = self.wait.take_if(|wait| wait.is_over()).is_some();
        if right {
            tracing::info!("the network has set the clock");
        }
        right
    }
}

/// Wakes at the turns of the minute.
#[derive(Debug)]
struct Timer(OwnedFd, i64);

impl Timer {
    fn new(turn_s: i64) -> io::Result<Timer> {
        let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
        let made = timerfd_create(TimerfdClockId::Realtime, flags)?;
        Ok(Timer(made, turn_s))
    }

    /// At the next turn, or not at all; false: the clock was set since it was read.
    fn set(&self, on: bool) -> io::Result<bool> {
        let turn = || turn_after(Timestamp::now(), self.1);
        let at = |seconds| Itimerspec {
            it_interval: Timespec::default(),
            it_value: Timespec {
                tv_sec: seconds,
                tv_nsec: 0,
            },
        };
        if !on {
            // A zero puts it out.
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &at(0))?;
            return Ok(true);
        }
        let next = turn();
        let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
        match timerfd_settime(&self.0, flags, &at(next)) {
            // What was read before it was set may be of another year.
            Ok(_) => Ok(turn() <= next + self.1 && turn() >= next),
            Err(Errno::CANCELED) => Ok(false),
            Err(why) => Err(why.into()),
        }
    }

    /// It was heard.
    fn silence(&self) {
        // How often it rang, that the clock was set, or that neither was so.
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }
}

/// The first second of the turn after `now`.
fn turn_after(now: Timestamp, turn_s: i64) -> i64 {
    (now.as_second().div_euclid(turn_s) + 1) * turn_s
}

/// The clock is not right yet.
struct Wait {
    file: PathBuf,
    watch: FolderWatch,
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wait({})", self.file.display())
    }
}

impl Wait {
    /// For that file, whose folder may not be there yet, but the folder of that.
    fn new(file: PathBuf) -> Result<Wait, ClockError> {
        let base = file.parent().and_then(Path::parent);
        let base = base.unwrap_or(Path::new("/"));
        let watch = FolderWatch::of(base, WatchFlags::CREATE);
        let watch = watch.map_err(failed(base.display().to_string()))?;
        Ok(Wait { file, watch })
    }

    fn is_over(&self) -> bool {
        // In this order: what comes between two of them is heard the next time.
        let heard = self.watch.heard(|_, _| {});
        let folder = self.file.parent();
        let watched = folder.map(|it| self.watch.add(it, WatchFlags::CREATE));
        for outcome in [Some(heard), watched].into_iter().flatten() {
            if let Err(why) = outcome.or_else(unless_missing) {
                tracing::warn!("whether the clock is right: {}: {why}", self.file.display());
            }
        }
        self.file.exists()
    }
}

/// A folder that is not there yet is waited for.
fn unless_missing(why: io::Error) -> io::Result<()> {
    match why.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(why),
    }
}

/// Which zone the box is in.
#[derive(Debug)]
struct Zones {
    /// Of the settings.
    named: Option<TimeZone>,
    chosen: Option<(Zone, TimeZone)>,
    /// Nobody has set this system up: UTC is nobody's choice.
    bare: bool,
}

impl Zones {
    fn of(config: &Config) -> Zones {
        Zones {
            named: config.zone.as_deref().and_then(zone),
            chosen: None,
            bare: config.set.is_some(),
        }
    }

    fn choose(&mut self, chosen: Option<Zone>) {
        if chosen != self.chosen.as_ref().map(|it| it.0) {
            self.chosen = chosen.and_then(|it| Some((it, zone(it.name())?)));
        }
    }

    /// Where none is chosen; none: nobody has said.
    fn usual(&self) -> Option<TimeZone> {
        self.named.clone().or_else(|| {
            let system = TimeZone::try_system().unwrap_or(TimeZone::UTC);
            let said = !matches!(system.iana_name(), Some("UTC" | "Etc/UTC"));
            (said || !self.bare).then_some(system)
        })
    }

    fn here(&self) -> Option<TimeZone> {
        let chosen = self.chosen.as_ref().map(|it| it.1.clone());
        chosen.or_else(|| self.usual())
    }

    /// How all stand now.
    fn told(&self, now: Timestamp) -> ClockNews {
        let ahead = |it: Zone| Some((it, ahead_min(now, &zone(it.name())?)));
        let usual = self.usual();
        ClockNews::Zones {
            usual: usual.and_then(|it| Some(it.iana_name()?.into())),
            ahead_min: Zone::all().filter_map(ahead).collect(),
        }
    }
}

/// By its name in the database.
fn zone(name: &str) -> Option<TimeZone> {
    let known = TimeZone::get(name);
    known.inspect_err(|why| tracing::warn!("{why}")).ok()
}

fn time_of_day(now: Timestamp, zone: Option<&TimeZone>) -> TimeOfDay {
    TimeOfDay {
        utc_ms: now.as_millisecond().rem_euclid(DAY_MS) as u32,
        here: zone.map(|zone| Here {
            zone: zone.iana_name().unwrap_or_default().into(),
            ahead_min: ahead_min(now, zone),
        }),
    }
}

/// Minutes; no zone of today is a part of one ahead.
fn ahead_min(now: Timestamp, zone: &TimeZone) -> i16 {
    (zone.to_offset(now).seconds() / 60) as i16
}
