"""Where Debian's packages come from: this machine's own apt, or MIRROR.

No host is written down here: whoever builds knows a mirror already.
"""

import os
import subprocess
from pathlib import Path

from maker.say import Failure

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# The Debian that images are made of, and what it gets from where.
RELEASE = "trixie"
COMPONENTS = "main"


def _of_apt():
    """Addresses that apt has of Debian here, by the suite's name."""
    shown = "$(REPO_URI) $(RELEASE) $(ORIGIN) $(CREATED_BY)"
    asked = ["apt-get", "indextargets", "--format", shown]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    found = {}
    for line in told.splitlines():
        words = line.split()
        if len(words) >= 4 and words[2].startswith("Debian"):
            found.setdefault(words[1], words[0].rstrip("/"))
    return found


def sources(components=COMPONENTS):
    """Lines of sources.list for the release, its updates and its backports."""
    main, security = os.environ.get("MIRROR"), os.environ.get("MIRROR_SECURITY")
    known = {} if main and security else _of_apt()
    for suite, address in known.items():
        if suite.endswith("-security"):
            security = security or address
        elif not suite.endswith("-updates"):
            main = main or address
    if not main:
        raise Failure(
            "apt knows no mirror of Debian on this machine: name one, as in\n"
            "  make image BOARD=... MIRROR=http://mirror/debian "
            "MIRROR_SECURITY=http://mirror/debian-security"
        )
    if not KEYRING.exists():
        raise Failure(f"{KEYRING} is missing: run image/host-packages image")
    signed = f"[signed-by={KEYRING}]"
    suites = [(main, RELEASE), (main, f"{RELEASE}-updates"), (main, f"{RELEASE}-backports")]
    if security:
        suites.append((security, f"{RELEASE}-security"))
    return [f"deb {signed} {address} {suite} {components}" for address, suite in suites]
