//! What a channel's server and a bundle may say, over the corpus and mutations of it.

use fixtures::mutations::{MUTATIONS, smoke};
use ota::fuzzing::TARGETS;

#[test]
fn every_parser_of_updates_survives_mutations_of_its_corpus() {
    for (name, target) in TARGETS {
        smoke(name, *target, MUTATIONS);
    }
}
