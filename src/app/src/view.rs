//! What to show: a value that says all of the screen. The UI draws it, the control API tells it.
//!
//! Texts are ready to read; nothing that shows a view decides anything. Parts that are large and
//! seldom change are behind `Arc`, so a view is cheap to make and a reader can tell by the pointer
//! that nothing changed.

mod people;
mod playing;

use std::fmt;
use std::sync::Arc;

use crate::{Button, FilmId, Key, Language, Poster, Session};

pub use self::people::{PinView, ProfileView, WhoView, people};
pub use self::playing::{
    BufferingView, ControlsView, DeckView, FactView, NextView, PanelView, PlayingView, StillView,
};

#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct View {
    /// Counts the updates that made it; a higher one is newer.
    pub seq: u64,
    /// What its words are in.
    pub language: Language,
    pub screen: Screen,
    /// The box stands by, or rests with the screen off: nothing of this is to be seen.
    pub dark: bool,
    /// What lies over it while nobody presses a key.
    pub resting: Resting,
    /// A short message at the edge; leaves by itself.
    pub notice: Option<String>,
    /// How loud it is, for a moment after a key for that.
    pub volume: Option<VolumeView>,
    /// How loud the box's own sound is, in hundredths, 0 where it is muted; none: another is turned
    /// up instead.
    pub loudness: Option<u8>,
    /// Letters and lines stand out more.
    pub contrast: bool,
    /// Words are larger.
    pub large_text: bool,
    /// Of each hundred pixels, those at the edges that the screen hides.
    pub overscan: u8,
    /// Marks say where the corners of the picture are.
    pub corners: bool,
    /// Who watches; none: there is but one, or it is asked who.
    pub profile: Option<ProfileView>,
    /// What time it is, where that is shown: "21:05"; none: nobody knows for sure.
    pub clock: Option<String>,
}

/// Of the box, or of the amplifier behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeView {
    /// "Volume 65", "Muted".
    pub text: String,
    /// In hundredths; none: nobody knows.
    pub volume: Option<u8>,
    pub muted: bool,
}

/// How the screen is spared.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Resting {
    #[default]
    Awake,
    /// All is there, and darker.
    Dim,
    /// These drift on black, and nothing else is there.
    Drift(Arc<Vec<Card>>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    Home(HomeView),
    Film(FilmView),
    Series(SeriesView),
    Search(SearchView),
    AddOns(AddOnsView),
    Address(AddressView),
    Code(CodeView),
    Updates(UpdatesView),
    Menu(MenuView),
    Learn(LearnView),
    Phone(PhoneView),
    Network(NetworkView),
    Who(WhoView),
    Pin(PinView),
    Opening(OpeningView),
    Playing(PlayingView),
    Trouble(TroubleView),
}

