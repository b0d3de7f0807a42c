//! A story: a script of what happens to the box, a transcript of what it does and shows.
//!
//! What an earlier story tells already is done before a line `---`, and not told again.
//!
//! A line is a key (`ok`, `left down`, `left repeat`, `left up`), a wait (`+500ms`), a place that
//! is gone to from the wall (`to Network`), or news:
//! `rows`, `film demo 42%`, `open`, `refused`, `torrent ready`, `progress peers=3 rate=900k
//! capacity=1200k have=0-40 waiting at=12` (shares of the film in per cent), `prefetched` (the same
//! of what is got ahead), `torrent failed` (also `off`, `no interface`, `unplugged`), `player
//! ready` (or `ready with parts`, of chapters that say what they are), `at 12.5`, `seeked 30`,
//! `subtitle hello / bonjour`, `fitting 400`, `fitted 2300` (also `too little`), `tracks fr de`,
//! `no tracks`, `measured 3` (pictures that came too late), `still 14` (made of that second),
//! `ended`, `no decoder`, `late`. Of
//! add-ons: `row` (a film FOX and a series OWL without sources), `row-gone added`, `offers 1 of 2:
//! fox-0` and `found 1 of 2: fox` (answers to what was asked last), `described owl` (or `owl of
//! six` episodes), `described fox` (a licence and a trailer), `parts` (the film FOX has two),
//! `unknown owl`, `look-for words`, `add-ons one -two three*` (the second switched off, the third
//! with a list of others, `four!` with a page of settings), `listed 1 of 1: four`, `added one`,
//! `not added`, `not set-up`. `heard 7 up`: a button of number 7, which means Up so far. Of
//! updates: see `updates`; of the TV: `power`; of phones: `phone`; of the
//! network: `network`; of profiles: `profiles`; of the time: `clock`.

#![allow(clippy::unwrap_used, dead_code)]

use std::fmt::Write as _;
use std::time::Duration;

use app::choosing::Offer;
use app::{
    AddOn, AddOnFailure, Answer, App, Button, Chapter, Effect, Event, Film, FilmId, Gives, Key,
    Library, Listed, PinAct, PlayerNews, Preferences, Press, Quest, Reach, Readiness, Row, Session,
    Source, SupplyFailure, SupplyNews, Text, Time, Title, TorrentRef, Track, TrackId, Tracks,
};
use expect_test::Expect;

pub(crate) mod clock;
mod film_news;
pub(crate) mod network;
pub(crate) mod phone;
pub(crate) mod power;
pub(crate) mod profiles;
mod sharing;
mod telling;
mod titles;
pub(crate) mod updates;
mod walking;

use film_news::{fitted, no_decoder, progress, still};
pub(crate) use film_news::{lines, measured};
pub(crate) use telling::{describe, tell_effect};
pub(crate) use titles::{added_row, fox, owl, owl_of_six, parts, titled};

/// Of every film in these stories: 100 kB for each second.
pub(crate) const SIZE: u64 = 12_000_000;
pub(crate) const LENGTH: Duration = Duration::from_mins(2);

/// Another for every film and source.
fn hash(id: &str, number: usize) -> [u8; 20] {
    let bytes = id.bytes().chain(std::iter::repeat(number as u8));
    let mut hash = [0; 20];
    hash.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    hash
}

pub(crate) fn film(id: &str, sources: usize) -> Film {
    let source = |number: usize| Source {
        label: format!("source {number}"),
        reach: Reach::Torrent(TorrentRef {
            info_hash: hash(id, number),
            name: format!("{id}-{number}"),
            ..TorrentRef::default()
        }),
        offer: Offer::default(),
    };
    Film {
        id: FilmId(id.into()),
        title: id.to_uppercase(),
        year: Some(2010),
        synopsis: format!("About {id}."),
        runtime_min: Some(2),
        by: "Nobody".into(),
        genres: vec!["Story".into()],
        age: age_in(id),
        colours: [0x0011_2233, 0x0044_5566],
        sources: (0..sources).map(source).collect(),
        ..Film::default()
    }
}

/// "lux18" is for viewers from 18 on; of most nobody says.
fn age_in(id: &str) -> Option<u8> {
    id.trim_start_matches(|it: char| !it.is_ascii_digit())
        .parse()
        .ok()
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("New", vec![film("ant", 1), film("bee", 2), film("cat", 1)]),
        Row::new("Old", vec![film("dog", 1), film("eel", 1)]),
    ]
}

