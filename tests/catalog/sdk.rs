//! Add-ons on npm's stremio-addon-sdk, from the link that is pasted to the source that plays.

use app::choosing::Way;
use app::{AddOnChange, AddOnFailure, Reach, Title};
use catalog::{By, TextsWanted};
use fixtures::addons::AddOnServer;

use crate::stage::{Disk, Stage};

const PEER: &str = "Peer of the tests";

/// As its page would give it.
fn link(server: &AddOnServer) -> String {
    server.manifest().replace("http://", "stremio://")
}

#[tokio::test]
async fn a_link_becomes_rows_and_rows_have_pages() {
    let server = AddOnServer::start(None).await;
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    let add_on = stage.install(&link(&server)).await.unwrap();
    assert_eq!(add_on.name, PEER);
    assert!(add_on.p2p && add_on.enabled && add_on.trouble.is_none());
    assert!(add_on.gives.catalogues && add_on.gives.facts && add_on.gives.sources);
    assert_eq!(add_on.sees, ["peer:", "tt"]);
    let full = [
        ("All films", 100),
        ("Series", 1),
        ("By genre", 84),
        ("Moved", 100),
    ];
    stage.until("the wall", |it| it.wall() == full).await;
    assert_eq!(stage.add_ons.len(), 1);
    let row = stage.row("All films").unwrap().clone();
    assert!(row.more);
    assert_eq!(row.films[0].id.0, "movie:peer:film-001");
    assert_eq!(row.films[0].year, Some(1900));
    let mut have = row.films.len();
    for more in [200, 250] {
        stage.catalog.more_of(row.id.clone(), have);
        let grown = |it: &Stage| it.row("All films").unwrap().films.len() == more;
        stage.until("more films", grown).await;
        have = more;
    }
    assert!(!stage.row("All films").unwrap().more);
}

#[tokio::test]
async fn the_owner_orders_switches_and_removes() {
    let servers = [
        AddOnServer::start(None).await,
        AddOnServer::start(None).await,
    ];
    let disk = Disk::new();
    let mut stage = Stage::start(&disk, Vec::new());
    let mut ids = Vec::new();
    for server in &servers {
        ids.push(stage.install(&link(server)).await.unwrap().id);
    }
    // The same again is the same.
    assert_eq!(stage.install(&link(&servers[0])).await.unwrap().id, ids[0]);
    let rows = |stage: &Stage, id: &str| {
        let ids = stage.row_ids();
        ids.iter().position(|row| row.starts_with(id))
    };
    let full = |stage: &Stage| stage.wall().len() == 8;
    stage.until("both walls", full).await;
    assert_eq!(stage.add_ons.len(), 2);
    assert!(rows(&stage, &ids[0]) < rows(&stage, &ids[1]));
    stage.catalog.change(AddOnChange::Move {
        id: ids[1].clone(),
        earlier: true,
    });
    let turned = |it: &Stage| full(it) && rows(it, &ids[1]) < rows(it, &ids[0]);
    stage.until("the other order", turned).await;
    stage
        .catalog
        .change(AddOnChange::SetEnabled(ids[1].clone(), false));
    let half = |it: &Stage| it.wall().len() == 4 && rows(it, &ids[1]).is_none();
    stage.until("one wall", half).await;
    let (_, asked) = stage.found(1, "Open").await;
    assert_eq!(asked, 1, "who is off is not asked");
    stage.catalog.change(AddOnChange::Remove(ids[0].clone()));
    stage.until("no wall", |it| it.wall().is_empty()).await;
    stage.until("one add-on", |it| it.add_ons.len() == 1).await;
    let kept = disk.kept.add_ons.lock().unwrap().clone();
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].enabled && kept[0].url == servers[1].manifest());
}

