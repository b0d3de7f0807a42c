"""A hundred thousand keys at random, some lost, some unplugged: none is stuck, the box goes on."""

import os
import random
from pathlib import Path

from inside import Inside, settings
from maker import machine
from maker.say import Failure

COUNT = int(os.environ.get("COUNT", "100000"))
# SEED repeats a run.
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randint(1, 1 << 32)

_PROGRAM = (Path(__file__).resolve().parent.parent / "uinput.py").read_text()


def run(place):
    with Inside(place, data=settings(place / "data")) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        inside.write("/run/uinput.py", _PROGRAM)
        inside.run("modprobe uinput; mkfifo /run/stay; sleep infinity >/run/stay & keeper=$!")
        inside.run(f"python3 /run/uinput.py {SEED} {COUNT} </run/stay >/run/storm 2>&1 & storm=$!")
        told = inside.run("until grep -q 'pulled out' /run/storm; do sleep 1; "
                          "kill -0 $storm || { cat /run/storm; exit 1; }; done;"
                          " cat /run/storm", 120)
        # The keyboard is there still, and nothing of it is down.
        inside.until(lambda _: not inside.figures()["held"], 20, "keys are stuck")
        _obeys(inside)
        inside.run("kill $keeper; wait $storm")
        inside.until(lambda _: not inside.figures()["held"], 10, "keys of a gone keyboard are down")
        inside.expect_no_trouble()
        frames = inside.figures()["key_to_frame_ms"]
    return f"seed {SEED}: {told.strip()}; from key to page flip {frames}"


def _obeys(inside):
    """From wherever the storm left it, home; and then every key is one step."""
    for _ in range(3):
        inside.key("home")
    inside.until(lambda state: state["screen"] == "home", 10, "Home does not lead home")
    for key in ("up",) * 8:
        inside.key(key)
    inside.key("down")
    first = inside.until(lambda state: state["focus"]["menu"] is None, 10, "the wall has no focus")
    row = first["focus"]["row"]
    inside.box.press("down")
    inside.until(lambda state: state["focus"]["row"] == row + 1, 10, "Down is not one step")
    inside.box.press("up")
    inside.until(lambda state: state["focus"]["row"] == row, 10, "Up is not one step")
