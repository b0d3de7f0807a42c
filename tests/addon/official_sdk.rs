//! An add-on built on npm's stremio-addon-sdk, asked by our requests and read by our types.

use addon::{
    Answer, AnswerError, Body, Cache, Link, Losses, Manifest, Meta, PAGE_ITEMS, Request, Resource,
    Skip, Source, Transport,
};
use fixtures::addons::AddOnServer;
use reqwest::{Client, Response};

const HASH: &str = "0123456789abcdef0123456789abcdef01234567";
const FILE_HASH: &str = "8e245d9679d31e12";
const FILE_BYTES: u64 = 129_241_752;

/// The add-on, and somebody who asks it.
struct Stage {
    server: AddOnServer,
    client: Client,
    transport: Transport,
}

impl Stage {
    async fn start() -> Stage {
        let server = AddOnServer::start(None).await;
        Stage {
            client: Client::builder().no_proxy().build().unwrap(),
            transport: Transport::parse(&server.base).unwrap(),
            server,
        }
    }

    async fn get(&self, address: &str) -> Response {
        self.client.get(address).send().await.unwrap()
    }

    async fn manifest(&self) -> Manifest {
        let answer = self.get(self.transport.as_str()).await;
        let (manifest, losses) = Manifest::read(&answer.bytes().await.unwrap()).unwrap();
        assert!(losses.is_none(), "{losses:?}");
        manifest
    }

    /// Asks what may be asked, and reads the answer.
    async fn ask(&self, request: &Request) -> Answer {
        let answer = self.get(&self.transport.of_request(request)).await;
        assert_eq!(answer.status(), 200, "{request:?}");
        let control = answer.headers().get("cache-control").cloned();
        let answer = Answer::read(request, &answer.bytes().await.unwrap()).unwrap();
        // The header says the same as the answer.
        let said = control.map_or_else(Cache::default, |control| {
            Cache::of_control(control.to_str().unwrap())
        });
        assert_eq!(answer.cache, said);
        answer
    }

    async fn catalog(&self, request: &Request) -> Vec<Meta> {
        let answer = self.ask(request).await;
        assert!(answer.losses.is_none(), "{:?}", answer.losses);
        match answer.body {
            Body::Catalog(metas) => metas,
            other => panic!("{other:?}"),
        }
    }

    async fn meta(&self, kind: &str, id: &str) -> (Option<Meta>, Losses) {
        let answer = self.ask(&Request::new(Resource::Meta, kind, id)).await;
        match answer.body {
            Body::Meta(meta) => (meta.map(|meta| *meta), answer.losses),
            other => panic!("{other:?}"),
        }
    }
}

fn names(metas: &[Meta]) -> Vec<&str> {
    metas.iter().map(|meta| meta.name.as_str()).collect()
}

#[tokio::test]
async fn the_manifest_says_what_may_be_asked() {
    let stage = Stage::start().await;
    let manifest = stage.manifest().await;
    assert_eq!(manifest.id, "org.example.peer");
    assert!(manifest.hints.p2p && manifest.hints.configurable && !manifest.hints.adult);
    let rows: Vec<String> = manifest
        .board()
        .iter()
        .map(|row| row.request.path())
        .collect();
    assert_eq!(
        rows,
        [
            "/catalog/movie/all.json",
            "/catalog/series/series.json",
            "/catalog/movie/genre/genre=Animation.json",
            "/catalog/movie/moved.json",
            "/catalog/movie/broken.json",
        ]
    );
    let may = |resource, id: &str| manifest.answers(&Request::new(resource, "movie", id));
    assert!(may(Resource::Stream, "tt0000001") && !may(Resource::Meta, "tt0000001"));
    assert!(may(Resource::Meta, "peer:film-001") && !may(Resource::Stream, "other:1"));
    assert!(manifest.sees_searches());
    // What is pasted from a page leads to the same place.
    let link = stage.transport.as_str().replace("http://", "stremio://");
    let Ok(Link::AddOn { fallback, .. }) = Link::parse(&link) else {
        panic!("{link}");
    };
    assert_eq!(fallback.as_ref(), Some(&stage.transport));
}

