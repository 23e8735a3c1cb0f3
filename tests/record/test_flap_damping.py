"""What is told of a record that fails and works by turns: in the log, and to balancers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from huddle.record import RecordFailure
from huddle.record.flap_damping import SOON, WAITS, FlapDamping
from huddle.record.sqlite import writer_thread
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record
from tests.record.faulty_connections import Faults
from tests.record.small_disk import full, small_disk


@pytest.fixture
def clock() -> Clock:
    return Clock()


def record(folder: Path, clock: Clock, faults: Faults, reports: list[str]) -> AwaitedRecord:
    return sqlite_record(
        folder,
        connect=faults.connect,
        report=lambda code, _: reports.append(code),
        seconds=clock.seconds,
    )


@pytest.fixture
def awaited(
    tmp_path: Path,
    clock: Clock,
    faults: Faults,
    reports: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[AwaitedRecord]:
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", 0.01)
    awaited = record(tmp_path, clock, faults, reports)
    awaited.say("before")
    yield awaited
    awaited.close()


def is_refused(awaited: AwaitedRecord, text: str) -> bool:
    try:
        awaited.say(text)
    except RecordFailure:
        return True
    return False


def found(awaited: AwaitedRecord, reports: list[str], count: int) -> list[str]:
    while len(reports) < count:
        awaited.pump.turn()
    return reports


def test_a_first_failure_and_its_end_are_told_at_once(clock: Clock) -> None:
    damping = FlapDamping(clock.seconds)
    assert damping.failed()
    assert not damping.failed()
    assert damping.worked()
    assert not damping.worked()


def test_who_fails_again_soon_is_said_to_work_after_a_while_and_the_next_time_later(
    clock: Clock,
) -> None:
    damping = FlapDamping(clock.seconds)
    assert damping.failed()
    assert damping.worked()
    wait, most = WAITS
    for _ in range(9):
        assert damping.failed()
        clock.advance(wait / 2)
        assert not damping.worked()
        assert not damping.failed()
        assert not damping.worked()
        clock.advance(wait - 0.5)
        assert not damping.has_recovered()
        clock.advance(0.5)
        assert damping.has_recovered()
        wait = min(2 * wait, most)
    clock.advance(SOON)
    assert damping.failed()
    assert damping.worked()


def test_without_a_clock_each_change_is_told() -> None:
    damping = FlapDamping(None)
    for _ in range(5):
        assert damping.failed()
        assert not damping.is_to_be_tried
        assert damping.worked()


def test_texts_that_are_kept_and_refused_by_turns_are_told_of_once_and_not_each_time(
    awaited: AwaitedRecord, clock: Clock, faults: Faults, reports: list[str]
) -> None:
    kept = 1
    for _ in range(50):
        faults.fail("INSERT INTO messages", sqlite3.SQLITE_FULL)
        assert is_refused(awaited, "long")
        awaited.say("short")
        kept += 1
        clock.advance(0.1)
    assert reports == ["failing", "recovered", "failing"]
    clock.advance(WAITS[0])
    assert found(awaited, reports, 4)[3] == "recovered"
    assert len(awaited.read()) == kept


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
def test_that_there_is_room_again_is_found_while_nobody_speaks(
    awaited: AwaitedRecord, clock: Clock, faults: Faults, reports: list[str], code: int
) -> None:
    """Who asks a balancer for a server is sent to none that records nothing."""
    faults.fail("INSERT INTO messages", code)
    faults.fail("UPDATE record SET openings", code)
    assert is_refused(awaited, "lost")
    for _ in range(10**4):
        clock.advance(1)
        awaited.answer(awaited.record.audit(1))
        if len(reports) > 1:
            break
    assert reports == ["failing", "recovered"]
    assert [said.seq for said in awaited.say("after")] == [2]


def test_a_file_that_is_back_is_no_recovery_while_nothing_can_be_kept(
    tmp_path: Path, awaited: AwaitedRecord, clock: Clock, faults: Faults, reports: list[str]
) -> None:
    path, away = tmp_path / "huddle.db", tmp_path / "away"
    faults.fail("INSERT INTO messages", sqlite3.SQLITE_FULL, times=10**4)
    assert is_refused(awaited, "lost")
    path.rename(away)
    assert found(awaited, reports, 2) == ["failing", "removed"]
    away.rename(path)
    for _ in range(3):
        assert is_refused(awaited, "lost")
        awaited.answer(awaited.record.audit(1))
    assert reports == ["failing", "removed"]
    faults.forgive()
    clock.advance(1)
    awaited.say("kept")
    assert found(awaited, reports, 3)[2] == "recovered"


def test_damage_is_told_also_where_it_failed_before(
    awaited: AwaitedRecord, faults: Faults, reports: list[str]
) -> None:
    faults.fail("INSERT INTO messages", sqlite3.SQLITE_FULL)
    faults.fail("INSERT INTO messages", sqlite3.SQLITE_CORRUPT, times=2)
    for _ in range(3):
        assert is_refused(awaited, "lost")
    assert reports == ["failing", "damaged-for-good"]


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
def test_an_index_that_cannot_be_written_is_no_failure_as_long_as_messages_are_kept(
    awaited: AwaitedRecord, clock: Clock, faults: Faults, reports: list[str], code: int
) -> None:
    for number in range(9):
        faults.fail("INSERT INTO words", code)
        awaited.say(f"one {number}")
        awaited.search("one")
        clock.advance(1)
    assert reports == []
    faults.forgive()
    awaited.say("last")
    assert len(awaited.search("one")) == 9


def test_a_disk_that_is_nearly_full_is_told_of_three_times_at_the_most(
    tmp_path: Path, clock: Clock, reports: list[str]
) -> None:
    kept: list[str] = []
    with small_disk(tmp_path, "4m") as disk:
        awaited = record(disk, clock, Faults(), reports)
        with full(disk, 40_000):
            for number in range(30):
                for text in (f"{number}", f"{number} {'x' * 4000}"):
                    try:
                        awaited.append(draft(text, id=len(kept) + 1))
                    except RecordFailure:
                        continue
                    kept.append(text)
                clock.advance(0.1)
        assert reports.count("failing") <= 2
        assert reports.count("recovered") <= 1
        assert awaited.read() == kept
        awaited.close()
