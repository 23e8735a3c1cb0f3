"""Listening: one endpoint at which a door stands open, as a service."""

from __future__ import annotations

import resource
import socket
from functools import partial
from typing import Any

from twisted.application.internet import StreamServerEndpointService
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import (
    IAddress,
    IListeningPort,
    IProtocolFactory,
    IStreamServerEndpoint,
)
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Port
from typing_extensions import override

from huddle.doors.lean_server import LeanServer
from huddle.doors.transports import set_options

ACCEPTS = 8
"""Connections that are taken from a listening socket at once; the others wait in the kernel for the
next turn of the reactor. Twisted takes a hundred and more: with those who come by the web it was
7 ms until anybody else was heard, with these it is half a millisecond (measured)."""

FILES_OF_ONE = 128
"""Of the files that the process may have open, so many for each connection that is taken at once:
those that are one too many are open till they have been told so, and the record needs some, too."""


class Listening(StreamServerEndpointService):
    """Listens on an endpoint while it runs. ``description`` is what it was made from.

    Its start raises what the endpoint fails with, if it fails at once, as all of Twisted's own do.
    """

    _raiseSynchronously = True  # noqa: N815

    def __init__(
        self, endpoint: IStreamServerEndpoint, description: str, factory: IProtocolFactory
    ) -> None:
        super().__init__(endpoint, factory)
        self.description = description
        self._port: IListeningPort | None = None

    @override
    def privilegedStartService(self) -> None:
        super().privilegedStartService()
        opening: Any = self._waitingForPort
        opening.addCallback(self._opened)

    def _opened(self, port: IListeningPort | None) -> IListeningPort | None:
        self._port = port
        tune_listening(port)
        return port

    @override
    def stopService(self) -> Deferred[Any]:
        return succeed(None) if self._waitingForPort is None else super().stopService()

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


class SentAway(Protocol):
    """A connection that is ended at once. In its place None, as a factory may give, would do for a
    port, but not for what stands between the two, as TLS does."""

    transport: Any

    @override
    def connectionMade(self) -> None:
        self.transport.loseConnection()


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
