//! The order of precedence, every mistake with its line, and two boxes on one folder.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

/// Reads with those arguments and that settings' file in the data folder, which is then forgotten.
fn read(arguments: &str, file: &str) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE_NAME), file).unwrap();
    let data = folder.path().to_str().unwrap();
    let words = ["matinee", "--data", data]
        .into_iter()
        .chain(arguments.split_whitespace());
    let Command::Box(mut settings) = Command::read(words)? else {
        panic!("{arguments} is the box");
    };
    assert_eq!(settings.data, folder.path());
    for path in [
        &mut settings.catalogue,
        &mut settings.board,
        &mut settings.updates,
        &mut settings.engine.blocklist,
        &mut settings.engine.cache_dir,
    ] {
        forget(path, folder.path());
    }
    settings.data = PathBuf::new();
    Ok(settings)
}

fn forget(path: &mut Option<PathBuf>, folder: &Path) {
    let inside = path.as_ref().and_then(|it| it.strip_prefix(folder).ok());
    if let Some(inside) = inside {
        *path = Some(Path::new("data").join(inside));
    }
}

/// As [`read`], of `matinee stream`, whose file is named on the command line.
fn stream(arguments: &str, file: Option<&str>) -> Result<StreamSettings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream.toml");
    let mut words = vec!["matinee", "stream"];
    if let Some(file) = file {
        fs::write(&path, file).unwrap();
        words.extend(["--settings", path.to_str().unwrap()]);
    }
    words.extend(arguments.split_whitespace());
    let home = |name: &str| (name == "HOME").then(|| "/home".into());
    let Command::Stream(mut settings) = Command::read_in(words, home)? else {
        panic!("{arguments} is the server");
    };
    forget(&mut settings.engine.blocklist, folder.path());
    Ok(settings)
}

const EVERY_KEY: &str = r#"
display = "headless"
size = "1280x720"
screen-mode = "720p50"
film-rate = false
overscan = 5
cache-drive = "usb-Maker_Stick_1-0:0"
planes = "off"
screensaver-minutes = 7
screen-off-minutes = 60
time-zone = "Europe/Vienna"
demo = true
catalogue = "films.toml"
board = "board.toml"
updates = "update.toml"
control = "[::1]:8097"
control-token = "from-file"
prefetch = false
autoplay = true
mpris = false
contrast = true
large-text = true
tv-wake = false
tv-standby-follows = false
tv-left-pauses = false
standby-turns-tv-off = true
log = "debug"
bittorrent = false
encryption = "require"
utp = false
dht = false
lsd = false
port-mapping = false
listen-port = 6881
peers-max = 30
half-open-max = 5
upload-limit = "200k"
download-limit = "2M"
seed-ratio = 1.5
seed-minutes = 90
proxy = "socks5://box:p%40ss@proxy.example:1080"
bind-interface = "wg0"
blocklist = "blocked.p2p.gz"
cache-dir = "/media/films"
cache-bytes = "512M"
reserve-bytes = "2G"
ram-cache-bytes = 33554432
trackers = ["udp://t.example:1", "https://t.example/announce"]
local-peers = true
metered = true
"#;

/// The same as words.
const EVERY_WORD: &str = "--bittorrent=false --encryption require --utp=false --dht=false \
    --lsd=false --port-mapping=false --listen-port 6881 --peers-max 30 --half-open-max 5 \
    --upload-limit 200k --download-limit 2M --seed-ratio 1.5 --seed-minutes 90 \
    --proxy socks5://box:p%40ss@proxy.example:1080 --bind-interface wg0 \
    --blocklist blocked.p2p.gz --cache-dir /media/films --cache-bytes 512M --reserve-bytes 2G \
    --ram-cache-bytes 32M --trackers udp://t.example:1 --trackers https://t.example/announce \
    --local-peers --metered";

/// What both say of the engine.
fn every_choice(blocklist: &str) -> Engine {
    Engine {
        bittorrent: false,
        encryption: Encryption::Require,
        utp: false,
        dht: false,
        lsd: false,
        port_mapping: false,
        listen_port: 6881,
        peers_max: 30,
        half_open_max: 5,
        upload_limit: 200_000,
        download_limit: 2_000_000,
        seed_ratio: 1.5,
        seed_minutes: 90,
        proxy: Some(Proxy {
            host: "proxy.example".into(),
            port: 1080,
            login: Some(("box".into(), Secret("p@ss".into()))),
        }),
        bind_interface: Some("wg0".into()),
        blocklist: Some(blocklist.into()),
        cache_dir: Some("/media/films".into()),
        cache_bytes: 512 << 20,
        reserve_bytes: Some(2 << 30),
        ram_cache_bytes: 32 << 20,
        trackers: vec![
            "udp://t.example:1".into(),
            "https://t.example/announce".into(),
        ],
        local_peers: true,
        metered: true,
    }
}

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(read("", "").unwrap(), Settings::default());
}

