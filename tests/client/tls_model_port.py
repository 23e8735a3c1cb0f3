"""The model's server behind TLS, as it is on the real network."""

from __future__ import annotations

from typing import Any, cast

from twisted.internet.interfaces import IAddress
from typing_extensions import override

from tests.certificate_authority import Identity
from tests.client.model_port import ModelDoor, ModelPort


class TlsModelPort(ModelPort):
    """Shows an identity that can be changed; what comes in on any connection is counted."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self.identity = identity
        self.heard = b""

    @override
    def open(self) -> None:
        from twisted.internet import reactor

        self._port = cast(Any, reactor).listenSSL(
            self.number, self, self.identity.options(), interface="127.0.0.1"
        )

    async def shows(self, identity: Identity) -> None:
        """Open again, as somebody else or with something new."""
        self.identity = identity
        await self.close()
        self.open()

    @override
    def buildProtocol(self, addr: IAddress | None) -> ModelDoor:
        return CountingDoor(self)


class CountingDoor(ModelDoor):
    """A door that keeps what it heard."""

    def __init__(self, house: TlsModelPort) -> None:
        super().__init__(house)
        self._tls_house = house

    @override
    def dataReceived(self, data: bytes) -> None:
        self._tls_house.heard += data
        super().dataReceived(data)
