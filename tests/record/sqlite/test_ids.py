"""What was said under an id is found by it, in whichever of two tables the id stands by then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from huddle.protocol.events import Draft, Kind, Said
from huddle.record import SessionRow
from huddle.record.sqlite import maintenance, schema, tables, writer_thread
from huddle.record.sqlite.numbering import Batch, Counters
from tests.patience import PATIENCE
from tests.record.awaited_record import AwaitedRecord, draft, has_all_ids, sqlite_record
from tests.record.faulty_connections import Faults

FRAME = 24 + 4096
"""Bytes of a page in the log."""

COUNT = 6
PROGRAMS = 50
LINES = 64

Where = Callable[[], tuple[int, int]]


@pytest.fixture
def awaited(tmp_path: Path, faults: Faults, reports: list[str]) -> Iterator[AwaitedRecord]:
    awaited = sqlite_record(
        tmp_path, connect=faults.connect, report=lambda code, _: reports.append(code)
    )
    yield awaited
    awaited.close()


@pytest.fixture
def where(tmp_path: Path) -> Where:
    """How many ids are in the index, and how many are still to come there; none elsewhere."""

    def look() -> tuple[int, int]:
        with closing(sqlite3.connect(tmp_path / "huddle.db")) as database:
            database.execute("BEGIN")  # what is looked at is of one moment
            assert has_all_ids(database)
            [(merged,)] = database.execute("SELECT count(*) FROM ids")
            return merged, tables.new_ids(database)

    return look


def merge(awaited: AwaitedRecord, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Have ids put into the index, until there are fewer than that beside it."""
    monkeypatch.setattr(maintenance, "IDS", at_once)
    awaited.search("anything")  # which waits for that, too


def found(awaited: AwaitedRecord) -> list[int]:
    """The seqs of what is found under the ids 1 to COUNT; two sessions have them in turns."""
    asked = (awaited.record.find(id % 2 + 1, id) for id in range(1, COUNT + 1))
    return [said.seq for said in map(awaited.answer, asked) if said]


def is_refused(awaited: AwaitedRecord, *drafts: Draft) -> bool:
    with pytest.raises(sqlite3.IntegrityError):
        awaited.append(*drafts)
    return True


def lines(first: int, last: int) -> list[Draft]:
    return [draft(f"line {id}", id=id, session=id % 2 + 1) for id in range(first, last + 1)]


def test_it_is_found_just_said_half_put_into_the_index_all_of_it_and_after_a_restart(
    tmp_path: Path, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.append(draft("no id"), *lines(1, COUNT))
    for at_once, there in ((1024, (0, 6)), (4, (4, 2)), (2, (6, 0))):
        merge(awaited, monkeypatch, at_once)
        assert where() == there
        assert found(awaited) == [2, 3, 4, 5, 6, 7]
        assert is_refused(awaited, *lines(1, 1)) and is_refused(awaited, *lines(6, 6))
        awaited.close()
        awaited = sqlite_record(tmp_path)
        assert where() == there
        assert found(awaited) == [2, 3, 4, 5, 6, 7]
        assert is_refused(awaited, *lines(1, 1)) and is_refused(awaited, *lines(6, 6))
    awaited.close()


@pytest.mark.parametrize("at_once", [1024, 4, 2])
def test_it_goes_with_its_message_wherever_it_is(
    awaited: AwaitedRecord, where: Where, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    awaited.append(*lines(1, COUNT))
    merge(awaited, monkeypatch, at_once)
    before = where()
    assert awaited.answer(awaited.record.forget(None, 1, 0)) == COUNT - 1
    assert found(awaited) == [COUNT]
    assert sum(where()) == 1 and where()[1] <= before[1]
    awaited.append(*lines(COUNT + 1, COUNT + 2))
    assert awaited.answer(awaited.record.forget(None, 2, 0)) == 1
    assert found(awaited) == [] and sum(where()) == 2


def test_one_of_what_was_erased_finds_what_stands_there_now(awaited: AwaitedRecord) -> None:
    awaited.append(*lines(1, COUNT))
    awaited.answer(awaited.record.erase("huddle", 3))
    assert awaited.answer(awaited.record.find(2, 3)) == Said(
        "huddle", 3, 1000, 2, "ana", Kind.DELETED, ""
    )


def test_in_a_record_of_an_older_version_all_are_found(tmp_path: Path, where: Where) -> None:
    with closing(sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)) as old:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schema, "VERSIONS", schema.VERSIONS[:8])
            schema.migrate(old, "an old epoch")
        old.execute("INSERT INTO rooms VALUES (1, 'huddle', 1, 0, 0, 0)")
        old.execute("INSERT INTO sessions (number, last_id) VALUES (1, 6), (2, 5)")
        old.executemany(
            "INSERT INTO messages (place, time, session, id, nick, kind, text)"
            " VALUES ((1 << 39) + ?, 5, ?, ?, 'ana', 'say', 'text')",
            [(id, id % 2 + 1, id) for id in range(1, COUNT + 1)] + [(COUNT + 1, 1, 0)],
        )
    awaited = sqlite_record(tmp_path)
    assert where() == (6, 0)
    assert found(awaited) == [1, 2, 3, 4, 5, 6]
    assert is_refused(awaited, *lines(6, 6))
    awaited.append(*lines(7, 8))
    assert where() == (6, 2)
    awaited.close()


