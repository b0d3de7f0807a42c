//! Carries out what the core wants done, each effect by the one shell that does it.
//!
//! The only place that knows more than one shell. `perform` never blocks: each shell queues.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::{
    BackupAct, DriveAct, Effect, Event, Household, Library, PlayerFailure, PlayerNews, Press,
    ProfileId, Reach, Session, SubtitleFile, Text, Title, Zone,
};

use crate::backup;
use crate::board::panel::Panel;
use crate::clock::{self, Clock};
use crate::engine;
use crate::event_loop::Inbox;
use crate::figures::Figures;
use crate::input::{self, Remotes};
use crate::mpris::{self, Desk};
use crate::network::{self, Network};
use crate::phones::Phones;
use crate::pins;
use crate::player::{BEGINS_WITHIN, Media, Player, TextFile, Ticket, Voice};
use crate::power::{self, Power};
use crate::remote::{Door, Handed};
use crate::setting_up;
use crate::speech::{self, Mouth, Speech};
use crate::storage::Storage;
use crate::texts::{self, Beside, OfAddOn};
use crate::tv::Tv;
use crate::updates::Updates;
use catalog::Catalog;
use files::Files;
use media::Source;
use store::Store;
use tokio::runtime::Handle;
use tokio::sync::watch;
use torrent::Torrents;

/// All shells that effects go to.
#[allow(
    missing_debug_implementations,
    reason = "made of callbacks and handles"
)]
pub struct World {
    pub torrents: Torrents,
    pub files: Files,
    pub player: Player,
    pub store: Store,
    pub catalog: Catalog,
    /// None: this box is not updated by itself.
    pub updates: Option<Updates>,
    /// None: there is no TV of ours.
    pub tv: Option<Tv>,
    pub power: Power,
    pub panel: Panel,
    /// None: nobody tells of drives.
    pub storage: Option<Storage>,
    /// None: the network is the desktop's.
    pub network: Option<Network>,
    /// None: nobody tells the time.
    pub clock: Option<Clock>,
    /// None: phones cannot reach this box.
    pub phones: Option<Phones>,
    /// None: the box has no voice.
    pub speech: Option<Speech>,
    /// None: a desktop reads keyboards and remotes, or they cannot be read.
    pub remotes: Option<Remotes>,
    /// The library as it was saved last, for those who show it elsewhere.
    pub library: watch::Sender<Arc<Library>>,
    /// The data folder, where a backup waits.
    pub data: PathBuf,
    /// How the box does, for phones that ask.
    pub reports: watch::Sender<Arc<str>>,
    /// Who watches, as it was saved last, for those who must know what is for whom.
    pub household: watch::Sender<Arc<Household>>,
    pub inbox: Inbox,
    pub runtime: Handle,
}

