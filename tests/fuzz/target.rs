//! Every target: the program runs the function of a crate's `fuzzing` that it is named after.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut targets = torrent::fuzzing::TARGETS
        .iter()
        .chain(stream::fuzzing::TARGETS)
        .chain(addon::fuzzing::TARGETS)
        .chain(subtitles::fuzzing::TARGETS)
        .chain(ota::fuzzing::TARGETS);
    let (_, target) = targets
        .find(|(name, _)| *name == env!("CARGO_BIN_NAME"))
        .expect("each program has the name of a target");
    target(bytes);
});
