"""Those who read: few files, a connection of their own, and no harm to each other."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.record import RecordFailure
from huddle.record.sqlite import opening, reader, tables
from huddle.record.sqlite.outcomes import Results
from huddle.record.sqlite.reader import Readers
from tests.patience import PATIENCE
from tests.record.awaited_record import AwaitedRecord, sqlite_record, texts
from tests.record.faulty_connections import Faults

IOERR = sqlite3.SQLITE_IOERR_FSYNC


@pytest.fixture
def awaited(
    tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwaitedRecord]:
    """A record whose disk can be made to fail."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    yield awaited
    awaited.close()


def test_those_who_read_need_no_more_files_than_are_open_from_the_start(tmp_path: Path) -> None:
    """Where few may be open, a crowd that comes in takes all that are left."""

    def files() -> list[str]:
        there = [Path("/proc/self/fd", each) for each in os.listdir("/proc/self/fd")]
        return sorted(os.readlink(each) for each in there if each.is_symlink())

    awaited = sqlite_record(tmp_path)
    at_first = files()
    awaited.say("a")
    for _ in range(8):
        assert awaited.read() == awaited.search("a") == ["a"]
    assert files() == at_first
    awaited.close()


def test_a_reader_that_fails_is_replaced(awaited: AwaitedRecord, faults: Faults) -> None:
    awaited.say("a")
    faults.fail("SELECT json_group_array", IOERR)
    with pytest.raises(RecordFailure):
        awaited.answer(awaited.record.read("huddle", 1, 1))
    assert awaited.read() == ["a"]


def test_what_is_asked_while_they_are_stopped_waits_and_has_a_new_connection(
    awaited: AwaitedRecord, tmp_path: Path, faults: Faults
) -> None:
    awaited.say("a")
    database = opening.Database(str(tmp_path / "huddle.db"), connect=faults.connect)
    told: SimpleQueue[Results] = SimpleQueue()
    readers = Readers(database, 1, told.put, lambda _: None)
    before = faults.connections[-1]
    with readers.stopped():
        readers.ask(tables.find, 1, 1)
        with pytest.raises(sqlite3.ProgrammingError):
            before.execute("SELECT 1")
        assert told.empty()
    [answer] = told.get(timeout=PATIENCE).answers
    assert answer.result is None
    assert faults.connections[-1] is not before
    readers.close()
    readers.join()


def test_an_answer_that_begins_when_it_was_to_be_broken_off_is_broken_off_too(
    awaited: AwaitedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite knows nothing of an interruption that comes before a statement."""
    monkeypatch.setattr(reader, "ENDS_SECONDS", 0.01)
    told: SimpleQueue[Results] = SimpleQueue()
    interrupted, asked = Event(), Event()

    class Connection(sqlite3.Connection):
        @override
        def interrupt(self) -> None:
            super().interrupt()
            interrupted.set()

    def endless(connection: sqlite3.Connection) -> None:
        asked.set()
        assert interrupted.wait(PATIENCE)
        connection.execute(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT sum(n) FROM n"
        )

    database = opening.Database(
        str(tmp_path / "huddle.db"), connect=lambda uri: opening.connect(uri, Connection)
    )
    readers = Readers(database, 1, told.put, lambda _: None)
    readers.ask(endless)
    assert asked.wait(PATIENCE)
    with reader.all_stopped([readers]):
        [answer] = told.get(timeout=PATIENCE).answers
    assert isinstance(answer.result, Failure)
    assert str(answer.result.value) == "interrupted"
    answer.waiting.addErrback(lambda _: None)
    readers.close()
    readers.join()


def test_searches_hold_up_nobody_who_reads(awaited: AwaitedRecord, faults: Faults) -> None:
    awaited.say("a")
    assert awaited.search("a") == ["a"]
    holds = [faults.hold("SELECT json_array") for _ in range(2)]
    searches = [awaited.record.search("huddle", "a", 1) for _ in holds]
    awaited.answer(awaited.record.forget(None, 9, 1))  # by then they are asked
    holds[0].reached()
    assert awaited.answer(awaited.record.since("huddle", 0)) == 1
    assert awaited.answer(awaited.record.find(1, 1)) is None
    for hold in holds:
        hold.let_go()
    assert [texts(awaited.answer(search)) for search in searches] == [["a"], ["a"]]


def test_a_question_that_is_wrong_in_itself_fails_alone(awaited: AwaitedRecord) -> None:
    with pytest.raises(OverflowError):
        awaited.answer(awaited.record.find(1, 1 << 70))
    assert awaited.answer(awaited.record.find(1, 1)) is None
