"""A test that runs in the reactor, and waits there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import pytest_twisted  # type: ignore[import-untyped]
from twisted.internet.defer import Deferred

from tests.patience import PATIENCE

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
