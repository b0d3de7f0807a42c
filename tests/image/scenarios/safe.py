"""A system that was good and does not come up any more is started anew, and then in safe mode."""

import media
from maker import machine
from maker.board import ROOT
from maker.room import cache


def run(place):
    files = machine.Files(ROOT / "target/image", "qemu-x86_64")
    data = place / "data"
    (data / "matinee").mkdir(parents=True)
    # With this the box ends at once, and says where the mistake is.
    (data / "matinee/settings.toml").write_text("there is no such setting = 1\n")
    (data / "system").mkdir()
    _, root_hash, _ = (cache() / "work" / files.board / "initrd.d/verity").read_text().split()
    (data / "system/good").write_text(f"A {root_hash}\n")
    # The first two times are like the third.
    (data / "system/restarts").write_text("2\n")
    disk = media.disk(files, place, data)
    slow = machine.slowness()
    with machine.Machine([*machine.command(disk), "-nic", "none"], place / "console.log",
                         place) as box:
        at, _ = box.wait_for(r"failed\[\d+\]: starting anew, for the 3\. time", 60 * slow)
        at, _ = box.wait_for(r"matinee: slot A", 30 * slow, at)
        at, _ = box.wait_for(r"failed\[\d+\]: .*: safe mode", 60 * slow, at)
        _, shown = box.wait_for(machine.UP, 30 * slow, at)
        box.watch(lambda screen: screen.focus_ring() is not None, 5 * slow, place / "wall.png",
                  "this is not the wall")
    return f"in safe mode {shown[1]} s after the kernel's start"
