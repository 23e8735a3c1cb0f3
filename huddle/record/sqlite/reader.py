"""The threads that read: each has a connection of its own that cannot write.

What is asked is put into one queue, from which a thread that is free takes the next. Each is one
statement, and sees everything that was committed before it was asked.

The connections are there from the start: where few files may be open and hundreds of people come in
at once, there is none left for whoever asks first.

Where a page of the database is damaged a stretch of messages cannot be read as a whole. Then its
halves are read, and their halves, until all is there but those messages that are really damaged.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure

from huddle.protocol.events import Said
from huddle.record import Extent, RecordFailure, within
from huddle.record.sqlite import tables
from huddle.record.sqlite.opening import Database
from huddle.record.sqlite.outcomes import Answer, Results, Tell, is_lasting, is_passing

P = ParamSpec("P")
T = TypeVar("T")

Question = Callable[[sqlite3.Connection], object]

Lost = Callable[[Exception, str, int], object]
"""Told that a room's message with this seq cannot be read any more, and why."""

Trouble = Callable[[sqlite3.Error], object]


def read_around(
    connection: sqlite3.Connection,
    room: str,
    first: int,
    last: int,
    lost: Lost,
    size: int | None = None,
) -> Sequence[Said]:
    """The room's messages from ``first`` to ``last``, as far as ``size`` allows (`Record.read`),
    without those that cannot be read.

    ``lost`` is called with what kept each of these from being read. Raises `sqlite3.Error` when the
    trouble may pass.
    """
    try:
        return tables.read(connection, room, first, last, size)
    except Exception as error:
        if not is_lasting(error):
            raise
        if first == last:
            lost(error, room, first)
            return []
    middle = (first + last) // 2
    found = [
        *read_around(connection, room, first, middle, lost, size),
        *read_around(connection, room, middle + 1, last, lost, size),
    ]
    return found if size is None else within(found, size)


def since_around(
    connection: sqlite3.Connection, room: str, extent: Extent, time: int, lost: Lost
) -> int:
    """As `tables.since`; a message that cannot be read counts as one of that time.

    So the answer may be too low, by as many as are damaged.
    """
    try:
        return tables.since(connection, room, extent, time)
    except Exception as error:
        if not is_lasting(error):
            raise

    def time_of(seq: int) -> int:
        found = read_around(connection, room, seq, seq, lost)
        return found[0].time if found else time

    seqs = range(extent.oldest, extent.newest + 1)
    return extent.oldest + bisect_left(seqs, time, key=time_of)


ENDS_SECONDS = 0.5
"""How long a question may go on that is being answered when those who read are stopped: nearly all
end by themselves before that."""


class _Seat:
    """A thread's connection, which it has while it is ``busy``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.busy = Lock()
        self.connection: sqlite3.Connection | None = connection

    def stop(self) -> None:
        """Take it from its thread, without a connection. An answer that takes long is broken off:
        again and again, as SQLite knows nothing of an interruption between two statements."""
        while not self.busy.acquire(timeout=ENDS_SECONDS):
            if (connection := self.connection) is not None:
                with suppress(sqlite3.Error):
                    connection.interrupt()
        self.close()

    def close(self) -> None:
        if self.connection is not None:
            with suppress(sqlite3.Error):
                self.connection.close()
            self.connection = None


def _opened(database: Database) -> sqlite3.Connection:
    """A connection that has its files open, of which SQLite opens the log with the first look."""
    connection = database.reader()
    connection.execute("PRAGMA schema_version")
    return connection


class Readers:
    """Answers questions to the database out of the reactor's way."""

    def __init__(self, database: Database, threads: int, tell: Tell, trouble: Trouble) -> None:
        """``trouble`` is told, in a thread, of each error that is worth a look. Raises
        `sqlite3.Error` where it cannot be read at all."""
        self._database = database
        self._trouble = trouble
        self._tell = tell
        self._queue: SimpleQueue[tuple[Question, Deferred[Any]] | None] = SimpleQueue()
        self._closed = False
        self._seats = [_Seat(_opened(database)) for _ in range(threads)]
        self._threads = [
            Thread(target=self._run, args=[seat], name="huddle record reader", daemon=True)
            for seat in self._seats
        ]
        for thread in self._threads:
            thread.start()

    def ask(
        self,
        question: Callable[Concatenate[sqlite3.Connection, P], T],
        *about: P.args,
        **named: P.kwargs,
    ) -> Deferred[T]:
        """Fires with what the question gives; fails with `RecordFailure` if SQLite does."""
        if self._closed:
            return fail(RecordFailure("closed"))
        waiting: Deferred[T] = Deferred()
        self._queue.put((lambda connection: question(connection, *about, **named), waiting))
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

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Close the connections; an answer that takes long fails. For the writer's thread.

        There is none until the end of the block, for which what is asked waits. It opens another.
        """
        with ExitStack() as stopped:
            for seat in self._seats:
                seat.stop()
                stopped.callback(seat.busy.release)
            yield

    def _run(self, seat: _Seat) -> None:
        while (asked := self._queue.get()) is not None:
            question, waiting = asked
            with seat.busy:
                result = self._answer(seat, question)
            self._tell(Results([Answer(waiting, result)]))
        with seat.busy:
            seat.close()

    def _answer(self, seat: _Seat, question: Question) -> object:
        try:
            seat.connection = seat.connection or _opened(self._database)
            return question(seat.connection)
        except sqlite3.Error as error:
            seat.close()
            if not is_passing(error):
                self._trouble(error)
            return Failure(RecordFailure(str(error)))
        except Exception:
            return Failure()


@contextmanager
def all_stopped(readers: Iterable[Readers]) -> Iterator[None]:
    """Close the connections of all these until the end of the block, as `Readers.stopped` does."""
    with ExitStack() as stopped:
        for each in readers:
            stopped.enter_context(each.stopped())
        yield
