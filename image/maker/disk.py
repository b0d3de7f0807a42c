"""File systems and the disk: squashfs with its hash tree, slots, partition table."""

import hashlib
import re

from maker.board import ROOT
from maker.say import Failure

BLOCK = 4096


def squash(tree, out, room, epoch):
    """The tree as a squashfs, the same for the same tree."""
    out.unlink(missing_ok=True)
    # Blocks of 64 KiB: an update of one file changes little of the whole.
    room.run("mksquashfs", "/tree", f"/out/{out.name}", "-comp", "zstd", "-Xcompression-level",
             "15",
             "-b", "65536", "-no-xattrs", "-all-time", str(epoch), "-mkfs-time", str(epoch),
             "-no-progress", "-quiet", "-processors", "2",
             binds=[(tree, "/tree"), (out.parent, "/out")], quiet=True)
    size = out.stat().st_size
    with out.open("ab") as file:
        file.write(bytes(-size % BLOCK))


def verified(root, room):
    """Puts the hash tree behind the root; returns blocks, root hash and salt as one line."""
    blocks = root.stat().st_size // BLOCK
    salt = hashlib.sha256(root.read_bytes()).hexdigest()
    told = room.read(
        "veritysetup", "format", "--no-superblock", "--hash=sha256", f"--salt={salt}",
        f"--data-block-size={BLOCK}", f"--hash-block-size={BLOCK}", f"--data-blocks={blocks}",
        f"--hash-offset={blocks * BLOCK}", f"/out/{root.name}", f"/out/{root.name}",
        binds=[(root.parent, "/out")])
    found = re.search(r"Root hash:\s*([0-9a-f]{64})", told)
    if not found:
        raise Failure(f"veritysetup says no root hash:\n{told}")
    return f"{blocks} {found[1]} {salt}"


def kernel_slot(out, files, mib, room):
    """A FAT file system with the kernel and what belongs to it."""
    out.unlink(missing_ok=True)
    with out.open("wb") as file:
        file.truncate(mib << 20)
    binds = [(out.parent, "/out")]
    room.run("mkfs.vfat", "--invariant", "-n", "KERNEL", f"/out/{out.name}",
             binds=binds, quiet=True)
    for name, path in sorted(files.items()):
        room.run("mcopy", "-i", f"/out/{out.name}", "-D", "o", f"/from/{path.name}", f"::{name}",
                 binds=[*binds, (path.parent, "/from")])


# What GRUB needs to read the slots and to choose between them.
_GRUB = "part_gpt fat normal linux loadenv test echo reboot regexp configfile minicmd".split()

# Of a FAT file system with a loader of 300 KB and a few small files.
_BOOT_MIB = 8


def boot(out, room, work):
    """The file system that the machine's firmware (UEFI) looks into: the boot loader."""
    out.unlink(missing_ok=True)
    with out.open("wb") as file:
        file.truncate(_BOOT_MIB << 20)
    binds = [(work, "/in"), (ROOT / "image/grub", "/grub")]
    room.run("sh", "-euc", f"""
        cd /in
        grub-mkimage -O x86_64-efi -p /grub -o loader.efi {" ".join(_GRUB)}
        rm -f grubenv
        grub-editenv grubenv create
        grub-editenv grubenv set 'ORDER=A B' A_OK=1 A_TRY=0 B_OK=0 B_TRY=0
        mkfs.vfat --invariant -n BOOT {out.name} >/dev/null
        mmd -i {out.name} ::EFI ::EFI/BOOT ::grub
        mcopy -i {out.name} loader.efi ::EFI/BOOT/BOOTX64.EFI
        mcopy -i {out.name} /grub/grub.cfg grubenv ::grub
    """, binds=binds, quiet=True)


def data(out, mib, room):
    """An empty data partition; it grows at the first boot."""
    out.unlink(missing_ok=True)
    with out.open("wb") as file:
        file.truncate(mib << 20)
    # No journal of the builder's time and no random names: those come with the first boot.
    room.run("mke2fs", "-q", "-t", "ext4", "-L", "data", "-m", "0", "-U", _UUID,
             "-E", f"hash_seed={_UUID},lazy_itable_init=1", f"/out/{out.name}",
             binds=[(out.parent, "/out")], env={"E2FSPROGS_FAKE_TIME": "1"})


# Partitions are found by their names; the same numbers everywhere make the same image.
_UUID = "6d617469-6e65-4000-8000-000000000000"


def assemble(board, folder, out, room):
    """The whole disk from `kernel.vfat`, `root.img` and `data.ext4` of the folder."""
    root_mib = (folder / "root.img").stat().st_size / (1 << 20)
    if root_mib > board.root_mib:
        raise Failure(f"the root has {root_mib:.0f} MiB, its slot {board.root_mib}")
    config = f"""
image {out.name} {{
    hdimage {{
        partition-table-type = "gpt"
        disk-uuid = "{_UUID}"
    }}
{_partition("boot", _BOOT_MIB, 1, "boot.vfat", "U")}
{_partition("kernel-a", board.kernel_mib, 2, "kernel.vfat")}
{_partition("root-a", board.root_mib, 3, "root.img")}
{_partition("kernel-b", board.kernel_mib, 4, None)}
{_partition("root-b", board.root_mib, 5, None)}
{_partition("data", board.data_mib, 6, "data.ext4")}
}}
"""
    (folder / "genimage.cfg").write_text(config)
    room.run("sh", "-euc", "made=$(mktemp -d); mkdir $made/none; genimage --config /in/genimage.cfg "
             "--rootpath $made/none --tmppath $made/part --inputpath /in --outputpath /out",
             binds=[(folder, "/in"), (out.parent, "/out")], quiet=True)


def _partition(name, mib, number, image, kind="L"):
    uuid = f"{_UUID[:-1]}{number}"
    shown = f'        image = "{image}"\n' if image else ""
    return (f'    partition {name} {{\n{shown}        size = {mib}M\n'
            f'        partition-uuid = "{uuid}"\n        partition-type-uuid = "{kind}"\n    }}')
