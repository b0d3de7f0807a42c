//! What root's half does when it is asked for a country, or for an address (`address`): its scripts
//! in a tree of their own.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use app::Country;

/// A system's tree; what systemd and networkd were told is in `calls`.
pub(crate) struct Tree(tempfile::TempDir);

impl Tree {
    pub(crate) fn new() -> Tree {
        let tree = Tree(tempfile::tempdir().unwrap());
        for folder in ["run/matinee-asks", "run/matinee", "usr/lib/matinee", "bin"] {
            fs::create_dir_all(tree.path(folder)).unwrap();
        }
        let state = include_str!("../../systemd/state");
        fs::write(tree.path("usr/lib/matinee/state"), state).unwrap();
        let calls = tree.path("calls");
        for name in ["systemctl", "networkctl"] {
            let stand_in = format!("#!/bin/sh\necho \"$*\" >>{}\n", calls.display());
            let path = tree.path("bin").join(name);
            fs::write(&path, stand_in).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        tree
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What the script says to the log.
    pub(crate) fn run(&self, script: &str, what: &str) -> String {
        let systemd = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd");
        let usual = std::env::var("PATH").unwrap();
        let path = format!("{}:{usual}", self.path("bin").display());
        let mut command = Command::new("sh");
        command.arg(systemd.join(script)).arg(what);
        command.env("ROOT", self.0.path()).env("PATH", path);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stderr).unwrap()
    }

    /// Asks for that, as the box does.
    fn ask(&self, what: &str) {
        fs::write(self.path("run/matinee-asks/country"), what).unwrap();
        self.run("radio", "rules");
        let asked = self.path("run/matinee-asks/country");
        assert!(fs::symlink_metadata(asked).is_err(), "asked for ever");
    }
}

#[test]
fn before_iwd_starts_there_are_its_folders_and_no_country() {
    let tree = Tree::new();
    tree.run("radio", "begin");
    assert_eq!(tree.read("run/matinee/radio/main.conf"), "[General]\n");
    assert_eq!(tree.read("run/matinee/country").trim(), "");
    let folder = fs::metadata(tree.path("data/system/wifi")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_country_is_kept_and_iwd_begins_anew() {
    let tree = Tree::new();
    tree.ask("FR");
    let conf = "[General]\nCountry=FR\n";
    assert_eq!(tree.read("run/matinee/radio/main.conf"), conf);
    assert_eq!(tree.read("data/system/country"), "FR\n");
    let told = tree.read("run/matinee/country");
    assert_eq!(Country::parse(told.trim()), Country::parse("FR"));
    assert_eq!(tree.read("calls"), "try-restart iwd.service\n");
    // After the next start of the machine, too.
    fs::remove_dir_all(tree.path("run/matinee")).unwrap();
    fs::create_dir_all(tree.path("run/matinee")).unwrap();
    tree.run("radio", "begin");
    assert_eq!(tree.read("run/matinee/radio/main.conf"), conf);
}

#[test]
fn what_is_no_country_changes_nothing() {
    let tree = Tree::new();
    tree.ask("DE");
    let before = tree.read("run/matinee/radio/main.conf");
    for what in ["", "F", "fr", "FRA", "F1", "FR\n[x]", "*", "A\nB"] {
        tree.ask(what);
        assert_eq!(tree.read("data/system/country"), "DE\n", "{what:?}");
    }
    let asked = tree.path("run/matinee-asks/country");
    fs::write(tree.path("secret"), "FR").unwrap();
    symlink(tree.path("secret"), &asked).unwrap();
    tree.run("radio", "rules");
    assert!(fs::symlink_metadata(&asked).is_err(), "asked for ever");
    assert_eq!(tree.read("run/matinee/radio/main.conf"), before);
    assert_eq!(tree.read("secret"), "FR");
    assert_eq!(tree.read("calls").lines().count(), 1);
}