fn add_ons(names: &str) -> Vec<AddOn> {
    names.split_whitespace().map(add_on).collect()
}

fn add_on(name: &str) -> AddOn {
    let bare = name.trim_start_matches('-').trim_end_matches(['*', '!']);
    AddOn {
        id: bare.into(),
        name: bare.into(),
        host: Some("h.example".into()),
        enabled: !name.starts_with('-'),
        configure: name
            .ends_with('!')
            .then(|| format!("https://{bare}.example/configure")),
        gives: Gives {
            add_ons: name.ends_with('*'),
            ..Gives::default()
        },
        ..AddOn::default()
    }
}

/// Listed by another.
pub(crate) fn listed(name: &str) -> Listed {
    Listed {
        add_on: add_on(name),
        link: format!("https://{name}.example/manifest.json").into(),
    }
}

/// "2 of 3: fox-0 fox-1"; the items as `item` makes them of their names.
pub(crate) fn answer<T>(text: &str, item: impl Fn(&str) -> T) -> Answer<T> {
    let (count, items) = text.split_once(':').unwrap_or((text, ""));
    let (answered, asked) = count.split_once(" of ").unwrap();
    Answer {
        from: None,
        asked: asked.parse().unwrap(),
        answered: answered.parse().unwrap(),
        items: items.split_whitespace().map(item).collect(),
    }
}

/// Of an add-on, called after its language.
pub(crate) fn text(language: &str) -> Text {
    Text {
        url: format!("https://a.example/{language}.srt"),
        name: language.into(),
        language: Some(language.into()),
        from: "A".into(),
    }
}

/// Sound in French, and these subtitles.
fn tracks(languages: &str) -> Tracks {
    let numbered = (10..).zip(languages.split(' '));
    Tracks {
        audio: vec![track(2, "fr")],
        audio_now: Some(TrackId(2)),
        subtitles: numbered.map(|(id, it)| track(id, it)).collect(),
        ..Tracks::default()
    }
}

/// The source of that number of a film ("fox-1").
pub(crate) fn source(name: &str) -> Source {
    let (id, number) = name.split_once('-').unwrap();
    let number: usize = number.parse().unwrap();
    film(id, number + 1).sources.remove(number)
}

fn track(id: u32, language: &str) -> Track {
    Track {
        id: TrackId(id),
        language: Some(language.into()),
        title: None,
        codec: None,
    }
}

pub(crate) fn ready() -> PlayerNews {
    PlayerNews::Ready {
        duration: Some(LENGTH),
        seekable: true,
        tracks: Tracks {
            audio: vec![track(1, "en"), track(2, "fr")],
            audio_now: Some(TrackId(1)),
            subtitles: vec![track(3, "en")],
            ..Tracks::default()
        },
        chapters: [0, 30, 60]
            .map(|s| Chapter {
                start: Duration::from_secs(s),
                title: format!("From {s}"),
            })
            .into(),
    }
}

/// The same of a film whose chapters say what they are.
pub(crate) fn ready_with_parts() -> PlayerNews {
    let parts = [
        (0, "One"),
        (30, "Opening"),
        (50, "Two"),
        (100, "Credits"),
        (110, "Preview"),
    ];
    let PlayerNews::Ready {
        duration,
        seekable,
        tracks,
        ..
    } = ready()
    else {
        unreachable!("it is ready");
    };
    PlayerNews::Ready {
        duration,
        seekable,
        tracks,
        chapters: parts
            .map(|(start, title)| Chapter {
                start: Duration::from_secs(start),
                title: title.into(),
            })
            .into(),
    }
}

pub(crate) struct Story {
    pub(crate) app: App,
    pub(crate) now: Time,
    pub(crate) transcript: String,
    /// Of the attempt opened last.
    session: Session,
    /// Asked last.
    quest: Quest,
    pub(crate) library: Library,
    /// What was asked about a PIN last.
    pin: Option<PinAct>,
}

/// On a new box.
impl Default for Story {
    fn default() -> Story {
        Story::with(Library::default(), Preferences::default())
    }
}

impl Story {
    /// On a wall with two rows.
    pub(crate) fn with(library: Library, preferences: Preferences) -> Story {
        let mut story = Story::before_rows(library, preferences);
        story.app.update(Event::Rows(rows()), story.now);
        story
    }

    /// On a wall that has no film.
    pub(crate) fn of_nothing() -> Story {
        Story::before_rows(Library::default(), Preferences::default())
    }

