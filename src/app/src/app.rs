//! The box as one value: which screen it is on, what happens to it, and what it shows.
//!
//! How it goes from page to page is in `browsing`, how a film is opened and ends in `attempts`.
//! Invariants: at most one film and one player are open, of the same session; Back leads to where
//! one came from, and home in the end; news of a session or a question that is over changes
//! nothing.

use std::time::Duration;

use crate::add_ons_page::AddOnsPage;
use crate::address_page::AddressPage;
use crate::backup::BackupPage;
use crate::choices_page::ChoicesPage;
use crate::clock::Clock;
use crate::code_page::CodePage;
use crate::coming::{Autoplay, Coming};
use crate::context_page::ContextPage;
use crate::drives::Drives;
use crate::drives_page::DrivesPage;
use crate::film_page::FilmPage;
use crate::fixed_page::FixedPage;
use crate::hand::{Hand, Stroke};
use crate::join_page::JoinPage;
use crate::language_page::LanguagePage;
use crate::learn_page::LearnPage;
use crate::listed_page::ListedPage;
use crate::name_page::NamePage;
use crate::network::Network;
use crate::network_page::NetworkPage;
use crate::opening::Opening;
use crate::phone_page::{Asked as PhoneAsked, PhonePage};
use crate::phones::Phones;
use crate::pin_page::PinPage;
use crate::playing::Playing;
use crate::power::Power;
use crate::power_page::PowerPage;
use crate::prefetch::{Preferences, Prefetch};
use crate::profiles::Profiles;
use crate::profiles_page::ProfilesPage;
use crate::reset_page::ResetPage;
use crate::rest::Rest;
use crate::rows_page::RowsPage;
use crate::search_page::SearchPage;
use crate::seeking::Seeking;
use crate::series_page::SeriesPage;
use crate::settings_page::SettingsPage;
use crate::spoken::{self, Voice};
use crate::status::Lamp;
use crate::strange::Strange;
use crate::taste::Taste;
use crate::texts::TextWish;
use crate::told_page::ToldPage;
use crate::trouble::Trouble;
use crate::updates::Updates;
use crate::updates_page::UpdatesPage;
use crate::wall::Wall;
use crate::who_page::WhoPage;
use crate::zone_page::ZonePage;
use crate::{AddOn, Effect, Event, Household, Key, Language, Library, Press, Time, Viewer, saying};

/// How long a notice stays: time to read two lines.
const NOTICE: Duration = Duration::from_secs(8);

/// Lines that a page key goes over: about as many as a list shows.
const PAGE: usize = 5;

/// The box.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct App {
    /// In which language it speaks.
    pub(crate) language: Language,
    /// What the settings' file wants; over it are the owner's choices (`owner`).
    pub(crate) file: Preferences,
    pub(crate) contrast: bool,
    pub(crate) large_text: bool,
    pub(crate) overscan: u8,
    /// The owner was not asked in yet.
    pub(crate) first_start: bool,
    pub(crate) wall: Wall,
    /// Of the profile that watches now.
    pub(crate) library: Library,
    pub(crate) profiles: Profiles,
    pub(crate) add_ons: Vec<AddOn>,
    /// Words that led to films, the latest first.
    pub(crate) searches: Vec<String>,
    pub(crate) place: Place,
    /// The pages that Back goes through, the latest last; home is behind them all.
    pub(crate) behind: Vec<Place>,
    pub(crate) sessions: u64,
    pub(crate) quests: u64,
    pub(crate) notice: Option<(String, Time)>,
    hand: Hand,
    pub(crate) strange: Strange,
    /// Whether the world was last told that buttons are learnt.
    pub(crate) learns: bool,
    pub(crate) taste: Taste,
    pub(crate) prefetch: Prefetch,
    pub(crate) texts: TextWish,
    /// The episode after the one that is about to end.
    pub(crate) coming: Option<Coming>,
    pub(crate) autoplay: Autoplay,
    /// None: this box is not updated by itself.
    pub(crate) updates: Option<Updates>,
    pub(crate) power: Power,
    pub(crate) lamp: Lamp,
    /// None: nobody tells of drives.
    pub(crate) drives: Option<Drives>,
    pub(crate) rest: Rest,
    pub(crate) voice: Voice,
    /// None: phones cannot reach this box.
    pub(crate) phones: Option<Phones>,
    /// None: nobody tells of the network.
    pub(crate) network: Option<Network>,
    /// None: nobody tells the time.
    pub(crate) clock: Option<Clock>,
    /// Updates so far.
    pub(crate) seq: u64,
    /// The latest time seen.
    pub(crate) now: Time,
}

