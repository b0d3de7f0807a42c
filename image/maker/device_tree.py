"""Reads device trees in their binary form (devicetree.org, "Flattened Devicetree", version 17)."""

import struct

_MAGIC = 0xD00DFEED
_BEGIN, _END, _PROPERTY, _NOTHING = 1, 2, 3, 4


def properties(data):
    """Path of the node, name and value of each property."""
    magic, _, at, strings = struct.unpack_from(">4I", data)
    if magic != _MAGIC:
        raise ValueError("this is no device tree")
    path = []
    while True:
        (token,) = struct.unpack_from(">I", data, at)
        at += 4
        if token == _BEGIN:
            end = data.index(b"\0", at)
            path.append(data[at:end].decode())
            at = _aligned(end + 1)
        elif token == _END:
            path.pop()
        elif token == _PROPERTY:
            size, name = struct.unpack_from(">2I", data, at)
            name = strings + name
            text = data[name:data.index(b"\0", name)].decode()
            yield "/".join(path) or "/", text, data[at + 8:at + 8 + size]
            at = _aligned(at + 8 + size)
        elif token != _NOTHING:
            return


def compatible(data):
    """All names by which drivers know what is in the tree."""
    return {name.decode() for _, kind, value in properties(data) if kind == "compatible"
            for name in value.rstrip(b"\0").split(b"\0")}


def _aligned(at):
    return at + 3 & ~3
