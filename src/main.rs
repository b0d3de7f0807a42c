//! Starts the box.

fn main() {}
