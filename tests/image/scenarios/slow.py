"""Drives that are slow: a film on one, and films that are kept on one, play with waits that the box
tells of; it answers keys all along, goes on by itself, and says so when the drive is pulled out."""

import os
import time

import demo
import media
from inside import Inside, plays
from maker import machine
from scenarios import drive, usb

# A third of what the film needs, in few and small pieces, as of a worn stick.
SLOW = {"bps-total": 100_000, "iops-total": 40}
USUAL = {"bps-total": 0, "iops-total": 0}

# Seconds between keys: each costs a machine that is only pretended some pictures.
APART = 5

_UNTOLD = "the film never waits, or nothing is said of it"


def run(place):
    films = media.drive(place / "films.drive", {f"{usb.NAME} (2019).mkv": demo.film()}, 96)
    own = place / "own.drive"
    with own.open("wb") as file:
        os.truncate(file.fileno(), 2 << 30)
    with Inside(place, demo=lambda at: demo.disk(at, more=drive.taken)) as inside:
        inside.box.wait_for(machine.UP, 30)
        inside.box.wait_for(r"the demo is seeded", 30)
        viewer = Viewer(inside)
        begins, said = _plays_from(viewer, films)
        _waits_on_one_that_is_pulled_out(viewer, films)
        kept = _is_kept_on(viewer, own)
        inside.expect_no_trouble()
    return (f"a film began {begins:.0f} s after Play, and said {said!r}; one that is kept on a "
            f"drive of the box's own began after {kept:.0f} s; each of {viewer.keys} keys was "
            f"answered within {viewer.slowest:.1f} s")


class Viewer:
    """Somebody who looks at the box, and presses a key now and then: one that changes no page."""

    def __init__(self, inside):
        self.inside, self.slowest, self.keys, self.pressed = inside, 0.0, 0, 0.0

    def until(self, wanted, seconds, otherwise):
        def pressed(state):
            if time.monotonic() - self.pressed > APART:
                self.slowest = max(self.slowest, self.inside.answered("mute"))
                self.keys, self.pressed = self.keys + 1, time.monotonic()
            return wanted(state)

        return self.inside.until(pressed, seconds, otherwise)


def _begins(viewer, films):
    """Plugs the drive in, and plays its film; returns the seconds until that plays."""
    inside = viewer.inside
    inside.box.plug(films, pace=SLOW)
    shown = viewer.until(_of_drive, 60, "no film of the drive")
    kind, _, title = usb.card(shown)["film"].partition(":")
    inside.post("open", {"type": kind, "id": title})
    viewer.until(usb.can_be_played, 5, "the film's page does not open")
    inside.key("play")
    began = time.monotonic()
    viewer.until(lambda state: state["screen"] == "opening" and "kB/s" in
                 state["opening"]["detail"], 20, "it is not said how fast the film comes")
    viewer.until(plays, 60, "the film does not begin")
    return time.monotonic() - began


def _plays_from(viewer, films):
    """It begins, waits and goes on, and runs through when the drive is a quick one again."""
    took = _begins(viewer, films)
    waits = viewer.until(lambda state: _waits(state) and "kB/s" in
                         state["playback"]["waiting"]["text"], 60, _UNTOLD)
    said = waits["playback"]["waiting"]["text"]
    viewer.until(plays, 60, "the film does not go on by itself")
    viewer.inside.box.set_pace(USUAL)
    viewer.until(plays, 30, "the film does not go on when the drive is quick")
    viewer.inside.goes_on(by_ms=2000, seconds=20)
    viewer.inside.key("home")
    return took, said


def _waits_on_one_that_is_pulled_out(viewer, films):
    viewer.inside.key("home")
    viewer.inside.box.unplug()
    viewer.until(lambda state: state["screen"] == "home" and not _of_drive(state), 10,
                 "the drive is on the wall without being there")
    _begins(viewer, films)
    viewer.until(_waits, 60, _UNTOLD)
    viewer.slowest = max(viewer.slowest, usb.pulled(viewer.inside))


def _is_kept_on(viewer, own):
    """A drive of the box's own that becomes slow; returns the seconds until a film plays."""
    inside = viewer.inside
    inside.box.plug(own, serial="matinee", pace=USUAL)
    drive.adopt(inside)
    inside.box.wait_for(r"films are kept in /run/matinee/drives", 20)
    inside.box.set_pace(SLOW)
    # The film of the drive that has gone is the first of the wall, for it was begun.
    inside.key("home")
    for _ in inside.state()["rows"]:
        if inside.state()["focus"]["film"] == "demo":
            break
        inside.key("down")
    inside.key("play")
    began = time.monotonic()
    viewer.until(plays, 60, "the film does not begin")
    took = time.monotonic() - began
    for _ in range(3):
        at = inside.state()["playback"]["position_ms"]
        viewer.until(lambda state: _waits(state) or plays(state) and
                     state["playback"]["position_ms"] > at + 2000, 60,
                     "the film stands still and nothing is said")
    inside.box.set_pace(USUAL)
    viewer.until(plays, 60, "the film does not go on when the drive is quick")
    inside.goes_on(by_ms=2000, seconds=20)
    return took


def _of_drive(state):
    """The row of films on drives; one that was begun is in another, too, and stays."""
    return any(row["title"] == "On this drive" for row in state["rows"] or [])


def _waits(state):
    return state["screen"] == "playing" and state["playback"]["waiting"] is not None
