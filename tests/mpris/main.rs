//! The box on a session's bus of its own: what programs of a desktop see and do, playerctl among
//! them, and how it comes to the bus and leaves it.

#![allow(clippy::unwrap_used)]

#[path = "../e2e/client.rs"]
#[allow(dead_code, reason = "the tests of the whole way use the rest")]
mod client;
mod ear;
mod house;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use app::{Event, Key, PlayerNews, Preferences, Press, Screen, VolumeWish};
use fixtures::bus::Bus;
use matinee::mpris::NAME;
use tokio::sync::mpsc;
use tokio::time::timeout;
use zbus::zvariant::{ObjectPath, OwnedValue};

use self::ear::{Ear, Signal, text};
use self::house::{Core, LENGTH, film, first_episode, with_poster};

/// What is waited for comes within a moment; a machine with much to do takes longer.
const SOON: Duration = Duration::from_secs(30);

/// A box on the bus, where a program listens.
async fn on(bus: &Bus) -> (Core, Ear) {
    let core = Core::start(&bus.address);
    let ear = Ear::on(&bus.address).await;
    ear.until_owned(NAME, true).await;
    (core, ear)
}

fn playerctl(bus: &Bus) -> Command {
    let mut command = Command::new("playerctl");
    command
        .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
        .args(["--player", "matinee"]);
    command
}

