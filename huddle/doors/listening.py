"""Listening: one endpoint at which a door stands open, as a service; and handshakes by TLS there.

A handshake takes the reactor a quarter of a millisecond, with an RSA key a whole one: 240 of them,
sent at once, held everybody else up for 50 ms. So each waits for its turn as a line does, and so
does later what holds nothing: a peer may send new keys without end, of which 64 KiB take 20 ms.
"""

from __future__ import annotations

import resource
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.application.service import Service
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import (
    IAddress,
    IListeningPort,
    INegotiated,
    IProtocolFactory,
    IStreamServerEndpoint,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.tcp import Port
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.doors.input_turns import InputTurns
from huddle.doors.transports import LeanServer, set_options

ACCEPTS = 8
"""Connections that are taken from a listening socket at once; the others wait in the kernel for the
next turn of the reactor. Twisted takes a hundred and more: with those who come by the web it was
7 ms until anybody else was heard, with these it is half a millisecond (measured)."""

FILES_OF_ONE = 128
"""Of the files that the process may have open, so many for each connection that is taken at once:
those that are one too many are open till they have been told so, and the record needs some, too."""


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

    It is a `input_turns.Speaker`. ``tls`` is a `twisted.protocols.tls.TLSMemoryBIOProtocol`, which
    is there only where pyOpenSSL is. ``brought_nothing`` is told how many bytes did not.
    ``may_be_read`` says whether the peer's connection is read from, as far as the door knows.
    """

    def __init__(
        self,
        tls: Any,
        address: str,
        turns: InputTurns,
        brought_nothing: Callable[[int], object],
        may_be_read: Callable[[], bool],
    ) -> None:
        self.address = address
        self.in_debt_until = 0.0
        self._tls = tls
        self._turns = turns
        self._brought_nothing = brought_nothing
        self._may_be_read = may_be_read
        self._take = tls.dataReceived
        self._data = b""
        self._paused = False
        self._in_a_row = 0
        """Bytes since something was in them."""

    @override
    def dataReceived(self, data: bytes) -> None:
        self._data += data
        self._turns.ask(self)
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
            if self._may_be_read():
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
                self._brought_nothing(len(data))

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
    turns: InputTurns,
    brought_nothing: Callable[[int], object],
    may_be_read: Callable[[], bool],
) -> None:
    """Have a new connection's handshake wait for its turn, if it is to be one by TLS, and what is
    read later and brings nothing, as `Handshake` says."""
    is_tls: bool = INegotiated.providedBy(transport)
    if is_tls:
        bottom = transport.transport
        bottom.protocol = Handshake(transport, address, turns, brought_nothing, may_be_read)


class Listening(Service):
    """Listens on an endpoint while it runs. ``description`` is what it was made from."""

    def __init__(
        self, endpoint: IStreamServerEndpoint, description: str, factory: IProtocolFactory
    ) -> None:
        self.description = description
        self._endpoint = endpoint
        self._factory = factory
        self._opening: Deferred[None] | None = None
        self._port: IListeningPort | None = None

    @override
    def privilegedStartService(self) -> None:
        """Raises what the endpoint fails with, if it fails at once, as all of Twisted's own do."""
        failures: list[Failure] = []
        opening = self._endpoint.listen(self._factory)
        self._opening = opening.addCallbacks(self._opened, failures.append)
        if failures:
            failures[0].raiseException()

    def _opened(self, port: IListeningPort) -> None:
        self._port = port
        tune_listening(port)

    @property
    def address(self) -> IAddress | None:
        """Where it listens; None as long as it does not."""
        return None if self._port is None else self._port.getHost()

    @property
    def place(self) -> str:
        """Where it listens, as a person writes it: a host and a port, or a path."""
        address = self.address
        if not isinstance(address, IPv4Address | IPv6Address):
            return self.description
        host = f"[{address.host}]" if isinstance(address, IPv6Address) else address.host
        return f"{host}:{address.port}"

    @override
    def stopService(self) -> Deferred[Any]:
        super().stopService()
        if self._opening is not None:
            self._opening.cancel()
        if self._port is None:
            return succeed(None)
        stopped = self._port.stopListening()
        return succeed(None) if stopped is None else stopped


def tune_listening(port: object) -> None:
    """Have what listens accept few at once. If it does for TCP, have it make connections that are
    lean, and set `OPTIONS` on it: whatever is accepted there has them (tcp(7))."""
    if isinstance(port, Port):
        most = accepts_at_once(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        port.doRead = partial(_accept_few, most, port)  # type: ignore[method-assign]
        if port.addressFamily != socket.AF_UNIX:
            port.transport = LeanServer
            set_options(port.socket)


def accepts_at_once(files: int) -> int:
    """How many connections to take where so many ``files`` may be open; below zero: any number."""
    return ACCEPTS if files < 0 else max(1, min(ACCEPTS, files // FILES_OF_ONE))


def _accept_few(most: int, port: Port) -> None:
    port.numberAccepts = most  # which it raises each time that more could be had
    type(port).doRead(port)