#[derive(Debug, Clone, PartialEq)]
pub struct HomeView {
    pub rows: Arc<Vec<RowView>>,
    /// Row under focus; 0 when there is none.
    pub row: usize,
    /// Card under focus in each row (rows remember theirs); same length as `rows`.
    pub columns: Vec<usize>,
    /// Places beside the wall, above it: Search, Add-ons, Settings, Power.
    pub menu: Vec<String>,
    /// The one under focus, which the wall does not have then.
    pub menu_focus: Option<usize>,
    /// The first letter of the focused film, while the arrows go from letter to letter.
    pub letter: Option<String>,
    /// What the focused card tells below or above the wall.
    pub title: String,
    /// "2010 · 15 min · Animation · CC BY 3.0"
    pub facts: String,
    pub synopsis: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RowView {
    pub title: String,
    pub cards: Vec<Card>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub film: FilmId,
    pub title: String,
    pub year: Option<u16>,
    pub poster: Option<Poster>,
    /// 0xRRGGBB, top and bottom of a drawn poster.
    pub colours: [u32; 2],
    pub badge: Option<String>,
    /// Thousandths seen, for the bar on the poster.
    pub seen_permille: Option<u16>,
    pub watched: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FilmView {
    pub card: Card,
    pub facts: String,
    pub by: String,
    pub synopsis: String,
    /// "Creative Commons BY 3.0"
    pub licence: Option<String>,
    /// Play, Continue from 12:04, From the start, Sources ...
    pub actions: Vec<ActionView>,
    /// Action under focus.
    pub focus: usize,
    /// The list of sources, when it is open; its focus wins over the actions'.
    pub sources: Option<SourceView>,
    /// Why the film cannot be played yet ("Making the demo film, 42 %"), or not well.
    pub status: Option<String>,
    /// The source that Play takes, and why: "1080p · H.264 · plays without stopping".
    pub choice: Option<String>,
    pub backdrop: Option<Poster>,
    /// "With Ann Other, A. N. Author"
    pub cast: String,
    /// Whom the facts are from, as their terms want it said.
    pub attribution: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SeriesView {
    pub card: Card,
    pub facts: String,
    pub by: String,
    pub synopsis: String,
    pub backdrop: Option<Poster>,
    /// "Season 1", "Specials".
    pub seasons: Arc<Vec<String>>,
    /// The season that is shown.
    pub season: usize,
    /// Its episodes.
    pub episodes: Arc<Vec<EpisodeView>>,
    pub episode: usize,
    /// The focus is on the seasons, not on the episodes.
    pub choosing_season: bool,
    /// Why there are no episodes (yet).
    pub status: Option<String>,
    pub attribution: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EpisodeView {
    /// "1. Pilot"
    pub title: String,
    /// "27 Sep 2010 · 58 min"
    pub facts: String,
    pub synopsis: String,
    pub still: Option<Poster>,
    /// As of [`Card::seen_permille`].
    pub seen_permille: Option<u16>,
    pub watched: bool,
}

/// Where phones are let in.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneView {
    /// Above the list.
    pub title: String,
    pub labels: Vec<String>,
    pub focus: usize,
    pub headline: String,
    pub message: String,
    /// What is to be typed on a phone, if anything: six digits that let it in, or the password of
    /// the box's own network.
    pub digits: Option<String>,
    /// And where, or what is to be opened then.
    pub address: Option<String>,
    /// The same, for a camera.
    pub link: Option<String>,
    /// What a second press of OK would do.
    pub ask: Option<String>,
    pub hint: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SearchView {
    /// Over the page.
    pub heading: String,
    pub text: String,
    /// The keys of the keyboard on the screen, row by row.
    pub keys: Arc<Vec<Vec<String>>>,
    /// Row and column of the key under focus; none: the focus is elsewhere.
    pub key: Option<(usize, usize)>,
    /// What the films are filtered and sorted by; none while there is nothing to filter.
    pub filters: Vec<FilterView>,
    pub cards: Arc<Vec<Card>>,
    /// The card that has the focus, or had it last.
    pub focus: usize,
    /// What the focused card tells.
    pub title: String,
    pub facts: String,
    /// "Looking: 2 of 5 have answered", "Nothing was found".
    pub status: Option<String>,
}

impl SearchView {
    /// The focus is on the cards.
    pub fn on_cards(&self) -> bool {
        self.key.is_none() && self.filters.iter().all(|filter| !filter.focused)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterView {
    /// Its value, in words: "Any year", "The 1920s".
    pub label: String,
    /// It keeps films back, or sorts them.
    pub active: bool,
    pub focused: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AddOnsView {
    /// "Add-ons", or whose list of others this is.
    pub title: String,
    pub items: Arc<Vec<AddOnItem>>,
    /// The line below them, which adds one; it has the focus when that is past the items.
    pub add: Option<AddOnItem>,
    pub focus: usize,
    /// What can be done with the focused one, when that is asked.
    pub panel: Option<PanelView>,
    /// What comes of OK, where that must not go unseen.
    pub ask: Option<String>,
    /// Why there are none (yet).
    pub status: Option<String>,
    /// What can be done here.
    pub hint: String,
}

impl AddOnsView {
    /// What has the focus.
    pub fn focused(&self) -> Option<&AddOnItem> {
        self.items.get(self.focus).or(self.add.as_ref())
    }
}

/// An address, or what else is typed whole.
#[derive(Clone, PartialEq)]
pub struct AddressView {
    /// What is typed: "Add an add-on", "Password of Attic".
    pub title: String,
    pub text: String,
    /// The text is for those alone who see the screen.
    pub secret: bool,
    /// As of [`SearchView::keys`].
    pub keys: Arc<Vec<Vec<String>>>,
    /// Row and column of the key under focus.
    pub key: (usize, usize),
    /// What belongs there.
    pub help: String,
    /// What came of it.
    pub status: Option<String>,
}

impl fmt::Debug for AddressView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.secret { "(secret)" } else { &self.text };
        let view = (&self.title, text, self.key, &self.status);
        write!(f, "Address{view:?}")
    }
}

/// The network: how the box is connected, and which Wi-Fi networks there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkView {
    /// Above the list.
    pub title: String,
    /// Networks, and what else there is to choose; or what is over them.
    pub labels: Vec<String>,
    /// A line more about each: "Known  ·  With a password"; where they end there is none.
    pub notes: Vec<String>,
    /// How strong each is, 0 to 4; none: no network.
    pub bars: Vec<Option<u8>>,
    /// The one that the box is in, or what is chosen now.
    pub chosen: Option<usize>,
    /// 0 when there is none.
    pub focus: usize,
    /// How the box is connected: "Connected to Attic".
    pub headline: String,
    /// More of that: the box's address.
    pub detail: String,
    /// What comes of OK, or why a network was not joined.
    pub message: String,
    /// What comes of OK, where that must not go unseen.
    pub ask: Option<String>,
    /// A network is being joined, or an address tried.
    pub busy: bool,
    pub hint: String,
}

/// An address for a phone, as words and as a code for its camera (ISO/IEC 18004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeView {
    pub title: String,
    /// What it is for, and what to do.
    pub message: String,
    /// The code's text too.
    pub address: String,
    pub hint: String,
}

/// The box's own updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatesView {
    /// Above the list.
    pub title: String,
    /// What can be done.
    pub labels: Vec<String>,
    /// The one under focus; 0 when there is none.
    pub focus: usize,
    /// "Matinee 1.4.0 is ready"
    pub headline: String,
    /// "148 MB · stable"
    pub detail: String,
    pub message: String,
    /// What is new, in words of those who made it.
    pub notes: String,
    /// Thousandths of the work done, while it is under way.
    pub permille: Option<u16>,
    /// What became of the last update.
    pub last: Option<String>,
    /// What comes of OK, where that must not go unseen.
    pub ask: Option<String>,
    pub hint: String,
}

/// A list of what can be done with the box: its settings, its power, drives, languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuView {
    /// Above the list.
    pub title: String,
    /// What can be done; nothing while the machine ends.
    pub labels: Vec<String>,
    /// A line more about each: what it is now; where they end there is none.
    pub notes: Vec<String>,
    /// What holds now, of several.
    pub chosen: Option<usize>,
    /// The one under focus; 0 when there is none.
    pub focus: usize,
    pub headline: String,
    pub message: String,
    /// What comes of OK, where that must not go unseen.
    pub ask: Option<String>,
    pub hint: String,
}

/// A remote is being learnt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnView {
    pub title: String,
    /// All that are asked for, in their order, and what became of each: "Up  ·  learnt".
    pub buttons: Vec<String>,
    /// The one that is asked for; the last, when it is asked whether to keep them.
    pub step: usize,
    /// None: it is asked whether to keep them.
    pub asks: Option<Key>,
    /// What was learnt so far, and is not kept yet.
    pub learnt: Vec<(Button, Key)>,
    /// "Press Up"
    pub headline: String,
    pub message: String,
    /// What there is to say of the last button: "Heard: infrared 0x1f".
    pub heard: Option<String>,
    pub hint: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AddOnItem {
    pub name: String,
    /// "1.2.0 · example.org"
    pub detail: String,
    pub description: String,
    /// What it gives, what it may see, and what to know: a line each.
    pub lines: Vec<String>,
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ActionView {
    pub label: String,
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SourceView {
    pub title: String,
    pub labels: Vec<String>,
    /// A line more about each: why it is where it is in the list; same length as `labels`.
    pub reasons: Vec<String>,
    pub chosen: usize,
    pub focus: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OpeningView {
    pub session: Session,
    /// What Back does.
    pub back: String,
    pub card: Card,
    /// "Finding peers", "4 peers", "Starting"
    pub headline: String,
    /// "1.2 MB/s · about 3 s left"
    pub detail: String,
    /// A word more when it takes long, and what can be done.
    pub hint: Option<String>,
    /// Thousandths of what is needed to start, once that is known.
    pub permille: Option<u16>,
    pub peers: u32,
    /// Bytes a second.
    pub rate: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TroubleView {
    pub title: String,
    /// What happened and what can be done.
    pub message: String,
    pub actions: Vec<ActionView>,
    pub focus: usize,
}
