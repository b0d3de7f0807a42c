//! What we serve, read by the core of the protocol's own client: the strictest reader there is, and
//! the one whose users would see a fault.

use std::sync::Arc;

use fixtures::addons::core;
use serde_json::{Value, json};

use crate::official_client::{Shelf, serve};

#[tokio::test(flavor = "multi_thread")]
async fn it_reads_all_that_we_can_say() {
    let served = serve(Arc::new(Shelf::new())).await;
    let told = core(
        &served.address,
        &[
            ("catalog", "movie", "films", None),
            ("meta", "movie", "shelf:film", None),
            ("meta", "series", "shelf:series", None),
        ],
    )
    .await;
    let answers = told["answers"].as_array().unwrap();
    assert_eq!(answers[0]["content"][0]["name"], "A Film: \"é\"", "{told}");
    let links = answers[1]["content"]["links"].as_array().unwrap();
    let said = |category: &str| -> Vec<&Value> {
        let of = links.iter().filter(|it| it["category"] == category);
        of.map(|it| &it["name"]).collect()
    };
    assert_eq!(
        (said("imdb"), said("Genres")),
        (vec![&json!("7.5")], vec![&json!("Drama")])
    );
    let stream = &answers[1]["streams"]["content"][0];
    assert_eq!(
        stream["behaviorHints"]["bingeGroup"], "shelf-1080p",
        "{told}"
    );
    let videos = answers[2]["content"]["videos"].as_array().unwrap();
    let ids: Vec<_> = videos.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["shelf:series:1:1", "shelf:series:0:1"], "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_so_where_there_is_none() {
    let served = serve(Arc::new(Shelf::new())).await;
    let elsewhere = served
        .address
        .replace("/manifest.json", "/x/y/manifest.json");
    let told = core(&elsewhere, &[]).await;
    assert_eq!(told["error"]["type"], "Err", "{told}");
}