impl World {
    pub fn perform(&self, effect: Effect) {
        match effect {
            Effect::Open { session, reach, at } => self.open(session, reach, at),
            Effect::Prefetch { torrent, at } => self.torrents.prefetch(torrent, at),
            Effect::StopPrefetch => self.torrents.stop_prefetch(),
            Effect::Close(session) => {
                self.torrents.close(session);
                self.files.close(session);
            }
            Effect::OpenPlayer {
                session,
                at,
                subtitles,
            } => match self.film(session, at) {
                Some(film) => {
                    let subtitles = self.subtitles(session, subtitles);
                    self.player.open(session, Media { film, subtitles }, at);
                }
                None => self.gone(session),
            },
            Effect::ClosePlayer(session) => self.player.close(session),
            Effect::SetPaused(session, paused) => self.player.set_paused(session, paused),
            Effect::Seek { session, to, mode } => self.player.seek(session, to, mode),
            Effect::SetSpeed { session, permille } => self.player.set_speed(session, permille),
            Effect::Measure(session, on) => self.player.measure(session, on),
            Effect::SelectAudio(session, track) => self.player.select_audio(session, track),
            Effect::SelectSubtitle(session, track) => self.player.select_subtitle(session, track),
            Effect::SelectSecond(session, track) => self.player.select_second(session, track),
            Effect::TimeSubtitles(session, times) => self.player.time_subtitles(session, times),
            Effect::Sound(sound) => self.player.set_sound(sound),
            Effect::MakeStills { session, at } => self.player.make_stills(session, at),
            Effect::FitSubtitles(session) => self.player.fit_subtitles(session),
            Effect::StopFitting(session) => self.player.stop_fitting(session),
            Effect::FindTexts { session, video } => self.find_texts(session, video),
            Effect::AddTexts(session, texts) => self.add_texts(session, texts),
            Effect::MoreOf { row, have } => self.catalog.more_of(row, have),
            Effect::Describe(title) => self.catalog.describe(title),
            Effect::FindSources { quest, video } => self.catalog.find_sources(quest, video),
            Effect::Search { quest, text } => self.catalog.search(quest, text),
            Effect::StopQuest(quest) => self.catalog.stop(quest),
            Effect::ChangeAddOn(change) => self.catalog.change(change),
            // How that went comes as news.
            Effect::InstallAddOn(link) => drop(self.catalog.install(link.to_string())),
            Effect::ListAddOns { quest, add_on } => self.catalog.list_add_ons(quest, add_on),
            Effect::Update(act) => {
                if let Some(updates) = &self.updates {
                    updates.perform(act);
                }
            }
            Effect::Share(sharing) => self.torrents.set_terms(engine::terms(&sharing)),
            Effect::Backup(act) => self.backup(act),
            Effect::Diagnosed(text) => drop(self.reports.send_replace(text.into())),
            Effect::Drive(act) => self.drive(act),
            Effect::Tv(act) => {
                if let Some(tv) = &self.tv {
                    tv.perform(act);
                }
            }
            Effect::Power(act) => self.power.perform(act),
            Effect::Status(status) => self.panel.show(status),
            Effect::Phones(act) => {
                if let Some(phones) = &self.phones {
                    phones.perform(act);
                }
            }
            Effect::Network(act) => {
                if let Some(network) = &self.network {
                    network.perform(act);
                }
            }
            Effect::Clock(act) => self.clock.iter().for_each(|clock| clock.perform(act)),
            Effect::LearnButtons(on) => {
                if let Some(remotes) = &self.remotes {
                    remotes.learn(on);
                }
            }
            Effect::KeepButtons(buttons) => {
                if let Some(remotes) = &self.remotes {
                    remotes.keep(buttons);
                }
            }
            Effect::Searched(whose, text) => self.searched(whose, &text),
            Effect::ReadAloud(on) => {
                if let Some(speech) = &self.speech {
                    speech.read_aloud(on);
                }
            }
            Effect::Say(utterance) => {
                if let Some(speech) = &self.speech {
                    speech.say(utterance);
                }
            }
            Effect::SaveLibrary(library) => {
                self.library.send_replace(Arc::new(library.clone()));
                self.store.save(library);
            }
            Effect::SaveHousehold(household) => {
                self.household.send_replace(Arc::new(household.clone()));
                self.store.save_household(household);
            }
            Effect::Pin(act) => pins::perform(act, self.inbox.clone(), &self.runtime),
        }
    }

    fn searched(&self, whose: ProfileId, text: &str) {
        if let Err(error) = self.store.searched(whose, text) {
            tracing::warn!(%error, "a search is not remembered");
        }
    }

    fn drive(&self, act: DriveAct) {
        let Some(storage) = &self.storage else {
            return;
        };
        match act {
            DriveAct::Adopt(id) => storage.adopt(&id),
            DriveAct::KeepOn(id) => {
                let folder = id.and_then(|id| storage.folder(&id));
                let (torrents, not_moved) = (self.torrents.clone(), storage.not_moved());
                // It reads the disk.
                self.runtime.spawn_blocking(move || {
                    if !torrents.keep_in(folder.as_deref()) {
                        not_moved();
                    }
                });
            }
        }
    }

    fn backup(&self, act: BackupAct) {
        let (folder, inbox) = (self.data.clone(), self.inbox.clone());
        // It moves a file.
        self.runtime
            .spawn_blocking(move || backup::perform(&folder, act, &inbox));
    }

    fn open(&self, session: Session, reach: Reach, at: Option<u64>) {
        match reach {
            Reach::Torrent(torrent) => self.torrents.open(session, torrent, at),
            file @ (Reach::Web(_) | Reach::File(_)) => self.files.open(session, file, at),
        }
    }

    /// The bytes of what was opened, that go on at `at`.
    fn film(&self, session: Session, at: Duration) -> Option<Arc<dyn Source>> {
        let of_torrent = self.torrents.film(session, begins(at));
        of_torrent.or_else(|| self.files.film(session))
    }

    fn find_texts(&self, session: Session, video: Title) {
        let Some(film) = self.film(session, Duration::ZERO) else {
            return;
        };
        let (catalog, inbox) = (self.catalog.clone(), self.inbox.clone());
        self.runtime
            .spawn(texts::find(catalog, film, session, video, inbox));
    }

    fn add_texts(&self, session: Session, texts: Vec<Text>) {
        let file = |text: Text| TextFile {
            language: text.language.clone(),
            from: Some(Arc::clone(&text.from)),
            text: Arc::new(OfAddOn {
                catalog: self.catalog.clone(),
                text,
            }),
        };
        let files = texts.into_iter().map(file).collect();
        self.player.add_texts(session, files);
    }

