"""Libraries that only have to be there (image/hollow): hulls take their places.

Debian's FFmpeg asks for all that it could ever use when it starts, and each function of it must be
there (BIND_NOW). A hull has those that somebody in the root is linked with, and each gives back
nothing: what it is asked to make is not made, and who asked says so.

Why not FFmpeg built without them: it would be ours to build, for each processor, at each security
update of Debian's.
"""

import shutil
import tempfile
from pathlib import Path

from maker import elf
from maker.board import ROOT
from maker.room import HERE, Room, cache
from maker.say import Failure


def names():
    """Those of image/hollow."""
    lines = (ROOT / "image" / "hollow").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def hollow(board, tree):
    """Puts hulls in their places, in libraries of the tree."""
    libraries = tree / "usr/lib" / board.triplet
    room = Room(board.architecture)
    tool = "" if board.architecture == HERE else f"{board.triplet}-"
    asking = {name: [] for name in names()}
    for path in libraries.iterdir():
        for name in set(elf.needed(path)) & asking.keys():
            asking[name].append(path.name)
    for name, who in asking.items():
        _make(room, tool, libraries, name, who)


def _make(room, tool, libraries, name, who):
    path = libraries / name
    if not path.exists():
        raise Failure(f"image/hollow names what no package brings: {name}")
    binds = [(libraries, "/libraries")]
    # An address, a letter for what it is, a name; of what is asked for, no address.
    listed = room.read(f"{tool}nm", "-D", "--defined-only", f"/libraries/{name}", binds=binds)
    there = {line.split()[2]: line.split()[1] for line in listed.splitlines()}
    listed = "" if not who else room.read(
        f"{tool}nm", "-D", "--undefined-only", "--no-sort",
        *[f"/libraries/{one}" for one in who], binds=binds)
    asked = {line.split()[1] for line in listed.splitlines() if line.startswith(" ")}
    wanted = sorted(asked & there.keys())
    other = [symbol for symbol in wanted if there[symbol] not in "TW"]
    if other:
        raise Failure(f"{name} cannot be hollow: {other[0]} is no function")
    text = "".join(f"long {symbol}(void) {{ return 0; }}\n" for symbol in wanted)
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        hull = Path(folder) / "hull.so"
        hull.with_suffix(".c").write_text(text)
        room.run(f"{tool}gcc", "-shared", "-fPIC", "-O1", "-s", "-nostdlib",
                 "-Wl,--build-id=none", f"-Wl,-soname,{name}", "-o", "/hollow/hull.so",
                 "/hollow/hull.c", binds=[(folder, "/hollow")])
        # What the name leads to is nobody's then, and left out with all that nobody needs.
        path.unlink()
        shutil.copyfile(hull, path)
    path.chmod(0o644)
