//! What root's half does when it is asked for a fixed address, by whoever and with whatever.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use app::Fixed;

use crate::root_half::Tree;

const ASKED: &str = "run/matinee-asks/address";
const WIRED: &str = "run/systemd/network/20-wired.network.d/fixed.conf";
const WIRELESS: &str = "run/systemd/network/25-wireless.network.d/fixed.conf";
const KEPT: &str = "data/system/address-wired";

const LINE: &str = "192.168.1.20/24 192.168.1.1 192.168.1.1 9.9.9.9";

/// As networkd reads it.
const DROP_IN: &str = "[Network]
DHCP=ipv6
DNS=192.168.1.1
DNS=9.9.9.9

[Address]
Address=192.168.1.20/24
RouteMetric=1024
DuplicateAddressDetection=ipv4

[Route]
Gateway=192.168.1.1
Metric=1024
";

/// Root's half sees what is there, and it is there no more.
fn run(tree: &Tree) -> String {
    let told = tree.run("address", "asked");
    let there = fs::symlink_metadata(tree.path(ASKED));
    assert!(there.is_err(), "asked for ever: {told}");
    told
}

fn ask(tree: &Tree, what: impl AsRef<[u8]>) -> String {
    fs::write(tree.path(ASKED), what).unwrap();
    run(tree)
}

#[test]
fn a_new_box_has_automatic_addresses_and_is_told_so() {
    let tree = Tree::new();
    assert_eq!(tree.run("address", "begin"), "");
    assert_eq!(tree.read("run/matinee/address-wired"), "automatic\n");
    assert_eq!(tree.read("run/matinee/address-wireless"), "automatic\n");
    assert!(!tree.path(WIRED).exists() && !tree.path(WIRELESS).exists());
    assert_eq!(tree.read("calls"), "", "networkd has not started yet");
}

#[test]
fn a_fixed_address_is_kept_and_an_automatic_one_comes_back() {
    let tree = Tree::new();
    ask(&tree, format!("wired {LINE}"));
    assert_eq!(tree.read(WIRED), DROP_IN);
    assert_eq!(tree.read(KEPT), format!("{LINE}\n"));
    assert_eq!(tree.read("calls"), "reload\n");
    let told = tree.read("run/matinee/address-wired");
    assert!(Fixed::parse(told.trim_end()).is_some(), "{told}");
    // Wi-Fi has one of its own, and a cable is better.
    ask(&tree, "wireless 10.0.0.2/30 10.0.0.1 1.1.1.1\n");
    let wireless = tree.read(WIRELESS);
    assert!(
        wireless.contains("Address=10.0.0.2/30\nRouteMetric=2048\n"),
        "{wireless}"
    );
    assert!(
        wireless.contains("Gateway=10.0.0.1\nMetric=2048\n"),
        "{wireless}"
    );
    assert_eq!(tree.read(WIRED), DROP_IN);
    // After the next start of the machine, too.
    fs::remove_dir_all(tree.path("run")).unwrap();
    fs::create_dir_all(tree.path("run/matinee-asks")).unwrap();
    assert_eq!(tree.run("address", "begin"), "");
    assert_eq!(tree.read(WIRED), DROP_IN);
    assert_eq!(tree.read("run/matinee/address-wired"), told);
    ask(&tree, "wired automatic");
    assert!(!tree.path(WIRED).exists() && !tree.path(KEPT).exists());
    assert_eq!(tree.read("run/matinee/address-wired"), "automatic\n");
    assert_eq!(tree.read(WIRELESS), wireless);
    assert_eq!(tree.read("calls").lines().count(), 3);
}

