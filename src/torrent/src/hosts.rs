//! Which hosts may be called for a film's bytes over HTTP, and the client that keeps to it.
//!
//! Addresses of web seeds and metainfo come from strangers: none of them may make us call our own
//! neighbours. Which addresses those are, and the resolver that leaves them out, is `reach`'s;
//! names are asked for by this crate's own door. Every redirect is looked at like the first
//! address. Local hosts are called only when the settings allow it, or when the torrent's
//! reference spells out the very address.

use std::net::IpAddr;
use std::time::Duration;

use reach::Checked;
pub(super) use reach::{may_call, names_local};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Url};

use super::network::Network;

/// A server that does not take the call by then is left for later; libtorrent waits 10 s.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// Without a byte for so long an answer is given up. The scheduler asks others much sooner.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// archive.org takes two.
const REDIRECTS_MAX: usize = 4;
/// Connections kept for the next range: what a web seed has open at most.
const IDLE_MAX: usize = 2;
/// Servers close idle connections after 5 to 75 s.
const IDLE_TIME_MAX: Duration = Duration::from_secs(30);

/// The client for web seeds and metainfo. Behind a proxy, which resolves names where its own
/// neighbours are, only the proxy's own name is looked up.
pub(super) fn client(network: &Network, allow_local: bool) -> Client {
    let proxied = network.is_proxied();
    let may = move |_: &str, ip: IpAddr| proxied || allow_local || !reach::is_near(ip);
    let client = network
        .http()
        .http1_only()
        .referer(false)
        .redirect(Policy::custom(move |attempt| follow(attempt, allow_local)))
        .connect_timeout(CONNECT_TIME_MAX)
        .read_timeout(SILENCE_MAX)
        .pool_max_idle_per_host(IDLE_MAX)
        .pool_idle_timeout(IDLE_TIME_MAX)
        .dns_resolver(Checked::new(network.names(), may));
    client.build().unwrap_or_else(|error| {
        // Never a plain client: it would go past the door.
        tracing::warn!("web seeds over HTTPS: {error}");
        let without = network.http().tls_certs_only([]);
        without.build().expect("no certificates are read")
    })
}

fn follow(attempt: Attempt<'_>, allow_local: bool) -> reqwest::redirect::Action {
    let secure = |url: &Url| url.scheme() == "https";
    let was_secure = attempt.previous().last().is_some_and(secure);
    if attempt.previous().len() > REDIRECTS_MAX {
        return attempt.error("too many redirects");
    }
    if was_secure && !secure(attempt.url()) {
        return attempt.error("leads from https to http");
    }
    if !may_call(attempt.url(), allow_local) {
        return attempt.error("leads to a local address");
    }
    attempt.follow()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Config;

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_called() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "http://localhost:{}/",
            listener.local_addr().unwrap().port()
        );
        let network = Network::new(&Config::new("unused".into(), 0)).unwrap();
        let refused = client(&network, false).get(&url).send().await.unwrap_err();
        let mut cause: Option<&dyn std::error::Error> = Some(&refused);
        let mut told = false;
        while let Some(error) = cause {
            told |= error.is::<reach::NoAddress>();
            cause = error.source();
        }
        assert!(told, "{refused:?}");
        let asked = client(&network, true).get(&url).send();
        tokio::select! {
            got = asked => panic!("{got:?}"),
            called = listener.accept() => assert!(called.is_ok()),
        }
    }
}
