"""From the plug to the first steps and the wall, keys move the focus, the demo film plays."""

import demo
import media
from maker import machine
from maker.say import Failure

# Rows of the wall's picture that have the title of the film with the focus, and nothing that moves.
_TITLE = (90, 145)

# A pixel of the first line of the first steps, which has the focus.
_FIRST_STEP = (90, 148)

# A pixel of the button Play, above its word; grey until the film can be played.
_PLAY = (112, 489)


def run(place, board=media.USUAL):
    disk = demo.disk(place, board)
    with disk.start(place) as box:
        _, shown = box.wait_for(machine.UP, 30)
        steps = box.screen(place / "0-first-steps.png")
        if (steps.width, steps.height) != (machine.WIDTH, machine.HEIGHT):
            raise Failure(f"the screen has {steps.width}x{steps.height} pixels")
        if steps.at(*_FIRST_STEP) != machine.LIT:
            raise Failure("a new box does not ask its owner in")
        box.press("esc")
        wall = box.watch(lambda screen: screen.focus_ring() is not None, 5, place / "1-wall.png",
                         "no poster has the focus: this is not the wall")
        at = wall.focus_ring()
        box.wait_for(r"the demo is seeded", 30)
        _moves(box, place, at, 5)
        _plays(box, place, 30)
    grown = disk.part("data")[1] >> 20
    if grown <= disk.board.data_mib:
        raise Failure(f"the data partition still has {grown} MiB on a larger medium")
    return f"the first picture {shown[1]} s after the kernel's start"


def _moves(box, place, at, seconds):
    """Down goes to the row of several films, Right and Left along it, Up back."""
    title = box.screen(place / "1-wall.png").part(_TITLE)
    box.press("down")
    box.watch(lambda screen: screen.part(_TITLE) != title, seconds, place / "2-down.png",
              "Down does not move the focus")
    box.press("right")
    box.watch(lambda screen: (screen.focus_ring() or at) > at, seconds, place / "3-right.png",
              "Right does not move the focus")
    box.press("left")
    box.watch(lambda screen: screen.focus_ring() == at, seconds, place / "4-left.png",
              "Left does not move the focus back")
    box.press("up")
    box.watch(lambda screen: screen.part(_TITLE) == title, seconds, place / "5-up.png",
              "Up does not move the focus back")


def _plays(box, place, seconds):
    """OK opens the film's page and OK again plays it: its picture, and then a later one."""
    box.press("ret")
    box.watch(lambda screen: screen.at(*_PLAY) == machine.LIT, seconds, place / "6-page.png",
              "OK does not open the film's page, or it cannot be played")
    box.press("ret")
    shown = box.watch(lambda screen: screen.frame_number() is not None, seconds,
                      place / "7-film.png", "the film does not show")
    first = shown.frame_number()
    # A second of the film is 24 frames.
    box.watch(lambda screen: (screen.frame_number() or 0) > first + 48, seconds,
              place / "8-later.png", f"the film stands still at frame {first}")
