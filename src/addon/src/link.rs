//! Links that people paste, type or scan: to an add-on, or into the pages of its clients.
//!
//! `stremio://host/...` stands for https; http is tried only where the host is at home, because
//! there nobody has certificates. The legacy protocol and IPFS are told apart, so that the viewer
//! can be told; the words for that are the core's.

use percent_encoding::percent_decode_str;
use url::Url;
use url::form_urlencoded;

use crate::bounds::URL_MAX_BYTES;
use crate::text;
use crate::transport::{Transport, is_local};

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// To install.
    AddOn {
        transport: Transport,
        /// Tried when the first is not reachable.
        fallback: Option<Transport>,
    },
    /// The page of a film, and which of its videos.
    Detail {
        kind: String,
        id: String,
        video: Option<String>,
    },
    Search(String),
    /// A catalog of an add-on.
    Discover {
        transport: Transport,
        kind: String,
        catalog: String,
        extra: Vec<(String, String)>,
    },
    /// A page of clients that this box has not, by its name: `board`, `library` ...
    Page(String),
}

/// Why a link is no use. None of these says the link: it may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("nothing was given")]
    Empty,
    #[error("the link has more than {} bytes", URL_MAX_BYTES)]
    TooLong,
    #[error("that is no link")]
    NotALink,
    #[error("links of the kind {0:?} lead to no add-on")]
    Scheme(String),
    /// Protocol version 1: its add-ons answer in another way, and none are kept any more.
    #[error("the add-on speaks the protocol of before 2018")]
    Legacy,
    #[error("add-ons on IPFS cannot be reached")]
    Ipfs,
}

/// Pages of clients, as deep links name them.
const PAGES: [&str; 12] = [
    "addons",
    "board",
    "calendar",
    "continuewatching",
    "detail",
    "discover",
    "intro",
    "library",
    "metadetails",
    "player",
    "search",
    "settings",
];

/// Where the clients of others live on the web: their addresses hold such links behind `#`.
const CLIENTS: [&str; 3] = ["strem.io", "stremio.com", "stremio.one"];

impl Link {
    /// Reads what was pasted or typed; without a scheme it is an add-on's host.
    ///
    /// # Errors
    /// When it leads nowhere; see [`LinkError`].
    pub fn parse(text: &str) -> Result<Link, LinkError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LinkError::Empty);
        }
        if text.len() > URL_MAX_BYTES {
            return Err(LinkError::TooLong);
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return match text.split_once(':') {
                // `host:7000` is a host; `magnet:?` and `mailto:` are not.
                Some((scheme, rest)) if !rest.starts_with(|c: char| c.is_ascii_digit()) => {
                    Err(LinkError::Scheme(scheme.chars().take(20).collect()))
                }
                _ => typed(text),
            };
        };
        match scheme.to_ascii_lowercase().as_str() {
            "stremio" => pasted(rest),
            "http" | "https" => {
                let url = Url::parse(text).map_err(|_| LinkError::NotALink)?;
                if let Some(page) = page_of_client(&url) {
                    return deep(page);
                }
                Ok(Link::AddOn {
                    transport: Transport::of(url)?,
                    fallback: None,
                })
            }
            "ipfs" | "ipns" => Err(LinkError::Ipfs),
            other => Err(LinkError::Scheme(other.chars().take(20).collect())),
        }
    }
}

/// Behind `stremio://`.
fn pasted(rest: &str) -> Result<Link, LinkError> {
    if let Some(page) = rest.strip_prefix('/') {
        return deep(page);
    }
    // The older form of deep links has two slashes only.
    let first = rest.split(['/', '?']).next().unwrap_or_default();
    let page = PAGES.contains(&first.to_ascii_lowercase().as_str());
    let manifest = rest
        .split('?')
        .next()
        .is_some_and(|path| path.ends_with("/manifest.json"));
    if page && !manifest {
        return deep(rest);
    }
    typed(rest)
}

/// A host without a scheme.
fn typed(rest: &str) -> Result<Link, LinkError> {
    let parse = |scheme: &str| Url::parse(&format!("{scheme}://{rest}"));
    let url = parse("https").map_err(|_| LinkError::NotALink)?;
    let plain = parse("http").ok().filter(is_local);
    // A word is no host, though it might be one at home: somebody typed a title.
    let word = !rest.contains(['.', ':', '/']) && !rest.eq_ignore_ascii_case("localhost");
    if word || rest.contains(char::is_whitespace) {
        return Err(LinkError::NotALink);
    }
    Ok(Link::AddOn {
        transport: Transport::of(url)?,
        fallback: plain.and_then(|url| Transport::of(url).ok()),
    })
}

