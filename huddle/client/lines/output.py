"""Standard output: what was written to it, and whether its reader keeps up."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence

from twisted.internet.interfaces import IConsumer, IPullProducer
from zope.interface import implementer

ENOUGH = 256 * 1024
"""Bytes that wait for a reader that has stopped (Ctrl-S, a pager) before no more are taken."""


def output_trouble(descriptor: int = 1) -> str:
    """Why nothing can be written to the standard output, to be asked when a write has failed.

    Empty where nothing is wrong: a pipe or a terminal whose reader has gone has shown enough.
    """
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor):
        return ""
    try:
        os.write(descriptor, b"\n")  # the error of the write that failed is not told to us
    except OSError as error:
        return error.strerror or str(error)
    return os.strerror(errno.EIO)


@implementer(IPullProducer)
class Output:
    """Writes to a consumer, and is told by it when all has been taken.

    It is registered as a pull producer from a first write on: the consumer asks it for more when
    nothing waits. ``drained`` is called then, and ``full`` when more than `ENOUGH` waits.
    """

    def __init__(
        self, consumer: IConsumer, drained: Callable[[], None], full: Callable[[], None]
    ) -> None:
        self._consumer = consumer
        self._drained = drained
        self._full = full
        self._waiting = 0
        self._is_full = False
        self._closed = False

    def write(self, data: bytes) -> None:
        """Write; after `stopProducing` it goes nowhere."""
        if self._closed or not data:
            return
        if not self._waiting:
            # The consumer asks once on being told, before there is anything to be asked about.
            self._consumer.registerProducer(self, False)
        self._waiting += len(data)
        self._consumer.write(data)
        if self._waiting > ENOUGH and not self._is_full:
            self._is_full = True
            self._full()

    def resumeProducing(self) -> None:
        """All that was written has been taken."""
        if self._waiting:
            self._waiting, self._is_full = 0, False
            self._consumer.unregisterProducer()
            self._drained()

    def stopProducing(self) -> None:
        """The reader has gone: what is written from now on is dropped."""
        self._closed = True


def as_bytes(lines: Sequence[str]) -> bytes:
    """Lines as they are written, each with its end."""
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
