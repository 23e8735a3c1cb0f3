"""What the writer does when there is time, and when it cannot wait."""

from __future__ import annotations

import _sqlite3
import ctypes
import fcntl
import itertools
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen

import pytest

from huddle.protocol.events import Draft
from huddle.protocol.limits import KIB
from huddle.record import SessionRow
from huddle.record.retention import HOUR, ClockJumped
from huddle.record.sqlite import maintenance, writer_thread
from huddle.record.sqlite.opening import READ_CACHE
from huddle.record.sqlite.retention import STEP_SIZE
from tests.patience import PATIENCE
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record
from tests.record.faulty_connections import Faults

NOW = 1_800_000_000_000
Statement = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def reports() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def awaited(
    tmp_path: Path, faults: Faults, reports: list[tuple[str, str]]
) -> Iterator[AwaitedRecord]:
    awaited = sqlite_record(
        tmp_path,
        connect=faults.connect,
        report=lambda code, detail: reports.append((code, detail)),
    )
    yield awaited
    awaited.close()


@pytest.fixture
def other(tmp_path: Path, awaited: AwaitedRecord) -> Iterator[Statement]:
    """Another process' look into the database."""
    connection = sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)
    yield lambda sql, *values: connection.execute(sql, values).fetchall()
    connection.close()


