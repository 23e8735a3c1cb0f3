"""The client as a process, and a server of the model on a port of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import pytest_twisted  # type: ignore[import-untyped]
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, ProcessProtocol, Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

from tests.client.model_server import ModelConnection, ModelServer
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent.parent
PROGRAM = (sys.executable, "-m", "huddle.client.program")

P = ParamSpec("P")
T = TypeVar("T")


def in_reactor(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test as a coroutine in the reactor."""
    made: Callable[P, None] = pytest_twisted.ensureDeferred(test)
    return made


def reactor_fixture(function: Callable[P, AsyncIterator[T]]) -> Callable[P, T]:
    """A fixture that is a coroutine in the reactor, for one test."""
    made: Callable[P, T] = pytest_twisted.async_yield_fixture()(function)
    return made


class Waiting:
    """Lets a test wait until something holds, asked each time something has happened."""

    def __init__(self) -> None:
        self._waiters: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def until(self, holds: Callable[[], bool]) -> Deferred[None]:
        from twisted.internet import reactor

        waiter: Deferred[None] = Deferred()
        self._waiters.append((holds, waiter))
        waiter.addTimeout(PATIENCE, reactor)
        self.happened()
        return waiter

    def happened(self) -> None:
        for holds, waiter in tuple(self._waiters):
            if not waiter.called and holds():
                waiter.callback(None)
        self._waiters = [(holds, waiter) for holds, waiter in self._waiters if not waiter.called]


class Door(Protocol):
    """One connection to the model."""

    def __init__(self, house: House) -> None:
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


class House(Factory[Door]):
    """The model behind a port that can be opened and closed."""

    noisy = False

    def __init__(self) -> None:
        self.server = ModelServer()
        self.doors: list[Door] = []
        self.waiting = Waiting()
        self.deaf = False
        """Whether it takes what comes and does nothing with it, but keep it in ``unheard``."""
        self.unheard = b""
        self.number = 0
        self._port: Any = None

    @override
    def buildProtocol(self, addr: IAddress | None) -> Door:
        return Door(self)

    def open(self) -> None:
        from twisted.internet import reactor

        self._port = cast(Any, reactor).listenTCP(self.number, self, interface="127.0.0.1")
        self.number = self._port.getHost().port

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


class Client(ProcessProtocol):
    """One huddle-client."""

    def __init__(self) -> None:
        self.output = b""
        self.errors = b""
        self.status: int | None = None
        self.waiting = Waiting()

    @classmethod
    def start(cls, folder: Path, *command: str, tty: bool = False, **more: str) -> Client:
        """Start a command in ``folder``, which is the user's home too."""
        from twisted.internet import reactor

        inherited = {n: v for n, v in os.environ.items() if n.startswith("PATH")}
        environment = inherited | {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "TERM": "dumb",
            "TZ": "UTC",
        }
        client = cls()
        spawn: Any = cast(Any, reactor).spawnProcess
        client.process = spawn(
            client, command[0], command, environment | more, str(folder), usePTY=tty
        )
        return client

    process: Any

    def type(self, *lines: str) -> None:
        self.process.write("".join(f"{line}\n" for line in lines).encode())

    def end_input(self) -> None:
        self.process.closeStdin()

    async def until_shown(self, text: str) -> None:
        """Wait until this is on the screen, or among the errors."""
        await self.waiting.until(lambda: text.encode() in self.output + self.errors)

    async def until_ended(self) -> int:
        await self.waiting.until(lambda: self.status is not None)
        assert self.status is not None
        return self.status

    def shown(self) -> list[str]:
        return self.output.decode().splitlines()

    def warned(self) -> list[str]:
        return self.errors.decode().splitlines()

    async def kill(self) -> None:
        """As by ``kill -9``; also the way to end one that has not ended."""
        if self.status is None:
            self.process.signalProcess("KILL")
            await self.until_ended()

    @override
    def outReceived(self, data: bytes) -> None:
        self.output += data
        self.waiting.happened()

    @override
    def errReceived(self, data: bytes) -> None:
        self.errors += data
        self.waiting.happened()

    @override
    def processEnded(self, reason: Failure) -> None:
        ended: Any = reason.value  # ProcessDone or ProcessTerminated
        self.status = -ended.signal if ended.signal else ended.exitCode
        self.waiting.happened()
