//! What the tests share: a door to the web that may call servers on loopback, and questions.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use addon::{AddOn, AddOnError, Body, Meta, Request, Resource, Stream, Subtitle};
use fetch::{Clock, Config, Fetch, Memory, Patience};
use internal::Places;

/// Any port of loopback.
pub(crate) const ANY: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// The door, with answers kept in memory, for the owner's `places`.
pub(crate) fn fetch(places: &Places) -> Fetch {
    door(places, None)
}

/// The same at this time.
pub(crate) fn door(places: &Places, clock: Option<Clock>) -> Fetch {
    let config = Config {
        lan: places.hosts(),
        patience: Patience {
            // Repeats are not what is tried here.
            backoff: Duration::from_millis(1),
            ..Patience::default()
        },
        answers: Some(Arc::new(Memory::new(16 << 20))),
        ..Config::default()
    };
    let config = match clock {
        Some(clock) => Config { clock, ..config },
        None => config,
    };
    Fetch::new(config).unwrap()
}

/// The summer of 2026.
pub(crate) fn clock() -> Clock {
    Arc::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_784_000_000))
}

pub(crate) async fn body(add_on: &dyn AddOn, request: Request) -> Result<Body, AddOnError> {
    add_on.answer(request).await.map(|answer| answer.body)
}

pub(crate) async fn catalog(add_on: &dyn AddOn, request: Request) -> Vec<Meta> {
    match body(add_on, request).await {
        Ok(Body::Catalog(metas)) => metas,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn meta(add_on: &dyn AddOn, kind: &str, id: &str) -> Option<Meta> {
    match body(add_on, Request::new(Resource::Meta, kind, id)).await {
        Ok(Body::Meta(meta)) => meta.map(|meta| *meta),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn streams(add_on: &dyn AddOn, kind: &str, id: &str) -> Vec<Stream> {
    match body(add_on, Request::new(Resource::Stream, kind, id)).await {
        Ok(Body::Streams(streams)) => streams,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn subtitles(add_on: &dyn AddOn, request: Request) -> Vec<Subtitle> {
    match body(add_on, request).await {
        Ok(Body::Subtitles(subtitles)) => subtitles,
        other => panic!("{other:?}"),
    }
}

/// Names of links of one category, with their addresses.
pub(crate) fn links(meta: &Meta, category: &str) -> Vec<(String, String)> {
    let links = meta.links.iter().filter(|link| link.category == category);
    links
        .map(|link| (link.name.clone(), link.url.clone()))
        .collect()
}