def index_is_right(other: Statement) -> bool:
    """Whether the full-text index has exactly the words of the messages; SQLite raises if not."""
    other("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    return True


def test_the_index_is_filled_when_nobody_speaks(
    awaited: AwaitedRecord, faults: Faults, other: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "LATER_SECONDS", 60)
    step = faults.hold("UPDATE rooms SET indexed")
    awaited.say("a word", *["another"] * maintenance.STEP)
    step.reached()
    step.let_go()
    assert awaited.search("word") == ["a word"]
    assert other("SELECT newest, indexed FROM rooms") == [(257, 257)]
    assert index_is_right(other)


def indexings(faults: Faults) -> int:
    return len([sql for sql in faults.seen if sql.startswith("UPDATE rooms SET indexed")])


def test_a_few_that_are_said_now_and_then_are_indexed_together(
    awaited: AwaitedRecord, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", 0)
    monkeypatch.setattr(writer_thread, "LATER_SECONDS", 60)
    for _ in range(20):
        awaited.say("a word")
    assert indexings(faults) == 0
    assert len(awaited.search("word")) == 20
    assert indexings(faults) == 1


def test_a_few_are_indexed_when_nothing_was_said_for_longer(
    awaited: AwaitedRecord, faults: Faults, other: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "LATER_SECONDS", 0.001)
    step = faults.hold("UPDATE rooms SET indexed")
    awaited.say("a word")
    step.reached()
    step.let_go()
    assert awaited.search("word") == ["a word"]
    assert other("SELECT newest, indexed FROM rooms") == [(1, 1)]


def test_the_index_does_not_lag_without_end_while_people_go_on_speaking(
    awaited: AwaitedRecord, other: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "INDEX_LATEST", 100)
    waiting = [awaited.record.append([draft("word")] * 50, 1) for _ in range(40)]
    for each in waiting:
        awaited.answer(each)
    awaited.say("word")
    [(indexed,)] = other("SELECT indexed FROM rooms")
    assert isinstance(indexed, int)
    assert 2001 - indexed <= 2000


@pytest.mark.parametrize(("letters", "steps"), [(4000, 8), (20, 1)])
def test_long_texts_are_indexed_few_at_a_time_since_a_commit_may_wait_for_them(
    awaited: AwaitedRecord, faults: Faults, other: Statement, letters: int, steps: int
) -> None:
    awaited.say(*[f"{number:03} " + "x" * letters for number in range(64)])
    assert len(awaited.search("063")) == 1
    assert indexings(faults) == steps
    assert index_is_right(other)


def test_a_text_that_is_longer_than_a_step_is_indexed_alone(
    awaited: AwaitedRecord, other: Statement
) -> None:
    longer = "y" * (STEP_SIZE + 1)
    awaited.say("a word", longer, "another word")
    assert len(awaited.search("word")) == 2
    assert other("SELECT newest, indexed FROM rooms") == [(3, 3)]


def test_the_next_commit_after_maintenance_waits_for_the_disk_again(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    awaited.say("a word")
    assert awaited.search("word") == ["a word"]
    hold = faults.hold("COMMIT")
    appended = awaited.record.append([draft("b")], 1)
    hold.reached()
    writer = faults.connections[0]
    assert writer.execute("PRAGMA synchronous").fetchone() == (2,)
    hold.let_go()
    awaited.answer(appended)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
def test_an_index_that_cannot_be_written_keeps_nobody_from_searching_or_speaking(
    awaited: AwaitedRecord, faults: Faults, code: int
) -> None:
    awaited.say("first word")
    assert awaited.search("word") == ["first word"]
    faults.fail("INSERT INTO words", code)
    awaited.say("second word")
    awaited.search("word")
    awaited.say("third word")
    assert awaited.search("word") == ["first word", "second word", "third word"]


def test_behind_a_commit_that_worked_again_the_index_is_filled_again(
    awaited: AwaitedRecord, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.fail("INSERT INTO words", sqlite3.SQLITE_FULL)
    awaited.say("first word")
    awaited.search("word")
    monkeypatch.setattr(writer_thread, "LATER_SECONDS", 0)
    step = faults.hold("UPDATE rooms SET indexed")
    awaited.say("second word")
    step.reached()
    step.let_go()
    assert awaited.search("word") == ["first word", "second word"]


def test_a_doubted_clock_is_remembered_over_a_restart(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say("a", time=NOW)
    later = NOW + 1000 * HOUR
    with pytest.raises(ClockJumped):
        awaited.answer(awaited.record.forget(HOUR, None, later))
    awaited.close()
    awaited = sqlite_record(tmp_path)
    with pytest.raises(ClockJumped):
        awaited.answer(awaited.record.forget(HOUR, None, later + HOUR - 1))
    assert awaited.answer(awaited.record.forget(HOUR, None, later + HOUR)) == 1
    awaited.close()


SAYINGS = [
    *((1, 64, 350), (1, 2000, 200), (1, 8000, 100)),
    *((64, 64, 70), (64, 2000, 10), (64, 8000, 5)),
]
"""How many at once, of how many bytes, and how often: more than 1 MiB of the log."""


def log_size(folder: Path) -> int:
    return (folder / "huddle.db-wal").stat().st_size


def test_the_log_is_written_over_and_does_not_grow(awaited: AwaitedRecord, tmp_path: Path) -> None:
    for _ in range(40):
        awaited.append(*[draft("x" * 4000)] * 200)
    assert log_size(tmp_path) < 16 * 2**20


@pytest.mark.parametrize(("at_once", "length", "times"), SAYINGS)
@pytest.mark.parametrize("speakers", [0, 1, 50], ids="speakers with ids: {}".format)
def test_the_log_is_carried_over_as_soon_as_it_has_so_many_pages(
    awaited: AwaitedRecord,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    speakers: int,
    at_once: int,
    length: int,
    times: int,
) -> None:
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 256)
    for pause in ("IDLE_SECONDS", "LATER_SECONDS"):  # a slow machine is silent now and then
        monkeypatch.setattr(writer_thread, pause, PATIENCE)
    ids = itertools.count(1)

    def said() -> Draft:
        id = next(ids) if speakers else 0
        return draft("x" * length, id, 1 + id % max(speakers, 1))

    for _ in range(times):
        awaited.append(*(said() for _ in range(at_once)))
    assert 2**20 <= log_size(tmp_path) < 1.1 * 2**20 + 1.3 * at_once * length


@pytest.mark.parametrize(("letter", "size"), [("é", 2), ("漢", 3 + 4), ("😀", 4)])
@pytest.mark.parametrize(("at_once", "length", "times"), [(1, 4000, 80), (20, 1000, 30)])
def test_so_it_is_where_the_letters_are_others(
    awaited: AwaitedRecord,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    letter: str,
    size: int,
    at_once: int,
    length: int,
    times: int,
) -> None:
    """The index has the signs of some with spaces between them, and so the message has it twice."""
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 256)
    for pause in ("IDLE_SECONDS", "LATER_SECONDS"):  # a slow machine is silent now and then
        monkeypatch.setattr(writer_thread, pause, PATIENCE)
    for _ in range(times * 8 // size):
        awaited.append(*[draft(letter * length)] * at_once)
    assert 2**20 <= log_size(tmp_path) < 1.1 * 2**20 + 1.3 * at_once * length * size


@pytest.mark.parametrize("letters", ["abcdefghij", "日月火水木金土一二三"])
def test_the_log_is_carried_over_between_steps_of_indexing_long_texts(
    awaited: AwaitedRecord,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    letters: str,
) -> None:
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 256)
    for pause in ("IDLE_SECONDS", "LATER_SECONDS"):
        monkeypatch.setattr(writer_thread, pause, PATIENCE)
    random = Random(1)
    for _ in range(200):
        words = ("".join(random.choices(letters, k=5)) for _ in range(600))
        awaited.say(" ".join(words))
    awaited.say("carried over")
    assert awaited.search("carried") == ["carried over"]
    assert log_size(tmp_path) < 1.6 * 2**20


@pytest.mark.parametrize("at_once", [1, 3, 64])
def test_the_log_of_many_who_come_and_go_is_carried_over_as_soon(
    awaited: AwaitedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 256)
    for pause in ("IDLE_SECONDS", "LATER_SECONDS"):  # a slow machine is silent now and then
        monkeypatch.setattr(writer_thread, pause, PATIENCE)
    random = Random(1)
    rows = [SessionRow(n, f"n{n}", key=random.randbytes(32)) for n in range(1, 961)]
    for here in (True, False):
        for first in range(0, len(rows), at_once):
            kept = [replace(row, here=here) for row in rows[first : first + at_once]]
            awaited.answer(awaited.record.save(*kept))
        random.shuffle(rows)
    assert 2**20 <= log_size(tmp_path) < 1.1 * 2**20 + 16_000 * at_once


def test_a_log_that_cannot_be_carried_over_is_not_tried_with_each_message(
    awaited: AwaitedRecord, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each attempt the database is opened anew, and all of the log read."""
    for pause in ("IDLE_SECONDS", "LATER_SECONDS"):  # a slow machine is silent now and then
        monkeypatch.setattr(writer_thread, pause, PATIENCE)
    awaited.say(*["x" * 4000] * 100)
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 100)
    tried = "PRAGMA wal_checkpoint(PASSIVE)"
    faults.fail(tried, sqlite3.SQLITE_IOERR, times=10**4)
    for _ in range(20):
        awaited.say("x")
    assert faults.seen.count(tried) == 1


def test_a_log_that_grows_because_somebody_reads_is_reported_once(
    awaited: AwaitedRecord,
    other: Statement,
    tmp_path: Path,
    reports: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maintenance, "LOG_LARGE", 2**20)
    awaited.say("a")
    other("BEGIN")
    other("SELECT * FROM rooms")
    for _ in range(20):
        awaited.append(*[draft("x" * 4000)] * 125)
    awaited.search("nothing")
    assert [code for code, _ in reports] == ["log-large"]
    assert int(reports[0][1]) >= 2**20
    other("ROLLBACK")


@pytest.fixture
def lock_of_another(tmp_path: Path, awaited: AwaitedRecord) -> Iterator[None]:
    """Another program carries the log over, and does not come to an end. It was faster than the
    server, when SQLite gave the lock up behind a checkpoint."""
    program = (sys.executable, "-c", NEVER_ENDING, str(tmp_path / "huddle.db-shm"))
    awaited.say("a")
    with open(tmp_path / "huddle.db-shm", "r+b") as index:
        fcntl.lockf(index, fcntl.LOCK_UN, 1, 121)
        with Popen(program, stdin=PIPE, stdout=PIPE, text=True) as other:
            assert other.stdout
            assert other.stdout.readline() == "has the lock\n"
            yield
            other.communicate("enough")
        awaited.close()  # what is closed here takes the locks of SQLite's along


NEVER_ENDING = """
import fcntl, sys
index = open(sys.argv[1], "r+b")
fcntl.lockf(index, fcntl.LOCK_EX, 1, 121)
print("has the lock", flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("lock_of_another")
@pytest.mark.parametrize("erased", [False, True])
def test_a_log_that_grows_because_another_carries_it_over_for_ever_is_reported_once(
    awaited: AwaitedRecord,
    reports: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    erased: bool,
) -> None:
    monkeypatch.setattr(maintenance, "LOG_LARGE", 2**20)
    if erased:  # then the log is to be cut, which is tried whenever nothing is said
        monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 1 << 30)
        awaited.answer(awaited.record.erase("huddle", 1))
    for _ in range(20):
        awaited.append(*[draft("x" * 4000)] * 125)
    awaited.search("nothing")
    while not reports:
        awaited.pump.turn()
    assert [code for code, _ in reports] == ["log-large"]
    assert int(reports[0][1]) >= 2**20


def memory_used() -> int:
    """Bytes that SQLite has of this process's memory, all connections together."""
    used = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used
    used.restype = ctypes.c_int64
    return int(used())


def test_what_was_written_is_not_kept_in_memory(awaited: AwaitedRecord, faults: Faults) -> None:
    shrinking = faults.hold("PRAGMA shrink_memory")
    awaited.append(*[draft("x" * 4000)] * 400)
    shrinking.reached()
    before = memory_used()
    shrinking.let_go()
    awaited.say("a")
    assert before - memory_used() > 2**20


def test_what_was_read_is_not_kept_in_memory(awaited: AwaitedRecord) -> None:
    awaited.append(*[draft("x" * 4000)] * 2000)
    awaited.search("nothing")
    before = memory_used()
    for _ in range(10):
        reading = [awaited.record.read("huddle", at, at + 99) for at in range(1, 2000, 100)]
        assert [len(awaited.answer(each)) for each in reading] == [100] * 20
    assert memory_used() - before < 3 * KIB * READ_CACHE


def test_the_index_lost_with_a_crash_is_made_up_for(tmp_path: Path, faults: Faults) -> None:
    """It may lag when the server ends: the rest is indexed by the next one."""
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    hold = faults.hold("COMMIT")
    appended = awaited.record.append([draft("a word")], 1)
    hold.reached()
    closed = awaited.record.close()
    hold.let_go()
    awaited.answer(appended)
    awaited.answer(closed)
    awaited = sqlite_record(tmp_path)
    assert awaited.search("word") == ["a word"]
    awaited.close()
