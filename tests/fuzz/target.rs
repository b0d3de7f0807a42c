//! Every target: the program runs the function of `torrent::fuzzing` that it is named after.
#![no_main]

use libfuzzer_sys::fuzz_target;
use torrent::fuzzing::TARGETS;

fuzz_target!(|bytes: &[u8]| {
    let (_, target) = TARGETS
        .iter()
        .find(|(name, _)| *name == env!("CARGO_BIN_NAME"))
        .expect("each program has the name of a target");
    target(bytes);
});
