"""A running server without a machine: no thread, no port and no file of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

import pytest
from twisted.internet.defer import Deferred, succeed
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import LogEvent, capturedLogs, formatEvent
from typing_extensions import override

from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord
from huddle.server.options import Options
from huddle.server.service import HuddleService


class ForgettingRecord(MemoryRecord):
    """A record that answers `forget` as the test says, and notes what it is asked."""

    def __init__(self) -> None:
        super().__init__(Limits(), "epoch")
        self.asked: list[tuple[int | None, int | None]] = []
        self.answer: Callable[[], Deferred[int]] = lambda: succeed(0)

    @override
    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        self.asked.append((keep_ms, keep_messages))
        return self.answer()


class Machine(MemoryReactorClock):
    """A machine on which nothing is real, not even its threads."""

    def callFromThread(self, call: Callable[..., object], *arguments: object) -> None:  # noqa: N802
        self.callLater(0, call, *arguments)


class House:
    """A server over such a record, and the reactor that it runs in; it listens nowhere."""

    def __init__(self, *typed: str, language: str = "en") -> None:
        options = Options()
        options.parseOptions(["--lang", language, "--history", "none", *typed])
        self.reactor = Machine()
        self.record = ForgettingRecord()
        self.service = HuddleService(options, (), self.reactor)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def interval() -> Iterator[None]:
    """What a server sets for the whole process is set back."""
    kept = sys.getswitchinterval()
    yield
    sys.setswitchinterval(kept)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[House], House]:
    """Starts the server of a house."""

    def running(house: House) -> House:
        monkeypatch.setattr("huddle.server.service.MemoryRecord", lambda *_: house.record)
        house.service.privilegedStartService()
        house.service.startService()
        return house

    return running


@pytest.fixture
def logged() -> Iterator[Sequence[LogEvent]]:
    """What the log says."""
    with capturedLogs() as events:
        yield events


def lines(logged: Sequence[LogEvent]) -> list[str | None]:
    return [formatEvent(event) for event in logged]


Run = Callable[[House], House]
