//! One ask on the wire: through its redirects and repeats, up to the head of the answer.
//!
//! Each hop passes the gate and has the lane of its own host. Secrets and bodies go to the named
//! host and nobody else. What may be asked twice is asked again where it is likely to help: nobody
//! took the call, or a 502, 503 or 504.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, Response, StatusCode, Url};
use tokio::time::{Instant, sleep, timeout_at};

use crate::answer::{of_interest, retry_after};
use crate::ask::{Ask, Wanted};
use crate::body::{Body, Encoding};
use crate::client::Clients;
use crate::error::FetchError;
use crate::gate::{Gate, Way};
use crate::lane::{Lanes, Pass};

/// Beside the first time.
const REPEATS_MAX: u32 = 2;
/// For a 429 that names no time.
const HELD: Duration = Duration::from_secs(5);

/// What calls are made with.
pub(crate) struct Wire {
    pub(crate) gate: Arc<Gate>,
    pub(crate) clients: Arc<Clients>,
    pub(crate) lanes: Lanes,
}

/// An answer whose body is still to come.
pub(crate) struct Opened {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// Where it goes now.
#[derive(Debug)]
struct Hop {
    url: Url,
    method: Method,
    /// The owner led here.
    near: bool,
}

impl Wire {
    /// `conditions` go to the named host with its secrets.
    pub(crate) async fn open(
        &self,
        ask: &Ask,
        conditions: &HeaderMap,
        deadline: Instant,
    ) -> Result<Opened, FetchError> {
        let mut hop = Hop {
            url: ask.url.clone(),
            method: ask.method.clone(),
            near: ask.near,
        };
        for _ in 0..=ask.bounds.redirects_max {
            let (response, pass, way) = self.repeat(ask, &hop, conditions, deadline).await?;
            match next(&hop.url, &response)? {
                None => return opened(ask, hop.url, response, pass, self, way, deadline),
                Some(url) => hop = self.follow(ask, &hop, url, response.status())?,
            }
        }
        Err(FetchError::TooManyRedirects(ask.host()))
    }

    /// The redirect, if it may be followed.
    fn follow(
        &self,
        ask: &Ask,
        from: &Hop,
        url: Url,
        status: StatusCode,
    ) -> Result<Hop, FetchError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        if from.url.scheme() == "https" && url.scheme() == "http" {
            return Err(FetchError::Insecure(host));
        }
        let keeps_method = matches!(status.as_u16(), 307 | 308) || from.method != Method::POST;
        let method = if keeps_method {
            from.method.clone()
        } else {
            Method::GET
        };
        let elsewhere = !same_host(&url, &ask.url);
        if elsewhere && method != Method::GET {
            return Err(FetchError::Insecure(host));
        }
        let near = from.near && self.gate.lists(&from.url);
        Ok(Hop { url, method, near })
    }

    /// Up to a head that is worth having.
    async fn repeat(
        &self,
        ask: &Ask,
        hop: &Hop,
        conditions: &HeaderMap,
        deadline: Instant,
    ) -> Result<(Response, Pass, Way), FetchError> {
        let way = self.gate.admit(&hop.url, hop.near, ask.plain)?;
        let host = hop.url.host_str().unwrap_or_default();
        // Another port is another server.
        let lane = hop.url.port().map(|port| format!("{host}:{port}"));
        let lane = lane.as_deref().unwrap_or(host);
        let mut last = None;
        for repeat in 0.. {
            let mut pass = match self.lanes.enter(lane, deadline).await {
                Ok(pass) => pass,
                // What went wrong before says more.
                Err(error) => return Err(last.unwrap_or(error)),
            };
            let jitter = rand::rng().random_range(0.5..1.5);
            let backoff = (self.lanes.backoff() * 2u32.pow(repeat)).mul_f64(jitter);
            let may = ask.is_idempotent() && repeat < REPEATS_MAX;
            let may = |wait| may && Instant::now() + wait < deadline;
            let request = self.request(ask, hop, way, conditions).await;
            let sent = timeout_at(deadline, request.send()).await;
            let (error, again, wait) = match sent {
                Ok(Ok(response)) => {
                    let held = judged(&response, &mut pass).unwrap_or_default();
                    let again = matches!(response.status().as_u16(), 502..=504);
                    let wait = backoff.max(held);
                    if !again || !may(wait) {
                        return Ok((response, pass, way));
                    }
                    (status(host, &response), again, wait)
                }
                Ok(Err(error)) => {
                    let fault = FetchError::of(&error, host, self.clients.is_proxied(way));
                    let again = error.is_connect() && matches!(fault, FetchError::NoAnswer(_));
                    (fault, again, backoff)
                }
                Err(_) => (FetchError::TooSlow(host.to_owned()), false, backoff),
            };
            if error.blames_host() {
                pass.failed();
            }
            if !again || !may(wait) {
                return Err(error);
            }
            tracing::debug!("{error}; asked again");
            last = Some(error);
            // Others may ask meanwhile.
            drop(pass);
            sleep(wait).await;
        }
        unreachable!("the last repeat returns")
    }

