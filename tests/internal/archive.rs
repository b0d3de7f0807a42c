//! The Internet Archive as an add-on, against one of a few items.

use addon::{AddOn, AddOnError, Meta, Request, Resource, Source};
use fixtures::archive::{ArchiveSite, File, Item, Mood};
use fixtures::wiki::{Known, WikiSite};
use internal::{ATTRIBUTION, Archive, LICENCE, Places};

use crate::bench::{ANY, body, catalog, clock, fetch, links, meta, streams, subtitles};

const MARK: &str = "https://creativecommons.org/publicdomain/mark/1.0/";
const BY: &str = "http://creativecommons.org/licenses/by/3.0/";

struct Bench {
    archive: ArchiveSite,
    wiki: WikiSite,
    add_on: Archive,
}

async fn bench(items: Vec<Item>) -> Bench {
    let archive = ArchiveSite::start(ANY, items).await;
    let wiki = WikiSite::start(
        ANY,
        vec![Known {
            imdb: "tt0000011",
            title: "Known",
            year: 2010,
            archive: Some("Known"),
            ..Known::default()
        }],
    )
    .await;
    let places = Places {
        archive: Some(archive.site.base()),
        wiki: Some(wiki.site.base()),
        ..Places::default()
    };
    let add_on = Archive::new(&fetch(&places), &places, clock());
    Bench {
        archive,
        wiki,
        add_on,
    }
}

fn item(id: &'static str, year: u16, licence: Option<&'static str>) -> Item {
    Item {
        id,
        title: id,
        year,
        licence,
        collection: "feature_films",
        subject: "Drama; cats",
        ..Item::default()
    }
}

fn file(name: &'static str, of: Option<&'static str>, bytes: usize) -> File {
    File {
        name,
        format: if of.is_some() { "h.264" } else { "Matroska" },
        bytes: fixtures::payload(bytes, 7),
        length_s: Some(3600),
        height: Some(720),
        of,
    }
}

fn film() -> Item {
    Item {
        licence: Some(BY),
        torrent: true,
        files: vec![
            file("Known.mkv", None, 300_000),
            file("Known.mp4", Some("Known.mkv"), 200_000),
            File {
                format: "SubRip",
                length_s: None,
                height: None,
                ..file("Known.fr.srt", None, 100)
            },
        ],
        ..item("Known", 2010, None)
    }
}

fn ids(metas: &[Meta]) -> Vec<&str> {
    metas.iter().map(|meta| meta.id.as_str()).collect()
}

fn row(id: &str) -> Request {
    Request::new(Resource::Catalog, "movie", id)
}

#[tokio::test]
async fn only_what_is_lawful_is_listed() {
    let bench = bench(vec![
        item("Old", 1920, Some(MARK)),
        item("Claimed", 1999, Some(MARK)),
        film(),
        item("Unlicensed", 1920, None),
        Item {
            collection: "prelinger",
            ..item("Given", 1950, Some(MARK))
        },
    ])
    .await;
    let films = catalog(&bench.add_on, row("feature-films")).await;
    assert_eq!(ids(&films), ["archive:Old", "archive:Known"]);
    let given = catalog(&bench.add_on, row("prelinger")).await;
    assert_eq!(ids(&given), ["archive:Given"]);
    let licence = "https://creativecommons.org/licenses/by/3.0/".to_owned();
    assert_eq!(
        links(&films[1], LICENCE),
        [("CC BY 3.0".to_owned(), licence)]
    );
    let page = format!("{}/details/Known", bench.archive.site.base());
    assert_eq!(links(&films[1], ATTRIBUTION)[0].1, page);
    assert_eq!(
        films[0].description.as_deref(),
        Some("Old was filmed in 1920.")
    );
    assert_eq!(films[0].year(), Some(1920));
    // The list of free films is asked for once: one page of it, and the one that says it ends.
    assert_eq!(bench.wiki.site.count("/sparql"), 2);
}

#[tokio::test]
async fn what_is_not_lawful_is_not_played_either() {
    let bench = bench(vec![
        item("Claimed", 1999, Some(MARK)),
        Item {
            dark: true,
            ..item("Dark", 1920, Some(MARK))
        },
        Item {
            lent: true,
            ..item("Lent", 1920, Some(MARK))
        },
    ])
    .await;
    for id in ["Claimed", "Dark", "Lent", "Missing", "../metadata"] {
        let id = format!("archive:{id}");
        assert_eq!(meta(&bench.add_on, "movie", &id).await, None, "{id}");
        assert!(
            streams(&bench.add_on, "movie", &id).await.is_empty(),
            "{id}"
        );
    }
    let series = Request::new(Resource::Meta, "series", "archive:Known");
    let other = body(&bench.add_on, series).await;
    assert_eq!(other, Err(AddOnError::Unsupported));
}

