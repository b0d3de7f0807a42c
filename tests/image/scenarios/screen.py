"""What is on the TV is what the box means to show: pages, standby, another TV, and none."""

import socket
import struct
import time
import zlib

from inside import Inside, settings
from maker import machine
from maker.say import Failure

# Another TV's pixels; the board has 720 lines at most.
OTHER = (1024, 600)

# A thumb that is in a hurry: so many presses, so many seconds apart.
PRESSES, APART = 100, 0.2


def run(place):
    tv = place / "tv"
    data = settings(place / "data", "internet-archive = false", "wikipedia = false")
    with Inside(place, data=data, extra=["-vnc", f"unix:{tv}"]) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        cable = Cable(tv)
        _same(inside, place / "wall.png")
        for number in range(PRESSES):
            box.press("down" if number % 2 == 0 else "up")
            time.sleep(APART)
        _same(inside, place / "wall.png")
        pace = inside.figures()["key_to_frame_ms"]
        if pace["count"] < PRESSES // 2:
            raise Failure(f"of {PRESSES} keys only {pace['count']} changed the picture")
        inside.key("ok")
        inside.until(lambda state: state["screen"] == "film", 10, "no page opens")
        _same(inside, place / "page.png")

        inside.key("power")
        inside.until(lambda state: state["dark"], 10, "it does not stand by")
        box.watch(_is_off, 10, place / "standby.png", "the screen stays on in standby")
        inside.key("ok")
        inside.until(lambda state: not state["dark"], 10, "no key wakes it")
        _same(inside, place / "woken.png")

        cable.plug(OTHER)
        box.watch(lambda shown: (shown.width, shown.height) == OTHER, 20, place / "other.png",
                  f"another TV has no picture of {OTHER[0]}x{OTHER[1]}")
        _same(inside, place / "other.png")
        cable.plug((0, 0))
        box.watch(_is_off, 20, place / "none.png", "a picture is sent to no TV")
        inside.key("back")
        inside.until(lambda state: state["screen"] == "home", 10, "no key is heard without a TV")
        cable.plug((machine.WIDTH, machine.HEIGHT))
        box.watch(lambda shown: shown.width == machine.WIDTH and not _is_off(shown), 20,
                  place / "again.png", "the TV that is back has no picture")
        _same(inside, place / "again.png")
        inside.expect_no_trouble()
    return (f"6 pictures are what the box means to show, to the last pixel; from a key to the page "
            f"flip that shows it {pace['median']} ms (median), {pace['p99']} ms (p99 of "
            f"{pace['count']})")


def _is_off(shown):
    """Of a screen that is off QEMU shows a few words of its own, light on black."""
    return shown.rgb.count(0) > 0.9 * len(shown.rgb)


def _same(inside, path):
    """Waits until the screen is what the box says that it shows; returns that."""
    def is_same(shown):
        # Something may still move when it is looked at first.
        return _pixels(inside.shown()) == (shown.width, shown.height, shown.rgb)

    return inside.box.watch(is_same, 20, path, "the screen is not what the box shows")


def _pixels(png):
    """Width, height, and bytes R, G, B of a picture (RFC 2083: 8 bits, no alpha, in one pass)."""
    at, packed = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        data, at = png[at + 8:at + 8 + length], at + length + 12
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
        elif kind == b"IDAT":
            packed += data
    raw, stride, rows = zlib.decompress(packed), 3 * width, []
    above = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        kind, row = raw[start], bytearray(raw[start + 1:start + 1 + stride])
        _unfilter(kind, row, above)
        rows.append(bytes(row))
        above = row
    return width, height, b"".join(rows)


def _unfilter(kind, row, above):
    """Undoes what was done to a row so that it packs better."""
    for at, byte in enumerate(row):
        left, corner = (row[at - 3], above[at - 3]) if at >= 3 else (0, 0)
        up = above[at]
        if kind == 0:
            return
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            near = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
            guess = (left, up, corner)[near.index(min(near))]
        row[at] = byte + guess & 0xFF


class Cable:
    """What is at the other end of the HDMI cable: a viewer by VNC (RFC 6143) that says how many
    pixels it has, which QEMU's graphics tell the box as an EDID."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(str(path))
        self._socket.sendall(self._read(12))
        kinds = self._read(self._read(1)[0])
        if 1 not in kinds:
            raise Failure("QEMU's screen wants a password")
        # No password; the screen is shared; of its answers only their length counts.
        self._socket.sendall(b"\x01")
        self._read(4)
        self._socket.sendall(b"\x01")
        self._read(20)
        self._read(struct.unpack(">I", self._read(4))[0])
        # SetEncodings: pixels as they are, and ExtendedDesktopSize.
        self._socket.sendall(struct.pack(">BxHii", 2, 2, 0, -308))

    def _read(self, count):
        some = b""
        while len(some) < count:
            more = self._socket.recv(count - len(some))
            if not more:
                raise Failure("QEMU's screen is gone")
            some += more
        return some

    def plug(self, size):
        """A TV of that many pixels; of none: nothing."""
        width, height = size
        # SetDesktopSize with one screen.
        self._socket.sendall(struct.pack(">BxHHBxIHHHHI", 251, width, height, 1, 0, 0, 0, width,
                                         height, 0))
