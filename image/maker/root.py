"""The image's root: Debian's packages without what is not needed, and what is ours."""

import os
import shutil
import subprocess
from pathlib import Path

from maker import base, bundle, closure, hollow, kiosk, papers
from maker.board import ROOT
from maker.kernel import Kernel
from maker.say import Failure, say

# Where things of ours go; the checkout's folder is the left one.
OURS = [
    ("systemd/matinee.service", "usr/lib/systemd/system"),
    ("systemd/matinee-data.service", "usr/lib/systemd/system"),
    ("systemd/matinee-failed.service", "usr/lib/systemd/system"),
    ("systemd/matinee-good.service", "usr/lib/systemd/system"),
    ("systemd/matinee-good.timer", "usr/lib/systemd/system"),
    ("systemd/matinee-zram.service", "usr/lib/systemd/system"),
    ("systemd/matinee-restart.path", "usr/lib/systemd/system"),
    ("systemd/matinee-restart.service", "usr/lib/systemd/system"),
    ("systemd/matinee-off.path", "usr/lib/systemd/system"),
    ("systemd/matinee-off.service", "usr/lib/systemd/system"),
    ("systemd/matinee-adopt.path", "usr/lib/systemd/system"),
    ("systemd/matinee-adopt.service", "usr/lib/systemd/system"),
    ("systemd/matinee-disk@.service", "usr/lib/systemd/system"),
    ("systemd/matinee-address.path", "usr/lib/systemd/system"),
    ("systemd/matinee-address.service", "usr/lib/systemd/system"),
    ("systemd/matinee-fixed.service", "usr/lib/systemd/system"),
    ("systemd/matinee-radio.path", "usr/lib/systemd/system"),
    ("systemd/matinee-radio.service", "usr/lib/systemd/system"),
    ("systemd/matinee-reset.path", "usr/lib/systemd/system"),
    ("systemd/matinee-reset.service", "usr/lib/systemd/system"),
    ("systemd/90-matinee.preset", "usr/lib/systemd/system-preset"),
    ("systemd/state", "usr/lib/matinee"),
    ("systemd/data", "usr/lib/matinee"),
    ("systemd/devices", "usr/lib/matinee"),
    ("systemd/lamp", "usr/lib/matinee"),
    ("systemd/zram", "usr/lib/matinee"),
    ("systemd/failed", "usr/lib/matinee"),
    ("systemd/good", "usr/lib/matinee"),
    ("systemd/installing", "usr/lib/matinee"),
    ("systemd/usb", "usr/lib/matinee"),
    ("systemd/drive", "usr/lib/matinee"),
    ("systemd/disk", "usr/lib/matinee"),
    ("systemd/adopt", "usr/lib/matinee"),
    ("systemd/address", "usr/lib/matinee"),
    ("systemd/radio", "usr/lib/matinee"),
    ("systemd/matinee-drive@.service", "usr/lib/systemd/system"),
    ("systemd/matinee-usb@.service", "usr/lib/systemd/system"),
    ("systemd/80-matinee-usb.rules", "usr/lib/udev/rules.d"),
    ("systemd/80-matinee-infrared.rules", "usr/lib/udev/rules.d"),
    ("systemd/80-matinee-radio.rules", "usr/lib/udev/rules.d"),
]

# Units of packages that a box has no use for, or that would hold up the wall.
MASKED = """
systemd-firstboot.service systemd-hwdb-update.service systemd-journal-catalog-update.service
systemd-update-done.service systemd-machine-id-commit.service systemd-pcrphase.service
systemd-network-generator.service systemd-binfmt.service systemd-tpm2-setup.service
systemd-tpm2-setup-early.service systemd-pstore.service systemd-boot-random-seed.service
ldconfig.service getty.target getty@.service serial-getty@.service console-getty.service
container-getty@.service e2scrub_reap.service e2scrub_all.timer fstrim.timer
systemd-ask-password-console.path systemd-ask-password-wall.path dev-hugepages.mount
systemd-pcrphase-sysinit.service systemd-pcrmachine.service
systemd-networkd-persistent-storage.service
proc-sys-fs-binfmt_misc.automount systemd-sysext.socket systemd-hostnamed.socket
systemd-random-seed.service systemd-journal-flush.service dev-mqueue.mount
sys-kernel-debug.mount sys-kernel-tracing.mount systemd-udev-settle.service
""".split()

_GENERATORS = """
systemd-gpt-auto-generator systemd-cryptsetup-generator systemd-veritysetup-generator
systemd-hibernate-resume-generator systemd-rc-local-generator systemd-sysv-generator
systemd-getty-generator systemd-bless-boot-generator systemd-tpm2-generator
systemd-integritysetup-generator systemd-ssh-generator systemd-run-generator
""".split()


