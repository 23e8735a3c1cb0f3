"""The threads that read: each has a connection of its own that cannot write.

What is asked is put into one queue, from which whoever is free takes the next. Each question is one
statement, and sees everything that was committed before it was asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure

from huddle.record import RecordFailure
from huddle.record.sqlite.opening import Database
from huddle.record.sqlite.outcomes import Answer, Results, Tell

T = TypeVar("T")

Question = Callable[[sqlite3.Connection], T]


class _Seat:
    """A thread's connection, which it has while it is ``busy``."""

    def __init__(self) -> None:
        self.busy = Lock()
        self.connection: sqlite3.Connection | None = None

    def close(self) -> None:
        if self.connection is not None:
            with suppress(sqlite3.Error):
                self.connection.close()
            self.connection = None


class Readers:
    """Answers questions to the database out of the reactor's way."""

    def __init__(self, database: Database, threads: int, tell: Tell) -> None:
        self._database = database
        self._tell = tell
        self._queue: SimpleQueue[tuple[Question[Any], Deferred[Any]] | None] = SimpleQueue()
        self._closed = False
        self._seats = [_Seat() for _ in range(threads)]
        self._threads = [
            Thread(target=self._run, args=[seat], name="huddle record reader", daemon=True)
            for seat in self._seats
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

    def let_go(self) -> None:
        """Close the connections; a question that is being answered fails. For the writer's thread.

        Whatever is asked then opens another one.
        """
        for seat in self._seats:
            if (connection := seat.connection) is not None:
                with suppress(sqlite3.Error):
                    connection.interrupt()
            with seat.busy:
                seat.close()

    def _run(self, seat: _Seat) -> None:
        while (asked := self._queue.get()) is not None:
            question, waiting = asked
            with seat.busy:
                result = self._answer(seat, question)
            self._tell(Results([Answer(waiting, result)]))
        seat.close()

    def _answer(self, seat: _Seat, question: Question[Any]) -> object:
        try:
            seat.connection = seat.connection or self._database.reader()
            return question(seat.connection)
        except sqlite3.Error as error:
            seat.close()
            return Failure(RecordFailure(str(error)))
        except Exception:
            return Failure()
