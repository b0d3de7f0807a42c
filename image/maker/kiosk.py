"""The box's own program, built in the builder's room by Debian's compiler."""

import json
import re
import shutil

from maker.board import ROOT
from maker.room import HERE, Room, cache
from maker.say import say


def _binds(board):
    # One for each processor: cargo lets one build at a time into a folder.
    made = cache() / ("target" if board.architecture == HERE else f"target-{board.architecture}")
    fetched = cache() / "cargo"
    for folder in (made, fetched):
        folder.mkdir(parents=True, exist_ok=True)
    # The checkout cannot be written: nothing of a build ends up in it.
    return [(ROOT, "/src"), (made, "/target"), (fetched, "/cargo")]


_ENV = {"CARGO_HOME": "/cargo", "CARGO_TARGET_DIR": "/target", "CARGO_TERM_COLOR": "never",
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}


def build(board):
    """Builds `matinee` for the board; returns the program's path."""
    say("building matinee")
    binds, env = _binds(board), dict(_ENV)
    # The room's own processor is named by no target, so that both share what is built for it.
    foreign = [] if board.architecture == HERE else ["--target", board.target]
    _forget_others(board, foreign)
    if foreign:
        env |= _foreign(board)
    Room(board.architecture).run(
        "cargo", "build", "--quiet", "--release", "--locked", "--bin", "matinee", *foreign,
        "--manifest-path", "/src/Cargo.toml", binds=binds, env=env)
    return binds[1][0].joinpath(*foreign[1:], "release", "matinee")


def _foreign(board):
    """How the room builds for another processor than its own."""
    linker = f"CARGO_TARGET_{board.target.replace('-', '_').upper()}_LINKER"
    return {linker: f"{board.triplet}-gcc", "PKG_CONFIG_ALLOW_CROSS": "1",
            f"PKG_CONFIG_LIBDIR_{board.target.replace('-', '_')}":
                f"/usr/lib/{board.triplet}/pkgconfig:/usr/share/pkgconfig"}


def _forget_others(board, foreign):
    """Forgets what was built of our own crates from another checkout. In the room all checkouts are
    at one place, and cargo goes by times: it would take the older one's for the newer one's."""
    binds, room = _binds(board), Room(board.architecture)
    made = binds[1][0].joinpath(*foreign[1:])
    made.mkdir(parents=True, exist_ok=True)
    last = made / "checkout"
    if (made / "release").exists() and not (last.exists() and last.read_text() == str(ROOT)):
        env = [f"{name}={value}" for name, value in _ENV.items()]
        # Not offline: this checkout may have crates that the other had not.
        there = ["--locked", "--manifest-path", "/src/Cargo.toml"]
        told = room.read("env", *env, "cargo", "metadata", "--quiet", "--no-deps",
                         "--format-version", "1", *there, binds=binds)
        ours = [f"--package={package['name']}" for package in json.loads(told)["packages"]]
        room.run("cargo", "clean", "--quiet", "--release", *foreign, *ours, *there,
                 binds=binds, env=_ENV)
    last.write_text(str(ROOT))


def crates(board, room):
    """Name, version and licence of each crate in the program, and its folder in the cache."""
    told = room.read(
        "env", *[f"{name}={value}" for name, value in _ENV.items()],
        "cargo", "tree", "--quiet", "--locked", "--offline", "--manifest-path", "/src/Cargo.toml",
        "--package", "matinee", "--edges", "normal", "--target", board.target, "--prefix", "none",
        "--format", "{p}\t{l}", binds=_binds(board))
    found = {}
    for line in told.splitlines():
        what, _, licence = line.removesuffix(" (*)").partition("\t")
        match = re.match(r"(\S+) v(\S+)", what)
        if match and "/src" not in what:
            found[(match[1], match[2])] = licence.removesuffix(" (*)")
    sources = cache() / "cargo/registry/src"
    (registry,) = sources.iterdir()
    return [(name, version, licence, registry / f"{name}-{version}")
            for (name, version), licence in sorted(found.items())]


def install(board, program, tree):
    """Puts the program into the tree, without what only a debugger reads."""
    to = tree / "usr/bin/matinee"
    shutil.copy(program, to)
    to.chmod(0o755)
    strip = "strip" if board.architecture == HERE else f"{board.triplet}-strip"
    Room(board.architecture).run(strip, "/tree/usr/bin/matinee", binds=[(tree, "/tree")])
