//! The smoke run of this crate's fuzz targets: see `tests/torrent/fuzz.rs`.

use fixtures::mutations::{MUTATIONS, smoke};
use stream::fuzzing::TARGETS;

#[test]
fn every_parser_survives_mutations_of_its_corpus() {
    for (name, target) in TARGETS {
        smoke(name, *target, MUTATIONS);
    }
}
