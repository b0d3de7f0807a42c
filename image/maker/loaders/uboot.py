"""U-Boot, for boards with a device tree: `image/uboot/boot.cmd` chooses the slot."""

import gzip

from maker.board import ROOT

PACKAGES = ["libubootenv-tool"]

# One more try for a good system than for a new one: the script tells them apart by it.
RAUC = "bootloader=uboot\nboot-attempts=4\nboot-attempts-primary=3"

# Where RAUC and the script write to each other: no file, so that no file system is torn.
EXTRA = [("env", 1, "env.img")]

# Of it that is used: what a card writes at once.
_ENV_BYTES = 0x1000


def slot(board, kernel, work):
    """The kernel, smaller by two thirds than Debian's, and its command line."""
    # No time and no name in it: the same for the same kernel.
    packed = gzip.compress(kernel.image.read_bytes(), compresslevel=9, mtime=0)
    (work / "linux.gz").write_bytes(packed)
    trees = "slot" if board.boot.slot_device_trees else "firmware"
    (work / "slot.env").write_text(f"command_line={board.command_line}\ndevice_trees={trees}\n")
    return {name: work / name for name in ("linux.gz", "slot.env")}


def boot(room, work):
    """The script, and the partition that it reads: A is there, B is still empty."""
    (work / "env.txt").write_text(
        "BOOT_ORDER=A B\nBOOT_A_LEFT=3\nBOOT_B_LEFT=0\nBOOT_PROVEN=A\n")
    # The script carries a time, which nobody reads.
    room.run("sh", "-euc", f"""
        cd /in
        mkimage -A arm64 -T script -C none -n matinee -d /uboot/boot.cmd boot.scr
        mkenvimage -s {_ENV_BYTES} -o env.img env.txt
    """, binds=[(work, "/in"), (ROOT / "image/uboot", "/uboot")],
        env={"SOURCE_DATE_EPOCH": "1"}, quiet=True)
    return {"boot.scr": work / "boot.scr"}


def root(tree):
    """Says where RAUC finds what the script reads."""
    (tree / "etc/fw_env.config").write_text(
        f"/dev/disk/by-partlabel/env 0x0000 {_ENV_BYTES:#06x}\n")
