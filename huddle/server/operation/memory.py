"""What the process has of the machine's memory, and gives back: as its owner sees it, in `top`.

glibc gives memory back by itself only from the end of what it has, and in large pieces. Behind a
flood of long texts the free pieces lie between those that are in use, and 6 to 8 MiB stayed with
the process for good (measured, of the 18 to 20 that two attacks left).
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

LARGE = 128 * 1024
"""Bytes from which a piece of memory is taken from the kernel by itself, and given back whole."""

MEMORY_BEAT = 3.0
"""Seconds from one time that memory is given back to the next, at least. It takes 0.1 ms where
there is nothing to give, and 1 ms for 7 MiB (measured)."""

RARELY = 1000
"""Everybody waits meanwhile, longer the more free pieces there are (2 µs each). So the next time
comes this many times as long afterwards as it took, at least."""

_MMAP_THRESHOLD = -3
"""Of glibc's `mallopt` (malloc.h)."""

Trim = Callable[[int], object]
"""glibc's `malloc_trim`: gives free pages back, and keeps so many bytes at the end."""


def keep_large_pieces_apart() -> None:
    """Else glibc raises the bound of `LARGE` with each large piece that is freed, to 32 MiB, and
    what a flood of long texts took stays with the process. Where there is no glibc, nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE)


def glibc_trim() -> Trim | None:
    """It, where there is a glibc; other libraries give back in their own ways."""
    try:
        trim: Trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    return trim


@dataclass(eq=False, repr=False)
class GivingBack:
    """Gives back what is not used, and then the free pieces that have become of it.

    ``forget`` drops what nobody has used of late; it is called at each beat.
    """

    _forget: Callable[[], object]
    _trim: Trim | None
    _seconds: Callable[[], float] = time.monotonic
    _not_before: float = field(default=0.0, init=False)

    def beat(self) -> None:
        """To be called every `MEMORY_BEAT` seconds."""
        self._forget()
        began = self._seconds()
        if self._trim is None or began < self._not_before:
            return
        self._trim(0)
        ended = self._seconds()
        self._not_before = ended + RARELY * (ended - began)