#[tokio::test]
async fn the_wall_is_there_while_every_host_is_down() {
    let server = AddOnServer::start(None).await;
    let disk = Disk::new();
    let mut stage = Stage::start(&disk, Vec::new());
    stage.install(&link(&server)).await.unwrap();
    stage.until("the wall", |it| it.wall().len() == 4).await;
    let film = Title::new("movie", "peer:film-001");
    assert!(stage.described(&film).await.is_some());
    let wall: Vec<(String, usize)> = told(&stage);
    drop(server);
    drop(stage);

    let mut stage = Stage::start(&disk, Vec::new());
    stage.until("the same wall", |it| told(it) == wall).await;
    assert_eq!(stage.described(&film).await.unwrap().title, "Open Film 001");
    // The catalogue that always failed was asked for again: that its host is down is told.
    stage
        .until("its trouble", |it| it.add_ons[0].trouble.is_some())
        .await;
    let (found, asked) = stage.found(1, "Open Film 00").await;
    assert_eq!(asked, 1);
    assert!(!found.is_empty(), "what was seen is found");
    let (sources, asked) = stage.sources(2, &film).await;
    assert_eq!((sources.len(), asked), (0, 1));
}

fn told(stage: &Stage) -> Vec<(String, usize)> {
    let wall = stage.wall().into_iter();
    wall.map(|(title, films)| (title.to_owned(), films))
        .collect()
}

#[tokio::test]
async fn facts_episodes_and_sources_come_from_those_who_may_know() {
    let server = AddOnServer::start(None).await;
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    stage.install(&link(&server)).await.unwrap();
    let film = Title::new("movie", "peer:film-002");
    let told = stage.described(&film).await.unwrap();
    let facts = told.facts.unwrap();
    assert_eq!(
        (told.title.as_str(), told.runtime_min),
        ("Open Film 002", Some(95))
    );
    assert_eq!((told.by.as_str(), facts.rating), ("A Director", Some(73)));
    assert_eq!(facts.cast, ["First Actor", "Second Actor"]);
    let series = stage.described(&Title::new("series", "peer:series")).await;
    let facts = series.unwrap().facts.unwrap();
    let numbers: Vec<_> = facts
        .episodes
        .iter()
        .map(|it| (it.season, it.number))
        .collect();
    assert_eq!(numbers, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (0, 1)]);
    // Without its prefix, empty, unknown, failing.
    let bare = stage
        .described(&Title::new("movie", "peer:bare"))
        .await
        .unwrap();
    assert_eq!(
        (bare.id.0.as_str(), bare.title.as_str()),
        ("movie:peer:bare", "Bare")
    );
    for id in ["peer:empty", "peer:none", "peer:error", "tt0000001"] {
        assert_eq!(
            stage.described(&Title::new("movie", id)).await,
            None,
            "{id}"
        );
    }

    let (sources, asked) = stage.sources(1, &film).await;
    assert_eq!(asked, 1);
    let kinds: Vec<_> = sources
        .iter()
        .map(|it| (it.offer.way, it.offer.lines))
        .collect();
    let expected = [
        (Way::Torrent, Some(720)),
        (Way::Http, Some(480)),
        (Way::Torrent, None),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(sources[0].offer.size_bytes, Some(129_241_752));
    assert_eq!(sources[0].offer.release.as_deref(), Some("peer-720p"));
    let Reach::Torrent(torrent) = &sources[0].reach else {
        panic!("{sources:?}");
    };
    assert_eq!((torrent.file, torrent.trackers.len()), (Some(5), 1));
    let Reach::Web(web) = &sources[1].reach else {
        panic!("{sources:?}");
    };
    let referer = ("Referer".to_owned(), "https://films.example/".to_owned());
    assert_eq!(web.headers, [referer]);
    for id in ["peer:null", "peer:error"] {
        let (sources, asked) = stage.sources(2, &Title::new("movie", id)).await;
        assert_eq!((sources.len(), asked), (0, 1), "{id}");
    }
    let (sources, asked) = stage.sources(3, &Title::new("movie", "other:1")).await;
    assert_eq!(
        (sources.len(), asked),
        (0, 0),
        "nobody is asked for what is nobody's"
    );
}

#[tokio::test]
async fn searches_ask_all_at_once() {
    let servers = [
        AddOnServer::start(None).await,
        AddOnServer::start(None).await,
    ];
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    for server in &servers {
        stage.install(&link(server)).await.unwrap();
    }
    let (found, asked) = stage.found(7, "film 01").await;
    assert_eq!(asked, 2);
    let first = |it: &&app::Film| it.title == "Open Film 010";
    assert!(found.iter().filter(first).count() >= 2, "each says it");
}

