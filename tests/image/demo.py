"""A disk whose data partition has the demo film already: a processor that is only pretended would
take a quarter of an hour to make it. It is made by the image's own root, on the real one."""

import hashlib
import os
import shutil
import struct
import subprocess

from maker import machine
from maker.board import read
from maker.room import Room, cache, key
from maker.say import Failure

# The box's user (systemd/sysusers.conf).
USER = 980

# Of a medium: the data partition has room to grow.
DISK_BYTES = 2 << 30


def disk(files, place):
    """A copy of the image's disk with the film on it."""
    room, board = Room(), read(files.board)
    folder = place / "data"
    shutil.copytree(_film(board, room), folder / "matinee")
    for path in [folder / "matinee", *(folder / "matinee").rglob("*")]:
        os.chown(path, USER, USER)
    filled = place / "data.ext4"
    with filled.open("wb") as file:
        file.truncate(board.data_mib << 20)
    room.run("mke2fs", "-q", "-t", "ext4", "-L", "data", "-m", "0", "-d", "/place/data",
             "/place/data.ext4", binds=[(place, "/place")])
    copy = place / "disk.img"
    machine.medium(files.disk, copy, DISK_BYTES)
    with copy.open("r+b") as file:
        file.seek(_start(file, "data"))
        with filled.open("rb") as data:
            shutil.copyfileobj(data, file)
    filled.unlink()
    shutil.rmtree(folder)
    return copy


def _start(file, name):
    """Where the partition of that name begins (UEFI 2.10, 5.3: entries of 128 bytes)."""
    file.seek(1024)
    for entry in struct.iter_unpack("<16s16sQQQ72s", file.read(128 * 128)):
        if entry[5].decode("utf-16-le").rstrip("\0") == name:
            return entry[2] * 512
    raise Failure(f"the disk has no partition {name}")


def _film(board, room):
    """The data folder of a box that has made its film."""
    work = cache() / "work" / board.name
    made = cache() / "demo" / key(hashlib.sha256((work / "root.img").read_bytes()).hexdigest())
    if made.exists():
        return made
    half = made.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    line = room.line(
        "chroot", "/tree", "/usr/bin/matinee", "--display", "headless", "--demo", "--data", "/data",
        binds=[(work / "root", "/tree"), ("/dev", "/tree/dev"), ("/proc", "/tree/proc"),
               (half, "/tree/data")])
    told = []
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as box:
        for text in box.stdout:
            told.append(text)
            if "the demo is seeded" in text:
                break
        box.kill()
    if not (half / "demo/demo.torrent").exists():
        raise Failure("the image's root makes no demo film here:\n" + "".join(told[-15:]))
    # What else the box keeps is made on the machine.
    for path in half.iterdir():
        if path.name != "demo":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    half.rename(made)
    return made
