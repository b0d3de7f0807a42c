"""A root's shell in a box, with tools and kernel modules that no box has: for the other ends of its
cables, which QEMU has not (a TV on HDMI, a remote, a drive that breaks).

The system under test is the image's, and one unit more that runs a shell on the second serial line.
The tools are a Debian on a disk of their own, entered by chroot.
"""

import base64
import json
import shlex
import shutil
import socket
import subprocess
import threading
import time

import media
from maker import mirror
from maker.kernel import Kernel
from maker.room import Room, bootstrap, cache, key
from maker.say import Failure, say
from updates import Updates

_PACKAGES = ("alsa-utils,busybox,kmod,v4l-utils,ir-keytable,python3-minimal,strace,hostapd,iw,"
             "iproute2,dnsmasq-base,wpasupplicant")

# What they drive: a pretended TV, a remote, a keyboard, a sound card, radios.
_MODULES = ("vivid", "rc_loopback", "ir_nec_decoder", "ir_rc6_decoder", "ir_rc5_decoder", "uinput",
            "snd_aloop", "mac80211_hwsim", "ext4", "vfat", "exfat", "nls_ascii", "nls_utf8")

_UNIT = """[Unit]
DefaultDependencies=no

[Service]
ExecStartPre=/bin/mkdir -p /run/tools
ExecStartPre=/bin/mount -o ro /dev/vdb /run/tools
ExecStartPre=/bin/mount --rbind /dev /run/tools/dev
ExecStartPre=/bin/mount --rbind /sys /run/tools/sys
ExecStartPre=/bin/mount -t proc proc /run/tools/proc
ExecStartPre=/bin/mount --rbind /run /run/tools/run
ExecStartPre=/bin/stty -F /dev/ttyS1 raw -echo
ExecStart=/bin/sh -c 'exec chroot /run/tools /bin/sh </dev/ttyS1 >/dev/ttyS1 2>/dev/null'
Restart=always
"""


# The control API, for the shell alone.
_API = "127.0.0.1:8097"
_TOKEN = "of-the-tests-in-virtual-machines"
_ASK = f"busybox wget -q -O - --header 'Authorization: Bearer {_TOKEN}'"


def settings(folder, *lines):
    """The box's own folder in a data folder, with settings by which the shell can ask the box."""
    (folder / "matinee").mkdir(parents=True, exist_ok=True)
    own = [f'control = "{_API}"', f'control-token = "{_TOKEN}"', "first-start = false"]
    text = "\n".join([*own, *lines]) + "\n"
    (folder / "matinee/settings.toml").write_text(text)
    return folder


# A key is answered by then, whatever has become of a drive.
KEY_SECONDS = 2

# Of these the console of a box that is well says none.
_TROUBLE = ("panicked", "Watchdog timeout", "hung_task")


def plays(state):
    """A film runs."""
    return state["screen"] == "playing" and state["playback"]["playing"]