def test_one_that_is_given_twice_at_once_is_refused(awaited: AwaitedRecord) -> None:
    assert is_refused(awaited, draft("a", id=1), draft("b", id=1))
    assert is_refused(awaited, draft("a", id=2), draft("b", id=3), draft("c", id=2))
    assert awaited.read() == [] and found(awaited) == []


def test_one_that_is_not_above_the_last_is_taken_where_no_message_has_it(
    awaited: AwaitedRecord, where: Where
) -> None:
    """As where an older version took a batch back: what counts stays the highest."""
    key = SessionRow(1, "ana", key=b"k")
    awaited.answer(awaited.record.save(key))
    awaited.append(draft("a", id=7), draft("b", id=5))
    awaited.append(draft("c", id=6))
    row = awaited.answer(awaited.record.session_by_key(b"k"))
    assert row is not None and row.last_id == 7
    assert where() == (0, 3) and is_refused(awaited, draft("d", id=6))


def log_pages(folder: Path) -> int:
    return (folder / "huddle.db-wal").stat().st_size // FRAME


def test_lines_of_many_programs_are_few_pages_of_the_log(
    awaited: AwaitedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has many ids by then, so that its place in the index is a page of its own."""
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", PATIENCE)
    monkeypatch.setattr(maintenance, "CHECKPOINT", 1 << 30)  # or the log is begun again
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 1 << 30)
    text = "a line of some length, as people write them, or programs"
    rounds = (
        [draft(text, id=id, session=session) for session in range(1, PROGRAMS + 1)]
        for id in range(1, 250)
    )
    said = [line for each in rounds for line in each]
    awaited.append(*said[: 200 * PROGRAMS])
    merge(awaited, monkeypatch, 1)
    monkeypatch.setattr(maintenance, "IDS", 1 << 30)
    for start in range(200 * PROGRAMS, 200 * PROGRAMS + 16 * LINES, LINES):
        before = log_pages(tmp_path)
        awaited.append(*said[start : start + LINES])
        assert 0 < log_pages(tmp_path) - before <= 10


def test_many_at_once_are_put_into_the_index_by_few_pages(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute("PRAGMA synchronous = off")
    schema.migrate(database, "an epoch")
    counters = Counters()
    for id in range(1, 401):
        batch = Batch(counters)
        batch.add([draft("text", id=id, session=one) for one in range(1, PROGRAMS + 1)], 1000)
        tables.write_batch(database, batch)
        counters.accept(batch.rooms.values())
        if id % 20 == 0:
            before = log_pages(tmp_path)
            tables.merge_ids(database, 1000)
            assert tables.new_ids(database) == 0 and has_all_ids(database)
    assert log_pages(tmp_path) - before <= 2 * PROGRAMS
    database.close()


def test_there_are_never_many_beside_the_index(
    awaited: AwaitedRecord, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that whoever asks for one waits for no more than these to be looked through."""
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", PATIENCE)
    monkeypatch.setattr(maintenance, "IDS", 10)
    monkeypatch.setattr(maintenance, "IDS_LATEST", 100)
    for first in range(1, 1000, 50):
        awaited.append(*lines(first, first + 49))
        merged, beside = where()
        assert merged + beside == first + 49 and beside <= 250
    assert found(awaited) == [1, 2, 3, 4, 5, 6]


def test_they_are_put_into_the_index_when_nobody_speaks(
    awaited: AwaitedRecord, faults: Faults, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without anybody who waits for that, or more of them than may be beside it."""
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", 0.001)
    monkeypatch.setattr(writer_thread, "LATER_SECONDS", 10 * PATIENCE)
    monkeypatch.setattr(maintenance, "IDS", COUNT)
    step = faults.hold("INSERT OR IGNORE INTO ids")
    awaited.append(*lines(1, COUNT - 1))
    awaited.append(*lines(COUNT, COUNT))
    step.reached()
    assert where() == (0, 6)
    step.let_go()
    awaited.search("line")
    assert where() == (6, 0) and found(awaited) == [1, 2, 3, 4, 5, 6]


def test_asking_for_one_looks_at_no_more_than_stand_beside_the_index(
    awaited: AwaitedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited.append(*lines(1, 5000))
    merge(awaited, monkeypatch, 100)
    with closing(sqlite3.connect(tmp_path / "huddle.db")) as database:
        steps: list[None] = []
        database.set_progress_handler(lambda: steps.append(None), 10)
        assert tables.find(database, 2, 1) and len(steps) < 50
        assert tables.find(database, 2, 30_001) is None
        assert len(steps) < 200  # of ten; some ten are gone through for each of those


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT_VTAB, sqlite3.SQLITE_IOERR])
def test_they_are_put_into_the_index_also_where_the_texts_cannot_be(
    awaited: AwaitedRecord,
    faults: Faults,
    where: Where,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
) -> None:
    awaited.append(*lines(1, COUNT))
    faults.fail("INSERT INTO words", code)
    awaited.search("line")
    monkeypatch.setattr(maintenance, "IDS", 4)
    monkeypatch.setattr(maintenance, "IDS_LATEST", 4)
    awaited.append(*lines(7, 8))
    awaited.search("line")
    assert where() == (8, 0)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_CORRUPT, ["damaged"]),
        (sqlite3.SQLITE_FULL, []),
        (sqlite3.SQLITE_IOERR, []),
    ],
)
def test_where_they_cannot_be_put_there_all_goes_on_and_it_is_tried_again(
    awaited: AwaitedRecord,
    faults: Faults,
    reports: list[str],
    where: Where,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    told: list[str],
) -> None:
    faults.fail("INSERT OR IGNORE INTO ids", code)
    awaited.append(*lines(1, COUNT))
    merge(awaited, monkeypatch, 2)
    assert where() == (0, 6) and found(awaited) == [1, 2, 3, 4, 5, 6]
    awaited.append(*lines(7, 8))
    awaited.search("line")
    assert where() == (8, 0) and found(awaited) == [1, 2, 3, 4, 5, 6]
    assert reports == told


def test_where_the_index_is_damaged_it_is_not_tried_with_each_line(
    awaited: AwaitedRecord, faults: Faults, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "IDS", COUNT)
    faults.fail("INSERT OR IGNORE INTO ids", sqlite3.SQLITE_CORRUPT, times=10)
    for id in range(1, 2 * COUNT + 1):
        awaited.append(*lines(id, id))
        awaited.search("line")
        tried = sum(sql.startswith("INSERT OR IGNORE INTO ids") for sql in faults.seen)
        assert tried == id // COUNT
    assert found(awaited) == [1, 2, 3, 4, 5, 6] and reports == ["damaged"]
