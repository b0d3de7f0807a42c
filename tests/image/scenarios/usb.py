"""Films on a USB drive are on the wall and play; it is pulled out while one plays, many times."""

import os
import time

import demo
import media
from inside import Inside, settings
from maker import machine
from maker.say import Failure

# How often it is pulled out.
TIMES = int(os.environ.get("TIMES", "5"))

# The box says that the drive is gone, and answers a key.
SECONDS_MAX = 2

NAME = "Our Film"


def run(place):
    drive = media.drive(place / "films.drive", {f"{NAME} (2019).mkv": demo.film()}, 96)
    slowest = 0.0
    with Inside(place, data=settings(place / "data")) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        for _ in range(TIMES):
            box.plug(drive)
            shown = inside.until(lambda state: _card(state) is not None, 10, "no film of the drive")
            kind, _, title = _card(shown)["film"].partition(":")
            inside.post("open", {"type": kind, "id": title})
            inside.until(lambda state: state["screen"] == "film" and state["page"]["actions"][0]
                         ["enabled"], 5, "the film's page does not open")
            inside.key("play")
            began = inside.until(_plays, 20, "the film does not play")["playback"]["position_ms"]
            inside.until(lambda state: _plays(state) and state["playback"]["position_ms"]
                         > began + 500, 5, "the film does not go on")
            slowest = max(slowest, _pulled(inside))
        if any(word in box.text() for word in ("panicked", "Watchdog timeout", "hung_task")):
            raise Failure("the console tells of trouble")
    return f"pulled out {TIMES} times; the box answered a key within {slowest:.1f} s each time"


def _card(state):
    """The film's card on the wall."""
    cards = [card for row in state["rows"] or [] for card in row["cards"]]
    return next((card for card in cards if card["title"] == NAME), None)


def _plays(state):
    return state["screen"] == "playing" and state["playback"]["playing"]


def _pulled(inside):
    """Pulls the drive out: the box says so, and goes back to a wall without its films. Returns the
    seconds that it took to answer a key."""
    inside.box.unplug()
    began = time.monotonic()
    # Shows the controls: OK would hold the film, which then reads nothing.
    inside.key("up")
    inside.state()
    answered = time.monotonic() - began
    if answered > SECONDS_MAX * inside.box.slow:
        raise Failure(f"a key was answered after {answered:.1f} s")
    trouble = inside.until(lambda state: state["screen"] == "trouble", 10, "nothing is said")
    if "gone" not in trouble["trouble"]["title"]:
        raise Failure(f"what is said is {trouble['trouble']}")
    inside.key("home")
    inside.until(lambda state: state["screen"] == "home" and _card(state) is None, 10,
                 "the film is on the wall without its drive")
    return answered
