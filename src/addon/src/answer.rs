//! Answers: read from whatever an add-on sends, and written so that any client reads them.
//!
//! A bad item costs itself and nothing beside it; what was lost is counted. `null` and nothing
//! are the same: no film of this id, no streams.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::bounds::{ADD_ONS_MAX, CACHE_MAX_S, METAS_MAX, STREAMS_MAX};
use crate::fields::Fields;
use crate::json::{self, AnswerError};
use crate::losses::Losses;
use crate::manifest::{Manifest, refusal};
use crate::meta::Meta;
use crate::request::{Request, Resource};
use crate::stream::{Stream, Subtitle};
use crate::transport::Transport;

/// An add-on's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub body: Body,
    pub cache: Cache,
    /// What of it was not taken; nothing in answers that were made here.
    pub losses: Losses,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Catalog(Vec<Meta>),
    /// None: the add-on does not know the id.
    Meta(Option<Box<Meta>>),
    /// Best first.
    Streams(Vec<Stream>),
    Subtitles(Vec<Subtitle>),
    AddOns(Vec<Listed>),
}

/// An add-on in a list of add-ons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub transport: Transport,
    pub manifest: Manifest,
}

/// How long an answer is good for, in seconds (RFC 9111, RFC 5861).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cache {
    /// Fresh.
    pub max_age_s: Option<u32>,
    /// After that, to be shown while a newer one is fetched.
    pub stale_revalidate_s: Option<u32>,
    /// After that, to be shown when no newer one can be had.
    pub stale_error_s: Option<u32>,
}

impl Answer {
    pub fn new(body: Body) -> Answer {
        Answer {
            body,
            cache: Cache::default(),
            losses: Losses::default(),
        }
    }

    /// Nothing, of the kind that was asked for.
    pub fn nothing(resource: Resource) -> Answer {
        Answer::new(match resource {
            Resource::Catalog => Body::Catalog(Vec::new()),
            Resource::Meta => Body::Meta(None),
            Resource::Stream => Body::Streams(Vec::new()),
            Resource::Subtitles => Body::Subtitles(Vec::new()),
            Resource::AddOnCatalog => Body::AddOns(Vec::new()),
        })
    }

    #[must_use]
    pub fn cached(mut self, cache: Cache) -> Answer {
        self.cache = cache;
        self
    }

    /// Reads the answer to `request`. A meta gets the id that was asked for, whatever it says:
    /// what belongs to the film is found by that.
    ///
    /// # Errors
    /// When it is no JSON object, or too long or too deep, or says nothing but that it failed.
    pub fn read(request: &Request, bytes: &[u8]) -> Result<Answer, AnswerError> {
        let (table, cut) = json::object(bytes)?;
        let fields = Fields(&table);
        let key = key(request.resource);
        if fields.get(key).is_none()
            && let Some(refusal) = refusal(fields)
        {
            return Err(refusal);
        }
        let mut losses = Losses {
            cut,
            ..Losses::default()
        };
        let kind = request.kind.as_str();
        let body = match request.resource {
            Resource::Catalog => {
                Body::Catalog(fields.list(key, METAS_MAX, &mut losses, |item, losses| {
                    Meta::read(item, kind, losses)
                }))
            }
            Resource::Meta => Body::Meta(meta(fields, request, &mut losses)),
            Resource::Stream => Body::Streams(Stream::list(fields, key, STREAMS_MAX, &mut losses)),
            Resource::Subtitles => Body::Subtitles(Subtitle::list(fields, &mut losses)),
            Resource::AddOnCatalog => {
                Body::AddOns(fields.list(key, ADD_ONS_MAX, &mut losses, Listed::read))
            }
        };
        Ok(Answer {
            body,
            cache: Cache::read(fields),
            losses,
        })
    }

    /// The answer as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("its maps have texts for keys")
    }
}

/// Where the answer is in its object.
fn key(resource: Resource) -> &'static str {
    match resource {
        Resource::Catalog => "metas",
        Resource::Meta => "meta",
        Resource::Stream => "streams",
        Resource::Subtitles => "subtitles",
        Resource::AddOnCatalog => "addons",
    }
}

