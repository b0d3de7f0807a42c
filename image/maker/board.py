"""What an image of a board is made of: board/NAME/image.toml.

A key that is not known is refused: a typing mistake must not become an image without a thing.
"""

import importlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from maker.say import Failure

ROOT = Path(__file__).resolve().parents[2]

TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
TARGETS = {"amd64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}

# Modules of maker/loaders.
LOADERS = ("grub", "uboot")


@dataclass(frozen=True)
class Boot:
    """The boot partition: what the board's own firmware and the boot loader read."""

    mib: int = 8
    # Debian's packages that are unpacked for it, and files of them: into the partition's root.
    packages: list = field(default_factory=list)
    files: list = field(default_factory=list)
    # Files whose content is here, by name.
    texts: dict = field(default_factory=dict)
    # Device trees of the kernel by pattern; overlay.dts goes with them. The firmware reads those of
    # the boot partition and hands one on; a boot loader without such a firmware reads the slot's.
    device_trees: list = field(default_factory=list)
    slot_device_trees: list = field(default_factory=list)
    # Where the partition begins; what is before it is the board's own loader.
    first_mib: int = 1
    # A table of partitions of the old kind too, with the boot partition alone.
    old_table: bool = False


@dataclass(frozen=True)
class OwnKernel:
    """A kernel that Debian has not, from an apt source of its own. Where that cannot be reached,
    the board's kernel of Debian is taken."""

    # As in sources.list.
    address: str
    suite: str
    # Who signs it: a file beside image.toml.
    keyring: str
    # The package; one that only names another is followed.
    kernel: str
    components: str = "main"


@dataclass(frozen=True)
class Board:
    """One board's image."""

    name: str
    # Debian's name of it.
    architecture: str
    # Who chooses the slot; a module of maker/loaders.
    boot_loader: str
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
    # Debian's suite of the kernel.
    kernel_suite: str = "trixie"
    # What the kernel must have been built with, by its configuration's names.
    kernel_has: list = field(default_factory=list)
    # Debian's packages that are unpacked for their firmware, and files of them, by pattern below
    # usr/lib/firmware: for chips that the kernel gives it to while the system runs.
    firmware_packages: list = field(default_factory=list)
    firmware: list = field(default_factory=list)
    boot: Boot = field(default_factory=Boot)
    own_kernel: OwnKernel | None = None

    @property
    def folder(self):
        return ROOT / "board" / self.name

    @property
    def triplet(self):
        return TRIPLETS[self.architecture]

    @property
    def target(self):
        return TARGETS[self.architecture]

    @property
    def loader(self):
        return importlib.import_module(f"maker.loaders.{self.boot_loader}")

    def facts(self):
        """What the box is told of the board: board.toml."""
        with (self.folder / "board.toml").open("rb") as file:
            return tomllib.load(file)


def names():
    """Boards that an image can be made for."""
    return sorted(path.parent.name for path in (ROOT / "board").glob("*/image.toml"))


def read(name):
    """The board of that name."""
    if name not in names():
        raise Failure(f"there is no image of a board {name!r}; there are: {', '.join(names())}")
    path = ROOT / "board" / name / "image.toml"
    with path.open("rb") as file:
        told = tomllib.load(file)
    try:
        parts = {"boot": Boot(**told.pop("boot", {}))}
        if "own_kernel" in told:
            parts["own_kernel"] = OwnKernel(**told.pop("own_kernel"))
        board = Board(name=name, **told, **parts)
    except TypeError as why:
        raise Failure(f"{path}: {why}") from None
    if board.boot_loader not in LOADERS:
        raise Failure(f"{path}: the boot loader is one of {', '.join(LOADERS)}")
    return board
