"""A sound card comes while a film plays, the volume is turned, the card goes: the film goes on."""

import time

import demo
from inside import Inside, plays, settings
from maker import machine
from maker.say import Failure

# What plays into the kernel's pretended card (snd-aloop) is heard at its other end. Prints how loud
# that is, in decibels below full scale.
_LISTEN = """arecord -q -D plughw:CARD=Loopback,DEV=1,SUBDEV=0 -f S16_LE -c 2 -r 48000 -d 2 -t raw \
| python3 -c '
import array, math, sys
heard = array.array("h", sys.stdin.buffer.read())
mean = sum((it / 32768) ** 2 for it in heard) / max(len(heard), 1)
print(round(10 * math.log10(max(mean, 1e-12)), 1) if heard else "nothing")
'"""

# The card is pulled out, as a USB one is, while it plays.
_DRIVER = "/sys/bus/platform/drivers/snd_aloop"

# QEMU's own card is not there.
_NO_OTHER = """cd /sys/bus/pci/drivers/snd_hda_intel
for card in 0*; do echo $card >unbind; done"""

_CARD = "plughw:CARD=Loopback,DEV=0"

# The film, untouched, is louder than that but where it fades in and out; turned down it is not.
_FULL = -38

# A step of the volume is a twentieth of it, and that is cubic.
_STEPS = 10


def run(place):
    with Inside(place, demo=lambda at: demo.disk(at, more=settings)) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        box.wait_for(r"the demo is seeded", 30)
        inside.run(_NO_OTHER)
        _play(inside)
        box.wait_for(r"no sound output works", 20)
        inside.run("modprobe snd-aloop", 30)
        number, _ = box.wait_for(rf"sound: {_CARD}", 20)
        full = _loudness(inside, lambda heard: heard > _FULL, "the film is not heard")
        turned = _turned(inside)
        inside.run(f"echo snd_aloop.0 >{_DRIVER}/unbind", 20)
        number, _ = box.wait_for(r"no sound output works", 20, number)
        inside.goes_on()
        inside.run(f"echo snd_aloop.0 >{_DRIVER}/bind", 20)
        box.wait_for(rf"sound: {_CARD}", 20, number)
        _loudness(inside, lambda heard: heard > _FULL, "a card that is back is not heard")
        inside.goes_on()
        inside.expect_no_trouble()
    return f"heard at {full} dB, and at {turned} dB turned down by {_STEPS} steps"


def _play(inside):
    inside.key("ok")
    inside.until(lambda state: state["screen"] == "film" and state["page"]["actions"][0]["enabled"],
                 10, "the film's page does not open")
    inside.key("play")
    inside.until(plays, 30, "the film does not play")


def _loudness(inside, wanted, otherwise):
    """Listens until it is as wanted."""
    until = time.monotonic() + 30 * inside.box.slow
    while True:
        told = inside.run(_LISTEN, 20, may_fail=True).strip()
        try:
            heard = float(told.splitlines()[-1])
        except (ValueError, IndexError):
            heard = None
        if heard is not None and wanted(heard):
            return heard
        if time.monotonic() > until:
            raise Failure(f"{otherwise}: {told}; {inside.state()}")


def _turned(inside):
    """Keys for the volume: it is shown, heard, and the silence is one."""
    for _ in range(_STEPS):
        inside.key("volume-down")
    shown = inside.state()["volume"]
    if shown != {"percent": 100 - 5 * _STEPS, "muted": False}:
        raise Failure(f"the volume that is shown is {shown}")
    turned = _loudness(inside, lambda heard: heard < _FULL, "it is not turned down")
    inside.key("mute")
    _loudness(inside, lambda heard: heard < -85, "it is not muted")
    inside.key("mute")
    _loudness(inside, lambda heard: heard > _FULL - 40, "it stays muted")
    for _ in range(_STEPS):
        inside.key("volume-up")
    return turned