#[test]
fn the_file_is_over_the_defaults() {
    let expected = Settings {
        display: Display::Headless,
        size: (1280, 720),
        screen_mode: "720p50".parse().unwrap(),
        film_rate: false,
        overscan: 5,
        cache_drive: app::DriveWish::Drive("usb-Maker_Stick_1-0:0".into()),
        planes: Some(false),
        rest: app::RestSettings {
            screensaver_min: 7,
            screen_off_min: 60,
        },
        time_zone: Some("Europe/Vienna".into()),
        data: PathBuf::new(),
        demo: true,
        catalogue: Some("data/films.toml".into()),
        board: Some("data/board.toml".into()),
        updates: Some("data/update.toml".into()),
        control: Some("[::1]:8097".parse().unwrap()),
        control_token: Some(Secret("from-file".into())),
        prefetch: false,
        autoplay: true,
        mpris: false,
        contrast: true,
        large_text: true,
        tv: app::TvSettings {
            wake: false,
            standby_follows: false,
            standby_turns_off: true,
            left_pauses: false,
        },
        log: "debug".into(),
        engine: every_choice("data/blocked.p2p.gz"),
        ..Settings::default()
    };
    assert_eq!(read("", EVERY_KEY).unwrap(), expected);
}

#[test]
fn the_command_line_is_over_the_file() {
    let arguments = "--display window --size 640x480 --screen-mode 1080p --film-rate \
                     --overscan 0 --planes auto --screensaver-minutes 0 \
                     --screen-off-minutes 9 --cache-drive auto --catalogue f.toml --board b.toml \
                     --updates u.toml --control localhost:1 --time-zone asia/tokyo \
                     --control-token t --log warn --demo --prefetch=false --autoplay --mpris=false \
                     --contrast --large-text --tv-wake=false \
                     --tv-standby-follows=false --tv-left-pauses=false \
                     --standby-turns-tv-off";
    let expected = Settings {
        display: Display::Window,
        size: (640, 480),
        screen_mode: "1080p".parse().unwrap(),
        planes: Some(true),
        rest: app::RestSettings {
            screensaver_min: 0,
            screen_off_min: 9,
        },
        time_zone: Some("Asia/Tokyo".into()),
        data: PathBuf::new(),
        demo: true,
        catalogue: Some("f.toml".into()),
        board: Some("b.toml".into()),
        updates: Some("u.toml".into()),
        control: Some("127.0.0.1:1".parse().unwrap()),
        control_token: Some(Secret("t".into())),
        prefetch: false,
        autoplay: true,
        mpris: false,
        contrast: true,
        large_text: true,
        tv: app::TvSettings {
            wake: false,
            standby_follows: false,
            standby_turns_off: true,
            left_pauses: false,
        },
        log: "warn".into(),
        engine: every_choice("blocked.p2p.gz"),
        ..Settings::default()
    };
    for file in ["", EVERY_KEY] {
        let read = read(&format!("{arguments} {EVERY_WORD}"), file).unwrap();
        assert_eq!(read, expected);
    }
    // What the file switched on or off can be switched back.
    let back = read("--demo=false --dht --metered=false", EVERY_KEY).unwrap();
    let engine = &back.engine;
    assert_eq!(
        (back.demo, engine.dht, engine.metered),
        (false, true, false)
    );
}