class Inside:
    """A box that runs with a shell in it. Use it in `with`; `box` is the machine."""

    def __init__(self, place, data=None, demo=None, network=media.NO_NETWORK, extra=()):
        """`demo`: makes the disk of `place` instead. `extra`: words for QEMU."""
        self.place = place
        disk = demo(place) if demo else media.disk(place, data=data)
        updates = Updates(media.USUAL, place)
        slots = updates.slots("inside", _with_shell)
        disk.write("root-a", slots / "root.img")
        disk.write("kernel-a", slots / "kernel.vfat")
        shutil.rmtree(slots)
        path = place / "shell"
        line = ["-drive", f"file={_tools(updates)},if=virtio,format=raw,readonly=on",
                "-chardev", f"socket,id=shell,path={path},server=on,wait=off",
                "-device", "isa-serial,chardev=shell,index=1"]
        self.box = disk.start(place, network=[*network, *line, *extra])
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._heard, self._news, self._count = b"", threading.Condition(), 0
        threading.Thread(target=self._hear, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.box.__exit__(*why)
        self._socket.close()

    def _hear(self):
        with (self.place / "shell.log").open("wb") as log:
            while some := self._receive():
                log.write(some)
                log.flush()
                with self._news:
                    self._heard += some
                    self._news.notify_all()

    def _receive(self):
        try:
            return self._socket.recv(65536)
        except OSError:
            return b""

    def begin(self, command):
        """Runs it without waiting for its end; `end` waits."""
        self._count += 1
        mark = f"@{self._count}"
        with self._news:
            start = len(self._heard)
        # Two pieces, so that nothing but its end says it.
        line = f"{{ {command}\n}} 2>&1; echo '@''{self._count}' $?\n"
        self._socket.sendall(line.encode())
        return command, mark.encode() + b" ", start

    def end(self, begun, seconds=30, may_fail=False):
        """What the command has printed."""
        command, mark, start = begun
        seconds *= self.box.slow
        until = time.monotonic() + seconds
        with self._news:
            while True:
                at = self._heard.find(mark, start)
                if at >= 0 and b"\n" in self._heard[at:]:
                    break
                if not self._news.wait(until - time.monotonic()) and time.monotonic() > until:
                    raise Failure(f"in the box, {command!r} takes more than {seconds} s")
            told = self._heard[start:at].decode(errors="replace")
            code = int(self._heard[at + len(mark):].split()[0])
        if code and not may_fail:
            raise Failure(f"in the box, {command!r} fails ({code}): {told.strip()}")
        return told

    def run(self, command, seconds=30, may_fail=False):
        return self.end(self.begin(command), seconds, may_fail)

    def state(self):
        """What the box shows (src/remote/state.rs)."""
        return json.loads(self.run(f"{_ASK} http://{_API}/api/v1/state"))

    def figures(self):
        """What the box measures of itself (src/figures.rs)."""
        return json.loads(self.run(f"{_ASK} http://{_API}/api/v1/figures"))

    def shown(self):
        """The box's own picture of its screen (PNG)."""
        told = self.run(f"{_ASK} http://{_API}/api/v1/screen.png | busybox base64", 60)
        return base64.b64decode(told)

    def until(self, wanted, seconds, otherwise):
        """Asks for the state until it is as wanted; returns that."""
        end = time.monotonic() + seconds * self.box.slow
        # The box has as much to do with an answer as this has with asking: that is the pace.
        while not wanted(state := self.state()):
            if time.monotonic() > end:
                raise Failure(f"{otherwise} within {seconds * self.box.slow} s: {state}")
        return state

    def goes_on(self, by_ms=1000, seconds=10):
        """Waits until the film that runs is so much further."""
        began = self.state()["playback"]["position_ms"]
        self.until(lambda state: plays(state) and state["playback"]["position_ms"] > began + by_ms,
                   seconds, "the film does not go on")

    def pull_out(self):
        """Pulls out the drive while a film plays; returns the seconds that it took to answer a key:
        one that shows the controls, for OK would hold the film, which then reads nothing."""
        self.box.unplug()
        return self.answered("up")

    def answered(self, name):
        """Presses a key; returns the seconds after which the box says what it shows now."""
        began = time.monotonic()
        self.key(name)
        self.state()
        answered = time.monotonic() - began
        if answered > KEY_SECONDS * self.box.slow:
            raise Failure(f"a key was answered after {answered:.1f} s")
        return answered

    def expect_no_trouble(self):
        """Fails if the console tells of any."""
        if any(word in self.box.text() for word in _TROUBLE):
            raise Failure("the console tells of trouble")

    def post(self, path, body):
        self.run(f"{_ASK} --header 'Content-Type: application/json' "
                 f"--post-data {shlex.quote(json.dumps(body))} http://{_API}/api/v1/{path}")

    def key(self, name, press=None):
        """A key by the control API, as it names them."""
        self.post("key", {"key": name} if press is None else {"key": name, "press": press})

    def open_setting(self, name):
        """From anywhere to that page of the settings, by keys."""
        self.key("home")
        row = self.until(lambda state: state["screen"] == "home", 10,
                         "Home does not lead home")["focus"]["row"]
        for _ in range(row + 1):
            self.key("up")
        menu = self.until(lambda state: state["focus"]["menu"], 10,
                          "there is nothing above the wall")["focus"]["menu"]
        while menu != "Settings":
            self.key("right")
            menu = self.until(lambda state, before=menu: state["focus"]["menu"] != before, 10,
                              "there are no settings")["focus"]["menu"]
        self.key("ok")
        lines = self.until(lambda state: state["menu"], 10, "the settings do not open")["menu"]
        for _ in range(lines["actions"].index(name)):
            self.key("down")
        self.key("ok")

    def write(self, path, text):
        """A file in the box."""
        self.run(f"printf %s {shlex.quote(text)} > {path}")


def _with_shell(tree):
    # The TV's end of a pretended HDMI cable is not the box's.
    rules = tree / "usr/lib/udev/rules.d/99-inside.rules"
    rules.write_text('SUBSYSTEM=="cec", KERNEL=="cec0", GROUP="root", MODE="0600"\n')
    unit = tree / "usr/lib/systemd/system/inside.service"
    unit.write_text(_UNIT)
    wants = tree / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / unit.name).symlink_to(f"/usr/lib/systemd/system/{unit.name}")


def _tools(updates):
    """The disk with the tools; kept, for it is the same for every test."""
    kernel, sources = Kernel(updates.work / "kernel"), mirror.sources()
    made = cache() / "tools" / key(kernel.version, *sources, _PACKAGES, *_MODULES)
    if made.exists():
        return made
    say("making the disk with the tests' tools")
    made.parent.mkdir(parents=True, exist_ok=True)
    tree = made.with_suffix(".tree")
    shutil.rmtree(tree, ignore_errors=True)
    bootstrap(tree, sources, _PACKAGES, updates.board.architecture, "essential")
    modules = tree / "usr/lib/modules" / kernel.version
    for path in kernel.closure(_MODULES):
        (modules / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kernel.modules / path, modules / path)
    for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
        shutil.copy(kernel.modules / name, modules / name)
    room = Room()
    room.run("depmod", "-b", "/tree", kernel.version, binds=[(tree, "/tree")])
    half = made.with_suffix(".half")
    half.unlink(missing_ok=True)
    room.run("mksquashfs", "/tree", f"/out/{half.name}", "-comp", "zstd", "-Xcompression-level",
             "1", "-no-progress", "-quiet", "-noappend", "-e", "usr/share/doc",
             binds=[(tree, "/tree"), (made.parent, "/out")], quiet=True)
    subprocess.run(["rm", "-rf", tree], check=True)
    half.rename(made)
    return made
