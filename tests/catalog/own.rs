//! Add-ons that are a part of the box, and how several are asked together: who comes first, who is
//! waited for, and what is taken back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, CatalogEntry, Manifest, Meta, Request, Resource,
    Rule, Source, Stream, Video,
};
use app::{AddOnChange, Event, Quest, Title};

use crate::stage::{Disk, Stage};

/// What it says; none: nothing, ever.
type Says = dyn Fn(&Request) -> Option<Body> + Send + Sync;

/// An add-on that says what a test wants, and notes what it is asked.
struct Scripted {
    manifest: Arc<Manifest>,
    says: Box<Says>,
    asked: Mutex<Vec<Request>>,
    /// Questions that nobody waits for any more.
    dropped: Arc<AtomicUsize>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.manifest.id)
    }
}

/// Counts when it is dropped.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Scripted {
    fn new(
        id: &str,
        says: impl Fn(&Request) -> Option<Body> + Send + Sync + 'static,
    ) -> Arc<Scripted> {
        let rule = |resource| Rule {
            resource,
            types: vec!["movie".into(), "series".into()],
            id_prefixes: None,
        };
        let manifest = Manifest {
            id: id.into(),
            name: format!("The {id}"),
            resources: [Resource::Meta, Resource::Stream].map(rule).into(),
            catalogs: vec![CatalogEntry::new("movie", id)],
            ..Manifest::default()
        };
        Arc::new(Scripted {
            manifest: Arc::new(manifest),
            says: Box::new(says),
            asked: Mutex::default(),
            dropped: Arc::default(),
        })
    }
}

impl AddOn for Scripted {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let said = (self.says)(&request);
        self.asked.lock().unwrap().push(request);
        let guard = Dropped(Arc::clone(&self.dropped));
        Box::pin(async move {
            let Some(body) = said else {
                let _guard = guard;
                return std::future::pending::<Result<Answer, AddOnError>>().await;
            };
            std::mem::forget(guard);
            Ok(Answer::new(body))
        })
    }
}

fn stage(disk: &Disk, own: &[&Arc<Scripted>]) -> Stage {
    let own = own.iter().map(|it| Arc::clone(it) as Arc<dyn AddOn>);
    Stage::start(disk, own.collect())
}

#[allow(clippy::unnecessary_wraps, reason = "as scripts say it")]
fn nothing(request: &Request) -> Option<Body> {
    Some(Answer::nothing(request.resource).body)
}

#[allow(clippy::unnecessary_wraps, reason = "as scripts say it")]
fn film(name: &str, say: impl Fn(&mut Meta)) -> Option<Body> {
    let mut meta = Meta::new("tt1", "movie", name);
    say(&mut meta);
    Some(Body::Meta(Some(Box::new(meta))))
}

fn web(name: &str) -> Stream {
    Stream::of(Source::Url(format!("https://a.example/{name}.mp4")))
}

#[tokio::test]
async fn facts_are_put_together_in_the_owners_order() {
    let first = Scripted::new("first", |request| match request.resource {
        Resource::Meta => film("One", |meta| {
            meta.description = Some("By the first.".into());
        }),
        _ => nothing(request),
    });
    let second = Scripted::new("second", |request| match request.resource {
        Resource::Meta => film("Two", |meta| {
            meta.description = Some("By the second.".into());
            meta.cast = vec!["An Actor".into()];
        }),
        _ => nothing(request),
    });
    let disk = Disk::new();
    let mut stage = stage(&disk, &[&first, &second]);
    stage.until("both", |it| it.add_ons.len() == 2).await;
    let title = Title::new("movie", "tt1");
    let whole = async |stage: &mut Stage, synopsis: &str| {
        stage.catalog.describe(title.clone());
        let heard = stage.hear("all facts", |event| match event {
            Event::Described(_, Some(film)) => {
                let facts = film.facts.as_ref().unwrap();
                let whole = !facts.cast.is_empty() && film.synopsis == synopsis;
                whole.then_some(film.title)
            }
            _ => None,
        });
        heard.await
    };
    assert_eq!(whole(&mut stage, "By the first.").await, "One");
    stage.catalog.change(AddOnChange::Move {
        id: "second".into(),
        earlier: true,
    });
    let turned = |it: &Stage| &*it.add_ons[0].id == "second";
    stage.until("the other order", turned).await;
    assert_eq!(whole(&mut stage, "By the second.").await, "Two");
}

#[tokio::test]
async fn a_video_that_brings_its_streams_is_asked_of_nobody() {
    let channel = Scripted::new("channel", |request| match request.resource {
        Resource::Meta => {
            let mut meta = Meta::new(request.id.as_str(), "series", "A series");
            meta.videos = vec![Video {
                id: "own:1:1".into(),
                season: Some(1),
                episode: Some(1),
                streams: vec![web("inside")],
                ..Video::default()
            }];
            Some(Body::Meta(Some(Box::new(meta))))
        }
        _ => nothing(request),
    });
    let other = Scripted::new("other", |request| match request.resource {
        Resource::Stream => Some(Body::Streams(vec![web("other")])),
        _ => nothing(request),
    });
    let mut stage = stage(&Disk::new(), &[&other, &channel]);
    let series = stage.described(&Title::new("series", "own:1")).await;
    assert_eq!(series.unwrap().facts.unwrap().episodes.len(), 1);
    let (sources, asked) = stage.sources(1, &Title::new("series", "own:1:1")).await;
    assert_eq!((sources.len(), asked), (1, 1));
    assert!(sources[0].label.ends_with("The channel"), "{sources:?}");
    let asked = other.asked.lock().unwrap();
    assert!(asked.iter().all(|it| it.resource != Resource::Stream));
}

