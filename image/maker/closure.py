"""What of the packages stays in the image: the allowed plugins, and the libraries that somebody
needs. Debian's packages bring a multiple of it: compilers of shaders, speech, neural networks.
"""

import os
import shutil

from maker import elf
from maker.board import ROOT
from maker.say import Failure

# Loaded by name while the system runs, so no file says that it is needed.
BY_NAME = ("libnss_", "libgcc_s.so", "libresolv.so", "libcryptsetup-token", "libtss2",
           "libasound_module")

# Folders of libraries whose files are programs' own plugins: they stay.
WHOLE = ("security", "systemd", "engines-3", "ossl-modules")

# What nobody on a TV asks for.
RUBBISH = """
usr/share/man usr/share/locale usr/share/info usr/share/lintian usr/share/bash-completion
usr/share/perl5 usr/share/perl usr/share/i18n usr/share/bug usr/share/zsh usr/share/debconf
usr/share/doc-base usr/share/menu usr/share/applications usr/share/icons
usr/share/pixmaps usr/share/gdb usr/share/gtk-doc usr/share/vala usr/share/GConf
usr/share/polkit-1 usr/lib/grub usr/share/grub etc/grub.d
usr/share/keyrings usr/share/initramfs-tools usr/share/gst-plugins-base
usr/share/apport usr/share/xml usr/share/sounds usr/share/X11 usr/share/glib-2.0 usr/share/mime
usr/lib/udev/hwdb.d usr/lib/python3 usr/share/python3 usr/lib/dpkg usr/lib/apt usr/lib/valgrind
usr/share/gtk-3.0 usr/share/iso-codes usr/share/libmysofa etc/ld.so.cache
usr/share/libthai usr/share/ladspa usr/share/opencv4 usr/share/libquvi-scripts usr/share/flite
usr/share/fonts-droid-fallback usr/share/gcc
usr/share/dbus-1/interfaces usr/lib/mime usr/lib/locale usr/lib/initramfs-tools usr/lib/sasl2
etc/apt etc/dpkg etc/cron.d etc/cron.daily etc/init.d etc/rc0.d etc/rc1.d
etc/rc2.d etc/rc3.d etc/rc4.d etc/rc5.d etc/rc6.d etc/rcS.d etc/kernel etc/logrotate.d
etc/initramfs-tools etc/skel etc/X11 etc/xdg etc/ImageMagick-6 etc/perl etc/opt etc/gss
root/.cache media opt
usr/lib/modules-load.d/pkcs8.conf
""".split()

# Programs of packages that are kept for something else.
PROGRAMS = ("perl", "dpkg", "apt", "deb-", "deb", "gst-", "update-alternatives", "corelist", "cpan",
            "pod", "prove", "ptar", "splain", "xsubpp", "zipdetails", "instmodsh", "libnetcfg",
            "h2ph", "h2xs", "enc2xs", "encguess", "json_pp", "piconv", "pl2pm", "shasum",
            "streamzip", "grub-", "dh_", "aa-", "localedef", "gdbus", "gresource",
            "gsettings", "gapplication", "iwctl", "iwmon")

# What the box can read aloud, as espeak-ng calls it.
VOICES = ("en fr es pt de it nl pl ru uk tr ar he hi cmn ja ko").split()

# RAUC's way to the boot loader.
USED = ("grub-editenv",)


