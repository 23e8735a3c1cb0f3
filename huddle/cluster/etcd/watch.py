"""One watch: an answer of the engine that does not end, one line for each thing it tells."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.etcd.gateway import Answer, Refused, Unanswered, refusal_of, scan

MOST_LINE = 16 * 1024 * 1024
"""Bytes of one line. What a watch tells comes in fragments of about 2 MiB; the engine is trusted,
what was put in its place is not."""


class Watch(Protocol):
    """Calls ``told`` with each result, and fires ``ended`` when no more can come.

    ``ended`` fails with `Refused` or `Unanswered` where the engine said why.
    """

    def __init__(self, told: Callable[[Answer], object]) -> None:
        self._told = told
        self._beginning: list[bytes] = []
        self._size = 0
        self._closed = False
        self.reads = 0
        """How often something has come."""
        self.ended: Deferred[None] = Deferred()

    @override
    def dataReceived(self, data: bytes) -> None:
        self.reads += 1
        *lines, rest = data.split(b"\n")
        for line in lines:
            whole = b"".join([*self._beginning, line])
            self._beginning, self._size = [], 0
            if not self._closed and whole.strip():
                self._take(whole)
        self._beginning.append(rest)
        self._size += len(rest)
        if self._size > MOST_LINE:
            self.close()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._closed = True
        self._end(None)

    def pause(self) -> None:
        """Read no more from the engine until `resume` is called."""
        if self.transport is not None and not self._closed:
            self.transport.pauseProducing()  # type: ignore[attr-defined]

    def resume(self) -> None:
        if self.transport is not None and not self._closed:
            self.transport.resumeProducing()  # type: ignore[attr-defined]

    def close(self, why: Failure | None = None) -> None:
        """Tell nothing more, and end the connection; ``ended`` fails with ``why``."""
        self._closed = True
        if self.transport is not None:
            self.transport.loseConnection()
        self._end(why)

    def _take(self, line: bytes) -> None:
        try:
            message, _ = scan(line.decode(), 0)
            if "error" in message:
                raise refusal_of(message)
            result = message["result"]
        except (ValueError, StopIteration, TypeError, KeyError, RecursionError):
            self.close(Failure(Unanswered(f"{line[:80]!r}")))
        except (Refused, Unanswered) as trouble:
            self.close(Failure(trouble))
        else:
            self._told(result)

    def _end(self, why: Failure | None) -> None:
        if not self.ended.called:
            self.ended.callback(why)
