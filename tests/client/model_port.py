"""A server of the model on a port of this machine."""

from __future__ import annotations

from typing import Any, cast

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

from tests.client.in_reactor import Waiting
from tests.client.model_server import ModelConnection, ModelServer
from tests.free_ports import free_port


class ModelDoor(Protocol):
    """One connection to the model."""

    def __init__(self, house: ModelPort) -> None:
        self._house = house

    @override
    def connectionMade(self) -> None:
        self._talk: ModelConnection = self._house.server.connect()
        self._house.doors.append(self)
        self.flush()

    @override
    def dataReceived(self, data: bytes) -> None:
        if self._house.deaf:
            self._house.unheard += data
            self._house.waiting.happened()
        else:
            self._talk.receive(data)
            self._house.flush()

    def flush(self) -> None:
        """Send what the model wants to send."""
        assert self.transport is not None
        self.transport.write(bytes(self._talk.out))
        self._talk.out.clear()
        if self._talk.left:
            self.transport.loseConnection()

    def cut(self) -> None:
        assert self.transport is not None
        self.transport.abortConnection()  # type: ignore[attr-defined]

    def send(self, data: bytes) -> None:
        """Send bytes that the model would never send."""
        assert self.transport is not None
        self.transport.write(data)

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._house.doors.remove(self)
        online = self._house.server.online
        for secret in [secret for secret, talk in online.items() if talk is self._talk]:
            del online[secret]
        self._house.waiting.happened()


class ModelPort(Factory[ModelDoor]):
    """The model behind a port that can be opened and closed."""

    noisy = False

    def __init__(self) -> None:
        self.server = ModelServer()
        self.doors: list[ModelDoor] = []
        self.waiting = Waiting()
        self.deaf = False
        """Whether it takes what comes and does nothing with it, but keep it in ``unheard``."""
        self.unheard = b""
        self.number = free_port()
        self._port: Any = None

    @override
    def buildProtocol(self, addr: IAddress | None) -> ModelDoor:
        return ModelDoor(self)

    def open(self) -> None:
        from twisted.internet import reactor

        self._port = cast(Any, reactor).listenTCP(self.number, self, interface="127.0.0.1")

    async def close(self) -> None:
        """Nobody gets in any more, and those who are in are cut."""
        if self._port is not None:
            port, self._port = self._port, None
            await port.stopListening()
        for door in tuple(self.doors):
            door.cut()
        await self.waiting.until(lambda: not self.doors)

    def flush(self) -> None:
        for door in tuple(self.doors):
            door.flush()
        self.waiting.happened()

    def texts(self) -> list[str]:
        """What is in the record."""
        return [told.text for told in self.server.record]

    def says(self, text: str, nick: str = "bob") -> None:
        """Somebody else says something."""
        from .model_server import Told

        self.server.record.append(Told("bob's", nick, "say", text))
        for talk in self.server.online.values():
            talk._send_said("huddle", len(self.server.record))
        self.flush()

    async def until_said(self, *texts: str) -> None:
        await self.waiting.until(lambda: self.texts()[-len(texts) :] == list(texts))

    async def until_sent(self, data: bytes) -> None:
        """Wait until this has come to deaf ears."""
        await self.waiting.until(lambda: data in self.unheard)

    async def until_in(self, count: int = 1) -> None:
        await self.waiting.until(lambda: len(self.server.online) == count)
