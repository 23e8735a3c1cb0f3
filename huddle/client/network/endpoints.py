"""The endpoint of a server: over TCP, and with TLS on top when that is wanted.

What TLS takes is imported only then: it is an extra (``huddle[tls]``), and costs memory and time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.internet.protocol import ClientCreator
from zope.interface import implementer

from huddle.client.network.failover import Address
from huddle.client.network.host_port import HostPort
from huddle.client.network.known_servers import KnownServers, place_of
from huddle.client.network.tls_options import Tls
from huddle.client.network.trust import Ask, Judge

CONNECTING = 10.0
"""Seconds that an attempt to connect may take, and again as many for the handshake of TLS."""


class NoWay(Exception):
    """TLS cannot be had: the extra is not installed, or there are no certificates in a ``file``.

    ``detail`` is what the system says about that, if it does.
    """

    def __init__(self, file: str = "", detail: str = "") -> None:
        super().__init__(f"{file}: {detail}" if file else "pip install 'huddle[tls]'")
        self.file = file
        self.detail = detail


def in_clear(host: str, tls: Tls | None) -> bool:
    """Whether others on the way could read what is sent."""
    if tls is not None or host.lower() == "localhost" or host == "127.0.0.1":
        return False
    from ipaddress import ip_address

    try:
        return not ip_address(host).is_loopback
    except ValueError:  # a name; where it leads is not known yet
        return True


def addresses_of(
    places: Iterable[HostPort],
    tls: Tls | None,
    reactor: Any,
    *,
    folder: Path | None = None,
    ask: Ask | None = None,
    unwritable: Callable[[], object] = lambda: None,
) -> list[Address]:
    """The addresses of a house that is found at all these places. Raises `NoWay`.

    Certificates that were taken at their word are remembered in ``folder``, if one is given.
    """
    known = None if folder is None else KnownServers(folder)

    def address_of(host: str, port: int) -> Address:
        place = place_of(host, port)
        endpoint = _over_tcp(host, port, reactor)
        if tls is None:
            return Address(endpoint, place)
        context = context_for(tls)
        from huddle.client.network.tls import TlsEndpoint

        judge = Judge(place, tls, known, ask, unwritable)
        checking = TlsEndpoint(endpoint, host, judge, context, clock=reactor, patience=CONNECTING)
        return Address(checking, place)

    return [address_of(host, port) for host, port in places]


@implementer(IStreamClientEndpoint)
class AddressEndpoint:
    """A server at an IPv4 or IPv6 address, where nothing has to be looked up.

    Twisted's own endpoints for that come with its plugins: a twentieth of the start of a terminal.
    """

    def __init__(self, reactor: Any, address: str, port: int) -> None:
        self._reactor = reactor
        self._address = address
        self._port = port

    def connect(self, factory: IProtocolFactory) -> Deferred[IProtocol]:
        """Connect within `CONNECTING` seconds; the deferred has the protocol, or what was wrong."""
        creator = ClientCreator(self._reactor, factory.buildProtocol, None)
        connected: Deferred[IProtocol] = creator.connectTCP(self._address, self._port, CONNECTING)
        return connected


def _over_tcp(host: str, port: int, reactor: Any) -> IStreamClientEndpoint:
    if isIPAddress(host) or isIPv6Address(host):
        return AddressEndpoint(reactor, host, port)
    from twisted.internet.endpoints import HostnameEndpoint

    endpoint: IStreamClientEndpoint = HostnameEndpoint(reactor, host, port, timeout=CONNECTING)
    return endpoint


def context_for(tls: Tls) -> Any:
    """The TLS context that checks servers. Raises `NoWay`."""
    try:
        from OpenSSL.SSL import Error

        from huddle.client.network.tls import trusting
    except ImportError:
        raise NoWay from None
    try:
        return trusting(tls.ca)
    except OSError as error:
        raise NoWay(str(tls.ca), error.strerror or str(error)) from error
    except Error:
        raise NoWay(str(tls.ca)) from None
