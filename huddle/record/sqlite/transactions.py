"""Transactions, committed one after the other, and what becomes of those that fail.

A transaction ends in one of four ways.

1. It is committed. Everybody is answered.
2. Something that was given cannot be kept. It is undone, and done again with a savepoint around
   each operation, so that the one that fails fails alone.
3. The database cannot take it (`huddle.record.sqlite.outcomes`). It is undone, everybody is
   answered with `RecordFailure`, and the next transaction is tried as if nothing had been; on a new
   connection, if the old one is broken.
4. The commit itself fails with an error of the disk. Then the transaction may be in the log, whole,
   or not; and after a failed sync the kernel may hold it and the disk not. No caller is answered
   before it is known: a new connection is opened, the log is carried over into the database and
   emptied (so that what the disk did not take is written again, and what was not committed can
   never appear later), and then one looks whether the messages are there. As long as that fails it
   is tried again.

And after commits, every hundredth of a second at the most, one looks whether the files are still
those that were opened. When the database is another one, or gone, what was committed is taken back,
in case the file returns; everybody is answered with `RecordFailure`, now and until it has returned.
The log is carried over and emptied then: a file that was moved is whole without it, and it does no
harm to one that was put in its place. When only the log is gone, all that is in it is carried over
into the database, which can be done as long as it is open; then it goes on with another log.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from twisted.python.failure import Failure

from huddle.record import RecordFailure
from huddle.record.files import LOG_REMOVED, OVERWRITTEN, REMOVED, REPLACED
from huddle.record.flap_damping import FlapDamping
from huddle.record.sqlite import tables
from huddle.record.sqlite.maintenance import Maintenance
from huddle.record.sqlite.opening import Database
from huddle.record.sqlite.outcomes import (
    BEGIN,
    Answer,
    Failures,
    OutcomeUnknown,
    Report,
    Results,
    Tell,
    commit,
    empty_log,
    is_given,
    is_lasting,
    is_passing,
    roll_back,
    truncate_log,
    unsynced,
)
from huddle.record.sqlite.reader import Readers, all_stopped
from huddle.record.sqlite.writes import Write, Written, rehearse, write_each, write_together


class Transactions:
    """The database as the one thread that writes there has it."""

    def __init__(
        self,
        database: Database,
        connection: sqlite3.Connection,
        tell: Tell,
        report: Report,
        readers: Sequence[Readers] = (),
    ) -> None:
        """The database is locked. ``readers`` have other connections to it."""
        assert database.lock is not None
        self._lock = database.lock
        self._contents = self._lock.contents()
        self._readers = readers
        self._astray = ""
        self._log_is_empty = False
        self._several_names = False
        self._database = database
        self._tell = tell
        self._report = report
        self._failures = Failures(report, database.path)
        self.maintenance: Maintenance | None = self._on(connection)
        """The connection and what waits to be done on it; None while there is none."""
        self.unsettled: tuple[Sequence[Write[Any]], Written] | None = None
        """What callers wait for until its outcome is known: `settle` is to be tried again."""
        self._damping = FlapDamping(self._lock.seconds)
        self._refused: Sequence[Write[Any]] = ()
        """What could not be kept last; nothing once something can."""

    def write(self, writes: Sequence[Write[Any]]) -> None:
        """Write all this in one transaction and answer, unless the outcome is unknown yet."""
        if self.maintenance is None:
            self.settle()
        if self._astray:
            self.look()
        work = self.maintenance
        if work is None or self._astray:
            self._refuse(writes, RecordFailure("the database is out of reach"))
            return
        try:
            written, results = self._commit(work, writes)
        except OutcomeUnknown as error:
            self._stumble(work, error.why)
        except Exception as error:
            self._fail(work, writes, error)
        else:
            if self._lock.is_due:
                self.look()
            self._accept(work, writes, written, results)

    def _accept(
        self, work: Maintenance, writes: Sequence[Write[Any]], written: Written, results: Results
    ) -> None:
        """Answer what is committed, if it is so where it will be found again."""
        if self._astray:
            self._take_back(work, written)
            self._refuse(writes, RecordFailure("the database is not where it was"))
            return
        # That a session is kept says nothing of messages.
        if self._damping.fails and (written.rooms or not self._refused):
            self._recovered()
        self._tell(results)
        # The rest concerns this thread alone: the reactor need not wait for it, as it would where
        # both have one processor.
        os.sched_yield()
        if self.maintenance is work:  # not another one, as where the log was gone: that has read it
            work.counters.accept(written.rooms.values(), written.acts)
            work.committed(written.rooms.values(), written.size, written.ids)
        if written.erased and self.maintenance:
            self.maintenance.erased()

    def _take_back(self, work: Maintenance, written: Written) -> None:
        try:
            self._log_is_empty = False
            with unsynced(work.connection):
                written.take_back(work.connection, work.counters)
        except sqlite3.Error as error:
            self._close(work)  # and the counters are read again
            self._has_failed(error)

    # -- the files -----------------------------------------------------------------------------

    def look(self) -> None:
        """See whether the files are still those that were opened, and tell when that changes."""
        lock = self._lock
        found = lock.look()
        if self._is_overwritten or not self._contents.database_is_ours():
            found = OVERWRITTEN  # wherever it or its log may be
        elif found == LOG_REMOVED:
            found = self._carry_over()
        if lock.names > 1 and not self._several_names:
            self._report("several-names", lock.path)
        self._several_names = lock.names > 1
        if not (found or self._contents.are_ours()):
            found = OVERWRITTEN
        if not found:
            self._log_is_empty = False
        elif self.maintenance and found in (REMOVED, REPLACED):
            self._empty_log_of_a_stray(self.maintenance)
        if found == self._astray:
            return
        self._astray, before = found, self._astray
        if found == OVERWRITTEN:
            self._leave_alone()
        if found:
            self._report(found, lock.path)
        elif before and not self._damping.fails:
            self._report("recovered", "")

    @property
    def _is_overwritten(self) -> bool:
        """It stays so until the server is started again: SQLite does not know what is there."""
        return self._astray == OVERWRITTEN

    def _leave_alone(self) -> None:
        """Carry nothing over into a database that another has written into: not at the end either,
        when the last connection is closed. So it is not closed, but goes with the process."""
        work, self.maintenance = self.maintenance, None
        if work is not None:
            work.give_up()
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(work.connection))
        if self.unsettled:
            self._refuse(self.unsettled[0], RecordFailure("the database was written over"))
            self.unsettled = None

    def _empty_log_of_a_stray(self, work: Maintenance) -> None:
        if not self._log_is_empty:
            with suppress(sqlite3.Error):
                self._log_is_empty = truncate_log(work.connection)
            self._contents.carried_over()

    def _carry_over(self) -> str:
        """Bring all that is in a log that has no name any more into the database; begin another.

        Returns what is left of the trouble.
        """
        work = self.maintenance
        if work is None:
            return ""  # the next connection opens the log that is there
        try:
            self._carry_over_and_close(work)
            self.maintenance = self._opened()
        except sqlite3.Error as error:
            self._contents.carried_over()
            self._has_failed(error)
            return LOG_REMOVED if self.maintenance else ""
        self._report("log-carried-over", self._database.path)
        return ""

    def _carry_over_and_close(self, work: Maintenance) -> None:
        """No connection is open at the end, and none of those who read: as long as one is open,
        SQLite goes on with its index of the log, which may have no name any more, and other
        programs would not see what is locked here. Raises `sqlite3.Error`; then all stay open.

        The index, too, must tell of an empty log: where another program has it open, SQLite would
        write where the old log ended, behind a hole in the new one."""
        empty_log(work.connection, at_once=bool(self._astray))  # once they were waited for
        with all_stopped(self._readers):
            work.rest()
            work.connection.close()
            self.maintenance = None
            self._contents.log_index.close_removed()
            self._lock.remove_log_of_another()

    def _commit(self, work: Maintenance, writes: Sequence[Write[Any]]) -> tuple[Written, Results]:
        work.connection.execute(BEGIN)
        try:
            written = write_together(work.connection, work.counters, writes)
        except Exception as error:
            if not is_given(error) or len(writes) == 1:
                raise
            roll_back(work.connection)
            work.connection.execute(BEGIN)
            written = write_each(work.connection, work.counters, writes)
        results = written.results  # before the disk is waited for, as everybody waits behind that
        try:
            commit(work.connection)
        except OutcomeUnknown:
            self.unsettled = writes, written
            raise
        return written, results

    def _fail(self, work: Maintenance, writes: Sequence[Write[Any]], error: Exception) -> None:
        if is_given(error):
            roll_back(work.connection)
            self._refuse(writes, error)
            return
        self._refuse(writes, RecordFailure(str(error)))
        self._refused = writes
        self._stumble(work, error)

    def _stumble(self, work: Maintenance, error: Exception) -> None:
        """Nothing was changed; go on with this connection or without it."""
        self._put_off(work, error)
        self._has_failed(error)

    def _put_off(self, work: Maintenance, error: Exception) -> None:
        """Until the next commit, which may be as good as ever."""
        if is_passing(error):
            roll_back(work.connection)
            work.rest()
        else:
            self._close(work)

    def _close(self, work: Maintenance) -> None:
        if not self._contents.are_ours():
            self.look()
        if self._is_overwritten:
            return
        if self._lock.look():  # what is only in a log without a name goes with its connection
            self._empty_log_of_a_stray(work)
        self.maintenance = None
        work.rest()
        with suppress(sqlite3.Error):
            work.connection.close()  # which may remove the log, and a reader makes another
        self._contents.log_is_open()

    def settle(self) -> None:
        """Try to get a connection again, and to answer those who wait for an unknown outcome."""
        if not self._contents.are_ours():
            self.look()
        if self._is_overwritten:
            return
        try:
            self.maintenance = self._opened()
        except sqlite3.Error as error:
            if self._lock.look() == LOG_REMOVED:  # by SQLite, with the last connection it closed
                self._contents.carried_over()
            self._has_failed(error)
            return
        if self.unsettled is None:
            return
        (writes, written), self.unsettled = self.unsettled, None
        if not written.counts:
            self.write(writes)
        elif written.landed(self.maintenance.counters):
            self._recovered()
            self._tell(written.results)
        else:
            self._refuse(writes, RecordFailure("the commit failed"))

    def _opened(self) -> Maintenance:
        connection = self._database.writer()
        try:
            if self.unsettled is not None:
                empty_log(connection)
            return self._on(connection)
        except BaseException:
            connection.close()
            self._contents.log_is_open()
            raise

    def _on(self, connection: sqlite3.Connection) -> Maintenance:
        counters = tables.counters(connection)
        self._lock.log_is_open()
        self._contents.log_is_open()
        maintenance = Maintenance(connection, counters, self._tell, self._report, self._contents)
        if self._failures.damaged:
            maintenance.give_up()
        return maintenance

    def rest(self) -> None:
        """See what has become of the files, and of a record that failed, while nothing is said."""
        self.look()
        if self._astray:
            return
        if self._damping.is_to_be_tried:
            self._try()
        elif self._damping.has_recovered():
            self._has_recovered()

    def _try(self) -> None:
        """Whether what was refused could be kept by now: a balancer sends nobody before who would
        see. It is tried as it was, since elsewhere in a damaged database there may be room."""
        if self.maintenance is None:
            self.settle()
        if work := self.maintenance:
            try:
                rehearse(work.connection, work.counters, self._refused)
                tables.write_nothing_new(work.connection)
            except sqlite3.Error as error:
                self._stumble(work, error)
            else:
                self._recovered()

    def maintain(self) -> None:
        """Take the next step of what waits beside."""
        if not self._contents.are_ours():
            self.look()
        work = self.maintenance
        if work is None:
            return
        try:
            work.step()
        except sqlite3.Error as error:
            if is_lasting(error):
                roll_back(work.connection)
                work.give_up()
                self._failures.tell_damage(error)
            else:
                self._put_off(work, error)

    def close(self) -> None:
        """Find out what is unknown, if that can be done now; carry the log over; let go."""
        if self.unsettled:
            self.settle()
        if self.unsettled:
            self._refuse(self.unsettled[0], RecordFailure("closed before it was known"))
        if self.maintenance is None:
            return
        self.maintenance.rest()
        with suppress(sqlite3.Error):
            # Another program may be reading. Then the log stays as it is, which does no harm.
            self.maintenance.connection.execute("PRAGMA busy_timeout = 100")
            tables.write_end(self.maintenance.connection)
            empty_log(self.maintenance.connection)
        self.maintenance.connection.close()
        self._contents.close()

    def _refuse(self, writes: Sequence[Write[Any]], why: Exception) -> None:
        self._tell(Results([Answer(write.waiting, Failure(why)) for write in writes]))

    def _has_failed(self, error: Exception) -> None:
        if not self._is_overwritten:
            self._failures.tell(error, is_news=self._damping.failed())

    def _recovered(self) -> None:
        if self._damping.fails and self._damping.worked():
            self._has_recovered()

    def _has_recovered(self) -> None:
        self._refused = ()
        if not self._astray:
            self._report("recovered", "")
