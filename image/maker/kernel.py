"""Modules of a kernel: those that a board names, and what they need."""

import lzma
import re
from pathlib import Path

from maker import device_tree
from maker.say import Failure


class Kernel:
    """A kernel's package, unpacked, with `modules.dep` made by depmod."""

    def __init__(self, folder):
        base = folder / "usr/lib/modules"
        base = base if base.is_dir() else folder / "lib/modules"
        (self.modules,) = base.iterdir()
        self.version = self.modules.name
        # Since 7.3 beside the modules.
        boot = folder / "boot"
        self.image, self.config = (
            next(place for place in (boot / f"{name}-{self.version}", self.modules / name)
                 if place.exists()) for name in ("vmlinuz", "config"))
        # Binaries by vendor; a PC has none.
        self.device_trees = folder / f"usr/lib/linux-image-{self.version}"
        builtin = (self.modules / "modules.builtin").read_text().split()
        self._builtin = {_name(path) for path in builtin}
        self._needs, self._paths = {}, {}
        for line in (self.modules / "modules.dep").read_text().splitlines():
            path, needs = line.split(":")
            self._needs[_name(path)] = [_name(need) for need in needs.split()]
            self._paths[_name(path)] = path

    def check(self, wanted):
        """Whether it was built with all that is wanted of it: NAME is y or m, NAME=y built in."""
        lines = set(self.config.read_text().splitlines())
        lacks = [name for name in wanted if not lines & (
            {f"CONFIG_{name}"} if "=" in name else {f"CONFIG_{name}=y", f"CONFIG_{name}=m"})]
        if lacks:
            raise Failure(f"the kernel {self.version} lacks {', '.join(lacks)}")

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

    def drives(self, trees):
        """Names of the modules that drive what is in the device trees, as udev would find them."""
        by_name = {}
        for line in (self.modules / "modules.alias").read_text().splitlines():
            found = _OF.match(line)
            if found:
                by_name.setdefault(found[1], set()).add(found[2])
        names = {name for tree in trees for name in device_tree.compatible(tree.read_bytes())}
        return sorted({module for name in names for module in by_name.get(name, ())})

    def load(self, path):
        """The module's bytes, as `insmod` takes them, and its file name."""
        data, name = (self.modules / path).read_bytes(), Path(path).name
        if name.endswith(".xz"):
            return lzma.decompress(data), name[:-3]
        return data, name


# What a module says it drives, by one name: `of:N*T*Cbrcm,bcm2711-vc5C*`.
_OF = re.compile(r"alias of:N\*T\*C(.+?)(?:C\*)? (\S+)$")


def _name(path):
    return re.sub(r"\.ko(\.\w+)?$", "", Path(path).name).replace("-", "_")
