"""What a slot holds: a root with its hash tree, and the kernel that starts this root alone."""

import shutil

from maker import disk, initrd
from maker.say import say


def pack(board, kernel, tree, epoch, room, work):
    """Writes `root.img` and `kernel.vfat` into the folder `work`."""
    say("packing the root")
    disk.squash(tree, work / "root.img", room, epoch)
    verity = disk.verified(work / "root.img", room)
    initrd.make(board, kernel, tree, verity, work / "initrd", room, work)
    shutil.copy(kernel.image, work / "linux")
    (work / "command-line.cfg").write_text(f'set command_line="{board.command_line}"\n')
    files = {name: work / name for name in ("linux", "initrd", "command-line.cfg")}
    disk.kernel_slot(work / "kernel.vfat", files, board.kernel_mib, room)
