"""What is in an image and under which licences: the bill of materials and the texts."""

import json
import shutil


def debian(tree):
    """Name, version and source of each package in the tree's list."""
    found = []
    for paragraph in (tree / "var/lib/dpkg/status").read_text().split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in paragraph.splitlines() if ": " in line[:40]
            and not line.startswith(" "))
        if fields.get("Status") == "install ok installed":
            source = fields.get("Source", fields["Package"]).split(" ")[0]
            found.append((fields["Package"], fields["Version"], source))
    return sorted(found)


def bill(board, version, packages, crates, unpacked):
    """CycloneDX 1.5, without times and random numbers: the same for the same content.

    `unpacked` is what is in the image but not in the list of its packages: kernel and firmware.
    """
    def component(kind, name, version, purl, licence=None):
        about = {"type": kind, "name": name, "version": version, "purl": purl}
        if licence:
            about["licenses"] = [{"expression": licence.replace("/", " OR ")}]
        return about

    distribution = f"distro=debian-13&arch={board.architecture}"
    parts = [component("library", name, number,
                       f"pkg:deb/debian/{name}@{number}?{distribution}&source={source}")
             for name, number, source in packages]
    for about in unpacked:
        name, number = about["Package"], about["Version"]
        kind = "operating-system" if name.startswith("linux-") else "firmware"
        parts.append(component(kind, name, number,
                               f"pkg:deb/debian/{name}@{number}?{distribution}"))
    parts += [component("library", name, number, f"pkg:cargo/{name}@{number}", licence)
              for name, number, licence, _ in crates]
    whole = {"type": "firmware", "name": f"matinee-{board.name}", "version": version}
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                       "metadata": {"component": whole}, "components": parts}, indent=1) + "\n"


_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE")


def crate_licences(crates, folder):
    """Copies the texts that come with the crates; one that has none is named."""
    silent = []
    for name, version, licence, source in crates:
        texts = [path for path in sorted(source.glob("*")) if path.name.upper().startswith(_NAMES)]
        texts = [path for path in texts if path.is_file()]
        if not texts:
            silent.append(f"{name} {version}: {licence}")
            continue
        to = folder / f"{name}-{version}"
        to.mkdir(parents=True)
        for path in texts:
            shutil.copyfile(path, to / path.name)
    (folder / "without-a-text.txt").write_text("\n".join(silent) + "\n")
