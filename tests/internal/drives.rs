//! Films in folders as an add-on, on a real disk with the kernel's own watching.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use addon::{Request, Resource, Source};
use internal::Drives;
use internal::drives::file_of;
use tokio::runtime::Handle;

use crate::bench::{catalog, meta, streams, subtitles};

fn write(folder: &Path, name: &str, bytes: usize) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, fixtures::payload(bytes, 3)).unwrap();
    path
}

fn drives(folder: &Path) -> Drives {
    Drives::start(
        vec![folder.to_owned()],
        Arc::new(|_| {}),
        &Handle::current(),
    )
}

async fn names(drives: &Drives, kind: &str) -> Vec<String> {
    let row = Request::new(Resource::Catalog, kind, "drives");
    let films = catalog(drives, row).await;
    films.into_iter().map(|film| film.name).collect()
}

async fn id(drives: &Drives, kind: &str, name: &str) -> String {
    let row = Request::new(Resource::Catalog, kind, "drives").with("search", name);
    let films = catalog(drives, row).await;
    assert_eq!(films.len(), 1, "{films:?}");
    films[0].id.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn films_and_series_go_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let large = write(root, "Sintel (2010)/Sintel.2010.1080p.mkv", 900);
    write(root, "Sintel (2010)/Sintel.2010.1080p.fr.srt", 10);
    write(root, "Sintel (2010)/Sintel.2010.480p.mp4", 300);
    write(root, "Pioneer One/Pioneer.One.S01E02.720p.mkv", 500);
    write(root, "Pioneer One/Pioneer.One.S01E01.720p.mkv", 500);
    let drives = drives(root);
    assert_eq!(names(&drives, "movie").await, ["Sintel"]);
    assert_eq!(names(&drives, "series").await, ["Pioneer One"]);
    let film = id(&drives, "movie", "sint").await;
    assert_eq!(
        meta(&drives, "movie", &film).await.unwrap().year(),
        Some(2010)
    );
    let versions = streams(&drives, "movie", &film).await;
    let files: Vec<_> = versions
        .iter()
        .map(|stream| match &stream.source {
            Source::Url(url) => file_of(url).unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(files.len(), 2);
    assert_eq!(files[0], large.canonicalize().unwrap());
    assert_eq!(versions[0].hints.video_bytes, Some(900));
    let texts = subtitles(&drives, Request::new(Resource::Subtitles, "movie", &film)).await;
    assert_eq!((texts.len(), texts[0].lang.as_str()), (1, "fr"));
    assert!(texts[0].url.ends_with("fr.srt"), "{texts:?}");
    let text = drives.text(&texts[0].url).await;
    assert_eq!(text.as_deref(), Some(&fixtures::payload(10, 3)[..]));
    for outside in [
        "file:///etc/hostname",
        "https://a.example/x.srt",
        "file:///",
    ] {
        assert_eq!(drives.text(outside).await, None, "{outside}");
    }
    let series = id(&drives, "series", "pioneer").await;
    let page = meta(&drives, "series", &series).await.unwrap();
    let episodes: Vec<_> = page
        .videos
        .iter()
        .map(|it| (it.season, it.episode))
        .collect();
    assert_eq!(episodes, [(Some(1), Some(1)), (Some(1), Some(2))]);
    let second = streams(&drives, "series", &page.videos[1].id).await;
    assert_eq!(
        second[0].hints.filename.as_deref(),
        Some("Pioneer.One.S01E02.720p.mkv")
    );
    assert!(
        streams(&drives, "series", &format!("{series}:1:3"))
            .await
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn torrents_and_links_are_films_too() {
    let folder = tempfile::tempdir().unwrap();
    let film = fixtures::film::Film::new("Spring.2019.mp4", 100_000, 5, 16_384);
    fs::write(folder.path().join("x.torrent"), &film.metainfo).unwrap();
    fs::write(folder.path().join("broken.torrent"), b"d4:info").unwrap();
    let hash = "cd".repeat(20);
    let text = format!("A note.\nmagnet:?xt=urn:btih:{hash}&dn=Charge.2022.mkv\n");
    fs::write(folder.path().join("links.txt"), text).unwrap();
    let taken: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let takes = Arc::clone(&taken);
    let drives = Drives::start(
        vec![folder.path().to_owned()],
        Arc::new(move |bytes| takes.lock().unwrap().push(bytes.to_vec())),
        &Handle::current(),
    );
    assert_eq!(names(&drives, "movie").await, ["Charge", "Spring"]);
    assert_eq!(*taken.lock().unwrap(), std::slice::from_ref(&film.metainfo));
    let torrent = id(&drives, "movie", "spring").await;
    let torrent = &streams(&drives, "movie", &torrent).await[0];
    let Source::Magnet { link, info_hash } = &torrent.source else {
        panic!("{torrent:?}");
    };
    assert_eq!(info_hash.0, fixtures::info_hash(&film.metainfo));
    assert!(link.ends_with("&so=0"), "{link}");
    let linked = id(&drives, "movie", "charge").await;
    let linked = streams(&drives, "movie", &linked).await;
    assert_eq!(linked[0].source.info_hash().unwrap().hex(), hash);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_and_goes_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    // The folder itself comes later, as that of a drive does.
    let root = folder.path().join("drive/films");
    let drives = drives(&root);
    assert!(names(&drives, "movie").await.is_empty());
    let mut changes = drives.changes();
    write(&root, "new folder/Spring.2019.mkv", 10);
    assert!(changes.next().await);
    assert_eq!(names(&drives, "movie").await, ["Spring"]);
    fs::rename(root.join("new folder"), folder.path().join("away")).unwrap();
    assert!(changes.next().await);
    assert!(names(&drives, "movie").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_became_a_link_is_not_told() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let secret = write(outside.path(), "secret.mkv", 10);
    let film = write(folder.path(), "Spring.2019.mkv", 10);
    let drives = drives(folder.path());
    let spring = id(&drives, "movie", "spring").await;
    assert_eq!(streams(&drives, "movie", &spring).await.len(), 1);
    fs::remove_file(&film).unwrap();
    std::os::unix::fs::symlink(secret, &film).unwrap();
    assert!(streams(&drives, "movie", &spring).await.is_empty());
}
