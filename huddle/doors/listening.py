"""Listening: one endpoint at which a door stands open, as a service."""

from __future__ import annotations

from typing import Any

from twisted.application.service import Service
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import (
    IAddress,
    IListeningPort,
    IProtocolFactory,
    IStreamServerEndpoint,
)
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.doors.transports import tune_listening


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
        """Where it listens, in a person's words."""
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
