//! What an add-on is asked, and the path that says it: `/{resource}/{type}/{id}/{extra}.json`.
//!
//! Components are written as JavaScript's encodeURIComponent writes them, because that is what
//! servers were tried with; a space is `%20` and never `+`. Both ways are here: clients write
//! paths, our own add-ons read them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::bounds::EXTRAS_MAX;
use crate::text;

/// ECMA-262 section 19.2.6.4: letters, digits and these stay.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    Catalog,
    Meta,
    Stream,
    Subtitles,
    AddOnCatalog,
}

impl Resource {
    pub const ALL: [Resource; 5] = [
        Resource::Catalog,
        Resource::Meta,
        Resource::Stream,
        Resource::Subtitles,
        Resource::AddOnCatalog,
    ];

    /// As it is written in paths and manifests.
    pub fn word(self) -> &'static str {
        match self {
            Resource::Catalog => "catalog",
            Resource::Meta => "meta",
            Resource::Stream => "stream",
            Resource::Subtitles => "subtitles",
            Resource::AddOnCatalog => "addon_catalog",
        }
    }

    pub fn from_word(word: &str) -> Option<Resource> {
        Resource::ALL.into_iter().find(|it| it.word() == word)
    }
}

impl serde::Serialize for Resource {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    pub resource: Resource,
    /// `movie`, `series`, `channel`, `tv`, or what the add-on calls it.
    pub kind: String,
    /// Of a catalog, a film, a video.
    pub id: String,
    /// Names and values in their order: `search`, `genre`, `skip`, `videoHash` ...
    pub extra: Vec<(String, String)>,
}

impl Request {
    pub fn new(resource: Resource, kind: impl Into<String>, id: impl Into<String>) -> Request {
        Request {
            resource,
            kind: kind.into(),
            id: id.into(),
            extra: Vec::new(),
        }
    }

    /// With one more extra.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Request {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// For subtitles of a file that is known: its hash (OSHash, 16 hex digits), its length and its
    /// name.
    #[must_use]
    pub fn of_file(self, hash: Option<&str>, bytes: Option<u64>, name: Option<&str>) -> Request {
        let bytes = bytes.map(|bytes| bytes.to_string());
        let known = [
            ("videoHash", hash),
            ("videoSize", bytes.as_deref()),
            ("filename", name),
        ];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        known.fold(self, |request, (name, value)| request.with(name, value))
    }

    /// The first value of an extra.
    pub fn extra(&self, name: &str) -> Option<&str> {
        let mut pairs = self.extra.iter();
        pairs.find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    /// How many items of a catalog to pass over; 0 where nothing usable is said.
    pub fn skip(&self) -> usize {
        self.extra("skip")
            .and_then(|it| it.parse().ok())
            .unwrap_or(0)
    }

    /// From `/` to `.json`, to come behind the add-on's base.
    pub fn path(&self) -> String {
        let Request {
            resource, kind, id, ..
        } = self;
        let word = resource.word();
        let mut path = format!("/{word}/{}/{}", component(kind), component(id));
        for (at, (name, value)) in self.extra.iter().enumerate() {
            path.push(if at == 0 { '/' } else { '&' });
            path.push_str(&component(name));
            path.push('=');
            path.push_str(&component(value));
        }
        path.push_str(".json");
        path
    }

    /// Whether its path can be asked for: `.` and `..` as a component do not survive on the way
    /// (RFC 3986 section 5.2.4), however they are written.
    pub(crate) fn is_speakable(&self) -> bool {
        let dots = |text: &str| text.is_empty() || text == "." || text == "..";
        !dots(&self.kind) && !dots(&self.id)
    }
}

fn component(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, COMPONENT).into()
}

/// What a path below an add-on's base asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Manifest,
    Resource(Request),
}

