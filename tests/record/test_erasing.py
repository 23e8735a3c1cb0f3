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
from huddle.record.sqlite import opening, writer
from tests.record.desk import Desk, draft, sqlite_desk
from tests.record.faults import Faults

SECRET = "xyloglyph quandary"
SCRUBBED = "UPDATE record SET erased = 2"


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def desk(tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(writer, "RETRY_SECONDS", (0.001, 0.01))
    monkeypatch.setattr(writer, "LATER_SECONDS", 0.01)
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    desk = sqlite_desk(tmp_path, connect=faults.connect, report=lambda code, detail: None)
    yield desk
    desk.close()


def left_of(secret: str, folder: Path) -> list[str]:
    """The files of the database in which a word of it still stands."""
    words = [word.encode() for word in secret.split()]
    return [
        file.name
        for file in folder.glob("huddle.db*")
        if any(word in file.read_bytes() for word in words)
    ]


def erase(desk: Desk, seq: int = 1) -> None:
    said = desk.answer(desk.record.erase("huddle", seq))
    assert said is not None and said.kind is Kind.DELETED


@pytest.mark.parametrize("indexed", [True, False])
def test_nothing_of_the_text_is_left_in_any_file(
    desk: Desk, faults: Faults, tmp_path: Path, indexed: bool
) -> None:
    desk.say(*(f"something else {number}" for number in range(500)))
    [said] = desk.say(SECRET)
    if indexed:
        assert desk.search(SECRET) == [SECRET]
        desk.say(*(f"and more of it {number}" for number in range(500)))
    assert left_of(SECRET, tmp_path)
    scrubbed = faults.hold(SCRUBBED)
    erase(desk, said.seq)
    scrubbed.reached()
    assert left_of(SECRET, tmp_path) == []
    scrubbed.let_go()
    assert len(desk.search("something", limit=1000)) == 500


def test_the_index_still_has_exactly_the_words_of_the_messages(
    desk: Desk, faults: Faults, tmp_path: Path
) -> None:
    desk.say(*(f"word {number}" for number in range(600)))
    assert desk.search("word 7") == ["word 7"]
    scrubbed = faults.hold(SCRUBBED)
    for seq in (1, 8, 600):
        erase(desk, seq)
    desk.say("word 8 again")
    scrubbed.reached()
    scrubbed.let_go()
    assert desk.search("word 8") == ["word 8", "word 8 again"]
    assert desk.search("word 7") == []
    desk.close()
    other = sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)
    other.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    other.close()


def test_what_a_crash_leaves_is_scrubbed_by_the_next_server(
    desk: Desk, faults: Faults, tmp_path: Path
) -> None:
    desk.say(SECRET, "more")
    assert desk.search(SECRET) == [SECRET]
    scrub = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    erase(desk)
    scrub.reached()
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("huddle.db", "huddle.db-wal"):
        (crashed / name).write_bytes((tmp_path / name).read_bytes())
    scrub.let_go()
    assert left_of(SECRET, crashed)
    others = Faults()
    scrubbed = others.hold(SCRUBBED)
    next_one = sqlite_desk(crashed, connect=others.connect)
    scrubbed.reached()
    assert left_of(SECRET, crashed) == []
    scrubbed.let_go()
    assert next_one.read() == ["", "more"]
    next_one.close()


def test_somebody_who_reads_is_waited_for(desk: Desk, faults: Faults, tmp_path: Path) -> None:
    """Meanwhile all else goes on."""
    desk.say(SECRET)
    other = sqlite3.connect(tmp_path / "huddle.db")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM rooms").fetchall()
    again = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    erase(desk)
    again.reached()
    again.let_go()
    again = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    again.reached()
    again.let_go()
    assert desk.say("more")[0].seq == 2
    scrubbed = faults.hold(SCRUBBED)
    other.close()
    scrubbed.reached()
    assert left_of(SECRET, tmp_path) == []
    scrubbed.let_go()


def test_what_is_erased_while_the_index_is_merged_goes_too(
    desk: Desk, faults: Faults, tmp_path: Path
) -> None:
    desk.say("first thing", SECRET)
    assert desk.search(SECRET) == [SECRET]
    merging = faults.hold("INSERT INTO words (words, rank) VALUES ('merge'")
    erase(desk, 1)
    merging.reached()
    erased = desk.record.erase("huddle", 2)
    scrubbed = faults.hold(SCRUBBED)
    merging.let_go()
    desk.answer(erased)
    scrubbed.reached()
    assert left_of(SECRET, tmp_path) == []
    scrubbed.let_go()


