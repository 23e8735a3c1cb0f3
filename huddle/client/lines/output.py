"""Standard output: what was written to it, and whether its reader keeps up, or has gone."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IConsumer, IHalfCloseableProtocol, IPullProducer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override
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


@implementer(IHalfCloseableProtocol)
class Reader(Protocol):
    """Who reads the output, and may stop doing so (``| head``): the protocol of `StandardIO`, of
    which the input says nothing. ``ended`` is called once, with the exit status."""

    output: Output
    """To be set when the connection is made."""

    def __init__(self, ended: Callable[[int], None]) -> None:
        self.trouble = ""
        """Why the output takes nothing any more (`output_trouble`); empty while it does."""
        self._ended: Callable[[int], None] | None = ended
        self._status: int | None = None
        self._output_open = True

    def show(self, lines: Sequence[str], place: str | None = None) -> None:
        """Write these lines, each with its end, unless the reader has gone."""
        if self._output_open:
            self.output.write(as_bytes(lines))

    def close(self, status: int) -> None:
        """Write what is left, and end with this status."""
        self._status = status
        if self._output_open and self.transport is not None:
            self.transport.loseConnection()
        else:
            self._end(status)

    def leave(self) -> None:
        """Called when the reader has gone: say goodbye, and then `close`."""

    def readConnectionLost(self) -> None:
        """The input is at its end."""

    def writeConnectionLost(self) -> None:
        self._output_open = False
        self.trouble = output_trouble()
        self.leave()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._output_open = False
        if not reason.check(ConnectionDone):
            self.trouble = output_trouble()
        if self._status is None:
            self.leave()
        else:
            self._end(self._status)

    def _end(self, status: int) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(status)


def as_bytes(lines: Sequence[str]) -> bytes:
    """Lines as they are written, each with its end."""
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
