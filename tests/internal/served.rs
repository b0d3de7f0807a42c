//! Our add-ons as others see them: npm's stremio-addon-client, and the core of the protocol's own
//! client, against what is served.

use std::sync::Arc;

use addon::{AddOn, Reply};
use app::choosing::Offer;
use app::{Film, FilmId, Licence, Reach, Row, Source, TorrentRef};
use fixtures::addons::{client, core};
use fixtures::archive::{ArchiveSite, Item};
use fixtures::site::{Said, Site};
use fixtures::wiki::WikiSite;
use internal::{Archive, Bundled, Drives, Places, Served};
use serde_json::json;
use tokio::runtime::Handle;

use crate::bench::{ANY, clock, fetch};

fn rows() -> Vec<Row> {
    let film = Film {
        id: FilmId("sintel".into()),
        title: "Sintel".into(),
        year: Some(2010),
        licence: Some(Licence {
            name: "CC BY 3.0".into(),
            url: "https://creativecommons.org/licenses/by/3.0/".into(),
        }),
        sources: vec![Source {
            label: "720p".into(),
            reach: Reach::Torrent(TorrentRef {
                info_hash: [0xab; 20],
                file: Some(5),
                trackers: vec!["udp://127.0.0.1:1".into()],
                ..TorrentRef::default()
            }),
            offer: Offer::default(),
        }],
        ..Film::default()
    };
    vec![Row::new("Films to begin with", vec![film])]
}

/// Serves them over HTTP. Replies are made beforehand by a task, because a site answers at once.
async fn serve(served: Served) -> Site {
    let runtime = Handle::current();
    Site::start(ANY, move |asked| {
        let path = asked
            .target
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned();
        let served = served.clone();
        let reply: Reply = tokio::task::block_in_place(|| {
            runtime.block_on(async { served.reply(&path, None).await })
        });
        let said = Said {
            body: reply.body,
            ..Said::status(reply.status)
        };
        let headers = reply.headers.iter();
        headers.fold(said, |said, (name, value)| said.with(name, value))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_reads_them() {
    let item = Item {
        id: "Old",
        title: "Old",
        year: 1920,
        licence: Some("https://creativecommons.org/publicdomain/mark/1.0/"),
        collection: "feature_films",
        ..Item::default()
    };
    let archive = ArchiveSite::start(ANY, vec![item]).await;
    let wiki = WikiSite::start(ANY, Vec::new()).await;
    let places = Places {
        archive: Some(archive.site.base()),
        wiki: Some(wiki.site.base()),
        ..Places::default()
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Spring.2019.mkv"), b"x").unwrap();
    let folders = vec![folder.path().to_owned()];
    let drives = Drives::start(folders, Arc::new(|_| {}), &Handle::current());
    let archive = Archive::new(&fetch(&places), &places, clock());
    let add_ons: Vec<(&'static str, Arc<dyn AddOn>)> = vec![
        ("bundled", Arc::new(Bundled::new(rows()))),
        ("archive", Arc::new(archive)),
        ("drives", Arc::new(drives)),
    ];
    let site = serve(Served::new(add_ons)).await;
    let ask = async |name: &str, questions: &[fixtures::addons::Question<'_>]| {
        let manifest = format!("{}/addon/{name}/manifest.json", site.base());
        client(&manifest, questions).await
    };
    let told = ask(
        "bundled",
        &[
            ("catalog", "movie", "row-0", None),
            ("meta", "movie", "matinee:sintel", None),
            ("stream", "movie", "matinee:sintel", None),
            ("catalog", "movie", "row-0", Some(json!({"search": "no"}))),
        ],
    )
    .await;
    let answer = |at: usize| &told["answers"][at]["answer"];
    assert_eq!(answer(0)["metas"][0]["name"], "Sintel", "{told}");
    assert_eq!(answer(1)["meta"]["links"][0]["category"], "licence");
    let stream = &answer(2)["streams"][0];
    assert_eq!(
        (&stream["infoHash"], &stream["fileIdx"]),
        (&json!("ab".repeat(20)), &json!(5))
    );
    assert_eq!(answer(3)["metas"], json!([]));
    let told = ask(
        "archive",
        &[
            ("catalog", "movie", "feature-films", None),
            ("meta", "movie", "archive:Missing", None),
        ],
    )
    .await;
    assert_eq!(
        told["answers"][0]["answer"]["metas"][0]["id"], "archive:Old",
        "{told}"
    );
    assert_eq!(told["answers"][1]["answer"]["meta"], json!(null), "{told}");
    let told = ask("drives", &[("catalog", "movie", "drives", None)]).await;
    let spring = &told["answers"][0]["answer"]["metas"][0];
    assert_eq!(spring["name"], "Spring", "{told}");
    // Where it lies on this box is not told.
    let id = spring["id"].as_str().unwrap();
    let told = ask("drives", &[("stream", "movie", id, None)]).await;
    assert_eq!(told["answers"][0]["answer"]["streams"], json!([]), "{told}");
}

#[tokio::test]
async fn other_paths_are_none() {
    let add_on: Arc<dyn AddOn> = Arc::new(Bundled::new(rows()));
    let served = Served::new(vec![("bundled", add_on)]);
    for path in [
        "/addon/tmdb/manifest.json",
        "/addon/bundled",
        "/addon/bundled/x.json",
        "/addon//manifest.json",
        "/manifest.json",
        "/addon/bundled/stream/movie/other%3A1.json",
    ] {
        assert_eq!(served.reply(path, None).await.status, 404, "{path}");
    }
    let reply = served.reply("/addon/bundled/manifest.json", None).await;
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .headers
            .contains(&("access-control-allow-origin", "*".to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_core_of_their_own_client_finds_and_would_play_the_films_of_the_box() {
    let films: Arc<dyn AddOn> = Arc::new(Bundled::new(rows()));
    let site = serve(Served::new(vec![("bundled", films)])).await;
    let told = core(
        &format!("{}/addon/bundled/manifest.json", site.base()),
        &[
            ("catalog", "movie", "row-0", None),
            ("catalog", "movie", "row-0", Some(json!({"search": "no"}))),
            ("meta", "movie", "matinee:sintel", None),
            ("meta", "movie", "matinee:nobody", None),
        ],
    )
    .await;
    assert_eq!(told["manifest"]["name"], "Matinee", "{told}");
    let answers = told["answers"].as_array().unwrap();
    assert_eq!(answers[0]["content"][0]["name"], "Sintel", "{told}");
    // It takes an empty page for an error of its own kind.
    assert_eq!(answers[1]["content"], "EmptyContent", "{told}");
    assert_eq!(answers[2]["content"]["releaseInfo"], "2010");
    assert_eq!(answers[3]["type"], "Err", "{told}");
    let streams = &answers[2]["streams"];
    assert_eq!(streams["type"], "Ready", "{told}");
    let stream = &streams["content"][0];
    assert_eq!(
        (&stream["infoHash"], &stream["fileIdx"]),
        (&json!("ab".repeat(20)), &json!(5))
    );
    let sources = stream["announce"].as_array().unwrap();
    assert_eq!(sources[0], "tracker:udp://127.0.0.1:1");
}
