"""What a machine wrote to its disk, in its order, and the disk as a power cut leaves it.

A drive keeps writes in a memory of its own until it is told to flush, in any order. Whatever was
written before the last flush is on the disk after a cut; of what came later, any part may be.
"""

import struct
from dataclasses import dataclass

SECTOR = 512

# Of the log (Documentation/admin-guide/device-mapper/log-writes.rst); QEMU's is the same.
_MAGIC = 0x6A736677736872
_FLUSH, _DISCARD = 1, 4


@dataclass(frozen=True)
class Write:
    """One write, or a flush that has no sectors."""

    sector: int
    count: int
    flush: bool
    # Of its content in the log; none where the sectors are given up.
    at: int | None


def read(path):
    """The writes of a log, also of one whose machine was killed."""
    writes, end = [], path.stat().st_size
    with path.open("rb") as log:
        magic, version, _, size = struct.unpack("<QQQL", log.read(28))
        if (magic, version, size) != (_MAGIC, 1, SECTOR):
            raise ValueError(f"{path} is no log of writes")
        at = SECTOR
        while at + SECTOR <= end:
            log.seek(at)
            sector, count, flags, _ = struct.unpack("<4Q", log.read(32))
            at += SECTOR
            has = count and not flags & _DISCARD
            if has and at + count * SECTOR > end:
                break
            writes.append(Write(sector, count, bool(flags & _FLUSH), at if has else None))
            at += count * SECTOR if has else 0
    return writes


class Cuts:
    """Disks after cuts, made in the order of the cuts."""

    def __init__(self, disk, log, writes):
        """`disk`: as it was before the first write; what is flushed is written to it."""
        self._disk, self._log, self._writes, self._done = disk, log, writes, 0

    def flush(self, until):
        """Writes what is on the disk for certain when the power goes before write `until`; returns
        the first write of which nobody knows."""
        flushed = max((n for n in range(until) if self._writes[n].flush), default=0)
        flushed = max(flushed, self._done)
        with self._disk.open("r+b") as disk, self._log.open("rb") as log:
            for write in self._writes[self._done:flushed]:
                _put(write, disk, log, write.count)
        self._done = flushed
        return flushed

    def lose(self, copy, until, chance):
        """Writes to `copy` what reached the disk by chance of the writes from the last flush on."""
        lost = 0
        with copy.open("r+b") as disk, self._log.open("rb") as log:
            for write in self._writes[self._done:until]:
                # All of it, the beginning of it, or nothing.
                kept = chance.choice((write.count, chance.randint(0, write.count), 0))
                lost += write.count - kept
                _put(write, disk, log, kept)
        return lost


def _put(write, disk, log, count):
    if write.at is None or not count:
        return
    log.seek(write.at)
    disk.seek(write.sector * SECTOR)
    disk.write(log.read(count * SECTOR))
