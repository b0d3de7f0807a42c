"""The builder's room: a Debian of the image's own release, in a folder, with all tools in it.

Every step that shapes the image runs there, so the host lends only mmdebstrap, Python and its
kernel, and an image does not depend on which Debian or Ubuntu built it. Rooms are kept outside the
checkout under a name made of what went into them.

Making one, and a chroot into it, need root on the host; nothing else here does.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from maker import mirror
from maker.say import Failure, say

PACKAGES = """
apt ca-certificates debian-archive-keyring mmdebstrap
gcc libc6-dev make pkgconf rustc cargo
libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libfontconfig-dev
binutils cpio cryptsetup-bin device-tree-compiler dmsetup dosfstools e2fsprogs fdisk genimage kmod
libubootenv-tool mtools openssl rauc u-boot-tools
squashfs-tools systemd xz-utils zstd grub-common grub-efi-amd64-bin ovmf u-boot-qemu
""".split()

# The processor of the room and so of the builder.
HERE = "amd64"

# What builds for another processor: libraries of two cannot be in one room with their headers.
_FOREIGN = """
ca-certificates gcc libc6-dev make pkgconf binutils rustc cargo
gcc-{gnu} libc6-dev:{0} libstd-rust-dev:{0}
libgstreamer1.0-dev:{0} libgstreamer-plugins-base1.0-dev:{0} libfontconfig-dev:{0}
"""
_GNU = {"arm64": "aarch64-linux-gnu"}

# Their versions are the backports': Debian's own compiler, as new as the crates ask for.
BACKPORTS = ("rustc", "cargo", "libstd-rust-dev")

# A chroot in a mount namespace of its own: what is mounted there is gone with the command.
_ENTER = """
set -eu
room=$1; shift
mount -t proc proc "$room/proc"
mount --rbind /dev "$room/dev"
mount -t tmpfs tmpfs "$room/tmp"
while [ "$1" != -- ]; do
    if [ -d "$1" ]; then mkdir -p "$room$2"; else [ -e "$room$2" ] || touch "$room$2"; fi
    mount --bind "$1" "$room$2"
    shift 2
done
shift
exec chroot "$room" "$@"
"""


def cache():
    """Where rooms, downloads and half-made things are kept."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "matinee-image"


def key(*parts):
    """A short name for content."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _with_suite(name):
    backport = name.split(":")[0] in BACKPORTS
    return f"{name}/{mirror.RELEASE}-backports" if backport else name


class Room:
    """A builder's room; made where it is not there yet."""

    def __init__(self, compiles_for=HERE):
        """With all tools, or with nothing but compilers for another processor."""
        sources, packages, processors = mirror.sources(), PACKAGES, HERE
        if compiles_for != HERE:
            packages = _FOREIGN.format(compiles_for, gnu=_GNU[compiles_for]).split()
            processors = f"{HERE},{compiles_for}"
        wanted = [_with_suite(name) for name in packages]
        self.path = cache() / "rooms" / key(processors, *sources, *wanted)
        if not self.path.exists():
            self._make(sources, wanted, processors)

    def _make(self, sources, wanted, processors):
        if os.geteuid() != 0:
            raise Failure("a builder's room can be made, and entered, by root alone: use sudo")
        say(f"making the builder's room ({processors})")
        half = self.path.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.parent.mkdir(parents=True, exist_ok=True)
        bootstrap(half, sources, ",".join(wanted), processors, "apt")
        # Last, so that half a room is never taken for one.
        half.rename(self.path)

    def line(self, *command, binds=(), env=()):
        """The command line that runs a command in the room. `binds` are pairs: outside, inside."""
        pairs = [str(place) for pair in self._always() + list(binds) for place in pair]
        inside = {"PATH": "/usr/sbin:/usr/bin", "HOME": "/home", "LC_ALL": "C.UTF-8", **dict(env)}
        line = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "sh"]
        line += [str(self.path), *pairs, "--", "env", "-i"]
        line += [f"{name}={value}" for name, value in inside.items()]
        return line + [str(word) for word in command]

    def run(self, *command, binds=(), env=(), quiet=False):
        """Runs a command in the room; `quiet`: what it says counts only where it fails."""
        output = subprocess.PIPE if quiet else None
        done = subprocess.run(self.line(*command, binds=binds, env=env), check=False, text=True,
                              stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT if quiet else None)
        if done.returncode != 0:
            end = "\n".join((done.stdout or "").splitlines()[-15:])
            raise Failure(f"{command[0]} failed in the builder's room ({done.returncode})\n{end}")

    def read(self, *command, binds=()):
        """What a command in the room prints."""
        with tempfile.NamedTemporaryFile("w+", dir=cache()) as told:
            self.run("sh", "-c", 'exec "$@" > /told', "sh", *command,
                     binds=[*binds, (told.name, "/told")])
            return told.read()

    @staticmethod
    def _always():
        """Names and certificates of the host, for those who fetch."""
        trusted = os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")
        pairs = [("/etc/resolv.conf", "/etc/resolv.conf")]
        if Path(trusted).exists():
            pairs.append((trusted, "/etc/ssl/certs/ca-certificates.crt"))
        return pairs


def bootstrap(folder, sources, packages, architecture, variant, hooks=()):
    """A Debian in a folder, by mmdebstrap."""
    log = folder.with_suffix(".log")
    options = [f"--customize-hook={hook}" for hook in hooks]
    with log.open("w") as told:
        done = subprocess.run(
            ["mmdebstrap", "--mode=root", f"--variant={variant}", "--format=directory",
             f"--architectures={architecture}",
             '--aptopt=APT::Install-Recommends "false"', '--aptopt=Acquire::Languages "none"',
             # A half-made folder is thrown away: nothing need be safe before it is whole.
             "--dpkgopt=force-unsafe-io",
             f"--include={packages}", *options, mirror.RELEASE, str(folder), *sources],
            check=False, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    if done.returncode != 0:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise Failure(f"mmdebstrap failed; the whole log is {log}\n{end}")
