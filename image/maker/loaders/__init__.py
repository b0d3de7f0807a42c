"""Boot loaders that choose between the slots, one module each, with the same names in it:

PACKAGES                   what RAUC needs in the root to speak with it
RAUC                       what RAUC is told, lines of its `[system]`
EXTRA                      partitions besides boot, slots and data: name, MiB, file
slot(board, kernel, work)  files of a slot besides the initrd, by name: the kernel as it reads it
boot(room, work)           files of the boot partition, by name; writes what EXTRA names, too
root(tree)                 what is in the root because of it
"""
