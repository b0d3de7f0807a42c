//! The front panel: a lamp that tells what the box does, and a button.
//!
//! A lamp is one that the kernel drives, if the board's overlay makes one of the name "front";
//! else what is wired to the pins of the board's file, where the machine is a Raspberry Pi whose
//! pins may be had (`pins`); else there is none. The same holds for the button, which is a key of
//! the kernel's (`input`) wherever that drives one.
//!
//! What a lamp shows is a row of times; a thread of its own sleeps until the next is
//! over or the box does something else. When the process is gone the lamp is the system's
//! (`systemd/lamp`).

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use app::{Press, Status};

use super::{Pins, pins};

/// Where the kernel has lamps.
pub const LAMPS: &str = "/sys/class/leds";

/// Where the kernel has the driver of buttons at pins, and in it the devices that it drives.
pub const BUTTONS: &str = "/sys/bus/platform/drivers/gpio-keys";

/// That of the front panel, as the overlays of `board/` call it.
const LAMP: &str = "front";

/// Words waiting at most: more come only while the lamp cannot be written.
const WAITING: usize = 16;

/// Takes presses of the button. It must not wait for anybody but the core.
pub type Pressed = Arc<dyn Fn(Press) + Send + Sync>;

/// A lamp that is lit or not.
pub(super) trait Lamp: Send {
    /// # Errors
    /// It cannot be told.
    fn light(&mut self, on: bool) -> Result<(), String>;
}

/// What a lamp shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pattern {
    Steady(bool),
    /// Lit, dark, lit and so on, each for so many milliseconds, and again; an even number of them.
    Blinks(&'static [u16]),
}

/// What it tells by that: no two are alike, those that want something of somebody are the
/// quickest, and none shines or blinks beside a film or where people sleep.
fn pattern(status: Status) -> Pattern {
    match status {
        Status::Starting => Pattern::Blinks(&[500, 500]),
        Status::Idle => Pattern::Steady(true),
        Status::Playing => Pattern::Steady(false),
        Status::Updating => Pattern::Blinks(&[150, 150, 150, 1050]),
        Status::Standby => Pattern::Blinks(&[50, 5950]),
        Status::Trouble => Pattern::Blinks(&[120, 120]),
    }
}

impl Pattern {
    /// Whether the lamp is lit when the pattern has lasted for so long, and for how long it stays
    /// so; none: until something else is shown.
    fn at(self, lasted: Duration) -> (bool, Option<Duration>) {
        let times = match self {
            Pattern::Steady(on) => return (on, None),
            Pattern::Blinks(times) => times,
        };
        let round: u64 = times.iter().map(|ms| u64::from(*ms)).sum();
        let round = Duration::from_millis(round);
        let mut left = Duration::from_nanos((lasted.as_nanos() % round.as_nanos().max(1)) as u64);
        for (number, ms) in times.iter().enumerate() {
            let time = Duration::from_millis((*ms).into());
            if left < time {
                return (number % 2 == 0, Some(time - left));
            }
            left -= time;
        }
        (false, None)
    }
}

/// What is shown, by a clock that is given to it.
struct Showing {
    lamp: Box<dyn Lamp>,
    pattern: Pattern,
    since: Instant,
    /// As it was told last; none: not yet, or in vain.
    lit: Option<bool>,
    /// It could not be told, and that was said.
    broken: bool,
}

impl Showing {
    fn new(lamp: Box<dyn Lamp>, now: Instant) -> Showing {
        Showing {
            lamp,
            pattern: pattern(Status::Starting),
            since: now,
            lit: None,
            broken: false,
        }
    }

    fn show(&mut self, status: Status, now: Instant) {
        let wanted = pattern(status);
        if wanted != self.pattern {
            self.pattern = wanted;
            self.since = now;
        }
    }

    /// Lights it as it is to be now; says when it is to be told again.
    fn turn(&mut self, now: Instant) -> Option<Duration> {
        let (on, next) = self.pattern.at(now.saturating_duration_since(self.since));
        if self.lit != Some(on) {
            let told = self.lamp.light(on);
            self.lit = told.is_ok().then_some(on);
            if let Err(why) = told
                && !std::mem::replace(&mut self.broken, true)
            {
                tracing::warn!("the lamp of the front panel cannot be told: {why}");
            }
        }
        next
    }

