"""A TV on HDMI: it is woken and answered, its remote moves the focus, it stands by and comes on."""

import re

import demo
from inside import Inside, settings
from maker import machine
from maker.say import Failure

# The kernel's pretended TV (vivid): its HDMI input is plugged into the box's output.
_PLUG_IN = """
modprobe vivid
v4l2-ctl -d0 -i 3 >/dev/null
v4l2-ctl -d1 -o 1 >/dev/null
v4l2-ctl -d0 --set-edid=pad=3,type=hdmi
v4l2-ctl -d0 -c hdmi_000_0_is_connected_to=2
cec-ctl -s -d0 --tv >/dev/null
cec-ctl -d0 --monitor-all >/run/heard 2>&1 &
cec-follower -d0 >/run/follower 2>&1 &
"""

# The box, as the TV knows it.
_BOX = 4


def run(place):
    with Inside(place, demo=lambda at: demo.disk(at, more=settings)) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        box.wait_for(r"the demo is seeded", 30)
        inside.run(_PLUG_IN, 60)
        box.wait_for(rf"TV: cec\d+: address {_BOX}", 20)
        _answers(inside)
        _woken(inside)
        _moves(inside)
        _stands_by(inside)
        heard = inside.run("grep -c 'Playback Device' /run/heard")
    return f"since it was woken the TV has heard {heard.strip()} messages of the box"


def _tell(inside, *words):
    """The TV says something to the box; returns what it hears as an answer."""
    return inside.run(f"cec-ctl -s -d0 --to {_BOX} {' '.join(words)}", 10, may_fail=True)


def _press(inside, key):
    _tell(inside, "--user-control-pressed", f"ui-cmd={key}")
    _tell(inside, "--user-control-released")


def _heard(inside, pattern, seconds=10):
    """Waits until the TV has heard that."""
    told = inside.run(f"for n in $(seq {seconds * inside.box.slow * 2}); do "
                      f"grep -qE '{pattern}' /run/heard && break; sleep 0.5; done; cat /run/heard",
                      seconds * 2)
    if not re.search(pattern, told):
        raise Failure(f"the TV does not hear {pattern}: {told[-2000:]}")


def _answers(inside):
    """What TVs ask before they pass keys on."""
    for asked, answer in (("--give-device-power-status", "pwr-state: on"),
                          ("--menu-request menu-req=query", "menu-state: activated"),
                          ("--give-osd-name", "name: Matinee")):
        told = _tell(inside, asked)
        if answer not in told:
            raise Failure(f"asked {asked} the box says: {told}")


def _woken(inside):
    """The box stands by and is woken by its own remote: so is the TV, which shows the box."""
    inside.key("power")
    inside.until(lambda state: state["dark"], 10, "the box does not stand by")
    told = _tell(inside, "--give-device-power-status")
    if "pwr-state: standby" not in told:
        raise Failure(f"while it stands by the box says: {told}")
    inside.run(": >/run/heard")
    inside.box.press("right")
    _heard(inside, "IMAGE_VIEW_ON")
    _heard(inside, "ACTIVE_SOURCE")
    inside.until(lambda state: not state["dark"], 10, "the box stays dark")


def _moves(inside):
    """The TV's remote: the focus goes down and up, OK opens the page, Back leaves it."""
    row = inside.state()["focus"]["row"]
    _press(inside, "down")
    inside.until(lambda state: state["focus"]["row"] == row + 1, 10, "Down does not move the focus")
    _press(inside, "up")
    inside.until(lambda state: state["focus"]["row"] == row, 10, "Up does not move the focus back")
    _press(inside, "select")
    inside.until(lambda state: state["screen"] in ("film", "series"), 10, "OK opens nothing")
    # Code 0x0d: Exit in CEC 1.4, Back in 2.0, and not Backward.
    _press(inside, "back")
    inside.until(lambda state: state["screen"] == "home", 10, "Back does not go back")


def _stands_by(inside):
    """The TV goes off while a film plays: it ends at its place, and the screen is dark. The TV comes
    on and chooses the box: it wakes."""
    _press(inside, "select")
    inside.until(lambda state: state["screen"] == "film" and state["page"]["actions"][0]["enabled"],
                 10, "the film's page does not open")
    _press(inside, "play")
    inside.until(lambda state: state["screen"] == "playing" and state["playback"]["playing"], 30,
                 "the film does not play")
    _tell(inside, "--standby")
    dark = inside.until(lambda state: state["dark"], 10, "the box does not stand by")
    if dark["playback"]:
        raise Failure("the film goes on in the dark")
    place = inside.run("cec-ctl -d1 | sed -n 's/.*Physical Address *: //p'").strip()
    inside.run(": >/run/heard")
    inside.run(f"cec-ctl -s -d0 --set-stream-path phys-addr={place}", 10)
    inside.until(lambda state: not state["dark"], 10, "the TV does not wake the box")
    _heard(inside, "ACTIVE_SOURCE")
