"""Updates: the keys that sign them, what an image trusts, and the bundles (RAUC)."""

import os
import shutil
import subprocess

from maker.board import ROOT
from maker.room import cache

COMPATIBLE = "matinee-{}"


def keys():
    """The folder of the keys: MATINEE_KEYS, or development keys of this machine."""
    given = os.environ.get("MATINEE_KEYS")
    folder = cache() / "keys"
    if not given and not (folder / "keyring.pem").exists():
        subprocess.run([ROOT / "image/keys", folder], check=True)
    return type(folder)(given) if given else folder


def trust(board, tree):
    """Says in an image's root what updates it takes, and from whom."""
    folder = tree / "etc/rauc"
    folder.mkdir(exist_ok=True)
    text = (ROOT / "image/rauc.conf").read_text()
    text = text.replace("COMPATIBLE\n", COMPATIBLE.format(board.name) + "\n")
    text = text.replace("LOADER\n", board.loader.RAUC + "\n")
    (folder / "system.conf").write_text(text)
    shutil.copyfile(keys() / "keyring.pem", folder / "keyring.pem")


def make(board, version, root, kernel, out, room, signed_by=None, compatible=None):
    """Writes the bundle `out` with a root and a kernel slot; tests sign and name it wrongly."""
    folder = out.parent / f"{out.name}.d"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.link(root, folder / "root.img")
    os.link(kernel, folder / "kernel.vfat")
    (folder / "manifest.raucm").write_text(f"""[update]
compatible={compatible or COMPATIBLE.format(board.name)}
version={version}

[bundle]
format=verity

[image.rootfs]
filename=root.img
adaptive=block-hash-index

[image.kernel]
filename=kernel.vfat
""")
    out.unlink(missing_ok=True)
    room.run("rauc", "bundle", "--cert=/keys/signing.pem", "--key=/keys/signing.key",
             f"/out/{folder.name}", f"/out/{out.name}",
             binds=[(out.parent, "/out"), (signed_by or keys(), "/keys")], quiet=True)
    shutil.rmtree(folder)
