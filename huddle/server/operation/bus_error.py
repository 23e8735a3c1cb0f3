"""A bus error: the system cannot give a page of a file that is mapped into memory.

The only such file is SQLite's index of its log (``huddle.db-shm``). When another program cuts it
short (``> huddle.db-shm``), the next look into it ends the process by SIGBUS, without a word. What
SQLite was at cannot be gone on with, since a page of zeros would be read as "not in the log". But
it can be told: what is committed is in the log, and the index is made anew at the next start.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_Handler = ctypes.CFUNCTYPE(None, ctypes.c_int)
_handlers: list[Callable[[int], None]] = []
"""Those whose addresses the system has, kept for good."""


def end_at_bus_error(tell: Callable[[], object]) -> None:
    """From now on call ``tell`` at a bus error, and then end the process, as if it were killed.

    ``tell`` is called in the thread that has met it, in the middle of a call of SQLite's: it may
    write a log, and touch nothing of the record. `signal.signal` would not do: what it calls waits
    until the thread goes on, and it cannot.
    """

    def end(_signal: int) -> None:
        try:
            tell()
        finally:
            os._exit(os.EX_IOERR)

    handler = _Handler(end)
    _handlers.append(handler)
    ctypes.CDLL(None).signal(signal.SIGBUS, handler)
