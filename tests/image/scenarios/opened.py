"""Images of all boards are whole, as far as that can be seen without the board."""

import gzip
import os
import re

import media
from maker import base, bundle, device_tree
from maker.board import ROOT, names
from maker.kernel import Kernel
from maker.room import Room, cache
from maker.say import Failure
from opened import Opened, archive, missing_libraries

SLOTS = ["kernel-a", "root-a", "kernel-b", "root-b"]

LOADERS = {"amd64": "/lib64/ld-linux-x86-64.so.2", "arm64": "/lib/ld-linux-aarch64.so.1"}


def run(place):
    room, figures = Room(), []
    for name in os.environ.get("BOARDS", " ".join(names())).split():
        medium, at = media.image(name), place / name
        at.mkdir()
        board, image = medium.board, Opened(medium, at, room)
        _partitions(board, image)
        boot, slot = image.files("boot"), image.files("kernel-a")
        _firmware(board, boot, slot)
        wired = _trees(board, boot, slot, at, room)
        initrd = _slot(board, slot, at, image, room)
        root = image.root()
        version = _runs(board, root, room)
        _modules(board, root, initrd, room)
        plugins = sorted((root / "usr/lib" / board.triplet / "gstreamer-1.0").glob("*.so"))
        _known(board, plugins, root, room)
        started = [root / "usr/bin/matinee", root / "usr/bin/rauc"]
        lost = missing_libraries(root, started + plugins, room, LOADERS[board.architecture])
        _demand(not lost, f"{name}: libraries are not found: {'; '.join(lost[:5])}")
        _update(board, root, room)
        figures.append(f"{name} {version}, {len(plugins)} plugins, {wired} device trees")
    return "; ".join(figures)


def _demand(true, otherwise):
    if not true:
        raise Failure(otherwise)


def _partitions(board, image):
    wanted = ["boot", *SLOTS, *(name for name, _, _ in board.loader.EXTRA), "data"]
    parts = image.medium.parts()
    _demand(list(parts) == wanted, f"{board.name}: partitions are {list(parts)}")
    sizes = [parts[name][1] >> 20 for name in SLOTS]
    _demand(sizes == [board.kernel_mib, board.root_mib] * 2, f"{board.name}: slots are {sizes}")
    first = parts["boot"][0] >> 20
    _demand(first == board.boot.first_mib, f"{board.name}: the disk begins at {first} MiB")
    # 0xEE is the entry that stands for the new table; 0x0C is FAT.
    kinds = {0xEE, 0x0C} if board.boot.old_table else {0xEE}
    _demand(set(image.old_table()) == kinds, f"{board.name}: the old table has {kinds}")


def _firmware(board, boot, slot):
    """What the board's firmware starts, and what that reads."""
    wanted = [path.rpartition("/")[2] for path in board.boot.files] + list(board.boot.texts)
    if board.boot_loader == "grub":
        wanted += ["EFI/BOOT/BOOTX64.EFI", "grub/grub.cfg", "grub/grubenv"]
        kernel, magic, at = (slot / "linux").read_bytes(), b"HdrS", 0x202
    else:
        wanted += ["boot.scr"]
        kernel, magic, at = gzip.decompress((slot / "linux.gz").read_bytes()), b"ARM\x64", 0x38
    lacks = [name for name in wanted if not (boot / name).is_file()]
    _demand(not lacks, f"{board.name}: the boot partition lacks {lacks}")
    _demand(kernel[at:at + 4] == magic, f"{board.name}: the kernel is of no kind that it starts")
    config = (boot / "config.txt").read_text() if "config.txt" in board.boot.texts else ""
    for started in re.findall(r"^kernel=(.+)$", config, re.M):
        _demand((boot / started).is_file(), f"{board.name}: config.txt starts {started}")
    for overlay in re.findall(r"^dtoverlay=(.+)$", config, re.M):
        _demand((boot / f"overlays/{overlay}.dtbo").is_file(), f"{board.name}: no {overlay}")