/// Where the viewer is.
#[derive(Debug)]
pub(crate) enum Place {
    Home,
    Film(FilmPage),
    /// What can be done with a film of the wall.
    Context(Box<ContextPage>),
    Series(SeriesPage),
    Search(SearchPage),
    AddOns(AddOnsPage),
    /// Add-ons that one of them lists.
    Listed(ListedPage),
    Address(AddressPage),
    Code(CodePage),
    Updates(UpdatesPage),
    Power(PowerPage),
    Reset(ResetPage),
    Drives(DrivesPage),
    Language(LanguagePage),
    Zone(ZonePage),
    Learn(LearnPage),
    /// Where phones are let in.
    Phone(PhonePage),
    Network(NetworkPage),
    /// All that can be set, or the first of it.
    Settings(SettingsPage),
    Choices(ChoicesPage),
    /// Which rows the wall has.
    Rows(RowsPage),
    /// It is asked who watches.
    Who(WhoPage),
    /// A PIN is typed.
    Pin(PinPage),
    /// What can be set of profiles.
    Profiles(ProfilesPage),
    /// One gets its name.
    Name(NamePage),
    /// What is told of the box.
    Told(ToldPage),
    /// A phone brings a backup.
    Backup(BackupPage),
    /// A network's password is typed.
    Join(JoinPage),
    /// The box's address is fixed.
    Fixed(FixedPage),
    /// Play was pressed, and nobody has named a source yet.
    Seeking(Seeking),
    Opening(Box<Opening>),
    Playing(Box<Playing>),
    Trouble(Trouble),
}

impl App {
    /// The box at start, on a wall with no film yet, of a household of one.
    pub fn new(library: Library, preferences: Preferences) -> App {
        let viewer = Viewer {
            library,
            searches: Vec::new(),
        };
        App::of(Household::default(), vec![viewer], preferences)
    }

    /// The box at start, with all who watch on it and what they have of their own.
    pub fn of(household: Household, viewers: Vec<Viewer>, preferences: Preferences) -> App {
        let (profiles, viewer) = Profiles::new(household, viewers);
        let library = viewer.library;
        let mut wall = Wall::default();
        wall.set_sieve(profiles.sieve.clone(), &library);
        let metered = preferences.metered;
        let updates = preferences.updates.clone();
        let first_start = preferences.first_start && !library.owner.welcomed;
        let mut app = App {
            language: Language::default(),
            wall,
            library,
            profiles,
            add_ons: Vec::new(),
            searches: viewer.searches,
            place: if first_start {
                Place::Settings(SettingsPage::first_start())
            } else {
                Place::Home
            },
            contrast: false,
            large_text: false,
            overscan: 0,
            first_start,
            behind: Vec::new(),
            sessions: 0,
            quests: 0,
            notice: None,
            hand: Hand::default(),
            strange: Strange::default(),
            learns: false,
            taste: Taste::new(preferences.board.clone(), preferences.wish.clone()),
            prefetch: Prefetch::new(&preferences),
            texts: preferences.texts.clone(),
            coming: None,
            autoplay: Autoplay::default(),
            updates: updates.map(|it| Updates::new(it, metered)),
            power: Power::new(preferences.tv, preferences.ends, preferences.volume),
            lamp: Lamp::new(preferences.lamp),
            drives: preferences.drives.clone().map(Drives::new),
            rest: Rest::new(preferences.rest),
            voice: Voice::default(),
            phones: preferences.phones.then(Phones::default),
            network: preferences.network.then(Network::default),
            clock: preferences.clock.then(Clock::default),
            file: preferences,
            seq: 0,
            now: Time::default(),
        };
        app.obey();
        app.turn_language();
        app.turn_profiles(&mut Vec::new());
        app
    }

    /// Takes in one event and says what must be done in the world, in order.
    pub fn update(&mut self, event: Event, now: Time) -> Vec<Effect> {
        let _speaks = saying::speak(self.language);
        self.now = self.now.max(now);
        self.seq += 1;
        let mut effects = Vec::new();
        self.end_rest(&event, &mut effects);
        let came = !spoken::is_of_viewer(&event);
        self.take_in(event, &mut effects);
        self.turn(came, &mut effects);
        effects
    }

    pub(crate) fn notify(&mut self, text: String) {
        self.notice = Some((text, self.now + NOTICE));
    }

    pub(crate) fn key(&mut self, key: Key, press: Press, effects: &mut Vec<Effect>) {
        self.voice_key(key, press, effects);
        let waits = key == Key::Ok && self.has_context();
        let film = self.session().is_some();
        match self.hand.feel(key, press, (waits, film), self.now) {
            Stroke::Nothing => {}
            Stroke::As(press) => self.press(key, press, effects),
            Stroke::Long { .. } if key == Key::Ok => {
                self.press(Key::Context, Press::Down, effects);
            }
            // A film is stopped, and no more: its first press may have done that already.
            Stroke::Long { film: true } => self.leave(effects),
            // On the wall its focus stays where it was.
            Stroke::Long { film: false } if matches!(self.place, Place::Home) => {}
            Stroke::Long { film: false } => self.go_home(effects),
        }
    }

