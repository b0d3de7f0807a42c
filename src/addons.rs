//! Serves our own add-ons to other programs on the home network, where the owner says so.
//!
//! Plain reads of what is everybody's: no token, and pages of other sites may ask too, for that is
//! how the protocol's clients work. What is asked and answered is `internal::Served`.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use http_server::{Config, HttpError, Patience, Server};
use internal::Served;

/// A row of the Archive may take some seconds; a client that takes no byte for so long is gone.
const PATIENCE: Patience = Patience {
    answer: Duration::from_secs(15),
    write: Duration::from_secs(20),
};

/// Starts to serve on the runtime that polls this, if there is a place to listen.
///
/// # Errors
/// As [`http_server::serve`].
pub async fn serve(
    listen: Option<SocketAddr>,
    served: Served,
) -> Result<Option<Server>, HttpError> {
    let Some(listen) = listen else {
        return Ok(None);
    };
    let config = Config {
        listen,
        token: None,
        hosts: Vec::new(),
        any_page: true,
        patience: PATIENCE,
    };
    http_server::serve(config, router(served)).await.map(Some)
}

fn router(served: Served) -> Router {
    Router::new().fallback(move |method: Method, uri: Uri| {
        let served = served.clone();
        async move {
            let reply = match method {
                Method::OPTIONS => addon::Reply::preflight(),
                Method::GET | Method::HEAD => served.reply(uri.path()).await,
                _ => addon::Reply::not_found(),
            };
            http(reply)
        }
    })
}

fn http(reply: addon::Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let made = response.body(Body::from(reply.body));
    made.unwrap_or_else(|error| {
        tracing::error!("an add-on's reply is no answer: {error}");
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use addon::AddOn;
    use reqwest::{Client, Method};

    use super::*;

    #[tokio::test]
    async fn a_page_of_another_site_may_read_and_nobody_may_write() {
        let films = app::Row::new("Films", vec![app::Film::default()]);
        let add_on: Arc<dyn AddOn> = Arc::new(internal::Bundled::new(vec![films]));
        let served = Served::new(vec![("bundled", add_on)]);
        assert!(serve(None, served.clone()).await.unwrap().is_none());
        let any = Some("127.0.0.1:0".parse().unwrap());
        let server = serve(any, served).await.unwrap().unwrap();
        let at = format!("http://{}/addon/bundled/manifest.json", server.address());
        let client = Client::builder().no_proxy().build().unwrap();
        let ask = |method, host: &str| {
            let asked = client
                .request(method, &at)
                .header("origin", "https://a.example");
            let asked = match host {
                "" => asked,
                host => asked.header("host", host),
            };
            async { asked.send().await.unwrap() }
        };
        let told = ask(Method::GET, "").await;
        assert_eq!(told.headers()["access-control-allow-origin"], "*");
        assert!(told.text().await.unwrap().contains("org.matinee.bundled"));
        assert_eq!(ask(Method::OPTIONS, "").await.status(), 204);
        assert_eq!(ask(Method::POST, "").await.status(), 404);
        // A name that was bound to us by somebody else.
        let rebound = ask(Method::GET, "a.example").await;
        assert!(rebound.status().is_client_error(), "{rebound:?}");
    }
}