#[test]
fn what_is_no_address_changes_nothing() {
    let tree = Tree::new();
    ask(&tree, format!("wired {LINE}"));
    let long = format!("wired 192.168.1.20/24 192.168.1.1 {}", "9".repeat(4 << 20));
    for what in [
        "",
        "wired",
        "wired ",
        "WIRED automatic",
        "usb automatic",
        "../wired automatic",
        "wired automatic automatic",
        // Too little, too much.
        "wired 192.168.1.20/24 192.168.1.1",
        "wired 192.168.1.20/24 192.168.1.1 9.9.9.9 1.1.1.1 8.8.8.8",
        long.as_str(),
        // No numbers of an address, or of a mask.
        "wired 192.168.1.256/24 192.168.1.1 9.9.9.9",
        "wired 192.168.01.20/24 192.168.1.1 9.9.9.9",
        "wired 192.168.1.020/24 192.168.1.1 9.9.9.9",
        "wired 192.168..20/24 192.168.1.1 9.9.9.9",
        "wired 192.168.20/24 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20.1/24 192.168.1.1 9.9.9.9",
        "wired 18446744073709551808.168.1.20/24 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/ 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/0 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/31 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/024 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/24/24 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/-8 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/255.255.255.0 192.168.1.1 9.9.9.9",
        "wired fd00::20/64 fd00::1 fd00::1",
        // Addresses that cannot hold.
        "wired 192.168.1.0/24 192.168.1.1 9.9.9.9",
        "wired 192.168.1.255/24 192.168.1.1 9.9.9.9",
        "wired 127.0.0.5/8 127.0.0.1 9.9.9.9",
        "wired 0.0.0.5/8 0.0.0.1 9.9.9.9",
        "wired 169.254.0.5/16 169.254.0.1 9.9.9.9",
        "wired 224.0.0.5/8 224.0.0.1 9.9.9.9",
        "wired 255.255.255.254/8 255.255.255.1 9.9.9.9",
        "wired 192.168.1.20/24 192.168.2.1 9.9.9.9",
        "wired 192.168.1.20/24 192.168.1.20 9.9.9.9",
        "wired 192.168.1.20/24 192.168.1.255 9.9.9.9",
        "wired 192.168.1.20/24 192.168.1.1 192.168.1.20",
        "wired 192.168.1.20/24 192.168.1.1 127.0.0.53",
        "wired 192.168.1.20/24 192.168.1.1 9.9.9.9 224.0.0.1",
        // What a shell or networkd would read otherwise.
        "wired 192.168.1.20/24 192.168.1.1 9.9.9.9\n[Network]\nDHCP=no",
        "wired automatic\nwired automatic",
        "wired 192.168.1.20/24 192.168.1.1 $(touch$IFS/tmp/x)",
        "wired `id`/24 192.168.1.1 9.9.9.9",
        "wired 192.168.1.20/24;id 192.168.1.1 9.9.9.9",
        "wired */24 * *",
        "wired ~/24 192.168.1.1 9.9.9.9",
        "wired\t192.168.1.20/24 192.168.1.1 9.9.9.9",
        "-n automatic",
        "\u{661}92.168.1.20/24 192.168.1.1 9.9.9.9",
    ] {
        let told = ask(&tree, what);
        let shown: String = what.chars().take(60).collect();
        assert!(
            told.starts_with("what was asked for is no "),
            "{shown:?}: {told}"
        );
        assert_eq!(tree.read(KEPT), format!("{LINE}\n"), "{shown:?}");
    }
    assert_eq!(tree.read(WIRED), DROP_IN);
    assert_eq!(tree.read("calls").lines().count(), 1);
    assert!(!tree.path(WIRELESS).exists());
}

#[test]
fn bytes_that_are_no_text_are_no_address() {
    let tree = Tree::new();
    for what in [&b"wired \xff\xfe"[..], b"\0\0\0", b"wired automatic\x1b[2J"] {
        let told = ask(&tree, what);
        assert!(
            told.starts_with("what was asked for is no "),
            "{what:?}: {told}"
        );
    }
    assert_eq!(tree.read("calls"), "");
}

/// Root reads nothing but a plain file: no other by a link, and it waits for nobody.
#[test]
fn what_is_no_file_is_not_read() {
    let tree = Tree::new();
    let asked = tree.path(ASKED);
    fs::write(tree.path("secret"), "wired automatic").unwrap();
    symlink(tree.path("secret"), &asked).unwrap();
    assert_eq!(run(&tree), "what was asked for is no file\n");
    assert_eq!(tree.read("secret"), "wired automatic");
    symlink(tree.path("nowhere"), &asked).unwrap();
    assert_eq!(run(&tree), "what was asked for is no file\n");
    let made = Command::new("mkfifo").arg(&asked).status().unwrap();
    assert!(made.success());
    assert_eq!(run(&tree), "what was asked for is no file\n");
    fs::create_dir_all(asked.join("below")).unwrap();
    assert_eq!(run(&tree), "what was asked for is no file\n");
    assert_eq!(tree.read("calls"), "");
    // Nobody asks: the one before was seen twice.
    run(&tree);
    assert_eq!(tree.read("calls"), "");
}

#[test]
fn what_is_kept_and_cannot_be_read_is_automatic_and_said() {
    let tree = Tree::new();
    fs::create_dir_all(tree.path("data/system")).unwrap();
    let long = "1".repeat(1 << 20);
    for kept in [
        "",
        "\n",
        "192.168.1.20/24 192.168.1.1",
        "192.168.1.20/24 192.168.1.1 9.9.9.9\n[Link]\nUnmanaged=yes\n",
        "192.168.1.20/24 192.168.1.1 $(id)",
        long.as_str(),
    ] {
        fs::write(tree.path(KEPT), kept).unwrap();
        let told = tree.run("address", "begin");
        assert_eq!(
            told,
            "the fixed address (wired) cannot be read: automatic\n"
        );
        assert_eq!(tree.read("run/matinee/address-wired"), "automatic\n");
        assert!(!tree.path(WIRED).exists());
    }
}
