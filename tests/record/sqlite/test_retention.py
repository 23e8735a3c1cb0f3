"""Deleting what is kept no longer: its words go along, and those who speak pass."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from huddle.record import RecordFailure, SessionRow
from huddle.record.retention import HOUR
from huddle.record.sqlite import maintenance, retention
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


def test_forgetting_takes_the_words_along(awaited: AwaitedRecord, other: Statement) -> None:
    awaited.say(*(f"word {number} 日本" for number in range(1000)), time=NOW)
    assert awaited.search("word 1") == ["word 1 日本"]
    awaited.say("not indexed yet", time=NOW)
    assert awaited.answer(awaited.record.forget(None, 100, NOW)) == 901
    assert awaited.search("word 1") == []
    assert awaited.search("word 950 日") == ["word 950 日本"]
    assert index_is_right(other)


def test_forgetting_what_is_not_indexed_yet(
    awaited: AwaitedRecord, faults: Faults, other: Statement
) -> None:
    hold = faults.hold("COMMIT")
    appended = awaited.record.append([draft("word")] * 700, NOW)
    hold.reached()
    forgotten = awaited.record.forget(None, 1, NOW)
    hold.let_go()
    awaited.answer(appended)
    assert awaited.answer(forgotten) == 699
    assert awaited.search("word") == ["word"]
    assert index_is_right(other)


def test_forgetting_lets_those_who_speak_pass(
    awaited: AwaitedRecord, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 10)
    awaited.say(*("word" for _ in range(1000)), time=NOW)
    step = faults.hold("DELETE FROM messages")
    forgotten = awaited.record.forget(None, 1, NOW)
    step.reached()
    appended = awaited.record.append([draft("between")], NOW)
    step.let_go()
    awaited.answer(appended)
    assert not forgotten.called
    assert 1 < awaited.record.extent("huddle").oldest < 1000
    assert awaited.answer(forgotten) == 1000


def test_of_long_texts_few_are_forgotten_in_one_step(
    awaited: AwaitedRecord, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who speaks meanwhile waits for half a second. The log is carried over in between."""
    random = Random(1)
    for _ in range(101):
        words = ("".join(random.choices("abcdefghij", k=5)) for _ in range(600))
        awaited.say(" ".join(words), time=NOW)
    assert awaited.search("nothing") == []
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 256)
    faults.seen.clear()
    assert awaited.answer(awaited.record.forget(None, 1, NOW)) == 100
    assert len([sql for sql in faults.seen if sql.startswith("DELETE FROM messages")]) == 12
    assert "PRAGMA wal_checkpoint(PASSIVE)" in faults.seen


def test_so_it_is_in_the_inbox_of_a_session_that_is_forgotten(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    awaited.answer(awaited.record.save(SessionRow(1, "ana", here=False)))
    awaited.say(*["x " * 2000] * 20, room="@1", time=NOW)
    faults.seen.clear()
    assert awaited.answer(awaited.record.forget_sessions(NOW, 0)) == 1
    deleted = [sql for sql in faults.seen if sql.startswith("DELETE FROM messages")]
    assert len(deleted) == 3
    assert awaited.record.extent("@1").newest == 0


def test_forgetting_looks_at_every_room(awaited: AwaitedRecord) -> None:
    awaited.append(*(draft("a", room=f"@{number}") for number in range(300)), time=NOW)
    awaited.append(*(draft("b", room=f"@{number}") for number in range(300)), time=NOW)
    assert awaited.answer(awaited.record.forget(HOUR, 1, NOW)) == 300
    assert awaited.read(room="@77") == ["b"]


def test_forgetting_fails_with_the_disk(awaited: AwaitedRecord, faults: Faults) -> None:
    awaited.say("a", "b")
    faults.fail("DELETE FROM messages", sqlite3.SQLITE_IOERR)
    with pytest.raises(RecordFailure):
        awaited.answer(awaited.record.forget(None, 1, NOW))
    assert awaited.read() == ["a", "b"]
    awaited.say("c")
    assert awaited.answer(awaited.record.forget(None, 1, NOW)) == 2


def test_forgetting_and_searching_without_a_connection_are_answered(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    awaited.say("a word")
    assert awaited.search("word") == ["a word"]
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR)
    faults.fail("connect rw", sqlite3.SQLITE_CANTOPEN, times=10**4)
    appended = awaited.record.append([draft("b")], 1)
    with pytest.raises(RecordFailure):
        awaited.answer(awaited.record.forget(None, 1, NOW))
    assert awaited.search("word") == ["a word"]
    faults.forgive()
    with pytest.raises(RecordFailure):
        awaited.answer(appended)


def test_what_comes_late_for_an_inbox_that_is_gone_is_there_after_a_restart(
    awaited: AwaitedRecord, tmp_path: Path
) -> None:
    awaited.append(draft("psst", room="@1"))
    awaited.answer(awaited.record.save(SessionRow(1, "ana", here=False)))
    assert awaited.answer(awaited.record.forget_sessions(1, 0)) == 1
    assert [said.seq for said in awaited.append(draft("late", room="@1"))] == [1]
    awaited.close()
    again = sqlite_record(tmp_path)
    assert (again.read(room="@1"), set(again.record.rooms())) == (["late"], {"@1"})
    again.close()
