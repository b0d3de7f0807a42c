"""A virtual machine that runs an image: QEMU's command line, its console, its screen and keys.

Nothing here waits by the clock: the console is read by a thread that tells whoever waits for a
line, and QMP answers.
"""

import json
import os
import re
import socket
import subprocess
import threading
import time
import zlib
from pathlib import Path

from maker.room import HERE, Room
from maker.say import Failure

WIDTH, HEIGHT = 1280, 720


def can_accelerate():
    """Whether this machine lends its processor to virtual ones.

    /dev/kvm is not enough: in some clouds it is there without the processor's own help, and stops
    at instructions of any distribution's kernel.
    """
    told = Path("/proc/cpuinfo").read_text().split()
    return os.access("/dev/kvm", os.R_OK | os.W_OK) and ("vmx" in told or "svm" in told)


# What QEMU calls the pace of a drive.
_PACE = "pace"

# The line on the console with the first picture, in seconds since the kernel's start.
UP = r"^\[ *([0-9.]+)\].*Started matinee\.service"


def medium(disk, out, size):
    """The image on a medium of `size` bytes, in a file that takes no more room than it must."""
    subprocess.run(["cp", "--sparse=always", str(disk), str(out)], check=True)
    os.truncate(out, size)


def slowness(board):
    """How many times longer to wait than a PC would take: a processor that is only pretended is
    that much slower."""
    foreign = board.architecture != HERE
    return 1 if not foreign and can_accelerate() else 10


def command(disk, board, log=None):
    """QEMU's command line, without a screen to look at. `log`: a file that gets every write to the
    disk in its order (tests/image/writes.py)."""
    foreign = board.architecture != HERE
    return [
        *(_arm64() if foreign else _pc()), "-nodefaults", "-no-user-config", "-smp", "2",
        "-m", "1024", *_medium(disk, log),
        "-device", f"virtio-gpu-pci,xres={WIDTH},yres={HEIGHT}",
        "-device", "virtio-keyboard-pci", "-device", "virtio-rng-pci",
        "-device", "i6300esb", "-device", "qemu-xhci",
        "-audiodev", "none,id=sound", "-device", "intel-hda",
        "-device", "hda-output,audiodev=sound",
    ]


def _pc():
    accelerated = can_accelerate()
    # The firmware is the room's: the same on every host. What it would remember is forgotten.
    firmware = Room().path / "usr/share/OVMF"
    flash = "if=pflash,format=raw,unit={},file={},{}"
    return [
        "qemu-system-x86_64", "-name", "matinee",
        "-machine", "q35", "-accel", "kvm" if accelerated else "tcg",
        "-cpu", "host" if accelerated else "max",
        "-drive", flash.format(0, firmware / "OVMF_CODE_4M.fd", "readonly=on"),
        "-drive", flash.format(1, firmware / "OVMF_VARS_4M.fd", "snapshot=on"),
    ]


def _arm64():
    firmware = Room().path / "usr/lib/u-boot/qemu_arm64/u-boot.bin"
    # A Raspberry Pi 4's processor: `max` would sign pointers, which is slow to pretend.
    return ["qemu-system-aarch64", "-name", "matinee", "-machine", "virt", "-accel", "tcg",
            "-cpu", "cortex-a72", "-bios", str(firmware)]


def _medium(disk, log):
    if not log:
        return ["-drive", f"file={disk},if=virtio,format=raw,cache=writeback"]
    log.write_bytes(b"")
    files = (("medium", disk), ("log", log))
    nodes = [f"driver=file,node-name={name},filename={path}" for name, path in files]
    nodes.append("driver=blklogwrites,node-name=logged,file=medium,log=log,log-sector-size=512")
    return [word for node in nodes for word in ("-blockdev", node)] + [
        "-device", "virtio-blk-pci,drive=logged"]


