"""How a commit ends: unknown outcomes, broken connections, and who is told of trouble."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from huddle.record import AuditEntry, RecordFailure, SessionRow
from huddle.record.sqlite import opening, writer_thread
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record, texts
from tests.record.faulty_connections import Faults, error

IOERR = sqlite3.SQLITE_IOERR_FSYNC


FULL = sqlite3.SQLITE_FULL


@pytest.fixture
def awaited(
    tmp_path: Path, faults: Faults, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwaitedRecord]:
    """A record whose disk can be made to fail."""
    monkeypatch.setattr(writer_thread, "RETRY_SECONDS", (0.001, 0.01))
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    awaited = sqlite_record(
        tmp_path, connect=faults.connect, report=lambda code, _: reports.append(code)
    )
    yield awaited
    awaited.close()


def refused(awaited: AwaitedRecord, waiting: Deferred[Any]) -> bool:
    """Whether it fails because the record cannot take anything."""
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    return True


def test_a_commit_that_failed_but_was_carried_out_is_found_and_answered(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    faults.fail("COMMIT", IOERR, done=True)
    assert texts(awaited.say("a", "b")) == ["a", "b"]
    assert awaited.record.extent("huddle").newest == 2
    assert awaited.say("c")[0].seq == 3
    assert awaited.read() == ["a", "b", "c"]


@pytest.mark.parametrize("done", [True, False])
def test_nobody_is_answered_while_the_outcome_is_unknown(
    awaited: AwaitedRecord, faults: Faults, done: bool
) -> None:
    faults.fail("COMMIT", IOERR, done=done)
    faults.fail("connect rw", sqlite3.SQLITE_CANTOPEN, times=3)
    hold = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    appended = awaited.record.append([draft("a")], 2000)
    hold.reached()
    assert not appended.called
    hold.let_go()
    if done:
        assert texts(awaited.answer(appended)) == ["a"]
    else:
        assert refused(awaited, appended)


def test_what_is_said_while_the_outcome_is_unknown_is_refused_at_once(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    faults.fail("COMMIT", IOERR, done=True)
    hold = faults.hold("connect rw", sqlite3.SQLITE_CANTOPEN)
    faults.fail("connect rw", sqlite3.SQLITE_CANTOPEN, times=10**4)
    first = awaited.record.append([draft("a")], 2000)
    hold.reached()
    waiting: list[Deferred[Any]] = [awaited.record.append([draft("b")], 2001)]
    waiting.append(awaited.record.save(SessionRow(1, "ana")))
    hold.let_go()
    assert all(refused(awaited, each) for each in waiting)
    assert not first.called
    faults.forgive()
    assert texts(awaited.answer(first)) == ["a"]
    assert awaited.say("c")[0].seq == 2


def test_an_outcome_is_not_known_while_somebody_reads_what_may_come_back(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path
) -> None:
    """Their transaction keeps the log from being emptied, and a failed commit may be in it."""
    awaited.say("before")
    other = sqlite3.connect(tmp_path / "huddle.db")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM rooms").fetchall()
    faults.fail("COMMIT", IOERR)
    hold = faults.hold("connect rw")
    appended = awaited.record.append([draft("a")], 2000)
    hold.reached()
    other_append = awaited.record.append([draft("b")], 2001)
    hold.let_go()
    assert refused(awaited, other_append)
    assert not appended.called
    other.close()
    assert refused(awaited, appended)
    assert awaited.say("c")[0].seq == 2


@pytest.mark.parametrize("before", [[], [AuditEntry(1, "ops", "kick", "ana", "bob")]])
def test_a_row_whose_outcome_is_unknown_is_written_again(
    awaited: AwaitedRecord, faults: Faults, before: list[AuditEntry]
) -> None:
    """It has no number by which it could be seen whether it is there; nor has it that of an act."""
    awaited.answer(awaited.record.save(*before))
    faults.fail("COMMIT", IOERR)
    awaited.answer(awaited.record.save(SessionRow(1, "ana", key=b"k")))
    assert awaited.answer(awaited.record.session_by_key(b"k")) == SessionRow(1, "ana", key=b"k")


def test_a_row_that_cannot_be_written_again_either_is_refused(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    faults.fail("COMMIT", IOERR)
    faults.fail("INSERT INTO sessions", IOERR)
    assert refused(awaited, awaited.record.save(SessionRow(1, "ana", key=b"k")))


def test_an_unknown_outcome_ends_with_the_record(awaited: AwaitedRecord, faults: Faults) -> None:
    faults.fail("COMMIT", IOERR)
    faults.fail("connect rw", sqlite3.SQLITE_CANTOPEN, times=10**4)
    appended = awaited.record.append([draft("a")], 2000)
    awaited.close()
    assert refused(awaited, appended)


def test_a_record_out_of_reach_can_be_closed(awaited: AwaitedRecord, faults: Faults) -> None:
    faults.fail("INSERT INTO messages", IOERR)
    assert refused(awaited, awaited.record.append([draft("lost")], 2000))
    awaited.close()


@pytest.mark.parametrize("statement", ["BEGIN", "INSERT INTO messages", "COMMIT"])
def test_a_full_disk_refuses_and_is_asked_again_each_time(
    awaited: AwaitedRecord, faults: Faults, reports: list[str], statement: str
) -> None:
    awaited.say("before")
    connections = faults.seen.count("connect rw")
    faults.fail(statement, FULL, times=2)
    for _ in range(2):
        assert refused(awaited, awaited.record.append([draft("lost")], 2000))
    assert awaited.say("after")[0].seq == 2
    assert faults.seen.count("connect rw") == connections
    assert reports == ["failing", "recovered"]


@pytest.mark.parametrize("code", [IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_READONLY])
def test_a_broken_connection_is_replaced(awaited: AwaitedRecord, faults: Faults, code: int) -> None:
    awaited.say("before")
    faults.fail("INSERT INTO messages", code)
    faults.fail("connect rw", sqlite3.SQLITE_CANTOPEN)
    assert refused(awaited, awaited.record.append([draft("lost")], 2000))
    assert refused(awaited, awaited.record.append([draft("lost too")], 2000))
    assert awaited.say("after")[0].seq == 2
    assert awaited.read() == ["before", "after"]


def test_somebody_who_locks_the_database_is_waited_for_a_while(
    awaited: AwaitedRecord, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refused(awaited, awaited.record.append([draft("lost")], 2000))
    other.close()
    assert awaited.say("after")[0].seq == 1


@pytest.mark.parametrize(
    ("code", "reported"),
    [(IOERR, "failing"), (sqlite3.SQLITE_CORRUPT, "damaged-for-good")],
)
def test_what_an_unknown_outcome_came_from_is_told(
    tmp_path: Path, faults: Faults, code: int, reported: str
) -> None:
    reports: list[tuple[str, str]] = []
    awaited = sqlite_record(
        tmp_path, connect=faults.connect, report=lambda *told: reports.append(told)
    )
    faults.fail("COMMIT", code)
    assert refused(awaited, awaited.record.append([draft("lost")], 2000))
    awaited.close()
    told, detail = reports[0]
    assert told == reported
    assert str(error(code)) in detail


def test_trouble_and_its_end_are_reported_once(
    awaited: AwaitedRecord, faults: Faults, reports: list[str]
) -> None:
    faults.fail("COMMIT", IOERR)
    faults.fail("connect rw", sqlite3.SQLITE_CANTOPEN, times=2)
    assert refused(awaited, awaited.record.append([draft("lost")], 2000))
    awaited.say("after")
    awaited.say("more")
    assert reports == ["failing", "recovered"]
