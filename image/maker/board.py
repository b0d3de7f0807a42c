"""What an image of a board is made of: image/boards/NAME.toml.

It becomes a file of board/NAME once every board has one: their folders have the same files.

A key that is not known is refused: a typing mistake must not become an image without a thing.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from maker.say import Failure

ROOT = Path(__file__).resolve().parents[2]

TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
TARGETS = {"amd64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}


@dataclass(frozen=True)
class Board:
    """One board's image."""

    name: str
    # Debian's name of it.
    architecture: str
    # Debian's package of the kernel; one that only names another is followed.
    kernel: str
    # Modules by name. The first are in the initrd, for the root to be found; what they need comes
    # along.
    initrd_modules: list
    modules: list
    # What the kernel is told.
    command_line: str
    # What the box is told besides its usual options.
    arguments: list
    # MiB of the two slots; the rest of a medium is data.
    kernel_mib: int
    root_mib: int
    # Of the image's data partition; it grows at the first boot.
    data_mib: int

    @property
    def folder(self):
        return ROOT / "board" / self.name

    @property
    def triplet(self):
        return TRIPLETS[self.architecture]

    @property
    def target(self):
        return TARGETS[self.architecture]


def names():
    """Boards that an image can be made for."""
    return sorted(path.stem for path in (ROOT / "image/boards").glob("*.toml"))


def read(name):
    """The board of that name."""
    if name not in names():
        raise Failure(f"there is no image of a board {name!r}; there are: {', '.join(names())}")
    path = ROOT / "image/boards" / f"{name}.toml"
    with path.open("rb") as file:
        told = tomllib.load(file)
    try:
        return Board(name=name, **told)
    except TypeError as why:
        raise Failure(f"{path}: {why}") from None
