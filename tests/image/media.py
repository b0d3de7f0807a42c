"""Disks with an image on them, what is in their partitions, and machines that start from them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from maker import machine
from maker.board import ROOT, Board, read
from maker.room import Room
from maker.say import Failure

SECTOR = 512

# The box's user (systemd/sysusers.conf).
USER = 980

# Of a medium: the data partition has room to grow.
DISK_BYTES = 2 << 30

# The board of the scenarios that need only one.
USUAL = "qemu-x86_64"

NO_NETWORK = ("-nic", "none")


@dataclass(frozen=True)
class Medium:
    """A disk of a board."""

    path: Path
    board: Board

    def parts(self):
        """Where each partition begins, and its length, in bytes, by name and in their order."""
        # It warns of the room behind the last partition, where the box will grow it.
        told = Room().read("sh", "-c", "sfdisk --json /disk 2>/dev/null",
                           binds=[(self.path, "/disk")])
        return {part["name"]: (part["start"] * SECTOR, part["size"] * SECTOR)
                for part in json.loads(told)["partitiontable"]["partitions"]}

    def part(self, name):
        """Where the partition begins, and its length, in bytes."""
        parts = self.parts()
        if name not in parts:
            raise Failure(f"the disk has no partition {name}")
        return parts[name]

    def content(self, name, out):
        """Copies the partition's content into a file."""
        start, left = self.part(name)
        with self.path.open("rb") as disk, out.open("wb") as file:
            disk.seek(start)
            while left:
                left -= file.write(disk.read(min(left, 1 << 24)))

    def write(self, name, content):
        """Puts the file `content` where that partition begins."""
        with self.path.open("r+b") as disk, content.open("rb") as file:
            disk.seek(self.part(name)[0])
            while some := file.read(1 << 24):
                disk.write(some)

    def expect(self, path, there, place):
        """Fails unless the data partition has that file, or has it not; as it is after a cut."""
        out = place / "after.ext4"
        self.content("data", out)
        room, inside, binds = Room(), f"/place/{out.name}", [(place, "/place")]
        # What was promised is in the journal.
        room.run("sh", "-c", f"e2fsck -fy {inside} >/dev/null; [ $? -lt 4 ]", binds=binds)
        told = room.read("debugfs", "-R", f"stat {path}", inside, binds=binds)
        out.unlink()
        if ("Inode:" in told) != there:
            raise Failure(f"{path} is {'not' if there else 'still'} there")

    def copy(self, out):
        """The same on another one."""
        machine.medium(self.path, out, self.path.stat().st_size)
        return Medium(out, self.board)

    def start(self, place, log="console.log", network=NO_NETWORK, writes=None):
        """A machine that starts from it, for use in `with`; its console is also in `place`.
        `writes`: a file that gets every write to the disk in its order (tests/image/writes.py)."""
        line = [*machine.command(self.path, self.board, writes), *network]
        return machine.Machine(line, place / log, place, machine.slowness(self.board))


def image(board=USUAL):
    """The image as it was built, not to be written to."""
    path = ROOT / "target/image" / f"matinee-{board}.img"
    if not path.exists():
        raise Failure(f"{path} is missing: run make image BOARD={board}")
    return Medium(path, read(board))


def disk(place, board=USUAL, data=None):
    """The image on a larger medium; `data` is a folder with what is on its data partition, which
    belongs to root but for the box's own folder `matinee`."""
    made = Medium(place / "disk.img", read(board))
    machine.medium(image(board).path, made.path, DISK_BYTES)
    if data:
        filled = place / "data.ext4"
        fill(filled, made.board.data_mib, data, place)
        made.write("data", filled)
        filled.unlink()
    return made


def fill(out, mib, folder, place):
    """A file system (ext4) of that size with what is in the folder."""
    for path in [folder / "matinee", *(folder / "matinee").rglob("*")]:
        if path.exists():
            os.chown(path, USER, USER)
    with out.open("wb") as file:
        file.truncate(mib << 20)
    Room().run("mke2fs", "-q", "-t", "ext4", "-L", "data", "-m", "0", "-d",
               f"/place/{folder.relative_to(place)}", f"/place/{out.relative_to(place)}",
               binds=[(place, "/place")])


def drive(out, files, mib):
    """A drive (FAT) with these files: what they are called there, and where they are."""
    with out.open("wb") as file:
        file.truncate(mib << 20)
    binds = [(out.parent, "/place")]
    lines = [f"mkfs.vfat -F 32 -n DRIVE /place/{out.name} >/dev/null"]
    for number, (name, path) in enumerate(files.items()):
        binds.append((path, f"/file-{number}"))
        lines.append(f"mcopy -i /place/{out.name} /file-{number} '::{name}'")
    Room().run("sh", "-euc", "\n".join(lines), binds=binds)
    return out
