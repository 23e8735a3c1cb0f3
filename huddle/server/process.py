"""What a server sets for its whole process: open files, how threads take turns, and the garbage."""

from __future__ import annotations

import gc
import resource
import sys

OWN_FILES = 32
"""Open files that the server needs for itself: log, reactor, record and its readers."""

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the others from running. SQLite gives the interpreter up at each
statement and gets it back after this time at the latest; with Python's 5 ms, a commit beside a busy
reactor took 12 ms (p50), with this 2 ms, and the reactor is hardly slower."""


def raise_file_limit() -> int:
    """Let the process have as many open files as it may; returns how many."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def settle_down() -> None:
    """To be called once all that stays has been made: it is not looked through for garbage."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
