"""The files of a record, as the system sees them: whose they are, and whether they are still there.

A server's lock is on two files, by ``flock``: it goes with the process, however that ends, and does
not hinder those who only read (an export, a backup). One is a file of its own beside the database
(``huddle.db-lock``), which says whose it is. The other is the database itself, since the same file
may have another name (a hard link), and a second server under that name would have another log.

The database is opened here once and stays open as long as the lock holds: closing any descriptor
of it drops all POSIX locks on it, which are SQLite's, whatever part of this process holds them.

What SQLite has opened goes on working when its name is taken away: all that is written then is
gone with the process. So the names are looked at: after commits (`LOOKS_APART`), at once where
something has happened to the database, and when it is quiet.

That the names are the right ones says nothing of what is in the files: `contents` tells whether
another program has written into them, `log_index` where SQLite's log of the database ends, and
`checkpoint_lock` keeps others from carrying that over into the database.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from contextlib import suppress

from huddle.locale.own_files import names_in_folder
from huddle.record.errors import RecordUnusable
from huddle.record.files.contents import Contents
from huddle.record.files.log_index import LogIndex

REMOVED = "removed"
REPLACED = "replaced"
LOG_REMOVED = "log-removed"
OVERWRITTEN = "overwritten"

_BY_ERRNO = {
    errno.ENOENT: "no-folder",
    errno.ENOTDIR: "no-folder",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.EISDIR: "not-a-record",
    errno.EROFS: "read-only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}

APPLICATION = 0x48_75_64_6C
"""SQLite's ``application_id`` of our databases: "Hudl". It stands in their first bytes."""

_HEAD, _APPLICATION_AT = 100, 68  # the SQLite file format, section 1.3

_Identity = tuple[int, int]
"""Of a file, whatever its names: its device and its inode."""

_GONE: _Identity = (-1, -1)
"""Of a file that had no name any more when it was to be known."""


LOOKS_APART = 0.01
"""Seconds from one look at the files to the next, at the least, where the database itself shows no
change. What is acknowledged between the removal of its folder and the next look may be lost."""


def beside(path: str, suffix: str) -> str:
    """The file that belongs to this record: it lies beside the file itself, not beside a link."""
    return f"{os.path.realpath(path)}{suffix}"


def refusal(error: OSError, path: str) -> RecordUnusable:
    """What the system refuses to do with the file, as a reason."""
    return RecordUnusable(_BY_ERRNO.get(error.errno or 0, "disk"), path, error.strerror or "")


def other_log(path: str) -> str | None:
    """The log that SQLite keeps under another name of this file in its folder, if there is one.

    After a crash messages are in it; who opens the database by this name would not see them.
    Raises `OSError` where it cannot be told.
    """
    own = beside(path, "-wal")
    logs = [log for name in names_in_folder(path) if (log := f"{name}-wal") != own]
    return next((log for log in logs if os.path.exists(log) and os.stat(log).st_size), None)