def test_the_slack_of_full_pages_is_gone_when_the_record_is_opened_again(
    desk: Desk, faults: Faults, tmp_path: Path
) -> None:
    """50 rooms grow side by side, so that pages are split again and again."""
    choice = Random(2)
    said: list[Said] = []
    for batch in range(40):
        texts = [
            f"tok{batch:03}x{number:02}zq {'x' * choice.choice([0, 5, 50, 300, 2000])}"
            for number in range(50)
        ]
        said += desk.append(*(draft(text, room=f"r{choice.randrange(50)}") for text in texts))
    scrubbed = faults.hold(SCRUBBED)
    erasures = [desk.record.erase(each.room, each.seq) for each in said]
    assert all(desk.answer(erased) for erased in erasures)
    scrubbed.reached()
    scrubbed.let_go()
    desk.say("the last")
    desk.close()
    sqlite_desk(tmp_path).close()
    files = b"".join(file.read_bytes() for file in tmp_path.glob("huddle.db*"))
    assert [each.text for each in said if each.text.split()[0].encode() in files] == []
    desk = sqlite_desk(tmp_path)
    assert desk.search("last") == ["the last"]
    desk.close()


def test_a_record_whose_slack_cannot_be_removed_is_opened_all_the_same(
    tmp_path: Path, faults: Faults
) -> None:
    desk = sqlite_desk(tmp_path)
    desk.say("a")
    erase(desk)
    desk.close()
    faults.fail("VACUUM", sqlite3.SQLITE_FULL)
    desk = sqlite_desk(tmp_path, connect=faults.connect)
    assert desk.read() == [""]
    desk.close()


# -- when the disk fails -------------------------------------------------------------------------


def refused(desk: Desk, waiting: Deferred[Any]) -> bool:
    with pytest.raises(RecordFailure):
        desk.answer(waiting)
    return True


@pytest.mark.parametrize("statement", ["BEGIN", "UPDATE messages", "COMMIT"])
def test_an_erasure_that_the_disk_refuses_changes_nothing(
    desk: Desk, faults: Faults, statement: str
) -> None:
    desk.say(SECRET)
    assert desk.search(SECRET) == [SECRET]
    faults.fail(statement, sqlite3.SQLITE_FULL)
    assert refused(desk, desk.record.erase("huddle", 1))
    assert desk.read() == [SECRET]
    assert desk.search(SECRET) == [SECRET]
    erase(desk)
    assert desk.read() == [""]


@pytest.mark.parametrize("done", [True, False])
def test_an_erasure_whose_outcome_is_unknown_is_done_again(
    desk: Desk, faults: Faults, done: bool
) -> None:
    desk.say(SECRET)
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, done=done)
    erase(desk)
    assert desk.read() == [""]
    assert desk.search(SECRET) == []


@pytest.mark.parametrize("done", [True, False])
def test_an_erasure_shares_the_fate_of_what_was_said_with_it(
    desk: Desk, faults: Faults, done: bool
) -> None:
    desk.say(SECRET)
    hold = faults.hold("COMMIT")
    waiting: list[Deferred[Any]] = [desk.record.append([draft("first")], 1)]
    hold.reached()
    waiting += [desk.record.append([draft("b")], 2), desk.record.erase("huddle", 1)]
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, done=done)
    hold.let_go()
    desk.answer(waiting[0])
    if done:
        assert [desk.answer(each) is not None for each in waiting[1:]] == [True, True]
        assert desk.read() == ["", "first", "b"]
    else:
        assert all(refused(desk, each) for each in waiting[1:])
        assert desk.read() == [SECRET, "first"]


def test_an_erasure_beside_something_that_cannot_be_kept_is_done(
    desk: Desk, faults: Faults
) -> None:
    desk.say(SECRET)
    hold = faults.hold("COMMIT")
    desk.record.append([draft("first")], 1)
    hold.reached()
    bad = desk.record.append([draft("\ud800")], 2)
    erased = desk.record.erase("huddle", 1)
    hold.let_go()
    with pytest.raises(UnicodeEncodeError):
        desk.answer(bad)
    assert desk.answer(erased) is not None
    assert desk.read() == ["", "first"]


@pytest.mark.parametrize("done", [True, False])
def test_an_act_whose_outcome_is_unknown_is_kept_once_or_refused(
    desk: Desk, faults: Faults, done: bool
) -> None:
    act = AuditEntry(1, "ops", "kick", "ana", "bob")
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC, done=done)
    saved = desk.record.save(Mark("ops", MarkKind.MUTE, "session:1"), act)
    if done:
        desk.answer(saved)
    else:
        assert refused(desk, saved)
    assert desk.answer(desk.record.audit(9)) == [act] * done


def test_after_the_end_nothing_is_erased(desk: Desk) -> None:
    desk.say("a")
    desk.close()
    assert refused(desk, desk.record.erase("huddle", 1))
    assert refused(desk, desk.record.forget_sessions(1, 1))
    assert refused(desk, desk.record.audit(1))
