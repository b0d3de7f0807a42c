"""Updates for a box, good ones and others, each on a drive as it is plugged in."""

import shutil
import subprocess

import media
from maker import bundle, slots
from maker.board import ROOT, read
from maker.kernel import Kernel
from maker.room import Room, cache


class Updates:
    """Makes bundles from the root of the image that was built last."""

    def __init__(self, board, place):
        self.board, self.room, self.place = read(board), Room(), place
        self.work = cache() / "work" / board

    def bundle(self, version, broken=False):
        """A bundle whose system has that version, and is the image's otherwise; `broken`: it never
        shows a picture."""
        def edit(tree):
            _set(tree / "usr/lib/os-release", "IMAGE_VERSION=", version)
            if broken:
                # There is no desktop in the box.
                _set(tree / "usr/share/matinee/environment", "ARGUMENTS=", "--display=window")

        folder = self.slots(f"version-{version}", edit)
        out = self.place / f"matinee-{version}.raucb"
        bundle.make(self.board, version, folder / "root.img", folder / "kernel.vfat", out,
                    self.room)
        return out

    def slots(self, name, edit, level=1):
        """A folder with the slots of the image, after `edit` of its root."""
        folder = self.place / name
        tree = folder / "root"
        folder.mkdir()
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.work / "root"), str(tree)],
                       check=True)
        edit(tree)
        slots.pack(self.board, Kernel(self.work / "kernel"), tree, 0, self.room, folder,
                   level=level)
        shutil.rmtree(tree)
        return folder

    def again(self, of, name, version=None, **differently):
        """The slots of the version `of` in another bundle: signed or named differently."""
        folder = self.place / f"version-{of}"
        out = self.place / f"matinee-{name}.raucb"
        bundle.make(self.board, version or of, folder / "root.img", folder / "kernel.vfat", out,
                    self.room, **differently)
        return out

    def strange_keys(self):
        """Keys of nobody that the box trusts."""
        folder = self.place / "strange-keys"
        subprocess.run([ROOT / "image/keys", folder], check=True)
        return folder

    def drive(self, file):
        """A drive (FAT) with that one file."""
        out = self.place / f"{file.stem}.drive"
        media.drive(out, {file.name: file}, (file.stat().st_size >> 20) + 32)
        file.unlink()
        return out


def _set(path, key, value):
    lines = path.read_text().splitlines()
    lines = [f"{key}{value}" if line.startswith(key) else line for line in lines]
    path.write_text("\n".join(lines) + "\n")
