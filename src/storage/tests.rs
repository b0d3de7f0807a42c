//! What root's half tells, and what it does when it is asked: its scripts in a tree of their own.

use super::*;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any of it takes.
const PATIENCE: Duration = Duration::from_secs(60);

const ID: &str = "usb-Acme_Stick_42-0:0";

/// Programs that would touch the machine; what they were called with is in `calls`.
const PROGRAMS: [&str; 7] = [
    "systemctl",
    "wipefs",
    "sfdisk",
    "udevadm",
    "mke2fs",
    "mount",
    "umount",
];

/// A system's tree with one disk at USB, `sdb`, and the box's own, `sda`.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Tree {
        let tree = Tree(tempfile::tempdir().unwrap());
        for (disk, way) in [
            ("sda", "pci/ata1"),
            ("sdb", "pci/usb1/1-1"),
            ("sdc", "pci/ata2"),
        ] {
            let block = format!("sys/devices/{way}/block/{disk}");
            tree.put(&format!("{block}/size"), "4194304\n");
            tree.put(&format!("{block}/ro"), "0\n");
            tree.put(&format!("{block}/device/vendor"), "Acme    \n");
            tree.put(&format!("{block}/device/model"), "Stick\u{1b}[2J/..\n");
            tree.put(&format!("{block}/{disk}1/size"), "4192256\n");
            tree.put(&format!("{block}/{disk}1/partition"), "1\n");
            tree.folder(&format!("{block}/{disk}1/holders"));
            tree.folder("sys/class/block");
            for (name, path) in [
                (disk.to_owned(), block.clone()),
                (format!("{disk}1"), format!("{block}/{disk}1")),
            ] {
                symlink(tree.path(&path), tree.path("sys/class/block").join(name)).unwrap();
            }
        }
        tree.folder("sys/class/block/dm-0/slaves");
        symlink(
            tree.path("sys/class/block/sda1"),
            tree.path("sys/class/block/dm-0/slaves/sda1"),
        )
        .unwrap();
        tree.folder("dev/disk/by-id");
        symlink("../../sdb", tree.path("dev/disk/by-id").join(ID)).unwrap();
        symlink(
            "../../sdb1",
            tree.path("dev/disk/by-id").join(format!("{ID}-part1")),
        )
        .unwrap();
        symlink("../../sda", tree.path("dev/disk/by-id/usb-Box-0:0")).unwrap();
        symlink("../../sdc", tree.path("dev/disk/by-id/usb-Inside-0:0")).unwrap();
        tree.put("proc/mounts", "/dev/sda1 /data ext4 rw 0 0\n");
        tree.put("proc/sys/kernel/random/uuid", "0123-4567\n");
        for folder in [
            "run/matinee-asks",
            "run/matinee/disks",
            "usr/lib/matinee",
            "bin",
        ] {
            tree.folder(folder);
        }
        let state = include_str!("../../systemd/state");
        tree.put("usr/lib/matinee/state", state);
        let calls = tree.path("calls");
        for name in PROGRAMS {
            let note = format!("#!/bin/sh\necho \"{name} $*\" >>{}\n", calls.display());
            // Mounting shows what was made; the unit marks it as the box's own.
            let more = match name {
                "systemctl" => format!(
                    "[ \"$1\" != restart ] || {{ mkdir -p {0} && : >{0}/sdb1; }}\n",
                    tree.path("run/matinee/own").display()
                ),
                _ => String::new(),
            };
            tree.program(name, &format!("{note}{more}"));
        }
        // Nobody else may give a folder away.
        tree.program(
            "install",
            "#!/bin/sh\nfor last; do :; done\nmkdir -p \"$last\"\n",
        );
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn folder(&self, name: &str) {
        fs::create_dir_all(self.path(name)).unwrap();
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, script: &str, arguments: &[&str]) {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd");
        let usual = std::env::var("PATH").unwrap();
        let path = format!("{}:{usual}", self.path("bin").display());
        let mut command = Command::new("sh");
        command.arg(scripts.join(script)).args(arguments);
        command.env("ROOT", self.0.path()).env("PATH", path);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    fn ask(&self, what: &str) {
        fs::write(self.path("run/matinee-asks/adopt"), what).unwrap();
    }

    /// What came of asking for that.
    fn adopt(&self, what: &str) -> DriveNews {
        self.ask(what);
        self.run("adopt", &[]);
        assert!(
            !self.path("run/matinee-asks/adopt").exists(),
            "asked for ever"
        );
        adopted(&self.read("run/matinee/disks/adopt")).unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

fn refused(why: AdoptFailure) -> DriveNews {
    DriveNews::Adopted(Err(why))
}

#[test]
fn a_disk_is_told_and_forgotten() {
    let tree = Tree::new();
    tree.run("disk", &["in", "sdb"]);
    let about = told(&tree.read("run/matinee/disks/sdb")).unwrap();
    let wanted = Told {
        id: ID.into(),
        // Nothing of it moves a cursor or leaves a folder.
        name: "Acme Stick 2J ..".into(),
        bytes: 2 << 30,
        mount: None,
    };
    assert_eq!(about, wanted);
    tree.put("run/matinee/own/sdb1", "");
    tree.run("disk", &["in", "sdb"]);
    let about = told(&tree.read("run/matinee/disks/sdb")).unwrap();
    assert_eq!(about.mount, Some("/run/matinee/drives/sdb1".into()));
    tree.run("disk", &["out", "sdb"]);
    for name in ["sda", "sdb1", "sdx"] {
        tree.run("disk", &["in", name]);
    }
    assert_eq!(
        fs::read_dir(tree.path("run/matinee/disks"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_disk_is_made_the_boxs_own() {
    let tree = Tree::new();
    assert_eq!(tree.adopt(ID), DriveNews::Adopted(Ok(())));
    let calls = tree.read("calls");
    let folder = tree.path("run/matinee/adopting");
    let usual = "mount -t ext4 -o nosuid,nodev,noexec,noatime /dev/sdb1";
    let (mount, umount) = (
        format!("{usual} {}", folder.display()),
        format!("umount {}", folder.display()),
    );
    let wanted = [
        "systemctl stop matinee-drive@sdb.service",
        "systemctl stop matinee-drive@sdb1.service",
        "wipefs -q -a /dev/sdb",
        "sfdisk -q --label gpt --wipe always --wipe-partitions always /dev/sdb",
        "udevadm wait --timeout=10 /dev/sdb1",
        "mke2fs -q -F -t ext4 -L MATINEE -m 0 /dev/sdb1",
        &*mount,
        &*umount,
        "systemctl restart matinee-drive@sdb1.service",
    ];
    assert_eq!(calls.lines().collect::<Vec<_>>(), wanted);
    assert_eq!(
        tree.read("run/matinee/adopting/.matinee-box"),
        "0123-4567\n"
    );
    assert_eq!(tree.read("data/system/box"), "0123-4567\n");
}

#[test]
fn nothing_else_is_erased() {
    let tree = Tree::new();
    let part = format!("{ID}-part1");
    let broken = [
        "",
        "sdb",
        "usb-",
        "/dev/sdb",
        "usb-../../sdb",
        "usb-a b",
        "nvme-Disk",
        "usb-$(reboot)",
        // A part of a disk, and a disk that is not at USB.
        &*part,
        "usb-Inside-0:0",
    ];
    for what in broken {
        assert_eq!(tree.adopt(what), refused(AdoptFailure::Broken), "{what:?}");
    }
    assert_eq!(tree.adopt("usb-Other-0:0"), refused(AdoptFailure::Gone));
    assert_eq!(tree.adopt("usb-Box-0:0"), refused(AdoptFailure::Ours));
    // A link of the box's may lead anywhere.
    tree.put("secret", ID);
    symlink(tree.path("secret"), tree.path("run/matinee-asks/adopt")).unwrap();
    tree.run("adopt", &[]);
    assert!(tree.path("secret").exists());
    assert_eq!(tree.read("calls"), "", "nothing was touched");
}

#[test]
fn a_disk_that_is_used_or_small_or_locked_is_left_alone() {
    let tree = Tree::new();
    let block = "sys/devices/pci/usb1/1-1/block/sdb";
    tree.put(&format!("{block}/size"), "2000000\n");
    assert_eq!(tree.adopt(ID), refused(AdoptFailure::Small));
    tree.put(&format!("{block}/size"), "4194304\n");
    tree.put(&format!("{block}/ro"), "1\n");
    assert_eq!(tree.adopt(ID), refused(AdoptFailure::ReadOnly));
    tree.put(&format!("{block}/ro"), "0\n");
    tree.put(
        "proc/mounts",
        "/dev/sda1 /data ext4 rw 0 0\n/dev/sdb1 /mnt ext4 rw 0 0\n",
    );
    assert_eq!(tree.adopt(ID), refused(AdoptFailure::Busy));
    tree.put("proc/mounts", "/dev/sda1 /data ext4 rw 0 0\n");
    tree.put(&format!("{block}/sdb1/holders/dm-1"), "");
    assert_eq!(tree.adopt(ID), refused(AdoptFailure::Busy));
    assert!(!tree.read("calls").contains("wipefs"));
}

#[test]
fn what_does_not_work_or_is_pulled_out_is_told() {
    for name in ["wipefs", "sfdisk", "udevadm", "mke2fs", "mount", "umount"] {
        let tree = Tree::new();
        tree.program(name, "#!/bin/sh\nexit 1\n");
        assert_eq!(tree.adopt(ID), refused(AdoptFailure::Broken), "{name}");
        let gone = tree.path("sys/class/block/sdb");
        let pull = format!("#!/bin/sh\nrm -f {}\nexit 1\n", gone.display());
        tree.program(name, &pull);
        assert_eq!(tree.adopt(ID), refused(AdoptFailure::Gone), "{name}");
    }
}

/// A storage that reads `folder`, and what it tells.
fn start(folder: &Path, requests: &Path) -> (Storage, Receiver<DriveNews>) {
    let (sender, news) = channel();
    let sink: Sink = Arc::new(move |it| drop(sender.send(it)));
    let storage = Storage::start(folder, requests.to_owned(), folder.to_owned(), sink).unwrap();
    (storage, news)
}

fn there(news: &Receiver<DriveNews>) -> Vec<Drive> {
    match news.recv_timeout(PATIENCE).unwrap() {
        DriveNews::There { drives, .. } => drives,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_told_is_heard() {
    let tree = Tree::new();
    let disks = tree.path("run/matinee/disks");
    let (storage, news) = start(&disks, &tree.path("run/matinee-asks"));
    assert_eq!(there(&news), []);
    tree.run("disk", &["in", "sdb"]);
    let drives = there(&news);
    assert_eq!((&*drives[0].id, drives[0].room), (ID, None));
    assert_eq!(storage.folder(ID), None);

    storage.adopt(ID);
    assert_eq!(tree.read("run/matinee-asks/adopt"), ID);
    tree.run("adopt", &[]);
    let last = std::iter::from_fn(|| news.recv_timeout(PATIENCE).ok());
    let mut last =
        last.filter(|it| !matches!(it, DriveNews::There { .. } | DriveNews::Adopting { .. }));
    assert_eq!(last.next(), Some(DriveNews::Adopted(Ok(()))));

    // It is the box's own, and measured.
    let mount = tree.path("mounted");
    tree.folder("mounted/matinee");
    let about = format!(
        "id={ID}\nname=Stick\nbytes=2147483648\nmount={}\n",
        mount.display()
    );
    tree.put("run/matinee/sdb", &about);
    fs::rename(tree.path("run/matinee/sdb"), disks.join("sdb")).unwrap();
    let room = std::iter::from_fn(|| there(&news).first().map(|drive| drive.room));
    let room = room.flatten().find(|room| room.speed.is_some()).unwrap();
    assert!(room.speed > Some(0) && room.free_bytes > 0);
    assert_eq!(storage.folder(ID), Some(mount.join("matinee/cache")));

    tree.run("disk", &["out", "sdb"]);
    while !there(&news).is_empty() {}
    assert_eq!(storage.folder(ID), None);
}

#[test]
fn where_nobody_tells_there_are_no_drives() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    let sink: Sink = Arc::new(|_| {});
    assert!(Storage::start(&gone, gone.clone(), gone.clone(), sink).is_err());
}

#[test]
fn a_request_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, news) = start(folder.path(), &folder.path().join("gone"));
    assert_eq!(there(&news), []);
    storage.adopt(ID);
    assert_eq!(
        news.recv_timeout(PATIENCE),
        Ok(refused(AdoptFailure::Broken))
    );
}
