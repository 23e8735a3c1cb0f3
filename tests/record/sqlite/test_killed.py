"""What was answered is there after `kill -9`, whatever it came between."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.record.awaited_record import has_all_ids, sqlite_record

TIMES = 8


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