    async fn request(
        &self,
        ask: &Ask,
        hop: &Hop,
        way: Way,
        conditions: &HeaderMap,
    ) -> reqwest::RequestBuilder {
        let client = if self.clients.is_ready(way) {
            self.clients.get(way)
        } else {
            let clients = Arc::clone(&self.clients);
            let made = tokio::task::spawn_blocking(move || clients.get(way)).await;
            made.unwrap_or_else(|_| self.clients.get(way))
        };
        let mut headers = ask.headers.clone();
        let encoding = if ask.as_is { "identity" } else { "gzip" };
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        let mut body = None;
        if same_host(&hop.url, &ask.url) {
            headers.extend(ask.secrets.clone());
            headers.extend(conditions.clone());
            body = (hop.method == ask.method && !ask.body.is_empty()).then(|| ask.body.clone());
        }
        if hop.method != ask.method {
            headers.remove(CONTENT_TYPE);
        }
        let request = client.request(hop.method.clone(), hop.url.clone());
        let request = request.headers(headers);
        match body {
            None => request,
            Some(body) => request.body(body),
        }
    }
}

/// What the status says about the host; how long it wants to be left alone.
fn judged(response: &Response, pass: &mut Pass) -> Option<Duration> {
    let status = response.status();
    let after = retry_after(response.headers());
    let held = match status.as_u16() {
        429 => Some(after.unwrap_or(HELD)),
        503 => after,
        _ => None,
    };
    if let Some(after) = held {
        pass.held(after);
    }
    if status.is_server_error() {
        pass.failed();
    } else if !status.is_success() {
        // Alive; of a success the body says it.
        pass.worked();
    }
    held
}

fn status(host: &str, response: &Response) -> FetchError {
    FetchError::Status {
        host: host.to_owned(),
        code: response.status().as_u16(),
        after: retry_after(response.headers()),
    }
}

/// Where a redirect leads.
fn next(from: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let broken = || FetchError::Broken(from.host_str().unwrap_or_default().to_owned());
    let location = response.headers().get(LOCATION).ok_or_else(broken)?;
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| broken())?;
    let mut url = from.join(location).map_err(|_| broken())?;
    url.set_fragment(None);
    if !same_host(from, &url) && url.has_host() {
        // Nobody logs us in elsewhere.
        let plain = url.set_username("").and_then(|()| url.set_password(None));
        plain.map_err(|()| broken())?;
    }
    Ok(Some(url))
}

/// The same scheme, name and port.
fn same_host(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

fn opened(
    ask: &Ask,
    url: Url,
    response: Response,
    mut pass: Pass,
    wire: &Wire,
    way: Way,
    deadline: Instant,
) -> Result<Opened, FetchError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let code = response.status();
    let fine = code.is_success() || code == StatusCode::NOT_MODIFIED;
    if !fine && !ask.any_status {
        return Err(status(&host, &response));
    }
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let page = content_type.contains("html");
    let fits = match ask.wanted {
        Wanted::Any | Wanted::Json => true,
        Wanted::File => !page,
        Wanted::Image => {
            let unsaid = content_type.is_empty() || content_type.contains("octet-stream");
            unsaid || content_type.starts_with("image/")
        }
    };
    if fine && code != StatusCode::NOT_MODIFIED && !fits {
        pass.worked();
        return Err(FetchError::WrongType(host));
    }
    let headers = of_interest(response.headers());
    let proxied = wire.clients.is_proxied(way);
    let encoding = if ask.as_is {
        Encoding::None
    } else {
        Encoding::Gzip
    };
    let body = Body::new(
        response,
        (ask.bounds, encoding),
        &host,
        proxied,
        deadline,
        pass,
    )?;
    Ok(Opened {
        url,
        status: code,
        headers,
        body,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Config;

    fn follow(ask: &Ask, from: &str, to: &str, status: u16) -> Result<Hop, FetchError> {
        let config = Config::default();
        let gate = Arc::new(Gate::new(false, false, &["nas.lan".to_owned()]));
        let wire = Wire {
            clients: Arc::new(Clients::new(&config, Arc::clone(&gate)).unwrap()),
            gate,
            lanes: Lanes::new(config.pace, config.paces, config.patience),
        };
        let hop = Hop {
            url: from.parse().unwrap(),
            method: ask.method.clone(),
            near: ask.near,
        };
        let status = StatusCode::from_u16(status).unwrap();
        wire.follow(ask, &hop, to.parse().unwrap(), status)
    }

    #[test]
    fn https_is_not_left() {
        let ask = Ask::get("https://a.example/").plain_http();
        let left = follow(&ask, "https://a.example/", "http://a.example/", 301);
        assert_eq!(left.unwrap_err(), FetchError::Insecure("a.example".into()));
        let begun = follow(&ask, "http://a.example/", "https://a.example/", 301);
        assert_eq!(begun.unwrap().url.scheme(), "https");
    }

    #[test]
    fn the_owners_word_ends_where_another_host_begins() {
        let ask = Ask::get("https://a.example/").near();
        let led = follow(&ask, "https://a.example/", "https://nas.lan/", 302).unwrap();
        assert!(!led.near);
        let itself = follow(&ask, "http://nas.lan/", "http://nas.lan/x", 302).unwrap();
        assert!(itself.near);
    }

    #[test]
    fn a_post_becomes_a_get_or_stays_at_home() {
        let ask = Ask::post("https://a.example/", "text/plain", "x");
        let follow = |to, status| follow(&ask, "https://a.example/", to, status);
        assert_eq!(
            follow("https://b.example/", 303).unwrap().method,
            Method::GET
        );
        assert_eq!(
            follow("https://a.example/x", 308).unwrap().method,
            Method::POST
        );
        let away = follow("https://b.example/", 308).unwrap_err();
        assert_eq!(away, FetchError::Insecure("b.example".into()));
    }
}
