"""A system that was good and does not come up any more is started anew, and then in safe mode."""

import media
from maker import machine
from maker.room import cache


def run(place):
    data = place / "data"
    (data / "matinee").mkdir(parents=True)
    # With this the box ends at once, and says where the mistake is.
    (data / "matinee/settings.toml").write_text("there is no such setting = 1\n")
    (data / "system").mkdir()
    _, root_hash, _ = (cache() / "work" / media.USUAL / "initrd.d/verity").read_text().split()
    (data / "system/good").write_text(f"A {root_hash}\n")
    # The first two times are like the third.
    (data / "system/restarts").write_text("2\n")
    disk = media.disk(place, data=data)
    with disk.start(place) as box:
        at, _ = box.wait_for(r"failed\[\d+\]: starting anew, for the 3\. time", 60)
        at, _ = box.wait_for(r"matinee: slot A", 30, at)
        at, _ = box.wait_for(r"failed\[\d+\]: .*: safe mode", 60, at)
        _, shown = box.wait_for(machine.UP, 30, at)
        box.watch(lambda screen: screen.focus_ring() is not None, 5, place / "wall.png",
                  "this is not the wall")
    return f"in safe mode {shown[1]} s after the kernel's start"