/// What is behind `#` in an address of a client on the web.
fn page_of_client(url: &Url) -> Option<&str> {
    let host = url.host_str()?;
    let known = CLIENTS.iter().any(|client| {
        let before = host.strip_suffix(client);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    let page = url.fragment().filter(|_| known)?;
    Some(page.trim_start_matches('/'))
}

/// `page/part/part?name=value`, without the slash before it.
fn deep(page: &str) -> Result<Link, LinkError> {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let value = |names: &[&str]| {
        let mut pairs = pairs.iter();
        pairs.find_map(|(name, value)| names.contains(&name.as_str()).then(|| value.clone()))
    };
    if let Some(add_on) = value(&["addon", "addonOpen"]) {
        return match add_on.split_once("://") {
            Some(("http" | "https", _)) => Ok(Link::AddOn {
                transport: Transport::parse(&add_on)?,
                fallback: None,
            }),
            Some(("stremio", rest)) => typed(rest),
            _ => Err(LinkError::NotALink),
        };
    }
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let part = |at: usize| parts.get(at).and_then(|part| text::id(part));
    let name = part(0).ok_or(LinkError::NotALink)?;
    let link = match name.as_str() {
        "detail" | "metadetails" => Link::Detail {
            kind: part(1).ok_or(LinkError::NotALink)?,
            id: part(2).ok_or(LinkError::NotALink)?,
            video: part(3),
        },
        "search" => {
            let words = value(&["search", "query"]).or_else(|| part(1));
            Link::Search(words.ok_or(LinkError::NotALink)?)
        }
        "discover" if parts.len() >= 4 => Link::Discover {
            transport: Transport::parse(&parts[1])?,
            kind: part(2).ok_or(LinkError::NotALink)?,
            catalog: part(3).ok_or(LinkError::NotALink)?,
            extra: pairs,
        },
        page if PAGES.contains(&page) => Link::Page(name),
        _ => return Err(LinkError::NotALink),
    };
    Ok(link)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn add_on(transport: &str, fallback: Option<&str>) -> Result<Link, LinkError> {
        Ok(Link::AddOn {
            transport: Transport::parse(transport)?,
            fallback: fallback.map(Transport::parse).transpose()?,
        })
    }

    #[test]
    fn add_ons_are_found_behind_every_kind_of_link() {
        for (link, transport, fallback) in [
            ("https://a.example/manifest.json", "https://a.example", None),
            ("http://a.example/x", "http://a.example/x", None),
            (
                "stremio://a.example/x/manifest.json",
                "https://a.example/x",
                None,
            ),
            ("Stremio://a.example", "https://a.example", None),
            ("a.example/x", "https://a.example/x", None),
            ("a.example:7000", "https://a.example:7000", None),
            (
                "stremio://127.0.0.1:7101/manifest.json",
                "https://127.0.0.1:7101",
                Some("http://127.0.0.1:7101"),
            ),
            (
                "192.168.1.5:7000",
                "https://192.168.1.5:7000",
                Some("http://192.168.1.5:7000"),
            ),
            ("localhost", "https://localhost", Some("http://localhost")),
            (
                "https://web.strem.io/#/addons?addon=https%3A%2F%2Fa.example%2Fmanifest.json",
                "https://a.example",
                None,
            ),
            (
                "https://app.strem.io/shell-v4.4/#?addonOpen=stremio%3A%2F%2Fnas.local%2Fx",
                "https://nas.local/x",
                Some("http://nas.local/x"),
            ),
            (
                "stremio:///addons?addon=http%3A%2F%2Fa.example%2F",
                "http://a.example",
                None,
            ),
            (
                "stremio://search/manifest.json",
                "https://search",
                Some("http://search"),
            ),
        ] {
            assert_eq!(Link::parse(link), add_on(transport, fallback), "{link}");
        }
    }

    #[test]
    fn deep_links_are_read_in_both_forms() {
        let detail = |video: Option<&str>| Link::Detail {
            kind: "series".into(),
            id: "tt1".into(),
            video: video.map(Into::into),
        };
        let episode = "stremio:///detail/series/tt1/tt1%3A1%3A2";
        assert_eq!(Link::parse(episode), Ok(detail(Some("tt1:1:2"))));
        assert_eq!(Link::parse("stremio://detail/series/tt1"), Ok(detail(None)));
        let search = Ok(Link::Search("two words".into()));
        assert_eq!(Link::parse("stremio:///search?search=two%20words"), search);
        assert_eq!(Link::parse("stremio://search?query=two+words"), search);
        assert_eq!(
            Link::parse(
                "stremio:///discover/https%3A%2F%2Fa.example%2Fmanifest.json/movie/top?genre=a"
            ),
            Ok(Link::Discover {
                transport: Transport::parse("https://a.example").unwrap(),
                kind: "movie".into(),
                catalog: "top".into(),
                extra: vec![("genre".into(), "a".into())],
            })
        );
        assert_eq!(
            Link::parse("stremio:///board"),
            Ok(Link::Page("board".into()))
        );
    }

    #[test]
    fn what_leads_nowhere_says_why() {
        let scheme = |name: &str| LinkError::Scheme(name.into());
        let long = format!("https://a.example/{}", "x".repeat(URL_MAX_BYTES));
        for (link, error) in [
            ("  ", LinkError::Empty),
            (long.as_str(), LinkError::TooLong),
            ("night of the", LinkError::NotALink),
            ("nosferatu", LinkError::NotALink),
            ("Dr. Caligari", LinkError::NotALink),
            ("stremio://", LinkError::NotALink),
            ("stremio:///", LinkError::NotALink),
            ("stremio:///detail/movie", LinkError::NotALink),
            ("stremio:///nothing/here", LinkError::NotALink),
            (
                "magnet:?xt=urn:btih:08ada5a7a6183aae1e09d831df6748d566095a10",
                scheme("magnet"),
            ),
            ("ftp://a.example/manifest.json", scheme("ftp")),
            ("ipfs://Qm1/manifest.json", LinkError::Ipfs),
            ("https://a.example/stremio/v1", LinkError::Legacy),
            ("stremio://a.example/stremio/v1", LinkError::Legacy),
        ] {
            assert_eq!(Link::parse(link), Err(error), "{link}");
        }
    }

    proptest! {
        #[test]
        fn no_link_is_too_odd(
            link in "(stremio://?/?|https?://|[a-z/:?=&#%.]|detail|addon=|\\[|.){0,30}",
        ) {
            if let Ok(Link::AddOn { transport, .. }) = Link::parse(&link) {
                prop_assert_eq!(Transport::parse(transport.as_str()), Ok(transport));
            }
        }
    }
}
