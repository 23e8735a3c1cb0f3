"""Between a listening port and a door: the header is read first, then the door has the connection.

Once the header is read nothing of this is left in the way: the transport gets the door's protocol
in the place of ours, and what a line costs is the same as without a proxy. A peer that sends no
header, a wrong one, or too slowly, is let go before the door has heard of it.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IAddress, IListeningPort, IProtocolFactory, IReactorTime
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.protocols.policies import WrappingFactory
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.doors.proxy.address import shared_source, source_of
from huddle.doors.proxy.header import MOST, Header, NoHeader, read_header
from huddle.doors.proxy.trusted import Trusted
from huddle.protocol.timing.timer_queue import TimerQueue

SECONDS = 5.0
"""Within which all of a header must have come. A proxy sends it at once."""

WAITING = 512
"""Connections of one port whose header has not come yet; one more, and the oldest is let go."""


class HeaderFirst(Protocol):
    """A connection whose header has not come yet."""

    factory: ProxiedFactory
    transport: Any

    def __init__(self, address: IAddress | None) -> None:
        self._address = address
        self._data = b""

    @override
    def connectionMade(self) -> None:
        self.transport.bufferSize = MOST  # what follows the header is read as the door wishes
        self.factory.stand(self)

    @override
    def dataReceived(self, data: bytes) -> None:
        self._data += data
        try:
            header = read_header(self._data)
        except NoHeader:
            self.let_go()
            return
        if header is not None:
            self.factory.pass_on(self)
            self._hand_over(header)

    def _hand_over(self, header: Header) -> None:
        """The door has the connection, from the header's end on."""
        transport, factory = self.transport, self.factory.wrappedFactory
        host = source_of(self._address).host if header.host is None else header.host
        protocol = factory.buildProtocol(shared_source(host, header.secure, True))
        if protocol is None:
            transport.abortConnection()
            return
        transport.protocol = protocol
        protocol.makeConnection(transport)
        rest = self._data[header.length :]
        if rest:
            transport.protocol.dataReceived(rest)

    def let_go(self) -> None:
        """End the connection, of which nobody knows where it comes from."""
        self.factory.pass_on(self)
        self.transport.abortConnection()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.pass_on(self)


class Refused(Protocol):
    """A connection by one who may not come here at all."""

    transport: Any

    @override
    def connectionMade(self) -> None:
        self.transport.abortConnection()


class ProxiedFactory(WrappingFactory):
    """Makes connections of trusted proxies wait for their header; others go straight to the door.

    With ``alone`` nobody else is let in.
    """

    noisy = False

    def __init__(
        self, factory: IProtocolFactory, trusted: Trusted, alone: bool, reactor: IReactorTime
    ) -> None:
        super().__init__(factory)
        self._trusted = trusted
        self._alone = alone
        self._waiting: TimerQueue[HeaderFirst] = TimerQueue(reactor, HeaderFirst.let_go)

    @override
    def buildProtocol(self, addr: IAddress | None) -> Any:
        if addr in self._trusted:
            protocol = HeaderFirst(addr)
            protocol.factory = self
            return protocol
        return Refused() if self._alone else self.wrappedFactory.buildProtocol(addr)

    def stand(self, connection: HeaderFirst) -> None:
        """This one has no header yet, and `SECONDS` for it; the oldest such may have to go."""
        self._waiting.set(connection, SECONDS)
        if len(self._waiting.due) > WAITING:
            next(iter(self._waiting.due)).let_go()

    def pass_on(self, connection: HeaderFirst) -> None:
        """Wait no longer for a connection that has its header, or is gone."""
        self._waiting.due.pop(connection, None)


class ProxiedReactor:
    """The reactor, as an endpoint behind a proxy sees it: what listens there waits for headers.

    They come in front of everything else, TLS included: so they are read where the endpoint asks
    the reactor to listen.
    """

    def __init__(self, reactor: Any, trusted: Trusted, alone: bool) -> None:
        self._reactor = reactor
        self._trusted = trusted
        self._alone = alone

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def _waiting_for_headers(self, factory: Factory) -> ProxiedFactory:
        return ProxiedFactory(factory, self._trusted, self._alone, self._reactor)

    def listenTCP(self, port: int, factory: Factory, *more: Any, **named: Any) -> IListeningPort:  # noqa: N802
        """As of `IReactorTCP`, with connections that wait for their proxy's header."""
        waiting = self._waiting_for_headers(factory)
        return self._reactor.listenTCP(port, waiting, *more, **named)  # type: ignore[no-any-return]

    def listenUNIX(self, path: Any, factory: Factory, *more: Any, **named: Any) -> IListeningPort:  # noqa: N802
        """As of `IReactorUNIX`, with connections that wait for their proxy's header."""
        waiting = self._waiting_for_headers(factory)
        return self._reactor.listenUNIX(path, waiting, *more, **named)  # type: ignore[no-any-return]

    def adoptStreamPort(self, descriptor: int, family: Any, factory: Factory) -> IListeningPort:  # noqa: N802
        """As of `IReactorSocket`, with connections that wait for their proxy's header."""
        waiting = self._waiting_for_headers(factory)
        return self._reactor.adoptStreamPort(descriptor, family, waiting)  # type: ignore[no-any-return]

    def listenSSL(  # noqa: N802
        self,
        port: int,
        factory: Factory,
        contextFactory: Any,  # noqa: N803
        *more: Any,
        **named: Any,
    ) -> IListeningPort:
        """As of `IReactorSSL`, with connections that wait for their proxy's header."""
        from twisted.protocols.tls import TLSMemoryBIOFactory

        tls: Any = TLSMemoryBIOFactory(contextFactory, False, factory)
        return self.listenTCP(port, tls, *more, **named)