#[tokio::test]
async fn catalogs_have_pages_searches_and_genres() {
    let stage = Stage::start().await;
    let manifest = stage.manifest().await;
    let all = manifest.catalogs[0].first().unwrap();
    let mut seen = Vec::new();
    loop {
        let request = all.clone().with("skip", seen.len().to_string());
        let page = stage.catalog(&request).await;
        let last = page.len() < PAGE_ITEMS;
        seen.extend(page);
        if last {
            break;
        }
    }
    assert_eq!(seen.len(), 250);
    assert_eq!(
        (seen[0].id.as_str(), seen[249].id.as_str()),
        ("peer:film-001", "peer:film-250")
    );
    let first = &seen[0];
    assert_eq!(
        (first.year(), first.runtime_minutes()),
        (Some(1900), Some(95))
    );
    assert_eq!(first.imdb_rating, Some(7.3));
    let poster = stage.get(first.poster.as_deref().unwrap()).await;
    assert_eq!(poster.headers()["content-type"], "image/png");

    let found = stage
        .catalog(&manifest.searches("film 01")[0].request)
        .await;
    assert_eq!(found.len(), 10);
    let searched = manifest.searches("n Film 250");
    assert_eq!(searched.len(), 2);
    for row in searched {
        let found = stage.catalog(&row.request).await;
        assert_eq!(names(&found), ["Open Film 250"]);
    }
    let none = stage
        .catalog(&manifest.searches("a & b/c?d=é+%")[0].request)
        .await;
    assert!(none.is_empty());
    let drama = all.clone().with("genre", "Drama").with("skip", "80");
    assert_eq!(stage.catalog(&drama).await.len(), 3);
    let moved = Request::new(Resource::Catalog, "movie", "moved");
    assert_eq!(stage.catalog(&moved).await.len(), PAGE_ITEMS);
}

#[tokio::test]
async fn settings_stand_in_the_address() {
    let stage = Stage::start().await;
    let address = format!(
        "{}/%7B%22lang%22%3A%22fr%22%7D/configure",
        stage.server.base
    );
    let transport = Transport::parse(&address).unwrap();
    let page = stage.get(&transport.configure()).await;
    assert!(page.text().await.unwrap().starts_with("<!doctype html>"));
    let own = Stage { transport, ..stage };
    let manifest = own.manifest().await;
    assert!(!manifest.hints.configurable);
    let found = own.catalog(&manifest.searches("film 250")[0].request).await;
    assert_eq!(names(&found), ["Open Film 250 (fr)"]);
}

#[tokio::test]
async fn metas_keep_their_ids_and_series_their_order() {
    let stage = Stage::start().await;
    let (film, losses) = stage.meta("movie", "peer:film-007").await;
    let film = film.unwrap();
    assert_eq!(film.description.as_deref().unwrap().lines().count(), 2);
    assert_eq!(film.only_video(), Some("peer:film-007"));
    assert!(losses.is_none());

    let (series, _) = stage.meta("series", "peer:series").await;
    let series = series.unwrap();
    let seasons = series.seasons();
    let seasons: Vec<_> = seasons
        .iter()
        .map(|(season, all)| (*season, all.len()))
        .collect();
    assert_eq!(seasons, [(Some(1), 3), (Some(2), 2), (Some(0), 1)]);
    let next = series.next_after("peer:series:1:3").unwrap();
    assert_eq!(next.id, "peer:series:2:1");

    let (bare, losses) = stage.meta("movie", "peer:bare").await;
    assert_eq!(bare.unwrap().id, "peer:bare");
    assert!(losses.other_id);
    for none in ["peer:empty", "peer:nobody"] {
        assert_eq!(
            stage.meta("movie", none).await,
            (None, Losses::default()),
            "{none}"
        );
    }
}