class Lock:
    """Says that a server uses the database, until it is released or the process ends.

    ``names`` is how many names the database had when it was last looked at.
    """

    def __init__(self, path: str, seconds: Callable[[], float] | None = None) -> None:
        """The file is created if it is not there, for its owner alone; one of ours is so again.

        ``seconds`` is a monotonic clock; without one it `is_due` at any time that the files are
        looked at.

        Raises `RecordUnusable`: ``locked`` with the other's process id, ``linked`` when the other
        has it under another name, ``not-a-lock``, ``not-a-log``, ``not-a-record`` where it is no
        plain file, ``other-log``, and what the system refuses.
        """
        self.path = path
        self.seconds = seconds
        self._looked_at = -LOOKS_APART
        self._seen = (0, 0)
        """How many names the database had then, and when something last happened to it."""
        self.names = 1
        self._log_name = beside(path, "-wal")
        self._log: _Identity | None = None
        self._index_name = beside(path, "-shm")
        self._index: _Identity | None = None
        _check_is_file(path, os.stat, RecordUnusable("not-a-record", path))
        # SQLite opens no database beside which something else has the name of its log or index, and
        # says of it what helps nobody.
        for name in (self._log_name, self._index_name):
            _check_is_file(name, os.lstat, RecordUnusable("not-a-log", path, name))
        self._file = _locked_file(path)
        try:
            self._database = _locked_database(path)
        except BaseException:
            os.close(self._file)
            raise
        self._identity = _identity(os.fstat(self._database))

    def release(self) -> None:
        """Let another server have the database. No connection to it may be open any more."""
        os.close(self._database)
        os.close(self._file)

    def contents(self) -> Contents:
        """What tells whether the files are only written by their server, as long as this holds."""
        return Contents(self._database, self._log_name, LogIndex(self._index_name))

    def log_is_open(self) -> None:
        """SQLite has opened the log that is there now: `look` tells when it is another one, or was
        gone again by now."""
        self._log = _identity_at(self._log_name) or _GONE
        self._index = _identity_at(self._index_name) or _GONE

    def remove_log_of_another(self) -> None:
        """Have SQLite make another log and index where a program has made the index anew: it knows
        nothing of what was committed behind that, and by it older pages would be read, and carried
        over. No connection may be open here, and the log must be empty."""
        if self.glance() == LOG_REMOVED and self._index_is_another():
            for name in (self._log_name, self._index_name):
                with suppress(OSError):
                    os.unlink(name)

    @property
    def is_due(self) -> bool:
        """Whether a commit needs another `look`: the last was long ago, or since then a name was
        taken from the database, it was called something else, or written into. To ask costs a fifth
        of a look."""
        if self.seconds is None or self.seconds() - self._looked_at >= LOOKS_APART:
            return True
        found = os.fstat(self._database)
        return (found.st_nlink, found.st_ctime_ns) != self._seen

    def look(self) -> str:
        """What has become of the files: nothing (an empty string), `REMOVED` (or moved, or out of
        reach), `REPLACED`, or `LOG_REMOVED`, when only the log, or SQLite's index of it, is not the
        one that was opened.

        It takes some 8 µs by itself, but after a commit the reactor waited 65 to 90 µs longer for
        its answer (10 members, one at a time, p50; measured). For the thread that writes.
        """
        if self.seconds is not None:
            self._looked_at = self.seconds()
        with suppress(OSError):
            found = os.stat(self.path)
            if _identity(found) == self._identity:
                self._seen = found.st_nlink, found.st_ctime_ns
                self.names = found.st_nlink
            return self._become(found)
        return REMOVED

    def glance(self) -> str:
        """As `look`, for any thread: whether a commit needs another look is as it was before."""
        with suppress(OSError):
            return self._become(os.stat(self.path))
        return REMOVED

    def _become(self, found: os.stat_result) -> str:
        if _identity(found) != self._identity:
            return REPLACED
        if self._log is None:
            return ""
        if _identity_at(self._log_name) != self._log or self._index_is_another():
            return LOG_REMOVED
        return ""

    def _index_is_another(self) -> bool:
        """Whether others who open the database would not see what SQLite locks here. What is no
        file is left: the index that is open does, and another could not be made there."""
        if self._index is None or _identity_at(self._index_name) == self._index:
            return False
        return os.path.isfile(self._index_name) or not os.path.lexists(self._index_name)


def _identity(found: os.stat_result) -> _Identity:
    return found.st_dev, found.st_ino


def _identity_at(name: str) -> _Identity | None:
    try:
        return _identity(os.stat(name))
    except OSError:
        return None


def _check_is_file(
    name: str, look: Callable[[str], os.stat_result], refused: RecordUnusable
) -> None:
    """A device (``/dev/null``) is no record; nothing is made beside it."""
    with suppress(OSError):  # opening it tells why
        if not stat.S_ISREG(look(name).st_mode):
            raise refused


def _locked_file(path: str) -> int:
    """The lock file, locked, with our process id in it. Nothing is ever written through a link."""
    name = beside(path, "-lock")
    try:
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        if os.path.islink(name):
            raise RecordUnusable("not-a-lock", path, name) from error
        raise refusal(error, path) from error
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(file)
        raise RecordUnusable("not-a-lock", path, name)
    if not _lock(file):
        holder = os.pread(file, 20, 0).decode("ascii", "replace").strip()
        os.close(file)
        raise RecordUnusable("locked", path, holder)
    with suppress(PermissionError):  # Another user's file, which we may use as it is.
        os.fchmod(file, 0o600)
    with suppress(OSError):  # A full disk does not matter for this.
        os.ftruncate(file, 0)
        os.pwrite(file, b"%d\n" % os.getpid(), 0)
    return file


def _locked_database(path: str) -> int:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise refusal(error, path) from error
    try:
        if not _lock(file):
            raise RecordUnusable("linked", path)
        if (log := other_log(path)) is not None:
            raise RecordUnusable("other-log", path, log)
    except BaseException:
        os.close(file)
        raise
    if _begins_as_ours(file):
        with suppress(PermissionError):  # Another user's file, which we may use as it is.
            os.fchmod(file, 0o600)
    return file


def _begins_as_ours(file: int) -> bool:
    """Whether it is one of our databases, or empty; the file of another program stays as it is."""
    head = os.pread(file, _HEAD, 0)
    return not head or head[_APPLICATION_AT:].startswith(APPLICATION.to_bytes(4, "big"))


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
