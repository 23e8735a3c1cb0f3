"""Rows of those who come in share transactions, where many do; nothing else waits for that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred

from huddle.record import SessionRow
from huddle.record.sqlite import writer_thread
from tests.patience import PATIENCE
from tests.record.awaited_record import AwaitedRecord, sqlite_record
from tests.record.faulty_connections import Faults


@pytest.fixture
def awaited(tmp_path: Path, faults: Faults) -> Iterator[AwaitedRecord]:
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    yield awaited
    awaited.close()


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that may wait for others do so for longer than a test waits for anything."""
    monkeypatch.setattr(writer_thread, "GATHERING", 10 * PATIENCE)


def some_come_in_together(awaited: AwaitedRecord, faults: Faults) -> None:
    """Of three the last two share a transaction, which waits for that of the first."""
    hold = faults.hold("COMMIT")
    coming = [come_in(awaited, 1)]
    hold.reached()
    coming += [come_in(awaited, 2), come_in(awaited, 3)]
    hold.let_go()
    for each in coming:
        awaited.answer(each)


def come_in(awaited: AwaitedRecord, number: int) -> Deferred[None]:
    return awaited.record.save(SessionRow(number, f"pupil{number}"))


@pytest.mark.usefixtures("endless")
def test_those_who_come_in_behind_many_share_the_next_transaction(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    some_come_in_together(awaited, faults)
    commits = faults.seen.count("COMMIT")
    coming: list[Deferred[None]] = []
    for number in range(4, 40):
        coming.append(come_in(awaited, number))
        awaited.answer(awaited.record.find(number, 1))  # in which time they could be kept
    assert not any(each.called for each in coming)
    awaited.say("which is recorded at once, with all that has come before")
    assert all(each.called for each in coming)
    assert faults.seen.count("COMMIT") == commits + 1


@pytest.mark.usefixtures("endless")
def test_who_comes_in_alone_waits_for_nobody(awaited: AwaitedRecord) -> None:
    for number in range(1, 5):
        awaited.answer(come_in(awaited, number))


@pytest.mark.usefixtures("endless")
def test_who_waits_for_others_is_kept_when_the_record_is_closed(
    awaited: AwaitedRecord, faults: Faults
) -> None:
    some_come_in_together(awaited, faults)
    late = come_in(awaited, 4)
    awaited.close()
    assert late.called


def test_who_waits_for_others_waits_a_moment(awaited: AwaitedRecord, faults: Faults) -> None:
    some_come_in_together(awaited, faults)
    awaited.answer(come_in(awaited, 4))
