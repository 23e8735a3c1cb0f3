"""The log that an address means, made of a reactor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.web.client import Agent, BrowserLikePolicyForHTTPS, HTTPConnectionPool
from twisted.web.iweb import IPolicyForHTTPS

from huddle.cluster.etcd.address import Address
from huddle.cluster.etcd.gateway import Gateway
from huddle.cluster.etcd.log import EtcdLog, Report

CONNECT: Final = 1.0
"""Seconds until an endpoint has taken a connection; less than a request may take, so that what ends
here was surely not sent."""

IDLE_CONNECTIONS: Final = 8
"""Connections to one endpoint that are kept for the next request."""


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
        self._pool = HTTPConnectionPool(reactor)
        self._pool.maxPersistentPerHost = IDLE_CONNECTIONS
        self._pool._factory.noisy = (
            False  # two lines a connection, a hundred while a machine is away
        )
        agent = Agent(reactor, policy_of(address), CONNECT, pool=self._pool)
        self.gateway = Gateway(
            agent, reactor, address.endpoints, address.user, partial(password_of, address)
        )
        self.log = EtcdLog(self.gateway, address.house, partial(uniform, 0.0), report)

    def close(self) -> Deferred[None]:
        """Give up what is on its way; fires when the connections that were idle are closed."""
        self.log.close()
        self._pool.cachedConnectionTimeout = 0  # for those whose last answer is still to come
        closing: Deferred[None] = self._pool.closeCachedConnections()
        return closing


def policy_of(address: Address) -> IPolicyForHTTPS:
    """Who the engine must be; without TLS nobody asks that."""
    if not address.is_secure:
        return BrowserLikePolicyForHTTPS()
    from huddle.cluster.etcd.tls import EnginePolicy

    return EnginePolicy(address.authorities, address.certificate, address.key)


def password_of(address: Address) -> str:
    """The password, as it is in its file now. Raises `OSError`."""
    if not address.password_file:
        return address.password
    return Path(address.password_file).read_text("utf-8").partition("\n")[0]
