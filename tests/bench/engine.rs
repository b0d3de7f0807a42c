//! `matinee stream` without the rest of the box: for measuring the engine while working on it,
//! because it is built without GStreamer and the screens.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;

fn option(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    let filter = option("--log").unwrap_or_else(|| "info".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .init();
    let bytes = option("--cache-bytes").unwrap_or_else(|| "4096M".to_owned());
    let megabytes: u64 = bytes.trim_end_matches('M').parse().unwrap();
    let folder = option("--cache").expect("--cache DIR is needed");
    let engine = torrent::Config {
        allow_local_peers: true,
        ..torrent::Config::new(folder.into(), megabytes << 20)
    };
    let listen: SocketAddr = option("--listen").unwrap().parse().unwrap();
    let config = stream::Config {
        listen,
        token: None,
        hosts: Vec::new(),
    };
    let server = stream::serve(config, engine).await.unwrap();
    println!("http://{}", server.address());
    std::future::pending::<()>().await;
}
