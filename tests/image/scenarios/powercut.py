"""The power goes at twenty moments of an update: the old system comes up, or the new one."""

import os
import random
import shutil

import media
import writes
from maker import machine
from maker.say import Failure
from updates import Updates

# Moments of the update; CUTS says otherwise. SEED repeats those of a run.
CUTS = int(os.environ.get("CUTS", "20"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randint(1, 1 << 32)


def run(place):
    folder = place / "data"
    (folder / "matinee").mkdir(parents=True)
    (folder / "matinee/mark").write_text("before\n")
    disk, log = media.disk(place, data=folder), place / "writes"
    before = disk.copy(place / "before.img")
    first = _update(disk, log, place)
    disk.path.unlink()
    written, chance = writes.read(log), random.Random(SEED)
    cuts, came = writes.Cuts(before.path, log, written), {"A": 0, "B": 0}
    for number, cut in enumerate(_moments(before, written, first, chance), 1):
        cuts.flush(cut)
        copy = before.copy(place / "cut.img")
        lost = cuts.lose(copy.path, cut, chance)
        print(f"powercut: {number} of {CUTS}: before write {cut} of {len(written)}, "
              f"{lost} sectors lost", flush=True)
        try:
            came[_comes_up(copy, place)] += 1
        except Failure as why:
            raise Failure(f"SEED={SEED}, cut before write {cut}: {why}") from None
    return f"{CUTS} cuts, seed {SEED}: the old system {came['A']} times, the new {came['B']}"


def _update(disk, log, place):
    """Has the update installed from a drive; returns the first write of it."""
    updates = Updates(media.USUAL, place)
    drive = updates.drive(updates.bundle("2.0.0"))
    with disk.start(place, writes=log) as box:
        at, _ = box.wait_for(machine.UP, 30)
        at, _ = box.wait_for(r"good\[\d+\]: yes", 30, at, timer=150)
        first = len(writes.read(log))
        box.plug(drive)
        box.wait_for(r"usb\[\d+\]: version 2\.0\.0 is installed", 60, at)
    drive.unlink()
    shutil.rmtree(place / "version-2.0.0")
    return first


def _moments(disk, written, first, chance):
    """Where to cut: half of them anywhere in the update, half beside a write to the boot loader's
    choice, which is where it hurts, and once after the last write."""
    start, length = disk.part("boot")
    choice = [number + after for number, write in enumerate(written) for after in (0, 1)
              if number >= first and start <= write.sector * writes.SECTOR < start + length]
    if not choice:
        raise Failure("the update did not tell the boot loader")
    some = [chance.choice(choice) for _ in range(CUTS // 2)]
    some += [chance.randint(first, len(written)) for _ in range(CUTS - len(some) - 1)]
    return sorted([*some, len(written)])


def _comes_up(disk, place):
    """Starts the box; returns the slot that runs with the wall on the screen."""
    with disk.start(place) as box:
        _, shown = box.wait_for(machine.UP, 120)
        slot = [line for line in box.text().splitlines() if "matinee: slot " in line]
        if "incident" in box.text() or "made anew" in box.text():
            raise Failure("the data did not survive")
    disk.expect("/matinee/mark", True, place)
    return slot[-1].split("matinee: slot ")[1][0]
