//! A window on the desktop (X11 or Wayland), for developing and for a PC under the TV.
//!
//! winit owns the main thread and tells of keys, sizes and time; softbuffer gives memory that the
//! display server reads. All turns of the scene happen once per round of winit's loop, after its
//! events, so ten keys in a round cost one redraw and a storm of resizes one buffer.
//!
//! F11 is the window's own (fullscreen); every other key is the scene's.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Instant;

use softbuffer::{Context, SoftBufferError, Surface};
use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::{ElementState, StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, OwnedDisplayHandle};
use winit::keyboard::{KeyCode, NamedKey, PhysicalKey};
use winit::platform::wayland::EventLoopBuilderExtWayland;
use winit::platform::x11::{EventLoopBuilderExtX11, WindowAttributesExtX11};
use winit::window::{Fullscreen, Window, WindowId};

use super::choice::{Session, Settings};
use super::pace::{Due, Pace};
use super::{
    Composed, Compositor, Damage, DisplayError, Next, Presented, Presenter, Rect, Scene, Waker,
    keyboard,
};

/// Buffers a display server rotates at most; older ones are composed anew.
const BUFFERS_MAX: usize = 4;

/// An opened connection to the display server.
pub(super) struct WindowLoop {
    events: EventLoop<()>,
    waker: Waker,
    settings: Settings,
}

impl fmt::Debug for WindowLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WindowLoop({:?})", self.settings)
    }
}

impl WindowLoop {
    pub(super) fn open(session: Session, settings: Settings) -> Result<WindowLoop, DisplayError> {
        // winit panics where a library (libxkbcommon) or an extension of the server is missing;
        // for us that is a machine without a window, not a bug.
        let events = std::panic::catch_unwind(|| {
            let mut builder = EventLoop::builder();
            match session {
                Session::Wayland => builder.with_wayland(),
                Session::X11 => builder.with_x11(),
            };
            builder.build()
        });
        let events = match events {
            Ok(Ok(events)) => events,
            Ok(Err(why)) => {
                tracing::debug!("opening {session:?}: {why}");
                let why = format!("the {session:?} display does not answer");
                return Err(DisplayError::NoWindow(why));
            }
            Err(_) => {
                let why = "a library or an extension for windows is missing";
                return Err(DisplayError::NoWindow(why.to_owned()));
            }
        };
        Ok(WindowLoop {
            waker: Waker::window(events.create_proxy()),
            events,
            settings,
        })
    }

    pub(super) fn waker(&self) -> Waker {
        self.waker.clone()
    }

    pub(super) fn run(
        self,
        scene: impl FnOnce(u32, u32) -> Box<dyn Scene>,
    ) -> Result<(), DisplayError> {
        let mut desk = Desk {
            settings: self.settings,
            waker: self.waker,
            make: Some(scene),
            stage: None,
            resized: None,
            turn: false,
            due: Due::Whenever,
            pace: Pace::new(Instant::now()),
            failure: None,
        };
        let ended = self.events.run_app(&mut desk);
        if let Some(why) = desk.failure {
            return Err(why);
        }
        ended.map_err(|why| DisplayError::Lost(why.to_string()))
    }
}

/// The window's side of the loop.
struct Desk<F> {
    settings: Settings,
    waker: Waker,
    /// Until the window is there.
    make: Option<F>,
    stage: Option<(WindowPresenter, Box<dyn Scene>)>,
    /// The newest size that the scene has not been told.
    resized: Option<(u32, u32)>,
    /// A turn is due in this round.
    turn: bool,
    due: Due,
    pace: Pace,
    failure: Option<DisplayError>,
}

impl<F: FnOnce(u32, u32) -> Box<dyn Scene>> ApplicationHandler for Desk<F> {
    fn new_events(&mut self, _: &ActiveEventLoop, cause: StartCause) {
        if matches!(cause, StartCause::ResumeTimeReached { .. }) {
            self.turn = true;
        }
    }