    fn subtitles(&self, session: Session, files: Vec<SubtitleFile>) -> Vec<TextFile> {
        let source = |file: SubtitleFile| {
            let source = self.torrents.source(session, Some(file.file))?;
            Some(TextFile {
                language: file.language,
                from: None,
                text: Arc::new(Beside(source)),
            })
        };
        files.into_iter().filter_map(source).collect()
    }

    /// It was closed between its news and this effect.
    fn gone(&self, session: Session) {
        let why = PlayerFailure::SourceGone("the download was closed".into());
        self.inbox
            .news(Event::Player(session, PlayerNews::Failed(why)));
    }
}

/// A voice, heard by what films are heard by; none: the box has none.
pub fn voice(player: &Player) -> Option<Speech> {
    let Some(engine) = speech::find() else {
        tracing::info!(
            "nothing can be read aloud: {} is not installed",
            speech::PROGRAM
        );
        return None;
    };
    let started = Speech::start(&engine, Arc::new(Heard(player.voice())));
    started
        .inspect_err(|why| tracing::error!("speech: {why}"))
        .ok()
}

/// By the player.
struct Heard(Voice);

impl Mouth for Heard {
    fn open(&self, on: bool) {
        self.0.open(on);
    }

    fn begin(&self) -> u64 {
        self.0.begin().0
    }

    fn say(&self, utterance: u64, rate: u32, samples: &[i16]) -> bool {
        self.0.say(Ticket(utterance), rate, samples)
    }

    fn end(&self, utterance: u64) -> bool {
        self.0.end(Ticket(utterance))
    }

    fn cut(&self) {
        self.0.cut();
    }
}

/// The last moment whose key frame a film may begin at that goes on at `at`; none: at its start.
fn begins(at: Duration) -> Option<Duration> {
    (!at.is_zero()).then(|| at + BEGINS_WITHIN)
}

/// Reads keyboards and remotes for the core, by the owner's keymaps; none where they cannot be
/// read, for a box without keys still has the control API.
pub fn listen(keymaps: &Path, inbox: Inbox, figures: Arc<Figures>) -> Option<Remotes> {
    let sink = Arc::new(move |news| match news {
        input::News::Key(key, Press::Up) => inbox.release(key),
        input::News::Key(key, press) => drop(inbox.key(key, press)),
        input::News::Heard(button, key) => inbox.news(Event::Heard(button, key)),
        input::News::Held(keys) => figures.held(keys),
        input::News::Mistake(what) => inbox.news(Event::Mistake { what }),
    });
    let started = input::start(Path::new(input::FOLDER), keymaps, sink);
    started.inspect_err(|why| tracing::error!("{why}")).ok()
}

/// Watches the network for the core where the machine is `ours` alone: a desktop sees to its own.
pub fn network(ours: bool, inbox: &Inbox, runtime: &Handle) -> Option<Network> {
    let inbox = inbox.clone();
    let config = network::Config {
        bus: None,
        requests: power::folder(),
        country: Some(network::COUNTRY.into()),
        addresses: Some(network::ADDRESSES.into()),
        pages: Some(setting_up::pages()),
    };
    let sink = Arc::new(move |news| inbox.news(Event::Network(news)));
    ours.then(|| Network::start(config, runtime, sink))
}

/// Lets the programs of the desktop see what plays, and drive it, where there is one.
pub fn programs(door: &Door, inbox: &Inbox, runtime: &Handle) {
    let Some(bus) = mpris::session_bus(|name| std::env::var_os(name)) else {
        return;
    };
    let (inbox, open) = (inbox.clone(), Arc::clone(&door.open));
    let desk = Desk {
        views: door.views.clone(),
        tell: Arc::new(move |event| inbox.told(event)),
        open: Arc::new(move |link| {
            let opening = Handed::magnet(link).map(&*open);
            Box::pin(async move {
                match opening {
                    Some(opening) => opening.await.is_ok(),
                    None => false,
                }
            })
        }),
    };
    mpris::start(bus, desk, runtime);
}

/// Tells the core the time, from now on. On an image of ours (`image`) the time counts once the
/// network has set it; elsewhere somebody sees to that.
pub fn clock(
    image: bool,
    zone: Option<String>,
    chosen: Option<Zone>,
    inbox: &Inbox,
) -> Option<Clock> {
    let inbox = inbox.clone();
    let config = clock::Config {
        set: image.then(|| clock::SET_FILE.into()),
        zone,
        chosen,
    };
    let started = Clock::start(config, Box::new(move |news| inbox.news(Event::Clock(news))));
    started.inspect_err(|why| tracing::error!("{why}")).ok()
}
