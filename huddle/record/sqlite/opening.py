"""Opening a database: the lock, the file's mode, what kind of file it is, and the connections.

A server's lock is on a file of its own beside the database (``huddle.db-lock``), by ``flock``: it
goes with the process, however that ends, and does not hinder those who only read (an export, a
backup). SQLite's own locks must not be used for this, and the database file must never be opened
here while a connection is open: closing any descriptor of it drops all POSIX locks on it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from huddle.record.sqlite import erasing, schema
from huddle.record.sqlite.outcomes import primary_code
from huddle.record.trouble import RecordUnusable

Sync = Literal["full", "normal"]
Connect = Callable[[str], sqlite3.Connection]
"""Opens a database by its URI; a test's own one can make any call fail."""

BUSY_SECONDS = 2.0
"""How long to wait for somebody else's lock (a shell, a tool) before giving up."""

CHECKED = 32 * 1024 * 1024
"""Bytes of a database up to which every page is looked at when it is opened (0.1 s), and written
anew where a text was erased (0.4 s)."""

WAL_KEPT = 16 * 1024 * 1024
"""Bytes of the write-ahead log that are kept for writing over, which is faster than appending
(measured: 115 µs a sync against 160); more is given back when a long reader has let go."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")

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

_UNUSABLE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "not-a-record",
    sqlite3.SQLITE_CANTOPEN: "no-permission",
    sqlite3.SQLITE_PERM: "no-permission",
    sqlite3.SQLITE_IOERR: "disk",
}


def unusable(error: sqlite3.Error, path: str) -> RecordUnusable:
    """An error of SQLite's as a reason why this database cannot be opened."""
    code = _UNUSABLE.get(primary_code(error), "sqlite")
    # Without room for its shared memory SQLite complains of the disk, and not that it is full.
    if code == "disk" and not os.statvfs(os.path.dirname(path) or ".").f_bavail:
        code = "full"
    return RecordUnusable(code, path, str(error))


def connect(uri: str, factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """A connection without transactions of its own, for whichever thread has it."""
    return sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=factory,
    )


@dataclass(frozen=True, slots=True)
class Database:
    """Where the database is and how it is written; gives the connections to it."""

    path: str
    sync: Sync = "full"
    connect: Connect = connect

    def writer(self) -> sqlite3.Connection:
        """The one connection that writes. Raises `sqlite3.Error`."""
        return _prepared(
            self.connect(self._uri("rw")),
            f"PRAGMA synchronous = {self.sync}",
            "PRAGMA fullfsync = 1",
            "PRAGMA secure_delete = 1",
            "PRAGMA wal_autocheckpoint = 0",
            f"PRAGMA journal_size_limit = {WAL_KEPT}",
        )

    def reader(self) -> sqlite3.Connection:
        """A connection that can only read, in this process or another one. `sqlite3.Error`."""
        return _prepared(self.connect(self._uri("ro")), "PRAGMA query_only = 1")

    def _uri(self, mode: str) -> str:
        return f"{Path(self.path).absolute().as_uri()}?mode={mode}"


def _prepared(connection: sqlite3.Connection, *pragmas: str) -> sqlite3.Connection:
    try:
        for pragma in pragmas:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


class Lock:
    """Says that a server uses the database, until it is released or the process ends."""

    def __init__(self, path: str) -> None:
        """Raises `RecordUnusable`: ``locked`` with the other's process id, and as `_opened`."""
        self._file = _opened(f"{os.path.realpath(path)}-lock", path)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise RecordUnusable("locked", path, holder) from None
        with suppress(OSError):  # A full disk does not matter for this.
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, b"%d\n" % os.getpid(), 0)

    def release(self) -> None:
        """Let another server have the database."""
        os.close(self._file)


def _opened(file: str, path: str) -> int:
    """A file for the owner alone, created if need be; ``path`` is what to complain about."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(PermissionError):  # Somebody else's file, which we may use as it is.
            os.fchmod(descriptor, 0o600)
    except OSError as error:
        raise refusal(error, path) from error
    return descriptor


def refusal(error: OSError, path: str) -> RecordUnusable:
    """What the system refuses to do with the file, as a reason."""
    return RecordUnusable(_BY_ERRNO.get(error.errno or 0, "disk"), path, error.strerror or "")


def open_database(database: Database, epoch: str) -> sqlite3.Connection:
    """The writer's connection to a database that is ours, sound, writable and up to date.

    A new one is created under this epoch. One that was written without waiting for the disk when
    the machine itself failed gets it too: its last messages may be lost and their numbers be given
    again, and programs must not take the new ones for those they have. What SQLite keeps beside it
    (``-wal``, ``-shm``) gets the same mode. Raises `RecordUnusable`.
    """
    os.close(_opened(database.path, database.path))
    try:
        connection = database.writer()
        try:
            _check_kind(connection, database.path)
            _check_pages(connection, database.path)
            _enter(connection, database.path, database.sync, epoch)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise unusable(error, database.path) from error
    return connection


def open_to_read(database: Database) -> sqlite3.Connection:
    """A connection to a database that is there and ours. Raises `RecordUnusable`."""
    path = database.path
    if not os.path.exists(path):
        raise RecordUnusable("no-file", path)
    try:
        connection = database.reader()
        try:
            _check_kind(connection, path)
            if schema.version(connection) < len(schema.VERSIONS):
                raise RecordUnusable("older-schema", path, str(schema.version(connection)))
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise unusable(error, path) from error
    return connection


def _check_kind(connection: sqlite3.Connection, path: str) -> None:
    if not schema.is_ours(connection):
        raise RecordUnusable("not-a-record", path)
    if schema.version(connection) > len(schema.VERSIONS):
        raise RecordUnusable("newer-schema", path, str(schema.version(connection)))


def _check_pages(connection: sqlite3.Connection, path: str) -> None:
    if os.stat(path).st_size <= CHECKED:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise RecordUnusable("corrupt", path, found)


def _enter(connection: sqlite3.Connection, path: str, sync: Sync, epoch: str) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = wal").fetchone()
    if mode != "wal":
        raise RecordUnusable("no-wal", path)
    schema.migrate(connection, epoch)
    boot = _boot()
    if os.stat(path).st_size <= CHECKED:
        erasing.remove_slack(connection)
    (unsynced,) = connection.execute("SELECT unsynced_boot FROM record").fetchone()
    if unsynced not in (None, boot):
        connection.execute("UPDATE record SET epoch = ?", (epoch,))
    # Whether anything can be written is better known now than at the first message. And it is on
    # the disk before what is not waited for.
    connection.execute("PRAGMA synchronous = full")
    connection.execute(
        "UPDATE record SET openings = openings + 1, unsynced_boot = ?",
        (boot if sync == "normal" else None,),
    )
    connection.execute(f"PRAGMA synchronous = {sync}")


def _boot() -> str:
    """Names this start of the machine; empty where that cannot be told."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""
