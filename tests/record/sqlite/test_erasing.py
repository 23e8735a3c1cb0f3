"""An erased text is gone from the files too, also when the disk fails, and nobody is told wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from huddle.protocol.events import Kind, Said
from huddle.record import AuditEntry, Mark, MarkKind, RecordFailure
from huddle.record.sqlite import opening, writer_thread
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record
from tests.record.faulty_connections import Faults

SECRET = "xyloglyph quandary"
SCRUBBED = "UPDATE record SET erased = 2"


@pytest.fixture
def awaited(
    tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwaitedRecord]:
    monkeypatch.setattr(writer_thread, "RETRY_SECONDS", (0.001, 0.01))
    monkeypatch.setattr(writer_thread, "LATER_SECONDS", 0.01)
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    awaited = sqlite_record(tmp_path, connect=faults.connect, report=lambda code, detail: None)
    yield awaited
    awaited.close()


def left_of(secret: str, folder: Path) -> list[str]:
    """The files of the database in which a word of it still stands."""
    words = [word.encode() for word in secret.split()]
    return [
        file.name
        for file in folder.glob("huddle.db*")
        if any(word in file.read_bytes() for word in words)
    ]


def erase(awaited: AwaitedRecord, seq: int = 1) -> None:
    said = awaited.answer(awaited.record.erase("huddle", seq))
    assert said is not None and said.kind is Kind.DELETED


@pytest.mark.parametrize("indexed", [True, False])
def test_nothing_of_the_text_is_left_in_any_file(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path, indexed: bool
) -> None:
    awaited.say(*(f"something else {number}" for number in range(500)))
    [said] = awaited.say(SECRET)
    if indexed:
        assert awaited.search(SECRET) == [SECRET]
        awaited.say(*(f"and more of it {number}" for number in range(500)))
    assert left_of(SECRET, tmp_path)
    scrubbed = faults.hold(SCRUBBED)
    erase(awaited, said.seq)
    scrubbed.reached()
    assert left_of(SECRET, tmp_path) == []
    scrubbed.let_go()
    assert len(awaited.search("something", limit=1000)) == 500


def test_the_index_still_has_exactly_the_words_of_the_messages(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path
) -> None:
    awaited.say(*(f"word {number}" for number in range(600)))
    assert awaited.search("word 7") == ["word 7"]
    scrubbed = faults.hold(SCRUBBED)
    for seq in (1, 8, 600):
        erase(awaited, seq)
    awaited.say("word 8 again")
    scrubbed.reached()
    scrubbed.let_go()
    assert awaited.search("word 8") == ["word 8", "word 8 again"]
    assert awaited.search("word 7") == []
    awaited.close()
    other = sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)
    other.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    other.close()


def test_what_a_crash_leaves_is_scrubbed_by_the_next_server(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path
) -> None:
    awaited.say(SECRET, "more")
    assert awaited.search(SECRET) == [SECRET]
    scrub = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    erase(awaited)
    scrub.reached()
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("huddle.db", "huddle.db-wal"):
        (crashed / name).write_bytes((tmp_path / name).read_bytes())
    scrub.let_go()
    assert left_of(SECRET, crashed)
    others = Faults()
    scrubbed = others.hold(SCRUBBED)
    next_one = sqlite_record(crashed, connect=others.connect)
    scrubbed.reached()
    assert left_of(SECRET, crashed) == []
    scrubbed.let_go()
    assert next_one.read() == ["", "more"]
    next_one.close()


def test_somebody_who_reads_is_waited_for(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path
) -> None:
    """Meanwhile all else goes on."""
    awaited.say(SECRET)
    other = sqlite3.connect(tmp_path / "huddle.db")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM rooms").fetchall()
    again = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    erase(awaited)
    again.reached()
    again.let_go()
    again = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    again.reached()
    again.let_go()
    assert awaited.say("more")[0].seq == 2
    scrubbed = faults.hold(SCRUBBED)
    other.close()
    scrubbed.reached()
    assert left_of(SECRET, tmp_path) == []
    scrubbed.let_go()


def test_what_is_erased_while_the_index_is_merged_goes_too(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path
) -> None:
    awaited.say("first thing", SECRET)
    assert awaited.search(SECRET) == [SECRET]
    merging = faults.hold("INSERT INTO words (words, rank) VALUES ('merge'")
    erase(awaited, 1)
    merging.reached()
    erased = awaited.record.erase("huddle", 2)
    scrubbed = faults.hold(SCRUBBED)
    merging.let_go()
    awaited.answer(erased)
    scrubbed.reached()
    assert left_of(SECRET, tmp_path) == []
    scrubbed.let_go()


def test_the_slack_of_full_pages_is_gone_when_the_record_is_opened_again(
    awaited: AwaitedRecord, faults: Faults, tmp_path: Path
) -> None:
    """50 rooms grow side by side, so that pages are split again and again."""
    choice = Random(2)
    said: list[Said] = []
    for batch in range(40):
        texts = [
            f"tok{batch:03}x{number:02}zq {'x' * choice.choice([0, 5, 50, 300, 2000])}"
            for number in range(50)
        ]
        said += awaited.append(*(draft(text, room=f"r{choice.randrange(50)}") for text in texts))
    scrubbed = faults.hold(SCRUBBED)
    erasures = [awaited.record.erase(each.room, each.seq) for each in said]
    assert all(awaited.answer(erased) for erased in erasures)
    scrubbed.reached()
    scrubbed.let_go()
    awaited.say("the last")
    awaited.close()
    sqlite_record(tmp_path).close()
    files = b"".join(file.read_bytes() for file in tmp_path.glob("huddle.db*"))
    assert [each.text for each in said if each.text.split()[0].encode() in files] == []
    awaited = sqlite_record(tmp_path)
    assert awaited.search("last") == ["the last"]
    awaited.close()


def test_a_record_whose_slack_cannot_be_removed_is_opened_all_the_same(
    tmp_path: Path, faults: Faults
) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say("a")
    erase(awaited)
    awaited.close()
    faults.fail("VACUUM", sqlite3.SQLITE_FULL)
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    assert awaited.read() == [""]
    awaited.close()


# -- when the disk fails -------------------------------------------------------------------------


def refused(awaited: AwaitedRecord, waiting: Deferred[Any]) -> bool:
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    return True


@pytest.mark.parametrize("statement", ["BEGIN", "UPDATE messages", "COMMIT"])
def test_an_erasure_that_the_disk_refuses_changes_nothing(
    awaited: AwaitedRecord, faults: Faults, statement: str
) -> None:
    awaited.say(SECRET)
    assert awaited.search(SECRET) == [SECRET]
    faults.fail(statement, sqlite3.SQLITE_FULL)
    assert refused(awaited, awaited.record.erase("huddle", 1))
    assert awaited.read() == [SECRET]
    assert awaited.search(SECRET) == [SECRET]
    erase(awaited)
    assert awaited.read() == [""]


@pytest.mark.parametrize("done", [True, False])
def test_an_erasure_whose_outcome_is_unknown_is_done_again(
    awaited: AwaitedRecord, faults: Faults, done: bool
) -> None:
    awaited.say(SECRET)
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, done=done)
    erase(awaited)
    assert awaited.read() == [""]
    assert awaited.search(SECRET) == []


@pytest.mark.parametrize("done", [True, False])
def test_an_erasure_shares_the_fate_of_what_was_said_with_it(
    awaited: AwaitedRecord, faults: Faults, done: bool
) -> None:
    awaited.say(SECRET)
    hold = faults.hold("COMMIT")
    waiting: list[Deferred[Any]] = [awaited.record.append([draft("first")], 1)]
    hold.reached()
    waiting += [awaited.record.append([draft("b")], 2), awaited.record.erase("huddle", 1)]
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, done=done)
    hold.let_go()
    awaited.answer(waiting[0])
    if done:
        assert [awaited.answer(each) is not None for each in waiting[1:]] == [True, True]
        assert awaited.read() == ["", "first", "b"]
    else:
        assert all(refused(awaited, each) for each in waiting[1:])
        assert awaited.read() == [SECRET, "first"]


def test_an_erasure_beside_something_that_cannot_be_kept_is_done(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    awaited.say(SECRET)
    hold = faults.hold("COMMIT")
    awaited.record.append([draft("first")], 1)
    hold.reached()
    bad = awaited.record.append([draft("\ud800")], 2)
    erased = awaited.record.erase("huddle", 1)
    hold.let_go()
    with pytest.raises(UnicodeEncodeError):
        awaited.answer(bad)
    assert awaited.answer(erased) is not None
    assert awaited.read() == ["", "first"]


@pytest.mark.parametrize("done", [True, False])
def test_an_act_whose_outcome_is_unknown_is_kept_once_or_refused(
    awaited: AwaitedRecord, faults: Faults, done: bool
) -> None:
    act = AuditEntry(1, "ops", "kick", "ana", "bob")
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, done=done)
    saved = awaited.record.save(Mark("ops", MarkKind.MUTE, "session:1"), act)
    if done:
        awaited.answer(saved)
    else:
        assert refused(awaited, saved)
    assert awaited.answer(awaited.record.audit(9)) == [act] * done


def test_after_the_end_nothing_is_erased(awaited: AwaitedRecord) -> None:
    awaited.say("a")
    awaited.close()
    assert refused(awaited, awaited.record.erase("huddle", 1))
    assert refused(awaited, awaited.record.forget_sessions(1, 1))
    assert refused(awaited, awaited.record.audit(1))
