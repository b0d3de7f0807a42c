//! Whatever an add-on answers: nothing panics, bounds hold, and what comes out is fit for the core.

use addon::{Answer, Body, Request, Resource};
use app::Reach;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{meta, offer};

/// Keys that are looked at, so that most of what is made means something.
const KEYS: &[&str] = &[
    "id",
    "type",
    "name",
    "poster",
    "releaseInfo",
    "runtime",
    "imdbRating",
    "genres",
    "cast",
    "director",
    "links",
    "category",
    "url",
    "videos",
    "season",
    "episode",
    "released",
    "title",
    "streams",
    "infoHash",
    "fileIdx",
    "description",
    "behaviorHints",
    "filename",
    "videoSize",
    "bingeGroup",
    "trailerStreams",
    "available",
    "sources",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 .:/-]{0,20}",
        "\\PC{0,20}",
        Just("0123456789abcdef0123456789abcdef01234567".to_owned()),
        Just("magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&x.pe=a&so=9".to_owned()),
        Just("https://a.example/Film.2010.2160p.HDR.x265.mkv".to_owned()),
        Just("stremio:///detail/movie/tt1".to_owned()),
        Just("similar".to_owned()),
        Just("2010-09-27T00:00:00.000Z".to_owned()),
        Just("👤 12 💾 2.1 GB".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 60, 8, |inner| {
        let table = prop::collection::vec((prop::sample::select(KEYS), inner.clone()), 0..8);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            table.prop_map(|pairs| {
                let pairs = pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value));
                Value::Object(pairs.collect::<Map<_, _>>())
            }),
        ]
    })
}

fn read(resource: Resource, kind: &str, answer: &Value) -> Option<Body> {
    let request = Request::new(resource, kind, "x:1");
    let answer = Answer::read(&request, answer.to_string().as_bytes());
    answer.ok().map(|answer| answer.body)
}

proptest! {
    #[test]
    fn metas_become_films(told in value(), series in any::<bool>()) {
        let kind = if series { "series" } else { "movie" };
        let metas = json!({ "metas": [told.clone()] });
        if let Some(Body::Catalog(metas)) = read(Resource::Catalog, kind, &metas) {
            for film in metas.iter().map(meta::card) {
                let title = film.origin.as_ref().unwrap();
                prop_assert_eq!(&film.id, &meta::film_id(title));
            }
        }
        if let Some(Body::Meta(Some(told))) = read(Resource::Meta, kind, &json!({ "meta": told })) {
            let mut film = meta::page(&told);
            prop_assert!(film.genres.len() <= 8);
            let facts = film.facts.clone().unwrap();
            prop_assert!(facts.episodes.len() <= told.videos.len());
            prop_assert!(facts.rating.is_none_or(|rating| rating <= 100));
            // Told by a second one too, nothing is other than before.
            let again = film.clone();
            meta::fill(&mut film, &again);
            prop_assert_eq!(film, again);
        }
    }

    #[test]
    fn streams_become_sources(streams in prop::collection::vec(value(), 0..6)) {
        let answer = json!({ "streams": streams });
        let Some(Body::Streams(streams)) = read(Resource::Stream, "movie", &answer) else {
            return Ok(());
        };
        let sources = offer::sources(&streams, "A", 70_000);
        prop_assert!(sources.len() <= streams.len());
        for source in sources {
            prop_assert!(!source.label.is_empty() && source.offer.add_on == u16::MAX);
            if let Reach::Web(web) = source.reach {
                prop_assert!(web.url.starts_with("http"));
            }
        }
    }
}