    /// A long press of OK does not do what a short one does.
    fn has_context(&self) -> bool {
        match &self.place {
            Place::Home => self.wall.focused().is_some(),
            Place::Film(page) => page.has_context(),
            Place::Series(page) => page.has_context(),
            Place::Rows(_) => true,
            _ => false,
        }
    }

    fn press(&mut self, key: Key, press: Press, effects: &mut Vec<Effect>) {
        let asks = self.profiles.waits && matches!(self.place, Place::Who(_) | Place::Pin(_));
        if asks {
            if press != Press::Up {
                self.page_key(self.as_seen(key), effects);
            }
            return;
        }
        if press == Press::Down && key == Key::Home && !matches!(self.place, Place::Home) {
            self.go_home(effects);
            return;
        }
        if let Place::Playing(playing) = &mut self.place {
            let before = (playing.paused(), playing.seeking(), playing.chosen());
            let step = playing.key(key, press, self.now, effects);
            let save = (playing.paused(), playing.seeking(), playing.chosen()) != before;
            self.take(step, save, effects);
            return;
        }
        if press == Press::Up {
            return;
        }
        let key = self.as_seen(key);
        match key {
            Key::Search | Key::Blue => self.search_for("", effects),
            Key::Favourites if self.session().is_none() => {
                self.go_home(effects);
                self.wall.look_at_list();
            }
            Key::PageUp | Key::PageDown if self.scrolls() => {
                let arrow = if key == Key::PageUp {
                    Key::Up
                } else {
                    Key::Down
                };
                for _ in 0..PAGE {
                    self.page_key(arrow, effects);
                }
            }
            _ => self.page_key(key, effects),
        }
    }

    pub(crate) fn page_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        match &mut self.place {
            Place::Home => self.home_key(key, effects),
            Place::Film(page) => {
                let page = page.clone();
                self.film_key(page, key, effects);
            }
            Place::Series(page) => {
                let asked = page.key(key, &self.library);
                self.series_asked(asked, effects);
            }
            Place::Search(page) => {
                let asked = page.key(key, self.now, &self.library);
                self.search_asked(asked, effects);
            }
            Place::AddOns(page) => {
                let asked = page.key(key);
                self.add_ons_asked(asked, effects);
            }
            Place::Listed(page) => {
                let asked = page.key(key);
                self.new_one_asked(asked, effects);
            }
            Place::Address(page) => {
                let asked = page.key(key);
                self.new_one_asked(asked, effects);
            }
            Place::Code(_) if CodePage::leaves(key) => self.back(effects),
            Place::Updates(page) => {
                let updates = self.updates.as_mut();
                if updates.is_none_or(|updates| page.key(key, updates, effects)) {
                    self.back(effects);
                }
            }
            Place::Power(page) => {
                let page = page.clone();
                self.power_page_key(page, key, effects);
            }
            Place::Drives(page) => {
                let page = page.clone();
                self.drives_page_key(page, key, effects);
            }
            Place::Network(_) => self.network_page_key(key, effects),
            Place::Context(_) => self.context_key(key, effects),
            Place::Settings(_) => self.settings_key(key, effects),
            Place::Choices(page) => {
                let page = page.clone();
                self.choices_key(page, key, effects);
            }
            Place::Rows(page) => {
                let page = page.clone();
                self.rows_key(page, key, effects);
            }
            Place::Who(_) | Place::Pin(_) | Place::Profiles(_) | Place::Name(_) => {
                self.profile_key(key, effects);
            }
            Place::Told(page) => {
                let page = page.clone();
                self.told_key(page, key, effects);
            }
            Place::Backup(page) => {
                let page = page.clone();
                self.backup_key(page, key, effects);
            }
            Place::Join(_) => self.join_page_key(key, effects),
            Place::Fixed(page) => {
                let page = page.clone();
                self.fixed_key(page, key, effects);
            }
            Place::Reset(page) => {
                let page = *page;
                self.reset_page_key(page, key, effects);
            }
            Place::Language(page) => {
                let page = page.clone();
                self.language_page_key(page, key, effects);
            }
            Place::Zone(_) => self.zone_page_key(key, effects),
            Place::Learn(page) => {
                let asked = page.key(key, self.now);
                self.learn_asked(asked, effects);
            }
            Place::Phone(page) => {
                let phones = self.phones.as_ref();
                let asked = phones.map(|phones| page.key(key, phones));
                self.phone_asked(asked.unwrap_or(PhoneAsked::Leave), effects);
            }
            Place::Seeking(seeking) if matches!(key, Key::Back | Key::Stop) => {
                self.place = Place::Film(seeking.page.clone());
            }
            Place::Opening(_) if matches!(key, Key::Back | Key::Stop) => self.leave(effects),
            Place::Trouble(trouble) => {
                if let Some(way) = trouble.key(key) {
                    let attempt = trouble.attempt.clone();
                    self.leave_trouble(way, &attempt, effects);
                }
            }
            Place::Code(_) | Place::Seeking(_) | Place::Opening(_) | Place::Playing(_) => {}
        }
    }
}
