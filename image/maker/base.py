"""Debian's part of an image: packages in a folder, and what is only unpacked: kernel, firmware.

Both are kept in the cache; copies of them are worked on.
"""

import shutil

from maker import mirror
from maker.board import ROOT
from maker.room import bootstrap, cache, key
from maker.say import Failure, say


def packages(board):
    """Names of image/packages, and what RAUC needs to speak with the board's boot loader."""
    lines = (ROOT / "image" / "packages").read_text().splitlines()
    common = [line for line in lines if line and not line.startswith("#")]
    return [*common, *board.loader.PACKAGES]


def tree(board):
    """The folder with the packages, as Debian has them; not to be written into."""
    sources, wanted = mirror.sources(), packages(board)
    path = cache() / "trees" / key(board.architecture, *sources, *wanted)
    if path.exists():
        return path
    say(f"installing {len(wanted)} packages and what they need")
    half = path.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(parents=True, exist_ok=True)
    bootstrap(half, sources, ",".join(wanted), board.architecture, "essential")
    half.rename(path)
    return path


# Lists of their own: the room need not know the processor, and what a board wants of elsewhere does
# not come into it.
_FETCH = """
set -eu
architecture=$1 suite=$2 todo=$3 seen=
mkdir -p /out/apt/lists/partial /out/apt/cache/archives/partial /out/packages
tool() {
    name=$1
    shift
    "$name" -q -o APT::Architecture=$architecture -o APT::Architectures::=$architecture \\
        -o Dir::State::Lists=/out/apt/lists -o Dir::State::Status=/dev/null \\
        -o Dir::Etc::SourceList=/out/sources.list -o Dir::Etc::SourceParts=/dev/null \\
        -o Dir::Cache=/out/apt/cache -o APT::Default-Release=$suite -o APT::Sandbox::User=root "$@"
}
tool apt-get update
while [ -n "$todo" ]; do
    package=${todo%% *}
    todo=${todo#"$package"}
    todo=${todo# }
    case " $seen " in *" $package "*) continue ;; esac
    seen="$seen $package"
    # A kernel is one package that names another, or several of one version.
    more=$(tool apt-cache depends --no-recommends "$package" |
        sed -n 's/^ *Depends: \\(linux-[a-z]*-[0-9].*\\)$/\\1/p')
    todo="$todo${todo:+ }$(echo $more)"
done
cd /out/packages
tool apt-get download $seen
for package in *.deb; do
    dpkg-deb -x "$package" /out/files
    dpkg-deb -f "$package" Package Version Source
    echo
done > /out/about
rm -r /out/packages /out/apt
"""


def fetch(packages, board, room, suite=mirror.RELEASE):
    """The folder with packages unpacked, of which no script is run; see `Fetched`."""
    return _fetch(packages, board, room, suite, mirror.sources("main non-free-firmware"))


def fetch_from(own, board, room):
    """The same of a board's own kernel (`board.OwnKernel`)."""
    keyring = board.folder / own.keyring
    if not keyring.exists():
        raise Failure(f"{keyring} is missing: it says who signs {own.address}")
    line = f"deb [signed-by=/out/keyring] {own.address} {own.suite} {own.components}"
    return _fetch([own.kernel], board, room, own.suite, [line], keyring)


def _fetch(packages, board, room, suite, sources, keyring=None):
    path = cache() / "fetched" / key(board.architecture, suite, *packages, *sources)
    if not path.exists():
        say(f"fetching {', '.join(packages)}")
        half = path.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        (half / "sources.list").write_text("\n".join(sources) + "\n")
        if keyring:
            shutil.copy(keyring, half / "keyring")
        room.run("sh", "-c", _FETCH, "sh", board.architecture, suite, " ".join(packages),
                 binds=[(half, "/out")], quiet=True)
        half.rename(path)
    return Fetched(path)


class Fetched:
    """Packages that are unpacked in a folder; not to be written into."""

    def __init__(self, path):
        self.files = path / "files"
        paragraphs = (path / "about").read_text().strip().split("\n\n")
        # Of each: Package, Version and, where it has another name, Source.
        self.about = [dict(line.split(": ", 1) for line in text.splitlines())
                      for text in paragraphs]
