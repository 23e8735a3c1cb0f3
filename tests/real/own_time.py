"""Time as a process has it: the clock's, without what it waited for a processor.

A test that says how soon a server does something says it of the server, and not of a machine that
has too much to do: the kernel knows how long each process stood ready and was not let run.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from pathlib import Path


def own_time(pid: int) -> float:
    """Seconds; the difference of two readings is what passed of the process's own time.

    It can be read until the process, which may have ended, has been waited for. Where the kernel
    keeps no such account (CONFIG_SCHED_INFO) it is the clock's.
    """
    try:
        _, waited, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    except FileNotFoundError:
        waited = "0"
    return time.monotonic() - int(waited) / 1e9


def wait_for_end(process: subprocess.Popen[str], patience: float) -> float:
    """Wait until a process has ended; returns the seconds of its own time that this took."""
    began = own_time(process.pid)
    end = os.pidfd_open(process.pid)
    try:
        select.select([end], [], [], patience)
    finally:
        os.close(end)
    took = own_time(process.pid) - began  # it is not waited for yet
    process.wait(0)
    return took
