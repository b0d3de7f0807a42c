"""The power goes at twenty moments of an update: the old system comes up, or the new one."""

import os
import random
import shutil

import media
import writes
from maker import machine
from maker.board import ROOT
from maker.say import Failure
from updates import Updates

# Moments of the update; CUTS says otherwise. SEED repeats those of a run.
CUTS = int(os.environ.get("CUTS", "20"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randint(1, 1 << 32)


def run(place):
    files = machine.Files(ROOT / "target/image", "qemu-x86_64")
    folder = place / "data"
    (folder / "matinee").mkdir(parents=True)
    (folder / "matinee/mark").write_text("before\n")
    disk = media.disk(files, place, folder)
    before, log = place / "before.img", place / "writes"
    machine.medium(disk, before, media.DISK_BYTES)
    first = _update(files, disk, log, place)
    disk.unlink()
    written, chance = writes.read(log), random.Random(SEED)
    cuts, came = writes.Cuts(before, log, written), {"A": 0, "B": 0}
    for number, cut in enumerate(_moments(before, written, first, chance), 1):
        cuts.flush(cut)
        copy = place / "cut.img"
        machine.medium(before, copy, media.DISK_BYTES)
        lost = cuts.lose(copy, cut, chance)
        print(f"powercut: {number} of {CUTS}: before write {cut} of {len(written)}, "
              f"{lost} sectors lost", flush=True)
        try:
            came[_comes_up(copy, place)] += 1
        except Failure as why:
            raise Failure(f"SEED={SEED}, cut before write {cut}: {why}") from None
    return f"{CUTS} cuts, seed {SEED}: the old system {came['A']} times, the new {came['B']}"


def _update(files, disk, log, place):
    """Has the update installed from a drive; returns the first write of it."""
    updates = Updates(files.board, place)
    drive = updates.drive(updates.bundle("2.0.0"))
    slow = machine.slowness()
    with machine.Machine([*machine.command(disk, log=log), "-nic", "none"], place / "console.log",
                         place) as box:
        at, _ = box.wait_for(machine.UP, 30 * slow)
        at, _ = box.wait_for(r"good\[\d+\]: yes", 150 + 30 * slow, at)
        first = len(writes.read(log))
        box.plug(drive)
        box.wait_for(r"usb\[\d+\]: version 2\.0\.0 is installed", 60 * slow, at)
    drive.unlink()
    shutil.rmtree(place / "version-2.0.0")
    return first


def _moments(disk, written, first, chance):
    """Where to cut: half of them anywhere in the update, half beside a write to the boot loader's
    choice, which is where it hurts, and once after the last write."""
    with disk.open("rb") as file:
        start, length = media.partition(file, "boot")
    choice = [number + after for number, write in enumerate(written) for after in (0, 1)
              if number >= first and start <= write.sector * writes.SECTOR < start + length]
    if not choice:
        raise Failure("the update did not tell the boot loader")
    some = [chance.choice(choice) for _ in range(CUTS // 2)]
    some += [chance.randint(first, len(written)) for _ in range(CUTS - len(some) - 1)]
    return sorted([*some, len(written)])


def _comes_up(disk, place):
    """Starts the box; returns the slot that runs with the wall on the screen."""
    slow = machine.slowness()
    with machine.Machine([*machine.command(disk), "-nic", "none"], place / "console.log",
                         place) as box:
        _, shown = box.wait_for(machine.UP, 120 * slow)
        slot = [line for line in box.text().splitlines() if "matinee: slot " in line]
        if "incident" in box.text() or "made anew" in box.text():
            raise Failure("the data did not survive")
    media.expect(disk, "/matinee/mark", True, place)
    return slot[-1].split("matinee: slot ")[1][0]
