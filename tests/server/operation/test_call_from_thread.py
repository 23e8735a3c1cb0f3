"""What a thread has called is called in the reactor's, in order, and by few calls of Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from threading import Thread, get_ident
from types import FrameType

import pytest
from twisted.internet.epollreactor import EPollReactor
from twisted.python.failure import Failure

from huddle.server.operation.call_from_thread import CallFromThread
from tests.patience import PATIENCE


@pytest.fixture
def reactor() -> Iterator[EPollReactor]:
    made = EPollReactor()
    yield made
    for reader in made.removeAll():
        if isinstance(reader, CallFromThread):
            os.close(reader.fileno())


@pytest.fixture
def call_from_thread(reactor: EPollReactor) -> CallFromThread:
    return CallFromThread(reactor)


def test_what_threads_have_called_is_called_in_the_reactors_in_order(
    reactor: EPollReactor, call_from_thread: CallFromThread
) -> None:
    heard: list[tuple[int, int]] = []

    def call() -> None:
        for number in range(1000):
            call_from_thread(lambda number: heard.append((number, get_ident())), number)

    thread = Thread(target=call)
    thread.start()
    while len(heard) < 1000:
        reactor.doIteration(PATIENCE)
    thread.join(PATIENCE)
    assert heard == [(number, get_ident()) for number in range(1000)]


def test_what_goes_wrong_is_logged_and_holds_up_nothing(
    reactor: EPollReactor, call_from_thread: CallFromThread, logged_failures: list[Failure]
) -> None:
    heard: list[str] = []
    call_from_thread(lambda: 1 / 0)
    call_from_thread(heard.append, "behind it")
    reactor.doIteration(PATIENCE)
    assert heard == ["behind it"]
    assert [each.type for each in logged_failures] == [ZeroDivisionError]
    logged_failures.clear()


def test_who_calls_meanwhile_is_heard_when_the_reactor_has_seen_to_the_others(
    reactor: EPollReactor, call_from_thread: CallFromThread
) -> None:
    heard: list[str] = []
    call_from_thread(lambda: call_from_thread(heard.append, "again"))
    reactor.doIteration(PATIENCE)
    assert not heard
    reactor.doIteration(PATIENCE)
    assert heard == ["again"]


def test_it_takes_two_calls_of_python(call_from_thread: CallFromThread) -> None:
    calls: list[str] = []

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.append(frame.f_code.co_name)

    sys.setprofile(count)
    try:
        call_from_thread(len, "called")
        call_from_thread.doRead()
    finally:
        sys.setprofile(None)
    assert calls == ["__call__", "doRead"]
