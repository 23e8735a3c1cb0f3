"""A disk that fills up under the record, a real one, and has room again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from huddle.record import RecordFailure
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record
from tests.record.small_disk import full, small_disk

TEXT = "x" * 4000


def fill(awaited: AwaitedRecord, kept: list[str]) -> None:
    """Speak until the record refuses; ``kept`` gets what it took."""
    with pytest.raises(RecordFailure):
        while True:
            text = f"{len(kept)} {TEXT}"
            awaited.append(draft(text, id=len(kept) + 1))
            kept.append(text)


def test_a_disk_that_fills_up_loses_nothing_and_is_used_again_when_it_has_room(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path, "4m") as disk:
        awaited = sqlite_record(disk, report=lambda code, detail: reports.append(code))
        reports: list[str] = []
        kept: list[str] = []
        for _ in range(3):
            with full(disk):
                fill(awaited, kept)
                assert awaited.record.extent("huddle").newest == len(kept)
                assert awaited.read() == kept  # reading goes on meanwhile
            said = awaited.say("there is room again")
            assert said[0].seq == len(kept) + 1
            kept.append("there is room again")
        assert reports == ["failing", "recovered"] * 3
        awaited.close()
        awaited = sqlite_record(disk)
        assert awaited.read() == kept
        awaited.close()


def test_a_record_that_fills_its_disk_itself_goes_on_reading_and_can_be_closed(
    tmp_path: Path,
) -> None:
    kept: list[str] = []
    with small_disk(tmp_path, "4m") as disk:
        awaited = sqlite_record(disk)
        fill(awaited, kept)
        assert kept
        awaited.search("anything")  # is answered, with what could be indexed
        assert awaited.read() == kept
        awaited.close()
        database = sqlite3.connect(disk / "huddle.db")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM messages").fetchone() == (len(kept),)
        database.close()


@pytest.mark.parametrize("refused", [30, 200])
@pytest.mark.parametrize("left", [20_000, 50_000, 100_000])
def test_what_a_refused_batch_left_in_the_log_is_written_over_in_peace(
    tmp_path: Path, refused: int, left: int
) -> None:
    """A large batch is in the log in part when there is no more room, and stays there undone."""
    with small_disk(tmp_path, "4m") as disk:
        awaited = sqlite_record(disk, report=lambda code, detail: reports.append(code))
        reports: list[str] = []
        kept = [f"{number} {TEXT}" for number in range(5)]
        awaited.say(*kept)
        with full(disk, left), pytest.raises(RecordFailure):
            awaited.say(*[TEXT] * refused)
        for number in range(60):
            kept.append(f"there is room again: {number}")
            awaited.say(kept[-1])
        assert reports == ["failing", "recovered"]
        assert awaited.read() == kept
        awaited.close()
