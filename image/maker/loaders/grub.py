"""GRUB, for PCs with UEFI: `image/grub/grub.cfg` chooses the slot."""

import shutil

from maker.board import ROOT

PACKAGES = ["grub-common"]

RAUC = "bootloader=grub\ngrubenv=/boot/grub/grubenv"

EXTRA = []

# What it needs to read the slots and to choose between them.
_MODULES = "part_gpt fat normal linux loadenv test echo reboot regexp configfile minicmd".split()


def slot(board, kernel, work):
    """The kernel, and its command line as GRUB reads it."""
    shutil.copy(kernel.image, work / "linux")
    (work / "command-line.cfg").write_text(f'set command_line="{board.command_line}"\n')
    return {name: work / name for name in ("linux", "command-line.cfg")}


def boot(room, work):
    """What the machine's firmware starts, and which slot it chooses first: A, as B is empty."""
    room.run("sh", "-euc", f"""
        cd /in
        grub-mkimage -O x86_64-efi -p /grub -o loader.efi {" ".join(_MODULES)}
        rm -f grubenv
        grub-editenv grubenv create
        grub-editenv grubenv set 'ORDER=A B' A_OK=1 A_TRY=0 B_OK=0 B_TRY=0
    """, binds=[(work, "/in")], quiet=True)
    return {"EFI/BOOT/BOOTX64.EFI": work / "loader.efi", "grub/grubenv": work / "grubenv",
            "grub/grub.cfg": ROOT / "image/grub/grub.cfg"}


def root(tree):
    """Nothing but its editor, which RAUC uses."""
