"""Handshakes by TLS: each waits for its turn, as a line does.

One takes the reactor a quarter of a millisecond, with an RSA key a whole one: 240 of them, sent at
once, held everybody else up for 50 ms. And so does later what holds nothing wait for its turn: a
peer may send new keys without end, of which 64 KiB take 20 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import INegotiated
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.doors.input.scheduler import InputScheduler

IN_A_ROW = 32 * 1024
"""Bytes behind a handshake that may bring nothing. A record has half as many at the most (RFC 8446,
section 5.2), and then something is in it; what has nothing in it (new keys, again and again) costs
us as much, and an answer each, which a peer need not take."""


UNTAKEN = 1024 * 1024
"""Bytes of answers, one to each such record, that a peer may leave untaken. All else that waits for
it is some 128 KiB."""


class Handshake(Protocol):
    """What stands between a socket and Twisted's TLS, until that has shaken hands; and afterwards
    as long as what is read brings nothing.

    It is a `scheduler.Speaker`. ``tls`` is a `twisted.protocols.tls.TLSMemoryBIOProtocol`, which is
    there only where pyOpenSSL is. ``brought_nothing`` is told how many bytes did not.
    ``may_be_read`` says whether the peer's connection is read from, as far as the door knows. Both
    are set before use.
    """

    brought_nothing: Callable[[int], object]
    may_be_read: Callable[[], bool]

    def __init__(self, tls: Any, address: str, scheduler: InputScheduler) -> None:
        self.address = address
        self.in_debt_until = 0.0
        self._tls = tls
        self._scheduler = scheduler
        self._take = tls.dataReceived
        self._data = b""
        self._paused = False
        self._in_a_row = 0
        """Bytes since something was in them."""

    @override
    def dataReceived(self, data: bytes) -> None:
        self._data += data
        self._scheduler.ask(self)
        if self._data:
            self._paused = True
            self._tls.transport.pauseProducing()

    def hear(self, until: float) -> bool:
        """Let TLS have what came since it was heard last."""
        data, self._data = self._data, b""
        socket = self._tls.transport
        if not data or socket is None or self._tls.wrappedProtocol is None:  # it is lost
            return False
        if self._paused:
            self._paused = False
            if self.may_be_read():
                socket.resumeProducing()
        self._feed(data)
        if socket.protocol is self and self._tls.getHandle().get_peer_finished():
            self._is_done(socket)
        return False

    def _is_done(self, socket: Any) -> None:
        """Twisted's TLS has the connection, and what is read waits for no turn any more."""
        socket.protocol, door = self._tls, self._tls.wrappedProtocol
        if door is None:  # it was lost by what was in it
            return
        give, self._in_a_row = door.dataReceived, 0

        def gives(data: bytes) -> None:
            self._in_a_row = 0
            give(data)

        door.dataReceived = gives
        self._tls.dataReceived = self._read

    def _read(self, data: bytes) -> None:
        if self._in_a_row:
            self.dataReceived(data)
        else:
            self._feed(data)

    def _feed(self, data: bytes) -> None:
        self._in_a_row += len(data)
        self._take(data)
        socket = self._tls.transport
        if self._in_a_row and socket is not None and socket.protocol is not self:
            if self._in_a_row > IN_A_ROW or _untaken(socket) > UNTAKEN:
                socket.abortConnection()
            else:
                self.brought_nothing(len(data))

    def count_time(self, seconds: float) -> None:
        """What brings nothing is counted by its size."""

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._data = b""
        self._tls.connectionLost(reason)


def _untaken(socket: Any) -> int:
    """Bytes that wait in one of Twisted's transports, as it counts them itself."""
    waiting: int = len(socket.dataBuffer) - socket.offset + socket._tempDataLen
    return waiting


def shake_hands_in_turn(
    transport: Any,
    address: str,
    scheduler: InputScheduler,
    brought_nothing: Callable[[int], object],
    may_be_read: Callable[[], bool],
) -> None:
    """Have a connection's handshake wait for its turn, if it is to be one by TLS, and what is read
    later and brings nothing, as `Handshake` says.

    A `Connection` does so for its door. A door that has no `Connection` at first does it before,
    with hooks of its own, which those of the `Connection` take the place of.
    """
    is_tls: bool = INegotiated.providedBy(transport)
    if is_tls:
        shaking: Handshake | None = getattr(transport, "shaking", None)
        if shaking is None:
            shaking = transport.shaking = Handshake(transport, address, scheduler)
            transport.transport.protocol = shaking
        shaking.brought_nothing, shaking.may_be_read = brought_nothing, may_be_read
