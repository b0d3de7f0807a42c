//! A box with one channel, and what it is told.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use app::{UpdateAct, UpdateFailure, UpdateNews, UpdateOffer, UpdateSettings};
use fetch::Fetch;
use fixtures::bus::Bus;
use fixtures::web::{Manner, WebServer};
use matinee::updates::{Channels, Config, Updates};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::installer::{Installer, Mood};

/// Much longer than anything here takes on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) const BUNDLE: &str = "/matinee-test-1.4.0.raucb";

/// Keys of channels and of bundles, made once.
pub(crate) struct Keys {
    folder: TempDir,
}

pub(crate) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        for name in ["channel.pem", "stranger.pem"] {
            let path = folder.path().join(name);
            let arguments = ["genpkey", "-algorithm", "ed25519", "-out"];
            run(Command::new("openssl").args(arguments).arg(path), b"");
        }
        let request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
                       -subj /CN=bundles -keyout bundle.key -out bundle.pem";
        let mut openssl = Command::new("openssl");
        openssl
            .args(request.split_whitespace())
            .current_dir(folder.path());
        run(&mut openssl, b"");
        Keys { folder }
    })
}

/// What a program prints.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}");
    output.stdout
}

pub(crate) fn image(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("image")
        .join(name)
}

impl Keys {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A channel's file.
    pub(crate) fn sign(&self, key: &str, channel: &Value) -> Vec<u8> {
        let mut script = Command::new(image("sign-channel"));
        run(script.arg(self.path(key)), channel.to_string().as_bytes())
    }

    pub(crate) fn public(&self, key: &str) -> String {
        let mut script = Command::new(image("sign-channel"));
        let hex = run(script.arg(self.path(key)).arg("public"), b"");
        String::from_utf8(hex).unwrap().trim().to_owned()
    }

    /// A bundle as RAUC makes them, in all that is looked at here, and the hash of its manifest.
    pub(crate) fn bundle(&self, compatible: &str, bytes: usize, seed: u64) -> (Vec<u8>, String) {
        let manifest = format!(
            "[update]\ncompatible={compatible}\nversion=1.4.0\n\n[bundle]\nformat=verity\n\
             verity-hash={seed:064x}\n"
        );
        let sign = "cms -sign -nodetach -binary -nosmimecap -signer bundle.pem -inkey bundle.key \
                    -outform DER";
        let mut openssl = Command::new("openssl");
        openssl
            .args(sign.split_whitespace())
            .current_dir(self.folder.path());
        let signature = run(&mut openssl, manifest.as_bytes());
        let mut bundle = fixtures::payload(bytes, seed);
        bundle.extend_from_slice(&signature);
        bundle.extend_from_slice(&(signature.len() as u64).to_be_bytes());
        let digest = run(Command::new("sha256sum").arg("-"), manifest.as_bytes());
        let digest = String::from_utf8(digest).unwrap();
        (bundle, digest[..64].to_owned())
    }
}

/// What the channel says unless a test says otherwise.
pub(crate) fn channel(bundle: &[u8], hash: &str) -> Value {
    json!({
        "format": 1, "channel": "stable", "sequence": 42, "version": "1.4.0",
        "minimum": "1.0.0", "expires_s": 4_000_000_000_u64, "notes": "Owls.",
        "bundles": { "test": {
            "url": &BUNDLE[1..], "size": bundle.len(), "manifest_sha256": hash
        } }
    })
}

/// A box.
pub(crate) struct Bench {
    pub(crate) updates: Updates,
    pub(crate) settings: UpdateSettings,
    news: mpsc::UnboundedReceiver<UpdateNews>,
    pub(crate) installer: Installer,
    pub(crate) server: WebServer,
    bus: Bus,
    pub(crate) data: TempDir,
    pub(crate) runtime: TempDir,
}

