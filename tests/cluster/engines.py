"""Engines behind the log, each with a way to wait for what it does."""

from __future__ import annotations

from collections.abc import Callable
from os import urandom
from random import Random, uniform
from typing import Protocol, TypeVar
from uuid import uuid4

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.internet.tcp import Connection
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.gateway import Answer, Refused, Unanswered
from huddle.cluster.etcd.log import EtcdLog
from huddle.cluster.etcd.messages import STATUS
from huddle.cluster.etcd.opening import Engine as EtcdEngine
from huddle.cluster.log import MOST_ENTRY, Log
from huddle.cluster.sealed_log import MOST_SEALED, SealedLog
from huddle.cluster.sealing import KEY_BYTES, Sealing
from tests.cluster.memory_log import Faults, MemoryEngine
from tests.cluster.real_etcd import Etcd
from tests.patience import until_in_reactor

T = TypeVar("T")


class Engine(Protocol):
    """A log of its own on some engine, and as many views of it as a test wants."""

    most: int
    """Bytes of the largest entry."""

    async def view(self) -> Log:
        """The log as one more node sees it."""

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds, or fail."""

    async def append(self, log: Log, *entries: bytes) -> list[int]:
        """Append them one after the other; their positions."""


class InMemory:
    """The log in memory, whose clock goes when the test waits."""

    most = MOST_ENTRY

    def __init__(self, seed: int = 1, faults: Faults | None = None) -> None:
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock, Random(seed), faults)

    async def view(self) -> Log:
        return self.engine.view()

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(100_000):
            if holds():
                return
            self.clock.advance(0.005)
        raise AssertionError("it does not come")

    async def answer(self, waiting: Deferred[T]) -> T:
        results: list[T | Failure] = []
        waiting.addBoth(results.append)
        await self.until(lambda: bool(results))
        if isinstance(results[0], Failure):
            results[0].raiseException()
        return results[0]

    async def append(self, log: Log, *entries: bytes) -> list[int]:
        return [await self.answer(log.append(entry)) for entry in entries]


class Sealed(InMemory):
    """The log in memory, of which the engine sees nothing."""

    most = MOST_SEALED

    @override
    async def view(self) -> Log:
        return SealedLog(self.engine.view(), Sealing([b"k" * KEY_BYTES], "house", 1, urandom))


class OnEtcd:
    """A log on a real engine, in a house of its own. Where it is entered (``async with``), all that
    is opened of it is closed at the end, however that comes."""

    most = MOST_ENTRY

    def __init__(self, etcd: Etcd, house: str, entry: str = "", options: str = "") -> None:
        scheme = "etcds" if etcd.scheme == "https" else "etcd"
        hosts = ",".join(etcd.endpoints)
        self.address = address_of(f"{scheme}://{entry}{hosts}/{house}{options}")
        self.news: list[tuple[str, str]] = []
        self._opened: list[EtcdEngine] = []

    async def __aenter__(self) -> OnEtcd:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def view(self) -> EtcdLog:
        log = self.unopened()
        await log.open(uuid4().hex)
        return log

    def unopened(self) -> EtcdLog:
        from twisted.internet import reactor

        engine = EtcdEngine(reactor, self.address, uniform, self._told)
        self._opened.append(engine)
        return engine.log

    def newest(self) -> EtcdEngine:
        """The engine as it was opened last."""
        return self._opened[-1]

    async def status(self, endpoint: str) -> Answer:
        """What one member says of itself; nothing where it does not answer."""
        if not self._opened:
            self.unopened()
        try:
            return await self._opened[0].gateway.ask(STATUS, b"{}", endpoint)
        except (Refused, Unanswered):
            return {}

    def _told(self, code: str, detail: str) -> None:
        self.news.append((code, detail))

    async def until(self, holds: Callable[[], bool]) -> None:
        await until_in_reactor(holds)

    async def append(self, log: Log, *entries: bytes) -> list[int]:
        return [await log.append(entry) for entry in entries]

    async def close(self) -> None:
        for engine in self._opened:
            await engine.close()
        await until_in_reactor(lambda: not connections())


def connections() -> list[object]:
    """What this process has connected to others."""
    from twisted.internet import reactor

    return [each for each in reactor.getReaders() if isinstance(each, Connection)]
