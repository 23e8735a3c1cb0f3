"""Connections to the engine's endpoints: a request goes out on each, and its answer comes back.

Of HTTP it takes little: every request is a POST, and has no other behind it before it is answered.
It is written out here since `twisted.web.client` takes a millisecond of processor time for what
this does in a tenth of it: as much as the engine itself, and it was done for every line that
anybody said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

from twisted.internet import tcp
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import (
    IProtocol,
    IStreamClientEndpoint,
    ITCPTransport,
    IWriteDescriptor,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

IDLE: Final = 8
"""Connections to one endpoint that are kept for the next request."""

RESTS: Final = 15.0
"""Seconds for which a connection is kept. Something on the way may have forgotten it after a while
(a NAT, a balancer) and then tells nobody: what is asked there would wait for nothing."""

MOST_HEAD: Final = 64 * 1024
"""Bytes of what stands in front of an answer, or of a piece of it."""

MOST_ANSWER: Final = 16 * 1024 * 1024
"""Bytes of an answer that is not read as it comes."""

_STATUS = re.compile(rb"HTTP/1\.(\d) (\d{3})(?: [^\r\n]*)?")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;.*)?")


class Answered(NamedTuple):
    """What an endpoint has answered; of an answer that a reader is given, how it begins.
    ``headers`` are by their names in small letters."""

    status: int
    headers: dict[bytes, bytes]
    content: bytes = b""


class NoAnswer(Exception):
    """What came back was no answer, or it broke off."""


class Connection(Protocol):
    """One connection. ``rests`` hears when it can take the next request; ``lost`` fires when it is
    over."""

    def __init__(self, rests: Callable[[Connection], object]) -> None:
        self._rests = rests
        self.lost: Deferred[None] = Deferred()
        self._head: Answered
        self._answered: Deferred[Answered] | None = None
        self._reader: IProtocol | None = None
        self._send: Callable[[bytes], int] | None = None
        """That of the socket, as long as it has taken all that was asked here."""
        self.is_lost = False
        self.rests_until = 0.0
        """When nothing is asked here any more, if nothing is until then."""
        self._begin()

    def _begin(self) -> None:
        self._data = b""
        self._read: Callable[[], bool] = self._read_head
        self._left = 0
        """Bytes of the answer, or of this piece of it, that are still to come."""
        self._pieces: list[bytes] = []
        self._size = 0
        self._keeps = self._in_pieces = False

    def ask(self, request: bytes, reader: IProtocol | None) -> Deferred[Answered]:
        """Send a request; fires with its answer, or with the beginning of one that ``reader`` is
        given as it comes. When that is cancelled the connection is over."""
        self._reader = reader
        answered: Deferred[Answered] = Deferred(lambda _: self._fail(Failure(CancelledError())))
        self._answered = answered
        self._write(request)
        return answered

    def _write(self, request: bytes) -> None:
        """Now, and not in another turn of the reactor. What the socket does not take waits in the
        transport, and so would what is asked behind it."""
        assert self.transport is not None
        if self._send is not None:
            sent = 0
            with suppress(OSError):  # the transport finds out what it is
                sent = self._send(request)
            if sent == len(request):
                return
            self._send, request = None, request[sent:]
        self.transport.write(request)
        if IWriteDescriptor.providedBy(self.transport):
            self.transport.doWrite()

    @override
    def connectionMade(self) -> None:
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
        if isinstance(self.transport, tcp.Connection):  # by TLS it only claims to be one
            self._send = self.transport.getHandle().send

    @override
    def dataReceived(self, data: bytes) -> None:
        self._data = self._data + data if self._data else data
        while self._data and not self.is_lost and self._read():
            pass

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.is_lost = True
        if self._answered is not None or self._reader is not None:
            ends_so = self._read == self._read_content and self._left < 0
            if ends_so and self._answered is not None:
                self._end()
            else:
                self._fail(Failure(NoAnswer(reason.getErrorMessage())))
        self.lost.callback(None)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be asked here any more; a reader may have ended it, too."""
        return self.is_lost or bool(getattr(self.transport, "disconnecting", False))

    def close(self) -> None:
        """End the connection at once, on which nothing is under way: by TLS, too, the other end
        need not agree first. Of one that is lost TLS has nothing left that it could end."""
        was_lost, self.is_lost = self.is_lost, True
        if not was_lost and self.transport is not None:
            self.transport.abortConnection()  # type: ignore[attr-defined]

    # -- an answer, as it comes ----------------------------------------------------------------

    def _read_head(self) -> bool:
        head, found, rest = self._data.partition(b"\r\n\r\n")
        if not found:
            if len(head) > MOST_HEAD:
                self._fail(Failure(NoAnswer("it does not begin")))
            return False
        first, *lines = head.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None or self._answered is None:
            self._fail(Failure(NoAnswer(f"{first[:80]!r}")))
            return False
        self._data = rest
        if status[2] < b"200":
            return True
        named = [line.partition(b":") for line in lines]
        headers = {name.lower(): value.strip() for name, _, value in named}
        self._keeps = status[1] == b"1" and b"close" not in headers.get(b"connection", b"").lower()
        self._in_pieces = headers.get(b"transfer-encoding", b"").lower() == b"chunked"
        length = headers.get(b"content-length", b"")
        self._left = int(length) if length.isdigit() else -1
        self._read = self._read_size if self._in_pieces else self._read_content
        self._head = Answered(int(status[2]), headers)
        if self._reader is not None:
            self._reader.makeConnection(self.transport)  # type: ignore[arg-type]
            answered, self._answered = self._answered, None
            answered.callback(self._head)
        if not self._left and not self._in_pieces:
            self._end()
        return True

    def _read_size(self) -> bool:
        line, found, rest = self._data.partition(b"\r\n")
        if not found:
            if len(line) > MOST_HEAD:
                self._fail(Failure(NoAnswer("a piece does not begin")))
            return False
        size = _SIZE.fullmatch(line)
        if size is None:
            self._fail(Failure(NoAnswer(f"a piece of {line[:80]!r}")))
            return False
        self._data, self._left = rest, int(size[1], 16)
        end = self._left + 2
        if self._left and rest[self._left : end] == b"\r\n":  # all of it is there, as mostly
            self._data = rest[end:]
            self._give(rest[: self._left])
        else:
            self._read = self._read_content if self._left else self._read_trailer
        return True

    def _read_content(self) -> bool:
        data = self._data
        if self._left < 0 or len(data) < self._left:
            self._data = b""
            self._left -= len(data) if self._left > 0 else 0
        else:
            data, self._data = data[: self._left], data[self._left :]
            self._left = 0
        self._give(data)
        if not self._left and not self.is_lost:
            if self._in_pieces:
                self._read = self._read_behind
            else:
                self._end()
        return True

    def _read_behind(self) -> bool:
        """The end of a piece."""
        if len(self._data) < 2:
            return False
        if self._data[:2] != b"\r\n":
            self._fail(Failure(NoAnswer("a piece does not end")))
            return False
        self._data, self._read = self._data[2:], self._read_size
        return True

    def _read_trailer(self) -> bool:
        line, found, rest = self._data.partition(b"\r\n")
        if found:
            self._data = rest
            if not line:
                self._end()
        elif len(line) > MOST_HEAD:
            self._fail(Failure(NoAnswer("a line behind it does not end")))
        return bool(found)

    def _give(self, data: bytes) -> None:
        if self._reader is not None:
            self._reader.dataReceived(data)
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._size > MOST_ANSWER:
            self._fail(Failure(NoAnswer("it is too long")))

    def _end(self) -> None:
        """All of the answer is there."""
        head, content, keeps = self._head, b"".join(self._pieces), self._keeps and not self._data
        answered, reader = self._take()
        self._begin()
        if keeps and not self.is_lost:
            self._rests(self)
        else:
            self.close()
        if reader is not None:
            reader.connectionLost(connectionDone)
        if answered is not None:
            answered.callback(Answered(head.status, head.headers, content))

    def _fail(self, why: Failure) -> None:
        """There is no answer, or no more of it: this connection is over."""
        (answered, reader), was_lost, self.is_lost = self._take(), self.is_lost, True
        if not was_lost and self.transport is not None:
            self.transport.abortConnection()  # type: ignore[attr-defined]
        if answered is not None:
            answered.errback(why)
        elif reader is not None:
            reader.connectionLost(why)

    def _take(self) -> tuple[Deferred[Answered] | None, IProtocol | None]:
        """Those who wait for the answer; none do from then on, so that they are told once."""
        waiting = self._answered, self._reader
        self._answered = self._reader = None
        return waiting


