"""SQLite's index of the log: where the log ends, and how far it has grown.

Where it ends is told by the index (the WAL-index header, in SQLite's "WAL-mode File Format"), and
by nothing in the log: behind its end are pages of an earlier log, with other salts, and with its
own salts those of a transaction that was undone, or in which a process was killed. Of that one even
the head may be whole that says that a commit ends there. The next commits write over them.

By the same index it is known how far the log has grown since it was carried over: what a
transaction writes cannot be reckoned from what it was given (its index was one to five times that).
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from typing import NamedTuple

from huddle.record.files.checkpoint_lock import take_checkpoint_lock
from huddle.record.plain_file import open_plain

_HEAD = struct.Struct("=16xI12x8s")
"""Of the index, which is in the machine's byte order: how many pages the log has up to the end of
its last commit, and its salts as they stand in the log. It is all zeros until it is filled in."""


class LogEnd(NamedTuple):
    """Where the log ends: behind so many pages, in a log with these salts, which change each time
    that it is begun anew."""

    pages: int
    salts: bytes


_NO_LOG = LogEnd(0, b"")


class LogIndex:
    """The index of one database's log, by a descriptor of it that stays open. For one thread.

    SQLite holds its locks there, and the system takes all of a process's from a file when the
    process closes any descriptor of it. So `close` and `close_removed` come behind SQLite's.

    While it is open others are kept from carrying the log over (`checkpoint_lock`), unless
    ``other_carries_over``: another had the lock when it was to be taken last.
    """

    def __init__(self, name: str) -> None:
        """Nothing is opened yet, and until then there is no log."""
        self._name = name
        self._opened: list[int] = []
        """Descriptors of the index, the last of which is read."""
        self._carried_over = _NO_LOG
        """Where the log ended when it was carried over last, or when that failed."""
        self.other_carries_over = False

    def open(self) -> None:
        """Have the one open that has the name now. One that has lost it may be in use elsewhere,
        and stays open until `close_removed`. Raises `OSError` where there is none, or no more files
        may be open."""
        found = os.stat(self._name)
        if not (self._opened and os.path.samestat(found, os.fstat(self._opened[-1]))):
            self._opened.append(open_plain(self._name, os.O_RDWR))
            self.keep_others_from_checkpoints()

    def keep_others_from_checkpoints(self) -> None:
        """To be called behind each checkpoint, with which SQLite gives the lock up."""
        self.other_carries_over = bool(self._opened) and not take_checkpoint_lock(self._opened[-1])

    def end(self) -> LogEnd:
        """Where SQLite finds the end of the log: no pages where that cannot be told."""
        try:
            head = os.pread(self._opened[-1], _HEAD.size, 0) if self._opened else b""
        except OSError:
            return _NO_LOG
        if len(head) < _HEAD.size:
            return _NO_LOG
        return LogEnd(*_HEAD.unpack(head))

    def carried_over(self) -> None:
        """The log was carried over up to its end, or as far as that could be done."""
        self._carried_over = self.end()

    def pages_written(self) -> int:
        """How many pages the log has beyond those that it had when it was carried over last. Where
        a reader was in the way then, some of those are left."""
        end, before = self.end(), self._carried_over
        return end.pages - before.pages if end.salts == before.salts else end.pages

    def close_removed(self) -> None:
        """Let go of those that have no name any more; one that was moved away stays open. No
        connection to the database may be open in this process, or it goes on with one of these."""
        for each in tuple(self._opened):
            with suppress(OSError):  # what a disk that fails does not tell of stays open, too
                if not os.fstat(each).st_nlink:
                    self._opened.remove(each)
                    os.close(each)

    def close(self) -> None:
        """Let go of it. No connection to the database may be open any more in this process."""
        while self._opened:
            os.close(self._opened.pop())