impl Bench {
    /// The box runs 1.3.0 and follows what the server serves.
    pub(crate) async fn new(files: Vec<(&str, Vec<u8>)>, manner: Manner, mood: Mood) -> Bench {
        let files = files
            .into_iter()
            .map(|(path, bytes)| (path.to_owned(), bytes));
        let server = WebServer::start(files.collect(), manner).await;
        let bus = Bus::start();
        let installer = Installer::start(&bus, mood).await;
        let (data, runtime) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (updates, settings, news) = start(&server, &bus, &data, &runtime, "1.3.0");
        Bench {
            updates,
            settings,
            news,
            installer,
            server,
            bus,
            data,
            runtime,
        }
    }

    /// With one good update.
    pub(crate) async fn with_update(bytes: usize, manner: Manner, mood: Mood) -> Bench {
        let (bundle, hash) = keys().bundle("matinee-test", bytes, 1);
        let file = keys().sign("channel.pem", &channel(&bundle, &hash));
        Bench::new(vec![("/stable.dsse", file), (BUNDLE, bundle)], manner, mood).await
    }

    /// The program ends, and the version that is now in the slot starts.
    pub(crate) fn restart(&mut self, version: &str) {
        let started = start(&self.server, &self.bus, &self.data, &self.runtime, version);
        (self.updates, self.settings, self.news) = started;
    }

    /// The file with the version that the system gave up.
    pub(crate) fn given_up(&self) -> PathBuf {
        given_up(&self.data)
    }

    /// Does something, and waits for what comes of it.
    pub(crate) async fn ask(&mut self, act: UpdateAct) -> UpdateNews {
        self.updates.perform(act);
        self.next().await
    }

    /// The next news that is not of how far it is.
    pub(crate) async fn next(&mut self) -> UpdateNews {
        loop {
            let news = timeout(LONG, self.news.recv()).await;
            match news.expect("something comes").expect("it runs") {
                UpdateNews::Fetching { .. } => {}
                news => return news,
            }
        }
    }

    /// The next news of how far it is.
    pub(crate) async fn fetching(&mut self) -> (u16, u64) {
        let news = timeout(LONG, self.news.recv()).await;
        match news.expect("something comes").expect("it runs") {
            UpdateNews::Fetching { permille, bytes } => (permille, bytes),
            news => panic!("{news:?}"),
        }
    }

    pub(crate) async fn check(&mut self) -> Result<Option<UpdateOffer>, UpdateFailure> {
        match self.ask(UpdateAct::Check { asked: true }).await {
            UpdateNews::Checked(answer) => answer,
            news => panic!("{news:?}"),
        }
    }
}

fn given_up(data: &TempDir) -> PathBuf {
    data.path().join("went-back")
}

fn start(
    server: &WebServer,
    bus: &Bus,
    data: &TempDir,
    runtime: &TempDir,
    version: &str,
) -> (Updates, UpdateSettings, mpsc::UnboundedReceiver<UpdateNews>) {
    let text = format!(
        "keys = [\"{}\"]\nat-home = true\n[channels]\nstable = \"{}\"\nbeta = \"{}\"\n",
        keys().public("channel.pem"),
        server.url("/stable.dsse"),
        server.url("/beta.dsse"),
    );
    let path = data.path().join("update.toml");
    std::fs::write(&path, text).unwrap();
    let channels = Channels::read(&path).unwrap().unwrap();
    let fetch = Fetch::new(fetch::Config {
        lan: channels.hosts(),
        ..fetch::Config::default()
    })
    .unwrap();
    let config = Config {
        channels,
        board: "test".into(),
        version: version.into(),
        data: data.path().to_owned(),
        given_up: given_up(data),
        runtime: Some(runtime.path().to_owned()),
        bus: Some(bus.address.clone()),
    };
    let (told, news) = mpsc::unbounded_channel();
    let tell = Arc::new(move |news| drop(told.send(news)));
    let (updates, settings) = Updates::start(config, fetch, &Handle::current(), tell);
    (updates, settings, news)
}
