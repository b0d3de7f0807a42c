//! Streams and subtitles: the sources of a film as an add-on answers them, best first, and what
//! it says beside each.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::bounds::{HEADERS_MAX, PROSE_MAX_CHARS, SUBTITLES_MAX, WORDS_MAX};
use crate::fields::{Fields, words};
use crate::losses::{Losses, Skip};
use crate::meta::is_none;
use crate::source::Source;
use crate::text;

/// One way to play a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stream {
    #[serde(flatten)]
    pub source: Source,
    /// Short, mostly the quality; may have line breaks.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<String>,
    /// Longer: file name, size, peers, languages, as the add-on likes; with line breaks.
    #[serde(skip_serializing_if = "is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub thumbnail: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub subtitles: Vec<Subtitle>,
    #[serde(rename = "behaviorHints", skip_serializing_if = "is_none")]
    pub hints: StreamHints,
}

/// What an add-on says about a stream for programs to read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamHints {
    /// Streams with the same group go together over a series: same release, same language.
    #[serde(skip_serializing_if = "is_none")]
    pub binge_group: Option<String>,
    /// Name of the file, for subtitles.
    #[serde(skip_serializing_if = "is_none")]
    pub filename: Option<String>,
    /// Length of the file in bytes.
    #[serde(rename = "videoSize", skip_serializing_if = "is_none")]
    pub video_bytes: Option<u64>,
    /// OSHash of the file: 16 hex digits, lower case.
    #[serde(skip_serializing_if = "is_none")]
    pub video_hash: Option<String>,
    /// A browser could not play it: another container or codec, or no https.
    #[serde(skip_serializing_if = "is_none")]
    pub not_web_ready: bool,
    /// ISO 3166-1 alpha-3, lower case; it plays only there. Empty: everywhere.
    #[serde(skip_serializing_if = "is_none")]
    pub country_whitelist: Vec<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub proxy_headers: ProxyHeaders,
}

/// Headers that the stream's server wants, and those to be added to its answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ProxyHeaders {
    #[serde(skip_serializing_if = "is_none")]
    pub request: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "is_none")]
    pub response: BTreeMap<String, String>,
}

/// A file of subtitles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subtitle {
    pub id: String,
    /// ISO 639-2, often of its B list, or a name, as the add-on has it; `und` where it says none.
    pub lang: String,
    /// http or https.
    pub url: String,
    /// What to tell two of one language apart by.
    #[serde(skip_serializing_if = "is_none")]
    pub label: Option<String>,
}

impl Stream {
    /// A stream of nothing but its source.
    pub fn of(source: Source) -> Stream {
        Stream {
            source,
            name: None,
            description: None,
            thumbnail: None,
            subtitles: Vec::new(),
            hints: StreamHints::default(),
        }
    }

    /// The streams under `key`; those that cannot be used are counted by reason.
    pub(crate) fn list(
        fields: Fields<'_>,
        key: &str,
        max: usize,
        losses: &mut Losses,
    ) -> Vec<Stream> {
        let mut streams = Vec::new();
        for item in fields.items(key, max, losses) {
            match Stream::read(item, losses) {
                Ok(stream) => streams.push(stream),
                Err(reason) => losses.skip(reason),
            }
        }
        streams
    }

    fn read(value: &Value, losses: &mut Losses) -> Result<Stream, Skip> {
        let fields = Fields::of(value).ok_or(Skip::Malformed)?;
        let source = Source::read(fields, losses)?;
        let prose = |key| fields.prose(key, PROSE_MAX_CHARS);
        let hints = fields.table("behaviorHints");
        Ok(Stream {
            source,
            name: prose("name"),
            description: prose("description").or_else(|| prose("title")),
            thumbnail: fields.web("thumbnail"),
            subtitles: Subtitle::list(fields, losses),
            hints: hints.map_or_else(StreamHints::default, |it| StreamHints::read(it, losses)),
        })
    }
}

impl StreamHints {
    fn read(fields: Fields<'_>, losses: &mut Losses) -> StreamHints {
        let countries = fields.ids("countryWhitelist", WORDS_MAX, losses);
        let headers = fields.table("proxyHeaders");
        let headers = |key: &str, losses: &mut Losses| {
            let table = headers.and_then(|headers| headers.table(key));
            table.map_or_else(BTreeMap::new, |table| read_headers(table, losses))
        };
        StreamHints {
            binge_group: fields.id("bingeGroup"),
            filename: fields.line("filename"),
            video_bytes: fields.number("videoSize"),
            video_hash: fields.line("videoHash").and_then(|hash| {
                let digits = hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit());
                digits.then(|| hash.to_ascii_lowercase())
            }),
            not_web_ready: fields.flag("notWebReady"),
            country_whitelist: countries.iter().map(|it| it.to_lowercase()).collect(),
            proxy_headers: ProxyHeaders {
                request: headers("request", losses),
                response: headers("response", losses),
            },
        }
    }
}

/// Names of RFC 9110 tokens and values in one line: what is not, would be a header of its own.
fn read_headers(table: Fields<'_>, losses: &mut Losses) -> BTreeMap<String, String> {
    losses.cut(table.0.len().saturating_sub(HEADERS_MAX));
    let mut headers = BTreeMap::new();
    for (name, value) in table.0.iter().take(HEADERS_MAX) {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let named = (1..=100).contains(&name.len()) && name.bytes().all(token);
        match words(value).and_then(|value| text::id(&value)) {
            Some(value) if named => drop(headers.insert(name.clone(), value)),
            _ => losses.bad(),
        }
    }
    headers
}