    /// Until nobody has anything to show any more.
    fn run(mut self, words: &Receiver<Status>) {
        loop {
            let heard = match self.turn(Instant::now()) {
                Some(next) => words.recv_timeout(next),
                None => words.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match heard {
                Ok(status) => self.show(status, Instant::now()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// The hand on the front panel.
pub struct Panel {
    words: Option<SyncSender<Status>>,
}

impl fmt::Debug for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Panel(lamp: {})", self.words.is_some())
    }
}

impl Panel {
    /// Drives what is there: of the kernel's (`lamps`, `buttons`: as [`LAMPS`] and [`BUTTONS`]),
    /// else at these pins. The lamp tells that the box starts.
    pub fn start(lamps: &Path, buttons: &Path, wired: Pins, pressed: Pressed) -> Panel {
        let lamp = kernels(lamps).or_else(|| pins::lamp(wired.led?));
        let words = lamp.and_then(|lamp| {
            let (sender, words) = sync_channel(WAITING);
            let showing = Showing::new(lamp, Instant::now());
            let thread = std::thread::Builder::new().name("lamp".to_owned());
            let started = thread.spawn(move || showing.run(&words));
            started.map_err(|why| tracing::error!("lamp: {why}")).ok()?;
            Some(sender)
        });
        if let Some(pin) = wired.button.filter(|_| !has_button(buttons)) {
            pins::watch(pin, pressed);
        }
        Panel { words }
    }

    /// Whether anything can be shown.
    pub fn has_lamp(&self) -> bool {
        self.words.is_some()
    }

    /// Shows what the box does. Never waits.
    pub fn show(&self, status: Status) {
        let Some(words) = &self.words else {
            return;
        };
        if let Err(TrySendError::Full(_)) = words.try_send(status) {
            tracing::warn!(?status, "the lamp is behind");
        }
    }
}

/// The kernel's lamp of the front panel.
fn kernels(lamps: &Path) -> Option<Box<dyn Lamp>> {
    let folder = lamps.join(LAMP);
    folder.exists().then(|| {
        tracing::info!("the front panel has a lamp: {}", folder.display());
        Box::new(Kernels(folder, None)) as Box<dyn Lamp>
    })
}

/// Its folder, and how bright it can be, once the kernel shows nothing of its own by it any more.
struct Kernels(PathBuf, Option<String>);

impl Lamp for Kernels {
    fn light(&mut self, on: bool) -> Result<(), String> {
        let Kernels(folder, most) = self;
        let told = |path: PathBuf, why: io::Error| format!("{}: {why}", path.display());
        let write = |name: &str, word: &str| {
            let path = folder.join(name);
            fs::write(&path, word).map_err(|why| told(path, why))
        };
        if most.is_none() {
            write("trigger", "none")?;
        }
        // As bright as it can be: one that can be dimmed counts to more than one.
        let most = most.get_or_insert_with(|| {
            let told = fs::read_to_string(folder.join("max_brightness"));
            told.map_or_else(|_| "1".to_owned(), |most| most.trim().to_owned())
        });
        write("brightness", if on { most } else { "0" })
    }
}

/// Whether the kernel drives buttons at pins: then they are keys, and `input` reads them.
fn has_button(buttons: &Path) -> bool {
    let entries = fs::read_dir(buttons).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name());
    // What a driver has beside its devices (sysfs, `drivers/*`).
    names.any(|name| {
        !["bind", "module", "uevent", "unbind"]
            .map(Into::into)
            .contains(&name)
    })
}

/// A button whose level is read, before and now; none: nothing is to be said.
pub(super) fn press(was_down: bool, is_down: bool) -> Option<Press> {
    match (was_down, is_down) {
        (false, true) => Some(Press::Down),
        (true, true) => Some(Press::Repeat),
        (true, false) => Some(Press::Up),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::sync::Mutex;
    use std::sync::mpsc::channel;

    const ALL: [Status; 6] = [
        Status::Starting,
        Status::Idle,
        Status::Playing,
        Status::Updating,
        Status::Standby,
        Status::Trouble,
    ];

    /// Notes what it was told.
    #[derive(Clone, Default)]
    struct Fake(Arc<Mutex<Vec<bool>>>, Arc<Mutex<bool>>);

    impl Lamp for Fake {
        fn light(&mut self, on: bool) -> Result<(), String> {
            if *self.1.lock().unwrap() {
                return Err("broken".into());
            }
            self.0.lock().unwrap().push(on);
            Ok(())
        }
    }

    /// What the lamp is told in a time, and after how many milliseconds.
    fn told(status: Status, ms: u64) -> Vec<(u64, bool)> {
        let start = Instant::now();
        let fake = Fake::default();
        let mut showing = Showing::new(Box::new(fake.clone()), start);
        showing.show(status, start);
        let (mut at, mut seen) = (0, Vec::new());
        while at < ms {
            let next = showing.turn(start + Duration::from_millis(at));
            seen.extend(fake.0.lock().unwrap().drain(..).map(|on| (at, on)));
            let Some(next) = next else { break };
            at += next.as_millis() as u64;
        }
        seen
    }

    #[test]
    fn each_word_is_shown_by_its_own_times() {
        assert_eq!(told(Status::Idle, 60_000), [(0, true)]);
        assert_eq!(told(Status::Playing, 60_000), [(0, false)]);
        let slow = [(0, true), (500, false), (1000, true), (1500, false)];
        assert_eq!(told(Status::Starting, 2000), slow);
        let twice = [
            (0, true),
            (150, false),
            (300, true),
            (450, false),
            (1500, true),
        ];
        assert_eq!(told(Status::Updating, 1600), twice);
        assert_eq!(told(Status::Standby, 6001).len(), 3);
        assert_eq!(told(Status::Trouble, 1200).len(), 10);
    }

    #[test]
    fn no_two_words_are_shown_alike() {
        let shown: BTreeSet<_> = ALL.map(|it| format!("{:?}", pattern(it))).into();
        assert_eq!(shown.len(), ALL.len());
        for status in ALL {
            if let Pattern::Blinks(times) = pattern(status) {
                assert!(times.len() % 2 == 0 && times.iter().all(|ms| *ms >= 50));
            }
        }
    }

    #[test]
    fn another_word_begins_its_own_round() {
        let start = Instant::now();
        let fake = Fake::default();
        let mut showing = Showing::new(Box::new(fake.clone()), start);
        showing.turn(start);
        let later = start + Duration::from_millis(700);
        showing.turn(later);
        showing.show(Status::Trouble, later);
        assert_eq!(showing.turn(later), Some(Duration::from_millis(120)));
        // The same word again begins nothing.
        let last = later + Duration::from_millis(100);
        showing.show(Status::Trouble, last);
        assert_eq!(showing.turn(last), Some(Duration::from_millis(20)));
        assert_eq!(*fake.0.lock().unwrap(), [true, false, true]);
    }

    #[test]
    fn a_lamp_that_could_not_be_told_is_told_again() {
        let start = Instant::now();
        let fake = Fake::default();
        *fake.1.lock().unwrap() = true;
        let mut showing = Showing::new(Box::new(fake.clone()), start);
        showing.show(Status::Idle, start);
        showing.turn(start);
        *fake.1.lock().unwrap() = false;
        showing.turn(start);
        showing.turn(start);
        assert_eq!(*fake.0.lock().unwrap(), [true]);
    }

    #[test]
    fn the_kernels_lamp_is_taken_from_its_trigger_and_lit() {
        let lamps = tempfile::tempdir().unwrap();
        assert!(kernels(lamps.path()).is_none());
        let folder = lamps.path().join(LAMP);
        fs::create_dir(&folder).unwrap();
        for (name, word) in [("trigger", "none [timer]"), ("max_brightness", "255\n")] {
            fs::write(folder.join(name), word).unwrap();
        }
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let mut lamp = kernels(lamps.path()).unwrap();
        lamp.light(true).unwrap();
        assert_eq!((&*read("trigger"), &*read("brightness")), ("none", "255"));
        fs::write(folder.join("trigger"), "none").unwrap();
        lamp.light(false).unwrap();
        assert_eq!(read("brightness"), "0");
        fs::remove_dir_all(&folder).unwrap();
        assert!(lamp.light(true).is_err());
    }

    #[test]
    fn a_panel_shows_what_it_is_told() {
        let lamps = tempfile::tempdir().unwrap();
        let folder = lamps.path().join(LAMP);
        fs::create_dir(&folder).unwrap();
        // Writing to a pipe waits for its reader: what is read was written.
        rustix::fs::mkfifoat(
            rustix::fs::CWD,
            folder.join("brightness"),
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        )
        .unwrap();
        let nobody = Arc::new(|_| {});
        let panel = Panel::start(lamps.path(), lamps.path(), Pins::default(), nobody);
        assert!(panel.has_lamp());
        let read = || fs::read_to_string(folder.join("brightness")).unwrap();
        assert_eq!(read(), "1", "it starts");
        panel.show(Status::Playing);
        assert_eq!(read(), "0");
    }

    #[test]
    fn nothing_is_wired_and_nothing_is_driven() {
        let empty = tempfile::tempdir().unwrap();
        let (sender, presses) = channel();
        let pressed = Arc::new(move |press| sender.send(press).unwrap());
        let panel = Panel::start(empty.path(), empty.path(), Pins::default(), pressed);
        assert!(!panel.has_lamp());
        panel.show(Status::Trouble);
        assert!(presses.try_recv().is_err());
    }

    #[test]
    fn a_button_of_the_kernels_is_known_by_its_driver() {
        let driver = tempfile::tempdir().unwrap();
        assert!(!has_button(&driver.path().join("none")));
        for name in ["bind", "unbind", "uevent"] {
            fs::write(driver.path().join(name), "").unwrap();
        }
        assert!(!has_button(driver.path()));
        fs::create_dir(driver.path().join("front-panel")).unwrap();
        assert!(has_button(driver.path()));
    }

    #[test]
    fn a_level_is_a_press() {
        let levels = [false, true, true, true, false, false];
        let pairs = levels.windows(2);
        let presses: Vec<_> = pairs.filter_map(|pair| press(pair[0], pair[1])).collect();
        let (still, up) = (Press::Repeat, Press::Up);
        assert_eq!(presses, [Press::Down, still, still, up]);
    }
}
