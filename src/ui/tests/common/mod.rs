//! A user interface with its own clock, and the views that tests draw.
#![allow(dead_code, unreachable_pub, missing_debug_implementations)] // Each test uses a part.

pub mod browsing;
pub mod golden;
mod over;
pub mod own;

use std::io::Cursor;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use app::{
    ActionView, Card, FilmId, FilmView, HomeView, OpeningView, Poster, RowView, Screen, Session,
    SourceView, TroubleView, View,
};
#[allow(unused_imports, reason = "each test uses a part")]
pub use over::*;
use ui::{Drawn, PosterLoader, Ui, Wants};

const FRAME: Duration = Duration::from_millis(16);
/// Far more than making all pictures of a screen takes.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Bench {
    pub ui: Ui,
    pub now: Duration,
    woken: Receiver<()>,
}

impl Bench {
    pub fn new(width: u32, height: u32) -> Self {
        let (wake, woken) = sync_channel(1024);
        let posters: PosterLoader = Arc::new(|poster: &Poster| painted(&poster.0));
        let wake = Arc::new(move || {
            let _ = wake.try_send(());
        });
        Self {
            ui: Ui::new(width, height, posters, wake).unwrap(),
            now: Duration::ZERO,
            woken,
        }
    }

    /// Draws one frame, a sixtieth of a second later.
    pub fn frame(&mut self) -> Option<Drawn> {
        self.now += FRAME;
        self.ui.draw(self.now)
    }

    /// Draws until nothing moves (but a light that wanders) and every picture is there. Returns
    /// how many frames drew something.
    pub fn settle(&mut self) -> usize {
        let mut drawn = 0;
        let mut waits = 0;
        loop {
            drawn += usize::from(self.frame().is_some());
            match self.ui.wants() {
                Wants::Animating => waits = 0,
                // What is due again and again is a light that wanders.
                Wants::At(due) if waits < 20 => {
                    waits += 1;
                    self.now = self.now.max(due);
                }
                Wants::At(_) | Wants::Idle if self.ui.settled() => return drawn,
                Wants::At(_) | Wants::Idle => match self.woken.recv_timeout(PATIENCE) {
                    Ok(()) => waits = 0,
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                        panic!("pictures do not arrive")
                    }
                },
            }
        }
    }

    pub fn show(&mut self, screen: Screen) {
        self.ui.show(&view(screen));
    }
}

pub fn view(screen: Screen) -> View {
    View {
        seq: 1,
        language: app::Language::English,
        screen,
        dark: false,
        resting: app::Resting::Awake,
        notice: None,
        volume: None,
        loudness: None,
        contrast: false,
        large_text: false,
        overscan: 0,
        corners: false,
        profile: None,
        clock: None,
    }
}

