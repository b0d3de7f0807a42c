"""What a slot holds: a root with its hash tree, and the kernel that starts this root alone."""

from maker import disk, firmware, initrd
from maker.say import say


# Of zstd, in an image: the highest.
LEVEL = 22


def pack(board, kernel, tree, epoch, room, work, level=LEVEL):
    """Writes `root.img` and `kernel.vfat` into the folder `work`. `level` of zstd: tests take less
    time where it is low."""
    say("packing the root")
    disk.squash(tree, work / "root.img", room, epoch, level)
    verity = disk.verified(work / "root.img", room)
    initrd.make(board, kernel, verity, work / "initrd", room, work)
    trees = firmware.device_trees(board, kernel, board.boot.slot_device_trees, room, work)
    files = {"initrd": work / "initrd", **board.loader.slot(board, kernel, work),
             **{f"device-trees/{name}": path for name, path in trees.items()}}
    disk.fat(work / "kernel.vfat", "KERNEL", board.kernel_mib, files, room)