fn meta(fields: Fields<'_>, request: &Request, losses: &mut Losses) -> Option<Box<Meta>> {
    let value = fields.get("meta")?;
    let Some(table) = Fields::of(value) else {
        losses.bad();
        return None;
    };
    // `{}` is how some say that there is none.
    if table.0.is_empty() {
        return None;
    }
    losses.other_id = table.id("id").is_some_and(|said| said != request.id);
    let meta = Meta::of(table, request.id.clone(), &request.kind, losses);
    Some(Box::new(meta))
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        match &self.body {
            Body::Catalog(metas) => map.serialize_entry(key(Resource::Catalog), metas)?,
            Body::Meta(meta) => map.serialize_entry(key(Resource::Meta), meta)?,
            Body::Streams(streams) => map.serialize_entry(key(Resource::Stream), streams)?,
            Body::Subtitles(them) => map.serialize_entry(key(Resource::Subtitles), them)?,
            Body::AddOns(them) => map.serialize_entry(key(Resource::AddOnCatalog), them)?,
        }
        for (name, _, seconds) in self.cache.parts() {
            if let Some(seconds) = seconds {
                map.serialize_entry(name, &seconds)?;
            }
        }
        map.end()
    }
}

impl Listed {
    fn read(value: &Value, losses: &mut Losses) -> Option<Listed> {
        let fields = Fields::of(value)?;
        Some(Listed {
            transport: Transport::parse(&fields.prose("transportUrl", usize::MAX)?).ok()?,
            manifest: Manifest::of(fields.table("manifest")?, losses)?,
        })
    }
}

impl Serialize for Listed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(3))?;
        map.serialize_entry("transportName", "http")?;
        map.serialize_entry("transportUrl", &self.transport)?;
        map.serialize_entry("manifest", &self.manifest)?;
        map.end()
    }
}

impl Cache {
    fn read(fields: Fields<'_>) -> Cache {
        let seconds = |key| {
            let seconds = fields.number(key)?.min(u64::from(CACHE_MAX_S));
            u32::try_from(seconds).ok()
        };
        Cache {
            max_age_s: seconds("cacheMaxAge"),
            stale_revalidate_s: seconds("staleRevalidate"),
            stale_error_s: seconds("staleError"),
        }
    }

    /// The field of the answer, the directive of the header, and the value.
    fn parts(self) -> [(&'static str, &'static str, Option<u32>); 3] {
        [
            ("cacheMaxAge", "max-age", self.max_age_s),
            (
                "staleRevalidate",
                "stale-while-revalidate",
                self.stale_revalidate_s,
            ),
            ("staleError", "stale-if-error", self.stale_error_s),
        ]
    }

    /// The value of `Cache-Control`; none where nothing is said.
    pub fn control(self) -> Option<String> {
        let parts = self.parts().into_iter();
        let said: Vec<String> = parts
            .filter_map(|(_, directive, seconds)| Some(format!("{directive}={}", seconds?)))
            .collect();
        (!said.is_empty()).then(|| format!("{}, public", said.join(", ")))
    }

