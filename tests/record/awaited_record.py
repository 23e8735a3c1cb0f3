"""A record each of whose answers is waited for, without a reactor."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.protocol.events import Draft, Kind, Said
from huddle.protocol.limits import Limits
from huddle.record import Record
from huddle.record.memory import MemoryRecord
from huddle.record.sqlite import SqliteRecord
from tests.patience import PATIENCE

T = TypeVar("T")

ROOMY = Limits(ring_messages=100_000, ring_bytes=1 << 30)


class Pump:
    """Stands in for the reactor: what the threads hand over is called in the test's thread."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]]] = SimpleQueue()

    def __call__(self, function: Callable[..., object], *arguments: Any) -> None:
        """`reactor.callFromThread`."""
        self._calls.put((function, arguments))

    def turn(self) -> None:
        """Wait for the next call and carry it out."""
        function, arguments = self._calls.get(timeout=PATIENCE)
        function(*arguments)

    def answer(self, waiting: Deferred[T]) -> T:
        """What the Deferred fires with; raises what it fails with."""
        results: list[T | Failure] = []
        waiting.addBoth(results.append)
        while not results:
            self.turn()
        if isinstance(results[0], Failure):
            results[0].raiseException()
        return results[0]


class AwaitedRecord:
    """A record with short ways to say something to it."""

    def __init__(self, record: Record, pump: Pump) -> None:
        self.record = record
        self.pump = pump
        self.answer = pump.answer
        self._clock = itertools.count(1000)

    def say(self, *texts: str, time: int | None = None, room: str = "huddle") -> Sequence[Said]:
        """Append these in one batch, without ids."""
        return self.append(*(draft(text, room=room) for text in texts), time=time)

    def append(self, *drafts: Draft, time: int | None = None) -> Sequence[Said]:
        time = next(self._clock) if time is None else time
        return self.answer(self.record.append(drafts, time))

    def read(self, first: int = 1, last: int = 10**9, room: str = "huddle") -> list[str]:
        """The texts from ``first`` to ``last``."""
        return [said.text for said in self.answer(self.record.read(room, first, last))]

    def search(self, query: str, limit: int = 100, before: int | None = None) -> list[str]:
        """The texts that are found."""
        return texts(self.answer(self.record.search("huddle", query, limit, before)))

    def close(self) -> None:
        self.answer(self.record.close())


def draft(text: str, id: int = 0, session: int = 1, room: str = "huddle") -> Draft:
    return Draft(room, session, "ana", Kind.SAY, text, id)


def numbered(seq: int, text: str, time: int = 0, session: int = 1, room: str = "huddle") -> Said:
    """The same with the number that it has in the nodes' log."""
    return Said(room, seq, time, session, "ana", Kind.SAY, text)


def has_all_ids(database: sqlite3.Connection) -> bool:
    """Whether each message that has an id is found by it, in one place, and nothing else is."""
    said = "SELECT session, id, place FROM messages WHERE id > 0 ORDER BY place"
    ids = "SELECT * FROM ids UNION ALL SELECT * FROM new_ids ORDER BY place"
    return database.execute(ids).fetchall() == database.execute(said).fetchall()


def texts(messages: Sequence[Said]) -> list[str]:
    return [said.text for said in messages]


def memory_record() -> AwaitedRecord:
    return AwaitedRecord(MemoryRecord(ROOMY, "an epoch"), Pump())


def sqlite_record(folder: Path, epoch: str = "an epoch", **options: Any) -> AwaitedRecord:
    """A new or an old database in this folder."""
    pump = Pump()
    report = options.pop("report", lambda *_: None)
    record = SqliteRecord.open(str(folder / "huddle.db"), epoch, pump, report, **options)
    return AwaitedRecord(record, pump)