#[tokio::test]
async fn a_film_may_bring_its_streams_too() {
    let own = Scripted::new("own", |request| match request.resource {
        Resource::Meta => film("One", |meta| {
            meta.videos = vec![Video {
                id: "own:one".into(),
                streams: vec![web("inside")],
                ..Video::default()
            }];
        }),
        _ => nothing(request),
    });
    let mut stage = stage(&Disk::new(), &[&own]);
    let (sources, asked) = stage.sources(1, &Title::new("movie", "own:one")).await;
    assert_eq!((sources.len(), asked), (1, 1));
}

#[tokio::test]
async fn a_film_of_the_movie_db_is_asked_for_by_its_other_number_too() {
    let facts = Scripted::new("facts", |request| match request.resource {
        Resource::Meta if request.id == "tmdb:7" => film("Seven", |meta| {
            meta.imdb_id = Some("tt0000007".into());
        }),
        Resource::Meta if request.id == "tmdb:8" => film("Eight", |_| {}),
        _ => nothing(request),
    });
    let films = Scripted::new("films", |request| match request.resource {
        Resource::Stream if request.id.starts_with("tmdb:") => {
            Some(Body::Streams(vec![web(&request.id[5..])]))
        }
        Resource::Stream if request.id == "tt0000007" => Some(Body::Streams(vec![web("other")])),
        _ => nothing(request),
    });
    let mut stage = stage(&Disk::new(), &[&facts, &films]);
    let urls = |sources: Vec<app::Source>| -> Vec<String> {
        let url = |source: app::Source| match source.reach {
            app::Reach::Web(web) => web.url,
            other => panic!("{other:?}"),
        };
        let mut urls: Vec<_> = sources.into_iter().map(url).collect();
        urls.sort();
        urls
    };
    let (sources, asked) = stage.sources(1, &Title::new("movie", "tmdb:7")).await;
    assert_eq!(
        urls(sources),
        ["https://a.example/7.mp4", "https://a.example/other.mp4"]
    );
    assert_eq!(asked, 4, "both, by both numbers");
    // Of one that has no other number, who takes this one is asked all the same.
    let (sources, asked) = stage.sources(2, &Title::new("movie", "tmdb:8")).await;
    assert_eq!(urls(sources), ["https://a.example/8.mp4"]);
    assert_eq!(asked, 2);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_who_never_answers() {
    let silent = Scripted::new("silent", |request| match request.resource {
        Resource::Stream => None,
        _ => nothing(request),
    });
    let quick = Scripted::new("quick", |request| match request.resource {
        Resource::Stream => Some(Body::Streams(vec![web("quick")])),
        _ => nothing(request),
    });
    let mut stage = stage(&Disk::new(), &[&silent, &quick]);
    let begun = tokio::time::Instant::now();
    let quest = Quest(1);
    let title = Title::new("movie", "tt1");
    stage.catalog.find_sources(quest, title.clone());
    let offers = |event| match event {
        Event::Offers(_, answer) if answer.from.is_some() => Some(answer),
        _ => None,
    };
    let first = stage.hear("the quick one", offers).await;
    assert_eq!((first.items.len(), first.answered, first.asked), (1, 1, 2));
    assert!(begun.elapsed() < Duration::from_secs(1));
    let second = stage.hear("the silent one", offers).await;
    assert_eq!((second.items.len(), second.answered), (0, 2));
    let waited = begun.elapsed().as_secs();
    assert!((9..=11).contains(&waited), "{waited}");
    // Taken back before that, it hears of it.
    let before = silent.dropped.load(Ordering::SeqCst);
    stage.catalog.find_sources(Quest(2), title);
    stage.hear("the quick one again", offers).await;
    stage.catalog.stop(Quest(2));
    while silent.dropped.load(Ordering::SeqCst) == before {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_was_not_to_be_had_is_asked_for_again() {
    let times = AtomicUsize::new(0);
    let late = Scripted::new("late", move |request| match request.resource {
        Resource::Catalog => {
            // The wall is asked for at the start, and once more with all that may be old.
            let early = times.fetch_add(1, Ordering::SeqCst) < 4;
            let film = Meta::new("tt1", "movie", "One");
            (!early).then(|| Body::Catalog(vec![film]))
        }
        _ => nothing(request),
    });
    let begun = tokio::time::Instant::now();
    let mut stage = stage(&Disk::new(), &[&late]);
    stage.patience = Duration::from_hours(1);
    let there = |it: &Stage| it.wall() == [("The late", 1)];
    stage.until("the row", there).await;
    let minutes = begun.elapsed().as_secs() / 60;
    assert!((1..10).contains(&minutes), "{minutes}");
}

#[tokio::test]
async fn a_part_of_the_box_is_switched_off_and_stays() {
    let own = Scripted::new("own", nothing);
    let disk = Disk::new();
    let mut before = stage(&disk, &[&own]);
    before.until("it", |it| it.add_ons.len() == 1).await;
    assert_eq!(before.add_ons[0].host, None);
    before.catalog.change(AddOnChange::Remove("own".into()));
    before
        .catalog
        .change(AddOnChange::SetEnabled("own".into(), false));
    before.until("it is off", |it| !it.add_ons[0].enabled).await;
    drop(before);
    let new = Scripted::new("new", nothing);
    let mut after = stage(&disk, &[&new, &own]);
    after.until("both", |it| it.add_ons.len() == 2).await;
    let told: Vec<_> = after
        .add_ons
        .iter()
        .map(|it| (&*it.id, it.enabled))
        .collect();
    assert_eq!(told, [("new", true), ("own", false)]);
    let asked = own.asked.lock().unwrap().len();
    let (_, all) = after.sources(1, &Title::new("movie", "tt1")).await;
    assert_eq!(all, 1);
    assert_eq!(own.asked.lock().unwrap().len(), asked);
}
