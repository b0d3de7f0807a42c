"""Which libraries an ELF file asks for; read by hand, so that files of any processor can be."""

import re
import struct

_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB = 0, 1, 5


def is_elf(path):
    """Whether a path is a file, not a device or a link, and one of these."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def needed(path):
    """Names of the libraries that the file at `path` is linked with; 64 bit, little-endian."""
    if not is_elf(path):
        return []
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        return []
    (at,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, at + size * i) for i in range(count)]
    loads = [(s[3], s[2], s[5]) for s in segments if s[0] == _PT_LOAD]
    names, strings = [], None
    for kind, _, offset, _, _, length in segments:
        if kind != _PT_DYNAMIC:
            continue
        for place in range(offset, offset + length, 16):
            tag, value = struct.unpack_from("<QQ", data, place)
            if tag == _DT_NULL:
                break
            if tag == _DT_NEEDED:
                names.append(value)
            elif tag == _DT_STRTAB:
                strings = value
    if strings is None:
        return []
    for address, offset, length in loads:
        if address <= strings < address + length:
            strings = strings - address + offset
            break
    return [data[strings + n:data.index(b"\0", strings + n)].decode() for n in names]


_WISH = re.compile(rb'"soname":\[([^\]]*)\]')


def wished(path):
    """Names of the libraries that the file opens when it finds them, where it says so in a note
    (uapi-group.org, "ELF dlopen metadata"): systemd does, of nearly all of its own."""
    if not is_elf(path):
        return []
    found = _WISH.findall(path.read_bytes())
    return [name.strip(b'" ').decode() for names in found for name in names.split(b",")]
