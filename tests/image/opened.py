"""An image that is opened instead of started: its partitions, and files of them in a folder."""

from maker.say import Failure
from media import SECTOR


class Opened:
    """What is taken out of a disk, in the folder `place`."""

    def __init__(self, medium, place, room):
        self.medium, self.place, self.room = medium, place, room

    def content(self, name):
        """The partition's content as a file."""
        out = self.place / f"{name}.img"
        self.medium.content(name, out)
        return out

    def files(self, name):
        """A folder with the files of a FAT partition."""
        out = self.place / name
        out.mkdir()
        self.room.run("mcopy", "-s", "-n", "-i", f"/place/{self.content(name).name}", "::",
                      f"/place/{name}", binds=[(self.place, "/place")], quiet=True)
        return out

    def root(self):
        """A folder with the files of the root in slot A."""
        self.room.run("unsquashfs", "-q", "-n", "-d", "/place/root",
                      f"/place/{self.content('root-a').name}",
                      binds=[(self.place, "/place")], quiet=True)
        return self.place / "root"

    def old_table(self):
        """Kinds of the partitions in the table of the old kind, at the disk's first sector."""
        with self.medium.path.open("rb") as disk:
            first = disk.read(SECTOR)
        if first[510:] != b"\x55\xaa":
            raise Failure("the disk's first sector is no partition table")
        return [kind for kind in first[450:510:16] if kind]


def archive(data):
    """Files of an archive of the kind "newc", by name."""
    found, at = {}, 0
    while True:
        fields = [int(data[at + 6 + 8 * n:at + 14 + 8 * n], 16) for n in range(13)]
        size, length = fields[6], fields[11]
        name = data[at + 110:at + 109 + length].decode()
        start = at + 110 + length + 3 & ~3
        if name == "TRAILER!!!":
            return found
        found[name] = data[start:start + size]
        at = start + size + 3 & ~3


def missing_libraries(root, files, room, loader):
    """What the image's own loader does not find for the files, or for what those need."""
    told = room.read(
        "sh", "-c", """
            loader=$1; shift
            for file do chroot /tree "$loader" --list "/$file" | sed "s|$|, for $file|"; done
        """, "sh", loader, *[file.relative_to(root) for file in files], binds=[(root, "/tree")])
    lines = told.splitlines()
    # Each names at least the C library: silence would be no answer.
    if len({line.rpartition(", for ")[2] for line in lines}) != len(files):
        raise Failure(f"{loader} does not answer for all of {len(files)} files")
    return [line.strip() for line in lines if "not found" in line]