#[test]
fn the_server_takes_the_same_of_the_engine() {
    let plain = stream("", None).unwrap();
    let usual = PathBuf::from("/home/.local/share/matinee/stream");
    assert_eq!(
        plain,
        StreamSettings {
            data: usual,
            ..StreamSettings::default()
        }
    );
    assert_eq!(plain.listen, "127.0.0.1:8098".parse().unwrap());
    let small = stream("--listen [::1]:80 --cache /c --cache-bytes 64M", None).unwrap();
    assert_eq!(small.listen, "[::1]:80".parse().unwrap());
    assert_eq!(
        (small.data, small.engine.cache_bytes),
        ("/c".into(), 64 << 20)
    );
    let words = stream(&format!("--token t {EVERY_WORD}"), None).unwrap();
    assert_eq!(words.engine, every_choice("blocked.p2p.gz"));
    assert_eq!(words.token, Some(Secret("t".into())));
    // The box's own keys are not the server's.
    let (_, keys) = EVERY_KEY.split_once("log = ").unwrap();
    let file = format!("listen = \"127.0.0.1:1\"\nlog = {keys}");
    let filed = stream("--log warn", Some(&file)).unwrap();
    assert_eq!(filed.engine, every_choice("data/blocked.p2p.gz"));
    assert_eq!((filed.listen.port(), filed.log.as_str()), (1, "warn"));
    for (arguments, file, says) in [
        ("--demo", None, "--demo"),
        (
            "",
            Some("demo = true"),
            "line 1: there is no setting \"demo\"",
        ),
        (
            "",
            Some("\nsettings = \"x\""),
            "line 2: there is no setting",
        ),
        ("--settings /nowhere/at.all", None, "/nowhere/at.all"),
    ] {
        let told = stream(arguments, file).unwrap_err().to_string();
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn mistakes_in_the_file_are_told_with_their_line() {
    for (line, says) in [
        ("colour = 1", "there is no setting \"colour\""),
        ("data = \"x\"", "there is no setting \"data\""),
        ("help = true", "there is no setting \"help\""),
        ("dht-x = true", "there is no setting \"dht-x\""),
        ("\"dht=true\" = 1", "there is no setting"),
        (
            "display = \"tv\"",
            "display: must be one of auto, window, headless, kms",
        ),
        ("display = 1", "display: must be one of"),
        ("size = \"1280\"", "size: must be like 1280x720"),
        ("size = \"1280x72000\"", "8192"),
        ("size = [\"640x480\"]", "size: must be a text"),
        (
            "screen-mode = \"4k\"",
            "screen-mode: must be auto, or lines",
        ),
        ("overscan = 16", "overscan: must be from 0 to 15"),
        (
            "cache-drive = \"sdb\"",
            "cache-drive: must be auto, internal, or a drive's name like usb-Maker_Stick_1-0:0",
        ),
        ("screensaver-minutes = 1441", "at most 1440 (a day)"),
        (
            "time-zone = \"Vienna\"",
            "time-zone: must be a name of the time zone database, like Europe/Vienna",
        ),
        ("planes = true", "planes: must be auto or off"),
        ("film-rate = \"film\"", "film-rate: must be true or false"),
        ("control = \"8097\"", "127.0.0.1:8097"),
        ("control-token = \"a b\"", "visible"),
        ("cache-bytes = \"1M\"", "at least 64M"),
        ("cache-bytes = \"4T\"", "512M"),
        ("cache-bytes = 4", "at least 64M"),
        ("cache-bytes = -4", "512M"),
        ("ram-cache-bytes = \"1K\"", "at least 32M"),
        ("dht = \"no\"", "dht: must be true or false"),
        ("dht = 1", "dht: must be true or false"),
        ("dht = ", ""),
        (
            "encryption = \"on\"",
            "encryption: must be one of prefer, require, off",
        ),
        ("peers-max = 0", "from 1 to 1000"),
        ("listen-port = 70000", "port"),
        ("upload-limit = \"fast\"", "500k"),
        ("seed-ratio = -1", "from 0 to 100"),
        ("seed-ratio = nan", "from 0 to 100"),
        ("seed-minutes = 1.5", "whole minutes"),
        ("proxy = \"http://p:1\"", "proxy: must be like socks5://"),
        ("bind-interface = \"a/b\"", "network interface"),
        (
            "trackers = [\"ftp://t\"]",
            "trackers: must be a tracker's address",
        ),
        ("trackers = [[]]", "trackers: must be a list"),
        ("log = {}", "log: must be a text"),
    ] {
        let text = format!("# ours\nmetered = true\n{line}\ndemo = true\n");
        let error = read("", &text).unwrap_err();
        let told = error.to_string();
        let right = matches!(error, SettingsError::Mistake { line: 3, .. });
        assert!(
            right && told.contains(says) && told.contains(FILE_NAME),
            "{line}: {told}"
        );
    }
}

#[test]
fn mistakes_on_the_command_line_are_told() {
    for (arguments, says) in [
        ("--size 5", "1280x720"),
        ("--control 8097", "127.0.0.1:8097"),
        ("--control localhost:x", "127.0.0.1:8097"),
        ("--cache-bytes lots", "4G"),
        ("--cache-bytes 99999999999G", "4G"),
        ("--cache-bytes 63M", "at least 64M"),
        ("--display tv", "headless"),
        ("--encryption on", "prefer"),
        ("--dht=maybe", "true or false"),
        ("--proxy wg0", "socks5://"),
        ("--colour", "--colour"),
        ("play", "play"),
    ] {
        let error = read(arguments, "").unwrap_err();
        let told = error.to_string();
        let right = matches!(error, SettingsError::Usage(_));
        assert!(right && told.contains(says), "{arguments}: {told}");
    }
}

#[test]
fn values_are_read_as_people_write_them() {
    use values::{bytes, interface, proxy, rate, tracker};
    for (text, expected) in [
        ("64M", Some(64 << 20)),
        ("256m", Some(256 << 20)),
        ("65536K", Some(64 << 20)),
        ("2G", Some(2 << 30)),
        ("67108864", Some(64 << 20)),
        ("0", Some(0)),
        ("", None),
        ("M", None),
        ("+1M", None),
        ("1.5G", None),
        ("1MB", None),
        ("17179869184G", None),
    ] {
        assert_eq!(bytes(text).ok(), expected, "{text}");
    }
    assert_eq!(rate("500k"), Ok(500_000));
    assert_eq!(rate("2M"), Ok(2_000_000));
    assert!(rate("2G").is_err() && rate("-1").is_err());
    for text in [
        "socks5://host:1080",
        "socks5://[::1]:1080/",
        "socks5://a:b@127.0.0.1:1",
    ] {
        assert!(proxy(text).is_ok(), "{text}");
    }
    for text in [
        "socks5://host",
        "socks5://:1080",
        "socks5://host:0",
        "socks5://user@host:1",
        "socks5://a:%zz@host:1",
        "socks5://[::1:1080",
        "socks5://ho st:1",
    ] {
        let told = proxy(text).unwrap_err();
        assert!(told.contains("socks5://host:1080"), "{told}");
    }
    assert!(interface("enp0s31f6").is_ok() && interface("sixteen-letters-").is_err());
    assert!(tracker("udp://").is_err() && tracker("udp://t:1/a b").is_err());
}

#[test]
fn help_and_version_are_answers() {
    for (asked, kind, says) in [
        (
            "--help",
            clap::error::ErrorKind::DisplayHelp,
            "--control-token",
        ),
        (
            "--version",
            clap::error::ErrorKind::DisplayVersion,
            env!("CARGO_PKG_VERSION"),
        ),
    ] {
        let SettingsError::Usage(error) = read(asked, "").unwrap_err() else {
            panic!("{asked} is an answer");
        };
        assert!(
            error.kind() == kind && error.to_string().contains(says),
            "{error}"
        );
    }
}

#[test]
fn the_token_is_not_seen() {
    let arguments = "--control-token hushhush --proxy socks5://me:hushhush@p.example:1080";
    let settings = read(arguments, "").unwrap();
    assert!(!format!("{settings:?}").contains("hushhush"));
    // Nor where it is wrong.
    let error = read("", "proxy = \"socks5://me:hushhush@p\"").unwrap_err();
    assert!(!error.to_string().contains("hushhush"), "{error}");
}

#[test]
fn the_data_folder_is_where_the_desktop_says() {
    let with = |variables: &[(&str, &str)]| {
        let variables: Vec<(String, OsString)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        let command = Command::read_in(["matinee"], |name| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        });
        command.map(|command| match command {
            Command::Box(settings) => settings.data,
            other => panic!("the box was asked for: {other:?}"),
        })
    };
    let home = ("HOME", "/nowhere/box");
    let usual = Path::new("/nowhere/box/.local/share/matinee");
    assert_eq!(with(&[home]).unwrap(), usual);
    assert_eq!(with(&[home, ("XDG_DATA_HOME", "relative")]).unwrap(), usual);
    let xdg = with(&[home, ("XDG_DATA_HOME", "/nowhere/xdg")]).unwrap();
    assert_eq!(xdg, Path::new("/nowhere/xdg/matinee"));
    assert!(matches!(with(&[]), Err(SettingsError::Homeless)));
}

#[test]
fn the_data_folder_is_made_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b");
    let data = DataFolder::open(&path).unwrap();
    assert_eq!(data.path(), path);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let left: Vec<_> = fs::read_dir(&path)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["lock"]);
}

#[test]
fn a_second_box_is_told_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let first = DataFolder::open(folder.path()).unwrap();
    for _ in 0..2 {
        let error = DataFolder::open(folder.path()).unwrap_err();
        let told = error.to_string();
        let pid = format!(
            "another Matinee (pid {}) uses this data",
            std::process::id()
        );
        assert!(
            told.contains(&pid) && told.contains(folder.path().to_str().unwrap()),
            "{told}"
        );
    }
    drop(first);
    DataFolder::open(folder.path()).unwrap();
}

#[test]
fn a_folder_that_cannot_be_used_is_told_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = DataFolder::open(&file.join("data")).unwrap_err();
    let told = error.to_string();
    assert!(told.contains("cannot be made: Not a directory"), "{told}");
    // Nothing can be made there, whoever asks.
    let error = DataFolder::open(Path::new("/proc/self/fdinfo")).unwrap_err();
    let told = error.to_string();
    assert!(
        told.contains("/proc/self/fdinfo cannot be written to: "),
        "{told}"
    );
}
