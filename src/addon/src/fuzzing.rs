//! Every parser of foreign bytes in this crate as a function of bytes, for the fuzz targets and
//! their smoke run (`tests/fuzz`, `tests/addon/fuzz.rs`). No part of the program uses it.
//!
//! Each must return for whatever it is given: a panic is a finding. What was read must be written
//! so that it is read again as the same, with nothing lost.

use crate::answer::Answer;
use crate::link::Link;
use crate::losses::Losses;
use crate::manifest::Manifest;
use crate::reply::Reply;
use crate::request::{Request, Resource, Route};
use crate::transport::Transport;

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; the folders of the corpus have these names.
pub const TARGETS: &[Target] = &[
    ("addon-manifest", manifest),
    ("addon-answer", answer),
    ("addon-path", path),
    ("addon-link", link),
];

/// The answer to `/manifest.json`.
pub fn manifest(bytes: &[u8]) {
    let Ok((manifest, _)) = Manifest::read(bytes) else {
        return;
    };
    for row in manifest.board().iter().chain(&manifest.searches("a")) {
        assert!(manifest.answers(&row.request), "{row:?}");
    }
    let _ = manifest.sights();
    let written = Reply::manifest(&manifest).body;
    assert_eq!(Manifest::read(&written), Ok((manifest, Losses::default())));
}

/// The answer to each kind of question.
pub fn answer(bytes: &[u8]) {
    for resource in Resource::ALL {
        let request = Request::new(resource, "movie", "tt1");
        let Ok(mut answer) = Answer::read(&request, bytes) else {
            continue;
        };
        answer.losses = Losses::default();
        assert_eq!(Answer::read(&request, &answer.to_json()), Ok(answer));
    }
}

/// The path of a request.
pub fn path(bytes: &[u8]) {
    if let Some(Route::Resource(request)) = Route::parse(&String::from_utf8_lossy(bytes)) {
        let again = Route::parse(&request.path());
        assert_eq!(again, Some(Route::Resource(request)));
    }
}

/// What somebody pasted.
pub fn link(bytes: &[u8]) {
    let Ok(Link::AddOn { transport, .. }) = Link::parse(&String::from_utf8_lossy(bytes)) else {
        return;
    };
    let _ = (transport.shown(), transport.host(), transport.is_local());
    assert_eq!(Transport::parse(transport.as_str()), Ok(transport));
}