    fn before_rows(library: Library, preferences: Preferences) -> Story {
        Story {
            app: App::new(library.clone(), preferences),
            now: Time::default(),
            transcript: String::new(),
            session: Session(0),
            quest: Quest(0),
            pin: None,
            library,
        }
    }

    pub(crate) fn tell(&mut self, script: &str) -> &mut Story {
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            if line == "---" {
                self.transcript.clear();
                continue;
            }
            writeln!(self.transcript, "> {line}").unwrap();
            if let Some(place) = line.strip_prefix("to ") {
                self.walk(place);
            } else if let Some(wait) = line.strip_prefix('+') {
                self.wait(Duration::from_millis(
                    wait.strip_suffix("ms").unwrap().parse().unwrap(),
                ));
            } else {
                let news = updates::update_news(line)
                    .or_else(|| power::power_news(line))
                    .or_else(|| phone::phone_news(line))
                    .or_else(|| network::network_news(line))
                    .or_else(|| profiles::profile_news(line))
                    .or_else(|| clock::clock_news(line))
                    .or_else(|| heard(line));
                for event in news.unwrap_or_else(|| self.events(line)) {
                    self.take(event);
                }
            }
            writeln!(self.transcript, "    {}", describe(&self.app.view())).unwrap();
        }
        self
    }

    /// Lets time pass, with a tick at every deadline on the way.
    fn wait(&mut self, wait: Duration) {
        let end = self.now + wait;
        while let Some(due) = self.app.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.take(Event::Tick);
            assert!(
                self.app.deadline() != Some(due),
                "a tick must move its deadline"
            );
        }
        self.now = end;
    }

    pub(crate) fn take(&mut self, event: Event) {
        for effect in self.app.update(event, self.now) {
            match &effect {
                Effect::Open { session, .. } => self.session = *session,
                Effect::FindSources { quest, .. }
                | Effect::Search { quest, .. }
                | Effect::ListAddOns { quest, .. } => {
                    self.quest = *quest;
                }
                Effect::SaveLibrary(library) => self.library = library.clone(),
                Effect::Pin(act) => self.pin = Some(act.clone()),
                _ => {}
            }
            writeln!(self.transcript, "  {}", tell_effect(&effect)).unwrap();
        }
    }

    fn asked_pin(&self) -> &app::PinAct {
        self.pin.as_ref().expect("a PIN was asked about")
    }

    fn events(&self, line: &str) -> Vec<Event> {
        let torrent = |news| vec![Event::Supply(self.session, news)];
        let player = |news| vec![Event::Player(self.session, news)];
        let seconds = |text: &str| Duration::from_secs_f64(text.parse().unwrap());
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (verb, rest) {
            ("shutdown", _) => vec![Event::Shutdown],
            ("answer", _) => vec![Event::Pin(profiles::answer_of(self.asked_pin()))],
            ("rows", _) => vec![Event::Rows(rows())],
            ("film", what) => {
                let (id, percent) = what.split_once(' ').unwrap();
                let percent: u8 = percent.trim_end_matches('%').parse().unwrap();
                let readiness = match percent {
                    100 => Readiness::Ready,
                    percent => Readiness::Preparing { percent },
                };
                vec![Event::Film(Film {
                    readiness,
                    ..film(id, 1)
                })]
            }
            ("row", _) => vec![Event::Row(added_row())],
            ("row-gone", id) => vec![Event::RowGone(id.into())],
            ("offers", text) => vec![Event::Offers(self.quest, answer(text, source))],
            ("described", "owl of six") => described("series", "owl", owl_of_six()),
            ("described", "owl") => described("series", "owl", owl()),
            ("unknown", id) => vec![Event::Described(Title::new("series", id), None)],
            ("look-for", text) => vec![Event::SearchFor(text.into())],
            ("found", text) => {
                let film = |id: &str| titled("movie", id);
                vec![Event::Found(self.quest, answer(text, film))]
            }
            ("add-ons", names) => vec![Event::AddOns(add_ons(names))],
            ("listed", text) => vec![Event::AddOnsListed(self.quest, answer(text, listed))],
            ("added", name) => vec![Event::AddOnAdded(Ok(name.into()))],
            ("parts", _) => described("movie", "fox", parts()),
            ("described", "fox") => described("movie", "fox", fox()),
            ("not", "set-up") => vec![Event::AddOnAdded(Err(AddOnFailure::Unconfigured(
                "https://two.example/configure".into(),
            )))],
            ("not", "added") => vec![Event::AddOnAdded(Err(AddOnFailure::NoAddress(
                "that is no link".into(),
            )))],
            ("open", id) => vec![Event::Open(film(id, 1))],
            ("refused", _) => vec![Event::OpenRefused(SupplyFailure::NoVideo { files: 3 })],
            ("torrent", "ready") => torrent(SupplyNews::Ready {
                size: SIZE,
                subtitles: Vec::new(),
            }),
            ("torrent", "failed") => torrent(SupplyNews::Failed(SupplyFailure::DiskFull)),
            ("torrent", "off") => torrent(SupplyNews::Failed(SupplyFailure::Off)),
            ("torrent", "no interface") => {
                torrent(SupplyNews::Failed(SupplyFailure::NoInterface("wg0".into())))
            }
            ("torrent", "no proxy") => torrent(SupplyNews::Failed(SupplyFailure::NoProxy(
                "10.0.0.1:1080".into(),
            ))),
            ("torrent", "unplugged") => torrent(SupplyNews::Failed(SupplyFailure::Unplugged(
                "/media/films".into(),
            ))),
            ("prefetched", what) => vec![Event::Supply(
                Session::PREFETCH,
                SupplyNews::Progress(progress(what)),
            )],
            ("late", _) => vec![
                Event::Supply(Session(0), SupplyNews::Failed(SupplyFailure::DiskFull)),
                Event::Player(Session(0), PlayerNews::Ended),
            ],
            ("progress", what) => torrent(SupplyNews::Progress(progress(what))),
            ("player", "ready") => player(ready()),
            ("player", "ready with parts") => player(ready_with_parts()),
            ("at", at) => player(PlayerNews::Position(seconds(at))),
            ("seeked", at) => player(PlayerNews::Seeked(seconds(at))),
            ("subtitle", text) => player(PlayerNews::Subtitle(lines(text))),
            ("fitting", permille) => player(PlayerNews::Fitting(permille.parse().unwrap())),
            ("fitted", fits) => player(PlayerNews::Fitted(fitted(fits))),
            ("texts", of) => {
                let texts = of.split(' ').map(text).collect();
                vec![Event::Texts(self.session, texts)]
            }
            ("tracks", languages) => player(PlayerNews::Tracks(tracks(languages))),
            ("ended", _) => player(PlayerNews::Ended),
            ("measured", dropped) => player(measured(dropped.parse().unwrap())),
            ("still", secs) => player(still(secs.parse().unwrap())),
            ("no", "tracks") => player(PlayerNews::Tracks(Tracks {
                subtitles: Vec::new(),
                subtitle_now: None,
                ..tracks("")
            })),
            ("no", "decoder") => player(no_decoder()),
            (name, press) => {
                let key = Key::named(name).unwrap_or_else(|| panic!("unknown line: {line}"));
                match press {
                    "down" => vec![Event::Key(key, Press::Down)],
                    "repeat" => vec![Event::Key(key, Press::Repeat)],
                    "up" => vec![Event::Key(key, Press::Up)],
                    _ => vec![Event::Key(key, Press::Down), Event::Key(key, Press::Up)],
                }
            }
        }
    }
}