/// The server that clients on desks bring along; here is none.
const OWN_SERVERS: [&str; 3] = [
    "http://127.0.0.1:11470/",
    "http://localhost:11470/",
    "https://127.0.0.1:12470/",
];

impl Subtitle {
    /// The subtitles under `subtitles`; those that cannot be used are counted by reason.
    pub(crate) fn list(fields: Fields<'_>, losses: &mut Losses) -> Vec<Subtitle> {
        let mut subtitles = Vec::new();
        for item in fields.items("subtitles", SUBTITLES_MAX, losses) {
            match Subtitle::read(item) {
                Ok(subtitle) => subtitles.push(subtitle),
                Err(reason) => losses.skip(reason),
            }
        }
        subtitles
    }

    fn read(value: &Value) -> Result<Subtitle, Skip> {
        let fields = Fields::of(value).ok_or(Skip::Malformed)?;
        fields.get("url").ok_or(Skip::NoSource)?;
        let url = fields.web("url").ok_or(Skip::BadUrl)?;
        if OWN_SERVERS.iter().any(|server| url.starts_with(server)) {
            return Err(Skip::OwnServer);
        }
        let line = |key| fields.line(key);
        Ok(Subtitle {
            // Two with one address are one.
            id: fields
                .id("id")
                .or_else(|| text::id(&url))
                .ok_or(Skip::BadUrl)?,
            lang: line("lang")
                .or_else(|| line("language"))
                .unwrap_or_else(|| "und".into()),
            label: line("label")
                .or_else(|| line("name"))
                .or_else(|| line("title")),
            url,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bounds::STREAMS_MAX;

    fn read(value: &Value) -> (Vec<Stream>, Losses) {
        let mut losses = Losses::default();
        let fields = Fields::of(value).unwrap();
        let streams = Stream::list(fields, "streams", STREAMS_MAX, &mut losses);
        (streams, losses)
    }

    #[test]
    fn all_that_is_said_of_a_stream_is_kept() {
        let value = json!({"streams": {
            "url": "https://a.example/film.mkv", "name": "Free\n1080p",
            "title": "Film.2012.mkv\n👤 12", "thumbnail": "nowhere",
            "subtitles": [{"lang": "fre", "url": "https://a.example/fr.srt"}],
            "behaviorHints": {
                "bingeGroup": "free-1080", "filename": "Film.2012.mkv", "videoSize": "129241752",
                "videoHash": "8E245D9679D31E12", "notWebReady": true,
                "countryWhitelist": ["FRA", "bel"],
                "proxyHeaders": {"request": {"Referer": "https://a.example/", "X": 1,
                    "bad name": "x", "Split": "a\r\nHost: b"}}
            }
        }});
        let (streams, losses) = read(&value);
        assert_eq!(losses.bad, 2);
        let hints = &streams[0].hints;
        assert_eq!(
            streams[0].description.as_deref(),
            Some("Film.2012.mkv\n👤 12")
        );
        assert_eq!(hints.binge_group.as_deref(), Some("free-1080"));
        assert_eq!(hints.video_bytes, Some(129_241_752));
        assert_eq!(hints.video_hash.as_deref(), Some("8e245d9679d31e12"));
        assert_eq!(hints.country_whitelist, ["fra", "bel"]);
        assert!(hints.not_web_ready);
        let asked = hints.proxy_headers.request.iter();
        let asked: Vec<String> = asked
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        assert_eq!(asked, ["Referer: https://a.example/", "X: 1"]);
        assert_eq!(streams[0].subtitles[0].id, "https://a.example/fr.srt");
        let again = json!({ "streams": streams });
        assert_eq!(read(&again), (streams, Losses::default()));
    }

    #[test]
    fn bad_streams_are_counted_and_the_others_stay() {
        let good = json!({"url": "https://a.example/f.mp4"});
        let bad = json!({"nzbUrl": "https://a.example/f.nzb"});
        let value = json!({"streams": [1, bad, good, {}, null, bad]});
        let (streams, losses) = read(&value);
        assert_eq!(streams.len(), 1);
        let expected = [
            (Skip::Malformed, 2),
            (Skip::NoSource, 1),
            (Skip::Unsupported, 2),
        ];
        assert_eq!(losses.skipped, BTreeMap::from(expected));
        assert_eq!(losses.total(), 5);
        let none = json!({ "streams": null });
        assert_eq!(read(&none), (Vec::new(), Losses::default()));
        let (many, losses) = read(&json!({"streams": vec![good; STREAMS_MAX + 3]}));
        assert_eq!((many.len(), losses.cut), (STREAMS_MAX, 3));
    }

    #[test]
    fn subtitles_of_another_clients_server_are_none() {
        let mut losses = Losses::default();
        let value = json!({"subtitles": [
            {"id": 7, "lang": "eng", "url": "https://a.example/en.vtt", "label": "SDH"},
            {"id": "x", "lang": "eng", "url": "http://127.0.0.1:11470/subtitles.vtt?from=x"},
            {"id": "y", "lang": "eng"}, "en.srt"
        ]});
        let subtitles = Subtitle::list(Fields::of(&value).unwrap(), &mut losses);
        assert_eq!(subtitles.len(), 1);
        assert_eq!(
            (subtitles[0].id.as_str(), subtitles[0].label.as_deref()),
            ("7", Some("SDH"))
        );
        let expected = [
            (Skip::Malformed, 1),
            (Skip::NoSource, 1),
            (Skip::OwnServer, 1),
        ];
        assert_eq!(losses.skipped, BTreeMap::from(expected));
    }
}