def make(board, program, version, epoch, room, work):
    """The root of the board in a folder of `work`; returns that and its kernel."""
    tree = work / "root"
    if tree.exists():
        shutil.rmtree(tree)
    say("copying the packages")
    subprocess.run(["cp", "-a", "--reflink=auto", str(base.tree(board)), str(tree)], check=True)
    kernel, unpacked = _kernel(board, room, work)
    _firmware(board, unpacked, tree)
    # Devices are the kernel's to name.
    shutil.rmtree(tree / "dev")
    (tree / "dev").mkdir()
    for folder in ("boot", "data", "usr/lib/matinee", "usr/share/matinee"):
        (tree / folder).mkdir(parents=True, exist_ok=True)
    _ours(board, tree)
    bundle.trust(board, tree)
    board.loader.root(tree)
    _named(tree, version, epoch)
    kiosk.install(board, program, tree)
    _papers(board, version, tree, unpacked, room)
    _users_and_units(tree, room)
    _modules(board, kernel, tree, room)
    _hardware(tree, room)
    closure.keep_plugins(tree, board.triplet)
    closure.keep_voices(tree, board.triplet)
    hollow.hollow(board, tree)
    _settle(tree, epoch)
    _registry(tree, room)
    gone = closure.sweep(tree, board.triplet)
    say(f"{gone} libraries that nobody needs are left out")
    _settle(tree, epoch)
    return tree, kernel


def kernel_package(board, room):
    """The kernel's packages: from the board's own source if there is one that can be reached, else
    Debian's."""
    own = board.own_kernel
    if own:
        try:
            return base.fetch_from(own, board, room)
        except Failure as why:
            say(f"{own.address} gives no {own.kernel}, so Debian's {board.kernel} is taken: {why}")
    return base.fetch([board.kernel], board, room, board.kernel_suite)


def _kernel(board, room, work):
    """The kernel, and all packages that are only unpacked."""
    unpacked = [kernel_package(board, room)]
    for packages in (board.boot.packages, board.firmware_packages):
        if packages:
            unpacked.append(base.fetch(packages, board, room))
    folder = work / "kernel"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(unpacked[0].files), str(folder)], check=True)
    # depmod looks below /lib.
    if not (folder / "lib").exists():
        (folder / "lib").symlink_to("usr/lib")
    (version,) = (path.name for path in (folder / "lib/modules").iterdir())
    room.run("depmod", "-b", "/kernel", version, binds=[(folder, "/kernel")])
    kernel = Kernel(folder)
    kernel.check(board.kernel_has)
    return kernel, unpacked


def _firmware(board, unpacked, tree):
    """What the board's chips want to be given by the kernel, with what links of it lead to."""
    for pattern in board.firmware:
        found = [(fetched.files / _FIRMWARE, path) for fetched in unpacked
                 for path in (fetched.files / _FIRMWARE).glob(pattern)]
        if not found:
            raise Failure(f"no package of the board has firmware like {pattern}")
        for base_folder, path in found:
            _with_target(base_folder, path, tree / _FIRMWARE)


_FIRMWARE = "usr/lib/firmware"


