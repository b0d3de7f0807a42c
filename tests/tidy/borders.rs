//! Which modules of the root package may know which others: the design, as a table.

/// Which modules of the root package a module may name by `crate::`. Shells do not know one
/// another; `keys` and the crate `media` are the joints between them. A module that is missing
/// here is a violation: decide what it may know.
pub(crate) const BORDERS: &[(&str, &[&str])] = &[
    ("addons", &[]),
    ("board", &["text_file"]),
    ("commands", &["engine", "log", "portable", "settings"]),
    ("demo", &[]),
    ("display", &["keys"]),
    ("doorway", &["event_loop", "remote"]),
    ("engine", &["settings"]),
    ("event_loop", &["figures", "pulse", "world"]),
    ("figures", &[]),
    ("incidents", &["text_file"]),
    ("input", &["keys"]),
    ("keeping", &[]),
    ("keys", &[]),
    ("log", &["event_loop"]),
    ("player", &[]),
    ("portable", &[]),
    ("power", &[]),
    ("pulse", &[]),
    ("remote", &[]),
    ("settings", &["text_file"]),
    ("sources", &["settings"]),
    ("stage", &["display", "event_loop", "figures", "pulse"]),
    ("text_file", &[]),
    ("texts", &["event_loop"]),
    ("tv", &[]),
    ("updates", &["text_file"]),
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
