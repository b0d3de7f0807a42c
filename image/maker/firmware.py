"""The boot partition: what the board's firmware reads, its device trees, and the boot loader."""

from maker import base, disk
from maker.say import Failure


def make(board, kernel, room, work):
    """Writes `boot.vfat`, and what else the boot loader keeps on the disk."""
    boot = board.boot
    files = dict(board.loader.boot(room, work))
    if boot.packages:
        unpacked = base.fetch(boot.packages, board, room).files
        files |= {path.name: path for path in (unpacked / name for name in boot.files)}
    for name, text in boot.texts.items():
        (work / name).write_text(text)
        files[name] = work / name
    trees = device_trees(board, kernel, boot.device_trees, room, work)
    for name, path in trees.items():
        # Where a Raspberry Pi looks for them: no vendors, overlays apart.
        name = name.rpartition("/")[2]
        files[f"overlays/{name}" if path.suffix == ".dtbo" else name] = path
    missing = [str(path) for path in files.values() if not path.exists()]
    if missing:
        raise Failure(f"the boot partition is to have what is not there: {', '.join(missing)}")
    disk.fat(work / "boot.vfat", "BOOT", boot.mib, files, room)


def device_trees(board, kernel, patterns, room, work):
    """Device trees of the kernel, by vendor and name, and what of ours goes on top of them."""
    found = {}
    for pattern in patterns:
        paths = sorted(kernel.device_trees.glob(pattern))
        if not paths:
            raise Failure(f"the kernel {kernel.version} has no device tree {pattern}")
        found |= {str(path.relative_to(kernel.device_trees)): path for path in paths}
    pins = board.facts().get("pins")
    if found and pins:
        found["matinee.dtbo"] = overlay(board, pins, room, work)
    return found


def overlay(board, pins, room, work):
    """What is wired to the pins of board.toml, as overlay.dts says it of this board."""
    defined = [f"-D{name.upper()}={number}" for name, number in sorted(pins.items())]
    out = work / "matinee.dtbo"
    room.run("sh", "-euc", """
        cpp -nostdinc -undef -P -x assembler-with-cpp "$@" /board/overlay.dts /out/overlay.dts
        dtc -@ -I dts -O dtb -o /out/matinee.dtbo /out/overlay.dts
    """, "sh", *defined, binds=[(board.folder, "/board"), (work, "/out")], quiet=True)
    return out
