//! From a request as `facts` makes it to an answer as `facts` reads it, through the one door to the
//! web: secret headers as secrets, secret addresses never kept, each source within its bounds.
//!
//! What an answer means is not known here, except that a status is an answer too: the readers of
//! `facts` say what it means.

use std::time::Duration;

use addon::AddOnError;
use bytes::Bytes;
use facts::{Fault, Method, Request, Value};
use fetch::{Ask, Bounds, Fetch, FetchError, Keep, Pace, Spans};
use url::Url;

/// Where sources are, when they are not where everybody finds them: copies of them on the owner's
/// network, or in tests. Each is what the paths of its protocol follow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    pub archive: Option<String>,
    pub tmdb: Option<String>,
    pub opensubtitles: Option<String>,
    /// Of Wikidata and Wikipedia.
    pub wiki: Option<String>,
}

impl Places {
    /// The hosts that the owner named with them (`fetch::Config::lan`).
    pub fn hosts(&self) -> Vec<String> {
        let all = [&self.archive, &self.tmdb, &self.opensubtitles, &self.wiki];
        let hosts = all.into_iter().flatten().filter_map(|base| {
            let url = Url::parse(base).ok()?;
            let port = url.port_or_known_default()?;
            Some(format!("{}:{port}", url.host_str()?))
        });
        let mut hosts: Vec<String> = hosts.collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }
}

/// How often each source may be asked, by its host (`fetch::Config::paces`).
pub fn paces() -> Vec<(String, Pace)> {
    let pace = |at_once, per_second, burst| Pace {
        at_once,
        per_second,
        burst,
    };
    let known = [
        // `facts::archive::PACE` is 350 ms; a page with its film is three asks at once.
        ("archive.org", pace(4, 3, 6)),
        // `facts::tmdb::PACE`
        ("api.themoviedb.org", pace(4, 10, 10)),
        // Five a second are allowed, and `facts::opensubtitles::Session` keeps 200 ms besides.
        ("api.opensubtitles.com", pace(2, 5, 5)),
        ("vip-api.opensubtitles.com", pace(2, 5, 5)),
        // Wikimedia asks for one thing at a time from who is no browser.
        ("query.wikidata.org", pace(1, 1, 2)),
    ];
    known
        .into_iter()
        .map(|(host, pace)| (host.to_owned(), pace))
        .collect()
}

/// The way to one source.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    fetch: Fetch,
    /// The owner said where it is.
    near: bool,
    /// Whose answers they are, where secrets are sent: no secret itself.
    label: Option<&'static str>,
}

/// What an answer may cost, and how long it is good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) keep: Keep,
    pub(crate) whole: Duration,
    pub(crate) bytes_max: u64,
    /// The bodies of refusals are read too; then nothing that is kept stands in for them.
    pub(crate) refusals: bool,
}

impl Terms {
    pub(crate) fn kept(fresh: Duration, on_error: Duration) -> Terms {
        let revalidate = fresh;
        Terms {
            keep: Keep::For(Spans {
                fresh,
                revalidate,
                on_error,
            }),
            ..Terms::default()
        }
    }

    pub(crate) fn bytes_max(mut self, bytes_max: u64) -> Terms {
        self.bytes_max = bytes_max;
        self
    }
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            keep: Keep::No,
            // The catalogue waits for ten.
            whole: Duration::from_secs(9),
            bytes_max: Bounds::default().bytes_max,
            refusals: false,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// What it is kept by.
    pub(crate) key: Option<fetch::Key>,
}

impl Told {
    pub(crate) fn answer(&self) -> facts::Answer<'_> {
        facts::Answer {
            status: self.status,
            headers: &self.headers,
            body: &self.body,
        }
    }
}

impl Line {
    /// `place` is where the owner says that it is.
    pub(crate) fn to(fetch: &Fetch, place: Option<&String>) -> Line {
        Line {
            fetch: fetch.clone(),
            near: place.is_some(),
            label: None,
        }
    }

