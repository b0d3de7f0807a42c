"""Media for a box: its image on a disk that is larger, with something on the data partition."""

import os
import shutil
import struct

from maker import machine
from maker.board import read
from maker.room import Room
from maker.say import Failure

# The box's user (systemd/sysusers.conf).
USER = 980

# Of a medium: the data partition has room to grow.
DISK_BYTES = 2 << 30


def disk(files, place, data=None):
    """A copy of the image's disk; `data` is a folder with what is on its data partition, which
    belongs to root but for the box's own folder `matinee`."""
    copy = place / "disk.img"
    machine.medium(files.disk, copy, DISK_BYTES)
    if data:
        filled = place / "data.ext4"
        fill(filled, read(files.board).data_mib, data, place)
        write(copy, "data", filled)
        filled.unlink()
    return copy


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


def write(medium, name, content):
    """Puts the file `content` where that partition begins."""
    with medium.open("r+b") as file, content.open("rb") as data:
        file.seek(partition(file, name)[0])
        shutil.copyfileobj(data, file)


def partition(file, name):
    """Where the partition of that name begins, and its length, in bytes (UEFI 2.10, 5.3: entries
    of 128 bytes)."""
    file.seek(1024)
    for entry in struct.iter_unpack("<16s16sQQQ72s", file.read(128 * 128)):
        if entry[5].decode("utf-16-le").rstrip("\0") == name:
            return entry[2] * 512, (entry[3] + 1 - entry[2]) * 512
    raise Failure(f"the disk has no partition {name}")


def length(medium, name):
    """Bytes of that partition."""
    with medium.open("rb") as file:
        return partition(file, name)[1]


def expect(medium, path, there, place):
    """Fails unless the data partition has that file, or has it not; as it is after a cut."""
    out = place / "after.ext4"
    with medium.open("rb") as file:
        start, left = partition(file, "data")
        file.seek(start)
        with out.open("wb") as part:
            while left > 0 and (some := file.read(min(left, 1 << 24))):
                part.write(some)
                left -= len(some)
    room, inside, binds = Room(), f"/place/{out.name}", [(place, "/place")]
    # What was promised is in the journal.
    room.run("sh", "-c", f"e2fsck -fy {inside} >/dev/null; [ $? -lt 4 ]", binds=binds)
    told = room.read("debugfs", "-R", f"stat {path}", inside, binds=binds)
    out.unlink()
    if ("Inode:" in told) != there:
        raise Failure(f"{path} is {'not' if there else 'still'} there")
