"""A board's kernel from an apt source of its own, and Debian's where that cannot be reached."""

import dataclasses
import shutil

import media
from maker import board, mirror, root
from maker.room import Room
from maker.say import Failure

# A small package stands for a kernel, and Debian for somebody else: what is asked of both is the
# same.
_PACKAGE = "linux-base"

# Where nobody answers.
_NOWHERE = "http://127.0.0.1:9/debian"


def run(place):
    room, plain = Room(), board.read(media.USUAL)
    shutil.copy(mirror.KEYRING, place / "somebody.gpg")
    address = mirror.sources()[0].split()[2]
    own = board.OwnKernel(address, mirror.RELEASE, str(place / "somebody.gpg"), _PACKAGE)
    got = _packages(dataclasses.replace(plain, own_kernel=own), room)
    if got != [_PACKAGE]:
        raise Failure(f"of its own source the board got {', '.join(got)}")
    lost = dataclasses.replace(own, address=_NOWHERE)
    debians = _packages(plain, room)
    got = _packages(dataclasses.replace(plain, own_kernel=lost), room)
    if got != debians:
        raise Failure(f"without its own source the board got {', '.join(got)}")
    nobody = dataclasses.replace(own, keyring="nobody.gpg")
    got = _packages(dataclasses.replace(plain, own_kernel=nobody), room)
    if got != debians:
        raise Failure(f"with nobody's key the board got {', '.join(got)}")
    return f"{_PACKAGE} by its own source; {', '.join(debians)} without it"


def _packages(of, room):
    return [package["Package"] for package in root.kernel_package(of, room).about]