#[tokio::test]
async fn streams_of_every_kind_are_read_or_counted() {
    let stage = Stage::start().await;
    let answer = stage
        .ask(&Request::new(Resource::Stream, "movie", "peer:film-001"))
        .await;
    let Body::Streams(streams) = &answer.body else {
        panic!("{answer:?}");
    };
    let [torrent, web, magnet, youtube, elsewhere] = streams.as_slice() else {
        panic!("{streams:?}");
    };
    let Source::Torrent(source) = &torrent.source else {
        panic!("{torrent:?}");
    };
    assert_eq!(
        (source.info_hash.hex().as_str(), source.file),
        (HASH, Some(5))
    );
    assert_eq!(source.trackers, ["udp://127.0.0.1:6969"]);
    assert_eq!(torrent.name.as_deref(), Some("Open\n720p"));
    assert_eq!(torrent.hints.binge_group.as_deref(), Some("peer-720p"));
    assert_eq!(torrent.hints.video_hash.as_deref(), Some(FILE_HASH));
    assert_eq!(torrent.hints.video_bytes, Some(FILE_BYTES));
    assert_eq!(
        web.source,
        Source::Url(format!("{}/static/film.mp4", stage.server.base))
    );
    assert_eq!(
        web.hints.proxy_headers.request["Referer"],
        "https://films.example/"
    );
    assert_eq!(web.subtitles.len(), 1);
    assert_eq!(magnet.source.info_hash(), Some(source.info_hash));
    assert_eq!(youtube.source, Source::YouTube("abcdefghijk".into()));
    assert!(matches!(elsewhere.source, Source::External(_)));
    let skipped = [
        (Skip::Malformed, 1),
        (Skip::Scheme, 1),
        (Skip::Unsupported, 1),
    ];
    assert_eq!(answer.losses.skipped, skipped.into());
    assert_eq!(answer.cache.stale_error_s, Some(604_800));

    let none = stage
        .ask(&Request::new(Resource::Stream, "movie", "peer:null"))
        .await;
    assert_eq!(none, Answer::nothing(Resource::Stream));
}

#[tokio::test]
async fn subtitles_are_found_by_hash() {
    let stage = Stage::start().await;
    let request = Request::new(Resource::Subtitles, "movie", "peer:film-001");
    let by_hash =
        request
            .clone()
            .of_file(Some(FILE_HASH), Some(FILE_BYTES), Some("Open & Film.mp4"));
    for (request, ids) in [
        (request, vec!["by-id"]),
        (by_hash, vec!["by-hash", "by-id"]),
    ] {
        let answer = stage.ask(&request).await;
        let Body::Subtitles(subtitles) = &answer.body else {
            panic!("{answer:?}");
        };
        let found: Vec<&str> = subtitles.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(found, ids);
        assert_eq!(answer.losses.skipped, [(Skip::OwnServer, 1)].into());
        let text = stage.get(&subtitles[0].url).await.text().await.unwrap();
        assert!(text.starts_with("1\n00:00:01,000"), "{text}");
    }
}

#[tokio::test]
async fn other_add_ons_are_listed() {
    let stage = Stage::start().await;
    let request = Request::new(Resource::AddOnCatalog, "all", "friends");
    assert!(stage.manifest().await.answers(&request));
    let answer = stage.ask(&request).await;
    let Body::AddOns(listed) = &answer.body else {
        panic!("{answer:?}");
    };
    // The legacy one is left out.
    assert_eq!((listed.len(), answer.losses.bad), (4, 1));
    assert_eq!(listed[0].transport, stage.transport);
    assert_eq!(listed[0].manifest, stage.manifest().await);
}

#[tokio::test]
async fn failures_are_told_apart() {
    let stage = Stage::start().await;
    let broken = Request::new(Resource::Catalog, "movie", "broken");
    let answer = stage.get(&stage.transport.of_request(&broken)).await;
    assert_eq!(answer.status(), 500);
    let read = Answer::read(&broken, &answer.bytes().await.unwrap());
    assert_eq!(read, Err(AnswerError::Refused("handler error".into())));

    let answer = stage
        .get(&format!("{}/rating/movie/x.json", stage.server.base))
        .await;
    assert_eq!(answer.status(), 404);
    let read = Answer::read(&broken, &answer.bytes().await.unwrap());
    assert_eq!(read, Err(AnswerError::Html));
}