fn described(kind: &str, id: &str, told: app::Film) -> Vec<Event> {
    vec![Event::Described(Title::new(kind, id), Some(Box::new(told)))]
}

/// A button of a remote.
fn heard(line: &str) -> Option<Vec<Event>> {
    let what = line.strip_prefix("heard ")?;
    let (scan, key) = what.split_once(' ').unwrap_or((what, ""));
    let button = Button::Infrared(scan.parse().unwrap());
    Some(vec![Event::Heard(button, Key::named(key))])
}

/// The lines that get `ant` to run with the whole film held.
pub(crate) const PLAY: &str = "ok
    ok
    torrent ready
    player ready
    progress peers=3 rate=900k have=0-100";

/// Runs a script on a new box and compares the transcript.
pub(crate) fn check(script: &str, expect: &Expect) {
    check_on(Library::default(), script, expect);
}

/// On a box with the library of an earlier story.
pub(crate) fn check_on(library: Library, script: &str, expect: &Expect) {
    let mut story = Story::with(library, Preferences::default());
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

/// While `ant` runs.
pub(crate) fn playing(script: &str, expect: &Expect) {
    let mut story = Story::default();
    story.tell(PLAY).tell("---").tell(script);
    expect.assert_eq(&story.transcript);
}

/// The library after a story that needs no transcript.
pub(crate) fn after(script: &str) -> Library {
    let mut story = Story::default();
    story.tell(script);
    story.library
}
