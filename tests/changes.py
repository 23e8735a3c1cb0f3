"""Waiting for what another process does, by what the kernel tells of it: without looking often.

A file that changes, appears or goes is told of by inotify(7), the end of a process by its pidfd.
What is written to memory that is mapped (SQLite's ``-shm``) is told of by nothing.
"""

from __future__ import annotations

import ctypes
import os
import select
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.patience import PATIENCE

_CHANGED = 0x2 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200
"""Modified, closed after writing, moved from and to, created, deleted (sys/inotify.h)."""

_EVENTS = 1 << 16
"""Bytes of events that are read at once."""


def wait_until(
    folder: Path, holds: Callable[[], object], missing: Callable[[], str], pid: int | None = None
) -> None:
    """Wait until this holds, asking again whenever a file of the folder has changed.

    With ``pid`` also when that process has ended, which is the last time that it is asked. Fails
    with what ``missing`` says then.
    """
    with ExitStack() as ends:
        changes = _watch(folder)
        ends.callback(os.close, changes)
        waited_for = [changes]
        if pid is not None:
            waited_for.append(os.pidfd_open(pid))
            ends.callback(os.close, waited_for[1])
        deadline = time.monotonic() + PATIENCE
        ended = False
        while not holds():
            assert not ended and time.monotonic() < deadline, missing()
            ready, _, _ = select.select(waited_for, [], [], deadline - time.monotonic())
            if changes in ready:
                os.read(changes, _EVENTS)
            ended = any(each != changes for each in ready)


def _watch(folder: Path) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    changes: int = libc.inotify_init1(os.O_CLOEXEC)
    if changes < 0 or libc.inotify_add_watch(changes, os.fsencode(folder), _CHANGED) < 0:
        raise OSError(ctypes.get_errno(), "inotify", str(folder))
    return changes
