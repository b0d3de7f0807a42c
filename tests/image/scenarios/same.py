"""Two builds of one commit are the same root, slot and boot partition, bit by bit."""

import hashlib
import os
import subprocess
import sys

from maker.board import ROOT, read
from maker.room import cache
from maker.say import Failure

# What a build leaves, and a disk and an update are put together from.
PARTS = ("root.img", "kernel.vfat", "boot.vfat", "data.ext4")


def run(place):
    """The second build has a cache of its own: what is in it is made again, down to the packages'
    folder. Kept are the rooms, which hold tools alone, what was fetched, and the program where
    PROGRAM_ONCE is set: building it takes as long as all the rest ten times."""
    name = os.environ.get("BOARD", "qemu-x86_64")
    kept = ["rooms", "fetched", "keys", "cargo"]
    if os.environ.get("PROGRAM_ONCE"):
        kept += ["target", f"target-{read(name).architecture}"]
    other = place / "cache/matinee-image"
    other.mkdir(parents=True)
    for folder in kept:
        if (cache() / folder).exists():
            (other / folder).symlink_to(cache() / folder)
    told = subprocess.run(
        [sys.executable, ROOT / "image/build", name, place / "out"], check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "XDG_CACHE_HOME": str(place / "cache")})
    if told.returncode:
        raise Failure(f"the second build failed:\n{told.stdout[-2000:]}")
    differ = [part for part in PARTS if _sum(cache() / "work" / name / part)
              != _sum(other / "work" / name / part)]
    if differ:
        raise Failure(f"{', '.join(differ)} differ; both are kept in {cache()} and {other}")
    return f"{', '.join(PARTS)} are the same twice"


def _sum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
