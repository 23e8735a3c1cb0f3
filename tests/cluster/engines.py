"""Engines behind the log, each with a way to wait for what it does."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from huddle.cluster.log import Log
from tests.cluster.memory_log import Faults, MemoryEngine
from tests.cluster.reader import Reader

T = TypeVar("T")


class Engine(Protocol):
    """A log of its own on some engine, and as many views of it as a test wants."""

    async def view(self) -> Log:
        """The log as one more node sees it."""

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds, or fail."""

    async def append(self, log: Log, *entries: bytes) -> list[int]:
        """Append them one after the other; their positions."""

    async def settle(self, *readers: Reader) -> None:
        """Wait until what the engine had to say to these has been said."""


class InMemory:
    """The log in memory, whose clock goes when the test waits."""

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

    async def settle(self, *readers: Reader) -> None:
        self.clock.pump([0.01] * 100)
