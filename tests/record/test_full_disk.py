"""A disk that fills up under the record, a real one, and has room again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from huddle.record import RecordFailure
from tests.record.desk import Desk, draft, sqlite_desk
from tests.record.disks import full, small_disk

TEXT = "x" * 4000


def fill(desk: Desk, kept: list[str]) -> None:
    """Speak until the record refuses; ``kept`` gets what it took."""
    with pytest.raises(RecordFailure):
        while True:
            text = f"{len(kept)} {TEXT}"
            desk.append(draft(text, id=len(kept) + 1))
            kept.append(text)


def test_a_disk_that_fills_up_loses_nothing_and_is_used_again_when_it_has_room(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path, "4m") as disk:
        desk = sqlite_desk(disk, report=lambda code, detail: reports.append(code))
        reports: list[str] = []
        kept: list[str] = []
        for _ in range(3):
            with full(disk):
                fill(desk, kept)
                assert desk.record.extent("huddle").newest == len(kept)
                assert desk.read() == kept  # reading goes on meanwhile
            said = desk.say("there is room again")
            assert said[0].seq == len(kept) + 1
            kept.append("there is room again")
        assert reports == ["failing", "recovered"] * 3
        desk.close()
        desk = sqlite_desk(disk)
        assert desk.read() == kept
        desk.close()


def test_a_record_that_fills_its_disk_itself_goes_on_reading_and_can_be_closed(
    tmp_path: Path,
) -> None:
    kept: list[str] = []
    with small_disk(tmp_path, "4m") as disk:
        desk = sqlite_desk(disk)
        fill(desk, kept)
        assert kept
        desk.search("anything")  # is answered, with what could be indexed
        assert desk.read() == kept
        desk.close()
        database = sqlite3.connect(disk / "huddle.db")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM messages").fetchone() == (len(kept),)
        database.close()