/// A picture for every poster whose name begins with "painted".
fn painted(name: &str) -> Option<Vec<u8>> {
    let seed = f32::from(*name.strip_prefix("painted")?.as_bytes().first()?);
    let picture = image::RgbImage::from_fn(300, 450, |x, y| {
        let (u, v) = (x as f32 / 300.0, y as f32 / 450.0);
        let wave = |phase: f32| {
            let at = (u * 5.0 + phase).sin() + (v * 6.0 - phase + seed).cos();
            ((at + 2.0) / 4.0 * 110.0 * (1.0 - 0.5 * v)) as u8 + 20
        };
        image::Rgb([wave(seed), wave(seed * 1.7), wave(seed * 0.4 + 2.0)])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    Some(bytes.into_inner())
}

pub fn card(id: &str, title: &str, year: u16, colours: [u32; 2]) -> Card {
    Card {
        film: FilmId(id.into()),
        title: title.into(),
        year: Some(year),
        poster: None,
        colours,
        badge: None,
        seen_permille: None,
        watched: false,
    }
}

const TITLES: [(&str, u16, [u32; 2]); 16] = [
    ("Sintel", 2010, [0x00b8_5c38, 0x003d_1f1a]),
    ("Big Buck Bunny", 2008, [0x007f_b069, 0x001f_4d3a]),
    ("Tears of Steel", 2012, [0x003c_6e9f, 0x0014_2233]),
    ("Cosmos Laundromat", 2015, [0x00c9_8fb8, 0x003b_2c5e]),
    ("Слёзы из стали", 2012, [0x0049_6a81, 0x001b_2a41]),
    ("Ο θίασος", 1975, [0x00c7_a27c, 0x0051_3b2b]),
    ("Elephants Dream", 2006, [0x0090_7ad6, 0x002a_1f5c]),
    (
        "Caminandes: Llamigos and the very long way home across the Andes",
        2016,
        [0x00e0_a458, 0x0063_3a1c],
    ),
    ("Nosferatu", 1922, [0x0058_6f6b, 0x0012_1d1c]),
    ("Metropolis", 1927, [0x00d6_b370, 0x0035_2a1e]),
    ("Броненосец Потёмкин", 1925, [0x00a9_3b3b, 0x0027_1216]),
    (
        "The Cabinet of Dr. Caligari",
        1920,
        [0x0075_5b8f, 0x001e_1730],
    ),
    ("M", 1931, [0x008a_8d91, 0x0023_2528]),
    ("Le Voyage dans la Lune", 1902, [0x0038_8087, 0x0010_2b3f]),
    ("Человек с киноаппаратом", 1929, [0x00c8_553d, 0x002d_1e2f]),
    ("Sherlock Jr.", 1924, [0x0067_8d58, 0x0022_3127]),
];

pub fn film(number: usize) -> Card {
    let (title, year, colours) = TITLES[number % TITLES.len()];
    card(&format!("film-{number}"), title, year, colours)
}

/// Rows of different lengths: films in progress, drawn posters, painted posters, many films.
pub fn rows() -> Arc<Vec<RowView>> {
    let mut going: Vec<Card> = (0..3).map(film).collect();
    going[0].badge = Some("Demo".into());
    going[0].seen_permille = Some(620);
    going[1].poster = Some(Poster("painted-a".into()));
    going[1].seen_permille = Some(90);
    going[2].watched = true;
    let films = (0..16).map(film).map(|mut card| {
        card.film.0.push_str("-open");
        card
    });
    let painted = (0..9_u8).map(|number| {
        let mut card = film(usize::from(number) + 3);
        card.film.0.push_str("-painted");
        card.poster = Some(Poster(
            format!("painted{}", char::from(b'a' + number)).into(),
        ));
        card.watched = number == 2;
        card
    });
    let row = |title: &str, cards: Vec<Card>| RowView {
        title: title.into(),
        cards,
    };
    Arc::new(vec![
        row("Continue watching", going),
        row("Open films", films.collect()),
        row("Silent and grand", painted.collect()),
    ])
}

pub fn home(rows: &Arc<Vec<RowView>>, row: usize, columns: &[usize]) -> HomeView {
    let card = &rows[row].cards[columns[row]];
    HomeView {
        rows: Arc::clone(rows),
        row,
        columns: columns.to_vec(),
        title: card.title.clone(),
        facts: format!(
            "{} · 15 min · Animation · Fantasy · CC BY 3.0",
            card.year.unwrap()
        ),
        synopsis: "A wandering young woman searches the snowbound north for the baby dragon she \
                   once nursed back to health, and finds that the search has taken more from her \
                   than she knew. Made in the open by an independent team, with free tools."
            .into(),
        menu: menu(),
        menu_focus: None,
        letter: None,
    }
}

fn menu() -> Vec<String> {
    ["Search", "Add-ons"].map(String::from).to_vec()
}

/// A row is gone along by letters.
pub fn home_letter(rows: &Arc<Vec<RowView>>) -> HomeView {
    HomeView {
        letter: Some("Ж".into()),
        ..home(rows, 1, &[0, 7, 0])
    }
}

pub fn empty_home() -> HomeView {
    HomeView {
        rows: Arc::new(Vec::new()),
        row: 0,
        columns: Vec::new(),
        title: "Welcome".into(),
        facts: String::new(),
        synopsis: "Open a magnet or a .torrent from your phone, and it is here.".into(),
        menu: menu(),
        menu_focus: None,
        letter: None,
    }
}

pub fn action(label: &str) -> ActionView {
    ActionView {
        label: label.into(),
        enabled: true,
    }
}

pub fn film_page() -> FilmView {
    let mut card = film(0);
    card.poster = Some(Poster("painted-k".into()));
    card.seen_permille = Some(620);
    FilmView {
        card,
        facts: "2010 · 15 min · Animation · Fantasy".into(),
        by: "Colin Levy, Blender Foundation".into(),
        synopsis: "A wandering young woman searches the snowbound north for the baby dragon she \
                   once nursed back to health, and finds that the search has taken more from her \
                   than she knew. The third open film of the Blender Institute, made with free \
                   tools and given away with everything it was made of."
            .into(),
        licence: Some("Creative Commons BY 3.0".into()),
        actions: ["Continue from 12:04", "From the start", "Sources"]
            .map(action)
            .to_vec(),
        focus: 0,
        sources: None,
        status: None,
        choice: Some("720p  ·  H.264  ·  fits this box  ·  plays without stopping".into()),
        backdrop: None,
        cast: "With Halina Reijn, Thom Hoffman".into(),
        attribution: Vec::new(),
    }
}

pub fn film_sources() -> FilmView {
    FilmView {
        focus: 2,
        sources: Some(SourceView {
            title: "Sources".into(),
            labels: [
                "2160p · MKV · 1.9 GB",
                "1080p · MKV · 1.1 GB",
                "720p · MP4 · 129 MB",
                "480p · WebM · 74 MB",
            ]
            .map(String::from)
            .to_vec(),
            reasons: [
                "needs 2.1 MB/s, 1.2 MB/s comes",
                "fits this box  ·  plays without stopping",
                "less sharp than your screen",
                "",
            ]
            .map(String::from)
            .to_vec(),
            chosen: 1,
            focus: 2,
        }),
        ..film_page()
    }
}

pub fn film_preparing() -> FilmView {
    let mut card = card(
        "demo",
        "Matinee's own demo",
        2025,
        [0x00f2_a65a, 0x0058_2f5a],
    );
    card.badge = Some("Demo".into());
    FilmView {
        card,
        facts: "2025 · 2 min · Test picture".into(),
        by: String::new(),
        synopsis: "A moving picture with a time code burnt in, made on this box and seeded by \
                   it: everything a film from far away goes through, without a network."
            .into(),
        licence: None,
        actions: vec![
            ActionView {
                label: "Play".into(),
                enabled: false,
            },
            action("Back"),
        ],
        focus: 1,
        sources: None,
        status: Some("Making the demo film, 42 %".into()),
        choice: None,
        backdrop: None,
        cast: String::new(),
        attribution: Vec::new(),
    }
}

pub fn opening(permille: Option<u16>) -> OpeningView {
    let known = permille.is_some();
    OpeningView {
        session: Session(1),
        back: "Back cancels".into(),
        card: film_page().card,
        headline: if known { "4 peers" } else { "Finding peers" }.into(),
        detail: if known {
            "1.2 MB/s  ·  starts in about 3 s"
        } else {
            ""
        }
        .into(),
        hint: (!known).then(|| {
            "This takes longer than usual. Few people may have this film just now; another \
             source may be quicker."
                .into()
        }),
        permille,
        peers: 4,
        rate: 1_200_000,
    }
}

/// What the core says of a swarm that is slower than the film.
pub fn opening_too_slow() -> OpeningView {
    OpeningView {
        headline: "Getting the film from 2 peers".into(),
        detail: "300 kB/s  ·  starts in about 23 s".into(),
        hint: Some(
            "This connection is too slow for this film: it needs 626 kB/s and will stop now and \
             then. Press Back and choose a smaller version under Sources."
                .into(),
        ),
        peers: 2,
        rate: 300_000,
        ..opening(Some(240))
    }
}

pub fn film_too_slow() -> FilmView {
    FilmView {
        status: Some("This connection is too slow for this version: choose a smaller one".into()),
        ..film_page()
    }
}

pub fn trouble() -> TroubleView {
    TroubleView {
        title: "Nobody has this film just now".into(),
        message: "For 30 seconds no peer has answered for Sintel. It may be asleep: try again \
                  later, or choose another source of it."
            .into(),
        actions: ["Try again", "Other sources", "Back to the wall"]
            .map(action)
            .to_vec(),
        focus: 0,
    }
}
