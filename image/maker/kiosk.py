"""The box's own program, built in the builder's room by Debian's compiler."""

import re
import shutil

from maker.board import ROOT
from maker.room import HERE, cache
from maker.say import say


def _binds():
    made = cache() / "target"
    fetched = cache() / "cargo"
    for folder in (made, fetched):
        folder.mkdir(parents=True, exist_ok=True)
    # The checkout cannot be written: nothing of a build ends up in it.
    return [(ROOT, "/src"), (made, "/target"), (fetched, "/cargo")]


_ENV = {"CARGO_HOME": "/cargo", "CARGO_TARGET_DIR": "/target", "CARGO_TERM_COLOR": "never",
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}


def build(board, room):
    """Builds `matinee` for the board; returns the program's path."""
    say("building matinee")
    # The room's own processor is named by no target, so that both share what is built for it.
    foreign = [] if board.architecture == HERE else ["--target", board.target]
    room.run("cargo", "build", "--quiet", "--release", "--locked", "--bin", "matinee", *foreign,
             "--manifest-path", "/src/Cargo.toml", binds=_binds(), env=_ENV)
    return cache().joinpath("target", *foreign[1:], "release", "matinee")


def crates(board, room):
    """Name, version and licence of each crate in the program, and its folder in the cache."""
    told = room.read(
        "env", *[f"{name}={value}" for name, value in _ENV.items()],
        "cargo", "tree", "--quiet", "--locked", "--offline", "--manifest-path", "/src/Cargo.toml",
        "--package", "matinee", "--edges", "normal", "--target", board.target, "--prefix", "none",
        "--format", "{p}\t{l}", binds=_binds())
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


def install(program, tree, room):
    """Puts the program into the tree, without what only a debugger reads."""
    to = tree / "usr/bin/matinee"
    shutil.copy(program, to)
    to.chmod(0o755)
    room.run("strip", "/tree/usr/bin/matinee", binds=[(tree, "/tree")])
