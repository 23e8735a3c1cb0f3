"""Contents: whether a database and its log are still what SQLite has made of them.

A file that is overwritten or emptied in its place (``cp backup.db huddle.db``, ``> huddle.db-wal``)
is the same file to the system, and SQLite goes on: it knows by its index where each page lies in
the log, finds zeros there, and would carry them over into the database. So what both files begin
with is looked at. The database changes only when the log is carried over into it, which nothing but
the server's one writer does: it says so, `settled`. The log has a salt in its header (SQLite's
file format, section 4.1) that rises by one each time it is begun anew.
"""

from __future__ import annotations

import os
from contextlib import suppress

_DATABASE_HEAD = 64 * 1024
"""Bytes in which are the roots of all tables, and so the counters of the rooms: another database
has others there, and so has this one's copy of yesterday."""

_LOG_HEAD = 32
_LOG_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_BEGUN_ANEW = 1000
"""How often the log may have been begun anew between two looks, and more."""


class Contents:
    """Of one database, by a descriptor of it that stays open. For one thread."""

    def __init__(self, database: int, log: str) -> None:
        self._database = database
        self._log = log
        self._salt: int | None = None
        self._stamp = (0, 0)
        self._head = b""
        self.settled()

    def settled(self) -> None:
        """What the database holds now is SQLite's own doing. It never grows shorter by that."""
        found = os.fstat(self._database)
        if _stamp(found) != self._stamp and found.st_size >= self._stamp[1]:
            self._stamp, self._head = self._read()

    def log_is_open(self) -> None:
        """SQLite has opened the log that is there now, or will make one."""
        self._salt = None
        self.settled()

    def are_ours(self) -> bool:
        """Whether no other has written into either file, as far as their beginnings tell."""
        return self._database_is_ours() and self._log_is_ours()

    def _read(self) -> tuple[tuple[int, int], bytes]:
        stamp = _stamp(os.fstat(self._database))
        return stamp, os.pread(self._database, _DATABASE_HEAD, 0)

    def _database_is_ours(self) -> bool:
        if _stamp(os.fstat(self._database)) == self._stamp:
            return True
        stamp, head = self._read()
        if head != self._head or stamp[1] < self._stamp[1]:
            return False
        self._stamp = stamp  # it was only touched
        return True

    def _log_is_ours(self) -> bool:
        head = b""
        with suppress(OSError):  # that it is gone is for `files.Lock` to tell
            log = os.open(self._log, os.O_RDONLY | os.O_CLOEXEC)
            try:
                head = os.pread(log, _LOG_HEAD, 0)
            finally:
                os.close(log)
        if not head:
            return True  # all of it was carried over, or what comes next tells
        salt = int.from_bytes(head[16:20], "big")
        before, self._salt = salt if self._salt is None else self._salt, salt
        return head[:4] in _LOG_MAGIC and (salt - before) % 2**32 <= _BEGUN_ANEW


def _stamp(found: os.stat_result) -> tuple[int, int]:
    """When the file was written last, and its size."""
    return found.st_mtime_ns, found.st_size
