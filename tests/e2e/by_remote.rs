//! Add-ons with nothing but the remote: an address typed by arrows, and one that the first lists.

use fixtures::addons::AddOnServer;
use serde_json::Value;

use crate::client::{SOON, TvBox};
use crate::{films, screen};

/// The keyboard for addresses.
const ROWS: [&str; 8] = [
    "abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890", "./:-_~", "=?&%@+",
];

/// Where the focus is on it.
struct Typist<'t> {
    tv: &'t TvBox,
    row: usize,
    column: usize,
}

impl Typist<'_> {
    fn go(&mut self, row: usize, column: usize) {
        for (at, to, [back, forth]) in [
            (self.row, row, ["up", "down"]),
            (self.column, column, ["left", "right"]),
        ] {
            for _ in at..to {
                self.tv.key(forth);
            }
            for _ in to..at {
                self.tv.key(back);
            }
        }
        (self.row, self.column) = (row, column);
    }

    fn letter(&mut self, letter: char) {
        let mut rows = ROWS.iter().enumerate();
        let place = rows.find_map(|(row, keys)| Some((row, keys.find(letter)?)));
        let (row, column) = place.expect("a key for it");
        self.go(row, column);
        self.tv.key("ok");
    }
}

fn names(state: &Value) -> Vec<&str> {
    let items = state["add_ons"]["items"].as_array().into_iter().flatten();
    items.filter_map(|it| it["name"].as_str()).collect()
}

#[test]
fn add_ons_come_on_the_box_by_arrows_alone() {
    let server = films::runtime().block_on(AddOnServer::start(None));
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    for key in ["up", "right", "ok"] {
        tv.key(key);
    }
    let page = tv.wait("the page of add-ons", SOON, |s| screen(s) == "add-ons");
    for _ in names(&page) {
        tv.key("down");
    }
    tv.key("ok");
    let page = tv.wait("the keyboard", SOON, |s| screen(s) == "address");
    assert_eq!(page["address"]["text"], "https://");
    // Up from the first row is the last: to its first key, which deletes.
    tv.key("up");
    for _ in "s://".chars() {
        tv.key("ok");
    }
    tv.key("down");
    let (row, column) = (0, 0);
    let mut typist = Typist {
        tv: &tv,
        row,
        column,
    };
    let place = server.base.strip_prefix("http").expect("plain");
    for letter in place.chars() {
        typist.letter(letter);
    }
    tv.wait("the address", SOON, |s| s["address"]["text"] == server.base);
    // Below the last letters is the key that says it is done.
    typist.go(7, 5);
    tv.key("down");
    tv.key("ok");
    let page = tv.wait("the add-on", SOON, |s| {
        screen(s) == "add-ons" && names(s).contains(&"Peer of the tests")
    });
    assert_eq!(page["add_ons"]["title"], "Add-ons");
    for key in ["ok", "down", "ok"] {
        tv.key(key);
    }
    let page = tv.wait("its list", SOON, |s| names(s).contains(&"Peer in French"));
    assert_eq!(page["add_ons"]["title"], "Listed by Peer of the tests");
    assert_eq!(page["add_ons"]["ask"], "It is on this box");
    assert!(!names(&page).contains(&"Your router"), "{page}");
    for key in ["down", "ok", "ok"] {
        tv.key(key);
    }
    tv.wait("it to be on the box", SOON, |s| {
        s["add_ons"]["ask"] == "It is on this box" && s["focus"]["add_on"] == 1
    });
    for key in ["down", "ok", "ok"] {
        tv.key(key);
    }
    let page = tv.wait("the code", SOON, |s| screen(s) == "code");
    let address = format!("{}/unset/configure", server.base);
    assert_eq!(page["code"]["address"], address);
    tv.key("back");
    tv.wait("the list again", SOON, |s| {
        names(s).contains(&"Peer in French")
    });
    tv.key("back");
    tv.wait("both", SOON, |s| {
        // It says of itself what it is called.
        names(s).ends_with(&["Peer of the tests", "Peer of the tests"])
    });
}
