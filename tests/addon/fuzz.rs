//! The fuzz targets over their corpus and mutations of it (`fixtures::mutations`).

use addon::fuzzing::TARGETS;
use fixtures::mutations::{MUTATIONS, smoke};

#[test]
fn every_parser_survives_mutations_of_its_corpus() {
    for (name, target) in TARGETS {
        smoke(name, *target, MUTATIONS);
    }
}