def _trees(board, boot, slot, at, room):
    """Each device tree takes the overlay, and has then what board.toml says of the pins."""
    found = sorted(boot.glob("*.dtb")) + sorted((slot / "device-trees").glob("*/*.dtb"))
    patterns = board.boot.device_trees + board.boot.slot_device_trees
    _demand(bool(found) == bool(patterns), f"{board.name}: {len(found)} device trees")
    pins = board.facts().get("pins", {})
    for tree in found if pins else []:
        room.run("fdtoverlay", "-i", f"/at/{tree.relative_to(at)}", "-o", "/at/whole.dtb",
                 "/at/boot/overlays/matinee.dtbo", binds=[(at, "/at")], quiet=True)
        whole = list(device_tree.properties((at / "whole.dtb").read_bytes()))
        # A line is the second of three numbers: controller, line, flags.
        lines = {path: int.from_bytes(value[4:8], "big")
                 for path, name, value in whole if name == "gpios"}
        wired = {"infrared": lines.get("/infrared"), "button": lines.get("/front-panel/power"),
                 "led": lines.get("/front-leds/front")}
        _demand(wired == pins, f"{board.name}: {tree.name} has {wired}, board.toml {pins}")
    return len(found)


def _slot(board, slot, at, image, room):
    """The initrd knows the root that is beside it, and that is unharmed."""
    room.run("zstd", "-q", "-d", "/at/kernel-a/initrd", "-o", "/at/initrd.cpio",
             binds=[(at, "/at")])
    files = archive((at / "initrd.cpio").read_bytes())
    blocks, root_hash, salt = files["verity"].decode().split()
    image.content("root-a")
    room.run("veritysetup", "verify", "--no-superblock", "--hash=sha256", f"--salt={salt}",
             "--data-block-size=4096", "--hash-block-size=4096", f"--data-blocks={blocks}",
             f"--hash-offset={int(blocks) * 4096}", "/at/root-a.img", "/at/root-a.img", root_hash,
             binds=[(at, "/at")], quiet=True)
    return files


def _runs(board, root, room):
    """The program starts, on this processor or a pretended one, and is the version of the root."""
    told = room.read("chroot", "/tree", "/usr/bin/matinee", "--version", binds=[(root, "/tree")])
    release = (root / "usr/lib/os-release").read_text()
    version = re.search(r"^IMAGE_VERSION=(.+)$", release, re.M)[1]
    _demand(version in told.split(), f"{board.name}: matinee --version says {told!r}")
    return version


def _modules(board, root, initrd, room):
    """All modules that the board names can be loaded, and the kernel is built as it asks."""
    (modules,) = (root / "usr/lib/modules").iterdir()
    for name in [*board.modules, *board.initrd_modules]:
        room.run("modprobe", "--dirname=/tree", f"--set-version={modules.name}", "--show-depends",
                 name, binds=[(root, "/tree")], quiet=True)
    unpacked = Kernel(cache() / "work" / board.name / "kernel")
    _demand(unpacked.version == modules.name, f"{board.name}: the kernel is not that of the root")
    unpacked.check(board.kernel_has)
    builtin = {path.rpartition("/")[2] for path in
               (modules / "modules.builtin").read_text().split()}
    lacks = [name for name in initrd["modules/order"].decode().split()
             if f"modules/{name}" not in initrd and name not in builtin]
    _demand(not lacks, f"{board.name}: the initrd lacks {lacks}")


def _known(board, plugins, root, room):
    """GStreamer knows all plugins of the image without looking, and none that it cannot load."""
    inspector = base.tree(board) / "usr/bin/gst-inspect-1.0"
    environment = (root / "usr/share/matinee/environment").read_text().split("\n")
    told = room.read(
        "sh", "-c", 'touch /tree/usr/bin/gst-inspect-1.0 && '
        'mount --bind "$1" /tree/usr/bin/gst-inspect-1.0 && shift && exec chroot /tree env "$@"',
        "sh", "/inspector", *[line for line in environment if line.startswith("GST_")],
        "gst-inspect-1.0", binds=[(root, "/tree"), (inspector, "/inspector")])
    count = re.search(r"Total count: (\d+) plugins?(.*),", told)
    _demand(count and "blacklist" not in count[2], f"{board.name}: plugins: {told[-300:]}")
    # GStreamer counts those of its own, too, that are in no file.
    _demand(int(count[1]) >= len(plugins), f"{board.name}: of the plugins {count[1]} are known")


def _update(board, root, room):
    """The update is one that the image takes."""
    wanted = bundle.COMPATIBLE.format(board.name)
    config = (root / "etc/rauc/system.conf").read_text()
    _demand(f"compatible={wanted}\n" in config, f"{board.name}: RAUC takes other boards' updates")
    told = room.read("rauc", "info", "--conf=/etc/rauc/system.conf", "--output-format=json",
                     f"/out/matinee-{board.name}.raucb",
                     binds=[(root / "etc/rauc", "/etc/rauc"), (ROOT / "target/image", "/out")])
    _demand(f'"compatible":"{wanted}"' in told, f"{board.name}: the update says {told[:200]}")
