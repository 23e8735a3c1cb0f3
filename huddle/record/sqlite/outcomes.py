"""Outcomes: a transaction and how it ends, who is to blame where it fails, and who is told of it.

An error of SQLite's belongs to one of three kinds, and what follows depends on the kind alone:

- **what was given** cannot be kept (a constraint, a value SQLite has no room for): it fails alone,
- **passing**: the disk is full or another process holds the lock. Nothing was changed, the
  connection is as good as before, the next attempt may succeed,
- **broken**: anything else. The connection is closed and another one opened.

What has become of it reaches the reactor's thread as `Results`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import field
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.protocol.codec import dataclass
from huddle.record import Extent

_GIVEN = {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LASTING = {
    *(*_DAMAGE, sqlite3.SQLITE_ERROR),
    sqlite3.SQLITE_MISMATCH,  # among others for text that is no UTF-8, of which SQLite says nothing
}
_PASSING = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def is_given(error: Exception) -> bool:
    """Whether what was given is to blame, and not the database."""
    return not isinstance(error, sqlite3.Error) or primary_code(error) in _GIVEN


def is_passing(error: Exception) -> bool:
    """Whether the connection is still good, and nothing was changed."""
    return primary_code(error) in _PASSING


def is_lasting(error: Exception) -> bool:
    """Whether reading the same again would fail again: what is written there makes no sense."""
    return not isinstance(error, sqlite3.Error) or primary_code(error) in _LASTING


def primary_code(error: Exception) -> int:
    """The code of an error of SQLite's, without what extends it."""
    # Python's own complaints about arguments have no code, and are about what was given.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISMATCH) & 0xFF


BEGIN = "BEGIN IMMEDIATE"


class OutcomeUnknown(Exception):
    """The commit failed in such a way that it may have been carried out all the same."""

    def __init__(self, why: sqlite3.Error) -> None:
        super().__init__(str(why))
        self.why = why


def commit(connection: sqlite3.Connection) -> None:
    """Raises `OutcomeUnknown`, or `sqlite3.Error` when nothing was changed."""
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if is_passing(error):
            raise
        raise OutcomeUnknown(error) from error


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo what was begun, if SQLite has not done so itself."""
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that is undone where the block is left by an exception."""
    try:
        connection.execute(BEGIN)
        yield
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


@contextmanager
def unsynced(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that does not wait for the disk; the next one that does takes it along.

    After a power cut all of it is there or nothing. For what can be done again.
    """
    (sync,) = connection.execute("PRAGMA synchronous").fetchone()
    connection.execute("PRAGMA synchronous = normal")
    try:
        with transaction(connection):
            yield
    finally:
        connection.execute(f"PRAGMA synchronous = {sync}")


def empty_log(connection: sqlite3.Connection, *, at_once: bool = False) -> None:
    """Carry the whole write-ahead log over into the database and cut it to nothing.

    Afterwards everything that is committed is on the disk, and what was not can never appear.
    Raises `sqlite3.Error`, also when a reader was in the way; with ``at_once`` it waits for none.
    """
    with impatient(connection) if at_once else nullcontext():
        if not truncate_log(connection):
            raise sqlite3.OperationalError("somebody reads the log")


def truncate_log(connection: sqlite3.Connection) -> bool:
    """As `empty_log`, but where a reader was in the way the answer is False."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


@contextmanager
def impatient(connection: sqlite3.Connection, milliseconds: int = 0) -> Iterator[None]:
    """Wait no longer than that for another connection's lock."""
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller in the reactor's thread waits for, or the `Failure` of it."""

    waiting: Deferred[Any]
    result: object

    def give(self) -> None:
        """Fire what the caller waits for. To be called in the reactor's thread alone."""
        if isinstance(self.result, Failure):
            self.waiting.errback(self.result)
        else:
            self.waiting.callback(self.result)


@dataclass(frozen=True, slots=True)
class Results:
    """What is held of these rooms from now on, and then the answers, in order."""

    answers: list[Answer] = field(default_factory=list)
    extents: dict[str, Extent] = field(default_factory=dict)


Tell = Callable[[Results], object]
"""Hands results over to the reactor's thread."""

Report = Callable[[str, str], object]
"""Told what the administrator of the server should know: a code, and what is known beside it.

- ``failing`` (what SQLite says): messages cannot be recorded; ``recovered``: they can
- ``log-large`` (its bytes): a program has been reading the database in one transaction for long,
  or carrying its log over
- ``removed``, ``replaced`` (the path): the database is not the file that was opened, and nothing is
  recorded until it is back
- ``log-removed`` (the path): the log is gone and could not be carried over yet;
  ``log-carried-over`` (the path): it is
- ``several-names`` (the path): there is a hard link to it
- ``damaged`` (where, and what SQLite says): something in the database cannot be read any more
- ``damaged-for-good`` (the path, and what SQLite says): so that messages cannot be recorded
- ``unreadable`` (what SQLite says): it cannot be read, for a while perhaps
"""


class Failures:
    """What is told of those after which nothing can be kept; and of those of maintenance."""

    def __init__(self, report: Report, path: str) -> None:
        self._report = report
        self._path = path
        self._damage_is_told = False
        self.damaged = False
        """Whether something is damaged that only maintenance needs."""

    def tell_damage(self, error: Exception) -> None:
        """What maintenance needs is damaged. The messages are kept all the same."""
        if not self.damaged:
            self.damaged = True
            self._report("damaged", f"{self._path}: {error}")

    def tell(self, error: Exception, *, is_news: bool) -> None:
        """``is_news``: something could be kept before. Damage is news also where it failed already,
        since it does not end by itself."""
        if primary_code(error) in _DAMAGE:
            if is_news or not self._damage_is_told:
                self._damage_is_told = True
                self._report("damaged-for-good", f"{self._path}: {error}")
        elif is_news:
            self._damage_is_told = False
            self._report("failing", str(error))