class Connections:
    """The connections to all endpoints. ``endpoint_for`` makes of an endpoint's base URL what
    connects there; ``seconds`` is a monotonic clock."""

    def __init__(
        self, endpoint_for: Callable[[str], IStreamClientEndpoint], seconds: Callable[[], float]
    ) -> None:
        self._endpoint_for = endpoint_for
        self._seconds = seconds
        self._resting: dict[str, list[Connection]] = {}
        self._open: set[Connection] = set()
        self._is_closed = False

    def ask(
        self, endpoint: str, request: bytes, reader: IProtocol | None = None
    ) -> Deferred[Answered]:
        """Send a request there; fires with the answer to it. With a ``reader``, which is given the
        answer as it comes, it fires when that begins.

        Fails with `NoAnswer`, or with what `twisted.internet.error` says of a connection that
        cannot be made: then nothing was sent.
        """
        resting = self._resting.setdefault(endpoint, [])
        now = self._seconds()
        while resting and resting[0].rests_until <= now:  # the one that has rested longest
            resting.pop(0).close()
        resting[:] = [each for each in resting if not each.is_lost]
        for connection in reversed(resting):
            if not connection.is_over:
                resting.remove(connection)
                return connection.ask(request, reader)

        def rests(connection: Connection) -> None:
            if self._is_closed or len(resting) >= IDLE:
                connection.close()
            else:
                connection.rests_until = self._seconds() + RESTS
                resting.append(connection)

        factory = Factory.forProtocol(lambda: Connection(rests))
        factory.noisy = False  # two lines a connection, a hundred while a machine is away
        connecting: Deferred[Any] = self._endpoint_for(endpoint).connect(factory)
        return connecting.addCallback(self._opened).addCallback(
            lambda connection: connection.ask(request, reader)
        )

    def _opened(self, connection: Connection) -> Connection:
        self._open.add(connection)
        connection.lost.addCallback(lambda _: self._open.remove(connection))
        return connection

    async def close(self) -> None:
        """End the connections that rest, and each of the others when it has its answer; returns
        when those are gone that rested, or were ending."""
        self._is_closed = True
        for resting in self._resting.values():
            for each in resting:
                each.close()
        for each in [each for each in self._open if each.is_over]:
            await each.lost
