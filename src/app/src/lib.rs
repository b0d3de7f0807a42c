//! What the box is: the screens, what each key does on them, and what must be done in the world.
//!
//! The whole of it is three functions of [`App`]: [`App::update`] (the only mutation; it cannot
//! fail), [`App::view`] (what to show) and [`App::deadline`] (when it wants the next
//! [`Event::Tick`]). Events, effects and views are plain data. Nothing here touches a file, a
//! socket, a clock or a thread, so every behaviour of the box is a story a test can tell.

mod add_on;
mod add_ons;
mod add_ons_page;
mod address_page;
mod app;
mod attempts;
mod backup;
mod browsing;
mod button;
mod chapters;
mod choices;
mod choices_page;
pub mod choosing;
mod clock;
mod code_page;
mod coming;
mod context_page;
mod controls;
mod drives;
mod drives_page;
mod due;
mod effect;
mod erasing;
mod event;
mod film;
mod film_page;
mod finding;
mod fixed;
mod fixed_page;
mod forecast;
mod hand;
mod hangul;
mod household;
mod join_page;
mod key;
mod keyboard;
mod language;
mod language_page;
mod learn_page;
mod letters;
mod library;
mod limit;
mod listed_page;
mod name_page;
mod network;
mod network_page;
mod opening;
mod outlook;
mod own_network;
mod owner;
mod pairing;
mod panels;
mod phone_page;
mod phones;
mod pin_page;
mod playing;
mod plurals;
mod power;
mod power_page;
mod prefetch;
mod profiles;
mod profiles_page;
mod reset_page;
mod rest;
mod rows_page;
mod saying;
mod search_filters;
mod search_page;
mod searching;
mod seeking;
mod series_page;
mod settings_page;
mod sharing;
mod showing;
mod sound;
mod spoken;
mod status;
mod steering;
mod strange;
mod supply;
mod taking;
mod taste;
mod texts;
mod time;
mod title;
mod told_page;
mod trail;
mod trial;
mod trouble;
mod turning;
mod updates;
mod updates_page;
mod view;
mod wall;
mod wall_rows;
mod who_page;
mod words;
mod zone_page;
mod zones;
pub use words::own;

pub use add_on::{AddOn, AddOnChange, Gives, Listed};
pub use app::App;
pub use backup::{BackupAct, BackupNews};
pub use button::Button;
pub use choices::{
    Choices, TextChoice, TextColour, TextLook, TextPlace, TextSize, TextTiming, Zoom,
};
pub use clock::{ClockAct, ClockNews, Here, TimeOfDay};
pub use drives::{
    AdoptFailure, Drive, DriveAct, DriveNews, DriveWish, ROOM_MIN, Room, SPEED_MIN, keeps_on,
};
pub use effect::{Effect, SeekMode};
pub use event::{
    AddOnFailure, Answer, Carrier, Chapter, Event, FitFailure, Incident, Lines, Measured,
    PlayerFailure, PlayerNews, Progress, Quest, Session, Still, SubtitleFile, SupplyFailure,
    SupplyNews, Text, TextPicture, Track, TrackId, Tracks, Typed,
};
pub use film::{
    Film, FilmId, Licence, Poster, Reach, ReachKey, Readiness, Row, Source, TorrentRef, WebFile,
    colours,
};
pub use fixed::{Addressing, Fixed, Given, NAMES_MAX, Way};
pub use forecast::{Forecast, bitrate, forecast};
pub use household::{
    Ages, COLOURS, Household, LIMITS, NAME_CHARS, PIN_DIGITS, PROFILES_MAX, Pin, PinAct, PinHash,
    PinNews, Profile, ProfileId, Viewer,
};
pub use key::{Key, Press};
pub use language::Language;
pub use library::{Library, Mark, ReadPlace};
pub use network::{
    Country, JoinFailure, Link, Lock, NETWORKS_MAX, NetworkAct, NetworkNews, NetworkStand,
    Passphrase, Wifi, Wireless,
};
pub use own_network::{Choice, OwnNetwork, OwnNews};
pub use owner::OwnerSettings;
pub use pairing::{CODE_LIVES, Pairing, TRIES, TRIES_IN, Tried};
pub use panels::SPEEDS;
pub use phones::{Phone, PhonesAct, PhonesNews, WayIn};
pub use power::{PowerAct, TvAct, TvDeck, TvNews, TvSettings, TvVolume};
pub use prefetch::Preferences;
pub use rest::RestSettings;
pub use search_page::fits;
pub use sharing::{Encryption, OwnerSharing, Sharing};
pub use sound::{Level, SoundSettings, VolumeBy, VolumeWish};
pub use spoken::{Manner, Pace, Utterance};
pub use status::Status;
pub use steering::Steer;
pub use texts::{ShowTexts, TextWish};
pub use time::Time;
pub use title::{Episode, Facts, Title, Trailer};
pub use updates::{
    LastUpdate, UpdateAct, UpdateFailure, UpdateNews, UpdateOffer, UpdateSettings, UpdatesStand,
    WentBack,
};
pub use view::{
    ActionView, AddOnItem, AddOnsView, AddressView, BufferingView, Card, CodeView, ControlsView,
    DeckView, EpisodeView, FactView, FilmView, FilterView, HomeView, LearnView, MenuView,
    NetworkView, NextView, OpeningView, PanelView, PhoneView, PinView, PlayingView, ProfileView,
    Resting, RowView, Screen, SearchView, SeriesView, SourceView, StillView, TroubleView,
    UpdatesView, View, VolumeView, WhoView, people,
};
pub use wall_rows::{WallRow, WallRows};
pub use words::{handset_words, setup_words, supply_lost};
pub use zones::Zone;
