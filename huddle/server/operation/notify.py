"""Notify: tells systemd, or who else has started the server so, how far it is (``sd_notify(3)``).

It is told by datagrams to the socket that ``NOTIFY_SOCKET`` names. Where there is none nothing is
told; what cannot be delivered is dropped, since the server goes on without it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress


class Notify:
    """Tells systemd how the server is, at the socket that ``environment`` names, if it names one.
    ``pid`` is that of this process."""

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # An @ stands for the zero byte of a name that is no file's.
        self._address = address.replace("@", "\0", 1) if address[:1] == "@" else address
        self._watchdog = _watchdog(environment, pid)

    @property
    def beat(self) -> float | None:
        """Seconds from one sign of life to the next; None where nobody waits for them.

        Twice in the time after which the server is taken for dead.
        """
        return self._watchdog / 2 if self._watchdog and self._address else None

    def ready(self, status: str = "") -> None:
        """Tell that the server serves, at first or again; ``status`` is a line for people."""
        self._tell("READY=1", *([f"STATUS={status}"] if status else []))

    def reloading(self) -> None:
        """Tell systemd that the server reads its files again; `ready` follows."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Tell systemd that the server has begun to stop."""
        self._tell("STOPPING=1")

    def alive(self) -> None:
        """Tell systemd's watchdog that the reactor turns; to be called twice in its time."""
        self._tell("WATCHDOG=1")

    def _tell(self, *fields: str) -> None:
        if not self._address:
            return
        kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
        with suppress(OSError), socket.socket(socket.AF_UNIX, kind) as telling:
            telling.sendto("\n".join(fields).encode(), self._address)


def _watchdog(environment: Mapping[str, str], pid: int) -> float:
    """Seconds; 0 where no sign of life is asked of this process."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if environment.get("WATCHDOG_PID", str(pid)) != str(pid) or not microseconds.isdecimal():
        return 0.0
    return int(microseconds) / 1e6
