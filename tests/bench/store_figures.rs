//! Prints what the store costs: search over 100,000 items, the index's size and its filling, the
//! wall's library from a cold store, and a commit of one position by each way of syncing.
//!
//!     cargo run --release -p matinee-store --example store_figures [ITEMS]
//!
//! The items are made from lists of words and syllables by a seed: words of titles repeat as they
//! do in real ones (few are very frequent), names are many. Queries are beginnings of titles of 1
//! to 20 letters; each again with a letter changed, left out, put in or exchanged.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};
use std::{fs, path::Path};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use store::{Item, Store};

const SEED: u64 = 4;

/// Queries of each length and kind.
const QUERIES: usize = 200;

const FREQUENT: &str = "the of a and in love to night man my girl day last life little house dead \
    big black white red blue world story good boy king queen war time blood dark city secret lost \
    wild road island summer winter dream heart home woman children three two one first great old \
    new young death fire ice moon sun star sea river mountain wind stone iron golden silver";
const SYLLABLES: &str = "an ba be bi bo bra ca ce chi co da de di do el en fa fe fi for ga ge gi \
    gra ha he hi ho in ja je jo ka ke ki ko kra la le li lo lu ma me mi mo mu na ne ni no or pa \
    pe pi po pra qui ra re ri ro ru sa se shi so sta ta te ti to tra u va ve vi vo wa we wi xi ya \
    yo za ze zo";
const GENRES: [&str; 8] = [
    "Drama",
    "Comedy",
    "Action",
    "Horror",
    "Romance",
    "Thriller",
    "Documentary",
    "Animation",
];
const DENSE: &str = "君名海山川田中新世界人生死愛花火水木金土月日年時春夏秋冬空風雨雪";

struct Maker {
    random: StdRng,
    words: Vec<String>,
    names: Vec<String>,
}

impl Maker {
    fn new() -> Self {
        let mut random = StdRng::seed_from_u64(SEED);
        let syllables: Vec<_> = SYLLABLES.split_whitespace().collect();
        let mut word = |least: usize, most: usize| {
            let parts = random.random_range(least..=most);
            let parts = (0..parts).map(|_| *syllables.choose(&mut random).unwrap());
            parts.collect::<String>()
        };
        let made: Vec<_> = (0..40_000).map(|_| word(2, 4)).collect();
        let names = (0..60_000).map(|_| word(2, 4)).collect();
        let frequent = FREQUENT.split_whitespace().map(str::to_owned);
        Maker {
            words: frequent.chain(made).collect(),
            names,
            random,
        }
    }

    /// A word by about Zipf's law: the logarithm of its place is even.
    fn word(&mut self) -> String {
        let most = (self.words.len() as f64).ln();
        let at = self.random.random_range(0.0..most).exp() as usize;
        self.words[at - 1].clone()
    }

