//! What names mean: asked by the tests, on loopback addresses that play far and near.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fetch::{Addrs, Ask, Config, Fetch, FetchError, Name, Proxy, ProxyKind, Resolve, Resolving};

use crate::server::{Say, Server, answer, config, fault, ok};

/// Says this to the n-th question (from 0), and counts them.
struct Told(Box<dyn Fn(usize) -> Vec<IpAddr> + Send + Sync>, AtomicUsize);

impl Told {
    fn new(tell: impl Fn(usize) -> Vec<IpAddr> + Send + Sync + 'static) -> Arc<Told> {
        Arc::new(Told(Box::new(tell), AtomicUsize::new(0)))
    }

    fn asked(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }
}

impl Resolve for Told {
    fn resolve(&self, _: Name) -> Resolving {
        let found = (self.0)(self.1.fetch_add(1, Ordering::Relaxed));
        let found: Addrs = Box::new(found.into_iter().map(|ip| (ip, 0).into()));
        Box::pin(async { Ok(found) })
    }
}

fn ip(last: u8) -> IpAddr {
    [127, 0, 0, last].into()
}

/// A door that takes 127.0.0.2 for an address it may call, by whatever name.
fn strict(names: &Arc<Told>) -> Fetch {
    Fetch::new(Config {
        allow_local: false,
        lan: vec!["127.0.0.2".into()],
        names: Some(Arc::clone(names) as _),
        ..config()
    })
    .unwrap()
}

/// Two servers on one port: one that may be called, one that may not.
async fn twins() -> (Server, Server) {
    loop {
        let say = |_: usize, _: &str| Say::Last(answer(200, "connection: close\r\n", "far"));
        let far = Server::at("127.0.0.2:0", say).await;
        let near = format!("127.0.0.1:{}", far.address.port());
        // Somebody else may have that port there.
        if tokio::net::TcpListener::bind(&near).await.is_ok() {
            return (far, Server::at(&near, |_, _| ok("near")).await);
        }
    }
}

#[tokio::test]
async fn a_name_that_means_another_host_a_moment_later_is_refused() {
    let (far, near) = twins().await;
    let names = Told::new(|before| vec![ip(if before == 0 { 2 } else { 1 })]);
    let door = strict(&names);
    let url = format!("http://rebind.example:{}/?key=s3cret", far.address.port());
    let ask = Ask::get(&url).near().plain_http();
    assert_eq!(door.ask(ask.clone()).await.unwrap().body, "far");
    assert_eq!(names.asked(), 1, "what was looked at is what was called");
    let error = fault(door.ask(ask).await);
    assert_eq!(error, FetchError::Refused("rebind.example".into()));
    assert_eq!((far.calls(), near.calls()), (1, 0));
}

#[tokio::test]
async fn of_a_name_with_both_only_the_address_that_may_be_is_called() {
    let (far, near) = twins().await;
    let names = Told::new(|_| vec![ip(1), ip(2), ip(1)]);
    let url = format!("http://both.example:{}/", far.address.port());
    let ask = Ask::get(&url).near().plain_http();
    assert_eq!(strict(&names).ask(ask).await.unwrap().body, "far");
    assert_eq!((far.calls(), near.calls()), (1, 0));
}

#[tokio::test]
async fn a_name_that_leads_home_is_refused_also_behind_a_redirect() {
    let (far, near) = twins().await;
    let port = far.address.port();
    let names = Told::new(|_| vec![ip(1), "10.0.0.1".parse().unwrap()]);
    let ask = Ask::get(&format!("http://home.example:{port}/?key=s3cret")).plain_http();
    let error = fault(strict(&names).ask(ask).await);
    assert_eq!(error, FetchError::Refused("home.example".into()));

    let to = format!("location: http://home.example:{port}/\r\n");
    let sends = Server::at("127.0.0.2:0", move |_, _| Say::This(answer(302, &to, ""))).await;
    let ask = Ask::get(&sends.url("/")).near().plain_http();
    let error = fault(strict(&names).ask(ask).await);
    assert_eq!(error, FetchError::Refused("home.example".into()));
    assert_eq!((near.calls(), names.asked()), (0, 2));
}

#[tokio::test]
async fn of_a_hundred_addresses_eight_are_tried() {
    let (far, _near) = twins().await;
    let port = far.address.port();
    // Nobody listens at the first twelve, or the first seven.
    for (others, reached) in [(12, false), (7, true)] {
        let names = Told::new(move |_| {
            let others = (0..others).map(|other| ip(100 + other));
            others.chain((0..100).map(|_| ip(2))).collect()
        });
        let door = Fetch::new(Config {
            names: Some(Arc::clone(&names) as _),
            ..config()
        });
        let url = format!("http://many.example:{port}/?key=s3cret");
        let ask = Ask::get(&url).plain_http();
        let got = door.unwrap().ask(ask).await;
        if reached {
            assert_eq!(got.unwrap().body, "far");
        } else {
            assert_eq!(fault(got), FetchError::NoAnswer("many.example".into()));
            assert_eq!(far.calls(), 0);
            assert_eq!(names.asked(), 3, "asked again twice, each time anew");
        }
    }
}

