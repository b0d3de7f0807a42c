"""Modules of a kernel: those that a board names, and what they need."""

import lzma
import re
from pathlib import Path

from maker.say import Failure


class Kernel:
    """A kernel's package, unpacked, with `modules.dep` made by depmod."""

    def __init__(self, folder):
        base = folder / "usr/lib/modules"
        base = base if base.is_dir() else folder / "lib/modules"
        (self.modules,) = base.iterdir()
        self.version = self.modules.name
        self.image = next((folder / "boot").glob("vmlinu[xz]-*"))
        builtin = (self.modules / "modules.builtin").read_text().split()
        self._builtin = {_name(path) for path in builtin}
        self._needs, self._paths = {}, {}
        for line in (self.modules / "modules.dep").read_text().splitlines():
            path, needs = line.split(":")
            self._needs[_name(path)] = [_name(need) for need in needs.split()]
            self._paths[_name(path)] = path

    def closure(self, names):
        """Paths below the modules' folder, each after what it needs."""
        order = []

        def add(name):
            if name in self._builtin and name not in self._paths:
                return
            if name not in self._paths:
                raise Failure(f"the kernel {self.version} has no module {name}")
            # depmod lists what is needed deepest last.
            for need in reversed(self._needs[name]):
                add(need)
            if self._paths[name] not in order:
                order.append(self._paths[name])

        for name in names:
            add(name.replace("-", "_"))
        return order

    def load(self, path):
        """The module's bytes, as `insmod` takes them, and its file name."""
        data, name = (self.modules / path).read_bytes(), Path(path).name
        if name.endswith(".xz"):
            return lzma.decompress(data), name[:-3]
        return data, name


def _name(path):
    return re.sub(r"\.ko(\.\w+)?$", "", Path(path).name).replace("-", "_")