    /// What a `Cache-Control` says of it.
    pub fn of_control(value: &str) -> Cache {
        let mut cache = Cache::default();
        for directive in value.split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let seconds = value.trim().trim_matches('"').parse::<u64>().ok();
            let seconds = seconds.map(|it| it.min(u64::from(CACHE_MAX_S)) as u32);
            match name.trim().to_ascii_lowercase().as_str() {
                "max-age" => cache.max_age_s = seconds,
                "stale-while-revalidate" => cache.stale_revalidate_s = seconds,
                "stale-if-error" => cache.stale_error_s = seconds,
                "no-store" | "no-cache" => cache.max_age_s = Some(0),
                _ => {}
            }
        }
        cache
    }

    /// What is said here, and by `other` where nothing is.
    #[must_use]
    pub fn or(self, other: Cache) -> Cache {
        Cache {
            max_age_s: self.max_age_s.or(other.max_age_s),
            stale_revalidate_s: self.stale_revalidate_s.or(other.stale_revalidate_s),
            stale_error_s: self.stale_error_s.or(other.stale_error_s),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::losses::Skip;

    fn read(resource: Resource, value: &Value) -> Result<Answer, AnswerError> {
        let request = Request::new(resource, "movie", "ff:one");
        Answer::read(&request, value.to_string().as_bytes())
    }

    #[test]
    fn nothing_is_said_in_many_ways() {
        for resource in Resource::ALL {
            let key = key(resource);
            for value in [
                json!({}),
                json!({ key: null }),
                json!({ key: [] }),
                json!({"a": 1}),
            ] {
                if resource == Resource::Meta && value[key].is_array() {
                    continue;
                }
                assert_eq!(
                    read(resource, &value),
                    Ok(Answer::nothing(resource)),
                    "{value}"
                );
            }
        }
        assert_eq!(
            read(Resource::Meta, &json!({"meta": {}})),
            Ok(Answer::nothing(Resource::Meta))
        );
    }

    #[test]
    fn a_failure_is_told_from_nothing() {
        let failed = read(Resource::Stream, &json!({"err": "handler error"}));
        assert_eq!(failed, Err(AnswerError::Refused("handler error".into())));
        let both = read(Resource::Stream, &json!({"err": "late", "streams": []}));
        assert_eq!(both, Ok(Answer::nothing(Resource::Stream)));
    }

    #[test]
    fn one_bad_item_costs_itself() {
        let value = json!({"metas": [{"id": "a"}, {"name": "no id"}, null, "x", {"id": 7}],
            "cacheMaxAge": "3600", "staleError": 1e12, "staleRevalidate": -1});
        let answer = read(Resource::Catalog, &value).unwrap();
        let Body::Catalog(metas) = &answer.body else {
            panic!("{answer:?}");
        };
        let ids: Vec<&str> = metas.iter().map(|meta| meta.id.as_str()).collect();
        assert_eq!(ids, ["a", "7"]);
        assert_eq!(metas[0].kind, "movie");
        assert_eq!(answer.losses.bad, 3);
        let cache = Cache {
            max_age_s: Some(3600),
            stale_revalidate_s: None,
            stale_error_s: Some(CACHE_MAX_S),
        };
        assert_eq!(answer.cache, cache);
        let control = cache.control().unwrap();
        assert_eq!(control, "max-age=3600, stale-if-error=31536000, public");
        assert_eq!(Cache::of_control(&control), cache);
        assert_eq!(Cache::of_control("no-store").or(cache).max_age_s, Some(0));
        assert_eq!(Cache::default().control(), None);
    }

    #[test]
    fn the_id_that_was_asked_for_stays() {
        for (said, other) in [
            (json!("one"), true),
            (json!("ff:one"), false),
            (json!(null), false),
        ] {
            let answer = read(
                Resource::Meta,
                &json!({"meta": {"id": said, "name": "One"}}),
            );
            let answer = answer.unwrap();
            let Body::Meta(Some(meta)) = &answer.body else {
                panic!("{answer:?}");
            };
            assert_eq!((meta.id.as_str(), meta.name.as_str()), ("ff:one", "One"));
            assert_eq!(answer.losses.other_id, other);
        }
        let answer = read(Resource::Meta, &json!({"meta": "one"})).unwrap();
        assert_eq!((answer.body, answer.losses.bad), (Body::Meta(None), 1));
    }

    #[test]
    fn add_ons_are_listed_with_their_manifests() {
        let manifest = json!({"id": "x"});
        let add_on = |url: &str| json!({"transportUrl": url, "manifest": manifest});
        let value = json!({"addons": [
            add_on("https://a.example/manifest.json"),
            add_on("https://a.example/stremio/v1"),
            add_on("ipfs://Qm/manifest.json"),
            {"transportUrl": "https://a.example/manifest.json"},
        ]});
        let answer = read(Resource::AddOnCatalog, &value).unwrap();
        let Body::AddOns(listed) = &answer.body else {
            panic!("{answer:?}");
        };
        assert_eq!((listed.len(), answer.losses.bad), (1, 3));
        assert_eq!(
            listed[0].transport.as_str(),
            "https://a.example/manifest.json"
        );
    }

    #[test]
    fn ten_items_of_the_wrong_type_are_ten_losses() {
        let value = json!({"subtitles": [1, "a", null, [], {}, true, 2.5, [[]], {"url": 1}, ""]});
        let answer = read(Resource::Subtitles, &value).unwrap();
        assert_eq!(answer.body, Body::Subtitles(Vec::new()));
        assert_eq!(answer.losses.total(), 10);
        assert_eq!(answer.losses.skipped[&Skip::Malformed], 8);
    }
}