/// What it says to these words.
async fn ctl(bus: &Bus, words: &str) -> String {
    let mut command = playerctl(bus);
    command.args(words.split(' '));
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = timeout(SOON, run).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "playerctl {words}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A playerctl that tells of every change.
struct Follower {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Follower {
    fn start(bus: &Bus) -> Follower {
        let mut command = playerctl(bus);
        let format = "{{status}} {{xesam:title}}";
        command.args(["--follow", "metadata", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let told = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in told.lines().map_while(Result::ok) {
                let _ = sender.send(line.trim().to_owned());
            }
        });
        Follower { child, lines }
    }

    async fn until(&mut self, wanted: &str) {
        let mut seen = Vec::new();
        let found = async {
            while let Some(line) = self.lines.recv().await {
                if line == wanted {
                    return;
                }
                seen.push(line);
            }
            panic!("playerctl has ended");
        };
        let found = timeout(SOON, found).await;
        assert!(found.is_ok(), "no {wanted:?} but {seen:?}");
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn playerctl_sees_what_plays_and_drives_it() {
    let bus = Bus::start();
    let (core, ear) = on(&bus).await;
    let mut follower = Follower::start(&bus);
    assert_eq!(ctl(&bus, "status").await, "Stopped");

    let poster = Path::new("/media/a fox.jpg");
    core.play(with_poster(film("fox"), poster)).await;
    follower.until("Playing FOX").await;
    assert_eq!(ctl(&bus, "status").await, "Playing");
    assert_eq!(ctl(&bus, "metadata mpris:length").await, "120000000");
    let art = ctl(&bus, "metadata mpris:artUrl").await;
    assert_eq!(art, "file:///media/a%20fox.jpg");

    ctl(&bus, "pause").await;
    follower.until("Paused FOX").await;
    ctl(&bus, "position 30").await;
    core.until_at(30).await;
    assert_eq!(ctl(&bus, "position").await, "30.000000");
    ctl(&bus, "position 5+").await;
    core.until_at(35).await;
    ctl(&bus, "position 10-").await;
    core.until_at(25).await;
    ctl(&bus, "previous").await;
    core.until_at(0).await;

    ctl(&bus, "volume 0.4").await;
    core.until(|view| view.loudness == Some(40)).await;
    assert_eq!(ctl(&bus, "volume").await, "0.400000");

    ctl(&bus, "play-pause").await;
    follower.until("Playing FOX").await;
    ctl(&bus, "stop").await;
    core.until(|view| matches!(view.screen, Screen::Film(_)))
        .await;
    assert_eq!(ctl(&bus, "status").await, "Stopped");

    core.stop();
    ear.until_owned(NAME, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_signalled_and_never_the_time() {
    let bus = Bus::start();
    let (core, mut ear) = on(&bus).await;
    core.play(film("fox")).await;
    let began = ear.next().await;
    let all = [
        "CanPause",
        "CanGoPrevious",
        "CanPlay",
        "CanSeek",
        "MaximumRate",
        "Metadata",
        "MinimumRate",
        "PlaybackStatus",
    ];
    assert!(
        all.iter().all(|name| began.names().contains(name)),
        "{began:?}"
    );
    assert_eq!(began.text("PlaybackStatus"), "Playing");

    for secs in 1..9 {
        let at = Duration::from_millis(secs * 250);
        core.player(PlayerNews::Position(at)).await;
    }
    core.tell(Event::Key(Key::Pause, Press::Down));
    let paused = ear.next().await;
    assert_eq!(paused.names(), ["PlaybackStatus"]);
    assert_eq!(paused.text("PlaybackStatus"), "Paused");

    core.tell(Event::Jump(Duration::from_secs(70)));
    let there = ear.next().await;
    assert!(
        matches!(there, Signal::Seeked(at) if at.as_secs() == 70),
        "{there:?}"
    );

    core.tell(Event::Key(Key::VolumeDown, Press::Down));
    assert_eq!(ear.next().await.names(), ["Volume"]);

    core.tell(Event::Key(Key::Stop, Press::Down));
    let stopped = ear.next().await;
    assert_eq!(stopped.text("PlaybackStatus"), "Stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_set_in_the_film_that_is_meant_alone() {
    let bus = Bus::start();
    let (core, ear) = on(&bus).await;
    let player = ear.player().await;
    core.play(film("ant")).await;
    let of_ant = track(&player.get_property("Metadata").await.unwrap());
    core.play(film("bee")).await;
    let of_bee = track(&player.get_property("Metadata").await.unwrap());
    assert_ne!(of_ant, of_bee);

    let too_far = LENGTH + Duration::from_micros(1);
    for (track, micros) in [
        (&of_ant, 10_000_000),
        (&of_bee, -1),
        (&of_bee, i64::try_from(too_far.as_micros()).unwrap()),
        (&of_bee, 40_000_000),
    ] {
        let path = ObjectPath::try_from(track.as_str()).unwrap();
        player
            .call_method("SetPosition", &(path, micros))
            .await
            .unwrap();
    }
    core.until_at(40).await;
    assert_eq!(*core.sought.lock().unwrap(), [Duration::from_secs(40)]);
    let at: i64 = player.get_property("Position").await.unwrap();
    assert_eq!(at, 40_000_000);
}

fn track(metadata: &HashMap<String, OwnedValue>) -> String {
    let track = &metadata["mpris:trackid"];
    track.downcast_ref::<ObjectPath<'_>>().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_becomes_the_nearest_that_can_be() {
    let bus = Bus::start();
    let (core, mut ear) = on(&bus).await;
    let player = ear.player().await;
    core.play(film("fox")).await;
    ear.next().await;

    player.set_property("Rate", 1.4).await.unwrap();
    let faster = ear.next().await;
    assert_eq!(faster.names(), ["Rate"]);
    let rate: f64 = player.get_property("Rate").await.unwrap();
    assert!((rate - 1.5).abs() < f64::EPSILON, "{rate}");
    // It holds from a seek on, which is one to where the film is.
    assert!(matches!(ear.next().await, Signal::Seeked(_)));

    player.set_property("Rate", 0.0).await.unwrap();
    assert_eq!(ear.next().await.text("PlaybackStatus"), "Paused");
    player.set_property("Volume", -3.0).await.unwrap();
    assert_eq!(ear.next().await.names(), ["Volume"]);
    core.until(|view| view.loudness == Some(0)).await;
    let wrong = player.set_property("Volume", f64::NAN).await;
    assert!(wrong.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_is_the_tvs_is_not_set() {
    let bus = Bus::start();
    let preferences = Preferences {
        volume: VolumeWish::Tv,
        ..Preferences::default()
    };
    let _core = Core::with(&bus.address, preferences);
    let ear = Ear::on(&bus.address).await;
    ear.until_owned(NAME, true).await;
    let player = ear.player().await;
    let refused = player.set_property("Volume", 0.5).await.unwrap_err();
    assert!(refused.to_string().contains("amplifier"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_episode_is_told_with_its_series_and_leads_to_the_next() {
    let bus = Bus::start();
    let (core, ear) = on(&bus).await;
    let player = ear.player().await;
    core.play(first_episode()).await;
    let facts: HashMap<String, OwnedValue> = player.get_property("Metadata").await.unwrap();
    assert_eq!(text(&facts["xesam:album"]), "OWL");
    let number = |name: &str| facts[name].downcast_ref::<i32>().unwrap();
    assert_eq!(
        (number("xesam:discNumber"), number("xesam:trackNumber")),
        (1, 1)
    );
    assert!(player.get_property::<bool>("CanGoNext").await.unwrap());

    assert_eq!(ctl(&bus, "next").await, "");
    let second = |view: &app::View| {
        matches!(&view.screen, Screen::Playing(it)
        if it.deck.episode.as_ref().is_some_and(|episode| episode.number == 2))
    };
    core.until(second).await;
    assert!(!player.get_property::<bool>("CanGoNext").await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_the_page_of_its_film_and_anything_else_is_refused() {
    let bus = Bus::start();
    let (core, ear) = on(&bus).await;
    let player = ear.player().await;
    let wrong = player.call_method("OpenUri", &"file:///etc/passwd").await;
    assert!(wrong.unwrap_err().to_string().contains("magnet"));
    ctl(
        &bus,
        "open magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567",
    )
    .await;
    let shown = |view: &app::View| {
        matches!(&view.screen, Screen::Film(it)
        if it.card.title == "LINKED")
    };
    core.until(shown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_box_has_a_name_of_its_own() {
    let bus = Bus::start();
    let (first, ear) = on(&bus).await;
    let second = Core::start(&bus.address);
    let own = format!("{NAME}.instance{}", std::process::id());
    ear.until_owned(&own, true).await;
    first.stop();
    ear.until_owned(NAME, false).await;
    second.stop();
    ear.until_owned(&own, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_comes_back_with_its_bus() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let bus = Bus::at(&socket);
    // Without the number of this daemon: another comes in its place.
    let address = format!("unix:path={}", socket.display());
    let core = Core::start(&address);
    let ear = Ear::on(&address).await;
    ear.until_owned(NAME, true).await;
    drop(bus);
    ear.bus.closed().await;

    let _bus = Bus::at(&socket);
    core.play(film("fox")).await;
    let ear = Ear::on(&address).await;
    ear.until_owned(NAME, true).await;
    let player = ear.player().await;
    let status: String = player.get_property("PlaybackStatus").await.unwrap();
    assert_eq!(status, "Playing");
}

/// The program itself finds the bus of its session, and its name goes with it.
#[tokio::test(flavor = "multi_thread")]
async fn the_box_is_on_the_bus_of_its_session_unless_it_shall_not() {
    let bus = Bus::start();
    let ear = Ear::on(&bus.address).await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let start = |data: &Path, switch: &str| {
        let mut command = client::TvBox::command(data, &[switch]);
        command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        client::TvBox::spawn(command)
    };
    let hidden = start(folders[0].path(), "--mpris=false");
    let shown = start(folders[1].path(), "--mpris=true");
    ear.until_owned(NAME, true).await;
    assert_eq!(ctl(&bus, "status").await, "Stopped");
    tokio::task::spawn_blocking(move || shown.stop())
        .await
        .unwrap();
    // The other would have had it before, and has it still.
    ear.until_owned(NAME, false).await;
    drop(hidden);
}