class Machine:
    """A machine that runs, without a window. Use it in `with`: it is gone afterwards.

    Seconds to wait are those of a PC; `slow`: this machine needs that many times as long.
    """

    def __init__(self, line, log, sockets, slow):
        self.slow = slow
        self._lines, self._ended = [], False
        self._events, self._drives, self._plugged = [], 0, None
        self._news = threading.Condition()
        self._log = log
        log.write_bytes(b"")
        self._path = sockets / "qmp"
        self._line = [*line, "-display", "none", "-serial", "stdio",
                      "-qmp", f"unix:{self._path}"]
        self._start()

    def _start(self):
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._path))
        listener.listen(1)
        listener.settimeout(30)
        self._ended = False
        self._process = subprocess.Popen(
            self._line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._socket, _ = listener.accept()
        except TimeoutError:
            self._process.kill()
            raise Failure(f"QEMU does not start: {self.text()}") from None
        finally:
            listener.close()
        self._socket.settimeout(60)
        self._answers = self._socket.makefile("r")
        self._answers.readline()
        self.ask("qmp_capabilities")
        self.started = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop()

    def _stop(self):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._socket.close()

    def _read(self):
        with self._log.open("ab") as log:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                with self._news:
                    self._lines.append(line.decode(errors="replace").rstrip("\r\n"))
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def text(self):
        """The console so far."""
        with self._news:
            return "\n".join(self._lines)

    def wait_for(self, pattern, seconds, start=0, timer=0):
        """The first line from number `start` on that the pattern finds, and its number. `timer`:
        seconds that the box itself waits before, by its clock."""
        seconds = timer + seconds * self.slow
        until, at = time.monotonic() + seconds, start
        with self._news:
            while True:
                for number in range(at, len(self._lines)):
                    found = re.search(pattern, self._lines[number])
                    if found:
                        return number, found
                at = len(self._lines)
                left = until - time.monotonic()
                if self._ended or left <= 0:
                    end = "\n".join(self._lines[-15:])
                    why = "the machine ended" if self._ended else f"{seconds} s are over"
                    raise Failure(f"no line with {pattern!r}: {why}\n{end}")
                self._news.wait(left)

    def ask(self, what, **arguments):
        """A command of QMP, and its answer."""
        question = {"execute": what, "arguments": arguments}
        self._socket.sendall(json.dumps(question).encode() + b"\n")
        while True:
            answer = self._hear()
            if "error" in answer:
                raise Failure(f"{what}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def _hear(self):
        """The next thing that QMP says; events are kept."""
        line = self._answers.readline()
        if not line:
            raise Failure("QEMU ended")
        answer = json.loads(line)
        if "event" in answer:
            self._events.append(answer)
        return answer

    def press(self, key):
        """One press of a key of the virtual keyboard, as QEMU calls it: `ret`, `right`."""
        for down in (True, False):
            event = {"down": down, "key": {"type": "qcode", "data": key}}
            self.ask("input-send-event", events=[{"type": "key", "data": event}])

    def plug(self, drive, serial=None, pace=None):
        """Plugs a drive into USB, without leave to write unless it has a serial number; the one
        before is pulled out. `pace`: no faster than that, as QEMU's ThrottleLimits name it."""
        self.unplug()
        self._drives += 1
        self._plugged = f"drive-{self._drives}", drive, serial, pace
        self._attach()

    def _attach(self):
        name, drive, serial, pace = self._plugged
        node = {"driver": "raw", "read-only": serial is None,
                "file": {"driver": "file", "filename": str(drive)}}
        if pace:
            self.ask("object-add", **{"qom-type": "throttle-group", "id": _PACE, "limits": pace})
            node = {"driver": "throttle", "throttle-group": _PACE, "read-only": serial is None,
                    "file": node}
        self.ask("blockdev-add", **{"node-name": name, **node})
        named = {"serial": serial} if serial else {}
        self.ask("device_add", driver="usb-storage", id=name, drive=name, **named)

    def set_pace(self, pace):
        """Another pace for the drive, which was plugged in with one; 0 is no limit."""
        self.ask("qom-set", path=f"/objects/{_PACE}", property="limits", value=pace)

    def unplug(self):
        """Pulls out the drive that is plugged in, if one is."""
        if self._plugged:
            name, _, _, pace = self._plugged
            number = len(self._events)
            self.ask("device_del", id=name)
            self.wait_for_event("DEVICE_DELETED", name, number)
            self.ask("blockdev-del", **{"node-name": name})
            if pace:
                self.ask("object-del", id=_PACE)
            self._plugged = None

    def reset(self):
        """As if the plug was pulled and put in again, but for the disk's cache. Returns the number
        of the console's next line.

        Not by QEMU's own reset: memory that once held code stays slow to write where the processor
        is emulated, and after minutes of running the firmware took more than five to unpack itself.
        """
        self._stop()
        number = len(self._lines)
        self._start()
        if self._plugged:
            self._attach()
        return number

    def wait_for_event(self, name, device, start):
        """An event of QMP about a device."""
        while not any(event["event"] == name and event["data"].get("device") == device
                      for event in self._events[start:]):
            self._hear()

    def watch(self, wanted, seconds, path, otherwise):
        """Looks at the screen until it is as wanted; keeps the last picture at `path`."""
        seconds *= self.slow
        until = time.monotonic() + seconds
        while True:
            # QEMU draws the picture when it is asked: that is the pace.
            picture = self.screen(path)
            if wanted(picture):
                return picture
            if time.monotonic() > until:
                raise Failure(f"{otherwise} within {seconds} s; see {path}")

    def screen(self, path):
        """The screen as it is, into a file (PNG), and as a picture."""
        raw = Path(f"{path}.ppm")
        self.ask("screendump", filename=str(raw))
        picture = Picture(raw.read_bytes())
        raw.unlink()
        picture.save(path)
        return picture


# What has the focus: `Tone.text` of src/ui/ui/tokens.slint.
LIT = (0xF6, 0xF2, 0xEA)


class Picture:
    """A screen in RGB."""

    def __init__(self, ppm):
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
        if not head:
            raise Failure("QEMU's picture of the screen cannot be read")
        self.width, self.height = int(head[1]), int(head[2])
        self.rgb = ppm[head.end():]

    def at(self, x, y):
        """Red, green and blue of a pixel."""
        start = 3 * (y * self.width + x)
        return tuple(self.rgb[start:start + 3])

    def part(self, rows):
        """The pixels of rows: the first one, and that after the last."""
        return self.rgb[3 * self.width * rows[0]:3 * self.width * rows[1]]

    def save(self, path):
        """As PNG."""
        stride = 3 * self.width
        rows = b"".join(b"\0" + self.rgb[y * stride:(y + 1) * stride] for y in range(self.height))

        def chunk(kind, data):
            sum_ = zlib.crc32(kind + data)
            return len(data).to_bytes(4, "big") + kind + data + sum_.to_bytes(4, "big")

        size = self.width.to_bytes(4, "big") + self.height.to_bytes(4, "big")
        Path(path).write_bytes(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\x08\x02\0\0\0")
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))

    def focus_ring(self):
        """The column where the ring around the poster with the focus begins; none without one."""
        # Its sides are straight lines of 150 rows at least, in the lower two thirds.
        first, row = 3 * self.width * (self.height // 3), 3 * self.width
        for x in range(self.width):
            # Red of each row in this column first: few columns have so much of it.
            if bytes([LIT[0]]) * 150 not in self.rgb[first + 3 * x::row]:
                continue
            pixels = zip(*(self.rgb[first + 3 * x + part::row] for part in range(3)))
            run = 0
            for pixel in pixels:
                run = run + 1 if pixel == LIT else 0
                if run == 150:
                    return x
        return None

    def frame_number(self):
        """The number of the demo film's frame that is shown, by the strip at its left edge; none
        where there is no strip (src/demo/pattern.rs tells how it is made)."""
        x = round((1 / 80 + 1 / 160) * self.width)

        def light(block):
            y = int((4 / 15 + (block + 0.5) / 60) * self.height)
            return sum(self.at(x, y)) / 3

        white, black = min(light(0), light(27)), max(light(1), light(26))
        if white - black < 48:
            return None
        bits = "".join("1" if light(n) > (white + black) / 2 else "0" for n in range(2, 26))
        number, check = int(bits[:16], 2), int(bits[16:], 2)
        crc = 0x55
        for byte in number.to_bytes(2, "big"):
            crc ^= byte
            for _ in range(8):
                crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
        return number if crc == check else None