impl Route {
    /// Reads the path of a request as it was on the wire, with or without a query; none where no
    /// add-on has such a path.
    pub fn parse(path: &str) -> Option<Route> {
        let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
        let rest = path.strip_suffix(".json")?;
        if rest == "manifest" {
            return Some(Route::Manifest);
        }
        let parts: Vec<&str> = rest.split('/').take(5).collect();
        let (resource, kind, id, extra) = match parts[..] {
            [resource, kind, id] => (resource, kind, id, ""),
            [resource, kind, id, extra] => (resource, kind, id, extra),
            _ => return None,
        };
        Some(Route::Resource(Request {
            resource: Resource::from_word(resource)?,
            kind: text::id(&decoded(kind)?)?,
            id: text::id(&decoded(id)?)?,
            extra: pairs(extra)?,
        }))
    }
}

/// `name=value&name=value` as forms write it, in which `+` is a space too.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let read = pairs.take(EXTRAS_MAX).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| decoded(&text.replace('+', " "));
        Some((plain(name)?, plain(value)?))
    });
    read.collect()
}

fn decoded(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_written_as_browsers_write_them() {
        let request = Request::new(Resource::Stream, "series", "tt0108778:1:1");
        assert_eq!(request.path(), "/stream/series/tt0108778%3A1%3A1.json");
        let request = Request::new(Resource::Catalog, "movie", "a-_.!~*'()/b")
            .with("search", "the one & only+é")
            .with("skip", "100");
        assert_eq!(
            request.path(),
            "/catalog/movie/a-_.!~*'()%2Fb/search=the%20one%20%26%20only%2B%C3%A9&skip=100.json"
        );
        assert_eq!((request.skip(), request.extra("genre")), (100, None));
        let request = Request::new(Resource::Subtitles, "movie", "tt1").of_file(
            Some("8e245d9679d31e12"),
            Some(12),
            None,
        );
        assert_eq!(
            request.path(),
            "/subtitles/movie/tt1/videoHash=8e245d9679d31e12&videoSize=12.json"
        );
    }

    #[test]
    fn what_is_no_path_of_an_add_on_is_none() {
        for bad in [
            "",
            "/",
            "manifest.json",
            "/configure",
            "/meta/movie.json",
            "/meta/movie/tt1",
            "/poster/movie/tt1.json",
            "/meta//tt1.json",
            "/meta/movie/.json",
            "/meta/movie/%ff.json",
            "/meta/movie/a%0a.json",
            "/meta/movie/a/b=1/c.json",
        ] {
            assert_eq!(Route::parse(bad), None, "{bad}");
        }
        assert_eq!(Route::parse("/manifest.json?x=1"), Some(Route::Manifest));
    }

    #[test]
    fn extras_are_read_as_forms_write_them() {
        let route = Route::parse("/catalog/movie/top/search=a+b%2B%26&genre=&odd&.json");
        let Some(Route::Resource(request)) = route else {
            panic!("{route:?}");
        };
        assert_eq!(request.extra("search"), Some("a b+&"));
        assert_eq!(request.extra("genre"), Some(""));
        assert_eq!(request.extra("odd"), Some(""));
        assert_eq!(request.skip(), 0);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            resource in 0usize..5,
            kind in "[^\\p{Cc}]{1,20}",
            id in "[^\\p{Cc}]{1,40}",
            extra in prop::collection::vec((".{1,9}", ".{0,20}"), 0..EXTRAS_MAX),
        ) {
            let request = Request { resource: Resource::ALL[resource], kind, id, extra };
            let path = request.path();
            prop_assert_eq!(Route::parse(&path), Some(Route::Resource(request.clone())));
            // Through a client's own idea of a URL too.
            if request.is_speakable() {
                let url = url::Url::parse(&format!("http://a.example{path}")).unwrap();
                prop_assert_eq!(url.path(), path);
            }
        }

        #[test]
        fn no_path_is_too_odd(path in "(/|%|[a-z.=&+]|manifest|catalog|json|.){0,40}") {
            let _ = Route::parse(&path);
        }
    }
}
