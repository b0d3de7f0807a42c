"""The first program that the kernel runs: finds the slot's root, has it verified, goes on there.

Nothing of Debian's initramfs tools: busybox, dmsetup, a handful of modules, and `initrd/init`. It
carries the root's hash, so a kernel slot starts the one root it was made with or none.
"""

import os
import shutil
import stat

from maker import base, elf
from maker.board import ROOT


def make(board, kernel, verity, out, room, work):
    """Writes the archive to `out`. `verity` is what `disk.verified` says of the root."""
    folder = work / "initrd.d"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("bin", "dev", "proc", "sys", "modules", "system", "lib", "lib64"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "image/initrd/init", folder / "init")
    _programs(board, room, folder)
    order = []
    for path in kernel.closure(board.initrd_modules):
        data, name = kernel.load(path)
        (folder / "modules" / name).write_bytes(data)
        order.append(name)
    (folder / "modules/order").write_text("\n".join(order) + "\n")
    (folder / "verity").write_text(verity + "\n")
    archive = work / "initrd.cpio"
    archive.write_bytes(cpio(folder))
    room.run("zstd", "-q", "-19", "-f", "/in/initrd.cpio", "-o", "/in/initrd.zst",
             binds=[(work, "/in")])
    shutil.move(work / "initrd.zst", out)


# Where programs of each processor look for their loader, besides /lib.
_LOADERS = {"amd64": "ld-linux-x86-64.so.2"}


def _programs(board, room, folder):
    fetched = base.fetch(["busybox-static", "dmsetup", "libdevmapper1.02.1"], board, room).files
    shutil.copy(fetched / "usr/bin/busybox", folder / "bin/busybox")
    shutil.copy(fetched / "usr/sbin/dmsetup", folder / "bin/dmsetup")
    # The others are of every Debian.
    places = [where / "usr/lib" / board.triplet for where in (fetched, base.tree(board))]
    asked = [folder / "bin/dmsetup"]
    while asked:
        for name in elf.needed(asked.pop()):
            to = folder / "lib" / name
            if not to.exists():
                shutil.copy(next(at / name for at in places if (at / name).exists()), to)
                asked.append(to)
    if board.architecture in _LOADERS:
        name = _LOADERS[board.architecture]
        shutil.move(folder / "lib" / name, folder / "lib64" / name)


def cpio(folder):
    """The folder as an archive ("newc"), the same for the same content."""
    parts, number = [], 0
    for path in sorted(folder.rglob("*")):
        number += 1
        name = str(path.relative_to(folder))
        info = path.lstat()
        data = b""
        if stat.S_ISLNK(info.st_mode):
            data = os.readlink(path).encode()
        elif stat.S_ISREG(info.st_mode):
            data = path.read_bytes()
        kind = stat.S_IFMT(info.st_mode)
        right = 0o755 if kind != stat.S_IFREG or info.st_mode & 0o100 else 0o644
        parts.append(_entry(name, number, kind | right, data))
    # The console of the first program, before the kernel's own device folder is there.
    parts.append(_entry("dev/console", number + 1, stat.S_IFCHR | 0o600, b"", (5, 1)))
    parts.append(_entry("TRAILER!!!", 0, 0, b""))
    return b"".join(parts)


def _entry(name, number, mode, data, device=(0, 0)):
    encoded = name.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded), 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
    return _padded(head) + _padded(data)


def _padded(data):
    return data + bytes(-len(data) % 4)
