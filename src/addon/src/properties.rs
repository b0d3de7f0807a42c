//! What holds for every answer there could be: values with the protocol's own names in wrong
//! places and of wrong types, read, written, and read again.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::bounds::NAME_MAX_CHARS;
use crate::fuzzing;
use crate::{
    Answer, Body, Cache, CatalogEntry, Extra, InfoHash, Listed, Losses, Manifest, ManifestHints,
    Meta, Request, Resource, Rule, Source, Stream, StreamHints, Subtitle, Torrent, Transport,
    Video,
};

const KEYS: [&str; 60] = [
    "id",
    "type",
    "name",
    "version",
    "types",
    "resources",
    "idPrefixes",
    "catalogs",
    "extra",
    "extraSupported",
    "extraRequired",
    "genres",
    "isRequired",
    "options",
    "addonCatalogs",
    "behaviorHints",
    "p2p",
    "metas",
    "meta",
    "streams",
    "subtitles",
    "addons",
    "transportUrl",
    "manifest",
    "videos",
    "season",
    "episode",
    "number",
    "released",
    "stream",
    "url",
    "infoHash",
    "fileIdx",
    "sources",
    "announce",
    "fileMustInclude",
    "ytId",
    "externalUrl",
    "title",
    "description",
    "thumbnail",
    "poster",
    "posterShape",
    "links",
    "category",
    "trailers",
    "source",
    "trailerStreams",
    "imdbRating",
    "runtime",
    "cast",
    "director",
    "proxyHeaders",
    "request",
    "videoSize",
    "videoHash",
    "lang",
    "cacheMaxAge",
    "year",
    "defaultVideoId",
];

const WORDS: [&str; 14] = [
    "movie",
    "tt0000001",
    "https://a.example/manifest.json",
    "//a",
    "catalog",
    "stream",
    "genre",
    "0123456789abcdef0123456789abcdef01234567",
    "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567",
    "tracker:udp://a:1",
    "8.1/10",
    "A, B",
    "stremio:///detail/movie/tt1",
    "search",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0u32..20).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(&WORDS[..]).prop_map(Value::from),
        prop::sample::select(&WORDS[..]).prop_map(Value::from),
    ]
}

/// JSON that looks like an answer from afar.
fn sloppy() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 96, 8, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            3 => prop::collection::vec((prop::sample::select(&KEYS[..]), inner), 0..8).prop_map(
                |pairs| {
                    let pairs = pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
                    Value::Object(pairs.collect::<Map<_, _>>())
                }
            ),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9é:.&ж]{1,12}"
}

fn maybe<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(of)
}

fn web() -> impl Strategy<Value = String> {
    "https://[a-z]{1,8}\\.example/[a-z0-9]{0,8}"
}

fn subtitle() -> impl Strategy<Value = Subtitle> {
    let parts = (text(), text(), web(), maybe(text()));
    parts.prop_map(|(id, lang, url, label)| Subtitle {
        id,
        lang,
        url,
        label,
    })
}

fn source() -> impl Strategy<Value = Source> {
    let hash = || any::<[u8; 20]>().prop_map(InfoHash);
    let tracker = "udp://[a-z]{1,8}\\.example:[1-9]";
    let trackers = prop::collection::hash_set(tracker, 0..3);
    let torrent = (
        hash(),
        maybe(any::<u32>()),
        trackers,
        prop::collection::vec(text(), 0..2),
    );
    prop_oneof![
        torrent.prop_map(|(info_hash, file, trackers, file_must_include)| {
            let trackers = trackers.into_iter().collect();
            Source::Torrent(Torrent {
                info_hash,
                file,
                trackers,
                file_must_include,
            })
        }),
        hash().prop_map(|info_hash| {
            let link = format!("magnet:?xt=urn:btih:{}", info_hash.hex());
            Source::Magnet { link, info_hash }
        }),
        web().prop_map(Source::Url),
        text().prop_map(Source::YouTube),
        web().prop_map(Source::External),
    ]
}

fn stream() -> impl Strategy<Value = Stream> {
    let subtitles = prop::collection::vec(subtitle(), 0..2);
    let parts = (
        source(),
        maybe(text()),
        maybe(text()),
        subtitles,
        maybe(text()),
        any::<u64>(),
    );
    parts.prop_map(
        |(source, name, description, subtitles, binge_group, bytes)| Stream {
            name,
            description,
            subtitles,
            hints: StreamHints {
                binge_group,
                video_bytes: Some(bytes),
                video_hash: Some(format!("{bytes:016x}")),
                not_web_ready: bytes % 2 == 0,
                ..StreamHints::default()
            },
            ..Stream::of(source)
        },
    )
}

