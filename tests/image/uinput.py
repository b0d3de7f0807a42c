"""A keyboard that does not exist, in the box (tests/image/inside.py): uinput.py SEED COUNT.

Presses keys at random, faster than anybody reads, is pulled out and put in again, and says so. It
stays plugged in until its input ends.
"""

import fcntl
import os
import random
import struct
import sys
import time

# linux/uinput.h
UI_SET_EVBIT, UI_SET_KEYBIT, UI_DEV_SETUP = 0x40045564, 0x40045565, 0x405C5503
UI_DEV_CREATE, UI_DEV_DESTROY = 0x5501, 0x5502

# linux/input-event-codes.h
EV_SYN, EV_KEY = 0, 1
HOME = 172

# What a viewer's fingers find: arrows, OK, Back, Home, menus, playing, digits, colours.
KEYS = [103, 108, 105, 106, 28, 352, 158, 1, HOME, 139, 358, 164, 207, 119, 128, 208, 168, 163, 165,
        2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 104, 109, 398, 399, 400, 401]


class Keyboard:
    def __init__(self):
        self.file = os.open("/dev/uinput", os.O_WRONLY)
        for kind in (EV_SYN, EV_KEY):
            fcntl.ioctl(self.file, UI_SET_EVBIT, kind)
        for key in KEYS:
            fcntl.ioctl(self.file, UI_SET_KEYBIT, key)
        setup = struct.pack("4H80sI", 3, 0x1209, 1, 1, b"storm", 0)
        fcntl.ioctl(self.file, UI_DEV_SETUP, setup)
        fcntl.ioctl(self.file, UI_DEV_CREATE)

    def write(self, *events):
        """Keys and values (0, 1, 2), as one report."""
        report = [struct.pack("qqHHi", 0, 0, EV_KEY, key, value) for key, value in events]
        os.write(self.file, b"".join(report) + struct.pack("qqHHi", 0, 0, EV_SYN, 0, 0))

    def pull_out(self):
        fcntl.ioctl(self.file, UI_DEV_DESTROY)
        os.close(self.file)


def storm(seed, count):
    chance, keyboard, pulled, down = random.Random(seed), Keyboard(), 0, set()
    for number in range(count):
        key = chance.choice(KEYS)
        value = 0 if key in down and chance.random() < 0.6 else chance.choice((1, 2))
        (down.discard if value == 0 else down.add)(key)
        keyboard.write((key, value))
        if number % 500 == 499:
            # Sometimes a reader gets a moment, and mostly it does not.
            time.sleep(0.05)
        if number % 10_000 == 9_999:
            keyboard.pull_out()
            keyboard, pulled, down = Keyboard(), pulled + 1, set()
    # The releases come in one burst, which nobody can read as fast.
    for _ in range(200):
        keyboard.write(*[(key, 1) for key in KEYS])
        keyboard.write(*[(key, 0) for key in KEYS])
    print(f"{count} events, pulled out {pulled} times")
    sys.stdout.flush()
    sys.stdin.read()
    keyboard.pull_out()


if __name__ == "__main__":
    storm(int(sys.argv[1]), int(sys.argv[2]))
