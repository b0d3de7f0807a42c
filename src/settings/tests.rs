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
    let mut settings = Settings::read(words)?;
    assert_eq!(settings.data, folder.path());
    if let Some(catalogue) = &mut settings.catalogue
        && let Ok(inside) = catalogue.strip_prefix(folder.path())
    {
        *catalogue = Path::new("data").join(inside);
    }
    settings.data = PathBuf::new();
    Ok(settings)
}

const EVERY_KEY: &str = r#"
display = "headless"
size = "1280x720"
demo = true
catalogue = "films.toml"
control = "[::1]:8097"
control-token = "from-file"
cache-bytes = "512M"
dht = false
local-peers = true
log = "debug"
"#;

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(read("", "").unwrap(), Settings::default());
}

#[test]
fn the_file_is_over_the_defaults() {
    let expected = Settings {
        display: Display::Headless,
        size: (1280, 720),
        data: PathBuf::new(),
        demo: true,
        catalogue: Some("data/films.toml".into()),
        control: Some("[::1]:8097".parse().unwrap()),
        control_token: Some(Secret("from-file".into())),
        cache_bytes: 512 << 20,
        dht: false,
        local_peers: true,
        log: "debug".into(),
    };
    assert_eq!(read("", EVERY_KEY).unwrap(), expected);
}

#[test]
fn the_command_line_is_over_the_file() {
    let arguments = "--display window --size 640x480 --catalogue f.toml --control localhost:1 \
                     --control-token t --cache-bytes 2G --log warn --demo --no-dht --local-peers";
    let expected = Settings {
        display: Display::Window,
        size: (640, 480),
        data: PathBuf::new(),
        demo: true,
        catalogue: Some("f.toml".into()),
        control: Some("127.0.0.1:1".parse().unwrap()),
        control_token: Some(Secret("t".into())),
        cache_bytes: 2 << 30,
        dht: false,
        local_peers: true,
        log: "warn".into(),
    };
    for file in ["", EVERY_KEY] {
        assert_eq!(read(arguments, file).unwrap(), expected);
    }
}

#[test]
fn mistakes_in_the_file_are_told_with_their_line() {
    for (line, says) in [
        ("colour = 1", "unknown field `colour`"),
        ("display = \"tv\"", "headless"),
        ("display = 1", "string"),
        ("size = \"1280\"", "1280x720"),
        ("size = \"1280x72000\"", "8192"),
        ("control = \"8097\"", "127.0.0.1:8097"),
        ("control-token = \"a b\"", "visible"),
        ("cache-bytes = \"1M\"", "at least 64M"),
        ("cache-bytes = \"4T\"", "512M"),
        ("cache-bytes = 4", "string"),
        ("dht = \"no\"", "boolean"),
        ("dht = ", ""),
    ] {
        let text = format!("# ours\nlog = \"info\"\n{line}\ndemo = true\n");
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
        ("--display tv", "headless"),
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
    let settings = read("--control-token hushhush", "").unwrap();
    assert!(!format!("{settings:?}").contains("hushhush"));
}

#[test]
fn the_data_folder_is_where_the_desktop_says() {
    let with = |variables: &[(&str, &str)]| {
        let variables: Vec<(String, OsString)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        let settings = Settings::read_in(["matinee"], |name| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        });
        settings.map(|settings| settings.data)
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
