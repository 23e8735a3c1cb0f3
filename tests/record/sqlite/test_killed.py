"""What was answered is there after `kill -9`, whatever it came between."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from huddle.record import SessionRow
from tests.record.awaited_record import draft, has_all_ids, sqlite_record
from tests.record.faulty_connections import Faults

TIMES = 8

PAGE = 24 + 4096
"""Bytes of a page in the log, its head included."""


def answered_until_killed(folder: Path, answers: int) -> int:
    """The last seq that a process was answered before it was killed, in the middle of the next."""
    command = [sys.executable, "-m", "tests.record.speaker", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as speaker:
        assert speaker.stdout
        for _ in range(answers):
            speaker.stdout.readline()
        speaker.kill()
        rest = speaker.stdout.read().splitlines(keepends=True)
    told = [int(line) for line in rest if line.endswith("\n")]
    return max(told, default=0)


def test_every_answer_outlives_its_process(tmp_path: Path) -> None:
    kept = 0
    for times in range(TIMES):
        answered = answered_until_killed(tmp_path, 1 + times * 10)
        awaited = sqlite_record(tmp_path)
        extent = awaited.record.extent("huddle")
        assert extent.newest >= max(kept, answered)
        assert awaited.read() == [f"text {seq}" for seq in range(1, extent.newest + 1)]
        assert awaited.search(f"{extent.newest}") == [f"text {extent.newest}"]
        kept = extent.newest
        awaited.close()
    database = sqlite3.connect(tmp_path / "huddle.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    batches = database.execute("SELECT count(*) FROM messages WHERE id = 0").fetchone()[0]
    assert has_all_ids(database)
    (merged,) = database.execute("SELECT count(*) FROM ids").fetchone()
    assert merged
    database.close()
    assert kept > batches >= TIMES


@pytest.mark.parametrize("torn", [24, 24 + 4096 - 1], ids="{} bytes of the last page".format)
def test_what_a_killed_process_left_of_a_commit_is_not_taken_for_anothers_doing(
    tmp_path: Path, torn: int
) -> None:
    """All pages of a commit were in the log but for the end of the last one, whose head says that
    it ends a commit. What is said from then on is written over them, a page or two at a time."""
    killed, folder = tmp_path / "killed", tmp_path / "started again"
    killed.mkdir()
    folder.mkdir()
    awaited = sqlite_record(killed)
    awaited.say("before")
    awaited.append(*[draft("x" * 2000)] * 20)
    for name in ("huddle.db", "huddle.db-wal"):
        shutil.copy(killed / name, folder / name)
    awaited.close()
    with (folder / "huddle.db-wal").open("r+b") as log:
        pages = (log.seek(0, os.SEEK_END) - 32) // PAGE
        log.seek(32 + (pages - 1) * PAGE + torn)
        log.write(bytes(PAGE - torn))
    reports: list[tuple[str, str]] = []
    again = sqlite_record(folder, report=lambda *told: reports.append(told))
    said = [f"line {number}" for number in range(30)]
    for text in said:
        again.say(text)
    assert again.read() == ["before", *said]
    again.close()
    assert not reports


def test_what_is_kept_beside_much_that_cannot_be_outlives_its_process(
    tmp_path: Path, faults: Faults
) -> None:
    """As if that were too much for the memory of the connection: it is undone to a savepoint."""

    def connect(uri: str) -> sqlite3.Connection:
        connection = faults.connect(uri)
        connection.execute("PRAGMA cache_size = 10")
        return connection

    house, killed, random = tmp_path / "house", tmp_path / "killed", Random(1)
    house.mkdir()
    killed.mkdir()
    awaited = sqlite_record(house, connect=connect)
    hold = faults.hold("COMMIT")
    before = awaited.record.append([draft("before")], 2000)
    hold.reached()
    rows = [SessionRow(n, f"n{n}", key=random.randbytes(32)) for n in range(1, 3000)]
    refused = awaited.record.save(*rows, SessionRow(3000, "\ud800"))
    beside = awaited.record.append([draft("beside")], 2001)
    hold.let_go()
    awaited.answer(before)
    with pytest.raises(UnicodeEncodeError):
        awaited.answer(refused)
    assert awaited.answer(beside)[0].seq == 2
    for name in ("huddle.db", "huddle.db-wal"):
        shutil.copy(house / name, killed / name)
    again = sqlite_record(killed)
    assert again.read() == ["before", "beside"]
    again.close()
    awaited.close()
