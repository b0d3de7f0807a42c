"""What the docs say of a box's start, memory and sizes; and what a small update must fetch."""

import re

import media
from maker import disk, machine, slots
from maker.room import cache
from updates import Updates

# Told on the console a minute after the wall, when nothing starts any more.
_UNIT = """[Unit]
After=matinee.service

[Service]
# Not a job of the start, of which systemd would say that it is not over.
Type=exec
StandardOutput=journal
SyslogIdentifier=figures
ExecStart=/bin/sh -c 'sleep 60; systemd-analyze critical-chain --no-pager matinee.service; \\
    systemd-analyze time; ps --no-headers --sort -rss -eo rss,comm | head -n 5; \\
    grep kB /proc/meminfo; \\
    echo these were the figures'
"""


# Of /proc/meminfo, in KiB.
_MEMORY = re.compile(r"(\w+): +(\d+) kB$")

_SAID = re.compile(r"^\[.*\] figures\[\d+\]: (.*)")


def run(place):
    updates = Updates(media.USUAL, place)
    work = cache() / "work" / media.USUAL
    medium = media.disk(place)
    folder = updates.slots("figures", _with_unit)
    for name in ("root", "kernel"):
        image = "root.img" if name == "root" else "kernel.vfat"
        medium.write(f"{name}-a", folder / image)
    with medium.start(place) as box:
        at, shown = box.wait_for(machine.UP, 30)
        # From the first steps to the wall.
        box.press("esc")
        end, _ = box.wait_for("these were the figures", 60, at, timer=60)
        said = [_SAID.match(line) for line in box.text().splitlines()[at:end]]
    said = [line[1] for line in said if line]
    memory = {line[1]: int(line[2]) for line in map(_MEMORY.match, said) if line}
    print("\n".join(line for line in said if not _MEMORY.match(line)))
    fetched = _fetched(work, updates)
    root, bundle = ((path.stat().st_size >> 20) for path in
                    (work / "root.img", media.image().path.with_suffix(".raucb")))
    return (f"the first picture {shown[1]} s after the kernel's start; {_in_use(memory) >> 10} MiB "
            f"of memory in use on the wall, the box's page cache aside; root {root} MiB, update "
            f"{bundle} MiB, of which {fetched:.1f} MiB are new where our program alone changes")


def _in_use(memory):
    """KiB that nobody can drop: not files that can be read again, but those that are in memory."""
    cached = memory["MemFree"] + memory["Buffers"] + memory["Cached"] + memory["SReclaimable"]
    return memory["MemTotal"] - cached + memory["Shmem"]


def _with_unit(tree):
    unit = tree / "usr/lib/systemd/system/figures.service"
    unit.write_text(_UNIT)
    wants = tree / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / unit.name).symlink_to(f"/usr/lib/systemd/system/{unit.name}")


def _fetched(work, updates):
    """MiB of blocks of the root that a box does not have already (RAUC's `block-hash-index`), where
    the program is another one: all of its bytes differ."""
    def other(tree):
        program = tree / "usr/bin/matinee"
        program.write_bytes(bytes(byte ^ 0xFF for byte in program.read_bytes()))

    there = work / "root.img"
    # Packed as the image is, or no block of it would be the same.
    new = updates.slots("other", other, level=slots.LEVEL) / "root.img"
    known = set(_blocks(there))
    return sum(len(block) for block in _blocks(new) if block not in known) / (1 << 20)


def _blocks(path):
    with path.open("rb") as file:
        while block := file.read(disk.BLOCK):
            yield block
