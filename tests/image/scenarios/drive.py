"""An empty drive is given to the box with the remote, films are kept on it, and it is pulled out
while one plays: that goes on from memory, and keys are answered. Plugged in again, it is used."""

import os

import demo
from inside import Inside, plays, settings
from maker import machine
from maker.say import Failure

# Pieces on the drive.
_KEPT = "find /run/matinee/drives -path '*/matinee/cache/*' -type f | wc -l"


def run(place):
    drive = place / "own.drive"
    with drive.open("wb") as file:
        os.truncate(file.fileno(), 2 << 30)
    with Inside(place, demo=lambda at: demo.disk(at, more=taken)) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        box.wait_for(r"the demo is seeded", 30)
        box.plug(drive, serial="matinee")
        adopt(inside)
        box.wait_for(r"films are kept in /run/matinee/drives", 20)
        _play(inside)
        kept = int(inside.run(_KEPT))
        if not kept:
            raise Failure("nothing of the film is on the drive")
        slowest = inside.pull_out()
        _goes_on(inside)
        inside.key("home")
        box.wait_for(r"films are kept in /data/matinee", 20)
        at = len(box.text().splitlines())
        box.plug(drive, serial="matinee")
        box.wait_for(r"films are kept in /run/matinee/drives", 30, at)
        again = int(inside.run(_KEPT))
        inside.expect_no_trouble()
    return (f"{kept} pieces were on the drive, {again} when it was there again; a key was answered "
            f"within {slowest:.1f} s when it was pulled out")


def taken(folder):
    """Settings of a box that keeps films on the drive: on a machine that is only pretended it may
    be too slow to be taken by itself."""
    settings(folder, 'cache-drive = "usb-QEMU_QEMU_HARDDISK_matinee-0:0"')


def adopt(inside):
    """By its page in the settings."""
    inside.open_setting("Drives")
    inside.until(lambda state: state["menu"] and "2.1 GB" in
                 "".join(state["menu"]["actions"][:1]), 20, "the drive is not listed")
    for key in ("ok", "down", "ok"):
        inside.key(key)
    asked = inside.until(lambda state: state["menu"]["ask"], 5, "it is not asked twice")
    if "2.1 GB" not in asked["menu"]["headline"]:
        raise Failure(f"it is asked about {asked['menu']['headline']!r}")
    inside.key("ok")
    inside.until(lambda state: state["menu"] and any("for films" in line for line in
                 state["menu"]["actions"]), 60, "the drive is not the box's own")


def _play(inside):
    # From the settings to the first film of the wall.
    for key in ("home", "play"):
        inside.key(key)
    inside.until(plays, 30, "the film does not play")
    _goes_on(inside)


def _goes_on(inside):
    inside.until(plays, 20, "the film does not play")
    inside.goes_on(seconds=20)
