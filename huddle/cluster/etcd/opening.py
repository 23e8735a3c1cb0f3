"""The log that an address means, made of a reactor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IStreamClientEndpoint

from huddle.cluster.etcd.address import Address
from huddle.cluster.etcd.connections import Connections
from huddle.cluster.etcd.gateway import Gateway
from huddle.cluster.etcd.log import EtcdLog, Report

CONNECT: Final = 1.0
"""Seconds until an endpoint has taken a connection; less than a request may take, so that what ends
here was surely not sent."""


class Engine:
    """An engine, and the connections to it. ``log`` is to be opened; `close` ends all of it."""

    def __init__(
        self,
        reactor: Any,
        address: Address,
        uniform: Callable[[float, float], float],
        report: Report,
    ) -> None:
        """``uniform`` is `random.uniform`. Raises `OSError`, and `AddressUnusable` where a file of
        the address has no certificate, or no key, in it."""
        self._connections = Connections(endpoints_by(reactor, address), reactor.seconds)
        self.gateway = Gateway(
            self._connections,
            reactor,
            address.endpoints,
            address.user,
            partial(password_of, address),
        )
        self.log = EtcdLog(self.gateway, address.house, partial(uniform, 0.0), report)

    def close(self) -> Deferred[None]:
        """Give up what is on its way; fires when the connections that were idle are closed."""
        self.log.close()
        return Deferred.fromCoroutine(self._connections.close())


def endpoints_by(reactor: Any, address: Address) -> Callable[[str], IStreamClientEndpoint]:
    """What makes of an endpoint's base URL a way to connect to it; by TLS only to an engine that is
    who it is to be (`huddle.cluster.etcd.tls`)."""
    policy = None
    if address.is_secure:
        from huddle.cluster.etcd.tls import EnginePolicy

        policy = EnginePolicy(address.authorities, address.certificate, address.key)

    def endpoint_for(url: str) -> IStreamClientEndpoint:
        place = urlsplit(url)
        assert place.hostname is not None and place.port is not None
        there: IStreamClientEndpoint = HostnameEndpoint(
            reactor, place.hostname, place.port, timeout=CONNECT
        )
        if policy is None:
            return there
        secure: IStreamClientEndpoint = wrapClientTLS(policy.creator_for(place.hostname), there)
        return secure

    return endpoint_for


def password_of(address: Address) -> str:
    """The password, as it is in its file now. Raises `OSError`."""
    if not address.password_file:
        return address.password
    return Path(address.password_file).read_text("utf-8").partition("\n")[0]
