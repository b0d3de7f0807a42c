//! The event stream, and the end of a server.

use super::*;

/// An open event stream.
struct Listener(BufReader<TcpStream>);

impl Listener {
    async fn new(stage: &Stage) -> Self {
        let address = stage.server.address();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
             connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        Self(BufReader::new(stream))
    }

    /// The next line that starts so, without that start.
    async fn line(&mut self, start: &str) -> String {
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                let mut line = String::new();
                let read = self.0.read_line(&mut line).await.unwrap();
                assert_ne!(read, 0, "the stream ended before {start:?}");
                if let Some(rest) = line.strip_prefix(start) {
                    return rest.trim_end().to_owned();
                }
            }
        });
        found.await.expect("the line comes")
    }

    async fn state(&mut self) -> Value {
        serde_json::from_str(&self.line("data: ").await).unwrap()
    }
}

#[tokio::test]
async fn events_begin_with_now_and_skip_to_the_newest() {
    let stage = stage().await;
    let mut listener = Listener::new(&stage).await;
    assert_eq!(listener.line("HTTP/1.1 ").await, "200 OK");
    assert_eq!(listener.state().await["seq"], 1);
    for seq in 2..=1000 {
        stage.views.send(Arc::new(view(seq))).unwrap();
    }
    let mut events = 0;
    loop {
        events += 1;
        if listener.state().await["seq"] == 1000 {
            break;
        }
    }
    assert!(events <= 3, "{events} events for one burst");
    drop(stage.views);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, listener.0.read_to_end(&mut rest)).await;
    ended.expect("the stream ends with the box").unwrap();
}

#[tokio::test]
async fn listeners_are_bounded_and_leave_their_place() {
    let stage = stage().await;
    let mut listeners = Vec::new();
    for _ in 0..8 {
        let mut listener = Listener::new(&stage).await;
        listener.state().await;
        listeners.push(listener);
    }
    assert_eq!(get(&stage, "/api/v1/events").await.status, 503);
    drop(listeners.pop());
    // The server notices at its next write at the latest.
    let freed = async {
        for seq in 2.. {
            stage.views.send(Arc::new(view(seq))).unwrap();
            let mut listener = Listener::new(&stage).await;
            if listener.line("HTTP/1.1 ").await == "200 OK" {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, freed)
        .await
        .expect("a place gets free");
}

#[tokio::test]
async fn a_dropped_server_lets_go_of_all() {
    let stage = stage().await;
    let address = stage.server.address();
    let mut listener = Listener::new(&stage).await;
    listener.state().await;
    drop(stage.server);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, listener.0.read_to_end(&mut rest)).await;
    let _ = ended.expect("the connection closes");
    let gone = async { while TcpStream::connect(address).await.is_ok() {} };
    tokio::time::timeout(PATIENCE, gone)
        .await
        .expect("nobody listens");
}
