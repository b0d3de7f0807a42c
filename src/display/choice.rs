//! Which screen to use, and opening it.
//!
//! `auto` takes a window only where one can really be opened: a variable left over from another
//! login must not keep the box from starting.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::str::FromStr;

use super::headless::HeadlessLoop;
use super::kms::KmsLoop;
use super::window::WindowLoop;
use super::{DisplayError, Scene, Waker};

/// `--display`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The best that the machine has.
    #[default]
    Auto,
    Window,
    Headless,
    Kms,
}

impl FromStr for Choice {
    type Err = DisplayError;

    fn from_str(name: &str) -> Result<Choice, DisplayError> {
        match name {
            "auto" => Ok(Choice::Auto),
            "window" => Ok(Choice::Window),
            "headless" => Ok(Choice::Headless),
            "kms" => Ok(Choice::Kms),
            other => Err(DisplayError::Unknown(other.to_owned())),
        }
    }
}

/// How the screen begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Pixels of a headless screen, and of a window at first. 16 to 16384 each way: below, a
    /// screen shows nothing; above, no display server takes it (X11 ends at 32767).
    pub size: (u32, u32),
    /// A window covers its monitor from the start.
    pub fullscreen: bool,
    pub title: String,
    pub screen: ScreenWish,
}

/// How the screen itself is driven, where no desktop does (KMS).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenWish {
    /// The socket that is taken before all others, as the kernel calls it: `HDMI-A-1`.
    pub socket: Option<String>,
    /// The most lines that the board puts out.
    pub lines_max: u16,
    pub mode: sink::Wish,
    /// A film is shown at its own rate, where the screen can.
    pub film_rate: bool,
    /// Of each hundred pixels, those that the screen hides: 0 to [`super::OVERSCAN_MAX`].
    pub overscan: u8,
    /// A film may have a plane of its own, where the card has one.
    pub planes: bool,
    /// Where it is remembered what was plugged in; none: nowhere.
    pub memory: Option<PathBuf>,
}

impl Default for ScreenWish {
    fn default() -> ScreenWish {
        ScreenWish {
            socket: None,
            // That of the largest TVs.
            lines_max: 2160,
            mode: sink::Wish::default(),
            film_rate: true,
            overscan: 0,
            planes: true,
            memory: None,
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            // The demo's size, and one that fits every monitor in use.
            size: (1280, 720),
            fullscreen: false,
            title: "Matinee".to_owned(),
            screen: ScreenWish::default(),
        }
    }
}

/// A screen that was opened and waits to be run.
#[derive(Debug)]
pub struct Display {
    backend: Backend,
    waker: Waker,
    story: String,
}

#[derive(Debug)]
enum Backend {
    Window(Box<WindowLoop>),
    Headless(HeadlessLoop),
    Kms(Box<KmsLoop>),
}

/// Opens the chosen screen. A window must be opened, and run, on the main thread, and only once
/// in a process.
///
/// # Errors
/// When the screen asked for by name is not to be had, or its size is not possible.
pub fn open(choice: Choice, settings: Settings) -> Result<Display, DisplayError> {
    let (width, height) = settings.size;
    if !(16..=16384).contains(&width) || !(16..=16384).contains(&height) {
        return Err(DisplayError::Size(width, height));
    }
    match choice {
        Choice::Kms => kms(&settings),
        Choice::Headless => Ok(headless(&settings, "as asked for")),
        Choice::Window => match session() {
            Some(session) => window(session, settings),
            None => Err(DisplayError::NoWindow(NO_SESSION.to_owned())),
        },
        Choice::Auto => match session() {
            None => kms(&settings).or_else(|why| {
                let why = format!("{NO_SESSION}; {why}");
                Ok(headless(&settings, &why))
            }),
            Some(session) => window(session, settings.clone()).or_else(|why| {
                tracing::warn!("{why}");
                Ok(headless(&settings, &why.to_string()))
            }),
        },
    }
}

const NO_SESSION: &str = "neither WAYLAND_DISPLAY nor DISPLAY leads to a display server";

fn headless(settings: &Settings, why: &str) -> Display {
    let (width, height) = settings.size;
    let screen = HeadlessLoop::new(settings.size);
    Display {
        waker: screen.waker(),
        backend: Backend::Headless(screen),
        story: format!("headless, {width}x{height}: {why}"),
    }
}

fn kms(settings: &Settings) -> Result<Display, DisplayError> {
    let screen = KmsLoop::open(settings.screen.clone())?;
    Ok(Display {
        waker: screen.waker(),
        story: screen.story().to_owned(),
        backend: Backend::Kms(Box::new(screen)),
    })
}

fn window(session: Session, settings: Settings) -> Result<Display, DisplayError> {
    let name = match session {
        Session::Wayland => "Wayland",
        Session::X11 => "X11",
    };
    let screen = WindowLoop::open(session, settings)?;
    Ok(Display {
        waker: screen.waker(),
        backend: Backend::Window(Box::new(screen)),
        story: format!("a window on {name}"),
    })
}

/// Who shows windows here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    Wayland,
    X11,
}

/// Wayland if someone answers at its socket, else X11 if it is spoken of; X11 is tried for real
/// when the window is opened.
fn session() -> Option<Session> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let wayland = set("WAYLAND_DISPLAY").is_some_and(|name| {
        // An absolute name stands for itself (wl_display_connect).
        let folder = set("XDG_RUNTIME_DIR").map(PathBuf::from);
        UnixStream::connect(folder.unwrap_or_default().join(name)).is_ok()
    });
    if wayland || set("WAYLAND_SOCKET").is_some() {
        Some(Session::Wayland)
    } else {
        set("DISPLAY").map(|_| Session::X11)
    }
}

impl Display {
    /// For those who have news for the scene.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Which screen it is, and why: one line for the log.
    pub fn story(&self) -> &str {
        &self.story
    }

    /// Nobody sees it but through snapshots.
    pub fn is_headless(&self) -> bool {
        matches!(self.backend, Backend::Headless(_))
    }

    /// No desktop brings it keys: they are read from the devices themselves.
    pub fn is_bare(&self) -> bool {
        matches!(self.backend, Backend::Kms(_))
    }

    /// Makes the scene for a screen of that many pixels, and drives it until it says
    /// [`super::Next::Quit`].
    ///
    /// # Errors
    /// When the window cannot be made, or the screen is lost.
    pub fn run(self, scene: impl FnOnce(u32, u32) -> Box<dyn Scene>) -> Result<(), DisplayError> {
        match self.backend {
            Backend::Window(screen) => screen.run(scene),
            Backend::Kms(screen) => screen.run(scene),
            Backend::Headless(screen) => {
                screen.run(scene);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_named_as_on_the_command_line() {
        assert_eq!("auto".parse::<Choice>().unwrap(), Choice::Auto);
        assert_eq!("headless".parse::<Choice>().unwrap(), Choice::Headless);
        let why = "tv".parse::<Choice>().unwrap_err().to_string();
        assert!(why.contains("`tv`") && why.contains("headless"), "{why}");
    }

    #[test]
    fn a_screen_that_is_not_there_is_said_so() {
        let why = DisplayError::NoKms("no screen is plugged in".to_owned());
        assert_eq!(
            why.to_string(),
            "no screen can be driven: no screen is plugged in"
        );
    }

    #[test]
    fn a_size_no_screen_has_is_refused() {
        for size in [(0, 720), (1280, 15), (16385, 720)] {
            let settings = Settings {
                size,
                ..Settings::default()
            };
            assert!(matches!(
                open(Choice::Headless, settings),
                Err(DisplayError::Size(..))
            ));
        }
    }
}