def _with_target(base_folder, path, to):
    place = to / path.relative_to(base_folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.is_symlink() and not place.exists():
        shutil.copy(path, place, follow_symlinks=False)
    if path.is_symlink():
        target = Path(os.path.normpath(path.parent / os.readlink(path)))
        _with_target(base_folder, target, to)


def _ours(board, tree):
    for source, folder in OURS:
        (tree / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, tree / folder)
    shutil.copy(ROOT / "systemd/sysusers.conf", tree / "usr/lib/sysusers.d/matinee.conf")
    shutil.copytree(ROOT / "image/root", tree, dirs_exist_ok=True, symlinks=True)
    shutil.copy(board.folder / "board.toml", tree / "usr/share/matinee/board.toml")
    updates = os.environ.get("MATINEE_UPDATES") or ROOT / "image/update.toml"
    shutil.copy(updates, tree / "usr/share/matinee/update.toml")
    arguments = " ".join(["--drives=/run/matinee/drives", *board.arguments])
    (tree / "usr/share/matinee/environment").write_text(
        f'DATA=/data/matinee\nARGUMENTS="{arguments}"\nGST_REGISTRY={REGISTRY}\nGST_REGISTRY_UPDATE=no\n'
        "HOME=/data/matinee\n")
    for name, to in (("resolv.conf", "../run/systemd/resolve/resolv.conf"),
                     ("mtab", "../proc/self/mounts")):
        path = tree / "etc" / name
        path.unlink(missing_ok=True)
        path.symlink_to(to)
    # Empty: every boot gets a number of its own, and nothing is written.
    (tree / "etc/machine-id").write_text("")
    (tree / "etc/hostname").write_text("matinee\n")


def _named(tree, version, epoch):
    """Says which system this is, and that no clock can be before it was made."""
    release = tree / "usr/lib/os-release"
    release.write_text(f'''NAME=Matinee
ID=matinee
ID_LIKE=debian
PRETTY_NAME="Matinee {version}"
IMAGE_VERSION={version}
''')
    clock = tree / "usr/lib/clock-epoch"
    clock.write_text("")
    os.utime(clock, (epoch, epoch))


def _papers(board, version, tree, unpacked, room):
    packages, crates = papers.debian(tree), kiosk.crates(board, room)
    about = [package for fetched in unpacked for package in fetched.about]
    text = papers.bill(board, version, packages, crates, about)
    (tree / "usr/share/matinee/bill-of-materials.json").write_text(text)
    papers.crate_licences(crates, tree / "usr/share/matinee/licences")
    shutil.copy(ROOT / "LICENSE", tree / "usr/share/matinee/LICENSE")
    for fetched in unpacked:
        for found in (fetched.files / "usr/share/doc").glob("*/copyright"):
            to = tree / "usr/share/doc" / found.parent.name
            to.mkdir(exist_ok=True)
            shutil.copy(found, to)


def _users_and_units(tree, room):
    binds = [(tree, "/tree")]
    room.run("systemd-sysusers", "--root=/tree", binds=binds)
    for folder in ("etc/systemd/system", "etc/systemd/user"):
        shutil.rmtree(tree / folder, ignore_errors=True)
        (tree / folder).mkdir(parents=True)
    # An image whose box is exposed more than 2.0 of 10 is not made.
    room.run("systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager",
             "/tree/usr/lib/systemd/system/matinee.service", binds=binds, quiet=True)
    room.run("systemctl", "--root=/tree", "preset-all", "--preset-mode=full", binds=binds)
    for unit in MASKED:
        path = tree / "etc/systemd/system" / unit
        path.unlink(missing_ok=True)
        path.symlink_to("/dev/null")
    default = tree / "etc/systemd/system/default.target"
    default.unlink(missing_ok=True)
    default.symlink_to("/usr/lib/systemd/system/multi-user.target")
    for name in _GENERATORS:
        (tree / "usr/lib/systemd/system-generators" / name).unlink(missing_ok=True)


# What iwd asks of the kernel on any board: radios, and the ciphers of their networks. Without DES,
# which no such network has, it does not start.
RADIO = ["mac80211", "algif_hash", "algif_skcipher", "cbc", "ccm", "cmac", "ctr", "des_generic",
         "ecb", "gcm"]


def _modules(board, kernel, tree, room):
    folder = tree / "usr/lib/modules" / kernel.version
    patterns = board.boot.device_trees + board.boot.slot_device_trees
    trees = [tree for pattern in patterns for tree in kernel.device_trees.glob(pattern)]
    wanted = [*board.initrd_modules, *board.modules, *RADIO, *kernel.drives(trees)]
    for path in kernel.closure(wanted):
        to = folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kernel.modules / path, to)
    for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
        shutil.copy(kernel.modules / name, folder / name)
    room.run("depmod", "-b", "/tree", kernel.version, binds=[(tree, "/tree")])


def _hardware(tree, room):
    """What udev knows of keyboards, remotes and mice, without what makers and chips are called: most
    of it, and only people read it."""
    for path in (tree / "usr/lib/udev/hwdb.d").glob("20-*.hwdb"):
        path.unlink()
    room.run("chroot", "/tree", "systemd-hwdb", "--usr", "update",
             binds=[(tree, "/tree"), ("/proc", "/tree/proc")])


REGISTRY = "/usr/share/matinee/gstreamer-registry"


def _registry(tree, room):
    """Looks through the plugins now: on the box it would take seconds before the first film."""
    room.run("chroot", "/tree", "env", f"GST_REGISTRY={REGISTRY}", "GST_REGISTRY_FORK=no",
             "gst-inspect-1.0", binds=[(tree, "/tree")], quiet=True)
    # Where a box without a card for it would be told of at every start.
    (tree / REGISTRY[1:]).chmod(0o644)


def _settle(tree, epoch):
    """One time for all files, so the registry knows its plugins in the image too."""
    for folder, folders, files in os.walk(tree):
        for name in folders + files:
            os.utime(os.path.join(folder, name), (epoch, epoch), follow_symlinks=False)
    os.utime(tree, (epoch, epoch))
