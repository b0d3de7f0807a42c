"""What hangs is started anew: the box by systemd, and systemd by the machine's own watchdog."""

import re

from inside import Inside, settings
from maker import machine
from maker.say import Failure

# PID 1 takes no signal that would stop it; but whoever is traced waits for his tracer, and feeds no
# watchdog meanwhile.
_STOP_SYSTEMD = """
strace -q -o /dev/null -p 1 &
until grep -q '^TracerPid:.[1-9]' /proc/1/status; do :; done
kill -STOP $!
"""


def run(place):
    with Inside(place, data=settings(place / "data")) as inside:
        box = inside.box
        at, _ = box.wait_for(machine.UP, 30)
        inside.run("kill -STOP $(busybox pidof matinee)")
        at, _ = box.wait_for(r"matinee\.service: Watchdog timeout", 10, at, timer=30)
        at, _ = box.wait_for(machine.UP, 30, at)
        if re.search(r"failed\[\d+\]:", box.text()):
            raise Failure("the box is taken for one that does not come up after it hung once")
        inside.run(_STOP_SYSTEMD)
        at, _ = box.wait_for(r"matinee: slot A", 30, at, timer=30)
        _, shown = box.wait_for(machine.UP, 30, at)
    return f"the wall is back {shown[1]} s after the start that the machine's watchdog made"
