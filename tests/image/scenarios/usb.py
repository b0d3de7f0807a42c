"""Films on a USB drive are on the wall and play; it is pulled out while one plays, many times."""

import os

import demo
import media
from inside import Inside, plays, settings
from maker import machine
from maker.say import Failure

# How often it is pulled out.
TIMES = int(os.environ.get("TIMES", "5"))

NAME = "Our Film"


def run(place):
    drive = media.drive(place / "films.drive", {f"{NAME} (2019).mkv": demo.film()}, 96)
    slowest = 0.0
    with Inside(place, data=settings(place / "data")) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        for _ in range(TIMES):
            box.plug(drive)
            shown = inside.until(lambda state: card(state) is not None, 10, "no film of the drive")
            kind, _, title = card(shown)["film"].partition(":")
            inside.post("open", {"type": kind, "id": title})
            inside.until(can_be_played, 5, "the film's page does not open")
            inside.key("play")
            inside.until(plays, 20, "the film does not play")
            inside.goes_on(by_ms=500, seconds=5)
            slowest = max(slowest, pulled(inside))
            inside.until(lambda state: state["screen"] == "home" and card(state) is None, 10,
                         "the film is on the wall without its drive")
        inside.expect_no_trouble()
    return f"pulled out {TIMES} times; the box answered a key within {slowest:.1f} s each time"


def card(state):
    """The film's card on the wall."""
    cards = [card for row in state["rows"] or [] for card in row["cards"]]
    return next((card for card in cards if card["title"] == NAME), None)


def can_be_played(state):
    """The film's page is there, and its first button can be pressed."""
    return state["screen"] == "film" and state["page"]["actions"][0]["enabled"]


def pulled(inside):
    """Pulls the drive out: the box says so, and goes back to its wall. Returns the seconds that it
    took to answer a key."""
    answered = inside.pull_out()
    trouble = inside.until(lambda state: state["screen"] == "trouble", 10, "nothing is said")
    if "gone" not in trouble["trouble"]["title"]:
        raise Failure(f"what is said is {trouble['trouble']}")
    inside.key("home")
    return answered
