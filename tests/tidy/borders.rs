//! Which modules of the root package may know which others: the design, as a table.

/// Which modules of the root package a module may name by `crate::`. Shells do not know one
/// another; `keys` and the crate `media` are the joints between them. A module that is missing
/// here is a violation: decide what it may know.
pub(crate) const BORDERS: &[(&str, &[&str])] = &[
    ("addons", &[]),
    ("bell", &[]),
    ("board", &["small_file"]),
    ("commands", &["engine", "log", "portable", "settings"]),
    ("demo", &[]),
    ("display", &["bell", "keys", "small_file", "uevents"]),
    ("doorway", &["event_loop", "remote"]),
    ("engine", &["settings"]),
    ("event_loop", &["figures", "pulse", "world"]),
    ("figures", &[]),
    ("incidents", &["small_file"]),
    ("input", &["bell", "keys", "small_file"]),
    ("keeping", &[]),
    ("keys", &[]),
    ("log", &["event_loop"]),
    ("phones", &["event_loop", "remote", "small_file"]),
    ("player", &["bell", "uevents"]),
    ("portable", &[]),
    ("power", &[]),
    ("pulse", &[]),
    ("remote", &[]),
    ("settings", &["small_file"]),
    ("small_file", &[]),
    ("sources", &["settings"]),
    ("stage", &["display", "event_loop", "figures", "pulse"]),
    ("storage", &["bell", "small_file"]),
    ("texts", &["event_loop"]),
    ("tv", &["bell"]),
    ("uevents", &[]),
    ("updates", &["small_file"]),
    (
        "web",
        &[
            "board",
            "event_loop",
            "keeping",
            "power",
            "settings",
            "sources",
            "updates",
        ],
    ),
];
