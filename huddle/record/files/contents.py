"""Contents: whether a database and its log are still what SQLite has made of them.

A file that is overwritten or emptied in its place (``cp backup.db huddle.db``, ``> huddle.db-wal``)
is the same file to the system, and SQLite goes on: it knows by its index where each page lies in
the log, finds zeros there, and would carry them over into the database. So what both files begin
with is looked at. The database changes only when the log is carried over into it, which nothing but
the server's one writer does: it says so, `carried_over`. The log has salts in its header (SQLite's
file format, section 4.1), which change each time it is begun anew.

A log that is cut in part (``truncate -s 8K huddle.db-wal``) grows again with the next message, as
SQLite writes where its end was: a hole of zeros is left. Each page in the log has a head of its own
with the salts in it, so every page is looked at once, and the last of them once more the next time:
a cut goes through that one, or through those that came later. Not found is a cut in the last page
alone, of which only the content is torn, when more is written at once.

Where the log ends is told by its index (`log_index`). What another program carries over, which has
the lock for that before it is held here (`checkpoint_lock`), is taken as it is.
"""

from __future__ import annotations

import os
from contextlib import suppress

from huddle.record.files.log_index import LogIndex
from huddle.record.plain_file import open_plain

_DATABASE_HEAD = 64 * 1024
"""Bytes in which are the roots of all tables, and so the counters of the rooms: another database
has others there, and so has this one's copy of yesterday."""

_LOG_HEAD = 32
_PAGE_HEAD = 24
_LARGEST_PAGE = 64 * 1024
_NO_COMMIT = bytes(4)
_PAGES_AT_ONCE = 8
"""Pages of the log that are read at once: those of a commit or two. (For 32, which are more than
128 KiB, the kernel was asked for memory, and that given back, at each look.)"""


class Contents:
    """Of one database, by a descriptor of it that stays open. For one thread."""

    def __init__(self, database: int, log: str, log_index: LogIndex) -> None:
        """The index of the log (by its name, ``log``) is taken over."""
        self._database = database
        self._log = log
        self.log_index = log_index
        self._log_head = b""
        """What the log begins with. Where another byte of it is changed, SQLite takes the whole log
        for none when it opens it next."""
        self._salts = b""
        self._committed = 0
        """Pages of the log up to the end of its last commit, when it was looked at last."""
        self._last = b""
        """The last of those pages, its head included."""
        self._stamp = (0, 0)
        self._head = b""
        self.carried_over()

    def carried_over(self) -> None:
        """What the database holds now is SQLite's own doing: it carried pages of the log over, or
        has failed to. To be called behind each checkpoint."""
        self._accept_checkpoint()
        self.log_index.carried_over()

    def _accept_checkpoint(self) -> None:
        """Take the database as it is now, which by a checkpoint never grows shorter. The lock comes
        first: what another carried over behind the look would be taken for an overwrite."""
        self.log_index.keep_others_from_checkpoints()
        found = os.fstat(self._database)
        if _stamp(found) != self._stamp and found.st_size >= self._stamp[1]:
            self._stamp, self._head = self._read()

    def log_is_open(self) -> None:
        """SQLite has opened the log that is there now, or will make one. Where it is the same log,
        what was tried with it is not tried again at once: that may be why it was opened anew."""
        self._committed = 0
        with suppress(OSError):  # later there may be no more files
            self.log_index.open()
        self._accept_checkpoint()

    def close(self) -> None:
        """Let go of the index. No connection to the database may be open any more."""
        self.log_index.close()

    def are_ours(self) -> bool:
        """Whether no other has written into either file, as far as their beginnings tell.

        What the disk does not give cannot tell: SQLite meets the same, and that is reported.
        """
        try:
            return self._database_is_ours() and self._log_is_ours()
        except OSError:
            return True

    def database_is_ours(self) -> bool:
        """As `are_ours`, of the database alone, where the log may have lost its name."""
        try:
            return self._database_is_ours()
        except OSError:
            return True

    def _read(self) -> tuple[tuple[int, int], bytes]:
        stamp = _stamp(os.fstat(self._database))
        return stamp, os.pread(self._database, _DATABASE_HEAD, 0)

    def _database_is_ours(self) -> bool:
        if self.log_index.other_carries_over:
            self._accept_checkpoint()
        if _stamp(os.fstat(self._database)) == self._stamp:
            return True
        stamp, head = self._read()
        if head != self._head or stamp[1] < self._stamp[1]:
            return False
        self._stamp = stamp  # it was only touched
        return True

    def _log_is_ours(self) -> bool:
        self.log_index.open()
        end, salts = self.log_index.end()
        if not end:
            return True  # all of it was carried over
        try:
            log = open_plain(self._log)
        except OSError:
            return True  # that it is gone, or no file any more, is for `files.Lock` to tell
        try:
            head = os.pread(log, _LOG_HEAD, 0)
            page = int.from_bytes(head[8:12], "big")
            if head != self._log_head:
                was_another = salts != self._salts
                if not was_another or head[16:24] != salts or page > _LARGEST_PAGE:
                    return False
                self._log_head, self._salts, self._committed = head, salts, 0
            return self._is_whole(log, _PAGE_HEAD + page, end)
        finally:
            os.close(log)

    def _is_whole(self, log: int, size: int, end: int) -> bool:
        """Whether pages of so many bytes follow on each other up to the end of the last commit."""
        at = self._committed
        if at and os.pread(log, size, _LOG_HEAD + (at - 1) * size) != self._last:
            return False
        page = self._last
        while at < end:
            count = min(end - at, _PAGES_AT_ONCE)
            pages = os.pread(log, count * size, _LOG_HEAD + at * size)
            for start in range(0, count * size, size):
                page = pages[start : start + size]
                if len(page) < size or page[8:16] != self._salts:
                    return False
            at += count
        if page[4:8] == _NO_COMMIT:
            return False
        self._committed, self._last = end, page
        return True


def _stamp(found: os.stat_result) -> tuple[int, int]:
    """When the file was written last, and its size."""
    return found.st_mtime_ns, found.st_size
