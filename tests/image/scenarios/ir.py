"""Infrared: a remote that the box knows works at once, and one that nobody knows is learnt."""

from inside import Inside, settings
from maker import machine

# Of a preset (src/input/keymaps/boxes.toml).
_KNOWN = {"up": 0x77F4, "down": 0x77F5}

# Of nobody: nec, as its learner asks for them. The rest is not on this remote.
_STRANGE = {name: 0x5A3C01 + number for number, name in enumerate(
    ("up", "down", "left", "right", "ok", "back", "home"))}


def run(place):
    with Inside(place, data=settings(place / "data")) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        # A receiver that hears what is sent by it.
        at = len(box.text().splitlines())
        inside.run("modprobe rc-loopback", 60)
        box.wait_for(r"keys come from", 10, at)
        # While no remote works: the box asks by itself.
        _learns(inside)
        _moves(inside, _STRANGE, "that was learnt")
        _moves(inside, _KNOWN, "of a preset")
        kept = inside.run("cat /proc/1/root/data/matinee/keymaps/*.toml")
        inside.run("kill $(busybox pidof matinee)")
        box.wait_for(machine.UP, 30, len(box.text().splitlines()))
        _moves(inside, _STRANGE, "that was learnt before the start")
    return f"{kept.count('=')} lines are kept of a remote with {len(_STRANGE)} buttons"


def _send(inside, code):
    inside.run(f"ir-ctl -d /dev/lirc0 --scancode={'necx' if code > 0xFFFF else 'nec'}:{code:#x}")


def _moves(inside, codes, remote):
    """Down and up from the wall's first row."""
    row = inside.until(lambda state: state["screen"] == "home", 10, "this is not the wall")
    row = row["focus"]["row"]
    _send(inside, codes["down"])
    inside.until(lambda state: state["focus"]["row"] == row + 1, 10, f"Down of a remote {remote}")
    _send(inside, codes["up"])
    inside.until(lambda state: state["focus"]["row"] == row, 10, f"Up of a remote {remote}")


def _learns(inside):
    """Somebody presses buttons of a strange remote: the box asks, is told, and keeps it."""
    # The first presses may come before the kernel has the decoder: people press again, too.
    def asks(state):
        if state["screen"] != "learn":
            _send(inside, _STRANGE["ok"])
        return state["screen"] == "learn"
    state = inside.until(asks, 10, "the box does not ask")
    while state["screen"] == "learn" and (key := state["learn"]["asks"]):
        if key in _STRANGE:
            _send(inside, _STRANGE[key])
        # What is not on the remote is passed over after ten seconds, and all that follows then.
        state = inside.until(lambda now, key=key: now["screen"] != "learn"
                             or now["learn"]["asks"] != key, 15, f"{key} is asked for ever")
    _send(inside, _STRANGE["ok"])
    inside.until(lambda state: state["screen"] == "home", 10, "what was learnt is not kept")
