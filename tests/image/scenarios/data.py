"""The wall comes up whatever the data is like: full, damaged, beyond repair, to be forgotten."""

import media
from maker import machine
from maker.room import Room


def run(place):
    told = []
    for name, prepare, lines, kept in CASES:
        folder = place / name
        folder.mkdir()
        disk = prepare(folder)
        seconds = _starts(disk, folder, lines)
        disk.expect("/matinee/mark", kept, folder)
        told.append(f"{name} {seconds} s")
        disk.path.unlink()
    return ", ".join(told)


def _starts(disk, folder, lines):
    """Starts a box from the disk: it says these lines, and shows the wall."""
    with disk.start(folder) as box:
        at = 0
        for line in lines:
            at, _ = box.wait_for(rf"data\[\d+\]: .*{line}", 30, at)
        _, shown = box.wait_for(machine.UP, 30)
        # A box that has forgotten everything asks its owner in: Back leads to the wall.
        box.press("esc")
        box.watch(lambda screen: screen.focus_ring() is not None, 5, folder / "wall.png",
                  "this is not the wall")
        # What was written in memory alone goes with the machine, as with the power.
        return round(float(shown[1]))


def _marked(folder):
    """A data folder with a file in it that is looked for afterwards."""
    data = folder / "data"
    (data / "matinee").mkdir(parents=True)
    (data / "matinee/mark").write_text("before\n")
    return data


def _full(folder):
    data = _marked(folder)
    disk = media.disk(folder)
    filled = folder / "data.ext4"
    media.fill(filled, disk.part("data")[1] >> 20, data, folder)
    # All that is left, to the last block.
    Room().run("sh", "-euc", """
        yes matinee | head -c 2G > /place/much
        debugfs -w -R 'write /place/much matinee/much' /place/data.ext4 >/place/told 2>&1 || true
        rm /place/much
        debugfs -R 'stats' /place/data.ext4 2>/dev/null | grep -q '^Free blocks: *0$'
    """, binds=[(folder, "/place")])
    disk.write("data", filled)
    filled.unlink()
    return disk


def _damaged(folder):
    """The first superblock is gone, and a directory's block is overwritten."""
    disk = media.disk(folder, data=_marked(folder))
    start, _ = disk.part("data")
    with disk.path.open("r+b") as file:
        file.seek(start + 1024)
        file.write(bytes(1024))
    return disk


def _beyond_repair(folder):
    disk = media.disk(folder, data=_marked(folder))
    start, length = disk.part("data")
    with disk.path.open("r+b") as file:
        file.seek(start)
        # Whatever it was: no superblock is left.
        for _ in range(length >> 20):
            file.write(b"\xa5" * (1 << 20))
    return disk


def _reset(folder):
    data = _marked(folder)
    (data / "matinee/reset").touch()
    return media.disk(folder, data=data)


CASES = [
    ("full", _full, [], True),
    ("damaged", _damaged, ["the file system is repaired"], True),
    ("beyond-repair", _beyond_repair, ["the data is made anew"], False),
    ("reset", _reset, ["everything is forgotten"], False),
]