#[tokio::test]
async fn a_film_comes_as_torrent_with_a_web_seed_and_as_file() {
    let bench = bench(vec![film()]).await;
    let told = meta(&bench.add_on, "movie", "archive:Known").await.unwrap();
    assert_eq!(told.runtime_minutes(), Some(60));
    assert_eq!(told.genres, ["Drama", "cats"]);
    let known = meta(&bench.add_on, "movie", "tt0000011").await.unwrap();
    assert_eq!(
        (known.id.as_str(), &known.links),
        ("tt0000011", &told.links)
    );
    // By the Archive's name and by IMDb's, which Wikidata knows.
    let streams = streams(&bench.add_on, "movie", "tt0000011").await;
    assert_eq!(
        streams,
        crate::bench::streams(&bench.add_on, "movie", "archive:Known").await
    );
    let base = bench.archive.site.base();
    let sources: Vec<String> = streams
        .iter()
        .map(|stream| match &stream.source {
            Source::Magnet { link, info_hash } => {
                assert!(link.contains(&info_hash.hex()), "{link}");
                let escaped = |text: &str| {
                    let escaped = text.replace(':', "%3A").replace('/', "%2F");
                    escaped.replace('.', "%2E").replace('_', "%5F")
                };
                let seed = escaped(&format!("{base}/download/"));
                assert!(link.contains(&format!("&ws={seed}&")), "{link}");
                let exact = escaped(&format!("{base}/download/Known/Known_archive.torrent"));
                assert!(link.contains(&format!("&xs={exact}&")), "{link}");
                link.rsplit_once('&').unwrap().1.to_owned()
            }
            Source::Url(url) => url.replace(&base, ""),
            other => panic!("{other:?}"),
        })
        .collect();
    // Files of a torrent are counted in the order of their names: the texts come first.
    assert_eq!(
        sources,
        [
            "so=2",
            "/download/Known/Known.mp4",
            "so=1",
            "/download/Known/Known.mkv"
        ]
    );
    assert_eq!(streams[0].hints.video_bytes, Some(200_000));
    assert_eq!(streams[0].hints.filename.as_deref(), Some("Known.mp4"));
    let request = Request::new(Resource::Subtitles, "movie", "tt0000011");
    let texts = subtitles(&bench.add_on, request).await;
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].lang, "fr");
    assert_eq!(texts[0].url, format!("{base}/download/Known/Known.fr.srt"));
    assert_eq!(streams[0].subtitles, texts);
    // Items are kept: all of it was one question.
    assert_eq!(bench.archive.site.count("/metadata/Known"), 1);
    assert!(
        crate::bench::streams(&bench.add_on, "movie", "tt0000012")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn words_genres_and_pages_find_films() {
    let names: Vec<&'static str> = (0..250)
        .map(|at| -> &'static str { format!("Film{at:03}").leak() })
        .collect();
    let items = names.iter().map(|name| {
        // Every second one is claimed by its uploader alone.
        let old = name.ends_with(['0', '2', '4', '6', '8']);
        item(name, if old { 1915 } else { 1990 }, Some(MARK))
    });
    let comedy = Item {
        subject: "comedy",
        ..item("The_Laugh", 1912, Some(MARK))
    };
    let bench = bench(items.chain([comedy]).collect()).await;
    let first = catalog(&bench.add_on, row("feature-films").with("skip", "0")).await;
    let second = catalog(&bench.add_on, row("feature-films").with("skip", "100")).await;
    assert_eq!((first.len(), second.len()), (100, 26));
    assert_eq!(first[99].id, "archive:Film198");
    assert_eq!(second[0].id, "archive:Film200");
    let genre = row("feature-films").with("genre", "Comedy");
    assert_eq!(
        ids(&catalog(&bench.add_on, genre).await),
        ["archive:The_Laugh"]
    );
    let words = row("search").with("search", "film 007 (1990)");
    assert!(
        catalog(&bench.add_on, words).await.is_empty(),
        "a year is no title"
    );
    let words = row("search").with("search", "film008");
    assert_eq!(
        ids(&catalog(&bench.add_on, words).await),
        ["archive:Film008"]
    );
    let none = body(&bench.add_on, row("search")).await;
    assert_eq!(none, Err(AddOnError::Unsupported));
}

#[tokio::test]
async fn the_archives_troubles_are_told_for_what_they_are() {
    let bench = bench(vec![item("Old", 1920, Some(MARK))]).await;
    let asked = || body(&bench.add_on, row("feature-films"));
    bench.archive.set(Mood::DeepPaging);
    assert!(matches!(asked().await, Err(AddOnError::Failed(_))));
    bench.archive.set(Mood::TooMany(3600));
    assert_eq!(asked().await, Err(AddOnError::Status(429)));
    // It said when it wants to be asked again: that is obeyed.
    let before = bench.archive.site.count("/advancedsearch.php");
    assert!(matches!(asked().await, Err(AddOnError::Unreachable(_))));
    assert_eq!(bench.archive.site.count("/advancedsearch.php"), before);
}

#[tokio::test]
async fn what_is_kept_stands_in_while_the_archive_is_down() {
    let bench = bench(vec![item("Old", 1920, Some(MARK))]).await;
    let films = catalog(&bench.add_on, row("feature-films")).await;
    bench.archive.set(Mood::Down);
    assert_eq!(catalog(&bench.add_on, row("feature-films")).await, films);
    let down = body(&bench.add_on, row("silent-films")).await;
    assert_eq!(down, Err(AddOnError::Status(503)));
}

#[tokio::test]
async fn a_sudden_lack_of_films_is_not_believed() {
    let items = ["A", "B", "C", "D"].map(|id| item(id, 1920, Some(MARK)));
    let archive = ArchiveSite::start(ANY, items.to_vec()).await;
    let wiki = WikiSite::start(ANY, Vec::new()).await;
    let places = Places {
        archive: Some(archive.site.base()),
        wiki: Some(wiki.site.base()),
        ..Places::default()
    };
    // Nothing is kept: each question goes out.
    let config = fetch::Config {
        lan: places.hosts(),
        ..fetch::Config::default()
    };
    let fetch = fetch::Fetch::new(config).unwrap();
    let add_on = Archive::new(&fetch, &places, clock());
    assert_eq!(catalog(&add_on, row("feature-films")).await.len(), 4);
    archive.set(Mood::Loaded);
    assert_eq!(catalog(&add_on, row("feature-films")).await.len(), 4);
    assert_eq!(archive.site.count("/advancedsearch.php"), 2);
}

#[tokio::test]
async fn an_archive_that_says_nothing_is_not_waited_for_for_ever() {
    let bench = bench(vec![item("Old", 1920, Some(MARK))]).await;
    // Connections and the list of free films first: a turned clock would end them.
    catalog(&bench.add_on, row("feature-films")).await;
    bench.archive.set(Mood::Slow);
    tokio::time::pause();
    let slow = body(&bench.add_on, row("silent-films")).await;
    assert_eq!(slow, Err(AddOnError::TimedOut));
    assert!(bench.add_on.manifest().answers(&row("silent-films")));
}

#[tokio::test]
async fn an_item_of_several_films_tells_them_all() {
    let part = |name, length_s| File {
        length_s: Some(length_s),
        ..file(name, None, 1000 + length_s as usize)
    };
    let serial = Item {
        files: vec![
            part("Serial_10.mkv", 1300),
            part("Serial_2.mkv", 1200),
            part("Trailer.mkv", 60),
        ],
        ..item("Serial", 1920, Some(MARK))
    };
    let bench = bench(vec![serial, film()]).await;
    let whole = meta(&bench.add_on, "movie", "archive:Serial")
        .await
        .unwrap();
    let told: Vec<_> = whole
        .videos
        .iter()
        .map(|it| (it.id.as_str(), it.title.as_str(), it.episode))
        .collect();
    assert_eq!(
        told,
        [
            ("archive:Serial:Serial_2.mkv", "Serial 2", Some(1)),
            ("archive:Serial:Serial_10.mkv", "Serial 10", Some(2)),
        ]
    );
    assert_eq!(whole.only_video(), Some("archive:Serial"));
    for (id, name) in [
        ("archive:Serial", "Serial_10.mkv"),
        ("archive:Serial:Serial_2.mkv", "Serial_2.mkv"),
    ] {
        let streams = streams(&bench.add_on, "movie", id).await;
        let names: Vec<_> = streams
            .iter()
            .map(|it| it.hints.filename.as_deref())
            .collect();
        assert_eq!(names, [Some(name)], "{id}");
    }
    let none = streams(&bench.add_on, "movie", "archive:Serial:Trailer.mkv").await;
    assert!(none.is_empty(), "{none:?}");
    assert_eq!(meta(&bench.add_on, "movie", told[0].0).await, None);
    let one = meta(&bench.add_on, "movie", "archive:Known").await.unwrap();
    assert!(one.videos.is_empty());
}
