//! Starts the box: settings, logs, shells, threads; then the main thread becomes the screen's.
//!
//! The wall waits for nothing but its own files: GStreamer, the torrent shell's network and the
//! demo film are made ready on threads of their own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, mpsc::Receiver};
use std::{thread::JoinHandle, time::Instant};

use anyhow::{Context, Result};
use app::{App, Event, Key, Preferences, Press, Readiness, Row, SupplyFailure, Typed};
use http_server::Server;
use matinee::backup::{self, Backup};
use matinee::board::Board;
use matinee::board::panel::{self, Panel};
use matinee::clock::Clock;
use matinee::commands::{self, FAREWELL};
use matinee::demo::{Demo, DemoNews};
use matinee::display::Display;
use matinee::doorway::{self, Doorway};
use matinee::event_loop::{EventLoop, History, Inbox};
use matinee::figures::{self, Figures};
use matinee::input::{self, Remotes};
use matinee::phones::Phones;
use matinee::player::{Outlets, Outputs, Player};
use matinee::power::{self, Power};
use matinee::pulse::Pulse;
use matinee::remote::{self, Door, Picture};
use matinee::settings::{self, Command, DataFolder, Settings, SettingsError};
use matinee::sources::{self, Own};
use matinee::stage::{Slots, Stage};
use matinee::storage::{self, Storage};
use matinee::tv::{self, Tv};
use matinee::world::{self, World};
use matinee::{addons, engine, incidents, log, pins, screen, speech, web};
use store::{Opened, Store};
use tokio::{runtime::Runtime, sync::watch, time::timeout};
use torrent::Torrents;
use ui::Ui;

/// Where the control API listens when nobody can see a screen and nobody said otherwise.
const HEADLESS_CONTROL: &str = "127.0.0.1:8097";

