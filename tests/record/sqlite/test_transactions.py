"""When the disk fails: who is told what, and when it is known."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.protocol.events import Block, Draft, Kind
from huddle.record import AuditEntry, RecordFailure, SessionRow
from huddle.record.files import Lock
from huddle.record.sqlite import maintenance, opening, writer_thread
from huddle.record.sqlite.maintenance import Urgency
from huddle.record.sqlite.numbering import Counters
from huddle.record.sqlite.outcomes import BEGIN, Results, roll_back
from huddle.record.sqlite.tables import counters
from huddle.record.sqlite.transactions import Transactions
from huddle.record.sqlite.writes import Append, Save, Write, rehearse, write_each, write_together
from tests.patience import PATIENCE
from tests.record.awaited_record import AwaitedRecord, Pump, draft, sqlite_record
from tests.record.faulty_connections import Faults

IOERR = sqlite3.SQLITE_IOERR_FSYNC

FRAME = 24 + 4096
"""Bytes of a page in the log."""


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


def test_a_commit_that_failed_kept_nothing(awaited: AwaitedRecord, faults: Faults) -> None:
    awaited.say("before")
    faults.fail("COMMIT", IOERR)
    assert refused(awaited, awaited.record.append([draft("lost", id=1)], 2000))
    assert awaited.record.extent("huddle").newest == 1
    assert awaited.answer(awaited.record.find(1, 1)) is None


def test_the_numbers_of_a_failed_batch_are_used_again(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    awaited.say("before")
    faults.fail("COMMIT", IOERR)
    assert refused(awaited, awaited.record.append([draft("lost"), draft("lost", room="new")], 2000))
    assert [said.seq for said in awaited.append(draft("x"), draft("y", room="new"))] == [2, 1]


def test_what_cannot_be_kept_fails_alone(awaited: AwaitedRecord, faults: Faults) -> None:
    """Three batches and a row in one transaction; one batch is no valid Unicode."""
    hold = faults.hold("COMMIT")
    waiting: list[Deferred[Any]] = [awaited.record.append([draft("first")], 1)]
    hold.reached()
    waiting.append(awaited.record.append([draft("a"), draft("new", room="new")], 2))
    waiting.append(awaited.record.append([draft("fine"), draft("\ud800")], 3))
    waiting.append(awaited.record.append([draft("b"), draft("old", room="new")], 4))
    waiting.append(awaited.record.save(SessionRow(1, "ana", key=b"k")))
    hold.let_go()
    failures: list[Failure] = []
    waiting[2].addErrback(failures.append)
    for each in waiting:
        awaited.answer(each)
    assert failures[0].check(UnicodeEncodeError)
    assert awaited.read() == ["first", "a", "b"]
    assert awaited.read(room="new") == ["new", "old"]
    assert awaited.answer(awaited.record.session_by_key(b"k")) == SessionRow(1, "ana", key=b"k")


def test_an_act_that_is_written_again_without_what_failed_keeps_its_number(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    acts = [AuditEntry(number, "ops", "kick", "ana", "bob") for number in (1, 2)]
    hold = faults.hold("COMMIT")
    awaited.record.append([draft("first")], 1)
    hold.reached()
    awaited.record.save(acts[0])
    failing = awaited.record.append([draft("\ud800")], 2)
    behind = awaited.record.save(SessionRow(1, "ana"))
    hold.let_go()
    with pytest.raises(UnicodeEncodeError):
        awaited.answer(failing)
    awaited.answer(behind)
    awaited.answer(awaited.record.save(acts[1]))
    assert awaited.answer(awaited.record.audit(9)) == acts


def test_an_id_that_was_used_before_is_no_fault_of_the_disk(
    awaited: AwaitedRecord, reports: list[str]
) -> None:
    awaited.append(draft("a", id=1))
    with pytest.raises(sqlite3.IntegrityError):
        awaited.append(draft("b", id=2), draft("c", id=1))
    assert awaited.append(draft("d", id=2))[0].seq == 2
    assert reports == []


@pytest.mark.parametrize("statement", ["RELEASE", "INSERT INTO rooms"])
def test_a_disk_that_fails_between_savepoints_refuses_all(
    awaited: AwaitedRecord, faults: Faults, statement: str
) -> None:
    hold = faults.hold("COMMIT")
    awaited.record.append([draft("first")], 1)
    hold.reached()
    waiting: list[Deferred[Any]] = [
        awaited.record.append([draft("\ud800")], 2),
        awaited.record.append([draft("b", room="new")], 3),
    ]
    faults.fail(statement, IOERR)
    hold.let_go()
    assert all(refused(awaited, each) for each in waiting)
    assert awaited.say("after")[0].seq == 2
    assert awaited.append(draft("b", room="new"))[0].seq == 1


def test_all_that_waits_is_committed_together(awaited: AwaitedRecord, faults: Faults) -> None:
    hold = faults.hold("COMMIT")
    waiting: list[Deferred[Any]] = [awaited.record.append([draft("first")], 1)]
    hold.reached()
    commits = faults.seen.count("COMMIT")
    waiting += [awaited.record.append([draft(str(number))], 2) for number in range(20)]
    waiting += [awaited.record.save(SessionRow(number, "ana")) for number in range(1, 500)]
    hold.let_go()
    awaited.answer(waiting[-1])
    assert all(each.called for each in waiting)
    assert faults.seen.count("COMMIT") == commits + 1
    assert len(awaited.read()) == 21


def test_a_batch_takes_few_statements(awaited: AwaitedRecord, faults: Faults) -> None:
    awaited.say("a")
    before = len(faults.seen)
    awaited.append(*(draft("x", id=id, session=id % 7) for id in range(1, 257)))
    assert len(faults.seen) - before <= 8


def test_a_line_alone_is_one_statement_and_one_page(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        writer_thread, "IDLE_SECONDS", PATIENCE
    )  # so nothing else is written meanwhile
    awaited.say("the first makes its room")
    log = tmp_path / "huddle.db-wal"
    for _ in range(10):
        statements, size = len(faults.seen), log.stat().st_size
        awaited.say("another")
        assert faults.seen[statements] == "BEGIN IMMEDIATE"
        assert faults.seen[statements + 1].startswith("INSERT INTO messages")
        assert faults.seen[statements + 2 :] == ["COMMIT"]
        assert log.stat().st_size - size == FRAME


def test_a_block_begins_with_the_line_that_is_kept_whatever_was_tried_before(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    def line(block: Block) -> Draft:
        return Draft("huddle", 1, "ana", Kind.SAY, "a", block=block, in_block=True)

    block: Block = {}
    awaited.say("before")
    faults.fail("COMMIT", sqlite3.SQLITE_FULL)
    assert refused(awaited, awaited.record.append([line(block), line(block)], 2000))
    assert not block
    faults.fail("COMMIT", IOERR, done=True)
    awaited.say("somebody else's, as it turns out")
    assert [each.block for each in awaited.append(line(block), line(block))] == [3, 3]
    assert [each.block for each in awaited.append(line(block))] == [3]
    assert block == {"huddle": 3}


def test_what_is_tried_to_see_whether_it_could_be_kept_begins_no_block(tmp_path: Path) -> None:
    block: Block = {}
    awaited = sqlite_record(tmp_path)
    awaited.close()
    connection = opening.Database(str(tmp_path / "huddle.db")).writer()
    refused = Append([Draft("huddle", 1, "ana", Kind.SAY, "a", block=block, in_block=True)], 2000)
    rehearse(connection, counters(connection), [refused])
    connection.close()
    assert not block


def test_what_is_written_one_by_one_is_counted_as_if_it_were_together(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.close()
    connection = opening.Database(str(tmp_path / "huddle.db")).writer()
    writes: list[Write[Any]] = [
        Save([SessionRow(1, "ana"), SessionRow(2, "bob")]),
        Append([draft("hola", 1)], 1000),
        Save([SessionRow(3, "carla")]),
        Append([draft("¡adiós!", 2), draft("yes")], 1000),
    ]
    counted = []
    for write in (write_together, write_each):
        connection.execute(BEGIN)
        written = write(connection, counters(connection), writes)
        roll_back(connection)
        counted.append((written.ids, written.size))
    connection.close()
    assert counted[0] == counted[1] == (2, len("hola¡adiós!yes"))


def test_a_line_of_a_block_alone_is_one_page_as_well(
    awaited: AwaitedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", PATIENCE)
    block: Block = {}
    log = tmp_path / "huddle.db-wal"

    def pages(*, known: bool = True) -> int:
        size = log.stat().st_size
        awaited.append(Draft("huddle", 1, "ana", Kind.SAY, "a", block=block, in_block=known))
        return (log.stat().st_size - size) // FRAME

    awaited.say("the first makes its room")
    assert [pages(known=False), *(pages() for _ in range(9))] == [1] * 10
    awaited.say("somebody else")
    assert [pages() for _ in range(3)] == [2, 1, 1]  # the first is in the index


def test_the_thread_takes_few_calls_for_a_line_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", PATIENCE)

    def calls_for(lines: int, folder: Path) -> int:
        calls: Counter[str] = Counter()

        def count(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                calls[frame.f_code.co_qualname] += 1

        folder.mkdir()
        threading.setprofile(count)
        awaited = sqlite_record(folder, seconds=lambda: 0.0)
        threading.setprofile(None)
        for _ in range(lines):
            awaited.say("a line")
        awaited.close()
        return calls.total()

    calls_for(1, tmp_path / "what is done once")
    few = calls_for(10, tmp_path / "ten")
    assert calls_for(30, tmp_path / "thirty") - few <= 20 * 49


def test_a_commit_of_one_message_takes_few_calls(tmp_path: Path) -> None:
    path = str(tmp_path / "huddle.db")
    lock = Lock(path, lambda: 0.0)
    database = opening.Database(path, lock=lock)
    told: list[Results] = []
    lines = Transactions(
        database, opening.open_database(database, "an epoch"), told.append, lambda *_: None
    )
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code.co_qualname] += 1

    for _ in range(3):
        calls.clear()
        line = Append([draft("a line")], 1000)
        sys.setprofile(count)
        lines.write([line])
        sys.setprofile(None)
    lines.close()
    lock.release()
    assert [answer.waiting.called for each in told for answer in each.answers] == [False] * 3
    assert calls.total() <= 32, calls.most_common()  # three of them look at the files
    order = [*calls]  # everybody waits for what comes behind the commit
    assert order.index("Written.results") < order.index("commit")


def test_what_the_log_took_along_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a log that was carried over another connection has read what was committed last."""
    path = tmp_path / "huddle.db"
    database = opening.Database(str(path), lock=Lock(str(path)))
    assert database.lock is not None
    lines = Transactions(
        database, opening.open_database(database, "an epoch"), lambda _: None, lambda *_: None
    )
    monkeypatch.setattr(maintenance, "IDS_LATEST", 2)
    lines.write([Append([draft("first", id=1)], 1000)])
    path.with_name("huddle.db-wal").unlink()
    lines.write([Append([draft("second", id=2)], 1000)])
    work = lines.maintenance
    assert work is not None
    urgencies = [work.urgency]
    lines.write([Append([draft("third", id=3)], 1000)])
    urgencies.append(work.urgency)
    assert [each is Urgency.NOW for each in urgencies] == [False, True]
    lines.close()
    database.lock.release()


def test_the_reactor_goes_on_before_the_thread_does_what_concerns_it_alone(
    awaited: AwaitedRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    accept = Counters.accept

    def accepted(counters: Counters, *rows: Any) -> None:
        order.append("the rest")
        accept(counters, *rows)

    tell = Pump.__call__

    def told(pump: Pump, *call: Any) -> None:
        order.append("told")
        tell(pump, *call)

    monkeypatch.setattr(Pump, "__call__", told)
    monkeypatch.setattr("os.sched_yield", lambda: order.append("the processor is given up"))
    monkeypatch.setattr(Counters, "accept", accepted)
    awaited.say("a line")
    awaited.close()
    assert order[:3] == ["told", "the processor is given up", "the rest"]


def test_after_the_end_everything_is_refused(awaited: AwaitedRecord) -> None:
    awaited.say("a")
    awaited.close()
    assert refused(awaited, awaited.record.append([draft("b")], 2000))
    assert refused(awaited, awaited.record.save(SessionRow(1, "ana")))
    assert refused(awaited, awaited.record.read("huddle", 1, 1))
    assert refused(awaited, awaited.record.search("huddle", "a", 1))
    assert refused(awaited, awaited.record.forget(None, 1, 1))
