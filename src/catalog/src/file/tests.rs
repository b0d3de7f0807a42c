//! Reading catalogues: the bundled one is right, and every mistake is told with its place.

use super::*;

const HASH: &str = "0123456789abcdef0123456789abcdef01234567";

/// A right file, a key a line, so that a line can be replaced.
fn right() -> Vec<String> {
    let text = format!(
        r##"trackers = ["udp://t.example:1/announce"]
[[row]]
title = "Row"
[[row.film]]
id = "a-1"
title = "A"
year = 1888
by = "B"
synopsis = "S"
genres = ["G"]
runtime_min = 1
age = 12
licence = {{ name = "CC0", url = "https://c.example/" }}
poster = "posters/a.jpg"
colours = ["#010203", "#AABBCC"]
badge = "New"
[[row.film.source]]
info_hash = "{HASH}"
label = "MP4"
name = "N"
file = 0
size = 1500000
trackers = ["http://t.example/a"]
web_seeds = ["https://w.example/"]
peers = ["[::1]:6881"]"##
    );
    text.lines().map(str::to_owned).collect()
}

fn mistake(lines: &[String]) -> Mistake {
    let text = lines.join("\n");
    match parse(&text, "x/f.toml") {
        Ok(_) => panic!("no mistake found in\n{text}"),
        Err(mistake) => mistake,
    }
}

/// Info hashes by their first 16 bytes.
#[test]
fn the_bundled_films_are_the_four_of_the_specification() {
    let rows = bundled();
    let films: Vec<_> = rows.iter().flat_map(|row| &row.films).collect();
    let facts = films.iter().map(|film| {
        let torrent = film.sources[0].reach.torrent().unwrap();
        let hash = u128::from_be_bytes(torrent.info_hash[..16].try_into().unwrap());
        let hash = format!("{hash:032x}");
        let licence = film.licence.as_ref().unwrap();
        (
            film.id.0.as_str(),
            film.year.unwrap(),
            hash,
            torrent.file,
            licence.name.as_str(),
        )
    });
    let expected = [
        (
            "sintel",
            2010,
            "08ada5a7a6183aae1e09d831df6748d5",
            Some(5),
            "CC BY 3.0",
        ),
        (
            "big-buck-bunny",
            2008,
            "dd8255ecdc7ca55fb0bbf81323d87062",
            Some(1),
            "CC BY 3.0",
        ),
        (
            "tears-of-steel",
            2012,
            "209c8226b299b308beaf2b9cd3fb4921",
            Some(8),
            "CC BY 3.0",
        ),
        (
            "cosmos-laundromat",
            2015,
            "c9e15763f722f23e98a29decdfae341b",
            Some(4),
            "CC BY 4.0",
        ),
    ];
    let expected = expected.map(|(id, year, hash, file, by)| (id, year, hash.to_owned(), file, by));
    assert_eq!(facts.collect::<Vec<_>>(), expected);
    let labels = films.iter().map(|film| film.sources[0].label.as_str());
    let expected = [
        "MP4 · 129 MB",
        "MP4 · 276 MB",
        "WebM · 571 MB",
        "MP4 · 220 MB",
    ];
    assert_eq!(labels.collect::<Vec<_>>(), expected);
    for film in films {
        assert!(
            film.synopsis.len() > 100 && !film.synopsis.contains('\n'),
            "{}",
            film.synopsis
        );
        assert!(
            film.licence
                .as_ref()
                .unwrap()
                .url
                .starts_with("https://creativecommons.org/")
        );
        assert!(film.poster.as_ref().unwrap().0.starts_with("https://"));
        assert_ne!(film.colours[0], film.colours[1]);
        assert!(!film.genres.is_empty() && !film.by.is_empty() && film.runtime_min.is_some());
        for source in &film.sources {
            let torrent = source.reach.torrent().unwrap();
            assert!(!torrent.trackers.is_empty());
            assert!(!torrent.web_seeds.is_empty());
        }
    }
}

#[test]
fn every_key_reaches_the_film() {
    let rows = parse(&right().join("\n"), "x/f.toml").unwrap();
    let film = app::Film {
        id: app::FilmId("a-1".into()),
        title: "A".into(),
        year: Some(1888),
        synopsis: "S".into(),
        runtime_min: Some(1),
        age: Some(12),
        by: "B".into(),
        genres: vec!["G".into()],
        licence: Some(app::Licence {
            name: "CC0".into(),
            url: "https://c.example/".into(),
        }),
        poster: Some(app::Poster("x/posters/a.jpg".into())),
        colours: [0x01_0203, 0xaa_bbcc],
        badge: Some("New".into()),
        sources: vec![app::Source {
            label: "MP4 · 2 MB".into(),
            reach: app::Reach::Torrent(app::TorrentRef {
                info_hash: [
                    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89,
                    0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67,
                ],
                name: "N".into(),
                trackers: vec!["http://t.example/a".into()],
                web_seeds: vec!["https://w.example/".into()],
                peers: vec!["[::1]:6881".parse().unwrap()],
                file: Some(0),
                ..app::TorrentRef::default()
            }),
            offer: app::choosing::Offer {
                size_bytes: Some(1_500_000),
                ..app::choosing::Offer::default()
            },
        }],
        ..app::Film::default()
    };
    assert_eq!(rows, [app::Row::new("Row", vec![film])]);
}

