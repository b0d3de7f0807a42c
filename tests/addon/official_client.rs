//! npm's stremio-addon-client, and the linter in it, against an add-on made of our own types.

use std::net::Ipv4Addr;
use std::sync::Arc;

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, Cache, CatalogEntry, Extra, InfoHash, Listed,
    Manifest, ManifestHints, Meta, Reply, Request, Resource, Route, Rule, Source, Stream,
    StreamHints, Subtitle, Torrent, Transport, Video,
};
use axum::Router;
use axum::body::Body as HttpBody;
use axum::http::{Method, Uri};
use axum::response::Response;
use fixtures::addons::client;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// An add-on of two titles, as ours are.
#[derive(Debug)]
pub(crate) struct Shelf(Arc<Manifest>);

impl Shelf {
    pub(crate) fn new() -> Shelf {
        let rule = |resource| Rule {
            resource,
            types: vec!["movie".into(), "series".into()],
            id_prefixes: Some(vec!["shelf:".into()]),
        };
        let mut films = CatalogEntry::new("movie", "films");
        films.name = Some("Films".into());
        films.extra = vec![Extra::new("search"), Extra::new("skip")];
        Shelf(Arc::new(Manifest {
            id: "org.example.shelf".into(),
            name: "Shelf".into(),
            version: "0.1.0".into(),
            description: Some("Two titles.".into()),
            types: vec!["movie".into(), "series".into()],
            resources: vec![
                rule(Resource::Meta),
                rule(Resource::Stream),
                rule(Resource::Subtitles),
            ],
            catalogs: vec![films],
            addon_catalogs: vec![CatalogEntry::new("all", "friends")],
            hints: ManifestHints {
                p2p: true,
                ..ManifestHints::default()
            },
            ..Manifest::default()
        }))
    }

    fn answered(&self, request: &Request) -> Result<Answer, AddOnError> {
        if !self.0.answers(request) {
            return Err(AddOnError::Unsupported);
        }
        let body = match request.resource {
            Resource::Catalog => Body::Catalog(match request.extra("search") {
                Some(words) => vec![Meta::new("shelf:found", "movie", words)],
                None => vec![film()],
            }),
            Resource::Meta if request.id == "shelf:film" => Body::Meta(Some(Box::new(film()))),
            Resource::Meta if request.id == "shelf:series" => Body::Meta(Some(Box::new(series()))),
            Resource::Meta => Body::Meta(None),
            Resource::Stream if request.id == "shelf:gone" => return Err(AddOnError::NotFound),
            Resource::Stream => Body::Streams(vec![stream()]),
            Resource::Subtitles => Body::Subtitles(vec![Subtitle {
                id: request.extra("videoHash").unwrap_or("none").into(),
                lang: "fre".into(),
                url: "https://films.example/fr.srt".into(),
                label: None,
            }]),
            Resource::AddOnCatalog => Body::AddOns(vec![Listed {
                transport: Transport::parse("https://friend.example/x").unwrap(),
                manifest: (*self.0).clone(),
            }]),
        };
        Ok(Answer::new(body).cached(Cache {
            max_age_s: Some(60),
            ..Cache::default()
        }))
    }
}

impl AddOn for Shelf {
    fn manifest(&self) -> Arc<Manifest> {
        self.0.clone()
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let answered = self.answered(&request);
        Box::pin(async { answered })
    }
}

fn film() -> Meta {
    Meta {
        imdb_rating: Some(7.5),
        genres: vec!["Drama".into()],
        poster: Some("https://films.example/p.jpg".into()),
        release_info: Some("2012".into()),
        ..Meta::new("shelf:film", "movie", "A Film: \"é\"")
    }
}

fn series() -> Meta {
    let video = |season, episode| Video {
        id: format!("shelf:series:{season}:{episode}"),
        title: format!("Episode {episode}"),
        season: Some(season),
        episode: Some(episode),
        ..Video::default()
    };
    Meta {
        videos: vec![video(1, 1), video(0, 1)],
        ..Meta::new("shelf:series", "series", "A Series")
    }
}

fn stream() -> Stream {
    Stream {
        name: Some("1080p".into()),
        hints: StreamHints {
            binge_group: Some("shelf-1080p".into()),
            video_bytes: Some(1_000),
            ..StreamHints::default()
        },
        ..Stream::of(Source::Torrent(Torrent {
            info_hash: InfoHash([0xab; 20]),
            file: Some(2),
            trackers: vec!["udp://127.0.0.1:6969".into()],
            file_must_include: Vec::new(),
        }))
    }
}

