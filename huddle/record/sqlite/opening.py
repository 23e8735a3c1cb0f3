"""Opening a database: what kind of file it is, and the connections. `huddle.record.files` has the
lock, which comes first.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from huddle.record.errors import RecordUnusable
from huddle.record.files import LOG_REMOVED, Lock, other_log
from huddle.record.sqlite import erasing, schema
from huddle.record.sqlite.outcomes import primary_code

Sync = Literal["full", "normal"]
Connect = Callable[[str], sqlite3.Connection]
"""Opens a database by its URI; a test's own one can make any call fail."""

BUSY_SECONDS = 2.0
"""How long to wait for another program's lock (a shell, a tool) before giving up."""

CHECKED = 32 * 1024 * 1024
"""Bytes of a database up to which every page is looked at when it is opened (0.1 s), and written
anew where a text was erased (0.4 s)."""

WAL_KEPT = 16 * 1024 * 1024
"""Bytes of the write-ahead log that are kept for writing over, which is faster than appending
(measured: 115 µs a sync against 160); more is given back when a long reader has let go."""

READ_CACHE = 512
"""KiB of pages that each connection that reads keeps for what it is asked next, and keeps for good:
three with SQLite's own 2 MiB had 6. What is beyond is in the kernel's cache, 2 µs away."""

_NO_SPILLING = "PRAGMA cache_spill = 0"
"""What a transaction changes stays in memory until it is committed. A page that went into the log
for want of memory, and there once more, leaves its checksums to be made at the end, from that page
on. SQLite thinks so still when a savepoint has undone it, and what is committed then before that
place has neither checksums nor salts: after a crash it is not found (3.40.1; 3.51.1 finds it)."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")

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
    """Where the database is and how it is written; gives the connections to it.

    Where ``lock`` is given, no connection is to any other file than the one that is locked.
    """

    path: str
    sync: Sync = "full"
    connect: Connect = connect
    lock: Lock | None = None

    def writer(self) -> sqlite3.Connection:
        """The one connection that writes. Raises `sqlite3.Error`."""
        return self._prepared(
            "rw",
            f"PRAGMA synchronous = {self.sync}",
            "PRAGMA fullfsync = 1",
            "PRAGMA secure_delete = 1",
            "PRAGMA wal_autocheckpoint = 0",
            f"PRAGMA journal_size_limit = {WAL_KEPT}",
            _NO_SPILLING,
        )

    def reader(self) -> sqlite3.Connection:
        """A connection that can only read, in this process or another one. `sqlite3.Error`."""
        return self._prepared("ro", "PRAGMA query_only = 1", f"PRAGMA cache_size = -{READ_CACHE}")

    def _prepared(self, mode: str, *pragmas: str) -> sqlite3.Connection:
        connection = self.connect(f"{Path(self.path).absolute().as_uri()}?mode={mode}")
        try:
            if self.lock and self.lock.glance() not in ("", LOG_REMOVED):
                raise sqlite3.OperationalError("another file is there")
            for pragma in pragmas:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection


def open_database(database: Database, epoch: str) -> sqlite3.Connection:
    """The writer's connection to a database that is ours, sound, writable and up to date.

    A new one is created under this epoch. One that was written without waiting for the disk when
    the machine itself failed gets it too: its last messages may be lost and their numbers be given
    again, and programs must not take the new ones for those they have. What SQLite keeps beside it
    (``-wal``, ``-shm``) gets the same mode. The caller has the `Lock`. Raises `RecordUnusable`.
    """
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


@contextmanager
def reading(path: str) -> Iterator[sqlite3.Connection]:
    """A connection to a database that is there and ours, until the end of the block.

    Raises `RecordUnusable`, also for what SQLite raises inside.
    """
    if not os.path.exists(path):
        raise RecordUnusable("no-file", path)
    if not os.path.isfile(path):
        # SQLite would wait for a pipe, and take a folder for a disk that fails.
        raise RecordUnusable("not-a-record", path)
    if (log := other_log(path)) is not None:
        raise RecordUnusable("other-log", path, log)
    try:
        with closing(Database(path).reader()) as connection:
            _check_kind(connection, path)
            if schema.version(connection) < len(schema.VERSIONS):
                raise RecordUnusable("older-schema", path, str(schema.version(connection)))
            yield connection
    except sqlite3.Error as error:
        raise unusable(error, path) from error


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
        # As UTF-8: Python has it from its start, and finds no other once it has become a user who
        # may not read where it is installed.
        return _BOOT.read_text("utf-8").strip()
    except OSError:
        return ""
