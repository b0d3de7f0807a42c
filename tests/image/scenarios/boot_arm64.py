"""The same on arm64, where U-Boot starts it: from the plug to the wall, keys, the demo film."""

from scenarios import boot


def run(place):
    return boot.run(place, "qemu-arm64")