    fn resumed(&mut self, events: &ActiveEventLoop) {
        let Some(make) = self.make.take() else { return };
        match WindowPresenter::open(events, &self.settings) {
            Ok(presenter) => {
                let (width, height) = presenter.size();
                self.pace.set_rate(presenter.refresh_mhz());
                self.stage = Some((presenter, make(width, height)));
                self.turn = true;
            }
            Err(why) => {
                self.failure = Some(why);
                events.exit();
            }
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, (): ()) {
        self.turn = true;
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some((presenter, scene)) = &mut self.stage else {
            return;
        };
        match event {
            WindowEvent::CloseRequested => {
                scene.closed();
                self.turn = true;
            }
            WindowEvent::Resized(size) if size.width > 0 && size.height > 0 => {
                self.resized = Some((size.width, size.height));
                self.pace.set_rate(presenter.refresh_mhz());
            }
            WindowEvent::Moved(_) => self.pace.set_rate(presenter.refresh_mhz()),
            WindowEvent::RedrawRequested => presenter.expose(),
            WindowEvent::KeyboardInput {
                event,
                is_synthetic,
                ..
            } => {
                let pressed = event.state == ElementState::Pressed;
                // A key already held when the window gets the focus was meant for another one;
                // its release still ends what it began here.
                if is_synthetic && pressed {
                    return;
                }
                let f11 = event.logical_key == NamedKey::F11
                    || event.physical_key == PhysicalKey::Code(KeyCode::F11);
                if f11 {
                    if pressed && !event.repeat {
                        presenter.toggle_fullscreen();
                    }
                } else if let Some((key, press)) = keyboard::key(&event) {
                    scene.key(key, press);
                    self.turn = true;
                }
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        let Some((presenter, scene)) = &mut self.stage else {
            return;
        };
        if let Some((width, height)) = self.resized.take()
            && presenter.size() != (width, height)
        {
            presenter.resize(width, height);
            scene.resized(width, height);
            self.turn = true;
        }
        if std::mem::take(&mut self.turn) {
            self.waker.answer();
            let next: Next = scene.turn(presenter, Instant::now());
            self.due = self.pace.due(next, Instant::now());
        }
        match self.due {
            Due::Never => events.exit(),
            Due::Whenever => events.set_control_flow(ControlFlow::Wait),
            Due::At(at) => events.set_control_flow(ControlFlow::WaitUntil(at)),
        }
    }
}

/// Composes into memory shared with the display server.
struct WindowPresenter {
    compositor: Compositor,
    surface: Surface<OwnedDisplayHandle, Rc<Window>>,
    window: Rc<Window>,
    /// Damage of the commits before, newest first: a buffer that comes back after some commits
    /// lacks what they changed.
    before: VecDeque<Damage>,
    /// The display server refused once; said once.
    refused: bool,
}

impl WindowPresenter {
    fn open(
        events: &ActiveEventLoop,
        settings: &Settings,
    ) -> Result<WindowPresenter, DisplayError> {
        let (width, height) = settings.size;
        let fullscreen = settings.fullscreen.then_some(Fullscreen::Borderless(None));
        let attributes = Window::default_attributes()
            .with_title(&settings.title)
            // Class and instance, which Wayland calls the app id: what a desktop groups by.
            .with_name("matinee", "matinee")
            .with_inner_size(PhysicalSize::new(width, height))
            // Below this no text of ours can be read.
            .with_min_inner_size(PhysicalSize::new(320, 180))
            .with_fullscreen(fullscreen);
        let failed = |why: &dyn fmt::Display| DisplayError::NoWindow(why.to_string());
        let window = events
            .create_window(attributes)
            .map_err(|why| failed(&why))?;
        let window = Rc::new(window);
        let context = Context::new(events.owned_display_handle()).map_err(|why| failed(&why))?;
        let surface = Surface::new(&context, window.clone()).map_err(|why| failed(&why))?;
        let size = window.inner_size();
        window.set_cursor_visible(!settings.fullscreen);
        Ok(WindowPresenter {
            compositor: Compositor::new(size.width.max(1), size.height.max(1)),
            surface,
            window,
            before: VecDeque::new(),
            refused: false,
        })
    }

    /// Thousandths of a refresh a second, of the monitor the window is on.
    fn refresh_mhz(&self) -> Option<u32> {
        self.window.current_monitor()?.refresh_rate_millihertz()
    }

    fn resize(&mut self, width: u32, height: u32) {
        self.compositor.resize(width, height);
        self.before.clear();
    }

    fn toggle_fullscreen(&mut self) {
        let whole = Some(Fullscreen::Borderless(None));
        let cover = self.window.fullscreen().is_none();
        self.window.set_fullscreen(if cover { whole } else { None });
        // A TV has no mouse: over a whole screen the pointer would only be in the way.
        self.window.set_cursor_visible(!cover);
    }

    /// The desktop lost what was there: shows it again without asking the scene.
    fn expose(&mut self) {
        self.compositor.damage_all();
        self.present();
    }

    fn draw(&mut self, damage: Damage) -> Result<(), SoftBufferError> {
        let (width, height) = self.compositor.size();
        let at_least_one = |pixels| NonZeroU32::new(pixels).unwrap_or(NonZeroU32::MIN);
        self.surface
            .resize(at_least_one(width), at_least_one(height))?;
        let mut buffer = self.surface.buffer_mut()?;
        let mut missing = damage.clone();
        match buffer.age() as usize {
            age if age >= 1 && age - 1 <= self.before.len() => {
                for older in self.before.iter().take(age - 1) {
                    missing.add_all(older);
                }
            }
            // Of unknown content.
            _ => missing.add(Rect::new(0, 0, width, height)),
        }
        self.compositor.compose(&mut buffer, missing.rects());
        self.before.push_front(damage);
        self.before.truncate(BUFFERS_MAX);
        let changed: Vec<softbuffer::Rect> = missing.rects().iter().filter_map(changed).collect();
        self.window.pre_present_notify();
        buffer.present_with_damage(&changed)
    }
}

fn changed(rect: &Rect) -> Option<softbuffer::Rect> {
    Some(softbuffer::Rect {
        x: rect.x,
        y: rect.y,
        width: NonZeroU32::new(rect.width)?,
        height: NonZeroU32::new(rect.height)?,
    })
}

impl Composed for WindowPresenter {
    fn compositor(&self) -> &Compositor {
        &self.compositor
    }

    fn compositor_mut(&mut self) -> &mut Compositor {
        &mut self.compositor
    }

    fn present(&mut self) -> Presented {
        let damage = self.compositor.take_damage();
        if damage.is_empty() {
            return Presented::Nothing;
        }
        match self.draw(damage) {
            Ok(()) => {
                self.refused = false;
                Presented::At(Instant::now())
            }
            Err(why) => {
                // What was not shown is shown with the next commit.
                self.compositor.damage_all();
                if !std::mem::replace(&mut self.refused, true) {
                    tracing::warn!("the window takes no picture: {why}");
                }
                Presented::Refused
            }
        }
    }
}