#[test]
fn little_is_needed() {
    let needed = ["[[", "title", "id", "label", "info_hash"];
    let mut lines = right();
    lines.retain(|line| needed.iter().any(|start| line.starts_with(start)));
    let rows = parse(&lines.join("\n"), "f.toml").unwrap();
    let source = &rows[0].films[0].sources[0];
    assert_eq!(source.label, "MP4");
    let torrent = source.reach.torrent().unwrap();
    assert_eq!(torrent.name, "A");
    assert!(torrent.trackers.is_empty());
    lines.insert(0, r#"trackers = ["udp://t.example:1/"]"#.into());
    let rows = parse(&lines.join("\n"), "f.toml").unwrap();
    let torrent = rows[0].films[0].sources[0].reach.torrent().unwrap();
    assert_eq!(torrent.trackers, ["udp://t.example:1/"]);
}

#[test]
fn a_source_may_be_a_file_on_a_web_server() {
    let source = |lines: &str| {
        let head = "[[row]]\ntitle = \"R\"\n[[row.film]]\nid = \"a\"\ntitle = \"A\"\n";
        let text = format!("{head}[[row.film.source]]\nlabel = \"MKV\"\n{lines}");
        parse(&text, "f.toml").map(|rows| rows[0].films[0].sources[0].clone())
    };
    let read = source("url = \"http://nas.lan/a.mkv\"\nsize = 2000000").unwrap();
    assert_eq!(read.label, "MKV · 2 MB");
    assert_eq!(read.offer.way, app::choosing::Way::Http);
    let file = app::WebFile {
        url: "http://nas.lan/a.mkv".into(),
        size: Some(2_000_000),
        near: true,
        ..app::WebFile::default()
    };
    assert_eq!(read.reach, app::Reach::Web(file));
    for (lines, field) in [
        ("url = \"ftp://a.example/a\"", "row.film.source.url"),
        (
            "url = \"https://a.example/a\"\nfile = 1",
            "row.film.source.file",
        ),
        ("", "row.film.source.info_hash"),
    ] {
        assert_eq!(source(lines).unwrap_err().field, field, "{lines}");
    }
}

#[test]
fn a_missing_key_is_told_with_the_table_that_lacks_it() {
    for (start, field, table) in [
        ("title = \"Row", "row.title", "[[row]]"),
        ("id", "row.film.id", "[[row.film]]"),
        ("title = \"A", "row.film.title", "[[row.film]]"),
        (
            "info_hash",
            "row.film.source.info_hash",
            "[[row.film.source]]",
        ),
        ("label", "row.film.source.label", "[[row.film.source]]"),
    ] {
        let mut lines = right();
        lines.retain(|line| !line.starts_with(start));
        let line = 1 + lines.iter().position(|line| line == table).unwrap();
        let told = mistake(&lines);
        assert_eq!((told.field.as_str(), told.line), (field, line), "{told}");
        assert!(told.what.contains("missing"), "{told}");
    }
    assert_eq!(mistake(&[]).field, "row");
    assert_eq!(mistake(&right()[..3]).field, "row.film");
    assert_eq!(mistake(&right()[..15]).field, "row.film.source");
}

#[test]
fn a_wrong_value_is_told_with_line_and_field() {
    for (key, value, says) in [
        ("id", "\"A\"", "a-z"),
        ("id", "\"btih:00\"", "a-z"),
        ("id", "\"demo\"", "demo"),
        ("id", "\"\"", "empty"),
        ("id", "7", "a text"),
        ("year", "1887", "from 1888 to 2100, is 1887"),
        ("year", "-5", "from 1888"),
        ("year", "2e3", "a fraction"),
        ("year", "\"2010\"", "is a text"),
        ("runtime_min", "0", "from 1"),
        ("age", "22", "from 0 to 21"),
        ("synopsis", "\" \"", "empty"),
        ("synopsis", "\"\\u0007\"", "control"),
        ("genres", "\"G\"", "must be a list"),
        ("genres", "[1]", "must be a text"),
        (
            "genres",
            "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]",
            "at most 8",
        ),
        ("licence", "\"CC0\"", "must be a table"),
        ("poster", "\"ftp://x/y.jpg\"", "http, https"),
        ("poster", "\"https://\"", "no address"),
        ("colours", "[\"#000000\"]", "two"),
        ("colours", "[\"#000000\", \"#00000g\"]", "#rrggbb"),
        ("colours", "[\"#000000\", \"#+00000\"]", "#rrggbb"),
        ("info_hash", "\"08ada5a7\"", "40 hex digits, has 8"),
        (
            "info_hash",
            "\"+8ada5a7a6183aae1e09d831df6748d566095a10\"",
            "40 hex",
        ),
        ("file", "20000", "from 0"),
        ("size", "0", "from 1"),
        ("web_seeds", "[\"udp://x:1/\"]", "http, https"),
        ("web_seeds", "[\"w.example\"]", "no address"),
        ("peers", "[\"box:6881\"]", "192.0.2.1:6881"),
    ] {
        let mut lines = right();
        let at = lines.iter().position(|line| line.starts_with(key)).unwrap();
        lines[at] = format!("{key} = {value}");
        let told = mistake(&lines);
        assert_eq!(
            (told.file.as_str(), told.line),
            ("x/f.toml", at + 1),
            "{key} = {value}"
        );
        let place = told.to_string();
        assert!(
            place.contains(key) && place.contains(says),
            "{key} = {value}: {place}"
        );
    }
}

#[test]
fn wrong_trackers_are_told_at_both_places() {
    for value in [
        "\"wss://t.example/\"",
        "\"udp://t.example/\"",
        "\"http:\"",
        "\"\"",
    ] {
        for at in [0, 22] {
            let mut lines = right();
            assert!(lines[at].starts_with("trackers"));
            lines[at] = format!("trackers = [\"http://t.example/\",\n{value}]");
            let told = mistake(&lines);
            assert_eq!(told.line, at + 2, "{told}");
            assert!(told.field.ends_with("trackers"), "{told}");
        }
    }
}

#[test]
fn unknown_keys_are_refused_everywhere() {
    for (after, field) in [
        ("trackers", "more"),
        ("title = \"Row", "row.more"),
        ("badge", "row.film.more"),
        ("peers", "row.film.source.more"),
    ] {
        let mut lines = right();
        let at = lines
            .iter()
            .position(|line| line.starts_with(after))
            .unwrap();
        lines.insert(at + 1, "more = 1".into());
        let told = mistake(&lines);
        assert_eq!((told.field.as_str(), told.line), (field, at + 2), "{told}");
    }
    let mut lines = right();
    lines[12] = r#"licence = { name = "N", url = "https://c.example/", by = 4 }"#.into();
    assert_eq!(mistake(&lines).field, "row.film.licence.by");
}

#[test]
fn an_id_twice_is_refused_also_across_rows() {
    let mut lines = right();
    lines.extend_from_slice(&right()[1..]);
    let told = mistake(&lines);
    assert_eq!(
        (told.field.as_str(), told.line),
        ("row.film.id", right().len() + 4)
    );
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let mut lines = right();
    lines[5] = "title = ".into();
    let told = mistake(&lines);
    assert_eq!((told.field.as_str(), told.line), ("", 6), "{told}");
    assert!(told.to_string().starts_with("x/f.toml, line 6: "), "{told}");
}

#[test]
fn files_are_read_and_failures_name_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("films.toml");
    let missing = read(&path).unwrap_err();
    assert!(missing.to_string().contains("films.toml"), "{missing}");
    std::fs::write(&path, right().join("\n")).unwrap();
    assert_eq!(read(&path).unwrap().len(), 1);
    std::fs::write(&path, vec![b'#'; 4 * 1024 * 1024 + 1]).unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("4 MiB"));
    std::fs::write(&path, [0xff]).unwrap();
    assert!(matches!(read(&path), Err(CatalogError::Read { .. })));
}

#[test]
fn deep_nesting_is_a_mistake_and_no_crash() {
    for open in ["[", "{a=", "[{a="] {
        let told = mistake(&[format!("row = {}", open.repeat(100_000))]);
        assert_eq!(told.line, 1, "{told}");
    }
}

proptest::proptest! {
    /// Whatever a slip of the keyboard or a bad disk makes of a file, its place is told.
    #[test]
    fn damage_is_a_mistake_and_no_panic(
        at in 0..BUNDLED.len(),
        removed in 0_usize..40,
        put in "[\\[\\]{}=\"'\n#a-z0-9_.é\u{0}-]{0,6}",
    ) {
        let begin = BUNDLED.floor_char_boundary(at);
        let end = BUNDLED.floor_char_boundary((at + removed).min(BUNDLED.len()));
        let text = format!("{}{put}{}", &BUNDLED[..begin], &BUNDLED[end.max(begin)..]);
        if let Err(mistake) = parse(&text, "f.toml") {
            let lines = 1 + text.matches('\n').count();
            proptest::prop_assert!((1..=lines).contains(&mistake.line), "{mistake}");
            proptest::prop_assert!(!mistake.what.is_empty());
        }
    }
}
