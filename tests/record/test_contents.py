"""Before a commit is told it is looked whether the log is still what SQLite has made of it."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from huddle.record.contents import Contents
from huddle.server.operation.memory import LARGE


class Written:
    """A database that is written into, a page of the log at a time, and what is made of it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, file: int) -> None:
        self.log = path.with_name(f"{path.name}-wal")
        self._connection = connection
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE lines (text)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.contents = Contents(file, str(self.log), f"{path}-shm")
        self.contents.log_is_open()

    def locks(self) -> list[str]:
        """Those that this process holds on the index, as the kernel tells."""
        inode = self.log.with_name(self.log.name.replace("-wal", "-shm")).stat().st_ino
        rows = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
        return sorted(str(row[3:4] + row[6:]) for row in rows if row[5].endswith(f":{inode}"))

    def carries_over(self) -> None:
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def writes(self, pages: int) -> None:
        for _ in range(pages):
            self._connection.execute("INSERT INTO lines VALUES ('one')")


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    path = tmp_path / "huddle.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        file = os.open(path, os.O_RDONLY | os.O_CREAT)
        yield Written(path, connection, file)
        os.close(file)


def test_a_look_takes_no_lock_of_sqlites_away(written: Written) -> None:
    written.writes(1)
    before = written.locks()
    assert before
    for _ in range(3):
        written.writes(1)
        assert written.contents.are_ours()
        assert written.locks() == before


@pytest.mark.parametrize("pages", [0, 1, 7, 8, 9, 16, 33])
def test_a_log_is_ours_however_many_pages_were_written_since_the_last_look(
    written: Written, pages: int
) -> None:
    written.writes(1)
    assert written.contents.are_ours()
    for _ in range(2):
        written.writes(pages)
        assert written.contents.are_ours()


@pytest.mark.parametrize("page", [1, 8, 9, 17])
def test_a_hole_in_any_of_them_is_seen(written: Written, page: int) -> None:
    written.writes(1)
    assert written.contents.are_ours()
    written.writes(18)
    with written.log.open("r+b") as log:
        log.seek(32 + page * 4120)
        log.write(bytes(4120))
    assert not written.contents.are_ours()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were read at a time."""
    sizes: list[int] = []

    def noted(
        file: int, size: int, offset: int, read: Callable[[int, int, int], bytes] = os.pread
    ) -> bytes:
        sizes.append(size)
        return read(file, size, offset)

    monkeypatch.setattr(os, "pread", noted)
    return sizes


def test_a_look_asks_for_no_memory_of_the_kernel_and_reads_what_is_new_once(
    written: Written, asked: list[int]
) -> None:
    written.writes(100)
    assert written.contents.are_ours()
    written.writes(1)
    asked.clear()
    assert written.contents.are_ours()
    assert max(asked) < LARGE // 2
    read = ["where the log ends", "its head", "the page that was the last", "what is new"]
    assert len(asked) == len(read)


def test_nothing_is_read_by_a_head_that_tells_of_larger_pages_than_there_are(
    written: Written, asked: list[int]
) -> None:
    written.writes(1)
    with written.log.open("r+b") as log:
        log.seek(8)
        log.write(b"\xff" * 4)
    asked.clear()
    assert not written.contents.are_ours()
    read = ["where the log ends", "its head"]
    assert len(asked) == len(read)


def test_what_another_carries_over_who_was_faster_is_ours(written: Written) -> None:
    """SQLite gives its lock up, and another program has it before it is held here again."""
    written.writes(1)
    written.carries_over()
    program = (sys.executable, "-c", FASTER, str(written.log)[: -len("-wal")])
    with Popen(program, stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as other:
        assert other.stdin and other.stdout
        assert other.stdout.readline() == "has the lock\n"
        written.contents.carried_over()
        written.writes(100)
        assert written.contents.are_ours()
        other.stdin.write("carry over\n")
        assert other.stdout.readline() == "(0, 100, 100)\n"
        assert written.contents.are_ours()
        other.stdin.write("carry over\n")
        assert other.stdout.readline() == "(1, -1, -1)\n"


FASTER = """
import fcntl, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
connection.execute("SELECT count(*) FROM lines").fetchone()
index = open(f"{sys.argv[1]}-shm", "r+b")
fcntl.lockf(index, fcntl.LOCK_EX, 1, 121)
print("has the lock", flush=True)
for _ in sys.stdin:
    print(connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone(), flush=True)
"""
