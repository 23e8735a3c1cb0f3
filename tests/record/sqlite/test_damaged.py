"""A record with a damaged page: what can be read is read, and what cannot is told in the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from huddle.record import RecordFailure, RoomRow
from huddle.record.sqlite import opening, writer_thread
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record
from tests.record.faulty_connections import Faults

PAGE = 4096
COUNT = 600
DAMAGED = 300

Reports = list[tuple[str, str]]


def text(seq: int) -> str:
    return f"message {seq:04} {'of some length ' * 8}"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database that is too large to be looked through when it is opened, with COUNT messages."""
    monkeypatch.setattr(opening, "CHECKED", 0)
    monkeypatch.setattr(writer_thread, "IDLE_SECONDS", 0.001)
    awaited = sqlite_record(tmp_path)
    awaited.append(*(draft(text(seq), id=seq) for seq in range(1, COUNT + 1)), time=1000)
    awaited.search("message")  # when all is indexed
    awaited.close()
    return tmp_path / "huddle.db"


def damage(path: Path, found: bytes) -> None:
    """Overwrite the page in which this is."""
    data = bytearray(path.read_bytes())
    start = data.index(found) // PAGE * PAGE
    data[start : start + PAGE] = b"\xff" * PAGE
    path.write_bytes(data)


def replace(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, new))


@pytest.fixture
def reports() -> Reports:
    return []


@pytest.fixture
def damaged(path: Path, reports: Reports, faults: Faults) -> Iterator[AwaitedRecord]:
    """The same with a page of messages that makes no sense."""
    damage(path, text(DAMAGED).encode())
    awaited = sqlite_record(
        path.parent,
        connect=faults.connect,
        report=lambda code, detail: reports.append((code, detail)),
    )
    yield awaited
    awaited.close()


def seqs(awaited: AwaitedRecord, first: int, last: int) -> list[int]:
    return [said.seq for said in awaited.answer(awaited.record.read("huddle", first, last))]


def test_all_is_read_but_what_is_on_the_page(damaged: AwaitedRecord) -> None:
    read = seqs(damaged, 1, COUNT)
    lost = sorted(set(range(1, COUNT + 1)) - set(read))
    assert DAMAGED in lost
    assert lost == list(range(lost[0], lost[-1] + 1))
    assert len(lost) * len(text(1)) <= PAGE
    assert read == sorted(read)
    assert seqs(damaged, DAMAGED, DAMAGED) == []
    assert seqs(damaged, 1, 100) == list(range(1, 101))


def test_where_the_last_page_of_a_room_is_damaged_others_go_on(path: Path) -> None:
    awaited = sqlite_record(path.parent)
    awaited.say(*(text(seq) for seq in range(COUNT + 1, COUNT + 101)), room="other")
    awaited.close()
    damage(path, text(COUNT).encode())
    for more in (1, 2):
        awaited = sqlite_record(path.parent, report=lambda code, detail: None)
        assert awaited.record.extent("huddle").newest == COUNT
        assert awaited.say("elsewhere", room="other")[0].seq == 100 + more
        awaited.close()


