"""Contents: whether a database and its log are still what SQLite has made of them.

A file that is overwritten or emptied in its place (``cp backup.db huddle.db``, ``> huddle.db-wal``)
is the same file to the system, and SQLite goes on: it knows by its index where each page lies in
the log, finds zeros there, and would carry them over into the database. So what both files begin
with is looked at. The database changes only when the log is carried over into it, which nothing but
the server's one writer does: it says so, `carried_over`. The log has salts in its header (SQLite's
file format, section 4.1), of which the first rises by one each time it is begun anew.

A log that is cut in part (``truncate -s 8K huddle.db-wal``) grows again with the next message, as
SQLite writes where its end was: a hole of zeros is left. Each page in the log has a head of its own
with the salts in it, so every page is looked at once, and the last of them once more the next time:
a cut goes through that one, or through those that came later. Not found is a cut in the last page
alone, of which only the content is torn, when more is written at once.

A transaction that was undone (the disk was full, or it was large) leaves pages behind the last
commit, with our salts, and the next one writes over them. So what must stay as it is ends with the
last page that ends a commit: its head has the size of the database then, all others have a zero.
"""

from __future__ import annotations

import os

from huddle.record.plain_file import open_plain

_DATABASE_HEAD = 64 * 1024
"""Bytes in which are the roots of all tables, and so the counters of the rooms: another database
has others there, and so has this one's copy of yesterday."""

_LOG_HEAD = 32
_PAGE_HEAD = 24
_NO_COMMIT = bytes(4)
_PAGES_AT_ONCE = 8
"""Pages of the log that are read at once: those of a commit or two. (For 32, which are more than
128 KiB, the kernel was asked for memory, and that given back, at each look.)"""
_LOG_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_BEGUN_ANEW = 1000
"""How often the log may have been begun anew between two looks, and more."""


class Contents:
    """Of one database, by a descriptor of it that stays open. For one thread."""

    def __init__(self, database: int, log: str) -> None:
        self._database = database
        self._log = log
        self._salts = b""
        self._committed = 0
        """Pages of the log up to the end of its last commit, when it was looked at last."""
        self._last = b""
        """The last of those pages, its head included."""
        self._stamp = (0, 0)
        self._head = b""
        self.carried_over()

    def carried_over(self, emptied: bool = False) -> None:
        """What the database holds now is SQLite's own doing: it carried pages of the log over, and
        cut the log to nothing if it was ``emptied``. The database never grows shorter by that."""
        found = os.fstat(self._database)
        if _stamp(found) != self._stamp and found.st_size >= self._stamp[1]:
            self._stamp, self._head = self._read()
        if emptied:
            self._committed = 0

    def log_is_open(self) -> None:
        """SQLite has opened the log that is there now, or will make one."""
        self._salts = b""
        self._committed = 0
        self.carried_over()

    def are_ours(self) -> bool:
        """Whether no other has written into either file, as far as their beginnings tell.

        What the disk does not give cannot tell: SQLite meets the same, and that is reported.
        """
        try:
            return self._database_is_ours() and self._log_is_ours()
        except OSError:
            return True

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
        try:
            log = open_plain(self._log)
        except OSError:
            return True  # that it is gone, or no file any more, is for `files.Lock` to tell
        try:
            head = os.pread(log, _LOG_HEAD, 0)
            if not head:
                return not self._committed  # all of it was carried over, or it was cut to nothing
            return self._has_our_salts(head) and self._is_whole(log, head)
        finally:
            os.close(log)

    def _has_our_salts(self, head: bytes) -> bool:
        salts = head[16:24]
        before, self._salts = self._salts or salts, salts
        if salts != before:
            self._committed = 0
        risen = int.from_bytes(salts[:4], "big") - int.from_bytes(before[:4], "big")
        return head[:4] in _LOG_MAGIC and risen % 2**32 <= _BEGUN_ANEW

    def _is_whole(self, log: int, head: bytes) -> bool:
        """Whether the pages follow on each other to where the log ends.

        Behind its end may be pages of an earlier log with other salts, but not behind a hole.
        """
        size = _PAGE_HEAD + int.from_bytes(head[8:12], "big")
        place = _LOG_HEAD + (self._committed - 1) * size
        if self._committed and os.pread(log, size, place) != self._last:
            return False
        in_a_row = self._go_through(log, size)
        in_file = (os.fstat(log).st_size - _LOG_HEAD) // size
        if in_file <= in_a_row:
            return True
        last = os.pread(log, _PAGE_HEAD, _LOG_HEAD + (in_file - 1) * size)
        return last[8:16] != self._salts

    def _go_through(self, log: int, size: int) -> int:
        """How many pages with our salts follow on each other; notes the last that ends a commit."""
        in_a_row = self._committed
        at_once = _PAGES_AT_ONCE * size
        more = True
        while more:
            pages = os.pread(log, at_once, _LOG_HEAD + in_a_row * size)
            more = len(pages) == at_once
            for start in range(0, len(pages), size):
                page = pages[start : start + size]
                if len(page) < size or page[8:16] != self._salts:
                    return in_a_row
                in_a_row += 1
                if page[4:8] != _NO_COMMIT:
                    self._committed, self._last = in_a_row, page
        return in_a_row


def _stamp(found: os.stat_result) -> tuple[int, int]:
    """When the file was written last, and its size."""
    return found.st_mtime_ns, found.st_size
