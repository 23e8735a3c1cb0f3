"""Who has something to read has their turn by few calls of Python, and the log tells who it was."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.task import Clock
from twisted.python import log
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

from huddle.server.operation.polling import poll_by_few_calls
from tests.patience import PATIENCE


@implementer(IReadDescriptor)
class Reader:
    """Has something to read, and does what it is told with it."""

    def __init__(self, name: str, heard: list[str]) -> None:
        self._name = name
        self._heard = heard
        self._socket, self._peer = socket.socketpair()
        self.comes()
        self.also: Callable[[], object] = self.says_nothing

    @override
    def __repr__(self) -> str:
        return f"<{self._name}>"

    def comes(self) -> None:
        """There is something to read."""
        self._peer.send(b"x")

    def says_nothing(self) -> None:
        """What else it does in its turn."""

    def fileno(self) -> int:
        return self._socket.fileno()

    def logPrefix(self) -> str:  # noqa: N802
        return self._name

    def doRead(self) -> None:  # noqa: N802
        self._heard.append(self._name)
        self._socket.recv(1)
        self.also()

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        self.close()
        raise RuntimeError("it does not end well")

    def close(self) -> None:
        self._socket.close()
        self._peer.close()


@pytest.fixture
def reactor() -> Iterator[EPollReactor]:
    made = EPollReactor()
    poll_by_few_calls(made)
    yield made
    for reader in made.removeAll():
        if isinstance(reader, Reader):
            reader.close()


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def logged() -> Iterator[list[log.EventDict]]:
    events: list[log.EventDict] = []
    log.addObserver(events.append)
    yield events
    log.removeObserver(events.append)


def a_reader(reactor: EPollReactor, name: str, heard: list[str]) -> Reader:
    reader = Reader(name, heard)
    reactor.addReader(reader)
    return reader


def test_all_who_have_something_to_read_have_their_turn(
    reactor: EPollReactor, heard: list[str]
) -> None:
    for name in ("ana", "bob"):
        a_reader(reactor, name, heard)
    reactor.doIteration(PATIENCE)
    assert sorted(heard) == ["ana", "bob"]
    reactor.doIteration(0)
    assert len(heard) == 2


def test_what_goes_wrong_in_one_turn_is_logged_and_ends_no_other(
    reactor: EPollReactor, heard: list[str], logged: list[log.EventDict]
) -> None:
    """Neither what one does that is read, nor how it ends then."""
    for name in ("ana", "bob"):
        a_reader(reactor, name, heard).also = lambda: 1 / 0
    reactor.doIteration(PATIENCE)
    assert sorted(heard) == ["ana", "bob"]
    wrong = [(str(each["system"]), each["failure"].type) for each in logged]
    assert wrong == [
        (f"<{name}>", error) for name in heard for error in (ZeroDivisionError, RuntimeError)
    ]


def test_who_is_gone_by_then_has_no_turn(reactor: EPollReactor, heard: list[str]) -> None:
    ana, bob = (a_reader(reactor, name, heard) for name in ("ana", "bob"))
    ana.also = lambda: reactor.removeReader(bob)
    bob.also = lambda: reactor.removeReader(ana)
    reactor.doIteration(PATIENCE)
    assert len(heard) == 1
    (ana if heard == ["bob"] else bob).close()


def test_the_log_tells_whose_turn_it_was(
    reactor: EPollReactor, heard: list[str], logged: list[log.EventDict]
) -> None:
    a_reader(reactor, "ana", heard).also = lambda: log.msg("hello")
    reactor.doIteration(PATIENCE)
    log.msg("hello")
    assert [str(each["system"]) for each in logged] == ["<ana>", "-"]


def test_a_turn_takes_few_calls_of_python(reactor: EPollReactor, heard: list[str]) -> None:
    calls: list[str] = []

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.append(frame.f_code.co_name)

    for name in ("ana", "bob"):
        a_reader(reactor, name, heard)
    sys.setprofile(count)
    reactor.doIteration(PATIENCE)
    sys.setprofile(None)
    assert calls == ["turns", "turn", *["doRead", "says_nothing"] * 2, "idle_for"]


def test_what_comes_while_nothing_is_due_is_read_by_few_calls(
    reactor: EPollReactor, heard: list[str]
) -> None:
    """Twisted's own loop takes nine between one reader's turn and the next."""
    calls: list[str] = []

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.append(frame.f_code.co_name)

    def hears_more() -> None:
        ana.comes()
        if len(heard) == 5:
            sys.setprofile(count)
        elif len(heard) == 7:
            sys.setprofile(None)
            reactor.stop()

    reactor.callLater(PATIENCE, reactor.stop)
    ana = a_reader(reactor, "ana", heard)
    ana.also = hears_more
    reactor.run(installSignalHandlers=False)
    assert calls == ["idle_for", "turn", "doRead", "hears_more", "comes"] * 2


@pytest.mark.parametrize(
    "asks",
    [
        lambda reactor, call: reactor.callLater(0, call),
        lambda reactor, call: reactor.callFromThread(call),
        lambda reactor, call: reactor.getDelayedCalls()[0].reset(0),
        lambda reactor, call: call(),
    ],
    ids=["soon", "from-another-thread", "sooner-than-it-was", "in-the-turn-itself"],
)
def test_what_is_to_be_done_since_then_is_done_before_more_is_waited_for(
    reactor: EPollReactor, heard: list[str], asks: Callable[[EPollReactor, object], object]
) -> None:
    done: list[str] = []

    def stop() -> None:
        done.append("stopped")
        reactor.stop()

    def hears_twice() -> None:
        if len(heard) == 1:
            ana.comes()
        else:
            asks(reactor, stop)

    reactor.callLater(PATIENCE, stop)
    late = reactor.callLater(2 * PATIENCE, done.append, "too late")
    ana = a_reader(reactor, "ana", heard)
    ana.also = hears_twice
    reactor.run(installSignalHandlers=False)
    assert (heard, done) == (["ana", "ana"], ["stopped"])
    assert late.active()


def test_another_reactor_is_left_as_it_is() -> None:
    clock = Clock()
    before = vars(clock).copy()
    poll_by_few_calls(clock)  # type: ignore[arg-type]
    assert vars(clock) == before
