"""A disk whose data partition has the demo film already: a processor that is only pretended would
take a quarter of an hour to make it. It is made by the root of a PC's image, on the real one: it is
the same film for any."""

import hashlib
import shutil
import subprocess

import media
from maker.room import Room, cache, key
from maker.say import Failure


def disk(place, board=media.USUAL, more=None):
    """The board's image on a larger medium, with the film on it; `more` adds to its data folder."""
    folder = place / "data"
    shutil.copytree(_film(Room()), folder / "matinee")
    if more:
        more(folder)
    made = media.disk(place, board, folder)
    shutil.rmtree(folder)
    return made


def film():
    """The film itself."""
    (found,) = _film(Room()).rglob("*.mkv")
    return found


def _film(room):
    """The data folder of a box that has made its film."""
    work = cache() / "work/qemu-x86_64"
    if not (work / "root").exists():
        raise Failure("the film is made by another image: run make image BOARD=qemu-x86_64")
    # What makes the film, and so what the film is.
    program = (work / "root/usr/bin/matinee").read_bytes()
    made = cache() / "demo" / key(hashlib.sha256(program).hexdigest())
    if made.exists():
        return made
    half = made.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    # Of that root updates are made too: nothing may be left in it.
    line = room.line(
        "sh", "-c", 'mount -o remount,bind,ro /tree && exec chroot /tree "$@"', "sh",
        "/usr/bin/matinee", "--display", "headless", "--demo", "--data", "/data",
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
