"""SIGHUP makes the server read its files again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure

from huddle.server.reload import Reload


class Reactor(MemoryReactorClock):
    """A reactor whose turns are taken by the test."""

    def callFromThread(self, call: Callable[..., object], *arguments: object) -> None:  # noqa: N802
        self.callLater(0, call, *arguments)


@pytest.fixture
def reactor() -> Reactor:
    return Reactor()


@pytest.fixture
def reload(reactor: Reactor) -> Iterator[Reload]:
    reload = Reload(reactor)  # type: ignore[arg-type]
    yield reload
    reload.stop()


def test_all_who_asked_are_called_in_turn_at_each_signal(reactor: Reactor, reload: Reload) -> None:
    called: list[str] = []
    reload.add(lambda: called.append("first"))
    reload.add(lambda: called.append("second"))
    reload.listen()
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGHUP)
        assert len(called) % 2 == 0  # not in the middle of what ran just then
        reactor.advance(0)
    assert called == ["first", "second"] * 2


def test_what_one_of_them_raises_is_logged_and_the_others_are_called(
    reactor: Reactor, reload: Reload, logged_failures: list[Failure]
) -> None:
    called: list[str] = []

    def break_down() -> None:
        raise ValueError("no such thing")

    reload.add(break_down)
    reload.add(lambda: called.append("second"))
    reload.listen()
    os.kill(os.getpid(), signal.SIGHUP)
    reactor.advance(0)
    assert called == ["second"]
    [failure] = logged_failures
    assert failure.check(ValueError)
    logged_failures.clear()


def test_the_signal_is_left_as_it_was_found(reload: Reload) -> None:
    before = signal.getsignal(signal.SIGHUP)
    reload.listen()
    assert signal.getsignal(signal.SIGHUP) != before
    reload.stop()
    assert signal.getsignal(signal.SIGHUP) == before