    fn title(&mut self) -> String {
        let count = self.random.random_range(1..=5);
        let words: Vec<_> = (0..count).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn person(&mut self) -> String {
        let [first, last] = [0, 0].map(|_| self.names.choose(&mut self.random).unwrap().clone());
        format!("{first} {last}")
    }

    fn item(&mut self, number: usize) -> Item {
        let mut titles = vec![self.title()];
        for _ in 0..self.random.random_range(0..3) {
            titles.push(self.title());
        }
        if self.random.random_ratio(1, 10) {
            let signs: Vec<_> = DENSE.chars().collect();
            let count = self.random.random_range(2..8);
            let dense = (0..count).map(|_| *signs.choose(&mut self.random).unwrap());
            titles.push(dense.collect());
        }
        Item {
            id: format!("tt{number:07}"),
            kind: if number.is_multiple_of(4) {
                "series"
            } else {
                "movie"
            }
            .to_owned(),
            titles,
            original: None,
            year: Some(self.random.random_range(1920..2027)),
            people: (0..4).map(|_| self.person()).collect(),
            genres: GENRES
                .choose_multiple(&mut self.random, 2)
                .map(|&it| it.to_owned())
                .collect(),
            poster: Some(format!("https://images.example/poster/{number:07}.jpg")),
            popularity: self.random.random_range(0.0..14.0_f64).exp() as u32,
        }
    }

    /// One typo at a place of its own.
    fn mistyped(&mut self, query: &str) -> String {
        let mut letters: Vec<char> = query.chars().collect();
        let at = self.random.random_range(0..letters.len());
        match self.random.random_range(0..4) {
            0 => letters[at] = 'q',
            1 if letters.len() > 1 => drop(letters.remove(at)),
            2 if at > 0 => letters.swap(at - 1, at),
            _ => letters.insert(at, 'x'),
        }
        letters.into_iter().collect()
    }
}

/// Median, 99th of a hundred, and most.
fn told(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    let [median, most, last] = [at(50), at(99), at(100)].map(|time| time.as_secs_f64() * 1e3);
    format!("{median:8.2} {most:8.2} {last:8.2}")
}

fn open(folder: &Path) -> store::Opened {
    Store::open(folder, |why| panic!("{why}")).unwrap()
}

fn size(folder: &Path, name: &str) -> f64 {
    fs::metadata(folder.join(name)).unwrap().len() as f64 / 1e6
}

fn main() {
    let count = std::env::args()
        .nth(1)
        .map_or(100_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    search(folder.path(), count);
    cold(folder.path());
    commits(folder.path());
}

fn search(folder: &Path, count: usize) {
    let mut maker = Maker::new();
    let items: Vec<_> = (0..count).map(|number| maker.item(number)).collect();
    let store = open(folder).store;
    let begin = Instant::now();
    for part in items.chunks(4096) {
        store.seen(part.to_vec());
        assert!(store.flush_seen(Duration::from_mins(10)));
    }
    let rate = count as f64 / begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    for part in items.chunks(4096) {
        store.seen(part.to_vec());
        assert!(store.flush_seen(Duration::from_mins(10)));
    }
    let again = count as f64 / begin.elapsed().as_secs_f64();
    drop(store);
    println!("{count} items: {rate:.0} a second put in, {again:.0} when seen again");
    println!("seen.db: {:.1} MB", size(folder, "seen.db"));
    let begin = Instant::now();
    let store = open(folder).store;
    store.search("a", 1).unwrap();
    println!(
        "opened and searched: {:.0} ms",
        begin.elapsed().as_secs_f64() * 1e3
    );
    println!(
        "{:28} {:>8} {:>8} {:>8}",
        "search, ms", "median", "p99", "most"
    );
    let mut all = Vec::new();
    for (letters, kind) in (1..=20).flat_map(|letters| [(letters, "typed"), (letters, "typo")]) {
        let mut times = Vec::new();
        while times.len() < QUERIES {
            let title = items
                .choose(&mut maker.random)
                .unwrap()
                .titles
                .choose(&mut maker.random);
            let query: String = title.unwrap().chars().take(letters).collect();
            if query.chars().count() < letters && query.is_ascii() {
                continue;
            }
            let query = if kind == "typo" {
                maker.mistyped(&query)
            } else {
                query
            };
            let begin = Instant::now();
            store.search(&query, 20).unwrap();
            times.push(begin.elapsed());
        }
        all.extend_from_slice(&times);
        if [1, 2, 3, 4, 6, 8, 12, 20].contains(&letters) {
            println!(
                "{:28} {}",
                format!("{letters} letters, {kind}"),
                told(times)
            );
        }
    }
    println!("{:28} {}", "all, 1 to 20 letters", told(all));
    found(&mut maker, &store, &items);
}

/// How often the film that was meant is among the first ten.
fn found(maker: &mut Maker, store: &Store, items: &[Item]) {
    for typos in [0, 1] {
        let (mut asked, mut hits) = (0, 0);
        while asked < 500 {
            let item = items.choose(&mut maker.random).unwrap();
            let mut query = item.titles[0].clone();
            if query.len() < 12 {
                continue;
            }
            for _ in 0..typos {
                query = maker.mistyped(&query);
            }
            asked += 1;
            let found = store.search(&query, 10).unwrap();
            hits += usize::from(found.iter().any(|hit| hit.id == item.id));
        }
        println!("whole titles with {typos} typos: {hits} of {asked} found in the first ten");
    }
}

fn film(number: usize) -> app::Film {
    let source = app::Source {
        label: "1080p · MKV · 2.1 GB".to_owned(),
        reach: app::Reach::Torrent(app::TorrentRef {
            info_hash: [number as u8; 20],
            name: format!("Film.{number}.1080p.mkv"),
            trackers: vec!["udp://tracker.example:1337/announce".to_owned(); 8],
            ..app::TorrentRef::default()
        }),
        offer: app::choosing::Offer::default(),
    };
    let torrent = source.reach.torrent().unwrap().clone();
    let mut film = app::Film::of_torrent(torrent);
    film.id = app::FilmId(format!("tt{number:07}"));
    film.synopsis = "A synopsis of the usual length. ".repeat(15);
    film.sources = vec![source; 3];
    film
}

fn library(count: usize, seconds: u64) -> app::Library {
    let mark = |number| {
        let film = film(number);
        let mark = app::Mark {
            position: Duration::from_secs(seconds),
            duration: Duration::from_secs(6000),
            watched: false,
            played: number as u64,
            read: None,
            choices: app::Choices::default(),
            film,
        };
        (mark.film.id.clone(), mark)
    };
    app::Library {
        marks: (0..count).map(mark).collect(),
        ..app::Library::default()
    }
}

/// The wall's library of 1000 films, beside the full index and 40 MB of answers, with the kernel's
/// cache of the files dropped where that is allowed.
fn cold(folder: &Path) {
    let store = open(folder).store;
    let library = library(1000, 1);
    store.save(library.clone());
    assert!(store.flush(Duration::from_mins(1)));
    let body = vec![7; 40_000];
    for number in 0..1000 {
        store.answers().keep(&number.to_string(), b"meta", &body, 1);
    }
    drop(store);
    println!(
        "owner.db with 1000 films: {:.1} MB",
        size(folder, "owner.db")
    );
    let mut times = Vec::new();
    let mut cold = true;
    for _ in 0..20 {
        for entry in fs::read_dir(folder).unwrap() {
            fs::File::open(entry.unwrap().path())
                .unwrap()
                .sync_all()
                .unwrap();
        }
        cold &= fs::write("/proc/sys/vm/drop_caches", "1").is_ok();
        let begin = Instant::now();
        let opened = open(folder);
        times.push(begin.elapsed());
        assert_eq!(opened.library, library);
    }
    let how = if cold {
        "cold"
    } else {
        "in the kernel's cache"
    };
    println!(
        "{:28} {}",
        format!("library of 1000, {how}, ms"),
        told(times)
    );
    // An end without order: the log is there, so every page is checked.
    let copy = tempfile::tempdir().unwrap();
    fs::copy(folder.join("owner.db"), copy.path().join("owner.db")).unwrap();
    fs::write(copy.path().join("owner.db-wal"), b"").unwrap();
    let begin = Instant::now();
    assert_eq!(open(copy.path()).library, library);
    println!(
        "after an unclean end: {:.1} ms",
        begin.elapsed().as_secs_f64() * 1e3
    );
}

/// One position written, to the disk that the folder of temporary files is on.
fn commits(folder: &Path) {
    let opened = open(folder);
    let mut library = opened.library;
    let mut times = Vec::new();
    for seconds in 2..302 {
        library.marks.first_entry().unwrap().get_mut().position = Duration::from_secs(seconds);
        let next = library.clone();
        let begin = Instant::now();
        opened.store.save(next);
        assert!(opened.store.flush(Duration::from_mins(1)));
        times.push(begin.elapsed());
    }
    println!("{:28} {}", "a position, FULL, ms", told(times));
    let answers = opened.store.answers();
    let mut times = Vec::new();
    for number in 0..300 {
        let begin = Instant::now();
        answers.keep(&format!("new {number}"), b"meta", &[7; 4000], 1);
        times.push(begin.elapsed());
    }
    println!("{:28} {}", "an answer of 4 kB, NORMAL, ms", told(times));
}
