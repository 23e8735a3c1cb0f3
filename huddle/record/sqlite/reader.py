"""The threads that read: each has a connection of its own that cannot write.

What is asked is put into one queue, from which whoever is free takes the next. Each question is one
statement, and sees everything that was committed before it was asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure

from huddle.record import RecordFailure
from huddle.record.sqlite.opening import Database
from huddle.record.sqlite.outcomes import Answer, Results, Tell

T = TypeVar("T")

Question = Callable[[sqlite3.Connection], T]


class Readers:
    """Answers questions to the database out of the reactor's way."""

    def __init__(self, database: Database, threads: int, tell: Tell) -> None:
        self._database = database
        self._tell = tell
        self._queue: SimpleQueue[tuple[Question[Any], Deferred[Any]] | None] = SimpleQueue()
        self._closed = False
        self._threads = [
            Thread(target=self._run, name=f"huddle record reader {number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, question: Question[T]) -> Deferred[T]:
        """Fires with what the question gives; fails with `RecordFailure` if SQLite does."""
        if self._closed:
            return fail(RecordFailure("closed"))
        waiting: Deferred[T] = Deferred()
        self._queue.put((question, waiting))
        return waiting

    def close(self) -> None:
        """Answer what was asked before, and nothing more."""
        self._closed = True
        for _ in self._threads:
            self._queue.put(None)

    def join(self) -> None:
        """Wait until they have ended: for the writer's thread."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while (asked := self._queue.get()) is not None:
            question, waiting = asked
            try:
                connection = connection or self._database.reader()
                result = question(connection)
            except sqlite3.Error as error:
                _close(connection)
                connection = None
                self._tell(Results([Answer(waiting, Failure(RecordFailure(str(error))))]))
            except Exception:
                self._tell(Results([Answer(waiting, Failure())]))
            else:
                self._tell(Results([Answer(waiting, result)]))
        _close(connection)


def _close(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        with suppress(sqlite3.Error):
            connection.close()