def test_where_the_ids_are_damaged_people_go_on(path: Path, reports: Reports) -> None:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'new_ids'"
        (page,) = connection.execute(query).fetchone()
    data = bytearray(path.read_bytes())
    data[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    path.write_bytes(data)
    awaited = sqlite_record(path.parent, report=lambda code, detail: reports.append((code, detail)))
    assert awaited.say("a new one")[0].seq == COUNT + 1
    with pytest.raises(RecordFailure):
        awaited.append(draft("with an id", id=COUNT + 1))
    assert awaited.say("another")[0].seq == COUNT + 2
    assert reports[0][0] == "damaged-for-good"
    awaited.close()


def test_the_damage_is_told_once_for_a_room_with_its_place(
    damaged: AwaitedRecord, path: Path, reports: Reports
) -> None:
    for _ in range(3):
        lost = sorted(set(range(1, COUNT + 1)) - set(seqs(damaged, 1, COUNT)))
    [(code, detail)] = reports
    assert code == "damaged"
    assert detail.startswith(f"{path}, huddle {lost[0]}: ")


def test_what_is_said_is_kept_and_found(damaged: AwaitedRecord) -> None:
    assert damaged.say("a new one")[0].seq == COUNT + 1
    assert damaged.read(COUNT + 1) == ["a new one"]
    assert damaged.search("new") == ["a new one"]


def test_where_a_time_begins_is_found_all_the_same(damaged: AwaitedRecord) -> None:
    damaged.say("later", time=2000)
    first = damaged.answer(damaged.record.since("huddle", 1500))
    assert 1 < first <= COUNT + 1
    assert damaged.answer(damaged.record.since("huddle", 3000)) <= COUNT + 2
    assert damaged.answer(damaged.record.since("huddle", 1)) == 1


def test_a_text_that_is_no_text_any_more_is_left_out(path: Path, reports: Reports) -> None:
    replace(path, b"message 0300", b"message \xff\xff00")
    awaited = sqlite_record(path.parent, report=lambda code, _: reports.append((code, "")))
    assert set(range(1, COUNT + 1)) - set(seqs(awaited, 1, COUNT)) == {300}
    awaited.answer(awaited.record.find(1, 1))
    assert reports == [("damaged", "")]
    awaited.close()


def test_trouble_that_may_pass_is_told_and_fails(
    damaged: AwaitedRecord, faults: Faults, reports: Reports
) -> None:
    faults.fail("SELECT json_group_array", sqlite3.SQLITE_IOERR_READ, times=2)
    for _ in range(2):
        with pytest.raises(RecordFailure):
            damaged.read(1, 100)
    assert seqs(damaged, 1, 100) == list(range(1, 101))
    assert [code for code, _ in reports] == ["unreadable"]


def test_an_index_that_is_damaged_does_not_stop_what_is_said(
    path: Path, reports: Reports, faults: Faults
) -> None:
    awaited = sqlite_record(
        path.parent, connect=faults.connect, report=lambda code, _: reports.append((code, ""))
    )
    for number in range(1, 4):
        faults.fail("INSERT INTO words", sqlite3.SQLITE_CORRUPT_VTAB)
        assert awaited.say(f"one {number}")[0].seq == COUNT + number
        awaited.search("one")
    assert awaited.read(COUNT + 1) == ["one 1", "one 2", "one 3"]
    assert reports == [("damaged", "")]
    awaited.close()


def tried(faults: Faults) -> int:
    """How often a message was to be written."""
    return sum(sql.startswith("INSERT INTO messages") for sql in faults.seen)


def test_damage_where_the_next_message_goes_is_told_once_as_long_as_it_lasts(
    path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere can be written: whether one comes back is kept meanwhile, and nobody speaks."""
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", 0.001)
    damage(path, b"message 0600")
    clock, faults = Clock(), Faults()
    awaited = sqlite_record(
        path.parent,
        connect=faults.connect,
        report=lambda code, _: reports.append((code, "")),
        seconds=clock.seconds,
    )
    for _ in range(3):
        with pytest.raises(RecordFailure):
            awaited.say("refused")
        awaited.answer(awaited.record.save(RoomRow("ops", topic="news")))
        tries = tried(faults)
        clock.advance(61)
        for _ in range(10**4):
            if tried(faults) > tries:
                break
            awaited.answer(awaited.record.audit(1))
    assert reports == [("damaged-for-good", "")]
    awaited.close()


def test_damage_where_is_written_refuses_what_is_said_and_is_told_once(
    damaged: AwaitedRecord, faults: Faults, reports: Reports
) -> None:
    faults.fail("INSERT INTO messages", sqlite3.SQLITE_CORRUPT, times=2)
    for _ in range(2):
        with pytest.raises(RecordFailure):
            damaged.say("refused")
    assert [code for code, _ in reports] == ["damaged-for-good"]
    assert damaged.say("kept")[0].seq == COUNT + 1
