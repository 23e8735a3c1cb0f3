"""The ports by which an outlet reaches a transport, and what waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

Send = Callable[[bytes], int]
"""Takes bytes and returns how many went out, or `FULL`.

Raises `BlockingIOError` when none could, another `OSError` when the connection is gone.
"""

FULL = -2
"""What a send may return: all was taken, and no more until the transport has drained."""

DEAD = -1
"""What a send counts as that failed for good: the connection is gone."""


class Transport(Protocol):
    """What the outlet needs of a transport. None of these may call back into the core, save that
    `finish` and a send that returned `FULL` are followed, later, by `Outlet.drained`."""

    __slots__ = ()

    def send(self, data: bytes, /) -> int:
        """Take bytes and return how many went out, or `FULL`.

        Raises `BlockingIOError` when none could, another `OSError` when the connection is gone.
        """

    def finish(self, rest: bytes) -> None:
        """Take the rest of what was cut, perhaps nothing, and call `Outlet.drained` afterwards."""

    def hurry(self) -> None:
        """The connection is to end: abort it when that has not come about in a few seconds."""

    def close(self) -> None:
        """End the writing side once what was taken is out."""

    def abandon(self) -> None:
        """A send has failed for good. What the peer said before may still be read."""

    def read_before_reset(self) -> Mapping[str, int] | None:
        """The watermark (`Outlet.watermark`) before which the peer has surely read everything, if
        it has broken the connection off: its machine may have thrown away what it had not read.
        None when it has not broken off."""


class Waiting(Protocol):
    """What hears a peer, and waits for something before it hears more."""

    def go_on(self) -> None:
        """What it waited for may have come: it looks, and goes on if that is so."""
