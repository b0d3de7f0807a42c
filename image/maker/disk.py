"""File systems and the disk: squashfs with its hash tree, slots, partition table."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from maker.say import Failure

BLOCK = 4096


# Files that are another in every release.
_LAST = ("usr/bin/matinee", "usr/lib/os-release", "usr/share/matinee")


def squash(tree, out, room, epoch, level):
    """The tree as a squashfs, the same for the same tree; `level` of zstd."""
    out.unlink(missing_ok=True)
    # What is another in every release lies last: what lies before it stays where it was, so that an
    # update fetches little. Blocks of 64 KiB would make it 4 MiB larger.
    order = out.parent / f"{out.name}.order"
    order.write_text("".join(f"{name} -1\n" for name in _LAST))
    room.run("mksquashfs", "/tree", f"/out/{out.name}", "-comp", "zstd", "-Xcompression-level",
             str(level), "-b", "131072", "-no-xattrs", "-all-time", str(epoch),
             "-mkfs-time", str(epoch), "-no-progress", "-quiet", "-processors", "2",
             "-sort", f"/out/{order.name}",
             binds=[(tree, "/tree"), (out.parent, "/out")], quiet=True)
    order.unlink()
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


# When all files on FAT were written: as early as that can say. Not the commit's time, so that a slot
# with the same kernel is the same in the next release.
_FIRST = {"SOURCE_DATE_EPOCH": "315532800"}


def fat(out, label, mib, files, room):
    """A FAT file system with the files, by their names in it; the same for the same files."""
    out.unlink(missing_ok=True)
    with out.open("wb") as file:
        file.truncate(mib << 20)
    binds = [(out.parent, "/out")]
    room.run("mkfs.vfat", "--invariant", "-n", label, f"/out/{out.name}", binds=binds, quiet=True)
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}
    for folder in sorted(folders):
        room.run("mmd", "-i", f"/out/{out.name}", f"::{folder}", binds=binds, env=_FIRST)
    for name, path in sorted(files.items()):
        room.run("mcopy", "-i", f"/out/{out.name}", "-D", "o", f"/from/{path.name}", f"::{name}",
                 binds=[*binds, (path.parent, "/from")], env=_FIRST)


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
    """The whole disk from `boot.vfat`, `kernel.vfat`, `root.img`, `data.ext4` of the folder, and
    what else the boot loader keeps there."""
    root_mib = (folder / "root.img").stat().st_size / (1 << 20)
    if root_mib > board.root_mib:
        raise Failure(f"the root has {root_mib:.0f} MiB, its slot {board.root_mib}")
    boot, slots = board.boot, (board.kernel_mib, board.root_mib)
    # What is not in a slot comes first and last, so that slots have the same numbers for all.
    parts = [
        _Part("boot", boot.mib, "boot.vfat", "U", boot.first_mib, boot.old_table),
        _Part("kernel-a", slots[0], "kernel.vfat"), _Part("root-a", slots[1], "root.img"),
        _Part("kernel-b", slots[0]), _Part("root-b", slots[1]),
        *(_Part(name, mib, image) for name, mib, image in board.loader.EXTRA),
        _Part("data", board.data_mib, "data.ext4"),
    ]
    table = "hybrid" if boot.old_table else "gpt"
    shown = "\n".join(part.shown(number) for number, part in enumerate(parts, 1))
    (folder / "genimage.cfg").write_text(f"""
image {out.name} {{
    hdimage {{
        partition-table-type = "{table}"
        disk-uuid = "{_UUID}"
    }}
{shown}
}}
""")
    room.run("sh", "-euc",
             "made=$(mktemp -d); mkdir $made/none; genimage --config /in/genimage.cfg "
             "--rootpath $made/none --tmppath $made/part --inputpath /in --outputpath /out",
             binds=[(folder, "/in"), (out.parent, "/out")], quiet=True)


@dataclass(frozen=True)
class _Part:
    """A partition of the disk; none is longer than the table says."""

    name: str
    mib: int
    image: str = ""
    # As genimage calls it: U is UEFI's, L Linux'.
    kind: str = "L"
    # Where it begins; 0: behind the one before.
    at_mib: int = 0
    # In the table of the old kind too, as FAT.
    old: bool = False

    def shown(self, number):
        """For genimage."""
        lines = [f'image = "{self.image}"'] if self.image else []
        lines += [f"size = {self.mib}M", f'partition-uuid = "{_UUID[:-1]}{number}"',
                  f'partition-type-uuid = "{self.kind}"']
        lines += [f"offset = {self.at_mib}M"] if self.at_mib else []
        lines += ["partition-type = 0x0c", 'bootable = "true"'] if self.old else []
        told = "".join(f"        {line}\n" for line in lines)
        return f"    partition {self.name} {{\n{told}    }}"
