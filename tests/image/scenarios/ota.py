"""The box updates itself over the network, says so after the restart, and goes back when told."""

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import media
from maker import machine
from maker.board import ROOT
from maker.say import Failure
from updates import Updates

# Where the machine finds the site; it reaches nothing else.
HOST = "10.0.2.100"

# Pixels of the first and the second line of the page's list, beside their words.
_FIRST, _SECOND = (398, 148), (398, 200)

# What QEMU runs for each connection to the site: its input and output are the machine's.
_RELAY = """
import os, socket, sys, threading
site = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def forth():
    while (some := os.read(0, 65536)):
        site.sendall(some)
    site.shutdown(socket.SHUT_WR)
threading.Thread(target=forth, daemon=True).start()
while (some := site.recv(65536)):
    while some:
        some = some[os.write(1, some):]
"""


class Site(ThreadingHTTPServer):
    """A folder on loopback, of which parts can be had (RFC 9110, 14); counts the bytes it sends."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.folder, self.sent, self.asked = folder, 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802  (its name)
        path = self.server.folder / self.path.lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        size = path.stat().st_size
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        first, last = (int(part[1]), min(int(part[2]), size - 1)) if part else (0, size - 1)
        self.send_response(206 if part else 200)
        self.send_header("content-length", str(last + 1 - first))
        if part:
            self.send_header("content-range", f"bytes {first}-{last}/{size}")
        self.end_headers()
        with path.open("rb") as file:
            file.seek(first)
            self.wfile.write(file.read(last + 1 - first))
        self.server.sent += last + 1 - first
        self.server.asked += 1

    def log_message(self, *_):
        pass


def run(place):
    site = Site(place / "site")
    key = place / "channel.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True,
                   capture_output=True)
    _follow(site, key, place / "data/matinee")
    disk = media.disk(place, data=place / "data")
    bundle = Updates(media.USUAL, place).bundle("2.0.0")
    _release(place, key, bundle)
    size = bundle.stat().st_size
    relay = place / "relay.py"
    relay.write_text(_RELAY)
    to_site = f"{sys.executable} {relay} {site.server_port}"
    network = ["-nic", "user,model=virtio-net-pci,restrict=on,"
               f"guestfwd=tcp:{HOST}:80-cmd:{to_site}"]
    with disk.start(place, network=network) as box:
        box.wait_for(r"matinee: slot A", 30)
        at, _ = box.wait_for(machine.UP, 30)
        at, _ = box.wait_for(r"updates: Stands", 30, at)
        page = _Page(box, place, 10)
        page.open()
        box.press("ret")
        at, _ = box.wait_for(r'updates: Checked\(Ok\(Some\(.*"2\.0\.0"', 30, at)
        # Get it now.
        page.shows("there is one")
        box.press("ret")
        at, _ = box.wait_for(r"updates: Ready", 180, at)
        # Restart now; a system that was good can be gone back to.
        page.shows("ready")
        box.wait_for(r"good\[\d+\]: yes", 30, timer=150)
        box.press("ret")
        at, _ = box.wait_for(r"matinee: slot B", 60, at)
        at, _ = box.wait_for(machine.UP, 30, at)
        at, _ = box.wait_for(r'updates: Stands\(.*Updated { to: "2\.0\.0"', 30, at)
        at, _ = box.wait_for(r"good\[\d+\]: yes", 30, at, timer=150)
        page.open()
        box.press("down")
        page.shows("go back", _SECOND)
        # Surely.
        box.press("ret")
        box.press("ret")
        at, _ = box.wait_for(r"matinee: slot A", 60, at)
        at, _ = box.wait_for(machine.UP, 30, at)
        box.wait_for(r'updates: Stands\(.*SentBack { from: "2\.0\.0"', 30, at)
        box.screen(place / "back.png")
    return (f"a bundle of {size >> 20} MiB cost {site.sent >> 20} MiB "
            f"in {site.asked} requests")


def _follow(site, key, folder):
    """The owner's settings: a channel at home, and whose signatures count."""
    public = subprocess.run([ROOT / "image/sign-channel", key, "public"], check=True,
                            capture_output=True, text=True).stdout.strip()
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('updates = "update.toml"\nfirst-start = false\n')
    (folder / "update.toml").write_text(
        f'keys = ["{public}"]\nat-home = true\n[channels]\n'
        f'stable = "http://{HOST}/stable.dsse"\n')


def _release(place, key, bundle):
    done = subprocess.run([ROOT / "image/release", place / "site", "stable", key, bundle],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr)


class _Page:
    """The page of updates: in the settings, which are the last but one of the places above the wall."""

    # Language, time zone, network, phone, remote, drives, rows, profiles, films, sharing, sound,
    # screen, reading aloud and TV come before it.
    LINE = 14

    def __init__(self, box, place, seconds):
        self.box, self.place, self.seconds = box, place, seconds

    def open(self):
        for name in ("up", *("right",) * 6, "left", "ret", *("down",) * self.LINE, "ret"):
            self.box.press(name)
        self.shows("page")

    def shows(self, what, line=_FIRST):
        """Waits for the list with the focus on that line."""
        self.box.watch(lambda screen: screen.at(*line) == machine.LIT, self.seconds,
                       self.place / f"{what.replace(' ', '-')}.png",
                       f"the page does not come to: {what}")
