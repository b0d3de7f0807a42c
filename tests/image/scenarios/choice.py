"""U-Boot goes to the other slot when nobody calls a system good, and ends with one that was."""

import media
from maker.room import Room
from maker.say import Failure

# What is written for the script, and the slots that it starts then, one after the other. No slot
# has a kernel: each start fails at once.
COURSES = [
    # An update: B is new, A was called good.
    ("BOOT_ORDER=B A\nBOOT_A_LEFT=4\nBOOT_B_LEFT=3\n", "BBBAAAAAA"),
    # A is new; B was called good, and has one try left of its four.
    ("BOOT_ORDER=A B\nBOOT_A_LEFT=3\nBOOT_B_LEFT=1\nBOOT_PROVEN=B\n", "AAABBB"),
    # RAUC called A bad.
    ("BOOT_ORDER=A B\nBOOT_A_LEFT=0\nBOOT_B_LEFT=2\nBOOT_PROVEN=B\n", "BBBB"),
    # Nothing that can be read.
    (None, "AAABBBA"),
]


def run(place):
    room = Room()
    for number, (choice, course) in enumerate(COURSES, 1):
        disk = media.disk(place, "qemu-arm64")
        for name in ("kernel-a", "kernel-b"):
            disk.write(name, _file(place, bytes(1 << 20)))
        disk.write("env", _choice(place, choice, room))
        with disk.start(place, f"console-{number}.log") as box:
            at, started = -1, ""
            while len(started) < len(course):
                at, found = box.wait_for(r"matinee: slot ([AB])", 12, at + 1)
                started += found[1]
        if started != course:
            raise Failure(f"after {choice!r} U-Boot starts {started}, not {course}")
    return f"{len(COURSES)} courses of {sum(len(course) for _, course in COURSES)} starts"


def _file(place, content):
    path = place / "content"
    path.write_bytes(content)
    return path


def _choice(place, text, room):
    if text is None:
        return _file(place, bytes(4096))
    (place / "choice.txt").write_text(text)
    room.run("mkenvimage", "-s", "4096", "-o", "/place/content", "/place/choice.txt",
             binds=[(place, "/place")], quiet=True)
    return place / "content"
