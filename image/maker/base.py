"""Debian's part of an image's root: packages in a folder, and the kernel beside them.

Both are kept in the cache; copies of them are worked on.
"""

import shutil

from maker import mirror
from maker.board import ROOT
from maker.room import bootstrap, cache, key
from maker.say import say


def packages():
    """Names of image/packages."""
    lines = (ROOT / "image" / "packages").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def tree(board):
    """The folder with the packages, as Debian has them; not to be written into."""
    sources, wanted = mirror.sources(), packages()
    path = cache() / "trees" / key(board.architecture, *sources, *wanted)
    if path.exists():
        return path
    say(f"installing {len(wanted)} packages and what they need")
    half = path.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(parents=True, exist_ok=True)
    bootstrap(half, sources, ",".join(wanted), board.architecture, "essential")
    half.rename(path)
    return path


_FETCH = """
set -eu
cd /out
apt-get -q update
name=$1
while :; do
    next=$(apt-cache depends --no-recommends "$name" |
        sed -n 's/^ *Depends: \\(linux-image-[0-9].*\\)$/\\1/p' | head -n 1)
    [ -n "$next" ] || break
    name=$next
done
apt-get -q download "$name"
dpkg-deb -x "$name"_*.deb kernel
dpkg-deb -f "$name"_*.deb Package Version Source > kernel/about
rm -f "$name"_*.deb
"""


def kernel(board, room):
    """The folder with the kernel's package unpacked; its scripts make no sense here."""
    path = cache() / "kernels" / key(board.architecture, board.kernel, room.path.name)
    if path.exists():
        return path / "kernel"
    say(f"fetching {board.kernel}")
    half = path.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    room.run("sh", "-c", _FETCH, "sh", f"{board.kernel}:{board.architecture}",
             binds=[(half, "/out")], quiet=True)
    half.rename(path)
    return path / "kernel"
