//! Films of this box and its drives.

use std::os::unix::fs::symlink;

use app::{Reach, SupplyFailure};

use super::server::{Desk, film};

fn reach(path: &std::path::Path) -> Reach {
    Reach::File(path.to_str().unwrap().into())
}

#[test]
fn a_file_is_all_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("A film.mkv");
    let film = film(5_000_001);
    std::fs::write(&path, &film).unwrap();
    let desk = Desk::new();
    let source = desk.open(reach(&path));
    assert_eq!((source.size(), source.name()), (5_000_001, "A film.mkv"));
    let told = desk.progress("all of it", |_| true);
    assert_eq!(told.have, [0..5_000_001]);
    desk.play(&source, 0, 5_000_001, &film);
    desk.play(&source, 4_999_990, 5_000_001, &film);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("a.mkv"), folder.path().join("b.mkv"));
    std::fs::write(&file, "film").unwrap();
    symlink(&file, &link).unwrap();
    let pipe = folder.path().join("c.mkv");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    let desk = Desk::new();
    for odd in [link, pipe, folder.path().to_owned(), "/dev/zero".into()] {
        let refused = desk.refusal(reach(&odd));
        assert!(
            matches!(refused, SupplyFailure::Unsupported(_)),
            "{odd:?}: {refused:?}"
        );
    }
    let missing = folder.path().join("d.mkv");
    let refused = desk.refusal(reach(&missing));
    assert_eq!(
        refused,
        SupplyFailure::NoFile(missing.to_str().unwrap().to_owned())
    );
}

#[test]
fn a_file_that_shrinks_ends_the_film_with_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mkv");
    std::fs::write(&path, film(1_000_000)).unwrap();
    let desk = Desk::new();
    let source = desk.open(reach(&path));
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(1000).unwrap();
    let gone = desk.read(&source, 500_000, 1000).unwrap_err();
    assert!(gone.0.contains("changed"), "{gone}");
    assert_eq!(
        desk.failure(),
        SupplyFailure::Changed(path.to_str().unwrap().to_owned())
    );
}