    /// Asked with the owner's secrets; answers are kept apart under this name.
    pub(crate) fn of_account(self, label: &'static str) -> Line {
        Line {
            label: Some(label),
            ..self
        }
    }

    /// # Errors
    /// Nobody answered, and nothing that is kept may stand in. Any status is an answer.
    pub(crate) async fn ask(&self, request: &Request, terms: Terms) -> Result<Told, AddOnError> {
        let url = request.url.as_str();
        let mut ask = match request.method {
            Method::Get => Ask::get(url),
            Method::Delete => Ask::delete(url),
            Method::Post => {
                let body = request.body.as_ref().map(|body| body.reveal().to_owned());
                Ask::post(url, "application/json", body.unwrap_or_default())
            }
        };
        for header in &request.headers {
            ask = match &header.value {
                Value::Plain(value) => ask.header(header.name, value),
                Value::Secret(secret) => ask.secret(header.name, secret.reveal()),
            };
        }
        let keep = if request.secret_url {
            Keep::No
        } else {
            terms.keep
        };
        ask = match self.label {
            Some(label) if !request.secret_url => ask.keep_for(label, keep),
            _ => ask.keep(keep),
        };
        ask = ask.whole(terms.whole).bytes_max(terms.bytes_max);
        if self.near {
            ask = ask.near();
        }
        if terms.refusals {
            ask = ask.any_status();
        }
        match self.fetch.ask(ask).await {
            Ok(answer) => Ok(Told {
                status: answer.status,
                headers: answer.headers,
                body: answer.body,
                key: answer.key,
            }),
            Err(FetchError::Status { code, after, .. }) => {
                let after = after.map(|after| ("retry-after".into(), after.as_secs().to_string()));
                Ok(Told {
                    status: code,
                    headers: after.into_iter().collect(),
                    body: Bytes::new(),
                    key: None,
                })
            }
            Err(error) => Err(unanswered(&error)),
        }
    }

    /// Asks, and reads what came; what says nothing is not kept.
    ///
    /// # Errors
    /// As of [`Line::ask`]; inside, why the answer says nothing.
    pub(crate) async fn read<T>(
        &self,
        request: &Request,
        terms: Terms,
        read: impl Fn(&facts::Answer<'_>) -> Result<T, Fault>,
    ) -> Result<Result<T, Fault>, AddOnError> {
        let told = self.ask(request, terms).await?;
        let value = read(&told.answer());
        if value.is_err() {
            self.forget(&told).await;
        }
        Ok(value)
    }

    /// What is kept of this answer is wrong.
    pub(crate) async fn forget(&self, told: &Told) {
        if let Some(key) = &told.key {
            self.fetch.forget(key).await;
        }
    }
}

fn unanswered(error: &FetchError) -> AddOnError {
    match error {
        FetchError::TooSlow(_) => AddOnError::TimedOut,
        FetchError::TooLarge { .. }
        | FetchError::NotJson(_)
        | FetchError::WrongType(_)
        | FetchError::Broken(_) => AddOnError::Failed(error.to_string()),
        // They name the host at most.
        _ => AddOnError::Unreachable(error.to_string()),
    }
}

/// What an answer that says nothing means to who asked an add-on.
pub(crate) fn failed(fault: Fault) -> AddOnError {
    match fault {
        Fault::NotFound => AddOnError::NotFound,
        Fault::TooMany { .. } => AddOnError::Status(429),
        Fault::Down { status, .. } | Fault::Status(status) => AddOnError::Status(status),
        other => AddOnError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owners_places_are_hosts_with_ports() {
        let places = Places {
            archive: Some("http://127.0.0.1:7120/".into()),
            tmdb: Some("http://127.0.0.1:7120/3".into()),
            opensubtitles: Some("https://subtitles.lan/api/v1".into()),
            wiki: Some("no address".into()),
        };
        assert_eq!(places.hosts(), ["127.0.0.1:7120", "subtitles.lan:443"]);
        assert!(Places::default().hosts().is_empty());
    }
}
