//! Each rule finds what it is for, and nothing beside it.

use super::*;

/// The lines in which a file breaks a rule.
fn lines_of(path: &str, text: &str) -> Vec<usize> {
    let told = check(vec![made("src/app/Cargo.toml", ""), made(path, text)]);
    let line = |told: &str| told.split(':').nth(1).unwrap().parse().unwrap();
    told.lines().map(line).collect()
}

/// A file that begins as it should.
fn rust(path: &str, text: &str) -> Vec<usize> {
    lines_of(path, &format!("//! Job.\n{text}"))
}

#[test]
fn heads_and_sizes() {
    assert_eq!(lines_of("src/keys.rs", "use std;\n"), [1]);
    assert!(rust("src/keys.rs", &"\n".repeat(499)).is_empty());
    assert_eq!(rust("src/keys.rs", &"\n".repeat(500)), [501]);
    let wide = "é".repeat(100);
    assert!(rust("src/keys.rs", &format!("// {}\n", &wide[..97 * 2])).is_empty());
    assert_eq!(rust("src/keys.rs", &format!("//{wide}\n")), [2]);
    assert!(lines_of("README.md", &format!("x{wide}\n")).is_empty());
    let data = format!("a(r#\"\n{wide}x\n\"#);\n{wide}y\n");
    assert_eq!(rust("tests/a.rs", &data), [5]);
    assert_eq!(rust("src/keys.rs", &data), [3, 5]);
}

#[test]
fn unfinished_work() {
    let [mark, other] = [["TO", "DO"], ["X", "XX"]].map(|parts| parts.concat());
    assert_eq!(
        lines_of("a.md", &format!("a\n{mark}: b\n{other}\n")),
        [2, 3]
    );
    assert!(lines_of("a.sh", &format!("mktemp a.{other}{other} MAS{mark}\n")).is_empty());
    let call = ["to", "do!()"].concat();
    assert_eq!(rust("src/app/src/a.rs", &format!("{call}\n")), [2]);
}

#[test]
fn places_of_one_machine() {
    let place = ["/t", "mp"].concat();
    for bad in ["x {}/a", "\"{}\"", "a={}", "cd {}; b"] {
        assert_eq!(lines_of("a.sh", &bad.replace("{}", &place)), [1], "{bad}");
    }
    for good in ["a{}", "src{}/a", "{}fs", "$A{}/b"] {
        assert!(
            lines_of("a.sh", &good.replace("{}", &place)).is_empty(),
            "{good}"
        );
    }
}

#[test]
fn unwraps_and_prints() {
    let text = "a.unwrap()\n// b.unwrap()\n#[cfg(test)]\n#[allow(x)]\nmod tests {\nc.unwrap()\n";
    assert_eq!(rust("src/app/src/a.rs", text), [2]);
    assert!(rust("src/app/tests/a.rs", text).is_empty());
    assert_eq!(rust("src/keys.rs", "println!()\neprint!()\n"), [2, 3]);
    for path in [
        "src/main.rs",
        "src/settings/a.rs",
        "tests/a.rs",
        "src/app/build.rs",
    ] {
        assert!(rust(path, "println!()\n").is_empty(), "{path}");
    }
    let parent = made(
        "src/app/src/lib.rs",
        "//! Job.\n#[cfg(test)]\nmod stories;\n",
    );
    let child = made("src/app/src/stories.rs", "//! Job.\na.unwrap()\n");
    let manifest = made("src/app/Cargo.toml", "");
    assert_eq!(check(vec![manifest, parent, child]), "");
}

#[test]
fn names_that_say_nothing() {
    let text = "struct Peer{};\nenum Handle_\nstruct Handle;\npub type A = Service;\n";
    let text = text.replace("{}", "Manager").replace("Handle_", "Handler");
    assert_eq!(rust("src/app/src/a.rs", &text), [2, 3]);
}

#[test]
fn borders_between_shells() {
    let text = "use crate::keys;\nuse crate::{\n    keys::{Rect, media},\n    player,\n};\n";
    assert_eq!(rust("src/display/a.rs", text), [3]);
    assert_eq!(
        rust(
            "src/settings/mod.rs",
            "a(crate::player::B)\n// crate::display\n"
        ),
        [2]
    );
    assert!(rust("src/world.rs", "use crate::player;\n").is_empty());
    assert!(rust("src/app/src/a.rs", "use crate::player;\n").is_empty());
    assert_eq!(rust("src/new/mod.rs", ""), [1]);
    assert_eq!(rust("src/player/mod.rs", "use super::display;\n"), [2]);
    assert!(rust("src/player/a.rs", "use super::display;\n").is_empty());
    assert_eq!(rust("src/player/a.rs", "use super::super::display;\n"), [2]);
}

#[test]
fn pure_crates_depend_on_nothing() {
    let text = "[dependencies]\n# none\n[dev-dependencies]\nx = \"1\"\n\
        [build-dependencies]\nx = \"1\"\n";
    assert!(lines_of("src/swarm/Cargo.toml", text).is_empty());
    let text = "[dependencies]\nx = \"1\"\n[target.'cfg(unix)'.dependencies]\ny = \"1\"\n";
    assert_eq!(lines_of("src/swarm/Cargo.toml", text), [2, 4]);
    assert_eq!(lines_of("src/swarm/Cargo.toml", "[dependencies.x]\n"), [1]);
    assert!(lines_of("src/ui/Cargo.toml", "[dependencies]\nx = \"1\"\n").is_empty());
}
