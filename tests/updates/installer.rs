//! Stands in for RAUC on a bus of its own: its D-Bus interface, and how it reads a bundle from a
//! web server (parts of 128 KiB, several at a time, the end first).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use fixtures::bus::Bus;
use futures_util::{StreamExt as _, stream};
use reqwest::header::{CONTENT_RANGE, RANGE};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, interface};

/// What the kernel asks for at a time.
const PART: u64 = 128 * 1024;

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    /// Finds the signature wrong.
    Refuses,
    /// Ends in the middle of its work.
    Crashes,
    /// Is not there.
    Absent,
}

#[derive(Debug)]
pub(crate) struct State {
    /// The letter of the slot that runs.
    pub(crate) runs: &'static str,
    /// Whether the other one may be started.
    pub(crate) other_good: bool,
    /// As it was read last.
    pub(crate) read: Vec<u8>,
    pub(crate) marks: Vec<(String, String)>,
    percent: i32,
    /// For which bundles it is.
    compatible: &'static str,
    last_error: String,
}

/// The stand-in.
pub(crate) struct Installer {
    pub(crate) state: Arc<Mutex<State>>,
    _connection: Option<Connection>,
}

impl Installer {
    pub(crate) async fn start(bus: &Bus, mood: Mood) -> Installer {
        let state = Arc::new(Mutex::new(State {
            runs: "A",
            other_good: false,
            read: Vec::new(),
            marks: Vec::new(),
            percent: 0,
            compatible: "matinee-test",
            last_error: String::new(),
        }));
        if mood == Mood::Absent {
            return Installer {
                state,
                _connection: None,
            };
        }
        let rauc = Rauc {
            state: Arc::clone(&state),
            mood,
        };
        let builder = zbus::connection::Builder::address(bus.address.as_str()).unwrap();
        let builder = builder.name("de.pengutronix.rauc").unwrap();
        let builder = builder.serve_at("/", rauc).unwrap();
        Installer {
            state,
            _connection: Some(builder.build().await.unwrap()),
        }
    }
}

struct Rauc {
    state: Arc<Mutex<State>>,
    mood: Mood,
}

#[interface(name = "de.pengutronix.rauc.Installer")]
impl Rauc {
    #[allow(clippy::unused_async, reason = "the interface wants it")]
    async fn install_bundle(
        &self,
        source: String,
        args: HashMap<String, OwnedValue>,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<()> {
        // As RAUC does with what it does not know.
        if let Some(unknown) = args.keys().next() {
            let why = format!("Unsupported key: {unknown}");
            return Err(zbus::fdo::Error::InvalidArgs(why));
        }
        let (state, mood) = (Arc::clone(&self.state), self.mood);
        tokio::spawn(install(source, state, mood, connection.clone()));
        Ok(())
    }

    fn mark(&self, state: String, slot: String) -> (String, String) {
        let mut all = self.state.lock().unwrap();
        all.marks.push((state, slot.clone()));
        (slot, "marked".to_owned())
    }

    fn get_slot_status(&self) -> Vec<(String, HashMap<String, OwnedValue>)> {
        let state = self.state.lock().unwrap();
        let slot = |number: u8, letter: &str| {
            let runs = state.runs == letter;
            let good = runs || state.other_good;
            let facts = [
                ("class", "rootfs"),
                ("bootname", letter),
                ("state", if runs { "booted" } else { "inactive" }),
                ("boot-status", if good { "good" } else { "bad" }),
            ];
            (format!("rootfs.{number}"), dictionary(&facts))
        };
        let kernel = dictionary(&[("class", "kernel"), ("state", "active")]);
        vec![slot(0, "A"), ("kernel.0".to_owned(), kernel), slot(1, "B")]
    }

    #[zbus(property)]
    fn compatible(&self) -> String {
        self.state.lock().unwrap().compatible.to_owned()
    }

    #[zbus(property)]
    fn last_error(&self) -> String {
        self.state.lock().unwrap().last_error.clone()
    }

    #[zbus(property)]
    fn progress(&self) -> (i32, String, i32) {
        (self.state.lock().unwrap().percent, "Copying".to_owned(), 1)
    }

    #[zbus(signal)]
    async fn completed(emitter: &SignalEmitter<'_>, result: i32) -> zbus::Result<()>;
}

fn dictionary(facts: &[(&str, &str)]) -> HashMap<String, OwnedValue> {
    let owned = |text: &str| OwnedValue::try_from(Value::from(text.to_owned())).unwrap();
    let facts = facts.iter();
    facts
        .map(|(key, text)| ((*key).to_owned(), owned(text)))
        .collect()
}

async fn install(source: String, state: Arc<Mutex<State>>, mood: Mood, connection: Connection) {
    let served = connection.object_server();
    let rauc = served.interface::<_, Rauc>("/").await.unwrap();
    let read = read(&source, mood == Mood::Crashes).await;
    let result = {
        let mut state = state.lock().unwrap();
        match read {
            Ok(_) if mood == Mood::Refuses => {
                state.last_error = "signature verification failed: unknown signer.".into();
                1
            }
            Ok(bytes) => {
                (state.read, state.percent) = (bytes, 100);
                state.other_good = true;
                0
            }
            Err(why) => {
                state.last_error = why;
                1
            }
        }
    };
    if mood == Mood::Crashes {
        connection.close().await.unwrap();
        return;
    }
    let emitter = rauc.signal_emitter();
    rauc.get().await.progress_changed(emitter).await.unwrap();
    Rauc::completed(emitter, result).await.unwrap();
}

/// The whole bundle; `half`: only its beginning.
async fn read(source: &str, half: bool) -> Result<Vec<u8>, String> {
    let client = reqwest::Client::new();
    let part = |first: u64, last: u64| {
        let asked = client.get(source);
        let asked = asked.header(RANGE, format!("bytes={first}-{last}"));
        async move {
            let answer = asked.send().await.map_err(|error| error.to_string())?;
            let status = answer.status().as_u16();
            if status != 206 {
                return Err(format!("unexpected HTTP error code {status}"));
            }
            let said = answer.headers()[CONTENT_RANGE].to_str().unwrap().to_owned();
            let bytes = answer.bytes().await.map_err(|error| error.to_string())?;
            assert_eq!(bytes.len() as u64, last + 1 - first);
            Ok((said, bytes))
        }
    };
    let (said, _) = part(0, 3).await?;
    let size: u64 = said.strip_prefix("bytes 0-3/").unwrap().parse().unwrap();
    let (_, length) = part(size - 8, size - 1).await?;
    let length = u64::from_be_bytes(length.as_ref().try_into().unwrap());
    part(size - 8 - length, size - 9).await?;
    let end = if half { size / 2 } else { size };
    let starts = (0..end).step_by(PART as usize);
    let parts = starts.map(|start| part(start, (start + PART).min(size) - 1));
    let mut parts = stream::iter(parts).buffered(4);
    let mut whole = Vec::new();
    while let Some(part) = parts.next().await {
        whole.extend_from_slice(&part?.1);
    }
    Ok(whole)
}