/// The add-on over HTTP, until it is dropped.
pub(crate) struct Served {
    pub(crate) address: String,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn serve(add_on: Arc<dyn AddOn>) -> Served {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let address = format!("http://{}/manifest.json", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |method: Method, uri: Uri| {
        let add_on = add_on.clone();
        async move { http(reply(&*add_on, &method, uri.path()).await) }
    });
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Served { address, task }
}

async fn reply(add_on: &dyn AddOn, method: &Method, path: &str) -> Reply {
    if method == Method::OPTIONS {
        return Reply::preflight();
    }
    match Route::parse(path) {
        Some(Route::Manifest) => Reply::manifest(&add_on.manifest()),
        Some(Route::Resource(request)) => match add_on.answer(request).await {
            Ok(answer) => Reply::answer(&answer),
            Err(error) => Reply::error(&error),
        },
        None => Reply::not_found(),
    }
}

fn http(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(HttpBody::from(reply.body)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_reads_what_we_serve() {
    let served = serve(Arc::new(Shelf::new())).await;
    let odd = "one & two/é+%";
    let told = client(
        &served.address,
        &[
            ("catalog", "movie", "films", None),
            (
                "catalog",
                "movie",
                "films",
                Some(json!({"search": odd, "skip": 0})),
            ),
            ("meta", "movie", "shelf:film", None),
            ("meta", "series", "shelf:series", None),
            ("meta", "movie", "shelf:nobody", None),
            ("stream", "movie", "shelf:film", None),
            (
                "subtitles",
                "movie",
                "shelf:film",
                Some(json!({"videoHash": "8e245d9679d31e12"})),
            ),
            ("addon_catalog", "all", "friends", None),
        ],
    )
    .await;
    assert_eq!(told["manifest"]["name"], "Shelf", "{told}");
    let answers = told["answers"].as_array().unwrap();
    // The client knows no lists of add-ons; it asks for them all the same.
    assert!(
        answers[..7].iter().all(|it| it["supported"] == true),
        "{told}"
    );
    let answer = |at: usize| &answers[at]["answer"];
    assert_eq!(answer(0)["metas"][0]["name"], "A Film: \"é\"");
    assert_eq!(answer(0)["metas"][0]["imdbRating"], "7.5");
    assert_eq!(answer(0)["cacheMaxAge"], 60);
    assert_eq!(answer(1)["metas"][0]["name"], odd);
    assert_eq!(answer(2)["meta"]["genres"], json!(["Drama"]));
    assert_eq!(answer(3)["meta"]["videos"][1]["id"], "shelf:series:0:1");
    assert_eq!(answer(3)["meta"]["videos"][1]["season"], 0);
    assert_eq!(answer(4)["meta"], Value::Null);
    let hash = "ab".repeat(20);
    assert_eq!(
        answer(5)["streams"],
        json!([{
            "infoHash": hash, "fileIdx": 2, "name": "1080p",
            "sources": ["tracker:udp://127.0.0.1:6969", format!("dht:{hash}")],
            "behaviorHints": {"bingeGroup": "shelf-1080p", "videoSize": 1000}
        }])
    );
    assert_eq!(answer(6)["subtitles"][0]["id"], "8e245d9679d31e12");
    let listed = &answer(7)["addons"][0];
    assert_eq!(
        listed["transportUrl"],
        "https://friend.example/x/manifest.json"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_hears_why_not() {
    let served = serve(Arc::new(Shelf::new())).await;
    let told = client(
        &served.address,
        &[
            ("stream", "movie", "other:film", None),
            ("stream", "movie", "shelf:gone", None),
            ("catalog", "movie", "nothing", None),
        ],
    )
    .await;
    let answers = told["answers"].as_array().unwrap();
    let supported: Vec<bool> = answers.iter().map(|it| it["supported"] == true).collect();
    assert_eq!(supported, [false, true, false]);
    for answer in answers {
        assert!(
            answer["error"].as_str().is_some_and(|it| it == "Not found"),
            "{told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_client_reads_what_we_serve() {
    let served = serve(Arc::new(Shelf::new())).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let transport = Transport::parse(&served.address).unwrap();
    let request = Request::new(Resource::Meta, "series", "shelf:series");
    let answer = http
        .get(transport.of_request(&request))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["cache-control"], "max-age=60, public");
    let answer = Answer::read(&request, &answer.bytes().await.unwrap()).unwrap();
    assert_eq!(answer.body, Body::Meta(Some(Box::new(series()))));
    let preflight = http.request(Method::OPTIONS, transport.as_str()).send();
    assert_eq!(preflight.await.unwrap().status(), 204);
}