fn main() -> ExitCode {
    let started = figures::executed_at();
    let done = read_command().and_then(|command| match command {
        Command::Box(settings) => run(started, &settings),
        Command::Stream(settings) => commands::stream(&settings),
        Command::Export { data, file } => commands::export(&data, &file),
        Command::Import {
            data,
            file,
            replace,
        } => commands::import(&data, &file, replace),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("matinee: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(started: Instant, settings: &Settings) -> Result<()> {
    log::start(&settings.log).context("--log")?;
    settings.warn_of_readers();
    let folder = DataFolder::open(&settings.data)?;
    let board = screen::board(settings)?;
    let display = screen::open(settings, board.as_ref())?;
    let runtime = commands::start_runtime()?;
    let (inbox, receiver) = Inbox::new();
    let bench = Bench {
        settings,
        board,
        folder: &folder,
        runtime: &runtime,
        slots: Arc::new(Slots::default()),
        figures: Arc::new(Figures::new(started)),
        start: Instant::now(),
        inbox,
    };
    bench.run(display, receiver)
}

/// The parts that everything else is put together from.
struct Bench<'a> {
    settings: &'a Settings,
    board: Option<Board>,
    folder: &'a DataFolder,
    runtime: &'a Runtime,
    inbox: Inbox,
    slots: Arc<Slots>,
    figures: Arc<Figures>,
    /// Zero of the core's and the UI's clock.
    start: Instant,
}

impl Bench<'_> {
    /// Puts the box together and shows it until it is closed.
    fn run(self, display: Display, receiver: Receiver<(Instant, Event)>) -> Result<()> {
        let waker = display.waker();
        let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || waker.wake());
        let opened = self.store()?;
        let torrents = self.torrents(&opened.library.owner.sharing)?;
        let (library, saved) = watch::channel(Arc::new(opened.library));
        let (household, people) = watch::channel(Arc::new(opened.household.clone()));
        let fetch = web::fetch(self.settings, &opened.store)?;
        let (data, runtime) = (self.folder.path(), self.runtime.handle());
        let files = web::files(fetch.clone(), self.settings, runtime, &self.inbox);
        let own = Own::new(self.settings, &fetch, data, &torrents, runtime);
        let inbox = self.inbox.clone();
        let catalog = web::catalog(fetch.clone(), &own, &opened.store, runtime, inbox);
        let served = addons::serve(self.settings.addons, own.served(catalog::bundled()));
        let _add_ons = self.runtime.block_on(served)?;
        let board = self.board.as_ref();
        let updates = web::updates(self.settings, data, board, runtime, &self.inbox)?;
        let (updates, update_settings) = updates.unzip();
        let (tv, power) = (self.tv(&display), self.power());
        let (panel, storage) = (self.panel(), self.storage());
        let preferences = Preferences {
            tv: tv.is_some().then_some(self.settings.tv),
            ends: power.ends(),
            lamp: panel.has_lamp(),
            drives: storage.is_some().then(|| self.settings.drive_wish()),
            ..self.preferences(update_settings, display.is_bare())
        };
        let posters = web::posters(data, fetch, &catalog, runtime);
        let mut app = App::of(opened.household, opened.viewers, preferences);
        let (rows, mistake) = sources::catalogue(self.settings);
        let films = Arc::new(rows.iter().flat_map(|row| &row.films).cloned().collect());
        let demo = self.demo(&mut app, rows, mistake.or(opened.warning));
        let (views, shown) = watch::channel(Arc::new(app.view()));
        let titles = Doorway {
            catalog: catalog.clone(),
            inbox: self.inbox.clone(),
            films,
            library: saved,
            household: people,
        };
        let (reports, told) = watch::channel(Arc::from(""));
        let belongings = self.belongings(&opened.store, told);
        let door = self.door(&display, &shown, &torrents, (titles, belongings));
        let phones = self.phones(&door)?;
        if self.settings.mpris {
            world::programs(&door, &self.inbox, runtime);
        }
        let _server = self.serve(&display, door)?;

        let player = self.player(display.is_bare(), Arc::clone(&wake))?;
        let world = World {
            speech: world::voice(&player),
            player,
            catalog,
            updates,
            tv,
            power,
            panel,
            storage,
            network: world::network(display.is_bare(), &self.inbox, runtime),
            clock: self.clock(&library),
            phones,
            remotes: self.watch_keys(&display),
            library,
            household,
            store: opened.store,
            inbox: self.inbox.clone(),
            runtime: self.runtime.handle().clone(),
            data: data.to_owned(),
            reports,
            torrents: torrents.clone(),
            files,
        };
        let pulse = Pulse::default();
        let core = start_core(EventLoop {
            app,
            inbox: receiver,
            world,
            views,
            wake: Arc::clone(&wake),
            figures: Arc::clone(&self.figures),
            pulse: pulse.clone(),
            history: History::default(),
            start: self.start,
        })?;
        self.watch_signals(Arc::clone(&wake));
        self.tell_pulse(pulse.clone(), Arc::clone(&wake));

        let posters: ui::PosterLoader = Arc::new(move |poster| posters.bytes(poster));
        let (inbox, slots) = (self.inbox.clone(), Arc::clone(&self.slots));
        let signs = (Arc::clone(&self.figures), pulse);
        let closed = display.run(|width, height| {
            let ui = Ui::new(width, height, posters, wake).expect("the one UI of this thread");
            Box::new(Stage::new(ui, shown, slots, inbox, signs, self.start))
        });

        drop(demo);
        self.inbox.news(Event::Shutdown);
        if core.join().is_err() {
            tracing::error!("the core's thread panicked");
        }
        self.settle(&torrents);
        Ok(closed?)
    }

    /// Says, from the first picture on, that the box is up and alive.
    fn tell_pulse(&self, pulse: Pulse, wake: Arc<dyn Fn() + Send + Sync>) {
        let (nudged, told) = (self.inbox.clone(), self.inbox.clone());
        let up = move || told.news(Event::Shown);
        let alive = Pulse::tell(pulse, up, move || wake(), move || nudged.nudge());
        self.runtime.spawn(alive);
    }

    /// The last pieces are written, if that is done soon.
    fn settle(&self, torrents: &Torrents) {
        let settled = async { timeout(FAREWELL, torrents.settled()).await };
        if self.runtime.block_on(settled).is_err() {
            tracing::warn!("the last pieces could not be written: they will be fetched again");
        }
    }

    /// As its owner chose on the TV, from the first packet on.
    fn torrents(&self, chosen: &app::OwnerSharing) -> Result<Torrents> {
        let inbox = self.inbox.clone();
        let config = engine::of_owner(&self.settings.engine, chosen, self.folder.path());
        let news = move |session, news| inbox.news(Event::Supply(session, news));
        Ok(Torrents::start(
            config,
            self.runtime.handle().clone(),
            Arc::new(news),
        )?)
    }

    fn preferences(&self, updates: Option<app::UpdateSettings>, bare: bool) -> Preferences {
        let facts = self.board.as_ref().map(Board::facts);
        let facts = facts.unwrap_or_default();
        let mut preferences = self.settings.preferences(facts, updates, bare);
        preferences.speech = speech::find().is_some();
        preferences.clock = true;
        preferences
    }

    /// Sound goes out by the machine's own cards where the screen is ours alone too.
    fn player(&self, bare: bool, wake: Arc<dyn Fn() + Send + Sync>) -> Result<Player> {
        let (inbox, slots) = (self.inbox.clone(), Arc::clone(&self.slots));
        let outputs = Outputs {
            news: Arc::new(move |session, news| inbox.news(Event::Player(session, news))),
            frame: Arc::new(move |frame| {
                slots.put_frame(frame);
                wake();
            }),
        };
        let outlets = if bare {
            let sound = &self.settings.sound;
            Outlets::of_machine(sound.card.clone(), sound.passthrough)
        } else {
            Outlets::Desktop
        };
        let runtime = self.runtime.handle().clone();
        Ok(Player::start(runtime, outputs, outlets)?)
    }

    fn store(&self) -> Result<Opened> {
        let folder = self.folder.path();
        let mut opened = pins::store(folder, self.settings.forget_pins, &self.inbox)?;
        if let Some(news) = backup::take_in(folder, &mut opened) {
            self.inbox.news(Event::Backup(news));
        }
        Ok(opened)
    }

    /// Fills the wall, and starts to make or seed the demo film when it is asked for.
    fn demo(&self, app: &mut App, mut rows: Vec<Row>, mistake: Option<String>) -> Option<Demo> {
        if self.settings.demo {
            let film = Demo::film(Readiness::Preparing { percent: 0 });
            rows.insert(0, Row::new("Try it out", vec![film]));
        }
        // The wall is there before the loop runs: the first frame shows it.
        let effects = app.update(Event::Rows(rows), app::Time::default());
        debug_assert!(effects.is_empty(), "a wall needs nothing of the world");
        if let Some(what) = mistake {
            self.inbox.news(Event::Mistake { what });
        }
        for incident in incidents::read(Path::new(incidents::FILE)) {
            self.inbox.news(Event::Incident(incident));
        }
        self.settings.demo.then(|| {
            let inbox = self.inbox.clone();
            let news = move |news| {
                inbox.news(Event::Film(match news {
                    DemoNews::Preparing { percent } => Demo::film(Readiness::Preparing { percent }),
                    DemoNews::Ready { film, .. } => *film,
                    DemoNews::Failed(_) => Demo::film(Readiness::Failed),
                }));
            };
            let folder = self.folder.path().join("demo");
            Demo::start(folder, self.runtime.handle(), Arc::new(news))
        })
    }

    /// Ends the program in order when it is asked to.
    fn watch_signals(&self, wake: Arc<dyn Fn() + Send + Sync>) {
        let slots = Arc::clone(&self.slots);
        self.runtime.spawn(async move {
            commands::ended().await;
            slots.quit();
            wake();
        });
    }

    /// Reads keyboards and remotes where no desktop does.
    fn watch_keys(&self, display: &Display) -> Option<Remotes> {
        if !display.is_bare() {
            return None;
        }
        let keymaps = self.folder.path().join(input::KEYMAPS);
        world::listen(&keymaps, self.inbox.clone(), Arc::clone(&self.figures))
    }

    /// Speaks to the TV where the screen is ours alone: a desktop's is not.
    fn tv(&self, display: &Display) -> Option<Tv> {
        if !display.is_bare() {
            return None;
        }
        let board = self.board.as_ref();
        let connector = board.and_then(|board| board.cec.connector.clone());
        let inbox = self.inbox.clone();
        let sink = Box::new(move |news| inbox.news(Event::Tv(news)));
        // A box that cannot is a box all the same.
        let tv = Tv::start(Path::new(tv::FOLDER), connector, sink);
        tv.inspect_err(|why| tracing::error!("{why}")).ok()
    }

    /// Drives, where root's half of the box tells of them.
    fn storage(&self) -> Option<Storage> {
        let inbox = self.inbox.clone();
        let sink = Arc::new(move |news| inbox.news(Event::Drive(news)));
        let data = self.folder.path().to_owned();
        let started = Storage::start(Path::new(storage::FOLDER), power::folder()?, data, sink);
        let told = started.inspect_err(|why| tracing::warn!("{why}"));
        told.ok()
    }

    /// The lamp and the button of the case, as far as there are any.
    fn panel(&self) -> Panel {
        let pins = self.board.as_ref().map(|board| board.pins);
        let inbox = self.inbox.clone();
        let pressed = Arc::new(move |press| match press {
            Press::Up => inbox.release(Key::PowerButton),
            press => drop(inbox.key(Key::PowerButton, press)),
        });
        let (lamps, buttons) = (Path::new(panel::LAMPS), Path::new(panel::BUTTONS));
        Panel::start(lamps, buttons, pins.unwrap_or_default(), pressed)
    }

    fn clock(&self, library: &watch::Sender<Arc<app::Library>>) -> Option<Clock> {
        let (zone, chosen) = (self.settings.time_zone.clone(), library.borrow().owner.zone);
        world::clock(self.board.is_some(), zone, chosen, &self.inbox)
    }

    fn power(&self) -> Power {
        let inbox = self.inbox.clone();
        let failed = Box::new(move |why| inbox.news(Event::NotEnded { why }));
        Power::new(power::folder(), failed)
    }

    /// Serves the control API when it is asked for, or when there is no other way to see the box.
    fn serve(&self, display: &Display, door: Door) -> Result<Option<Server>> {
        let unseen = self.settings.display == settings::Display::Auto && display.is_headless();
        let default: SocketAddr = HEADLESS_CONTROL.parse().expect("a constant address");
        let Some(listen) = self.settings.control.or(unseen.then_some(default)) else {
            return Ok(None);
        };
        let token = self.settings.control_token.clone();
        let token = token.map_or_else(http_server::new_token, |secret| secret.0);
        let config = remote::Config {
            listen,
            token: token.clone(),
            hosts: Vec::new(),
        };
        let server = self.runtime.block_on(remote::serve(config, door))?;
        let base = format!("http://{}/api/v1", server.address());
        println!("Control API: {base}  token {token}");
        if unseen {
            let bearer = format!("-H 'Authorization: Bearer {token}'");
            let json = "-H 'Content-Type: application/json'";
            println!("There is no display here, so the box runs headless. Try:");
            println!("  curl {bearer} {base}/state");
            println!("  curl {bearer} {json} -d '{{\"key\":\"ok\"}}' {base}/key");
            println!("  curl {bearer} -o screen.png {base}/screen.png");
        }
        Ok(Some(server))
    }

    /// What phones may save and bring, and ask of the box.
    fn belongings(&self, store: &Store, told: watch::Receiver<Arc<str>>) -> Backup {
        let board = self.board.as_ref().map(|board| board.title.clone());
        Backup {
            store: store.clone(),
            inbox: self.inbox.clone(),
            folder: self.folder.path().to_owned(),
            board: board.unwrap_or_default(),
            told,
            start: self.start,
        }
    }

    fn phones(&self, door: &Door) -> Result<Option<Phones>> {
        let start = |listen| {
            let (inbox, runtime) = (self.inbox.clone(), self.runtime.handle().clone());
            Phones::start(self.folder.path(), listen, door.clone(), inbox, runtime)
        };
        let phones = self.settings.phones.map(start).transpose();
        phones.context("starting the phones' thread")
    }

    fn door(
        &self,
        display: &Display,
        views: &watch::Receiver<Arc<app::View>>,
        torrents: &Torrents,
        (titles, belongings): (Doorway, Backup),
    ) -> Door {
        let (keys, opened) = (self.inbox.clone(), self.inbox.clone());
        let (typed, jumped) = (self.inbox.clone(), self.inbox.clone());
        let (slots, waker) = (Arc::clone(&self.slots), display.waker());
        let (figures, torrents) = (Arc::clone(&self.figures), torrents.clone());
        Door {
            views: views.clone(),
            keys: Arc::new(move |key, press| keys.key(key, press)),
            typed: Arc::new(move |text| typed.told(Event::Typed(Typed(text)))),
            jump: Arc::new(move |to| jumped.told(Event::Jump(to))),
            open: Arc::new(move |handed| {
                let (torrents, inbox) = (torrents.clone(), opened.clone());
                let open = move || doorway::open(&torrents, &inbox, &handed);
                Box::pin(async move {
                    // It reads and writes files.
                    tokio::task::spawn_blocking(open)
                        .await
                        .unwrap_or_else(|panic| Err(SupplyFailure::Broken(panic.to_string())))
                })
            }),
            screen: Arc::new(move || {
                let asked = slots.ask_snapshot();
                waker.wake();
                Box::pin(async move {
                    let shot = asked?.await.ok()?;
                    Some(Picture {
                        width: shot.width,
                        height: shot.height,
                        rgb: shot.rgb(),
                    })
                })
            }),
            figures: Arc::new(move || figures.json()),
            titles: Arc::new(titles),
            belongings: Arc::new(belongings),
        }
    }
}

/// Starts the core's thread.
fn start_core(event_loop: EventLoop) -> Result<JoinHandle<()>> {
    log::report_panics(event_loop.history.clone());
    let thread = std::thread::Builder::new().name("core".to_owned());
    thread
        .spawn(move || {
            let store = event_loop.run();
            if !store.flush(FAREWELL) {
                tracing::warn!("the last position could not be written");
            }
        })
        .context("starting the core's thread")
}

/// What was asked for; ends the program for `--help`, `--version` and a wrong command line.
fn read_command() -> Result<Command> {
    match Command::read(std::env::args_os()) {
        Err(SettingsError::Usage(usage)) => usage.exit(),
        read => Ok(read?),
    }
}
