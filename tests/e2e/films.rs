//! Films for the box: the demo film, made once for all tests, and torrents seeded by others.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};

use matinee::demo::{Demo, DemoNews};
use tokio::runtime::Runtime;

use crate::client::{PATIENT, SOON, TvBox};

/// Pieces of the torrents made here.
const PIECE: u32 = 256 << 10;

/// One runtime for every seeder of this process.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    })
}

/// The folder of the demo film, made by the box's own code on first use and kept with the build.
pub(crate) fn demo_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
        // Test binaries may run side by side: one makes it, the others wait.
        std::fs::create_dir_all(&folder).unwrap();
        let lock = std::fs::File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let (sender, receiver) = channel();
        let news = move |news| {
            if !matches!(news, DemoNews::Preparing { .. }) {
                // Whoever waits may have given up.
                let _ = sender.send(news);
            }
        };
        let demo = Demo::start(folder.clone(), runtime().handle(), Arc::new(news));
        match receiver
            .recv_timeout(PATIENT)
            .expect("the demo film is made in time")
        {
            DemoNews::Ready { .. } => {}
            other => panic!("no demo film: {other:?}"),
        }
        drop(demo);
        folder
    })
}

/// A data folder that has the demo film already.
pub(crate) fn data_with_demo() -> tempfile::TempDir {
    let data = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    link_all(demo_folder(), &data.path().join("demo"));
    data
}

/// The same files in another folder, without copying what is in them.
fn link_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            link_all(&entry.path(), &target);
        } else if entry.file_name() != "lock" {
            std::fs::hard_link(entry.path(), target).unwrap();
        }
    }
}

/// A torrent and the folder that its file or folder lies in.
#[derive(Debug)]
pub(crate) struct Torrent {
    pub(crate) metainfo: Vec<u8>,
    /// What a seeder needs: the folder with the torrent's own files.
    pub(crate) files: PathBuf,
    /// What libtorrent needs: the folder above a torrent of a folder.
    pub(crate) parent: PathBuf,
    /// Keeps the files.
    _folder: Option<tempfile::TempDir>,
}

impl Torrent {
    pub(crate) fn magnet(&self, peer: SocketAddr) -> String {
        let hash = fixtures::hex(fixtures::info_hash(&self.metainfo));
        format!("magnet:?xt=urn:btih:{hash}&dn=A.film&x.pe={peer}")
    }

    /// The metainfo with a tracker in it; the info hash is the same.
    pub(crate) fn announced_to(&self, tracker: &str) -> Vec<u8> {
        fixtures::torrent_of(&self.files, PIECE, &[tracker.to_owned()])
    }
}

/// A torrent of a folder with files of random bytes.
pub(crate) fn torrent_of(files: &[(&str, usize)]) -> Torrent {
    let folder = tempfile::tempdir().unwrap();
    let files_in = folder.path().join("Some folder");
    std::fs::create_dir(&files_in).unwrap();
    for (name, bytes) in files {
        std::fs::write(files_in.join(name), fixtures::payload(*bytes, 7)).unwrap();
    }
    Torrent {
        metainfo: fixtures::torrent_of(&files_in, PIECE, &[]),
        files: files_in,
        parent: folder.path().to_owned(),
        _folder: Some(folder),
    }
}

/// The demo film with its subtitles as a torrent of a folder.
pub(crate) fn demo_torrent() -> Torrent {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let from = std::fs::read_dir(demo_folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let from = from
        .into_iter()
        .find(|path| path.is_dir())
        .expect("the demo's folder");
    let files = folder.path().join("A film");
    link_all(&from, &files);
    Torrent {
        metainfo: fixtures::torrent_of(&files, PIECE, &[]),
        files,
        parent: folder.path().to_owned(),
        _folder: Some(folder),
    }
}

/// A librqbit session that seeds until it is dropped.
pub(crate) struct Seeder(fixtures::Seeder);

impl Seeder {
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }
}

pub(crate) fn seed(torrent: &Torrent, bytes_per_second: Option<u32>) -> Seeder {
    let start = fixtures::Seeder::start(&torrent.metainfo, &torrent.files, bytes_per_second);
    Seeder(runtime().block_on(start))
}

/// From the wall, whose first film is the demo, to the demo's opening.
pub(crate) fn open_demo(tv: &TvBox) {
    tv.wait("the wall", SOON, |s| s["rows"][0]["cards"][0].is_object());
    tv.key("ok");
    tv.wait("the film's page", PATIENT, |s| {
        s["screen"] == "film" && s["page"]["actions"][0]["enabled"] == true
    });
    tv.key("ok");
}