#[tokio::test]
async fn subtitles_say_how_they_were_found_and_are_there_without_their_host() {
    let server = AddOnServer::start(None).await;
    let stage = Stage::start(&Disk::new(), Vec::new());
    stage.install(&link(&server)).await.unwrap();
    let wanted = TextsWanted {
        video: Title::new("movie", "peer:film-001"),
        hash: Some("8e245d9679d31e12".into()),
        bytes: Some(129_241_752),
        file_name: Some("Film & more.mp4".into()),
    };
    let texts = stage.catalog.subtitles(wanted).await;
    let told: Vec<_> = texts
        .iter()
        .map(|it| (it.by, it.text.language.as_deref().unwrap()))
        .collect();
    assert_eq!(told, [(By::Hash, "en"), (By::Id, "fr")]);
    assert_eq!(&*texts[0].text.from, PEER);
    let url = texts[0].text.url.clone();
    let bytes = stage.catalog.text(url.clone()).await.unwrap();
    assert!(bytes.windows(3).any(|it| it == b"-->"), "{bytes:?}");
    let other = url.replace("eng.srt", "other.srt");
    assert!(
        stage.catalog.text(other).await.is_err(),
        "an address at home that nobody told"
    );
    drop(server);
    assert_eq!(stage.catalog.text(url).await, Ok(bytes));
    // Of one that only the box can read.
    let own = stage.catalog.text("own:words".into()).await;
    assert_eq!(own.unwrap(), "words");
}

#[tokio::test]
async fn others_that_it_lists_are_shown_and_installed() {
    let server = AddOnServer::start(None).await;
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    let peer = stage.install(&link(&server)).await.unwrap();
    assert!(peer.gives.add_ons);
    let listed = stage.listed(1, &peer.id).await;
    let names: Vec<_> = listed.iter().map(|it| it.add_on.name.as_str()).collect();
    // Neither the legacy one, nor one at home that only it says is there.
    assert_eq!(names, [PEER, "Peer in French", "Peer to be set up"]);
    assert_eq!(
        listed[0].add_on.id, peer.id,
        "it is known when it is installed"
    );
    let french = &listed[1];
    assert_eq!(french.add_on.host.as_deref(), Some("127.0.0.1"));
    assert_eq!(french.add_on.sees, ["peer:", "tt"]);
    let installed = stage.install(&french.link).await.unwrap();
    assert_eq!(installed.id, french.add_on.id);
    let in_french = |it: &Stage| {
        let rows = it.row_ids();
        rows.iter().any(|row| row.starts_with(&*installed.id))
    };
    stage.until("its rows", in_french).await;
    let unset = stage.install(&listed[2].link).await.unwrap_err();
    let page = format!("{}/unset/configure", server.base);
    assert_eq!(unset, AddOnFailure::Unconfigured(page));
    assert!(stage.listed(2, "nobody").await.is_empty());
    drop(server);
    // What was told is kept as any answer is.
    assert_eq!(stage.listed(3, &peer.id).await.len(), 3);
}

#[tokio::test]
async fn what_is_no_add_on_is_refused_with_its_reason() {
    let server = AddOnServer::start(None).await;
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    let refused = async |link: &str| stage.install(link).await.unwrap_err();
    let legacy = refused("https://a.example/stremio/v1").await;
    assert!(matches!(legacy, AddOnFailure::Unsupported(_)), "{legacy:?}");
    let ipfs = refused("ipfs://Qm/manifest.json").await;
    assert_eq!(ipfs, AddOnFailure::Unsupported("IPFS".into()));
    for text in ["", "a title", "stremio:///search?search=x", "mailto:a@b"] {
        let no_address = refused(text).await;
        assert!(
            matches!(no_address, AddOnFailure::NoAddress(_)),
            "{text}: {no_address:?}"
        );
    }
    // No manifest there; and nobody there at all.
    let page = format!("{}/static/fre.srt/manifest.json", server.base);
    let broken = refused(&page).await;
    assert!(matches!(broken, AddOnFailure::Broken(_)), "{broken:?}");
    let base = server.base.clone();
    drop(server);
    let gone = refused(&base).await;
    assert!(matches!(gone, AddOnFailure::Unreachable(_)), "{gone:?}");
    stage
        .hear("the refusal", |event| match event {
            app::Event::AddOnAdded(Err(AddOnFailure::Unreachable(_))) => Some(()),
            _ => None,
        })
        .await;
    assert!(stage.add_ons.is_empty());
}
