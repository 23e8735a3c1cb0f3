"""The thread that alone writes: group commit, and maintenance when there is time.

All that waits when a transaction ends goes into the next one: batches of messages and rows of
sessions together. So the disk is asked once for all of them, however many there are, and one
message in a quiet room waits for nothing but its own sync.

Where many came in and the disk was quick, every three of them had a transaction of their own, and
the thread woke up for each: it took a quarter of the processor's time. So after a transaction that
several rows shared, and no message, what comes next has `GATHERING` seconds to come together, or
until there is a message. A message never waits for that, nor does who comes in alone.
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.record import RecordFailure
from huddle.record.sqlite.maintenance import Urgency
from huddle.record.sqlite.opening import Database
from huddle.record.sqlite.outcomes import Answer, Report, Results, Tell
from huddle.record.sqlite.reader import Readers
from huddle.record.sqlite.retention import Deletion
from huddle.record.sqlite.transactions import Transactions
from huddle.record.sqlite.writes import Operation, Save, Write
from huddle.record.write_queue import WriteQueue

T = TypeVar("T")

IDLE_SECONDS = 0.05
"""Silence after which there is time for maintenance."""

GATHERING = 0.02
"""Seconds for which rows come together behind several that came together. Nobody feels it; with
0.005 the threads changed twice as often while 9,000 came in, and both took a little longer."""

LATER_SECONDS = 1.0
"""Silence after which a few messages are indexed, and what a reader was in the way of is tried
again."""

LOOK_SECONDS = 1.0
"""Silence after which it is looked whether the files are still there."""

RETRY_SECONDS = (0.05, 2.0)
"""The first and the longest pause between attempts to find out about an unknown outcome."""


class CatchUp(Operation[None]):
    """Bring the full-text index up to date with all that was appended before, if that works."""

    __slots__ = ()


@dataclass(slots=True, eq=False, repr=False)
class Forget(Operation[int]):
    """Delete what is no longer kept, in steps between the commits; fires with how many."""

    deletion: Deletion


class Close(Operation[None]):
    """Do what was given before, and end."""

    __slots__ = ()


class Writer:
    """Takes what is to be done from the reactor's thread, and sends `Results` of it back there."""

    def __init__(
        self,
        database: Database,
        connection: sqlite3.Connection,
        tell: Tell,
        report: Report,
        readers: Sequence[Readers],
    ) -> None:
        """``tell`` and ``report`` are called in the thread, which ends behind the ``readers``. It
        reports ``broken``, with a traceback, when it ends by an error that is not foreseen: then
        nothing given to it is answered any more, and the process had better end."""
        self._transactions = Transactions(database, connection, tell, report, readers)
        self._tell = tell
        self._report = report
        self._readers = readers
        self._operations: WriteQueue[Operation[Any]] = WriteQueue()
        self._closed = False
        self._quiet = False
        self._pause = RETRY_SECONDS[0]
        self._closing: list[Answer] = []
        Thread(target=self._run, name="huddle record writer", daemon=True).start()

    def ask(self, operation: Operation[T]) -> Deferred[T]:
        """Have this done behind what was asked before, writes together with those beside them."""
        if self._closed:
            operation.waiting.errback(RecordFailure("closed"))
        else:
            self._operations.put(operation, can_wait=isinstance(operation, Save))
        return operation.waiting

    def close(self) -> Deferred[None]:
        """Do what was given before, and end the thread."""
        waiting = self.ask(Close()).addCallback(lambda _: self._operations.close())
        self._closed = True
        return waiting

    # From here on in the thread.

    def _run(self) -> None:
        try:
            self._work()
        except BaseException:
            # Nothing would be written, nor answered, from now on: that must not go on unseen.
            self._closed = True
            self._report("broken", traceback.format_exc())

    def _work(self) -> None:
        urgency = self._urgency
        while not self._closing:
            operations = self._operations.take(self._patience(urgency))
            self._quiet = not operations
            writes = [each for each in operations if isinstance(each, Write)]
            if writes:
                self._transactions.write(writes)
                if len(operations) > 1 and all(isinstance(each, Save) for each in operations):
                    self._operations.gather(GATHERING)
            elif self._transactions.unsettled:
                self._transactions.settle()
            else:
                self._transactions.rest()
            if len(writes) < len(operations):
                self._begin(operations)
            urgency = self._urgency
            if urgency is Urgency.NOW or (self._quiet and urgency is not Urgency.NONE):
                self._transactions.maintain()
                urgency = self._urgency
        for each in self._readers:
            each.join()
        self._transactions.close()
        self._tell(Results(self._closing))

    def _patience(self, urgency: Urgency) -> float:
        """How long to wait for something to do; not at all when there is something else to do."""
        if self._transactions.unsettled:
            self._pause, pause = min(2 * self._pause, RETRY_SECONDS[1]), self._pause
            return pause
        self._pause = RETRY_SECONDS[0]
        match urgency:
            case Urgency.NONE:
                return LOOK_SECONDS
            case Urgency.LATER:
                return LATER_SECONDS
            case Urgency.IDLE if not self._quiet:
                return IDLE_SECONDS
            case _:
                return 0

    @property
    def _urgency(self) -> Urgency:
        maintenance = self._transactions.maintenance
        return maintenance.urgency if maintenance else Urgency.NONE

    def _begin(self, operations: Iterable[Operation[Any]]) -> None:
        maintenance = self._transactions.maintenance
        for operation in operations:
            waiting = operation.waiting
            match operation:
                case CatchUp() if maintenance:
                    maintenance.catch_up(waiting)
                case CatchUp():
                    self._tell(Results([Answer(waiting, None)]))
                case Forget(deletion) if maintenance:
                    maintenance.forget(waiting, deletion)
                case Forget():
                    failure = Failure(RecordFailure("the database is out of reach"))
                    self._tell(Results([Answer(waiting, failure)]))
                case Close():
                    self._closing.append(Answer(waiting, None))