#[tokio::test]
async fn a_name_nobody_finds_does_not_hold_up_the_rest() {
    struct Never;
    impl Resolve for Never {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }
    let door = Fetch::new(Config {
        names: Some(Arc::new(Never)),
        ..config()
    });
    let door = door.unwrap();
    let good = Server::saying(ok("good")).await;
    let ask = Ask::get("https://never.example/?key=s3cret").whole(Duration::from_millis(100));
    let (bad, good) = tokio::join!(door.ask(ask), door.ask(Ask::get(&good.url("/"))));
    assert_eq!(good.unwrap().body, "good");
    assert_eq!(fault(bad), FetchError::TooSlow("never.example".into()));
}

#[tokio::test]
async fn behind_a_proxy_it_looks_names_up_and_home_is_refused_still() {
    let proxy = Server::saying(ok("by proxy")).await;
    let names = Told::new(|_| Vec::new());
    let login = ("me".to_owned(), "s3cret".to_owned());
    let config = Config {
        allow_local: false,
        proxy: Some(Proxy {
            kind: ProxyKind::Http,
            host: "127.0.0.1".into(),
            port: proxy.address.port(),
            login: Some(login),
        }),
        names: Some(Arc::clone(&names) as _),
        ..config()
    };
    assert!(!format!("{config:?}").contains("s3cret"));
    let door = Fetch::new(config).unwrap();
    let got = door.ask(Ask::get("http://a.example/x").plain_http()).await;
    assert_eq!(got.unwrap().body, "by proxy");
    let asked = proxy.asked.lock().unwrap()[0].clone();
    assert!(
        asked.starts_with("GET http://a.example/x HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("proxy-authorization: Basic "), "{asked}");
    for home in [
        "http://192.168.1.1/",
        "http://localhost/",
        "http://nas.local/",
        "http://nas/",
    ] {
        let error = fault(door.ask(Ask::get(home).plain_http()).await);
        assert!(matches!(error, FetchError::Refused(_)), "{home}");
    }
    assert_eq!((proxy.count(), names.asked()), (1, 0));
    // It does not open the tunnel that HTTPS needs.
    let closed = Server::saying(Say::This(answer(403, "", ""))).await;
    let config = Config {
        proxy: Some(Proxy {
            kind: ProxyKind::Http,
            host: "127.0.0.1".into(),
            port: closed.address.port(),
            login: None,
        }),
        ..crate::server::config()
    };
    let door = Fetch::new(config).unwrap();
    let error = fault(door.ask(Ask::get("https://a.example/?key=s3cret")).await);
    assert_eq!(error, FetchError::Proxy);
    let asked = closed.asked.lock().unwrap()[0].clone();
    assert!(asked.starts_with("CONNECT a.example:443 "), "{asked}");
}

#[tokio::test]
async fn a_socks_proxy_is_given_the_name() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // RFC 1928: no login, then CONNECT to a name, then what the name says.
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.unwrap();
        assert_eq!(greeting, [5, 1, 0]);
        stream.write_all(&[5, 0]).await.unwrap();
        let mut request = [0; 4 + 1 + 9 + 2];
        stream.read_exact(&mut request).await.unwrap();
        assert_eq!(request, *b"\x05\x01\0\x03\x09a.example\0\x50");
        stream
            .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            .await
            .unwrap();
        assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
        let says = answer(200, "connection: close\r\n", "by socks");
        stream.write_all(&says).await.unwrap();
    });
    let door = Fetch::new(Config {
        proxy: Some(Proxy {
            kind: ProxyKind::Socks5,
            host: "127.0.0.1".into(),
            port,
            login: None,
        }),
        names: Some(Told::new(|_| Vec::new())),
        ..config()
    });
    let door = door.unwrap();
    let got = door.ask(Ask::get("http://a.example/").plain_http()).await;
    assert_eq!(got.unwrap().body, "by socks");
    proxy.await.unwrap();
}

#[tokio::test]
async fn what_is_bound_to_an_interface_leaves_by_nothing_else() {
    let server = Server::start(|_, _| ok("told")).await;
    let asked = async |interface: &str| {
        let fetch = Fetch::new(Config {
            interface: Some(interface.into()),
            ..config()
        });
        fetch
            .unwrap()
            .ask(Ask::get(&server.url("/")).plain_http())
            .await
    };
    assert_eq!(asked("lo").await.unwrap().body, "told");
    let error = fault(asked("gone0").await);
    assert!(matches!(error, FetchError::NoAnswer(_)), "{error:?}");
    assert_eq!(server.calls(), 1);
}