fn meta() -> impl Strategy<Value = Meta> {
    let video = (
        text(),
        text(),
        maybe(any::<u32>()),
        prop::collection::vec(stream(), 0..2),
    );
    let video = video.prop_map(|(id, title, season, streams)| Video {
        id,
        title,
        season,
        streams,
        ..Video::default()
    });
    let videos = prop::collection::vec(video, 0..3);
    let names = prop::collection::vec("[a-zé ]{0,5}[a-z]", 0..3);
    let parts = (
        text(),
        text(),
        text(),
        maybe(web()),
        maybe(1u8..=100),
        names,
        videos,
    );
    parts.prop_map(|(id, kind, name, poster, tenths, genres, videos)| Meta {
        poster,
        imdb_rating: tenths.map(|tenths| f32::from(tenths) / 10.0),
        genres: genres.iter().map(|genre| genre.trim().to_owned()).collect(),
        videos,
        ..Meta::new(id, kind, name)
    })
}

fn manifest() -> impl Strategy<Value = Manifest> {
    let extra = (
        text(),
        any::<bool>(),
        prop::collection::vec(text(), 0..3),
        1u32..9,
    );
    let extra = extra.prop_map(|(name, is_required, options, options_max)| Extra {
        name,
        is_required,
        options,
        options_max,
    });
    let entry = (
        text(),
        text(),
        maybe(text()),
        prop::collection::vec(extra, 0..3),
    );
    let entry = entry.prop_map(|(kind, id, name, extra)| CatalogEntry {
        kind,
        id,
        name,
        extra,
    });
    let texts = || prop::collection::vec(text(), 0..3);
    let rule = (0usize..5, texts(), maybe(texts())).prop_map(|(at, types, id_prefixes)| Rule {
        resource: Resource::ALL[at],
        types,
        id_prefixes,
    });
    let rules = prop::collection::vec(rule, 0..4);
    let entries = prop::collection::vec(entry, 0..3);
    let parts = (
        text(),
        text(),
        maybe(text()),
        texts(),
        rules,
        entries,
        any::<bool>(),
    );
    parts.prop_map(
        |(id, name, description, types, resources, catalogs, flag)| Manifest {
            id,
            name,
            version: "1.0.0".into(),
            description,
            types,
            resources,
            addon_catalogs: catalogs.clone(),
            catalogs,
            hints: ManifestHints {
                p2p: flag,
                adult: !flag,
                ..ManifestHints::default()
            },
            ..Manifest::default()
        },
    )
}

fn body() -> impl Strategy<Value = (Resource, Body)> {
    let listed = (web(), manifest()).prop_map(|(url, manifest)| Listed {
        transport: Transport::parse(&url).unwrap(),
        manifest,
    });
    let list = 0..3usize;
    prop_oneof![
        prop::collection::vec(meta(), list.clone())
            .prop_map(|metas| (Resource::Catalog, Body::Catalog(metas))),
        maybe(meta()).prop_map(|meta| (Resource::Meta, Body::Meta(meta.map(Box::new)))),
        prop::collection::vec(stream(), list.clone())
            .prop_map(|them| (Resource::Stream, Body::Streams(them))),
        prop::collection::vec(subtitle(), list.clone())
            .prop_map(|them| (Resource::Subtitles, Body::Subtitles(them))),
        prop::collection::vec(listed, list)
            .prop_map(|them| (Resource::AddOnCatalog, Body::AddOns(them))),
    ]
}

proptest! {
    #[test]
    fn no_json_is_too_odd(value in sloppy()) {
        let under = |key: &str| json!({ key: value }).to_string();
        for key in ["metas", "meta", "streams", "subtitles", "addons"] {
            fuzzing::answer(under(key).as_bytes());
        }
        let mut manifest = json!({"id": "x", "catalogs": [value], "resources": [value]});
        fuzzing::manifest(manifest.to_string().as_bytes());
        if let Some(fields) = value.as_object() {
            manifest.as_object_mut().unwrap().extend(fields.clone());
            fuzzing::manifest(manifest.to_string().as_bytes());
        }
    }

    #[test]
    fn what_is_made_here_is_read_as_it_was(
        (resource, body) in body(),
        seconds in maybe(0u32..1_000_000),
    ) {
        let cache = Cache { max_age_s: seconds, stale_error_s: seconds, ..Cache::default() };
        let answer = Answer::new(body).cached(cache);
        let id = match &answer.body {
            Body::Meta(Some(meta)) => meta.id.as_str(),
            _ => "x",
        };
        let request = Request::new(resource, "movie", id);
        prop_assert_eq!(Answer::read(&request, &answer.to_json()), Ok(answer));
    }

    #[test]
    fn manifests_are_read_as_they_were(manifest in manifest()) {
        let written = serde_json::to_vec(&manifest).unwrap();
        prop_assert_eq!(Manifest::read(&written), Ok((manifest, Losses::default())));
    }

    #[test]
    fn no_text_comes_through_as_it_should_not(name in ".{0,400}", control in any::<char>()) {
        let value = json!({"metas": [{"id": "a", "name": format!("{control}{name}{control}")}]});
        let request = Request::new(Resource::Catalog, "movie", "all");
        let answer = Answer::read(&request, value.to_string().as_bytes()).unwrap();
        let Body::Catalog(metas) = answer.body else {
            panic!("a catalog was asked for");
        };
        let name = &metas[0].name;
        prop_assert!(!name.chars().any(char::is_control));
        prop_assert!(!name.is_empty() && name.chars().count() <= NAME_MAX_CHARS);
    }
}
