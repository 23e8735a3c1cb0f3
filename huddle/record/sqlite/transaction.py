"""A transaction, and what its end may leave open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from huddle.record.sqlite.errors import is_passing


class OutcomeUnknown(Exception):
    """The commit failed in such a way that it may have been carried out all the same."""


def begin(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")


def commit(connection: sqlite3.Connection) -> None:
    """Raises `OutcomeUnknown`, or `sqlite3.Error` when nothing was changed."""
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if is_passing(error):
            raise
        raise OutcomeUnknown from error


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo what was begun, if SQLite has not done so itself."""
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def unsynced(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that does not wait for the disk; the next one that does takes it along.

    After a power cut all of it is there or nothing. For what can be done again.
    """
    (sync,) = connection.execute("PRAGMA synchronous").fetchone()
    connection.execute("PRAGMA synchronous = normal")
    try:
        begin(connection)
        yield
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise
    finally:
        connection.execute(f"PRAGMA synchronous = {sync}")
