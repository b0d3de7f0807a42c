"""What the maker tells whoever started it, and how it gives up."""

import sys
import time

_started = time.monotonic()


def say(text):
    """One line, with the seconds since the start."""
    print(f"image: {time.monotonic() - _started:5.0f} s  {text}", file=sys.stderr, flush=True)


class Failure(Exception):
    """Something the reader can put right; its text says what."""
