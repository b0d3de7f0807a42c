//! Makes the demo as the box does on first use and prints how long it takes: `cargo run
//! --release --example demo_figures -- DIR [SECONDS]`. A second run in the same folder shows the
//! start with a film that is there.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use matinee::demo::{Demo, DemoNews, Recipe};

fn main() {
    tracing_subscriber::fmt().init();
    let mut words = std::env::args().skip(1);
    let dir = PathBuf::from(words.next().expect("a folder"));
    let mut recipe = Recipe::default();
    if let Some(seconds) = words.next() {
        recipe.length = Duration::from_secs(seconds.parse().expect("seconds"));
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let begin = Instant::now();
    let (send, news) = mpsc::channel();
    let tell = Arc::new(move |it| {
        // Nobody listens any more once the demo is ready.
        let _ = send.send(it);
    });
    let demo = Demo::start_as(recipe, dir, runtime.handle(), tell);
    for it in news {
        match it {
            DemoNews::Preparing { percent } if percent % 10 == 0 => {
                println!("{:>6.2} s {percent} %", begin.elapsed().as_secs_f32());
            }
            DemoNews::Preparing { .. } => {}
            DemoNews::Ready { film, metainfo } => {
                let torrent = film.sources.first().and_then(|it| it.reach.torrent());
                let peers = torrent.map(|torrent| &torrent.peers);
                println!(
                    "{:>6.2} s ready: {peers:?}, {} bytes of metainfo",
                    begin.elapsed().as_secs_f32(),
                    metainfo.len()
                );
                break;
            }
            DemoNews::Failed(why) => {
                println!("failed: {why}");
                break;
            }
        }
    }
    drop(demo);
}
