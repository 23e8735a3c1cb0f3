"""A database whose log is looked at, without the threads of a record."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from huddle.record.files.contents import Contents
from huddle.record.files.log_index import LogIndex


def locks_on(file: Path) -> list[str]:
    """Those that are held on a file, as the kernel tells: how, and from where to where."""
    inode = file.stat().st_ino
    rows = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return sorted(str(row[3:4] + row[6:]) for row in rows if row[5].endswith(f":{inode}"))


class Written:
    """A database that is written into, a page of the log at a time, and what is made of it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, file: int) -> None:
        self.path = path
        self.log = path.with_name(f"{path.name}-wal")
        self._connection = connection
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE lines (text)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.index = path.with_name(f"{path.name}-shm")
        self.contents = Contents(file, str(self.log), LogIndex(str(self.index)))
        self.contents.log_is_open()

    def carries_over(self, how: str = "PASSIVE") -> None:
        self._connection.execute(f"PRAGMA wal_checkpoint({how})")

    def closes(self) -> None:
        """SQLite carries the log over, and removes it and its index."""
        self._connection.close()

    def writes(self, pages: int, text: str = "one") -> None:
        """So many commits, each of a page where the text is short."""
        for _ in range(pages):
            self._connection.execute("INSERT INTO lines VALUES (?)", [text])

    def writes_and_undoes(self, pages: int) -> None:
        """With so little room in memory that they are in the log before they are undone."""
        self._connection.execute("PRAGMA cache_size = 1")
        self._connection.execute("BEGIN")
        for _ in range(pages):
            self._connection.execute("INSERT INTO lines VALUES (?)", ["x" * 4000])
        self._connection.execute("ROLLBACK")
