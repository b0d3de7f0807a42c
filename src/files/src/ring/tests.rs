//! What a ring asks for and holds.

use super::*;

/// 1000 blocks, 256 of them held.
fn ring() -> Ring {
    Ring::new(1000 * BLOCK, 256 * BLOCK)
}

fn read(ring: &mut Ring, block: u64) -> u64 {
    ring.begin(block * BLOCK..(block + 1) * BLOCK)
}

fn fill(ring: &mut Ring, line: usize, blocks: Range<u64>) {
    for block in blocks {
        ring.put(
            line,
            block,
            Bytes::from(vec![0; ring.bytes_of(block) as usize]),
        );
    }
    ring.stop(line);
}

/// Reads so many blocks in a row, which come at once.
fn play(ring: &mut Ring, blocks: Range<u64>) {
    for block in blocks {
        let id = read(ring, block);
        fill(ring, 0, block..block + 1);
        ring.end(id);
    }
}

#[test]
fn a_first_look_costs_little_and_a_playhead_fills_the_ring() {
    let mut ring = ring();
    let id = read(&mut ring, 0);
    assert_eq!(ring.next(0), Some(0..4));
    fill(&mut ring, 0, 0..4);
    ring.end(id);
    play(&mut ring, 1..4);
    assert_eq!(ring.next(0), Some(4..36));
    assert_eq!(ring.next(1), Some(36..68));
    fill(&mut ring, 0, 4..36);
    fill(&mut ring, 1, 36..68);
    let mut end = 68;
    while let Some(run) = ring.next(0) {
        assert_eq!(run.start, end);
        end = run.end;
        fill(&mut ring, 0, run);
    }
    assert!((3 + 192 - 32..=3 + 192).contains(&end), "{end}");
}

#[test]
fn what_is_waited_for_comes_before_what_will_be() {
    let mut ring = ring();
    play(&mut ring, 0..4);
    let ahead = ring.next(0).unwrap();
    let id = read(&mut ring, 998);
    assert_eq!(ring.next(1), Some(998..1000));
    assert_eq!(
        ring.goes_on(0),
        Some(ahead.start),
        "what is played next goes on"
    );
    fill(&mut ring, 0, 4..20);
    ring.lines[0] = Some(20..36);
    assert_eq!(
        ring.goes_on(0),
        None,
        "the rest of the line is the reader's"
    );
    ring.stop(0);
    fill(&mut ring, 1, 998..1000);
    ring.end(id);
    assert_eq!(ring.next(0), Some(20..52));
}

#[test]
fn what_is_foreseen_is_got_whole_before_anybody_reads() {
    let mut ring = ring();
    ring.foresee(0..8 * BLOCK);
    ring.foresee(998 * BLOCK..1000 * BLOCK);
    assert_eq!(ring.next(0), Some(0..8));
    assert_eq!(ring.next(1), Some(998..1000));
    assert_eq!(ring.goes_on(0), Some(0));
    assert_eq!(ring.goes_on(1), Some(998));
    fill(&mut ring, 1, 998..1000);
    assert_eq!((ring.next(1), ring.goes_on(0)), (None, Some(0)));
}

#[test]
fn a_seek_leaves_a_line_that_is_far_from_there() {
    let mut ring = ring();
    play(&mut ring, 0..4);
    assert_eq!(ring.next(0), Some(4..36));
    read(&mut ring, 30);
    assert_eq!(ring.next(1), Some(30..34));
    assert_eq!(ring.lines[0], Some(4..30));
    let mut near = super::tests::ring();
    play(&mut near, 0..4);
    near.next(0);
    read(&mut near, 7);
    assert_eq!(near.next(1), None, "it comes soon");
}

#[test]
fn no_more_is_held_than_there_is_room_for() {
    let mut ring = ring();
    for start in [0, 400, 100, 700] {
        play(&mut ring, start..start + 4);
        while let Some(run) = ring.next(0) {
            fill(&mut ring, 0, run);
            assert!(ring.held.len() <= 256);
        }
        let ahead = ring
            .have()
            .into_iter()
            .find(|run| run.contains(&((start + 3) * BLOCK)));
        assert!(ahead.unwrap().end >= (start + 160) * BLOCK);
    }
}

#[test]
fn from_the_start_only_what_passed_is_lost_and_what_is_far_is_out_of_reach() {
    let mut ring = ring();
    ring.only_from_start();
    assert_eq!(ring.next(1), None);
    assert_eq!(ring.next(0), Some(0..1000));
    assert!(ring.is_out_of_reach(&(999 * BLOCK..1000 * BLOCK)));
    for block in 0..300 {
        let id = read(&mut ring, block);
        assert!(ring.has_room(block));
        ring.put(0, block, Bytes::from(vec![0; BLOCK as usize]));
        assert!(ring.get(&(block * BLOCK..block * BLOCK + 1)).is_some());
        ring.end(id);
    }
    assert!(ring.is_out_of_reach(&(0..1)));
    assert!(!ring.has_room(700));
    let small = &mut Ring::new(100 * BLOCK, 256 * BLOCK);
    small.only_from_start();
    assert!(!small.is_out_of_reach(&(99 * BLOCK..100 * BLOCK)));
}

#[test]
fn a_read_is_joined_from_its_blocks() {
    let mut ring = Ring::new(3 * BLOCK + 10, 0);
    for block in 0..4u8 {
        let bytes = vec![block; ring.bytes_of(block.into()) as usize];
        ring.put(0, block.into(), bytes.into());
    }
    assert_eq!(ring.get(&(BLOCK - 1..BLOCK + 1)).unwrap()[..], [0, 1]);
    assert_eq!(
        ring.get(&(3 * BLOCK - 1..3 * BLOCK + 10)).unwrap().len(),
        11
    );
    assert_eq!(
        ring.have().as_slice(),
        std::slice::from_ref(&(0..3 * BLOCK + 10))
    );
}
