"""The same on arm64, where U-Boot chooses the slot: bundles refused, taken, and taken back."""

from scenarios import update


def run(place):
    return update.run(place, "qemu-arm64")
