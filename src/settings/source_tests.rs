//! The options of sources, in the file and on the command line alike, and who may read the file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn read(folder: &Path, arguments: &str, file: &str) -> Result<Settings, SettingsError> {
    fs::write(folder.join(FILE_NAME), file).unwrap();
    let words = ["matinee", "--data", folder.to_str().unwrap()];
    let words = words.into_iter().chain(arguments.split_whitespace());
    let Command::Box(settings) = Command::read(words)? else {
        panic!("{arguments} is the box");
    };
    Ok(settings)
}

const EVERY_KEY: &str = r#"
languages = ["pt-BR", "en"]
subtitles = "always"
internet-archive = false
wikipedia = false
film-folders = ["films", "/media"]
drives = "drives"
tmdb-token = "t.t"
opensubtitles-key = "k"
opensubtitles-user = "me"
opensubtitles-password = "two words"
archive-address = "http://127.0.0.1:7120/"
tmdb-address = "http://127.0.0.1:7121/3"
opensubtitles-address = "http://127.0.0.1:7122/api/v1"
wiki-address = "http://127.0.0.1:7123"
addons = "127.0.0.1:8099"
"#;

fn every_choice(folder: &Path) -> Sources {
    let secret = |text: &str| Some(Secret(text.to_owned()));
    let some = |text: &str| Some(text.to_owned());
    Sources {
        languages: vec!["pt-BR".into(), "en".into()],
        subtitles: app::ShowTexts::Always,
        country: None,
        internet_archive: false,
        wikipedia: false,
        film_folders: vec![folder.join("films"), "/media".into()],
        drives: Some(folder.join("drives")),
        tmdb_token: secret("t.t"),
        opensubtitles_key: secret("k"),
        opensubtitles_user: some("me"),
        opensubtitles_password: secret("two words"),
        archive_address: some("http://127.0.0.1:7120"),
        tmdb_address: some("http://127.0.0.1:7121/3"),
        opensubtitles_address: some("http://127.0.0.1:7122/api/v1"),
        wiki_address: some("http://127.0.0.1:7123"),
    }
}

#[test]
fn every_choice_of_sources_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let settings = read(folder.path(), "", EVERY_KEY).unwrap();
    assert_eq!(settings.sources, every_choice(folder.path()));
    assert_eq!(settings.addons, Some("127.0.0.1:8099".parse().unwrap()));
    assert_eq!(
        (settings.sources.language(), settings.sources.country()),
        ("pt-BR", "BR")
    );
    assert!(!format!("{settings:?}").contains("two words"));
    let said = "--languages fr --subtitles never --country be --internet-archive \
                --film-folders /a --tmdb-token x";
    let over = read(folder.path(), said, EVERY_KEY).unwrap().sources;
    assert_eq!((over.language(), over.country()), ("fr", "BE"));
    assert_eq!(over.subtitles, app::ShowTexts::Never);
    assert!(over.internet_archive);
    assert_eq!(over.film_folders, [PathBuf::from("/a")]);
    assert_eq!(over.tmdb_token, Some(Secret("x".into())));
    let defaults = Sources::default();
    assert_eq!((defaults.language(), defaults.country()), ("en", ""));
    assert!(defaults.internet_archive && !defaults.has_secrets());
    // Whoever names no language understands what the box speaks.
    let board = app::choosing::Board::default();
    let said = |settings: &Settings| settings.preferences(board.clone(), None, false);
    let texts = said(&settings).texts;
    assert!(!texts.as_spoken && texts.languages == ["pt-BR", "en"]);
    let silent = read(folder.path(), "", "language = \"en-GB\"").unwrap();
    let (language, texts) = (said(&silent).language, said(&silent).texts);
    assert_eq!(language, Some(app::Language::English));
    assert!(texts.as_spoken && texts.languages == ["en"]);
}

#[test]
fn mistakes_in_sources_have_their_line() {
    let folder = tempfile::tempdir().unwrap();
    for (file, says) in [
        ("languages = [\"english!\"]", "like en or pt-BR"),
        ("language = \"tlh\"", "must be one of en"),
        ("country = \"FRA\"", "like FR"),
        ("subtitles = \"often\"", "always, foreign or never"),
        ("archive-address = \"ftp://a\"", "http://"),
        ("tmdb-address = \"https://a/?key=hush\"", "without a query"),
        ("tmdb-token = \"hush hush\"", "visible"),
        ("opensubtitles-password = \"a\\nhush\"", "one line"),
        ("addons = \"8099\"", "an address and a port"),
        ("film-folders = 7", "film-folders"),
    ] {
        // A folder may be called 7.
        match read(folder.path(), "", file) {
            Err(SettingsError::Mistake { line: 1, what, .. }) => {
                assert!(
                    what.contains(says) && !what.contains("hush"),
                    "{file}: {what}"
                );
            }
            Ok(_) if file.ends_with('7') => {}
            other => panic!("{file}: {other:?}"),
        }
    }
}

#[test]
fn a_file_with_secrets_that_others_can_read_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let shows = |file: &str, mode: u32| {
        let settings = read(folder.path(), "", file).unwrap();
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.path().join(FILE_NAME), mode).unwrap();
        settings.shows_secrets()
    };
    assert!(shows("tmdb-token = \"x\"", 0o644));
    assert!(!shows("tmdb-token = \"x\"", 0o600));
    assert!(!shows("country = \"FR\"", 0o644));
}
