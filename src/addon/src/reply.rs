//! The HTTP side of an add-on of our own, as data: status, headers, body.
//!
//! Clients of the protocol are web pages of other origins, so every answer allows them (CORS).
//! Whether and to whom it is served at all is for who serves it.

use crate::add_on::AddOnError;
use crate::answer::Answer;
use crate::manifest::Manifest;

/// Clients on the web may ask from any page; without these they do not even see the status.
pub const CORS: [(&str, &str); 3] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-headers", "*"),
    ("access-control-allow-methods", "GET, HEAD, OPTIONS"),
];

/// How long a manifest is good for: it changes with a version of ours.
const MANIFEST_MAX_AGE_S: u32 = 3_600;

/// What to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn manifest(manifest: &Manifest) -> Reply {
        let body = serde_json::to_vec(manifest).expect("its maps have texts for keys");
        let cache = format!("max-age={MANIFEST_MAX_AGE_S}, public");
        Reply::json(200, body, Some(cache))
    }

    pub fn answer(answer: &Answer) -> Reply {
        Reply::json(200, answer.to_json(), answer.cache.control())
    }

    /// Of the reason nothing is told but whose fault it is: 404 for what the add-on does not have,
    /// 500 for the rest.
    pub fn error(error: &AddOnError) -> Reply {
        match error {
            AddOnError::NotFound | AddOnError::Unsupported => Reply::not_found(),
            _ => Reply::json(500, br#"{"err":"handler error"}"#.to_vec(), None),
        }
    }

    /// For a path that is none of an add-on.
    pub fn not_found() -> Reply {
        Reply::json(404, br#"{"err":"not found"}"#.to_vec(), None)
    }

    /// To what a browser asks before it asks (OPTIONS).
    pub fn preflight() -> Reply {
        Reply {
            status: 204,
            headers: cors().collect(),
            body: Vec::new(),
        }
    }

    fn json(status: u16, body: Vec<u8>, cache: Option<String>) -> Reply {
        let json = ("content-type", "application/json; charset=utf-8".to_owned());
        let cache = cache.map(|control| ("cache-control", control));
        Reply {
            status,
            headers: [json].into_iter().chain(cache).chain(cors()).collect(),
            body,
        }
    }
}

fn cors() -> impl Iterator<Item = (&'static str, String)> {
    CORS.iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Cache;
    use crate::request::Resource;

    fn header<'r>(reply: &'r Reply, name: &str) -> Option<&'r str> {
        let mut headers = reply.headers.iter();
        headers.find_map(|(known, value)| (*known == name).then_some(value.as_str()))
    }

    #[test]
    fn every_reply_is_for_every_page() {
        let answer = Answer::nothing(Resource::Stream).cached(Cache {
            max_age_s: Some(60),
            ..Cache::default()
        });
        let replies = [
            (200, Reply::manifest(&Manifest::default())),
            (200, Reply::answer(&answer)),
            (404, Reply::error(&AddOnError::NotFound)),
            (500, Reply::error(&AddOnError::TimedOut)),
            (204, Reply::preflight()),
        ];
        for (status, reply) in &replies {
            assert_eq!(reply.status, *status);
            assert_eq!(
                header(reply, "access-control-allow-origin"),
                Some("*"),
                "{status}"
            );
        }
        assert_eq!(
            header(&replies[1].1, "cache-control"),
            Some("max-age=60, public")
        );
        assert_eq!(replies[1].1.body, br#"{"streams":[],"cacheMaxAge":60}"#);
        assert_eq!(header(&replies[2].1, "cache-control"), None);
    }
}
