"""Updates from a drive: bad ones are refused, a good one runs, one that never shows goes back."""

import media
from maker import machine
from updates import Updates


def run(place, board=media.USUAL):
    updates = Updates(board, place)
    mark = place / "data/matinee/mark"
    mark.parent.mkdir(parents=True)
    mark.write_text("before\n")
    disk = media.disk(place, board, place / "data")
    good = updates.bundle("2.0.0")
    refused = _bad_ones(updates, good)
    good = updates.drive(good)
    broken = updates.drive(updates.bundle("3.0.0", broken=True))
    with disk.start(place) as box:
        at, _ = box.wait_for(r"matinee: slot A", 30)
        at, _ = box.wait_for(machine.UP, 30, at)
        for drive, why in refused:
            box.plug(drive)
            at, _ = box.wait_for(rf"usb\[\d+\]: refused: .*{why}", 60, at + 1)
        box.plug(good)
        box.wait_for(r"usb\[\d+\]: version 2\.0\.0 is installed", 60, at)
        at, _ = box.wait_for(r"matinee: slot B", 30, box.reset())
        at, _ = box.wait_for(machine.UP, 30, at)
        at, _ = box.wait_for(r"good\[\d+\]: yes", 30, at, timer=150)
        box.plug(broken)
        at, _ = box.wait_for(r"usb\[\d+\]: version 3\.0\.0 is installed", 60, at)
        at, _ = box.wait_for(r"matinee: slot A", 30, box.reset())
        at, _ = box.wait_for(r"failed\[\d+\]: this system never came up", 60, at)
        back, _ = box.wait_for(r"matinee: slot B", 60, at)
        box.wait_for(machine.UP, 30, back)
        box.screen(place / "back.png")
    disk.expect("/matinee/mark", True, place)
    return f"{len(refused)} bundles refused, one taken, one taken back"


def _bad_ones(updates, good):
    """Drives with bundles that a box must not take, and what it says of each."""
    truncated = updates.place / "matinee-truncated.raucb"
    with good.open("rb") as whole:
        truncated.write_bytes(whole.read(good.stat().st_size * 2 // 3))
    bundles = [
        (updates.again("2.0.0", "strange", signed_by=updates.strange_keys()), "signature"),
        (updates.again("2.0.0", "other-board", compatible="matinee-rpi4"), "[Cc]ompatible"),
        (updates.again("2.0.0", "older", version="0.0.9"), "older"),
        (truncated, ""),
    ]
    return [(updates.drive(bundle), why) for bundle, why in bundles]