def allowed_plugins():
    """Names of image/plugins."""
    lines = (ROOT / "image" / "plugins").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def keep_plugins(tree, triplet):
    """Leaves the allowed plugins of GStreamer alone in the tree."""
    folder = tree / "usr/lib" / triplet / "gstreamer-1.0"
    allowed = {f"libgst{name}.so" for name in allowed_plugins()}
    there = {path.name for path in folder.iterdir()}
    if allowed - there:
        missing = ", ".join(sorted(allowed - there))
        raise Failure(f"image/plugins names what no package brings: {missing}")
    for name in there - allowed:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def keep_voices(tree, triplet):
    """Leaves what reads aloud the languages of the box (src/speech/engine.rs) alone in the tree."""
    folder = tree / "usr/lib" / triplet / "espeak-ng-data"
    allowed = {f"{name}_dict" for name in VOICES}
    there = {path.name for path in folder.glob("*_dict")}
    if allowed - there:
        missing = ", ".join(sorted(allowed - there))
        raise Failure(f"espeak-ng cannot read aloud: {missing}")
    for name in there - allowed:
        (folder / name).unlink()
    # Of engines that are not there, and of those who make voices.
    for name in ("mbrola_ph", "voices/mb"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "phondata-manifest").unlink(missing_ok=True)


def sweep(tree, triplet):
    """Removes what is not needed; says how many libraries went."""
    for name in RUBBISH:
        path = tree / name
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
    for folder in ("usr/bin", "usr/sbin"):
        for path in (tree / folder).iterdir():
            if path.name.startswith(PROGRAMS) and path.name not in USED:
                path.unlink()
    _keep_copyrights(tree / "usr/share/doc")
    # In memory on the box, and filled there by systemd-tmpfiles.
    shutil.rmtree(tree / "var")
    (tree / "var").mkdir()
    return _sweep_libraries(tree, triplet)


def _keep_copyrights(folder):
    for package in folder.iterdir():
        if not package.is_dir() or package.is_symlink():
            continue
        for path in package.iterdir():
            if path.name == "copyright":
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _sweep_libraries(tree, triplet):
    libraries = tree / "usr/lib" / triplet
    for name in ("gconv", "perl-base"):
        shutil.rmtree(libraries / name, ignore_errors=True)
    candidates, asked = {}, []
    for folder, folders, names in os.walk(tree):
        if folder.startswith(str(tree / "usr/lib/modules")):
            folders.clear()
            continue
        here = tree / os.path.relpath(folder, tree)
        within = here == libraries or libraries in here.parents
        whole = within and here != libraries and (
            here.relative_to(libraries).parts[0] in (*WHOLE, "gstreamer-1.0"))
        for name in names:
            path = here / name
            if within and not whole and not name.startswith(BY_NAME):
                candidates[path] = None
            elif elf.is_elf(path):
                asked.append(path)
    # The loader looks into this folder alone; what is deeper is reached by links of it.
    direct = {path.name: path for path in candidates if path.parent == libraries}
    deeper = {path.name: path for path in candidates if path.parent != libraries}
    kept, missing = set(), set()
    while asked:
        asking = asked.pop()
        needed = elf.needed(asking)
        for name in needed + elf.wished(asking):
            path = direct.get(name) or deeper.get(name)
            if path is None:
                if name in needed and not _is_there(tree, triplet, name):
                    missing.add(f"{name}, for {asking.relative_to(tree)}")
                continue
            for step in _steps(tree, path):
                if step not in kept:
                    kept.add(step)
                    asked.append(step)
    if missing:
        raise Failure("libraries are missing: " + "; ".join(sorted(missing)))
    gone = 0
    for path in candidates:
        if path in kept or not (path.is_symlink() or ".so" in path.name or path.suffix == ".a"):
            continue
        path.unlink()
        gone += 1
    return gone


def _is_there(tree, triplet, name):
    """In one of the folders that are kept whole, or the loader itself."""
    library = tree / "usr/lib" / triplet
    folders = [library / whole for whole in WHOLE] + [tree / "usr/lib64", library]
    return any((folder / name).exists() for folder in folders) or name.startswith("ld-linux")


def _steps(tree, path):
    """The path, and each that its links lead to, within the tree."""
    steps = [path]
    while path.is_symlink() and len(steps) < 8:
        to = os.readlink(path)
        path = tree / to[1:] if to.startswith("/") else path.parent / to
        path = path.parent.resolve() / path.name
        steps.append(path)
    return [step for step in steps if step.is_symlink() or step.exists()]
